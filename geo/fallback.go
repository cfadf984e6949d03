package geo

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Fallback asks one timer, and where that fails or cannot tell, another one, which
// does not fail: a router and [Straight]. A time that stands in carries
// [DoubtDegraded] and its own source, so that it is said in the answer; nobody is
// left without an answer because a router is down.
//
// The second is asked for every place when the first returns an error, takes too
// long or rests, and for single places that the first says cannot be reached: it may
// be that they cannot, or that they are off its map. Only where the straight line
// crosses water, too, is "no way" believed.
//
// It must not be copied after its first use. It is safe for concurrent use when its
// timers are.
type Fallback struct {
	// First and Second tell the times of one mode.
	First, Second TravelTimer

	// Patience is the most that the first may take for one call; 0 is as long as
	// the question may. It never gets more than nine tenths of what is left until
	// the deadline of the question.
	Patience time.Duration

	// Rest is how long the first is left alone after an error that is not about
	// the question; 0 is not at all. Without it each call waits out its patience
	// while a router is down.
	Rest time.Duration

	// Water reports whether the straight line between two points crosses water;
	// nil believes no "no way".
	Water func(from, to Point) bool

	// Clock tells the time for Rest; nil is time.Now.
	Clock func() time.Time

	restUntil atomic.Int64 // Unix nanoseconds
	failed    atomic.Int64
	replaced  atomic.Int64
}

// Times fails only when the question is withdrawn (its context cancelled, which is
// not the same as its deadline being over), or when the second timer does.
func (f *Fallback) Times(ctx context.Context, from Point, to []Point) ([]Travel, error) {
	travels, err := f.askFirst(ctx, from, to)
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err()
	}
	if err != nil {
		return f.standIn(ctx, from, to)
	}
	return f.complete(ctx, from, to, travels)
}

var errResting = errors.New("left alone after an error")

func (f *Fallback) askFirst(ctx context.Context, from Point, to []Point) ([]Travel, error) {
	now := f.now()
	if now.UnixNano() < f.restUntil.Load() {
		return nil, errResting
	}
	asked, cancel := f.patient(ctx)
	defer cancel()
	travels, err := f.First.Times(asked, from, to)
	if err == nil {
		err = counted(travels, to)
	}
	if err == nil {
		return travels, nil
	}
	f.failed.Add(1)
	// A caller who went away, or had no time to spare, says nothing of the first.
	if !errors.Is(err, ErrRefused) && ctx.Err() == nil && f.Rest > 0 {
		f.restUntil.Store(f.now().Add(f.Rest).UnixNano())
	}
	return nil, err
}

// patient returns the context in which the first is asked.
func (f *Fallback) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	patience := f.Patience
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline) * 9 / 10
		if patience <= 0 || left < patience {
			patience = max(left, 1)
		}
	}
	if patience <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, patience)
}

// standIn asks the second for all, whatever is left of the time.
func (f *Fallback) standIn(ctx context.Context, from Point, to []Point) ([]Travel, error) {
	told, err := f.Second.Times(context.WithoutCancel(ctx), from, to)
	if err != nil {
		return nil, err
	}
	if err := counted(told, to); err != nil {
		return nil, err
	}
	_, source := f.Second.Name()
	travels := make([]Travel, len(told)) // the second may keep its own
	for i, t := range told {
		t.Doubt |= DoubtDegraded
		if t.Source == "" {
			t.Source = source
		}
		travels[i] = t
	}
	f.replaced.Add(int64(len(travels)))
	return travels, nil
}

// complete asks the second for the places that the first did not tell.
func (f *Fallback) complete(ctx context.Context, from Point, to []Point, told []Travel) ([]Travel, error) {
	var missing []Point
	var places []int
	for i, t := range told {
		if !t.Reachable && !f.noWay(from, to[i], t) {
			missing, places = append(missing, to[i]), append(places, i)
		}
	}
	if len(missing) == 0 {
		return told, nil
	}
	instead, err := f.standIn(ctx, from, missing)
	if err != nil {
		return nil, err
	}
	travels := append([]Travel(nil), told...)
	for at, i := range places {
		travels[i] = instead[at]
	}
	return travels, nil
}

// noWay reports whether "no way" is believed.
func (f *Fallback) noWay(from, to Point, t Travel) bool {
	return t.Doubt&DoubtUntold == 0 && f.Water != nil && f.Water(from, to)
}

// Floor is the lower of both, since either may tell the time.
func (f *Fallback) Floor(from Point, d Meters) time.Duration {
	return min(f.First.Floor(from, d), f.Second.Floor(from, d))
}

// Name is that of the first; a [Travel] names the second where that told it.
func (f *Fallback) Name() (mode, source string) { return f.First.Name() }

// Failed returns how often the first returned an error since the start, and Replaced
// how many times the second told instead.
func (f *Fallback) Failed() int64 { return f.failed.Load() }

// Replaced returns how many times the second told instead since the start.
func (f *Fallback) Replaced() int64 { return f.replaced.Load() }

func (f *Fallback) now() time.Time {
	if f.Clock != nil {
		return f.Clock()
	}
	return time.Now()
}
