package sae_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sae"
	"boussole/geo"
)

const (
	noteElsewhere  = "position more than 2 km from the département of the address, in another or at sea: kept, doubted"
	noteNoPosition = "no position in the file: placed at the commune's centre of the gazetteer"
	noteNowhere    = "no position in the file, and no commune with a centre: kept, unplaced"
	noteCommune    = "at the commune's centre in the file: kept, position quality commune"
	noteBadPoint   = "a position that is none: dropped"
	noteNoBeds     = "beds not told: kept, unknown"
	noteZeroBeds   = "no bed installed: kept, zero is what the file says"
	noteBadBeds    = "a number of beds that is none: dropped"
	noteMachines   = "a number of appliances: dropped, it is no capacity"
	notePrison     = "looks like a sensitive unit, but the file does not flag it: kept as it is"
	noteOverseas   = "département written 9A to 9F: read as 971 to 976"
)

// One line, whole, against the offer that it describes, whole.
func TestAService(t *testing.T) {
	offer, notes := one(t, change{"service_code": "MAT_TYPE3", "capacite": "12", "unite": "lits obstétrique"})
	edition := data.NewDate(2023, 12, 31)
	site := data.NewID("organization", "FINESS", first)
	legal := data.NewID("organization", "FINESS", second)
	want := &data.Offer{
		ID:              data.NewID("offer", "FINESS", first, "SAE", "MAT_TYPE3"),
		Identifiers:     []data.Identifier{{System: "SAE", Value: first + "-MAT_TYPE3"}},
		Name:            "Maternité de type 3",
		Type:            "R244|157",
		Field:           data.FieldMCO,
		Activities:      []data.Code{"R211|100"},
		CareModes:       []data.Code{"R213|28"},
		Characteristics: []data.Code{"SAE|MAT_TYPE3", "R253|04"},
		Places: []data.Place{{
			ID:      data.NewID("place", "FINESS", first),
			Address: data.Address{Commune: "01451", Departement: "01"},
			Point:   geo.Point{Lat: 46.222745, Lon: 5.208596}, Quality: data.AtStreet,
			Capacity: []data.Capacity{{
				Nature: data.Bed, Status: data.Installed, Temporality: data.Current, Number: 12,
				Source: data.Statistics, Updated: time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC),
			}},
		}},
		Organizations: []data.Organization{
			{ID: site, Kind: data.Establishment, Parent: legal, Name: "HOPITAL EXEMPLE", Identifiers: []data.Identifier{{System: "FINESS", Value: first}}},
			{ID: legal, Kind: data.LegalEntity, Identifiers: []data.Identifier{{System: "FINESS", Value: second}}},
		},
		Sources: []data.Provenance{{Source: "sae", Record: first + "-MAT_TYPE3", Date: edition}},
	}
	if !reflect.DeepEqual(offer, want) {
		t.Errorf("got  %+v\nwant %+v", offer, want)
	}
	checkNotes(t, "whole", notes)
}

func TestCapacities(t *testing.T) {
	beds, places := data.Bed, data.Seat
	cases := []struct {
		name, service, written string
		nature                 data.CapacityNature // unknown: no row
		want                   int
		notes                  []string
	}{
		{"beds", "MCO_MED", "20", beds, 20, nil},
		{"spaces around", "MCO_MED", " 20 ", beds, 20, nil},
		{"places at home", "HAD", "35", places, 35, nil},
		{"no bed", "MCO_MED", "0", beds, 0, []string{noteZeroBeds}},
		{"the greatest number", "MCO_MED", "65535", beds, 65_535, nil},
		{"a number that nobody has", "MCO_MED", "65536", 0, 0, []string{noteBadBeds}},
		{"fewer than none", "MCO_MED", "-1", 0, 0, []string{noteBadBeds}},
		{"half a bed", "MCO_MED", "12.5", 0, 0, []string{noteBadBeds}},
		{"in words", "MCO_MED", "douze", 0, 0, []string{noteBadBeds}},
		{"not told", "MCO_MED", "", 0, 0, []string{noteNoBeds}},
		{"appliances", "IMG_SCAN", "2", 0, 0, []string{noteMachines}},
		{"appliances not told", "IMG_SCAN", "", 0, 0, nil},
		{"emergencies have no beds", "URG_GEN", "", 0, 0, nil},
		{"a prison ward", "PSY_PEN", "9", beds, 9, []string{notePrison}},
	}
	for _, c := range cases {
		offer, notes := one(t, change{"service_code": c.service, "capacite": c.written})
		rows := offer.Places[0].Capacity
		switch {
		case c.nature == data.NatureUnknown:
			if len(rows) != 0 {
				t.Errorf("%s: %+v, want none", c.name, rows)
			}
		case len(rows) != 1 || rows[0].Nature != c.nature || rows[0].Number != c.want || rows[0].Status != data.Installed:
			t.Errorf("%s: %+v, want %d installed", c.name, rows, c.want)
		}
		if offer.Sensitive {
			t.Errorf("%s: sensitive, which the file does not say", c.name)
		}
		checkNotes(t, c.name, notes, c.notes...)
	}
}

func TestPositions(t *testing.T) {
	viriat, centre := geo.Point{Lat: 46.222745, Lon: 5.208596}, geo.Point{Lat: 46.251, Lon: 5.223}
	cases := []struct {
		name           string
		lat, lon, from string
		want           geo.Point
		quality        data.Quality
		notes          []string
	}{
		{"of the register", "46.222745", "5.208596", "finess-2021", viriat, data.AtStreet, nil},
		{"of the commune", "46.222745", "5.208596", "centroide-commune", viriat, data.AtCommune, []string{noteCommune}},
		{"from nobody knows where", "46.222745", "5.208596", "", viriat, data.AtCommune, []string{noteCommune}},
		{"rounded", "46.22274499999", "5.20859600001", "finess-2021", viriat, data.AtStreet, nil},
		{"none: the commune's centre", "", "", "", centre, data.AtCommune, []string{noteNoPosition}},
		{"none, a source all the same", "", "", "finess-2021", centre, data.AtCommune, []string{noteNoPosition}},
		{"a latitude without longitude", "46.222745", "", "finess-2021", geo.Point{}, data.Unplaced, []string{noteBadPoint}},
		{"a longitude without latitude", "", "5.208596", "finess-2021", geo.Point{}, data.Unplaced, []string{noteBadPoint}},
		{"not numbers", "nord", "est", "finess-2021", geo.Point{}, data.Unplaced, []string{noteBadPoint}},
		{"no number", "NaN", "NaN", "finess-2021", geo.Point{}, data.Unplaced, []string{noteBadPoint}},
		{"nowhere on Earth", "91", "5", "finess-2021", geo.Point{}, data.Unplaced, []string{noteBadPoint}},
		{"metres", "870215.7", "6571590.5", "finess-2021", geo.Point{}, data.Unplaced, []string{noteBadPoint}},
	}
	for _, c := range cases {
		offer, notes := one(t, change{"lat": c.lat, "lon": c.lon, "position_source": c.from})
		if p := offer.Places[0]; p.Point != c.want || p.Quality != c.quality || p.Doubted {
			t.Errorf("%s: %v, %s, doubted %v; want %v, %s", c.name, p.Point, p.Quality, p.Doubted, c.want, c.quality)
		}
		checkNotes(t, c.name, notes, c.notes...)
	}
}

// A commune without a centre, or that nobody knows, places nothing.
func TestNoPositionAndNoCentre(t *testing.T) {
	for _, commune := range []string{"98735", "01999", ""} {
		offer, notes := one(t, change{"lat": "", "lon": "", "insee_pip": commune})
		if offer.Places[0].Placed() || !slices.Contains(slices.Collect(maps.Keys(notes)), noteNowhere) {
			t.Errorf("in %q: %+v, %v", commune, offer.Places[0], notes)
		}
	}
}

func TestCommunes(t *testing.T) {
	cases := []struct {
		name, written, commune, departement string
		notes                               []string
	}{
		{"metropolitan", "01451", "01451", "01", nil},
		{"Corsica, far from the point", "2A004", "2A004", "2A", []string{noteElsewhere}},
		{"La Réunion, by FINESS", "9D411", "97411", "974", []string{noteOverseas, noteElsewhere}},
		{"La Réunion", "97411", "97411", "974", []string{noteElsewhere}},
		{"none, the département told", "", "", "01", nil},
		{"of no département, but it is told", "99999", "99999", "01", nil},
	}
	for _, c := range cases {
		offer, notes := one(t, change{"insee_pip": c.written})
		if a := offer.Places[0].Address; a.Commune != c.commune || a.Departement != c.departement {
			t.Errorf("%s: %q in %q, want %q in %q", c.name, a.Commune, a.Departement, c.commune, c.departement)
		}
		checkNotes(t, c.name, notes, c.notes...)
	}
}

func TestSites(t *testing.T) {
	for name, c := range map[string]struct {
		legal string
		kinds []data.OrganizationKind
	}{
		"with a legal entity":                {second, []data.OrganizationKind{data.Establishment, data.LegalEntity}},
		"no legal entity":                    {"", []data.OrganizationKind{data.Establishment}},
		"a legal entity with a wrong number": {wrong, []data.OrganizationKind{data.Establishment}},
	} {
		offer, _ := one(t, change{"finess_ej": c.legal})
		var kinds []data.OrganizationKind
		for _, g := range offer.Organizations {
			kinds = append(kinds, g.Kind)
		}
		if site, _ := offer.Site(); !slices.Equal(kinds, c.kinds) || (site.Parent != "") != (len(c.kinds) == 2) {
			t.Errorf("%s: %v, parent %q", name, kinds, site.Parent)
		}
	}
}

// Services of one site have one site and one place, and ids of their own.
func TestServicesShareTheirSite(t *testing.T) {
	r := read(t, file(header, line(), line(change{"service_code": "SMUR"}), line(change{"finess_et": second})))
	if len(r.offers) != 3 {
		t.Fatalf("%d offers, rejected %s", len(r.offers), r.rejects)
	}
	urgences, smur, other := r.offers[0], r.offers[1], r.offers[2]
	if urgences.ID == smur.ID || urgences.ID == other.ID || urgences.Name == smur.Name {
		t.Errorf("%s, %s, %s", urgences.ID, smur.ID, other.ID)
	}
	if urgences.Places[0].ID != smur.Places[0].ID || urgences.Organizations[0].ID != smur.Organizations[0].ID {
		t.Error("services of one site are at two")
	}
	if urgences.Places[0].ID == other.Places[0].ID || urgences.Organizations[0].ID == other.Organizations[0].ID {
		t.Error("services of two sites are at one")
	}
}

func TestDescribe(t *testing.T) {
	o, counts, ok := sae.Describe("SIUNV")
	if !ok || o.Name != "Soins intensifs neuro-vasculaires (USINV)" || counts != data.Bed ||
		!slices.Contains(o.Activities, "R211|356") || !slices.Contains(o.Characteristics, "SAE|SIUNV") {
		t.Errorf("%+v, %v, %v", o, counts, ok)
	}
	if _, _, ok := sae.Describe("NONE"); ok {
		t.Error("NONE is a service")
	}
}
