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

// Finder finds the offers that can be reached, and can care, soonest. It is safe
// for concurrent use when its timer is.
type Finder struct {
	// Timer says how long the way takes; nil is [geo.Straight] at the speed of
	// the commune where the way begins.
	Timer geo.TravelTimer

	// Estimate stands in for a timer that fails, or is not done in time; nil is a
	// straight line by the mode of the timer.
	Estimate geo.TravelTimer

	// Budget is how many offers may be priced for one question; 0 is 10,000.
	Budget int
}

const defaultBudget = 10_000

// straight is what stands in for a timer that there is not, or that is down.
var straight = geo.Straight{Ground: gazetteer.GroundAt}

// Find returns the k offers that suit the question and can be reached soonest,
// k at least 1, in the order of (time, distance, id). Offers that cannot be
// reached are left out. An offer with several places is priced at the nearest
// of them that suits. An error of the timer is returned.
func (f *Finder) Find(ctx context.Context, view *index.View, q index.Query, k int) (Answer, error) {
	question := Question{Query: q, Limit: k}
	h := f.hunt(view, &question, &pricer{q: &question}, f.ways())
	if err := h.run(ctx); err != nil {
		return Answer{}, err
	}
	return h.answer, nil
}

// Care returns the offers that suit the question and can care soonest, cheapest
// first; see [Choice.Compare] for equals. What an offer costs is the way, the wait
// at a door that is closed on arrival, and delays, each a part in whole minutes
// with its reason. An offer with several places is priced at the nearest of them
// that suits.
//
// It asks through a view and makes none, so that the caller reads the offers of
// the choices, and all else that goes into one answer, through the same: a view
// made here could be of another generation. A view comes from a guard only, and
// a finder is handed nothing else that can be searched.
//
// Where the timer fails, or is not done by the deadline or by three quarters of the
// time that the context leaves, the rest of the ways is estimated, see
// [Finder.Estimate]; the answer says so, and is not complete.
//
// Why stopping is right: the index yields offers in the order of (distance, id),
// and promises with each ring that nothing still to come is nearer than its
// horizon h. The timer promises that no way to a place at least h from the origin
// takes less than its Floor(origin, h). Rounding to whole minutes never turns two
// times around, so no way that is still to come is shown as less than that floor
// rounded; and as no wait and no delay is negative, nothing still to come costs
// less. Offers that come to the patient lie at the same distance from them, and
// their way is timed as the patient's would be, so the same holds of them. Hence,
// once k choices are kept:
//
//   - if the k-th costs less than the rounded floor, all that is to come costs
//     more than each of them;
//   - if it costs exactly that, what is to come may cost as much, but it is no
//     nearer than anything read, and of what is as near its id is greater, because
//     rings come in that order: it would stand after them. Only where equals are
//     spread by a seed may it stand before, and the search goes on.
//
// Nothing that is left out (unreachable, too far, excluded) could have been kept.
// A place that is at least h away is never within a time limit that the floor of h
// exceeds, so there the search ends, too.
func (f *Finder) Care(ctx context.Context, view *index.View, q Question) (Answer, error) {
	ways, done := f.patientWays(ctx, &q)
	defer done()
	h, err := f.care(ctx, view, q, ways)
	if err != nil {
		return Answer{}, err
	}
	if err := h.passOver(ctx); err != nil {
		return Answer{}, err
	}
	h.answer.Unplaced, h.answer.UnplacedAll, err = unplaced(view, h.q)
	return h.answer, err
}

// care finds the choices; what was passed over may be asked for then.
func (f *Finder) care(ctx context.Context, view *index.View, q Question, ways *ways) (*hunt, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	q.Query.Codes = distinct(q.Query.Codes)
	if q.PassedOver > 0 {
		ways.remember()
	}
	h := f.hunt(view, &q, newPricer(view, &q), ways)
	return h, h.run(ctx)
}

// hunt is one question being answered.
type hunt struct {
	q      *Question
	view   *index.View
	ways   *ways
	pricer *pricer
	budget int
	answer Answer

	firstRing int // how many are asked for first; 0 is by the limit
}

func (f *Finder) hunt(view *index.View, q *Question, p *pricer, ways *ways) *hunt {
	h := &hunt{q: q, view: view, ways: ways, pricer: p, budget: cmp.Or(f.Budget, defaultBudget)}
	h.answer.Mode, h.answer.Source = f.ways().timer.Name()
	return h
}

// run reads ring after ring, each with one question to the timer and twice as
// large as the one before.
func (h *hunt) run(ctx context.Context) error {
	search := h.view.Search(h.q.Query)
	for size := cmp.Or(h.firstRing, firstRing(h.q.limit())); h.answer.Priced < h.budget; size *= 2 {
		ring, err := search.Next(ctx, min(size, h.budget-h.answer.Priced))
		if err != nil {
			return fmt.Errorf("searching: %w", err)
		}
		if err := h.take(ctx, ring.Hits); err != nil {
			return err
		}
		if ring.Last || h.settled(ring.Horizon) {
			h.answer.doubtWater(h.q.Query.Near)
			h.answer.Complete = len(h.answer.Degraded) == 0
			return nil
		}
		h.narrow(search, ring.Horizon)
	}
	h.answer.doubtWater(h.q.Query.Near)
	return nil
}

// firstRing is how many offers are asked for first: a few more than wanted,
// because the nearest are not always the soonest. In the mountains the soonest
// emergency department by road is nearly always among the eight nearest.
func firstRing(k int) int { return k + 7 }

// settled reports whether nothing beyond a horizon can be among the best.
func (h *hunt) settled(horizon geo.Meters) bool {
	floor := h.ways.timer.Floor(h.q.Query.Near, horizon)
	if h.q.LongestTravel > 0 && floor > h.q.LongestTravel {
		return true
	}
	k := h.q.limit()
	if len(h.answer.Choices) < k {
		return false
	}
	if h.pricer.reader != nil {
		floor = whole(floor)
	}
	dearest := h.answer.Choices[k-1].Cost
	return dearest < floor || dearest == floor && h.q.Fair == ""
}

// narrow leaves out what costs too much beside the way to be among the best, even
// at the horizon: of offers whose hours nobody told there are many, and of most of
// them that need not be read.
//
// It loses nothing, by the same proof: what is still to come costs at least the
// rounded floor and its least delays; where that is more than the k-th, or as much
// and equals are not spread, it would stand after all that is kept. The k-th only
// falls, and the floor only rises, so what was left out once stays out.
func (h *hunt) narrow(search *index.Search, horizon geo.Meters) {
	k := h.q.limit()
	if h.pricer.reader == nil || len(h.answer.Choices) < k {
		return
	}
	most := h.answer.Choices[k-1].Cost - whole(h.ways.timer.Floor(h.q.Query.Near, horizon))
	if h.q.Fair == "" {
		most -= time.Minute // what costs as much is farther, and stands after
	}
	search.Narrow(h.pricer.reader, most)
}

// take prices a ring and keeps the best of all so far.
func (h *hunt) take(ctx context.Context, hits []index.Hit) error {
	if len(hits) == 0 {
		return nil
	}
	h.answer.Priced += len(hits)
	ways, err := h.ways.to(ctx, h.q.Query.Near, pointsOf(hits))
	if err != nil {
		return fmt.Errorf("timing the way to %d offers: %w", len(hits), err)
	}
	if slices.ContainsFunc(ways, geo.Travel.Degraded) {
		h.answer.Degraded = []string{"travel"}
	}
	for i := range hits {
		choice, out, err := h.pricer.price(hits[i], ways[i])
		if err != nil {
			return err
		}
		if out.Reason == 0 {
			h.answer.keep(&choice, h.q.limit())
		}
	}
	return nil
}

func pointsOf(hits []index.Hit) []geo.Point {
	points := make([]geo.Point, len(hits))
	for i := range hits {
		points[i] = hits[i].Point
	}
	return points
}
