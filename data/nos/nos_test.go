package nos_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/nos"
)

type reading struct {
	terms   *nos.Terminologies
	books   string
	rejects string
	err     error
}

// read writes files into a folder, and reads them as they are named.
func read(t testing.TB, files ...string) reading {
	t.Helper()
	folder := t.TempDir()
	var paths []string
	for i, content := range files {
		path := filepath.Join(folder, fmt.Sprintf("%d.json", i))
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return readPaths(paths...)
}

func readPaths(paths ...string) (r reading) {
	var rejects, books strings.Builder
	ledger := intake.NewLedger(&rejects)
	r.terms, r.err = nos.Read(context.Background(), ledger, paths...)
	ledger.Flush()
	ledger.WriteTo(&books)
	_, r.rejects, _ = strings.Cut(rejects.String(), "\n")
	r.books = strings.Join(strings.Fields(books.String()), " ")
	return r
}

const (
	activities = `"url":"https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle"`
	closings   = `"url":"https://mos.esante.gouv.fr/NOS/TRE_R286-TypeFermeture/FHIR/TRE-R286-TypeFermeture"`
)

// A terminology as the server publishes it, invented: dates, states, another
// wording, a hierarchy written both ways.
const terminology = `{
  "resourceType": "CodeSystem", "id": "x", ` + activities + `,
  "version": "20260101120000", "status": "active", "content": "complete",
  "property": [{"code": "dateFin", "type": "dateTime"}],
  "concept": [
    {"code": "900", "display": "Exemple  en général", "property": [
      {"code": "dateValid", "valueDateTime": "2017-07-07T10:00:00+01:00"}, {"code": "status", "valueCode": "active"}],
     "concept": [
      {"code": "901", "display": "Exemple de jour", "concept": [{"code": "902", "display": "Exemple du matin"}]},
      {"code": "903", "designation": [{"language": "fr-FR", "use": {"code": "x"}, "value": "Exemple de nuit"}]}]},
    {"code": "904", "display": "Exemple fini", "property": [
      {"code": "dateFin", "valueDateTime": "2019-01-25T12:00:00+01:00"},
      {"code": "deprecationDate", "valueDateTime": "2020-01-25"},
      {"code": "status", "valueCode": "deprecated"}]},
    {"code": "905", "display": "Exemple qui finira", "property": [
      {"code": "dateFin", "valueDateTime": "2030"}, {"code": "status", "valueCode": "deprecated"}]},
    {"code": "906", "display": "Exemple retiré", "property": [{"code": "status", "valueCode": "retired"}]},
    {"code": "907", "display": "Exemple inactif", "property": [{"code": "inactive", "valueBoolean": true}, {"code": "parent", "valueCode": "900"}]},
    {"code": "908", "display": "Exemple orphelin", "property": [{"code": "parent", "valueCode": "999"}]},
    {"code": "909", "display": "Exemple de deux", "property": [{"code": "parent", "valueCode": "900"}, {"code": "subsumedBy", "valueCode": "901"}, {"code": "dateFin", "valueDateTime": "demain"}]}
  ]
}`

func TestCodeSystem(t *testing.T) {
	r := read(t, terminology)
	if r.err != nil || r.rejects != "" {
		t.Fatal(r.err, r.rejects)
	}
	if got := r.terms.Len("R211"); got != 10 {
		t.Errorf("%d codes", got)
	}
	if got := r.terms.URL("R211"); !strings.Contains(activities, got) || got == "" {
		t.Errorf("at %q", got)
	}
	for _, want := range []string{"nos concept 10 10 0 0", "nos file 1 1 0 0", "1 a date that is none: dropped", "1 a code with several parents", "1 a code whose parent is not"} {
		if !strings.Contains(r.books, want) {
			t.Errorf("the books do not say %q: %s", want, r.books)
		}
	}
	day := data.NewDate(2026, time.July, 1)
	for _, c := range []struct {
		code, label, parent string
		want                nos.Verdict
	}{
		{"900", "Exemple en général", "", nos.InUse},
		{"901", "Exemple de jour", "R211|900", nos.InUse},
		{"902", "Exemple du matin", "R211|901", nos.InUse},
		{"903", "Exemple de nuit", "R211|900", nos.InUse},
		{"904", "Exemple fini", "", nos.Withdrawn},
		{"905", "Exemple qui finira", "", nos.InUse},
		{"906", "Exemple retiré", "", nos.Withdrawn},
		{"907", "Exemple inactif", "R211|900", nos.Withdrawn},
		{"908", "Exemple orphelin", "", nos.InUse},
		{"909", "Exemple de deux", "R211|900", nos.InUse},
		{"910", "", "", nos.Unknown},
	} {
		code := data.NewCode("R211", c.code)
		found, _ := r.terms.Concept(code)
		if got := r.terms.Check(code, day); got != c.want || found.Label != c.label || string(found.Parent) != c.parent || r.terms.Label(code) != c.label {
			t.Errorf("%s: verdict %d, %+v; want %d, %q under %q", code, got, found, c.want, c.label, c.parent)
		}
	}
	if got := r.terms.Check("R244|20", day); got != nos.Unread {
		t.Errorf("another system: %d", got)
	}
	// The day of the end is the first on which it is out of use.
	last := data.NewDate(2019, time.January, 24)
	if r.terms.Check("R211|904", last) != nos.InUse || r.terms.Check("R211|904", last+1) != nos.Withdrawn {
		t.Error("it ends on another day")
	}
}

// A value set lists a part, so a code that it does not list may well exist.
func TestValueSet(t *testing.T) {
	const list = `{"resourceType":"ValueSet","url":"https://mos.esante.gouv.fr/NOS/JDV_J17-X/FHIR/JDV-J17-X","version":"20270101120000","compose":{"include":[
		{"system":"https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle","concept":[
			{"code":"900","display":"Autrement dit"},{"code":"950","display":"Liste seulement"}]},
		{"system":"https://mos.esante.gouv.fr/NOS/TRE_R286-TypeFermeture/FHIR/TRE-R286-TypeFermeture"},
		{"system":"http://loinc.org","concept":[{"code":"1-1","display":"Ailleurs"}]}]}}`
	r := read(t, list)
	if r.err != nil || r.terms.Check("R211|950", 1) != nos.InUse || r.terms.Check("R211|999", 1) != nos.Unlisted || r.terms.Check("R286|1", 1) != nos.Unread {
		t.Errorf("%v, %s", r.err, r.books)
	}
	if !strings.Contains(r.books, "concept 3 2 1 0") || !strings.Contains(r.books, "1 a value set that lists no code") {
		t.Errorf("the books: %s", r.books)
	}
	// The terminology says what a code means, whatever is newer, in any order.
	for _, files := range [][]string{{list, terminology}, {terminology, list}} {
		r := read(t, files...)
		if got := r.terms.Label("R211|900"); got != "Exemple en général" || r.terms.Check("R211|999", 1) != nos.Unknown || r.terms.Label("R211|950") != "Liste seulement" {
			t.Errorf("R211|900 is %q", got)
		}
	}
}

// Families of activities are a value set of codes of two terminologies, neither
// of which the model has: the value set itself is the system.
func TestValueSetThatIsASystem(t *testing.T) {
	r := read(t, `{"resourceType":"ValueSet","url":"https://mos.esante.gouv.fr/NOS/JDV_J51-X-ROR/FHIR/JDV-J51-X-ROR","compose":{"include":[
		{"system":"https://mos.esante.gouv.fr/NOS/TRE_R266-A/FHIR/TRE-R266-A","concept":[{"code":"01","display":"Un"}]},
		{"system":"https://mos.esante.gouv.fr/NOS/TRE_R265-B/FHIR/TRE-R265-B","concept":[{"code":"004","display":"Quatre"}]}]}}`)
	if r.err != nil || r.terms.Label("J51|01") != "Un" || r.terms.Label("J51|004") != "Quatre" || r.terms.Check("J51|02", 1) != nos.Unknown ||
		!strings.HasSuffix(r.terms.URL("J51"), "JDV-J51-X-ROR") || !strings.Contains(r.books, "concept 2 2 0 0") {
		t.Errorf("%v %q %s", r.err, r.terms.URL("J51"), r.books)
	}
}

func TestExpansion(t *testing.T) {
	r := read(t, `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},{"fullUrl":"x"},{"resource":{"resourceType":"ValueSet","url":"urn:x","expansion":{"contains":[
		{"system":"https://mos.esante.gouv.fr/NOS/TRE_R286-TypeFermeture/FHIR/TRE-R286-TypeFermeture","version":"2026","code":"1","display":"Définitive","contains":[
			{"system":"https://mos.esante.gouv.fr/NOS/TRE_R286-TypeFermeture/FHIR/TRE-R286-TypeFermeture","code":"2","display":"Provisoire","inactive":true}]}]}}}]}`)
	if r.err != nil || r.terms.Label("R286|1") != "Définitive" || r.terms.Check("R286|2", 1) != nos.Withdrawn || !strings.Contains(r.books, "2 a resource of a bundle") {
		t.Errorf("%v %s", r.err, r.books)
	}
}

// Of two versions the later one counts, of two labels in one version the first
// in the alphabet: never the order of the files.
func TestOrderOfFiles(t *testing.T) {
	of := func(version, label string) string {
		return `{"resourceType":"CodeSystem",` + closings + `,"version":"` + version + `","content":"complete","concept":[{"code":"1","display":"` + label + `"}]}`
	}
	files := []string{of("2025", "A vieux"), of("2026", "C neuf"), of("2026", "B neuf"), of("", "sans")}
	for i := range files {
		r := read(t, slices.Concat(files[i:], files[:i])...)
		if got := r.terms.Label("R286|1"); got != "B neuf" || r.terms.Len("R286") != 1 || !strings.Contains(r.books, "two labels") {
			t.Errorf("from %d: %q, %s", i, got, r.books)
		}
	}
}

// A fault loses its code and no other, and is told with its line and its place;
// a terminology that lost one is not whole.
func TestFaults(t *testing.T) {
	r := read(t, `{
  "resourceType": "CodeSystem", `+closings+`, "content": "complete",
  "concept": [
    {"code": "1", "display": "Un"},
    {"code": 2, "display": "Deux", "concept": [{"code": "21", "display": "Vingt et un"}]},
    {"display": "Trois"},
    {"code": "a b", "display": "Quatre", "concept": [
      {"code": "41", "display": ["x"]}]},
    "5",
    {"code": "6"}
  ]
}`)
	const want = `nos,5,,concept[1].code,a JSON number does not belong here
nos,6,R286|,concept[2].code,"""R286|"" has a malformed code after the bar: not a code"
nos,7,R286|a b,concept[3].code,"""R286|a b"" has a malformed code after the bar: not a code"
nos,8,41,concept[3].concept[0].display,a JSON array does not belong here
nos,9,,concept[4],a JSON string does not belong here
`
	if r.err != nil || r.rejects != want {
		t.Errorf("%v\n%s\nwant\n%s", r.err, r.rejects, want)
	}
	if r.terms.Len("R286") != 3 || r.terms.Check("R286|9", 1) != nos.Unlisted || !strings.Contains(r.books, "concept 8 3 0 5") || !strings.Contains(r.books, "1 a code without a label") {
		t.Errorf("%d codes, %s", r.terms.Len("R286"), r.books)
	}
}

func TestTooDeep(t *testing.T) {
	const levels = 40
	deep := strings.Repeat(`{"code":"x","concept":[`, levels) + strings.Repeat(`]}`, levels)
	r := read(t, `{"resourceType":"CodeSystem",`+closings+`,"content":"complete","concept":[`+deep+`]}`)
	if r.err != nil || strings.Count(r.rejects, "\n") != 1 || !strings.Contains(r.rejects, "more than 32 levels") || r.terms.Check("R286|y", 1) != nos.Unlisted {
		t.Errorf("%v %s", r.err, r.rejects)
	}
}

func TestUnreadable(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ name, path, want string }{
		{"malformed", write("a.json", "{\n\n\"resourceType\" \"x\"}"), "line 3"},
		{"a wrong type", write("b.json", "{\"resourceType\":\"CodeSystem\",\n\"concept\":{}}"), "line 2"},
		{"cut", write("c.json", `{"resourceType":"CodeSystem","concept":[`), "unexpected end"},
		{"another resource", write("d.json", `{"resourceType":"Patient"}`), "no terminology"},
		{"other columns", write("e.csv", "code,label\n1,Un\n"), "no terminology"},
		{"nothing", write("f.csv", ""), "no terminology"},
		{"another encoding", write("g.csv", "code,label,system\n1,\xe9,R211\n"), "UTF-8"},
	} {
		if r := readPaths(c.path); r.err == nil || !strings.Contains(r.err.Error(), c.want) || !strings.Contains(r.err.Error(), c.path) {
			t.Errorf("%s: %v", c.name, r.err)
		}
	}
	if r := readPaths(filepath.Join(folder, "absent")); !errors.Is(r.err, fs.ErrNotExist) {
		t.Errorf("no file: %v", r.err)
	}
}

// In a folder there may be other things.
func TestFolder(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"a/b/terminology.json": terminology, "list.csv": "code,libelle,system\n1,Un,SAE\n\n\"2,Deux,SAE\n3,Trois\n4,\"Quatre, cinq\",SAE\n",
		"LICENCE.txt": "x", "other.csv": "a,b\n", "patient.json": `{"resourceType":"Patient"}`,
	} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	r := readPaths(folder)
	if r.err != nil || r.terms.Len("R211") != 10 || r.terms.Label("SAE|4") != "Quatre, cinq" || r.terms.Len("SAE") != 2 {
		t.Errorf("%v, %s", r.err, r.books)
	}
	if !strings.Contains(r.books, "nos file 5 2 3 0") || strings.Count(r.rejects, "\n") != 2 || !strings.Contains(r.rejects, "nos,5,,line,\"2 fields, not 3\"") {
		t.Errorf("%s\n%s", r.books, r.rejects)
	}
}

func TestSystemOf(t *testing.T) {
	for url, want := range map[string]string{
		"https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle": "R211",
		"https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante":                 "G15",
		"https://mos.esante.gouv.fr/NOS/JDV_J51-X-ROR/FHIR/JDV-J51-X-ROR":                                     "J51",
		"http://loinc.org": "", "R211": "", "": "",
	} {
		if got, ok := nos.SystemOf(url); got != want || ok != (want != "") {
			t.Errorf("%s: %q", url, got)
		}
	}
}

// Every code that an offer carries anywhere is looked at, and none is taken
// away.
func TestChecked(t *testing.T) {
	r := read(t, terminology)
	offers := data.Memory{
		{ID: "a", Activities: []data.Code{"R211|900", "R211|904", "R211|999"}, Places: []data.Place{{Equipment: []data.Equipment{{Type: "R212|1"}}}}},
		{ID: "b", Activities: []data.Code{"R211|999"}, Practices: []data.Practice{{Profession: "G15|10"}}, Organizations: []data.Organization{{Prices: []data.Price{{Special: "R211|998"}}}}},
	}
	for i := range 20 {
		offers = append(offers, data.Offer{ID: data.ID(fmt.Sprint("c", i)), Family: data.Code(fmt.Sprint("R211|x", i))})
	}
	ledger := intake.NewLedger(io.Discard)
	checked := nos.NewChecked(offers, r.terms, data.NewDate(2026, time.July, 1), ledger)
	i := 0
	for o, err := range checked.Offers(context.Background()) {
		if err != nil || o.ID != offers[i].ID || fmt.Sprint(*o) != fmt.Sprint(offers[i]) {
			t.Errorf("offer %d is changed: %v", i, err)
		}
		i++
	}
	var books strings.Builder
	ledger.WriteTo(&books)
	for _, want := range []string{
		"code carried    27    27        0", "       2  R211|999 is not in its terminology: kept", "       1  R211|998 is not in its terminology: kept",
		"       1  R211|x0 is not", "      12  12 more codes, each of which is not in its terminology: kept",
		"       1  R211|904 (Exemple fini) is out of use: kept", "       1  a code of G15, of which no terminology was read", "       1  a code of R212,",
	} {
		if !strings.Contains(books.String(), want) {
			t.Errorf("the books do not say %q:\n%s", want, books.String())
		}
	}
	if strings.Contains(books.String(), "R211|900") {
		t.Errorf("a code in use is told:\n%s", books.String())
	}
}
