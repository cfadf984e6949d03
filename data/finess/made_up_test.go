package finess_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
)

// Made-up establishments have numbers of a département 99 that does not exist,
// with a right key.
const (
	first  = "990999997"
	second = "990000002"
	wrong  = "990999998"
)

const header = "finess;etalab;93;2021-01-08"

// The publisher's names of the fields of a structureet line.
var names = strings.Fields(`nofinesset nofinessej rs rslongue complrs compldistrib numvoie typvoie voie compvoie
	lieuditbp commune departement libdepartement ligneacheminement telephone telecopie categetab libcategetab
	categagretab libcategagretab siret codeape codemft libmft codesph libsph dateouv dateautor maj numuai`)

type change map[string]string

// structure writes a structureet line: a made-up establishment of Viriat, Ain,
// with some fields changed.
func structure(number string, changes ...change) string {
	values := change{
		"nofinesset": number, "rs": "ETABLISSEMENT EXEMPLE", "numvoie": "900", "typvoie": "RTE", "voie": "DE L'EXEMPLE",
		"commune": "451", "departement": "01", "libdepartement": "AIN", "ligneacheminement": "01440 VIRIAT", "categetab": "355",
	}
	for _, c := range changes {
		maps.Copy(values, c)
	}
	line := []string{"structureet"}
	for _, name := range names {
		line = append(line, values[name])
	}
	return strings.Join(line, ";")
}

const lambert = "2,ATLASANTE,.,.,EPSG:2154 RGF93 / Lambert-93 (Métropole)"

func position(number, x, y, system string) string {
	return strings.Join([]string{"geolocalisation", number, x, y, system, "2021-01-08"}, ";")
}

// atViriat is a point of Viriat: 46.222745, 5.208596.
func atViriat(number string) string { return position(number, "870215.7", "6571590.5", lambert) }

// file joins lines to a text in ISO-8859-1.
func file(t *testing.T, lines ...string) []byte {
	t.Helper()
	content, err := charmap.ISO8859_1.NewEncoder().String(strings.Join(lines, "\n") + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return []byte(content)
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reading is all that comes of a file.
type reading struct {
	offers  []*data.Offer
	err     error
	rejects string // without the header
	books
}

func read(t *testing.T, content []byte) reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made-up.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(t, t.Context(), path)
}

func readFile(t *testing.T, ctx context.Context, path string) reading {
	t.Helper()
	var rejects, table strings.Builder
	ledger := intake.NewLedger(&rejects)
	var r reading
	for o, err := range finess.New(path, ledger).Offers(ctx) {
		if r.err != nil {
			t.Fatal("more after the error")
		}
		if r.err = err; err == nil {
			r.offers = append(r.offers, o)
		}
	}
	if err := ledger.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.WriteTo(&table); err != nil {
		t.Fatal(err)
	}
	r.rejects = strings.TrimPrefix(rejects.String(), "source,line,record,field,reason\n")
	r.books = parseBooks(t, table.String())
	return r
}

// books is the ledger's table, read back.
type books struct {
	kept, skipped, rejected map[string]int // by kind of line
	notes                   map[string]int
}

var note = regexp.MustCompile(`^finess +(\d+)  (.+)$`)

func parseBooks(t *testing.T, table string) books {
	t.Helper()
	b := books{make(map[string]int), make(map[string]int), make(map[string]int), make(map[string]int)}
	counts, decisions, _ := strings.Cut(table, "\n\n")
	for _, line := range strings.Split(strings.TrimSpace(counts), "\n")[1:] {
		columns := strings.Fields(line)
		kind := columns[1]
		b.kept[kind], b.skipped[kind], b.rejected[kind] = number(t, columns[3]), number(t, columns[4]), number(t, columns[5])
		if read := number(t, columns[2]); read != b.kept[kind]+b.skipped[kind]+b.rejected[kind] {
			t.Errorf("%d lines of %s read, %d kept, %d skipped, %d rejected", read, kind, b.kept[kind], b.skipped[kind], b.rejected[kind])
		}
	}
	for line := range strings.Lines(decisions) {
		m := note.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			t.Fatalf("the ledger says %q", line)
		}
		b.notes[m[2]] += number(t, m[1])
	}
	return b
}

func number(t testing.TB, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// one reads a file of one establishment and its position.
func one(t *testing.T, changes change, position string) (*data.Offer, books) {
	t.Helper()
	r := read(t, file(t, header, structure(first, changes), position))
	if r.err != nil || len(r.offers) != 1 || r.rejects != "" {
		t.Fatalf("%d offers, %v, rejected: %s", len(r.offers), r.err, r.rejects)
	}
	return r.offers[0], r.books
}

// checkNotes compares all the decisions: none may be missing, none be there
// that nobody expects.
func checkNotes(t *testing.T, name string, b books, want ...string) {
	t.Helper()
	expected := make(map[string]int)
	for _, w := range want {
		expected[w]++
	}
	if !maps.Equal(b.notes, expected) {
		t.Errorf("%s: decisions %v, want %v", name, b.notes, expected)
	}
}
