package geo_test

import (
	"slices"
	"testing"

	"boussole/geo"
)

func TestDoubtNames(t *testing.T) {
	for d, want := range map[geo.Doubt][]string{
		0:                 nil,
		geo.DoubtDegraded: {"degraded"},
		geo.DoubtWater | geo.DoubtMountains | geo.DoubtFar: {"mountains", "far", "crosses_water"},
		1<<7 | geo.DoubtUntold:                             {"untold"}, // a reason to come has no name yet
	} {
		if got := d.Names(); !slices.Equal(got, want) {
			t.Errorf("%b: %q, want %q", d, got, want)
		}
	}
}
