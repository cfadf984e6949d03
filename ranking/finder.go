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
// Why stopping is right: the timer promises that no way to a place at least d from
// the origin takes less than its Floor(origin, d). Rounding to whole minutes never
// turns two times around, so no such way is shown as less than that floor rounded.
// Offers that come to the patient lie at the same distance from them, and their way
// is timed as the patient's would be, so the same holds of them. Beside the way an
// offer costs no less than what it lacks of the preferences that the index knows; and
// no wait and no delay is negative. A door that is closed when the patient leaves, and
// may first be open w later, costs them w at least, the way and the wait together:
// they wait for it, or are on the way meanwhile. The greater of floor and w, and what
// it lacks, is the least that an offer may cost.
//
// The index yields offers in the order of (least, distance, id), see
// [index.Cheapest]. Hence, once k choices are kept, and the last offer read has the
// least l:
//
//   - if the k-th costs less than l, all that is to come costs more than each of them;
//   - if it costs exactly that, what is to come may cost as much, but it stands after
//     the last one read by (distance, id): where the k-th does not stand after that
//     one, it stands before all that is to come. Only where equals are spread by a
//     seed does this not hold, and the search goes on.
//
// What may cost more than the k-th at a time is not read. Nothing that is left out
// (unreachable, too far, excluded) could have been kept; nor could what lies where
// the floor exceeds a time limit.
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
	h, err := f.setOut(view, q, ways)
	if err != nil {
		return nil, err
	}
	return h, h.run(ctx)
}

// setOut is a hunt that has not begun.
func (f *Finder) setOut(view *index.View, q Question, ways *ways) (*hunt, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	q.Query.Codes = distinct(q.Query.Codes)
	if q.PassedOver > 0 {
		ways.remember()
	}
	return f.hunt(view, &q, newPricer(view, &q), ways), nil
}

// hunt is one question being answered.
type hunt struct {
	q      *Question
	view   *index.View
	ways   *ways
	pricer *pricer
	budget int
	answer Answer

	parts []Part // where there is room for those of choices

	first int // how many are asked for first; 0 is by the limit

	onThisSide bool // who is across the water does not count
}

func (f *Finder) hunt(view *index.View, q *Question, p *pricer, ways *ways) *hunt {
	h := &hunt{q: q, view: view, ways: ways, pricer: p, budget: cmp.Or(f.Budget, defaultBudget)}
	h.answer.Mode, h.answer.Source = f.timer().Name()
	h.answer.Choices = make([]Choice, 0, min(q.limit(), fewChoices))
	return h
}

// run reads until nothing unread can be among the best, or the budget is spent. Each
// time it asks the timer once, for twice as many offers as before.
func (h *hunt) run(ctx context.Context) error {
	read := h.reader()
	for size := cmp.Or(h.first, h.asManyAsHelp()); h.answer.Priced < h.budget; size *= 2 {
		done, err := read(ctx, min(size, h.budget-h.answer.Priced))
		if err != nil {
			return err
		}
		if done {
			h.answer.Complete = len(h.answer.Degraded) == 0
			break
		}
	}
	h.answer.doubtWater(h.q.Query.Near)
	return nil
}

// reader reads by distance where the way is all that it costs.
func (h *hunt) reader() func(ctx context.Context, n int) (done bool, err error) {
	if h.pricer.reader == nil {
		return h.byDistance()
	}
	return h.byCost()
}

// asManyAsHelp is how many offers are asked for first: in a straight line as many as
// are wanted, because the least that they may cost is what most of them do. By road
// it is a few more: in the mountains the soonest emergency department is nearly
// always among the eight nearest.
func (h *hunt) asManyAsHelp() int {
	if _, estimated := straight.Name(); h.answer.Source == estimated {
		return h.q.limit()
	}
	return h.q.limit() + 7
}

// byCost reads lot after lot, and says whether nothing after it can be among the best.
func (h *hunt) byCost() func(ctx context.Context, n int) (done bool, err error) {
	search := h.pricer.reader.Cheapest(h.q.Query, index.Way{
		Floor: h.ways.floorFrom(h.q.Query.Near), Longest: h.q.LongestTravel, Comes: h.q.Comes,
	})
	return func(ctx context.Context, n int) (bool, error) {
		lot, err := search.Next(ctx, n, h.dearest())
		if err != nil {
			return false, fmt.Errorf("searching: %w", err)
		}
		err = h.take(ctx, lot.Hits)
		return lot.Last || h.bought(&lot), err
	}
}

// dearest is the cost that what is still to come must not exceed to be kept.
func (h *hunt) dearest() time.Duration {
	k := h.q.limit()
	if len(h.answer.Choices) < k {
		return index.AnyCost
	}
	return h.answer.Choices[k-1].Cost
}

// bought reports whether nothing after a lot can be among the best.
func (h *hunt) bought(lot *index.Lot) bool {
	k := h.q.limit()
	if len(h.answer.Choices) < k {
		return false
	}
	dearest, last := &h.answer.Choices[k-1], &lot.Hits[len(lot.Hits)-1]
	if dearest.Cost != lot.Least || h.q.Fair != "" {
		return dearest.Cost < lot.Least
	}
	return cmp.Or(cmp.Compare(dearest.Distance, last.Distance), cmp.Compare(dearest.ID, last.ID)) <= 0
}

// byDistance reads ring after ring.
func (h *hunt) byDistance() func(ctx context.Context, n int) (done bool, err error) {
	search := h.view.Search(h.q.Query)
	return func(ctx context.Context, n int) (bool, error) {
		ring, err := search.Next(ctx, n)
		if err != nil {
			return false, fmt.Errorf("searching: %w", err)
		}
		err = h.take(ctx, ring.Hits)
		return ring.Last || h.settled(ring.Horizon), err
	}
}

// settled reports whether nothing beyond a horizon can be among the best.
func (h *hunt) settled(horizon geo.Meters) bool {
	floor := h.ways.timer.Floor(h.q.Query.Near, horizon)
	return h.dearest() <= floor
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
		choice, out, err := h.pricer.price(&hits[i], &ways[i])
		if err != nil {
			return err
		}
		if out.Reason == 0 && !(h.onThisSide && h.answer.crossesWater(h.q.Query.Near, choice)) {
			h.answer.keep(choice, h.q.limit(), &h.parts)
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
