package index

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
)

// Offers along a meridian, whose beds are taken: the last of them is the one that
// costs least as soon as it is told that one is free there, whatever was known of the
// boxes around it before, and when it is known.
func TestLeastsOfFarFields(t *testing.T) {
	offers := make(data.Memory, 6000) // more than one field
	for i := range offers {
		offers[i] = data.Offer{ID: data.ID(fmt.Sprintf("%04d", i)), Field: data.FieldMedicoSoc}
		offers[i].Places = []data.Place{{
			Quality: data.AtStreet, Point: geo.Point{Lat: 50 - float64(i)/2000, Lon: 2},
			Capacity: []data.Capacity{{Status: data.Available, Temporality: data.Current}},
		}}
	}
	g, err := New(offers)
	if err != nil {
		t.Fatal(err)
	}
	guard := NewGuard(g)
	wishes := Wishes{BedsCost: 30 * time.Minute, BedsAge: Curve{Fresh: time.Hour, Old: 24 * time.Hour}}
	q := Query{Near: offers[0].Places[0].Point, At: time.Date(2026, 3, 2, 4, 5, 0, 0, time.UTC)}
	cheapest := func(n int) data.ID {
		view := guard.As(data.Viewer{Profile: 1})
		defer view.Close()
		lot, err := view.Reader(wishes).Cheapest(q, Way{Floor: pace(0.05).floor}).Next(context.Background(), n, AnyCost)
		if err != nil {
			t.Fatal(err)
		}
		return lot.Hits[0].ID
	}
	if got := cheapest(len(offers)); got != "0000" { // which goes through all blocks
		t.Errorf("where no bed is free: %s", got)
	}
	free := func(entry uint32, number int32) {
		page := int(entry / pageSize)
		next := &livePage{beds: slices.Clone(g.now.Load().pages[page].beds)}
		for i := range next.beds {
			if uint32(next.beds[i].slot) == entry%pageSize {
				next.beds[i].number, next.beds[i].updated = number, minuteOf(q.At)
			}
		}
		next.start()
		g.now.Store(g.now.Load().with(map[int]*livePage{page: next}))
	}
	last := g.entriesOf(uint32(len(offers) - 1))[0]
	for round := range 2 {
		free(last, 1)
		for _, n := range []int{1, len(offers), 1} { // told of, gone through, and known
			if got := cheapest(n); got != "5999" {
				t.Errorf("round %d, a bed is free: %s", round, got)
			}
		}
		free(last, 0)
		if got := cheapest(1); got != "0000" {
			t.Errorf("round %d, it is taken again: %s", round, got)
		}
	}
}
