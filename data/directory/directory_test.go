package directory_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/embedded"
	"boussole/data/directory"
	"boussole/data/intake"
	"boussole/data/ndjson"
)

func number(n int) string { return fmt.Sprintf("0100%05d", n) }

// establishment and service are of one site; edition makes others of them.
func establishment(n, edition int) data.Offer {
	id := data.Identifier{System: data.SystemFINESS, Value: number(n)}
	return data.Offer{
		ID: data.NewID("offer", id.System, id.Value), Identifiers: []data.Identifier{id}, Category: "R66|355", Name: fmt.Sprint("CH ", edition),
		Organizations: []data.Organization{{
			ID: data.NewID("organization", id.System, id.Value), Kind: data.Establishment, Name: fmt.Sprint("CH ", edition), Identifiers: []data.Identifier{id},
		}},
		Sources: []data.Provenance{{Source: "finess", Record: id.Value}},
	}
}

func service(source string, n, edition int) data.Offer {
	o := establishment(n, 0)
	o.Category, o.Identifiers, o.Name = "", nil, fmt.Sprint("Cardiologie ", edition)
	o.ID = data.ID(fmt.Sprintf("%s-%d", source, n))
	o.Activities, o.CareModes = []data.Code{"R211|354"}, []data.Code{"R213|28"}
	o.Sources = []data.Provenance{{Source: source, Record: string(o.ID)}}
	return o
}

// store is a base, and what of it is published.
type store struct {
	*embedded.Store
	t      testing.TB
	day    data.Date
	folder string

	generation string
	published  map[data.ID]string
}

func newStore(t testing.TB) *store {
	b, err := embedded.Open(filepath.Join(t.TempDir(), "base"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return &store{Store: b, t: t, day: 1, folder: filepath.Join(t.TempDir(), "merged")}
}

func lineOf(t testing.TB, o *data.Offer) string {
	t.Helper()
	line, err := ndjson.Append(nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// says imports what a source says of some things; nil is that it has them no more.
func (s *store) says(source string, records map[string]*data.Offer) {
	s.t.Helper()
	i, err := s.Begin(s.t.Context(), base.Export{Source: source, Delta: true, Of: s.day, On: s.day, AnyLoss: true})
	if err != nil {
		s.t.Fatal(err)
	}
	defer i.Rollback()
	for _, id := range slices.Sorted(maps.Keys(records)) {
		if o := records[id]; o == nil {
			err = i.Delete(id)
		} else {
			err = i.Put(base.Record{ID: id, Text: []byte(lineOf(s.t, o))})
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	if _, err := i.Commit(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) directory() *directory.Directory {
	return &directory.Directory{Base: s, Folder: s.folder, Ledger: intake.NewLedger(io.Discard), Day: s.day}
}

func (s *store) next(d *directory.Directory) *directory.Step {
	s.t.Helper()
	step, err := d.Next(s.t.Context(), s.generation)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { step.Close() })
	return step
}

// publish does with what is published what the step says.
func (s *store) publish(step *directory.Step) {
	s.t.Helper()
	generation, now := s.read(step)
	s.generation, s.published = generation, now
}

// read tells what would be published.
func (s *store) read(step *directory.Step) (generation string, now map[data.ID]string) {
	s.t.Helper()
	now = maps.Clone(s.published)
	if step.Whole {
		now = make(map[data.ID]string)
	}
	for _, id := range step.Gone {
		delete(now, id)
	}
	for o, err := range step.Offers.Offers(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		now[o.ID] = lineOf(s.t, o)
	}
	return string(data.NewID(fmt.Sprint(now))), now
}

// anew is what merging all of the base gives.
func (s *store) anew() map[data.ID]string {
	s.t.Helper()
	other := store{Store: s.Store, t: s.t, folder: filepath.Join(s.t.TempDir(), "another")}
	other.publish(other.next(other.directory()))
	return other.published
}

// check holds what is published against the base.
func (s *store) check(when string) {
	s.t.Helper()
	if want := s.anew(); !maps.Equal(s.published, want) {
		s.t.Fatalf("%s:\n%v\nwant\n%v", when, s.published, want)
	}
}

// step publishes what there is, and remembers it.
func (s *store) step(d *directory.Directory) *directory.Step {
	s.t.Helper()
	step := s.next(d)
	s.publish(step)
	if err := step.Published(s.t.Context(), s.generation); err != nil {
		s.t.Fatal(err)
	}
	step.Close()
	return step
}

func of(offers ...data.Offer) map[string]*data.Offer {
	records := make(map[string]*data.Offer)
	for i := range offers {
		records[offers[i].Sources[0].Record] = &offers[i]
	}
	return records
}

func TestFollows(t *testing.T) {
	s := newStore(t)
	s.says("finess", of(establishment(1, 0), establishment(2, 0)))
	s.says("sae", of(service("sae", 1, 0), service("sae", 2, 0)))
	d := s.directory()
	if step := s.step(d); !step.Whole || step.Why == "" || step.Nothing() || len(s.published) != 4 {
		t.Errorf("at first: %+v, %d offers", step, len(s.published))
	}
	was := links(t, s.folder)
	if step := s.step(d); step.Whole || !step.Nothing() || step.Changes != 0 || links(t, s.folder) != was {
		t.Errorf("nothing has changed: %+v", step)
	}
	s.says("finess", of(establishment(1, 1)))
	s.says("fhir-ara", of(service("fhir", 2, 0)))
	step := s.step(d)
	s.check("an establishment is another, and a service is described twice")
	if step.Whole || step.Changes != 2 || step.Remerged == 0 || len(step.Gone) != 1 {
		t.Errorf("%+v", step)
	}
	s.says("sae", map[string]*data.Offer{"sae-1": nil})
	if step := s.step(s.directory()); step.Whole || len(step.Gone) != 1 {
		t.Errorf("a service is gone: %+v", step)
	}
	s.check("a service is gone")
}

// Records that come while a step is being published are those of the next one.
func TestChangesMeanwhile(t *testing.T) {
	s := newStore(t)
	s.says("finess", of(establishment(1, 0)))
	s.step(s.directory())
	s.says("finess", of(establishment(1, 1)))
	step := s.next(s.directory())
	s.says("finess", of(establishment(1, 2), establishment(2, 0)))
	s.publish(step)
	if err := step.Published(s.t.Context(), s.generation); err != nil {
		t.Fatal(err)
	}
	if len(s.published) != 1 {
		t.Errorf("%v", s.published)
	}
	if step := s.step(s.directory()); step.Whole || step.Changes != 2 {
		t.Errorf("%+v", step)
	}
	s.check("what came meanwhile")
}

// Whatever is remembered of something else is not followed.
func TestBeginsAnew(t *testing.T) {
	for name, change := range map[string]func(s *store, d *directory.Directory){
		"another generation": func(s *store, d *directory.Directory) { s.generation = "another" },
		"no generation":      func(s *store, d *directory.Directory) { s.generation = "" },
		"another table":      func(s *store, d *directory.Directory) { d.Replaced = map[string]string{number(1): number(2)} },
		"another base": func(s *store, d *directory.Directory) {
			other := newStore(s.t)
			other.says("finess", of(establishment(1, 0), establishment(3, 0)))
			s.Store, d.Base = other.Store, other
		},
		"no folder":    func(s *store, d *directory.Directory) { os.RemoveAll(d.Folder) },
		"no links":     func(s *store, d *directory.Directory) { os.Remove(links(s.t, d.Folder)) },
		"half a state": func(s *store, d *directory.Directory) { cut(s.t, filepath.Join(d.Folder, "state.json")) },
		"half a links": func(s *store, d *directory.Directory) { cut(s.t, links(s.t, d.Folder)) },
		"another program": func(s *store, d *directory.Directory) {
			path := filepath.Join(d.Folder, "state.json")
			text, _ := os.ReadFile(path)
			os.WriteFile(path, []byte(strings.Replace(string(text), `"program":"`, `"program":"another`, 1)), 0o600)
		},
		"links outside": func(s *store, d *directory.Directory) {
			path := filepath.Join(d.Folder, "state.json")
			text, _ := os.ReadFile(path)
			os.WriteFile(path, []byte(strings.Replace(string(text), `"links-`, `"links-/../`, 1)), 0o600)
		},
	} {
		s := newStore(t)
		s.says("finess", of(establishment(1, 0), establishment(2, 0)))
		d := s.directory()
		s.step(d)
		change(s, d)
		step := s.next(d)
		if !step.Whole || step.Why == "" {
			t.Errorf("%s: %+v", name, step)
		}
	}
}

func links(t testing.TB, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "links-*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v are links, %v", files, err)
	}
	return files[0]
}

func cut(t testing.TB, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, info.Size()/2)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What was not read to its end is not remembered.
func TestUnreadIsNotRemembered(t *testing.T) {
	s := newStore(t)
	s.says("finess", of(establishment(1, 0), establishment(2, 0)))
	step := s.next(s.directory())
	if err := step.Published(t.Context(), "g"); err == nil {
		t.Error("remembered before it was read")
	}
	for range step.Offers.Offers(t.Context()) {
		break
	}
	if err := step.Published(t.Context(), "g"); err == nil {
		t.Error("remembered before it was read to its end")
	}
}

func TestErrorsOfTheBase(t *testing.T) {
	s := newStore(t)
	s.says("finess", map[string]*data.Offer{})
	broken := errors.New("broken")
	d := s.directory()
	d.Base = failing{s, broken}
	if _, err := d.Next(t.Context(), ""); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	i, err := s.Begin(t.Context(), base.Export{Source: "finess", Delta: true, Of: 1, On: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(i.Put(base.Record{ID: "1", Text: []byte(`{"nom":"x"}`)})); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range s.next(s.directory()).Offers.Offers(t.Context()) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), `record "1" of finess`) {
		t.Errorf("a text that is no offer: %v", last)
	}
}

type failing struct {
	*store
	err error
}

func (f failing) Snapshot(context.Context) (base.Snapshot, error) { return nil, f.err }
