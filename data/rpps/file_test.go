package rpps_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/rpps"
	"boussole/geo/realdata"
)

// The header that the tests write is the publisher's.
func TestHeaderIsThePublished(t *testing.T) {
	published, err := os.ReadFile(realdata.Path(t, "rpps-format/ps_libreacces_personne_activite.header.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(published)); got != header || len(names) != 56 {
		t.Errorf("%d columns:\n%s\nwant:\n%s", len(names), header, got)
	}
}

// Everything that makes a line unusable, in one file.
func TestRejects(t *testing.T) {
	badKey := mistyped(2)
	r := read(t, file(
		header,
		line(),                        // line 2, kept
		line(change{number: badKey}),  // 3
		line(change{number: ""}),      // 4
		line(change{kind: ""}),        // 5
		line(change{kind: "3"}),       // 6: internal to a structure
		line(change{kind: "0"}),       // 7: an RPPS number is no ADELI number
		line(change{profession: ""}),  // 8
		line(change{profession: "é"}), // 9
		"",                            // 10: nothing
		strings.Replace(line(), "|01440|", "|", 1), // 11: a column is missing
		line()+"|",                                       // 12: one too many
		strings.TrimSuffix(line(), "|"),                  // 13: no trailing bar
		line(change{company: "UN | DEUX"}),               // 14: a bar in a name
		line(change{company: strings.Repeat("x", 2e6)}),  // 15
		line(change{company: `LE "GRAND`, street: "UN"}), // 16: no quoting; the same practice as line 2
		line(change{number: somebody(3)}),                // 17, kept
		line(change{number: "99\xff00000010"}),           // 18: not UTF-8 where it matters
		line(change{kind: "0", number: "2A9999999"}),     // 19, kept
		line(change{kind: "0", number: "999999"}),        // 20
		strings.Repeat(" ", 2e6),                         // 21
	))
	want := `rpps,3,` + badKey + `,Identifiant PP,"""` + badKey + `"" is not an RPPS number"
rpps,4,,Identifiant PP,""""" is not an RPPS number"
rpps,5,` + somebody(1) + `,Type d'identifiant PP,""""" is neither RPPS (8) nor ADELI (0)"
rpps,6,` + somebody(1) + `,Type d'identifiant PP,"""3"" is neither RPPS (8) nor ADELI (0)"
rpps,7,` + somebody(1) + `,Identifiant PP,"""` + somebody(1) + `"" is not an ADELI number"
rpps,8,` + somebody(1) + `,Code profession,""""" is not a code"
rpps,9,` + somebody(1) + `,Code profession,"""é"" is not a code"
rpps,11,` + somebody(1) + `,line,"56 fields, not 57"
rpps,12,` + somebody(1) + `,line,"58 fields, not 57"
rpps,13,` + somebody(1) + `,line,"56 fields, not 57"
rpps,14,` + somebody(1) + `,line,"58 fields, not 57"
rpps,15,,line,longer than a mebibyte
rpps,18,99�00000010,Identifiant PP,"""99�00000010"" is not an RPPS number"
rpps,20,999999,Identifiant PP,"""999999"" is not an ADELI number"
rpps,21,,line,longer than a mebibyte
`
	if r.err != nil || r.rejects != want {
		t.Errorf("%v, rejected:\n%s\nwant:\n%s", r.err, r.rejects, want)
	}
	if r.kept != 3 || r.skipped != 1 || r.rejected != 15 || len(r.offers) != 3 {
		t.Errorf("%d kept, %d skipped, %d rejected, %d offers; want 3, 1, 15, 3", r.kept, r.skipped, r.rejected, len(r.offers))
	}
	checkNotes(t, "rejects", r, noteSIRET, noteSIRET, noteSIRET, ruleTwice)
}

// However the same text is packed, the same offers come of it.
func TestPacking(t *testing.T) {
	plain := file(header, line(change{street: "DE L'ÉTÉ"}), line(change{number: somebody(2)}))
	want := read(t, plain)
	if len(want.offers) != 2 || want.offers[0].Places[0].Address.Street != "DE L'ÉTÉ" {
		t.Fatalf("%d offers, %v", len(want.offers), want.err)
	}
	cases := []struct {
		name    string
		content []byte
	}{
		{"gzipped", gzipped(t, plain)},
		{"CRLF", bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))},
		{"a byte order mark", append([]byte("\ufeff"), plain...)},
		{"no final end of line", bytes.TrimSuffix(plain, []byte("\n"))},
		{"empty lines between", bytes.ReplaceAll(plain, []byte("\n"), []byte("\n\n"))},
		{"no trailing bars", bytes.ReplaceAll(plain, []byte("|\n"), []byte("\n"))},
		{"spaces around and between", bytes.ReplaceAll(plain, []byte("|DE L'ÉTÉ|"), []byte("| DE  L'ÉTÉ\t|"))},
	}
	for _, c := range cases {
		r := read(t, c.content)
		if r.err != nil || r.rejects != "" || !reflect.DeepEqual(r.offers, want.offers) {
			t.Errorf("%s: %d offers, %v, rejected %q", c.name, len(r.offers), r.err, r.rejects)
		}
	}
}

// without takes columns out of every line.
func without(text string, drop ...string) string {
	var kept strings.Builder
	for i, field := range strings.Split(strings.TrimSuffix(text, "|"), "|") {
		if !slices.Contains(drop, names[i]) {
			kept.WriteString(field + "|")
		}
	}
	return kept.String()
}

// Columns are found by their names, in whatever order and with whatever
// capitals, and others do not count.
func TestColumns(t *testing.T) {
	want := read(t, file(header, line()))
	backwards := func(text string) string {
		fields := strings.Split(strings.TrimSuffix(text, "|"), "|")
		slices.Reverse(fields)
		return "autre|" + strings.Join(fields, "|")
	}
	for name, r := range map[string]reading{
		"backwards":                read(t, file(backwards(header), backwards("x|" + line())[len("autre|"):])),
		"other capitals":           read(t, file(strings.ToUpper(header), line())),
		"other apostrophes":        read(t, file(strings.ReplaceAll(header, "'", "’"), line())),
		"without unused columns":   read(t, file(without(header, "Ancien identifiant de la structure", "Libellé fonction"), without(line(), "Ancien identifiant de la structure", "Libellé fonction"))),
		"without optional columns": read(t, file(without(header, tradeName, department, phone2), without(line(), tradeName, department, phone2))),
	} {
		if name == "backwards" {
			continue
		}
		if r.err != nil || !reflect.DeepEqual(r.offers, want.offers) {
			t.Errorf("%s: %d offers, %v, rejected %q", name, len(r.offers), r.err, r.rejects)
		}
	}
	r := read(t, file(backwards(header), backwards(line())))
	if r.err != nil || !reflect.DeepEqual(r.offers, want.offers) {
		t.Errorf("backwards: %d offers, %v, rejected %q", len(r.offers), r.err, r.rejects)
	}
}

// The newer variant has its know-how in another file: who is a physician is
// kept, and what they offer is not guessed.
func TestVariantWithoutKnowHow(t *testing.T) {
	columns := []string{knowHowOf, "Libellé type savoir-faire", knowHow, "Libellé savoir-faire"}
	r := read(t, file(
		without(header, columns...),
		without(line(), columns...),
		without(line(change{knowHow: "CAPA06", knowHowOf: "CAPA"}), columns...), // was another know-how
		without(line(change{number: somebody(2), profession: "60"}), columns...),
	))
	if r.err != nil || len(r.offers) != 2 || r.skipped != 1 {
		t.Fatalf("%d offers, %d skipped, %v: %s", len(r.offers), r.skipped, r.err, r.rejects)
	}
	physician, nurse := r.offers[0], r.offers[1]
	if physician.Type != "" || physician.Activities != nil || physician.Practices[0].Profession != "G15|10" || physician.Practices[0].Specialties != nil {
		t.Errorf("the physician is %+v", physician)
	}
	if nurse.Type != "R244|225" || nurse.Activities[0] != "R211|287" {
		t.Errorf("the nurse is %+v", nurse)
	}
	checkNotes(t, "variant", r, noteNoSpecialty, ruleTwice, noteSIRET, noteSIRET)
}

func TestHeadersThatCannotBeUsed(t *testing.T) {
	cases := []struct{ name, header, want string }{
		{"one column missing", strings.Replace(header, postcode, "CP", 1), "no column Code postal (coord. structure)"},
		{"three columns missing", without(header, number, profession, sector), "no column Identifiant PP, Code profession, Code secteur d'activité"},
		{"a column twice", header + number + "|", "twice the column Identifiant PP"},
		{"another separator", strings.ReplaceAll(header, "|", ";"), "no column Type d'identifiant PP"},
		{"no header", line(), "no column Type d'identifiant PP"},
		{"no text", "", "no header"},
	}
	for _, c := range cases {
		r := read(t, []byte(c.header))
		if r.err == nil || !strings.Contains(r.err.Error(), c.want) || len(r.offers) != 0 {
			t.Errorf("%s: %d offers, %v; want %q", c.name, len(r.offers), r.err, c.want)
		}
	}
	if r := read(t, []byte(header)); r.err != nil || len(r.offers) != 0 {
		t.Errorf("only a header: %d offers, %v", len(r.offers), r.err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	whole := gzipped(t, file(header, line()))
	cut := filepath.Join(t.TempDir(), "cut.gz")
	if err := os.WriteFile(cut, whole[:len(whole)-12], 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, path string
		want       error
	}{
		{"no such file", filepath.Join(t.TempDir(), "absent"), fs.ErrNotExist},
		{"gzip cut short", cut, io.ErrUnexpectedEOF},
	}
	for _, c := range cases {
		r := readFile(t, t.Context(), c.path)
		if !errors.Is(r.err, c.want) || !strings.Contains(r.err.Error(), c.path) {
			t.Errorf("%s: %v; want %v", c.name, r.err, c.want)
		}
	}
}

func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made-up.txt")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func many(n int) []byte {
	lines := []string{header}
	for i := range n {
		lines = append(lines, line(change{number: somebody(i + 1)}))
	}
	return file(lines...)
}

func TestStopsWhenAsked(t *testing.T) {
	path := write(t, many(2000))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ledger := intake.NewLedger(io.Discard)
	got := 0
	var err error
	for _, err = range rpps.New(path, ledger).Offers(ctx) {
		if got++; got == 10 {
			cancel()
		}
	}
	if !errors.Is(err, context.Canceled) || got > 10+256+1 {
		t.Errorf("%v after %d offers", err, got)
	}
	got = 0
	for range rpps.New(path, ledger).Offers(t.Context()) {
		if got++; got == 10 {
			break
		}
	}
	if got != 10 {
		t.Errorf("%d offers after a break", got)
	}
}

func TestTheSameTwice(t *testing.T) {
	path := write(t, file(header, line(), line(hospital), line(change{number: somebody(2)})))
	reader := rpps.New(path, intake.NewLedger(io.Discard))
	var first, second []*data.Offer
	for o, err := range reader.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		first = append(first, o)
	}
	for o := range reader.Offers(t.Context()) {
		second = append(second, o)
	}
	if len(first) != 3 || !reflect.DeepEqual(first, second) {
		t.Errorf("%d offers, then %d, not the same", len(first), len(second))
	}
}

func TestProgress(t *testing.T) {
	var shown strings.Builder
	r := rpps.New(write(t, many(300)), intake.NewLedger(io.Discard))
	r.Progress = intake.NewProgress(&shown, "essai", r.Size())
	for _, err := range r.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasSuffix(shown.String(), "essai: 100 %\n") || r.Name() != "rpps" {
		t.Errorf("%s shows %q", r.Name(), shown.String())
	}
}

func TestEdition(t *testing.T) {
	cases := []struct {
		name string
		want data.Date
	}{
		{"PS_LibreAcces_Personne_activite_202601150834.txt", data.NewDate(2026, 1, 15)},
		{"ps-libreacces-personne-activite-20260115.txt.gz", data.NewDate(2026, 1, 15)},
		{"ps-libreacces-personne-activite.txt", 0},
		{"PS_LibreAcces_Personne_activite_202613450834.txt", 0},
		{"PS_99202601150834.txt", 0},
	}
	for _, c := range cases {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, file(header, line()), 0o600); err != nil {
			t.Fatal(err)
		}
		r := readFile(t, t.Context(), path)
		if want := []data.Provenance{{Source: "rpps", Date: c.want}}; len(r.offers) != 1 || !slices.Equal(r.offers[0].Sources, want) {
			t.Errorf("%s: %v, want %v", c.name, r.offers[0].Sources, want)
		}
	}
}
