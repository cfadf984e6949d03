// Package timertest is the suite that every [geo.TravelTimer] must pass: one way
// for each destination, a spread around it, and a floor by which a search may stop.
//
// It refuses to judge whether times are true.
package timertest

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/geo"
)

// Run holds a timer against its promises, from origins in France and all over
// the Earth to destinations from next door to the antipodes. The same seeds
// make the same questions for every timer.
func Run(t *testing.T, timer geo.TravelTimer) {
	t.Helper()
	if mode, source := timer.Name(); mode == "" || source == "" {
		t.Errorf("the name %q, %q says nothing", mode, source)
	}
	if none, err := timer.Times(context.Background(), geo.Point{Lat: 46, Lon: 2}, nil); err != nil || len(none) > 0 {
		t.Errorf("to nowhere: %v, %v", none, err)
	}
	r := rand.New(rand.NewPCG(8, 8))
	origins := 300
	if testing.Short() {
		origins = 60
	}
	for range origins {
		from := origin(r)
		to := make([]geo.Point, 1+r.IntN(30))
		for i := range to {
			to[i] = destination(r, from)
		}
		if hold(t, timer, from, to); t.Failed() {
			return // the first origin says enough
		}
	}
}

// Among holds a timer against the same promises from and to some places, and what is
// within some hundred metres of them: for one that knows a country only. Among them
// there must be ways.
func Among(t *testing.T, timer geo.TravelTimer, places []geo.Point) {
	t.Helper()
	r := rand.New(rand.NewPCG(9, 9))
	near := func() geo.Point {
		p := places[r.IntN(len(places))]
		spread := math.Pow(10, -8+6*r.Float64())
		return geo.Point{Lat: p.Lat + spread*r.NormFloat64(), Lon: p.Lon + spread*r.NormFloat64()}
	}
	ways := 0
	for range 25 {
		from, to := near(), make([]geo.Point, 1+r.IntN(30))
		for i := range to {
			to[i] = near()
		}
		for _, travel := range hold(t, timer, from, to) {
			if travel.Reachable && !travel.Degraded() {
				ways++
			}
		}
		if t.Failed() {
			return
		}
	}
	if ways < 50 {
		t.Errorf("%d ways in 25 questions among %d places", ways, len(places))
	}
}

// hold asks one question, and holds the timer against all of its promises.
func hold(t *testing.T, timer geo.TravelTimer, from geo.Point, to []geo.Point) []geo.Travel {
	t.Helper()
	travels := times(t, timer, from, to)
	inOrder(t, timer, from, to, travels)
	floors(t, timer, from)
	for i, travel := range travels {
		beneath(t, timer, from, to[i], travel)
		around(t, from, to[i], travel)
	}
	return travels
}

func times(t *testing.T, timer geo.TravelTimer, from geo.Point, to []geo.Point) []geo.Travel {
	t.Helper()
	travels, err := timer.Times(context.Background(), from, to)
	if err != nil || len(travels) != len(to) {
		t.Fatalf("from %v to %d places: %d times, %v", from, len(to), len(travels), err)
	}
	return travels
}

// inOrder: asked the other way round, a timer answers the other way round.
func inOrder(t *testing.T, timer geo.TravelTimer, from geo.Point, to []geo.Point, want []geo.Travel) {
	t.Helper()
	to = slices.Clone(to)
	slices.Reverse(to)
	got := times(t, timer, from, to)
	slices.Reverse(got)
	if !slices.Equal(got, want) {
		t.Errorf("from %v: a time depends on the place of its destination in the list", from)
	}
}

// floors: never negative, never falling, and the same where the ground is looked up once.
func floors(t *testing.T, timer geo.TravelTimer, from geo.Point) {
	t.Helper()
	last, fromHere := time.Duration(0), geo.FloorFrom(timer, from)
	for _, d := range []geo.Meters{0, 0.001, 1, 999.999, 1000, 5e3, 20e3, 100e3, 1e6, 10e6, 20_015_115, 20_015_116, 1e9, geo.Meters(math.Inf(1))} {
		floor := timer.Floor(from, d)
		if floor < last {
			t.Errorf("from %v: a floor of %v at %v m, after one of %v", from, floor, d, last)
		}
		if once := fromHere(d); once != floor {
			t.Errorf("from %v: a floor of %v at %v m, and of %v where it is looked up once", from, floor, d, once)
		}
		last = floor
	}
}

// beneath: the floor of a distance is not above the time over it, nor is that of
// a lesser one.
func beneath(t *testing.T, timer geo.TravelTimer, from, to geo.Point, travel geo.Travel) {
	t.Helper()
	d := geo.Distance(from, to)
	for _, part := range []geo.Meters{1, 0.999, 0.5, 0} {
		if floor := timer.Floor(from, d*part); travel.Reachable && floor > travel.Time {
			t.Errorf("from %v: a floor of %v at %v m for a time of %v at %v m", from, floor, d*part, travel.Time, d)
		}
	}
}

// around: a spread holds the time, or is not told at all.
func around(t *testing.T, from, to geo.Point, travel geo.Travel) {
	t.Helper()
	if !travel.Reachable || travel.Low == 0 && travel.High == 0 {
		return
	}
	if travel.Low < 0 || travel.Low > travel.Time || travel.Time > travel.High {
		t.Errorf("from %v to %v: a time of %v in a spread from %v to %v", from, to, travel.Time, travel.Low, travel.High)
	}
}

// France, from its largest city to its emptiest valley, overseas too.
var france = []geo.Point{
	{Lat: 48.857, Lon: 2.352}, {Lat: 43.297, Lon: 5.37}, {Lat: 44.518, Lon: 3.501}, {Lat: 44.35, Lon: 6.6},
	{Lat: 42.15, Lon: 9.1}, {Lat: 48.39, Lon: -4.49}, {Lat: 49.5, Lon: 4.7}, {Lat: 46.2, Lon: 1.5},
	{Lat: 16.24, Lon: -61.53}, {Lat: 3.64, Lon: -54.03}, {Lat: -20.88, Lon: 55.45}, {Lat: -12.78, Lon: 45.23},
	{Lat: -13.3, Lon: -176.2},
}

func origin(r *rand.Rand) geo.Point {
	switch r.IntN(8) {
	case 0:
		return geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
	case 1:
		return geo.Point{Lat: math.Copysign(90, r.NormFloat64()), Lon: r.Float64()*360 - 180}
	case 2:
		return geo.Point{Lat: -13 + r.NormFloat64(), Lon: math.Copysign(180, r.NormFloat64())}
	}
	at := france[r.IntN(len(france))]
	return geo.Point{Lat: at.Lat + r.NormFloat64()/5, Lon: at.Lon + r.NormFloat64()/5}
}

// destination is as often a few metres away as half of the way round.
func destination(r *rand.Rand, from geo.Point) geo.Point {
	around := from
	switch r.IntN(10) {
	case 0:
		return from
	case 1:
		around = geo.Point{Lat: -from.Lat, Lon: from.Lon - math.Copysign(180, from.Lon)}
	case 2:
		around = origin(r)
	}
	spread := math.Pow(10, -5+6*r.Float64())
	to := geo.Point{Lat: around.Lat + spread*r.NormFloat64(), Lon: around.Lon + spread*r.NormFloat64()}
	return geo.Point{Lat: max(-90, min(90, to.Lat)), Lon: max(-180, min(180, to.Lon))}
}
