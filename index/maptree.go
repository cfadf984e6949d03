package index

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"boussole/geo/kdtree"
)

// mapTree is what a map asks of the tree of all, whose items are in the order of the
// rows: what each of its boxes comes to. It takes two bytes an item.
type mapTree struct {
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

// mapTrees are what maps ask of trees, made when a tree is first gone through for one,
// in a tenth of a microsecond an item. The zero mapTrees are none.
type mapTrees struct {
	all   atomic.Pointer[mapTree]
	codes sync.Map // *kdtree.Tree to *codeMap, nil of a tree that has none

	overlaps overlaps

	making sync.Mutex
	bytes  int // of those of codes
}

// Those of all codes take no more memory than this: codes that are asked for when there
// is no more are gone through as if nothing was known of them.
const (
	mapBytes      = 17 // an offer
	mapBytesLeast = 1 << 20
)

// ofAll returns what there is of the tree of all. Two that ask at once may both make
// it: it is the same.
func (m *mapTrees) ofAll(s *snapshot) *mapTree {
	if made := m.all.Load(); made != nil {
		return made
	}
	m.all.CompareAndSwap(nil, newMapTree(s))
	return m.all.Load()
}

// of returns what there is of the tree of a code, nil where that is nothing.
func (m *mapTrees) of(t *kdtree.Tree, s *snapshot) *codeMap {
	if made, ok := m.codes.Load(t); ok {
		return made.(*codeMap)
	}
	if !s.worthAMap(t) {
		return nil
	}
	m.making.Lock()
	defer m.making.Unlock()
	if made, ok := m.codes.Load(t); ok { // by who asked at the same time
		return made.(*codeMap)
	}
	made := m.fitting(t, s, max(mapBytes*s.offerCount(), mapBytesLeast))
	m.codes.Store(t, made)
	return made
}

// readyLike makes what maps know of the codes of a generation before: nobody who asks
// for one of them waits then.
func (g *Generation) readyLike(before *Generation) {
	if before.maps.all.Load() != nil {
		g.maps.ofAll(g.snapshot)
	}
	for i := range before.refs {
		r := &before.refs[i]
		if !slices.ContainsFunc(before.treesOf(r), before.maps.has) {
			continue
		}
		code, ok := g.codes[before.codeList[r.code]]
		if !ok {
			continue
		}
		refs := g.refsOfCode(code)
		for at := refs.from; at < refs.to; at++ {
			if g.refs[at].class != r.class {
				continue
			}
			for _, t := range g.treesOf(&g.refs[at]) {
				g.maps.of(t, g.snapshot)
			}
		}
	}
}

// has reports whether something is known of the tree of a code.
func (m *mapTrees) has(t *kdtree.Tree) bool {
	made, ok := m.codes.Load(t)
	return ok && made.(*codeMap) != nil
}

// treesOf returns the trees that are gone through for a code as it is carried with a
// class: its own, or those of its kinds, or none that is only of those that carry it.
func (s *snapshot) treesOf(r *refRow) (trees []*kdtree.Tree) {
	if r.tree != 0 {
		return []*kdtree.Tree{&s.trees[r.tree-1]}
	}
	if r.kinds.size() > manyKinds {
		return nil
	}
	for _, k := range s.refKinds[r.kinds.from:r.kinds.to] {
		trees = append(trees, &s.trees[s.kindRows[k].tree])
	}
	return trees
}

// fitting makes that of a code, unless all would take more memory then than they may.
func (m *mapTrees) fitting(t *kdtree.Tree, s *snapshot, most int) *codeMap {
	if m.bytes+8*len(t.Items) > most { // about what it takes
		return nil
	}
	made := newCodeMap(t, s)
	size := made.counted.bytes() + made.others.bytes()
	if m.bytes+size > most {
		return nil
	}
	m.bytes += size
	return made
}

func newMapTree(s *snapshot) *mapTree {
	t, m := &s.all, &mapTree{}
	below := make([]mapBox, (len(t.Items)+kdtree.FanOut-1)/kdtree.FanOut)
	for i := range t.Items {
		r := ref(t.Items[i].Entry)
		p := s.rows[i].point
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

// worthAMap reports whether a tree is one of many, but not that of all.
func (s *snapshot) worthAMap(t *kdtree.Tree) bool {
	return len(t.Items) > leastOnMap && t != &s.all && len(s.rows) <= mostOnMap
}
