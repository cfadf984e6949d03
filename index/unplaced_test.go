package index_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/indextest"
	"boussole/index/twin"
)

// What suits is found by its place or has none: the two lists are disjoint, and
// together all that is counted.
func TestUnplacedIsTheRest(t *testing.T) {
	found, placed := 0, 0
	for seed := range uint64(4) {
		offers := twin.World(300+seed, 400)
		g, err := index.New(data.Memory(offers))
		if err != nil {
			t.Fatal(err)
		}
		guard := index.NewGuard(g)
		for i := range 60 {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			q := indextest.Query(twin.Ask(r, offers))
			q.Near, q.Within = geo.Point{Lat: 46, Lon: 2}, 0
			if q.Travels == "" {
				q.Travels = "75056"
			}
			if i%2 == 0 { // of which there are many
				q = index.Query{Near: q.Near, Travels: q.Travels, At: q.At, Open: q.Open}
			}
			view := guard.As(data.Viewer{Profile: data.Profile(r.IntN(data.Profiles))})
			near, err := view.Search(q).Next(context.Background(), 1000)
			if err != nil {
				t.Fatal(err)
			}
			ids := map[data.ID]bool{}
			for _, h := range near.Hits {
				ids[h.ID] = true
			}
			var last data.ID
			all := view.Unplaced(q, 1000)
			for _, h := range all {
				_, failed, err := view.Check(string(h.ID), q)
				if err != nil || failed == 0 || len(failed.Names()) > 1 || ids[h.ID] || h.ID <= last || !math.IsInf(float64(h.Distance), 1) {
					t.Fatalf("seed %d, question %d: %+v fails %v (%v), found by its place: %v, after %s", seed, i, h, failed.Names(), err, ids[h.ID], last)
				}
				if o, err := view.Offer(h); err != nil || o.ID != h.ID {
					t.Fatalf("reading %s: %v", h.ID, err)
				}
				last = h.ID
			}
			if count := view.Count(q); len(all)+len(near.Hits) != count {
				t.Fatalf("seed %d, question %d: %d without a place and %d with one, of %d: %+v", seed, i, len(all), len(near.Hits), count, q)
			}
			if few := view.Unplaced(q, 2); len(few) != min(2, len(all)) || len(few) > 0 && few[0].ID != all[0].ID {
				t.Fatalf("the first two of %d: %+v", len(all), few)
			}
			found, placed = found+len(all), placed+len(near.Hits)
			view.Close()
		}
	}
	if found < 50 || placed < 50 {
		t.Errorf("%d without a place, %d with one", found, placed)
	}
	if g, err := index.New(data.Memory{{ID: "a"}}); err != nil || len(index.NewGuard(g).As(data.Viewer{}).Unplaced(index.Query{}, 9)) != 0 {
		t.Errorf("of who goes anywhere: %v", err)
	}
}

// Who is hidden is not told of, however they can be reached.
func TestUnplacedIsGuarded(t *testing.T) {
	goes := []data.Zone{{Kind: data.ZoneCommune, Code: "75056"}}
	g, err := index.New(data.Memory{{ID: "open", Zones: goes}, {ID: "hidden", Zones: goes, Sensitive: true}, {ID: "person", Zones: goes, Personal: true, Practices: []data.Practice{{Family: "A"}}}})
	if err != nil {
		t.Fatal(err)
	}
	guard := index.NewGuard(g)
	for profile, want := range map[data.Profile]int{0: 1, 1: 3, 4: 1} {
		view := guard.As(data.Viewer{Profile: profile})
		if got := view.Unplaced(index.Query{Travels: "75056"}, 9); len(got) != want {
			t.Errorf("to profile %d: %+v", profile, got)
		}
		view.Close()
	}
}
