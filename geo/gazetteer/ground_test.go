package gazetteer_test

import (
	"testing"

	"boussole/geo"
	"boussole/geo/gazetteer"
)

func TestGroundAt(t *testing.T) {
	for name, c := range map[string]struct {
		p      geo.Point
		factor float64
		doubt  geo.Doubt
	}{
		"Nice":           {geo.Point{Lat: 43.703, Lon: 7.266}, 1.584, geo.DoubtMountains},
		"La Rochelle":    {geo.Point{Lat: 46.16, Lon: -1.151}, 0.892, 0},
		"Ajaccio":        {geo.Point{Lat: 41.927, Lon: 8.737}, 1.373, geo.DoubtMountains | geo.DoubtIsland},
		"Cayenne":        {geo.Point{Lat: 4.937, Lon: -52.326}, 0.861, geo.DoubtFewRoads},
		"Mamoudzou":      {geo.Point{Lat: -12.78, Lon: 45.228}, 1.122, geo.DoubtIsland},
		"Paris":          {geo.Point{Lat: 48.853, Lon: 2.3499}, 0, 0},
		"Matâ Utu":       {geo.Point{Lat: -13.28, Lon: -176.17}, 0, 0},
		"far off in sea": {geo.Point{Lat: 48.5, Lon: -8}, 0, 0},
	} {
		got := gazetteer.GroundAt(c.p)
		if got.Factor != c.factor || got.Doubt != c.doubt {
			t.Errorf("%s: %+v, want a factor of %v and a doubt of %v", name, got, c.factor, c.doubt.Names())
		}
	}
}

// Every factor is one that Straight believes, and where the line is said to be
// poor for mountains, the minutes say so too.
func TestGroundIsMeasured(t *testing.T) {
	placed, measured, mountains := 0, 0, 0
	gazetteer.All(func(c gazetteer.Commune) bool {
		if !c.Placed {
			return true
		}
		placed++
		g := gazetteer.GroundAt(c.Centre)
		if g.Factor != 0 {
			measured++
			if g.Factor < 0.85 || g.Factor > 1.6 || g.Low < 0.3 || g.Low > g.Factor || g.High < g.Factor || g.High > 3 {
				t.Errorf("%s %s: %+v", c.Code, c.Name, g)
			}
		}
		if g.Doubt&geo.DoubtMountains != 0 {
			mountains++
			if g.High/g.Low < 1.5 {
				t.Errorf("%s %s: mountains, and a spread of %v to %v only", c.Code, c.Name, g.Low, g.High)
			}
		}
		return !t.Failed()
	})
	if measured < placed*99/100 || mountains < placed/4 || mountains > placed/2 {
		t.Errorf("%d centres, of which %d with a factor and %d in mountains", placed, measured, mountains)
	}
}
