package geo

import (
	"context"
	"time"
)

// Travel is the way from an origin to one destination.
type Travel struct {
	Time      time.Duration
	Reachable bool  // false: no way there by this mode, or none that the source can tell; the times mean nothing then
	Doubt     Doubt // why the time may be far from the truth

	// Low and High are the spread of the time: of ten such ways, one takes less
	// than Low and one more than High. Both are zero where the source tells none.
	Low, High time.Duration

	// Source names who told this one time, where it is not the source that the
	// timer has as its name.
	Source string
}

// Degraded reports whether the time stands in for one that the source which was
// asked first could not tell. It is said in the answer.
func (t Travel) Degraded() bool { return t.Doubt&DoubtDegraded != 0 }

// A TravelTimer tells how long the way takes. Every implementation passes the
// suite of geo/timertest.
type TravelTimer interface {
	// Times returns one Travel for each destination, in their order. It MUST
	// return as many as it was given, or an error and none.
	Times(ctx context.Context, from Point, to []Point) ([]Travel, error)

	// Floor returns a time that no destination at least d away from the origin
	// beats. It MUST never be above a Time from there to such a destination,
	// never fall as d grows, to infinity, and never be negative: the search
	// stops by it, so a floor too high loses offers. It MUST be the same all
	// through a question: what was passed over by one floor is not looked at again
	// by another. It is asked for with each box that a search comes by, so it must
	// cost little; see [FloorFrom].
	Floor(from Point, d Meters) time.Duration

	// Name says what the times are worth to a reader of the answer: a mode
	// ("car") and a source ("straight").
	Name() (mode, source string)
}
