package data_test

import (
	"testing"
	"time"

	"boussole/data"
)

// at reads a wall-clock time in Paris, with the offset where it is written.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	if instant, err := time.Parse("2006-01-02 15:04Z07:00", text); err == nil {
		return instant
	}
	instant, err := time.ParseInLocation("2006-01-02 15:04", text, data.TerritoryOf("75").Zone())
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// clock reads "08:30" as a minute of the day.
func clock(text string) data.Minute {
	return data.Minute(600*int(text[0]-'0') + 60*int(text[1]-'0') + 10*int(text[3]-'0') + int(text[4]-'0'))
}

func weekly(openings ...data.Opening) data.Hours { return data.Hours{Weekly: openings} }

func opening(days data.Weekdays, from, to string, kind data.HoursKind) data.Opening {
	return data.Opening{Days: days, From: clock(from), To: clock(to), Kind: kind}
}

func from(o data.Opening, first, last data.Date) data.Opening {
	o.Effective = data.Period{From: first, To: last}
	return o
}

func except(h data.Hours, first, last data.Date, spans ...data.Span) data.Hours {
	h.Exceptions = append(h.Exceptions, data.Exception{Days: data.Period{From: first, To: last}, Spans: spans})
	return h
}

func shut(h data.Hours, first, last data.Date) data.Hours {
	h.Closures = append(h.Closures, data.Period{From: first, To: last})
	return h
}

func span(from, to string) data.Span { return data.Span{From: clock(from), To: clock(to)} }

func january(day int) data.Date { return data.NewDate(2026, time.January, day) }

// The week of Monday 5 January 2026.
var (
	daily    = opening(data.EveryDay, "09:00", "18:00", data.HoursOpening)
	lunch    = opening(data.EveryDay, "12:00", "14:00", data.HoursClosing)
	nightly  = opening(data.On(time.Friday), "20:00", "08:00", data.HoursOnDuty)
	allDay   = opening(data.EveryDay, "00:00", "24:00", data.HoursOpening)
	allClock = opening(data.On(time.Sunday), "08:00", "08:00", data.HoursOnDuty)
)

func TestHoursAt(t *testing.T) {
	cases := []struct {
		name  string
		hours data.Hours
		at    string
		want  data.State
	}{
		{"nothing said", data.Hours{}, "2026-01-05 10:00", data.Unknown},
		{"open", weekly(daily), "2026-01-05 10:00", data.Yes},
		{"the start is open", weekly(daily), "2026-01-05 09:00", data.Yes},
		{"a minute before the start", weekly(daily), "2026-01-05 08:59", data.No},
		{"the last minute", weekly(daily), "2026-01-05 17:59", data.Yes},
		{"the end is not open", weekly(daily), "2026-01-05 18:00", data.No},
		{"a day that is not named", weekly(nightly), "2026-01-05 22:00", data.No},
		{"the whole day, first minute", weekly(allDay), "2026-01-05 00:00", data.Yes},
		{"the whole day, last minute", weekly(allDay), "2026-01-05 23:59", data.Yes},

		{"overnight: the evening", weekly(nightly), "2026-01-09 20:00", data.Yes},
		{"overnight: the morning after", weekly(nightly), "2026-01-10 07:59", data.Yes},
		{"overnight: its end", weekly(nightly), "2026-01-10 08:00", data.No},
		{"overnight: the morning of the same day", weekly(nightly), "2026-01-09 07:00", data.No},
		{"overnight: the evening after", weekly(nightly), "2026-01-10 20:00", data.No},
		{"from eight to eight: before", weekly(allClock), "2026-01-04 07:59", data.No},
		{"from eight to eight: the evening", weekly(allClock), "2026-01-04 23:00", data.Yes},
		{"from eight to eight: the next morning", weekly(allClock), "2026-01-05 07:59", data.Yes},
		{"from eight to eight: over", weekly(allClock), "2026-01-05 08:00", data.No},

		{"closing hours win", weekly(daily, lunch), "2026-01-05 13:00", data.No},
		{"closing hours win, in whatever order", weekly(lunch, daily), "2026-01-05 13:00", data.No},
		{"the end of closing hours", weekly(daily, lunch), "2026-01-05 14:00", data.Yes},
		{"only closing hours, within", weekly(lunch), "2026-01-05 13:00", data.No},
		{"only closing hours, outside", weekly(lunch), "2026-01-05 15:00", data.Unknown},
		{"closing hours overnight, the next morning", weekly(allDay, opening(data.On(time.Monday), "22:00", "06:00", data.HoursClosing)), "2026-01-06 05:59", data.No},
		{"closing hours overnight, over", weekly(allDay, opening(data.On(time.Monday), "22:00", "06:00", data.HoursClosing)), "2026-01-06 06:00", data.Yes},

		{"before it is in force", weekly(from(daily, january(10), 0)), "2026-01-09 10:00", data.Unknown},
		{"the first day in force", weekly(from(daily, january(10), 0)), "2026-01-10 10:00", data.Yes},
		{"the last day in force", weekly(from(daily, 0, january(10))), "2026-01-10 10:00", data.Yes},
		{"no longer in force", weekly(from(daily, 0, january(10))), "2026-01-11 10:00", data.Unknown},
		{"begun in force, the morning after", weekly(from(nightly, january(9), january(9))), "2026-01-10 07:00", data.Yes},
		{"another schedule in force", weekly(from(daily, 0, january(10)), from(lunch, 0, 0)), "2026-01-11 13:00", data.No},

		{"closed days, the first", shut(weekly(daily), january(5), january(7)), "2026-01-05 10:00", data.No},
		{"closed days, the last", shut(weekly(daily), january(5), january(7)), "2026-01-07 10:00", data.No},
		{"closed days, over", shut(weekly(daily), january(5), january(7)), "2026-01-08 10:00", data.Yes},
		{"closed days are all that is known: within", shut(data.Hours{}, january(5), january(7)), "2026-01-06 10:00", data.No},
		{"closed days are all that is known: outside", shut(data.Hours{}, january(5), january(7)), "2026-01-08 10:00", data.Unknown},
		{"closed since then", shut(weekly(daily), january(5), 0), "2027-01-05 10:00", data.No},
		{"a night that began before a closure", shut(weekly(nightly), january(10), january(10)), "2026-01-10 07:00", data.No},
		{"a night that would have begun in a closure", shut(weekly(nightly), january(9), january(9)), "2026-01-10 07:00", data.No},

		{"an exception replaces the day: its span", except(weekly(daily), january(5), january(5), span("20:00", "22:00")), "2026-01-05 21:00", data.Yes},
		{"an exception replaces the day: the weekly one", except(weekly(daily), january(5), january(5), span("20:00", "22:00")), "2026-01-05 10:00", data.No},
		{"an exception, the day after", except(weekly(daily), january(5), january(5), span("20:00", "22:00")), "2026-01-06 10:00", data.Yes},
		{"an exception without spans", except(weekly(daily), january(5), january(6)), "2026-01-06 10:00", data.No},
		{"an exception over midnight", except(weekly(daily), january(5), january(5), span("20:00", "02:00")), "2026-01-06 01:00", data.Yes},
		{"an exception leaves the night before", except(weekly(nightly), january(10), january(10)), "2026-01-10 07:00", data.Yes},
		{"the first of two exceptions holds", except(except(weekly(daily), january(5), january(9)), january(5), january(5), span("09:00", "18:00")), "2026-01-05 10:00", data.No},
		{"an exception does not undo a closure", shut(except(weekly(daily), january(5), january(5), span("09:00", "18:00")), january(5), january(5)), "2026-01-05 10:00", data.No},
		{"an exception is all that is known: another day", except(data.Hours{}, january(5), january(5)), "2026-01-06 10:00", data.Unknown},
	}
	for _, c := range cases {
		if got := c.hours.At(at(t, c.at), data.TerritoryOf("75")); got != c.want {
			t.Errorf("%s: at %s %s, want %s", c.name, c.at, got, c.want)
		}
	}
}

// What a span of each kind says, within it and outside.
func TestHoursKinds(t *testing.T) {
	cases := []struct {
		name            string
		kind            data.HoursKind
		within, outside data.State
	}{
		{"unspecified", data.HoursUnspecified, data.Yes, data.No},
		{"opening", data.HoursOpening, data.Yes, data.No},
		{"operation", data.HoursOperation, data.Yes, data.No},
		{"on duty", data.HoursOnDuty, data.Yes, data.No},
		{"secretariat", data.HoursSecretariat, data.Unknown, data.Unknown},
		{"visits", data.HoursVisits, data.Unknown, data.Unknown},
		{"walk-in", data.HoursWalkIn, data.Yes, data.No},
		{"appointment", data.HoursAppointment, data.Yes, data.No},
		{"closing", data.HoursClosing, data.No, data.Unknown},
	}
	for _, c := range cases {
		h := weekly(opening(data.EveryDay, "09:00", "18:00", c.kind))
		within, outside := h.At(at(t, "2026-01-05 10:00"), data.TerritoryOf("75")), h.At(at(t, "2026-01-05 20:00"), data.TerritoryOf("75"))
		if within != c.within || outside != c.outside {
			t.Errorf("%s: %s within and %s outside, want %s and %s", c.name, within, outside, c.within, c.outside)
		}
	}
}

// The same instant is another hour elsewhere.
func TestHoursAreOfThePlace(t *testing.T) {
	h := weekly(daily)
	noonInParis := at(t, "2026-01-05 12:00") // 07:00 in Guadeloupe, 15:00 in La Réunion, 22:00 in Nouméa
	for departement, want := range map[string]data.State{"75": data.Yes, "971": data.No, "974": data.Yes, "988": data.No} {
		if got := h.At(noonInParis, data.TerritoryOf(departement)); got != want {
			t.Errorf("in %s: %s, want %s", departement, got, want)
		}
	}
}

func TestWeekdays(t *testing.T) {
	set := data.On(time.Monday, time.Saturday)
	for day := time.Sunday; day <= time.Saturday; day++ {
		if want := day == time.Monday || day == time.Saturday; set.Has(day) != want || data.On().Has(day) || !data.EveryDay.Has(day) {
			t.Errorf("%s: %v, want %v", day, set.Has(day), want)
		}
	}
}
