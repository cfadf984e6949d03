package twin

import (
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

// hours returns hours of every kind, unknown ones among them.
func (d dice) hours() data.Hours {
	switch n := d.IntN(100); {
	case n < 30:
		return data.Hours{}
	case n < 40: // round the clock
		return data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 0, To: data.Midnight, Kind: data.HoursOpening}}}
	case n < 45: // the same, written otherwise
		return data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, Kind: data.HoursOperation}}}
	case n < 50: // nights
		return data.Hours{Weekly: []data.Opening{{Days: d.days(), From: 20 * 60, To: 8 * 60, Kind: data.HoursOnDuty}}}
	case n < 55: // says nothing of when patients are received
		return data.Hours{Weekly: []data.Opening{{Days: d.days(), From: 9 * 60, To: 17 * 60, Kind: data.HoursSecretariat}}}
	case n < 65: // shuts for lunch
		return data.Hours{Weekly: []data.Opening{
			{Days: d.days(), From: 8 * 60, To: 19 * 60, Kind: data.HoursOpening},
			{Days: data.EveryDay, From: 12 * 60, To: 14 * 60, Kind: data.HoursClosing},
		}}
	}
	return d.anyHours()
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
	if d.chance(30) {
		first = pick(d, turningDays) + data.Date(d.between(-1, 1))
	}
	return pick(d, []data.Period{
		{From: first, To: first},
		{From: first, To: first + 1},
		{From: first, To: first + data.Date(d.between(2, 40))},
	})
}
