package ranking_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/timertest"
	"boussole/index"
	"boussole/index/indextest"
	"boussole/index/twin"
	"boussole/ranking"
)

// winding is a timer whose roads take one to six times what its floor says, a
// few of them leading nowhere, and whose floor is one for each origin: the
// hardest that keeps the promise of a timer.
type winding struct {
	seed        uint64
	unreachable int // of a hundred
	asked       *int
}

// Floor is half a minute to two and a half for each kilometre.
func (w winding) Floor(from geo.Point, d geo.Meters) time.Duration {
	pace := float64(30*time.Second) * float64(1+w.hash(from)%5)
	return time.Duration(min(d.Kilometers(), 20_016) * pace)
}

func (winding) Name() (string, string) { return "car", "winding" }

func (w winding) Times(_ context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	travels := make([]geo.Travel, len(to))
	for i, p := range to {
		travels[i] = w.time(from, p)
		if w.asked != nil {
			*w.asked++
		}
	}
	return travels, nil
}

// time is the same whenever it is asked for, and the floor itself for some.
func (w winding) time(from, to geo.Point) geo.Travel {
	n := w.hash(to)
	bends := 1 + float64(n%6)*float64(n/6%100)/99
	return geo.Travel{
		Time:      time.Duration(float64(w.Floor(from, geo.Distance(from, to))) * bends),
		Reachable: int(n/600%100) >= w.unreachable,
	}
}

func (w winding) hash(p geo.Point) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, w.seed, p)
	return h.Sum64()
}

func TestWindingIsATimer(t *testing.T) {
	timertest.Run(t, winding{seed: 1, unreachable: 5})
}

// exhaustive prices every offer that the twin finds.
func exhaustive(offers []data.Offer, profile int, q twin.Question, timer winding, k int) []ranking.Choice {
	byID := make(map[data.ID]*data.Offer, len(offers))
	for i := range offers {
		byID[offers[i].ID] = &offers[i]
	}
	var choices []ranking.Choice
	for _, a := range twin.Nearest(offers, profile, q) {
		point := byID[a.ID].Places[a.Place].Point
		hit := index.Hit{ID: a.ID, Place: a.Place, Point: point, Distance: geo.Distance(q.Near, point)}
		if travel := timer.time(q.Near, point); travel.Reachable {
			choices = append(choices, ranking.Choice{Hit: hit, Travel: travel, Cost: travel.Time})
		}
	}
	slices.SortFunc(choices, func(a, b ranking.Choice) int { return a.Compare(&b) })
	return choices[:min(k, len(choices))]
}

// guarded guards offers, and expects that every view is closed at the end.
func guarded(t testing.TB, offers []data.Offer) *index.Guard {
	t.Helper()
	g, err := index.New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	guard := index.NewGuard(g)
	t.Cleanup(func() {
		if held := guard.Held(); held != (index.Held{}) {
			t.Errorf("at the end %+v", held)
		}
	})
	return guard
}

// find asks as a profile, through a view of its own.
func find(ctx context.Context, f ranking.Finder, guard *index.Guard, profile int, q index.Query, k int) (ranking.Answer, error) {
	view := guard.As(data.Viewer{Profile: data.Profile(profile)})
	defer view.Close()
	return f.Find(ctx, view, q, k)
}

// Stopping early loses nothing: the same choices as when all are priced.
func TestFindIsExhaustivePricing(t *testing.T) {
	worlds, questions := 10, 500
	if testing.Short() {
		worlds, questions = 2, 50
	}
	priced, suitable := 0, 0
	for seed := range uint64(worlds) {
		offers := twin.World(seed, 600)
		f := ranking.Finder{Timer: winding{seed: seed, unreachable: 5, asked: &priced}}
		guard := guarded(t, offers)
		for i := range questions {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			q, profile, k := twin.Ask(r, offers), r.IntN(data.Profiles), 1+r.IntN(12)
			got, err := find(context.Background(), f, guard, profile, indextest.Query(q), k)
			if err != nil {
				t.Fatal(err)
			}
			want := exhaustive(offers, profile, q, winding{seed: seed, unreachable: 5}, k)
			if !got.Complete {
				t.Fatalf("seed %d, question %d: not complete", seed, i)
			}
			if !slices.EqualFunc(got.Choices, want, func(a, b ranking.Choice) bool {
				return a.ID == b.ID && a.Place == b.Place && a.Distance == b.Distance && a.Travel == b.Travel
			}) {
				t.Fatalf("seed %d, question %d: %d choices\n%+v\nwant\n%+v", seed, i, k, got.Choices, want)
			}
			suitable += len(twin.Nearest(offers, profile, q))
		}
	}
	t.Logf("%d of %d suitable offers were priced", priced, suitable)
	if priced >= suitable {
		t.Errorf("%d offers priced of %d: the search never stopped early", priced, suitable)
	}
}

// With Straight, soonest is nearest.
func TestStraightIsNearestFirst(t *testing.T) {
	offers := twin.World(1, 2000)
	guard := guarded(t, offers)
	for i := range 300 {
		q := twin.Ask(rand.New(rand.NewPCG(9, uint64(i))), offers)
		got, err := find(context.Background(), ranking.Finder{}, guard, 0, indextest.Query(q), 10)
		if err != nil {
			t.Fatal(err)
		}
		want := twin.Nearest(offers, 0, q)
		want = want[:min(10, len(want))]
		if !slices.EqualFunc(got.Choices, want, func(a ranking.Choice, b twin.Answer) bool { return a.ID == b.ID }) {
			t.Fatalf("question %d: %+v, want %+v", i, got.Choices, want)
		}
	}
}

// Without a timer the times are those of the density and of the département where
// the way begins, and never of where it leads.
func TestTimesAreByTheGroundOfTheOrigin(t *testing.T) {
	city, desert := geo.Point{Lat: 48.853, Lon: 2.3499}, geo.Point{Lat: 44.426, Lon: 3.739}
	var offers []data.Offer
	for i, p := range []geo.Point{city, desert} {
		offers = append(offers, data.Offer{ID: data.NewID("o", fmt.Sprint(i)), Places: []data.Place{{Point: p, Quality: data.AtStreet}}})
	}
	km := geo.Distance(city, desert).Kilometers()
	for _, c := range []struct {
		from       geo.Point
		near, away float64 // minutes
	}{{city, 7.814, 7.814 + 1.0173*km}, {desert, 1.246 * 2.676, 1.246 * (2.676 + 1.3503*km)}} {
		got, err := find(context.Background(), ranking.Finder{}, guarded(t, offers), 0, index.Query{Near: c.from}, 2)
		if err != nil || len(got.Choices) != 2 {
			t.Fatal(got.Choices, err)
		}
		near, away := got.Choices[0].Travel.Time.Minutes(), got.Choices[1].Travel.Time.Minutes()
		if math.Abs(near-c.near) > 1e-6 || math.Abs(away-c.away) > 1e-6 {
			t.Errorf("from %v: %v and %v min, want %v and %v", c.from, near, away, c.near, c.away)
		}
	}
}

// counting counts the offers that are priced.
type counting struct {
	geo.TravelTimer
	asked *int
}

func (c counting) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	*c.asked += len(to)
	return c.TravelTimer.Times(ctx, from, to)
}

// The floor is as high as it can be for the origin, so a search by Straight
// stops at its first ring. A floor true of every class would read on for all
// offers that are less than some minutes from the tenth.
func TestStraightStopsAtTheFirstRing(t *testing.T) {
	desert := geo.Point{Lat: 44.426, Lon: 3.739}
	for _, from := range []geo.Point{{Lat: 48.853, Lon: 2.3499}, desert} {
		var offers []data.Offer
		for i := range 2000 { // ten metres from one to the next
			p := geo.Point{Lat: from.Lat + float64(i)/10_000, Lon: from.Lon}
			offers = append(offers, data.Offer{ID: data.NewID("o", fmt.Sprint(i)), Places: []data.Place{{Point: p, Quality: data.AtStreet}}})
		}
		asked := 0
		f := ranking.Finder{Timer: counting{geo.Straight{Ground: gazetteer.GroundAt}, &asked}}
		got, err := find(context.Background(), f, guarded(t, offers), 0, index.Query{Near: from}, 10)
		if err != nil || !got.Complete || asked > 17 {
			t.Errorf("from %v: %d offers were priced for ten (complete: %v, %v)", from, asked, got.Complete, err)
		}
	}
}

// A spent budget is said, and is not mistaken for the end.
func TestBudget(t *testing.T) {
	var offers []data.Offer
	for i := range 300 { // all at one point, by a winding road: the floor never settles it before all are read
		offers = append(offers, data.Offer{
			ID:     data.NewID("o", fmt.Sprint(i)),
			Places: []data.Place{{Point: geo.Point{Lat: 45, Lon: 3}, Quality: data.AtStreet}},
		})
	}
	cases := []struct {
		budget   int
		complete bool
	}{{1, false}, {50, false}, {299, false}, {300, false}, {301, true}, {0, true}}
	guard := guarded(t, offers)
	for _, c := range cases {
		asked := 0
		f := ranking.Finder{Timer: winding{asked: &asked}, Budget: c.budget}
		got, err := find(context.Background(), f, guard, 0, index.Query{Near: geo.Point{Lat: 45.1, Lon: 3}}, 5)
		if err != nil {
			t.Fatal(err)
		}
		if got.Complete != c.complete || c.budget > 0 && asked > c.budget {
			t.Errorf("budget %d: complete %v after %d prices", c.budget, got.Complete, asked)
		}
	}
}

// broken breaks its word in one way or another.
type broken struct {
	geo.Straight
	travels []geo.Travel
	err     error
}

func (b broken) Times(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) {
	return b.travels, b.err
}

func TestTimerThatFails(t *testing.T) {
	guard := guarded(t, twin.World(1, 50))
	down := errors.New("the router is down")
	if _, err := find(context.Background(), ranking.Finder{Timer: broken{err: down}}, guard, 0, index.Query{}, 3); !errors.Is(err, down) {
		t.Errorf("a router that is down: %v", err)
	}
	few := ranking.Finder{Timer: broken{travels: make([]geo.Travel, 1)}}
	if _, err := find(context.Background(), few, guard, 0, index.Query{}, 3); err == nil {
		t.Error("too few times went unnoticed")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := find(ctx, ranking.Finder{}, guard, 0, index.Query{}, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func BenchmarkFind(b *testing.B) {
	offers := twin.World(1, 30_000)
	guard := guarded(b, offers)
	gazetteer.DensityAt(geo.Point{}) // its tables are made once
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		near := offers[i%len(offers)].Places
		q := index.Query{Near: geo.Point{Lat: 46 + float64(i%100)/100, Lon: 2}}
		if len(near) > 0 {
			q.Near = near[0].Point
		}
		if _, err := find(context.Background(), ranking.Finder{}, guard, 0, q, 10); err != nil {
			b.Fatal(err)
		}
	}
}
