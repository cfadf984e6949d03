package index

import (
	"math/bits"
	"slices"
	"unsafe"

	"boussole/geo/kdtree"
)

// cellTree is the positions of items by the cells of one zoom, its leaves, and above
// these by those of every other zoom, up to one for the whole map: sixteen below each
// node, as four by four tiles are. What lies in a cell lies in one piece, so a map is
// counted by going down to its cells and, but on its sides, not to what is in them.
//
// An item is a word of two halves: how far it lies north of the corner of its leaf, and
// how far east, each with a part of its entry above. So both are compared at once. A leaf
// of many has two words before them, with the sums of both.
type cellTree struct {
	edges  *keptEdges
	zoom   int          // of the leaves
	where  uint64       // the bits of a word that tell how far an item lies from the corner
	words  []uint64     // leaf by leaf
	starts []uint32     // the first word of each leaf, and the end
	levels [][]cellNode // from those above the leaves up to the one at the top
	sums   [][]cellSum  // of the nodes of each level; none of the first, whose leaves are few
}

// cellNode is which of sixteen cells have something in them, by their [mortonOf], and
// the first of those.
type cellNode struct {
	child uint32
	mask  uint16
}

// cellSum is what there is below a node.
type cellSum struct {
	lat, lon int64
	items    uint32
	leaf     uint32 // the first of them
}

const (
	leafShare  = 4       // a leaf has so many items at least, in the mean
	summedFrom = 32      // items of a leaf whose sums are kept
	finestLeaf = 13      // the zoom of leaves at most
	leastLeaf  = 5       // and at least: sums of fewer items than summedFrom are of 32 bits then
	mostOnMap  = 1 << 26 // entries of which words are not too long then
)

// codeMap is what a map asks of the tree of a code: items that count like others, and
// those of which each must be looked at.
type codeMap struct{ counted, others *cellTree }

func newCodeMap(t *kdtree.Tree, s *snapshot) *codeMap {
	counted, others := make([]cellItem, 0, len(t.Items)), []cellItem(nil)
	for i := range t.Items { // and nothing else, for rows lie apart
		r := ref(t.Items[i].Entry)
		item := cellItem{s.rows[r.number()].point, r.number()}
		if r&(hasSeveral|notForAll) != 0 {
			others = append(others, item)
		} else {
			counted = append(counted, item)
		}
	}
	return &codeMap{newCellTree(counted, len(s.rows)), newCellTree(others, len(s.rows))}
}

// cellItem is an entry where it is.
type cellItem struct {
	point gridPoint
	entry uint32
}

// newCellTree makes a tree of items, of so many entries that there are; nil where none
// of them is on the map.
func newCellTree(items []cellItem, entries int) *cellTree {
	g := cellGrower{entries: entries, items: items, keys: make([]keyed, 0, len(items))}
	edges := kept()
	for i := range items {
		p := items[i].point
		if p.lat <= mercatorEdge && p.lat >= -mercatorEdge {
			g.keys = append(g.keys, keyed{uint64(mortonOf(column32(p.lon, keptZoom), edges.row(p.lat))), uint32(i)})
		}
	}
	if len(g.keys) == 0 {
		return nil
	}
	g.keys = sortKeyed(g.keys)
	t := &cellTree{edges: edges, zoom: g.zoom()}
	t.where = (1<<32 | 1) * (1<<(32-t.zoom) - 1)
	t.plant(&g)
	return t
}

// cellGrower is what a tree is made of.
type cellGrower struct {
	entries int // none has this number, or a greater one
	items   []cellItem
	keys    []keyed // of their cells, in order
}

// zoom is that of the leaves: the last of which they are few, and one of which words
// are not too long, nor sums of so few items that they are not kept.
func (g *cellGrower) zoom() int {
	var splits [keptZoom + 1]int // cells of a zoom that begin where none of the zoom before does
	splits[1] = 1
	for i := 1; i < len(g.keys); i++ {
		if differ := bits.Len64(g.keys[i].key ^ g.keys[i-1].key); differ > 0 {
			splits[keptZoom-(differ-1)/2]++
		}
	}
	zoom, cells := 0, 0
	for zoom < finestLeaf && (zoom < leastLeaf || leafShare*(cells+splits[zoom+1]) <= len(g.keys) || 2*(32-zoom)+bits.Len(uint(g.entries)) > 64) {
		zoom++
		cells += splits[zoom]
	}
	return zoom
}

// plant fills in leaves and what is above them.
func (t *cellTree) plant(g *cellGrower) {
	up := 2 * (keptZoom - t.zoom)
	cells, words := make([]uint32, 0, len(g.keys)/leafShare+1), uint32(0)
	for from, to := 0, 0; from < len(g.keys); from = to {
		for to = from; to < len(g.keys) && g.keys[to].key>>up == g.keys[from].key>>up; to++ {
		}
		cells, t.starts = append(cells, uint32(g.keys[from].key>>up)), append(t.starts, words)
		words += uint32(to - from)
		if to-from >= summedFrom {
			words += 2
		}
	}
	t.starts = slices.Clone(append(t.starts, words))
	t.words = make([]uint64, words)
	sums := make([]cellSum, len(cells))
	from := 0
	for i, cell := range cells {
		at, n := t.of(uint32(i))
		sums[i] = t.leaf(g, g.keys[from:from+n], at, cell)
		sums[i].leaf = uint32(i)
		from += n
	}
	for zoom := t.zoom; zoom > 0; zoom -= 2 {
		var nodes []cellNode
		nodes, cells, sums = above(cells, sums)
		t.levels, t.sums = append(t.levels, nodes), append(t.sums, sums)
	}
	t.sums[0] = nil
}

// leaf writes the words of a leaf, in their place, and returns what they come to.
func (t *cellTree) leaf(g *cellGrower, keys []keyed, at int, cell uint32) cellSum {
	x, y := cellOfMorton(cell)
	west, south := int32(westOf(x, t.zoom)), t.edges.south(y, t.zoom)
	var lats, lons uint64
	for i, k := range keys {
		item := &g.items[k.of]
		lat, lon := uint64(item.point.lat-south), uint64(item.point.lon-west)
		t.words[at+i] = lat | lon<<32 | t.entryBits(item.entry)
		lats, lons = lats+lat, lons+lon
	}
	if len(keys) >= summedFrom {
		t.words[at-2], t.words[at-1] = lats, lons
	}
	n := int64(len(keys))
	return cellSum{lat: int64(lats) + n*int64(south), lon: int64(lons) + n*int64(west), items: uint32(n)}
}

// bytes is how much memory the tree takes.
func (t *cellTree) bytes() int {
	if t == nil {
		return 0
	}
	n := 8*len(t.words) + 4*len(t.starts)
	for i := range t.levels {
		n += int(unsafe.Sizeof(cellNode{}))*len(t.levels[i]) + int(unsafe.Sizeof(cellSum{}))*len(t.sums[i])
	}
	return n
}

// above returns the nodes above some cells, in their order.
func above(cells []uint32, sums []cellSum) (nodes []cellNode, parents []uint32, joined []cellSum) {
	for i, cell := range cells {
		last := len(nodes) - 1
		if last < 0 || parents[last] != cell>>4 {
			nodes = append(nodes, cellNode{child: uint32(i)})
			parents = append(parents, cell>>4)
			joined = append(joined, cellSum{leaf: sums[i].leaf})
			last++
		}
		nodes[last].mask |= 1 << (cell & 15)
		sum := &joined[last]
		sum.lat, sum.lon, sum.items = sum.lat+sums[i].lat, sum.lon+sums[i].lon, sum.items+sums[i].items
	}
	return slices.Clone(nodes), parents, slices.Clone(joined)
}

// entry returns that of a word: its last bits are in the lower half, as many as there
// are zooms.
func (t *cellTree) entry(word uint64) uint32 {
	zoom := t.zoom & 31
	return uint32(word>>32)>>(32-zoom)<<zoom | uint32(word)>>(32-zoom)
}

func (t *cellTree) entryBits(entry uint32) uint64 {
	zoom := t.zoom & 31
	return uint64(entry>>zoom)<<(64-zoom) | uint64(entry<<(32-zoom))
}

// of returns where the items of a leaf begin, behind their sums where there are many,
// and how many they are.
func (t *cellTree) of(leaf uint32) (from, n int) {
	from, n = int(t.starts[leaf]), int(t.starts[leaf+1]-t.starts[leaf])
	if n >= summedFrom {
		return from + 2, n - 2
	}
	return from, n
}

// mortonOf numbers the cells of a zoom, 16 at most, so that those that lie in one cell
// of a zoom before follow each other: the bits of x and y by turns.
func mortonOf(x, y uint32) uint32 { return spread(x) | spread(y)<<1 }

func cellOfMorton(m uint32) (x, y uint32) { return gathered(m), gathered(m >> 1) }

// spread puts a bit before each of sixteen.
func spread(x uint32) uint32 {
	x = (x | x<<8) & 0x00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f
	x = (x | x<<2) & 0x33333333
	return (x | x<<1) & 0x55555555
}

// gathered takes what was spread together again.
func gathered(x uint32) uint32 {
	x &= 0x55555555
	x = (x | x>>1) & 0x33333333
	x = (x | x>>2) & 0x0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff
	return (x | x>>8) & 0x0000ffff
}
