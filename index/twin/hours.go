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
	shown := t.In(loc)
	return midnight(dateOf(shown.Date())) + clock(60*shown.Hour()+shown.Minute())
}

// dateOf carries days beyond the month over, as [time.Date] does.
func dateOf(year int, month time.Month, day int) data.Date {
	return data.Date((time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()-firstDay.Unix())/86_400 + 1)
}

// civil is the midnight that begins a day where clocks show UTC.
func civil(day data.Date) time.Time { return firstDay.AddDate(0, 0, int(day)-1) }

func midnight(day data.Date) clock { return clock(day) * wholeDay }

func dayOf(c clock) data.Date { return data.Date(c / wholeDay) }

func weekday(day data.Date) time.Weekday { return civil(day).Weekday() }

// within: both ends are included, and a zero end is open.
func within(day data.Date, p data.Period) bool {
	begun := p.From == 0 || p.From <= day
	over := p.To != 0 && p.To < day
	return begun && !over
}

// stretch is an interval of the clock, its end excluded.
type stretch struct {
	from, to clock
	ordinary bool // of any week: it may not hold on a public holiday
}

func (s stretch) holds(c clock) bool { return s.from <= c && c < s.to }

// stretchOn puts a span on a day; one that ends at or before its start ends on
// the next day.
func stretchOn(day data.Date, from, to data.Minute) stretch {
	s := stretch{from: midnight(day) + clock(from), to: midnight(day) + clock(to)}
	if to <= from {
		s.to += wholeDay
	}
	return s
}

// OpenAt says whether an offer with these hours receives at the instant t in a
// département, whose clocks and whose public holidays count; "" is
// metropolitan France.
//
// On a holiday nobody knows whether the hours of any week hold: what they open
// or close is then unknown, and so is a day on which they open nothing, unless
// the record speaks of that day itself. Hours on duty hold: they are made for
// nights, Sundays and holidays (Code de la santé publique, R6315-1).
func OpenAt(h data.Hours, t time.Time, departement string) data.State {
	if len(h.Weekly) == 0 && len(h.Exceptions) == 0 && len(h.Closures) == 0 {
		return data.Unknown
	}
	now := reading(t, clockOf(departement))
	today := dayOf(now)
	if shut(h, today) {
		return data.No
	}
	said := wordsOn(h, now, departement)
	switch {
	case said.shut:
		return data.No
	case said.open && said.perhapsShut:
		return data.Unknown
	case said.open:
		return data.Yes
	case said.perhapsOpen, said.doubtful:
		return data.Unknown
	case speaksOf(h, today):
		return data.No
	}
	return data.Unknown
}

// words are what hours say of an instant, closures aside: surely, or perhaps.
type words struct {
	open, shut, perhapsOpen, perhapsShut bool

	doubtful bool // the day itself is: silence does not mean that it is closed
}

// wordsOn collects what covers an instant, begun on its day or on the day
// before. A doubtful day casts doubt on both the ordinary hours that run into
// it, which may end at midnight, and those that run out of it, which may never
// have begun.
func wordsOn(h data.Hours, now clock, departement string) words {
	today := dayOf(now)
	said := words{doubtful: doubtful(h, today, departement)}
	for _, day := range []data.Date{today - 1, today} {
		doubt := said.doubtful || doubtful(h, day, departement)
		open, perhapsOpen := covers(receivingOn(h, day), now, doubt)
		shut, perhapsShut := covers(closingOn(h, day), now, doubt)
		said.open, said.perhapsOpen = said.open || open, said.perhapsOpen || perhapsOpen
		said.shut, said.perhapsShut = said.shut || shut, said.perhapsShut || perhapsShut
	}
	return said
}

// covers reports whether a stretch surely covers c, and whether one perhaps
// does.
func covers(all []stretch, c clock, doubt bool) (surely, perhaps bool) {
	for _, s := range all {
		if s.holds(c) {
			inDoubt := doubt && s.ordinary
			surely, perhaps = surely || !inDoubt, perhaps || inDoubt
		}
	}
	return surely, perhaps
}

// doubtful reports whether ordinary hours may not hold on a day: it is a public
// holiday, no exception speaks of it, and the house is not open day and night,
// as one that shuts on holidays would not call itself.
func doubtful(h data.Hours, day data.Date, departement string) bool {
	if !IsHoliday(day, departement) {
		return false
	}
	_, excepted := exceptionOn(h, day)
	return !excepted && !roundTheClock(h, day)
}

// roundTheClock reports whether the openings in force on a day, laid out over a
// week, leave no minute of it out, and no closing hours are in force.
func roundTheClock(h data.Hours, day data.Date) bool {
	if len(inForce(h, day, closesAt)) > 0 {
		return false
	}
	openings := inForce(h, day, receivesAt)
	var week []stretch
	for d := day - 1; d < day+7; d++ { // what begins the day before runs on
		week = append(week, laidOn(openings, d)...)
	}
	reached := midnight(day)
	for reached < midnight(day+7) {
		further := reached
		for _, s := range week {
			if s.holds(reached) {
				further = max(further, s.to)
			}
		}
		if further == reached {
			return false
		}
		reached = further
	}
	return true
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
	return weeklyOn(h, day, closesAt)
}

func weeklyOn(h data.Hours, day data.Date, wanted func(data.HoursKind) bool) []stretch {
	return laidOn(inForce(h, day, wanted), day)
}

// inForce returns the weekly openings of the wanted kinds that hold on a day,
// of whatever days of the week they are.
func inForce(h data.Hours, day data.Date, wanted func(data.HoursKind) bool) []data.Opening {
	var all []data.Opening
	for _, o := range h.Weekly {
		if wanted(o.Kind) && within(day, o.Effective) {
			all = append(all, o)
		}
	}
	return all
}

// laidOn returns the stretches of openings that begin on a day of the week.
func laidOn(openings []data.Opening, day data.Date) []stretch {
	bit := data.Weekdays(1) << weekday(day)
	var all []stretch
	for _, o := range openings {
		if o.Days&bit != 0 {
			s := stretchOn(day, o.From, o.To)
			s.ordinary = o.Kind != data.HoursOnDuty
			all = append(all, s)
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

func closesAt(k data.HoursKind) bool { return k == data.HoursClosing }

// speaksOf reports whether anything in force tells a closed day from an
// unknown one: an exception of that day, or openings of whatever days of the
// week at which patients are received.
func speaksOf(h data.Hours, day data.Date) bool {
	if _, ok := exceptionOn(h, day); ok {
		return true
	}
	return len(inForce(h, day, receivesAt)) > 0
}
