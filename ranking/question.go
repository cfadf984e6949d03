package ranking

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"boussole/data"
	"boussole/index"
	"boussole/ranking/needs"
)

// Question asks who can care for somebody soonest.
type Question struct {
	// Query is what an offer must be. Near is where the patient is, At when they
	// leave, Within how far they go at most. What it asks of hours and beds is a
	// requirement: leave it out where they are to cost minutes instead.
	Query index.Query

	// Limit is how many choices are wanted, at least 1; 0 is 1.
	Limit int

	// LongestTravel is how long the way may take; 0 is any time.
	LongestTravel time.Duration

	// LongestWait is for how long one may wait at a door that is known to be
	// closed on arrival; nil is any time. Unknown hours are not closed.
	LongestWait *time.Duration

	// Comes says that the offer comes to the patient: its way is theirs the other
	// way round, taken to be as long, and it must be on duty when it leaves.
	Comes bool

	// Lands says that only places count at whose establishment a helicopter is known
	// to land: not known is not enough. Of viewers who may not know of landing zones
	// no place does; tell them so, and do not ask.
	Lands bool

	// Ages are those that the patient may have where Query.Age does not tell theirs,
	// zero any. Of offers that say which ages they receive, those cost more that do not
	// receive all of them; AnyAge says that they do not, because it does not matter.
	Ages   data.AgeRange
	AnyAge bool

	// Commune is the INSEE code of where the patient is. Of offers that come, those
	// that are not known to go there cost more: most say nothing of where they go.
	// To leave out who does not say, ask Query.Travels.
	Commune string

	// Preferences are what an offer had better have; see [needs.Preference].
	// Those that nobody of the viewer's rights can know of are left out.
	Preferences []needs.Preference

	// Beds says which beds a preference for a free one means; its Rule does not
	// count.
	Beds index.Beds

	// Delays are what else is said in minutes.
	Delays []Delay

	// Excluded offers are not chosen: they refused, or are known to be full.
	Excluded []data.ID

	// Fair spreads offers of the same cost, reproducibly: each seed has an order
	// of its own among them, so that not everybody is sent to the same door. ""
	// is the nearest first.
	Fair string

	// PassedOver is how many offers that were passed over are listed, at most 20:
	// those that carry the Main codes and are nearer than the farthest choice. No
	// Main codes are all that the query asks for.
	PassedOver int
	Main       [][]data.Code

	// Deadline is how long the ways may take to be timed, all together; 0 is as
	// long as it takes. What is not timed by then is estimated.
	Deadline time.Duration
}

// ErrQuestion is wrapped by what is wrong with a question.
var ErrQuestion = errors.New("not a question")

// validate names every fault at once.
func (q *Question) validate() error {
	var faults []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf("%w: "+format, append([]any{ErrQuestion}, args...)...))
		}
	}
	fault(q.Limit < 0, "a limit of %d", q.Limit)
	fault(q.LongestTravel < 0, "a longest way of %v", q.LongestTravel)
	fault(q.LongestWait != nil && *q.LongestWait < 0, "a longest wait below nothing")
	fault(q.PassedOver < 0 || q.PassedOver > MostPassedOver, "a list of %d that are passed over, of at most %d", q.PassedOver, MostPassedOver)
	fault(q.Deadline < 0, "a deadline of %v", q.Deadline)
	fault(len(q.Preferences) >= index.MaxWishes, "%d preferences, of at most %d", len(q.Preferences), index.MaxWishes-1)
	for i := range q.Preferences {
		if p := &q.Preferences[i]; p.Missing < 0 {
			fault(true, "the lack of %q costs %v: %w", p.Say.English, p.Missing, ErrNegativeDelay)
		}
	}
	return errors.Join(faults...)
}

// distinct leaves out groups of codes that are asked for already.
func distinct(groups [][]data.Code) [][]data.Code {
	if len(groups) < 2 {
		return groups
	}
	var list [][]data.Code
	for _, g := range groups {
		if !slices.ContainsFunc(list, func(h []data.Code) bool { return slices.Equal(g, h) }) {
			list = append(list, g)
		}
	}
	return list
}

func (q *Question) limit() int { return max(q.Limit, 1) }

func (q *Question) excludes(id data.ID) bool { return slices.Contains(q.Excluded, id) }

// known returns the preferences that count for a viewer.
func (q *Question) known(view *index.View) []needs.Preference {
	hidden := func(p needs.Preference) bool {
		class := data.Restricted
		if p.Beds {
			class = data.RestrictedBeds
		}
		return p.Restricted && !view.Sees(class)
	}
	if !slices.ContainsFunc(q.Preferences, hidden) {
		return q.Preferences
	}
	return slices.DeleteFunc(slices.Clone(q.Preferences), hidden)
}
