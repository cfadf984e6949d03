package twin

import (
	"maps"
	"slices"
	"sync"
	"time"

	"boussole/data"
)

// year is that of the questions; the exceptions and closures stand around it.
const year = 2026

// turningDays are days on which clocks turn in Paris or in Saint-Pierre, and
// others at which hours are apt to go wrong.
var turningDays = []data.Date{
	data.NewDate(year, time.March, 29), data.NewDate(year, time.October, 25),
	data.NewDate(year, time.March, 8), data.NewDate(year, time.November, 1),
	data.NewDate(year, time.January, 1), data.NewDate(year, time.December, 31),
}

// holidays are those of the year of the questions: of everywhere under "", and
// those that a territory has besides.
var holidays = sync.OnceValue(func() map[string][]data.Date {
	all := make(map[string][]data.Date)
	for day := data.NewDate(year, time.January, 1); day <= data.NewDate(year, time.December, 31); day++ {
		if everywhere.has(day) {
			all[""] = append(all[""], day)
		}
		for departement, own := range localHolidays {
			if own.has(day) {
				all[departement] = append(all[departement], day)
			}
		}
	}
	return all
})

// celebrating are the territories with a holiday of their own, in order.
var celebrating = slices.Sorted(maps.Keys(localHolidays))

// holiday returns a holiday and a département that has it: as often one of a
// territory's own as one of everywhere, else these would be lost among the many
// places that do not have them.
func (d dice) holiday() (day data.Date, departement string) {
	if d.chance(50) {
		departement = pick(d, celebrating)
		return pick(d, holidays()[departement]), departement
	}
	return pick(d, holidays()[""]), pick(d, departements)
}

// aboutHoliday is a holiday, or the day before or after one.
func (d dice) aboutHoliday() data.Date {
	day, _ := d.holiday()
	return day + pick(d, []data.Date{-1, 0, 0, 1})
}

// hours returns hours of every kind, unknown ones among them; of some of the
// known ones a holiday is the turning point.
func (d dice) hours() data.Hours {
	h := d.usualHours()
	if len(h.Weekly) > 0 && d.chance(25) {
		d.turnAt(d.aboutHoliday(), &h)
	}
	return h
}

func (d dice) usualHours() data.Hours {
	nights := data.Opening{Days: d.days(), From: 20 * 60, To: 8 * 60, Kind: data.HoursOnDuty}
	switch n := d.IntN(100); {
	case n < 30:
		return data.Hours{}
	case n < 50:
		return data.Hours{Weekly: d.roundTheClock()}
	case n < 54:
		return data.Hours{Weekly: []data.Opening{nights}}
	case n < 58: // on duty when it is not open
		return data.Hours{Weekly: []data.Opening{{Days: d.days(), From: 8 * 60, To: 20 * 60, Kind: data.HoursOpening}, nights}}
	case n < 63: // says nothing of when patients are received
		return data.Hours{Weekly: []data.Opening{{Days: d.days(), From: 9 * 60, To: 17 * 60, Kind: data.HoursSecretariat}}}
	case n < 72: // shuts for lunch
		return data.Hours{Weekly: []data.Opening{
			{Days: d.days(), From: 8 * 60, To: 19 * 60, Kind: data.HoursOpening},
			{Days: data.EveryDay, From: 12 * 60, To: 14 * 60, Kind: data.HoursClosing},
		}}
	}
	return d.anyHours()
}

// roundTheClock returns day and night in the ways in which it is written, and
// now and then a minute less, or with a rest.
func (d dice) roundTheClock() []data.Opening {
	weekend := data.On(time.Saturday, time.Sunday)
	rows := pick(d, [][]data.Opening{
		{{Days: data.EveryDay, To: data.Midnight, Kind: data.HoursOpening}},
		{{Days: data.EveryDay, To: data.Midnight, Kind: data.HoursOpening}},
		{{Days: data.EveryDay, Kind: data.HoursOperation}},
		{{Days: data.EveryDay, From: 8 * 60, To: 8 * 60, Kind: data.HoursUnspecified}},
		{
			{Days: data.EveryDay, From: 8 * 60, To: 20 * 60, Kind: data.HoursOpening},
			{Days: data.EveryDay, From: 20 * 60, To: 8 * 60, Kind: data.HoursOnDuty},
		},
		{
			{Days: data.EveryDay &^ weekend, To: data.Midnight, Kind: data.HoursOpening},
			{Days: weekend, From: 0, To: data.Midnight, Kind: data.HoursWalkIn},
		},
		{ // from Monday morning to Monday morning
			{Days: data.EveryDay &^ weekend, From: 7 * 60, To: 7 * 60, Kind: data.HoursOpening},
			{Days: weekend, From: 7 * 60, To: 19 * 60, Kind: data.HoursOpening},
			{Days: weekend, From: 19 * 60, To: 7 * 60, Kind: data.HoursOpening},
		},
	})
	switch n := d.IntN(10); {
	case n == 0:
		rows[0].From++
	case n == 1:
		rows = append(rows, data.Opening{Days: d.days(), From: 12 * 60, To: 13 * 60, Kind: data.HoursClosing})
	}
	return rows
}

// turnAt makes a day matter to hours.
func (d dice) turnAt(day data.Date, h *data.Hours) {
	that, row := data.Period{From: day, To: day}, &h.Weekly[d.IntN(len(h.Weekly))]
	switch d.IntN(9) {
	case 0: // closed on all holidays, or open for some hours
		hours := some(d, 1, []data.Span{d.span()})
		for _, each := range holidays()[""] {
			h.Exceptions = append(h.Exceptions, data.Exception{Days: data.Period{From: each, To: each}, Spans: hours})
		}
	case 1:
		h.Exceptions = append(h.Exceptions, data.Exception{Days: that})
	case 2:
		h.Exceptions = append(h.Exceptions, data.Exception{Days: that, Spans: []data.Span{d.span()}})
	case 3: // runs into the day, or out of it
		h.Exceptions = append(h.Exceptions, data.Exception{Days: that, Spans: []data.Span{{From: 22 * 60, To: 6 * 60}}})
	case 4:
		h.Closures = append(h.Closures, data.Period{From: day, To: day + data.Date(d.IntN(2))})
	case 5:
		row.Effective.To = day
	case 6:
		row.Effective.From = day
	case 7: // so do these, but they are of any week
		h.Weekly = append(h.Weekly, data.Opening{Days: data.EveryDay, From: 22 * 60, To: 2 * 60, Kind: d.kind()})
	case 8: // a rest until then
		h.Weekly = append(h.Weekly, data.Opening{
			Days: data.EveryDay, From: 12 * 60, To: 14 * 60, Kind: data.HoursClosing, Effective: data.Period{To: day},
		})
	}
}

// anyHours returns hours as odd as the model allows.
func (d dice) anyHours() data.Hours {
	var h data.Hours
	for range d.IntN(4) {
		s := d.span()
		h.Weekly = append(h.Weekly, data.Opening{
			Days: d.days(), From: s.From, To: s.To, Kind: d.kind(), Effective: d.effective(),
		})
	}
	for range maybe(d, 40, d.between(1, 2)) {
		e := data.Exception{Days: d.days2026(), Label: maybe(d, 50, "Toussaint")}
		for range d.IntN(3) {
			e.Spans = append(e.Spans, d.span())
		}
		h.Exceptions = append(h.Exceptions, e)
	}
	for range maybe(d, 20, d.between(1, 2)) {
		h.Closures = append(h.Closures, d.days2026())
	}
	return h
}

func (d dice) days() data.Weekdays {
	working := data.On(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	return pick(d, []data.Weekdays{data.EveryDay, working, data.On(time.Sunday), data.Weekdays(d.IntN(128))})
}

// span begins and ends on the quarter hour mostly, at any hour of the night,
// those that summer time skips or repeats included.
func (d dice) span() data.Span {
	minute := func() data.Minute {
		if d.chance(10) {
			return data.Minute(d.IntN(24 * 60))
		}
		return data.Minute(15 * d.IntN(24*4))
	}
	s := data.Span{From: minute(), To: minute()}
	if d.chance(5) {
		s.To = data.Midnight
	}
	return s
}

func (d dice) kind() data.HoursKind {
	if d.chance(20) {
		return data.HoursClosing
	}
	return data.HoursKind(d.between(int(data.HoursUnspecified), int(data.HoursClosing)))
}

func (d dice) effective() data.Period {
	return pick(d, []data.Period{
		{},
		{},
		{To: d.date(2018, 2024)},
		{From: d.date(2028, 2032)},
		{From: d.date(2020, 2025)},
		d.days2026(),
		{From: d.days2026().From},
		{To: d.days2026().From},
	})
}

// days2026 returns a few days, or weeks, of the year of the questions.
func (d dice) days2026() data.Period {
	first := data.NewDate(year, time.January, d.between(1, 365))
	switch n := d.IntN(100); {
	case n < 30:
		first = pick(d, turningDays) + data.Date(d.between(-1, 1))
	case n < 55:
		first = d.aboutHoliday()
	}
	return pick(d, []data.Period{
		{From: first, To: first},
		{From: first, To: first + 1},
		{From: first, To: first + data.Date(d.between(2, 40))},
	})
}
