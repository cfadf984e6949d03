// Package basetest is what every base must pass.
package basetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/base"
)

// Fresh makes the place of an empty base, and returns what opens the base there,
// again and again. Whoever opens it closes it.
type Fresh func(t *testing.T) (open func(t *testing.T) base.Base)

// Run holds a base to its promises.
func Run(t *testing.T, fresh Fresh) {
	for _, c := range []struct {
		name string
		test func(*testing.T, func(*testing.T) base.Base)
	}{
		{"counts", testCounts},
		{"an import that says nothing new writes nothing", testUnchanged},
		{"everything said of a record counts", testHashed},
		{"a delta touches what it names", testDelta},
		{"what is rejected", testRejected},
		{"rollback", testRollback},
		{"nothing is seen before commit", testUnseen},
		{"one import at a time", testTurns},
		{"a loss is refused", testLoss},
		{"lines that cannot be used", testUseless},
		{"what comes and goes is no loss", testNetLoss},
		{"small losses together", testTogether},
		{"an older export", testOlder},
		{"a record without a name", testUnnamed},
		{"the order of bytes", testOrder},
		{"a context that is done", testDone},
		{"what is over", testOver},
		{"an import that failed", testFailed},
		{"repairs", testRepairs},
		{"aliases", testAliases},
		{"marks of commits", testMarks},
		{"nothing is deleted by default", testNoDefault},
		{"retention", testRetention},
		{"a plan that is no longer true", testStalePlan},
		{"an export that is known", testKnown},
		{"an export that is known no more", testForgotten},
		{"an export that is known until a purge", testReadingsPurged},
		{"an export that is known keeps what it kept", testKnownRejects},
		{"a drift of years", testDrift},
		{"many imports beside a twin", testTwin},
		{"readers beside a writer", testReaders},
		{"more than one step", testLarge},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, fresh(t)) })
	}
	t.Run("another history", func(t *testing.T) { testOther(t, fresh(t), fresh(t)) })
}

// kit is a base in a test.
type kit struct {
	*testing.T
	base.Base
	on data.Date // the day of imports
}

// day1 is the day on which the tests begin.
var day1 = data.NewDate(2026, 1, 1)

func start(t *testing.T, open func(*testing.T) base.Base) *kit {
	t.Helper()
	b := open(t)
	t.Cleanup(func() { b.Close() })
	return &kit{T: t, Base: b, on: day1}
}

func (k *kit) full(source string) base.Export {
	return base.Export{Source: source, Of: k.on, On: k.on}
}

func (k *kit) delta(source string) base.Export {
	e := k.full(source)
	e.Delta = true
	return e
}

// records are of "id" or "id=text".
func records(list ...string) (out []base.Record) {
	for _, text := range list {
		id, said, _ := strings.Cut(text, "=")
		out = append(out, base.Record{ID: id, Text: []byte("{" + said + "}")})
	}
	return out
}

// begin begins an import that is rolled back at the end when nobody ended it.
func (k *kit) begin(e base.Export) base.Import {
	k.Helper()
	i, err := k.Begin(k.Context(), e)
	if err != nil {
		k.Fatal(err)
	}
	return i
}

// take imports records, and deletes those of an id that begins with a hyphen.
func (k *kit) take(e base.Export, list ...string) base.Counts {
	k.Helper()
	counts, err := k.try(e, list...)
	if err != nil {
		k.Fatal(err)
	}
	return counts
}

func (k *kit) try(e base.Export, list ...string) (base.Counts, error) {
	k.Helper()
	i := k.begin(e)
	defer i.Rollback()
	for _, text := range list {
		var err error
		if gone, ok := strings.CutPrefix(text, "-"); ok {
			err = i.Delete(gone)
		} else {
			err = i.Put(records(text)[0])
		}
		if err != nil {
			k.Fatal(err)
		}
	}
	return i.Commit()
}

// live returns the live records, as "source/id=text".
func (k *kit) live() []string {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	return k.records(s)
}

func (k *kit) snapshot() base.Snapshot {
	k.Helper()
	s, err := k.Snapshot(k.Context())
	if err != nil {
		k.Fatal(err)
	}
	return s
}

func (k *kit) identity() base.Identity {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	return s.Identity()
}

// state returns what the base knows of a source.
func (k *kit) state(source string) base.SourceState {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	for _, state := range s.Sources() {
		if state.Name == source {
			return state
		}
	}
	return base.SourceState{}
}

func (k *kit) records(s base.Snapshot) (out []string) {
	k.Helper()
	for r, err := range s.Records(k.Context()) {
		if err != nil {
			k.Fatal(err)
		}
		out = append(out, name(r))
	}
	return out
}

func name(r base.Record) string {
	return fmt.Sprintf("%s/%s=%s", r.Source, r.ID, strings.Trim(string(r.Text), "{}"))
}

// changes returns the changes after a number, as "seq kind source/id=text".
func (k *kit) changes(after base.Seq) (out []string) {
	k.Helper()
	for c, err := range k.Changes(k.Context(), k.identity(), after) {
		if err != nil {
			k.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d %s %s", c.Seq, c.Kind, name(c.Record)))
	}
	return out
}

func (k *kit) equal(got, want any, what string) {
	k.Helper()
	if !reflect.DeepEqual(got, want) {
		k.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// sorted returns the lines, without the numbers of their changes.
func sorted(changes []string) []string {
	out := slices.Clone(changes)
	for i, c := range out {
		_, out[i], _ = strings.Cut(c, " ")
	}
	slices.Sort(out)
	return out
}

func testCounts(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.equal(k.live(), []string(nil), "an empty base")
	k.equal(k.take(k.full("a"), "1", "2", "3", "4"), base.Counts{Read: 4, New: 4}, "the first")
	e := k.full("a")
	e.AnyLoss = true
	k.equal(k.take(e, "1", "2=b", "5"), base.Counts{Read: 3, New: 1, Updated: 1, Unchanged: 1, Missing: 2}, "the second")
	k.equal(k.take(k.full("a"), "1", "2=b", "5", "3", "4=b"), base.Counts{Read: 5, Unchanged: 3, Reopened: 2}, "the third")
	k.equal(k.take(k.full("b"), "1=other"), base.Counts{Read: 1, New: 1}, "another source has ids of its own")
	k.equal(k.live(), []string{"a/1=", "a/2=b", "a/3=", "a/4=b", "a/5=", "b/1=other"}, "records")
	k.equal(sorted(k.changes(0)), []string{
		"closed a/3=", "closed a/4=", "new a/1=", "new a/2=", "new a/3=", "new a/4=", "new a/5=", "new b/1=other",
		"reopened a/3=", "reopened a/4=b", "updated a/2=b",
	}, "changes")
	s := k.snapshot()
	defer s.Close()
	k.equal(s.Sources(), []base.SourceState{
		{Name: "a", Live: 5, Full: day1, On: day1, Held: 5}, {Name: "b", Live: 1, Full: day1, On: day1, Held: 1},
	}, "sources")
}

func testUnchanged(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2", "3")
	before := k.snapshot()
	defer before.Close()
	k.on++
	k.equal(k.take(k.full("a"), "3", "1", "2"), base.Counts{Read: 3, Unchanged: 3}, "the same in another order")
	after := k.snapshot()
	defer after.Close()
	k.equal(after.Seq(), before.Seq(), "the number of the last change")
	k.equal(k.changes(before.Seq()), []string(nil), "changes")
	k.equal(after.Sources()[0].Full, day1+1, "the day whose state is known")
}

func testHashed(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	said := base.Record{ID: "1", Text: []byte("{}"), Class: data.Open, Category: "practice", Date: day1}
	others := []func(r *base.Record){
		func(*base.Record) {},
		func(r *base.Record) { r.Class = data.SensitiveUnit },
		func(r *base.Record) { r.Category = "service" },
		func(r *base.Record) { r.Date++ },
		func(r *base.Record) { r.Text = []byte("{ }") },
	}
	for n, change := range others {
		change(&said)
		i := k.begin(k.full("a"))
		scratch := slices.Clone(said.Text)
		r := said
		r.Text = scratch
		if err := i.Put(r); err != nil {
			t.Fatal(err)
		}
		clear(scratch) // it is the caller's
		counts, err := i.Commit()
		if err != nil || counts.New+counts.Updated != 1 {
			t.Errorf("change %d: %+v, %v", n, counts, err)
		}
		s := k.snapshot()
		got, ok, err := s.Record("a", "1")
		s.Close()
		want := said
		want.Source = "a"
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		k.equal(got, want, "the record")
	}
}

func testDelta(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2", "3")
	e := k.delta("a")
	e.MaxLoss = 0.5
	k.equal(k.take(e, "2=b", "-3", "4", "-5"), base.Counts{Read: 4, New: 1, Updated: 1, Deleted: 1, Unchanged: 1}, "counts")
	k.equal(k.live(), []string{"a/1=", "a/2=b", "a/4="}, "records")
	k.equal(k.take(e, "4=b", "-4", "-4", "4=c"), base.Counts{Read: 4, Updated: 1, Deleted: 1, Unchanged: 1, Reopened: 1}, "one record, four times")
	k.equal(k.live(), []string{"a/1=", "a/2=b", "a/4=c"}, "the last word")
	k.equal(k.changes(6), []string{"7 updated a/4=b", "8 closed a/4=", "9 reopened a/4=c"}, "every word")

	i := k.begin(k.full("a"))
	defer i.Rollback()
	if err := i.Delete("1"); err == nil {
		t.Error("a full export deleted by a word")
	}
}

func testRejected(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2", "3")
	k.on++
	full := k.full("a")
	full.MaxLoss = 1 // see testUseless
	i := k.begin(full)
	defer i.Rollback()
	bad := []base.Record{
		{ID: "1"}, // known: it stays
		{ID: "x", Text: make([]byte, base.MaxText+1)},
		{ID: "x", Text: []byte("{}"), Class: data.Classes},
		{ID: "x", Text: []byte("{}"), Category: strings.Repeat("x", base.MaxCategory+1)},
		{ID: "x", Text: []byte("{}"), Category: "x\x00y"},
		{ID: "2", Text: []byte("{}")}, // well
		{ID: "2", Text: []byte("{b}")},
		{ID: "4", Text: []byte("{}")}, // well
		{ID: "4", Text: []byte("{}")},
	}
	rejected := 0
	for _, r := range bad {
		err := i.Put(r)
		var reason *base.Rejected
		if errors.As(err, &reason) {
			rejected++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"3", "unknown"} {
		if err := i.Reject(id); err != nil {
			t.Fatal(err)
		}
	}
	counts, err := i.Commit()
	if err != nil {
		t.Fatal(err)
	}
	k.equal(rejected, 7, "told")
	k.equal(counts, base.Counts{Read: 11, New: 1, Unchanged: 1, Rejected: 9}, "counts")
	k.equal(k.live(), []string{"a/1=", "a/2=", "a/3=", "a/4="}, "what was known of what is unusable stays")

	for _, e := range []base.Export{
		{On: 1, Of: 1}, {Source: "a/b", On: 1, Of: 1}, {Source: "a", Of: 1}, {Source: "a", On: 1},
		{Source: "a", On: 1, Of: 1, MaxLoss: 1.1}, {Source: "a", On: 1, Of: 1, MaxLoss: -1},
	} {
		if i, err := k.Begin(t.Context(), e); err == nil {
			i.Rollback()
			t.Errorf("%+v was taken", e)
		}
	}
}
