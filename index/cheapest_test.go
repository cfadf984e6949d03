package index

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index/twin"
)

// A pace is a way that always takes its floor, in minutes for each kilometre.
type pace float64

func (p pace) floor(d geo.Meters) time.Duration {
	return 3*time.Minute + time.Duration(float64(p)*d.Kilometers()*float64(time.Minute))
}

// wishesFor are random, of codes that others ask for.
func wishesFor(r *rand.Rand, offers []data.Offer) Wishes {
	w := Wishes{
		HoursCost: 15 * time.Minute, CommuneCost: 2 * time.Minute, BedsCost: time.Duration(1+r.IntN(3)) * 10 * time.Minute,
		HoursAge: Curve{Fresh: 365 * 24 * time.Hour, Old: 3 * 365 * 24 * time.Hour},
		BedsAge:  Curve{Fresh: time.Hour, Old: 24 * time.Hour},
		Beds:     Beds{AtLeast: r.IntN(2)},
		Ages:     data.AgeRange{Min: data.Age(r.IntN(30)) * data.AgeYear},
		AgesCost: time.Duration(r.IntN(2)) * 3 * time.Minute, NoAgeCost: time.Duration(r.IntN(2)) * 15 * time.Minute,
	}
	if r.IntN(2) == 0 {
		w.Ages.Before = w.Ages.Min + data.Age(1+r.IntN(60))*data.AgeYear
	}
	for range r.IntN(3) {
		if q := twin.Ask(r, offers); len(q.Codes) > 0 {
			w.Each = append(w.Each, Wish{Codes: q.Codes[0], Costs: time.Duration(r.IntN(20)) * time.Minute})
		}
	}
	return w
}

// codesFor is a code that many carry, of some that are asked for.
func codesFor(r *rand.Rand, offers []data.Offer) [][]data.Code {
	var best data.Code
	most := 0
	for range 30 {
		q := twin.Ask(r, offers)
		if len(q.Codes) == 0 {
			continue
		}
		code, n := q.Codes[0][0], 0
		for i := range offers {
			offers[i].EachCode(func(c data.Code, _ data.Class) {
				if c == code {
					n++
				}
			})
		}
		if n > most {
			best, most = code, n
		}
	}
	return [][]data.Code{{best}}
}

// costOf says what a hit costs, from its facts on arrival.
func costOf(t *testing.T, reader *Reader, w *Wishes, h Hit, q *Query, way Way) time.Duration {
	t.Helper()
	cost := (way.Floor(h.Distance) + time.Minute/2).Truncate(time.Minute)
	arrival := q.At.Add(cost)
	if way.Comes {
		arrival = q.At
	}
	f, err := reader.Facts(h, arrival)
	if err != nil {
		t.Fatal(err)
	}
	cost += doorCost(&f, w, q.At, arrival)
	if f.Beds == data.Yes && !f.BedsTold.IsZero() {
		cost += w.BedsAge.Of(w.BedsCost, q.At.Sub(f.BedsTold))
	} else {
		cost += w.BedsCost
	}
	for i := range w.Each {
		if f.Lacks>>i&1 == 1 {
			cost += w.Each[i].Costs
		}
	}
	if f.Quality <= data.AtCommune {
		cost += w.CommuneCost
	}
	return cost + agesCost(f.Ages, w)
}

// agesCost asks of the youngest that the patient may be, of the oldest, and of those
// whom the offer begins and ceases to receive.
func agesCost(received data.AgeRange, w *Wishes) time.Duration {
	if received == (data.AgeRange{}) {
		return 0
	}
	oldest := w.Ages.Before - 1
	if w.Ages.Before == 0 {
		oldest = 1000 * data.AgeYear
	}
	some, all := false, true
	for _, age := range []data.Age{w.Ages.Min, oldest, received.Min, received.Before - 1, received.Before} {
		if age >= w.Ages.Min && age <= oldest {
			is := received.Receives(age) == data.Yes
			some, all = some || is, all && is
		}
	}
	switch {
	case all:
		return 0
	case some:
		return w.AgesCost
	}
	return w.NoAgeCost
}

// doorCost is the least that may be asked for at a door: to wait until it may be open
// and be unsure of it, or until it is known to be.
func doorCost(f *Facts, w *Wishes, departure, arrival time.Time) time.Duration {
	until := func(t time.Time) time.Duration {
		return max((t.Sub(arrival) + time.Minute - 1).Truncate(time.Minute), 0)
	}
	old := w.HoursCost
	if f.Told != 0 {
		old = w.HoursAge.Of(w.HoursCost, departure.Sub(f.Told.UTC()))
	}
	least := time.Duration(15 * 24 * time.Hour)
	if f.Open == data.Yes {
		least = old
	}
	if f.Open == data.Unknown {
		least = w.HoursCost
	}
	if !f.MayOpen.IsZero() {
		least = until(f.MayOpen) + w.HoursCost
	}
	if !f.Opens.IsZero() {
		least = min(least, until(f.Opens)+old)
	}
	return least
}

// daysAsked are an ordinary Monday, eves of public holidays, and those of both changes
// of clocks.
var daysAsked = []time.Time{
	time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 7, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 13, 0, 0, 0, 0, time.UTC),
	time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC),
}

// A door is no longer shut than it is, also in the hours in which two weeks are an hour
// short because clocks are put forward.
func TestDoorsAcrossTheChangeOfClocks(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	closed := data.Period{From: data.NewDate(2026, 3, 1), To: data.NewDate(2026, 3, 29)}
	g, err := New(data.Memory{{
		ID: "closed", Hours: data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, To: data.Midnight}}, Closures: []data.Period{closed}},
		Places: []data.Place{{ID: "place", Point: geo.Point{Lat: 48.85, Lon: 2.35}, Quality: data.AtStreet}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{})
	defer view.Close()
	q := Query{Near: geo.Point{Lat: 48.9, Lon: 2.35}, At: time.Date(2026, 3, 15, 23, 30, 0, 0, paris)}
	way := Way{Floor: pace(8).floor} // there after midnight, from when on the day on which it opens is looked at
	wishes := Wishes{HoursCost: 15 * time.Minute}
	reader := view.Reader(wishes)
	lot, err := reader.Cheapest(q, way).Next(context.Background(), 1, AnyCost)
	if err != nil || len(lot.Hits) != 1 {
		t.Fatalf("%+v, %v", lot, err)
	}
	if cost := costOf(t, reader, &wishes, lot.Hits[0], &q, way); cost > 14*24*time.Hour || lot.Least > cost {
		t.Errorf("it costs %v, at least %v", cost, lot.Least)
	}
}

// Lots give what a search does, each offer once, in an order that no cost is below:
// for every viewer, and whatever becomes known meanwhile.
func TestCheapestHoldsNothingBack(t *testing.T) {
	worlds, rounds := 4, 60
	if testing.Short() {
		worlds, rounds = 2, 30
	}
	tight := 0
	for seed := range uint64(worlds) {
		offers := twin.World(500+seed, 1500)
		g, err := New(data.Memory(offers))
		if err != nil {
			t.Fatal(err)
		}
		guard := NewGuard(g)
		r := rand.New(rand.NewPCG(seed, 9))
		wishes, codes := wishesFor(r, offers), codesFor(r, offers) // the same under changes of what is live
		for i := range rounds {
			if i%15 == 14 {
				wishes, codes = wishesFor(r, offers), codesFor(r, offers)
			}
			if i%2 == 0 {
				g.now.Store(g.now.Load().with(someWith(r, g)))
			}
			asked := twin.Ask(r, offers)
			q := Query{Near: asked.Near, At: daysAsked[max(r.IntN(2*len(daysAsked))-len(daysAsked), 0)].Add(
				time.Duration(4+3*max(r.IntN(7)-3, 0))*time.Hour + time.Duration(r.IntN(15*60))*time.Second)}
			if r.IntN(2) == 0 {
				q.Codes = codes
			}
			way := Way{Floor: pace(1 + r.IntN(4)).floor, Comes: r.IntN(4) == 0}
			first := data.Profile(r.IntN(2))
			for _, profile := range []data.Profile{first, 1 - first} { // what one was told is not for the other
				view := guard.As(data.Viewer{Profile: profile})
				tight += sameAsSearch(t, view, wishes, q, way, 1+r.IntN(30))
				view.Close()
			}
			if t.Failed() {
				t.Fatalf("seed %d, round %d", seed, i)
			}
		}
	}
	if tight < 500 {
		t.Errorf("the least was what it costs %d times only", tight)
	}
}

// What was found in the tree of a code does not outlive a bed that becomes free.
func TestCheapestInTheTreeOfACode(t *testing.T) {
	offers := crowd(3000)
	for i := range offers {
		o := &offers[i]
		o.Field = data.FieldMedicoSoc
		for p := range o.Places {
			o.Places[p].Capacity = []data.Capacity{{Status: data.Available, Temporality: data.Current}}
		}
	}
	g, err := New(offers)
	if err != nil {
		t.Fatal(err)
	}
	code := g.codeList[g.refs[slices.IndexFunc(g.refs, func(r refRow) bool { return r.tree != 0 && len(g.trees[r.tree-1].Levels) > 0 })].code]
	guard := NewGuard(g)
	wishes := Wishes{BedsCost: 30 * time.Minute, BedsAge: Curve{Fresh: time.Hour, Old: 24 * time.Hour}}
	q := Query{Near: geo.Point{Lat: 46, Lon: 2}, At: time.Date(2026, 3, 2, 4, 5, 0, 0, time.UTC), Codes: [][]data.Code{{code}}}
	for round := range 2 {
		pages := allWith(g, int32(round))
		for _, p := range pages {
			for i := range p.beds {
				p.beds[i].updated = minuteOf(q.At)
			}
		}
		g.now.Store(g.now.Load().with(pages))
		view := guard.As(data.Viewer{Profile: 1})
		sameAsSearch(t, view, wishes, q, Way{Floor: pace(0.1).floor}, 5)
		lot, err := view.Reader(wishes).Cheapest(q, Way{Floor: pace(0.1).floor}).Next(context.Background(), 1, AnyCost)
		if err != nil || (lot.Least < 30*time.Minute) != (round == 1) {
			t.Errorf("round %d: the least is %v, %v", round, lot.Least, err)
		}
		view.Close()
	}
}

// A root that does not follow the one before, as after a restart of what feeds it, or
// beside another one, is not taken for it.
func TestRootsThatDoNotFollow(t *testing.T) {
	g, err := New(crowd(300))
	if err != nil {
		t.Fatal(err)
	}
	before := g.now.Load()
	one, other := before.with(map[int]*livePage{0: nil}), before.with(map[int]*livePage{0: nil})
	again := newLiveRoot(one.pages)
	for i := range one.turns {
		if one.turns[i] == other.turns[i] || again.turns[i] == one.turns[i] || again.turns[i] == other.turns[i] {
			t.Errorf("stretch %d: turns %d, %d and %d of different roots", i, one.turns[i], other.turns[i], again.turns[i])
		}
	}
}

// someWith frees or takes the beds of some pages, as told a few minutes ago.
func someWith(r *rand.Rand, g *Generation) map[int]*livePage {
	pages := make(map[int]*livePage)
	for i, p := range g.now.Load().pages {
		if p == nil || r.IntN(3) > 0 {
			continue
		}
		next := &livePage{beds: slices.Clone(p.beds), hours: p.hours}
		for j := range next.beds {
			next.beds[j].number = int32(r.IntN(3))
			next.beds[j].updated = minuteOf(time.Date(2026, 3, 2, 3, r.IntN(60), 0, 0, time.UTC))
		}
		next.start()
		pages[i] = next
	}
	return pages
}

// sameAsSearch returns how often the least was the very cost.
func sameAsSearch(t *testing.T, view *View, wishes Wishes, q Query, way Way, size int) (tight int) {
	t.Helper()
	ring, err := view.Search(q).Next(context.Background(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []data.ID
	for i := range ring.Hits {
		want = append(want, ring.Hits[i].ID)
	}
	reader := view.Reader(wishes)
	search := reader.Cheapest(q, way)
	var before Lot
	for {
		lot, err := search.Next(context.Background(), size, AnyCost)
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range lot.Hits {
			got = append(got, h.ID)
			cost := costOf(t, reader, &wishes, h, &q, way)
			if cost < before.Least {
				t.Errorf("%s costs %v, and stands after what may cost %v", h.ID, cost, before.Least)
			}
			if i == len(lot.Hits)-1 && cost == lot.Least {
				tight++
			}
		}
		if n := len(lot.Hits); n > 0 && len(before.Hits) > 0 && lot.Least == before.Least {
			last, first := &before.Hits[len(before.Hits)-1], &lot.Hits[0]
			if cmp.Or(cmp.Compare(last.Distance, first.Distance), cmp.Compare(last.ID, first.ID)) > 0 {
				t.Errorf("%s stands after %s, which is farther", first.ID, last.ID)
			}
		}
		if lot.Last {
			break
		}
		before = lot
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%d offers in lots of %d, %d in a ring: %+v", len(got), size, len(want), q)
	}
	return tight
}

// What may cost more than a limit is not given, and all that costs no more is: the
// first time and when what is below each box is known.
func TestCheapestUpToACost(t *testing.T) {
	offers := twin.World(77, 5000) // more than one stretch that is gone through together
	g, err := New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{Profile: 1})
	defer view.Close()
	r := rand.New(rand.NewPCG(77, 0))
	for i := range 40 {
		wishes := wishesFor(r, offers)
		reader := view.Reader(wishes)
		q := Query{Near: twin.Ask(r, offers).Near, At: time.Date(2026, 3, 2, r.IntN(24), 0, 0, 0, time.UTC)}
		way := Way{Floor: pace(2).floor, Longest: time.Duration(r.IntN(300)) * time.Minute}
		most := time.Duration(r.IntN(200)) * time.Minute
		lot, err := reader.Cheapest(q, way).Next(context.Background(), 1<<20, AnyCost)
		if err == nil {
			lot, err = reader.Cheapest(q, way).Next(context.Background(), 1<<20, most)
		}
		if err != nil {
			t.Fatal(err)
		}
		ring, err := view.Search(q).Next(context.Background(), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		given := make(map[data.ID]bool)
		for _, h := range lot.Hits {
			given[h.ID] = true
			if way.Longest > 0 && way.Floor(h.Distance) > way.Longest+time.Second {
				t.Errorf("question %d: %s is %v away, of %v", i, h.ID, way.Floor(h.Distance), way.Longest)
			}
		}
		for _, h := range ring.Hits {
			within := way.Longest == 0 || way.Floor(h.Distance) <= way.Longest
			if cost := costOf(t, reader, &wishes, h, &q, way); within && cost <= most && !given[h.ID] {
				t.Errorf("question %d: %s costs %v, of %v, and is not given", i, h.ID, cost, most)
			}
		}
	}
}
