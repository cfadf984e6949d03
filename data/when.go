package data

import (
	"errors"
	"fmt"
	"time"
)

// Date is a calendar day, the number of days since 1 January of the year 1,
// which is day 1. The zero Date is unknown.
type Date int32

// NewDate returns the date of a day; out-of-range months and days are carried
// over as [time.Date] does.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// unixDay is 1 January 1970: 719,162 days of the proleptic Gregorian calendar come
// before it.
const unixDay Date = 719_163

// DateOf returns the day that the clock of t's own location shows.
func DateOf(t time.Time) Date {
	day, _ := clockOf(t)
	return day
}

// clockOf reads the clock of t's own location, which it looks up once.
func clockOf(t time.Time) (Date, Minute) {
	_, offset := t.Zone()
	second := t.Unix() + int64(offset)
	day := second / 86400
	if second < day*86400 {
		day-- // before 1970
	}
	return Date(day) + unixDay, Minute((second - day*86400) / 60)
}

// ParseDate reads "2021-01-08", years 1 to 9999.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date such as 2021-01-08", text)
	}
	if t.Year() < 1 {
		return 0, fmt.Errorf("%q is before the year 1", text)
	}
	return DateOf(t), nil
}

// Civil returns the year, month and day.
func (d Date) Civil() (int, time.Month, int) {
	return d.UTC().Date()
}

// UTC returns the instant at which the day begins in universal time.
func (d Date) UTC() time.Time { return time.Unix(int64(d-unixDay)*86400, 0).UTC() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((d%7 + 7) % 7) } // day 7, 0001-01-07, was a Sunday

// String returns "2021-01-08", or "" for the unknown date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	year, month, day := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// Period is a span of days, both included; a zero end is open.
type Period struct {
	From, To Date
}

// Contains reports whether the day is within the period. The zero Period is
// without bounds and contains every day.
func (p Period) Contains(d Date) bool {
	return (p.From == 0 || d >= p.From) && (p.To == 0 || d <= p.To)
}

// Age is a patient's age or a bound of ages, in minutes, so that newborns
// count in days: 10 a is ten years of 365.25 days.
type Age int32

// Units of age.
const (
	AgeDay   Age = 24 * 60
	AgeWeek  Age = 7 * AgeDay
	AgeYear  Age = 525_960 // 365.25 days
	AgeMonth Age = AgeYear / 12
	MaxAge   Age = 150 * AgeYear
)

// ErrAge is wrapped by errors about an age that is not one.
var ErrAge = errors.New("not an age")

// ParseAge reads a whole number of years, or of another unit that follows it:
// "45", "45a" (years, the unit of UCUM), "18mo", "6wk" and "12d". It is at most
// 150 years.
func ParseAge(text string) (Age, error) {
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits > 6 {
		return 0, fmt.Errorf("%q does not begin with a whole number, as in 45, 18mo or 12d: %w", text, ErrAge)
	}
	number := 0
	for _, d := range text[:digits] {
		number = 10*number + int(d-'0')
	}
	unit, ok := map[string]Age{"": AgeYear, "a": AgeYear, "mo": AgeMonth, "wk": AgeWeek, "d": AgeDay}[text[digits:]]
	if !ok {
		return 0, fmt.Errorf("%q has the unit %q, not a, mo, wk or d: %w", text, text[digits:], ErrAge)
	}
	if int64(number)*int64(unit) > int64(MaxAge) {
		return 0, fmt.Errorf("%q is above 150 years: %w", text, ErrAge)
	}
	return Age(number) * unit, nil
}

// AgeRange is the ages of the patients whom an offer receives: from Min,
// included, to Before, excluded; "15 to 17 years" is {15 a, 18 a}, because one
// is 17 until the eighteenth birthday. A zero Before has no upper bound; the
// zero AgeRange is unknown.
type AgeRange struct {
	Min, Before Age
}

// Receives says whether a patient of this age is received.
func (r AgeRange) Receives(age Age) State {
	switch {
	case r == AgeRange{}:
		return Unknown
	case age < r.Min, r.Before != 0 && age >= r.Before:
		return No
	}
	return Yes
}

// Holds reports whether all ages of another range are in this one; the zero range is
// of all ages here.
func (r AgeRange) Holds(s AgeRange) bool {
	return r.Min <= s.Min && (r.Before == 0 || s.Before != 0 && s.Before <= r.Before)
}

// Meets reports whether some age is in both; the zero range is of all ages here.
func (r AgeRange) Meets(s AgeRange) bool {
	return (r.Before == 0 || s.Min < r.Before) && (s.Before == 0 || r.Min < s.Before)
}

// State is a fact in three values. The zero State is unknown, which is never
// treated as yes nor as no.
type State uint8

// The three states.
const (
	Unknown State = iota
	Yes
	No
)

// String returns unknown, yes or no.
func (s State) String() string {
	switch s {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// Fact is a state with where it comes from: a source, and the moment for which
// the source said it (zero when it does not say).
type Fact struct {
	State  State
	Source string
	AsOf   time.Time

	// Of "open" only. When the state is no: until when it is known to be closed,
	// and when it is next known to open, which is later where a public holiday lies
	// between; see [Hours.Reopens]. When it is unknown: the public holiday without
	// which the state would be known.
	MayOpen, Opens time.Time
	Holiday        string
}
