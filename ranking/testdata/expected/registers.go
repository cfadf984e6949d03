package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// offer is a service of the statistics or an establishment of the register.
type offer struct {
	label    string // "430000117-SIUNV", or "750011173" of an establishment
	id       string // by which equals are ordered
	name     string
	service  string // "SIUNV", or the category of an establishment, "620"
	at       point
	inexact  bool // only the commune is known
	unplaced bool
}

// commune is where somebody calls from.
type commune struct {
	name, departement string
	centre            point
	perKm2            float64
}

// registers is all that is read.
type registers struct {
	communes map[string]commune
	offers   []*offer
	of       map[string][]*offer // by service
	speeds   []speed
	factors  map[string]float64
}

func readAll(dir string) (*registers, error) {
	r := &registers{communes: make(map[string]commune), of: make(map[string][]*offer), factors: make(map[string]float64)}
	for _, read := range []func(string) error{r.readCommunes, r.readSpeeds, r.readFactors, r.readOffers} {
		if err := read(dir); err != nil {
			return nil, err
		}
	}
	for _, o := range r.offers {
		r.of[o.service] = append(r.of[o.service], o)
	}
	return r, nil
}

func (r *registers) readCommunes(dir string) error {
	return rows(filepath.Join(dir, "geo/communes_2026.csv.gz"), func(f map[string]string) error {
		at, ok := pointOf(f["lat"], f["lon"])
		if !ok || strings.HasSuffix(f["zone"], "arrondissement") {
			return nil
		}
		people, _ := strconv.ParseFloat(f["population"], 64)
		area, _ := strconv.ParseFloat(f["area_km2"], 64)
		r.communes[f["insee"]] = commune{f["nom"], f["dep"], at, people / area}
		return nil
	})
}

// readOffers reads the register, then the services, which stand at their site's
// point where the register has one.
func (r *registers) readOffers(dir string) error {
	sites, err := r.readSites(dir)
	if err != nil {
		return err
	}
	return rows(filepath.Join(dir, "sae-2023/sae_2023_services.csv.gz"), func(f map[string]string) error {
		o := &offer{
			label: f["finess_et"] + "-" + f["service_code"], name: tidy(f["raison_sociale"]), service: f["service_code"],
			id: identity("offer", "FINESS", f["finess_et"], "SAE", f["service_code"]),
		}
		r.offers = append(r.offers, o)
		known := sites[f["finess_et"]]
		if known != nil && known.name != "" {
			o.name = known.name
		}
		if known != nil && !known.unplaced {
			o.at, o.inexact = known.at, known.inexact
			return nil
		}
		var told bool
		o.at, told = pointOf(f["lat"], f["lon"])
		o.inexact = !told || !strings.HasPrefix(f["position_source"], "finess")
		if !told {
			there, ok := r.communes[insee(f["insee_pip"])]
			o.at, o.unplaced = there.centre, !ok
		}
		return nil
	})
}

// tidy is a name without quotes, and one space between words.
func tidy(name string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(name, `"`, "")), " ")
}

// insee is the code of a commune that FINESS writes with its own département, 9A to
// 9F overseas.
func insee(code string) string {
	if len(code) == 5 && code[0] == '9' && code[1] >= 'A' && code[1] <= 'F' {
		return "97" + code[2:]
	}
	return code
}

// readSites reads the establishments. Where three streets or more share one point it
// is the commune's, not theirs: so it is where there is no street at all.
func (r *registers) readSites(dir string) (map[string]*offer, error) {
	streets, err := readStreets(filepath.Join(dir, "finess-2021/reconstitue-etalab-cs1100507-stock-20210108.csv.gz"))
	if err != nil {
		return nil, err
	}
	sites, shared := make(map[string]*offer), make(map[string]map[string]bool)
	where := make(map[string]string) // the point as the register writes it
	err = rows(filepath.Join(dir, "finess-2021/finess_etablissements_2021-01-08.csv.gz"), func(f map[string]string) error {
		number := f["finess_et"]
		o := &offer{label: number, name: tidy(f["raison_sociale"]), service: f["categ_code"], id: identity("offer", "FINESS", number)}
		at, placed := pointOf(f["lat"], f["lon"])
		o.at, o.unplaced = at, !placed
		where[number] = f["x"] + " " + f["y"]
		if shared[where[number]] == nil {
			shared[where[number]] = make(map[string]bool)
		}
		shared[where[number]][streets[number]] = true
		sites[number] = o
		r.offers = append(r.offers, o)
		return nil
	})
	for number, o := range sites {
		o.inexact = len(shared[where[number]]) >= 3 || strings.HasSuffix(streets[number], ";")
	}
	return sites, err
}

// readStreets returns "RTE;DE PARIS" of each number, from the lines of the register
// as it is published.
func readStreets(path string) (map[string]string, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	streets := make(map[string]string)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		f := strings.Split(lines.Text(), ";")
		if f[0] == "structureet" && len(f) > 9 {
			streets[f[1]] = f[8] + ";" + strings.TrimSpace(f[9])
		}
	}
	return streets, lines.Err()
}

func (r *registers) readFactors(dir string) error {
	return rows(filepath.Join(dir, "travel/calibration_departements.csv"), func(f map[string]string) (err error) {
		r.factors[f["dep"]], err = strconv.ParseFloat(f["facteur_lineaire"], 64)
		return err
	})
}

// readSpeeds reads the classes of density, thinnest first: "<30", "30-100"… ">1500".
func (r *registers) readSpeeds(dir string) error {
	return rows(filepath.Join(dir, "travel/calibration_densite.csv"), func(f map[string]string) error {
		var s speed
		var errs [3]error
		s.minutes, errs[0] = strconv.ParseFloat(f["a_lineaire_min"], 64)
		s.perKm, errs[1] = strconv.ParseFloat(f["b_lineaire_min_par_km"], 64)
		from, _, _ := strings.Cut(strings.TrimLeft(f["densite_hab_km2"], ">"), "-")
		if !strings.HasPrefix(from, "<") {
			s.from, errs[2] = strconv.ParseFloat(from, 64)
		}
		r.speeds = append(r.speeds, s)
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// rows hands over each line of a file of comma-separated values, by column.
func rows(path string, each func(map[string]string) error) error {
	file, err := open(path)
	if err != nil {
		return err
	}
	lines := csv.NewReader(file)
	header, err := lines.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	for {
		line, err := lines.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		fields := make(map[string]string, len(line))
		for i, value := range line {
			fields[header[i]] = strings.TrimSpace(value)
		}
		if err := each(fields); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}

func open(path string) (io.Reader, error) {
	held, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return bytes.NewReader(held), err
	}
	return gzip.NewReader(bytes.NewReader(held))
}
