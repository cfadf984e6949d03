# Go and a POSIX shell with its usual utilities are all it takes.

FOLDERS = geo data index ranking api cmd

BENCH = .
COUNT = 1
PEERS =

FUZZTIME = 30s
PART     = 1/1

FILE   =
MISSES =
JUDGED = $(wildcard ../shared/data/words/queries_open.csv) data/lexicon/testdata/judged.csv data/lexicon/testdata/held_out.csv
NAMES  = ../shared/data/finess-2021/reconstitue-etalab-cs1100507-stock-20210108.csv.gz

FHIR   =
FINESS =
SAE    =
RPPS   =
NDJSON =
NOS    =
ADDR   = localhost:8080
OUT    = $(if $(FHIR)$(FINESS)$(SAE)$(RPPS)$(NDJSON),run/index,run/sample)
INPUT  = $(if $(FHIR),-fhir '$(FHIR)') $(if $(FINESS),-finess '$(FINESS)') $(if $(SAE),-sae '$(SAE)') $(if $(RPPS),-rpps '$(RPPS)') $(if $(NDJSON),-ndjson '$(NDJSON)') $(if $(NOS),-nos '$(NOS)') $(if $(FHIR)$(FINESS)$(SAE)$(RPPS)$(NDJSON),,-scale 100000)

SCALE  = 1000000
CODE   = SAE|URG_GEN
NEEDS  =
PROFILES = 0

.PHONY: help build test race lint valhalla mutants fuzz bench bench-peers quality run demo reach clean

help: ## say what can be made (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' Makefile

build: ## bin/indexer, bin/server and bin/reach
	@go build -trimpath -o bin/ ./cmd/indexer ./cmd/server ./cmd/reach

test: ## every test
	go test -timeout 30m ./...

race: ## the short tests under the race detector (needs a C compiler)
	go test -race -short -timeout 30m ./...

lint: ## gofmt, vet and staticcheck
	@list=$$(gofmt -l $(FOLDERS)) && test -z "$$list" || { echo "not gofmt'd:" $$list; exit 1; }
	go vet ./...
	go tool staticcheck ./...

valhalla: ## a real Valhalla for the tests of geo/valhalla, under run/ (needs npm)
	npm install --prefix run/valhalla --no-save --no-audit --no-fund --ignore-scripts --loglevel=error @valhallajs/valhallajs@3.6.1

mutants: ## prove that the tests can fail: each mutation of cmd/mutants/mutants.txt turns them red, or PART=1/3 of them
	go run ./cmd/mutants -j 2 -part $(PART)

# Making a new input small takes go a minute each, all of the time that there is,
# unless it is told to try ten times only.
fuzz: ## fuzz every reader for FUZZTIME=30s, one after the other
	@list=$$(grep -rEo '^func Fuzz[A-Za-z0-9_]*' --include='*_test.go' data/*/ ranking/*/) && test -n "$$list" || { echo "no fuzz target under data/"; exit 1; }; \
	echo "$$list" | sed 's,/[^/]*:func , ,' | sort | while read -r folder target; do \
		echo "== $$folder $$target"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime '$(FUZZTIME)' -fuzzminimizetime 10x "./$$folder" </dev/null || exit 1; \
	done

bench: ## benchmarks, of what every reader costs too; BENCH=regexp COUNT=n
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./geo/... ./data/... ./index ./ranking ./api

quality: ## how well people's words are understood; FILE=questions.csv for an outside file, FINESS=path for names, MISSES=1 to see the misses
	@for file in $(if $(FILE),'$(FILE)',$(JUDGED)); do echo "$$file"; go run ./cmd/quality -file "$$file" $(if $(FINESS),-finess '$(FINESS)',$(if $(wildcard $(NAMES)),-finess '$(NAMES)')) $(if $(MISSES),-misses) || exit 1; done

bench-peers: ## the engine beside PostGIS, bleve and Redis, in one run; PEERS='-scale 50000 -runs 1'
	@mkdir -p run
	cd index/peers && go run . -install -raw ../../run/bench-peers.csv.gz $(PEERS)

run: build ## build an index and serve it; FHIR=path FINESS=path SAE=path RPPS=path NDJSON=path NOS=path (an invented country without them) ADDR=host:port OUT=folder
	@bin/indexer build -out '$(OUT)' $(INPUT)
	@exec bin/server -index '$(OUT)' -addr '$(ADDR)'

demo: OUT = run/demo
demo: INPUT = -scale '$(SCALE)'
demo: run ## the same with an invented country of SCALE=1000000 offers

reach: build ## how far every commune is from the nearest CODE=system|code, on the registers indexed by make run; NEEDS=all (or ids) PROFILES='0 1 3' for who answers needs, and in how many minutes
	@bin/reach -index run/index $(if $(NEEDS),$(foreach need,$(NEEDS),-need $(need)) $(foreach profile,$(PROFILES),-profile $(profile)),-code '$(CODE)')

clean: ## remove what was built: bin/ and run/
	rm -rf bin run
