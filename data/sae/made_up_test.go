package sae_test

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

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/sae"
)

// Made-up sites have numbers of a département 99 that does not exist, with a
// right key.
const (
	first  = "990999997"
	second = "990000002"
	wrong  = "990999998"
)

const header = "finess_et,finess_ej,raison_sociale,service_code,service_lib,capacite,unite,dep,insee_pip,lat,lon,position_source"

type change map[string]string

// line writes a line: the emergencies of a made-up hospital of Viriat, with
// some columns changed.
func line(changes ...change) string {
	values := change{
		"finess_et": first, "finess_ej": second, "raison_sociale": "HOPITAL EXEMPLE", "service_code": "URG_GEN",
		"dep": "01", "insee_pip": "01451", "lat": "46.222745", "lon": "5.208596", "position_source": "finess-2021",
	}
	for _, c := range changes {
		maps.Copy(values, c)
	}
	var fields []string
	for name := range strings.SplitSeq(header, ",") {
		fields = append(fields, values[name])
	}
	return strings.Join(fields, ",")
}

func file(lines ...string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }

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
	offers         []*data.Offer
	err            error
	rejects        string // without the header
	kept, rejected int
	notes          map[string]int
}

func read(t *testing.T, content []byte) reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sae_2023_made-up.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(t, t.Context(), path)
}

func readFile(t *testing.T, ctx context.Context, path string) reading {
	t.Helper()
	var rejects, table strings.Builder
	ledger := intake.NewLedger(&rejects)
	r := reading{notes: make(map[string]int)}
	for o, err := range sae.New(path, ledger).Offers(ctx) {
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
	r.parse(t, table.String())
	return r
}

var (
	counted = regexp.MustCompile(`(?m)^ *sae +service +(\d+) +(\d+) +0 +(\d+)$`)
	noted   = regexp.MustCompile(`(?m)^sae +(\d+)  (.+)$`)
)

// parse reads the ledger's table back.
func (r *reading) parse(t *testing.T, table string) {
	t.Helper()
	counts := counted.FindStringSubmatch(table)
	if counts == nil {
		t.Fatalf("the ledger says %q", table)
	}
	r.kept, r.rejected = number(t, counts[2]), number(t, counts[3])
	if lines := number(t, counts[1]); lines != r.kept+r.rejected {
		t.Errorf("%d lines read, %d kept, %d rejected", lines, r.kept, r.rejected)
	}
	for _, m := range noted.FindAllStringSubmatch(table, -1) {
		r.notes[m[2]] += number(t, m[1])
	}
}

func number(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// one reads a file of one line.
func one(t *testing.T, changes change) (*data.Offer, map[string]int) {
	t.Helper()
	r := read(t, file(header, line(changes)))
	if r.err != nil || len(r.offers) != 1 || r.rejects != "" || r.kept != 1 {
		t.Fatalf("%d offers, %v, rejected: %s", len(r.offers), r.err, r.rejects)
	}
	return r.offers[0], r.notes
}

// checkNotes compares all the decisions: none may be missing, none be there
// that nobody expects.
func checkNotes(t *testing.T, name string, got map[string]int, want ...string) {
	t.Helper()
	expected := make(map[string]int)
	for _, w := range want {
		expected[w]++
	}
	if !maps.Equal(got, expected) {
		t.Errorf("%s: decisions %v, want %v", name, got, expected)
	}
}
