package finess_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
)

// Everything that makes a record unusable, in one file.
func TestDailyRejects(t *testing.T) {
	const general = "informationsGeneralesEGE."
	contact := func(n int) any { return slicesOf(n, object{"telecom": object{}}) }
	content := whole(t,
		entityOf(
			ege(t, first), // 1, kept
			ege(t, wrong), // 2
			ege(t, first), // 3: again
			ege(t, "2B0099909"),
			ege(t, "2A0099909"), // 5, kept
			ege(t, second, changes{general + "numFinessEge": none}),
			ege(t, second, changes{general + "numFinessEge": object{}}),
			ege(t, second, changes{"adresse[0].codePostal": []any{object{}}}),
			ege(t, second, changes{"adresse[0].codePostal": []any{"01440", []any{"01440"}}}),
			ege(t, second, changes{"adresse[0].coordonneesGeographique": "46, 5"}), // 10
			ege(t, second, changes{"adresse[0].coordonneesGeographique": []any{object{}}}),
			ege(t, second, changes{"adresse": "900 RTE DE L'EXEMPLE"}),
			ege(t, second, changes{"adresse": []any{object{}, object{}, "900 RTE"}}),
			ege(t, second, changes{"contact": contact(65)}),
			ege(t, second, changes{"contact": []any{object{"telecom": object{"telephone": object{}}}}}), // 15
			ege(t, second, changes{general + "nomEgeLong": strings.Repeat("é", 2049)}),
			ege(t, second, changes{"evenement": nested(65)}),
			ege(t, second, changes{"informationsGeneralesEGE": []any{}}),
			ege(t, second, changes{"nomEgeLong": object{}, "adresse": 3, "etatObjet": "I"}), // two faults, inactive
			null, // 20
			"un texte",
			object{},
			object{"numFinessEge": second, "activitesExercees": []any{}}, // of the other file
			ege(t, second), // 24, kept
		),
		entityOf(),
		"un texte",
		object{"ege": object{"numFinessEge": "?"}},                                  // 25: no list, and no entity
		object{"informationsGeneralesPMEJ": "?", "ege": []any{ege(t, numbered(1))}}, // 26, kept
		null,
		object{"evenement": nested(65)},
	)
	r := read(t, content)
	const want = `finess,2,990999998,pmej[0].ege[1].informationsGeneralesEGE.numFinessEge,"""990999998"" is not a FINESS number"
finess,3,990999997,pmej[0].ege[2].informationsGeneralesEGE.numFinessEge,"described already, earlier in the file"
finess,4,2B0099909,pmej[0].ege[3].informationsGeneralesEGE.numFinessEge,"""2B0099909"" is not a FINESS number"
finess,6,,pmej[0].ege[5].informationsGeneralesEGE.numFinessEge,""""" is not a FINESS number"
finess,7,,pmej[0].ege[6].informationsGeneralesEGE.numFinessEge,an object or list where a text must be
finess,8,990000002,pmej[0].ege[7].adresse[0].codePostal[0],an object or list where a text must be
finess,9,990000002,pmej[0].ege[8].adresse[0].codePostal[1],an object or list where a text must be
finess,10,990000002,pmej[0].ege[9].adresse[0].coordonneesGeographique,a text or list where an object must be
finess,11,990000002,pmej[0].ege[10].adresse[0].coordonneesGeographique,a text or list where an object must be
finess,12,990000002,pmej[0].ege[11].adresse,a text or list where an object must be
finess,13,990000002,pmej[0].ege[12].adresse[2],a text or list where an object must be
finess,14,990000002,pmej[0].ege[13].contact[64],more than 64 contacts
finess,15,990000002,pmej[0].ege[14].contact[0].telecom.telephone,an object or list where a text must be
finess,16,990000002,pmej[0].ege[15].informationsGeneralesEGE.nomEgeLong,longer than 4096 bytes
finess,17,990000002,pmej[0].ege[16].evenement,nested deeper than 64
finess,18,,pmej[0].ege[17].informationsGeneralesEGE,a text or list where an object must be
finess,19,990000002,pmej[0].ege[18].adresse,a text or list where an object must be
finess,20,,pmej[0].ege[19].informationsGeneralesEGE.numFinessEge,""""" is not a FINESS number"
finess,21,,pmej[0].ege[20],a text or list where an object must be
finess,22,,pmej[0].ege[21].informationsGeneralesEGE.numFinessEge,""""" is not a FINESS number"
finess,23,990000002,pmej[0].ege[22],"neither a name, nor a category, nor an address"
finess,3,,pmej[2],a text or list where an object must be
finess,25,?,pmej[3].ege.informationsGeneralesEGE.numFinessEge,"""?"" is not a FINESS number"
finess,5,,pmej[4].informationsGeneralesPMEJ,a text or list where an object must be
finess,7,,pmej[6].evenement,nested deeper than 64
`
	if r.err != nil || sorted(r.rejects) != sorted(want) {
		t.Errorf("%v, rejected:\n%s\nwant:\n%s", r.err, r.rejects, want)
	}
	if r.kept["ege"] != 4 || r.rejected["ege"] != 22 || r.kept["pmej"] != 4 || r.rejected["pmej"] != 3 || len(r.offers) != 4 {
		t.Errorf("%d offers, kept %v, rejected %v", len(r.offers), r.kept, r.rejected)
	}
	checkNotes(t, "rejects", r.books, noteUnknownMember, noteNoEntity)
}

func slicesOf(n int, v any) (all []any) {
	for range n {
		all = append(all, v)
	}
	return all
}

func sorted(lines string) string {
	all := strings.SplitAfter(lines, "\n")
	slices.Sort(all)
	return strings.Join(all, "")
}

// What has closed is left out by a rule; by which day, the file says.
func TestLeftOut(t *testing.T) {
	const closing = "informationsGeneralesEGE.dateFermeture"
	const made = `"generatedAt":"2021-01-08T02:06:22Z",`
	cases := []struct {
		name    string
		changes changes
		edit    func(string) string
		want    string // the rule, "" for kept
		notes   []string
	}{
		{"active", nil, nil, "", nil},
		{"inactive", changes{"etatObjet": "I"}, nil, ruleInactive, nil},
		{"inactive, padded", changes{"etatObjet": "I   "}, nil, ruleInactive, nil},
		{"inactive beside the rest", changes{"etatObjet": none, "informationsGeneralesEGE.etatObjet": "I"}, nil, ruleInactive, nil},
		{"inactive and without a number", changes{"etatObjet": "I", "informationsGeneralesEGE.numFinessEge": none}, nil, ruleInactive, nil},
		{"closed", changes{closing: "1993-01-01"}, nil, ruleClosed, nil},
		{"closed beside the rest", changes{"dateFermeture": "1993-01-01"}, nil, ruleClosed, nil},
		{"closed at a moment of the day", changes{closing: "2021-01-08 23:00:00"}, nil, ruleClosed, nil},
		{"closes the next day", changes{closing: "2021-01-09"}, nil, "", []string{noteClosing}},
		{"the day of the file comes last", changes{closing: "2021-01-08"}, func(s string) string {
			return strings.TrimSuffix(strings.Replace(s, made, "", 1), "}") + "," + strings.TrimSuffix(made, ",") + "}"
		}, ruleClosed, nil},
		{"no day", changes{closing: "1993-01-01"}, func(s string) string { return strings.Replace(s, made, "", 1) }, "", []string{noteNoEdition}},
		{"a day that is none", changes{closing: "1993-01-01"}, func(s string) string { return strings.Replace(s, made, `"generatedAt":"hier",`, 1) }, "", []string{noteNoEdition}},
		{"no day, last", changes{closing: "1993-01-01"}, func(s string) string {
			return strings.TrimSuffix(strings.Replace(s, made, "", 1), "}") + `,"generatedAt":{}}`
		}, "", []string{noteNoEdition}},
	}
	for _, c := range cases {
		content := string(whole(t, entityOf(ege(t, first, c.changes))))
		if c.edit != nil {
			content = c.edit(content)
		}
		r := read(t, []byte(content))
		notes := c.notes
		if c.want != "" {
			notes = append(notes, c.want)
		}
		if c.name == "inactive, padded" {
			notes = notes[:1]
		}
		if r.err != nil || (len(r.offers) == 0) != (c.want != "") || r.skipped["ege"] != 1-len(r.offers) || r.rejects != "" {
			t.Errorf("%s: %d offers, %d skipped, %v, rejected %q", c.name, len(r.offers), r.skipped["ege"], r.err, r.rejects)
		}
		checkNotes(t, c.name, r.books, notes...)
	}
}

// The legal entity may be described before or after its establishments, in one
// object or beside it.
func TestLegalEntities(t *testing.T) {
	const one = `{"informationsGeneralesEGE":{"numFinessEge":"` + first + `","nomEgeCourt":"EXEMPLE"},"categorieentiteGeographiqueExercice":"355","etatObjet":"A"}`
	general := func(members string) string { return `"informationsGeneralesPMEJ":{` + members + `}` }
	const number, name = `"numFinessPm":"990000002"`, `"denominationPm":"COURT"`
	cases := []struct {
		name, entity string
		want         string
		notes        []string
	}{
		{"before", general(number+","+name) + `,"ege":[` + one + `]`, "COURT FINESS|990000002", nil},
		{"after", `"ege":[` + one + `],` + general(number+","+name), "COURT FINESS|990000002", nil},
		{"beside, before and after", number + `,"ege":[` + one + `],` + name, "COURT FINESS|990000002", nil},
		{"an establishment that is no list", general(number+","+name) + `,"ege":` + one, "COURT FINESS|990000002", nil},
		{"two lists", `"ege":[` + one + `],` + general(number+","+name) + `,"ege":[]`, "COURT FINESS|990000002", nil},
		{"a long name", general(number+`,"denominationLonguePmSmsse":"LONG  ",`+name) + `,"ege":[` + one + `]`, "LONG FINESS|990000002", []string{noteSpaces}},
		{"no name", general(number) + `,"ege":[` + one + `]`, " FINESS|990000002", nil},
		{"everything", general(number+`,"siren":"772201489","statutJuridique":"73","codeApe":"86.10Z",`+name) + `,"ege":[` + one + `]`, "COURT FINESS|990000002 SIREN|772201489 R72|73 86.10Z", nil},
		{"a wrong SIREN", general(number+`,"siren":"772201480",`+name) + `,"ege":[` + one + `]`, "COURT FINESS|990000002 SIREN|772201480", []string{noteSIREN}},
		{"a wrong number", general(`"numFinessPm":"990999998",`+name) + `,"ege":[` + one + `]`, "", []string{"a legal entity whose FINESS number is wrong: dropped"}},
		{"no number", general(name) + `,"ege":[` + one + `]`, "", []string{noteNoEntity}},
		{"nothing", `"ege":[` + one + `]`, "", []string{noteNoEntity}},
		{"an unknown field", general(number+","+name+`,"capital":3`) + `,"ege":[` + one + `],"x":{}`, "COURT FINESS|990000002", []string{noteUnknownMember, noteUnknownMember}},
		{"an inactive one", general(number+","+name) + `,"etatObjet":"I","ege":[` + one + `]`, "COURT FINESS|990000002", nil},
	}
	for _, c := range cases {
		r := read(t, []byte(`{"generatedAt":"2021-01-08T00:00:00Z","pmej":[{`+c.entity+`}]}`))
		if r.err != nil || len(r.offers) != 1 || r.rejects != "" {
			t.Errorf("%s: %d offers, %v, rejected %q", c.name, len(r.offers), r.err, r.rejects)
			continue
		}
		got := ""
		for _, g := range r.offers[0].Organizations[1:] {
			got = g.Name
			for _, i := range g.Identifiers {
				got += " " + i.String()
			}
			got += " " + string(g.LegalStatus) + " " + g.APE
			if r.offers[0].Organizations[0].Parent != g.ID {
				t.Errorf("%s: the parent is %s, not %s", c.name, r.offers[0].Organizations[0].Parent, g.ID)
			}
		}
		if got = strings.TrimRight(got, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		checkNotes(t, c.name, r.books, append(c.notes, noteNoPosition, noteNoCommuneText)...)
	}
}

// The establishments of one entity wait for its number, but not any number of
// them.
func TestManyWait(t *testing.T) {
	for _, n := range []int{4095, 4096, 4097, 9000} {
		var eges []any
		for i := range n {
			eges = append(eges, object{"numFinessEge": numbered(i), "nomEgeLong": "EXEMPLE", "etatObjet": "A"})
		}
		r := read(t, whole(t, entityOf(eges...)))
		without := n / 4096 * 4096
		if r.err != nil || len(r.offers) != n || r.notes[noteNoEntity] != without {
			t.Errorf("%d: %d offers, %v, %d without their entity, want %d", n, len(r.offers), r.err, r.notes[noteNoEntity], without)
		}
		for i, o := range r.offers {
			if o.Sources[0].Record != numbered(i) || (len(o.Organizations) == 1) != (i < without) {
				t.Fatalf("%d: number %d is %s, of %d organizations", n, i, o.Sources[0].Record, len(o.Organizations))
			}
		}
	}
}

// What else the file holds is counted.
func TestTheRestOfTheFile(t *testing.T) {
	group := `{"gccId":"1","pmejDuGcc":[{"pmSmsseId":"2"}]}`
	r := read(t, []byte(`{"schemaVersion":"v2.0.0","generatedAt":"2021-01-08","gcc":[`+group+`,`+group+`],"gco":[null],"pmej":[],"autre":[{}]}`))
	if r.err != nil || r.rejects != "" || r.skipped["other"] != 3 || len(r.offers) != 0 {
		t.Errorf("%v, rejected %q, skipped %v", r.err, r.rejects, r.skipped)
	}
	checkNotes(t, "the rest", r.books, noteVersion, ruleGroup, ruleGroup, ruleGroup, noteUnknownMember)
	r = read(t, []byte(`{"gco":[`+strings.Repeat("[", 65)+strings.Repeat("]", 65)+`],"pmej":[]}`))
	if want := "finess,1,,gco[0],nested deeper than 64\n"; r.err != nil || r.rejects != want {
		t.Errorf("%v, rejected %q", r.err, r.rejects)
	}
	for version, odd := range map[string]bool{"v1": false, "v1.0.0": false, "v1.12.3": false, "v10.0.0": true, "1.0": true, "": true} {
		r := read(t, []byte(`{"generatedAt":"2021-01-08","schemaVersion":"`+version+`","pmej":[]}`))
		if r.err != nil || (r.notes[noteVersion] == 1) != odd {
			t.Errorf("version %q: %v, noted %d times", version, r.err, r.notes[noteVersion])
		}
	}
}

// A JSON that is another file is an error, not an empty register.
func TestNotTheDailyFile(t *testing.T) {
	for name, content := range map[string]string{
		"an empty object":      `{}`,
		"a FHIR bundle":        `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Organization"}}]}`,
		"a list":               `[{"ege":[]}]`,
		"cut after one letter": `{`,
		"a text after it":      `{"pmej":[]} {"pmej":[]}`,
	} {
		r := read(t, []byte(content))
		if r.err == nil || len(r.offers) != 0 || !strings.Contains(r.err.Error(), "made-up.csv") {
			t.Errorf("%s: %d offers, %v", name, len(r.offers), r.err)
		}
	}
}

// A file that is cut or damaged is an error that says where; of what comes
// before it nothing is lost, of what comes after it nothing is read.
func TestDamagedDailyFile(t *testing.T) {
	content := `{"generatedAt":"2021-01-08T02:06:22Z","pmej":[{"informationsGeneralesPMEJ":{"numFinessPm":"` + second + `","denominationPm":"ENTITE"},"ege":[`
	for i := range 3 {
		content += string(marshal(t, ege(t, numbered(i)))) + ","
	}
	content = strings.TrimSuffix(content, ",") + `]}]}`
	if r := read(t, []byte(content)); r.err != nil || len(r.offers) != 3 {
		t.Fatalf("%d offers, %v", len(r.offers), r.err)
	}
	third := strings.LastIndex(content, `"codePostal"`)
	for length := range len(content) {
		r := read(t, []byte(content[:length]))
		if length == 0 {
			continue // an empty file has no format
		}
		where := fmt.Sprintf("at byte %d: unexpected EOF", length)
		if r.err == nil || !errors.Is(r.err, io.ErrUnexpectedEOF) || !strings.Contains(r.err.Error(), where) || len(r.offers) > 3 {
			t.Fatalf("cut at %d: %d offers, %v", length, len(r.offers), r.err)
		}
	}
	damaged := content[:third] + "\x00" + content[third:]
	r := read(t, []byte(damaged))
	want := fmt.Sprintf("in pmej[0].ege[2].adresse[0], after 2 establishments, the last %q: at byte %d: ", numbered(1), third)
	if r.err == nil || !strings.Contains(r.err.Error(), want) || len(r.offers) != 2 {
		t.Errorf("%d offers, %v; want %s", len(r.offers), r.err, want)
	}
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// However the same text is packed, the same offers come of it.
func TestPackingOfTheDailyFile(t *testing.T) {
	plain := whole(t, entityOf(ege(t, first, changes{"informationsGeneralesEGE.nomEgeLong": "HÔPITAL D'ÉTÉ À ÇA"}), ege(t, "2A0099909")))
	want := read(t, plain)
	if len(want.offers) != 2 || want.offers[0].Name != "HÔPITAL D'ÉTÉ À ÇA" {
		t.Fatalf("%d offers, %v", len(want.offers), want.err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, plain, "", "   "); err != nil {
		t.Fatal(err)
	}
	windows, err := charmap.Windows1252.NewEncoder().Bytes(plain)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name    string
		content []byte
	}{
		{"gzipped", gzipped(t, plain)},
		{"gzipped twice in a row", append(gzipped(t, plain[:100]), gzipped(t, plain[100:])...)},
		{"indented", indented.Bytes()},
		{"with CRLF", bytes.ReplaceAll(indented.Bytes(), []byte("\n"), []byte("\r\n"))},
		{"blanks around", []byte("\n\t " + string(plain) + "\r\n")},
		{"a byte order mark", []byte("\ufeff" + string(plain))},
		{"a byte order mark, gzipped", gzipped(t, []byte("\ufeff \n"+string(plain)))},
		{"escaped", []byte(strings.NewReplacer("Ô", `\u00d4`, "'", `\u0027`, "VIRIAT", `\u0056IRIAT`).Replace(string(plain)))},
		{"in Windows-1252", windows},
	}
	for _, c := range cases {
		r := read(t, c.content)
		if r.err != nil || r.rejects != "" || !reflect.DeepEqual(r.offers, want.offers) {
			t.Errorf("%s: %d offers, %v, rejected %q; names %q", c.name, len(r.offers), r.err, r.rejects, namesOf(r.offers))
		}
		if (r.notes[noteNotUnicode] == 1) != (c.name == "in Windows-1252") {
			t.Errorf("%s: decisions %v", c.name, r.notes)
		}
	}
}

// manyDaily writes a daily file of n establishments, two of each entity.
func manyDaily(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "many.json.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zipped, _ := gzip.NewWriterLevel(file, gzip.BestSpeed)
	pattern := string(marshal(t, ege(t, first, changes{"evenement": slicesOf(4, object{"evenementId": "140923", "dateEnregistrement": "2023-03-15 11:21:01", "codeEvenement": "003"})})))
	fmt.Fprint(zipped, `{"schemaVersion":"v1.0.0","generatedAt":"2021-01-08T02:06:22Z","gcc":[],"gco":[],"pmej":[`)
	for i := range n {
		if i%2 == 0 {
			fmt.Fprintf(zipped, `{"informationsGeneralesPMEJ":{"numFinessPm":"%s","denominationPm":"ENTITE %d"},"ege":[`, second, i)
		}
		fmt.Fprint(zipped, strings.Replace(pattern, first, ofAll(i), 1))
		switch {
		case i == n-1:
			fmt.Fprint(zipped, "]}")
		case i%2 == 1:
			fmt.Fprint(zipped, "]},")
		default:
			fmt.Fprint(zipped, ",")
		}
	}
	fmt.Fprint(zipped, "]}")
	if err := errors.Join(zipped.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// ofAll returns the i-th of all FINESS numbers there can be, of ten million.
func ofAll(i int) string {
	for key := range 10 {
		if number := fmt.Sprintf("%02d0%05d%d", i/100_000, i%100_000, key); data.ValidFINESS(number) {
			return number
		}
	}
	panic("no key")
}

// What is held does not grow with the file.
func TestMemoryOfTheDailyFile(t *testing.T) {
	few, many := peak(t, manyDaily(t, 1_000)), peak(t, manyDaily(t, 30_000))
	if grown := int64(many) - int64(few); grown > 1<<20 {
		t.Errorf("%d bytes held for 1,000 establishments, %d for 30,000", few, many)
	}
}

// peak reads a file and returns the most that the reading held at once.
func peak(t testing.TB, path string) uint64 {
	t.Helper()
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most, offers := held(), uint64(0), 0
	for _, err := range finess.New(path, intake.NewLedger(io.Discard)).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if offers++; offers%(1<<max(0, bits.Len(uint(offers))-4)) == 0 {
			most = max(most, held()-before)
		}
	}
	return most
}

// An establishment may be of any size: what is not needed of it is not held.
func TestGiantEstablishments(t *testing.T) {
	const size = 32 << 20
	cases := []struct {
		name                string
		before, body, after string // the body again and again
		reason              string // "" when it is kept
	}{
		{"events", `"evenement":[`, `{"evenementId":"140923"},`, `{}]`, ""},
		{"an unknown text", `"photo":"`, "A", `"`, ""},
		{"a name", `"nomEgeLong":"`, "A", `"`, "pmej[0].ege[0].nomEgeLong,longer than 4096 bytes"},
		{"names", `"nomEgeLong":[`, `"A",`, `"A"]`, ""},
		{"contacts", `"contact":[`, `{},`, `{}]`, "pmej[0].ege[0].contact[64],more than 64 contacts"},
		{"addresses", `"adresse":[`, `{"usageAdresse":"06"},`, `{}]`, ""},
		{"a number", `"siret":1`, "1", ``, "pmej[0].ege[0].siret,longer than 4096 bytes"},
		{"the name of a field", `"`, "A", `":1`, ""},
	}
	for _, c := range cases {
		path := filepath.Join(t.TempDir(), "giant.json")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(file, `{"generatedAt":"2021-01-08","pmej":[{"informationsGeneralesPMEJ":{"numFinessPm":"`+second+`","denominationPm":"E"},"ege":[{"numFinessEge":"`+first+
			`","categorieentiteGeographiqueExercice":"355","etatObjet":"A",`, c.before)
		for part, written := strings.Repeat(c.body, 1<<16), 0; written < size; written += len(part) {
			fmt.Fprint(file, part)
		}
		fmt.Fprint(file, c.after, `},{"numFinessEge":"2A0099909","nomEgeCourt":"APRES","etatObjet":"A"}]}]}`)
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		r := readFile(t, t.Context(), path)
		runtime.ReadMemStats(&after)
		if held := int64(after.Sys) - int64(before.Sys); held > 8<<20 {
			t.Errorf("%s: %d more bytes of memory", c.name, held)
		}
		if r.err != nil || len(r.offers) == 0 || r.kept["ege"] != len(r.offers) || r.rejected["ege"] != 2-len(r.offers) || (len(r.offers) == 2) != (c.reason == "") || !strings.Contains(r.rejects, c.reason) {
			t.Fatalf("%s: %d offers, %v, rejected %.200q", c.name, len(r.offers), r.err, r.rejects)
		}
		if last := r.offers[len(r.offers)-1]; last.Name != "APRES" {
			t.Errorf("%s: followed by %q", c.name, last.Name)
		}
	}
}

func TestDailyCancelled(t *testing.T) {
	path := manyDaily(t, 3000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := readFile(t, ctx, path); len(r.offers) != 0 || !errors.Is(r.err, context.Canceled) {
		t.Errorf("%d offers, %v", len(r.offers), r.err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	offers, failed := 0, error(nil)
	for _, err := range finess.New(path, intake.NewLedger(io.Discard)).Offers(ctx) {
		if failed = err; err == nil {
			offers++
			cancel()
		}
	}
	if offers == 0 || offers > 1100 || !errors.Is(failed, context.Canceled) {
		t.Errorf("%d offers, %v", offers, failed)
	}
}

// Who stops early gets nothing more, and that is no fault.
func TestDailyStoppedEarly(t *testing.T) {
	var rejects strings.Builder
	ledger := intake.NewLedger(&rejects)
	for _, err := range finess.New(manyDaily(t, 3000), ledger).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if err := ledger.Flush(); err != nil || strings.Count(rejects.String(), "\n") != 1 {
		t.Errorf("%v, rejected: %s", err, rejects.String())
	}
}

func TestDailyReader(t *testing.T) {
	path := manyDaily(t, 3000)
	reader := finess.New(path, intake.NewLedger(io.Discard))
	var shown strings.Builder
	reader.Progress = intake.NewProgress(&shown, "essai", reader.Size())
	var all [2][]*data.Offer
	for i := range all {
		for o, err := range reader.Offers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			all[i] = append(all[i], o)
		}
	}
	if len(all[0]) != 3000 || !reflect.DeepEqual(all[0], all[1]) {
		t.Errorf("%d offers, then %d: not the same", len(all[0]), len(all[1]))
	}
	info, err := os.Stat(path)
	if err != nil || reader.Size() != info.Size() || reader.Name() != "finess" {
		t.Errorf("%q of %d bytes, %v", reader.Name(), reader.Size(), err)
	}
	if !strings.HasSuffix(shown.String(), "essai: 100 %\n") {
		t.Errorf("progress %q", shown.String())
	}
	cut := filepath.Join(t.TempDir(), "cut.json.gz")
	whole, err := os.ReadFile(path)
	if err != nil || os.WriteFile(cut, whole[:len(whole)-12], 0o600) != nil {
		t.Fatal(err)
	}
	if r := readFile(t, t.Context(), cut); !errors.Is(r.err, io.ErrUnexpectedEOF) || !strings.Contains(r.err.Error(), cut) {
		t.Errorf("%v", r.err)
	}
}

// The numbers of Corsica are not those of 21 and 22, nor of each other.
func TestCorsicanNumbers(t *testing.T) {
	var eges []any
	for _, departement := range []string{"20", "21", "22", "2A", "2B"} {
		for key := range 10 {
			if number := fmt.Sprintf("%s009990%d", departement, key); data.ValidFINESS(number) {
				eges = append(eges, ege(t, number))
			}
		}
	}
	r := read(t, whole(t, entityOf(append(eges, eges...)...)))
	if r.err != nil || len(r.offers) != 5 || r.rejected["ege"] != 5 {
		t.Errorf("%d offers, %v, rejected:\n%s", len(r.offers), r.err, r.rejects)
	}
}
