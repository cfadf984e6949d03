package index

import (
	"context"
	"testing"

	"boussole/data"
	"boussole/geo"
)

// One bed is free, for a woman, which only some may know: who asks for more of it than
// that one is told of the entry does not get it, wherever it is looked for.
func TestOneFreeBed(t *testing.T) {
	here := geo.Point{Lat: 45, Lon: 3}
	g, err := New(data.Memory{{
		ID: data.NewID("ward"), Field: data.FieldMCO,
		Places: []data.Place{{Quality: data.AtStreet, Point: here, Capacity: []data.Capacity{
			{Status: data.Available, Temporality: data.Current, Number: 1, Sex: data.Women},
		}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	guard := NewGuard(g)
	for _, c := range []struct {
		profile data.Profile
		beds    Beds
		want    int
	}{
		{allRights, Beds{}, 1},
		{2, Beds{}, 1},
		{0, Beds{}, 0},
		{4, Beds{Sex: data.Women}, 1},
		{allRights, Beds{Sex: data.Women}, 1},
		{allRights, Beds{Sex: data.Men}, 0},
		{allRights, Beds{AtLeast: 1}, 1},
		{allRights, Beds{AtLeast: 2}, 0},
		{allRights, Beds{Status: data.Installed}, 0},
	} {
		view := guard.As(data.Viewer{Profile: c.profile})
		c.beds.Rule = RuleYes
		q := Query{Near: here, Beds: c.beds}
		ring, err := view.Nearest(context.Background(), q, 2)
		if err != nil || len(ring.Hits) != c.want || view.Count(q) != c.want {
			t.Errorf("profile %d, %+v: %d found, %d counted, %v; want %d", c.profile, c.beds, len(ring.Hits), view.Count(q), err, c.want)
		}
		view.Close()
	}
}
