package index

import (
	"testing"
	"time"

	"boussole/data"
)

// The same hours are two schedules where the calendar differs and the clocks do
// not: on Good Friday a shop of Metz may be closed, one of Nancy is open.
func TestScheduleOfATerritory(t *testing.T) {
	shop := func(id data.ID, departement string) data.Offer {
		return data.Offer{
			ID:     id,
			Hours:  data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 9 * 60, To: 18 * 60}}},
			Places: []data.Place{{Address: data.Address{Departement: departement}}},
		}
	}
	g, err := New(data.Memory{shop("metz", "57"), shop("nancy", "54"), shop("paris", "75")})
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{})
	goodFriday := time.Date(2026, time.April, 3, 8, 0, 0, 0, time.UTC)
	for id, want := range map[string]Requirement{"metz": RequireOpen, "nancy": 0, "paris": 0} {
		_, failed, err := view.Check(id, Query{Open: RuleYes, At: goodFriday})
		if err != nil || failed&RequireOpen != want {
			t.Errorf("%s: fails %v, %v", id, failed, err)
		}
	}
	if n := len(g.scheduleList); n != 3 { // of no hours, of Moselle, of the rest
		t.Errorf("%d schedules", n)
	}
}
