package data

import (
	"iter"
	"slices"
	"time"
)

// lookAhead is how many days [Hours.Next] looks for the next opening.
const lookAhead = 15

// Next returns the first instant after t at which the offer is known to open,
// looking two weeks ahead, and false when there is none: it may open before, on
// a public holiday. It is meant for an offer that is not known to be open at t:
// of one that is, it returns the next start of a span.
func (h *Hours) Next(t time.Time, in *Territory) (time.Time, bool) {
	_, opens := h.Reopens(t, in)
	return opens, !opens.IsZero()
}

// Reopens returns how a time at which the offer is closed ends, looking two weeks
// ahead: the first instant after t at which it may be open, because it is not known
// to be closed any more, and the first at which it is known to be open, which is the
// same or later. On the eve of a public holiday the former is midnight as a rule, and
// the latter on the day after it. Zero is none.
//
// It is meant for an offer that is closed at t.
func (h *Hours) Reopens(t time.Time, in *Territory) (may, opens time.Time) {
	for start := range h.turns(t, in) {
		switch state := h.At(start, in); {
		case state == No:
		case state == Yes && may.IsZero():
			return start, start
		case state == Yes:
			return may, start
		case may.IsZero():
			may = start
		}
	}
	return may, time.Time{}
}

// OpensWithin is [Hours.Next], looking no farther ahead than so long: where it is
// not known whether the offer is open, that is asked of a moment soon after.
func (h *Hours) OpensWithin(long time.Duration, t time.Time, in *Territory) (time.Time, bool) {
	last := t.Add(long)
	for start := range h.turns(t, in) {
		switch {
		case start.After(last):
			return time.Time{}, false
		case h.At(start, in) == Yes:
			return start, true
		}
	}
	return time.Time{}, false
}

// MayOpen returns the first instant from t on at which the offer is not known to be
// closed, looking two weeks ahead, and false when it is known to be until then.
func (h *Hours) MayOpen(t time.Time, in *Territory) (time.Time, bool) {
	if h.At(t, in) != No {
		return t, true
	}
	for start := range h.turns(t, in) {
		if h.At(start, in) != No {
			return start, true
		}
	}
	return time.Time{}, false
}

// turns yields the instants after t at which it could open, soonest first, of the
// day of t and of those that are looked ahead.
func (h *Hours) turns(t time.Time, in *Territory) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		today := DateOf(t.In(in.zone))
		for date := today; date < today+lookAhead; date++ {
			for _, start := range h.starts(date, in) {
				if start.After(t) && !yield(start) {
					return
				}
			}
		}
	}
}

// starts returns the instants of a day at which it could open, or be no longer known
// to be closed, soonest first: the starts of its spans, the ends of those that close
// it, also of the night before, midnight, where a closure or a public holiday may end
// or begin, and the instant at which clocks are changed: forward over a start, or
// back into a span.
func (h *Hours) starts(date Date, in *Territory) []time.Time {
	minutes := []Minute{0}
	for _, s := range h.day(date, false, nil).spans {
		minutes = append(minutes, s.From)
		if s.closing && !s.overnight() && s.To < Midnight { // which is the next day's
			minutes = append(minutes, s.To)
		}
	}
	for _, s := range h.day(date-1, false, nil).spans {
		if s.closing && s.overnight() {
			minutes = append(minutes, s.To)
		}
	}
	var instants []time.Time
	for _, m := range minutes {
		instants = append(instants, instantsOf(date, m, in.zone)...)
	}
	noon := date.UTC().Add(12 * time.Hour).In(in.zone)
	for _, change := range zoneBounds(noon) {
		if DateOf(change.In(in.zone)) == date {
			instants = append(instants, change)
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	return instants
}

// instantsOf returns the instants at which clocks show a minute of a day: one,
// as a rule; two where they are put back over it, none where forward.
func instantsOf(day Date, m Minute, loc *time.Location) []time.Time {
	shown := day.UTC().Add(time.Duration(m) * time.Minute) // as if clocks were in UTC
	_, before := shown.Add(-24 * time.Hour).In(loc).Zone()
	_, after := shown.Add(24 * time.Hour).In(loc).Zone()
	early := shown.Add(-time.Duration(before) * time.Second).In(loc)
	late := shown.Add(-time.Duration(after) * time.Second).In(loc)
	if early.Equal(late) {
		return []time.Time{early}
	}
	var found []time.Time
	for _, t := range []time.Time{early, late} { // each right on its side of the change
		if _, offset := t.Zone(); t.Add(time.Duration(offset) * time.Second).Equal(shown) {
			found = append(found, t)
		}
	}
	return found
}

// zoneBounds returns the last change of clocks before t and the next one after,
// as far as there are any.
func zoneBounds(t time.Time) []time.Time {
	start, end := t.ZoneBounds()
	return slices.DeleteFunc([]time.Time{start, end}, time.Time.IsZero)
}
