package data_test

import (
	"errors"
	"testing"
	"time"

	"boussole/data"
)

// Every day of some years, those around the rules of leap years included, and
// all the first and last days of a month of the years 1 to 3000.
func TestDatesAreThoseOfTheCalendar(t *testing.T) {
	whole := map[int]bool{1: true, 4: true, 100: true, 400: true, 1582: true, 1899: true, 1900: true, 1970: true, 2000: true, 2024: true, 2026: true, 2100: true, 3000: true}
	day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for number := data.Date(1); day.Year() <= 3000; number, day = number+1, day.AddDate(0, 0, 1) {
		if got := data.NewDate(day.Date()); got != number {
			t.Fatalf("NewDate(%s) = %d, want %d", day.Format(time.DateOnly), got, number)
		}
		if got := number.Weekday(); got != day.Weekday() {
			t.Fatalf("%s is a %s, want %s", number, got, day.Weekday())
		}
		y, m, d := number.Civil()
		if wantY, wantM, wantD := day.Date(); y != wantY || m != wantM || d != wantD {
			t.Fatalf("day %d is %d-%d-%d, want %s", number, y, m, d, day.Format(time.DateOnly))
		}
		if edge := day.Day() == 1 || day.Day() >= 28; whole[day.Year()] || edge {
			checkWritten(t, number, day)
		}
	}
}

func checkWritten(t *testing.T, number data.Date, day time.Time) {
	t.Helper()
	written := day.Format(time.DateOnly)
	if number.String() != written || !number.UTC().Equal(day) {
		t.Fatalf("day %d is written %q and begins at %v, want %q and %v", number, number, number.UTC(), written, day)
	}
	if read, err := data.ParseDate(written); err != nil || read != number {
		t.Fatalf("ParseDate(%q) = %d, %v; want %d", written, read, err, number)
	}
}

func TestDateLiterals(t *testing.T) {
	cases := []struct {
		name string
		got  data.Date
		want data.Date
	}{
		{"the first day", data.NewDate(1, 1, 1), 1},
		{"1970", data.NewDate(1970, 1, 1), 719_163},
		{"a month too many", data.NewDate(2025, 13, 1), data.NewDate(2026, 1, 1)},
		{"a day too many", data.NewDate(2025, 2, 29), data.NewDate(2025, 3, 1)},
		{"the day before", data.NewDate(2026, 1, 0), data.NewDate(2025, 12, 31)},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.want)
		}
	}
	if got := data.Date(0).String(); got != "" {
		t.Errorf("the unknown date is written %q", got)
	}
}

// The day is the one that the clocks there show.
func TestDateOf(t *testing.T) {
	at := time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)
	for departement, want := range map[string]string{"75": "2026-01-01", "973": "2025-12-31", "974": "2026-01-01", "987": "2025-12-31"} {
		if got := data.DateOf(at.In(data.TerritoryOf(departement).Zone())).String(); got != want {
			t.Errorf("in %s it is %s, want %s", departement, got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, text := range []string{
		"", "2021", "2021-01", "2021-1-8", "2021-13-01", "2021-02-29", "2021-02-30", "2021-00-10", "2021-01-00",
		"08/01/2021", "20210108", "2021-01-08T00:00:00Z", " 2021-01-08", "2021-01-08 ", "0000-01-01", "-001-01-01", "12021-01-08", "aujourd'hui",
	} {
		if d, err := data.ParseDate(text); err == nil || d != 0 {
			t.Errorf("ParseDate(%q) = %v, %v; want an error", text, d, err)
		}
	}
	for _, text := range []string{"0202-02-24", "0001-01-01", "1600-02-29", "2024-02-29", "9999-12-31"} {
		if d, err := data.ParseDate(text); err != nil || d.String() != text {
			t.Errorf("ParseDate(%q) = %v, %v", text, d, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, text := range []string{"2021-01-08", "0202-02-24", "2021-02-30", "0000-01-01", "9999-12-31", "", "2021-1-8"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := data.ParseDate(text)
		if err != nil {
			if d != 0 {
				t.Fatalf("ParseDate(%q) = %v and an error", text, d)
			}
			return
		}
		if d.String() != text || d < 1 || d > data.NewDate(9999, 12, 31) {
			t.Fatalf("ParseDate(%q) = %v", text, d)
		}
	})
}

func TestPeriodContains(t *testing.T) {
	const from, to = data.Date(100), data.Date(110)
	cases := []struct {
		name string
		p    data.Period
		day  data.Date
		want bool
	}{
		{"the day before", data.Period{From: from, To: to}, 99, false},
		{"the first day", data.Period{From: from, To: to}, 100, true},
		{"the last day", data.Period{From: from, To: to}, 110, true},
		{"the day after", data.Period{From: from, To: to}, 111, false},
		{"no end", data.Period{From: from}, 1_000_000, true},
		{"no end, before", data.Period{From: from}, 99, false},
		{"no beginning", data.Period{To: to}, 1, true},
		{"no beginning, after", data.Period{To: to}, 111, false},
		{"no bounds", data.Period{}, 1, true},
		{"turned round", data.Period{From: to, To: from}, 105, false},
	}
	for _, c := range cases {
		if got := c.p.Contains(c.day); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestParseAge(t *testing.T) {
	cases := []struct {
		text string
		want data.Age
	}{
		{"0", 0}, {"1", 525_960}, {"45", 45 * data.AgeYear}, {"45a", 45 * data.AgeYear}, {"010", 10 * data.AgeYear},
		{"18mo", 18 * 43_830}, {"12mo", data.AgeYear}, {"6wk", 6 * 10_080}, {"12d", 12 * 1440}, {"0d", 0}, {"7d", data.AgeWeek},
		{"150", data.MaxAge}, {"150a", data.MaxAge}, {"1800mo", data.MaxAge}, {"54787d", 54_787 * data.AgeDay}, {"7826wk", 7826 * data.AgeWeek},
		{"000150", data.MaxAge},
	}
	for _, c := range cases {
		if got, err := data.ParseAge(c.text); err != nil || got != c.want {
			t.Errorf("ParseAge(%q) = %d, %v; want %d", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{
		"", "a", "mo", "-1", "+1", "1.5", "1,5", " 45", "45 ", "45 a", "45A", "45y", "45ans", "45amo", "٤٥", "0x10", "1e3",
		"151", "151a", "1801mo", "54788d", "7827wk", "999999", "999999wk", // above 150 years
		"1000000", "0000045", "4294967296", "99999999999999999999", // more than six digits, which could overflow
	} {
		if got, err := data.ParseAge(text); !errors.Is(err, data.ErrAge) || got != 0 {
			t.Errorf("ParseAge(%q) = %d, %v; want an error that wraps ErrAge", text, got, err)
		}
	}
}

func FuzzParseAge(f *testing.F) {
	for _, text := range []string{"45", "18mo", "6wk", "12d", "150a", "999999", "9999999", "", "-1", "1.5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		age, err := data.ParseAge(text)
		if err != nil {
			if age != 0 || !errors.Is(err, data.ErrAge) {
				t.Fatalf("ParseAge(%q) = %d, %v", text, age, err)
			}
			return
		}
		if age < 0 || age > data.MaxAge {
			t.Fatalf("ParseAge(%q) = %d, out of bounds", text, age)
		}
		if age%data.AgeDay != 0 && age%data.AgeMonth != 0 {
			t.Fatalf("ParseAge(%q) = %d, neither days nor months", text, age)
		}
	})
}

func TestAgeRangeReceives(t *testing.T) {
	const year, day = data.AgeYear, data.AgeDay
	cases := []struct {
		name string
		r    data.AgeRange
		age  data.Age
		want data.State
	}{
		{"nothing said", data.AgeRange{}, 30 * year, data.Unknown},
		{"nothing said of a newborn", data.AgeRange{}, 0, data.Unknown},
		{"adults: 14 years and 364 days", data.AgeRange{Min: 15 * year}, 15*year - day, data.No},
		{"adults: the fifteenth birthday", data.AgeRange{Min: 15 * year}, 15 * year, data.Yes},
		{"adults: no upper bound", data.AgeRange{Min: 15 * year}, data.MaxAge, data.Yes},
		{"adults: a newborn", data.AgeRange{Min: 15 * year}, 0, data.No},
		{"neonates: born today", data.AgeRange{Before: 28 * day}, 0, data.Yes},
		{"neonates: 27 days", data.AgeRange{Before: 28 * day}, 27 * day, data.Yes},
		{"neonates: 28 days", data.AgeRange{Before: 28 * day}, 28 * day, data.No},
		{"15 to 17 years: a minute before 18", data.AgeRange{Min: 15 * year, Before: 18 * year}, 18*year - 1, data.Yes},
		{"15 to 17 years: 18", data.AgeRange{Min: 15 * year, Before: 18 * year}, 18 * year, data.No},
	}
	for _, c := range cases {
		if got := c.r.Receives(c.age); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestStateString(t *testing.T) {
	for state, want := range map[data.State]string{data.Unknown: "unknown", data.Yes: "yes", data.No: "no", 9: "unknown"} {
		if got := state.String(); got != want {
			t.Errorf("state %d is written %q, want %q", state, got, want)
		}
	}
}

// The day of a clock is that of its own place, before 1970 too.
func TestDateOfClock(t *testing.T) {
	for _, zone := range []string{"Europe/Paris", "Pacific/Wallis", "America/Miquelon", "UTC"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{1, 1899, 1969, 1970, 2026} {
			for hour := range 48 {
				at := time.Date(year, time.December, 31, hour, 59, 59, 999, place)
				if got, want := data.DateOf(at), data.NewDate(at.Date()); got != want {
					t.Errorf("%v is %v, want %v", at, got, want)
				}
			}
		}
	}
}
