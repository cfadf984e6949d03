package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	bl "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"

	"boussole/geo"
)

// bleveIndex is a plain bleve: scorch on disk, the S2 plug-in on, a geopoint, and
// everything else that is asked for as keywords, ages as numbers. Documents are
// numbered as rows are, so that it can put equal distances in order.
type bleveIndex struct {
	index bl.Index
	t     *table
}

// Fields of a document. Weekly hours are few, and so each is a keyword: which of
// them are open at a minute is worked out before the question. A cell of the zoom
// that is asked for is one too.
type bleveDoc struct {
	Geo       []float64 `json:"geo,omitempty"`
	Codes     []string  `json:"codes"`
	Sensitive string    `json:"sensitive,omitempty"`
	Week      string    `json:"week,omitempty"`
	Free      string    `json:"free,omitempty"`
	Min       float64   `json:"min"`
	Before    float64   `json:"before"`
	Cell      string    `json:"cell,omitempty"`
	Words     []string  `json:"words,omitempty"`
	In        string    `json:"in,omitempty"`
}

func (bleveDoc) Type() string { return "offer" }

const yes = "y"

// noLimit is an age that nobody reaches.
const noLimit = 1e9

func bleveMapping() mapping.IndexMapping {
	word := func(docValues bool) *mapping.FieldMapping {
		f := bl.NewKeywordFieldMapping()
		f.Store, f.IncludeTermVectors, f.IncludeInAll, f.DocValues = false, false, false, docValues
		f.SkipFreqNorm = true
		return f
	}
	number := func() *mapping.FieldMapping {
		f := bl.NewNumericFieldMapping()
		f.Store, f.IncludeInAll, f.DocValues = false, false, false
		return f
	}
	point := bl.NewGeoPointFieldMapping()
	point.Store, point.IncludeInAll = false, false
	doc := bl.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("geo", point)
	for _, name := range []string{"codes", "sensitive", "week", "free", "words", "in"} {
		doc.AddFieldMappingsAt(name, word(false))
	}
	doc.AddFieldMappingsAt("cell", word(true))
	doc.AddFieldMappingsAt("min", number())
	doc.AddFieldMappingsAt("before", number())
	m := bl.NewIndexMapping()
	m.DefaultMapping = doc
	return m
}

func (t *table) bleveDoc(r *row) bleveDoc {
	d := bleveDoc{Min: float64(r.ages.Min), Before: float64(r.ages.Before), Words: t.wordsOf(r), In: r.departement}
	if r.ages.Before == 0 {
		d.Before = noLimit
	}
	if r.placed {
		d.Geo = []float64{r.point.Lon, r.point.Lat}
		d.Cell = cellName(cellOf(r.point, mapZoom))
	}
	for _, ref := range r.refs {
		d.Codes = append(d.Codes, strconv.Itoa(int(ref)))
	}
	if r.sensitive {
		d.Sensitive = yes
	}
	if r.week > 0 {
		d.Week = strconv.Itoa(int(r.week))
	}
	if r.free >= 1 {
		d.Free = yes
	}
	return d
}

// newBleve builds the index under dir.
func newBleve(ctx context.Context, dir string, t *table) (*peer, error) {
	path := filepath.Join(dir, "bleve")
	start := time.Now()
	idx, err := newBleveIndex(ctx, path, bleveMapping(), t.bleveBatches())
	if err != nil {
		return nil, err
	}
	b := &bleveIndex{idx, t}
	p := &peer{
		name: bleve, version: moduleVersion("github.com/blevesearch/bleve/v2") + ", scorch, S2", askers: make(map[string]asker),
		built: time.Since(start), bytes: sizeOf(path), rounds: bleveSide,
		note: "positions rounded to a centimetre and an Earth of its own: asked for more, measured again",
	}
	for _, name := range []string{"Q1", "Q2", "Q3", "Q4", "Q5", typos, nested, conjunction} {
		p.askers[name] = bleveNearest{b, anywhere}
	}
	p.askers["Q7"] = bleveCells{b}
	things, err := newBleveThings(ctx, filepath.Join(dir, "bleve-things"), t)
	if err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	p.askers["Q6"] = things
	p.close = func() error { return errors.Join(idx.Close(), things.index.Close()) }
	return p, nil
}

// bleveSide covers its tolerance of a millionth of a degree at the sides of a box,
// and the centimetre to which it keeps positions.
const bleveSide geo.Meters = 0.15

func term(field, word string) query.Query {
	q := bl.NewTermQuery(word)
	q.SetField(field)
	return q
}

// filters are what a question asks for beside where.
func (b *bleveIndex) filters(q *question) []query.Query {
	var all []query.Query
	for _, group := range q.codes {
		var any []query.Query
		for _, ref := range b.t.visible(group, q.viewer) {
			any = append(any, term("codes", strconv.Itoa(int(ref))))
		}
		all = append(all, either(any))
	}
	for _, w := range q.words {
		if q.typos {
			all = append(all, fuzzy(b.t.words[w]))
		} else {
			all = append(all, term("words", b.t.words[w]))
		}
	}
	if q.departement != "" {
		all = append(all, term("in", q.departement))
	}
	if q.bed {
		all = append(all, term("free", yes))
	}
	if q.age != nil {
		age, no := float64(*q.age), false
		least := bl.NewNumericRangeInclusiveQuery(nil, &age, nil, nil)
		inclusive := true
		least.InclusiveMax = &inclusive
		least.SetField("min")
		before := bl.NewNumericRangeInclusiveQuery(&age, nil, &no, nil)
		before.SetField("before")
		all = append(all, least, before)
	}
	if !q.at.IsZero() {
		all = append(all, either(b.open(q.at)))
	}
	return all
}

// open is the weekly hours that are open at an instant.
func (b *bleveIndex) open(at time.Time) []query.Query {
	minutes := b.t.minutes(at)
	var any []query.Query
	for i := range b.t.weeks {
		if w := &b.t.weeks[i]; i > 0 && w.has(int(minutes[w.clock])) {
			any = append(any, term("week", strconv.Itoa(i)))
		}
	}
	return any
}

func either(any []query.Query) query.Query {
	switch len(any) {
	case 0:
		return bl.NewMatchNoneQuery()
	case 1:
		return any[0]
	}
	return bl.NewDisjunctionQuery(any...)
}

// visibleOnly leaves out what does not exist for the viewer: codes and words that
// they see are no sensitive unit's, so only a question without any has to say so.
func visibleOnly(all []query.Query, q *question) query.Query {
	if len(q.codes) == 0 && len(q.words) == 0 && q.viewer.Profile == 0 {
		return query.NewBooleanQuery(all, nil, []query.Query{term("sensitive", yes)})
	}
	if len(all) == 1 {
		return all[0]
	}
	return bl.NewConjunctionQuery(all...)
}

// bleveNearest asks for the nearest: by its geo distance query and its sort. A
// radius of anywhere is a rare code, of which all are sorted.
type bleveNearest struct {
	*bleveIndex
	radius geo.Meters
}

func (b bleveNearest) within(radius geo.Meters) asker { return bleveNearest{b.bleveIndex, radius} }

func (b bleveNearest) ask(ctx context.Context, q *question) (answer, error) {
	return approximate(ctx, b.t.rows, q, b.radius, func(ctx context.Context, radius geo.Meters, n int) (found, error) {
		all := b.filters(q)
		if radius < anywhere {
			near := bl.NewGeoDistanceQuery(q.near.Lon, q.near.Lat, strconv.FormatFloat(float64(radius), 'f', 3, 64)+"m")
			near.SetField("geo")
			all = append(all, near)
		}
		request := bl.NewSearchRequestOptions(visibleOnly(all, q), n, 0, false)
		request.Score = "none"
		sort, err := search.NewSortGeoDistance("geo", "m", q.near.Lon, q.near.Lat, false)
		if err != nil {
			return found{}, err
		}
		request.SortByCustom(search.SortOrder{sort, &search.SortDocID{}})
		result, err := b.index.SearchInContext(ctx, request)
		if err != nil {
			return found{}, err
		}
		return b.read(result, q, n)
	})
}

// read reads the numbers of rows. What has no position comes last, and so after all
// that have one.
func (b bleveNearest) read(result *bl.SearchResult, q *question, n int) (found, error) {
	f := found{all: int(result.Total) <= n}
	for _, h := range result.Hits {
		i, err := strconv.Atoi(h.ID)
		if err != nil {
			return f, err
		}
		if !b.t.rows[i].placed {
			f.all = true
			break
		}
		f.rows = append(f.rows, int32(i))
	}
	if len(f.rows) > 0 { // in its order all before the last are nearer, as it measures
		last := &b.t.rows[f.rows[len(f.rows)-1]]
		f.farthest = q.near.Vector().Distance(last.point.Vector()) * (1 - offByPart)
	}
	return f, nil
}

func (b bleveNearest) explain(_ context.Context, q *question) (string, error) {
	where := fmt.Sprintf("geo distance query of %.0f m at first", b.radius)
	if b.radius >= anywhere {
		where = "all that suit"
	}
	return fmt.Sprintf("%s, %d filters, no score, sorted by distance and id, %d at first", where, len(b.filters(q)), more), nil
}

// bleveCells counts by a facet over the cells of the zoom.
type bleveCells struct{ *bleveIndex }

func (b bleveCells) ask(ctx context.Context, q *question) (answer, error) {
	box := bl.NewGeoBoundingBoxQuery(q.bounds.West, q.bounds.North, q.bounds.East, q.bounds.South)
	box.SetField("geo")
	request := bl.NewSearchRequestOptions(visibleOnly(append(b.filters(q), box), q), 0, 0, false)
	request.Score = "none"
	request.AddFacet("cells", bl.NewFacetRequest("cell", 1<<12))
	result, err := b.index.SearchInContext(ctx, request)
	if err != nil {
		return answer{}, err
	}
	a := answer{cells: []cell{}}
	facet := result.Facets["cells"]
	if facet.Other > 0 {
		return a, fmt.Errorf("%d offers in cells that were cut off", facet.Other)
	}
	for _, f := range facet.Terms.Terms() {
		c := cell{offers: f.Count}
		if _, err := fmt.Sscanf(f.Term, "%d/%d", &c.x, &c.y); err != nil {
			return a, err
		}
		a.cells = append(a.cells, c)
	}
	sortCells(a.cells)
	return a, nil
}

func (b bleveCells) explain(_ context.Context, q *question) (string, error) {
	return fmt.Sprintf("geo bounding box query, %d filters, a facet over the cells of zoom %d", len(b.filters(q)), mapZoom), nil
}

func cellName(x, y int) string { return strconv.Itoa(x) + "/" + strconv.Itoa(y) }

// sizeOf is the bytes of the files of a folder.
func sizeOf(dir string) int64 {
	var size int64
	for bytes := range files(os.DirFS(dir)) {
		size += bytes
	}
	return size
}
