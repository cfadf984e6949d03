package geo

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Batched asks a timer for so many places at once and no more, and finds those for
// whose sake it refuses all: a question that is refused is asked again in halves,
// until the places that cannot be told stand alone. They are not reachable, with
// [DoubtUntold]; all others have their times. It is safe for concurrent use when its
// timer is.
//
// Valhalla takes 2,500 pairs at once by default and OSRM's table 100 places.
type Batched struct {
	Timer TravelTimer
	Most  int // 0 is 100
}

const defaultBatch = 100

// moreCalls is how many calls one question may take for finding the places that are
// refused: enough for eight of a hundred, wherever they stand, and for a block of
// forty. What is not found by then is not told.
const moreCalls = 100

// Times asks for one batch after the other. The error of a batch is that of all,
// unless it wraps [ErrRefused]; where the source refuses the origin itself, it is the
// error.
func (b Batched) Times(ctx context.Context, from Point, to []Point) ([]Travel, error) {
	most := b.Most
	if most <= 0 {
		most = defaultBatch
	}
	q := batches{timer: b.Timer, from: from, left: moreCalls}
	travels := make([]Travel, len(to))
	for start := 0; start < len(to); start += most {
		end := min(start+most, len(to))
		if err := q.ask(ctx, to[start:end], travels[start:end]); err != nil {
			return nil, err
		}
	}
	return travels, nil
}

// batches is one question that is asked in parts.
type batches struct {
	timer  TravelTimer
	from   Point
	placed bool // the origin was not what was refused
	left   int  // calls for finding what is refused
}

// ask fills in the times to some places.
func (q *batches) ask(ctx context.Context, to []Point, travels []Travel) error {
	told, err := q.timer.Times(ctx, q.from, to)
	if err == nil {
		if err := counted(told, to); err != nil {
			return err
		}
		copy(travels, told)
		q.placed = q.placed || len(to) > 0
		return nil
	}
	if !errors.Is(err, ErrRefused) {
		return err
	}
	if err := q.originRefused(ctx); err != nil {
		return err
	}
	if len(to) == 1 || q.left < 2 {
		for i := range travels {
			travels[i] = Travel{Doubt: DoubtUntold}
		}
		return nil
	}
	q.left -= 2
	half := len(to) / 2
	if err := q.ask(ctx, to[:half], travels[:half]); err != nil {
		return err
	}
	return q.ask(ctx, to[half:], travels[half:])
}

// originRefused asks once for the way from the origin to itself: when that is refused
// too, no halving finds a place that is not.
func (q *batches) originRefused(ctx context.Context) error {
	if q.placed {
		return nil
	}
	if _, err := q.timer.Times(ctx, q.from, []Point{q.from}); err != nil {
		return fmt.Errorf("from the origin to itself: %w", err)
	}
	q.placed = true
	return nil
}

// Floor is that of the timer.
func (b Batched) Floor(from Point, d Meters) time.Duration { return b.Timer.Floor(from, d) }

// Name is that of the timer.
func (b Batched) Name() (mode, source string) { return b.Timer.Name() }
