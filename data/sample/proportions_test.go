package sample_test

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo/gazetteer"
	"boussole/geo/realdata"
)

// cell is a family of offers in a commune.
type cell struct{ commune, family string }

// The sample has, in each commune and of each family, what the registers count
// there, in proportion: never an offer more or less, and within one in twenty
// wherever that is more than one offer. What the registers count is read from
// their own files.
func TestProportions(t *testing.T) {
	real := counted(t)
	scale := 1_000_000
	if testing.Short() {
		scale = 100_000
	}
	sum := 0
	for _, n := range real {
		sum += n
	}
	got := make(map[cell]int)
	for o, err := range (sample.Source{Scale: scale, Seed: 1}).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got[cell{commune(o), family(o)}]++
	}
	factor := float64(scale) / float64(sum)
	far := 0
	for c := range merged(real, got) {
		if want := factor * float64(real[c]); math.Abs(float64(got[c])-want) > max(1.02, 0.05*want) {
			if far++; far < 10 {
				t.Errorf("%d of %s in %s, want %.2f", got[c], c.family, c.commune, want)
			}
		}
	}
	if far > 0 {
		t.Errorf("%d of %d cells are out of proportion", far, len(real))
	}
	within(t, "family", 0, got, real, factor, func(c cell) string { return c.family })
	within(t, "commune", 7, got, real, factor, func(c cell) string { return c.commune })
	within(t, "departement and family", 1, got, real, factor, func(c cell) string {
		return data.DepartementOfCommune(c.commune) + " " + c.family
	})
}

// within compares sums of cells: one in twenty or, where there are few offers,
// what the rounding of each cell comes to.
func within(t *testing.T, what string, rounding float64, got, real map[cell]int, factor float64, key func(cell) string) {
	t.Helper()
	type sum struct{ got, want float64 }
	sums := make(map[string]sum)
	for c := range merged(real, got) {
		s := sums[key(c)]
		s.got, s.want = s.got+float64(got[c]), s.want+factor*float64(real[c])
		sums[key(c)] = s
	}
	for k, s := range sums {
		if math.Abs(s.got-s.want) > max(1, rounding, 0.05*s.want) {
			t.Errorf("%s %s: %v offers, want %.1f", what, k, s.got, s.want)
		}
	}
}

func merged(a, b map[cell]int) map[cell]bool {
	all := make(map[cell]bool)
	for c := range a {
		all[c] = true
	}
	for c := range b {
		all[c] = true
	}
	return all
}

// commune returns that of a place, or of the first zone of what has none, or
// that of the organization behind it.
func commune(o *data.Offer) string {
	if len(o.Places) > 0 {
		return o.Places[0].Address.Commune
	}
	return o.Organizations[0].Address.Commune
}

// counted reads the three registers, the communes that the gazetteer knows.
func counted(t *testing.T) map[cell]int {
	t.Helper()
	counts := make(map[cell]int)
	add := func(commune, family string, n int) {
		if _, ok := gazetteer.ByCode(commune); ok && n > 0 {
			counts[cell{commune, family}] += n
		}
	}
	header, rows := table(t, "ps-communes-2019/PS_communes.csv.gz", ';')
	for _, row := range rows {
		for i, text := range row[1:] {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			add(row[0], header[i+1], int(n))
		}
	}
	wanted := []string{"620", "500", "460", "202", "354", "209", "124", "603", "156"}
	header, rows = table(t, realdata.FinessCSV, ',')
	category, insee := slices.Index(header, "categ_code"), slices.Index(header, "insee_pip")
	for _, row := range rows {
		if slices.Contains(wanted, row[category]) {
			add(data.CommuneOfFINESS(row[insee]), row[category], 1)
		}
	}
	header, rows = table(t, realdata.SAE, ',')
	service, insee := slices.Index(header, "service_code"), slices.Index(header, "insee_pip")
	for _, row := range rows {
		add(data.CommuneOfFINESS(row[insee]), row[service], 1)
		if row[service] == "URG_GEN" {
			add(data.CommuneOfFINESS(row[insee]), "on-duty", 1)
		}
	}
	return counts
}

func table(t *testing.T, name string, comma rune) (header []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(realdata.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	c := csv.NewReader(r)
	c.Comma = comma
	all, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}
