package geo

import (
	"math"
	"time"
)

// KilometersPerHour is a speed.
type KilometersPerHour float64

// Over returns the time that a distance takes at that speed, rounded down. No two
// places are farther apart than half of the way round: an infinite distance is no
// more than that. A speed that is not above zero takes no time, so that a bound
// made of it is no bound, and not a wrong one.
func (v KilometersPerHour) Over(d Meters) time.Duration {
	if !(v > 0) {
		return 0
	}
	d = max(min(d, math.Pi*EarthRadius), 0)
	return time.Duration(d.Kilometers() / float64(v) * float64(time.Hour))
}

// CarTopSpeed is the speed that no car beats on the way between two places: the
// highest that is allowed in France, on motorways (code de la route, article
// R413-2). It is a bound and no estimate: no road is straight, and few of them are
// motorways.
const CarTopSpeed KilometersPerHour = 130

// CarFloor is a time that no car beats over a straight line of d. It is the floor
// of whatever asks for roads, and the one by which their words are checked: an
// estimate may be too high, and a search that stopped by it would lose offers.
//
// A router measures from the road that is nearest to a place, so its word may be
// below this by what the ways to the road take: see [Checked].
func CarFloor(d Meters) time.Duration { return CarTopSpeed.Over(d) }
