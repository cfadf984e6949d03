package kdtree

import "math/bits"

// Visitor takes part in a walk.
type Visitor interface {
	// Leaf is shown up to sixteen items. Not all of them are within the bound
	// of the walk, which it may lower.
	Leaf(items []Item)
}

// Chooser is a visitor that knows more of what it can leave out than the distance.
type Chooser interface {
	Visitor

	// Skip reports whether nothing below a box matters: it is told which one from
	// the left among all boxes of its level, of which level 0 are the leaves, and
	// its key, which that of nothing below is less than.
	Skip(level, child int, key int64) bool
}

// Weigher is a chooser that has an order of its own.
type Weigher interface {
	Chooser

	// Weigh returns how much the box weighs that it did not skip last: of the boxes
	// of a node the lightest is looked into first.
	Weigh(key int64) int64

	// Late reports whether nothing below a box matters any more that is about to be
	// looked into: it is told again which one, and what it weighed when it was met.
	Late(level, child int, key, weight int64) bool
}

// Walk goes through trees from one origin, depth first, nearer boxes first. It
// may be used for several trees, one after the other, and again. The zero Walk
// starts in the middle of the Earth and shows nothing but what is there: set
// Origin and Bound.
type Walk struct {
	Origin Point
	Bound  int64 // beyond this key nothing matters; only ever lowered on the way
	Box    *Box  // nor what lies outside of it; nil is everywhere

	stack [maxLevels * FanOut]branch
}

// maxLevels is enough for 16^8 items, more than entries can be numbered.
const maxLevels = 8

// branch is a box that is still to be looked into.
type branch struct {
	weight, key int64
	child       uint32 // from the left among all boxes of its level
	level       int32  // 0 is a leaf
}

// Tree shows the visitor every leaf of which a part may be within the bound and
// the box. What is within both at the end has been shown. It allocates nothing.
func (w *Walk) Tree(t *Tree, visit Visitor) { w.tree(t, visit, nil, nil) }

// TreeBut does the same, and leaves out what the chooser does.
func (w *Walk) TreeBut(t *Tree, choose Chooser) { w.tree(t, choose, choose, nil) }

// TreeBy does the same in the order of a weigher, which may leave out more as it goes
// on: it is asked of each box when it is met, and whether it is late before it is
// looked into.
func (w *Walk) TreeBy(t *Tree, weigh Weigher) { w.tree(t, weigh, weigh, weigh) }

func (w *Walk) tree(t *Tree, visit Visitor, choose Chooser, weigh Weigher) {
	if len(t.Levels) == 0 {
		if len(t.Items) > 0 {
			visit.Leaf(t.Items)
		}
		return
	}
	first := -1
	if w.Bound == Farthest && w.Box == nil && choose == nil {
		first = w.nearestLeaf(t)
		visit.Leaf(t.leaf(first))
	}
	depth := w.open(t, len(t.Levels)-1, 0, 0, choose, weigh)
	for depth > 0 {
		depth--
		b := w.stack[depth]
		if b.key > w.Bound || weigh != nil && weigh.Late(int(b.level), int(b.child), b.key, b.weight) {
			continue
		}
		if b.level == 0 {
			if int(b.child) != first {
				visit.Leaf(t.leaf(int(b.child)))
			}
			continue
		}
		depth = w.open(t, int(b.level)-1, int(b.child), depth, choose, weigh)
	}
}

// nearestLeaf goes down by the nearest box of each level. As long as there is no
// bound every box would be put on the stack, each in its place, only to be dropped
// by the bound that the first leaf brings.
func (w *Walk) nearestLeaf(t *Tree) int {
	at := 0
	for level := len(t.Levels) - 1; level >= 0; level-- {
		var keys [FanOut]int64
		t.Levels[level][at].keys(&w.Origin, Farthest, &keys)
		child := 0
		for c := range t.children(level, at) {
			if keys[c] < keys[child] {
				child = c
			}
		}
		at = at*FanOut + child
	}
	return at
}

// children returns how many boxes of a node are used.
func (t *Tree) children(level, node int) int {
	below := (len(t.Items) + FanOut - 1) / FanOut
	if level > 0 {
		below = len(t.Levels[level-1])
	}
	return min(below-node*FanOut, FanOut)
}

// leaf returns the items of a leaf.
func (t *Tree) leaf(i int) []Item {
	first := i * FanOut
	return t.Items[first:min(first+FanOut, len(t.Items))]
}

// open puts the boxes of a node that are within the bound on the stack, the
// nearest or lightest on top, and returns how deep it is then.
func (w *Walk) open(t *Tree, level, node, depth int, choose Chooser, weigh Weigher) int {
	n := &t.Levels[level][node]
	first := node * FanOut
	bottom := depth
	var keys [FanOut]int64
	within := n.keys(&w.Origin, w.Bound, &keys) & (1<<t.children(level, node) - 1)
	for ; within != 0; within &= within - 1 {
		c := bits.TrailingZeros32(within)
		key := keys[c]
		if w.Box != nil && !n.Meets(c, w.Box) {
			continue
		}
		if choose != nil && choose.Skip(level, first+c, key) {
			continue
		}
		weight := key
		if weigh != nil {
			weight = weigh.Weigh(key)
		}
		if level == 0 {
			fetchLeaf(&t.Items[(first+c)*FanOut])
		}
		i := depth
		for ; i > bottom && w.stack[i-1].weight < weight; i-- {
			w.stack[i] = w.stack[i-1]
		}
		w.stack[i] = branch{weight, key, uint32(first + c), int32(level)}
		depth++
	}
	return depth
}
