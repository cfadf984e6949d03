package ranking_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/sae"
	"boussole/geo/realdata"
	"boussole/index"
)

// world is FINESS of 2021 and the hospital statistics of 2023, as one generation.
type world struct {
	guard  *index.Guard
	offers []data.Offer
	labels map[data.ID]string // "750011173", or "430000117-SIUNV" of a service
	ids    map[string]data.ID
}

var (
	worldOnce  sync.Once
	worldBuilt *world
	errWorld   error
)

// realWorld returns the world, of which there is one for all tests: it takes
// seconds to build. Without the shared data the test is skipped, or fails in CI.
func realWorld(t testing.TB) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: the real registers are for the long tests")
	}
	register, statistics := realdata.Path(t, realdata.FinessStock), realdata.Path(t, realdata.SAE)
	worldOnce.Do(func() { worldBuilt, errWorld = buildWorld(register, statistics) })
	if errWorld != nil {
		t.Fatal(errWorld)
	}
	return worldBuilt
}

func buildWorld(register, statistics string) (*world, error) {
	ledger := intake.NewLedger(io.Discard)
	w := &world{labels: make(map[data.ID]string), ids: make(map[string]data.ID)}
	var offers []data.Offer
	for o, err := range merge.New(ledger, finess.New(register, ledger), sae.New(statistics, ledger)).Offers(context.Background()) {
		if err != nil {
			return nil, err
		}
		offers = append(offers, bare(o))
		label := o.Identifiers[0].Value
		w.labels[o.ID], w.ids[label] = label, o.ID
	}
	g, err := index.New(data.Memory(offers))
	w.guard, w.offers = index.NewGuard(g), offers
	return w, err
}

// bare is an offer without its names, its contacts and the words of its address: no
// case asks for words, and to index them takes half of the time.
func bare(o *data.Offer) data.Offer {
	o.Name, o.Organizations = "", nil
	for i := range o.Places {
		a := &o.Places[i].Address
		*a = data.Address{Commune: a.Commune, Departement: a.Departement}
	}
	return *o
}

var update = flag.Bool("update", false, "write testdata/real.txt anew by its script, which knows nothing of the engine; never in CI")

const (
	expectations = "testdata/real.txt"
	script       = "testdata/expected"
)

// What is expected over the real registers is what the script says, to the byte.
func TestExpectationsAreThoseOfTheScript(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: the real registers are for the long tests")
	}
	shared := filepath.Dir(filepath.Dir(realdata.Path(t, realdata.SAE)))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	said, err := exec.CommandContext(ctx, "go", "run", "./"+script, shared).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	if *update {
		if err := rewrite(expectations, said); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(expectations)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(held, said) {
		t.Errorf("%s is not what %s prints: %s", expectations, script, firstDifference(string(held), string(said)))
	}
}

func firstDifference(held, said string) string {
	a, b := strings.Split(held, "\n"), strings.Split(said, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "line " + strconv.Itoa(i+1) + " is\n" + a[i] + "\nwant\n" + b[i]
		}
	}
	return strconv.Itoa(len(a)) + " lines, want " + strconv.Itoa(len(b))
}

var errInCI = errors.New("what is expected is never written in CI")

// rewrite puts what the script says in the place of what is expected.
func rewrite(path string, said []byte) error {
	if os.Getenv("CI") != "" {
		return errInCI
	}
	return os.WriteFile(path, said, 0o644)
}

func TestUpdateNeverRunsInCI(t *testing.T) {
	path := filepath.Join(t.TempDir(), "real.txt")
	t.Setenv("CI", "")
	if err := rewrite(path, []byte("by hand")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CI", "true")
	if err := rewrite(path, []byte("in CI")); !errors.Is(err, errInCI) {
		t.Errorf("%v, want %v", err, errInCI)
	}
	if held, err := os.ReadFile(path); err != nil || string(held) != "by hand" {
		t.Errorf("%q, %v: it was written in CI", held, err)
	}
}

// A script that shared code with the engine would prove nothing about it.
func TestScriptImportsNothingOfTheEngine(t *testing.T) {
	files, err := filepath.Glob(script + "/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the script has no files: %v", err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range parsed.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			first, _, _ := strings.Cut(name, "/")
			if strings.Contains(first, ".") || first == "boussole" || name == "C" {
				t.Errorf("%s imports %s, which is not of the standard library", file, name)
			}
		}
	}
}
