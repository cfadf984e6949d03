package twin

import (
	"slices"
	"time"

	"boussole/data"
)

// clock is what a wall clock and the calendar beside it show, in minutes since
// the midnight that began 31 December of the year 0. A span of hours is an
// interval of it whatever midnights it runs over, and summer time does not
// exist.
type clock int64

const wholeDay clock = 24 * 60

// firstDay is day one of [data.Date].
var firstDay = time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)

// reading is what clocks in loc show at the instant t, the seconds dropped.
func reading(t time.Time, loc *time.Location) clock {
	local := t.In(loc)
	year, month, day := local.Date()
	days := (time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()-firstDay.Unix())/86_400 + 1
	return midnight(data.Date(days)) + clock(60*local.Hour()+local.Minute())
}

func midnight(day data.Date) clock { return clock(day) * wholeDay }

func dayOf(c clock) data.Date { return data.Date(c / wholeDay) }

func weekday(day data.Date) time.Weekday { return firstDay.AddDate(0, 0, int(day)-1).Weekday() }

// within: both ends are included, and a zero end is open.
func within(day data.Date, p data.Period) bool {
	begun := p.From == 0 || p.From <= day
	over := p.To != 0 && p.To < day
	return begun && !over
}

// stretch is an interval of the clock, its end excluded.
type stretch struct {
	from, to clock
}

func (s stretch) holds(c clock) bool { return s.from <= c && c < s.to }

// stretchOn puts a span on a day; one that ends at or before its start ends on
// the next day.
func stretchOn(day data.Date, from, to data.Minute) stretch {
	s := stretch{midnight(day) + clock(from), midnight(day) + clock(to)}
	if to <= from {
		s.to += wholeDay
	}
	return s
}

// OpenAt says whether an offer with these hours receives at the instant t,
// where clocks show loc.
func OpenAt(h data.Hours, t time.Time, loc *time.Location) data.State {
	if len(h.Weekly) == 0 && len(h.Exceptions) == 0 && len(h.Closures) == 0 {
		return data.Unknown
	}
	now := reading(t, loc)
	today := dayOf(now)
	if shut(h, today) {
		return data.No
	}
	receiving := holds(receivingOn(h, today-1), now) || holds(receivingOn(h, today), now)
	closing := holds(closingOn(h, today-1), now) || holds(closingOn(h, today), now)
	switch {
	case receiving && !closing:
		return data.Yes
	case receiving || closing || speaksOf(h, today):
		return data.No
	}
	return data.Unknown
}

// shut reports whether a closure covers the day.
func shut(h data.Hours, day data.Date) bool {
	return slices.ContainsFunc(h.Closures, func(p data.Period) bool { return within(day, p) })
}

// exceptionOn returns the exception that holds on a day: the first written.
func exceptionOn(h data.Hours, day data.Date) (data.Exception, bool) {
	for _, e := range h.Exceptions {
		if within(day, e.Days) {
			return e, true
		}
	}
	return data.Exception{}, false
}

// receivingOn returns the stretches at which patients are received that begin
// on a day, none on a day that a closure covers.
func receivingOn(h data.Hours, day data.Date) []stretch {
	if shut(h, day) {
		return nil
	}
	e, ok := exceptionOn(h, day)
	if !ok {
		return weeklyOn(h, day, receivesAt)
	}
	var all []stretch
	for _, s := range e.Spans {
		all = append(all, stretchOn(day, s.From, s.To))
	}
	return all
}

// closingOn returns the stretches of closing hours that begin on a day. They
// are among what an exception replaces.
func closingOn(h data.Hours, day data.Date) []stretch {
	if _, ok := exceptionOn(h, day); ok {
		return nil
	}
	return weeklyOn(h, day, func(k data.HoursKind) bool { return k == data.HoursClosing })
}

func weeklyOn(h data.Hours, day data.Date, wanted func(data.HoursKind) bool) []stretch {
	bit := data.Weekdays(1) << weekday(day)
	var all []stretch
	for _, o := range h.Weekly {
		if wanted(o.Kind) && within(day, o.Effective) && o.Days&bit != 0 {
			all = append(all, stretchOn(day, o.From, o.To))
		}
	}
	return all
}

func receivesAt(k data.HoursKind) bool {
	switch k {
	case data.HoursSecretariat, data.HoursVisits, data.HoursClosing:
		return false
	}
	return true
}

// speaksOf reports whether anything in force tells a closed day from an
// unknown one: an exception of that day, or openings of whatever days of the
// week at which patients are received.
func speaksOf(h data.Hours, day data.Date) bool {
	if _, ok := exceptionOn(h, day); ok {
		return true
	}
	return slices.ContainsFunc(h.Weekly, func(o data.Opening) bool {
		return receivesAt(o.Kind) && within(day, o.Effective)
	})
}

func holds(all []stretch, c clock) bool {
	return slices.ContainsFunc(all, func(s stretch) bool { return s.holds(c) })
}
