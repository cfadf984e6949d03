package index

import (
	"math"
	"sync"

	"boussole/geo/kdtree"
)

// mapTree is what a map asks of a tree: the positions of its items in their order,
// which lie far apart elsewhere, and what each of its boxes comes to. It is made when
// the tree is first gone through for a map, in some twenty nanoseconds an item, and
// takes ten bytes an item, of the tree of all two: of those trees only.
type mapTree struct {
	points []gridPoint // nil of the tree of all, whose items are in the order of the rows
	leaves []mapLeaf
	marked []bool     // leaves in which some entry does not count like others
	boxes  [][]mapBox // of the boxes of each level from 1 on
}

// mapLeaf is what there is in a leaf.
type mapLeaf struct {
	bounds   gridBounds
	lat, lon uint32 // sums, from the corner in the south-west on; tooWide where they are more than that
}

const tooWide = math.MaxUint32

// mapBox is what there is in a box.
type mapBox struct {
	bounds   gridBounds
	lat, lon int64 // sums
	items    uint32
	marked   bool
}

// mapTrees are those that were asked for. The zero mapTrees are none.
type mapTrees struct{ made sync.Map } // *kdtree.Tree to *mapTree

// of returns what there is of a tree. Two that ask at once may both make it: it is
// the same.
func (m *mapTrees) of(t *kdtree.Tree, s *snapshot) *mapTree {
	if made, ok := m.made.Load(t); ok {
		return made.(*mapTree)
	}
	made, _ := m.made.LoadOrStore(t, newMapTree(t, s))
	return made.(*mapTree)
}

func newMapTree(t *kdtree.Tree, s *snapshot) *mapTree {
	m := &mapTree{}
	all := t == &s.all
	if !all {
		m.points = make([]gridPoint, len(t.Items))
	}
	below := make([]mapBox, (len(t.Items)+kdtree.FanOut-1)/kdtree.FanOut)
	for i := range t.Items {
		r := ref(t.Items[i].Entry)
		p := s.rows[r.number()].point
		if !all {
			m.points[i] = p
		}
		marked := r&(hasSeveral|notForAll) != 0
		below[i/kdtree.FanOut].join(&mapBox{gridBounds{p.lat, p.lon, p.lat, p.lon}, int64(p.lat), int64(p.lon), 1, marked})
	}
	m.leaves, m.marked = make([]mapLeaf, len(below)), make([]bool, len(below))
	for i := range below {
		m.leaves[i], m.marked[i] = below[i].leaf(), below[i].marked
	}
	for range t.Levels {
		boxes := make([]mapBox, (len(below)+kdtree.FanOut-1)/kdtree.FanOut)
		for i := range below {
			boxes[i/kdtree.FanOut].join(&below[i])
		}
		m.boxes = append(m.boxes, boxes)
		below = boxes
	}
	return m
}

func (b *mapBox) leaf() mapLeaf {
	lat, lon := b.lat-int64(b.items)*int64(b.bounds.south), b.lon-int64(b.items)*int64(b.bounds.west)
	return mapLeaf{b.bounds, uint32(min(lat, tooWide)), uint32(min(lon, tooWide))}
}

// box returns what there is in a leaf of so many items, none of whose sums is too
// wide.
func (l *mapLeaf) box(items int) mapBox {
	n := int64(items)
	return mapBox{bounds: l.bounds, items: uint32(items), lat: int64(l.lat) + n*int64(l.bounds.south), lon: int64(l.lon) + n*int64(l.bounds.west)}
}

func (b *mapBox) join(o *mapBox) {
	if b.items == 0 {
		*b = *o
		return
	}
	b.bounds = gridBounds{
		min(b.bounds.south, o.bounds.south), min(b.bounds.west, o.bounds.west),
		max(b.bounds.north, o.bounds.north), max(b.bounds.east, o.bounds.east),
	}
	b.lat, b.lon = b.lat+o.lat, b.lon+o.lon
	b.items += o.items
	b.marked = b.marked || o.marked
}

// leastOnMap is how many items a tree has for which that is worth while.
const leastOnMap = 256

// worthAMap reports whether a tree is one that maps are mostly made of: that of all,
// or of a code that many kinds carry. Those of kinds are small, and hold all entries
// once more.
func (s *snapshot) worthAMap(t *kdtree.Tree) bool {
	if len(t.Items) <= leastOnMap {
		return false
	}
	kind := s.kinds[ref(t.Items[0].Entry).number()]
	return t != &s.trees[s.kindRows[kind].tree]
}
