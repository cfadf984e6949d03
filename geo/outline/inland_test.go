package outline

import (
	"math"
	"math/rand/v2"
	"testing"

	"boussole/geo"
	"boussole/geo/gazetteer"
)

// Looks that are left out change nothing: from commune to commune, and along coasts.
func TestFewerLooksSeeAsMuch(t *testing.T) {
	var centres []geo.Point
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Placed {
			centres = append(centres, c.Centre)
		}
		return true
	})
	r := rand.New(rand.NewPCG(5, 5))
	wet, questions := 0, 20_000
	for range questions {
		from, to := centres[r.IntN(len(centres))], centres[r.IntN(len(centres))]
		if r.IntN(4) > 0 { // as most are: within a hundred kilometres
			scale := math.Pow(10, -2+2*r.Float64())
			to = geo.Point{Lat: from.Lat + scale*r.NormFloat64(), Lon: from.Lon + scale*r.NormFloat64()}
		}
		want := crossesAnywhere(from, to)
		if want {
			wet++
		}
		if got := CrossesWater(from, to); got != want {
			t.Fatalf("%v to %v crosses water: %v", from, to, got)
		}
	}
	if wet < questions/40 || wet > questions/2 {
		t.Errorf("%d of %d ways cross water", wet, questions)
	}
}

// crossesAnywhere looks everywhere.
func crossesAnywhere(from, to geo.Point) bool {
	length := geo.Distance(from, to)
	if length <= waterBeyond {
		return false
	}
	steps := int(math.Ceil(float64(length / stride)))
	most, now := 0, 0
	for i := range steps + 1 {
		now++
		if landed().at((line{from, to, steps}).at(i)) {
			now = 0
		}
		most = max(most, now)
	}
	return most > int(waterBeyond*geo.Meters(steps)/length)
}

// What is free around a cell is all land, to the corners.
func TestInlandIsLand(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	seen := 0
	for _, g := range landed() {
		for range 2000 {
			column, row := r.IntN(g.columns), r.IntN(g.rows)
			free := g.inland.free(column, row)
			if free == 0 {
				continue
			}
			seen++
			for range 50 {
				c, w := column+int(free/cell*(2*r.Float64()-1)), row+int(free/cell*(2*r.Float64()-1))
				if !g.isLand(c, w) {
					t.Fatalf("cell %d, %d is free for %v degrees, and %d, %d is water", column, row, free, c, w)
				}
			}
		}
	}
	if seen < 300 {
		t.Errorf("%d cells are inland", seen)
	}
}
