package index

import (
	"slices"

	"boussole/geo"
	"boussole/geo/kdtree"
)

// each calls f with every entry that suits, each once, in no order that matters.
// Without Within those that have no position are among them.
func (c *compiled) each(f func(entry uint32)) {
	g := c.g
	scratch := g.newScratch()
	defer g.scratches.Put(scratch)
	var p plan
	c.plan(&p)
	m := matcher{compiled: c, s: g.snapshot, scratch: scratch, kindsSuit: p.kindsSuit, wordsSuit: p.wordsSuit}
	if c.Within > 0 {
		c.eachWithin(&p, &m, f)
		return
	}
	see := func(entry uint32) {
		if m.suits(entry) {
			f(entry)
		}
	}
	switch {
	case len(c.words) > 0:
		m.kindsSuit, m.wordsSuit = false, true
		eachOf(carryAll(c.asked()), see)
	case c.areas != nil:
		m.kindsSuit = false // the plan speaks of placed entries
		for _, a := range c.areas.suit {
			row := g.areaRows[a].entries
			eachOf(g.areaEntries[row.from:row.to], see)
		}
	case c.ofKind:
		c.eachOfKinds(&m, see)
	default:
		for entry := range uint32(len(g.kinds)) {
			see(entry)
		}
	}
}

func eachOf(entries []uint32, f func(uint32)) {
	for _, e := range entries {
		f(e)
	}
}

// eachOfKinds goes through the kinds that suit.
func (c *compiled) eachOfKinds(m *matcher, f func(uint32)) {
	m.kindsSuit = true
	for _, k := range c.suitingKinds(c.rarest()) {
		row := &m.s.kindRows[k]
		for _, item := range m.s.trees[row.tree].Items {
			f(item.Entry)
		}
		eachOf(m.s.kindUnplaced[row.unplaced.from:row.unplaced.to], f)
	}
}

// within shows what is within a radius to a function.
type within struct {
	matcher
	f      func(uint32)
	walk   kdtree.Walk
	origin geo.Vector
	sure   int64 // up to this key an entry is within the radius for certain
	box    *kdtree.Box
	seen   map[uint32]bool // where an entry may be in several trees
}

// Skip leaves out what does not meet the box of what suits.
func (w *within) Skip(_, child int, n *kdtree.Node) bool { return !n.Meets(child, w.box) }

func (c *compiled) eachWithin(p *plan, m *matcher, f func(uint32)) {
	w := within{f: f}
	if c.Near.Validate() != nil {
		return
	}
	w.matcher, w.origin, w.box = *m, c.Near.Vector(), p.box
	w.walk.Origin, w.walk.Bound = kdtree.At(w.origin), kdtree.Reach(c.Within)
	w.sure = kdtree.Surely(c.Within)
	if p.overlap {
		w.seen = make(map[uint32]bool)
	}
	for _, e := range p.entries {
		w.consider(e, m.s.all.Items[e].Point.Key(&w.walk.Origin))
	}
	for _, t := range p.trees {
		if w.box != nil {
			w.walk.TreeBut(t, &w)
		} else {
			w.walk.Tree(t, &w)
		}
	}
}

// Leaf considers every item.
func (w *within) Leaf(items []kdtree.Item) {
	for i := range items {
		w.consider(items[i].Entry, items[i].Point.Key(&w.walk.Origin))
	}
}

func (w *within) consider(entry uint32, key int64) {
	if key > w.walk.Bound || !w.suits(entry) || w.seen[entry] {
		return
	}
	if key > w.sure && w.origin.Distance(w.s.points[entry].point().Vector()) > w.Within {
		return
	}
	if w.seen != nil {
		w.seen[entry] = true
	}
	w.f(entry)
}

// count returns how many offers suit.
func (c *compiled) count() int {
	if c.onlyOfKind() {
		return c.countKinds()
	}
	n := 0
	seen := make(map[uint32]bool) // offers with several places
	c.each(func(entry uint32) {
		ref := c.g.offers[entry]
		if ref&hasSeveral != 0 {
			if seen[ref.number()] {
				return
			}
			seen[ref.number()] = true
		}
		n++
	})
	return n
}

// onlyOfKind reports whether nothing is asked but what kinds tell.
func (c *compiled) onlyOfKind() bool {
	return len(c.words) == 0 && c.areas == nil && c.Open == RuleAny && c.Beds.Rule == RuleAny && c.Within == 0
}

// countKinds counts without looking at entries, but for those of offers that have
// several.
func (c *compiled) countKinds() int {
	s := c.g.snapshot
	n := 0
	for _, k := range c.suitingKinds(c.rarest()) {
		if row := &s.kindRows[k]; c.mask.Sees(row.class) {
			n += int(row.single)
		}
	}
	for _, row := range s.several {
		if slices.ContainsFunc(s.severalOf[row.from:row.to], func(e uint32) bool {
			return c.sees(e) && c.kindFails(s.kinds[e], false) == 0
		}) {
			n++
		}
	}
	return n
}
