package ranking

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"boussole/geo"
	"boussole/index"
	"boussole/ranking/needs"
)

// TwoLegs weighs going straight to a specialised centre against going to a hospital
// that is sooner reached first, and being transferred. It supports a decision and
// makes none: what the patient has, and what the teams know, is not in it.
type TwoLegs struct {
	Direct Route

	// Treated is the way by the first hospital at which treatment can begin soonest,
	// Transferred the one that leads to a centre soonest. They may be the same; both
	// are nil where no capable hospital is sooner reached than the centre.
	Treated, Transferred *Route

	Figures needs.Legs // that were reckoned with

	Complete     bool     // as in [Answer]
	Degraded     []string // as in [Answer]
	Mode, Source string
}

// Route is a way to a specialised centre.
type Route struct {
	First  *Choice // nil on the direct one
	Centre *Choice // nil where none can be reached from the first

	// Treatment is until it begins: at the first hospital, or at the centre where
	// that can do what the first could, and says so. AtCentre is until the door of
	// the centre. One without parts is not told.
	Treatment, AtCentre Total
}

// Total is minutes and what they are made of.
type Total struct {
	Time  time.Duration
	Parts []Part
}

func totalOf(lists ...[]Part) Total {
	t := Total{Parts: slices.Concat(lists...)}
	for i := range t.Parts {
		t.Time += t.Parts[i].Time
	}
	return t
}

// TwoLegs weighs the two, with the figures given, for the patient of the case: with
//
//	direct    way to the centre
//	treated   way to the first hospital + needle
//	at centre way to the first hospital + out + way from there to the centre
//
// where a way has the wait at a door that is closed on arrival, too. Of the question
// it takes from where, when, the deadline and what is excluded; other limits of the
// caller are of the list of results, and are not asked for here. A hospital at whose site
// a specialised centre stands is none to go to first. It returns nil where no
// specialised centre can be reached: there is nothing to weigh.
//
// Both routes are the least there are, ties broken by the way to the first hospital,
// then its distance, then its id. That holds for the centre by the proof of
// [Finder.Care]. A first hospital counts only if it is sooner reached than the
// centre, so all of them are read: the search ends where the floor is above that
// time. One is not asked about the way on from it when its own way, out, and the
// floor of the nearest centre from there are no less than the best total: no way on
// is below that floor, so it could not be less.
func (f *Finder) TwoLegs(ctx context.Context, view *index.View, legs *needs.Legs, c Case, q Question) (*TwoLegs, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	ways, done := f.patientWays(ctx, &q)
	defer done()
	w := newWeighing(f, view, legs, &c, &q, ways)
	near, at := q.Query.Near, q.Query.At
	direct, err := w.soonest(ctx, legs.Then, near, at, 1, 0)
	if err != nil || len(direct) == 0 {
		return nil, err
	}
	if err := w.direct(ctx, &direct[0]); err != nil {
		return nil, err
	}
	firsts, err := w.firsts(ctx, direct[0].Cost)
	if err != nil {
		return nil, err
	}
	if err := w.by(ctx, firsts); err != nil {
		return nil, err
	}
	return &w.TwoLegs, nil
}

// weighing is two legs being weighed.
type weighing struct {
	TwoLegs
	finder *Finder
	view   *index.View
	ways   *ways
	asked  Question // of all hospitals
}

func newWeighing(f *Finder, view *index.View, legs *needs.Legs, c *Case, q *Question, ways *ways) *weighing {
	w := &weighing{finder: f, view: view, ways: ways}
	w.Figures, w.Complete = *legs, true
	w.Mode, w.Source = ways.timer.Name()
	wait := c.Need.Ask.Wait
	w.asked = Question{
		Query:       index.Query{Near: q.Query.Near, At: q.Query.At, Age: c.Patient.Age},
		LongestWait: &wait, Excluded: q.Excluded, Lands: q.Lands,
	}
	if c.Need.Ask.AnyAge {
		w.asked.Query.Age = nil
	}
	return w
}

// query is what a hospital must be, as seen from a point.
func (w *weighing) query(groups []needs.Group, near geo.Point) index.Query {
	q := w.asked.Query
	q.Near, q.Codes = near, (&needs.Ask{Groups: groups}).Codes()
	return q
}

// firstOfLegs is how many hospitals are asked for first, of few in a region.
const firstOfLegs = 8

// soonest returns the k that are soonest reached, by the way and the wait at the
// door alone; longest is as in [Question.LongestTravel].
func (w *weighing) soonest(ctx context.Context, groups []needs.Group, from geo.Point, at time.Time, k int, longest time.Duration) ([]Choice, error) {
	q := w.asked
	q.Query, q.Limit, q.LongestTravel = w.query(groups, from), k, longest
	q.Query.At = at
	h := w.finder.hunt(w.view, &q, &pricer{q: &q, view: w.view, reader: w.view.Reader(index.Wishes{}), doorOnly: true}, w.ways)
	h.first = firstOfLegs
	if err := h.run(ctx); err != nil {
		return nil, fmt.Errorf("weighing two legs: %w", err)
	}
	w.Complete = w.Complete && h.answer.Complete
	if len(h.answer.Degraded) > 0 {
		w.Degraded = h.answer.Degraded
	}
	return h.answer.Choices, nil
}

func (w *weighing) direct(ctx context.Context, centre *Choice) error {
	w.Direct = Route{Centre: centre, AtCentre: totalOf(centre.Parts)}
	capable, err := w.standsAt(ctx, w.Figures.First, centre.Point)
	if capable {
		w.Direct.Treatment = totalOf(centre.Parts, w.needle())
	}
	return err
}

// standsAt reports whether a hospital that is not excluded stands at a site.
func (w *weighing) standsAt(ctx context.Context, groups []needs.Group, site geo.Point) (bool, error) {
	q := w.query(groups, site)
	q.Within = needs.SiteRadius
	ring, err := w.view.Nearest(ctx, q, len(w.asked.Excluded)+1)
	if err != nil {
		return false, fmt.Errorf("looking at a site: %w", err)
	}
	return slices.ContainsFunc(ring.Hits, func(h index.Hit) bool { return !w.asked.excludes(h.ID) }), nil
}

// firsts returns the capable hospitals that are reached in less than a time and
// have no centre at their site, soonest first.
func (w *weighing) firsts(ctx context.Context, below time.Duration) ([]Choice, error) {
	if below <= 0 {
		return nil, nil
	}
	budget := cmp.Or(w.finder.Budget, defaultBudget)
	all, err := w.soonest(ctx, w.Figures.First, w.asked.Query.Near, w.asked.Query.At, budget, below)
	if err != nil {
		return nil, err
	}
	var firsts []Choice
	for i := range all {
		if all[i].Cost >= below {
			break
		}
		centre, err := w.standsAt(ctx, w.Figures.Then, all[i].Point)
		if err != nil {
			return nil, err
		}
		if !centre {
			firsts = append(firsts, all[i])
		}
	}
	return firsts, nil
}

// by finds the two routes by a first hospital.
func (w *weighing) by(ctx context.Context, firsts []Choice) error {
	for i := range firsts {
		first := &firsts[i]
		if w.Transferred != nil {
			least, err := w.least(ctx, first)
			if err != nil {
				return err
			}
			if least >= w.Transferred.AtCentre.Time {
				continue
			}
		}
		route, err := w.route(ctx, first)
		if err != nil {
			return err
		}
		if i == 0 {
			w.Treated = route
		}
		if route.Centre != nil && (w.Transferred == nil || route.AtCentre.Time < w.Transferred.AtCentre.Time) {
			w.Transferred = route
		}
	}
	return nil
}

// least is what no way by a first hospital to a centre takes less than.
func (w *weighing) least(ctx context.Context, first *Choice) (time.Duration, error) {
	out := first.Cost + w.Figures.Out.Time
	if out >= w.Transferred.AtCentre.Time {
		return out, nil
	}
	ring, err := w.view.Nearest(ctx, w.query(w.Figures.Then, first.Point), 1)
	if err != nil {
		return 0, fmt.Errorf("looking for the nearest centre: %w", err)
	}
	return out + whole(w.ways.timer.Floor(first.Point, ring.Horizon)), nil
}

// route goes on from a first hospital to the centre that is soonest reached.
func (w *weighing) route(ctx context.Context, first *Choice) (*Route, error) {
	r := &Route{First: first, Treatment: totalOf(first.Parts, w.needle())}
	out := Part{Reason: DoorInDoorOut, Time: w.Figures.Out.Time}
	leaves := w.asked.Query.At.Add(first.Cost + out.Time)
	centres, err := w.soonest(ctx, w.Figures.Then, first.Point, leaves, 1, 0)
	if err != nil || len(centres) == 0 {
		return r, err
	}
	r.Centre = &centres[0]
	on := slices.Clone(r.Centre.Parts)
	on[0].Reason = Transfer
	r.AtCentre = totalOf(first.Parts, []Part{out}, on)
	return r, nil
}

// needle is the time that treatment takes to begin, none where none is told.
func (w *weighing) needle() []Part {
	if w.Figures.Needle.Time == 0 {
		return nil
	}
	return []Part{{Reason: DoorToNeedle, Time: w.Figures.Needle.Time}}
}
