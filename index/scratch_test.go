package index

import (
	"context"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index/twin"
)

// What lies idle for the next question holds nothing of the last one.
func TestScratchLetsGoOfTheQuestion(t *testing.T) {
	g, err := New(data.Memory(twin.World(11, 300)))
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{})
	defer view.Close()
	q := Query{Near: geo.Point{Lat: 45, Lon: 2}}
	ctx := context.Background()
	for name, ask := range map[string]func() error{
		"Nearest": func() error { _, err := view.Nearest(ctx, q, 5); return err },
		"Search":  func() error { _, err := view.Search(q).Next(ctx, 5); return err },
		"Cells":   func() error { _, err := view.Cells(q, Bounds{South: 40, North: 50, East: 5}, 5); return err },
		"Cheapest": func() error {
			way := Way{Floor: func(geo.Meters) time.Duration { return 0 }}
			_, err := view.Reader(Wishes{}).Cheapest(q, way).Next(ctx, 5, AnyCost)
			return err
		},
	} {
		if err := ask(); err != nil {
			t.Fatal(name, err)
		}
		s := g.scratches.Get().(*scratch)
		if s.search.view != nil || s.compiled.g != nil || s.walk.search != nil || s.walk.compiled != nil || s.cells.compiled != nil || s.cheapest.of != nil {
			t.Errorf("%s: the question is held", name)
		}
		g.scratches.Put(s)
	}
}
