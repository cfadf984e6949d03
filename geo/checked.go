package geo

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// ErrRefused is wrapped by the error of a source that answered, and would tell no
// time at all because of one of the places it was asked for, or of their number: a
// place off its map, or too far away. Others may be told when they are asked for
// without it (see [Batched]).
var ErrRefused = errors.New("the source refuses the question")

// ErrDisbelieved is wrapped by the error about an answer that cannot be one to the
// question: times of another number of places, or in another order.
var ErrDisbelieved = errors.New("the answer is not one to the question")

// counted returns an error unless there is one time for each place.
func counted(travels []Travel, to []Point) error {
	if len(travels) != len(to) {
		return fmt.Errorf("%d times for %d places: %w", len(travels), len(to), ErrDisbelieved)
	}
	return nil
}

// Checked believes a timer only what can be true, so that its floor is one whatever
// it says. A time that is negative, endless, outside of its own spread, or less than
// the floor by more than measuring from road to road explains becomes one that the
// source cannot tell: not reachable, with [DoubtUntold], for [Fallback] to replace. A
// wrong number of times is an error. What is not believed is counted.
//
// It must not be copied after its first use. It is safe for concurrent use when its
// timer is.
type Checked struct {
	Timer TravelTimer

	disbelieved [disbeliefs]atomic.Int64
}

// Disbelieved is how many times, and of answers with a wrong number of them how
// many, were not believed since the start.
type Disbelieved struct {
	Count    int64 // answers with times of another number of places
	Negative int64
	Endless  int64 // above 1,000 hours: some routers write "no way" as a very large number
	TooFast  int64 // below the floor
	Spread   int64 // outside of its own spread
	Untold   int64 // not believed by the source itself: off its map, or taken to be kilometres away
}

type disbelief int

const (
	wrongCount disbelief = iota
	negative
	endless
	tooFast
	misspread
	untold
	disbeliefs
	believed disbelief = -1
)

// endlessAbove is more than any way takes by any mode but walking round the Earth.
const endlessAbove = 1000 * time.Hour

// roadToRoad is how much of the straight line may lie outside of what a router
// measures: it takes both ends to be on the nearest road. A time that is below the
// floor by no more than that is raised to it.
const roadToRoad Meters = 1000

// Times returns what is believed.
func (c *Checked) Times(ctx context.Context, from Point, to []Point) ([]Travel, error) {
	told, err := c.Timer.Times(ctx, from, to)
	if err != nil {
		return nil, err
	}
	if err := counted(told, to); err != nil {
		c.disbelieved[wrongCount].Add(1)
		return nil, err
	}
	travels := make([]Travel, len(told)) // the timer may keep its own
	for i, t := range told {
		travels[i] = c.check(from, to[i], t)
	}
	return travels, nil
}

func (c *Checked) check(from, to Point, t Travel) Travel {
	if !t.Reachable {
		if t.Doubt&DoubtUntold != 0 {
			c.disbelieved[untold].Add(1)
		}
		return t
	}
	d := Distance(from, to)
	floor := c.Timer.Floor(from, d)
	if why := judge(t, c.Timer.Floor(from, d-min(d, roadToRoad))); why != believed {
		c.disbelieved[why].Add(1)
		return Travel{Doubt: t.Doubt | DoubtUntold, Source: t.Source}
	}
	if t.Time < floor {
		t.Time = floor
		if t.High > 0 {
			t.High = max(t.High, floor)
		}
	}
	return t
}

// judge says why a time cannot be true, if it cannot.
func judge(t Travel, floor time.Duration) disbelief {
	switch {
	case t.Time < 0:
		return negative
	case t.Time > endlessAbove:
		return endless
	case t.Time < floor:
		return tooFast
	case (t.Low != 0 || t.High != 0) && (t.Low < 0 || t.Low > t.Time || t.High < t.Time):
		return misspread
	}
	return believed
}

// Floor is that of the timer.
func (c *Checked) Floor(from Point, d Meters) time.Duration { return c.Timer.Floor(from, d) }

// Name is that of the timer.
func (c *Checked) Name() (mode, source string) { return c.Timer.Name() }

// Disbelieved returns how often what was not believed.
func (c *Checked) Disbelieved() Disbelieved {
	n := func(d disbelief) int64 { return c.disbelieved[d].Load() }
	return Disbelieved{n(wrongCount), n(negative), n(endless), n(tooFast), n(misspread), n(untold)}
}
