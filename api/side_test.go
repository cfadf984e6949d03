package api

import (
	"testing"

	"boussole/geo"
)

// From an island whose stroke unit is on the mainland the emergency department of the
// island is told too, with what had to be relaxed for it, to those who may know of it;
// and a replay says the same.
func TestThisSideIsTold(t *testing.T) {
	offers := strokes()
	ward, unit := &offers[0], &offers[2]
	ward.Places[0].Point = geo.Point{Lat: 47.347, Lon: -3.157} // Le Palais, Belle-Île
	unit.Places[0].Point = geo.Point{Lat: 47.665, Lon: -2.75}  // Vannes
	ward.Sensitive = true
	h := letsGo(t, serverOver(t, offers))
	body := `{"lat":47.34,"lon":-3.15,"limit":1,"need":"stroke","age":70}`

	if a := orientation0(t, h, body); chosen(a) != "unit" || a.ThisSide != nil {
		t.Errorf("to the public: %q, %+v", chosen(a), a.ThisSide)
	}
	w := post(h, "/v1/orientations", body, '1')
	a := decode[orientationAnswer](t, w)
	side := a.ThisSide
	if chosen(a) != "unit" || len(a.Relaxed) > 0 || a.Emergency || side == nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if len(side.Results) != 1 || side.Results[0].Offer.ID != "near" || len(side.Relaxed) != 2 || !side.Emergency || side.Results[0].Text.French == "" {
		t.Errorf("on this side: %+v", side)
	}
	if again := post(h, "/v1/replay", `{"basis":"`+a.Basis+`"}`, '1'); again.Body.String() != w.Body.String() {
		t.Errorf("a replay says\n%s\nand not\n%s", again.Body, w.Body)
	}
}
