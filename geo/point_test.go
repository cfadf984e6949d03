package geo_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"boussole/geo"
)

var (
	paris      = geo.Point{Lat: 48.8566, Lon: 2.3522}
	versailles = geo.Point{Lat: 48.8049, Lon: 2.1204}
)

func ExampleDistance() {
	fmt.Printf("Paris to Versailles: %.1f km\n", geo.Distance(paris, versailles).Kilometers())
	// Output: Paris to Versailles: 17.9 km
}

// haversine is the textbook formula, written apart from Distance.
func haversine(a, b geo.Point) float64 {
	const rad = math.Pi / 180
	s := math.Sin((b.Lat - a.Lat) * rad / 2)
	u := math.Sin((b.Lon - a.Lon) * rad / 2)
	h := s*s + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*u*u
	return 2 * 6_371_008.8 * math.Asin(math.Sqrt(min(1, h)))
}

func TestDistanceIsTheHaversine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 100_000 {
		a := geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
		b := geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
		if r.IntN(2) == 0 { // half of them near
			b = geo.Point{Lat: max(-90, min(90, a.Lat+r.NormFloat64()/100)), Lon: a.Lon + r.NormFloat64()/100}
		}
		got, want := float64(geo.Distance(a, b)), haversine(a, b)
		tolerance := 0.001
		if want > 19_000_000 {
			tolerance = 1 // where the haversine itself loses its digits
		}
		if math.Abs(got-want) > tolerance {
			t.Fatalf("Distance(%v, %v) = %v, haversine %v", a, b, got, want)
		}
		if geo.Distance(b, a) != geo.Distance(a, b) {
			t.Fatalf("Distance(%v, %v) is not symmetric", a, b)
		}
	}
}

func TestDistanceAtTheEdges(t *testing.T) {
	half := math.Pi * float64(geo.EarthRadius)
	cases := []struct {
		name string
		a, b geo.Point
		want float64
	}{
		{"same point", paris, paris, 0},
		{"across the antimeridian", geo.Point{Lat: -13.3, Lon: 179.9}, geo.Point{Lat: -13.3, Lon: -179.9}, 21642.5},
		{"one meridian, two names", geo.Point{Lat: 10, Lon: 180}, geo.Point{Lat: 10, Lon: -180}, 0},
		{"pole to pole", geo.Point{Lat: 90}, geo.Point{Lat: -90, Lon: 45}, half},
		{"antipodes", geo.Point{Lat: 40, Lon: 3}, geo.Point{Lat: -40, Lon: -177}, half},
		{"a degree of latitude", geo.Point{}, geo.Point{Lat: 1}, half / 180},
	}
	for _, c := range cases {
		if got := float64(geo.Distance(c.a, c.b)); math.Abs(got-c.want) > 0.1 {
			t.Errorf("%s: %.3f m, want %.3f", c.name, got, c.want)
		}
	}
}

func TestChordBoundKeepsWhatIsWithin(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 200_000 {
		a := geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
		b := geo.Point{Lat: -a.Lat, Lon: a.Lon + 180} // around the antipodes too
		if r.IntN(2) == 0 {
			b = a
		}
		spread := math.Pow(10, -8+9*r.Float64())
		b = geo.Point{Lat: max(-90, min(90, b.Lat+spread*r.NormFloat64())), Lon: b.Lon + spread*r.NormFloat64()}
		u, v := a.Vector(), b.Vector()
		d := u.Distance(v)
		if u.Chord2(v) > geo.ChordBound(d) {
			t.Fatalf("%v and %v are %v m apart and beyond the bound for it", a, b, d)
		}
		if farther := d - 1; d > 1000 && d < 15_000_000 && u.Chord2(v) <= geo.ChordBound(farther) {
			t.Fatalf("%v and %v are %v m apart and kept within %v", a, b, d, farther)
		}
	}
}

// Beyond half of the way round, a bound keeps everything there is.
func TestChordBoundKeepsAllTheEarth(t *testing.T) {
	for _, d := range []geo.Meters{20_016_000, 30_000_000, 1e12} {
		if got := geo.ChordBound(d); got <= 4 {
			t.Errorf("ChordBound(%v) = %v, want more than 4", d, got)
		}
	}
}

func TestDistanceIsInWholeMillimetres(t *testing.T) {
	d := float64(geo.Distance(paris, versailles)) * 1000
	if math.Abs(d-math.Round(d)) > 1e-6 {
		t.Errorf("%v mm", d)
	}
}

func TestPointValidate(t *testing.T) {
	for _, p := range []geo.Point{{Lat: 90, Lon: 180}, {Lat: -90, Lon: -180}, {}} {
		if err := p.Validate(); err != nil {
			t.Errorf("%v: %v", p, err)
		}
	}
	for _, p := range []geo.Point{{Lat: 90.0001}, {Lon: -180.0001}, {Lat: math.NaN()}, {Lon: math.NaN()}, {Lat: math.Inf(-1)}} {
		if err := p.Validate(); !errors.Is(err, geo.ErrPoint) {
			t.Errorf("%v: %v, want ErrPoint", p, err)
		}
	}
}

func TestRoundedHasOneNameForTheAntimeridian(t *testing.T) {
	if got := (geo.Point{Lat: 1.23456789, Lon: 179.99999999}).Rounded(); got != (geo.Point{Lat: 1.2345679, Lon: -180}) {
		t.Errorf("got %v", got)
	}
}
