package twin

import (
	"math"
	"testing"

	"boussole/geo"
)

func TestDistance(t *testing.T) {
	paris := geo.Point{Lat: 48.8566, Lon: 2.3522}
	half := math.Pi * radius
	cases := []struct {
		name string
		a, b geo.Point
		want float64
	}{
		{"the same point", paris, paris, 0},
		{"a grid step", geo.Point{Lat: 46}, geo.Point{Lat: 46.0000001}, 0.011},
		{"a degree of latitude", geo.Point{}, geo.Point{Lat: 1}, half / 180},
		{"a degree of longitude at 60°, half of one", geo.Point{Lat: 60}, geo.Point{Lat: 60, Lon: 0.001}, half / 180 / 2000},
		{"a quarter of the Earth", geo.Point{}, geo.Point{Lon: 90}, half / 2},
		{"along the equator", geo.Point{Lon: -20}, geo.Point{Lon: 100}, half * 120 / 180},
		{"over the pole", geo.Point{Lat: 80, Lon: 10}, geo.Point{Lat: 80, Lon: -170}, half / 9},
		{"pole to pole", geo.Point{Lat: 90, Lon: 12}, geo.Point{Lat: -90, Lon: 45}, half},
		{"a pole has one place", geo.Point{Lat: 90, Lon: 12}, geo.Point{Lat: 90, Lon: -100}, 0},
		{"antipodes", paris, geo.Point{Lat: -48.8566, Lon: -177.6478}, half},
		{"nearly antipodes", geo.Point{}, geo.Point{Lat: 0.00001, Lon: 180}, half * (1 - 0.00001/180)},
		{"over the antimeridian", geo.Point{Lon: 179.9}, geo.Point{Lon: -179.9}, half * 0.2 / 180},
		{"the antimeridian has two names", geo.Point{Lat: 10, Lon: 180}, geo.Point{Lat: 10, Lon: -180}, 0},
		{"Paris to Versailles", paris, geo.Point{Lat: 48.8049, Lon: 2.1204}, 17_910},
	}
	for _, c := range cases {
		tolerance := 0.0006 // the rounding
		if c.name == "Paris to Versailles" {
			tolerance = 50
		}
		for _, got := range []geo.Meters{distance(c.a, c.b), distance(c.b, c.a)} {
			if math.Abs(float64(got)-c.want) > tolerance {
				t.Errorf("%s: %.4f m, want %.4f", c.name, got, c.want)
			}
		}
	}
}

func TestDistanceIsInMillimetres(t *testing.T) {
	if got := distance(geo.Point{}, geo.Point{Lat: 0.0000001}); got != 0.011 {
		t.Errorf("%v, want 0.011", got)
	}
}
