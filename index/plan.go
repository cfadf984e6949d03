package index

import (
	"fmt"
	"slices"
	"strings"

	"boussole/geo/kdtree"
)

// plan is where everything that suits a question is: in these trees, or among
// these entries. It is made from counts that are exact, before any entry is
// looked at.
type plan struct {
	trees     []*kdtree.Tree
	entries   []uint32 // looked at one by one, instead of trees
	kindsSuit bool     // all that is there is of kinds that suit
	wordsSuit bool     // and carries the words
	byWords   bool     // the tree is gone through by the words
	overlap   bool     // an entry may be in several trees
	box       *kdtree.Box
	kinds     []uint32 // the kinds that suit, where they were looked for
	why       string
}

// Bounds of planning.
const (
	fewKinds     = 3    // trees that are walked one after the other for next to nothing
	someKinds    = 16   // trees that are, where one tree would be mostly others
	worthKnowing = 512  // entries that are looked at without asking how many suit
	lookAtAll    = 64   // entries that are looked at one by one, rather than in a tree
	walkCost     = 12   // entries that are looked at on the way to one, for each that does not suit
	searchKinds  = 4096 // kinds that are held against a question to plan it
)

// plan decides how a question is answered.
func (c *compiled) plan(p *plan) {
	c.planFilters(p)
	if len(c.words) > 0 {
		c.planWords(p)
	}
}

func (c *compiled) planFilters(p *plan) {
	s := c.g.snapshot
	p.trees, p.why = append(c.fewTrees[:0], &s.all), "all"
	if c.areas != nil && c.planAreas(p) {
		return
	}
	if !c.ofKind {
		p.kindsSuit = true
		return
	}
	best, asked := c.rarest()
	if !asked { // an age, or how well the position is known: most suit
		return
	}
	if best.kinds == 0 {
		p.trees, p.kindsSuit, p.why = nil, true, "codes that nobody carries"
		return
	}
	inTrees := c.planGroup(p, &best)
	if c.groupsAsked() > 1 {
		c.planKinds(p, &best, inTrees)
	}
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
	p.trees, p.box, p.why = nil, nil, "the entries of an area"
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

func (c *compiled) rarest() (best rare, found bool) {
	consider := func(g *group) {
		r := rare{refs: g.refs}
		for _, ref := range g.refs {
			r.placed += int(c.g.snapshot.refs[ref].placed)
			r.kinds += c.g.snapshot.refs[ref].kinds.size()
		}
		if !found || r.placed < best.placed {
			best, found = r, true
		}
	}
	for i := range c.groups {
		consider(&c.groups[i])
	}
	for i := range c.equips {
		consider(&c.equips[i].group)
	}
	return best, found
}

func (c *compiled) groupsAsked() int { return len(c.groups) + 2*len(c.equips) }

// planGroup takes the trees of a group of codes, and returns how many entries are
// in them: that of each code, or those of its kinds where they are few. Codes that
// most entries carry have none, and the tree of all is as good.
func (c *compiled) planGroup(p *plan, best *rare) (entries int) {
	s := c.g.snapshot
	trees := c.fewTrees[:0]
	for _, r := range best.refs {
		ref := &s.refs[r]
		switch {
		case ref.tree != 0:
			trees = append(trees, &s.trees[ref.tree-1])
		case ref.kinds.size() <= manyKinds:
			for _, k := range s.refKinds[ref.kinds.from:ref.kinds.to] {
				trees = append(trees, &s.trees[s.kindRows[k].tree])
			}
		default:
			trees = append(trees, &s.all)
		}
		if trees[len(trees)-1] == &s.all || len(trees) > someKinds {
			p.trees, p.why = append(trees[:0], &s.all), "all: most carry it"
			return s.placed()
		}
	}
	p.trees, p.why = trees, "the trees of codes"
	p.overlap = len(best.refs) > 1 // an entry may carry several of them
	p.kindsSuit = c.groupsAsked() == 1 && c.Age == nil && c.Quality == 0
	return best.placed
}

// planKinds looks for the kinds that suit, where several things are asked of them
// that may rarely meet, and takes their trees one after the other, or their
// entries one by one, where that is cheaper than one tree in which others are too.
func (c *compiled) planKinds(p *plan, best *rare, inTrees int) {
	if best.placed <= worthKnowing || best.kinds > searchKinds {
		return
	}
	s := c.g.snapshot
	suiting := c.suitingKinds()
	placed, box := 0, kdtree.Nowhere()
	for _, k := range suiting {
		placed += int(s.kindRows[k].placed)
		box.Join(&s.kindRows[k].box)
	}
	p.kinds = suiting
	switch spread := inTrees / max(placed, 1); {
	case len(suiting) <= fewKinds || len(suiting) <= someKinds && spread > 2:
		p.trees, p.kindsSuit, p.overlap, p.why = c.fewTrees[:0], true, false, "the trees of the kinds that suit"
		for _, k := range suiting {
			p.trees = append(p.trees, &s.trees[s.kindRows[k].tree])
		}
	case placed <= lookAtAll || placed < walkCost*spread:
		p.trees, p.kindsSuit, p.overlap, p.why = nil, true, false, "the entries of the kinds that suit"
		for _, k := range suiting {
			for _, item := range s.trees[s.kindRows[k].tree].Items {
				p.entries = append(p.entries, ref(item.Entry).number())
			}
		}
	case p.box == nil:
		p.box = &box
	}
}

// suitingKinds returns the kinds that meet everything that is asked of them, each
// once. Lists of kinds are sorted, so those of codes are cut down to one another
// before anything is held against a kind.
func (c *compiled) suitingKinds() []uint32 {
	s := c.g.snapshot
	best, asked := c.rarest()
	if !asked {
		return c.thatSuit(nil, len(s.kindRows))
	}
	var kinds []uint32
	for _, r := range best.refs {
		kinds = append(kinds, s.kindsOf(r)...)
	}
	if len(best.refs) > 1 {
		slices.Sort(kinds)
		kinds = slices.Compact(kinds)
	}
	for i := range c.groups {
		if refs := c.groups[i].refs; len(refs) == 1 {
			kinds = common(kinds, s.kindsOf(refs[0]))
		}
	}
	return c.thatSuit(kinds, len(kinds))
}

func (s *snapshot) kindsOf(ref uint32) []uint32 {
	row := s.refs[ref].kinds
	return s.refKinds[row.from:row.to]
}

// common keeps of a sorted list what is in another. Where the other is much
// longer, it is searched.
func common(kinds, other []uint32) []uint32 {
	kept := kinds[:0]
	for _, k := range kinds {
		if len(other) > 16*len(kinds) {
			at, _ := slices.BinarySearch(other, k)
			other = other[at:]
		} else {
			for len(other) > 0 && other[0] < k {
				other = other[1:]
			}
		}
		if len(other) == 0 {
			break
		}
		if other[0] == k {
			kept = append(kept, k)
		}
	}
	return kept
}

// thatSuit keeps the kinds that suit: of a list, or of all.
func (c *compiled) thatSuit(kinds []uint32, n int) []uint32 {
	kept := kinds[:0]
	for i := range n {
		k := uint32(i)
		if kinds != nil {
			k = kinds[i]
		}
		if c.kindFails(k, false) == 0 {
			kept = append(kept, k)
		}
	}
	return kept
}

// Explain says how a question is answered, for those who run the index. It speaks
// of what only who sees everything may know, so nobody else is told.
func (v *View) Explain(q Query) string {
	if !v.SeesEverything() {
		return ""
	}
	c := compile(v.as(&q), v.pinned())
	var p plan
	c.plan(&p)
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
