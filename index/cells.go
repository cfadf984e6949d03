package index

import (
	"errors"
	"math"
	"slices"
	"strings"

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
// Where nothing is asked but codes, what lies in one cell is counted without being
// looked at, and every other entry costs a nanosecond or two; else many times as much.
// Who first asks for a code waits while its positions are gathered, four milliseconds
// for 40,000, unless [Follow] has done so. The cells of small maps share pieces of 12 kB
// of memory: who keeps one keeps the piece.
func (v *View) Cells(q Query, in Bounds, zoom int) ([]Cell, error) {
	g := v.pinned()
	grid, err := newGrid(in, zoom)
	if err != nil {
		return nil, err
	}
	scratch := g.newScratch()
	defer scratch.done(g)
	c := &scratch.compiled
	*c = compiled{}
	c.compile(v.as(&q), g)
	var p plan
	c.plan(&p)
	w := &scratch.cells
	w.start(grid, in.grid(), newMatcher(c, scratch, &p))
	if q.Within > 0 {
		w.within, w.origin = q.Within, geo.From(q.Near)
	}
	if len(p.entries) > 0 {
		w.byRows()
	}
	for _, e := range p.entries {
		w.add(g.refTo(e), g.rows[e].point)
	}
	w.overlap, w.trees = p.overlap, p.trees
	if p.overlap { // its trees are those of the rarest
		best, _ := c.rarest()
		w.overlap = g.maps.overlaps.any(g.snapshot, best.refs)
	}
	for i := range p.trees {
		w.into(i, &in)
	}
	return w.cells(), nil
}

// cellWalk counts what it is shown by cell.
type cellWalk struct {
	matcher
	grid    grid
	rows    rowFinder
	bounds  gridBounds
	widest  int32 // what is wider is in no cell
	within  geo.Meters
	origin  geo.Origin
	overlap bool // an entry may be in several trees
	trees   []*kdtree.Tree
	tree    *kdtree.Tree // that is gone through
	number  uint32       // one more than its number
	onMap   *mapTree     // what is known of it; nil where entries must be looked at

	counts  []cellCount // of each cell, row by row, and of what is off the map
	full    []uint32    // those that are not empty, of what is listed
	alone   []uint32    // which of them have one offer
	seen    map[uint32]bool
	several map[offerCell]bool
	descent cellDescent
	onMaps  []*cellTree // what was gone down of each tree; nil of some
	room    cellRoom
}

// offerCell is an offer with several places in a cell.
type offerCell struct {
	offer uint32
	cell  int
}

// cellCount is what is in a cell. To which entry the last item belongs matters
// seldom, so it is not looked up before the end.
type cellCount struct {
	offers, more uint32 // other places of the same offers
	lat, lon     int64
	item         uint64 // one of them: a word of a tree, by one more than its number; with 0, an entry
	tree         uint32
}

// start makes it ready for a question, in memory that may have served before.
func (w *cellWalk) start(g grid, bounds gridBounds, m matcher) {
	n := g.cols*g.rows + 1
	counts := slices.Grow(w.counts[:0], n)[:n]
	clear(counts)
	*w = cellWalk{
		matcher: m, grid: g, bounds: bounds, widest: int32(min(3_600_000_000>>g.zoom, math.MaxInt32)),
		rows:   rowFinder{edges: w.rows.edges[:0], starts: w.rows.starts[:0]},
		counts: counts, full: w.full, alone: w.alone, onMaps: w.onMaps[:0], room: w.room,
	}
}

// into counts what a tree has on the map.
func (w *cellWalk) into(number int, in *Bounds) {
	t := w.trees[number]
	w.tree, w.number, w.onMap = t, uint32(number)+1, nil
	w.onMaps = append(w.onMaps, nil)
	if w.bounds.empty() {
		return
	}
	if w.plain && !w.overlap && w.within == 0 {
		if m := w.g.maps.of(t, w.s); m != nil {
			w.onMaps[number] = m.counted
			w.through(m.counted, false)
			w.through(m.others, true)
			return
		}
		if t == &w.s.all {
			w.onMap = w.g.maps.ofAll(w.s)
		}
	}
	w.byRows()
	box := in.box()
	t.Meeting(&box, w)
}

// byRows makes ready for items whose rows are not known.
func (w *cellWalk) byRows() {
	if len(w.rows.edges) == 0 {
		w.rows.over(&w.grid, w.bounds)
	}
}

// Take counts all that is in a box that lies in one cell, or is a leaf: but not
// where an entry belongs to an offer with others, or exists for some only. What lies
// off the map is nothing to be counted.
func (w *cellWalk) Take(level, child int) bool {
	if w.onMap == nil {
		return false
	}
	if level > 0 {
		b := &w.onMap.boxes[level-1][child]
		if !w.bounds.meets(&b.bounds) {
			return true
		}
		cell, in := w.around(&b.bounds)
		if !in || b.marked {
			return false
		}
		w.takeBox(b, cell, level, child)
		return true
	}
	leaf := &w.onMap.leaves[child]
	if !w.bounds.meets(&leaf.bounds) {
		return true
	}
	if w.onMap.marked[child] {
		return false
	}
	from, to := w.tree.Below(0, child)
	if cell, in := w.around(&leaf.bounds); in && leaf.lat != tooWide && leaf.lon != tooWide {
		b := leaf.box(to - from)
		w.takeBox(&b, cell, level, child)
	} else {
		w.takeLeaf(from, to)
	}
	return true
}

// around returns the cell that all of a rectangle lies in, and false where there is
// none.
func (w *cellWalk) around(b *gridBounds) (cell int, in bool) {
	if b.east-b.west > w.widest || !w.bounds.holds(b) {
		return 0, false
	}
	cell = w.cellOf(gridPoint{b.south, b.west})
	return cell, w.cellOf(gridPoint{b.north, b.east}) == cell
}

// takeBox counts all that is in a box in a cell.
func (w *cellWalk) takeBox(b *mapBox, cell, level, child int) {
	first, _ := w.tree.Below(level, child)
	c := &w.counts[cell]
	c.offers += b.items
	c.lat, c.lon = c.lat+b.lat, c.lon+b.lon
	c.item, c.tree = uint64(first), 0 // of the tree of all items are entries
}

// takeLeaf counts the items of a leaf, all of which suit.
func (w *cellWalk) takeLeaf(from, to int) {
	var points [kdtree.FanOut]gridPoint
	var items [kdtree.FanOut]uint64
	for i := range to - from {
		points[i], items[i] = w.s.rows[from+i].point, uint64(from+i)
	}
	w.countAll(points[:to-from], items[:], 0)
}

// countAll counts items that suit, off the map too, where they are.
func (w *cellWalk) countAll(points []gridPoint, items []uint64, number uint32) {
	counts, rows, zoom := w.counts, &w.rows, w.grid.zoom
	south, west, x0 := w.bounds.south, w.bounds.west, w.grid.x0
	off := len(counts) - 1
	for i, p := range points {
		up, along := uint32(p.lat-south), uint32(p.lon-west)
		cell := rows.of(up) + int(column32(p.lon, zoom)-x0)
		if up > rows.height || along > rows.width { // which nobody can foretell, so it is no branch
			cell = off
		}
		c := &counts[cell]
		c.offers++
		c.lat, c.lon = c.lat+int64(p.lat), c.lon+int64(p.lon)
		c.item, c.tree = items[i], number
	}
}

// cellOf returns the number of the cell of a position of the rectangle.
func (w *cellWalk) cellOf(p gridPoint) int {
	return w.rows.of(uint32(p.lat-w.bounds.south)) + int(column32(p.lon, w.grid.zoom)-w.grid.x0)
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
	if w.within > 0 && !(w.origin.Distance(p.point()) <= w.within) {
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
	cell := w.cellOf(p)
	c := &w.counts[cell]
	c.lat, c.lon = c.lat+int64(p.lat), c.lon+int64(p.lon)
	if r&hasSeveral != 0 {
		at := offerCell{w.s.rows[entry].offer.number(), cell}
		if w.several[at] {
			c.more++
			return
		}
		if w.several == nil {
			w.several = make(map[offerCell]bool)
		}
		w.several[at] = true
	}
	c.offers++
	c.item, c.tree = uint64(entry), 0
}

// cells lists those that are not empty, row by row. Which are, and in which an offer is
// alone, nobody can foretell, so that is no branch.
func (w *cellWalk) cells() []Cell {
	counts := w.counts[:len(w.counts)-1]
	w.full, w.alone = slices.Grow(w.full[:0], len(counts)), slices.Grow(w.alone[:0], len(counts))
	full, alone := w.full[:len(counts)], w.alone[:len(counts)]
	n, lone := 0, 0
	for i := range counts {
		offers := counts[i].offers
		full[n], alone[lone] = uint32(i), uint32(n)
		if offers == 1 {
			lone++
		}
		if offers > 0 {
			n++
		}
	}
	full, alone = full[:n], alone[:lone]
	entries := w.scratch.entries[:0]
	for _, at := range alone {
		e := w.entryOf(&counts[full[at]])
		entries = append(entries, e)
		w.s.prefetch(e)
	}
	w.scratch.entries = entries
	cells := w.room.of(n)
	cols := uint32(w.grid.cols)
	for k, i := range full {
		c, cell := &counts[i], &cells[k]
		y := i / cols
		cell.X, cell.Y, cell.Offers = w.grid.x0+i-y*cols, w.grid.y0+y, int(c.offers)
		places := int64(c.offers) + int64(c.more)
		cell.Point = gridPoint{int32(c.lat / places), int32(c.lon / places)}.point()
	}
	for k, at := range alone {
		cells[at].ID = w.room.id(w.g.ids.bytes(entries[k]))
	}
	return cells
}

// cellRoom is memory that answers are cut from: to ask for it piece by piece would take
// a fifth of the time of a small map.
type cellRoom struct {
	cells []Cell
	text  *strings.Builder
}

// Pieces of memory.
const (
	roomForCells = 256
	roomForText  = 4096
)

func (r *cellRoom) of(n int) []Cell {
	if n > roomForCells/4 {
		return make([]Cell, n)
	}
	if n > len(r.cells) {
		r.cells = make([]Cell, roomForCells)
	}
	cells := r.cells[:n:n]
	r.cells = r.cells[n:]
	return cells
}

// id returns a copy. What was written to a builder stays as it is.
func (r *cellRoom) id(id []byte) data.ID {
	if r.text == nil || r.text.Cap()-r.text.Len() < len(id) {
		r.text = new(strings.Builder)
		r.text.Grow(max(roomForText, len(id)))
	}
	from := r.text.Len()
	r.text.Write(id)
	return data.ID(r.text.String()[from:])
}

// entryOf returns an entry that was counted in a cell.
func (w *cellWalk) entryOf(c *cellCount) uint32 {
	if c.tree == 0 {
		return uint32(c.item)
	}
	return w.onMaps[c.tree-1].entry(c.item)
}
