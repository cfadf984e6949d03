package geo_test

import (
	"math/rand/v2"
	"testing"

	"boussole/geo"
)

// Pairs of points of which the haversine, rounded to the millimetre, is one off.
var betweenMillimetres = [][2]geo.Point{
	{{Lat: 46.9071701, Lon: -0.7090271}, {Lat: 47.1966086, Lon: -0.7549876}},
	{{Lat: 44.1656486, Lon: -1.1104187}, {Lat: 44.1941134, Lon: -1.1000615}},
	{{Lat: 41.2937317, Lon: 3.705472}, {Lat: 41.11917, Lon: 3.7726488}},
	{{Lat: 41.9213528, Lon: 1.5519677}, {Lat: 41.7728944, Lon: 1.6230571}},
	{{Lat: 47.7433699, Lon: 8.9760002}, {Lat: 47.872066, Lon: 9.3988181}},
	{{Lat: 44.5197645, Lon: 0.1126109}, {Lat: 44.5611213, Lon: 0.1178086}},
}

func TestOriginGivesDistances(t *testing.T) {
	check := func(a, b geo.Point) {
		t.Helper()
		from := geo.From(a)
		if got, want := from.Distance(b), geo.Distance(a, b); got != want {
			t.Errorf("from %v to %v: %v, want %v", a, b, got, want)
		}
	}
	for _, pair := range betweenMillimetres {
		check(pair[0], pair[1])
	}
	places := []geo.Point{
		{Lat: 46.5, Lon: 2.5}, {Lat: -20.9, Lon: 55.5}, {Lat: 16.2, Lon: -61.5}, {Lat: -13.28, Lon: -176.17}, // Wallis
		{Lat: 90, Lon: 0}, {Lat: -89.9999, Lon: 12}, {Lat: 0, Lon: 179.9999}, {Lat: 0, Lon: -180}, {},
	}
	spreads := []float64{0, 1e-7, 1e-4, 0.01, 0.3, 1.5, 5.7295, 6, 40}
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		for _, spread := range spreads {
			a := places[r.IntN(len(places))]
			b := geo.Point{
				Lat: min(90, max(-90, a.Lat+(2*r.Float64()-1)*spread)),
				Lon: min(180, max(-180, a.Lon+(2*r.Float64()-1)*spread)),
			}
			check(a.Rounded(), b.Rounded())
			check(a, b)
		}
	}
}

func BenchmarkOrigin(b *testing.B) {
	from, to := geo.From(geo.Point{Lat: 45, Lon: 5}), geo.Point{Lat: 45.01, Lon: 5.03}
	var sum geo.Meters
	b.Run("origin", func(b *testing.B) {
		for b.Loop() {
			sum += from.Distance(to)
		}
	})
	b.Run("vector", func(b *testing.B) {
		for v := from.Vector(); b.Loop(); {
			sum += v.Distance(to.Vector())
		}
	})
}
