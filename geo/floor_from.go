package geo

import "time"

// FloorFrom returns the floor of ways that begin at one point: [TravelTimer.Floor],
// with what the timer must know of that point looked up once. A search asks for the
// floor of every box that it comes by, and the ground of a point takes a hundred times
// as long to find as a floor to reckon.
//
// A timer that wraps another passes it on by a method of this name, which MUST return
// what its Floor does.
func FloorFrom(t TravelTimer, origin Point) func(Meters) time.Duration {
	if f, ok := t.(interface {
		FloorFrom(origin Point) func(Meters) time.Duration
	}); ok {
		return f.FloorFrom(origin)
	}
	return func(d Meters) time.Duration { return t.Floor(origin, d) }
}

// FloorFrom is [Straight.Floor] of ways that begin at one point.
func (s Straight) FloorFrom(origin Point) func(Meters) time.Duration {
	return s.groundAt(origin).speed().over
}

// FloorFrom is [Siren.Floor] of ways that begin at one point.
func (s Siren) FloorFrom(origin Point) func(Meters) time.Duration {
	car := FloorFrom(s.Car, origin)
	return func(d Meters) time.Duration { return s.shorten(car(d)) }
}

// FloorFrom is [Fallback.Floor] of ways that begin at one point.
func (f *Fallback) FloorFrom(origin Point) func(Meters) time.Duration {
	first, second := FloorFrom(f.First, origin), FloorFrom(f.Second, origin)
	return func(d Meters) time.Duration { return min(first(d), second(d)) }
}

// FloorFrom is that of the timer.
func (c Cached) FloorFrom(origin Point) func(Meters) time.Duration { return FloorFrom(c.Timer, origin) }

// FloorFrom is that of the timer.
func (c *Checked) FloorFrom(origin Point) func(Meters) time.Duration {
	return FloorFrom(c.Timer, origin)
}

// FloorFrom is that of the timer.
func (b Batched) FloorFrom(origin Point) func(Meters) time.Duration {
	return FloorFrom(b.Timer, origin)
}
