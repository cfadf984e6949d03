package index

import (
	"fmt"
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo/kdtree"
)

// plan is where everything that suits a question is: in these trees, or among
// these entries. It is made from counts that are exact, before any entry is
// looked at.
type plan struct {
	trees     []*kdtree.Tree
	entries   []uint32 // looked at one by one, instead of trees
	kindsSuit bool     // all that is there is of kinds that suit
	box       *kdtree.Box
	kinds     []uint32 // the kinds that suit, where they were looked for
	why       string
}

// Bounds of planning.
const (
	fewKinds     = 3    // trees that are walked one after the other for nothing
	someKinds    = 16   // trees that are, where one tree would be mostly others
	searchKinds  = 4096 // kinds that are held against a question to plan it
	worthKnowing = 512  // entries that are looked at without asking how many suit
	lookAtAll    = 64   // entries that are looked at one by one, rather than in a tree
	walkCost     = 12   // entries that are looked at on the way to one, for each that does not suit
)

// plan decides how a question is answered.
func (c *compiled) plan() plan {
	s := c.g.snapshot
	p := plan{trees: []*kdtree.Tree{&s.all}, why: "all"}
	if c.areas != nil {
		if done := c.planAreas(&p); done {
			return p
		}
	}
	if !c.ofKind {
		p.kindsSuit = true
		return p
	}
	best := c.rarest()
	if best != nil && best.placed == 0 && best.kinds == 0 {
		return plan{kindsSuit: true, why: "no code that anybody carries"}
	}
	if best != nil && len(best.refs) == 1 && c.onlyGroup() {
		if ref := &s.refs[best.refs[0]]; ref.tree != 0 { // all that carry it suit
			p.trees, p.kindsSuit = []*kdtree.Tree{&s.trees[ref.tree-1]}, true
			p.why = "the tree of a code"
			return p
		}
	}
	c.planKinds(&p, best)
	return p
}

// planAreas looks at all entries of the areas, where they are few, and otherwise
// keeps to the box around them.
func (c *compiled) planAreas(p *plan) (done bool) {
	s := c.g.snapshot
	placed, box := 0, kdtree.Nowhere()
	for _, a := range c.areas.suit {
		placed += int(s.areaRows[a].placed)
		box.Join(&s.areaRows[a].box)
	}
	p.box = &box
	if placed > worthKnowing {
		return false
	}
	*p = plan{why: "the entries of an area"}
	for _, a := range c.areas.suit {
		row := &s.areaRows[a]
		p.entries = append(p.entries, s.areaEntries[row.entries.from:row.entries.from+row.placed]...)
	}
	return true
}

// rare is the group of codes that the fewest entries carry.
type rare struct {
	refs          []uint32
	placed, kinds int
}

func (c *compiled) rarest() *rare {
	var best *rare
	consider := func(g *group) {
		r := rare{refs: g.refs}
		for _, ref := range g.refs {
			r.placed += int(c.g.snapshot.refs[ref].placed)
			r.kinds += c.g.snapshot.refs[ref].kinds.size()
		}
		if best == nil || r.placed < best.placed {
			best = &r
		}
	}
	for i := range c.groups {
		consider(&c.groups[i])
	}
	for i := range c.equips {
		consider(&c.equips[i].group)
	}
	return best
}

// onlyGroup reports whether one group of codes is all that is asked of kinds.
func (c *compiled) onlyGroup() bool {
	return len(c.groups) == 1 && len(c.equips) == 0 && c.Age == nil && c.Quality == 0
}

// planKinds looks for the kinds that suit, where that is worth it, and takes the
// cheapest of three ways: their trees one after the other, their entries one by
// one, or one tree in which the others are too.
func (c *compiled) planKinds(p *plan, best *rare) {
	s := c.g.snapshot
	tree, inTree := c.oneTree(best)
	candidates := len(s.kindRows)
	if best != nil {
		candidates = best.kinds
	}
	if candidates > searchKinds {
		p.trees, p.why = tree, "one tree: too many kinds to look for those that suit"
		return
	}
	suiting := c.suitingKinds(best)
	p.kinds = suiting
	placed, box := 0, kdtree.Nowhere()
	for _, k := range suiting {
		placed += int(s.kindRows[k].placed)
		box.Join(&s.kindRows[k].box)
	}
	switch spread := inTree / max(placed, 1); {
	case placed == 0:
		*p = plan{kinds: suiting, kindsSuit: true, why: "nothing that suits"}
	case len(suiting) <= fewKinds || len(suiting) <= someKinds && spread > 2:
		p.trees, p.kindsSuit, p.why = nil, true, "the trees of the kinds that suit"
		for _, k := range suiting {
			p.trees = append(p.trees, &s.trees[s.kindRows[k].tree])
		}
	case placed <= lookAtAll || placed < walkCost*spread:
		*p = plan{kinds: suiting, kindsSuit: true, why: "the entries of the kinds that suit"}
		for _, k := range suiting {
			for _, item := range s.trees[s.kindRows[k].tree].Items {
				p.entries = append(p.entries, item.Entry)
			}
		}
	default:
		p.trees, p.why = tree, "one tree, in which others are too"
		if p.box == nil {
			p.box = &box
		}
	}
}

// oneTree returns the smallest trees in which everything is that suits, without
// regard to kinds, and how many entries are in them.
func (c *compiled) oneTree(best *rare) (trees []*kdtree.Tree, entries int) {
	s := c.g.snapshot
	all := []*kdtree.Tree{&s.all}
	if best == nil {
		return all, s.placed()
	}
	for _, r := range best.refs {
		ref := &s.refs[r]
		switch {
		case ref.tree != 0:
			trees = append(trees, &s.trees[ref.tree-1])
		case ref.kinds.size() > manyKinds:
			return all, s.placed() // most entries carry it
		default:
			for _, k := range s.refKinds[ref.kinds.from:ref.kinds.to] {
				trees = append(trees, &s.trees[s.kindRows[k].tree])
			}
		}
	}
	if len(trees) > someKinds {
		return all, s.placed()
	}
	return trees, best.placed
}

// suitingKinds returns the kinds that meet everything that is asked of them, each
// once.
func (c *compiled) suitingKinds(best *rare) []uint32 {
	s := c.g.snapshot
	var suiting []uint32
	if best == nil {
		for k := range s.kindRows {
			if c.kindFails(uint32(k), false) == 0 {
				suiting = append(suiting, uint32(k))
			}
		}
		return suiting
	}
	for _, r := range best.refs {
		ref := &s.refs[r]
		for _, k := range s.refKinds[ref.kinds.from:ref.kinds.to] {
			if c.kindFails(k, false) == 0 {
				suiting = append(suiting, k)
			}
		}
	}
	if len(best.refs) > 1 {
		slices.Sort(suiting)
		suiting = slices.Compact(suiting)
	}
	return suiting
}

// Explain says how a question is answered, for those who run the index. It speaks
// of what only who sees everything may know, so nobody else is told.
func (v *View) Explain(q Query) string {
	if v.viewer.Mask() != (data.Viewer{Profile: allRights}).Mask() {
		return ""
	}
	c := compile(v.as(q), v.pinned())
	p := c.plan()
	var parts []string
	parts = append(parts, p.why)
	for _, t := range p.trees {
		parts = append(parts, fmt.Sprintf("tree of %d", len(t.Items)))
	}
	if p.entries != nil {
		parts = append(parts, fmt.Sprintf("%d entries", len(p.entries)))
	}
	if p.kinds != nil {
		parts = append(parts, fmt.Sprintf("%d kinds of %d suit", len(p.kinds), len(c.g.snapshot.kindRows)))
	}
	if !p.kindsSuit {
		parts = append(parts, "kinds are checked on the way")
	}
	if p.box != nil {
		parts = append(parts, "within a box")
	}
	return strings.Join(parts, "; ")
}
