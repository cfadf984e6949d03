package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/directory"
	"boussole/data/intake"
	"boussole/index"
)

// publisherOf publishes what a store says, of a house.
func publisherOf(h *house, store directory.Base) *publisher {
	c := &update{now: time.Now()}
	c.out, c.keep, c.where = h.out, 3, h.store
	o := &opening{inputs: &c.inputs, ctx: h.Context(), ledger: intake.NewLedger(io.Discard), stderr: io.Discard}
	p := &publisher{update: c, opening: o, begun: time.Now()}
	p.directory = directory.Directory{Base: store, Folder: filepath.Join(c.out, mergedFolder), Ledger: o.ledger, Day: data.DateOf(c.now)}
	return p
}

// open opens the base of a house.
func (h *house) open() base.Base {
	h.Helper()
	store, err := openStore(h.Context(), h.store)
	if err != nil {
		h.Fatal(err)
	}
	return store
}

var eleven = []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}

// Another program publishes between the look at what is published and the patch of it:
// the patch is not laid over what that one has published.
func TestPatchOfAnotherGeneration(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, eleven...))
	before := h.current()
	store := h.open()
	today := data.DateOf(time.Now())
	i, err := store.Begin(t.Context(), base.Export{Source: "ndjson", Delta: true, Of: today, On: today})
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Put(base.Record{ID: "l", Text: []byte(`{"id":"l","name":"L"}`)}); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	p := publisherOf(h, store)
	step, err := p.directory.Next(t.Context(), before)
	if err != nil || step.Whole {
		t.Fatal(err, step.Why)
	}
	if err := run(t.Context(), []string{"build", "-out", h.out, "-ndjson", lines(t, "z")}, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	if _, err := p.patch(t.Context(), step, before); !errors.Is(err, index.ErrUnpatchable) {
		t.Errorf("another generation was patched: %v", err)
	}
	step.Close()
	store.Close()
	h.must([]string{"12 offers"})
}

// lost is a base that cannot be reached any more after one snapshot.
type lost struct {
	directory.Base
	asked bool
}

func (l *lost) Snapshot(ctx context.Context) (base.Snapshot, error) {
	if l.asked {
		return nil, errors.New("connection lost")
	}
	l.asked = true
	return l.Base.Snapshot(ctx)
}

// The base is lost when a damaged generation is to be made anew.
func TestLostWhileMadeAnew(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, "a", "b"))
	damage(t, filepath.Join(h.out, h.current(), "offers.bin"))
	store := h.open()
	defer store.Close()
	if _, err := publisherOf(h, &lost{Base: store}).next(t.Context()); err == nil || !strings.Contains(err.Error(), "connection lost") {
		t.Error(err)
	}
}

// stopping is done after so many looks at it.
type stopping struct {
	context.Context
	left *atomic.Int64
}

func (c stopping) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return c.Context.Err()
}

// Whenever it is told to stop, an update stops, and the next one goes on.
func TestUpdateStops(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, "a", "b", "c"))
	before := h.current()
	for n := range 60 {
		var left atomic.Int64
		left.Store(int64(n))
		run(stopping{t.Context(), &left}, []string{"update", "-store", h.store, "-out", h.out}, io.Discard, io.Discard)
	}
	h.must([]string{"unchanged: generation " + before})
}

// Labels of codes that nobody carries are other labels, once.
func TestLabelsOfNothing(t *testing.T) {
	h := newHouse(t)
	nos := write(t, "r211.csv", "code,label,system\n157,Urgences,https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle\n")
	h.must([]string{"all of it"}, "-ndjson", lines(t, "a", "b"))
	h.must([]string{"all of it"}, "-nos", nos)
	h.must([]string{"unchanged"}, "-nos", nos)
}

// A CURRENT that names nothing is written anew.
func TestCurrentOfNothing(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, "a", "b"))
	before := h.current()
	if err := os.WriteFile(filepath.Join(h.out, "CURRENT"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	h.must([]string{"all of it"})
	if h.current() != before {
		t.Errorf("%s is current, and was %s", h.current(), before)
	}
}

// A base is put back from a copy, and grows by as many changes as were lost.
func TestBasePutBack(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-of", "2026-11-02", "-ndjson", lines(t, eleven...))
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(h.store)); err != nil {
		t.Fatal(err)
	}
	h.must(nil, "-of", "2026-11-03", "-delta", "-ndjson", lines(t, "l", "m"))
	if err := os.RemoveAll(h.store); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(copied, h.store); err != nil {
		t.Fatal(err)
	}
	h.must([]string{"all of it", "13 offers"}, "-of", "2026-11-04", "-delta", "-ndjson", lines(t, "n", "o"))
	g, _, err := index.Open(t.Context(), h.out)
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{})
	defer view.Close()
	if _, err := view.Get("n"); err != nil {
		t.Errorf("what the base says is not published: %v", err)
	}
	if _, err := view.Get("l"); err == nil {
		t.Error("what the base says no more is published")
	}
}

// A base is put back from a copy, and the export of that day comes again, mended: as many
// changes as were lost, and the last of them the same. What is sensitive now is shown to
// nobody by what was published before, nor is a report of before kept.
func TestBasePutBackAndMended(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-of", "2026-11-02", "-ndjson", lines(t, "a", "k"))
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(h.store)); err != nil {
		t.Fatal(err)
	}
	says := func(a string) string {
		return write(t, "offers.ndjson", `{"id":"a","name":"A"`+a+`}`+"\n"+`{"id":"k","name":"K"}`+"\n")
	}
	h.must([]string{"2 offers are new or others"}, "-of", "2026-11-03", "-ndjson", says(""))
	told := readReport(t, filepath.Join(h.out, "quality.json"))
	if err := errors.Join(os.RemoveAll(h.store), os.Rename(copied, h.store)); err != nil {
		t.Fatal(err)
	}
	h.must([]string{"all of it"}, "-of", "2026-11-03", "-ndjson", says(`,"sensitive":true`))
	if now := readReport(t, filepath.Join(h.out, "quality.json")); now.Basis == told.Basis || now.Basis == "" {
		t.Errorf("the report is of %q, and was of %q", now.Basis, told.Basis)
	}
	g, _, err := index.Open(t.Context(), h.out)
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{})
	defer view.Close()
	if _, err := view.Get("a"); err == nil {
		t.Error("what is sensitive is public")
	}
}

// A file of which the part with the positions is missing says all that it said of names,
// and would leave nobody anywhere: yesterday's index stays until somebody has looked.
func TestPositionsThatAreGone(t *testing.T) {
	says := func(name string, placed int) string {
		text := ""
		for i := range 20 {
			place := ""
			if i < placed {
				place = `,"places":[{"point":{"lat":44.8,"lon":3.5},"quality":"street"}]`
			}
			text += fmt.Sprintf(`{"id":"o%d","name":%q%s}`+"\n", i, name, place)
		}
		return write(t, "offers.ndjson", text)
	}
	h := newHouse(t)
	h.must(nil, "-of", "2026-11-02", "-ndjson", says("A", 20))
	h.must([]string{"18 of them with a position"}, "-of", "2026-11-03", "-ndjson", says("B", 18)) // a tenth may go
	before := h.current()
	h.refused("only 3 of its 20 offers have a position, and 18 had one before", "-of", "2026-11-04", "-ndjson", says("C", 3))
	if h.current() != before {
		t.Error("it is published")
	}
	h.must([]string{"18 of them with a position"}, "-of", "2026-11-05", "-ndjson", says("D", 18))
	h.must([]string{"3 of them with a position"}, "-of", "2026-11-06", "-any-loss", "-ndjson", says("E", 3))
}

// Who looks into a folder without a base finds none, and makes none.
func TestNoBase(t *testing.T) {
	dir := t.TempDir()
	for _, command := range []string{"status", "report"} {
		if err := run(t.Context(), []string{command, "-store", dir}, io.Discard, io.Discard); err == nil {
			t.Errorf("%s found a base", command)
		}
	}
	if made, _ := os.ReadDir(dir); len(made) > 0 {
		t.Errorf("%v was made", made)
	}
}

// An export of which no line can be used is refused, the first time, too.
func TestUselessExport(t *testing.T) {
	stock := ""
	for _, n := range []string{"010000024", "010000032", "990000002"} {
		stock += "structureet;" + n + ";;ETABLISSEMENT " + n + strings.Repeat(";", 28) + "\n"
	}
	wider := strings.ReplaceAll(stock, "\n", ";;\n") // of two columns more
	h := newHouse(t)
	h.must(nil, "-finess", write(t, "stock.csv", stock))
	h.refused("cannot be used", "-finess", write(t, "stock.csv", wider))
	h = newHouse(t)
	if out, err := h.update("-ndjson", lines(t, "a"), "-finess", write(t, "stock.csv", wider)); err == nil {
		t.Errorf("it is taken: %s", out)
	}
}

// A second update, which is refused while the first has the base, leaves the rejects of
// the first alone.
func TestRejectsOfTheFirst(t *testing.T) {
	h := newHouse(t)
	first, err := createWhole(filepath.Join(h.out, "rejects.csv"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	store := h.open()
	if _, err := h.update("-ndjson", lines(t, "a")); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("two programs have one base: %v", err)
	}
	store.Close()
	if err := first.publish(); err != nil {
		t.Error(err)
	}
}
