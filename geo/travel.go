package geo

import (
	"context"
	"math"
	"time"
)

// Travel is the way from an origin to one destination.
type Travel struct {
	Time      time.Duration
	Reachable bool // false: no way there by this mode; Time means nothing then
}

// A TravelTimer tells how long the way takes. Every implementation passes the
// suite of geo/timertest.
type TravelTimer interface {
	// Times returns one Travel for each destination, in their order. It MUST
	// return as many as it was given, or an error and none.
	Times(ctx context.Context, from Point, to []Point) ([]Travel, error)

	// Floor returns a time that no destination at least d away from the origin
	// beats. It MUST never be above a Time from there to such a destination,
	// never fall as d grows, to infinity, and never be negative: the search
	// stops by it, so a floor too high loses offers. It is asked for with each
	// ring, so it must cost little.
	Floor(from Point, d Meters) time.Duration

	// Name says what the times are worth to a reader of the answer: a mode
	// ("car") and a source ("straight").
	Name() (mode, source string)
}

// Straight estimates the time by car from the straight line, and from how
// densely people live where the way begins: in a town it takes longer to get
// going, in the country each kilometre does. The zero Straight takes the speed
// of an average commune everywhere.
//
// The density of the origin counts, never that of a destination: that is how
// the speeds were measured, and it makes one floor true for all destinations.
//
// It is an estimate, poor in mountains, on islands and across water: answers
// name it as their source. On the road minutes that it was fitted on, half of
// the estimates are within 2.4 minutes, and one in twenty is more than 10.7 off.
type Straight struct {
	// Density returns the class at a point, always the same one (see
	// gazetteer.DensityAt); nil, and where it is unknown, is the average one.
	Density func(Point) Density
}

// Times never fails: every place can be reached in a straight line. It asks for
// the density once.
func (s Straight) Times(_ context.Context, from Point, to []Point) ([]Travel, error) {
	origin, speed := from.Vector(), s.speedFrom(from)
	travels := make([]Travel, len(to))
	for i, p := range to {
		travels[i] = Travel{Time: speed.over(origin.Distance(p.Vector())), Reachable: true}
	}
	return travels, nil
}

// Floor is the estimate itself, which depends on the origin and the distance
// alone and grows with it.
func (s Straight) Floor(from Point, d Meters) time.Duration {
	return s.speedFrom(from).over(d)
}

// Name returns "car" and "straight".
func (Straight) Name() (mode, source string) { return "car", "straight" }

func (s Straight) speedFrom(origin Point) speed {
	if s.Density == nil {
		return speedIn(DensityUnknown)
	}
	return speedIn(s.Density(origin))
}

// speed is a time that grows with the distance, in minutes: base, plus
// perKilometer for each kilometre of the straight line.
type speed struct{ base, perKilometer float64 }

// speedIn returns the speed from a commune of that density: least squares on
// the road minutes from 34,275 communes to their nearest emergency department
// (DREES 2019, road times of Insee's METRIC), by the class of the commune. They
// were fitted together with a factor for each département, which is left out
// here.
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
