package index

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/kdtree"
)

// Bounds is a rectangle of a map, sides included. West of East only: a map that
// crosses the antimeridian asks twice.
type Bounds struct {
	South, West, North, East float64 // degrees
}

// ErrBounds is wrapped by errors about a rectangle, or a zoom, that cannot be
// shown.
var ErrBounds = errors.New("not a part of a map")

// Limits of what is shown at once.
const (
	MaxZoom  = 24
	maxCells = 1 << 16
)

// Cell is a cell of the grid of Web-Mercator tiles at some zoom (X to the east, Y
// to the south, as tile servers number them) with how many offers are in it.
type Cell struct {
	X, Y   uint32
	Offers int
	Point  geo.Point // the middle of their places
	ID     data.ID   // of the offer, where it is one
}

// Cells counts the offers that suit and lie within a rectangle by the cells of a
// zoom, 0 to 24; cells without any are left out, the others come in the order of
// their rows. An offer counts once in a cell, whatever number of its places lie
// there. What is nearer to a pole than Web Mercator goes (85.051°) is in no cell.
//
// It looks at every entry of the rectangle that may suit: a few nanoseconds each.
func (v *View) Cells(q Query, in Bounds, zoom int) ([]Cell, error) {
	g := v.pinned()
	grid, err := newGrid(in, zoom)
	if err != nil {
		return nil, err
	}
	scratch := g.newScratch()
	defer g.scratches.Put(scratch)
	c := &scratch.compiled
	*c = compiled{}
	c.compile(v.as(&q), g)
	var p plan
	c.plan(&p)
	w := &scratch.cells
	*w = cellWalk{counts: grid.clear(w.counts), grid: grid, bounds: in.grid(), sides: gridBounds{south: 1}, matcher: newMatcher(c, scratch, &p)}
	box := in.box()
	if q.Within > 0 {
		w.within, w.origin = q.Within, q.Near.Vector()
	}
	for _, e := range p.entries {
		w.add(g.refTo(e), g.rows[e].point)
	}
	w.overlap = p.overlap
	for _, t := range p.trees {
		t.Meeting(&box, w)
	}
	return w.cells(), nil
}

// grid is the cells of a rectangle.
type grid struct {
	zoom       int
	x0, y0     uint32 // of the first cell
	cols, rows int
	edges      []int32 // the northern edge of each row but the first, in 1e-7 degrees, rounded down
}

func newGrid(in Bounds, zoom int) (grid, error) {
	switch {
	case zoom < 0 || zoom > MaxZoom:
		return grid{}, fmt.Errorf("zoom %d is not between 0 and %d: %w", zoom, MaxZoom, ErrBounds)
	case !(in.South >= -90 && in.South <= in.North && in.North <= 90):
		return grid{}, fmt.Errorf("latitudes %v to %v: %w", in.South, in.North, ErrBounds)
	case !(in.West >= -180 && in.West <= in.East && in.East <= 180):
		return grid{}, fmt.Errorf("longitudes %v to %v: %w", in.West, in.East, ErrBounds)
	}
	g := grid{zoom: zoom}
	g.x0, g.y0 = column32(degrees(in.West), zoom), row(in.North, zoom)
	g.cols, g.rows = int(column32(degrees(in.East), zoom)-g.x0)+1, int(row(in.South, zoom)-g.y0)+1
	if g.cols > maxCells/g.rows {
		return grid{}, fmt.Errorf("%d × %d cells, at most %d: %w", g.cols, g.rows, maxCells, ErrBounds)
	}
	for y := g.y0 + 1; y < g.y0+uint32(g.rows); y++ {
		g.edges = append(g.edges, int32(math.Floor(northOf(y, zoom)*1e7)))
	}
	return g, nil
}

func degrees(d float64) int32 { return int32(math.Round(d * 1e7)) }

// column32 returns the column of a longitude in 1e-7 degrees; 180 is in the last.
func column32(lon int32, zoom int) uint32 {
	x := (int64(lon) + 1_800_000_000) << zoom / 3_600_000_000
	return uint32(min(x, 1<<zoom-1))
}

// northOf returns the latitude of the northern edge of a row of cells.
func northOf(y uint32, zoom int) float64 {
	n := math.Pi * (1 - 2*float64(y)/float64(uint64(1)<<zoom))
	return math.Atan(math.Sinh(n)) * 180 / math.Pi
}

// row returns the row of a latitude: the last whose northern edge is not south of
// it, the first where all are.
func row(lat float64, zoom int) uint32 {
	last := uint32(1)<<zoom - 1
	sin := math.Sin(lat * math.Pi / 180)
	guess := (0.5 - math.Atanh(sin)/(2*math.Pi)) * float64(uint64(1)<<zoom)
	y := uint32(max(0, min(guess, float64(last))))
	for y > 0 && northOf(y, zoom) < lat { // roundings
		y--
	}
	for y < last && northOf(y+1, zoom) >= lat {
		y++
	}
	return y
}

// cell returns the number of the cell of a point of the rectangle, row by row, and
// what lies in it for certain: all that does, but for a step at its sides.
func (g *grid) cell(p gridPoint) (int, gridBounds) {
	column := column32(p.lon, g.zoom)
	row := sort.Search(len(g.edges), func(i int) bool { return g.edges[i] < p.lat })
	sides := gridBounds{south: -mercatorEdge, north: mercatorEdge, west: westOf(column, g.zoom), east: westOf(column+1, g.zoom) - 1}
	if row > 0 {
		sides.north = g.edges[row-1]
	}
	if row < len(g.edges) {
		sides.south = g.edges[row] + 1
	}
	return row*g.cols + int(column-g.x0), sides
}

// westOf returns the first longitude of a column.
func westOf(column uint32, zoom int) int32 {
	west := (int64(column)*3_600_000_000+1<<zoom-1)>>zoom - 1_800_000_000
	return int32(min(west, math.MaxInt32))
}

// mercatorEdge is the latitude at which Web Mercator ends, in 1e-7 degrees.
const mercatorEdge = 850_511_287

// gridBounds is a rectangle in 1e-7 degrees.
type gridBounds struct{ south, west, north, east int32 }

func (b Bounds) grid() gridBounds {
	near := func(d float64, otherwise func(float64) float64) int32 {
		if r := math.Round(d * 1e7); r/1e7 == d { // a position that may be somebody's: on the side is inside
			return int32(r)
		}
		return int32(otherwise(d * 1e7))
	}
	up := func(d float64) int32 { return near(d, math.Ceil) }
	down := func(d float64) int32 { return near(d, math.Floor) }
	return gridBounds{max(up(b.South), -mercatorEdge), up(b.West), min(down(b.North), mercatorEdge), down(b.East)}
}

func (b *gridBounds) has(p gridPoint) bool {
	return p.lat >= b.south && p.lat <= b.north && p.lon >= b.west && p.lon <= b.east
}

// box returns a box in space around a rectangle: along each axis, the extremes
// are at its corners, or where it crosses the equator or a quarter of the way
// round.
func (b Bounds) box() kdtree.Box {
	lats := []float64{b.South, b.North}
	if b.South < 0 && b.North > 0 {
		lats = append(lats, 0)
	}
	lons := []float64{b.West, b.East}
	for _, quarter := range []float64{-90, 0, 90} {
		if b.West < quarter && b.East > quarter {
			lons = append(lons, quarter)
		}
	}
	box := kdtree.Nowhere()
	for _, lat := range lats {
		for _, lon := range lons {
			p := kdtree.At(geo.Point{Lat: lat, Lon: lon}.Vector())
			box.Add(&p)
		}
	}
	return box.Grown(2) // a corner is within half a step, and so is what lies on the side
}

// cellWalk counts what it is shown by cell.
type cellWalk struct {
	matcher
	grid    grid
	bounds  gridBounds
	within  geo.Meters
	origin  geo.Vector
	overlap bool // an entry may be in several trees

	cell    int // of the last entry
	sides   gridBounds
	counts  []cellCount // of each cell, row by row
	seen    map[uint32]bool
	several map[offerCell]bool
}

// offerCell is an offer with several places in a cell.
type offerCell struct {
	offer uint32
	cell  int
}

type cellCount struct {
	offers, places int
	lat, lon       int64
	entry          uint32 // one of them
}

// Leaf counts what is in the rectangle.
func (w *cellWalk) Leaf(items []kdtree.Item) {
	var points [kdtree.FanOut]gridPoint // fetched together: they lie apart
	for i := range items {
		points[i] = w.s.rows[ref(items[i].Entry).number()].point
	}
	for i := range items {
		w.add(ref(items[i].Entry), points[i])
	}
}

func (w *cellWalk) add(r ref, p gridPoint) {
	entry := r.number()
	if !w.bounds.has(p) || !w.suits(r) {
		return
	}
	if w.within > 0 && !(w.origin.Distance(p.point().Vector()) <= w.within) {
		return
	}
	if w.overlap {
		if w.seen == nil {
			w.seen = make(map[uint32]bool)
		}
		if w.seen[entry] {
			return
		}
		w.seen[entry] = true
	}
	if !w.sides.has(p) { // most lie in the cell of the one before
		w.cell, w.sides = w.grid.cell(p)
	}
	cell := w.cell
	c := &w.counts[cell]
	c.places, c.lat, c.lon = c.places+1, c.lat+int64(p.lat), c.lon+int64(p.lon)
	if r&hasSeveral != 0 {
		at := offerCell{w.s.rows[entry].offer.number(), cell}
		if w.several[at] {
			return
		}
		if w.several == nil {
			w.several = make(map[offerCell]bool)
		}
		w.several[at] = true
	}
	c.offers, c.entry = c.offers+1, entry
}

// clear returns counts for all cells, in memory that may have served before.
func (g *grid) clear(counts []cellCount) []cellCount {
	counts = slices.Grow(counts[:0], g.cols*g.rows)[:g.cols*g.rows]
	clear(counts)
	return counts
}

// cells lists those that are not empty.
func (w *cellWalk) cells() []Cell {
	full := 0
	alone := w.scratch.entries[:0] // entries of offers that are alone in their cell
	for i := range w.counts {
		if w.counts[i].offers > 0 {
			full++
		}
		if w.counts[i].offers == 1 {
			alone = append(alone, w.counts[i].entry)
		}
	}
	w.scratch.entries = alone
	cells := make([]Cell, 0, full)
	ids := w.g.ids.texts(alone)
	for i := range w.counts { // row by row
		c := &w.counts[i]
		if c.offers == 0 {
			continue
		}
		cell := Cell{
			X: w.grid.x0 + uint32(i%w.grid.cols), Y: w.grid.y0 + uint32(i/w.grid.cols), Offers: c.offers,
			Point: gridPoint{int32(c.lat / int64(c.places)), int32(c.lon / int64(c.places))}.point(),
		}
		if c.offers == 1 {
			cell.ID = ids.next()
		}
		cells = append(cells, cell)
	}
	return cells
}
