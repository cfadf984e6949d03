package data

import (
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
// received, nor closing hours, nor an exception or closure of that day. The
// start of a span is open, its end is not; closing hours win over openings. On
// a day of closure nothing opens, and no opening of it runs into the next day.
// Public holidays are not known to it yet.
func (h *Hours) At(t time.Time, loc *time.Location) State {
	if h.unknown() {
		return Unknown
	}
	local := t.In(loc)
	today, minute := DateOf(local), Minute(local.Hour()*60+local.Minute())
	if h.closed(today) {
		return No
	}
	spans, known := h.spansOf(today)
	overnight, _ := h.spansOf(today - 1)
	open, shut := covered(spans, minute, span.coversSameDay)
	stillOpen, stillShut := covered(overnight, minute, span.coversNextDay)
	open = open || stillOpen && !h.closed(today-1)
	switch {
	case shut || stillShut:
		open = false
	case !known && !open:
		return Unknown
	}
	if open {
		return Yes
	}
	return No
}

func (h *Hours) unknown() bool {
	return len(h.Weekly) == 0 && len(h.Exceptions) == 0 && len(h.Closures) == 0
}

func (h *Hours) closed(day Date) bool {
	return slices.ContainsFunc(h.Closures, func(p Period) bool { return p.Contains(day) })
}

// span is a span of one day: of reception, or of closing.
type span struct {
	Span
	closing bool
}

func (s span) overnight() bool { return s.To <= s.From }

func (s span) coversSameDay(m Minute) bool { return m >= s.From && (s.overnight() || m < s.To) }

func (s span) coversNextDay(m Minute) bool { return s.overnight() && m < s.To }

// covered says whether spans give a minute, and whether they take it away.
func covered(spans []span, m Minute, covers func(span, Minute) bool) (open, shut bool) {
	for _, s := range spans {
		if covers(s, m) {
			open, shut = open || !s.closing, shut || s.closing
		}
	}
	return open, shut
}

// spansOf returns the spans that begin on a day, and whether the day is known.
// Weekly hours are known on every day of their effective period: a day of the
// week that none names is closed.
func (h *Hours) spansOf(day Date) (spans []span, known bool) {
	for _, e := range h.Exceptions {
		if e.Days.Contains(day) {
			for _, s := range e.Spans {
				spans = append(spans, span{s, false})
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
			spans = append(spans, span{Span{o.From, o.To}, o.Kind == HoursClosing})
		}
	}
	return spans, known
}

// Next returns the first instant after t at which the offer opens, looking two
// weeks ahead, and false when none is known. It is meant for an offer that is
// closed at t: of one that is open, it returns the next start of a span.
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
// the starts of its spans, the ends of those that close it, also of the night
// before, midnight, where a closure may end, and the instant at which clocks
// are changed: forward over a start, or back into a span.
func (h *Hours) starts(day Date, loc *time.Location) []time.Time {
	minutes := []Minute{0}
	spans, _ := h.spansOf(day)
	for _, s := range spans {
		minutes = append(minutes, s.From)
		if s.closing && !s.overnight() {
			minutes = append(minutes, s.To)
		}
	}
	before, _ := h.spansOf(day - 1)
	for _, s := range before {
		if s.closing && s.overnight() {
			minutes = append(minutes, s.To)
		}
	}
	var instants []time.Time
	for _, m := range minutes {
		instants = append(instants, instantsOf(day, m, loc)...)
	}
	noon := day.UTC().Add(12 * time.Hour).In(loc)
	for _, change := range zoneBounds(noon) {
		if DateOf(change.In(loc)) == day {
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
