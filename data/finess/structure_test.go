package finess_test

import (
	"reflect"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/geo"
)

// One line, whole, against the offer that it describes, whole.
func TestAnEstablishment(t *testing.T) {
	offer, books := one(t, change{
		"nofinessej": second, "rslongue": "ÉTABLISSEMENT D'EXEMPLE À CÔTÉ", "complrs": "SITE É", "compldistrib": "BAT A",
		"numvoie": "12", "compvoie": "ALLÉE", "lieuditbp": "BP 139", "telephone": "0199000000", "telecopie": "0199000001",
		"libcategetab": "Centre Hospitalier (C.H.)", "categagretab": "1102", "siret": "26010004500012", "codeape": "8610Z",
		"codemft": "03", "codesph": "1", "dateouv": "1979-02-13", "maj": "2020-02-04",
	}, atViriat(first))
	edition := data.NewDate(2021, 1, 8)
	updated := data.NewDate(2020, 2, 4)
	site := data.NewID("organization", "FINESS", first)
	legal := data.NewID("organization", "FINESS", second)
	want := &data.Offer{
		ID:          data.NewID("offer", "FINESS", first),
		Identifiers: []data.Identifier{{System: "FINESS", Value: first}},
		Name:        "ÉTABLISSEMENT D'EXEMPLE À CÔTÉ",
		Category:    "R66|355",
		Places: []data.Place{{
			ID: data.NewID("place", "FINESS", first),
			Address: data.Address{
				CareOf: "BAT A", Number: "12", StreetType: "RTE", Street: "DE L'EXEMPLE", Complement: "ALLÉE", Locality: "BP 139",
				Postcode: "01440", City: "VIRIAT", Commune: "01451", Departement: "01",
			},
			Point: offer.Places[0].Point, Quality: data.AtBuilding,
		}},
		Organizations: []data.Organization{{
			ID: site, Kind: data.Establishment, Parent: legal,
			Identifiers: []data.Identifier{{System: "FINESS", Value: first}, {System: "SIRET", Value: "26010004500012"}},
			Name:        "ÉTABLISSEMENT D'EXEMPLE À CÔTÉ", Complement: "SITE É",
			Category: "R66|355", CategoryLabel: "Centre Hospitalier (C.H.)", Aggregate: "R69|1102",
			PublicService: "SPH|1", Tariff: "MFT|03", APE: "8610Z", Opened: data.NewDate(1979, 2, 13), Updated: updated,
			Telecoms: []data.Telecom{
				{Channel: data.Phone, Value: "+33199000000", Level: data.LevelFree},
				{Channel: data.Fax, Value: "+33199000001", Level: data.LevelFree},
			},
		}, {
			ID: legal, Kind: data.LegalEntity, Identifiers: []data.Identifier{{System: "FINESS", Value: second}},
		}},
		Updated: updated,
		Sources: []data.Provenance{{Source: "finess", Record: first, Date: edition}},
	}
	if !reflect.DeepEqual(offer, want) {
		t.Errorf("got  %+v\nwant %+v", offer, want)
	}
	if d := geo.Distance(offer.Places[0].Point, geo.Point{Lat: 46.222745, Lon: 5.208596}); d > 0.5 {
		t.Errorf("%.1f m away from Viriat", d)
	}
	checkNotes(t, "whole", books)
}

func TestFieldsOfAStructure(t *testing.T) {
	const (
		noCategory = "no category: kept, found by its number only"
		unknown    = "a category that the nomenclature of 2025 does not hold: kept"
		spaces     = "double spaces, or spaces around a field: taken out"
		phone      = "a phone or fax number that nobody can call: dropped"
		wrongSIRET = "a SIRET whose key is wrong: kept"
		wrongLegal = "a legal entity whose FINESS number is wrong: dropped"
	)
	name := func(o *data.Offer) string { return o.Name }
	category := func(o *data.Offer) string { return string(o.Category) }
	lines := func(o *data.Offer) (all string) {
		for _, l := range o.Organizations[0].Telecoms {
			all += l.Channel.String() + l.Value
		}
		return all
	}
	siret := func(o *data.Offer) (all string) {
		for _, i := range o.Organizations[0].Identifiers[1:] {
			all += i.String()
		}
		return all
	}
	legal := func(o *data.Offer) (all string) {
		for _, g := range o.Organizations[1:] {
			all += g.FINESS()
		}
		return all
	}
	codes := func(o *data.Offer) string {
		g := o.Organizations[0]
		return string(g.Aggregate + g.PublicService + g.Tariff)
	}
	cases := []struct {
		name    string
		changes change
		get     func(*data.Offer) string
		want    string
		notes   []string
	}{
		{"only the short name", change{"rs": "COURT"}, name, "COURT", nil},
		{"the long name wins", change{"rs": "COURT", "rslongue": "LONG"}, name, "LONG", nil},
		{"no name", change{"rs": ""}, name, "", nil},
		{"accents", change{"rs": "HÔPITAL ÉTÉ ÇA ÀÙ"}, name, "HÔPITAL ÉTÉ ÇA ÀÙ", nil},
		{"double quotes are letters", change{"rs": `"ACCUEIL ""EXEMPLE"`}, name, `"ACCUEIL ""EXEMPLE"`, nil},
		{"one double quote", change{"rs": `LE 12" EXEMPLE`}, name, `LE 12" EXEMPLE`, nil},
		{"double spaces", change{"rs": " ACCUEIL  EXEMPLE "}, name, "ACCUEIL EXEMPLE", []string{spaces}},
		{"double spaces in two fields count once", change{"rs": "A  B", "voie": " C"}, name, "A B", []string{spaces}},

		{"a category", change{"categetab": "620"}, category, "R66|620", nil},
		{"a category closed since", change{"categetab": "132"}, category, "R66|132", nil},
		{"an unknown category", change{"categetab": "999"}, category, "R66|999", []string{unknown}},
		{"no category", change{"categetab": ""}, category, "", []string{noCategory}},
		{"a category that is no code", change{"categetab": "3/5"}, category, "", []string{noCategory}},

		{"a phone", change{"telephone": "04 74 45 46 47"}, lines, "phone+33474454647", nil},
		{"a fax", change{"telecopie": "474454647"}, lines, "fax+33474454647", nil},
		{"a phone overseas", change{"telephone": "0262359000"}, lines, "phone+262262359000", nil},
		{"a phone of nobody", change{"telephone": "0000000000"}, lines, "", []string{phone}},
		{"a phone and a fax of nobody", change{"telephone": "04744", "telecopie": "NEANT"}, lines, "", []string{phone, phone}},
		{"a phone of nobody leaves the fax", change{"telephone": "?", "telecopie": "0474454647"}, lines, "fax+33474454647", []string{phone}},

		{"a SIRET", change{"siret": "26010004500012"}, siret, "SIRET|26010004500012", nil},
		{"a SIRET with a wrong key", change{"siret": "26010004500013"}, siret, "SIRET|26010004500013", []string{wrongSIRET}},
		{"no SIRET", nil, siret, "", nil},

		{"a legal entity", change{"nofinessej": second}, legal, second, nil},
		{"a legal entity of Corsica", change{"nofinessej": "2B0099907"}, legal, "2B0099907", nil},
		{"a legal entity with a wrong key", change{"nofinessej": wrong}, legal, "", []string{wrongLegal}},
		{"no legal entity", nil, legal, "", nil},

		{"codes", change{"categagretab": "1102", "codesph": "1", "codemft": "03"}, codes, "R69|1102SPH|1MFT|03", nil},
		{"codes that are none", change{"categagretab": "?", "codesph": "1,2", "codemft": "é"}, codes, "", nil},
	}
	for _, c := range cases {
		offer, books := one(t, c.changes, atViriat(first))
		if got := c.get(offer); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		checkNotes(t, c.name, books, c.notes...)
	}
}

func TestAddresses(t *testing.T) {
	const (
		overseas      = "département written 9A to 9F: read as 971 to 976"
		noDepartement = "a département that does not exist: dropped"
		noCommune     = "no commune: kept"
		noPostcode    = "a line of distribution without a postcode: kept as a city"
	)
	cases := []struct {
		name    string
		changes change
		want    string // département, commune, postcode, city
		notes   []string
	}{
		{"metropolitan", nil, "01 01451 01440 VIRIAT", nil},
		{"Corsica", change{"departement": "2A", "commune": "004", "ligneacheminement": "20184 AJACCIO CEDEX 1"}, "2A 2A004 20184 AJACCIO CEDEX 1", nil},
		{"Guadeloupe", change{"departement": "9A", "commune": "101"}, "971 97101 01440 VIRIAT", []string{overseas}},
		{"Martinique", change{"departement": "9B", "commune": "209"}, "972 97209 01440 VIRIAT", []string{overseas}},
		{"Guyane", change{"departement": "9C", "commune": "302"}, "973 97302 01440 VIRIAT", []string{overseas}},
		{"La Réunion", change{"departement": "9D", "commune": "411"}, "974 97411 01440 VIRIAT", []string{overseas}},
		{"Saint-Pierre-et-Miquelon", change{"departement": "9E", "commune": "502"}, "975 97502 01440 VIRIAT", []string{overseas}},
		{"Mayotte", change{"departement": "9F", "commune": "608"}, "976 97608 01440 VIRIAT", []string{overseas}},
		{"no such département", change{"departement": "9G"}, "  01440 VIRIAT", []string{noDepartement}},
		{"the old département of Corsica", change{"departement": "20"}, "  01440 VIRIAT", []string{noDepartement}},
		{"no département", change{"departement": ""}, "  01440 VIRIAT", []string{noDepartement}},
		{"no commune", change{"commune": ""}, "01  01440 VIRIAT", []string{noCommune}},
		{"a commune of five characters", change{"commune": "01451"}, "01  01440 VIRIAT", []string{noCommune}},
		{"no postcode", change{"ligneacheminement": "VIRIAT"}, "01 01451  VIRIAT", []string{noPostcode}},
		{"a postcode of four digits", change{"ligneacheminement": "1440 VIRIAT"}, "01 01451  1440 VIRIAT", []string{noPostcode}},
		{"only a postcode", change{"ligneacheminement": "01440"}, "01 01451 01440 ", nil},
		{"no line of distribution", change{"ligneacheminement": ""}, "01 01451  ", nil},
	}
	for _, c := range cases {
		offer, books := one(t, c.changes, position(first, "", "", ""))
		a := offer.Places[0].Address
		if got := a.Departement + " " + a.Commune + " " + a.Postcode + " " + a.City; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		checkNotes(t, c.name, books, append(slices.Clone(c.notes), "no coordinates: kept, unplaced")...)
	}
}

func TestDates(t *testing.T) {
	const (
		dropped   = "a date before 1600 or that is none: dropped"
		byDefault = "opened on 1900-01-01 or 1901-01-01, which stand for unknown: dropped"
		future    = "opens after the edition of the file: kept"
	)
	cases := []struct {
		name, opened, want string
		notes              []string
	}{
		{"a day", "1979-02-13", "1979-02-13", nil},
		{"not told", "", "", nil},
		{"a digit missing", "0202-02-24", "", []string{dropped}},
		{"the last day before 1600", "1599-12-31", "", []string{dropped}},
		{"1600", "1600-01-01", "1600-01-01", nil},
		{"a default", "1900-01-01", "", []string{byDefault}},
		{"another default", "1901-01-01", "", []string{byDefault}},
		{"the day after a default", "1900-01-02", "1900-01-02", nil},
		{"impossible", "2021-02-30", "", []string{dropped}},
		{"written the other way", "13/02/1979", "", []string{dropped}},
		{"the day of the edition", "2021-01-08", "2021-01-08", nil},
		{"future", "2021-01-09", "2021-01-09", []string{future}},
	}
	for _, c := range cases {
		offer, books := one(t, change{"dateouv": c.opened}, atViriat(first))
		if got := offer.Organizations[0].Opened.String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		checkNotes(t, c.name, books, c.notes...)
	}
}

// Without an edition that can be read nothing is known to be in the future.
func TestEdition(t *testing.T) {
	opens := change{"dateouv": "2031-01-01"}
	for name, c := range map[string]struct{ header, want string }{
		"a day":       {"finess;etalab;93;2021-01-08", "2021-01-08"},
		"spaces":      {"finess;etalab;93; 2021-01-08 ", "2021-01-08"},
		"no day":      {"finess;etalab;93;hier", ""},
		"too short":   {"finess;etalab", ""},
		"another one": {"finess;etalab;93;2032-01-01", "2032-01-01"},
	} {
		r := read(t, file(t, c.header, structure(first, opens), atViriat(first)))
		if got := r.offers[0].Sources[0].Date.String(); got != c.want {
			t.Errorf("%s: edition %q, want %q", name, got, c.want)
		}
		if got := r.notes["opens after the edition of the file: kept"] == 1; got != (c.want == "2021-01-08") {
			t.Errorf("%s: future is %v", name, got)
		}
	}
}

func TestDateOfTheUpdate(t *testing.T) {
	for written, want := range map[string]string{"2020-02-04": "2020-02-04", "": "", "2020-02-31": "", "0202-02-04": ""} {
		offer, _ := one(t, change{"maj": written}, atViriat(first))
		if got := offer.Updated.String(); got != want || offer.Organizations[0].Updated != offer.Updated {
			t.Errorf("%q: updated %q and %q, want %q", written, got, offer.Organizations[0].Updated, want)
		}
	}
}

func TestKnownCategory(t *testing.T) {
	for code, want := range map[string]bool{"355": true, "620": true, "500": true, "101": true, "999": false, "": false, "35": false, "3550": false} {
		if finess.KnownCategory(code) != want {
			t.Errorf("category %q: known is not %v", code, want)
		}
	}
}
