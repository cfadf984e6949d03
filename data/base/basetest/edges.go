package basetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/base"
)

// testOlder takes yesterday's file again.
func testOlder(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	yesterday := k.full("a")
	k.take(yesterday, "1", "2", "3")
	k.on++
	today := k.full("a")
	k.take(today, "1=b", "2", "3", "4")
	refused := func(e base.Export, known data.Date) {
		t.Helper()
		e.On, e.AnyLoss = k.on+1, true // one word is not the other
		i, err := k.Begin(t.Context(), e)
		if err == nil {
			i.Rollback()
		}
		var older *base.OlderError
		if !errors.As(err, &older) || *older != (base.OlderError{Source: "a", Of: e.Of, Known: known}) {
			t.Errorf("an export of %s after one of %s: %v", e.Of, known, err)
		}
		k.equal(k.state("a").On, k.on, "the day of the last import")
	}
	refused(yesterday, k.on)
	late := yesterday
	late.Delta = true
	refused(late, k.on)
	k.take(today, "1=b", "2", "3", "4") // the same day again
	k.take(k.delta("a"), "4=b")         // what came on that day

	k.on++
	k.take(k.delta("a"), "5")
	refused(today, k.on) // the full export of before the delta
	early := today
	early.Delta, early.On = true, k.on
	refused(early, k.on) // it would take back what the later delta has said
	early.AnyDay = true
	k.equal(k.take(early, "6").New, 1, "a delta of before, on somebody's word")
	k.equal(k.take(base.Export{Source: "b", Of: yesterday.Of, On: k.on}, "1").New, 1, "another source")

	back := yesterday
	back.On, back.AnyDay = k.on, true
	back.MaxLoss = 0.5
	k.equal(k.take(back, "1", "2", "3"), base.Counts{Read: 3, Updated: 1, Unchanged: 2, Missing: 3, Repairs: 4}, "on somebody's word")
	k.equal(k.state("a").Full, yesterday.Of, "the day whose state is known")
	k.take(today, "1=b", "2", "3", "4=b")
	k.equal(k.live(), []string{"a/1=b", "a/2=", "a/3=", "a/4=b", "b/1="}, "records in the end")
}

// testUnnamed has records in a full export that could not be named: each may be
// any of those that are not named.
func testUnnamed(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2", "3", "4")
	for _, id := range []string{"", strings.Repeat("x", base.MaxID+1), "a\x00b", "a\xffb"} {
		k.on++
		e := k.full("a")
		e.AnyLoss = true
		for _, put := range []bool{true, false} {
			i := k.begin(e)
			defer i.Rollback()
			err := i.Put(records("1")[0])
			if put {
				var rejected *base.Rejected
				if err := i.Put(base.Record{ID: id, Text: []byte("{}")}); !errors.As(err, &rejected) {
					t.Errorf("%q: %v", id, err)
				}
			} else {
				err = errors.Join(err, i.Reject(id))
			}
			counts, commit := i.Commit()
			if err := errors.Join(err, commit); err != nil {
				t.Fatal(err)
			}
			k.equal(counts, base.Counts{Read: 2, Unchanged: 1, Rejected: 1, Unnamed: 1, Kept: 3}, "counts")
		}
	}
	k.equal(k.live(), []string{"a/1=", "a/2=", "a/3=", "a/4="}, "records")
	if s := k.state("a"); s.Full != day1 || s.Delta != k.on {
		t.Errorf("a full export that closed nothing is no full one: %+v", s)
	}
	k.on++
	e := k.full("a")
	e.AnyLoss = true
	k.equal(k.take(e, "1", "2"), base.Counts{Read: 2, Unchanged: 2, Missing: 2, Repairs: 2}, "all of it named")
	k.equal(k.state("a").Full, k.on, "the day whose state is known")
}

// testOther follows a base with the numbers of another one.
func testOther(t *testing.T, open, another func(*testing.T) base.Base) {
	k, other := start(t, open), start(t, another)
	k.take(k.full("a"), "1", "2", "3")
	other.take(other.full("a"), "1", "2", "3", "4")
	of := k.identity()
	if of == "" || of == other.identity() {
		t.Errorf("two bases are %q and %q", of, other.identity())
	}
	refused := func(k *kit, of base.Identity, after base.Seq) {
		t.Helper()
		said := 0
		for _, err := range k.Changes(t.Context(), of, after) {
			if said++; said > 1 || !errors.Is(err, base.ErrOther) {
				t.Errorf("changes after %d: %v, the %d. thing said", after, err, said)
			}
		}
		k.equal(said, 1, "what the follower hears")
	}
	refused(other, of, 3)
	refused(other, of, 0)
	refused(other, of, 9)
	refused(k, "", 0)
	refused(k, of, 4) // as of a copy that was put back
	k.equal(k.changes(3), []string(nil), "changes after the last one")
	i := k.begin(k.full("a"))
	if err := i.Put(records("5")[0]); err != nil {
		t.Fatal(err)
	}
	refused(k, of, 4) // what is not committed is not there
	if err := errors.Join(i.Rollback(), k.Close()); err != nil {
		t.Fatal(err)
	}
	k = start(t, open)
	k.equal(k.identity(), of, "who it is, opened again")
}

// testOrder has names that a locale orders in another way than their bytes.
func testOrder(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	named := []string{"a", "é", "a-b", "B", "ab", "_", "a b", "A", "ê"}
	for _, source := range []string{"a", "B", "a-b", "_", "ab", "A.b"} {
		k.take(k.full(source), named...)
		e := k.delta(source)
		e.MaxLoss = 0.5
		k.take(e, "a-b=2", "-_", "é=2")
	}
	var want []string
	for _, source := range []string{"A.b", "B", "_", "a", "a-b", "ab"} {
		for _, id := range []string{"A=", "B=", "a=", "a b=", "a-b=2", "ab=", "é=2", "ê="} {
			want = append(want, source+"/"+id)
		}
	}
	k.equal(k.live(), want, "records")
	s := k.snapshot()
	defer s.Close()
	for n, state := range s.Sources() {
		k.equal(state.Name, []string{"A.b", "B", "_", "a", "a-b", "ab"}[n], "sources")
	}
	for _, line := range want {
		source, rest, _ := strings.Cut(line, "/")
		id, _, _ := strings.Cut(rest, "=")
		if r, ok, err := s.Record(source, id); !ok || err != nil || name(r) != line {
			t.Errorf("%s: %s, %v, %v", line, name(r), ok, err)
		}
	}
	if _, ok, _ := s.Record("a", "_"); ok {
		t.Error("what was deleted is there")
	}
	plan, err := k.Plan(t.Context(), base.Retention{{Closed: 1}}, k.on+1)
	if err != nil {
		t.Fatal(err)
	}
	k.equal(len(plan.Rows), len(s.Sources()), "rows of a plan")
	for n, row := range plan.Rows {
		k.equal(row.Source, s.Sources()[n].Name, "rows of a plan")
	}
}

// testDone asks for everything with a context that is done.
func testDone(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2")
	k.take(k.delta("a"), "1=b")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	canceled := func(err error, what string) {
		t.Helper()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
	}
	s := k.snapshot()
	defer s.Close()
	said := 0
	for _, err := range s.Records(ctx) {
		said++
		canceled(err, "records")
	}
	for _, err := range k.Changes(ctx, s.Identity(), 0) {
		said++
		canceled(err, "changes")
	}
	k.equal(said, 2, "what is said")
	_, err := k.Snapshot(ctx)
	canceled(err, "a snapshot")
	_, err = k.Begin(ctx, k.full("a"))
	canceled(err, "an import")
	rules := base.Retention{{Past: 1}}
	_, err = k.Plan(ctx, rules, k.on+9)
	canceled(err, "a plan")
	plan, err := k.Plan(t.Context(), rules, k.on+9)
	if err != nil || len(plan.Rows) != 1 {
		t.Fatal(plan, err)
	}
	canceled(k.Purge(ctx, rules, k.on+9, plan.Digest), "a purge")
	k.equal(len(k.changes(0)), 3, "changes")
}

// testOver uses what was closed.
func testOver(t *testing.T, open func(*testing.T) base.Base) {
	b := open(t)
	k := &kit{T: t, Base: b, on: day1}
	k.take(k.full("a"), "1", "2")
	closed := k.snapshot()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, err := range closed.Records(t.Context()) {
		if said++; err == nil {
			t.Error("a snapshot that is closed has records")
		}
	}
	k.equal(said, 1, "what it says")
	_, _, record := closed.Record("a", "1")
	if _, err := closed.Resolve("x"); record == nil || err == nil {
		t.Error("a snapshot that is closed has a record, or aliases", record, err)
	}

	said = 0
	for _, err := range closed.Aliases(t.Context()) {
		if said++; err == nil {
			t.Error("a snapshot that is closed has aliases")
		}
	}
	k.equal(said, 1, "what it says of aliases")

	i := k.begin(k.full("a"))
	for _, r := range records("1=b", "3") {
		if err := i.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Errorf("closing under an import: %v", err)
	}
	if err := i.Put(records("4")[0]); err == nil {
		t.Error("a base that is closed took a record")
	}
	if _, err := i.Commit(); err == nil {
		t.Error("a base that is closed took an import")
	}
	if err := i.Rollback(); err != nil {
		t.Error(err)
	}
	k = start(t, open)
	k.equal(k.live(), []string{"a/1=", "a/2="}, "records, opened again")
	k.equal(k.take(k.full("a"), "1", "2", "3"), base.Counts{Read: 3, New: 1, Unchanged: 2}, "the next import")
}

// testFailed goes on after an error from which there is no way back.
func testFailed(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2")
	i := k.begin(k.full("a"))
	for _, r := range records("1=b", "2", "3") {
		if err := i.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.Delete("1"); err == nil {
		t.Error("a full export deleted by a word")
	}
	if err := i.Put(records("4")[0]); err == nil {
		t.Error("it took a record after that")
	}
	if _, err := i.Commit(); err == nil {
		t.Error("it was committed after that")
	}
	k.equal(k.live(), []string{"a/1=", "a/2="}, "records")
	k.equal(k.take(k.full("a"), "1=b", "2"), base.Counts{Read: 2, Updated: 1, Unchanged: 1}, "the next one")
}
