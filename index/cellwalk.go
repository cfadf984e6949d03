package index

import (
	"math"
	"math/bits"
)

// cellBox is a rectangle of the cells of a zoom, sides included.
type cellBox struct{ x0, y0, x1, y1 int32 }

// cellDescent goes down a tree.
type cellDescent struct {
	cellTree
	others bool // each item must be looked at
	finer  int  // by how many zooms leaves are smaller than the cells of the map

	// Of the cells below the nodes of each level: those that have a part of the map,
	// and those that lie in it.
	meets, holds [(keptZoom + 1) / 2]cellBox
}

// through counts what a tree has on the map.
func (w *cellWalk) through(t *cellTree, others bool) {
	if t == nil {
		return
	}
	d := &w.descent
	d.cellTree, d.others, d.finer = *t, others, t.zoom-w.grid.zoom
	if others || d.finer < 0 {
		w.byRows()
	}
	d.over(&w.bounds)
	w.under(len(t.levels)-1, 0, 0, 0)
}

// over finds the cells of a rectangle.
func (d *cellDescent) over(b *gridBounds) {
	zoom := d.zoom
	x0, x1 := column32(b.west, zoom), column32(b.east, zoom)
	y0, y1 := d.edges.row(b.north)>>(keptZoom-zoom), d.edges.row(b.south)>>(keptZoom-zoom)
	meets := cellBox{int32(x0), int32(y0), int32(x1), int32(y1)}
	holds := meets // but for its last ones, so that it is halved alike
	if westOf(x0, zoom) < int64(b.west) {
		holds.x0++
	}
	if eastOf(x1, zoom) <= int64(b.east) {
		holds.x1++
	}
	if d.edges.top(y0, zoom) > b.north {
		holds.y0++
	}
	if d.edges.south(y1, zoom) >= b.south {
		holds.y1++
	}
	for i := range d.levels {
		n := 2 * i
		up := int32(1)<<n - 1
		d.meets[i] = cellBox{meets.x0 >> n, meets.y0 >> n, meets.x1 >> n, meets.y1 >> n}
		d.holds[i] = cellBox{(holds.x0 + up) >> n, (holds.y0 + up) >> n, holds.x1>>n - 1, holds.y1>>n - 1}
	}
}

// ofColumns and ofRows are the cells below a node, a bit for the number of each, that
// are of columns and rows, of which there is a bit for each, too.
var ofColumns, ofRows = func() (columns, rows [16]uint16) {
	for of := range 16 {
		for cell := range uint32(16) {
			x, y := cellOfMorton(cell)
			columns[of] |= uint16(of>>x&1) << cell
			rows[of] |= uint16(of>>y&1) << cell
		}
	}
	return columns, rows
}()

// upTo returns a bit for each of four from the first to the last, as far as they are
// among them.
func upTo(first, last int32) int32 {
	return 15 << max(first, 0) & (15 >> (3 - min(last, 3)))
}

// in returns which of sixteen cells are in the rectangle, the first of which is given.
func (b *cellBox) in(x, y int32) uint16 {
	return ofColumns[upTo(b.x0-x, b.x1-x)] & ofRows[upTo(b.y0-y, b.y1-y)]
}

// below returns the child of a node that has a number among sixteen, and its cell; that
// of the first of them is given.
func (n *cellNode) below(at int, x, y int32) (child uint32, cx, cy int32) {
	return n.child + uint32(bits.OnesCount16(n.mask&(1<<(at&15)-1))), x + int32(at&1|at>>1&2), y + int32(at>>1&1|at>>2&2)
}

// under counts what is below a node, whose cell is given.
func (w *cellWalk) under(level int, node uint32, x, y int32) {
	d := &w.descent
	n := &d.levels[level][node]
	x, y = 4*x, 4*y
	set, held := n.mask&d.meets[level].in(x, y), uint16(0)
	if d.finer >= 2*level && level != 1 && !d.others {
		held = set & d.holds[level].in(x, y)
	}
	for some := set &^ held; some != 0; some &= some - 1 {
		child, cx, cy := n.below(bits.TrailingZeros16(some), x, y)
		if level == 0 {
			w.leaf(child, cx, cy)
		} else {
			w.under(level-1, child, cx, cy)
		}
	}
	for ; held != 0; held &= held - 1 {
		child, cx, cy := n.below(bits.TrailingZeros16(held), x, y)
		c := w.cellAt(cx>>(d.finer-2*level), cy>>(d.finer-2*level))
		if level == 0 {
			w.takeAll(child, cx, cy, c)
		} else {
			w.takeNode(&d.sums[level-1][child], c)
		}
	}
}

func (w *cellWalk) cellAt(x, y int32) *cellCount {
	return &w.counts[(int(y)-int(w.grid.y0))*w.grid.cols+int(x)-int(w.grid.x0)]
}

// takeNode counts all that is below a node in a cell.
func (w *cellWalk) takeNode(sum *cellSum, c *cellCount) {
	from, _ := w.descent.of(sum.leaf)
	c.offers += sum.items
	c.lat, c.lon = c.lat+sum.lat, c.lon+sum.lon
	c.item, c.tree = w.descent.words[from], w.number
}

// leaf counts what of a leaf is on the map, whose cell is given.
func (w *cellWalk) leaf(leaf uint32, x, y int32) {
	d := &w.descent
	corner := d.corner(x, y)
	from, n := d.of(leaf)
	switch {
	case d.others:
		w.lookAt(from, n, corner)
	case d.finer < 0 && n >= summedFrom && w.grid.zoom <= keptZoom:
		w.takeRuns(from, n, corner)
	case d.finer < 0:
		w.scatter(from, n, corner)
	default:
		w.takeSome(from, n, corner, w.cellAt(x>>d.finer, y>>d.finer))
	}
}

// corner returns that in the south-west of a leaf.
func (t *cellTree) corner(x, y int32) gridPoint {
	return gridPoint{t.edges.south(uint32(y), t.zoom), int32(westOf(uint32(x), t.zoom))}
}

// takeAll counts all items of a leaf in a cell.
func (w *cellWalk) takeAll(leaf uint32, x, y int32, c *cellCount) {
	d := &w.descent
	corner := d.corner(x, y)
	from, n := d.of(leaf)
	var lats, lons uint64
	if n >= summedFrom {
		lats, lons = d.words[from-2], d.words[from-1]
	} else {
		sum := uint64(0)
		for _, word := range d.words[from : from+n] {
			sum += word & d.where
		}
		lats, lons = sum&math.MaxUint32, sum>>32
	}
	c.offers += uint32(n)
	c.lat += int64(lats) + int64(n)*int64(corner.lat)
	c.lon += int64(lons) + int64(n)*int64(corner.lon)
	c.item, c.tree = d.words[from], w.number
}

// takeSome counts those items of a leaf that are on the map in a cell. Nobody can
// foretell which are, so that is no branch.
func (w *cellWalk) takeSome(from, n int, corner gridPoint, c *cellCount) {
	d := &w.descent
	first, last := d.between(&w.bounds, corner)
	var lats, lons, on int64
	item := c.item
	for words := d.words[from : from+n]; len(words) > 0; {
		some := words[:min(len(words), 1<<(d.zoom&31))] // whose sums are of 32 bits
		words = words[len(some):]
		sum := uint64(0)
		for _, word := range some {
			at := word & d.where
			off := (at - first) | (last - at) // of either half, its highest bit
			out := int64(off|off<<32) >> 63
			sum += at &^ uint64(out)
			on += out + 1
			if out == 0 {
				item = word
			}
		}
		lats, lons = lats+int64(sum&math.MaxUint32), lons+int64(sum>>32)
	}
	c.offers += uint32(on)
	c.lat, c.lon = c.lat+lats+on*int64(corner.lat), c.lon+lons+on*int64(corner.lon)
	if on > 0 { // what is there says otherwise by which tree to read it
		c.item, c.tree = item, w.number
	}
}

// between returns the first and the last position of a leaf that is on the map, from its
// corner on.
func (t *cellTree) between(b *gridBounds, corner gridPoint) (first, last uint64) {
	side := int64(1)<<(32-t.zoom&31) - 1
	south, west := max(int64(b.south)-int64(corner.lat), 0), max(int64(b.west)-int64(corner.lon), 0)
	north, east := min(int64(b.north)-int64(corner.lat), side), min(int64(b.east)-int64(corner.lon), side)
	return uint64(south | west<<32), uint64(north | east<<32)
}

// point returns that of a word.
func (t *cellTree) point(word uint64, corner gridPoint) gridPoint {
	word &= t.where
	return gridPoint{corner.lat + int32(word), corner.lon + int32(word>>32)}
}

// scatter counts those items of a leaf that are on the map, each in its cell.
func (w *cellWalk) scatter(from, n int, corner gridPoint) {
	var points [summedFrom]gridPoint
	for words := w.descent.words[from : from+n]; len(words) > 0; {
		some := words[:min(len(words), len(points))]
		words = words[len(some):]
		for i, word := range some {
			points[i] = w.descent.point(word, corner)
		}
		w.countAll(points[:len(some)], some, w.number)
	}
}

// takeRuns does the same where a leaf has many: those of one cell follow each other.
func (w *cellWalk) takeRuns(from, n int, corner gridPoint) {
	d := &w.descent
	for words := d.words[from : from+n]; len(words) > 0; {
		first := d.point(words[0], corner)
		if !w.bounds.has(first) {
			words = words[1:]
			continue
		}
		x, y := column32(first.lon, w.grid.zoom), d.edges.row(first.lat)>>(keptZoom-w.grid.zoom)
		on := w.bounds.both(d.edges.cell(x, y, w.grid.zoom))
		south, west := uint64(on.south-corner.lat), uint64(on.west-corner.lon)
		height, width := uint64(on.north-on.south), uint64(on.east-on.west)
		c := w.cellAt(int32(x), int32(y))
		c.item, c.tree = words[0], w.number
		run := 0
		var up, along uint64
		for _, word := range words {
			lat, lon := word&d.where&math.MaxUint32-south, word&d.where>>32-west
			if lat > height || lon > width {
				break
			}
			up, along = up+lat, along+lon
			run++
		}
		c.offers += uint32(run)
		c.lat, c.lon = c.lat+int64(up)+int64(run)*int64(on.south), c.lon+int64(along)+int64(run)*int64(on.west)
		words = words[run:]
	}
}

// lookAt looks at every item of a leaf.
func (w *cellWalk) lookAt(from, n int, corner gridPoint) {
	d := &w.descent
	for _, word := range d.words[from : from+n] {
		w.add(w.g.refTo(d.entry(word)), d.point(word, corner))
	}
}
