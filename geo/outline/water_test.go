package outline_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/outline"
)

func TestCrossesWater(t *testing.T) {
	place := func(lat, lon float64) geo.Point { return geo.Point{Lat: lat, Lon: lon} }
	brest, nice, nantes := place(48.39, -4.486), place(43.703, 7.266), place(47.218, -1.554)
	pointe, honfleur := place(16.241, -61.534), place(49.419, 0.233)
	cases := []struct {
		name     string
		from, to geo.Point
		want     bool
	}{
		{"Ouessant to Brest", place(48.457, -5.096), brest, true},
		{"Belle-Île to Quiberon", place(47.347, -3.156), place(47.484, -3.12), true},
		{"Groix to Lorient", place(47.638, -3.455), place(47.748, -3.366), true},
		{"the island of Batz to Roscoff", place(48.745, -4.01), place(48.722, -3.985), true},
		{"Yeu to Challans", place(46.711, -2.347), place(46.847, -1.879), true},
		{"Bastia to Nice", place(42.7, 9.45), nice, true},
		{"Marie-Galante to Pointe-à-Pitre", place(15.884, -61.316), pointe, true},
		{"Paris to Pointe-à-Pitre", place(48.857, 2.352), pointe, true},
		{"Royan to Le Verdon, across the Gironde", place(45.62, -1.028), place(45.545, -1.063), true},
		{"Le Havre to Honfleur, across the Seine", place(49.494, 0.108), honfleur, true},
		{"Brest to Crozon, across the roads", brest, place(48.246, -4.49), true},
		{"La Rochelle to Ré, over the bridge", place(46.16, -1.151), place(46.161, -1.268), true},
		{"Nantes to Saint-Nazaire, over the bridge", nantes, place(47.273, -2.214), true},

		{"Nantes to Paimbœuf, along the Loire", nantes, place(47.288, -2.03), false},
		{"Mende to Le Puy", place(44.518, 3.501), place(45.043, 3.885), false},
		{"Paris to Lyon", place(48.857, 2.352), place(45.758, 4.835), false},
		{"Annemasse to Gex, through Geneva", place(46.193, 6.236), place(46.333, 6.058), false},
		{"Évian to Thonon, along the lake", place(46.401, 6.59), place(46.371, 6.479), false},
		{"Menton to Briançon, through Italy", place(43.775, 7.5), place(44.899, 6.643), false},
		{"Menton to Nice, through Monaco", place(43.775, 7.5), nice, false},
		{"Hendaye to Perpignan, through Spain", place(43.359, -1.774), place(42.689, 2.895), false},
		{"Bray-Dunes to Lille, through Belgium", place(51.075, 2.518), place(50.633, 3.058), false},
		{"Givet to Lille, through Belgium", place(50.138, 4.824), place(50.633, 3.058), false},
		{"Saint-Laurent to Maripasoula, along Suriname", place(5.497, -54.033), place(3.643, -54.033), false},
		{"Saint-Denis to Saint-Pierre, over the volcano", place(-20.879, 55.448), place(-21.339, 55.478), false},
		{"to the same place", brest, brest, false},
		{"nowhere on Earth", brest, place(math.NaN(), 0), false},
	}
	for _, c := range cases {
		if got := outline.CrossesWater(c.from, c.to); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := outline.CrossesWater(c.to, c.from); got != c.want {
			t.Errorf("%s, and back: %v", c.name, got)
		}
	}
}

// The grid says what the outlines say: between communes of the same coast, a stretch
// of sea that is clearly longer than the limit is one, and a clearly shorter one is
// not.
func TestCrossesWaterIsWhatTheOutlinesSay(t *testing.T) {
	byDepartement := make(map[string][]geo.Point)
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Placed {
			byDepartement[c.Departement] = append(byDepartement[c.Departement], c.Centre)
		}
		return true
	})
	r := rand.New(rand.NewPCG(6, 6))
	wet, dry := 0, 0
	for _, coast := range []string{"29", "56", "17", "85", "2A", "50", "971", "972", "974"} {
		communes := byDepartement[coast]
		for range 12 {
			from, to := communes[r.IntN(len(communes))], communes[r.IntN(len(communes))]
			got := outline.CrossesWater(from, to)
			switch longest := longestSea(from, to); {
			case longest > 3500:
				wet++
				if !got {
					t.Errorf("%s: %v m of sea from %v to %v are none", coast, longest, from, to)
				}
			case longest < 1000:
				dry++
				if got {
					t.Errorf("%s: %v m of sea from %v to %v are many", coast, longest, from, to)
				}
			}
		}
	}
	if wet < 10 || dry < 30 {
		t.Errorf("%d lines across the sea and %d on land prove little", wet, dry)
	}
}

// longestSea walks the line in steps of 250 m and asks every outline.
func longestSea(from, to geo.Point) (longest geo.Meters) {
	length := geo.Distance(from, to)
	steps := int(length/250) + 1
	now := geo.Meters(0)
	for i := range steps + 1 {
		part := float64(i) / float64(steps)
		at := geo.Point{Lat: from.Lat + part*(to.Lat-from.Lat), Lon: from.Lon + part*(to.Lon-from.Lon)}
		if onLand(at) {
			now = 0
			continue
		}
		now += length / geo.Meters(steps)
		longest = max(longest, now)
	}
	return longest
}

func onLand(p geo.Point) bool {
	for _, d := range gazetteer.Departements() {
		if outline.Near(d.Code, p, 0) {
			return true
		}
	}
	return false
}

func BenchmarkCrossesWater(b *testing.B) {
	from, to := geo.Point{Lat: 48, Lon: 2}, geo.Point{Lat: 48.2, Lon: 2.2} // 27 km
	outline.CrossesWater(from, to)                                         // the grid is made once
	b.ReportAllocs()
	for b.Loop() {
		outline.CrossesWater(from, to)
	}
}
