package postgres

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/embedded"
)

// TestTwin does the same to a base in a folder and to one in the database, which must
// say the same to the number of every change and the digest of every plan. Batches are
// of three, so that one record is in several.
func TestTwin(t *testing.T) {
	ours := opened(t, migrated(t))
	ours.maxBatch = 3
	theirs, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	r := rand.New(rand.NewPCG(5, 17))
	turns := 60
	if testing.Short() {
		turns = 20
	}
	for n := range turns {
		e := base.Export{
			Source: []string{"a", "b"}[r.IntN(2)], Delta: r.IntN(2) > 0, Of: data.Date(n/2 + 1), On: data.Date(n + 1),
			AnyLoss: r.IntN(3) > 0, MaxLoss: 0.5,
		}
		seed := r.Uint64()
		got, want := play(t, ours, e, seed), play(t, theirs, e, seed)
		if got != want {
			t.Fatalf("import %d, %+v:\n got %s\nwant %s", n, e, got, want)
		}
		if r.IntN(10) == 0 {
			same(t, purgeAll(t, ours, e.On), purgeAll(t, theirs, e.On), "a purge")
		}
		same(t, tell(t, ours), tell(t, theirs), fmt.Sprint("after import ", n))
	}
}

func same(t *testing.T, got, want any, what string) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// play imports what a seed says, and returns all that was answered.
func play(t *testing.T, b base.Base, e base.Export, seed uint64) (said string) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	i, err := b.Begin(t.Context(), e)
	if err != nil {
		return err.Error()
	}
	defer i.Rollback()
	for range r.IntN(40) {
		id := fmt.Sprint(r.IntN(25))
		record := base.Record{
			ID: id, Text: fmt.Append(nil, r.IntN(2)), Category: fmt.Sprint("c", r.IntN(2)),
			Class: data.Class(r.IntN(2)), Date: data.Date(r.IntN(3)) * e.On / 2,
		}
		switch n := r.IntN(12); {
		case n == 0:
			err = i.Reject(id)
		case n == 1:
			record.Text = nil
			err = i.Put(record)
		case n == 2:
			err = i.Alias(data.ID(id), data.ID(fmt.Sprint(r.IntN(25))))
		case n == 3 && r.IntN(20) == 0:
			err = i.Reject("")
		case n < 6 && e.Delta:
			err = i.Delete(id)
		default:
			err = i.Put(record)
		}
		said += fmt.Sprintln(err)
	}
	if r.IntN(8) == 0 {
		return said + fmt.Sprint(i.Rollback())
	}
	counts, err := i.Commit()
	return said + fmt.Sprintf("%+v, %v", counts, err)
}

// purgeAll plans a purge and makes it.
func purgeAll(t *testing.T, b base.Base, on data.Date) base.Plan {
	t.Helper()
	rules := base.Retention{{Category: "c0", Past: 3, Closed: 4}, {Classes: 1, Closed: 9}}
	plan, err := b.Plan(t.Context(), rules, on)
	if err == nil {
		err = b.Purge(t.Context(), rules, on, plan.Digest)
	}
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// state is all that can be read of a base.
type state struct {
	seq     base.Seq
	sources []base.SourceState
	records []base.Record
	stands  []data.ID
	changes []base.Change
	fault   string // of the changes from the beginning
}

func tell(t *testing.T, b base.Base) (s state) {
	t.Helper()
	p, err := b.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s.seq, s.sources = p.Seq(), append(s.sources, p.Sources()...)
	for r, err := range p.Records(t.Context()) {
		one, found, again := p.Record(r.Source, r.ID) // while the records are read
		if err != nil || again != nil || !found || !reflect.DeepEqual(one, r) {
			t.Fatal(r, err, one, found, again)
		}
		s.records = append(s.records, r)
	}
	for n := range 8 {
		end, err := p.Resolve(data.ID(fmt.Sprint(n)))
		if err != nil {
			t.Fatal(err)
		}
		s.stands = append(s.stands, end)
	}
	for after := range s.seq {
		s.changes, s.fault = nil, ""
		for c, err := range b.Changes(t.Context(), p.Identity(), after) {
			if err != nil {
				s.fault = err.Error()
				break
			}
			s.changes = append(s.changes, c)
		}
		if s.fault == "" {
			break // nothing was purged after it
		}
	}
	return s
}
