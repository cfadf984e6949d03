package geo_test

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/outline"
	"boussole/geo/realdata"
	"boussole/geo/timertest"
)

func ExampleStraight() {
	timer := geo.Straight{Ground: gazetteer.GroundAt}
	for _, from := range []struct {
		name string
		geo.Point
	}{{"Paris", paris}, {"Mende", geo.Point{Lat: 44.518, Lon: 3.5014}}, {"Mont Lozère", geo.Point{Lat: 44.426, Lon: 3.739}}} {
		fmt.Printf("5 km from %s: %.1f min\n", from.name, timer.Floor(from.Point, 5000).Minutes())
	}
	// Output:
	// 5 km from Paris: 12.9 min
	// 5 km from Mende: 13.8 min
	// 5 km from Mont Lozère: 11.7 min
}

// A density and a factor that differ within a few kilometres, and are not always
// known.
func chequered(p geo.Point) geo.Ground {
	n := int(math.Abs(p.Lat*50) + math.Abs(p.Lon*30))
	return geo.Ground{Density: geo.Density(n % 6), Factor: float64(n%7) / 3, Low: float64(n%5) / 3, High: float64(n % 4)}
}

func TestStraightKeepsItsPromises(t *testing.T) {
	for name, timer := range map[string]geo.Straight{
		"average everywhere": {},
		"by the gazetteer":   {Ground: gazetteer.GroundAt},
		"chequered":          {Ground: chequered},
		"a class to come":    in(200),
		"no number":          on(geo.Ground{Factor: math.NaN(), Low: math.NaN(), High: math.NaN()}),
		"no end":             on(geo.Ground{Factor: math.Inf(1), Low: math.Inf(-1), High: math.Inf(1)}),
		"backwards":          on(geo.Ground{Factor: -1, Low: 3, High: -7}),
		"the widest":         on(geo.Ground{Factor: 5, Low: 1e-300, High: 10}),
		"across water":       {Water: func(geo.Point, geo.Point) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) { timertest.Run(t, timer) })
	}
}

func TestStraight(t *testing.T) {
	desert := geo.Point{Lat: 44.35, Lon: 3.6}
	byDensity := geo.Straight{Ground: func(p geo.Point) geo.Ground {
		if p == desert {
			return geo.Ground{Density: geo.DensityDesert, Factor: 2}
		}
		return geo.Ground{Density: geo.DensityUrban}
	}}
	cases := []struct {
		name     string
		timer    geo.Straight
		from, to geo.Point
		want     time.Duration
	}{
		{"to the same place", geo.Straight{}, paris, paris, 271 * time.Second},
		{"Paris to Versailles, at the average", geo.Straight{}, paris, versailles, 1532 * time.Second},
		{"Paris to Versailles, from a city", byDensity, paris, versailles, 1562 * time.Second},
		{"out of the desert", byDensity, desert, paris, 82972 * time.Second},
		{"into the desert", byDensity, paris, desert, 31603 * time.Second},
	}
	for _, c := range cases {
		travels, err := c.timer.Times(context.Background(), c.from, []geo.Point{c.to})
		if err != nil || len(travels) != 1 || !travels[0].Reachable {
			t.Fatalf("%s: %v, %v", c.name, travels, err)
		}
		if got := travels[0].Time.Round(time.Second); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		// A floor below the estimate would be true, and make the search read on.
		if floor := c.timer.Floor(c.from, geo.Distance(c.from, c.to)); floor != travels[0].Time {
			t.Errorf("%s: a floor of %v for a time of %v", c.name, floor, travels[0].Time)
		}
	}
}

func TestDensityOf(t *testing.T) {
	for perKm2, want := range map[float64]geo.Density{
		0: geo.DensityDesert, 29.99: geo.DensityDesert, 30: geo.DensityRural, 99.99: geo.DensityRural, 100: geo.DensityAverage,
		299.99: geo.DensityAverage, 300: geo.DensitySuburban, 1499.99: geo.DensitySuburban, 1500: geo.DensityUrban, 50_000: geo.DensityUrban,
	} {
		if got := geo.DensityOf(perKm2); got != want {
			t.Errorf("%v inhabitants per km²: %d, want %d", perKm2, got, want)
		}
	}
}

// in returns a timer that is everywhere at the speed of one class.
func in(d geo.Density) geo.Straight { return on(geo.Ground{Density: d}) }

// on returns a timer that is everywhere on the same ground.
func on(g geo.Ground) geo.Straight {
	return geo.Straight{Ground: func(geo.Point) geo.Ground { return g }}
}

// The speeds are those of the published calibration, in the classes that it has.
func TestSpeedsAreThoseOfTheCalibration(t *testing.T) {
	rows := table(t, "travel/calibration_densite.csv")
	if len(rows) != 5 {
		t.Fatalf("%d classes", len(rows))
	}
	for i, row := range rows {
		class := geo.Density(i + 1)
		for _, bound := range bounds(t, row["densite_hab_km2"]) {
			if got := geo.DensityOf(bound); got != class {
				t.Errorf("%s: %v inhabitants per km² are of class %d, want %d", row["densite_hab_km2"], bound, got, class)
			}
		}
		base, perKilometer := number(t, row["a_lineaire_min"]), number(t, row["b_lineaire_min_par_km"])
		for _, km := range []float64{0, 1, 1000} {
			want := base + perKilometer*km
			if got := in(class).Floor(paris, geo.Meters(km*1000)).Minutes(); math.Abs(got-want) > 1e-6 {
				t.Errorf("%s: %v min over %v km, want %v", row["densite_hab_km2"], got, km, want)
			}
		}
	}
}

// bounds returns the densities at both ends of a class, just inside it.
func bounds(t *testing.T, class string) []float64 {
	t.Helper()
	from, to, _ := strings.Cut(class, "-")
	switch {
	case class[0] == '<':
		return []float64{0, number(t, class[1:]) - 0.001}
	case class[0] == '>':
		return []float64{number(t, class[1:]) + 0.001, 50_000}
	}
	return []float64{number(t, from), number(t, to) - 0.001}
}

// table reads a CSV file of the shared data, gzipped or not, by column.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(realdata.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = make(map[string]string)
		for column, name := range lines[0] {
			rows[i][name] = line[column]
		}
	}
	return rows
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What it costs to ask for the times to sixteen places, and for a floor.
func BenchmarkStraight(b *testing.B) {
	to := make([]geo.Point, 16)
	for i := range to {
		to[i] = geo.Point{Lat: 48.9 + float64(i)/50, Lon: 2.4}
	}
	for name, timer := range map[string]geo.Straight{
		"average everywhere": {},
		"by the gazetteer":   {Ground: gazetteer.GroundAt},
		"and across water":   {Ground: gazetteer.GroundAt, Water: outline.CrossesWater},
	} {
		if _, err := timer.Times(context.Background(), paris, to); err != nil { // the tables are made once
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := timer.Times(context.Background(), paris, to); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(to)), "ns/place")
		})
	}
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			geo.Straight{Ground: gazetteer.GroundAt}.Floor(paris, 10_000)
		}
	})
}
