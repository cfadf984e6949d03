// Package kdtree finds what is near: points of the Earth in a packed k-d tree.
//
// It shows a visitor the entries within a bound that the visitor may tighten on
// the way, sixteen at a time, nearer boxes first. What an entry is, whether it
// suits and what is kept of it is the visitor's: the index looks for offers with
// it, the gazetteer for communes. It refuses to change once it is made.
package kdtree

import (
	"math"
	"math/bits"

	"boussole/geo"
)

// grid is how many steps the radius of the Earth has: one is 1.2 cm. Of the
// powers of two it is the largest whose squared distances add up in 63 bits.
const grid = 1 << 29

// Point is a unit vector on the grid. Whole numbers are compared and squared
// without rounding and without branches, and take half of the memory.
type Point [3]int32

// At returns the point of the grid that is nearest to a unit vector; what is not
// a number is taken for 0.
func At(v geo.Vector) Point {
	var p Point
	for i, x := range v {
		if x >= -1 && x <= 1 {
			p[i] = int32(math.RoundToEven(x * grid))
		}
	}
	return p
}

// Key returns the squared chord between two points in steps of the grid: 0 where
// they are one, 2^60 between antipodes. Each point is within half a step of the
// true one along each axis, so a chord is within √3 steps of the true one.
func (p *Point) Key(q *Point) int64 {
	x, y, z := int64(p[0]-q[0]), int64(p[1]-q[1]), int64(p[2]-q[2])
	return x*x + y*y + z*z
}

// Slack is more than what two chords, in steps, may differ by from what their
// true distances, rounded to the millimetre, say of their order: √3 for each, and
// 0.1 for the rounding.
const Slack = 4

// Chord returns the chord of a key, in steps.
func Chord(key int64) float64 { return math.Sqrt(float64(key)) }

// Farthest is a key that none exceeds.
const Farthest = math.MaxInt64

// Reach returns a key that nothing within d exceeds, roundings included.
func Reach(d geo.Meters) int64 {
	bound := geo.ChordBound(d)
	if bound > 4 {
		return Farthest
	}
	return KeyOf(math.Sqrt(bound)*grid + Slack)
}

// Surely returns a key such that what has a smaller one is within d, roundings
// included; -1 where no key is small enough to tell.
func Surely(d geo.Meters) int64 {
	bound := geo.ChordBound(d)
	chord := math.Sqrt(bound)*grid - 2*Slack
	if bound > 4 || chord < 0 {
		return -1
	}
	return int64(chord * chord * (1 - 1e-12))
}

// KeyOf returns the key of a chord in steps, rounded up.
func KeyOf(chord float64) int64 { return int64(math.Ceil(chord*chord*(1+1e-15))) + 1 }

// Gap returns how much larger than a key, at least, another is whose chord is longer
// by more than [Slack]; and at most twice as much as would do. It takes no root:
// (√k + Slack)² − k = 2·Slack·√k + Slack², and √k is less than a power of two.
func Gap(key int64) int64 {
	return 2*Slack<<((bits.Len64(uint64(key))+1)/2) + Slack*Slack
}

// Step is how long a step of the grid is, in metres.
const Step = float64(geo.EarthRadius) / grid

// FanOut is how many items a leaf holds, and how many boxes a node. Of 8, 16 and
// 32, 16 was the fastest for ten neighbours among a million.
const FanOut = 16

// Item is an entry, which the caller numbers, where it is.
type Item struct {
	Point Point
	Entry uint32
}

// Node is the boxes of what is below it: of sixteen leaves, or of sixteen nodes.
// Those that are not used lie nowhere.
type Node struct {
	Min, Max [3][FanOut]int32
}

// Tree is items in k-d order, and above each sixteen of them a box, up to one
// node with all. Points are those of a sphere, so a box is a bound in space: the
// distance to it costs no trigonometry and knows no antimeridian.
//
// The zero Tree is empty. A Tree is safe for concurrent use; it takes 17.6 bytes
// an item, and may lie in memory that is a file's.
type Tree struct {
	Items  []Item   // in the tree's own order; not to be changed
	Levels [][]Node // from those above the leaves up to the one at the top; none for sixteen items or fewer
}

// New makes a tree of items and takes their slice over. The same items give the
// same tree, in whatever order they come. A sixth of a microsecond an item for a
// million.
func New(items []Item) *Tree {
	arrange(items)
	t := &Tree{Items: items}
	for n := len(items); n > FanOut; {
		n = (n + FanOut - 1) / FanOut
		t.addLevel()
	}
	return t
}

// Shape returns how many nodes each level of a tree of n items has.
func Shape(n int) []int {
	var levels []int
	for n > FanOut {
		n = (n + FanOut - 1) / FanOut
		levels = append(levels, (n+FanOut-1)/FanOut)
	}
	return levels
}

// addLevel adds the nodes above those there are.
func (t *Tree) addLevel() {
	below := len(t.Levels) - 1
	var children int
	if below < 0 {
		children = (len(t.Items) + FanOut - 1) / FanOut
	} else {
		children = len(t.Levels[below])
	}
	nodes := make([]Node, (children+FanOut-1)/FanOut)
	for i := range nodes {
		nodes[i].clear()
	}
	for child := range children {
		n, at := &nodes[child/FanOut], child%FanOut
		if below >= 0 {
			n.addNode(at, &t.Levels[below][child])
			continue
		}
		for _, item := range t.Items[child*FanOut : min(len(t.Items), (child+1)*FanOut)] {
			n.add(at, &item.Point)
		}
	}
	t.Levels = append(t.Levels, nodes)
}

func (n *Node) clear() {
	for axis := range n.Min {
		for c := range FanOut {
			n.Min[axis][c], n.Max[axis][c] = grid, -grid
		}
	}
}

// add lets the box of a child hold a point.
func (n *Node) add(child int, p *Point) {
	for axis, x := range p {
		n.Min[axis][child] = min(n.Min[axis][child], x)
		n.Max[axis][child] = max(n.Max[axis][child], x)
	}
}

// addNode lets the box of a child hold all the boxes of a node.
func (n *Node) addNode(child int, below *Node) {
	for axis := range n.Min {
		for c := range FanOut {
			n.Min[axis][child] = min(n.Min[axis][child], below.Min[axis][c])
			n.Max[axis][child] = max(n.Max[axis][child], below.Max[axis][c])
		}
	}
}

// key returns the squared distance from q to the box of a child.
func (n *Node) key(child int, q *Point) int64 {
	c := child & (FanOut - 1)
	x := int64(max(n.Min[0][c]-q[0], q[0]-n.Max[0][c], 0))
	y := int64(max(n.Min[1][c]-q[1], q[1]-n.Max[1][c], 0))
	z := int64(max(n.Min[2][c]-q[2], q[2]-n.Max[2][c], 0))
	return x*x + y*y + z*z
}

// Meets reports whether the box of a child has a point in common with another.
func (n *Node) Meets(child int, b *Box) bool {
	c := child & (FanOut - 1)
	return n.Min[0][c] <= b.Max[0] && n.Max[0][c] >= b.Min[0] &&
		n.Min[1][c] <= b.Max[1] && n.Max[1][c] >= b.Min[1] &&
		n.Min[2][c] <= b.Max[2] && n.Max[2][c] >= b.Min[2]
}

// Box is a bound in space. The zero Box is the middle of the Earth; [Nowhere] is
// that of nothing.
type Box struct{ Min, Max Point }

// Nowhere returns the box of nothing, to which points are added.
func Nowhere() Box {
	return Box{Point{grid, grid, grid}, Point{-grid, -grid, -grid}}
}

// Add lets the box hold a point.
func (b *Box) Add(p *Point) {
	for axis, x := range p {
		b.Min[axis], b.Max[axis] = min(b.Min[axis], x), max(b.Max[axis], x)
	}
}

// Grown returns the box with so many steps more on every side.
func (b Box) Grown(steps int32) Box {
	for axis := range b.Min {
		b.Min[axis], b.Max[axis] = b.Min[axis]-steps, b.Max[axis]+steps
	}
	return b
}

// Join lets the box hold another.
func (b *Box) Join(o *Box) {
	for axis := range b.Min {
		b.Min[axis], b.Max[axis] = min(b.Min[axis], o.Min[axis]), max(b.Max[axis], o.Max[axis])
	}
}

// arrange puts items in k-d order: it cuts at the middle of the widest axis,
// rounded to a whole number of the largest subtree that fits, so that the boxes
// of every level are those of the cuts.
func arrange(items []Item) {
	for len(items) > FanOut {
		block := FanOut
		for block*FanOut < len(items) {
			block *= FanOut
		}
		middle := (len(items)/block + 1) / 2 * block
		selectNth(items, middle, widestAxis(items))
		arrange(items[:middle])
		items = items[middle:]
	}
	sortByEntry(items)
}

// sortByEntry gives the items of a leaf one order.
func sortByEntry(items []Item) {
	for i := 1; i < len(items); i++ {
		for j := i; j > 0 && items[j].Entry < items[j-1].Entry; j-- {
			items[j], items[j-1] = items[j-1], items[j]
		}
	}
}

func widestAxis(items []Item) int {
	first := items[0].Point
	x0, y0, z0, x1, y1, z1 := first[0], first[1], first[2], first[0], first[1], first[2]
	for i := range items { // six numbers that stay in registers, which those of a Box do not
		p := &items[i].Point
		x0, x1 = min(x0, p[0]), max(x1, p[0])
		y0, y1 = min(y0, p[1]), max(y1, p[1])
		z0, z1 = min(z0, p[2]), max(z1, p[2])
	}
	switch x, y, z := x1-x0, y1-y0, z1-z0; {
	case z > max(x, y):
		return 2
	case y > x:
		return 1
	}
	return 0
}

// selectNth puts the n smallest items along an axis first. Equal points are ordered
// by entry, so that the same items always end on the same sides, whatever the pivots.
//
// It is a quickselect whose pivots are, among many items, close to the nth on its far
// side: selected from a part (Floyd and Rivest, 1975). So two partitions do, of which
// the second is of a few.
func selectNth(items []Item, n, axis int) {
	for len(items) > 1 {
		pivot := medianOfThree(items, axis)
		if len(items) > sampledFrom {
			pivot = n
			from, to := sample(len(items), n)
			selectNth(items[from:to], n-from, axis)
		}
		switch below := partition(items, pivot, axis); {
		case n < below:
			items = items[:below]
		case n > below:
			items, n = items[below+1:], n-below-1
		default:
			return
		}
	}
}

// sampledFrom is from how many items on a sample pays.
const sampledFrom = 600

// sample returns a part of so many items around the nth, which is expected to hold
// the nth of all.
func sample(items, n int) (from, to int) {
	size := float64(items)
	part := math.Exp(2*math.Log(size)/3) / 2
	spread := math.Sqrt(math.Log(size)*part*(size-part)/size) / 2
	if 2*n < items {
		spread = -spread
	}
	share := float64(n) / size
	return max(0, int(float64(n)-part*share+spread)), min(items, int(float64(n)+part*(1-share)+spread)+1)
}

// partition puts first what is below a pivot along an axis, then the pivot, and
// returns how many are below. No branch in it depends on the items: every other one
// would be foretold wrongly.
func partition(items []Item, pivot, axis int) (below int) {
	last := len(items) - 1
	items[pivot], items[last] = items[last], items[pivot]
	bound := items[last].rank(axis)
	for i := range items[:last] {
		item := items[i]
		items[i] = items[below]
		items[below] = item
		less := 0
		if item.rank(axis) < bound {
			less = 1
		}
		below += less
	}
	items[below], items[last] = items[last], items[below]
	return below
}

func (i *Item) rank(axis int) int64 { return int64(i.Point[axis])<<32 | int64(i.Entry) }

// medianOfThree returns which of the first, the middle and the last item is between
// the others.
func medianOfThree(items []Item, axis int) int {
	first, middle, last := 0, len(items)/2, len(items)-1
	a, b, c := items[first].rank(axis), items[middle].rank(axis), items[last].rank(axis)
	switch {
	case (a < b) == (b < c):
		return middle
	case (b < a) == (a < c):
		return first
	}
	return last
}
