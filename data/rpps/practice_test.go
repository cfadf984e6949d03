package rpps_test

import (
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/rpps"
	"boussole/geo"
)

// The rules and the decisions, as they are printed.
const (
	ruleTwice       = "the same practice described again, by another kind of know-how or line: merged with the first"
	ruleStudent     = "a student, who stands in for somebody: left out"
	ruleReplacement = "stands in for another professional, whose practice is the offer: left out"
	ruleNoCare      = "an activity that is not care: left out"
	ruleNoPractice  = "no mode of practice and no place, as who has retired or is between two posts: left out"

	noteUTF8        = "a line that is not UTF-8: kept, the bytes that are none marked"
	noteProfession  = "a profession that the table does not hold: kept with its code"
	noteNotMapped   = "a profession or a specialty for which the ROR has no certain type or activity: kept with its code"
	noteNoSpecialty = "a physician without a specialty, or with know-how that does not tell it: kept with the codes, no type or activity"
	noteTypeOnly    = "a specialty for which the ROR has a type of cabinet and no certain activity: kept with the type"
	noteKnowHow     = "a know-how of no list: dropped, the profession kept"
	noteInside      = "in a hospital or another structure, of which the file names no service: kept without type or activity, its professional restricted"
	noteRestricted  = "in a cabinet, a centre or a pharmacy, but not in private practice: kept, its professional restricted"
	noteMode        = "a mode of practice that is not L, S, B or I: kept, not taken for private practice"
	noteFINESS      = "a FINESS number of a site that is wrong: dropped"
	noteLegalEntity = "a FINESS number of a legal entity that is wrong: dropped"
	noteSIRET       = "a SIRET whose key is wrong: kept"
	noteNoSIRET     = "a SIRET that has not fourteen digits: dropped"
	notePhone       = "a phone or fax number that nobody can call: dropped"
	noteMail        = "a mail address that is none: dropped"
	noteNamed       = "a line of the address that names somebody: dropped"
	noteNoAddress   = "no address: kept, unplaced"
	noteAbroad      = "an address abroad: kept, unplaced"
	noteByPostcode  = "no commune that the gazetteer holds: taken by its postcode and name"
	noteNoCommune   = "a commune that is not certain, by its code or by its postcode and name: kept, unplaced"
)

// viriat is the centre of Viriat in the gazetteer.
var viriat = geo.Point{Lat: 46.251, Lon: 5.223}

// A cabinet in town, whole.
func TestACabinet(t *testing.T) {
	got, r := one(t, change{siretOf: "99999999600009", phone2: "01 99 00 00 00", fax: "0199000001", mail: "cabinet@exemple.medecin.mssante.fr"})
	want := &data.Offer{
		ID:          got.ID,
		Identifiers: []data.Identifier{{System: "RPPS", Value: somebody(1)}},
		Name:        "Médecine générale", Type: "R244|196", Field: data.FieldPrivateTown, Activities: []data.Code{"R211|437"},
		Telecoms: []data.Telecom{
			{Channel: data.Phone, Value: "+33199000000", Level: data.LevelFree},
			{Channel: data.Fax, Value: "+33199000001", Level: data.LevelFree},
			{Channel: data.SecureMail, Value: "cabinet@exemple.medecin.mssante.fr", Level: data.LevelFree},
		},
		Practices: []data.Practice{{
			ID:          got.Practices[0].ID,
			Identifiers: []data.Identifier{{System: "RPPS", Value: somebody(1)}, {System: "SIRET", Value: "99999999600009"}},
			Prefix:      "Dr", Given: "PRÉNOM", Family: "EXEMPLE", Profession: "G15|10", Specialties: []data.Code{"R38|SM54"},
			Mode: "R23|L", Name: "CABINET DU DR EXEMPLE",
		}},
		Places: []data.Place{{
			ID: got.Places[0].ID,
			Address: data.Address{
				Number: "12", Suffix: "B", StreetType: "RTE", Street: "DE L EXEMPLE", Postcode: "01440", City: "VIRIAT",
				Commune: "01451", Departement: "01",
			},
			Point: viriat, Quality: data.AtCommune,
		}},
		Sources: []data.Provenance{{Source: "rpps", Date: data.NewDate(2026, 1, 15)}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	wantNotes := []string{}
	if !data.ValidSIRET("99999999600009") {
		wantNotes = append(wantNotes, noteSIRET)
	}
	checkNotes(t, "cabinet", r, wantNotes...)
}

// A salaried physician of a hospital: the structure is there, and says nothing of
// who works in it.
func TestInAHospital(t *testing.T) {
	got, r := one(t, hospital, change{siretOf: ""})
	id := func(number string) data.ID { return data.NewID("organization", "FINESS", number) }
	want := []data.Organization{
		{ID: id(site), Kind: data.Establishment, Name: "HOPITAL EXEMPLE", Parent: id(legal), Identifiers: []data.Identifier{{System: "FINESS", Value: site}}},
		{ID: id(legal), Kind: data.LegalEntity, Identifiers: []data.Identifier{{System: "FINESS", Value: legal}}},
	}
	if !reflect.DeepEqual(got.Organizations, want) {
		t.Errorf("of %+v, want %+v", got.Organizations, want)
	}
	if got.Name != "Exercice en structure" || got.Type != "" || got.Field != "" || got.Activities != nil || got.Telecoms != nil {
		t.Errorf("offers %+v", got)
	}
	if p := got.Places[0]; p.ID != data.NewID("place", "FINESS", site) || p.Point != viriat || p.Address.Street != "DE L EXEMPLE" {
		t.Errorf("at %+v", p)
	}
	for p := range data.Profile(data.Profiles) { // to who may not see that they work there, there is nothing
		if _, exists := got.For(data.Viewer{Profile: p}); exists != (p == 1 || p == 2 || p == 5) {
			t.Errorf("exists for profile %d: %v", p, exists)
		}
	}
	who := got.Practices[0]
	if who.Profession != "G15|10" || who.Mode != "R23|S" || len(who.Telecoms) != 1 || who.Telecoms[0].Level != data.LevelRestricted {
		t.Errorf("is %+v", who)
	}
	checkNotes(t, "hospital", r, noteInside)
}

// What decides of what is offered, and to whom it is shown who practises.
func TestSettings(t *testing.T) {
	salaried, pharmacist := change{mode: "S"}, change{profession: "21", knowHow: "", knowHowOf: "", sector: "SA33"}
	cases := []struct {
		name    string
		changes []change
		offers  string // type and activities
		private bool
		notes   []string
	}{
		{"a cabinet", nil, "R244|196 R211|437", true, nil},
		{"a group", []change{{sector: "SA08"}}, "R244|196 R211|437", true, nil},
		{"a company", []change{{sector: "SA09"}}, "R244|196 R211|437", true, nil},
		{"a health house", []change{{sector: "SA52", finess: site}}, "R244|196 R211|437", true, nil},
		{"no sector, liberal", []change{{sector: ""}}, "R244|196 R211|437", true, nil},
		{"no sector, liberal, at a site of FINESS", []change{{sector: "", finess: site}}, "", false, []string{noteInside}},
		{"no sector, salaried", []change{{sector: ""}, salaried}, "", false, []string{noteInside}},
		{"an unknown sector", []change{{sector: "SA99"}}, "", false, []string{noteInside}},
		{"salaried in a cabinet", []change{salaried}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"salaried in a health centre", []change{salaried, {sector: "SA05"}}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"a volunteer in a health centre", []change{{mode: "B", sector: "SA05"}}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"no mode in a cabinet", []change{{mode: ""}}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"an unknown mode in a cabinet", []change{{mode: "X"}}, "R244|196 R211|437", false, []string{noteRestricted, noteMode}},
		{"indirect in a cabinet", []change{{mode: "I"}}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"a soldier", []change{{category: "M"}}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"a civil servant", []change{{category: "F"}}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"of no category", []change{{category: ""}}, "R244|196 R211|437", false, []string{noteRestricted}},
		{"liberal in a private hospital", []change{{sector: "SA04", finess: site}}, "", false, []string{noteInside}},
		{"in a public hospital", []change{hospital}, "", false, []string{noteInside}},
		{"of the army's own", []change{salaried, {sector: "SA06", category: "M"}}, "", false, []string{noteInside}},
		{"owner of a pharmacy", []change{pharmacist}, "R211|628", true, nil},
		{"employee of a pharmacy", []change{pharmacist, salaried}, "R211|628", false, []string{noteRestricted}},
		{"pharmacist elsewhere", []change{pharmacist, {sector: "SA07"}}, "", true, []string{noteInside}},
		{"physician in a pharmacy", []change{{sector: "SA33"}}, "", true, []string{noteInside}},
	}
	for _, c := range cases {
		o, r := one(t, append([]change{{siretOf: ""}}, append(c.changes, change{siretOf: ""})...)...)
		var offers []string
		for _, code := range append([]data.Code{o.Type}, o.Activities...) {
			if code != "" {
				offers = append(offers, string(code))
			}
		}
		if got := strings.Join(offers, " "); got != c.offers {
			t.Errorf("%s: offers %q, want %q", c.name, got, c.offers)
		}
		if private := o.Field == data.FieldPrivateTown; private != c.private || o.Field != "" && !private {
			t.Errorf("%s: field %q, private %v", c.name, o.Field, c.private)
		}
		checkNotes(t, c.name, r, c.notes...)
	}
}

// Students, those who stand in, those who do not care and those who are nowhere.
func TestRules(t *testing.T) {
	none := change{mode: "", siretOf: "", structure: "", company: ""}
	cases := []struct {
		name    string
		changes []change
		rule    string // "" is kept
	}{
		{"a student", []change{{category: "E"}}, ruleStudent},
		{"stands in", []change{{activity: "GENR02"}}, ruleReplacement},
		{"stands in for care", []change{{activity: "GENR03"}}, ruleReplacement},
		{"stands in for a pharmacist", []change{{function: "FON-04"}}, ruleReplacement},
		{"stands in, by the function", []change{{function: "FON-22", activity: ""}}, ruleReplacement},
		{"stands in as a student", []change{{function: "FON-47"}}, ruleReplacement},
		{"stands in now and then", []change{{function: "FON-51"}}, ruleReplacement},
		{"assists", []change{{function: "FON-18"}}, ""},
		{"no care", []change{{activity: "GENR04"}}, ruleNoCare},
		{"administration", []change{{activity: "GENR09"}}, ruleNoCare},
		{"heads a service", []change{{activity: "GENR12"}}, ruleNoCare},
		{"medical administration", []change{{activity: "GENR13"}}, ruleNoCare},
		{"coordination", []change{{activity: "GENR08"}}, ""},
		{"another activity", []change{{activity: "GENR99"}}, ""},
		{"an activity that is not told", []change{{activity: ""}}, ""},
		{"neither mode nor place", []change{nowhere, none}, ruleNoPractice},
		{"a mode and no place", []change{nowhere, none, {mode: "L"}}, ""},
		{"a place and no mode", []change{none}, ""},
		{"a site and no mode", []change{nowhere, none, {finess: site}}, ""},
	}
	for _, c := range cases {
		r := read(t, file(header, line(c.changes...)))
		if r.err != nil || r.rejects != "" || len(r.offers) != r.kept || (r.skipped == 1) != (c.rule != "") {
			t.Errorf("%s: %d kept, %d skipped, %v, %s", c.name, r.kept, r.skipped, r.err, r.rejects)
		}
		if c.rule != "" {
			checkNotes(t, c.name, r, c.rule)
		}
	}
}

// What makes the same practice, and what another one.
func TestIdentity(t *testing.T) {
	base, _ := one(t)
	cases := []struct {
		name   string
		change change
		same   bool
	}{
		{"described again", change{}, true},
		{"another kind of know-how", change{knowHowOf: "C"}, true},
		{"another label", change{"Libellé savoir-faire": "MEDECINE GENERALE"}, true},
		{"another phone", change{phone: "0199000009"}, true},
		{"another mode", change{mode: "S"}, true},
		{"another writing of the address of one structure", change{street: "DE LEXEMPLE"}, true},
		{"another person", change{number: somebody(2)}, false},
		{"another profession", change{profession: "60"}, false},
		{"another know-how", change{knowHow: "CAPA06", knowHowOf: "CAPA"}, false},
		{"another structure", change{structure: "R99000000000002"}, false},
		{"a site of FINESS", change{finess: site}, false},
	}
	for _, c := range cases {
		r := read(t, file(header, line(), line(c.change)))
		if r.err != nil || r.rejects != "" || (r.skipped == 1) != c.same || r.notes[ruleTwice] != r.skipped {
			t.Errorf("%s: %d offers, %d skipped, %v", c.name, len(r.offers), r.skipped, r.err)
			continue
		}
		if r.offers[0].ID != base.ID || !c.same && (r.offers[1].ID == base.ID || r.offers[1].Practices[0].ID == base.Practices[0].ID) {
			t.Errorf("%s: ids %s and %s", c.name, r.offers[0].ID, r.offers[len(r.offers)-1].ID)
		}
	}
}

// The place by its strongest identifier: FINESS, the directory's own, SIRET, the
// address.
func TestWhereabouts(t *testing.T) {
	bare := change{finess: "", structure: "", siretOf: ""}
	cases := []struct {
		name     string
		from, to []change
		same     bool
	}{
		{"FINESS stands before the structure", []change{{finess: site}}, []change{{finess: site, structure: "R9"}}, true},
		{"a wrong FINESS number is none", []change{{finess: wrong}}, []change{{finess: ""}}, true},
		{"the structure stands before SIRET", []change{}, []change{{siretOf: "99999999600016"}}, true},
		{"SIRET without a structure", []change{bare, {siretOf: siret}}, []change{bare, {siretOf: siret, street: "AUTRE"}}, true},
		{"another SIRET", []change{bare, {siretOf: siret}}, []change{bare, {siretOf: "99999999600016"}}, false},
		{"the address alone", []change{bare}, []change{bare, {company: "AUTRE"}}, true},
		{"another address", []change{bare}, []change{bare, {numberOf: "14"}}, false},
		{"no address, as any other", []change{bare, nowhere}, []change{bare, nowhere, {phone: ""}}, true},
	}
	for _, c := range cases {
		a, _ := one(t, c.from...)
		b, _ := one(t, c.to...)
		if (a.ID == b.ID) != c.same {
			t.Errorf("%s: %s and %s", c.name, a.ID, b.ID)
		}
	}
}

func TestKnowHow(t *testing.T) {
	cases := []struct {
		name        string
		change      change
		offer       string
		offerType   data.Code
		specialties []data.Code
		notes       []string
	}{
		{"no specialty", change{knowHow: ""}, "Médecine", "", nil, []string{noteNoSpecialty}},
		{"a capacity", change{knowHow: "CAPA06"}, "Médecine", "", []data.Code{"R43|CAPA06"}, []string{noteNoSpecialty}},
		{"a specialty to come", change{knowHow: "SM99"}, "Médecine", "", []data.Code{"R38|SM99"}, []string{noteNoSpecialty}},
		{"of no list", change{knowHow: "ZZ 9"}, "Médecine", "", nil, []string{noteNoSpecialty, noteKnowHow}},
		{"a type without activity", change{knowHow: "SM20"}, "Gynécologie-obstétrique", "R244|194", []data.Code{"R38|SM20"}, []string{noteTypeOnly}},
		{"neither", change{knowHow: "SM59"}, "Médecine d'urgence", "", []data.Code{"R38|SM59"}, []string{noteNotMapped}},
		{"an exclusive competence", change{knowHow: "CEX64"}, "Urologie", "R244|224", []data.Code{"R40|CEX64"}, nil},
		{"a nurse", change{profession: "60", knowHow: ""}, "Soins infirmiers", "R244|225", nil, nil},
		{"a nurse with a know-how to come", change{profession: "60", knowHow: "SI99"}, "Soins infirmiers", "R244|225", []data.Code{"R38|SI99"}, nil},
		{"a specialty of another profession", change{profession: "60", knowHow: "SM04"}, "Soins infirmiers", "R244|225", []data.Code{"R38|SM04"}, nil},
		{"an optician", change{profession: "28", knowHow: ""}, "Optique-lunetterie", "", nil, []string{noteNotMapped}},
		{"a profession to come", change{profession: "77", knowHow: ""}, "Exercice professionnel", "", nil, []string{noteProfession, noteNotMapped}},
	}
	for _, c := range cases {
		o, r := one(t, change{siretOf: ""}, c.change)
		who := o.Practices[0]
		if o.Name != c.offer || o.Type != c.offerType || !slices.Equal(who.Specialties, c.specialties) {
			t.Errorf("%s: %q, %s, %v; want %q, %s, %v", c.name, o.Name, o.Type, who.Specialties, c.offer, c.offerType, c.specialties)
		}
		checkNotes(t, c.name, r, c.notes...)
	}
	for written, want := range map[string]data.Code{"10": "G15|10", "93": "R95|93", "41": "R94|41", "99": "R291|99", "77": "G15|77"} {
		if o, _ := one(t, change{profession: written, knowHow: ""}); o.Practices[0].Profession != want {
			t.Errorf("%s is %s, want %s", written, o.Practices[0].Profession, want)
		}
	}
}

// The structure, and where its name and number stand.
func TestStructures(t *testing.T) {
	const right = "73282932000074" // the key of the example that INSEE publishes
	if !data.ValidSIRET(right) || data.ValidSIRET(siret) {
		t.Fatal("the test's own numbers")
	}
	salaried := change{mode: "S", sector: "SA41", company: "FOYER EXEMPLE", siretOf: right}
	cases := []struct {
		name          string
		changes       []change
		organizations string // numbers
		named         string // the organization
		practice      string // name of the practice
		notes         []string
	}{
		{"a cabinet", []change{{siretOf: right}}, "", "", "CABINET DU DR EXEMPLE", nil},
		{"a cabinet at a site of FINESS", []change{{siretOf: right, finess: site, sector: "SA52"}}, "FINESS|" + site, "", "CABINET DU DR EXEMPLE", nil},
		{"a liberal in a clinic", []change{{siretOf: right, finess: site, sector: "SA04"}}, "FINESS|" + site, "", "CABINET DU DR EXEMPLE", []string{noteInside}},
		{"a pharmacy's owner", []change{{siretOf: right, profession: "21", sector: "SA33"}}, "", "", "CABINET DU DR EXEMPLE", nil},
		{"an employee of a home, by SIRET", []change{salaried}, "SIRET|" + right, "FOYER EXEMPLE", "", []string{noteInside}},
		{"both numbers", []change{salaried, {finess: site, finessEJ: legal}}, "FINESS|" + site + " SIRET|" + right + " FINESS|" + legal, "FOYER EXEMPLE", "", []string{noteInside}},
		{"a trade name", []change{salaried, {company: "", tradeName: "ENSEIGNE"}}, "SIRET|" + right, "ENSEIGNE", "", []string{noteInside}},
		{"neither number", []change{salaried, {siretOf: ""}}, "", "", "FOYER EXEMPLE", []string{noteInside}},
		{"an employee of a cabinet", []change{salaried, {sector: "SA07"}}, "", "", "FOYER EXEMPLE", []string{noteRestricted}},
		{"no sector", []change{salaried, {sector: ""}}, "", "", "FOYER EXEMPLE", []string{noteInside}},
		{"a wrong SIRET", []change{salaried, {siretOf: siret}}, "SIRET|" + siret, "FOYER EXEMPLE", "", []string{noteInside, noteSIRET}},
		{"no SIRET", []change{salaried, {siretOf: "732829320"}}, "", "", "FOYER EXEMPLE", []string{noteInside, noteNoSIRET}},
		{"a wrong site", []change{salaried, {finess: wrong, finessEJ: legal}}, "SIRET|" + right + " FINESS|" + legal, "FOYER EXEMPLE", "", []string{noteInside, noteFINESS}},
		{"a wrong legal entity", []change{salaried, {finess: site, finessEJ: wrong}}, "FINESS|" + site + " SIRET|" + right, "FOYER EXEMPLE", "", []string{noteInside, noteLegalEntity}},
	}
	for _, c := range cases {
		o, r := one(t, c.changes...)
		var numbers []string
		name := ""
		for _, g := range o.Organizations {
			for _, i := range g.Identifiers {
				numbers = append(numbers, i.String())
			}
			name += g.Name
		}
		if got := strings.Join(numbers, " "); got != c.organizations || name != c.named || o.Practices[0].Name != c.practice {
			t.Errorf("%s: %q named %q, practice %q; want %q, %q, %q", c.name, got, name, o.Practices[0].Name, c.organizations, c.named, c.practice)
		}
		checkNotes(t, c.name, r, c.notes...)
	}
}

func TestTelecoms(t *testing.T) {
	cases := []struct {
		name   string
		change change
		want   string
		notes  []string
	}{
		{"none", change{phone: ""}, "", nil},
		{"overseas", change{phone: "0262 99 00 00"}, "phone +262262990000", nil},
		{"no number", change{phone: "voir secrétariat"}, "", []string{notePhone}},
		{"three lines", change{phone: "0199000000", phone2: "0199000001", fax: "0199000002"}, "phone +33199000000, phone +33199000001, fax +33199000002", nil},
		{"a mailbox", change{phone: "", mail: "cabinet@exemple.fr"}, "mail cabinet@exemple.fr", nil},
		{"a secure mailbox", change{phone: "", mail: "x@exemple.MSSante.fr"}, "secure-mail x@exemple.MSSante.fr", nil},
		{"one that only looks secure", change{phone: "", mail: "x@notmssante.fr"}, "mail x@notmssante.fr", nil},
		{"no mailbox", change{phone: "", mail: "exemple.fr"}, "", []string{noteMail}},
		{"two mailboxes", change{phone: "", mail: "a@b.fr, c@d.fr"}, "", []string{noteMail}},
		{"a host without a dot", change{phone: "", mail: "a@b."}, "", []string{noteMail}},
	}
	for _, c := range cases {
		o, r := one(t, change{siretOf: ""}, c.change)
		var got []string
		for _, line := range o.Telecoms {
			got = append(got, line.Channel.String()+" "+line.Value)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		checkNotes(t, c.name, r, c.notes...)
	}
}

func TestAddresses(t *testing.T) {
	no := change{commune: "", siretOf: ""}
	cases := []struct {
		name     string
		changes  []change
		commune  string
		address  string
		quality  data.Quality
		notes    []string
		district string
	}{
		{"by its code", nil, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, nil, "01"},
		{"a CEDEX", []change{{lastLine: "01444 VIRIAT CEDEX 2", postBox: "CS 10000"}}, "01451", "12 B RTE DE L EXEMPLE, CS 10000, 01444 VIRIAT CEDEX 2", data.AtCommune, nil, "01"},
		{"no last line", []change{{lastLine: ""}}, "01451", "12 B RTE DE L EXEMPLE, 01440 Viriat", data.AtCommune, nil, "01"},
		{"a last line without postcode", []change{{lastLine: "VIRIAT"}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, nil, "01"},
		{"no code of a type", []change{{typeCode: ""}}, "01451", "12 B Route DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, nil, "01"},
		{"an old code", []change{{commune: "01999"}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, []string{noteByPostcode}, "01"},
		{"by the last line", []change{no, {postcode: "", city: ""}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, []string{noteByPostcode}, "01"},
		{"by postcode and name", []change{no, {lastLine: ""}}, "01451", "12 B RTE DE L EXEMPLE, 01440 Viriat", data.AtCommune, []string{noteByPostcode}, "01"},
		{"a CEDEX by its other postcode", []change{no, {lastLine: "01444 VIRIAT CEDEX"}}, "01451", "12 B RTE DE L EXEMPLE, 01444 VIRIAT CEDEX", data.AtCommune, []string{noteByPostcode}, "01"},
		{"another name", []change{no, {lastLine: "01440 AILLEURS", city: "Ailleurs"}}, "", "12 B RTE DE L EXEMPLE, 01440 AILLEURS", data.Unplaced, []string{noteNoCommune}, "01"},
		{"another postcode", []change{no, {lastLine: "01000 VIRIAT", postcode: "01000"}}, "", "12 B RTE DE L EXEMPLE, 01000 VIRIAT", data.Unplaced, []string{noteNoCommune}, "01"},
		{"an arrondissement", []change{no, {lastLine: "75015 PARIS", postcode: "75015", city: "Paris", department: "75"}}, "75115", "12 B RTE DE L EXEMPLE, 75015 PARIS", data.AtCommune, []string{noteByPostcode}, "75"},
		{"an arrondissement by its number", []change{no, {lastLine: "75015 PARIS 15", department: "75"}}, "75115", "12 B RTE DE L EXEMPLE, 75015 PARIS 15", data.AtCommune, []string{noteByPostcode}, "75"},
		{"overseas, as FINESS writes it", []change{{commune: "9D411", lastLine: "97400 ST DENIS", department: "9D"}}, "97411", "12 B RTE DE L EXEMPLE, 97400 ST DENIS", data.AtCommune, nil, "974"},
		{"abroad", []change{no, {lastLine: "1000 BRUXELLES", postcode: "1000", city: "", country: "99131", countryIs: "Belgique", department: ""}}, "", "12 B RTE DE L EXEMPLE, 1000 BRUXELLES, Belgique", data.Unplaced, []string{noteAbroad}, ""},
		{"the code of France", []change{{country: "99000"}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, nil, "01"},
		{"a commune stands before the country", []change{{country: "99131"}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, nil, "01"},
		{"a commune and nothing else", []change{nowhere, {commune: "01451"}}, "01451", "", data.AtCommune, nil, "01"},
		{"who is written to", []change{{addressee: "DR EXEMPLE"}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, nil, "01"},
		{"where in the building", []change{{locator: "BATIMENT B"}}, "01451", "BATIMENT B, 12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, nil, "01"},
		{"the name in the building", []change{{locator: "Cabinet Exemple"}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, []string{noteNamed}, "01"},
		{"a colleague's", []change{{locator: "CHEZ LE DR QUIDAM", postBox: "MME QUIDAM"}}, "01451", "12 B RTE DE L EXEMPLE, 01440 VIRIAT", data.AtCommune, []string{noteNamed, noteNamed}, "01"},
	}
	for _, c := range cases {
		o, r := one(t, append([]change{{siretOf: ""}}, c.changes...)...)
		p := o.Places[0]
		if p.Address.Commune != c.commune || p.Address.String() != c.address || p.Quality != c.quality || p.Address.In() != c.district {
			t.Errorf("%s: %s, %q, %s, in %q; want %s, %q, %s, in %q", c.name,
				p.Address.Commune, p.Address, p.Quality, p.Address.In(), c.commune, c.address, c.quality, c.district)
		}
		if p.Placed() != (p.Point != geo.Point{}) {
			t.Errorf("%s: %s at %v", c.name, p.Quality, p.Point)
		}
		checkNotes(t, c.name, r, c.notes...)
	}
}

func TestNoAddress(t *testing.T) {
	o, r := one(t, nowhere, change{siretOf: ""})
	if o.Places != nil {
		t.Errorf("at %+v", o.Places)
	}
	checkNotes(t, "no address", r, noteNoAddress)
	o, r = one(t, hospital, nowhere, change{siretOf: ""})
	if want := []data.Place{{ID: data.NewID("place", "FINESS", site)}}; !reflect.DeepEqual(o.Places, want) {
		t.Errorf("at %+v, want %+v", o.Places, want)
	}
	checkNotes(t, "no address, a site", r, noteInside, noteNoAddress)
}

// A place is shared by who has the same address to the number, and by no other.
func TestSharedPlaces(t *testing.T) {
	other := change{number: somebody(2), structure: "R99000000000002"}
	cases := []struct {
		name   string
		change change
		same   bool
	}{
		{"the same address", change{}, true},
		{"another number", change{numberOf: "13"}, false},
		{"another stairs", change{locator: "ESCALIER 2"}, false},
	}
	for _, c := range cases {
		r := read(t, file(header, line(), line(other, c.change)))
		if a, b := r.offers[0].Places[0].ID, r.offers[1].Places[0].ID; (a == b) != c.same {
			t.Errorf("%s: %s and %s", c.name, a, b)
		}
	}
	r := read(t, file(header, line(change{numberOf: ""}), line(other, change{numberOf: ""})))
	if r.offers[0].Places[0].ID == r.offers[1].Places[0].ID {
		t.Error("a street without a number is one place for all who are in it")
	}
}

// A byte that is none loses nothing but itself.
func TestNotUTF8(t *testing.T) {
	o, r := one(t, change{siretOf: "", street: "DE L\xc9T\xc9"})
	if got := o.Places[0].Address.Street; got != "DE L\ufffdT\ufffd" {
		t.Errorf("street %q", got)
	}
	checkNotes(t, "not UTF-8", r, noteUTF8)
}

// What names a person is nowhere but in the practice and in the numbers, so that
// each profile sees of it what the rules say, and what the file holds for one
// person changes nothing in what is free.
func TestWhoSeesThePerson(t *testing.T) {
	secrets := []change{{}, {
		number: somebody(7), title: "", family: "QUIDAM", "Prénom d'exercice": "AUTRE", company: "CABINET QUIDAM",
		tradeName: "CHEZ QUIDAM", addressee: "MADAME QUIDAM", phone: "0199000077", mail: "quidam@exemple.fr", siretOf: "99999999600016",
	}}
	cases := []struct {
		name    string
		changes []change
		seen    []data.Profile // who sees the person
	}{
		{"private practice", nil, []data.Profile{0, 1, 2, 3, 5}},
		{"a health house", []change{{sector: "SA52", finess: site}}, []data.Profile{0, 1, 2, 3, 5}},
		{"salaried in a cabinet", []change{{mode: "S"}}, []data.Profile{1, 2, 5}},
		{"a liberal in a clinic", []change{{sector: "SA04", finess: site}}, []data.Profile{1, 2, 5}},
		{"a soldier", []change{{category: "M"}}, []data.Profile{1, 2, 5}},
	}
	for _, c := range cases {
		var of [2]*data.Offer
		for i, secret := range secrets {
			of[i], _ = one(t, append(slices.Clone(c.changes), secret)...)
			of[i].ID, of[i].Practices[0].ID = "", "" // made of the number
		}
		for profile := range data.Profile(data.Profiles) {
			viewer := data.Viewer{Profile: profile}
			a, _ := of[0].For(viewer)
			b, _ := of[1].For(viewer)
			want := slices.Contains(c.seen, profile)
			if sees := len(a.Practices) > 0; sees != want {
				t.Errorf("%s: profile %d sees %+v", c.name, profile, a.Practices)
			}
			if same := reflect.DeepEqual(a, b); same == want {
				t.Errorf("%s: profile %d sees the same: %v\n%+v\n%+v", c.name, profile, same, a, b)
			}
		}
	}
	// The profession and the specialty of who is inside are the professional's too.
	a, _ := one(t, hospital)
	b, _ := one(t, hospital, change{profession: "60", knowHow: "SI07"})
	a.ID, b.ID = "", ""
	seenA, _ := a.For(data.Viewer{})
	seenB, _ := b.For(data.Viewer{})
	if !reflect.DeepEqual(seenA, seenB) {
		t.Errorf("the public tells a physician from a nurse:\n%+v\n%+v", seenA, seenB)
	}
}

// Merged with a register of sites, who works at one is where it is.
func TestMergedWithASite(t *testing.T) {
	at := geo.Point{Lat: 46.2227448, Lon: 5.2085961}
	register := data.Memory{{
		ID: "register", Name: "HÔPITAL EXEMPLE", Category: "R66|355",
		Identifiers:   []data.Identifier{{System: data.SystemFINESS, Value: site}},
		Organizations: []data.Organization{{ID: data.NewID("organization", "FINESS", site), Kind: data.Establishment, Name: "HÔPITAL EXEMPLE"}},
		Places: []data.Place{{
			ID: data.NewID("place", "FINESS", site), Address: data.Address{Street: "DU REGISTRE"}, Point: at, Quality: data.AtBuilding,
		}},
	}}
	for name, changes := range map[string][]change{
		"with an address": {hospital}, "without": {hospital, nowhere}, "a pharmacy": {{profession: "21", sector: "SA33", finess: site}},
	} {
		ledger := intake.NewLedger(io.Discard)
		practices := rpps.New(write(t, file(header, line(changes...))), ledger)
		var joined *data.Offer
		for o, err := range merge.New(ledger, register, practices).Offers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if len(o.Practices) > 0 {
				joined = o
			}
		}
		if p := joined.Places[0]; p.Point != at || p.Quality != data.AtBuilding || p.Address.Street != "DU REGISTRE" {
			t.Errorf("%s: at %+v", name, p)
		}
		if s, _ := joined.Site(); s.Name != "HÔPITAL EXEMPLE" || joined.Category != "" {
			t.Errorf("%s: of %+v, category %q", name, s, joined.Category)
		}
	}
}
