package index

import (
	"cmp"
	"math"
	"slices"

	"boussole/geo"
)

// Unplaced returns the first n, by id, of the offers that suit a question and of
// which nobody knows where they are: a nurse or a team who go to patients, and whose
// register has no address of theirs. Of the question Near and Within do not count,
// and Travels must be there: what has no place is told from the rest by where it goes.
// The hits are infinitely far, and have no point.
//
// It costs about as much as looking at all entries without a position that suit.
func (v *View) Unplaced(q Query, n int) []Hit {
	if q.Travels == "" {
		return nil
	}
	q.Within = 0
	c := compile(v.as(&q), v.pinned())
	g := c.g
	scratch := g.newScratch()
	defer g.scratches.Put(scratch)
	var p plan
	c.plan(&p)
	m := newMatcher(c, scratch, &p)
	m.kindsSuit, m.wordsSuit, m.plain = true, false, false
	var entries []uint32
	for _, k := range c.suitingKinds() {
		row := g.kindRows[k].unplaced
		for _, e := range g.kindUnplaced[row.from:row.to] {
			if m.suits(g.refTo(e)) && !m.suitsPlaced(e) {
				entries = append(entries, e)
			}
		}
	}
	slices.SortFunc(entries, func(a, b uint32) int { return cmp.Compare(g.rows[a].offer.number(), g.rows[b].offer.number()) })
	entries = slices.CompactFunc(entries, func(a, b uint32) bool { return g.rows[a].offer.number() == g.rows[b].offer.number() })
	hits := []Hit{}
	for _, e := range entries[:min(n, len(entries))] {
		number := g.rows[e].offer.number()
		hits = append(hits, Hit{ID: g.idOf(number), Place: int(g.rows[e].place), Distance: geo.Meters(math.Inf(1)), Age: c.age(e), offer: number, entry: e})
	}
	return hits
}

// suitsPlaced reports whether the offer of an entry has a place that suits: then it is
// found there.
func (m *matcher) suitsPlaced(entry uint32) bool {
	g := m.g
	return g.rows[entry].offer&hasSeveral != 0 && slices.ContainsFunc(g.entriesOf(g.rows[entry].offer.number()), func(e uint32) bool {
		return int(e) < g.placed() && m.sees(e) && m.fails(e) == 0
	})
}
