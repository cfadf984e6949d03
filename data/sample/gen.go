//go:build ignore

// gen writes counts.tsv.gz from three files of the open data: how many
// establishments of each family there are in each commune (SIRENE 2019), how
// many of some categories (FINESS), how many services of each kind (SAE). The
// first line names the families; every other is a commune, then pairs of a
// family's number and its count. The same files give the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// categories are those of FINESS that the sample has a recipe for.
var categories = []string{"620", "500", "460", "202", "354", "209", "124", "603", "156"}

type table struct {
	families []string
	counts   map[string]map[string]int // commune, family
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(sirene, finess, sae string) error {
	t := table{counts: make(map[string]map[string]int)}
	if err := t.addSirene(sirene); err != nil {
		return fmt.Errorf("%s: %w", sirene, err)
	}
	if err := t.addRows(finess, "categ_code", categories); err != nil {
		return fmt.Errorf("%s: %w", finess, err)
	}
	if err := t.addRows(sae, "service_code", nil); err != nil {
		return fmt.Errorf("%s: %w", sae, err)
	}
	return t.write("counts.tsv.gz")
}

// addSirene adds the families, a column each.
func (t *table) addSirene(path string) error {
	rows, err := read(path, ';')
	if err != nil {
		return err
	}
	t.families = append(t.families, rows[0][1:]...)
	for _, row := range rows[1:] {
		for i, text := range row[1:] {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return fmt.Errorf("commune %s: %w", row[0], err)
			}
			t.add(row[0], rows[0][i+1], int(n))
		}
	}
	return nil
}

// addRows counts rows by their commune and a column, all values of it where
// none are listed.
func (t *table) addRows(path, column string, wanted []string) error {
	rows, err := read(path, ',')
	if err != nil {
		return err
	}
	family, commune := slices.Index(rows[0], column), slices.Index(rows[0], "insee_pip")
	found := make(map[string]bool)
	for _, row := range rows[1:] {
		if wanted == nil || slices.Contains(wanted, row[family]) {
			found[row[family]] = true
			t.add(insee(row[commune]), row[family], 1)
		}
	}
	t.families = append(t.families, slices.Sorted(maps.Keys(found))...)
	return nil
}

// insee writes overseas communes as INSEE does: FINESS has 9D411 for 97411.
func insee(code string) string {
	if len(code) == 5 && code[0] == '9' && code[1] >= 'A' && code[1] <= 'F' {
		return "97" + code[2:]
	}
	return code
}

func (t *table) add(commune, family string, n int) {
	if n == 0 || commune == "" {
		return
	}
	if t.counts[commune] == nil {
		t.counts[commune] = make(map[string]int)
	}
	t.counts[commune][family] += n
}

func (t *table) write(path string) error {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	fmt.Fprintln(zip, strings.Join(t.families, "\t"))
	for _, commune := range slices.Sorted(maps.Keys(t.counts)) {
		fmt.Fprint(zip, commune)
		for i, family := range t.families {
			if n := t.counts[commune][family]; n > 0 {
				fmt.Fprintf(zip, "\t%d:%d", i, n)
			}
		}
		fmt.Fprintln(zip)
	}
	if err := zip.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

func read(path string, comma rune) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	c := csv.NewReader(r)
	c.Comma = comma
	return c.ReadAll()
}
