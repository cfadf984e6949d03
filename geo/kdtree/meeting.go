package kdtree

// Taker is a visitor that may know what is in a box without being shown it.
type Taker interface {
	Visitor

	// Take reports whether it needs nothing of what is below a box: it is told which
	// one from the left among all boxes of its level, of which level 0 are the leaves.
	Take(level, child int) bool
}

// Meeting shows the visitor every leaf whose box meets another, in the order of the
// tree, but for what it takes with a box: all of a part of a map, where no distance
// counts. It allocates nothing.
func (t *Tree) Meeting(b *Box, visit Taker) {
	if len(t.Levels) == 0 {
		if len(t.Items) > 0 {
			visit.Leaf(t.Items)
		}
		return
	}
	t.meeting(b, visit, len(t.Levels)-1, 0)
}

func (t *Tree) meeting(b *Box, visit Taker, level, node int) {
	n := &t.Levels[level][node]
	for c := range t.children(level, node) {
		child := node*FanOut + c
		switch {
		case !n.Meets(c, b) || visit.Take(level, child):
		case level == 0:
			visit.Leaf(t.leaf(child))
		default:
			t.meeting(b, visit, level-1, child)
		}
	}
}

// Below returns which items are below a box, as [Taker.Take] is told of it.
func (t *Tree) Below(level, child int) (from, to int) {
	size := FanOut << (4 * level)
	return child * size, min((child+1)*size, len(t.Items))
}
