# Go and a POSIX shell with its usual utilities are all it takes.

FOLDERS = geo data index ranking api cmd

BENCH = .
COUNT = 1
PEERS =

FHIR   =
FINESS =
SAE    =
RPPS   =
NOS    =
ADDR   = localhost:8080
OUT    = $(if $(FHIR)$(FINESS)$(SAE)$(RPPS),run/index,run/sample)
INPUT  = $(if $(FHIR),-fhir '$(FHIR)') $(if $(FINESS),-finess '$(FINESS)') $(if $(SAE),-sae '$(SAE)') $(if $(RPPS),-rpps '$(RPPS)') $(if $(NOS),-nos '$(NOS)') $(if $(FHIR)$(FINESS)$(SAE)$(RPPS),,-scale 100000)

SCALE  = 1000000
CODE   = SAE|URG_GEN

.PHONY: help build test race lint mutants bench bench-peers run demo reach clean

help: ## say what can be made (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' Makefile

build: ## bin/indexer, bin/server and bin/reach
	@go build -trimpath -o bin/ ./cmd/indexer ./cmd/server ./cmd/reach

test: ## every test
	go test ./...

race: ## the short tests under the race detector (needs a C compiler)
	go test -race -short ./...

lint: ## gofmt, vet and staticcheck
	@list=$$(gofmt -l $(FOLDERS)) && test -z "$$list" || { echo "not gofmt'd:" $$list; exit 1; }
	go vet ./...
	go tool staticcheck ./...

mutants: ## prove that the tests can fail: each mutation of cmd/mutants/mutants.txt turns them red
	go run ./cmd/mutants -j 2

bench: ## benchmarks; BENCH=regexp COUNT=n
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./geo/... ./index ./ranking ./api

bench-peers: ## the engine beside PostGIS, bleve and Redis, in one run; PEERS='-scale 50000 -runs 1'
	@mkdir -p run
	cd index/peers && go run . -install -raw ../../run/bench-peers.csv.gz $(PEERS)

run: build ## build an index and serve it; FHIR=path FINESS=path SAE=path RPPS=path NOS=path (an invented country without them) ADDR=host:port OUT=folder
	@bin/indexer build -out '$(OUT)' $(INPUT)
	@exec bin/server -index '$(OUT)' -addr '$(ADDR)'

demo: OUT = run/demo
demo: INPUT = -scale '$(SCALE)'
demo: run ## the same with an invented country of SCALE=1000000 offers

reach: build ## how far every commune is from the nearest CODE=system|code, on the registers indexed by make run
	@bin/reach -index run/index -code '$(CODE)'

clean: ## remove what was built: bin/ and run/
	rm -rf bin run
