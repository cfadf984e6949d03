package index

import (
	"math"

	"boussole/geo"
)

// fanOut is how many entries a leaf holds and how many nodes a node does. Of
// 8, 16 and 32, 16 was the fastest for ten neighbours among a million.
const fanOut = 16

// tree is a packed k-d tree over entries of the snapshot: entries in k-d order,
// and above each sixteen of them a box, up to a level of sixteen at the most.
// Points are unit vectors, so a box is a bound in space: the distance to it
// costs no trigonometry and knows no antimeridian.
type tree struct {
	entries []uint32
	points  []geo.Vector // of the entries, in the same order
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

// newTree orders the entries, whose points are given by their numbers. It
// takes the slice over.
func newTree(entries []uint32, points []geo.Vector) *tree {
	arrange(entries, points)
	t := &tree{entries: entries, points: make([]geo.Vector, len(entries))}
	for i, e := range entries {
		t.points[i] = points[e]
	}
	leaves := groups(len(entries), func(i int, b *box) { b.add(t.points[i]) })
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

// visitor takes part in a walk of a tree.
type visitor interface {
	// bound returns the squared chord beyond which nothing matters any more.
	bound() float64

	// visit is shown an entry within the bound.
	visit(entry uint32, point *geo.Vector)
}

// walk shows the visitor every entry within its bound of v, depth first,
// nearer boxes first. What is within the bound at the end has been shown.
func walk[V visitor](t *tree, v *geo.Vector, visit V) {
	if len(t.entries) == 0 {
		return
	}
	top := len(t.levels) - 1
	walkNodes(t, v, visit, top, 0, len(t.levels[top]))
}

// walkNodes goes through nodes from to to of one level.
func walkNodes[V visitor](t *tree, v *geo.Vector, visit V, level, from, to int) {
	var near [fanOut]struct {
		chord2 float64
		node   int
	}
	found := 0
	limit := visit.bound()
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
		if n.chord2 > visit.bound() {
			return // those after it are farther
		}
		first := n.node * fanOut
		if level > 0 {
			walkNodes(t, v, visit, level-1, first, min(first+fanOut, len(t.levels[level-1])))
			continue
		}
		for i := first; i < min(first+fanOut, len(t.entries)); i++ {
			if v.Chord2(t.points[i]) <= visit.bound() {
				visit.visit(t.entries[i], &t.points[i])
			}
		}
	}
}
