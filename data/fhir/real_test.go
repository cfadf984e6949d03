package fhir

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/realdata"
)

// The eight examples of the implementation guide, one of each kind.
func examples(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(realdata.Path(t, realdata.RORExamples))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// linked makes the examples one world: in the guide they refer to resources that
// it does not show.
func linked(text string) string {
	return strings.NewReplacer(
		"Organization/5958", "Organization/ror-organisation-exemple-eg",
		"Organization/4947", "Organization/ror-organization-exemple-ej",
		"Organization/1111", "Organization/ror-organization-exemple-ej",
		"Location/5253", "Location/ror-location-exemple-1",
		"Location/1215", "Location/ror-location-exemple",
		"Practitioner/2524", "Practitioner/ror-practitioner-exemple",
		"HealthcareService/9597", "HealthcareService/ror-healthcareservice-exemple-ville",
	).Replace(text)
}

func TestExamplesAsTheyAre(t *testing.T) {
	r := readPaths(realdata.Path(t, realdata.RORExamples))
	if r.err != nil || r.rejects.String() != "source,line,record,field,reason\n" {
		t.Errorf("%v, %s", r.err, r.rejects)
	}
	const want = `  source              lines  read  kept  skipped  rejected
    fhir  HealthcareService     2     2        0         0
    fhir           Location     2     0        2         0
    fhir       Organization     2     0        2         0
    fhir       Practitioner     1     0        1         0
    fhir   PractitionerRole     1     0        1         0
    fhir              other     0     0        0         0

fhir         1  an identifier of a system that is not known: kept as written, hidden (HealthcareService.identifier)
fhir         2  its place is not in the files: kept without it
fhir         2  its organization is not in the files: kept without it
fhir         1  an offer identifier that is not region/number: kept (HealthcareService.identifier)
fhir         2  an address line that repeats the city: taken out (Location.address.line)
fhir         1  no coordinates: placed at the commune's centre of the gazetteer (Location)
fhir         1  the model has no place for it: kept as written, hidden (Location.status)
fhir         2  no offer that is kept refers to it: left out
fhir         2  an address line that repeats the city: taken out (Organization.address.line)
fhir         2  no offer that is kept refers to it: left out
fhir         1  the model has no place for it: kept as written, hidden (Practitioner.gender)
fhir         1  no offer that is kept refers to it: left out
fhir         1  no offer that is kept refers to it: left out
`
	if got := r.table(); got != want {
		t.Errorf("%s", got)
	}
	for _, o := range r.offers {
		if len(o.Places)+len(o.Organizations)+len(o.Practices) != 0 {
			t.Errorf("%s has what the files do not hold", o.Name)
		}
	}
}

func utc(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestExamples(t *testing.T) {
	r := readText(t, "linked.json", linked(examples(t)))
	if r.err != nil || len(r.offers) != 2 {
		t.Fatalf("%v, %d offers", r.err, len(r.offers))
	}
	created, updated := utc("2023-12-09T13:30:00Z"), utc("2023-12-20T09:00:00Z")
	day := data.NewDate
	legal := data.Organization{
		ID: data.NewID("organization", data.SystemSIREN, "921317258"), Kind: data.LegalEntity,
		Record:      data.Record{ID: "ror-organization-exemple-ej", Created: created, Updated: updated},
		Identifiers: []data.Identifier{{System: data.SystemStructure, Value: "2921317258"}, {System: data.SystemSIREN, Value: "921317258"}},
		Name:        "Quiétude", LegalStatus: "R72|72", Aggregate: "R69|2200",
		Address: data.Address{Number: "103", StreetType: "rue", Street: "des Bourguignons", Postcode: "92270", City: "BOIS-COLOMBES"},
		Created: day(2023, 12, 9), Updated: day(2023, 12, 20),
	}
	hospital := data.Offer{
		ID:   data.NewID("offer", "fhir", "ror-healthcareservice-exemple"),
		Name: "Hospitalisation complète de Neurochirurgie", Field: data.FieldMCO,
		Activities: []data.Code{"R211|183"}, CareModes: []data.Code{"R213|28"}, Acts: []data.Code{"R210|0320"},
		Ages:     data.AgeRange{Min: 18 * data.AgeYear, Before: 91 * data.AgeYear},
		Contacts: []data.Contact{{Purpose: "R287|06", Level: data.LevelFree}},
		Created:  day(2023, 12, 9), Updated: day(2023, 12, 20),
		Record:  data.Record{ID: "ror-healthcareservice-exemple", Created: created, Updated: updated},
		Sources: []data.Provenance{{Source: "fhir", Record: "ror-healthcareservice-exemple", Date: day(2023, 12, 20)}},
		Places: []data.Place{{
			ID:          data.NewID("place", data.SystemROR, "24/1073"),
			Record:      data.Record{ID: "ror-location-exemple-1", Region: "R30|24", Created: utc("2024-07-18T11:58:51Z"), Updated: utc("2024-12-05T01:42:39Z")},
			Identifiers: []data.Identifier{{System: data.SystemROR, Value: "24/1073"}},
			Name:        "UNITE DE SURVEILLANCE CONTINUE CHIR", Function: "R343|001",
			Address: data.Address{Number: "14", StreetType: "AV", Street: "DE L'HOPITAL", Postcode: "45000", City: "ORLEANS", Commune: "45234"},
			Point:   geo.Point{Lat: 47.834781, Lon: 1.92204}, Quality: data.AtBuilding, Vouched: true,
			Capacity: exampleBeds(),
		}},
		Organizations: []data.Organization{{
			ID: data.NewID("organization", data.SystemFINESS, "458174839"), Kind: data.Establishment, Parent: legal.ID,
			Record: data.Record{ID: "ror-organisation-exemple-eg", Created: created, Updated: updated},
			Identifiers: []data.Identifier{
				{System: data.SystemStructure, Value: "12345687900034"}, {System: data.SystemFINESS, Value: "458174839"},
			},
			Name: "Quiétude BOIS COLOMBES", Category: "R66|460",
			Address: data.Address{Number: "45", StreetType: "rue", Street: "du général Leclerc", Postcode: "92270", City: "BOIS-COLOMBES"},
			Contacts: []data.Contact{{Purpose: "R287|06", Level: data.LevelFree, Telecoms: []data.Telecom{
				{Channel: data.Phone, Value: "+33101010101", Level: data.LevelFree, Means: "R200|2"},
			}}},
			FinancialHelps: []data.Code{"R241|02"}, AccommodationFamily: data.No,
			Created: day(2023, 12, 9), Updated: day(2023, 12, 20),
		}, legal},
		Unlisted: []data.Unlisted{
			{Of: "HealthcareService/ror-healthcareservice-exemple", JSON: `{"identifier":[{"system":"https://example.org/identifier-system","value":"ZZZ"}]}`},
			{Of: "Location/ror-location-exemple-1", JSON: `{"status":"active"}`},
		},
	}
	opening := func(from, to data.Minute, kind data.HoursKind, on time.Weekday) data.Opening {
		return data.Opening{Days: data.On(on), From: from, To: to, Kind: kind}
	}
	town := data.Offer{
		ID:          data.NewID("offer", data.SystemROR, "ZZZ"),
		Identifiers: []data.Identifier{{System: data.SystemROR, Value: "ZZZ"}},
		Name:        "Cabinet du Dr Julie JOURDIN", Field: data.FieldPrivateTown,
		Activities: []data.Code{"R211|437"}, CareModes: []data.Code{"R213|32"},
		Ages: data.AgeRange{Before: 121 * data.AgeYear},
		Hours: data.Hours{Weekly: []data.Opening{
			opening(540, 1140, data.HoursAppointment, time.Monday), opening(540, 1140, data.HoursAppointment, time.Tuesday),
			opening(540, 1140, data.HoursAppointment, time.Wednesday), opening(540, 1140, data.HoursAppointment, time.Thursday),
			opening(840, 1140, data.HoursAppointment, time.Friday), opening(540, 720, data.HoursWalkIn, time.Friday),
		}},
		Contacts: []data.Contact{{Purpose: "R287|02", Level: data.LevelFree, Telecoms: []data.Telecom{
			{Channel: data.Phone, Value: "+33101010101", Level: data.LevelFree, Means: "R200|2"},
		}}},
		Created: day(2023, 12, 9), Updated: day(2023, 12, 20),
		Record:  data.Record{ID: "ror-healthcareservice-exemple-ville", Created: created, Updated: updated},
		Sources: []data.Provenance{{Source: "fhir", Record: "ror-healthcareservice-exemple-ville", Date: day(2023, 12, 20)}},
		Places: []data.Place{{
			ID:       data.NewID("place", "fhir", "ror-location-exemple"),
			Record:   data.Record{ID: "ror-location-exemple", Created: utc("2023-06-30T00:00:00Z"), Updated: updated},
			Function: "R343|001",
			Address:  data.Address{Number: "7", StreetType: "rue", Street: "porte de Buc", Postcode: "78000", City: "Versailles", Commune: "78646"},
			Point:    geo.Point{Lat: 48.802, Lon: 2.118}, Quality: data.AtCommune, // of the gazetteer
		}},
		Organizations: []data.Organization{legal},
		Practices: []data.Practice{{
			ID:          data.NewID("practice", data.SystemSituation, "11102379616", "ror-practitionerrole-exemple"),
			Record:      data.Record{ID: "ror-practitionerrole-exemple", Created: created, Updated: updated},
			Person:      data.Record{ID: "ror-practitioner-exemple", Created: created, Updated: updated},
			Identifiers: []data.Identifier{{System: data.SystemSituation, Value: "11102379616"}, {System: data.SystemPerson, Value: "11111573474"}},
			Given:       "Cyndi", Family: "CHANMET", Profession: "G15|60", Specialties: []data.Code{"R04|CEX"}, Mode: "R23|L",
			OwnTelecoms: []data.Telecom{{Channel: data.SecureMail, Value: "cyndi.chanmet@lifen.mssante.fr", Level: data.LevelRestricted, Means: "R200|3"}},

			ExerciseGiven: "Mylène", ExerciseFamily: "Tenor",
		}},
		Unlisted: []data.Unlisted{{Of: "Practitioner/ror-practitioner-exemple", JSON: `{"gender":"female"}`}},
	}
	for i, want := range []data.Offer{hospital, town} {
		got := *r.offers[i]
		v, w := reflect.ValueOf(got), reflect.ValueOf(want)
		for f := range v.NumField() {
			if !reflect.DeepEqual(v.Field(f).Interface(), w.Field(f).Interface()) {
				t.Errorf("%s: %s is\n%+v\nwant\n%+v", want.Name, v.Type().Field(f).Name, v.Field(f), w.Field(f))
			}
		}
	}
}

// exampleBeds: 15 installed, no supplementary one of a crisis, none free for a
// man or a woman and 3 for either.
func exampleBeds() []data.Capacity {
	row := data.Capacity{
		Nature: data.Bed, Status: data.Available, Temporality: data.Current, Source: data.ByHand, Assignment: 1, Updated: utc("2024-07-08T18:15:39Z"),
	}
	rows := slices.Repeat([]data.Capacity{row}, 5)
	rows[0].Status, rows[0].Number = data.Installed, 15
	rows[1].Status, rows[1].Additional, rows[1].Crisis = data.Supplementary, 3, 2
	rows[2].Sex = data.Men
	rows[3].Sex = data.Women
	rows[4].Sex, rows[4].Number = data.EitherSex, 3
	return rows
}

// What goes in comes out, but for what the examples write otherwise than the
// profiles: said here, one by one.
func TestExamplesRoundTrip(t *testing.T) {
	text := linked(examples(t))
	r := readText(t, "linked.json", text)
	got := written(t, r.offers)
	const years = `"unit": "a", "system": "http://unitsofmeasure.org", "code": "a"`
	text = strings.NewReplacer(
		`"7 rue porte de Buc 78000 Versailles"`, `"7 rue porte de Buc"`,
		`"45 rue du général Leclerc, 92270 BOIS-COLOMBES"`, `"45 rue du général Leclerc"`,
		`"103 rue des Bourguignons, 92270 BOIS-COLOMBES"`, `"103 rue des Bourguignons"`,
		`"01.01.01.01.01"`, `"+33101010101"`,
		`"value": 18`, `"value": 18,`+years, `"value": 90`, `"value": 90,`+years,
		`"value": 0
         }`, `"value": 0,`+years+`}`, `"value": 120`, `"value": 120,`+years,
		`"https://finess.esante.gouv.fr"`, `"http://finess.esante.gouv.fr"`,
		`"14 AV DE L'HOPITAL",`, `"14 AV DE L'HOPITAL"`, `"45000 ORLEANS"`, ``, "},\n      null", "}",
	).Replace(text)
	v, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range v.get("entry").items {
		resource := e.get("resource")
		name := resource.textOf("resourceType") + "/" + resource.textOf("id")
		want := canonical(t, resource.String())
		if got[name] != want {
			t.Errorf("%s is\n%s\nwant\n%s", name, got[name], want)
		}
	}
	if len(got) != 8 {
		t.Errorf("%d resources", len(got))
	}
}

// The faults that the examples of the guide have had from one edition to the
// next are put right and counted.
func TestExampleFaults(t *testing.T) {
	text := linked(examples(t))
	text = strings.Replace(text, `"system": "https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle",
        "code": "437"`, `"code": "437"`, 1)
	siren := `{"system": "http://sirene.fr", "value": "921317258"},`
	text = strings.Replace(text, `"identifier": [
     {
      "type": {
       "coding": [
        {
         "system": "https://mos.esante.gouv.fr/NOS/TRE_G07-TypeIdentifiantStructure/FHIR/TRE-G07-TypeIdentifiantStructure",
         "code": "40"`, `"identifier": [`+siren+siren+`
     {
      "type": {
       "coding": [
        {
         "system": "https://mos.esante.gouv.fr/NOS/TRE_G07-TypeIdentifiantStructure/FHIR/TRE-G07-TypeIdentifiantStructure",
         "code": "40"`, 1)
	r := readText(t, "faults.json", text)
	for what, want := range map[string]int{
		noteNoSystem + " (HealthcareService.specialty)": 1,
		noteSameNumber + " (Organization.identifier)":   2,
		noteLineCity + " (Organization.address.line)":   2,
		noteLineCity + " (Location.address.line)":       2,
	} {
		got := 0
		for _, tally := range []interface{ Times(string) int }{r.services, r.organizations, r.locations} {
			got += tally.Times(what)
		}
		if got != want {
			t.Errorf("%s: %d times, want %d", what, got, want)
		}
	}
	for _, o := range r.offers {
		for _, g := range o.Organizations {
			if g.Kind == data.LegalEntity && len(g.Identifiers) != 2 {
				t.Errorf("the legal entity has the numbers %v", g.Identifiers)
			}
		}
	}
	if a := r.offers[1].Activities; !slices.Equal(a, []data.Code{"R211|437"}) {
		t.Errorf("activities %v", a)
	}
}
