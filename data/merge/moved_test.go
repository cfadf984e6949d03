package merge_test

import (
	"io"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
)

// state is a base, and what came of it.
type state struct {
	records held
	members map[merge.RecordKey]merge.Name
	links   *merge.Links
}

func (h held) state(t testing.TB, replaced map[string]string) state {
	_, links := anew(t, h, replaced)
	return state{maps.Clone(h), links.Members(), links}
}

// of returns the records of an offer, in order.
func (s state) of(n merge.Name) (keys []merge.RecordKey) {
	for _, k := range s.records.keys() {
		if s.members[k] == n {
			keys = append(keys, k)
		}
	}
	return keys
}

// classOf returns who may know of the offer that has an id.
func (s state) classOf(id data.ID) (data.Class, bool) {
	for _, n := range s.members {
		if n.ID == id {
			return n.Class, true
		}
	}
	return 0, false
}

func seenBy(c data.Class) (profiles int) {
	for p := range data.Profile(data.Profiles) {
		if (data.Viewer{Profile: p}).Mask().Sees(c) {
			profiles |= 1 << p
		}
	}
	return profiles
}

// allSee reports whether everybody who may know of the one class may of the other.
func allSee(who, what data.Class) bool { return seenBy(who)&^seenBy(what) == 0 }

// movedTwin says what became of one offer by a loop over everything.
func movedTwin(was merge.Name, before, now state) (merge.Name, bool) {
	var at, named []merge.Name
	widest := 0
	for _, k := range before.of(was) {
		if n, live := now.members[k]; live && allSee(n.Class, was.Class) {
			widest |= seenBy(n.Class)
		}
	}
	for _, k := range before.of(was) {
		n, live := now.members[k]
		if !live || !allSee(n.Class, was.Class) || seenBy(n.Class) != widest {
			continue
		}
		at = append(at, n)
		if before.records[k].ID == was.ID {
			named = append(named, n)
		}
	}
	if len(named) > 0 {
		at = named
	}
	if len(at) == 0 || slices.ContainsFunc(at, func(n merge.Name) bool { return n != at[0] }) {
		return merge.Name{}, false
	}
	class, has := now.classOf(was.ID)
	if is := (merge.Name{ID: was.ID, Class: class}); has && (is == was || is != at[0] && allSee(at[0].Class, class)) {
		return merge.Name{}, false
	}
	return at[0], true
}

// byTwin returns the first record of an offer that is in another one now, of those that
// had its id if there are such.
func byTwin(was, to merge.Name, before, now state) (by merge.RecordKey) {
	named := false
	for _, k := range before.of(was) {
		own := before.records[k].ID == was.ID
		if now.members[k] == to && (by == merge.RecordKey{} || own && !named) {
			by, named = k, own
		}
	}
	return by
}

func movesTwin(before, now state) (moves []merge.Move) {
	asked := make(map[merge.Name]bool)
	for _, was := range before.members {
		if asked[was] {
			continue
		}
		asked[was] = true
		if _, live := now.classOf(was.ID); live && slices.Contains(slices.Collect(maps.Values(now.members)), was) {
			continue
		}
		if to, found := movedTwin(was, before, now); found {
			moves = append(moves, merge.Move{From: was, To: to, By: byTwin(was, to, before, now)})
		}
	}
	slices.SortFunc(moves, func(a, b merge.Move) int { return a.From.Compare(b.From) })
	return moves
}

// shown is a base without what a viewer may not know of; what its own base has replaced
// is no record any more, whoever may see it.
func (s state) shown(t testing.TB, v data.Viewer, replaced map[string]string) state {
	h := make(held)
	for k, n := range s.members {
		if v.Mask().Sees(n.Class) {
			h[k] = s.records[k]
		}
	}
	return h.state(t, replaced)
}

// seen are the moves between offers that a viewer may know of.
func seen(moves []merge.Move, v data.Viewer) (list []merge.Move) {
	for _, m := range moves {
		if v.Mask().Sees(m.From.Class) && v.Mask().Sees(m.To.Class) {
			list = append(list, m)
		}
	}
	return list
}

// What has moved is what a loop over all records says, to an update as to merging anew,
// and for each viewer what merging only what they may know of would have said.
func TestMovedIsWhatRecordsSay(t *testing.T) {
	worlds := 16
	if testing.Short() {
		worlds = 8
	}
	var moved, narrowed, public, quiet int
	for seed := range worlds {
		l := land{world: world{rand.New(rand.NewPCG(uint64(seed), 23))}, towns: 3}
		h := make(held)
		for range 20 + l.IntN(20) {
			l.add(h)
		}
		replaced := l.replaced()
		before := h.state(t, replaced)
		for step := range 8 {
			changed := l.delta(h)
			if l.IntN(2) == 0 {
				changed = append(changed, l.turn(h)...)
			}
			d := merge.New(intake.NewLedger(io.Discard))
			d.Replaced = replaced
			u, err := d.Update(t.Context(), before.links, h, changed)
			if err != nil {
				t.Fatal(err)
			}
			now := h.state(t, replaced)
			want := movesTwin(before, now)
			if !reflect.DeepEqual(u.Moved, want) {
				t.Fatalf("world %d, step %d: an update moves %v, want %v", seed, step, u.Moved, want)
			}
			if whole := merge.Moved(before.links, now.links); !reflect.DeepEqual(whole, want) {
				t.Fatalf("world %d, step %d: merging anew moves %v, want %v", seed, step, whole, want)
			}
			if renamed := renamedTwin(before, now); renamed && !u.Renamed() {
				t.Fatalf("world %d, step %d: somebody is called otherwise, and an update does not say so", seed, step)
			}
			quiet += truth(!u.Renamed())
			for _, p := range []data.Profile{0, data.Profile(2 + l.IntN(4))} {
				v := data.Viewer{Profile: p}
				alone := merge.Moved(before.shown(t, v, replaced).links, now.shown(t, v, replaced).links)
				if with := seen(want, v); !slices.Equal(with, alone) {
					t.Fatalf("world %d, step %d, profile %d: with what is hidden %v, without it %v", seed, step, p, with, alone)
				}
			}
			moved += len(want)
			public += len(seen(want, data.Viewer{}))
			for _, m := range want {
				narrowed += truth(m.From.Class != m.To.Class)
			}
			before = now
		}
	}
	t.Logf("%d moves, of which the public sees %d; %d to what fewer may know of; after %d steps all are called as they were", moved, public, narrowed, quiet)
	if public < worlds/2 || moved == public || narrowed == 0 || quiet == 0 {
		t.Error("too little is shown")
	}
}

// renamedTwin says whether anybody is called otherwise.
func renamedTwin(before, now state) bool {
	return !maps.Equal(before.members, now.members) || !maps.EqualFunc(before.records, now.records, func(a, b data.Offer) bool { return a.ID == b.ID })
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// turn makes a record one for others to know of.
func (l *land) turn(h held) []merge.RecordKey {
	k := one(l.world, h.keys()...)
	o := h[k]
	o.Sensitive, o.Updated = !o.Sensitive, o.Updated+1
	h[k] = o
	return []merge.RecordKey{k}
}
