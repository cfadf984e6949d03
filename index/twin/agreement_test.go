package twin

import (
	"math/rand/v2"
	"testing"
	"time"

	"boussole/data"
)

// The tests of this file are the only ones here that call the logic of the
// product: hours are where two readings of a comment differ most easily.

// hoursCases are those in which the two have differed, as small as they come.
var hoursCases = []struct {
	name  string
	hours data.Hours
	where string // a département
	at    string // what clocks show
	state data.State
	next  string // RFC 3339; empty when not asked, as when it is open
}{
	{
		"closing hours end what was opened the day before",
		weekly(opening("20:00", "08:00"), closing("02:00", "04:00")),
		"75", "2026-06-10 03:00", data.No, "2026-06-10T04:00:00+02:00",
	},
	{
		"closing hours go on after midnight",
		weekly(opening("00:00", "24:00"), closing("22:00", "02:00")),
		"75", "2026-06-10 01:00", data.No, "2026-06-10T02:00:00+02:00",
	},
	{
		"it opens at the end of closing hours that run over midnight",
		weekly(opening("00:00", "24:00"), closing("22:00", "02:00")),
		"75", "2026-06-10 23:00", data.No, "2026-06-11T02:00:00+02:00",
	},
	{
		"summer time skips the start: it opens as clocks turn",
		weekly(opening("02:30", "06:00")),
		"75", "2026-03-29 00:00", data.No, "2026-03-29T03:00:00+02:00",
	},
	{
		"the same west of Greenwich",
		weekly(opening("02:30", "06:00")),
		"975", "2026-03-08 00:00", data.No, "2026-03-08T03:00:00-02:00",
	},
	{
		"the start comes twice: it opens the first time",
		weekly(opening("02:30", "06:00")),
		"75", "2026-10-25 00:00", data.No, "2026-10-25T02:30:00+02:00",
	},
}

func TestHoursOfTheTwinInHardCases(t *testing.T) {
	for _, c := range hoursCases {
		at := local(t, c.at, clockOf(c.where))
		if got := OpenAt(c.hours, at, c.where); got != c.state {
			t.Errorf("%s: OpenAt is %v, want %v", c.name, got, c.state)
		}
		if next, ok := NextOpening(c.hours, at, c.where); !ok || next.Format(time.RFC3339) != c.next {
			t.Errorf("%s: NextOpening is %s, %v, want %s", c.name, next, ok, c.next)
		}
	}
}

func TestHoursOfTheProductAgreeInHardCases(t *testing.T) {
	for _, c := range hoursCases {
		in := data.TerritoryOf(c.where)
		at := local(t, c.at, in.Zone())
		if got := c.hours.At(at, in); got != c.state {
			t.Errorf("%s: At is %v, want %v", c.name, got, c.state)
		}
		if next, ok := c.hours.Next(at, in); !ok || next.In(in.Zone()).Format(time.RFC3339) != c.next {
			t.Errorf("%s: Next is %s, %v, want %s", c.name, next, ok, c.next)
		}
	}
}

// Two calendars, one of a library and one of tables, name the same days.
func TestHolidaysOfTheProductAgree(t *testing.T) {
	territories := []string{"", "75", "57", "67", "68", "99"}
	for departement := range overseas {
		territories = append(territories, departement)
	}
	for _, departement := range territories {
		in := data.TerritoryOf(departement)
		for day := data.NewDate(2018, time.January, 1); day < data.NewDate(2100, time.January, 1); day++ {
			if _, got := in.Holiday(day); got != IsHoliday(day, departement) {
				t.Errorf("%s in %q: a holiday is %v", day, departement, got)
			}
		}
	}
}

// agree compares the two readings of hours at an instant, and returns the one
// of the twin.
func agree(t *testing.T, h data.Hours, at time.Time, where string) (state data.State, opens bool) {
	t.Helper()
	in := data.TerritoryOf(where)
	state = OpenAt(h, at, where)
	if got := h.At(at, in); got != state {
		t.Fatalf("At(%s) in %s is %v, the twin says %v: %+v", at.In(in.Zone()), where, got, state, h)
	}
	next, opens := NextOpening(h, at, where)
	if got, ok := h.Next(at, in); ok != opens || !got.Equal(next) {
		t.Fatalf("Next(%s) in %s is %s, %v, the twin says %s, %v: %+v", at.In(in.Zone()), where, got, ok, next, opens, h)
	}
	may, found := NextNotClosed(h, at, where)
	first, sure := h.Reopens(at, in)
	if state == data.No && (!first.Equal(may) || first.IsZero() == found || !sure.Equal(next) || sure.IsZero() == opens) {
		t.Fatalf("Reopens(%s) in %s is %s, %s, the twin says %s, %s: %+v", at.In(in.Zone()), where, first, sure, may, next, h)
	}
	return state, opens
}

func TestHoursOfTheProductAgree(t *testing.T) {
	schedules := 100_000
	if testing.Short() {
		schedules = 5_000
	}
	d := dice{rand.New(rand.NewPCG(20, 26))}
	states := map[data.State]int{}
	openings, onHolidays := 0, 0
	for range schedules {
		h := pick(d, []data.Hours{d.anyHours(), d.hours()})
		at, where := d.instantIn()
		if d.chance(30) {
			where = pick(d, append(celebrating, departements...))
		}
		state, opens := agree(t, h, at, where)
		states[state]++
		if opens {
			openings++
		}
		if IsHoliday(dayOf(reading(at, clockOf(where))), where) {
			onHolidays++
		}
	}
	for _, s := range []data.State{data.Unknown, data.Yes, data.No} {
		if states[s] < schedules/50 {
			t.Errorf("only %d of %d are %v", states[s], schedules, s)
		}
	}
	if openings < schedules/10 || onHolidays < schedules/10 {
		t.Errorf("of %d, only %d open again and %d are on a holiday", schedules, openings, onHolidays)
	}
}

// Any schedule that the model can hold, asked at any instant of a century.
func FuzzSchedules(f *testing.F) {
	f.Add(uint64(1), uint64(1), int64(1_800_000_000), uint8(0))
	f.Add(uint64(20), uint64(26), int64(1_798_156_800), uint8(1)) // Christmas
	f.Fuzz(func(t *testing.T, seed, more uint64, instant int64, where uint8) {
		d := dice{rand.New(rand.NewPCG(seed, more))}
		h := d.anyHours()
		places := append([]string{"", "54"}, append(celebrating, departements...)...)
		at := time.Unix(1_514_764_800+instant%2_500_000_000, 0) // about 2018, more or less
		if at.Year() < 2018 || at.Year() > 2096 {
			t.Skip()
		}
		agree(t, h, at, places[int(where)%len(places)])
	})
}
