package twin

import (
	"testing"
	"time"

	"boussole/data"
)

// The years are those around now, the earliest and the latest Easter there is,
// and the four in which Gauss's own rule needs an exception.
func TestEaster(t *testing.T) {
	for year, want := range map[int]string{
		2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2019: "2019-04-21", 2024: "2024-03-31",
		2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16",
		1818: "1818-03-22", 2285: "2285-03-22", 1943: "1943-04-25", 2038: "2038-04-25",
		1954: "1954-04-18", 1981: "1981-04-19", 2049: "2049-04-18", 2076: "2076-04-19",
	} {
		if got := easter(year).String(); got != want {
			t.Errorf("%d: %s, want %s", year, got, want)
		}
	}
}

func TestIsHoliday(t *testing.T) {
	cases := []struct {
		name        string
		day         string
		departement string
		want        bool
	}{
		{"New Year", "2026-01-01", "75", true},
		{"Epiphany", "2026-01-06", "75", false},
		{"Good Friday in Metz", "2026-04-03", "57", true},
		{"in Strasbourg", "2026-04-03", "67", true},
		{"in Colmar", "2026-04-03", "68", true},
		{"in Nancy", "2026-04-03", "54", false},
		{"in Belfort, which stayed French", "2026-04-03", "90", false},
		{"in Papeete", "2026-04-03", "987", true},
		{"in Fort-de-France, by custom only", "2026-04-03", "972", false},
		{"Easter Sunday", "2026-04-05", "57", false},
		{"Easter Monday", "2026-04-06", "75", true},
		{"Easter Monday of another year", "2025-04-21", "75", true},
		{"1 May", "2026-05-01", "75", true},
		{"1 May, nobody knows where", "2026-05-01", "", true},
		{"1 May where there is no département", "2026-05-01", "99", true},
		{"1 May in Saint-Pierre", "2026-05-01", "975", true},
		{"1 May in Nouméa", "2026-05-01", "988", true},
		{"8 May", "2026-05-08", "75", true},
		{"the Ascension", "2026-05-14", "75", true},
		{"Whit Sunday", "2026-05-24", "75", false},
		{"Whit Monday", "2026-05-25", "75", true},
		{"14 July", "2026-07-14", "75", true},
		{"the Assumption", "2026-08-15", "75", true},
		{"All Saints' Day", "2026-11-01", "75", true},
		{"the armistice", "2026-11-11", "75", true},
		{"Christmas", "2026-12-25", "75", true},
		{"26 December in Paris", "2026-12-26", "75", false},
		{"in Metz", "2026-12-26", "57", true},
		{"in Strasbourg", "2026-12-26", "67", true},
		{"in Colmar", "2026-12-26", "68", true},

		{"22 May in Martinique", "2026-05-22", "972", true},
		{"in Guadeloupe", "2026-05-22", "971", false},
		{"27 May in Guadeloupe", "2026-05-27", "971", true},
		{"in Saint-Martin", "2026-05-27", "978", true},
		{"28 May in Saint-Martin", "2026-05-28", "978", true},
		{"in Guadeloupe", "2026-05-28", "971", false},
		{"10 June in Guyane", "2026-06-10", "973", true},
		{"10 May, the day of memory in Paris", "2026-05-10", "75", false},
		{"20 December in La Réunion", "2026-12-20", "974", true},
		{"in Mayotte", "2026-12-20", "976", false},
		{"27 April in Mayotte", "2026-04-27", "976", true},
		{"9 October in Saint-Barthélemy", "2026-10-09", "977", true},
		{"in Guadeloupe", "2026-10-09", "971", false},

		{"Mardi gras in Cayenne, by custom", "2026-02-17", "973", false},
		{"the mi-carême in Fort-de-France, by custom", "2026-03-12", "972", false},
		{"21 July in Guadeloupe, by custom", "2026-07-21", "971", false},
		{"2 November in Martinique, by custom", "2026-11-02", "972", false},

		{"28 April in Wallis", "2026-04-28", "986", true},
		{"29 June in Wallis", "2026-06-29", "986", true},
		{"29 July in Wallis", "2026-07-29", "986", true},
		{"5 March in Papeete", "2026-03-05", "987", true},
		{"29 June in Papeete until 2025", "2025-06-29", "987", true},
		{"and no more", "2026-06-29", "987", false},
		{"not yet 20 November", "2024-11-20", "987", false},
		{"20 November in Papeete", "2025-11-20", "987", true},
		{"and ever since", "2026-11-20", "987", true},
		{"24 September in Nouméa", "2026-09-24", "988", true},
		{"in Wallis", "2026-09-24", "986", false},
	}
	for _, c := range cases {
		day, err := data.ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := IsHoliday(day, c.departement); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A day too many or too few in a list shows in its length.
func TestHowManyHolidays(t *testing.T) {
	for departement, want := range map[string]int{
		"": 11, "75": 11, "57": 13, "67": 13, "68": 13, "971": 12, "972": 12, "973": 12, "974": 12, "975": 11,
		"976": 12, "977": 12, "978": 13, "984": 11, "986": 14, "987": 14, "988": 12, "989": 11,
	} {
		got := 0
		for day := day(1, 1); day <= data.NewDate(2026, 12, 31); day++ {
			if IsHoliday(day, departement) {
				got++
			}
		}
		if got != want {
			t.Errorf("%q: %d, want %d", departement, got, want)
		}
	}
}

var (
	workdays = data.On(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	weekend  = data.On(time.Saturday, time.Sunday)
	noel     = data.Period{From: day(12, 25), To: day(12, 25)} // a Friday

	daytime   = weekly(opening("08:00", "18:00"))
	nights    = weekly(opening("22:00", "02:00"))
	onDuty    = weekly(kind(data.HoursOnDuty, "20:00", "08:00"))
	always    = weekly(opening("00:00", "24:00"))
	sleepless = weekly(opening("00:00", "24:00"), closing("22:00", "02:00")) // though it sleeps
)

func except(h data.Hours, days data.Period, spans ...data.Span) data.Hours {
	h.Exceptions = []data.Exception{{Days: days, Spans: spans}}
	return h
}

func closed(h data.Hours, days data.Period) data.Hours {
	h.Closures = []data.Period{days}
	return h
}

var holidayCases = []struct {
	name        string
	hours       data.Hours
	departement string
	at          string
	want        data.State
}{
	{"1 May", daytime, "75", "2026-05-01 10:00", data.Unknown},
	{"1 May, when it is never open", daytime, "75", "2026-05-01 20:00", data.Unknown},
	{"the day before", daytime, "75", "2026-04-30 10:00", data.Yes},
	{"the evening before", daytime, "75", "2026-04-30 20:00", data.No},
	{"the day after", daytime, "75", "2026-05-02 10:00", data.Yes},
	{"a Sunday holiday of a house that shuts on Sundays", weekly(on(workdays, opening("08:00", "18:00"))), "75", "2026-11-01 10:00", data.Unknown},
	{"nothing is known", data.Hours{}, "75", "2026-05-01 10:00", data.Unknown},
	{"a secretariat", weekly(kind(data.HoursSecretariat, "08:00", "18:00")), "75", "2026-05-01 10:00", data.Unknown},
	{"where nobody knows", daytime, "", "2026-05-01 10:00", data.Unknown},

	{"Good Friday in Metz", daytime, "57", "2026-04-03 10:00", data.Unknown},
	{"Good Friday in Nancy", daytime, "54", "2026-04-03 10:00", data.Yes},
	{"22 May in Martinique", daytime, "972", "2026-05-22 10:00", data.Unknown},
	{"22 May in Guadeloupe", daytime, "971", "2026-05-22 10:00", data.Yes},
	{"27 May in Guadeloupe", daytime, "971", "2026-05-27 10:00", data.Unknown},
	{"10 June in Guyane", daytime, "973", "2026-06-10 10:00", data.Unknown},
	{"20 December in La Réunion", daytime, "974", "2026-12-20 10:00", data.Unknown},
	{"27 April in Mayotte", daytime, "976", "2026-04-27 10:00", data.Unknown},
	{"26 December in Strasbourg", daytime, "67", "2026-12-26 10:00", data.Unknown},
	{"26 December in Paris", daytime, "75", "2026-12-26 10:00", data.Yes},
	{"20 November in Papeete", daytime, "987", "2026-11-20 10:00", data.Unknown},
	{"a holiday begins at midnight in Nouméa", daytime, "988", "2026-09-24 00:00", data.Unknown},
	{"and not before", daytime, "988", "2026-09-23 23:59", data.No},
	{"the day of the clocks in March is none", daytime, "75", "2026-03-29 10:00", data.Yes},
	{"nor is that in October", daytime, "75", "2026-10-25 20:00", data.No},

	{"the night of 24 December, before midnight", nights, "75", "2026-12-24 23:30", data.Yes},
	{"at midnight", nights, "75", "2026-12-25 00:00", data.Unknown},
	{"after midnight", nights, "75", "2026-12-25 01:00", data.Unknown},
	{"on Christmas night", nights, "75", "2026-12-25 23:30", data.Unknown},
	{"which nobody may have begun", nights, "75", "2026-12-26 01:00", data.Unknown},
	{"and which is over", nights, "75", "2026-12-26 02:00", data.No},
	{"the next night", nights, "75", "2026-12-26 23:30", data.Yes},
	{"the next night in Strasbourg", nights, "67", "2026-12-26 23:30", data.Unknown},

	{"on duty", onDuty, "75", "2026-12-25 21:00", data.Yes},
	{"on duty since the evening before", onDuty, "75", "2026-12-25 07:59", data.Yes},
	{"on duty until the morning after", onDuty, "75", "2026-12-26 07:59", data.Yes},
	{"not on duty", onDuty, "75", "2026-12-25 12:00", data.Unknown},
	{"not on duty any other day", onDuty, "75", "2026-12-26 12:00", data.No},
	{"on duty, and open perhaps", weekly(kind(data.HoursOnDuty, "08:00", "12:00"), opening("08:00", "18:00")), "75", "2026-12-25 10:00", data.Yes},
	{"on duty, and shut perhaps", weekly(kind(data.HoursOnDuty, "08:00", "18:00"), closing("12:00", "14:00")), "75", "2026-12-25 13:00", data.Unknown},
	{"on duty, and shut on any other day", weekly(kind(data.HoursOnDuty, "08:00", "18:00"), closing("12:00", "14:00")), "75", "2026-12-24 13:00", data.No},

	{"an exception, open", except(daytime, noel, span("10:00", "12:00")), "75", "2026-12-25 11:00", data.Yes},
	{"an exception, over", except(daytime, noel, span("10:00", "12:00")), "75", "2026-12-25 12:00", data.No},
	{"an exception, closed", except(daytime, noel), "75", "2026-12-25 11:00", data.No},
	{"an exception of another day", except(daytime, data.Period{From: day(12, 24), To: day(12, 24)}), "75", "2026-12-25 11:00", data.Unknown},
	{"an exception runs into the holiday", except(daytime, data.Period{From: day(12, 24), To: day(12, 24)}, span("22:00", "02:00")), "75", "2026-12-25 01:00", data.Yes},
	{"an exception runs out of it", except(daytime, noel, span("22:00", "02:00")), "75", "2026-12-26 01:00", data.Yes},
	{"into 26 December in Strasbourg", except(daytime, noel, span("22:00", "02:00")), "67", "2026-12-26 01:00", data.Yes},
	{"an exception leaves the night before", except(nights, noel), "75", "2026-12-25 01:00", data.Yes},
	{"and its closing hours", except(sleepless, noel, span("00:00", "24:00")), "75", "2026-12-25 01:00", data.No},

	{"a closure", closed(daytime, noel), "75", "2026-12-25 11:00", data.No},
	{"a closure of a house open day and night", closed(always, noel), "75", "2026-12-25 11:00", data.No},
	{"a closure, on duty", closed(onDuty, noel), "75", "2026-12-25 21:00", data.No},
	{"a closure wins over an exception", closed(except(daytime, noel, span("00:00", "24:00")), noel), "75", "2026-12-25 11:00", data.No},
	{"no night begins in a closure", closed(nights, noel), "75", "2026-12-26 01:00", data.No},
	{"a closure of other days", closed(daytime, data.Period{From: day(12, 26), To: day(12, 31)}), "75", "2026-12-25 11:00", data.Unknown},

	{"day and night", always, "75", "2026-12-25 11:00", data.Yes},
	{"day and night, from the day before", always, "75", "2026-12-25 00:00", data.Yes},
	{"from eight to eight", weekly(opening("08:00", "08:00")), "75", "2026-12-25 03:00", data.Yes},
	{"by day and by night", weekly(opening("08:00", "20:00"), opening("20:00", "08:00")), "75", "2026-12-25 11:00", data.Yes},
	{"but for a minute", weekly(opening("08:00", "20:00"), opening("20:01", "08:00")), "75", "2026-12-25 11:00", data.Unknown},
	{"by day, and on duty by night", weekly(opening("08:00", "20:00"), kind(data.HoursOnDuty, "20:00", "08:00")), "75", "2026-12-25 11:00", data.Yes},
	{"in the week and at the weekend", weekly(on(workdays, opening("00:00", "24:00")), on(weekend, opening("00:00", "24:00"))), "75", "2026-12-25 11:00", data.Yes},
	{"in the week only", weekly(on(workdays, opening("00:00", "24:00"))), "75", "2026-12-25 11:00", data.Unknown},
	{"but for Sunday", weekly(on(data.EveryDay&^data.On(time.Sunday), opening("00:00", "24:00"))), "75", "2026-12-25 11:00", data.Unknown},
	{
		"Saturday runs into Sunday",
		weekly(on(workdays, opening("00:00", "24:00")), on(data.On(time.Saturday), opening("00:00", "24:00")),
			on(data.On(time.Saturday), opening("22:00", "09:00")), on(data.On(time.Sunday), opening("09:00", "24:00"))),
		"75", "2026-12-25 11:00", data.Yes,
	},
	{"visits do not count", weekly(opening("08:00", "20:00"), kind(data.HoursVisits, "20:00", "08:00")), "75", "2026-12-25 11:00", data.Unknown},
	{"day and night, no longer", weekly(effective(opening("00:00", "24:00"), 0, day(12, 24))), "75", "2026-12-25 11:00", data.Unknown},
	{"day and night, until then", weekly(effective(opening("00:00", "24:00"), 0, day(12, 25))), "75", "2026-12-25 11:00", data.Yes},
	{"day and night, from then on", weekly(effective(opening("00:00", "24:00"), day(12, 25), 0)), "75", "2026-12-25 00:00", data.Yes},
	{"the night no longer", weekly(opening("08:00", "20:00"), effective(opening("20:00", "08:00"), 0, day(12, 24))), "75", "2026-12-25 11:00", data.Unknown},
	{"day and night with a rest", weekly(opening("00:00", "24:00"), closing("12:00", "14:00")), "75", "2026-12-25 11:00", data.Unknown},
	{"in the rest", weekly(opening("00:00", "24:00"), closing("12:00", "14:00")), "75", "2026-12-25 13:00", data.Unknown},
	{"a rest on Mondays", weekly(opening("00:00", "24:00"), on(data.On(time.Monday), closing("12:00", "14:00"))), "75", "2026-12-25 11:00", data.Unknown},
	{"a rest no longer", weekly(opening("00:00", "24:00"), effective(closing("12:00", "14:00"), 0, day(12, 24))), "75", "2026-12-25 11:00", data.Yes},

	{"closing hours alone", weekly(closing("12:00", "14:00")), "75", "2026-12-25 13:00", data.Unknown},
	{"closing hours run out of the holiday", sleepless, "75", "2026-12-26 01:00", data.Unknown},
	{"and end", sleepless, "75", "2026-12-26 02:00", data.Yes},
	{"closing hours run into it", sleepless, "75", "2026-12-25 01:00", data.Unknown},
	{"closing hours run out of it, nothing else", weekly(closing("22:00", "02:00")), "75", "2026-12-26 01:00", data.Unknown},
	{"out of it, into a day of no opening", weekly(closing("22:00", "02:00"), on(data.On(time.Monday), opening("08:00", "18:00"))), "75", "2026-12-26 01:00", data.No},
}

func TestOpenAtOnHolidays(t *testing.T) {
	for _, c := range holidayCases {
		if got := OpenAt(c.hours, local(t, c.at, clockOf(c.departement)), c.departement); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// On All Saints' Day of 2026 clocks in Saint-Pierre go back from 2 to 1, at 4
// UTC; the day is 25 hours long.
func TestOpenAtOnAHolidayAsClocksTurn(t *testing.T) {
	for _, c := range []struct {
		name  string
		hours data.Hours
		utc   string
		want  data.State
	}{
		{"the hour before midnight", nights, "2026-11-01 01:59", data.Yes},
		{"the holiday begins", nights, "2026-11-01 02:00", data.Unknown},
		{"one o'clock, the first time", onDuty, "2026-11-01 03:30", data.Yes},
		{"one o'clock, the second time", onDuty, "2026-11-01 04:30", data.Yes},
		{"day and night", always, "2026-11-01 04:30", data.Yes},
		{"its last minute", daytime, "2026-11-02 02:59", data.Unknown},
		{"is over", daytime, "2026-11-02 03:00", data.No},
	} {
		if got := OpenAt(c.hours, local(t, c.utc, time.UTC), "975"); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNextOpeningAcrossHolidays(t *testing.T) {
	fridays := weekly(on(data.On(time.Friday), opening("08:00", "18:00")))
	cases := []struct {
		name        string
		hours       data.Hours
		departement string
		at          string
		want        string
	}{
		{"from Christmas Eve, in Paris", daytime, "75", "2026-12-24 19:00", "2026-12-26 08:00"},
		{"in Strasbourg", daytime, "67", "2026-12-24 19:00", "2026-12-27 08:00"},
		{"on the holiday", daytime, "75", "2026-12-25 09:00", "2026-12-26 08:00"},
		{"as the holiday ends", weekly(on(data.EveryDay&^data.On(time.Sunday), opening("00:00", "24:00"))), "75", "2026-12-25 09:00", "2026-12-26 00:00"},
		{"not the night that begins on it", weekly(opening("20:00", "08:00")), "75", "2026-12-25 09:00", "2026-12-26 20:00"},
		{"as closing hours end that began on it", sleepless, "75", "2026-12-25 09:00", "2026-12-26 02:00"},
		{"on duty", onDuty, "75", "2026-12-25 09:00", "2026-12-25 20:00"},
		{"an exception", except(daytime, noel, span("10:00", "12:00")), "75", "2026-12-24 19:00", "2026-12-25 10:00"},
		{"day and night after a closed day", except(always, noel), "75", "2026-12-25 09:00", "2026-12-26 00:00"},
		{"day and night after a closure", closed(always, noel), "67", "2026-12-25 09:00", "2026-12-26 00:00"},
		{"after Easter, in Metz", weekly(on(workdays, opening("08:00", "18:00"))), "57", "2026-04-02 19:00", "2026-04-07 08:00"},
		{"in Nancy", weekly(on(workdays, opening("08:00", "18:00"))), "54", "2026-04-02 19:00", "2026-04-03 08:00"},
		{"across the clocks of 2027, which turn on Easter Sunday", weekly(on(workdays, opening("08:00", "18:00"))), "75", "2027-03-26 19:00", "2027-03-30 08:00"},
		{"two Fridays in May are holidays", fridays, "75", "2026-05-01 09:00", "2026-05-15 08:00"},
		{"the third is too far", fridays, "75", "2026-04-30 09:00", ""},
		{"20 December in La Réunion", daytime, "974", "2026-12-19 19:00", "2026-12-21 08:00"},
	}
	for _, c := range cases {
		next, ok := NextOpening(c.hours, local(t, c.at, clockOf(c.departement)), c.departement)
		got := ""
		if ok {
			got = next.Format("2006-01-02 15:04")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
