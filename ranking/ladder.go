package ranking

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"boussole/data"
	"boussole/index"
	"boussole/ranking/needs"
)

// Case is a need of a patient, as far as it is told.
type Case struct {
	Need    *needs.Need
	Patient needs.Patient
	Assumed *data.Age // where the age is not told: what words stand for; nil is none
	Sex     data.Sex  // 0 where it is not told
	Weight  float64   // in kg; 0 where it is not told
}

// Relaxed is what was given up so that something was found: nothing, for most.
type Relaxed struct {
	// Steps are those of the ladder of the need that were climbed, in their order.
	Steps []needs.Step

	// Emergency says that these are no services for the need: they are the nearest
	// emergency departments, which can do something for everybody.
	Emergency bool

	// Limits says that what the caller asked for beside the need was given up:
	// radius, time, waiting, territories, further codes, words, hours and beds.
	Limits bool
}

// Serve answers a need. Where no offer is all that it requires, one requirement
// after the other is relaxed, as its ladder says, and the answer is that of the
// first rung on which there is any. Where there is none on any rung within the
// limits of the caller, these are given up and the ladder is climbed anew from its
// foot: a service for the need a little beyond them is more use than an emergency
// department, and that more than nothing. So nothing of the need is relaxed that
// need not be, and of the limits all or none.
//
// Where the way to every choice crosses water, who can care on this side is told, too:
// see [ThisSide].
//
// The answer is empty only where the viewer sees no offer of the last rung that can
// be reached, is not excluded, and is not known to be closed for longer than the
// need lets one wait.
//
// The question says where and when, the limits, and what is asked for beside the
// need; of its preferences the need's own are added to. Its deadline is for all rungs
// together, and each way is timed once.
func (f *Finder) Serve(ctx context.Context, view *index.View, c Case, q Question) (Answer, error) {
	q.Preferences = append(c.preferences(), q.Preferences...)
	q.Beds.Sex = c.Sex
	ways, done := f.patientWays(ctx, &q)
	defer done()
	ways.remember()
	h, err := f.climb(ctx, view, &c, q, ways)
	if err != nil {
		return Answer{}, err
	}
	if len(h.answer.Choices) == 0 && q.limited() {
		within := h.answer
		q = q.unlimited()
		if h, err = f.climb(ctx, view, &c, q, ways); err != nil {
			return Answer{}, err
		}
		h.answer.Relaxed.Limits = true
		h.answer.follow(&within)
	}
	if err := h.passOver(ctx); err != nil {
		return Answer{}, err
	}
	if err := h.thisSide(ctx, f, view, &c, q); err != nil {
		return Answer{}, err
	}
	h.answer.Unplaced, h.answer.UnplacedAll, err = c.unplaced(view, q)
	return h.answer, err
}

// unplaced returns those of the first rung on which there are any; they do not end the
// climb for those that can be ranked.
func (c *Case) unplaced(view *index.View, q Question) (hits []index.Hit, all bool, err error) {
	for rung := 0; rung <= len(c.Need.Ladder) && len(hits) == 0 && err == nil; rung++ {
		asked := c.asked(c.rung(rung), q)
		hits, all, err = unplaced(view, &asked)
	}
	return hits, all, err
}

// climb answers on the first rung on which there is any choice, or else on the last.
func (f *Finder) climb(ctx context.Context, view *index.View, c *Case, q Question, ways *ways) (*hunt, error) {
	var before Answer
	for rung := 0; ; rung++ {
		h, err := f.rung(ctx, view, c, rung, q, ways)
		if err != nil {
			return nil, err
		}
		answer := &h.answer
		if rung > 0 {
			answer.follow(&before)
		}
		if len(answer.Choices) > 0 || rung == len(c.Need.Ladder) {
			answer.Relaxed = c.relaxed(rung, false)
			return h, nil
		}
		before = *answer
	}
}

// rung answers on one of them: 0 is the need itself.
func (f *Finder) rung(ctx context.Context, view *index.View, c *Case, rung int, q Question, ways *ways) (*hunt, error) {
	h, err := f.care(ctx, view, c.asked(c.rung(rung), q), ways)
	if err != nil {
		return nil, fmt.Errorf("answering %s on rung %d: %w", c.Need.ID, rung, err)
	}
	return h, nil
}

// rung is what is asked for on one of them.
func (c *Case) rung(number int) *needs.Ask {
	if number == 0 {
		return &c.Need.Ask
	}
	return &c.Need.Ladder[number-1].Ask
}

// relaxed is what is given up on a rung, and of the limits.
func (c *Case) relaxed(rung int, limits bool) Relaxed {
	steps := c.Need.Ladder[:rung]
	instead := slices.ContainsFunc(steps, func(s needs.Step) bool { return s.Change == needs.Emergency })
	return Relaxed{steps, instead, limits}
}

// follow takes over what the answer before, which was empty, leaves in doubt: what
// was not read then may suit.
func (a *Answer) follow(before *Answer) {
	a.Complete = a.Complete && before.Complete
	if len(a.Degraded) == 0 {
		a.Degraded = before.Degraded
	}
}

// asked is the question of one rung. What is told as passed over carries the first
// group of the need itself, or that of the rung: who asks for a stroke unit wants to
// know why it was not the nearest one, and not only of emergency departments.
func (c *Case) asked(ask *needs.Ask, q Question) Question {
	q.Comes = ask.Comes
	if q.PassedOver > 0 {
		q.Main = c.main(ask)
	}
	q.Query.Codes = append(ask.Codes(), q.Query.Codes...)
	if q.Query.Age = c.Patient.Age; ask.AnyAge {
		q.Query.Age = nil
	}
	q.AnyAge, q.Ages = ask.AnyAge, c.ages()
	wait := ask.Wait
	if q.LongestWait != nil {
		wait = min(wait, *q.LongestWait)
	}
	q.LongestWait = &wait
	return q
}

// ages are those that the patient may have: the one that is assumed, or those for whom
// the need is meant.
func (c *Case) ages() data.AgeRange {
	if c.Assumed != nil {
		return data.AgeRange{Min: *c.Assumed, Before: *c.Assumed + 1}
	}
	return data.AgeRange{Min: c.Need.Public.Min, Before: c.Need.Public.Before}
}

func (c *Case) main(ask *needs.Ask) [][]data.Code {
	var main []data.Code
	for _, groups := range [][]needs.Group{c.Need.Ask.Groups, ask.Groups} {
		for _, first := range groups[:min(1, len(groups))] {
			main = append(main, first.Codes...)
		}
	}
	if len(main) == 0 {
		return nil
	}
	slices.Sort(main)
	return [][]data.Code{slices.Compact(main)}
}

// limited reports whether the caller asked for anything that can be given up.
func (q *Question) limited() bool {
	asked := q.Query
	asked.Age = nil // of the patient
	return q.LongestTravel > 0 || q.LongestWait != nil || !reflect.DeepEqual(asked, q.unlimited().Query)
}

// unlimited is the question without what the caller asked for beside the need.
func (q Question) unlimited() Question {
	q.Query = index.Query{Near: q.Query.Near, At: q.Query.At}
	q.LongestTravel, q.LongestWait = 0, nil
	return q
}

// preferences are those of the need, for this patient.
func (c *Case) preferences() []needs.Preference {
	list := slices.Clone(c.Need.Preferences)
	for i := range list {
		p := &list[i]
		if !p.ByWeight || c.Weight == 0 {
			continue
		}
		p.Equipment = slices.Clone(p.Equipment)
		for e := range p.Equipment {
			p.Equipment[e].AtLeast = c.Weight
		}
	}
	return list
}
