package index

import "time"

// Curve says how a word ages: as good as new until Fresh, as good as none from
// Old on, and in a straight line between. The zero Curve is old at once.
type Curve struct {
	Fresh, Old time.Duration
}

// Of returns the part of a delay, in whole minutes, that a word of some age
// costs: none of it when it is fresh, all of it when it is old. It never falls as
// the age grows. A word of the future is fresh.
func (c Curve) Of(delay, age time.Duration) time.Duration {
	switch {
	case age <= c.Fresh:
		return 0
	case age >= c.Old:
		return delay
	}
	share := float64(age-c.Fresh) / float64(c.Old-c.Fresh)
	return min((time.Duration(share*float64(delay)) + time.Minute - 1).Truncate(time.Minute), delay)
}
