package data_test

import (
	"testing"
	"time"

	"boussole/data"
)

// in reads a wall-clock time of a département.
func in(t *testing.T, departement, text string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", text, data.TerritoryOf(departement).Zone())
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

var (
	weekdaysOnly = opening(data.EveryDay&^data.On(time.Saturday, time.Sunday), "09:00", "18:00", data.HoursOpening)
	evenings     = opening(data.EveryDay, "22:00", "02:00", data.HoursOpening)
	duty         = opening(data.EveryDay, "20:00", "08:00", data.HoursOnDuty)
	christmas    = data.NewDate(2026, time.December, 25)
)

func TestHoursOnPublicHolidays(t *testing.T) {
	cases := []struct {
		name, departement string
		hours             data.Hours
		at                string
		want              data.State
	}{
		{"1 May", "75", weekly(daily), "2026-05-01 10:00", data.Unknown},
		{"1 May, out of hours", "75", weekly(daily), "2026-05-01 20:00", data.Unknown},
		{"the day after", "75", weekly(daily), "2026-05-02 10:00", data.Yes},
		{"the day before, out of hours", "75", weekly(daily), "2026-04-30 20:00", data.No},
		{"Good Friday in Metz", "57", weekly(daily), "2026-04-03 10:00", data.Unknown},
		{"Good Friday in Nancy", "54", weekly(daily), "2026-04-03 10:00", data.Yes},
		{"26 December in Strasbourg", "67", weekly(daily), "2026-12-26 10:00", data.Unknown},
		{"26 December in Paris", "75", weekly(daily), "2026-12-26 10:00", data.Yes},
		{"22 May in Martinique", "972", weekly(daily), "2026-05-22 10:00", data.Unknown},
		{"22 May in Guadeloupe", "971", weekly(daily), "2026-05-22 10:00", data.Yes},
		{"27 May in Guadeloupe", "971", weekly(daily), "2026-05-27 10:00", data.Unknown},
		{"27 May in Paris", "75", weekly(daily), "2026-05-27 10:00", data.Yes},
		{"10 June in Guyane", "973", weekly(daily), "2026-06-10 10:00", data.Unknown},
		{"20 December in La Réunion", "974", weekly(daily), "2026-12-20 10:00", data.Unknown},
		{"20 December in Paris", "75", weekly(daily), "2026-12-20 10:00", data.Yes},
		{"27 April in Mayotte", "976", weekly(daily), "2026-04-27 10:00", data.Unknown},
		{"9 October in Saint-Barthélemy", "977", weekly(daily), "2026-10-09 10:00", data.Unknown},
		{"28 May in Saint-Martin", "978", weekly(daily), "2026-05-28 10:00", data.Unknown},
		{"24 September in Nouvelle-Calédonie", "988", weekly(daily), "2026-09-24 10:00", data.Unknown},
		{"20 November in Polynésie", "987", weekly(daily), "2026-11-20 10:00", data.Unknown},

		{"it is 1 May there", "988", weekly(daily), "2026-05-01 10:00", data.Unknown},
		{"Easter Monday, clocks forward the week before", "75", weekly(allDay), "2026-04-06 02:30", data.Yes},

		{"round the clock", "75", weekly(allDay), "2026-12-25 03:00", data.Yes},
		{"round the clock in two rows of the day", "75", weekly(
			opening(data.EveryDay, "08:00", "20:00", data.HoursOpening), opening(data.EveryDay, "20:00", "08:00", data.HoursOpening),
		), "2026-12-25 03:00", data.Yes},
		{"round the clock in two rows of the week", "75", weekly(
			opening(data.EveryDay&^data.On(time.Sunday), "00:00", "24:00", data.HoursOpening), opening(data.On(time.Sunday), "00:00", "00:00", data.HoursOpening),
		), "2026-12-25 03:00", data.Yes},
		{"round the clock on weekdays", "75", weekly(
			opening(data.EveryDay&^data.On(time.Sunday), "00:00", "24:00", data.HoursOpening),
		), "2026-12-25 03:00", data.Unknown},
		{"round the clock but on Saturday", "75", weekly(
			opening(data.EveryDay&^data.On(time.Saturday), "00:00", "24:00", data.HoursOpening),
		), "2026-12-25 03:00", data.Unknown},
		{"round the clock but for a minute", "75", weekly(opening(data.EveryDay, "00:00", "23:59", data.HoursOpening)), "2026-12-25 03:00", data.Unknown},
		{"round the clock with a lunch break", "75", weekly(allDay, lunch), "2026-12-25 03:00", data.Unknown},
		{"round the clock from Saturday into Sunday", "75", weekly(opening(data.EveryDay, "08:00", "08:00", data.HoursOpening)), "2026-12-25 03:00", data.Yes},
		{"round the clock until the eve", "75", weekly(from(allDay, 0, christmas-1), daily), "2026-12-25 10:00", data.Unknown},

		{"an exception says open", "75", except(weekly(daily), christmas, christmas, span("10:00", "12:00")), "2026-12-25 11:00", data.Yes},
		{"an exception says closed", "75", except(weekly(daily), christmas, christmas), "2026-12-25 11:00", data.No},
		{"an exception, out of its span", "75", except(weekly(daily), christmas, christmas, span("10:00", "12:00")), "2026-12-25 13:00", data.No},
		{"an exception of the day before", "75", except(weekly(daily), christmas-1, christmas-1, span("22:00", "02:00")), "2026-12-25 01:00", data.Yes},
		{"a closure", "75", shut(weekly(daily), christmas, christmas), "2026-12-25 11:00", data.No},

		{"on duty, within", "75", weekly(duty), "2026-12-25 22:00", data.Yes},
		{"on duty, outside: it may have the whole day", "75", weekly(duty), "2026-12-25 14:00", data.Unknown},
		{"on duty the night before", "75", weekly(duty), "2026-12-25 07:00", data.Yes},
		{"on duty, closing hours in doubt", "75", weekly(duty, opening(data.EveryDay, "21:00", "23:00", data.HoursClosing)), "2026-12-25 22:00", data.Unknown},

		{"24 December 23:30", "75", weekly(evenings), "2026-12-24 23:30", data.Yes},
		{"its hours at 00:30 on the 25th", "75", weekly(evenings), "2026-12-25 00:30", data.Unknown},
		{"at 01:59 on the 25th", "75", weekly(evenings), "2026-12-25 01:59", data.Unknown},
		{"hours of the 25th at 23:30", "75", weekly(evenings), "2026-12-25 23:30", data.Unknown},
		{"hours of the 25th, on the 26th", "75", weekly(evenings), "2026-12-26 01:00", data.Unknown},
		{"after them on the 26th", "75", weekly(evenings), "2026-12-26 02:00", data.No},
		{"hours of the 26th too", "75", weekly(evenings, opening(data.EveryDay, "00:30", "03:00", data.HoursOpening)), "2026-12-26 01:00", data.Yes},
		{"hours of 24 December at 23:30, to 01:00", "75", weekly(opening(data.EveryDay, "23:30", "01:00", data.HoursOpening)), "2026-12-24 23:30", data.Yes},
		{"the same at midnight", "75", weekly(opening(data.EveryDay, "23:30", "01:00", data.HoursOpening)), "2026-12-25 00:00", data.Unknown},
		{"closing hours of the 25th, on the 26th", "75", weekly(allDay, opening(data.On(time.Friday), "22:00", "06:00", data.HoursClosing)), "2026-12-26 05:00", data.Unknown},
		{"the eve of 1 January", "75", weekly(evenings), "2026-12-31 23:59", data.Yes},

		{"nothing in force", "75", weekly(from(daily, 0, christmas-1)), "2026-12-25 10:00", data.Unknown},
		{"no hours", "75", data.Hours{}, "2026-12-25 10:00", data.Unknown},

		{"clocks forward: before", "75", weekly(opening(data.EveryDay, "01:00", "04:00", data.HoursOpening)), "2026-03-29 01:30", data.Yes},
		{"clocks forward: after", "75", weekly(opening(data.EveryDay, "01:00", "02:30", data.HoursOpening)), "2026-03-29 03:00", data.No},
		{"clocks back: the hour that comes twice", "75", weekly(opening(data.EveryDay, "02:00", "03:00", data.HoursOpening)), "2026-10-25 02:30", data.Yes},
		{"no clocks change in La Réunion", "974", weekly(opening(data.EveryDay, "02:00", "03:00", data.HoursOpening)), "2026-03-29 02:30", data.Yes},
	}
	for _, c := range cases {
		if got := c.hours.At(in(t, c.departement, c.at), data.TerritoryOf(c.departement)); got != c.want {
			t.Errorf("%s: at %s %s, want %s", c.name, c.at, got, c.want)
		}
	}
}

func TestNextOpeningAcrossHolidays(t *testing.T) {
	cases := []struct {
		name, departement string
		hours             data.Hours
		at, want          string
	}{
		{"over Christmas in Paris", "75", weekly(daily), "2026-12-24 19:00", "2026-12-26 09:00"},
		{"over Christmas in Strasbourg", "67", weekly(daily), "2026-12-24 19:00", "2026-12-27 09:00"},
		{"over a long weekend", "75", weekly(weekdaysOnly), "2026-04-30 19:00", "2026-05-04 09:00"},
		{"the holiday ends while it is open", "75", weekly(opening(data.EveryDay, "00:00", "08:00", data.HoursOpening)), "2026-12-24 19:00", "2026-12-26 00:00"},
		{"on duty on the holiday itself", "75", weekly(duty), "2026-12-24 19:00", "2026-12-24 20:00"},
		{"an exception on the holiday", "75", except(weekly(daily), christmas, christmas, span("10:00", "12:00")), "2026-12-24 19:00", "2026-12-25 10:00"},
	}
	for _, c := range cases {
		got, ok := c.hours.Next(in(t, c.departement, c.at), data.TerritoryOf(c.departement))
		if want := in(t, c.departement, c.want); !ok || !got.Equal(want) {
			t.Errorf("%s: %s, want %s", c.name, got, want)
		}
	}
}

// On the eve of a holiday it is known to be closed until midnight, and known to be
// open days later; an unknown time is no closed one.
func TestReopensAcrossHolidays(t *testing.T) {
	lateOnTheEve := weekly(daily, opening(data.EveryDay, "22:00", "23:00", data.HoursClosing))
	cases := []struct {
		name                     string
		hours                    data.Hours
		at, mayOpen, opens, soon string // no soon: not within an hour
	}{
		{"an ordinary night", weekly(daily), "2026-12-21 19:00", "2026-12-22 09:00", "2026-12-22 09:00", ""},
		{"the eve of Christmas", weekly(daily), "2026-12-24 19:00", "2026-12-25 00:00", "2026-12-26 09:00", ""},
		{"a long weekend", weekly(weekdaysOnly), "2026-04-30 19:00", "2026-05-01 00:00", "2026-05-04 09:00", ""},
		{"on duty on the holiday itself", weekly(duty), "2026-12-24 19:00", "2026-12-24 20:00", "2026-12-24 20:00", "2026-12-24 20:00"},
		{"closed on the holiday, it says", except(weekly(daily), christmas, christmas), "2026-12-24 19:00", "2026-12-26 09:00", "2026-12-26 09:00", ""},
		{"the end of closing hours changes nothing", lateOnTheEve, "2026-12-24 22:30", "2026-12-25 00:00", "2026-12-26 09:00", ""},
		{"until nothing is in force", weekly(from(daily, 0, christmas-3)), "2026-12-22 19:00", "2026-12-23 00:00", "", ""},
		{"within an hour", weekly(daily), "2026-12-21 08:00", "2026-12-21 09:00", "2026-12-21 09:00", "2026-12-21 09:00"},
		{"a minute more than that", weekly(daily), "2026-12-21 07:59", "2026-12-21 09:00", "2026-12-21 09:00", ""},
		{"closed for good", shut(weekly(daily), christmas-9, 0), "2026-12-24 19:00", "", "", ""},
	}
	paris := data.TerritoryOf("75")
	say := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.In(paris.Zone()).Format("2006-01-02 15:04")
	}
	for _, c := range cases {
		closed := in(t, "75", c.at)
		mayOpen, opens := c.hours.Reopens(closed, paris)
		soon, _ := c.hours.OpensWithin(time.Hour, closed, paris)
		if c.hours.At(closed, paris) != data.No || say(mayOpen) != c.mayOpen || say(opens) != c.opens || say(soon) != c.soon {
			t.Errorf("%s: %q, %q, %q, want %q, %q, %q", c.name, say(mayOpen), say(opens), say(soon), c.mayOpen, c.opens, c.soon)
		}
	}
}

// Only a holiday without which the state would be known is named.
func TestHolidayThatKeepsItUnknown(t *testing.T) {
	cases := []struct {
		name  string
		hours data.Hours
		at    string
		want  string
	}{
		{"ordinary hours", weekly(daily), "2026-12-25 10:00", "Noël"},
		{"hours of the night before", weekly(evenings), "2026-12-26 01:00", "Noël"},
		{"no hours at all", data.Hours{}, "2026-12-25 10:00", ""},
		{"a holiday before one that the record speaks of", except(weekly(evenings), data.NewDate(2026, 5, 2), data.NewDate(2026, 5, 2)), "2026-05-02 01:00", "Fête du Travail"},
		{"hours of a secretariat", weekly(opening(data.EveryDay, "09:00", "18:00", data.HoursSecretariat)), "2026-12-25 10:00", ""},
		{"closed", shut(weekly(daily), christmas, christmas), "2026-12-25 10:00", ""},
		{"open", weekly(allDay), "2026-12-25 10:00", ""},
		{"an ordinary day", weekly(daily), "2026-12-23 10:00", ""},
	}
	for _, c := range cases {
		offer := data.Offer{Hours: c.hours}
		if got := offer.OpenAt(in(t, "75", c.at), data.TerritoryOf("75")); got.Holiday != c.want {
			t.Errorf("%s: %q, want %q", c.name, got.Holiday, c.want)
		}
	}
}
