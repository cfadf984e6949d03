package finess_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
)

// Everything that makes a line unusable, in one file.
func TestRejects(t *testing.T) {
	long := strings.Repeat("X", 2<<20)
	spoken := strings.Split(structure(second), ";")
	lines := []string{
		header,           // line 1
		structure(first), // 2, kept
		structure(wrong), // 3
		structure(first), // 4
		structure(second)[:strings.LastIndex(structure(second), ";")], // 5: 31 fields
		structure(second) + ";",                     // 6: 33 fields
		structure(second, change{"rs": "UN; DEUX"}), // 7: a semicolon within
		"equipement;" + second + ";1",               // 8
		"",                                          // 9: nothing
		"  \t ",                                     // 10: nothing
		structure(second, change{"numuai": long}), // 11
		structure(""),                                // 12
		structure("99000000A"),                       // 13
		atViriat(first),                              // 14, kept
		atViriat(first),                              // 15
		atViriat(second),                             // 16: its establishment was rejected
		"geolocalisation;" + first + ";1;2;",         // 17
		"geolocalisation;" + first + ";1;2;;" + long, // 18
		strings.Join(append([]string{"Structureet"}, spoken[1:]...), ";"), // 19: not the word
		structure("2A0099909"),                    // 20, kept
		structure("2B0099909"),                    // 21: the key of 2A
		structure(`"` + first + `"`),              // 22: quotes are no part of the format
		position("", "870215.7", "6571590.5", ""), // 23
	}
	r := read(t, file(t, lines...))
	const want = `finess,15,990999997,nofinesset,positioned already at line 14
finess,17,,line,"5 fields, not 6"
finess,18,,line,longer than a mebibyte
finess,3,990999998,nofinesset,"""990999998"" is not a FINESS number"
finess,4,990999997,nofinesset,described already at line 2
finess,5,,line,"31 fields, not 32"
finess,6,,line,"33 fields, not 32"
finess,7,,line,"33 fields, not 32"
finess,8,,line,neither structureet nor geolocalisation
finess,11,,line,longer than a mebibyte
finess,12,,nofinesset,""""" is not a FINESS number"
finess,13,99000000A,nofinesset,"""99000000A"" is not a FINESS number"
finess,19,,line,neither structureet nor geolocalisation
finess,21,2B0099909,nofinesset,"""2B0099909"" is not a FINESS number"
finess,22,"""990999997""",nofinesset,"""\""990999997\"""" is not a FINESS number"
finess,16,990000002,nofinesset,position of no establishment that was kept
finess,23,,nofinesset,position of no establishment that was kept
`
	if r.err != nil || r.rejects != want {
		t.Errorf("%v, rejected:\n%s\nwant:\n%s", r.err, r.rejects, want)
	}
	counts := map[string][2]int{"structureet": {2, 10}, "geolocalisation": {1, 5}, "other": {0, 2}}
	for kind, c := range counts {
		if r.kept[kind] != c[0] || r.rejected[kind] != c[1] {
			t.Errorf("%s: %d kept, %d rejected; want %v", kind, r.kept[kind], r.rejected[kind], c)
		}
	}
	if len(r.offers) != 2 || r.offers[0].Sources[0].Record != first || r.offers[1].Sources[0].Record != "2A0099909" {
		t.Errorf("%d offers", len(r.offers))
	}
	checkNotes(t, "rejects", r.books, noteNoPosition) // of the Corsican, which no position line names
}

// However the same text is packed, the same offers come of it.
func TestPacking(t *testing.T) {
	lines := []string{
		header,
		structure(first, change{"rs": "HÔPITAL D'ÉTÉ À ÇA"}),
		structure(second, change{"rs": `MAISON "EXEMPLE"`}),
		atViriat(second),
		atViriat(first),
	}
	plain := file(t, lines...)
	want := read(t, plain)
	if len(want.offers) != 2 || want.offers[0].Name != "HÔPITAL D'ÉTÉ À ÇA" {
		t.Fatalf("%d offers, %v", len(want.offers), want.err)
	}
	backwards := file(t, lines[0], lines[4], lines[1], lines[3], lines[2])
	cases := []struct {
		name    string
		content []byte
	}{
		{"gzipped", gzipped(t, plain)},
		{"CRLF", bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))},
		{"no final end of line", bytes.TrimSuffix(plain, []byte("\n"))},
		{"UTF-8", []byte(strings.Join(lines, "\n"))},
		{"UTF-8 with a byte order mark", []byte("\ufeff" + strings.Join(lines, "\n"))},
		{"UTF-8 with a byte order mark, CRLF, gzipped", gzipped(t, []byte("\ufeff"+strings.Join(lines, "\r\n")))},
		{"empty lines between", bytes.ReplaceAll(plain, []byte("\n"), []byte("\n\n"))},
		{"positions first", backwards},
	}
	for _, c := range cases {
		r := read(t, c.content)
		if r.err != nil || r.rejects != "" || !reflect.DeepEqual(r.offers, want.offers) {
			t.Errorf("%s: %d offers, %v, rejected %q; names %q", c.name, len(r.offers), r.err, r.rejects, namesOf(r.offers))
		}
	}
}

func namesOf(offers []*data.Offer) (names []string) {
	for _, o := range offers {
		names = append(names, o.Name)
	}
	return names
}

// Windows-1252 has letters where ISO-8859-1 has none.
func TestWindowsLetters(t *testing.T) {
	content := bytes.ReplaceAll(file(t, header, structure(first, change{"rs": "C*UR D'EXEMPLE"})), []byte("*"), []byte{0x8c})
	if r := read(t, content); len(r.offers) != 1 || r.offers[0].Name != "CŒUR D'EXEMPLE" {
		t.Errorf("%q", namesOf(r.offers))
	}
}

func TestEmptyFiles(t *testing.T) {
	for name, content := range map[string][]byte{
		"empty": nil, "gzipped, empty": gzipped(t, nil), "only a header": []byte(header), "only blanks": []byte("\n \n\r\n"), "a byte order mark": []byte("\ufeff"),
	} {
		r := read(t, content)
		if len(r.offers) != 0 || r.err != nil || r.rejects != "" {
			t.Errorf("%s: %d offers, %v, rejected %q", name, len(r.offers), r.err, r.rejects)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	whole := gzipped(t, file(t, header, structure(first), atViriat(first)))
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
		if !errors.Is(r.err, c.want) || !strings.Contains(r.err.Error(), c.path) || len(r.offers) != 0 {
			t.Errorf("%s: %d offers, %v; want %v", c.name, len(r.offers), r.err, c.want)
		}
	}
}

// many writes establishments enough for the reader to ask whether it is still
// wanted.
func many(t *testing.T) string {
	t.Helper()
	lines := []string{header}
	for i := range 3000 {
		lines = append(lines, structure(numbered(i)), atViriat(numbered(i)))
	}
	path := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(path, file(t, lines...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := readFile(t, ctx, many(t)); len(r.offers) != 0 || !errors.Is(r.err, context.Canceled) {
		t.Errorf("%d offers, %v", len(r.offers), r.err)
	}
}

func TestCancelledHalfWay(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	offers, failed := 0, error(nil)
	for _, err := range finess.New(many(t), intake.NewLedger(io.Discard)).Offers(ctx) {
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
func TestStoppedEarly(t *testing.T) {
	var rejects strings.Builder
	ledger := intake.NewLedger(&rejects)
	for _, err := range finess.New(many(t), ledger).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if err := ledger.Flush(); err != nil || strings.Count(rejects.String(), "\n") != 1 {
		t.Errorf("%v, rejected: %s", err, rejects.String())
	}
}

func TestReader(t *testing.T) {
	path := many(t)
	reader := finess.New(path, intake.NewLedger(io.Discard))
	var shown strings.Builder
	reader.Progress = intake.NewProgress(&shown, "essai", reader.Size())
	for _, err := range reader.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || reader.Size() != 2*info.Size() || reader.Name() != "finess" {
		t.Errorf("%q of %d bytes, %v", reader.Name(), reader.Size(), err)
	}
	if !strings.HasSuffix(shown.String(), "essai: 100 %\n") {
		t.Errorf("progress %q", shown.String())
	}
}
