package ranking_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/twin"
	"boussole/ranking"
)

// winding is a timer whose roads take one to six times what its floor says, a
// few of them leading nowhere: the hardest that keeps the promise of a timer.
type winding struct {
	seed        uint64
	unreachable int // of a hundred
	asked       *int
}

const pace = time.Minute // for each kilometre

func (w winding) Floor(d geo.Meters) time.Duration {
	return time.Duration(d.Kilometers() * float64(pace))
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
	h := fnv.New64a()
	fmt.Fprint(h, w.seed, to)
	n := h.Sum64()
	bends := 1 + float64(n%6)*float64(n/6%100)/99
	return geo.Travel{
		Time:      time.Duration(float64(w.Floor(geo.Distance(from, to))) * bends),
		Reachable: int(n/600%100) >= w.unreachable,
	}
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
			choices = append(choices, ranking.Choice{Hit: hit, Travel: travel})
		}
	}
	slices.SortFunc(choices, ranking.Choice.Compare)
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

func query(q twin.Question) index.Query {
	return index.Query{
		Near: q.Near, Within: q.Within, Codes: q.Codes, Departements: q.Departements,
		Age: q.Age, Open: index.OpenRule(q.Open), At: q.At,
	}
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
			got, err := find(context.Background(), f, guard, profile, query(q), k)
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
		got, err := find(context.Background(), ranking.Finder{}, guard, 0, query(q), 10)
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

// A spent budget is said, and is not mistaken for the end.
func TestBudget(t *testing.T) {
	var offers []data.Offer
	for i := range 300 { // all at one point: the floor never settles it before all are read
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
		got, err := find(context.Background(), f, guard, 0, index.Query{Near: geo.Point{Lat: 45, Lon: 3}}, 5)
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
