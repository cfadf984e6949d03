package geo_test

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/realdata"
	"boussole/geo/timertest"
)

func ExampleStraight() {
	timer := geo.Straight{Density: gazetteer.DensityAt}
	for _, from := range []struct {
		name string
		geo.Point
	}{{"Paris", paris}, {"Mende", geo.Point{Lat: 44.518, Lon: 3.5014}}, {"Mont Lozère", geo.Point{Lat: 44.426, Lon: 3.739}}} {
		fmt.Printf("5 km from %s: %.1f min\n", from.name, timer.Floor(from.Point, 5000).Minutes())
	}
	// Output:
	// 5 km from Paris: 12.9 min
	// 5 km from Mende: 11.1 min
	// 5 km from Mont Lozère: 9.4 min
}

// A density that differs within a few kilometres, and is not always known.
func chequered(p geo.Point) geo.Density {
	return geo.Density(int(math.Abs(p.Lat*50)+math.Abs(p.Lon*30)) % 6)
}

func TestStraightKeepsItsPromises(t *testing.T) {
	for name, timer := range map[string]geo.Straight{
		"average everywhere": {},
		"by the gazetteer":   {Density: gazetteer.DensityAt},
		"chequered":          {Density: chequered},
		"a class to come":    {Density: func(geo.Point) geo.Density { return 200 }},
	} {
		t.Run(name, func(t *testing.T) { timertest.Run(t, timer) })
	}
}

func TestStraight(t *testing.T) {
	desert := geo.Point{Lat: 44.35, Lon: 3.6}
	byDensity := geo.Straight{Density: func(p geo.Point) geo.Density {
		if p == desert {
			return geo.DensityDesert
		}
		return geo.DensityUrban
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
		{"out of the desert", byDensity, desert, paris, 41486 * time.Second},
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
func in(d geo.Density) geo.Straight {
	return geo.Straight{Density: func(geo.Point) geo.Density { return d }}
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

// What the documentation of Straight and the README say of its errors, on the
// road minutes on which it was fitted.
func TestErrorsOfStraight(t *testing.T) {
	byClass, average := errorsOn(t, func(d geo.Density) geo.Straight { return in(d) }), errorsOn(t, func(geo.Density) geo.Straight { return geo.Straight{} })
	for name, c := range map[string]struct{ got, want float64 }{
		"half, by class":               {byClass[len(byClass)/2], 2.4},
		"19 in 20, by class":           {byClass[len(byClass)*19/20], 10.7},
		"19 in 20, average everywhere": {average[len(average)*19/20], 11.3},
	} {
		if math.Abs(c.got-c.want) > 0.05 {
			t.Errorf("%s: within %.2f min, want %.1f", name, c.got, c.want)
		}
	}
}

// errorsOn returns the errors in minutes, without their sign, sorted.
func errorsOn(t *testing.T, timer func(geo.Density) geo.Straight) []float64 {
	t.Helper()
	var errors []float64
	for _, row := range table(t, "travel/drees_2019_jointure_vol_oiseau.csv.gz") {
		d := geo.Meters(number(t, row["km_commune_equipee_2019"]) * 1000)
		estimate := timer(geo.DensityOf(number(t, row["densite_hab_km2"]))).Floor(paris, d)
		errors = append(errors, math.Abs(estimate.Minutes()-number(t, row["minutes_drees"])))
	}
	slices.Sort(errors)
	return errors
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
