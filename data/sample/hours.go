package sample

import (
	"time"

	"boussole/data"
)

var weekdays = data.EveryDay &^ data.On(time.Saturday, time.Sunday)

const hour data.Minute = 60

func opens(days data.Weekdays, from, to data.Minute, kind data.HoursKind) data.Opening {
	return data.Opening{Days: days, From: from, To: to, Kind: kind}
}

func weekly(openings ...data.Opening) data.Hours { return data.Hours{Weekly: openings} }

// The hours that kinds of offers keep: one of the list is drawn. The zero Hours
// says nothing, as most real records do.
var (
	allDay        = weekly(opens(data.EveryDay, 0, data.Midnight, data.HoursOpening))
	roundTheClock = []data.Hours{
		allDay, allDay, allDay,
		weekly(opens(data.EveryDay, 8*hour, 20*hour, data.HoursOpening), opens(data.EveryDay, 20*hour, 8*hour, data.HoursOnDuty)),
		{},
	}
	officeHours = []data.Hours{
		weekly(opens(weekdays, 9*hour, 17*hour, data.HoursOpening)),
		weekly(opens(weekdays, 8*hour+30, 12*hour+30, data.HoursOpening), opens(weekdays, 13*hour+30, 17*hour+30, data.HoursOpening)),
		weekly(opens(weekdays, 8*hour, 18*hour, data.HoursOpening), opens(weekdays, 12*hour, 13*hour, data.HoursClosing)),
		{},
	}
	shopHours = []data.Hours{
		weekly(opens(weekdays, 7*hour+30, 18*hour, data.HoursOpening), opens(data.On(time.Saturday), 8*hour, 12*hour, data.HoursOpening)),
		weekly(opens(weekdays, 8*hour, 17*hour, data.HoursOpening)),
		{},
	}
	pharmacyHours = []data.Hours{
		weekly(opens(weekdays, 9*hour, 19*hour+30, data.HoursOpening), opens(data.On(time.Saturday), 9*hour, 13*hour, data.HoursOpening)),
		weekly(opens(data.EveryDay&^data.On(time.Sunday), 8*hour+30, 19*hour, data.HoursOpening), opens(data.EveryDay, 12*hour+30, 14*hour, data.HoursClosing)),
		weekly(opens(data.EveryDay&^data.On(time.Sunday, time.Monday), 9*hour, 12*hour+15, data.HoursOpening), opens(weekdays, 14*hour, 19*hour+15, data.HoursOpening)),
		weekly(opens(data.EveryDay&^data.On(time.Sunday), 9*hour, 20*hour, data.HoursOpening), opens(data.On(time.Sunday), 9*hour, 20*hour, data.HoursOnDuty)),
		{},
	}
	practiceHours = []data.Hours{
		weekly(opens(weekdays, 8*hour+30, 12*hour, data.HoursWalkIn), opens(weekdays, 14*hour, 18*hour, data.HoursAppointment)),
		weekly(opens(weekdays, 9*hour, 19*hour, data.HoursAppointment)),
		weekly(opens(weekdays&^data.On(time.Wednesday), 8*hour, 18*hour+30, data.HoursAppointment), opens(data.On(time.Saturday), 9*hour, 12*hour, data.HoursWalkIn)),
		weekly(opens(data.On(time.Tuesday, time.Thursday), 14*hour, 20*hour, data.HoursAppointment)),
		weekly(opens(weekdays, 8*hour, 19*hour, data.HoursSecretariat)), // says nothing of when patients are received
		{},
		{},
	}
	visitHours  = []data.Hours{weekly(opens(data.EveryDay, 11*hour, 19*hour, data.HoursVisits)), {}}
	onDutyHours = []data.Hours{weekly(
		opens(weekdays, 20*hour, 8*hour, data.HoursOnDuty),
		opens(data.On(time.Saturday), 12*hour, 8*hour, data.HoursOnDuty),
		opens(data.On(time.Sunday), 8*hour, 8*hour, data.HoursOnDuty),
	)}
)

// year is that of what has a date in the sample.
const year = 2026

// dated are what replaces ordinary hours for some days: a summer closure, a
// bridge, Christmas Eve until midnight and beyond, a public holiday that is
// worked.
var dated = []func(*data.Hours){
	func(h *data.Hours) { h.Closures = []data.Period{days(time.August, 3, 22)} },
	func(h *data.Hours) { h.Closures = []data.Period{days(time.December, 24, 31)} },
	func(h *data.Hours) {
		h.Exceptions = []data.Exception{{Days: days(time.May, 15, 15), Label: "Pont de l'Ascension"}}
	},
	func(h *data.Hours) {
		h.Exceptions = []data.Exception{{Days: days(time.December, 24, 24), Spans: []data.Span{{From: 9 * hour, To: 1 * hour}}, Label: "Réveillon"}}
	},
	func(h *data.Hours) {
		h.Exceptions = []data.Exception{{Days: days(time.May, 8, 8), Spans: []data.Span{{From: 9 * hour, To: 12 * hour}}, Label: "Garde du 8 mai"}}
	},
}

func days(month time.Month, first, last int) data.Period {
	return data.Period{From: data.NewDate(year, month, first), To: data.NewDate(year, month, last)}
}

// hours draws the hours of an offer; three in a hundred have something dated.
func (k *kind) drawHours(d dice) data.Hours {
	h := pick(d, k.hours)
	if len(h.Weekly) > 0 && d.chance(30) {
		pick(d, dated)(&h)
	}
	return h
}
