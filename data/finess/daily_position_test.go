package finess_test

import (
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
)

// In Guyane alone a northing and an easting may stand for each other.
var (
	camopi = geo.Point{Lat: 2.531110764, Lon: -53.338169808} // easting 240000, northing 280000
	other  = geo.Point{Lat: 2.170043470, Lon: -52.978097255} // the other way
	wallis = geo.Point{Lat: -13.2825, Lon: -176.1749}
)

func TestDailyPositions(t *testing.T) {
	const in = "adresse[0].cogCommune"
	cases := []struct {
		name                      string
		commune                   string
		x, y, latitude, longitude string
		want                      geo.Point
		quality                   data.Quality
		doubted                   bool
		notes                     []string
	}{
		{"as published", "01451", "6571590.5", "870215.7", "46.222745", "5.208596", viriat, data.AtBuilding, false, nil},
		{"padded", "01451", " 6571590.5", "870215.7  ", "46.222745 ", "5.208596", viriat, data.AtBuilding, false, []string{noteSpaces}},
		{"the pairs exchanged", "01451", "5.208596", "46.222745", "6571590.5", "870215.7", viriat, data.AtBuilding, false, []string{noteExchanged}},
		{"the metres the other way", "01451", "870215.7", "6571590.5", "46.222745", "5.208596", viriat, data.AtBuilding, false, []string{noteOrder}},
		{"the degrees the other way", "01451", "6571590.5", "870215.7", "5.208596", "46.222745", viriat, data.AtBuilding, false, []string{noteOrder}},
		{"all the other way", "01451", "46.222745", "5.208596", "870215.7", "6571590.5", viriat, data.AtBuilding, false, []string{noteExchanged, noteOrder}},
		{"degrees twice", "01451", "5.208596", "46.222745", "46.222745", "5.208596", viriat, data.AtBuilding, false, nil},
		{"metres twice", "01451", "6571590.5", "870215.7", "6571590.5", "870215.7", viriat, data.AtBuilding, false, nil},

		{"the Antilles", "97101", "1795392.7", "657357.5", "16.234072", "-61.527664", abymes, data.AtBuilding, false, nil},
		{"Guyane", "97302", "544368.7", "353666.2", "4.923644", "-52.319787", cayenne, data.AtBuilding, false, nil},
		{"La Réunion", "97415", "7679527.0", "323085.7", "-20.976368", "55.298191", saintPaul, data.AtBuilding, false, nil},
		{"La Réunion, the pairs exchanged", "97415", "55.298191", "-20.976368", "7679527.0", "323085.7", saintPaul, data.AtBuilding, false, []string{noteExchanged}},
		{"Wallis, whose metres nobody knows", "98612", "8530000", "300000", "-13.2825", "-176.1749", wallis, data.AtBuilding, false, []string{noteOnePair}},

		{"only degrees", "01451", "", "", "46.222745", "5.208596", viriat, data.AtBuilding, false, nil},
		{"only degrees, in X and Y", "01451", "5.208596", "46.222745", "", "", viriat, data.AtBuilding, false, []string{noteExchanged}},
		{"only degrees, the other way", "01451", "", "", "5.208596", "46.222745", viriat, data.AtBuilding, false, []string{noteOrder}},
		{"only metres", "01451", "6571590.5", "870215.7", "", "", viriat, data.AtBuilding, false, nil},
		{"only metres, the other way", "01451", "870215.7", "6571590.5", "", "", viriat, data.AtBuilding, false, []string{noteOrder}},
		{"only metres, as latitude and longitude", "01451", "", "", "6571590.5", "870215.7", viriat, data.AtBuilding, false, nil},
		{"only metres, overseas", "97415", "7679527.0", "323085.7", "", "", saintPaul, data.AtBuilding, false, nil},

		{"metres of Guyane either way, and degrees", "97356", "280000", "240000", "2.531111", "-53.338170", camopi, data.AtBuilding, false, nil},
		{"metres of Guyane either way, and degrees of the other", "97356", "280000", "240000", "2.170043", "-52.978097", other, data.AtBuilding, false, []string{noteOrder}},
		{"metres of Guyane either way, alone", "97356", "280000", "240000", "", "", camopi, data.AtBuilding, true, []string{noteTwoOrders}},

		{"degrees a little off", "01451", "6571590.5", "870215.7", "46.2231", "5.2086", geo.Point{Lat: 46.2231, Lon: 5.2086}, data.AtBuilding, false, nil},
		{"degrees off, in the département", "01451", "6571590.5", "870215.7", "46.2300", "5.2086", geo.Point{Lat: 46.23, Lon: 5.2086}, data.AtBuilding, true, []string{noteTwoPlaces}},
		{"degrees in another département", "01451", "6571590.5", "870215.7", "48.852968", "2.349902", viriat, data.AtBuilding, false, []string{noteDisagree}},
		{"metres in another département", "01451", "6861000", "652000", "46.222745", "5.208596", viriat, data.AtBuilding, false, []string{noteDisagree}},
		{"both in two other départements", "69123", "6571590.5", "870215.7", "48.852968", "2.349902", geo.Point{Lat: 48.852968, Lon: 2.349902}, data.AtBuilding, true, []string{noteTwoPlaces, noteElsewhere}},
		{"both in one other département", "69123", "6571590.5", "870215.7", "46.222745", "5.208596", viriat, data.AtBuilding, true, []string{noteElsewhere}},
		{"only metres, in neither order in the département", "69123", "6571590.5", "870215.7", "", "", viriat, data.AtBuilding, true, []string{noteElsewhere}},
		{"metres of the mainland overseas", "97415", "6571590.5", "870215.7", "", "", centre("97415"), data.AtCommune, false, []string{noteLeftOut, noteAtCentre}},
		{"metres of the mainland overseas, and degrees", "97415", "6571590.5", "870215.7", "-20.976368", "55.298191", saintPaul, data.AtBuilding, false, []string{noteOnePair}},
		{"no commune", "", "6571590.5", "870215.7", "46.222745", "5.208596", viriat, data.AtBuilding, false, []string{noteNoCommuneText}},
		{"no commune, overseas", "", "7679527.0", "323085.7", "-20.976368", "55.298191", saintPaul, data.AtBuilding, false, []string{noteNoCommuneText, noteOnePair}},

		{"none", "01451", "", "", "", "", centre("01451"), data.AtCommune, false, []string{noteAtCentre}},
		{"blank", "01451", " ", " ", "", "", centre("01451"), data.AtCommune, false, []string{noteAtCentre}},
		{"null island", "01451", "0", "0", "0", "0", centre("01451"), data.AtCommune, false, []string{noteLeftOut, noteAtCentre}},
		{"null island in metres, and degrees", "01451", "0", "0", "46.222745", "5.208596", viriat, data.AtBuilding, false, []string{noteOnePair}},
		{"not numbers", "01451", "inconnu", "inconnu", "N", "E", centre("01451"), data.AtCommune, false, []string{noteLeftOut, noteAtCentre}},
		{"letters for directions", "01451", "5.208596", "46.222745", "N", "E", viriat, data.AtBuilding, false, []string{noteExchanged, noteOnePair}},
		{"commas", "01451", "6571590,5", "870215,7", "46,222745", "5,208596", centre("01451"), data.AtCommune, false, []string{noteLeftOut, noteAtCentre}},
		{"half a pair", "01451", "6571590.5", "", "", "", centre("01451"), data.AtCommune, false, []string{noteLeftOut, noteAtCentre}},
		{"not a number, and degrees", "01451", "NaN", "Inf", "46.222745", "5.208596", viriat, data.AtBuilding, false, []string{noteOnePair}},
		{"degrees and metres in one pair", "01451", "46.222745", "870215.7", "", "", centre("01451"), data.AtCommune, false, []string{noteLeftOut, noteAtCentre}},
		{"none, and a commune that the gazetteer does not know", "01999", "", "", "", "", geo.Point{}, data.Unplaced, false, []string{noteNoPosition}},
		{"not numbers, and no commune", "", "inconnu", "inconnu", "N", "E", geo.Point{}, data.Unplaced, false, []string{noteNoCommuneText, noteLeftOut, noteNoPosition}},
		{"none, in an arrondissement", "75113", "", "", "", "", centre("75113"), data.AtCommune, false, []string{noteAtCentre}},
		{"at sea", "01451", "", "", "44.5", "-3.67", geo.Point{Lat: 44.5, Lon: -3.67}, data.AtBuilding, true, []string{noteElsewhere}},
		{"abroad", "01451", "", "", "19.4", "-99.1", centre("01451"), data.AtCommune, false, []string{noteLeftOut, noteAtCentre}},
	}
	if arrondissement := centre("75113"); geo.Distance(arrondissement, geo.Point{Lat: 48.8283, Lon: 2.3622}) > 2000 {
		t.Errorf("the thirteenth arrondissement at %v", arrondissement)
	}
	for _, c := range cases {
		offer, books := oneDaily(t, changes{in: c.commune, "adresse[0].coordonneesGeographique": coordinates(c.x, c.y, c.latitude, c.longitude)})
		p := offer.Places[0]
		if p.Quality != c.quality || p.Doubted != c.doubted {
			t.Errorf("%s: quality %s, doubted %v; want %s, %v", c.name, p.Quality, p.Doubted, c.quality, c.doubted)
		}
		if d := geo.Distance(p.Point, c.want); d > 0.5 || p.Point != p.Point.Rounded() {
			t.Errorf("%s: at %v, %.1f m from %v", c.name, p.Point, d, c.want)
		}
		checkNotes(t, c.name, books, c.notes...)
	}
}

func centre(commune string) geo.Point {
	known, ok := gazetteer.ByCode(commune)
	if !ok || !known.Placed {
		panic(commune + " has no centre")
	}
	return known.Centre
}

// The coordinates may stand in the address itself, be numbers, or not be there.
func TestShapesOfDailyCoordinates(t *testing.T) {
	cases := []struct {
		name    string
		changes changes
		want    data.Quality
		notes   []string
	}{
		{"in the address", changes{"adresse[0].coordonneesGeographique": none, "adresse[0].directionLatitude": "46.222745", "adresse[0].directionLongitude": "5.208596"}, data.AtBuilding, nil},
		{"numbers", changes{"adresse[0].coordonneesGeographique": object{"directionLatitude": 46.222745, "directionLongitude": 5.208596}}, data.AtBuilding, []string{noteNotText, noteNotText}},
		{"null", changes{"adresse[0].coordonneesGeographique": null}, data.AtCommune, []string{noteAtCentre}},
		{"absent", changes{"adresse[0].coordonneesGeographique": none}, data.AtCommune, []string{noteAtCentre}},
		{"empty", changes{"adresse[0].coordonneesGeographique": object{}}, data.AtCommune, []string{noteAtCentre}},
	}
	for _, c := range cases {
		offer, books := oneDaily(t, c.changes)
		if got := offer.Places[0].Quality; got != c.want {
			t.Errorf("%s: known to the %s, want %s", c.name, got, c.want)
		}
		checkNotes(t, c.name, books, c.notes...)
	}
}

// How exactly a position is known: by the key of the national address base, or
// else by the address; a score that is low says that nothing was found.
func TestDailyPrecision(t *testing.T) {
	const key, score = "adresse[0].coordonneesGeographique.cleInInteropBAN", "adresse[0].coordonneesGeographique.scoreBAN"
	cases := []struct {
		name    string
		changes changes
		want    data.Quality
		notes   []string
	}{
		{"an address with a number", nil, data.AtBuilding, nil},
		{"a street", changes{"adresse[0].numeroVoie": none}, data.AtStreet, nil},
		{"no street", changes{"adresse[0].numeroVoie": none, "adresse[0].libelleVoie": none}, data.AtCommune, nil},
		{"the key of a number", changes{key: "01451_1950_00062"}, data.AtBuilding, nil},
		{"the key of a number bis", changes{key: "01451_1950_00062_bis"}, data.AtBuilding, nil},
		{"the key of a number, no number in the address", changes{key: "01451_1950_00062", "adresse[0].numeroVoie": none}, data.AtBuilding, nil},
		{"the key of a street", changes{key: "01451_1950"}, data.AtStreet, nil},
		{"the key of a commune", changes{key: "01451"}, data.AtCommune, nil},
		{"a key that is none", changes{key: "145_1950_00062"}, data.AtBuilding, []string{noteKey}},
		{"a key that is none, and no number", changes{key: "?", "adresse[0].numeroVoie": none}, data.AtStreet, []string{noteKey}},
		{"a high score", changes{score: "0.9723536363636361"}, data.AtBuilding, nil},
		{"a score that just will do", changes{score: "0.5"}, data.AtBuilding, nil},
		{"a low score", changes{score: "0.4999"}, data.AtCommune, []string{noteScore}},
		{"a low score and the key of a number", changes{score: "0.42", key: "01451_1950_00062"}, data.AtCommune, []string{noteScore}},
		{"a score that is none", changes{score: "bon"}, data.AtBuilding, nil},
	}
	for _, c := range cases {
		offer, books := oneDaily(t, c.changes)
		if got := offer.Places[0].Quality; got != c.want {
			t.Errorf("%s: known to the %s, want %s", c.name, got, c.want)
		}
		checkNotes(t, c.name, books, c.notes...)
	}
}
