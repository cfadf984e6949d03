package kdtree

// Visitor takes part in a walk.
type Visitor interface {
	// Leaf is shown up to sixteen items. Not all of them are within the bound
	// of the walk, which it may lower.
	Leaf(items []Item)
}

// Chooser is a visitor that knows more than the distance of what it can leave
// out.
type Chooser interface {
	Visitor

	// Skip reports whether nothing below a box matters: the child of a node, by
	// its number from the left among all boxes of its level; level 0 are the
	// leaves.
	Skip(level, child int, box *Node) bool
}

// Walk goes through trees from one origin, depth first, nearer boxes first. It
// may be used for several trees, one after the other, and again. The zero Walk
// starts in the middle of the Earth and shows nothing but what is there: set
// Origin and Bound.
type Walk struct {
	Origin Point
	Bound  int64 // beyond this key nothing matters; only ever lowered on the way

	stack [maxLevels * FanOut]branch
}

// maxLevels is enough for 16^8 items, more than entries can be numbered.
const maxLevels = 8

// branch is a box that is still to be looked into.
type branch struct {
	key   int64
	child uint32 // from the left among all boxes of its level
	level int32  // 0 is a leaf
}

// Tree shows the visitor every leaf of which a part may be within the bound. What
// is within the bound at the end has been shown. It allocates nothing.
func (w *Walk) Tree(t *Tree, visit Visitor) { w.tree(t, visit, nil) }

// TreeBut does the same, and leaves out what the chooser does.
func (w *Walk) TreeBut(t *Tree, choose Chooser) { w.tree(t, choose, choose) }

func (w *Walk) tree(t *Tree, visit Visitor, choose Chooser) {
	if len(t.Levels) == 0 {
		if len(t.Items) > 0 {
			visit.Leaf(t.Items)
		}
		return
	}
	depth := w.open(t, len(t.Levels)-1, 0, 0, choose)
	for depth > 0 {
		depth--
		b := w.stack[depth]
		if b.key > w.Bound {
			continue
		}
		if b.level == 0 {
			first := int(b.child) * FanOut
			visit.Leaf(t.Items[first:min(first+FanOut, len(t.Items))])
			continue
		}
		depth = w.open(t, int(b.level)-1, int(b.child), depth, choose)
	}
}

// open puts the boxes of a node that are within the bound on the stack, the
// nearest on top, and returns how deep it is then.
func (w *Walk) open(t *Tree, level, node, depth int, choose Chooser) int {
	n := &t.Levels[level][node]
	first := node * FanOut
	children := len(t.Items)
	if level > 0 {
		children = len(t.Levels[level-1]) - first
	} else {
		children = (children+FanOut-1)/FanOut - first
	}
	bottom := depth
	for c := range min(children, FanOut) {
		key := n.key(c, &w.Origin)
		if key > w.Bound || choose != nil && choose.Skip(level, first+c, n) {
			continue
		}
		i := depth
		for ; i > bottom && w.stack[i-1].key < key; i-- {
			w.stack[i] = w.stack[i-1]
		}
		w.stack[i] = branch{key, uint32(first + c), int32(level)}
		depth++
	}
	return depth
}
