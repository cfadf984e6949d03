package data_test

import (
	"testing"
	"time"

	"boussole/data"
)

func TestBedsAt(t *testing.T) {
	morning := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	noon := morning.Add(4 * time.Hour)
	row := func(number int, status data.CapacityStatus, when data.Temporality, updated time.Time) data.Capacity {
		return data.Capacity{Nature: data.Bed, Status: status, Temporality: when, Number: number, Updated: updated}
	}
	free := func(number int, updated time.Time) data.Capacity {
		return row(number, data.Available, data.Current, updated)
	}
	cases := []struct {
		name string
		rows []data.Capacity
		want data.State
		asOf time.Time
	}{
		{"no rows", nil, data.Unknown, time.Time{}},
		{"installed says nothing of free", []data.Capacity{row(20, data.Installed, data.Current, noon)}, data.Unknown, time.Time{}},
		{"occupied says nothing of free", []data.Capacity{row(20, data.Occupied, data.Current, noon)}, data.Unknown, time.Time{}},
		{"operational says nothing of free", []data.Capacity{row(20, data.Operational, data.Current, noon)}, data.Unknown, time.Time{}},
		{"free tomorrow is not free now", []data.Capacity{row(2, data.Available, data.InADay, noon)}, data.Unknown, time.Time{}},
		{"free at a time that is not told", []data.Capacity{row(2, data.Available, data.TemporalityUnknown, noon)}, data.Unknown, time.Time{}},
		{"one free", []data.Capacity{free(1, noon)}, data.Yes, noon},
		{"none free", []data.Capacity{free(0, noon)}, data.No, noon},
		{"none free, the moment not told", []data.Capacity{free(0, time.Time{})}, data.No, time.Time{}},
		{"none for men, one for women", []data.Capacity{free(0, noon), free(1, noon)}, data.Yes, noon},
		{"one for men, none for women", []data.Capacity{free(1, noon), free(0, noon)}, data.Yes, noon},
		{"none and none are as old as the older", []data.Capacity{free(0, noon), free(0, morning)}, data.No, morning},
		{"one and one are as fresh as the fresher", []data.Capacity{free(1, morning), free(1, noon)}, data.Yes, noon},
		{"an old one and a fresh none", []data.Capacity{free(1, morning), free(0, noon)}, data.Yes, morning},
		{"beds of a crisis are not for all", []data.Capacity{free(0, noon), {Status: data.Available, Temporality: data.Current, Number: 3, Crisis: 2}}, data.No, noon},
		{"mobilisable beds are not there", []data.Capacity{{Status: data.Available, Temporality: data.Current, Number: 3, Additional: 2}}, data.Unknown, time.Time{}},
		{"among others", []data.Capacity{row(9, data.Installed, data.Current, noon), free(3, morning), row(9, data.Available, data.InAnHour, noon)}, data.Yes, morning},
		{"fewer than none", []data.Capacity{free(-1, noon)}, data.No, noon},
	}
	offer := data.Offer{Sources: []data.Provenance{{Source: "first"}, {Source: "second"}}}
	for _, c := range cases {
		want := data.Fact{State: c.want, AsOf: c.asOf, Source: "first"}
		if got := offer.BedsAt(&data.Place{Capacity: c.rows}); got != want {
			t.Errorf("%s: %+v, want %+v", c.name, got, want)
		}
	}
	if got := new(data.Offer).BedsAt(&data.Place{}); got != (data.Fact{}) {
		t.Errorf("an offer of no source: %+v", got)
	}
}

func TestOpenAt(t *testing.T) {
	paris := data.TerritoryOf("75")
	shop := data.Hours{Weekly: []data.Opening{{Days: data.On(time.Monday), From: 9 * 60, To: 12 * 60}}}
	closedForGood := data.Hours{Closures: []data.Period{{From: data.NewDate(2025, 1, 1)}}}
	monday := func(hour int) time.Time { return time.Date(2026, 1, 5, hour, 0, 0, 0, paris.Zone()) }
	cases := []struct {
		name  string
		hours data.Hours
		at    time.Time
		want  data.State
		opens time.Time
	}{
		{"no hours", data.Hours{}, monday(10), data.Unknown, time.Time{}},
		{"open", shop, monday(10), data.Yes, time.Time{}},
		{"before", shop, monday(8), data.No, monday(9)},
		{"after", shop, monday(12), data.No, monday(9).AddDate(0, 0, 7)},
		{"closed for good", closedForGood, monday(10), data.No, time.Time{}},
	}
	for _, c := range cases {
		offer := data.Offer{Hours: c.hours, Sources: []data.Provenance{{Source: "made-up"}}}
		got := offer.OpenAt(c.at, paris)
		if got.State != c.want || !got.Opens.Equal(c.opens) || got.Source != "made-up" || !got.AsOf.IsZero() {
			t.Errorf("%s: %+v, want %s, opening %v", c.name, got, c.want, c.opens)
		}
	}
}
