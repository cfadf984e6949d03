package twin

import (
	"testing"
	"time"

	"boussole/data"
)

var parisTime = clockOf("75")

func weekly(openings ...data.Opening) data.Hours { return data.Hours{Weekly: openings} }

// span reads "08:00" to "24:00".
func span(from, to string) data.Span {
	minute := func(text string) data.Minute {
		number := func(s string) data.Minute { return data.Minute(s[0]-'0')*10 + data.Minute(s[1]-'0') }
		return number(text)*60 + number(text[3:])
	}
	return data.Span{From: minute(from), To: minute(to)}
}

// kind returns an opening of every day.
func kind(k data.HoursKind, from, to string) data.Opening {
	s := span(from, to)
	return data.Opening{Days: data.EveryDay, From: s.From, To: s.To, Kind: k}
}

func opening(from, to string) data.Opening { return kind(data.HoursOpening, from, to) }
func closing(from, to string) data.Opening { return kind(data.HoursClosing, from, to) }

func on(days data.Weekdays, o data.Opening) data.Opening {
	o.Days = days
	return o
}

func effective(o data.Opening, from, to data.Date) data.Opening {
	o.Effective = data.Period{From: from, To: to}
	return o
}

func day(month time.Month, day int) data.Date { return data.NewDate(2026, month, day) }

func local(t *testing.T, text string, loc *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestOpenAt(t *testing.T) {
	monday := data.On(time.Monday) // 8 June 2026 is one
	nights := weekly(on(monday, opening("20:00", "08:00")))
	withException := func(h data.Hours, days data.Period, spans ...data.Span) data.Hours {
		h.Exceptions = append([]data.Exception{{Days: days, Spans: spans}}, h.Exceptions...)
		return h
	}
	withClosure := func(h data.Hours, days data.Period) data.Hours {
		h.Closures = []data.Period{days}
		return h
	}
	tuesday := data.Period{From: day(6, 9), To: day(6, 9)}
	cases := []struct {
		name  string
		hours data.Hours
		at    string
		want  data.State
	}{
		{"nothing is known", data.Hours{}, "2026-06-08 10:00", data.Unknown},
		{"the start is open", weekly(opening("09:00", "17:00")), "2026-06-08 09:00", data.Yes},
		{"the minute before is not", weekly(opening("09:00", "17:00")), "2026-06-08 08:59", data.No},
		{"the end is not", weekly(opening("09:00", "17:00")), "2026-06-08 17:00", data.No},
		{"a day that nothing names is closed", weekly(on(monday, opening("09:00", "17:00"))), "2026-06-09 10:00", data.No},
		{"round the clock", weekly(opening("00:00", "24:00")), "2026-06-08 23:59", data.Yes},
		{"from midnight to midnight is the whole day", weekly(on(monday, opening("00:00", "00:00"))), "2026-06-08 12:00", data.Yes},
		{"and no more", weekly(on(monday, opening("00:00", "00:00"))), "2026-06-09 00:00", data.No},
		{"overnight, in the evening", nights, "2026-06-08 23:59", data.Yes},
		{"overnight, in the morning", nights, "2026-06-09 07:59", data.Yes},
		{"overnight, at its end", nights, "2026-06-09 08:00", data.No},
		{"overnight, not the morning before", nights, "2026-06-08 07:00", data.No},
		{"a secretariat says nothing", weekly(kind(data.HoursSecretariat, "09:00", "17:00")), "2026-06-08 10:00", data.Unknown},
		{"visits say nothing", weekly(kind(data.HoursVisits, "09:00", "17:00")), "2026-06-08 10:00", data.Unknown},
		{"closing hours alone say when it is closed", weekly(closing("09:00", "17:00")), "2026-06-08 10:00", data.No},
		{"and nothing of the rest", weekly(closing("09:00", "17:00")), "2026-06-08 18:00", data.Unknown},
		{"on duty is open", weekly(kind(data.HoursOnDuty, "09:00", "17:00")), "2026-06-08 10:00", data.Yes},
		{"closing hours", weekly(opening("08:00", "18:00"), closing("12:00", "14:00")), "2026-06-08 13:00", data.No},
		{"closing hours, over", weekly(opening("08:00", "18:00"), closing("12:00", "14:00")), "2026-06-08 14:00", data.Yes},
		{"no longer effective", weekly(effective(opening("08:00", "18:00"), 0, day(6, 7))), "2026-06-08 10:00", data.Unknown},
		{"effective until today", weekly(effective(opening("08:00", "18:00"), 0, day(6, 8))), "2026-06-08 10:00", data.Yes},
		{"not yet effective", weekly(effective(opening("08:00", "18:00"), day(6, 9), 0)), "2026-06-08 10:00", data.Unknown},
		{"the last night runs out", weekly(effective(opening("20:00", "08:00"), 0, day(6, 7))), "2026-06-08 07:00", data.Yes},
		{"and is unknown after", weekly(effective(opening("20:00", "08:00"), 0, day(6, 7))), "2026-06-08 08:00", data.Unknown},
		{"an exception without spans", withException(weekly(opening("08:00", "18:00")), tuesday), "2026-06-09 10:00", data.No},
		{"an exception with spans", withException(weekly(opening("08:00", "18:00")), tuesday, span("20:00", "21:00")), "2026-06-09 20:30", data.Yes},
		{"replaces the weekly ones", withException(weekly(opening("08:00", "18:00")), tuesday, span("20:00", "21:00")), "2026-06-09 10:00", data.No},
		{"and their closing hours", withException(weekly(opening("08:00", "18:00"), closing("12:00", "14:00")), tuesday, span("10:00", "21:00")), "2026-06-09 13:00", data.Yes},
		{"but not the night before", withException(nights, tuesday), "2026-06-09 07:00", data.Yes},
		{"an exception runs over midnight", withException(data.Hours{}, tuesday, span("22:00", "02:00")), "2026-06-10 01:00", data.Yes},
		{"the first exception holds", withException(withException(data.Hours{}, tuesday), tuesday, span("08:00", "18:00")), "2026-06-09 10:00", data.Yes},
		{"an exception says nothing of other days", withException(data.Hours{}, tuesday), "2026-06-11 10:00", data.Unknown},
		{"a closure", withClosure(weekly(opening("00:00", "24:00")), tuesday), "2026-06-09 10:00", data.No},
		{"a closure before an exception", withClosure(withException(data.Hours{}, tuesday, span("08:00", "18:00")), tuesday), "2026-06-09 10:00", data.No},
		{"a closure ends the night before", withClosure(nights, tuesday), "2026-06-09 07:00", data.No},
		{"no night begins in a closure", withClosure(weekly(opening("20:00", "08:00")), tuesday), "2026-06-10 07:00", data.No},
		{"the day after a closure", withClosure(weekly(opening("00:00", "24:00")), tuesday), "2026-06-10 00:00", data.Yes},
		{"a closure alone", withClosure(data.Hours{}, tuesday), "2026-06-10 10:00", data.Unknown},
	}
	for _, c := range cases {
		if got := OpenAt(c.hours, local(t, c.at, parisTime), "75"); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Clocks jump from 2 to 3 on 29 March and back from 3 to 2 on 25 October 2026,
// both at 1 UTC.
func TestOpenAtAsClocksTurn(t *testing.T) {
	early := weekly(opening("02:15", "02:45"))
	night := weekly(opening("22:00", "03:00"))
	cases := []struct {
		name  string
		hours data.Hours
		utc   string
		want  data.State
	}{
		{"the skipped half hour never comes", early, "2026-03-29 01:00", data.No},
		{"nor before", early, "2026-03-29 00:59", data.No},
		{"the night in March ends as clocks turn", night, "2026-03-29 01:00", data.No},
		{"having lasted until then", night, "2026-03-29 00:59", data.Yes},
		{"the half hour in October", early, "2026-10-25 00:30", data.Yes},
		{"is over", early, "2026-10-25 00:45", data.No},
		{"and comes again", early, "2026-10-25 01:15", data.Yes},
		{"the night in October is an hour longer", night, "2026-10-25 01:59", data.Yes},
		{"and ends", night, "2026-10-25 02:00", data.No},
	}
	for _, c := range cases {
		if got := OpenAt(c.hours, local(t, c.utc, time.UTC), "75"); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNextOpening(t *testing.T) {
	monday := data.On(time.Monday)
	holiday := data.Hours{
		Weekly:   []data.Opening{opening("00:00", "24:00")},
		Closures: []data.Period{{From: day(6, 8), To: day(6, 10)}},
	}
	long := holiday
	long.Closures = []data.Period{{From: day(6, 8), To: day(6, 22)}}
	cases := []struct {
		name  string
		hours data.Hours
		at    string
		want  string
	}{
		{"nothing is known", data.Hours{}, "2026-06-08 10:00", ""},
		{"later today", weekly(opening("09:00", "17:00")), "2026-06-08 08:59", "2026-06-08 09:00"},
		{"after t, not at it", weekly(opening("09:00", "17:00")), "2026-06-08 09:00", "2026-06-09 09:00"},
		{"next week", weekly(on(monday, opening("09:00", "17:00"))), "2026-06-08 18:00", "2026-06-15 09:00"},
		{"after lunch", weekly(opening("08:00", "18:00"), closing("12:00", "14:00")), "2026-06-08 13:00", "2026-06-08 14:00"},
		{"as a closure ends", holiday, "2026-06-08 10:00", "2026-06-11 00:00"},
		{"not in fifteen days", long, "2026-06-08 10:00", ""},
		{"on the fifteenth day", long, "2026-06-09 00:00", "2026-06-23 00:00"},
		{"a secretariat never opens", weekly(kind(data.HoursSecretariat, "09:00", "17:00")), "2026-06-08 08:00", ""},
	}
	for _, c := range cases {
		next, ok := NextOpening(c.hours, local(t, c.at, parisTime), "75")
		got := ""
		if ok {
			got = next.Format("2006-01-02 15:04")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHoursAreOfThePlace(t *testing.T) {
	h := weekly(opening("09:00", "17:00"))
	noon := local(t, "2026-06-08 12:00", time.UTC)
	for departement, want := range map[string]data.State{
		"75": data.Yes, "": data.Yes, "99": data.Yes, // Paris, also where nothing is known
		"974": data.Yes, "973": data.Yes, "987": data.No, "988": data.No, "986": data.No,
	} {
		if got := OpenAt(h, noon, departement); got != want {
			t.Errorf("%q: %v, want %v", departement, got, want)
		}
	}
}
