package ranking_test

import (
	"fmt"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// From an island whose stroke unit is on the mainland: the unit is the answer, and
// the emergency department of the island is told beside it.
func TestThisSideOfTheWater(t *testing.T) {
	island, mainland := geo.Point{Lat: 47.347, Lon: -3.157}, geo.Point{Lat: 47.665, Lon: -2.75} // Le Palais, Vannes
	standing := func(p geo.Point) func(*data.Offer) { return func(o *data.Offer) { o.Places[0].Point = p } }
	unit := func(p geo.Point) data.Offer { return at("unit", 0, carrying("R211|356"), standing(p)) }
	ward := func(id string, p geo.Point) data.Offer { return at(id, 0, emergencies, standing(p)) }
	vascular := at("vascular", 0, carrying("R211|098"), standing(island))

	// At the mouth of the Gironde the nearest town is across.
	verdon, royan, lesparre := geo.Point{Lat: 45.545, Lon: -1.06}, geo.Point{Lat: 45.627, Lon: -1.03}, geo.Point{Lat: 45.307, Lon: -0.938}
	unit2 := at("unit2", 0, carrying("R211|356"), standing(lesparre))
	one := func(q *ranking.Question) { q.Limit = 1 }

	stroke := ranking.Case{Need: needNamed(t, "stroke"), Patient: needs.Patient{Age: years(70)}}
	for _, c := range []struct {
		name   string
		offers []data.Offer
		from   geo.Point
		timer  geo.TravelTimer
		change func(*ranking.Question)
		want   string
	}{
		{"an emergency department", []data.Offer{unit(mainland), ward("here", island), ward("there", mainland)}, island, nil, nil, "unit; here after 2 true false"},
		{"a nearer rung", []data.Offer{unit(mainland), ward("here", island), vascular}, island, nil, nil, "unit; vascular after 1 false false"},
		{"beyond a limit", []data.Offer{unit(mainland), ward("here", island)}, island, nil, func(q *ranking.Question) { q.Query.Departements = []string{"75"} }, "unit; here after 2 true true"},
		{"none on this side", []data.Offer{unit(mainland), ward("there", mainland)}, island, nil, nil, "unit"},
		{"none that is not excluded", []data.Offer{unit(mainland), ward("here", island)}, island, nil, func(q *ranking.Question) { q.Excluded = []data.ID{"here"} }, "unit"},
		{"the unit is on this side", []data.Offer{unit(island), ward("here", island)}, island, nil, nil, "unit"},
		{"no water between", []data.Offer{unit(mainland), ward("here", mainland)}, geo.Point{Lat: 47.66, Lon: -2.5}, nil, nil, "unit"},
		{"one of two on this side", []data.Offer{ward("here", island), ward("there", mainland)}, island, nil, nil, "here there"},
		{"whoever flies does not mind", []data.Offer{unit(mainland), ward("here", island)}, island, geo.Helicopter(), nil, "unit"},
		{"a router knows the way", []data.Offer{unit(mainland), ward("here", island)}, island, slow{12}, nil, "unit"},
		{"one kept, and cheaper across", []data.Offer{unit(royan), ward("there", royan), ward("here", lesparre)}, verdon, nil, one, "unit; here after 2 true false"},
		{"one kept, and nothing relaxed on this side", []data.Offer{unit(royan), unit2, ward("here", lesparre)}, verdon, nil, one, "unit; unit2 after 0 false false"},
	} {
		q := ranking.Question{Query: index.Query{Near: c.from, At: noon}, Limit: 2}
		if c.change != nil {
			c.change(&q)
		}
		got := serve(t, ranking.Finder{Timer: c.timer}, c.offers, stroke, q)
		said := ids(got.Choices)
		if s := got.ThisSide; s != nil {
			said += fmt.Sprint("; ", ids(s.Choices), " after ", len(s.Relaxed.Steps), " ", s.Relaxed.Emergency, " ", s.Relaxed.Limits)
		}
		if said != c.want {
			t.Errorf("%s: %s, want %s", c.name, said, c.want)
		}
	}
}

func ids(choices []ranking.Choice) (text string) {
	for i, c := range choices {
		if i > 0 {
			text += " "
		}
		text += string(c.ID)
	}
	return text
}
