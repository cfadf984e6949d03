package basetest

import (
	"errors"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/base"
)

func testRepairs(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	all := ids(40)
	k.take(k.full("a"), all...)
	k.on++
	if c := k.take(k.full("a"), append(all[1:], "0001x")...); c.Repairs != 0 {
		t.Errorf("a full export after another one repairs nothing: %+v", c)
	}
	k.on++
	if c := k.take(k.delta("a"), "0003=b", "-0004"); c.Repairs != 0 {
		t.Errorf("a delta repairs nothing: %+v", c)
	}
	k.on++
	i := k.begin(k.full("a"))
	defer i.Rollback()
	put := func(id, text string, changed data.Date) {
		if err := i.Put(base.Record{ID: id, Text: []byte("{" + text + "}"), Date: changed}); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range all[8:] {
		put(id, "", 0) // unchanged
	}
	put("0001", "", 0)
	put("0001x", "", 0)
	put("0003", "b", 0)
	put("0004", "", 0)       // a repair: it was there all the time
	put("0005", "b", 0)      // a repair: the source says no day
	put("0006", "b", k.on-1) // a repair: the delta of that day should have had it
	put("0007", "b", k.on)   // news of today
	put("0040", "", 0)       // a repair; 0002 too, which is gone
	counts, err := i.Commit()
	if err != nil {
		t.Fatal(err)
	}
	k.equal(counts, base.Counts{
		Read: 40, New: 1, Updated: 3, Unchanged: 35, Reopened: 1, Missing: 1, Repairs: 5,
	}, "counts")
	k.on++
	if c := k.take(k.full("a"), append(all[8:], "0001", "0001x", "0003=b", "0004", "0005=b", "0006=c", "0007=b", "0040")...); c.Repairs != 0 {
		t.Errorf("what was repaired is repaired: %+v", c)
	}
}

// aliasesOf collects the aliases of a snapshot.
func aliasesOf(k *kit, s base.Snapshot) (list []base.Alias) {
	k.Helper()
	for a, err := range s.Aliases(k.Context()) {
		if err != nil {
			k.Fatal(err)
		}
		list = append(list, a)
	}
	return list
}

func testAliases(t *testing.T, open func(*testing.T) base.Base) {
	b := open(t)
	k := &kit{T: t, Base: b, on: day1}
	alias := func(want error, pairs ...data.ID) {
		t.Helper()
		i := k.begin(k.delta("a"))
		for n := 0; n < len(pairs); n += 2 {
			if err := i.Alias(pairs[n], pairs[n+1]); !errors.Is(err, want) {
				t.Errorf("%s for %s: %v", pairs[n], pairs[n+1], err)
			}
		}
		if _, err := i.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	stands := func(pairs ...data.ID) {
		t.Helper()
		s := k.snapshot()
		defer s.Close()
		for n := 0; n < len(pairs); n += 2 {
			if end, err := s.Resolve(pairs[n]); end != pairs[n+1] || err != nil {
				t.Errorf("%s stands for %s, not %s: %v", pairs[n], end, pairs[n+1], err)
			}
		}
	}
	all := func(want ...base.Alias) {
		t.Helper()
		s := k.snapshot()
		defer s.Close()
		k.equal(aliasesOf(k, s), want, "aliases")
	}
	stands("a", "a")
	all()
	alias(nil, "a", "b", "b", "c", "x", "c")
	stands("a", "c", "b", "c", "c", "c", "x", "c", "y", "y")
	alias(base.ErrCycle, "c", "a", "c", "b", "b", "a")
	alias(nil, "c", "d", "e", "e", "a", "b") // the last two say nothing new
	stands("a", "d", "x", "d", "e", "e")
	k.equal(len(k.changes(0)), 4, "changes")
	all(base.Alias{ID: "a", For: "b"}, base.Alias{ID: "b", For: "c"}, base.Alias{ID: "c", For: "d"}, base.Alias{ID: "x", For: "c"})
	alias(nil, "b", "b", "d", "b") // b is itself again, and may be what c stands for
	stands("a", "b", "x", "b", "c", "b")
	left := []base.Alias{{ID: "a", For: "b"}, {ID: "c", For: "d"}, {ID: "d", For: "b"}, {ID: "x", For: "c"}}
	all(left...)
	alias(nil, "p", "q", "q", "1..r", "2..s", "p")
	stands("p", "q", "q", "q", "1..r", "1..r", "2..s", "2..s") // which is guarded, and told to nobody
	alias(nil, "p", "p", "q", "q", "2..s", "2..s")
	all(left...)

	wide := k.full("a")
	wide.AnyLoss = true
	k.take(wide, "1")
	k.take(wide)
	k.equal(k.live(), []string(nil), "aliases are no records")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	k.Base = open(t)
	t.Cleanup(func() { k.Close() })
	stands("a", "b", "x", "b", "c", "b", "e", "e")
	all(left...)
	rules, on := base.Retention{{Closed: 1, Past: 1}}, k.on+100_000
	plan, err := k.Plan(t.Context(), rules, on)
	if err != nil || len(plan.Rows) == 0 {
		t.Fatalf("a closed record is kept: %+v, %v", plan, err)
	}
	if err := k.Purge(t.Context(), rules, on, plan.Digest); err != nil {
		t.Fatal(err)
	}
	stands("a", "b", "x", "b", "c", "b", "e", "e")
	all(left...)

	i := k.begin(k.delta("a"))
	defer i.Rollback()
	var rejected *base.Rejected
	for _, pair := range [][2]data.ID{{"", "a"}, {"a", ""}, {"a/b", "c"}, {"a", "../c"}} {
		if err := i.Alias(pair[0], pair[1]); !errors.As(err, &rejected) {
			t.Errorf("%q for %q: %v", pair[0], pair[1], err)
		}
	}
}

// history writes records that were said anew and closed: of each kind of record,
// "live" is live with two texts before, "gone" is closed.
func (k *kit) history(kinds ...base.Record) {
	k.Helper()
	for day, text := range []string{"a", "b", "c", ""} {
		e := k.full("s")
		e.On += data.Date(10 * day)
		e.AnyLoss = true
		i := k.begin(e)
		for _, r := range kinds {
			of := r.ID
			r.ID, r.Text = "live-"+of, []byte(text+text+text+"{}")
			if err := i.Put(r); err != nil {
				k.Fatal(err)
			}
			r.ID = "gone-" + of
			if text == "" {
				continue
			}
			if err := i.Put(r); err != nil {
				k.Fatal(err)
			}
		}
		if _, err := i.Commit(); err != nil {
			k.Fatal(err)
		}
	}
}

func testNoDefault(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.history(base.Record{ID: "x"})
	before := k.changes(0)
	plan, err := k.Plan(t.Context(), nil, k.on+100_000)
	if err != nil || len(plan.Rows) != 0 {
		t.Fatalf("no rules would delete %+v: %v", plan, err)
	}
	if err := k.Purge(t.Context(), nil, k.on+100_000, plan.Digest); err != nil {
		t.Fatal(err)
	}
	zero := base.Retention{{}, {Category: "x", Closed: 1}}
	if plan, _ := k.Plan(t.Context(), zero, k.on+100_000); len(plan.Rows) != 0 {
		t.Fatalf("a rule without days would delete %+v", plan)
	}
	k.equal(k.changes(0), before, "changes")
}

func testRetention(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.history(
		base.Record{ID: "practice", Category: "practice", Class: data.OpenPersonal},
		base.Record{ID: "hidden", Category: "practice", Class: data.SensitiveUnit},
		base.Record{ID: "service", Category: "service"},
	)
	rules := base.Retention{
		{Category: "practice", Classes: 1 << data.SensitiveUnit, Closed: 1000},
		{Category: "practice", Closed: 5, Past: 15},
		{Past: 1000},
	}
	// On day 35 what was closed on day 30 is so for five days, and texts have gone on days 10, 20 and 30.
	on := k.on + 35
	plan, err := k.Plan(t.Context(), rules, on)
	if err != nil {
		t.Fatal(err)
	}
	want := []base.PlanRow{
		{Source: "s", Category: "practice", Class: data.OpenPersonal, Why: base.Closes, Records: 1, Versions: 4, Bytes: 15},
		{Source: "s", Category: "practice", Class: data.OpenPersonal, Why: base.Past, Records: 1, Versions: 2, Bytes: 10},
	}
	k.equal(plan.Rows, want, "the plan")
	live := k.live()
	k.equal(len(k.changes(0)), 24, "changes after planning")
	if err := k.Purge(t.Context(), rules, on, plan.Digest); err != nil {
		t.Fatal(err)
	}
	k.equal(k.live(), live, "live records after the purge")
	k.purged(0)
	s := k.snapshot()
	end := s.Seq()
	s.Close()
	k.equal(end, base.Seq(24), "the number of the last change")
	k.equal(k.changes(end), []string(nil), "changes for who has a snapshot")
	if plan, err := k.Plan(t.Context(), rules, on); err != nil || len(plan.Rows) != 0 {
		t.Errorf("after the purge there is left %+v: %v", plan, err)
	}
	e := k.delta("s")
	k.equal(k.take(e, "gone-practice", "gone-service"), base.Counts{Read: 2, New: 1, Reopened: 1}, "of what was purged nothing is known")
	k.equal(k.changes(end), []string{"25 new s/gone-practice=", "26 reopened s/gone-service="}, "changes go on")
}

// purged wants changes after a number to be no more.
func (k *kit) purged(after base.Seq) {
	k.Helper()
	for _, err := range k.Changes(k.Context(), k.identity(), after) {
		if !errors.Is(err, base.ErrPurged) {
			k.Errorf("changes after %d: %v", after, err)
		}
		return
	}
	k.Errorf("no changes after %d, and no word of why", after)
}

func testStalePlan(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.history(base.Record{ID: "x"}, base.Record{ID: "y"})
	rules := base.Retention{{Closed: 5}}
	on := k.on + 50
	plan, err := k.Plan(t.Context(), rules, on)
	if err != nil || len(plan.Rows) != 1 || plan.Digest == "" {
		t.Fatalf("%+v, %v", plan, err)
	}
	before := k.changes(0)
	refuse := func(rules base.Retention, on data.Date, digest string) {
		t.Helper()
		if err := k.Purge(t.Context(), rules, on, digest); !errors.Is(err, base.ErrPlan) {
			t.Errorf("purged: %v", err)
		}
		k.equal(k.changes(0), before, "changes")
	}
	refuse(rules, on, "")
	refuse(rules, on, "0123")
	refuse(base.Retention{{Closed: 5, Past: 5}}, on, plan.Digest)
	refuse(rules, k.on, plan.Digest)
	k.take(k.delta("s"), "gone-x") // it is there again
	before = k.changes(0)
	refuse(rules, on, plan.Digest)
	if plan, err = k.Plan(t.Context(), rules, on); err != nil {
		t.Fatal(err)
	}
	k.equal(plan.Rows[0].Records, 1, "what is left to purge")

	pinned := k.snapshot()
	err = k.Purge(t.Context(), rules, on, plan.Digest)
	k.equal(k.records(pinned), []string{"s/gone-x=", "s/live-x=", "s/live-y="}, "a snapshot that is open")
	pinned.Close()
	if errors.Is(err, base.ErrInUse) {
		err = k.Purge(t.Context(), rules, on, plan.Digest)
	}
	if err != nil {
		t.Fatal(err)
	}
	k.purged(0)
}

// testMarks holds that a commit has a mark of its own, which stays, and nothing else has
// one: not a number in the middle of a commit, nor an import that changes nothing.
func testMarks(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	at := func(s base.Snapshot, seq base.Seq) base.Mark {
		t.Helper()
		m, err := s.Mark(seq)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	marks := func(s base.Snapshot, upTo base.Seq) (all []base.Mark) {
		for seq := range upTo + 1 {
			all = append(all, at(s, seq))
		}
		return all
	}
	k.equal(marks(k.snapshot(), 1), []base.Mark{"", ""}, "the marks of an empty base")
	k.take(k.full("a"), "1", "2")
	first := k.snapshot()
	k.take(k.full("a"), "1", "2")
	k.take(k.full("b"), "3")
	i := k.begin(k.delta("c"))
	if err := i.Alias("x", "y"); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	i = k.begin(k.delta("c"))
	if err := errors.Join(i.Put(records("4")[0]), i.Rollback()); err != nil {
		t.Fatal(err)
	}
	now := marks(k.snapshot(), 5)
	k.equal([]bool{now[0] == "", now[1] == "", now[2] == "", now[3] == "", now[4] == "", now[5] == ""},
		[]bool{true, true, false, false, false, true}, "numbers without a mark")
	if now[2] == now[3] || now[3] == now[4] || now[2] == now[4] {
		t.Errorf("two commits have one mark: %q", now)
	}
	k.equal(marks(first, 5), []base.Mark{"", "", now[2], "", "", ""}, "the marks of an earlier state")
	if err := errors.Join(first.Close(), k.Close()); err != nil {
		t.Fatal(err)
	}
	k = start(t, open)
	k.equal(marks(k.snapshot(), 5), now, "marks, opened again")
}

// testUseless holds that an export is refused of which no line can be used, and a full one
// in which more records than may be lost have none: what was known of them would pass for
// what is true that day.
func testUseless(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2", "3", "4", "5")
	k.on++
	try := func(e base.Export, good []string, bad ...string) error {
		t.Helper()
		i := k.begin(e)
		defer i.Rollback()
		for _, id := range good {
			if err := i.Put(records(id)[0]); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range bad {
			if err := i.Reject(id); err != nil {
				t.Fatal(err)
			}
		}
		_, err := i.Commit()
		return err
	}
	refused := func(says string, e base.Export, good []string, bad ...string) {
		t.Helper()
		var loss *base.LossError
		if err := try(e, good, bad...); !errors.As(err, &loss) || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
		k.equal(len(k.live()), 5, "live records")
	}
	fifth, any := k.full("a"), k.full("a")
	fifth.MaxLoss, any.AnyLoss = 0.2, true
	refused("of 5 lines none can be used", k.full("a"), nil, "1", "2", "3", "4", "5")
	refused("of 1 lines none can be used", k.delta("a"), nil, "1")
	refused("of 1 lines none can be used", k.full("b"), nil, "1")
	refused("of 1 of its 5 records no line can be used: more than 10.0 %", k.full("a"), []string{"1", "2", "3", "4"}, "5")
	refused("of 2 of its 5 records no line can be used: more than 20.0 %", fifth, []string{"1", "2", "3", "6"}, "5", "4", "4")
	for _, err := range []error{
		try(fifth, []string{"1", "2", "3", "4"}, "5", "9"), // of which one is not known
		try(k.full("a"), []string{"1", "2", "3", "4", "5"}, "5", "1", "9"),
		try(k.delta("a"), []string{"1"}, "2", "3", "4", "5"),
		try(any, []string{"1"}, "2", "3", "4", "5"),
		try(any, nil, "1", "2", "3", "4", "5"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	k.equal(len(k.live()), 5, "live records")
}
