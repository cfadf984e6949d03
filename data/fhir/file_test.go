package fhir

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
)

const (
	aService  = `{"resourceType":"HealthcareService","id":"s1","identifier":[{"value":"94/1"}],"location":[{"reference":"Location/l1"}],"providedBy":{"reference":"Organization/g1"}}`
	aLocation = `{"resourceType":"Location","id":"l1","name":"Lieu"}`
	anOrg     = `{"resourceType":"Organization","id":"g1","name":"EG"}`
)

// The same resources in every form that they may come in.
func TestForms(t *testing.T) {
	bundle := func(resources ...string) string {
		return `{"resourceType":"Bundle","entry":[{"resource":` + strings.Join(resources, `},{"resource":`) + `}]}`
	}
	forms := map[string]map[string]string{
		"a bundle":                     {"a.json": bundle(aService, aLocation, anOrg)},
		"a bundle, the type last":      {"a.json": `{"entry":[{"resource":` + aService + `},{"resource":` + aLocation + `},{"resource":` + anOrg + `}],"resourceType":"Bundle"}`},
		"a bundle after a mark":        {"a.json": "\ufeff \n" + bundle(anOrg, aLocation, aService)},
		"an indented bundle":           {"a.json": indent(bundle(aService, aLocation, anOrg))},
		"slices":                       {"1.json": bundle(aService), "2.json": bundle(aLocation), "3.json": bundle(anOrg)},
		"lines":                        {"a.ndjson": aService + "\n\n" + aLocation + "\r\n" + anOrg},
		"lines of types":               {"HealthcareService.ndjson": aService + "\n", "Location.ndjson": aLocation + "\n", "Organization.ndjson": anOrg},
		"documents one after another":  {"a.json": indent(aService) + "\n" + indent(aLocation) + indent(anOrg)},
		"files of one resource":        {"a.json": aService, "b.json": indent(aLocation), "sub/c.json": anOrg},
		"a file without an end, mixed": {"a.json": bundle(aService, anOrg), "b.ndjson": aLocation},
	}
	var want string
	for _, name := range []string{"a bundle", "a bundle, the type last", "a bundle after a mark", "an indented bundle", "slices", "lines", "lines of types", "documents one after another", "files of one resource", "a file without an end, mixed"} {
		dir := t.TempDir()
		for file, content := range forms[name] {
			path := filepath.Join(dir, file)
			os.MkdirAll(filepath.Dir(path), 0o755)
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		os.WriteFile(filepath.Join(dir, "readme.txt"), []byte("no FHIR"), 0o644)
		r := readPaths(dir)
		if r.err != nil || len(r.offers) != 1 {
			t.Errorf("%s: %v, %d offers, %s", name, r.err, len(r.offers), r.rejects)
			continue
		}
		got, _ := json.Marshal(r.offers[0])
		if want == "" {
			want = string(got)
		}
		if string(got) != want || len(r.offers[0].Places) != 1 || len(r.offers[0].Organizations) != 1 {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

func indent(text string) string {
	var b bytes.Buffer
	json.Indent(&b, []byte(text), "", "  ")
	return b.String()
}

// References name an entry of the bundle, or a resource of a server, with its
// version.
func TestReferences(t *testing.T) {
	const uuid = "0c1ae4f5-1111-2222-3333-444455556666"
	for _, c := range []struct{ reference, entry string }{
		{"Location/l1", aLocation},
		{"https://ror.example.org/fhir/Location/l1", aLocation},
		{"Location/l1/_history/3", aLocation},
		{"urn:uuid:" + uuid, aLocation},
		{"urn:uuid:" + uuid, strings.Replace(aLocation, `"id":"l1",`, "", 1)},
	} {
		service := strings.Replace(aService, "Location/l1", c.reference, 1)
		r := readText(t, "a.json", `{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:`+uuid+`","resource":`+c.entry+`},{"resource":`+service+`}]}`)
		if r.err != nil || len(r.offers) != 1 || len(r.offers[0].Places) != 1 {
			t.Errorf("%s: %v, %s %s", c.reference, r.err, r.table(), r.rejects)
		}
	}
	role := `{"resourceType":"PractitionerRole","id":"r1","healthcareService":[{"reference":"urn:uuid:` + uuid + `"},{"reference":"HealthcareService/s1"}]}`
	other := `{"resourceType":"PractitionerRole","id":"r2","healthcareService":[{"reference":"HealthcareService/` + uuid + `"},{"reference":"HealthcareService/s11"}]}`
	for _, entries := range []string{
		`{"resource":` + role + `},{"fullUrl":"urn:uuid:` + uuid + `","resource":` + aService + `},{"resource":` + other + `}`,
		`{"resource":` + other + `},{"fullUrl":"urn:uuid:` + uuid + `","resource":` + aService + `},{"resource":` + role + `}`,
	} {
		r := readText(t, "a.json", `{"resourceType":"Bundle","entry":[`+entries+`]}`)
		if r.err != nil || len(r.offers) != 1 || len(r.offers[0].Practices) != 2 || r.offers[0].Practices[0].ID == r.offers[0].Practices[1].ID {
			t.Errorf("%v, %+v, %s", r.err, r.offers[0].Practices, r.table())
		}
	}
	for _, reference := range []string{"Organization/l1", "#l1", "Location/", "xLocation/l1", "Location/l 1"} {
		r := readText(t, "a.ndjson", strings.Replace(aService, "Location/l1", reference, 1)+"\n"+aLocation)
		if len(r.offers) != 1 || len(r.offers[0].Places) != 0 || r.services.Times(noteReference+" (HealthcareService.location)") != 1 {
			t.Errorf("%s was followed, or not counted: %s", reference, r.table())
		}
	}
}

// The chain of organizations ends where it is cut, and where it bites its tail.
func TestChains(t *testing.T) {
	link := func(id, above string) string {
		return `{"resourceType":"Organization","id":"` + id + `","partOf":{"reference":"Organization/` + above + `"}}` + "\n"
	}
	for _, c := range []struct {
		name, organizations string
		length              int
		note                string
	}{
		{"whole", link("g1", "g2") + `{"resourceType":"Organization","id":"g2"}`, 2, ""},
		{"cut", link("g1", "g2") + link("g2", "g3"), 2, noteNoParent},
		{"missing", "", 0, noteNoOrganization},
		{"of itself", link("g1", "g1"), 1, noteCycle},
		{"a ring", link("g1", "g2") + link("g2", "g3") + link("g3", "g1"), 3, noteCycle},
	} {
		r := readText(t, "a.ndjson", aService+"\n"+c.organizations)
		if len(r.offers) != 1 || len(r.offers[0].Organizations) != c.length || c.note != "" && r.services.Times(c.note) != 1 {
			t.Errorf("%s: %s", c.name, r.table())
		}
	}
}

// A file that is damaged as a whole is an error that says where.
func TestDamagedFiles(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"cut in an entry", `{"resourceType":"Bundle","entry":[{"resource":` + aLocation + `},{"resource":{"res`, "entry 2: the file ends in the middle"},
		{"cut after an entry", `{"resourceType":"Bundle","entry":[{"resource":` + aLocation + `}`, "before entry 2: the file ends in the middle"},
		{"cut in a name", `{"resourceType":"Bundle","entr`, "the file ends in the middle"},
		{"no comma", `{"resourceType":"Bundle","entry":[{"resource":` + aLocation + `} {"resource":`, `before entry 2: '{' where one of ",]" is due`},
		{"no object", `[1,2]`, `'[' where one of "{" is due`},
		{"text", `hello`, `'h' where one of "{" is due`},
		{"entries of no bundle", "{\n\"resourceType\":\"List\",\"entry\":[{\"item\":1}]}", `entries in a "List", not in a Bundle`},
		{"a resource that is not JSON", "{\n\"resourceType\": Location}", "not JSON after"},
	} {
		r := readText(t, "a.json", c.content)
		if r.err == nil || !strings.Contains(r.err.Error(), c.want) || !strings.Contains(r.err.Error(), "a.json: after ") {
			t.Errorf("%s: %v, want %s", c.name, r.err, c.want)
		}
	}
	if r := readPaths(filepath.Join(t.TempDir(), "none.json")); !errors.Is(r.err, os.ErrNotExist) {
		t.Errorf("%v", r.err)
	}
}

// One resource that cannot be used takes nothing with it.
func TestRejects(t *testing.T) {
	entry := func(texts ...string) string {
		return `{"resourceType":"Bundle","entry":[` + strings.Join(texts, ",") + `,{"resource":` + aService + `}]}`
	}
	for _, c := range []struct{ name, file, content, want string }{
		{"not JSON", "a.json", entry(`{"resource":{"id":}}`), "fhir,1,a.json,,not JSON after 19 bytes: invalid character '}' looking for beginning of value\n"},
		{"a name twice", "a.json", entry(`{"resource":{"resourceType":"Location","id":"1","id":"2"}}`), "fhir,1,a.json,,the same name twice in an object\n"},
		{"nested", "a.json", entry(`{"resource":` + strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70) + `}`), "fhir,1,a.json,,nested deeper than 64 levels\n"},
		{"too long", "a.json", entry(`{"resource":{"id":"` + strings.Repeat("x", maxResource) + `"}}`), "fhir,1,a.json,,longer than 4194304 bytes\n"},
		{"no object", "a.json", entry(`7`), "fhir,1,a.json,,not an object\n"},
		{"no resource", "a.json", entry(`{"fullUrl":"x"}`), "fhir,1,a.json,resource,an entry without a resource\n"},
		{"no type", "a.json", entry(`{"resource":{"id":"1"}}`), "fhir,1,a.json,resourceType,a resource without its type\n"},
		{"an id that is none", "a.json", entry(`{"resource":{"resourceType":"Location","id":"../x"}}`), "fhir,1,a.json: Location/,Location.id,\"\"\"../x\"\" is not an id\"\n"},
		{"no id", "a.json", entry(`{"resource":{"resourceType":"Location"}}`), "fhir,1,a.json: Location/,Location.id,a resource that nothing can refer to\n"},
		{"an offer without identity", "a.json", entry(`{"resource":{"resourceType":"HealthcareService"}}`), "fhir,1,a.json: HealthcareService/,HealthcareService.identifier,an offer without a number and without an id\n"},
		{"escapes", "a.json", entry(`{"resource":{"resourceType":"Healthcare\u0053ervice","id":"x"}}`), "fhir,1,a.json: HealthcareService/x,HealthcareService.resourceType,written with escapes\n"},
		{"a line", "a.ndjson", aService + "\n{\"resourceType\":\n" + aLocation, "fhir,2,a.ndjson,,not JSON after 16 bytes: unexpected end of JSON input\n"},
		{"a long line", "a.ndjson", aService + "\n{\"id\":\"" + strings.Repeat("x", 1<<20) + "\"}\n", "fhir,2,a.ndjson,,longer than a mebibyte\n"},
	} {
		r := readText(t, c.file, c.content)
		if r.err != nil || len(r.offers) != 1 || r.rejects.String() != "source,line,record,field,reason\n"+c.want {
			t.Errorf("%s: %v, %d offers, %.300s want %s", c.name, r.err, len(r.offers), r.rejects, c.want)
		}
	}
}

func TestCancelled(t *testing.T) {
	var lines strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&lines, `{"resourceType":"HealthcareService","id":"s%d"}`+"\n", i)
	}
	for _, name := range []string{"a.ndjson", "a.json"} {
		content := lines.String()
		if name == "a.json" {
			content = `{"entry":[` + strings.TrimSuffix(strings.ReplaceAll(content, "\n", ","), ",") + `]}`
			content = strings.ReplaceAll(content, `{"resourceType":"H`, `{"resource":{"resourceType":"H`)
			content = strings.ReplaceAll(content, `"}`, `"}}`)
			content = strings.TrimSuffix(content, "}") + `,"resourceType":"Bundle"}`
		}
		path := filepath.Join(t.TempDir(), name)
		os.WriteFile(path, []byte(content), 0o644)
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		var last error
		for _, err := range New([]string{path}, intake.NewLedger(io.Discard)).Offers(ctx) {
			if last = err; err == nil {
				n++
			}
			cancel()
		}
		if n == 0 || n > 600 || !errors.Is(last, context.Canceled) {
			t.Errorf("%s: %d offers, %v", name, n, last)
		}
		cancel()
	}
}

// Whoever wants no more gets no more.
func TestStopped(t *testing.T) {
	r := New([]string{filepath.Dir(madeFile(t))}, intake.NewLedger(io.Discard))
	for range r.Offers(context.Background()) {
		break
	}
	if r.services.Kept != 1 {
		t.Errorf("%d offers were read", r.services.Kept)
	}
}

func madeFile(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "a.ndjson")
	d := dice{rand.New(rand.NewPCG(1, 1))}
	if err := os.WriteFile(path, []byte(ndjson(t, d.world(5))), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The order of the files does not count: the same offers, to the byte.
func TestOrderDoesNotCount(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(3, 3))}
	all := d.world(30)
	var want map[string]string
	for range 3 {
		d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		got := make(map[string]string)
		for _, o := range readText(t, "a.ndjson", ndjson(t, all)).offers {
			text, _ := json.Marshal(o)
			got[string(o.ID)] = string(text)
		}
		if want == nil {
			want = got
		}
		for id, text := range want {
			if got[id] != text {
				t.Fatalf("%s\nwant\n%s", got[id], text)
			}
		}
	}
}

// What FINESS and the statistics have can be written too, and read again.
func TestOtherSourcesAreWritten(t *testing.T) {
	o := data.Offer{
		ID: "abcdefgh", Name: "PHARMACIE", Category: "R66|620", Activities: []data.Code{"SAE|URG_GEN"},
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "010000024"}},
		Places:      []data.Place{{ID: "place", Address: data.Address{Commune: "01451", City: "VIRIAT"}, Capacity: []data.Capacity{{Nature: data.Bed, Status: data.Installed, Source: data.Statistics, Number: 3}}}},
		Organizations: []data.Organization{
			{ID: "eg", Kind: data.Establishment, Category: "R66|620", Parent: "ej", Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "010000024"}}},
			{ID: "ej", Kind: data.LegalEntity, Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "010000032"}}},
		},
		Practices: []data.Practice{{ID: "practice", Family: "X", Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: "10102379616"}}}},
	}
	var b bytes.Buffer
	if err := WriteBundle(&b, seqOf([]*data.Offer{&o})); err != nil {
		t.Fatal(err)
	}
	r := readText(t, "a.json", b.String())
	if r.err != nil || len(r.offers) != 1 {
		t.Fatalf("%v, %s", r.err, &b)
	}
	got := r.offers[0]
	if got.Identifiers[0] != o.Identifiers[0] || got.Name != o.Name || got.Places[0].Capacity[0].Number != 3 ||
		len(got.Organizations) != 2 || got.Organizations[1].FINESS() != "010000032" || got.Practices[0].Family != "X" ||
		got.Practices[0].Identifiers[0] != o.Practices[0].Identifiers[0] || got.Sensitive {
		t.Errorf("%+v\n%s", got, &b)
	}
}

// The profiles have no mark for an offer that exists for those who may know who
// practises there: written, it is a sensitive unit, and never everybody's.
func TestGoesOutHidden(t *testing.T) {
	o := data.Offer{ID: "abcdefgh", Name: "Exercice en structure", Personal: true}
	var b bytes.Buffer
	if err := WriteBundle(&b, seqOf([]*data.Offer{&o})); err != nil {
		t.Fatal(err)
	}
	r := readText(t, "a.json", b.String())
	if r.err != nil || len(r.offers) != 1 || !r.offers[0].Sensitive || o.Sensitive {
		t.Errorf("%v, %+v", r.err, r.offers)
	}
}

// Hours of a kind that is not known are not shown: they may be those of closing.
func TestUnknownHours(t *testing.T) {
	hours := func(kind, rest string) string {
		return `{"extension":[` + kind + `{"url":"` + guide + `ror-available-time-number-days-of-week","valueInteger":7}],` + rest + `}`
	}
	kind := func(value string) string {
		return `{"url":"` + guide + `ror-available-time-type-of-time","valueCodeableConcept":` + code("R252-TypeHoraire", value) + `},`
	}
	const nine = `"availableStartTime":"09:00:00","availableEndTime":"19:00:00"`
	for _, c := range []struct {
		name, hours string
		want        []data.Opening
	}{
		{"known", hours(kind("06"), nine), []data.Opening{{Days: data.On(0), From: 540, To: 1140, Kind: data.HoursWalkIn}}},
		{"no kind", hours("", nine), []data.Opening{{Days: data.On(0), From: 540, To: 1140}}},
		{"unknown kind", hours(kind("77"), nine), nil},
		{"no day", `{` + nine + `}`, nil},
		{"days of FHIR", `{"daysOfWeek":["sun","mon"],` + nine + `}`, []data.Opening{{Days: data.On(0, 1), From: 540, To: 1140}}},
		{"an eighth day", strings.Replace(hours("", nine), "7}", "8}", 1), nil},
		{"no end", hours("", `"availableStartTime":"09:00:00"`), nil},
		{"all day", hours("", `"allDay":true`), []data.Opening{{Days: data.On(0), From: 0, To: data.Midnight}}},
		{"to midnight", hours("", `"availableStartTime":"09:00:00","availableEndTime":"23:59:59"`), []data.Opening{{Days: data.On(0), From: 540, To: data.Midnight}}},
		{"no time", hours("", `"availableStartTime":"25:00:00","availableEndTime":"26:00:00"`), nil},
	} {
		service := strings.TrimSuffix(aService, "}") + `,"availableTime":[` + c.hours + `]}`
		r := readText(t, "a.ndjson", service)
		if len(r.offers) != 1 || !reflect.DeepEqual(r.offers[0].Hours.Weekly, c.want) {
			t.Errorf("%s: %+v, %s", c.name, r.offers[0].Hours, r.table())
		}
		if c.want == nil && !strings.Contains(written(t, r.offers)["HealthcareService/s1"], `"availableTime"`) {
			t.Errorf("%s is lost", c.name)
		}
	}
}

// The numbers of structures and professionals, and which of them are personal.
func TestNumbersOfPersons(t *testing.T) {
	organization := func(value string) string {
		return aService + "\n" + `{"resourceType":"Organization","id":"g1","identifier":[{"system":"urn:oid:1.2.250.1.71.4.2.2","value":"` + value + `"}]}`
	}
	for value, want := range map[string]string{
		"1750000018": data.SystemStructure, "2921317258": data.SystemStructure, "392131725800020": data.SystemStructure,
		"481010237961601": data.SystemPractice, "001234567801": data.SystemPractice, "x": data.SystemPractice,
	} {
		r := readText(t, "a.ndjson", organization(value))
		if got := r.offers[0].Organizations[0].Identifiers; len(got) != 1 || got[0].System != want || got[0].Value != value {
			t.Errorf("%s: %v, want %s", value, got, want)
		}
	}
	person := func(identifier string) string {
		return aService + "\n" + `{"resourceType":"PractitionerRole","id":"r1","practitioner":{"reference":"Practitioner/p1"},"healthcareService":[{"reference":"HealthcareService/s1"}]}` + "\n" +
			`{"resourceType":"Practitioner","id":"p1","identifier":[` + identifier + `]}`
	}
	for identifier, want := range map[string]string{
		`{"system":"urn:oid:1.2.250.1.71.4.2.1","value":"810102379616"}`: "RPPS|10102379616",
		`{"system":"urn:oid:1.2.250.1.71.4.2.1","value":"810102379617"}`: "IDNATPS|810102379617", // a wrong key
		`{"system":"urn:oid:1.2.250.1.71.4.2.1","value":"0123456789"}`:   "ADELI|123456789",
		`{"system":"https://rpps.esante.gouv.fr","value":"10102379616"}`: "RPPS|10102379616",
	} {
		r := readText(t, "a.ndjson", person(identifier))
		if got := r.offers[0].Practices[0].Identifiers; len(got) != 1 || got[0].String() != want {
			t.Errorf("%s: %v, want %s", identifier, got, want)
		}
	}
}

// An establishment and an offer have the id of their strongest number, which is
// that of other registers too.
func TestIds(t *testing.T) {
	for numbers, want := range map[string]data.ID{
		`{"system":"http://finess.esante.gouv.fr","value":"010000024"},{"system":"http://sirene.fr","value":"26010004500012"}`: data.NewID("organization", "FINESS", "010000024"),
		`{"system":"urn:oid:1.2.250.1.71.4.2.2","value":"1010000024"},{"system":"http://sirene.fr","value":"26010004500012"}`:  data.NewID("organization", "FINESS", "010000024"),
		`{"system":"http://sirene.fr","value":"26010004500012"}`:                                                               data.NewID("organization", "SIRET", "26010004500012"),
		`{"system":"http://sirene.fr","value":"260100045"}`:                                                                    data.NewID("organization", "SIREN", "260100045"),
		`{"system":"https://oi.esante.gouv.fr","value":"77"}`:                                                                  data.NewID("organization", "OI", "77"),
		`{"system":"https://example.org","value":"77"}`:                                                                        data.NewID("organization", "fhir", "g1"),
	} {
		r := readText(t, "a.ndjson", aService+"\n"+`{"resourceType":"Organization","id":"g1","identifier":[`+numbers+`]}`)
		if got := r.offers[0].Organizations[0].ID; got != want {
			t.Errorf("%s: %s, want %s", numbers, got, want)
		}
		if r.offers[0].ID != data.NewID("offer", "ROR", "94/1") {
			t.Errorf("the offer is %s", r.offers[0].ID)
		}
	}
}

// Resources of the Annuaire Santé, whose identifiers are typed otherwise and
// written twice, complete the offers of the ROR; a practice that names no offer
// is left out.
func TestAnnuaireSante(t *testing.T) {
	r := readText(t, "a.ndjson", strings.ReplaceAll(aService+`
{"resourceType":"Organization","id":"g1","meta":{"profile":["https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-organization"]},"active":true,
"identifier":[{"use":"official","type":{"coding":[{"system":"https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203","code":"IDNST"}]},"system":"urn:oid:1.2.250.1.71.4.2.2","value":"1010000024"},
{"type":{"coding":[{"system":"https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203","code":"FINEG"}]},"system":"https://finess.esante.gouv.fr","value":"010000024"},
{"type":{"coding":[{"system":"https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203","code":"SIRET"}]},"system":"https://sirene.fr","value":"26010004500012"}]}
{"resourceType":"Practitioner","id":"p1","identifier":[{"type":{"coding":[{"system":"http://interopsante.org/fhir/CodeSystem/fr-v2-0203","code":"IDNPS"}]},"system":"urn:oid:1.2.250.1.71.4.2.1","value":"810102379616"},
{"system":"https://rpps.esante.gouv.fr","value":"10102379616"}],"name":[{"family":"EXEMPLE","given":["Zoé","Ana"],"prefix":["MME"]}],"qualification":[{"code":{"text":"DE"}}]}
{"resourceType":"PractitionerRole","id":"r1","practitioner":{"reference":"Practitioner/p1"},"healthcareService":[{"reference":"HealthcareService/s1"}],
"code":[{"coding":[{"system":"https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante","code":"10"}]},{"coding":[{"system":"https://mos.esante.gouv.fr/NOS/TRE_R09-CategorieProfessionnelle/FHIR/TRE-R09-CategorieProfessionnelle","code":"C"}]}]}
{"resourceType":"PractitionerRole","id":"r2","practitioner":{"reference":"Practitioner/p1"},"organization":{"reference":"Organization/g1"}}
`, ",\n", ","))
	if r.err != nil || len(r.offers) != 1 {
		t.Fatalf("%v, %s", r.err, r.rejects)
	}
	g, p := r.offers[0].Organizations[0], r.offers[0].Practices[0]
	if g.FINESS() != "010000024" || len(g.Identifiers) != 3 || g.Kind != data.Establishment {
		t.Errorf("%+v", g)
	}
	if len(p.Identifiers) != 1 || p.Identifiers[0].String() != "RPPS|10102379616" || p.Prefix != "MME" || p.Given != "Zoé Ana" || p.Profession != "G15|10" {
		t.Errorf("%+v", p)
	}
	if r.roles.Times(ruleNoOffer) != 1 || r.practitioners.Times(noteSameNumber+" (Practitioner.identifier)") != 1 || len(r.offers[0].Unlisted) != 4 {
		t.Errorf("%s%+v", r.table(), r.offers[0].Unlisted)
	}
}
