package geo_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/outline"
	"boussole/geo/realdata"
)

// observed is a way of which the road minutes are known.
type observed struct {
	from, to geo.Point
	minutes  float64
}

// metropolitan returns the ways from the communes of the mainland and Corsica to
// the nearest commune with an emergency department, from centre to centre. A few
// hundred communes have merged since.
func metropolitan(t *testing.T) []observed {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: 34,000 ways take seconds under the race detector")
	}
	var ways []observed
	rows := 0
	for _, row := range table(t, realdata.RoadMinutes) {
		if strings.HasPrefix(row["dep"], "97") {
			continue
		}
		rows++
		from, ok := gazetteer.ByCode(row["insee"])
		to, ok2 := gazetteer.ByCode(row["insee_commune_equipee"])
		if ok && ok2 && from.Placed && to.Placed {
			ways = append(ways, observed{from.Centre, to.Centre, number(t, row["minutes_drees"])})
		}
	}
	if len(ways) < rows*97/100 {
		t.Fatalf("%d ways of %d", len(ways), rows)
	}
	return ways
}

// fit is how well a timer tells the minutes that a road takes.
type fit struct {
	r2, median, p95   float64 // of the errors in minutes, without their sign
	faster, slower    float64 // shares of the ways outside of the spread
	farMedian, farP95 float64 // of the errors of those that it warns of as far
}

func fitOf(t *testing.T, timer geo.Straight, ways []observed) fit {
	t.Helper()
	mean := 0.0
	for _, w := range ways {
		mean += w.minutes / float64(len(ways))
	}
	var f fit
	var errors, far []float64
	squares, variance := 0.0, 0.0
	for _, w := range ways {
		travels, err := timer.Times(context.Background(), w.from, []geo.Point{w.to})
		if err != nil {
			t.Fatal(err)
		}
		off := math.Abs(travels[0].Time.Minutes() - w.minutes)
		errors = append(errors, off)
		if travels[0].Doubt&geo.DoubtFar != 0 {
			far = append(far, off)
		}
		squares, variance = squares+off*off, variance+(w.minutes-mean)*(w.minutes-mean)
		if w.minutes < travels[0].Low.Minutes() {
			f.faster += 1 / float64(len(ways))
		}
		if w.minutes > travels[0].High.Minutes() {
			f.slower += 1 / float64(len(ways))
		}
	}
	f.r2 = 1 - squares/variance
	f.median, f.p95 = quantile(errors, 0.5), quantile(errors, 0.95)
	f.farMedian, f.farP95 = quantile(far, 0.5), quantile(far, 0.95)
	return f
}

func quantile(of []float64, part float64) float64 {
	slices.Sort(of)
	return of[int(part*float64(len(of)))]
}

// What the documentation of Straight and the README say of it, held on the road
// minutes on which it was fitted.
func TestErrorsOfStraight(t *testing.T) {
	ways := metropolitan(t)
	for name, c := range map[string]struct {
		timer           geo.Straight
		r2, median, p95 float64
	}{
		"by the gazetteer": {geo.Straight{Ground: gazetteer.GroundAt}, 0.82, 2.2, 9.0},
		"by the density": {geo.Straight{Ground: func(p geo.Point) geo.Ground {
			return geo.Ground{Density: gazetteer.DensityAt(p)}
		}}, 0.75, 2.4, 10.7},
		"average everywhere": {geo.Straight{}, 0.72, 2.4, 11.3},
	} {
		got := fitOf(t, c.timer, ways)
		t.Logf("%s: %+v", name, got)
		if math.Abs(got.r2-c.r2) > 0.01 || math.Abs(got.median-c.median) > 0.05 || math.Abs(got.p95-c.p95) > 0.1 {
			t.Errorf("%s: R² %.3f, half within %.2f min and 19 in 20 within %.2f, want %v, %v and %v", name, got.r2, got.median, got.p95, c.r2, c.median, c.p95)
		}
	}
	got := fitOf(t, geo.Straight{Ground: gazetteer.GroundAt}, ways)
	if math.Abs(got.faster-0.1) > 0.01 || math.Abs(got.slower-0.1) > 0.01 {
		t.Errorf("%.3f of the ways are faster than the spread, %.3f slower, want a tenth each", got.faster, got.slower)
	}
	if got.farMedian < 2*got.median || got.farP95 < 2*got.p95 {
		t.Errorf("what is warned of as far is no worse than the rest: %+v", got)
	}
}

// The ways that the outlines say cross water are few, and the straight line is far
// worse on them: that is what the flag is for.
func TestErrorsAcrossWater(t *testing.T) {
	var wet, dry []observed
	for _, w := range metropolitan(t) {
		if outline.CrossesWater(w.from, w.to) {
			wet = append(wet, w)
		} else {
			dry = append(dry, w)
		}
	}
	if len(wet) < 100 || len(wet) > 300 {
		t.Fatalf("%d ways of %d cross water", len(wet), len(wet)+len(dry))
	}
	timer := geo.Straight{Ground: gazetteer.GroundAt}
	across, along := fitOf(t, timer, wet), fitOf(t, timer, dry)
	t.Logf("%d across: %+v; %d along: %+v", len(wet), across, len(dry), along)
	if across.median < 2*along.median || across.p95 < 3*along.p95 || across.slower < 3*along.slower {
		t.Errorf("across water %+v, on land %+v", across, along)
	}
}
