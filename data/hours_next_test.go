package data_test

import (
	"testing"
	"time"

	"boussole/data"
)

func TestHoursNext(t *testing.T) {
	closedFrom8To10 := weekly(allDay, opening(data.EveryDay, "08:00", "10:00", data.HoursClosing))
	closedAtNight := weekly(allDay, opening(data.EveryDay, "22:00", "06:00", data.HoursClosing))
	cases := []struct {
		name     string
		hours    data.Hours
		at, want string // no want: not known
	}{
		{"nothing said", data.Hours{}, "2026-01-05 10:00", ""},
		{"later today", weekly(daily), "2026-01-05 08:00", "2026-01-05 09:00"},
		{"tomorrow", weekly(daily), "2026-01-05 18:00", "2026-01-06 09:00"},
		{"open already: the next start", weekly(daily), "2026-01-05 09:00", "2026-01-06 09:00"},
		{"next week", weekly(nightly), "2026-01-10 08:00", "2026-01-16 20:00"},
		{"the sooner of two", weekly(daily, opening(data.EveryDay, "07:00", "08:00", data.HoursWalkIn)), "2026-01-05 06:00", "2026-01-05 07:00"},
		{"midnight", weekly(opening(data.On(time.Tuesday), "00:00", "24:00", 0)), "2026-01-05 10:00", "2026-01-06 00:00"},
		{"the end of closing hours", closedFrom8To10, "2026-01-05 09:00", "2026-01-05 10:00"},
		{"the end of closing hours overnight", closedAtNight, "2026-01-05 23:00", "2026-01-06 06:00"},
		{"a start within closing hours is none", weekly(daily, opening(data.EveryDay, "08:00", "10:00", data.HoursClosing)), "2026-01-05 07:00", "2026-01-05 10:00"},
		{"after closed days", shut(weekly(daily), january(5), january(11)), "2026-01-05 08:00", "2026-01-12 09:00"},
		{"after closed days, at midnight", shut(weekly(allDay), january(5), january(11)), "2026-01-05 08:00", "2026-01-12 00:00"},
		{"an exception", except(weekly(daily), january(6), january(6), span("11:00", "12:00")), "2026-01-05 19:00", "2026-01-06 11:00"},
		{"an exception alone", except(data.Hours{}, january(6), january(6), span("11:00", "12:00")), "2026-01-05 19:00", "2026-01-06 11:00"},
		{"not yet in force", weekly(from(daily, january(10), 0)), "2026-01-05 10:00", "2026-01-10 09:00"},
		{"no longer in force", weekly(from(daily, 0, january(5))), "2026-01-05 19:00", ""},
		{"secretariat only", weekly(opening(data.EveryDay, "09:00", "18:00", data.HoursSecretariat)), "2026-01-05 08:00", ""},
		{"the fourteenth day from now", shut(weekly(daily), january(5), january(18)), "2026-01-05 10:00", "2026-01-19 09:00"},
		{"further than two weeks", shut(weekly(daily), january(5), january(19)), "2026-01-05 10:00", ""},
		{"closed for good", shut(weekly(daily), january(5), 0), "2026-01-05 10:00", ""},
	}
	for _, c := range cases {
		checkNext(t, c.name, c.hours, c.at, c.want)
	}
}

func checkNext(t *testing.T, name string, hours data.Hours, from, want string) {
	t.Helper()
	got, ok := hours.Next(at(t, from), data.TerritoryOf("75"))
	switch {
	case want == "":
		if ok || !got.IsZero() {
			t.Errorf("%s: from %s it opens at %v, want none", name, from, got)
		}
	case !ok || !got.Equal(at(t, want)):
		t.Errorf("%s: from %s it opens at %v (%v), want %s", name, from, got, ok, want)
	}
}

// In Paris clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 back
// to 02:00 on 25 October 2026.
func TestHoursWhereClocksChange(t *testing.T) {
	early := weekly(opening(data.EveryDay, "02:30", "06:00", data.HoursOpening))
	night := weekly(opening(data.EveryDay, "22:00", "02:30", data.HoursOnDuty))
	hour := weekly(opening(data.EveryDay, "02:00", "03:00", data.HoursOpening))
	cases := []struct {
		name  string
		hours data.Hours
		at    string
		want  data.State
	}{
		{"forward: before the gap", early, "2026-03-29 01:59+01:00", data.No},
		{"forward: after the gap it is past half past two", early, "2026-03-29 03:00+02:00", data.Yes},
		{"forward: the night ends with the gap", night, "2026-03-29 03:00+02:00", data.No},
		{"forward: the night until the gap", night, "2026-03-29 01:59+01:00", data.Yes},
		{"forward: an hour that does not exist, before", hour, "2026-03-29 01:59+01:00", data.No},
		{"forward: an hour that does not exist, after", hour, "2026-03-29 03:00+02:00", data.No},
		{"forward: the end of the day holds", early, "2026-03-29 06:00+02:00", data.No},
		{"back: half past two for the first time", early, "2026-10-25 02:30+02:00", data.Yes},
		{"back: two for the second time", early, "2026-10-25 02:00+01:00", data.No},
		{"back: half past two for the second time", early, "2026-10-25 02:30+01:00", data.Yes},
		{"back: the night ends", night, "2026-10-25 02:45+02:00", data.No},
		{"back: the night is there again", night, "2026-10-25 02:15+01:00", data.Yes},
		{"back: the hour for the first time", hour, "2026-10-25 02:59+02:00", data.Yes},
		{"back: the hour for the second time", hour, "2026-10-25 02:00+01:00", data.Yes},
		{"back: over", hour, "2026-10-25 03:00+01:00", data.No},
	}
	for _, c := range cases {
		if got := c.hours.At(at(t, c.at), data.TerritoryOf("75")); got != c.want {
			t.Errorf("%s: at %s %s, want %s", c.name, c.at, got, c.want)
		}
	}
}

func TestHoursNextWhereClocksChange(t *testing.T) {
	early := weekly(opening(data.EveryDay, "02:30", "06:00", data.HoursOpening))
	hour := weekly(opening(data.EveryDay, "02:00", "03:00", data.HoursOpening))
	break230 := weekly(allDay, opening(data.EveryDay, "01:00", "02:30", data.HoursClosing))
	morning := weekly(daily)
	cases := []struct {
		name     string
		hours    data.Hours
		at, want string
	}{
		{"forward: a start in the gap is the change", early, "2026-03-29 01:00+01:00", "2026-03-29 03:00+02:00"},
		{"forward: an hour that does not exist opens the day after", hour, "2026-03-29 01:00+01:00", "2026-03-30 02:00+02:00"},
		{"forward: closing hours end with the gap", break230, "2026-03-29 01:30+01:00", "2026-03-29 03:00+02:00"},
		{"forward: the morning after", morning, "2026-03-28 19:00+01:00", "2026-03-29 09:00+02:00"},
		{"back: the first of the two", early, "2026-10-25 02:00+02:00", "2026-10-25 02:30+02:00"},
		{"back: the second of the two", early, "2026-10-25 02:00+01:00", "2026-10-25 02:30+01:00"},
		{"back: the morning after", morning, "2026-10-24 19:00+02:00", "2026-10-25 09:00+01:00"},
	}
	for _, c := range cases {
		checkNext(t, c.name, c.hours, c.at, c.want)
	}
}

// What Next finds is open, was not yet open a minute before when it was closed
// at the time of asking, and nothing in between is open: minute by minute, over
// the days on which clocks change, of hours whose starts stand on them.
func TestHoursNextIsTheFirst(t *testing.T) {
	paris := data.TerritoryOf("75")
	schedules := map[string]data.Hours{
		"shop":           weekly(daily, lunch),
		"night":          weekly(opening(data.EveryDay, "22:00", "05:30", data.HoursOnDuty)),
		"in the gap":     weekly(opening(data.EveryDay, "02:30", "06:00", data.HoursOpening)),
		"closed a while": shut(weekly(allDay), data.NewDate(2026, 3, 29), data.NewDate(2026, 3, 29)),
	}
	for name, h := range schedules {
		for _, start := range []string{"2026-03-28 00:00", "2026-06-06 00:00"} {
			checkFirst(t, name, h, at(t, start), paris)
		}
	}
}

// checkFirst walks back from three days after the start: the next opening of a
// closed minute is the next minute that is open.
func checkFirst(t *testing.T, name string, h data.Hours, start time.Time, in *data.Territory) {
	t.Helper()
	end := start.AddDate(0, 0, 3)
	want, known := h.Next(end, in)
	if !known || h.At(want, in) != data.Yes {
		t.Fatalf("%s: from %v it opens at %v, %v", name, end, want, known)
	}
	if h.At(end, in) == data.Yes {
		want = end
	}
	for m := end.Add(-time.Minute); m.After(start); m = m.Add(-time.Minute) {
		if h.At(m, in) == data.Yes {
			want = m
			continue
		}
		if got, ok := h.Next(m, in); !ok || !got.Equal(want) {
			t.Fatalf("%s: from %v it opens at %v (%v), want %v", name, m, got, ok, want)
		}
	}
}

// The zero time is an instant like any other, in the year 0 west of Greenwich.
func TestHoursAtTheZeroTime(t *testing.T) {
	offer := data.Offer{Hours: data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 0, To: data.Midnight}}}}
	if got := offer.OpenAt(time.Time{}, data.TerritoryOf("973")).State; got != data.Yes {
		t.Errorf("round the clock is %s", got)
	}
}

// Clocks put back at 03:00 show 02:00 again, inside hours that had ended.
func TestNextWhenClocksGoBackIntoASpan(t *testing.T) {
	hours := data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 90, To: 165}}}
	paris := data.TerritoryOf("75")
	closed := time.Date(2026, 10, 25, 0, 50, 0, 0, time.UTC)
	want := time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)
	if got, ok := hours.Next(closed, paris); hours.At(closed, paris) != data.No || !ok || !got.Equal(want) {
		t.Errorf("next opening %v, want %v", got, want)
	}
}
