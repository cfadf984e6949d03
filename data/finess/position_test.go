package finess_test

import (
	"fmt"
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo"
)

const (
	noteNoPosition = "no coordinates: kept, unplaced"
	noteUnusable   = "coordinates that cannot be read, or fall outside the area of their system: kept, unplaced"
	noteNoSystem   = "no coordinate system named: that of the département taken"
	noteElsewhere  = "position more than 2 km from the département of the address, in another or at sea: kept, doubted"
	noteShared     = "position shared by three streets or more: taken for the commune's centre"
	noteOverseas   = "département written 9A to 9F: read as 971 to 976"
	noteNowhere    = "a département that does not exist: dropped"
)

var (
	viriat     = geo.Point{Lat: 46.222745, Lon: 5.208596}
	abymes     = geo.Point{Lat: 16.234072, Lon: -61.527664}
	cayenne    = geo.Point{Lat: 4.923644, Lon: -52.319787}
	saintPaul  = geo.Point{Lat: -20.976368, Lon: 55.298191}
	guadeloupe = change{"departement": "9A", "commune": "101"}
	guyane     = change{"departement": "9C", "commune": "302"}
	reunion    = change{"departement": "9D", "commune": "415"}
	rhone      = change{"departement": "69", "commune": "123"}
	nowhere    = change{"departement": ""}
)

func TestPositions(t *testing.T) {
	const zone20N = "2,ATLASANTE,.,.,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)"
	cases := []struct {
		name         string
		changes      change
		x, y, system string
		want         geo.Point
		quality      data.Quality
		doubted      bool
		notes        []string
	}{
		{"Lambert-93", nil, "870215.7", "6571590.5", lambert, viriat, data.AtBuilding, false, nil},
		{"spaces around", nil, " 870215.7", "6571590.5 ", lambert, viriat, data.AtBuilding, false, nil},
		{"the Antilles", guadeloupe, "657357.5", "1795392.7", zone20N, abymes, data.AtBuilding, false, []string{noteOverseas}},
		{"Guyane", guyane, "353666.2", "544368.7", "EPSG:2972 RGFG95/UTM zone 22N (Guyane)", cayenne, data.AtBuilding, false, []string{noteOverseas}},
		{"La Réunion", reunion, "323085.7", "7679527.0", "EPSG:2975 RGR92/UTM zone 40S (La Réunion)", saintPaul, data.AtBuilding, false, []string{noteOverseas}},
		{"a system without EPSG:", guadeloupe, "657357.5", "1795392.7", "1,IGN,100,UTM_N20", abymes, data.AtBuilding, false, []string{noteOverseas}},
		{"a system without EPSG:, metropolitan", nil, "870215.7", "6571590.5", "1,IGN,100,LAMBERT_93", viriat, data.AtBuilding, false, nil},
		{"no system", nil, "870215.7", "6571590.5", "", viriat, data.AtBuilding, false, []string{noteNoSystem}},
		{"no system in Guadeloupe", guadeloupe, "657357.5", "1795392.7", "", abymes, data.AtBuilding, false, []string{noteNoSystem, noteOverseas}},
		{"an unknown system in Guyane", guyane, "353666.2", "544368.7", "EPSG:9999", cayenne, data.AtBuilding, false, []string{noteNoSystem, noteOverseas}},
		{"no system, no département", nowhere, "870215.7", "6571590.5", "", viriat, data.AtBuilding, false, []string{noteNoSystem, noteNowhere}},

		{"no coordinates", nil, "", "", lambert, geo.Point{}, data.Unplaced, false, []string{noteNoPosition}},
		{"blank coordinates", nil, " ", "", "", geo.Point{}, data.Unplaced, false, []string{noteNoPosition}},
		{"only one coordinate", nil, "870215.7", "", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"not numbers", nil, "inconnu", "inconnu", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"not numbers, no system", nil, "inconnu", "inconnu", "", geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"commas", nil, "870215,7", "6571590,5", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"not a number", nil, "NaN", "NaN", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"infinite", nil, "Inf", "6571590.5", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"too large", nil, "1e400", "6571590.5", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"zero", nil, "0", "0", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"exchanged", nil, "6571590.5", "870215.7", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"degrees", nil, "5.208596", "46.222745", lambert, geo.Point{}, data.Unplaced, false, []string{noteUnusable}},
		{"Lambert-93 said to be UTM 20N", guadeloupe, "870215.7", "6571590.5", zone20N, geo.Point{}, data.Unplaced, false, []string{noteOverseas, noteUnusable}},
		{"UTM 20N said to be Lambert-93", guadeloupe, "657357.5", "1795392.7", lambert, geo.Point{}, data.Unplaced, false, []string{noteOverseas, noteUnusable}},

		{"in another département", rhone, "870215.7", "6571590.5", lambert, viriat, data.AtBuilding, true, []string{noteElsewhere}},
		{"at sea", nil, "170000", "6400000", lambert, geo.Point{Lat: 44.5, Lon: -3.67}, data.AtBuilding, true, []string{noteElsewhere}},
		{"of a département that is not known", nowhere, "870215.7", "6571590.5", lambert, viriat, data.AtBuilding, false, []string{noteNowhere}},

		{"a street without a number", change{"numvoie": ""}, "870215.7", "6571590.5", lambert, viriat, data.AtStreet, false, nil},
		{"no street", change{"numvoie": "", "voie": ""}, "870215.7", "6571590.5", lambert, viriat, data.AtCommune, false, nil},
		{"a number without a street", change{"voie": ""}, "870215.7", "6571590.5", lambert, viriat, data.AtCommune, false, nil},
	}
	for _, c := range cases {
		offer, books := one(t, c.changes, position(first, c.x, c.y, c.system))
		p := offer.Places[0]
		if p.Quality != c.quality || p.Doubted != c.doubted {
			t.Errorf("%s: quality %s, doubted %v; want %s, %v", c.name, p.Quality, p.Doubted, c.quality, c.doubted)
		}
		near := geo.Meters(0.5)
		if c.name == "at sea" {
			near = 1000 // in the Bay of Biscay
		}
		if d := geo.Distance(p.Point, c.want); d > near || p.Point != p.Point.Rounded() {
			t.Errorf("%s: at %v, %.1f m from %v", c.name, p.Point, d, c.want)
		}
		checkNotes(t, c.name, books, c.notes...)
	}
}

// Saint-Martin and Saint-Barthélemy stand in Guadeloupe for FINESS: a position
// there is no reason to doubt.
func TestSaintMartinIsInGuadeloupe(t *testing.T) {
	for name, xy := range map[string][2]string{"Saint-Martin": {"491037.0", "1997605.0"}, "Saint-Barthélemy": {"515948.0", "1978980.0"}} {
		offer, books := one(t, change{"departement": "9A", "commune": ""}, position(first, xy[0], xy[1], "EPSG:5490"))
		if p := offer.Places[0]; !p.Placed() || p.Doubted {
			t.Errorf("%s: placed %v, doubted %v", name, p.Placed(), p.Doubted)
		}
		checkNotes(t, name, books, "no commune: kept", noteOverseas)
	}
}

// Three streets at one point show that a geocoder fell back on the commune.
func TestSharedPosition(t *testing.T) {
	cases := []struct {
		name    string
		streets []string
		want    data.Quality
		shared  int
	}{
		{"one", []string{"UNE"}, data.AtBuilding, 0},
		{"three at one street", []string{"UNE", "UNE", "UNE"}, data.AtBuilding, 0},
		{"two streets", []string{"UNE", "DEUX", "UNE", "DEUX"}, data.AtBuilding, 0},
		{"three streets", []string{"UNE", "DEUX", "TROIS"}, data.AtCommune, 3},
		{"three streets and more", []string{"UNE", "UNE", "DEUX", "TROIS", "QUATRE"}, data.AtCommune, 5},
	}
	for _, c := range cases {
		lines := []string{header}
		for i, street := range c.streets {
			lines = append(lines, structure(numbered(i), change{"voie": street}))
		}
		for i := range c.streets {
			lines = append(lines, atViriat(numbered(i)))
		}
		lines = append(lines, structure(first, change{"voie": "AILLEURS"}), position(first, "870300", "6571600", lambert))
		r := read(t, file(t, lines...))
		for i, o := range r.offers {
			want := c.want
			if i == len(c.streets) {
				want = data.AtBuilding // the one that stands by itself
			}
			if got := o.Places[0].Quality; got != want {
				t.Errorf("%s: number %d is known to the %s, want %s", c.name, i, got, want)
			}
		}
		if len(r.offers) != len(c.streets)+1 {
			t.Errorf("%s: %d offers", c.name, len(r.offers))
		}
		checkNotes(t, c.name, r.books, slices.Repeat([]string{noteShared}, c.shared)...)
	}
}

// numbered returns the i-th made-up FINESS number, with its key.
func numbered(i int) string {
	for key := range 10 {
		if number := fmt.Sprintf("990%05d%d", i, key); data.ValidFINESS(number) {
			return number
		}
	}
	panic("no key")
}
