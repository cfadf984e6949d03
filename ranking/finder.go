package ranking

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
)

// Finder finds the offers that can be reached soonest. It is safe for
// concurrent use when its timer is.
type Finder struct {
	// Timer says how long the way takes; nil is [geo.Straight] at the speed of
	// the commune where the way begins.
	Timer geo.TravelTimer

	// Budget is how many offers may be priced for one question; 0 is 10,000.
	Budget int
}

const defaultBudget = 10_000

// Choice is an offer and what it costs to reach it.
type Choice struct {
	index.Hit
	Travel geo.Travel
}

// Answer is the choices, soonest first.
type Answer struct {
	Choices []Choice

	// Complete: these are the best there are, proven. It is false when the
	// budget was spent first.
	Complete bool

	// Mode and Source say what the times are worth ("car", "straight").
	Mode, Source string
}

// Find returns the k offers that suit the question and can be reached soonest,
// k at least 1, in the order of (time, distance, id). Offers that cannot be
// reached are left out. An offer with several places is priced at the nearest
// of them that suits.
//
// It asks through a view and makes none, so that the caller reads the offers of
// the choices, and all else that goes into one answer, through the same: a view
// made here could be of another generation. A view comes from a guard only, and
// a finder is handed nothing else that can be searched.
//
// Why stopping is right: the index yields offers by distance, and promises
// with each ring that nothing still to come is nearer than its horizon h. The
// timer promises that nothing at least h away from the origin takes less than
// its Floor(origin, h). So once k choices are kept and the k-th takes less than
// that floor, every offer still to come is strictly worse than all of them,
// whatever its distance and id; when it takes exactly as long, an offer to come
// might tie in time, and the search goes on. Only a time above every floor, not
// an estimate, decides.
func (f *Finder) Find(ctx context.Context, view *index.View, q index.Query, k int) (Answer, error) {
	timer := f.Timer
	if timer == nil {
		timer = geo.Straight{Ground: gazetteer.GroundAt}
	}
	budget := cmp.Or(f.Budget, defaultBudget)
	var answer Answer
	answer.Mode, answer.Source = timer.Name()
	search := view.Search(q)
	for priced, size := 0, ringSize(k); priced < budget; size *= 2 {
		ring, err := search.Next(ctx, min(size, budget-priced))
		if err != nil {
			return Answer{}, fmt.Errorf("searching: %w", err)
		}
		priced += len(ring.Hits)
		if err := answer.price(ctx, timer, q.Near, ring.Hits, k); err != nil {
			return Answer{}, fmt.Errorf("timing the way to %d offers: %w", len(ring.Hits), err)
		}
		if ring.Last || answer.settled(k, timer.Floor(q.Near, ring.Horizon)) {
			answer.Complete = true
			break
		}
	}
	return answer, nil
}

// ringSize is how many offers are asked for first: a few more than wanted,
// because the nearest are not always the soonest.
func ringSize(k int) int { return max(k, 1) + 6 }

// settled reports whether no time at or above the floor can be among the best.
func (a *Answer) settled(k int, floor time.Duration) bool {
	return len(a.Choices) >= k && a.Choices[k-1].Travel.Time < floor
}

// price asks for the times of a ring and keeps the k best of all so far.
func (a *Answer) price(ctx context.Context, timer geo.TravelTimer, from geo.Point, hits []index.Hit, k int) error {
	if len(hits) == 0 {
		return nil
	}
	to := make([]geo.Point, len(hits))
	for i, h := range hits {
		to[i] = h.Point
	}
	travels, err := timer.Times(ctx, from, to)
	if err != nil {
		return err
	}
	if len(travels) != len(hits) {
		return fmt.Errorf("%d times for %d places", len(travels), len(hits))
	}
	for i, h := range hits {
		if travels[i].Reachable {
			a.Choices = append(a.Choices, Choice{h, travels[i]})
		}
	}
	slices.SortFunc(a.Choices, Choice.Compare)
	a.Choices = a.Choices[:min(len(a.Choices), k)]
	return nil
}

// Compare orders choices by time, then distance, then id.
func (c Choice) Compare(d Choice) int {
	return cmp.Or(
		cmp.Compare(c.Travel.Time, d.Travel.Time),
		cmp.Compare(c.Distance, d.Distance),
		cmp.Compare(c.ID, d.ID),
	)
}
