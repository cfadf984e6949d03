package geo

import (
	"context"
	"math"
	"time"
)

// Straight estimates the time by car from the straight line, from how densely
// people live where the way begins, and from how its département's roads run: in
// a town it takes longer to get going, in the country each kilometre does, and
// in mountains all of it. The zero Straight takes the speed of an average
// commune everywhere.
//
//	minutes = (a + b · kilometres) × f
//
// with a and b of the [Density] of the origin and f the [Ground.Factor] of its
// département. The origin counts, never a destination: that is how the speeds
// were measured, and it makes one floor true for all destinations.
//
// It is an estimate, poor in mountains, on islands and across water, and each
// [Travel] says so. On the road minutes that it was fitted on, half of the
// estimates are within 2.2 minutes, and one in twenty is more than 9.0 off.
type Straight struct {
	// Ground returns what is known of a point, always the same (see
	// gazetteer.GroundAt); nil is that nothing is known anywhere.
	Ground func(Point) Ground

	// Water reports whether the straight line between two points crosses water
	// (see outline.CrossesWater), which adds [DoubtWater] and changes no time;
	// nil is that nobody looks. It is asked for every destination.
	Water func(from, to Point) bool
}

// Ground is what the way by road owes to the place where it begins. The zero
// Ground is unknown: average, with the spread of the whole country.
type Ground struct {
	Density Density

	// Factor is how many times longer the way takes than in the country at
	// large, 0 where it is not known; Low and High are the same for the fastest
	// and the slowest tenth of the ways. Beyond [0.2, 5] nothing is believed.
	Factor, Low, High float64

	// Doubt is why a straight line is known to be poor here.
	Doubt Doubt
}

// The spread of the ratio of road minutes to the estimate, in all communes of the
// fit: a tenth of them is below the first, a tenth above the second.
const (
	spreadLow  = 0.79
	spreadHigh = 1.24
)

// farBeyond is the estimate beyond which the straight line is known to be poor:
// of the communes beyond it, one in twenty is more than 23 minutes off, against
// 9 of all.
const farBeyond = 45 * time.Minute

// Times never fails: every place can be reached in a straight line. It asks for
// the ground once.
func (s Straight) Times(_ context.Context, from Point, to []Point) ([]Travel, error) {
	origin, ground := from.Vector(), s.groundAt(from)
	speed := ground.speed()
	travels := make([]Travel, len(to))
	for i, p := range to {
		t := &travels[i]
		t.Time, t.Reachable, t.Doubt = speed.over(origin.Distance(p.Vector())), true, ground.Doubt
		t.Low, t.High = ground.spread(t.Time)
		if t.Time > farBeyond {
			t.Doubt |= DoubtFar
		}
		if s.Water != nil && s.Water(from, p) {
			t.Doubt |= DoubtWater
		}
	}
	return travels, nil
}

// Floor is the estimate itself, which depends on the origin and the distance
// alone and grows with it.
func (s Straight) Floor(from Point, d Meters) time.Duration {
	return s.groundAt(from).speed().over(d)
}

// From returns the same for ways that begin at one point, whose ground is looked up
// once.
func (s Straight) From(origin Point) Straight {
	ground := s.groundAt(origin)
	s.Ground = func(Point) Ground { return ground }
	return s
}

// Name returns "car" and "straight".
func (Straight) Name() (mode, source string) { return "car", "straight" }

// groundAt returns a ground whose factors are believed: Low ≤ Factor ≤ High.
func (s Straight) groundAt(origin Point) Ground {
	var g Ground
	if s.Ground != nil {
		g = s.Ground(origin)
	}
	if !(g.Factor >= 0.2 && g.Factor <= 5) { // written so that NaN fails too
		g.Factor = 1
	}
	if !(g.Low > 0 && g.Low <= g.Factor) {
		g.Low = spreadLow * g.Factor
	}
	if !(g.High >= g.Factor && g.High <= 10) {
		g.High = spreadHigh * g.Factor
	}
	return g
}

func (g Ground) speed() speed {
	s := speedIn(g.Density)
	return speed{s.base * g.Factor, s.perKilometer * g.Factor}
}

// spread returns what the fastest and the slowest tenth of the ways take.
func (g Ground) spread(t time.Duration) (low, high time.Duration) {
	low = time.Duration(float64(t) * (g.Low / g.Factor))
	high = time.Duration(float64(t) * (g.High / g.Factor))
	return min(low, t), max(high, t)
}

// speed is a time that grows with the distance, in minutes: base, plus
// perKilometer for each kilometre of the straight line.
type speed struct{ base, perKilometer float64 }

// speedIn returns the speed from a commune of that density: least squares on
// the road minutes from 34,275 communes to their nearest emergency department
// (DREES 2019, road times of Insee's METRIC), by the class of the commune. They
// were fitted together with a factor for each département, see [Ground].
func speedIn(d Density) speed {
	switch d {
	case DensityDesert:
		return speed{2.676, 1.3503}
	case DensityRural:
		return speed{3.582, 1.2304}
	case DensitySuburban:
		return speed{5.342, 1.1495}
	case DensityUrban:
		return speed{7.814, 1.0173}
	}
	return speed{4.517, 1.1731} // average, and the middle of what is unknown
}

// over returns the time that a distance takes. No two places are farther apart
// than half of the way round; an infinite distance is no more than that.
func (s speed) over(d Meters) time.Duration {
	d = min(d, math.Pi*EarthRadius)
	return time.Duration((s.base + s.perKilometer*d.Kilometers()) * float64(time.Minute))
}
