package index

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"boussole/data"
	"boussole/geo"
)

// numbered is a generation whose offers say its number, and how many times it
// has closed.
func numbered(t testing.TB, number int) (*Generation, *atomic.Int64) {
	t.Helper()
	place := []data.Place{{Quality: data.AtStreet, Point: geo.Point{Lat: 48, Lon: float64(number%100) / 100}}}
	g, err := New(data.Memory{
		{ID: "a", Name: fmt.Sprint(number), Places: place},
		{ID: "b", Name: fmt.Sprint(number), Places: place},
	})
	if err != nil {
		t.Fatal(err)
	}
	closed := new(atomic.Int64)
	g.closers = append(g.closers, func() { closed.Add(1) })
	return g, closed
}

func name(t testing.TB, v *View) string {
	t.Helper()
	o, err := v.Get("a")
	if err != nil {
		t.Error(err)
	}
	return o.Name
}

// A generation closes once: when it is not served, and after its last view.
func TestOldGenerationClosesAfterItsLastView(t *testing.T) {
	cases := []struct {
		name  string
		views int   // that are open when it is swapped out
		order []int // in which they are closed
	}{
		{"no view", 0, nil},
		{"one view", 1, []int{0}},
		{"several views", 3, []int{0, 1, 2}},
		{"several views, backwards", 3, []int{2, 1, 0}},
		{"views closed twice over", 2, []int{0, 0, 0, 1, 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			old, closed := numbered(t, 1)
			guard := NewGuard(old)
			if guard.As(data.Viewer{}).Close(); closed.Load() != 0 {
				t.Fatal("closed while it was served")
			}
			views := make([]*View, c.views)
			for i := range views {
				views[i] = guard.As(data.Viewer{})
			}
			next, nextClosed := numbered(t, 2)
			guard.Swap(next)
			open := make(map[int]bool)
			for i := range views {
				open[i] = true
			}
			for _, i := range append([]int{-1}, c.order...) {
				if i >= 0 {
					views[i].Close()
					delete(open, i)
				}
				for j := range open {
					if got := name(t, views[j]); got != "1" {
						t.Errorf("view %d answers from generation %s", j, got)
					}
				}
				want := Held{Views: len(open)}
				if len(open) > 0 {
					want.Retired = 1
				}
				if done := closed.Load() == 1; done != (len(open) == 0) || guard.Held() != want {
					t.Errorf("%d views open: closed %d times, %+v", len(open), closed.Load(), guard.Held())
				}
			}
			last := guard.As(data.Viewer{})
			if got := name(t, last); got != "2" {
				t.Errorf("a view after the swap answers from generation %s", got)
			}
			last.Close()
			if nextClosed.Load() != 0 || guard.Held() != (Held{}) {
				t.Errorf("the one that is served closed %d times, %+v", nextClosed.Load(), guard.Held())
			}
		})
	}
}

// The race between finding a generation and counting a view on it, lost on
// purpose: what has closed cannot be pinned any more.
func TestClosedGenerationIsNotPinned(t *testing.T) {
	old, closed := numbered(t, 1)
	guard := NewGuard(old)
	found := guard.current.Load()
	next, _ := numbered(t, 2)
	guard.Swap(next)
	if found.pin() || closed.Load() != 1 {
		t.Errorf("pinned a generation that closed %d times", closed.Load())
	}
}

// Under the race detector, closing writes what asking reads.
func TestViewsWhileGenerationsAreSwapped(t *testing.T) {
	const swaps = 300
	first, firstClosed := numbered(t, 0)
	all := []*atomic.Int64{firstClosed}
	spoil := func(g *Generation) { g.closers = append(g.closers, func() { g.ids, g.parts = idTable{}, nil }) }
	spoil(first)
	guard := NewGuard(first)
	var done atomic.Bool
	var asked atomic.Int64
	var wait sync.WaitGroup
	for worker := range 2 * runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for !done.Load() && !t.Failed() {
				view := guard.As(data.Viewer{Profile: data.Profile(worker % data.Profiles)})
				one := name(t, view)
				ring, err := view.Search(Query{}).Next(context.Background(), 2)
				if err != nil || len(ring.Hits) != 2 {
					t.Errorf("%+v, %v", ring, err)
					return
				}
				other, err := view.Offer(ring.Hits[1])
				if err != nil || other.Name != one {
					t.Errorf("one view answers from generations %s and %s: %v", one, other.Name, err)
				}
				if worker%2 == 0 {
					runtime.Gosched() // a swap may come between
				}
				view.Close()
				asked.Add(1)
			}
		})
	}
	for i := 1; i <= swaps; i++ {
		g, closed := numbered(t, i)
		spoil(g)
		all = append(all, closed)
		guard.Swap(g)
		for before := asked.Load(); asked.Load() == before && !t.Failed(); {
			runtime.Gosched()
		}
	}
	done.Store(true)
	wait.Wait()
	for i, closed := range all {
		if want := int64(1); i < swaps && closed.Load() != want || i == swaps && closed.Load() != 0 {
			t.Errorf("generation %d of %d closed %d times", i, swaps, closed.Load())
		}
	}
	if held := guard.Held(); held != (Held{}) {
		t.Errorf("at the end %+v", held)
	}
	t.Logf("%d views across %d swaps", asked.Load(), swaps)
}

// panics returns what f panics with.
func panics(f func()) (fault string) {
	defer func() {
		if r := recover(); r != nil {
			fault = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

func TestClosedViewIsNotAsked(t *testing.T) {
	g, _ := numbered(t, 1)
	guard := NewGuard(g)
	view := guard.As(data.Viewer{})
	search := view.Search(Query{})
	ring, err := search.Next(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	view.Close()
	for name, use := range map[string]func(){
		"Search": func() { view.Search(Query{}) },
		"Next":   func() { search.Next(context.Background(), 1) },
		"Count":  func() { view.Count(Query{}) },
		"Get":    func() { view.Get("a") },
		"Offer":  func() { view.Offer(ring.Hits[0]) },
		"Check":  func() { view.Check("a", Query{}) },
		"Basis":  func() { view.Basis() },
		"a view of no guard": func() {
			new(View).Get("a")
		},
	} {
		if fault := panics(use); !strings.Contains(fault, "after it was closed") {
			t.Errorf("%s: %q", name, fault)
		}
	}
}

// A second guard would close what the first still serves.
func TestGenerationIsGuardedOnce(t *testing.T) {
	g, _ := numbered(t, 1)
	guard := NewGuard(g)
	for name, again := range map[string]func(){
		"another guard":  func() { NewGuard(g) },
		"the same guard": func() { guard.Swap(g) },
	} {
		if fault := panics(again); !strings.Contains(fault, "guarded before") {
			t.Errorf("%s: %q", name, fault)
		}
	}
}

// The hit of one view is not taken for another offer in another generation.
func TestHitOfAnotherGeneration(t *testing.T) {
	of := func(ids ...data.ID) *View {
		var offers data.Memory
		for _, id := range ids {
			offers = append(offers, data.Offer{ID: id, Places: []data.Place{{Quality: data.AtStreet}}})
		}
		g, err := New(offers)
		if err != nil {
			t.Fatal(err)
		}
		return NewGuard(g).As(data.Viewer{})
	}
	ring, err := of("a", "b").Search(Query{}).Next(context.Background(), 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []*View{of("b"), of("0", "1"), of()} {
		for _, h := range ring.Hits {
			if o, err := other.Offer(h); err != ErrNotFound {
				t.Errorf("the hit of %s reads as %q, %v", h.ID, o.ID, err)
			}
		}
	}
}

func BenchmarkView(b *testing.B) {
	g, _ := numbered(b, 1)
	guard := NewGuard(g)
	b.Run("one after the other", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			guard.As(data.Viewer{}).Close()
		}
	})
	b.Run("at the same time", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				guard.As(data.Viewer{}).Close()
			}
		})
	})
}
