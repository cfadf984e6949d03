//go:build ignore

// gen writes communes.tsv.gz and departements.tsv from the commune and
// département files of the open data (CSV with a header), and roads.tsv from the
// factors by which each département's road minutes differ from those of the
// country. See decode for the columns. The same files give the same bytes.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(communes, departements, factors string) error {
	rows, err := read(communes)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, r := range rows {
		line, err := commune(r)
		if err != nil {
			return fmt.Errorf("%s: commune %s: %w", communes, r["insee"], err)
		}
		fmt.Fprintln(zip, line)
	}
	if err := zip.Close(); err != nil {
		return err
	}
	if err := os.WriteFile("communes.tsv.gz", out.Bytes(), 0o644); err != nil {
		return err
	}
	rows, err = read(departements)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, r := range rows {
		fmt.Fprintln(&text, strings.Join([]string{r["code"], r["nom"], r["region"], r["region_nom"]}, "\t"))
	}
	if err := os.WriteFile("departements.tsv", []byte(text.String()), 0o644); err != nil {
		return err
	}
	rows, err = read(factors)
	if err != nil {
		return err
	}
	text.Reset()
	for _, r := range rows {
		line, err := road(r)
		if err != nil {
			return fmt.Errorf("%s: département %s: %w", factors, r["dep"], err)
		}
		fmt.Fprintln(&text, line)
	}
	return os.WriteFile("roads.tsv", []byte(text.String()), 0o644)
}

// The spread of the country at large, and the number of communes below which
// that of a département says too little to be narrower.
const (
	spreadLow, spreadHigh = 0.79, 1.24
	fewCommunes           = 30
)

// road returns a line: département, factor, and the same for the fastest and the
// slowest tenth of its communes.
func road(r map[string]string) (string, error) {
	n, errN := strconv.Atoi(r["n_communes"])
	factor, errFactor := strconv.ParseFloat(r["facteur_lineaire"], 64)
	low, errLow := strconv.ParseFloat(r["facteur_lineaire_q10"], 64)
	high, errHigh := strconv.ParseFloat(r["facteur_lineaire_q90"], 64)
	if err := cmp.Or(errN, errFactor, errLow, errHigh); err != nil {
		return "", err
	}
	if n < fewCommunes {
		low, high = min(low, spreadLow*factor), max(high, spreadHigh*factor)
	}
	return fmt.Sprintf("%s\t%.3f\t%.3f\t%.3f", r["dep"], factor, low, high), nil
}

// read returns the rows of a CSV file by column, in the order of the first one.
func read(path string) ([]map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = make(map[string]string)
		for column, name := range lines[0] {
			rows[i][name] = line[column]
		}
	}
	first := lines[0][0]
	slices.SortFunc(rows, func(a, b map[string]string) int { return cmp.Compare(a[first], b[first]) })
	return rows, nil
}

// commune returns a line: code, name, postcodes, département, population, area
// in hectares, latitude and longitude in thousandths of a degree. What is not
// known is empty.
func commune(r map[string]string) (string, error) {
	area, errArea := scaled(r["area_km2"], 100)
	lat, errLat := scaled(r["lat"], 1000)
	lon, errLon := scaled(r["lon"], 1000)
	for _, err := range []error{errArea, errLat, errLon} {
		if err != nil {
			return "", err
		}
	}
	return strings.Join([]string{r["insee"], r["nom"], r["codes_postaux"], r["dep"], r["population"], area, lat, lon}, "\t"), nil
}

func scaled(text string, by float64) (string, error) {
	if text == "" {
		return "", nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(int64(math.Round(v*by)), 10), nil
}
