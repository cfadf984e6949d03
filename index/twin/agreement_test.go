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
		loc := clockOf(c.where)
		at := local(t, c.at, loc)
		if got := c.hours.At(at, loc); got != c.state {
			t.Errorf("%s: At is %v, want %v", c.name, got, c.state)
		}
		if next, ok := c.hours.Next(at, loc); !ok || next.In(loc).Format(time.RFC3339) != c.next {
			t.Errorf("%s: Next is %s, %v, want %s", c.name, next, ok, c.next)
		}
	}
}

// schedules is how many random hours the twin and the product are compared on.
const schedules = 20_000

func TestHoursOfTheProductAgree(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(20, 26))}
	states := map[data.State]int{}
	openings, wrongStates, wrongNexts := 0, 0, 0
	for range schedules {
		h := pick(d, []data.Hours{d.anyHours(), d.hours()})
		at, where := d.instantIn()
		if d.chance(50) {
			where = pick(d, departements)
		}
		loc := clockOf(where)
		state := OpenAt(h, at, where)
		states[state]++
		today := dayOf(reading(at, loc))
		if got := h.At(at, loc); got != state && !holidayIn(today-1, today, where) {
			if wrongStates++; wrongStates == 1 {
				t.Errorf("At(%s) is %v, the twin says %v: %+v", at.In(loc), got, state, h)
			}
		}
		next, ok := NextOpening(h, at, where)
		if ok {
			openings++
		}
		if got, gotOK := h.Next(at, loc); (gotOK != ok || !got.Equal(next)) && !holidayIn(today-1, today+ahead, where) {
			if wrongNexts++; wrongNexts == 1 {
				t.Errorf("Next(%s) is %s, %v, the twin says %s, %v: %+v", at.In(loc), got, gotOK, next, ok, h)
			}
		}
	}
	if wrongStates+wrongNexts > 0 {
		t.Errorf("of %d, %d states and %d openings differ", schedules, wrongStates, wrongNexts)
	}
	for _, s := range []data.State{data.Unknown, data.Yes, data.No} {
		if states[s] < schedules/50 {
			t.Errorf("only %d of %d are %v", states[s], schedules, s)
		}
	}
	if openings < schedules/10 {
		t.Errorf("only %d of %d open again", openings, schedules)
	}
}

// holidayIn reports whether a holiday is among the days from first to last: the
// product does not know any yet, and what it says of these is not compared.
func holidayIn(first, last data.Date, departement string) bool {
	for day := first; day <= last; day++ {
		if IsHoliday(day, departement) {
			return true
		}
	}
	return false
}
