package basetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"boussole/data/base"
)

// remember imports records by a digest.
func (k *kit) remember(e base.Export, digest string, list ...string) base.Counts {
	k.Helper()
	i := k.begin(e)
	defer i.Rollback()
	for _, r := range records(list...) {
		if err := i.Put(r); err != nil {
			k.Fatal(err)
		}
	}
	i.Remember(digest, "books of "+digest)
	counts, err := i.Commit()
	if err != nil {
		k.Fatal(err)
	}
	return counts
}

// known returns by what the state of a source is known to an export.
func (k *kit) known(e base.Export) base.Reading {
	k.Helper()
	i := k.begin(e)
	defer i.Rollback()
	return i.Known()
}

// again imports an export by its digest alone.
func (k *kit) again(e base.Export) (base.Counts, error) {
	k.Helper()
	i := k.begin(e)
	defer i.Rollback()
	return i.Again()
}

func testKnown(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	if _, err := k.again(k.full("a")); err == nil {
		t.Error("what was never read was taken again")
	}
	k.remember(k.full("a"), "first", "1", "2", "3")
	k.take(k.full("b"), "1=other")
	want := base.Reading{Digest: "first", Books: "books of first", Counts: base.Counts{Read: 3, Unchanged: 3}}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	k.Base = open(t)
	t.Cleanup(func() { k.Close() })
	k.on++
	k.equal(k.known(k.full("a")), want, "what is remembered")
	k.equal(k.known(k.full("b")), base.Reading{}, "what nobody remembered")
	k.equal(k.known(k.delta("a")), base.Reading{}, "what a delta is known by")
	before := k.live()
	counts, err := k.again(k.full("a"))
	if err != nil {
		t.Fatal(err)
	}
	k.equal(counts, want.Counts, "counts")
	k.equal(k.live(), before, "records")
	k.equal(k.changes(4), []string(nil), "changes")
	s := k.snapshot()
	defer s.Close()
	k.equal(s.Sources()[0], base.SourceState{Name: "a", Live: 3, Full: k.on, On: k.on, Held: 3, Reading: want}, "the books")
	k.on--
	i, err := k.Begin(t.Context(), k.full("a"))
	var older *base.OlderError
	if !errors.As(err, &older) {
		i.Rollback()
		t.Errorf("an older export was taken: %v", err)
	}
}

// testForgotten has something come between an export and the same one.
func testForgotten(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	lossy := func(e base.Export) base.Export { e.AnyLoss = true; return e }
	remembered := func() { k.remember(lossy(k.full("a")), "first", "1", "2", "3") }
	rules := base.Retention{{Past: 1, Closed: 1}}
	for _, c := range []struct {
		name    string
		between func()
		stays   bool
	}{
		{"nothing", func() {}, true},
		{"another source", func() { k.take(k.full("b"), "1") }, true},
		{"a delta that changes nothing", func() { k.take(k.delta("a"), "2") }, true},
		{"a delta with a new record", func() { k.take(k.delta("a"), "4") }, false},
		{"a delta with another text", func() { k.take(k.delta("a"), "2=b") }, false},
		{"a delta that closes", func() { k.take(lossy(k.delta("a")), "-2") }, false},
		{"a delta that closes and opens again", func() { k.take(lossy(k.delta("a")), "-2", "2") }, false},
		{"a full export that closes", func() { k.take(lossy(k.full("a")), "1", "2") }, false},
		{"a full export that says the same", func() { k.take(k.full("a"), "3", "2", "1") }, true},
		{"a delta by a digest", func() { k.remember(k.delta("a"), "delta", "2=b") }, false},
		{"an import that was rolled back", func() {
			i := k.begin(k.full("a"))
			i.Remember("other", "")
			if err := errors.Join(i.Put(records("4")[0]), i.Rollback()); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"a purge", func() {
			k.on += 2
			plan, err := k.Plan(t.Context(), rules, k.on)
			if err == nil {
				err = k.Purge(t.Context(), rules, k.on, plan.Digest)
			}
			if err != nil || len(plan.Rows) == 0 {
				t.Fatal(plan, err)
			}
		}, false},
	} {
		k.take(lossy(k.full("a")), "1=old", "2=old", "3=old", "5")
		remembered()
		c.between()
		if got := k.known(k.full("a")); (got.Digest == "first") != c.stays || got.Digest != "" && got.Digest != "first" {
			t.Errorf("%s: known by %q", c.name, got.Digest)
		}
	}
	remembered()
	k.remember(k.full("a"), "second", "1", "2", "3")
	k.equal(k.known(k.full("a")).Digest, "second", "another file of the same records")
	i := k.begin(k.full("a"))
	defer i.Rollback()
	i.Remember("large", strings.Repeat("x", base.MaxBooks+1))
	for _, r := range records("1", "2", "3=c") {
		if err := i.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	k.equal(k.known(k.full("a")), base.Reading{}, "books that are too large")

	k.remember(k.full("a"), "third", "1", "2", "3")
	begun := k.begin(k.full("a"))
	defer begun.Rollback()
	if err := begun.Put(records("4")[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := begun.Again(); err == nil {
		t.Error("an import that was begun to be read was taken by its digest")
	}
	ctx, cancel := context.WithCancel(t.Context())
	late, err := k.Begin(ctx, k.full("a"))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := late.Again(); !errors.Is(err, context.Canceled) {
		t.Errorf("taken after its context: %v", err)
	}
	k.equal(k.live(), []string{"a/1=", "a/2=", "a/3=", "b/1="}, "records")
}

// testReadingsPurged purges a base of which no record is due: a plan says whose reading
// would be forgotten, and a purge by it, and no other one, forgets it.
func testReadingsPurged(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.remember(k.full("a"), "first", "1", "2")
	k.remember(k.full("b"), "other", "1")
	k.take(k.full("c"), "1")
	of := k.on
	live, changes := k.live(), k.changes(0)
	purge := func(rules base.Retention, digest string, want error) {
		t.Helper()
		if err := k.Purge(t.Context(), rules, k.on, digest); !errors.Is(err, want) {
			t.Errorf("purged: %v, not %v", err, want)
		}
		k.equal(k.live(), live, "records")
		k.equal(k.changes(0), changes, "changes")
	}
	planned := func(rules base.Retention, want ...base.PlanReading) string {
		t.Helper()
		plan, err := k.Plan(t.Context(), rules, k.on)
		if err != nil || len(plan.Rows) > 0 || plan.Empty() != (want == nil) {
			t.Fatalf("%+v, %v", plan, err)
		}
		k.equal(plan.Readings, want, "readings")
		return plan.Digest
	}
	for _, none := range []base.Retention{nil, {{}, {Category: "x"}}} {
		purge(none, planned(none), nil)
	}
	k.equal(k.known(k.full("a")).Digest, "first", "what is known after rules that delete nothing")
	rules := base.Retention{{Category: "x", Past: 1}}
	a, b := base.PlanReading{Source: "a", Of: of, Bytes: len("books of first")}, base.PlanReading{Source: "b", Of: of, Bytes: len("books of other")}
	before := planned(rules, a, b)
	k.on++
	if _, err := k.again(k.full("a")); err != nil {
		t.Fatal(err)
	}
	a.Of = k.on
	k.equal(planned(rules, a, b), before, "the digest, of the same told again")
	k.remember(k.full("a"), "later", "1", "2")
	purge(rules, before, base.ErrPlan)
	purge(rules, "", base.ErrPlan)
	k.equal(k.known(k.full("a")).Digest, "later", "what is known after a plan that is no longer true")
	purge(rules, planned(rules, a, b), nil)
	for _, source := range []string{"a", "b", "c"} {
		k.equal(k.known(k.full(source)), base.Reading{}, "what is known after the purge")
	}
	purge(rules, planned(rules), nil)
}

// testKnownRejects has an export with lines that its reader could not use: the same one
// keeps once more what these may be about, and no more than it may.
func testKnownRejects(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2", "3", "4")
	read := func(e base.Export) (base.Counts, error) {
		i := k.begin(e)
		defer i.Rollback()
		for _, r := range records("1", "5") {
			if err := i.Put(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(i.Reject("2"), i.Reject("")); err != nil {
			t.Fatal(err)
		}
		i.Remember("faulty", "")
		return i.Commit()
	}
	e := k.full("a")
	e.MaxLoss = 0.5
	counts, err := read(e)
	k.equal(counts, base.Counts{Read: 4, New: 1, Unchanged: 1, Rejected: 2, Unnamed: 1, Kept: 2}, "counts")
	if err != nil {
		t.Fatal(err)
	}
	want := base.Counts{Read: 4, Unchanged: 2, Rejected: 2, Unnamed: 1, Kept: 2}
	k.equal(k.known(e).Counts, want, "what is remembered")
	live := k.live()
	k.on++
	e.Of, e.On = k.on, k.on
	if counts, err = k.again(e); err != nil {
		t.Fatal(err)
	}
	k.equal(counts, want, "counts of the same")
	s := k.snapshot()
	states := s.Sources()
	s.Close()
	k.on++
	e.Of, e.On = k.on, k.on
	if counts, err = read(e); err != nil {
		t.Fatal(err)
	}
	k.equal(counts, want, "counts when it is read")
	k.equal(k.live(), live, "records")
	if !slices.Contains(live, "a/3=") || states[0].Deltas != 2 || states[0].Live != 5 {
		t.Errorf("%q and %+v", live, states[0])
	}
	e.MaxLoss = 0.3
	var loss *base.LossError
	if _, err := k.again(e); !errors.As(err, &loss) || loss.Unnamed != 1 {
		t.Errorf("it keeps more than it may: %v", err)
	}
}
