package geo

import (
	"context"
	"time"
)

// Travel is the way from an origin to one destination.
type Travel struct {
	Time      time.Duration
	Reachable bool // false: no way there by this mode; Time means nothing then
}

// A TravelTimer tells how long the way takes.
type TravelTimer interface {
	// Times returns one Travel for each destination, in their order. It MUST
	// return as many as it was given, or an error and none.
	Times(ctx context.Context, from Point, to []Point) ([]Travel, error)

	// Floor returns a time that no destination at least d away beats. It MUST
	// never be above a Time for such a destination, never fall as d grows, and
	// never be negative: the search stops by it, so a floor too high loses
	// offers.
	Floor(d Meters) time.Duration

	// Name says what the times are worth to a reader of the answer: a mode
	// ("car") and a source ("straight").
	Name() (mode, source string)
}

// The constants of the zero [Straight]: minutes = 4.517 + 1.173 × km, least
// squares of the road minutes from 34,275 communes to their nearest emergency
// department (DREES 2019, road times of Insee's METRIC) on the straight line,
// for the middle one of five density classes (100 to 300 inhabitants/km²).
const (
	straightBase         = 4517 * time.Minute / 1000
	straightPerKilometer = 1173 * time.Minute / 1000
)

// fastest is what no car beats: 130 km/h, the highest limit in France, as the
// crow flies.
const fastest = time.Hour / 130 // for each kilometre

// Straight estimates the time by car from the straight line: Base, plus
// PerKilometer for each kilometre. The zero Straight takes the constants of an
// average commune. Base is held to 0 at least and PerKilometer to 130 km/h.
//
// It is an estimate, poor in mountains, on islands and across water: answers
// name it as their source.
type Straight struct {
	Base, PerKilometer time.Duration
}

// Times never fails: every place can be reached in a straight line.
func (s Straight) Times(_ context.Context, from Point, to []Point) ([]Travel, error) {
	origin := from.Vector()
	travels := make([]Travel, len(to))
	for i, p := range to {
		travels[i] = Travel{Time: s.Floor(origin.Distance(p.Vector())), Reachable: true}
	}
	return travels, nil
}

// Floor is the estimate itself, which depends on the distance alone and grows
// with it.
func (s Straight) Floor(d Meters) time.Duration {
	if s == (Straight{}) {
		s = Straight{straightBase, straightPerKilometer}
	}
	return max(s.Base, 0) + time.Duration(d.Kilometers()*float64(max(s.PerKilometer, fastest)))
}

// Name returns "car" and "straight".
func (Straight) Name() (mode, source string) { return "car", "straight" }
