package finess_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"boussole/data"
)

// What the reader says of the daily file, once more.
const (
	noteSpaces        = "double spaces, or spaces around a field: taken out"
	noteNoCommuneText = "no commune: kept"
	noteUnknownMember = "a field that the published format does not name: passed over"
	noteNotText       = "a number or truth value where the format has a text: read as a text"
	noteSeveral       = "several values where one is expected: the first taken"
	noteNotUnicode    = "a text that is no UTF-8: read as Windows-1252"
	noteVersion       = "a version of the schema other than v1: read as v1"
	noteNoEdition     = "no date at which the file was made: nothing is past or future by it"
	noteSIREN         = "a SIREN whose key is wrong: kept"
	noteNoEntity      = "no number of a legal entity, or only after 4096 of its establishments: kept without it"
	noteState         = "a state other than A and I, or none: kept"
	noteClosing       = "closes after the edition of the file: kept"
	noteNoUsage       = "no address of the place of practice (usage 03): that of the reception, or else the first, taken"
	noteAddresses     = "addresses beside that of the place of practice: left out"
	noteLineFour      = "a street in the fourth line of the address only: taken from there"
	noteBadPostcode   = "a postcode that is none: dropped"
	noteBadCommune    = "a code of a commune that is none: dropped, and no département known"
	noteRole          = "contacts of another role than 01, the public's: kept, for regulation only"
	noteMail          = "a mail address that is none: dropped"
	noteExchanged     = "degrees where metres should be, and metres where degrees: taken for what they are"
	noteOrder         = "coordinates in the other order than the published one: exchanged"
	noteTwoOrders     = "coordinates that fall in the département in either order: the published one kept, doubted"
	noteOnePair       = "one of the two pairs of coordinates unusable: the other taken"
	noteDisagree      = "degrees and metres that disagree: those in the département of the address taken"
	noteTwoPlaces     = "degrees and metres that disagree, and nothing tells which are right: the degrees kept, doubted"
	noteScore         = "found by the national address base with a score below 0.5: taken for the commune's centre"
	noteLeftOut       = "coordinates that cannot be read, or fall outside the area of their system: left out"
	noteAtCentre      = "no coordinates that can be used: placed at the commune's centre of the gazetteer"
	noteKey           = "a key of the national address base that is none: left out"
	ruleGroup         = "a group of legal entities (gcc, gco), no establishment: left out"
	ruleInactive      = "an establishment that is not active: left out"
	ruleClosed        = "an establishment closed on the day of the edition or before: left out"
)

// object is one of JSON, its members in the order of their names: the
// establishments come before the number of their legal entity.
type object = map[string]any

// changes are values by their path in an establishment; none takes one away.
type changes map[string]any

// none is no member at all; null is one that is null.
var none, null = struct{ nothing int }{}, json.RawMessage("null")

// ege is the made-up establishment of structure and atViriat, as the daily file
// has it, changed.
func ege(t testing.TB, number string, all ...changes) object {
	t.Helper()
	e := object{
		"informationsGeneralesEGE":            object{"egeId": "799", "numFinessEge": number, "nomEgeCourt": "ETABLISSEMENT EXEMPLE"},
		"categorieentiteGeographiqueExercice": "355",
		"adresse": []any{object{
			"usageAdresse": "03", "numeroVoie": "900", "typeVoie": "RTE", "libelleVoie": "DE L'EXEMPLE",
			"cogCommune": "01451", "codePostal": "01440", "ligneAcheminement": "VIRIAT",
			"coordonneesGeographique": coordinates("6571590.5", "870215.7", "46.222745", "5.208596"),
		}},
		"contact":   []any{},
		"etatObjet": "A",
	}
	for _, changes := range all {
		for _, path := range slices.Sorted(maps.Keys(changes)) {
			set(t, e, path, changes[path])
		}
	}
	return e
}

func coordinates(x, y, latitude, longitude string) object {
	return object{"coordonneeX": x, "coordonneeY": y, "directionLatitude": latitude, "directionLongitude": longitude}
}

// set puts a value at a path such as "adresse[0].codePostal".
func set(t testing.TB, o object, path string, value any) {
	t.Helper()
	name, rest, deeper := strings.Cut(path, ".")
	name, index, listed := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	switch {
	case deeper && listed:
		set(t, o[name].([]any)[number(t, index)].(object), rest, value)
	case deeper:
		set(t, o[name].(object), rest, value)
	case listed:
		o[name].([]any)[number(t, index)] = value
	case value == none:
		delete(o, name)
	default:
		o[name] = value
	}
}

// entity is the legal entity of establishments.
func entityOf(eges ...any) object {
	return object{
		"informationsGeneralesPMEJ": object{"numFinessPm": second, "denominationPm": "ENTITE", "denominationLonguePmSmsse": "ENTITE EXEMPLE"},
		"ege":                       eges,
	}
}

func whole(t testing.TB, entities ...any) []byte {
	t.Helper()
	text, err := json.Marshal(object{"schemaVersion": "v1.0.0", "generatedAt": "2021-01-08T02:06:22Z", "pmej": entities})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// oneDaily reads a daily file of one establishment.
func oneDaily(t *testing.T, all ...changes) (*data.Offer, books) {
	t.Helper()
	r := read(t, whole(t, entityOf(ege(t, first, all...))))
	if r.err != nil || len(r.offers) != 1 || r.rejects != "" {
		t.Fatalf("%v: %d offers, %v, rejected: %s", all, len(r.offers), r.err, r.rejects)
	}
	return r.offers[0], r.books
}

// Everything that both formats can tell of one establishment, and what the
// daily file tells of its legal entity.
func TestADailyEstablishment(t *testing.T) {
	stock, _ := one(t, change{
		"nofinessej": second, "rslongue": "ÉTABLISSEMENT D'EXEMPLE À CÔTÉ", "complrs": "SITE É", "compldistrib": "BAT A",
		"numvoie": "12", "compvoie": "ALLÉE", "lieuditbp": "BP 139", "telephone": "0199000000", "telecopie": "0199000001",
		"siret": "26010004500012", "codemft": "03", "codesph": "1", "dateouv": "1979-02-13", "maj": "2020-02-04",
	}, atViriat(first))
	establishment := ege(t, first, changes{
		"informationsGeneralesEGE.nomEgeLong": "ÉTABLISSEMENT D'EXEMPLE À CÔTÉ", "informationsGeneralesEGE.complementDenominationEg": "SITE É",
		"informationsGeneralesEGE.siret": "26010004500012", "informationsGeneralesEGE.espic": []any{"1"}, "informationsGeneralesEGE.dateOuverture": "1979-02-13",
		"adresse[0].complementPointGeographique": "BAT A", "adresse[0].numeroVoie": "12", "adresse[0].complementVoie": "ALLÉE", "adresse[0].lieuDit": "BP 139",
		"contact":               []any{object{"typeContact": object{"roleContact": "01"}, "telecom": object{"telephone": "0199000000", "telecopie": "0199000001"}}},
		"modefixationtarifaire": "03", "dateDerniereMaj": "2020-02-04 00:00:00", "typeBudget": []any{"01"}, "evenement": []any{object{"evenementId": "6"}},
	})
	legal := entityOf(establishment)
	legal["informationsGeneralesPMEJ"].(object)["siren"] = "772201489"
	legal["informationsGeneralesPMEJ"].(object)["statutJuridique"] = "73"
	legal["informationsGeneralesPMEJ"].(object)["codeApe"] = "86.10Z"
	r := read(t, whole(t, legal))
	if r.err != nil || len(r.offers) != 1 {
		t.Fatalf("%d offers, %v, rejected: %s", len(r.offers), r.err, r.rejects)
	}
	checkNotes(t, "whole", r.books)
	want := inBoth(stock)
	of := &want.Organizations[1]
	of.Name, of.LegalStatus, of.APE = "ENTITE EXEMPLE", "R72|73", "86.10Z"
	of.Identifiers = append(of.Identifiers, data.Identifier{System: "SIREN", Value: "772201489"})
	if difference := unlikeness(r.offers[0], want); difference != "" {
		t.Error(difference)
	}
}

func TestFieldsOfADailyEstablishment(t *testing.T) {
	const general = "informationsGeneralesEGE."
	const (
		noCategory = "no category: kept, found by its number only"
		spaces     = "double spaces, or spaces around a field: taken out"
		phone      = "a phone or fax number that nobody can call: dropped"
		badDate    = "a date before 1600 or that is none: dropped"
		byDefault  = "opened on 1900-01-01 or 1901-01-01, which stand for unknown: dropped"
		future     = "opens after the edition of the file: kept"
	)
	name := func(o *data.Offer) string { return o.Name }
	category := func(o *data.Offer) string { return string(o.Category) }
	opened := func(o *data.Offer) string { return o.Organizations[0].Opened.String() }
	updated := func(o *data.Offer) string { return o.Updated.String() }
	closed := func(o *data.Offer) string { return o.Organizations[0].Closed.String() }
	codes := func(o *data.Offer) string {
		return string(o.Organizations[0].PublicService + o.Organizations[0].Tariff)
	}
	siret := func(o *data.Offer) (all string) {
		for _, i := range o.Organizations[0].Identifiers {
			all += i.String() + " "
		}
		return all
	}
	lines := func(o *data.Offer) (all string) {
		for _, l := range o.Organizations[0].Telecoms {
			all += fmt.Sprint(l.Channel, l.Value, "/", int(l.Level), " ")
		}
		return all
	}
	contact := func(role string, telecom object) object {
		return object{"typeContact": object{"roleContact": role}, "telecom": telecom}
	}
	cases := []struct {
		name    string
		changes changes
		get     func(*data.Offer) string
		want    string
		notes   []string
	}{
		{"only the short name", nil, name, "ETABLISSEMENT EXEMPLE", nil},
		{"the long name wins", changes{general + "nomEgeLong": "LONG"}, name, "LONG", nil},
		{"a long name of blanks", changes{general + "nomEgeLong": "   "}, name, "ETABLISSEMENT EXEMPLE", nil},
		{"a name beside the general information", changes{"nomEgeLong": "A COTE"}, name, "A COTE", nil},
		{"padded", changes{general + "nomEgeLong": "LONG            "}, name, "LONG", []string{spaces}},
		{"a line feed within", changes{general + "nomEgeLong": "LONG\nNOM\u0000"}, name, "LONG NOM", []string{spaces}},
		{"a name of a list", changes{general + "nomEgeLong": []any{"UN"}}, name, "UN", nil},
		{"a name of a list that begins empty", changes{general + "nomEgeLong": []any{null, " ", "DEUX"}}, name, "DEUX", nil},
		{"two names", changes{general + "nomEgeLong": []any{"UN", "DEUX"}}, name, "UN", []string{noteSeveral}},
		{"a name of none", changes{general + "nomEgeLong": []any{}}, name, "ETABLISSEMENT EXEMPLE", nil},
		{"null", changes{general + "nomEgeLong": null}, name, "ETABLISSEMENT EXEMPLE", nil},
		{"a number", changes{general + "nomEgeLong": 116117}, name, "116117", []string{noteNotText}},

		{"no category", changes{"categorieentiteGeographiqueExercice": none}, category, "", []string{noCategory}},
		{"a category with the general information", changes{"categorieentiteGeographiqueExercice": none, general + "categorieentiteGeographiqueExercice": "620"}, category, "R66|620", nil},
		{"a category that is a number", changes{"categorieentiteGeographiqueExercice": 620}, category, "R66|620", []string{noteNotText}},
		{"codes", changes{general + "espic": []any{"1"}, "modefixationtarifaire": "03"}, codes, "SPH|1MFT|03", nil},
		{"no public service", changes{general + "espic": []any{}}, codes, "", nil},

		{"a SIRET", changes{general + "siret": "26010004500012"}, siret, "FINESS|990999997 SIRET|26010004500012 ", nil},
		{"a SIRET beside", changes{"siret": "26010004500012"}, siret, "FINESS|990999997 SIRET|26010004500012 ", nil},
		{"a SIRET with a wrong key", changes{general + "siret": "26010004500013"}, siret, "FINESS|990999997 SIRET|26010004500013 ", []string{"a SIRET whose key is wrong: kept"}},
		{"a number padded", changes{general + "numFinessEge": first + "  "}, siret, "FINESS|990999997 ", []string{spaces}},

		{"opened", changes{general + "dateOuverture": "1979-02-13"}, opened, "1979-02-13", nil},
		{"opened at a moment", changes{general + "dateOuverture": "1979-02-13 00:00:00"}, opened, "1979-02-13", nil},
		{"opened beside", changes{"dateOuverture": "1979-02-13"}, opened, "1979-02-13", nil},
		{"a digit missing", changes{general + "dateOuverture": "0202-02-24"}, opened, "", []string{badDate}},
		{"opened by default", changes{general + "dateOuverture": "1900-01-01"}, opened, "", []string{byDefault}},
		{"opens later", changes{general + "dateOuverture": "2021-01-09"}, opened, "2021-01-09", []string{future}},
		{"updated", changes{"dateDerniereMaj": "2020-02-04 01:02:03"}, updated, "2020-02-04", nil},
		{"updated in ISO 8601", changes{"dateDerniereMaj": "2020-02-04T01:02:03.615611300Z"}, updated, "2020-02-04", nil},
		{"closes later", changes{general + "dateFermeture": "2021-01-09"}, closed, "2021-01-09", []string{noteClosing}},
		{"closing on a date that is none", changes{general + "dateFermeture": "31/12/2020"}, closed, "", []string{badDate}},
		{"an unknown state", changes{"etatObjet": "E"}, name, "ETABLISSEMENT EXEMPLE", []string{noteState}},
		{"no state", changes{"etatObjet": none}, name, "ETABLISSEMENT EXEMPLE", []string{noteState}},
		{"a state of a list, padded", changes{"etatObjet": []any{"A "}}, name, "ETABLISSEMENT EXEMPLE", []string{spaces}},
		{"unknown fields", changes{"etage": 3, general + "surnom": object{}, "adresse[0].etage": "3"}, name, "ETABLISSEMENT EXEMPLE", []string{noteUnknownMember, noteUnknownMember, noteUnknownMember}},

		{"a phone", changes{"contact": []any{contact("01", object{"telephone": "04 74 45 46 47"})}}, lines, "phone+33474454647/1 ", nil},
		{"a phone beside its telecom", changes{"contact": []any{object{"telephone": "0474454647"}}}, lines, "phone+33474454647/1 ", nil},
		{"one contact, no list", changes{"contact": object{"telecom": object{"telephone": "0474454647"}}}, lines, "phone+33474454647/1 ", nil},
		{"no contact", changes{"contact": null}, lines, "", nil},
		{"a phone, a fax, a mail address", changes{"contact": []any{contact("01", object{"telephone": "0474454647", "telecopie": "0474454648", "courriel": "accueil@exemple.fr"})}}, lines, "phone+33474454647/1 fax+33474454648/1 mailaccueil@exemple.fr/1 ", nil},
		{"two numbers in one", changes{"contact": []any{contact("01", object{"telephone": "0690291988/0590895757"})}}, lines, "phone+590690291988/1 phone+590590895757/1 ", nil},
		{"a number and words", changes{"contact": []any{contact("01", object{"telephone": "0690291988; standard"})}}, lines, "phone+590690291988/1 ", nil},
		{"a phone of nobody", changes{"contact": []any{contact("01", object{"telephone": "0000000000"})}}, lines, "", []string{phone}},
		{"mail addresses that are none", changes{"contact": []any{contact("01", object{"courriel": "exemple.fr"}), contact("01", object{"courriel": "a@b c"}), contact("01", object{"courriel": "@b"})}}, lines, "", []string{noteMail, noteMail, noteMail}},
		{"the same phone twice", changes{"contact": []any{contact("01", object{"telephone": "0474454647"}), contact("01", object{"telephone": "04.74.45.46.47"})}}, lines, "phone+33474454647/1 ", nil},
		{"a contact of another role", changes{"contact": []any{contact("02", object{"telephone": "0474454647", "courriel": "a@exemple.fr"})}}, lines, "phone+33474454647/0 maila@exemple.fr/0 ", []string{noteRole}},
		{"the phone of another role is the public's too", changes{"contact": []any{contact("02", object{"telephone": "0474454647"}), contact("01", object{"telephone": "0474454647"})}}, lines, "phone+33474454647/1 ", []string{noteRole}},
	}
	for _, c := range cases {
		offer, books := oneDaily(t, c.changes)
		if got := c.get(offer); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		checkNotes(t, c.name, books, c.notes...)
	}
}

func TestDailyAddresses(t *testing.T) {
	const noPostcode = "a line of distribution without a postcode: kept as a city"
	reception := object{"usageAdresse": "06", "libelleVoie": "DE L'ACCUEIL", "cogCommune": "69123", "codePostal": "69001", "ligneAcheminement": "LYON"}
	with := func(all ...object) changes {
		e := ege(t, first)
		list := []any{}
		for _, o := range all {
			if o == nil {
				o = e["adresse"].([]any)[0].(object)
			}
			list = append(list, o)
		}
		return changes{"adresse": list}
	}
	usage := func(code string) object {
		o := maps.Clone(reception)
		o["usageAdresse"] = code
		return o
	}
	const viriat = "900 RTE DE L'EXEMPLE, 01440 VIRIAT · 01 01451"
	const lyon = "DE L'ACCUEIL, 69001 LYON · 69 69123"
	cases := []struct {
		name    string
		changes changes
		want    string // the address, the département, the commune
		notes   []string
	}{
		{"one", nil, viriat, nil},
		{"one, no list", changes{"adresse": ege(t, first)["adresse"].([]any)[0]}, viriat, nil},
		{"the reception first", with(reception, nil), viriat, []string{noteAddresses}},
		{"the reception last", with(nil, reception), viriat, []string{noteAddresses}},
		{"several annexes", with(usage("04"), usage("02"), nil, usage("04")), viriat, []string{noteAddresses}},
		{"two of practice", with(nil, usage("03")), viriat, []string{noteAddresses}},
		{"only the reception", with(reception), lyon, []string{noteNoUsage}},
		{"the reception before an annex", with(usage("04"), reception), lyon, []string{noteNoUsage, noteAddresses}},
		{"no usage", changes{"adresse[0].usageAdresse": none}, viriat, nil},
		{"no usage before an annex", with(usage("04"), usage("")), lyon, []string{noteAddresses}},
		{"only an annex", with(usage("04")), lyon, []string{noteNoUsage}},
		{"only that of a crisis", with(usage("05")), " · ", []string{noteAddresses, "no commune: kept"}},
		{"that of a crisis first", with(usage("05"), nil), viriat, []string{noteAddresses}},
		{"no address", changes{"adresse": []any{}}, " · ", []string{"no commune: kept"}},
		{"null", changes{"adresse": null}, " · ", []string{"no commune: kept"}},

		{"Corsica", changes{"adresse[0].cogCommune": "2A004"}, "900 RTE DE L'EXEMPLE, 01440 VIRIAT · 2A 2A004", nil},
		{"La Réunion", changes{"adresse[0].cogCommune": "97411"}, "900 RTE DE L'EXEMPLE, 01440 VIRIAT · 974 97411", nil},
		{"Saint-Martin", changes{"adresse[0].cogCommune": "97801"}, "900 RTE DE L'EXEMPLE, 01440 VIRIAT · 978 97801", nil},
		{"a commune without its zero", changes{"adresse[0].cogCommune": "1451"}, "900 RTE DE L'EXEMPLE, 01440 VIRIAT ·  ", []string{noteBadCommune}},
		{"abroad", changes{"adresse[0].cogCommune": "99138"}, "900 RTE DE L'EXEMPLE, 01440 VIRIAT ·  ", []string{noteBadCommune}},

		{"a postcode without its zero", changes{"adresse[0].codePostal": "1440"}, "900 RTE DE L'EXEMPLE, VIRIAT · 01 01451", []string{noteBadPostcode, noPostcode}},
		{"a postcode in the line", changes{"adresse[0].codePostal": none, "adresse[0].ligneAcheminement": "01440 VIRIAT"}, viriat, nil},
		{"a postcode twice", changes{"adresse[0].ligneAcheminement": "01440 VIRIAT"}, viriat, nil},
		{"two postcodes", changes{"adresse[0].ligneAcheminement": "01441 VIRIAT"}, "900 RTE DE L'EXEMPLE, 01440 01441 VIRIAT · 01 01451", nil},
		{"no postcode", changes{"adresse[0].codePostal": none}, "900 RTE DE L'EXEMPLE, VIRIAT · 01 01451", []string{noPostcode}},
		{"the sixth line", changes{"adresse[0].codePostal": none, "adresse[0].ligneAcheminement": none, "adresse[0].ligneSix": "01440 VIRIAT"}, viriat, nil},
		{"no city", changes{"adresse[0].ligneAcheminement": none}, "900 RTE DE L'EXEMPLE, 01440 · 01 01451", nil},

		{"the fourth line beside", changes{"adresse[0].ligneQuatre": "1 RUE D'AILLEURS"}, viriat, nil},
		{"the fourth line only", changes{"adresse[0].numeroVoie": none, "adresse[0].typeVoie": none, "adresse[0].libelleVoie": none, "adresse[0].ligneQuatre": "62 AVENUE DE JASSERON"}, "62 AVENUE DE JASSERON, 01440 VIRIAT · 01 01451", []string{noteLineFour}},
		{"the fourth line without a number", changes{"adresse[0].numeroVoie": none, "adresse[0].typeVoie": none, "adresse[0].libelleVoie": none, "adresse[0].ligneQuatre": "AVENUE DE JASSERON"}, "AVENUE DE JASSERON, 01440 VIRIAT · 01 01451", []string{noteLineFour}},
		{"the fourth line and a number", changes{"adresse[0].typeVoie": none, "adresse[0].libelleVoie": none, "adresse[0].ligneQuatre": "AVENUE DE JASSERON"}, "900 AVENUE DE JASSERON, 01440 VIRIAT · 01 01451", []string{noteLineFour}},
		{"the fourth line and a type", changes{"adresse[0].libelleVoie": none, "adresse[0].ligneQuatre": "900 AVENUE DE JASSERON"}, "900 AVENUE DE JASSERON, 01440 VIRIAT · 01 01451", []string{noteLineFour}},
		{"a fourth line that is the place", changes{"adresse[0].numeroVoie": none, "adresse[0].typeVoie": none, "adresse[0].libelleVoie": none, "adresse[0].lieuDit": "LE BOURG", "adresse[0].ligneQuatre": "LE BOURG"}, "LE BOURG, 01440 VIRIAT · 01 01451", nil},
	}
	for _, c := range cases {
		for path := range c.changes {
			if path == "adresse" {
				continue
			}
			c.changes["adresse[0].coordonneesGeographique"] = none
			break
		}
		offer, books := oneDaily(t, c.changes)
		a := offer.Places[0].Address
		if got := strings.TrimSpace(a.String() + " · " + a.Departement + " " + a.Commune); got != strings.TrimSpace(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		delete(books.notes, noteNoPosition)
		delete(books.notes, noteAtCentre)
		delete(books.notes, noteElsewhere)
		checkNotes(t, c.name, books, c.notes...)
	}
}

// Of two texts for one field the first that is not empty counts, whether it
// stands in the general information, beside it, or twice in one object.
func TestDailyStatedTwice(t *testing.T) {
	const one = `"numFinessEge":"` + first + `","etatObjet":"A"`
	for _, c := range []struct{ ege, want string }{
		{`{` + one + `,"nomEgeLong":"UN","nomEgeLong":"DEUX"}`, "UN"},
		{`{` + one + `,"nomEgeLong":" ","nomEgeLong":"DEUX"}`, "DEUX"},
		{`{` + one + `,"nomEgeLong":"UN","informationsGeneralesEGE":{"nomEgeLong":"DEUX"}}`, "UN"},
		{`{` + one + `,"informationsGeneralesEGE":{"nomEgeLong":"DEUX"},"nomEgeLong":"UN"}`, "DEUX"},
	} {
		r := read(t, []byte(`{"generatedAt":"2021-01-08","pmej":[{"ege":[`+c.ege+`]}]}`))
		if r.err != nil || len(r.offers) != 1 || r.offers[0].Name != c.want {
			t.Errorf("%s: %d offers, %v, named %q; want %q", c.ege, len(r.offers), r.err, namesOf(r.offers), c.want)
		}
	}
}
