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
	m := newMatcher(c, scratch, &p)
	if c.Within > 0 {
		c.eachWithin(&p, &m, f)
		return
	}
	see := func(r ref) {
		if m.suits(r) {
			f(r.number())
		}
	}
	seeAll := func(entries []uint32) {
		for _, e := range entries {
			see(g.refTo(e))
		}
	}
	switch {
	case len(c.words) > 0:
		m.kindsSuit, m.wordsSuit, m.plain = false, true, false
		carryAll(c.words, seeAll)
	case c.areas != nil:
		m.kindsSuit = false // the plan speaks of placed entries
		for _, a := range c.areas.suit {
			row := g.areaRows[a].entries
			seeAll(g.areaEntries[row.from:row.to])
		}
	case c.ofKind:
		m.kindsSuit = true
		for _, k := range c.suitingKinds() {
			row := &g.kindRows[k]
			for _, item := range g.trees[row.tree].Items {
				see(ref(item.Entry))
			}
			seeAll(g.kindUnplaced[row.unplaced.from:row.unplaced.to])
		}
	default:
		for entry := range uint32(len(g.kinds)) {
			see(g.refTo(entry))
		}
	}
}

// within shows what is within a radius to a function.
type within struct {
	matcher
	f      func(uint32)
	walk   kdtree.Walk
	origin geo.Origin
	sure   int64           // up to this key an entry is within the radius for certain
	seen   map[uint32]bool // where an entry may be in several trees
}

func (c *compiled) eachWithin(p *plan, m *matcher, f func(uint32)) {
	w := within{f: f}
	if c.Near.Validate() != nil {
		return
	}
	w.matcher, w.origin = *m, geo.From(c.Near)
	w.walk.Origin, w.walk.Bound, w.walk.Box = kdtree.At(w.origin.Vector()), kdtree.Reach(c.Within), p.box
	w.sure = kdtree.Surely(c.Within)
	if p.overlap {
		w.seen = make(map[uint32]bool)
	}
	for _, e := range p.entries {
		item := &m.s.all.Items[e]
		w.consider(ref(item.Entry), item.Point.Key(&w.walk.Origin))
	}
	for _, t := range p.trees {
		w.walk.Tree(t, &w)
	}
}

// Leaf considers every item.
func (w *within) Leaf(items []kdtree.Item) {
	for i := range items {
		w.consider(ref(items[i].Entry), items[i].Point.Key(&w.walk.Origin))
	}
}

func (w *within) consider(r ref, key int64) {
	entry := r.number()
	if key > w.walk.Bound || !w.suits(r) || w.seen[entry] {
		return
	}
	if key > w.sure && w.origin.Distance(w.s.rows[entry].point.point()) > w.Within {
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
		offer := c.g.rows[entry].offer
		if offer&hasSeveral != 0 {
			if seen[offer.number()] {
				return
			}
			seen[offer.number()] = true
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
	for _, k := range c.suitingKinds() {
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
