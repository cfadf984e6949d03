package ranking

import (
	"context"
	"fmt"
	"slices"

	"boussole/data"
	"boussole/index"
	"boussole/ranking/needs"
)

// Case is a need of a patient, as far as it is told.
type Case struct {
	Need    *needs.Need
	Patient needs.Patient
	Sex     data.Sex // 0 where it is not told
	Weight  float64  // in kg; 0 where it is not told
}

// Relaxed is what was given up so that something was found: nothing, for most.
type Relaxed struct {
	// Steps are those of the ladder of the need that were climbed, in their order.
	Steps []needs.Step

	// Emergency says that these are no services for the need: they are the nearest
	// emergency departments, which can do something for everybody.
	Emergency bool

	// Limits says that what the caller asked for beside the need was given up last:
	// radius, time, territories, further codes, words, hours and beds.
	Limits bool
}

// Serve answers a need. Where no offer is all that it requires, one requirement
// after the other is relaxed, as its ladder says, and the answer is that of the
// first rung on which there is any: so nothing is relaxed that need not be. Last
// the limits of the caller are, since an emergency department beyond them is more
// use than nothing. The answer is empty only where the viewer sees none at all.
//
// The question says where and when, the limits, and what is asked for beside the
// need; of its preferences the need's own are added to.
func (f *Finder) Serve(ctx context.Context, view *index.View, c Case, q Question) (Answer, error) {
	q.Preferences = append(c.preferences(), q.Preferences...)
	q.Beds.Sex = c.Sex
	q.Comes = c.Need.Comes
	var relaxed Relaxed
	complete, degraded := true, []string(nil)
	ask := &c.Need.Ask
	for step := 0; ; step++ {
		answer, err := f.Care(ctx, view, c.asked(ask, q))
		if err != nil {
			return Answer{}, fmt.Errorf("answering %s on rung %d: %w", c.Need.ID, step, err)
		}
		if len(answer.Degraded) > 0 {
			degraded = answer.Degraded
		}
		complete = complete && answer.Complete // or else what was not read may suit
		if len(answer.Choices) > 0 || relaxed.Limits {
			answer.Relaxed, answer.Complete, answer.Degraded = relaxed, complete, degraded
			return answer, nil
		}
		if step < len(c.Need.Ladder) {
			next := &c.Need.Ladder[step]
			relaxed.Steps = c.Need.Ladder[:step+1]
			relaxed.Emergency = relaxed.Emergency || next.Change == needs.Emergency
			ask = &next.Ask
			continue
		}
		relaxed.Limits = true
		q = q.unlimited()
	}
}

// asked is the question of one rung.
func (c *Case) asked(ask *needs.Ask, q Question) Question {
	q.Main = ask.Codes()[:min(1, len(ask.Groups))]
	q.Query.Codes = append(ask.Codes(), q.Query.Codes...)
	if q.Query.Age = c.Patient.Age; ask.AnyAge {
		q.Query.Age = nil
	}
	wait := ask.Wait
	q.LongestWait = &wait
	return q
}

// unlimited is the question without what the caller asked for beside the need.
func (q Question) unlimited() Question {
	q.Query = index.Query{Near: q.Query.Near, At: q.Query.At}
	q.LongestTravel = 0
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
