package ranking

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"boussole/geo"
	"boussole/geo/outline"
)

// ways asks a timer for the ways of one question: of all rings, of all rungs of a
// ladder, and of what was passed over. It is of one question, and not shared.
type ways struct {
	timer    geo.TravelTimer
	estimate geo.TravelTimer // where the timer fails; nil returns its error

	// timed ends when the timer must be done; nil is with the question.
	timed context.Context

	// met are those that were timed; nil where nobody asks again. Offers at one site
	// share theirs.
	met map[geo.Point]geo.Travel

	// here is the timer for ways that begin at the origin; nil is not made yet.
	here   geo.TravelTimer
	origin geo.Point
}

func (f *Finder) ways() *ways { return &ways{timer: f.timer()} }

func (f *Finder) timer() geo.TravelTimer {
	if f.Timer == nil {
		return aStraight
	}
	return f.Timer
}

// aStraight is made once: a value becomes an interface by an allocation.
var aStraight geo.TravelTimer = straight

// patientWays are those of a question that is answered whatever the timer does: all
// together they are timed by the deadline of the question, and within three quarters
// of what is left until that of the context, so that time is left to answer.
func (f *Finder) patientWays(ctx context.Context, q *Question) (*ways, context.CancelFunc) {
	w := f.ways()
	if w.estimate = f.Estimate; w.estimate == nil {
		w.estimate = EstimateFor(w.timer)
	}
	patience := q.Deadline
	if deadline, ok := ctx.Deadline(); ok {
		if left := max(time.Until(deadline)*3/4, 1); patience == 0 || left < patience {
			patience = left
		}
	}
	if patience == 0 || f.Timer == nil {
		return w, func() {}
	}
	timed, cancel := context.WithTimeout(ctx, patience)
	w.timed = timed
	return w, cancel
}

// EstimateFor is what stands in for a timer: the same mode in a straight line. Of a
// siren whose factor nobody tells it saves nothing; so whoever wraps a timer that may
// be a siren asks for its estimate before. Of nil it is that of a car.
func EstimateFor(timer geo.TravelTimer) geo.TravelTimer {
	if timer == nil {
		return aStraight
	}
	switch mode, _ := timer.Name(); mode {
	case geo.ModeWalking:
		return geo.Walking()
	case geo.ModeHelicopter:
		return geo.Helicopter()
	case geo.ModeSiren:
		siren, _ := timer.(geo.Siren)
		return geo.Siren{Car: aStraight, Factor: siren.Factor}
	}
	return aStraight
}

// floorFrom returns the floor of the ways that begin at a point. It stays that of the
// timer that is asked first, also where an estimate takes over in the midst of a
// question: a floor that changes would lose offers, or give some twice.
func (w *ways) floorFrom(origin geo.Point) func(geo.Meters) time.Duration {
	return geo.FloorFrom(w.from(origin), origin)
}

// from returns the timer for ways that begin at a point: in a straight line the
// ground there is looked up once.
func (w *ways) from(origin geo.Point) geo.TravelTimer {
	if w.here != nil && w.origin == origin {
		return w.here
	}
	w.here, w.origin = w.timer, origin
	switch t := w.timer.(type) {
	case geo.Straight:
		w.here = t.From(origin)
	case geo.Siren:
		if car, ok := t.Car.(geo.Straight); ok {
			w.here = geo.Siren{Car: car.From(origin), Factor: t.Factor}
		}
	}
	return w.here
}

// remember keeps the ways that are timed from now on, unless to reckon them again
// costs less.
func (w *ways) remember() {
	if w.met == nil && !reckoned(w.timer) {
		w.met = make(map[geo.Point]geo.Travel)
	}
}

// reckoned reports whether a timer reckons, and asks nobody.
func reckoned(timer geo.TravelTimer) bool {
	switch t := timer.(type) {
	case geo.Straight, geo.Steady:
		return true
	case geo.Siren:
		return reckoned(t.Car)
	}
	return false
}

// to returns the ways to places, in their order.
func (w *ways) to(ctx context.Context, from geo.Point, places []geo.Point) ([]geo.Travel, error) {
	if w.met == nil {
		return w.ask(ctx, from, places)
	}
	var unmet []geo.Point
	for _, p := range places {
		if _, met := w.met[p]; !met {
			w.met[p] = geo.Travel{}
			unmet = append(unmet, p)
		}
	}
	if len(unmet) > 0 {
		told, err := w.ask(ctx, from, unmet)
		if err != nil {
			return nil, err
		}
		for i, p := range unmet {
			w.met[p] = told[i]
		}
	}
	travels := make([]geo.Travel, len(places))
	for i, p := range places {
		travels[i] = w.met[p]
	}
	return travels, nil
}

// ask asks the timer, and from when on it fails the estimate.
func (w *ways) ask(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	timed := ctx
	if w.timed != nil {
		timed = w.timed
	}
	travels, err := times(timed, w.from(from), from, to)
	if err == nil || w.estimate == nil || ctx.Err() != nil {
		return travels, err
	}
	w.timer, w.timed, w.here = degraded{w.estimate}, nil, nil
	return times(ctx, w.timer, from, to)
}

func times(ctx context.Context, timer geo.TravelTimer, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	travels, err := timer.Times(ctx, from, to)
	if err == nil && len(travels) != len(to) {
		return nil, fmt.Errorf("%d times for %d places", len(travels), len(to))
	}
	return travels, err
}

// degraded is an estimate that stands in, which each of its times says.
type degraded struct{ geo.TravelTimer }

// FloorFrom is that of the estimate.
func (d degraded) FloorFrom(origin geo.Point) func(geo.Meters) time.Duration {
	return geo.FloorFrom(d.TravelTimer, origin)
}

func (d degraded) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	told, err := d.TravelTimer.Times(ctx, from, to)
	if err != nil {
		return nil, err
	}
	travels := make([]geo.Travel, len(told)) // which may be kept by a cache
	for i, t := range told {
		t.Doubt |= geo.DoubtDegraded
		if t.Source == "" {
			_, t.Source = d.Name()
		}
		travels[i] = t
	}
	return travels, nil
}

// doubtWater says of the choices, and of them alone because it is not for nothing,
// whose way in a straight line crosses water.
func (a *Answer) doubtWater(from geo.Point) {
	for i := range a.Choices {
		c := &a.Choices[i]
		if i > 0 && c.Point == a.Choices[i-1].Point && c.Travel.Source == a.Choices[i-1].Travel.Source {
			c.Travel.Doubt |= a.Choices[i-1].Travel.Doubt & geo.DoubtWater // half of all offers share a site
		} else if a.crossesWater(from, c) {
			c.Travel.Doubt |= geo.DoubtWater
		}
	}
}

// crossesWater reports whether a way was estimated in a straight line across water.
// Whoever flies does not mind.
func (a *Answer) crossesWater(from geo.Point, c *Choice) bool {
	_, estimated := straight.Name()
	told := cmp.Or(c.Travel.Source, a.Source)
	return told == estimated && a.Mode != geo.ModeHelicopter && outline.CrossesWater(from, c.Point)
}
