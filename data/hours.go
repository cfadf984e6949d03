package data

import (
	"cmp"
	"slices"
	"time"
)

// Hours says when an offer receives, in the wall clock of its place. The zero
// Hours is unknown: FINESS and the hospital statistics know no hours.
type Hours struct {
	Weekly     []Opening
	Exceptions []Exception
	Closures   []Period // closed from the first day to the last, whatever the rest says
}

// Opening is a span of the week that comes back.
type Opening struct {
	Days      Weekdays
	From, To  Minute // To at or before From is on the next day; 0 to 1440 is the whole day
	Kind      HoursKind
	Effective Period // when it holds; the zero Period is always
}

// Exception replaces the weekly openings of the days it covers, those that run
// over midnight from the day before aside. With no spans it is a closed day.
// The first exception that covers a day is the one that holds.
type Exception struct {
	Days  Period
	Spans []Span
	Label string
}

// Span is a part of a day; To at or before From is on the next day.
type Span struct {
	From, To Minute
}

// Minute is a wall-clock time in minutes since midnight, 0 to 1440.
type Minute int16

// Midnight is the end of a day.
const Midnight Minute = 24 * 60

// Weekdays is a set of days of the week, one bit each, Sunday first as in
// [time.Weekday].
type Weekdays uint8

// EveryDay is all seven days.
const EveryDay Weekdays = 1<<7 - 1

// On returns the set of the given days.
func On(days ...time.Weekday) Weekdays {
	var set Weekdays
	for _, d := range days {
		set |= 1 << d
	}
	return set
}

// Has reports whether the day is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w>>d&1 == 1 }

// HoursKind is what hours are for (R252).
type HoursKind uint8

// Kinds of hours, by their R252 codes. Those of a secretariat and of visits
// say nothing of when patients are received; those of closing are hours at
// which it is closed.
const (
	HoursUnspecified HoursKind = iota
	HoursOpening               // 01
	HoursOperation             // 02
	HoursOnDuty                // 03, garde
	HoursSecretariat           // 04
	HoursVisits                // 05
	HoursWalkIn                // 06, without appointment
	HoursAppointment           // 07
	HoursClosing               // 08
)

// receives reports whether patients are received at hours of this kind.
func (k HoursKind) receives() bool {
	return k != HoursSecretariat && k != HoursVisits && k != HoursClosing
}

// lookAhead is how many days [Hours.Next] looks for the next opening.
const lookAhead = 15

// At says whether the offer receives at the instant t, by the clocks of loc:
// unknown when nothing in force says, neither an opening at which patients are
// received, nor an exception or closure of that day. The start of a span is
// open, its end is not. Public holidays are not known to it yet.
func (h *Hours) At(t time.Time, loc *time.Location) State {
	if len(h.Weekly) == 0 && len(h.Exceptions) == 0 && len(h.Closures) == 0 {
		return Unknown
	}
	local := t.In(loc)
	today := DateOf(local)
	if h.closed(today) {
		return No
	}
	minute := Minute(local.Hour()*60 + local.Minute())
	open, known := h.covers(today, minute, false)
	if !open && !h.closed(today-1) {
		overnight, _ := h.covers(today-1, minute, true)
		open = overnight
	}
	switch {
	case !known && !open:
		return Unknown
	case open:
		return Yes
	}
	return No
}

func (h *Hours) closed(day Date) bool {
	return slices.ContainsFunc(h.Closures, func(p Period) bool { return p.Contains(day) })
}

// covers says whether what begins on a day covers a minute of that day or,
// when after is set, of the following one; and whether anything is known of
// the day. A span of closing hours takes away what the others give.
func (h *Hours) covers(day Date, minute Minute, after bool) (open, known bool) {
	spans, known := h.spansOf(day)
	for _, s := range spans {
		if !s.covers(minute, after) {
			continue
		}
		if s.closing {
			return false, known
		}
		open = true
	}
	return open, known
}

type daySpan struct {
	Span
	closing bool
}

func (s daySpan) covers(minute Minute, after bool) bool {
	overnight := s.To <= s.From
	switch {
	case after:
		return overnight && minute < s.To
	case overnight:
		return minute >= s.From
	}
	return minute >= s.From && minute < s.To
}

// spansOf returns the spans that begin on a day, and whether the day is known.
// Weekly hours are known on every day of their effective period: a day of the
// week that none names is closed.
func (h *Hours) spansOf(day Date) (spans []daySpan, known bool) {
	for _, e := range h.Exceptions {
		if e.Days.Contains(day) {
			for _, s := range e.Spans {
				spans = append(spans, daySpan{s, false})
			}
			return spans, true
		}
	}
	for _, o := range h.Weekly {
		if !o.Effective.Contains(day) || !o.Kind.receives() && o.Kind != HoursClosing {
			continue
		}
		known = known || o.Kind.receives()
		if o.Days.Has(day.Weekday()) {
			spans = append(spans, daySpan{Span{o.From, o.To}, o.Kind == HoursClosing})
		}
	}
	return spans, known
}

// Next returns the first instant after t at which the offer opens, looking two
// weeks ahead, and false when none is known.
func (h *Hours) Next(t time.Time, loc *time.Location) (time.Time, bool) {
	today := DateOf(t.In(loc))
	for day := today; day < today+lookAhead; day++ {
		for _, start := range h.starts(day, loc) {
			if start.After(t) && h.At(start, loc) == Yes {
				return start, true
			}
		}
	}
	return time.Time{}, false
}

// starts returns the instants of a day at which it could open, soonest first:
// the starts of its spans, the ends of those that close it, and midnight,
// where a closure may end.
func (h *Hours) starts(day Date, loc *time.Location) []time.Time {
	minutes := []Minute{0}
	spans, _ := h.spansOf(day)
	for _, s := range spans {
		minutes = append(minutes, s.From)
		if s.closing && s.To > s.From {
			minutes = append(minutes, s.To)
		}
	}
	year, month, date := day.Civil()
	instants := make([]time.Time, len(minutes))
	for i, m := range minutes {
		instants[i] = time.Date(year, month, date, 0, int(m), 0, 0, loc)
	}
	slices.SortFunc(instants, func(a, b time.Time) int { return cmp.Compare(a.Unix(), b.Unix()) })
	return instants
}
