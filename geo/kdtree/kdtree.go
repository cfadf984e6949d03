// Package kdtree finds what is near: points of the Earth in a packed k-d tree.
//
// It shows a visitor every entry within a bound that the visitor may tighten on
// the way, nearer boxes first. What an entry is, whether it suits and what is
// kept of it is the visitor's: the index looks for offers with it, the
// gazetteer for communes. It refuses to change once it is made.
package kdtree

import (
	"math"

	"boussole/geo"
)

// fanOut is how many entries a leaf holds and how many nodes a node does. Of
// 8, 16 and 32, 16 was the fastest for ten neighbours among a million.
const fanOut = 16

// Tree is entries, which the caller numbers, in k-d order, and above each
// sixteen of them a box, up to a level of sixteen at the most. Points are unit
// vectors, so a box is a bound in space: the distance to it costs no
// trigonometry and knows no antimeridian.
//
// The zero Tree is empty. A Tree is safe for concurrent use; it takes 31 bytes
// an entry.
type Tree struct {
	Entries []uint32     // in the tree's own order; not to be changed
	Points  []geo.Vector // of the entries, in the same order; not to be changed
	levels  [][]box      // from the leaves up
}

type box struct{ min, max geo.Vector }

// chord2 returns the squared chord from v to the nearest point of the box.
func (b *box) chord2(v *geo.Vector) float64 {
	var sum float64
	for i, x := range v {
		if d := b.min[i] - x; d > 0 {
			sum += d * d
		} else if d := x - b.max[i]; d > 0 {
			sum += d * d
		}
	}
	return sum
}

func (b *box) add(v geo.Vector) {
	for i, x := range v {
		b.min[i], b.max[i] = math.Min(b.min[i], x), math.Max(b.max[i], x)
	}
}

func emptyBox() box {
	inf := math.Inf(1)
	return box{geo.Vector{inf, inf, inf}, geo.Vector{-inf, -inf, -inf}}
}

// New makes a tree of entries, whose points are given by their numbers. It takes
// the slice of entries over, and copies the points that it needs. Half a
// microsecond an entry, the double of it for a million.
func New(entries []uint32, points []geo.Vector) *Tree {
	arrange(entries, points)
	t := &Tree{Entries: entries, Points: make([]geo.Vector, len(entries))}
	for i, e := range entries {
		t.Points[i] = points[e]
	}
	leaves := groups(len(entries), func(i int, b *box) { b.add(t.Points[i]) })
	for t.levels = [][]box{leaves}; len(leaves) > fanOut; t.levels = append(t.levels, leaves) {
		below := leaves
		leaves = groups(len(below), func(i int, b *box) { b.add(below[i].min); b.add(below[i].max) })
	}
	return t
}

// groups returns the bound of each sixteen of n things.
func groups(n int, add func(i int, b *box)) []box {
	boxes := make([]box, (n+fanOut-1)/fanOut)
	for i := range boxes {
		boxes[i] = emptyBox()
		for j := i * fanOut; j < min(n, (i+1)*fanOut); j++ {
			add(j, &boxes[i])
		}
	}
	return boxes
}

// arrange puts entries in k-d order: it cuts at the middle of the widest axis,
// rounded to a whole number of the largest subtree that fits, so that the boxes
// of every level are those of the cuts.
func arrange(entries []uint32, points []geo.Vector) {
	for len(entries) > fanOut {
		block := fanOut
		for block*fanOut < len(entries) {
			block *= fanOut
		}
		middle := (len(entries)/block + 1) / 2 * block
		selectNth(entries, middle, widestAxis(entries, points), points)
		arrange(entries[:middle], points)
		entries = entries[middle:]
	}
}

func widestAxis(entries []uint32, points []geo.Vector) int {
	bound := emptyBox()
	for _, e := range entries {
		bound.add(points[e])
	}
	widest := 0
	for axis := range bound.min {
		if bound.max[axis]-bound.min[axis] > bound.max[widest]-bound.min[widest] {
			widest = axis
		}
	}
	return widest
}

// selectNth puts the n smallest entries along an axis first (Hoare's
// quickselect, median of three). Equal points are ordered by number, so that
// the same entries always end in the same order.
func selectNth(entries []uint32, n, axis int, points []geo.Vector) {
	less := func(a, b uint32) bool {
		x, y := points[a][axis], points[b][axis]
		return x < y || x == y && a < b
	}
	low, high := 0, len(entries)-1
	for low < high {
		pivot := medianOfThree(entries[low], entries[(low+high)/2], entries[high], less)
		i, j := low, high
		for i <= j {
			for less(entries[i], pivot) {
				i++
			}
			for less(pivot, entries[j]) {
				j--
			}
			if i <= j {
				entries[i], entries[j] = entries[j], entries[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			high = j
		case n >= i:
			low = i
		default:
			return
		}
	}
}

func medianOfThree(a, b, c uint32, less func(a, b uint32) bool) uint32 {
	if less(b, a) {
		a, b = b, a
	}
	if less(c, b) {
		b = c
		if less(b, a) {
			b = a
		}
	}
	return b
}

// Visitor takes part in a walk of a tree.
type Visitor interface {
	// Bound returns the squared chord beyond which nothing matters any more
	// ([geo.ChordBound]). It MUST NOT grow during a walk.
	Bound() float64

	// Visit is shown an entry within the bound.
	Visit(entry uint32, point *geo.Vector)
}

// Walk shows the visitor every entry within its bound of v, depth first,
// nearer boxes first. What is within the bound at the end has been shown, but
// for a v that is not a number, which is near nothing. It allocates nothing.
func Walk[V Visitor](t *Tree, v *geo.Vector, visit V) {
	if len(t.Entries) == 0 {
		return
	}
	top := len(t.levels) - 1
	walkNodes(t, v, visit, top, 0, len(t.levels[top]))
}

// walkNodes goes through nodes from to to of one level.
func walkNodes[V Visitor](t *Tree, v *geo.Vector, visit V, level, from, to int) {
	var near [fanOut]struct {
		chord2 float64
		node   int
	}
	found := 0
	limit := visit.Bound()
	for node := from; node < to; node++ {
		chord2 := t.levels[level][node].chord2(v)
		if chord2 > limit {
			continue
		}
		i := found
		for ; i > 0 && near[i-1].chord2 > chord2; i-- {
			near[i] = near[i-1]
		}
		near[i].chord2, near[i].node = chord2, node
		found++
	}
	for _, n := range near[:found] {
		if n.chord2 > visit.Bound() {
			return // those after it are farther
		}
		first := n.node * fanOut
		if level > 0 {
			walkNodes(t, v, visit, level-1, first, min(first+fanOut, len(t.levels[level-1])))
			continue
		}
		for i := first; i < min(first+fanOut, len(t.Entries)); i++ {
			if v.Chord2(t.Points[i]) <= visit.Bound() {
				visit.Visit(t.Entries[i], &t.Points[i])
			}
		}
	}
}
