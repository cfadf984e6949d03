package api

import (
	"fmt"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// A part of two legs names the record on which it rests: the wait at a door that of
// its hospital, the figures those who gave them.
func TestSourcesOfTwoLegs(t *testing.T) {
	offers := strokes()[2:]
	for i := range offers {
		o := &offers[i]
		o.Sources = []data.Provenance{{Source: "source of " + string(o.ID)}}
		o.Updated = data.NewDate(2026, 3, 1+i)
		o.Ages = data.AgeRange{}
	}
	view := serverOver(t, offers).Guard.As(data.Viewer{})
	defer view.Close()
	stop := func(id string) *ranking.Choice {
		hit, _, err := view.Check(id, index.Query{Near: geo.Point{Lat: 44.51, Lon: 3.5}})
		if err != nil {
			t.Fatal(err)
		}
		way, wait := ranking.Part{Reason: ranking.OnTheWay, Time: time.Hour}, ranking.Part{Reason: ranking.Closed, Time: time.Minute}
		return &ranking.Choice{Hit: hit, Parts: []ranking.Part{way, wait}}
	}
	first, centre := stop("children"), stop("unit")
	until := func(parts ...ranking.Part) ranking.Total { return ranking.Total{Parts: append(parts[:0:0], parts...)} }
	needle, out := ranking.Part{Reason: ranking.DoorToNeedle, Time: time.Hour}, ranking.Part{Reason: ranking.DoorInDoorOut, Time: time.Hour}
	route := &ranking.Route{
		First: first, Centre: centre, Treatment: until(first.Parts[0], first.Parts[1], needle),
		AtCentre: until(first.Parts[0], first.Parts[1], out, centre.Parts[0], centre.Parts[1]),
	}
	said, err := newTwoLegs(view, &ranking.TwoLegs{
		Direct:  ranking.Route{Centre: centre, AtCentre: until(centre.Parts...)},
		Treated: route, Transferred: route, Mode: "car",
		Figures: needs.Legs{Needle: needs.Figure{Time: time.Hour, Source: "needle"}, Out: needs.Figure{Time: time.Hour, Source: "out"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for want, total := range map[string]*totalAnswer{
		"travel  , closed source of unit 2026-03-01,":                                                                        said.Direct.AtCentre,
		"travel  , closed source of children 2026-03-02, door-to-needle needle ,":                                            said.Treated.Treatment,
		"travel  , closed source of children 2026-03-02, door-in-door-out out , travel  , closed source of unit 2026-03-01,": said.Transferred.AtCentre,
	} {
		got := ""
		for _, p := range total.Parts {
			got += fmt.Sprintf(" %s %s %.10s,", p.Reason, p.Source, p.AsOf)
		}
		if got != " "+want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
