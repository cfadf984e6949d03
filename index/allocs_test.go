//go:build !race

package index_test

import (
	"context"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/twin"
)

// A question for the nearest takes three pieces of memory: the view, the hits and the
// text of their ids. (The race detector takes pools apart.)
func TestNearestTakesThreePiecesOfMemory(t *testing.T) {
	g, err := index.New(data.Memory(twin.World(5, 2000)))
	if err != nil {
		t.Fatal(err)
	}
	guard := index.NewGuard(g)
	age := 40 * data.AgeYear
	for _, q := range []index.Query{
		{Near: geo.Point{Lat: 45, Lon: 3}},
		{Near: geo.Point{Lat: 45, Lon: 3}, Codes: [][]data.Code{{"R227|01"}}, Age: &age,
			Open: index.RulePossible, Beds: index.Beds{Rule: index.RulePossible}},
	} {
		pieces := testing.AllocsPerRun(200, func() {
			view := guard.As(data.Viewer{Profile: 1})
			ring, err := view.Nearest(context.Background(), q, 10)
			if err != nil || len(ring.Hits) == 0 {
				t.Error(len(ring.Hits), err)
			}
			view.Close()
		})
		if pieces > 3 {
			t.Errorf("%v pieces of memory", pieces)
		}
	}
}
