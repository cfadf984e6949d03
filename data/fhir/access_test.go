package fhir

import (
	"slices"
	"strings"
	"testing"

	"boussole/data"
)

// What each profile sees of what FHIR brings, attribute by attribute, as the
// order of 26 December 2023 (article 2), the access profiles and the mapping of
// the guide say it: a digit for each profile that sees the value, in a health
// establishment (field 01), in the medico-social field (04) and in private
// practice (05); a dash is a profile that does not. Written by hand from those
// texts, not from the table of the code.
func TestWhatEachProfileSees(t *testing.T) {
	const (
		everybody  = "012345"
		regulation = "-1----"
	)
	all := [3]string{everybody, everybody, everybody}
	only := [3]string{regulation, regulation, regulation}
	// Restricted: acts, specialisations, professions, competences, equipment;
	// profile 3 in the medico-social field only, profile 4 yes, they are neither
	// contact nor person.
	restricted := [3]string{"-12-45", "-12345", "-12-45"}
	free := [3]string{"0123-5", "0123-5", "0123-5"}    // a contact of level 1
	level2 := [3]string{"-12--5", "-123-5", "-12--5"}  // a contact of level 2
	crisis := [3]string{"-1--4-", "-1--4-", "-1--4-"}  // and the landing zone
	persons := [3]string{"-12--5", "-123-5", "0123-5"} // free in private practice
	operational := [3]string{"-12-4-", "-1234-", "-12-4-"}

	place := func(o *data.Offer) data.Place {
		if len(o.Places) == 0 {
			return data.Place{}
		}
		return o.Places[0]
	}
	site := func(o *data.Offer) data.Organization {
		if len(o.Organizations) == 0 {
			return data.Organization{}
		}
		return o.Organizations[0]
	}
	beds := func(want data.CapacityStatus) func(*data.Offer) bool {
		return func(o *data.Offer) bool {
			return slices.ContainsFunc(place(o).Capacity, func(c data.Capacity) bool { return c.Status == want })
		}
	}
	contact := func(name string) func(*data.Offer) bool {
		return func(o *data.Offer) bool {
			return slices.ContainsFunc(o.Contacts, func(c data.Contact) bool { return c.Name == name })
		}
	}
	lineOf := func(name, value string) func(*data.Offer) bool {
		return func(o *data.Offer) bool {
			for _, c := range o.Contacts {
				if c.Name == name && slices.ContainsFunc(c.Telecoms, func(t data.Telecom) bool { return t.Value == value }) {
					return true
				}
			}
			return false
		}
	}
	telecom := func(list func(*data.Offer) []data.Telecom, value string) func(*data.Offer) bool {
		return func(o *data.Offer) bool {
			return slices.ContainsFunc(list(o), func(t data.Telecom) bool { return t.Value == value })
		}
	}
	offers := func(o *data.Offer) []data.Telecom { return o.Telecoms }
	places := func(o *data.Offer) []data.Telecom { return place(o).Telecoms }
	sites := func(o *data.Offer) []data.Telecom { return site(o).Telecoms }
	cases := []struct {
		name string
		seen func(*data.Offer) bool
		by   [3]string
	}{
		{"technical id", func(o *data.Offer) bool { return o.Record.ID == "s1" }, all},
		{"meta", func(o *data.Offer) bool { return !o.Record.Updated.IsZero() && !o.Record.Created.IsZero() }, all},
		{"identifier", func(o *data.Offer) bool { return numberOf(o.Identifiers, data.SystemROR) == "94/1" }, all},
		{"name", func(o *data.Offer) bool { return o.Name == "Offre" }, all},
		{"type", func(o *data.Offer) bool { return o.Type == "R244|30" }, all},
		{"field", func(o *data.Offer) bool { return o.Field != "" }, all},
		{"activity", func(o *data.Offer) bool { return o.Activities != nil }, all},
		{"family", func(o *data.Offer) bool { return o.Family == "J51|019" }, all},
		{"mode of care", func(o *data.Offer) bool { return o.CareModes != nil }, all},
		{"level of expertise", func(o *data.Offer) bool { return slices.Contains(o.Characteristics, "R344|01") }, all},
		{"hours", func(o *data.Offer) bool { return o.Hours.Weekly != nil }, all},
		{"audience", func(o *data.Offer) bool { return o.Audience != nil }, all},
		{"ages", func(o *data.Offer) bool { return o.Ages.Min != 0 }, all},
		{"intervention zone", func(o *data.Offer) bool { return o.Zones != nil }, all},
		{"care without consent", func(o *data.Offer) bool { return o.NoConsent == data.Yes }, all},
		{"psychiatric sector", func(o *data.Offer) bool { return o.PsychiatricSectors != nil }, all},
		{"closing dates", func(o *data.Offer) bool { return o.Hours.Closures != nil }, all},
		{"specific act", func(o *data.Offer) bool { return slices.Contains(o.Acts, "R210|0459") }, restricted},
		{"act outside the practice", func(o *data.Offer) bool { return slices.Contains(o.OutsideActs, "R210|0460") }, restricted},
		{"specialisation", func(o *data.Offer) bool { return o.Specialisations != nil }, restricted},
		{"resource profession", func(o *data.Offer) bool { return o.Resources != nil }, restricted},
		{"specific competence", func(o *data.Offer) bool { return o.Competences != nil }, restricted},
		{"contact of level 1", contact("L1"), free},
		{"contact of level 2", contact("L2"), level2},
		{"contact of level 3", contact("L3"), only},
		{"contact of no level", contact("L-"), only},
		{"contact of a level that does not exist", contact("L9"), only},
		{"line of level 1 in a contact of level 1", lineOf("L1", "+33199000001"), free},
		{"line of level 2 in a contact of level 1", lineOf("L1", "+33199000002"), level2},
		{"line of level 3 in a contact of level 1", lineOf("L1", "+33199000003"), only},
		{"line of no level in a contact of level 1", lineOf("L1", "+33199000004"), only},
		{"line of level 1 in a contact of level 3", lineOf("L3", "+33199000001"), only},
		{"secure mail of level 1", telecom(offers, "a1@x.mssante.fr"), free},
		{"secure mail of level 2", telecom(offers, "a2@x.mssante.fr"), level2},
		{"secure mail of level 3", telecom(offers, "a3@x.mssante.fr"), only},
		{"secure mail of no level", telecom(offers, "a4@x.mssante.fr"), only},
		{"name of the place", func(o *data.Offer) bool { return place(o).Name == "Lieu" }, all},
		{"how to get to the place", func(o *data.Offer) bool { return place(o).Description != "" }, all},
		{"function of the place", func(o *data.Offer) bool { return place(o).Function != "" }, all},
		{"identifiers of the place", func(o *data.Offer) bool { return len(place(o).Identifiers) == 2 }, all},
		{"status of the place", func(o *data.Offer) bool { return place(o).Status != "" }, all},
		{"address of the place", func(o *data.Offer) bool { return place(o).Address.City != "" }, all},
		{"coordinates of the place", func(o *data.Offer) bool { p := place(o); return p.Placed() }, all},
		{"line of the place, level 1", telecom(places, "+33199000001"), persons}, // the same rule: private practice alone is free
		{"line of the place, level 3", telecom(places, "+33199000003"), only},
		{"equipment", func(o *data.Offer) bool { return place(o).Equipment != nil }, restricted},
		{"dwellings", func(o *data.Offer) bool { return place(o).Residential != nil }, restricted},
		{"installed beds", beds(data.Installed), all},
		{"available beds", beds(data.Available), operational},
		{"occupied beds", beds(data.Occupied), restricted},
		{"beds of a crisis", beds(data.Supplementary), crisis},
		{"name of the establishment", func(o *data.Offer) bool { return site(o).Name == "EG" }, all},
		{"numbers of the establishment", func(o *data.Offer) bool { return numberOf(site(o).Identifiers, data.SystemFINESS) != "" }, all},
		{"category of the establishment", func(o *data.Offer) bool { return site(o).Category != "" }, all},
		{"address of the establishment", func(o *data.Offer) bool { return site(o).Address.City != "" }, all},
		{"price", func(o *data.Offer) bool { return site(o).Prices != nil }, all},
		{"financial help", func(o *data.Offer) bool { return site(o).FinancialHelps != nil }, all},
		{"rank of a practice in the establishment", func(o *data.Offer) bool { return numberOf(site(o).Identifiers, data.SystemRPPSR) != "" },
			[3]string{"-12--5", "-12--5", "-12--5"}}, // an establishment stands behind offers of several fields
		{"line of the establishment, level 1", telecom(sites, "+33199000001"), free},
		{"line of the establishment, level 3", telecom(sites, "+33199000003"), only},
		{"ORSAN level", func(o *data.Offer) bool { return site(o).ORSAN != "" }, crisis},
		{"landing zone", func(o *data.Offer) bool { return site(o).DropZone != data.Unknown }, crisis},
		{"professional", func(o *data.Offer) bool { return o.Practices != nil }, persons},
		{"what no profile names", func(o *data.Offer) bool { return o.Unlisted != nil }, only},
	}
	for i, field := range []string{"01", "04", "05"} {
		full := theOffer(t, field, false)
		for _, c := range cases {
			if !c.seen(&full) {
				t.Errorf("field %s: %s was not read", field, c.name)
				continue
			}
			var got strings.Builder
			for profile := range data.Profile(data.Profiles) {
				seen, ok := full.For(data.Viewer{Profile: profile})
				if ok && c.seen(&seen) {
					got.WriteByte('0' + byte(profile))
				} else {
					got.WriteByte('-')
				}
			}
			if got.String() != c.by[i] {
				t.Errorf("field %s: %s is seen by %s, want %s", field, c.name, &got, c.by[i])
			}
		}
		secret := theOffer(t, field, true)
		for profile := range data.Profile(data.Profiles) {
			if _, ok := secret.For(data.Viewer{Profile: profile}); ok != (profile == 1) {
				t.Errorf("field %s: profile %d sees a sensitive unit: %t", field, profile, ok)
			}
		}
	}
}

// theOffer is one offer with every attribute of the tables.
func theOffer(t *testing.T, field string, sensitive bool) data.Offer {
	t.Helper()
	lineOf := func(value string, levels ...string) string {
		extensions := `{"url":"` + guide + `ror-telecom-communication-channel","valueCodeableConcept":` + code("R200-CanalCommunication", "2") + `}`
		for _, l := range levels {
			extensions += "," + level(guide+"ror-telecom-confidentiality-level", l)
		}
		return `{"value":"` + value + `","extension":[` + extensions + `]}`
	}
	lines := "[" + lineOf("0199000001", "1") + "," + lineOf("0199000003", "3") + "]"
	mails := "[" + strings.ReplaceAll(lineOf("a1@x.mssante.fr", "1")+","+lineOf("a2@x.mssante.fr", "2")+","+lineOf("a3@x.mssante.fr", "3")+","+lineOf("a4@x.mssante.fr"),
		code("R200-CanalCommunication", "2"), code("R256-TypeMessagerie", "MSSANTE")) + "]"
	contact := func(name string, parts ...string) string {
		return `{"url":"` + guide + `ror-healthcareservice-contact","extension":[{"url":"name","valueHumanName":{"text":"` + name + `"}},` + strings.Join(parts, ",") + `]}`
	}
	inside := func(value, l string) string {
		extensions := `{"url":"telecomAddress","valueString":"` + value + `"},{"url":"` + guide + `ror-telecom-communication-channel","valueCodeableConcept":` + code("R200-CanalCommunication", "2") + `}`
		if l != "" {
			extensions += "," + level(guide+"ror-telecom-confidentiality-level", l)
		}
		return `{"url":"` + guide + `ror-healthcareservice-contact-telecom","extension":[` + extensions + `]}`
	}
	act := func(value, kind string) string {
		return strings.TrimSuffix(code("R210-ActeSpecifique", value), "}") + `,"extension":[{"url":"` + guide + `ror-act-type","valueCode":"` + kind + `"}]}`
	}
	crisis := strings.Replace(beds("06", 4), `"extension":[`, `"extension":[{"url":"crisisType","valueCodeableConcept":`+code("R336-TypeCrise", "02")+`},`, 1)
	isSensitive := "false"
	if sensitive {
		isSensitive = "true"
	}
	text := `{"resourceType":"HealthcareService","id":"s1","meta":{"lastUpdated":"2024-05-01T10:00:00Z"},"extension":[
{"url":"` + guide + `ror-meta-creation-date","valueDateTime":"2023-01-01T00:00:00Z"},
{"url":"` + guide + `ror-healthcareservice-sensitive-unit","valueBoolean":` + isSensitive + `},
{"url":"` + guide + `ror-healthcareservice-no-consent-habilitation","valueBoolean":true},
{"url":"` + guide + `ror-healthcareservice-psychiatric-sector","valueString":"75G01"},
{"url":"` + guide + `ror-territorial-division","extension":[{"url":"typeTerritorialDivision","valueCodeableConcept":` + code("R201-TypeDivisionTerritoriale", "3") + `},{"url":"codeTerritorialDivision","valueCodeableConcept":` + code("R13-Commune", "29151") + `}]},
{"url":"` + guide + `ror-healthcareservice-patient-type","extension":[{"url":"supportedPatientInfo","valueCodeableConcept":` + code("R239-PublicPrisEnCharge", "01") + `},{"url":"ageRange","valueRange":{"low":{"value":18},"high":{"value":90}}}]},
` + contact("L1", level("confidentialityLevel", "1"), inside("0199000001", "1"), inside("0199000002", "2"), inside("0199000003", "3"), inside("0199000004", "")) + `,
` + contact("L2", level("confidentialityLevel", "2")) + `,` + contact("L3", level("confidentialityLevel", "3"), inside("0199000001", "1")) + `,
` + contact("L-", `{"url":"description","valueString":"x"}`) + `,` + contact("L9", level("confidentialityLevel", "9")) + `,
{"url":"https://example.org/new","valueString":"x"}],
"identifier":[{"value":"94/1"}],"name":"Offre","category":[` + code("R244-CategorieOrganisation", "30") + `],"type":[` + code("R227-ChampActivite", field) + `],
"specialty":[` + code("R211-ActiviteOperationnelle", "157") + `,` + strings.ReplaceAll(code("R0", "019"), tre("R0"), jdv("J51-FamilleActiviteOperationnelle-ROR")) + `],
"characteristic":[` + code("R213-ModePriseEnCharge", "28") + `,` + code("R344-NiveauExpertise", "01") + `,` + act("0459", "specificAct") + `,` + act("0460", "outsideOfficeAct") + `,
` + code("R245-SpecialisationDePriseEnCharge", "24") + `,` + code("R350-ProfessionRessource", "1") + `,` + code("R243-CompetenceSpecifique", "05") + `],
"availableTime":[{"extension":[{"url":"` + guide + `ror-available-time-number-days-of-week","valueInteger":1}],"availableStartTime":"09:00:00","availableEndTime":"19:00:00"}],
"notAvailable":[{"id":"closingReopeningDate","description":"x","during":{"start":"2026-08-01","end":"2026-09-01"}}],
"telecom":` + mails + `,"providedBy":{"reference":"Organization/g1"},"location":[{"reference":"Location/l1"}]}
{"resourceType":"Location","id":"l1","identifier":[{"type":` + code("R354-TypeIdentifiantRessourceOperationnelle", "25") + `,"value":"94/9"},{"type":` + code("R354-TypeIdentifiantRessourceOperationnelle", "26") + `,"value":"UF1"}],
"name":"Lieu","description":"Au fond","type":[` + code("R343-FonctionLieu", "001") + `],"operationalStatus":{"system":"` + tre("R203-StatutLieu") + `","code":"OP"},
"address":{"city":"Orléans"},"position":{"latitude":48,"longitude":2},"telecom":` + lines + `,"extension":[
{"url":"` + guide + `ror-location-equipment","extension":[{"url":"equipmentType","valueCodeableConcept":` + code("R212-Equipement", "088") + `}]},
{"url":"` + guide + `ror-location-residential-capacity","extension":[{"url":"residentialType","valueCodeableConcept":` + code("R242-TypeHabitation", "03") + `},{"url":"residentialNumber","valueInteger":3}]},
` + beds("01", 15) + `,` + beds("02", 2) + `,` + beds("03", 3) + `,` + crisis + `]}
{"resourceType":"Organization","id":"g1","name":"EG","type":[` + code("R66-CategorieEtablissement", "355") + `],"identifier":[
{"type":` + code("G07-TypeIdentifiantStructure", "1") + `,"value":"450000000"},{"type":` + code("G07-TypeIdentifiantStructure", "4") + `,"value":"81010237961601"}],
"address":[{"city":"Orléans"}],"telecom":` + lines + `,"extension":[
{"url":"` + guide + `ror-organization-price","extension":[{"url":"amount","valueMoney":{"value":60,"currency":"EUR"}}]},
{"url":"` + guide + `ror-organization-financial-help-type","valueCodeableConcept":` + code("R241-AideFinanciere", "02") + `},
{"url":"` + guide + `ror-organization-level-recourse-orsan","valueCodeableConcept":` + code("R284-NiveauRecoursORSAN", "1") + `},
{"url":"` + guide + `ror-organization-drop-zone","valueBoolean":true}]}
{"resourceType":"Practitioner","id":"p1","name":[{"family":"EXEMPLE"}]}
{"resourceType":"PractitionerRole","id":"r1","practitioner":{"reference":"Practitioner/p1"},"healthcareService":[{"reference":"HealthcareService/s1"}]}
`
	r := readText(t, "rich.json", text)
	if r.err != nil || len(r.offers) != 1 {
		t.Fatalf("%v, %s", r.err, r.rejects)
	}
	return *r.offers[0]
}
