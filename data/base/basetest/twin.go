package basetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"boussole/data/base"
)

// twin is a base in a map.
type twin struct {
	live   map[string]string // "source/id" to text
	closed map[string]bool
	seq    int
}

// mean draws an export of a source, says what it means to the base and to the
// twin, and returns what must be counted.
func (w *twin) mean(k *kit, r *rand.Rand, source string, delta bool, i base.Import) (want base.Counts) {
	named := make(map[string]bool)
	for range r.IntN(40) {
		id, text := fmt.Sprint(r.IntN(30)), fmt.Sprint(r.IntN(3))
		key := source + "/" + id
		if delta && r.IntN(4) == 0 {
			if err := i.Delete(id); err != nil {
				k.Fatal(err)
			}
			want.Read++
			if _, ok := w.live[key]; !ok {
				want.Unchanged++
				continue
			}
			want.Deleted++
			w.shut(key)
			continue
		}
		err := i.Put(records(id + "=" + text)[0])
		want.Read++
		if (err != nil) != (!delta && named[key]) {
			k.Fatalf("%s, named %v: %v", key, named[key], err)
		}
		if err != nil {
			want.Rejected++
			continue
		}
		named[key] = true
		want.Count(w.put(key, text, &want))
	}
	if !delta {
		for _, key := range slices.Collect(maps.Keys(w.live)) {
			if strings.HasPrefix(key, source+"/") && !named[key] {
				want.Missing++
				w.shut(key)
			}
		}
	}
	return want
}

func (w *twin) shut(key string) {
	delete(w.live, key)
	w.closed[key] = true
	w.seq++
}

// put returns the kind of the change, and none where there is none.
func (w *twin) put(key, text string, want *base.Counts) (kind base.Kind) {
	now, live := w.live[key]
	switch {
	case live && now == text:
		want.Unchanged++
		return 0
	case live:
		kind = base.Updated
	case w.closed[key]:
		kind = base.Reopened
	default:
		kind = base.New
	}
	w.live[key] = text
	delete(w.closed, key)
	w.seq++
	return kind
}

func (w *twin) lines() (out []string) {
	for key, text := range w.live {
		source, id, _ := strings.Cut(key, "/")
		out = append(out, source+"/"+id+"="+text)
	}
	slices.SortFunc(out, byName)
	return out
}

// of returns the lines of a source.
func (w *twin) of(source string) string {
	var lines []string
	for _, line := range w.lines() {
		if strings.HasPrefix(line, source+"/") {
			lines = append(lines, line)
		}
	}
	return "of " + strings.Join(lines, " ")
}

// byName orders lines by source and then by id.
func byName(a, b string) int {
	sourceA, a, _ := strings.Cut(a, "/")
	sourceB, b, _ := strings.Cut(b, "/")
	a, _, _ = strings.Cut(a, "=")
	b, _, _ = strings.Cut(b, "=")
	return cmp.Or(strings.Compare(sourceA, sourceB), strings.Compare(a, b))
}

func testTwin(t *testing.T, open func(*testing.T) base.Base) {
	r := rand.New(rand.NewPCG(7, 7))
	w := &twin{live: make(map[string]string), closed: make(map[string]bool)}
	k := &kit{T: t, Base: open(t), on: day1}
	t.Cleanup(func() { k.Close() })
	follower := make(map[string]string) // by the changes alone
	followed, times := base.Seq(0), 0
	for n := range 150 {
		source := []string{"a", "b", "b-2"}[r.IntN(3)]
		e := k.full(source)
		e.Delta, e.AnyLoss = r.IntN(3) > 0, true
		before := &twin{live: maps.Clone(w.live), closed: maps.Clone(w.closed), seq: w.seq}
		i := k.begin(e)
		want := w.mean(k, r, source, e.Delta, i)
		if r.IntN(3) > 0 {
			i.Remember(w.of(source), "")
		}
		var counts base.Counts
		var err error
		if r.IntN(5) == 0 {
			if err := i.Rollback(); err != nil {
				t.Fatal(err)
			}
			w = before
		} else {
			if counts, err = i.Commit(); err != nil {
				t.Fatal(err)
			}
			counts.Repairs = 0 // has a test of its own
			k.equal(counts, want, fmt.Sprintf("counts of import %d", n))
			if !counts.Whole() {
				t.Errorf("import %d lost some: %+v", n, counts)
			}
		}
		if r.IntN(10) == 0 {
			if err := k.Close(); err != nil {
				t.Fatal(err)
			}
			k.Base = open(t)
		}
		k.equal(k.live(), w.lines(), fmt.Sprintf("records after import %d", n))
		if known := k.known(k.full(source)).Digest; known != "" && known != w.of(source) {
			t.Errorf("after import %d %s is known by another state: %s", n, source, known)
		} else if known != "" {
			times++
		}
		if followed, err = follow(k, k.identity(), follower, followed); err != nil {
			t.Fatal(err)
		}
		k.equal(int(followed), w.seq, "the number of the last change")
		k.equal(follower, w.live, fmt.Sprintf("what the changes say after import %d", n))
		if t.Failed() {
			return
		}
	}
	if times < 15 {
		t.Errorf("only %d times was an export known", times)
	}
}

// follow applies the changes after a number, and returns that of the last one.
func follow(b base.Reader, of base.Identity, follower map[string]string, after base.Seq) (base.Seq, error) {
	for c, err := range b.Changes(context.Background(), of, after) {
		if err != nil {
			return after, err
		}
		if c.Seq != after+1 {
			return after, fmt.Errorf("change %d comes after %d", c.Seq, after)
		}
		after = c.Seq
		key := c.Record.Source + "/" + c.Record.ID
		_, live := follower[key]
		if live != (c.Kind == base.Updated || c.Kind == base.Closed) {
			return after, fmt.Errorf("change %d: %s is %s, and was live: %v", c.Seq, key, c.Kind, live)
		}
		if c.Kind == base.Closed {
			delete(follower, key)
			continue
		}
		follower[key] = strings.Trim(string(c.Record.Text), "{}")
	}
	return after, nil
}

// testDrift takes a source as it is years later, at the rates by which FINESS
// drifts: 7 % gone, 18 % new, of the rest a third renamed, 2 % of another
// category and 2 % elsewhere.
func testDrift(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	const n = 5000
	was := func(i int) string { return fmt.Sprintf("%05d=name %d, category %d, place %d", i, i, i%50, i) }
	var before, after []string
	changed := 0
	for i := range n {
		before = append(before, was(i))
		name, category, place := i, i%50, i
		switch {
		case i%100 < 7:
			continue
		case i%3 == 0:
			name += n
		}
		if i%50 == 7 {
			category = 50
		}
		if i%50 == 8 {
			place += n
		}
		now := fmt.Sprintf("%05d=name %d, category %d, place %d", i, name, category, place)
		if now != was(i) {
			changed++
		}
		after = append(after, now)
	}
	for i := range n * 18 / 100 {
		after = append(after, was(n+i))
	}
	k.equal(k.take(k.full("finess"), before...), base.Counts{Read: n, New: n}, "before")
	k.on += 5 * 365
	want := base.Counts{
		Read: n*93/100 + n*18/100, New: n * 18 / 100, Missing: n * 7 / 100,
		Updated: changed, Unchanged: n*93/100 - changed,
	}
	k.equal(k.take(k.full("finess"), after...), want, "years later")
	k.equal(len(k.live()), want.Read, "records")
	k.equal(k.take(k.full("finess"), after...), base.Counts{Read: want.Read, Unchanged: want.Read}, "the same again")
}

// testLarge imports more than a store writes at a time, and rolls it back.
func testLarge(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	text := make([]byte, base.MaxText)
	const n = 10
	put := func(i base.Import, fill byte) {
		t.Helper()
		for j := range n {
			text[0], text[len(text)-1] = fill, byte(j)
			if err := i.Put(base.Record{ID: fmt.Sprint(j), Text: text}); err != nil {
				t.Fatal(err)
			}
		}
	}
	none := k.begin(k.full("a"))
	put(none, 'c')
	if err := none.Rollback(); err != nil {
		t.Fatal(err)
	}
	k.equal(k.live(), []string(nil), "an empty base, after a rollback")
	first := k.begin(k.full("a"))
	put(first, 'a')
	if _, err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	second := k.begin(k.full("a"))
	put(second, 'b')
	check := func() {
		t.Helper()
		seen := 0
		s := k.snapshot()
		defer s.Close()
		for r, err := range s.Records(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if seen++; r.Text[0] != 'a' || r.ID != fmt.Sprint(r.Text[len(r.Text)-1]) {
				t.Errorf("record %s is of another import, or another record", r.ID)
			}
		}
		k.equal(seen, n, "records")
		k.equal(len(k.changes(0)), n, "changes")
	}
	check()
	if err := second.Rollback(); err != nil {
		t.Fatal(err)
	}
	check()
	third := k.begin(k.full("a"))
	put(third, 'a')
	counts, err := third.Commit()
	if err != nil {
		t.Fatal(err)
	}
	k.equal(counts, base.Counts{Read: n, Unchanged: n}, "the same as before what was rolled back")
}
