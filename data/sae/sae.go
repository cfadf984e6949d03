// Package sae reads the services of the yearly hospital statistics (SAE,
// DREES): one line for each pair of a FINESS site and a service, with installed
// beds. Each becomes an offer of its own, in the codes of the ROR.
//
// It refuses to invent: what the statistics do not know (hours, free beds, ages)
// stays unknown. The file is CSV in UTF-8 with a header that names its columns.
package sae

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/data"
	"boussole/data/intake"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/outline"
)

// Name is the word for the SAE in provenance.
const Name = "sae"

// editionOf returns the day to which a file refers: the last one of the year in
// its name, as in sae_2023_services.csv; unknown when the name has none.
func editionOf(path string) data.Date {
	found := yearInName.FindStringSubmatch(filepath.Base(path))
	if found == nil {
		return 0
	}
	year, _ := strconv.Atoi(found[1])
	return data.NewDate(year, 12, 31)
}

var yearInName = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)(?:\D|$)`)

// What was decided, and is counted.
const (
	noteNoPosition = "no position in the file: placed at the commune's centre of the gazetteer"
	noteNowhere    = "no position in the file, and no commune with a centre: kept, unplaced"
	noteCommune    = "at the commune's centre in the file: kept, position quality commune"
	noteElsewhere  = "position more than 2 km from the département of the address, in another or at sea: kept, doubted"
	noteBadPoint   = "a position that is none: dropped"
	noteNoBeds     = "beds not told: kept, unknown"
	noteZeroBeds   = "no bed installed: kept, zero is what the file says"
	noteBadBeds    = "a number of beds that is none: dropped"
	noteMachines   = "a number of appliances: dropped, it is no capacity"
	notePrison     = "looks like a sensitive unit, but the file does not flag it: kept as it is"
	noteOverseas   = "département written 9A to 9F: read as 971 to 976"
)

// Reader is a [data.Source] over one file, gzipped or not.
type Reader struct {
	Path     string
	Progress *intake.Progress // nil shows nothing

	lines *intake.Tally
}

// New opens the books of a reader in the ledger. The file is opened by Offers.
func New(path string, ledger *intake.Ledger) *Reader {
	return &Reader{Path: path, lines: ledger.Tally(Name, "service")}
}

// Name returns "sae".
func (r *Reader) Name() string { return Name }

// Size returns the bytes that one call of Offers reads from the disk.
func (r *Reader) Size() int64 { return intake.Size(r.Path) }

// Offers yields every service that can be used.
func (r *Reader) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		if err := r.read(ctx, yield); err != nil {
			yield(nil, fmt.Errorf("reading %s: %w", r.Path, err))
		}
	}
}

// columns are those the reader needs, in the order of [row].
var columns = []string{
	"finess_et", "finess_ej", "raison_sociale", "service_code", "capacite", "unite",
	"dep", "insee_pip", "lat", "lon", "position_source",
}

// row is one line, its columns in order.
type row struct {
	site, legal, name, service, beds, unit, departement, commune, lat, lon, from string
}

// read takes every line for a record of its own, so that a quote that is never
// closed loses its line and no other.
func (r *Reader) read(ctx context.Context, yield func(*data.Offer, error) bool) error {
	file, err := intake.Open(r.Path, r.Progress)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := intake.NewLines(file)
	if !lines.Next() {
		return errors.Join(errors.New("the file has no header"), lines.Err())
	}
	header, err := fields(strings.TrimPrefix(string(lines.Bytes()), "\ufeff"))
	if err != nil {
		return fmt.Errorf("reading the header: %w", err)
	}
	at, err := locate(header)
	if err != nil {
		return err
	}
	seen := make(map[data.ID]int)
	for lines.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		text := string(lines.Bytes())
		if strings.TrimSpace(text) == "" {
			continue
		}
		line, err := fields(text)
		switch {
		case lines.TooLong():
			r.lines.RejectOffer("", lines.Number(), "", "line", "longer than a mebibyte")
		case err != nil:
			r.lines.RejectOffer("", lines.Number(), "", "line", err.Error())
		case len(line) != len(header):
			r.lines.RejectOffer("", lines.Number(), "", "line", fmt.Sprintf("%d fields, not %d", len(line), len(header)))
		default:
			if o := r.offer(lines.Number(), pick(line, at), seen); o != nil && !yield(o, nil) {
				return nil
			}
		}
	}
	return lines.Err()
}

// fields splits one line of CSV.
func fields(line string) ([]string, error) {
	row, err := csv.NewReader(strings.NewReader(line)).Read()
	if err == nil {
		return row, nil
	}
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		return nil, malformed.Err
	}
	return nil, err
}

// locate finds the columns by their names.
func locate(header []string) ([]int, error) {
	at := make([]int, len(columns))
	var missing []string
	for i, name := range columns {
		at[i] = slices.IndexFunc(header, func(h string) bool { return h == name })
		if at[i] < 0 {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("the header has no column %s", strings.Join(missing, ", "))
	}
	return at, nil
}

func pick(line []string, at []int) row {
	f := func(i int) string { return data.Words(line[at[i]]) }
	return row{f(0), f(1), f(2), f(3), f(4), f(5), f(6), f(7), f(8), f(9), f(10)}
}

// offer counts the line as kept or rejected, and returns the offer or nil.
func (r *Reader) offer(line int, w row, seen map[data.ID]int) *data.Offer {
	known := serviceOf[w.service]
	id := data.NewID("offer", data.SystemFINESS, w.site, data.SystemSAE, w.service)
	first, twice := seen[id]
	switch {
	case !data.ValidFINESS(w.site):
		r.lines.RejectOffer("", line, w.site, "finess_et", strconv.Quote(w.site)+" is not a FINESS number")
		return nil
	case known == nil:
		r.lines.RejectOffer(string(id), line, w.site, "service_code", strconv.Quote(w.service)+" is not a service of the table")
		return nil
	case twice:
		r.lines.RejectOffer(string(id), line, w.site, "service_code", "described already at line "+strconv.Itoa(first))
		return nil
	}
	seen[id] = line
	r.lines.Keep()
	if w.service == "PSY_PEN" {
		r.lines.Note(notePrison)
	}
	record := w.site + "-" + w.service
	offer := known.offer()
	offer.ID = id
	offer.Identifiers = []data.Identifier{{System: data.SystemSAE, Value: record}}
	offer.Places = []data.Place{r.place(w, known)}
	offer.Organizations = site(w)
	offer.Sources = []data.Provenance{{Source: Name, Record: record, Date: editionOf(r.Path)}}
	return &offer
}

// site is the establishment as far as this file knows it; a register that
// knows it better takes its place when the sources are merged.
func site(w row) []data.Organization {
	establishment := data.Organization{
		ID:          data.NewID("organization", data.SystemFINESS, w.site),
		Kind:        data.Establishment,
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: w.site}},
		Name:        w.name,
	}
	if !data.ValidFINESS(w.legal) {
		return []data.Organization{establishment}
	}
	establishment.Parent = data.NewID("organization", data.SystemFINESS, w.legal)
	return []data.Organization{establishment, {
		ID:          establishment.Parent,
		Kind:        data.LegalEntity,
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: w.legal}},
	}}
}

func (r *Reader) place(w row, known *service) data.Place {
	commune := data.CommuneOfFINESS(w.commune)
	if commune != w.commune {
		r.lines.Note(noteOverseas)
	}
	departement := data.DepartementOfCommune(commune)
	if departement == "" && data.KnownDepartement(w.departement) {
		departement = w.departement
	}
	place := data.Place{
		ID:       data.NewID("place", data.SystemFINESS, w.site),
		Address:  data.Address{Commune: commune, Departement: departement},
		Capacity: r.capacity(w, known),
	}
	place.Point, place.Quality = r.position(w, commune)
	if place.Placed() && outline.Away(departement, place.Point) {
		place.Doubted = true
		r.lines.Note(noteElsewhere)
	}
	return place
}

// position reads the point of the file. It names two sources: the FINESS
// register, whose exactness it does not repeat, and the commune's centre. Where
// it has none, as in Mayotte, the gazetteer knows that centre too.
func (r *Reader) position(w row, commune string) (geo.Point, data.Quality) {
	if w.lat == "" && w.lon == "" {
		if known, ok := gazetteer.ByCode(commune); ok && known.Placed {
			r.lines.Note(noteNoPosition)
			return known.Centre, data.AtCommune
		}
		r.lines.Note(noteNowhere)
		return geo.Point{}, data.Unplaced
	}
	lat, errLat := strconv.ParseFloat(w.lat, 64)
	lon, errLon := strconv.ParseFloat(w.lon, 64)
	point := geo.Point{Lat: lat, Lon: lon}
	if errLat != nil || errLon != nil || point.Validate() != nil {
		r.lines.Note(noteBadPoint)
		return geo.Point{}, data.Unplaced
	}
	if strings.HasPrefix(w.from, "finess") {
		return point.Rounded(), data.AtStreet
	}
	r.lines.Note(noteCommune)
	return point.Rounded(), data.AtCommune
}

// capacity returns the installed beds or seats, where the line counts them.
func (r *Reader) capacity(w row, known *service) []data.Capacity {
	if known.counts == data.NatureUnknown {
		if w.beds != "" {
			r.lines.Note(noteMachines)
		}
		return nil
	}
	if w.beds == "" {
		r.lines.Note(noteNoBeds)
		return nil
	}
	number, err := strconv.ParseUint(w.beds, 10, 16)
	if err != nil {
		r.lines.Note(noteBadBeds)
		return nil
	}
	if number == 0 {
		r.lines.Note(noteZeroBeds)
	}
	var updated time.Time
	if edition := editionOf(r.Path); edition != 0 {
		updated = edition.UTC()
	}
	return []data.Capacity{{
		Nature:      known.counts,
		Status:      data.Installed,
		Temporality: data.Current,
		Number:      int(number),
		Source:      data.Statistics,
		Updated:     updated,
	}}
}
