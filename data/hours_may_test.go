package data_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"boussole/data"
)

// hoursAtRandom are of few openings, with an exception and a closure now and then.
func hoursAtRandom(r *rand.Rand, around data.Date) data.Hours {
	var h data.Hours
	kinds := []data.HoursKind{data.HoursOpening, data.HoursOnDuty, data.HoursClosing, data.HoursSecretariat, data.HoursVisits}
	for range r.IntN(4) {
		o := data.Opening{Days: data.On(time.Weekday(r.IntN(7)), time.Weekday(r.IntN(7))), Kind: kinds[r.IntN(len(kinds))]}
		o.From, o.To = data.Minute(60*r.IntN(24)), data.Minute(15*r.IntN(97))
		if r.IntN(3) == 0 {
			o.Effective = data.Period{From: around + data.Date(r.IntN(12)-6)}
		}
		h.Weekly = append(h.Weekly, o)
	}
	days := func() data.Period {
		from := around + data.Date(r.IntN(20)-4)
		return data.Period{From: from, To: from + data.Date(r.IntN(3))}
	}
	if r.IntN(3) == 0 {
		spans := []data.Span{{From: data.Minute(60 * r.IntN(24)), To: data.Minute(60 * r.IntN(24))}}
		h.Exceptions = append(h.Exceptions, data.Exception{Days: days(), Spans: spans[:r.IntN(2)]})
	}
	if r.IntN(4) == 0 {
		h.Closures = append(h.Closures, days())
	}
	return h
}

// Until it may open every minute is one at which it is known to be closed, and while
// nothing is told every one at which that is unknown: also over public holidays, and
// where clocks change.
func TestMayOpenIsTheFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	starts := []time.Time{
		time.Date(2026, 3, 27, 7, 20, 0, 0, time.UTC), time.Date(2026, 10, 23, 18, 0, 0, 0, time.UTC),
		time.Date(2026, 4, 30, 22, 45, 0, 0, time.UTC), time.Date(2026, 12, 24, 3, 0, 0, 0, time.UTC),
	}
	closed, untold := 0, 0
	for i := range 2000 {
		from, in := starts[i%len(starts)], data.TerritoryOf([]string{"75", "973", "67"}[i%3])
		h := hoursAtRandom(r, data.DateOf(from))
		opens, ok := h.MayOpen(from, in)
		if !ok {
			opens = from.Add(14 * 24 * time.Hour)
		} else if h.At(opens, in) == data.No {
			t.Fatalf("%+v: at %v it is closed", h, opens)
		}
		for m := from; m.Before(opens); m = m.Add(5 * time.Minute) {
			if closed++; h.At(m, in) != data.No {
				t.Fatalf("%+v: from %v it may open at %v, not %v", h, from, m, opens)
			}
		}
		if !h.UntoldFor(3, from, in) {
			continue
		}
		for m := from; m.Before(from.Add(3 * 24 * time.Hour)); m = m.Add(15 * time.Minute) {
			if untold++; h.At(m, in) != data.Unknown {
				t.Fatalf("%+v: from %v nothing is told, and at %v it is %v", h, from, m, h.At(m, in))
			}
		}
	}
	if closed < 100_000 || untold < 5_000 {
		t.Errorf("%d minutes closed, %d untold", closed, untold)
	}
}
