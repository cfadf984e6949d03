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

// At says whether the offer receives at the instant t, by the clocks and the
// calendar of a territory: unknown when nothing in force says, neither an
// opening at which patients are received, nor closing hours, nor an exception
// or closure of that day. The start of a span is open, its end is not; closing
// hours win over openings. On a day of closure nothing opens, and no opening of
// it runs into the next day.
//
// On a public holiday ordinary hours say nothing, neither that it is open nor
// that it is closed, unless they are round the clock; nor do the hours of the
// evening before that run into it, or its own that run into the day after. An
// exception of that day says, and so do on-duty hours, which are made for
// nights, Sundays and public holidays (Code de la santé publique, R6315-1):
// where they cover it, it is open.
func (h *Hours) At(t time.Time, in *Territory) State {
	if h.Untold() {
		return Unknown
	}
	m := MomentOf(t, in)
	return h.AtMoment(&m)
}

// Moment is an instant as the clocks and the calendar of a territory show it.
type Moment struct {
	today             Date
	minute            Minute
	holiday, eveOfOne bool // today; yesterday was one
}

// MomentOf reads clocks and calendar, once for all the hours of a territory that are
// held against it.
func MomentOf(t time.Time, in *Territory) Moment {
	var m Moment
	m.today, m.minute = clockOf(t.In(in.zone))
	_, m.holiday = in.Holiday(m.today)
	_, m.eveOfOne = in.Holiday(m.today - 1)
	return m
}

// AtMoment is [Hours.At] of a moment in the territory of the hours. It allocates
// nothing where a day has at most eight spans, and costs some ten nanoseconds for
// each.
func (h *Hours) AtMoment(m *Moment) State {
	if h.Untold() {
		return Unknown
	}
	if h.closed(m.today) {
		return No
	}
	var buffers [2][8]span
	day := h.day(m.today, m.holiday, buffers[0][:0])
	before := h.day(m.today-1, m.eveOfOne, buffers[1][:0])
	var c cover
	for _, s := range day.spans {
		if s.coversSameDay(m.minute) {
			c.add(s, day.doubtful)
		}
	}
	for _, s := range before.spans {
		if s.coversNextDay(m.minute) && (s.closing || !h.closed(m.today-1)) {
			c.add(s, day.doubtful || before.doubtful)
		}
	}
	return c.state(day)
}

// doubt returns the public holiday but for which it would be known whether the
// offer receives at t.
func (h *Hours) doubt(t time.Time, in *Territory) (name string, ok bool) {
	if in.ordinary == nil || h.At(t, in.ordinary) == Unknown {
		return "", false
	}
	today := DateOf(t.In(in.zone))
	if name, ok := in.Holiday(today); ok && h.day(today, true, nil).doubtful {
		return name, true
	}
	return in.Holiday(today - 1) // its hours run into today
}

// UntoldFor reports whether nothing is told of when patients are received on the day of
// t, the one before and so many after it: hours are unknown from t until they end.
func (h *Hours) UntoldFor(days Date, t time.Time, in *Territory) bool {
	for i := range h.Weekly {
		if kind := h.Weekly[i].Kind; kind.receives() || kind == HoursClosing {
			return false
		}
	}
	today := DateOf(t.In(in.zone))
	for day := today - 1; day <= today+days; day++ {
		names := func(e Exception) bool { return e.Days.Contains(day) }
		if h.closed(day) || slices.ContainsFunc(h.Exceptions, names) {
			return false
		}
	}
	return true
}

// Untold reports whether nothing at all is told of hours: they are unknown at any
// time.
func (h *Hours) Untold() bool {
	return len(h.Weekly) == 0 && len(h.Exceptions) == 0 && len(h.Closures) == 0
}

func (h *Hours) closed(day Date) bool {
	return slices.ContainsFunc(h.Closures, func(p Period) bool { return p.Contains(day) })
}

// span is a span of one day: of reception, or of closing. Ordinary ones mean
// nothing on a public holiday.
type span struct {
	Span
	closing, ordinary bool
}

func (s span) overnight() bool { return s.To <= s.From }

func (s span) coversSameDay(m Minute) bool { return m >= s.From && (s.overnight() || m < s.To) }

func (s span) coversNextDay(m Minute) bool { return s.overnight() && m < s.To }

// cover is what the spans that cover an instant say of it.
type cover struct {
	open, shut       bool
	mayOpen, mayShut bool // what would be said, were it not for a public holiday
}

func (c *cover) add(s span, doubtful bool) {
	switch doubtful = doubtful && s.ordinary; {
	case s.closing && doubtful:
		c.mayShut = true
	case s.closing:
		c.shut = true
	case doubtful:
		c.mayOpen = true
	default:
		c.open = true
	}
}

// state is what follows on a day of this kind.
func (c *cover) state(d day) State {
	switch {
	case c.shut:
		return No
	case c.open && !c.mayShut:
		return Yes
	case c.open, c.mayOpen, d.doubtful, !d.known:
		return Unknown
	}
	return No
}

// day is what hours say of one day.
type day struct {
	spans    []span // that begin on it
	known    bool   // a time that no span covers is closed
	doubtful bool   // a public holiday of which the record says nothing
}

// day reads a day, a public holiday or not, its spans into a buffer. Weekly hours
// are known on every day of their effective period: a day of the week that none
// names is closed.
func (h *Hours) day(date Date, holiday bool, spans []span) day {
	d := day{spans: spans}
	for _, e := range h.Exceptions {
		if e.Days.Contains(date) {
			d.known = true
			for _, s := range e.Spans {
				d.spans = append(d.spans, span{Span: s})
			}
			return d
		}
	}
	for i := range h.Weekly {
		o := &h.Weekly[i]
		if !o.counts(date) {
			continue
		}
		d.known = d.known || o.Kind.receives()
		if o.Days.Has(date.Weekday()) {
			d.spans = append(d.spans, span{Span{o.From, o.To}, o.Kind == HoursClosing, o.Kind != HoursOnDuty})
		}
	}
	d.doubtful = holiday && !h.roundTheClock(date)
	return d
}

// counts reports whether the opening is in force on a day and says something of
// when patients are received.
func (o *Opening) counts(date Date) bool {
	return o.Effective.Contains(date) && (o.Kind.receives() || o.Kind == HoursClosing)
}

// week is how many minutes it has.
const week = 7 * int(Midnight)

// roundTheClock reports whether the openings in force on a day leave no minute
// of the week out.
func (h *Hours) roundTheClock(date Date) bool {
	var open []stretch
	for i := range h.Weekly {
		o := &h.Weekly[i]
		switch {
		case !o.counts(date):
		case o.Kind == HoursClosing:
			return false
		default:
			open = o.appendStretches(open)
		}
	}
	slices.SortFunc(open, func(a, b stretch) int { return a.from - b.from })
	covered := 0
	for _, s := range open {
		if s.from > covered {
			return false
		}
		covered = max(covered, s.to)
	}
	return covered >= week
}

// stretch is a part of the week, in minutes since the midnight that begins
// Sunday.
type stretch struct{ from, to int }

// appendStretches appends the parts of the week that an opening covers; what
// runs over the end of Saturday begins the week.
func (o *Opening) appendStretches(list []stretch) []stretch {
	length := int(o.To - o.From)
	if length <= 0 {
		length += int(Midnight)
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if !o.Days.Has(d) {
			continue
		}
		from := int(d)*int(Midnight) + int(o.From)
		list = append(list, stretch{from, min(from+length, week)})
		if over := from + length - week; over > 0 {
			list = append(list, stretch{0, over})
		}
	}
	return list
}
