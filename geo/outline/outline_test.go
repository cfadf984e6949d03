package outline_test

import (
	"testing"

	"boussole/geo"
	"boussole/geo/outline"
)

func TestNear(t *testing.T) {
	cases := []struct {
		name, departement string
		p                 geo.Point
		tolerance         geo.Meters
		want              bool
	}{
		{"Notre-Dame", "75", geo.Point{Lat: 48.853, Lon: 2.3499}, 0, true},
		{"Notre-Dame is not in the Rhône", "69", geo.Point{Lat: 48.853, Lon: 2.3499}, 2000, false},
		{"Ajaccio", "2A", geo.Point{Lat: 41.927, Lon: 8.737}, 0, true},
		{"Pointe-à-Pitre", "971", geo.Point{Lat: 16.2411, Lon: -61.5338}, 2000, true},
		{"Marigot", "978", geo.Point{Lat: 18.0668, Lon: -63.0849}, 0, true},
		{"Marigot is not in Guadeloupe", "971", geo.Point{Lat: 18.0668, Lon: -63.0849}, 2000, false},
		{"Saint-Denis", "974", geo.Point{Lat: -20.8789, Lon: 55.4481}, 2000, true},
		{"10 km off Biarritz", "64", geo.Point{Lat: 43.49, Lon: -1.69}, 2000, false},
		{"10 km off Biarritz, with 15 km of tolerance", "64", geo.Point{Lat: 43.49, Lon: -1.69}, 15000, true},
		{"Valréas, an enclave of Vaucluse", "84", geo.Point{Lat: 44.384, Lon: 4.99}, 0, true},
		{"Valréas is not in the Drôme around it", "26", geo.Point{Lat: 44.384, Lon: 4.99}, 0, false},
		{"nowhere", "00", geo.Point{Lat: 48, Lon: 2}, 1e6, false},
	}
	for _, c := range cases {
		if got := outline.Near(c.departement, c.p, c.tolerance); got != c.want {
			t.Errorf("%s: Near(%s, %v, %v) = %v", c.name, c.departement, c.p, c.tolerance, got)
		}
	}
	for _, code := range []string{"01", "2B", "976", "975"} {
		if !outline.Known(code) {
			t.Errorf("no outline of %s", code)
		}
	}
}
