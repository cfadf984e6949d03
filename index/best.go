package index

import (
	"context"
	"iter"
	"math"
	"slices"

	"boussole/geo"
	"boussole/index/text"
)

// Scored is a hit with what its words are worth.
type Scored struct {
	Hit
	Score text.Score
}

// Best returns the n offers whose words are worth most to the question, those
// with more of its words first; at one score the nearest, unless Anywhere is set, then by id. An offer is
// met at the place where it is worth most. What carries none of the words is left
// out; what has no position is among them, unless Within is set, at an infinite
// distance. It looks at everything that carries any of the words.
func (v *View) Best(ctx context.Context, q Query, n int) ([]Scored, error) {
	c := compile(v.as(&q), v.pinned())
	b := best{c: c, limit: max(n, 1), origin: q.Near.Vector()}
	scratch := c.g.newScratch()
	defer c.g.scratches.Put(scratch)
	b.m = newMatcher(c, scratch, &plan{wordsSuit: true})
	if err := b.find(ctx); err != nil {
		return nil, err
	}
	return b.scored(), nil
}

// worth is an entry with what it is worth.
type worth struct {
	entry uint32
	score text.Score
}

// find looks at those that carry all of the words that anything carries, then at
// those that carry all but one, and so on, until enough are found: what carries
// more of them is worth more, whatever else.
func (b *best) find(ctx context.Context) error {
	var words []*wordSet
	for i := range b.c.words {
		if b.c.words[i].count > 0 {
			words = append(words, &b.c.words[i])
		}
	}
	for n := len(words); n > 0 && len(b.kept) < b.limit; n-- {
		if n < len(words) && len(words) > maxChoices {
			b.findAny(words)
			return nil
		}
		for chosen := range subsets(words, n) {
			if err := ctx.Err(); err != nil {
				return err
			}
			for _, w := range b.c.worths(carryAll(chosen), words) {
				if w.score.Words() == n { // those with more of them have been looked at
					b.consider(w)
				}
			}
		}
	}
	return nil
}

// maxChoices is from how many words on not every choice of them is gone through:
// of four there are 15, of sixteen 65,535.
const maxChoices = 4

// findAny looks at everything that carries any of the words but not all.
func (b *best) findAny(words []*wordSet) {
	var entries []uint32
	for _, set := range words {
		for i := range set.groups {
			set.groups[i].each(func(e uint32) { entries = append(entries, e) })
		}
	}
	slices.Sort(entries)
	for _, w := range b.c.worths(slices.Compact(entries), words) {
		if w.score.Words() < len(words) {
			b.consider(w)
		}
	}
}

// subsets goes through the choices of n words.
func subsets(words []*wordSet, n int) iter.Seq[[]*wordSet] {
	return func(yield func([]*wordSet) bool) {
		choose(nil, words, n, yield)
	}
}

func choose(chosen, rest []*wordSet, n int, yield func([]*wordSet) bool) bool {
	if n == 0 {
		return yield(chosen)
	}
	for i := 0; i+n <= len(rest); i++ {
		if !choose(append(chosen[:len(chosen):len(chosen)], rest[i]), rest[i+1:], n-1, yield) {
			return false
		}
	}
	return true
}

// worths returns what entries, which are in order, are worth by all words.
func (c *compiled) worths(entries []uint32, words []*wordSet) []worth {
	all := make([]worth, len(entries))
	points := make([]int, len(entries))
	for i, e := range entries {
		all[i].entry = e
	}
	for _, set := range words {
		clear(points)
		for i := range set.groups {
			set.groups[i].mark(entries, points)
		}
		for i := range all {
			all[i].score.Add(points[i])
		}
	}
	return all
}

// mark gives the entries that are in the group its points, where they have fewer.
func (g *pointed) mark(entries []uint32, points []int) {
	if g.bitmap != nil {
		for i, e := range entries {
			if g.bitmap[e/64]>>(e%64)&1 == 1 {
				points[i] = max(points[i], g.points)
			}
		}
		return
	}
	i := 0
	g.each(func(e uint32) {
		for i < len(entries) && entries[i] < e {
			i++
		}
		if i < len(entries) && entries[i] == e {
			points[i] = max(points[i], g.points)
		}
	})
}

// best keeps the entries that are worth most, one of each offer.
type best struct {
	c      *compiled
	m      matcher
	limit  int
	origin geo.Vector
	kept   []ranked // in order
}

type ranked struct {
	worth
	distance geo.Meters
	offer    uint32
	place    int32
}

func (r *ranked) before(other *ranked) bool {
	switch {
	case r.score != other.score:
		return r.score > other.score
	case r.distance != other.distance:
		return r.distance < other.distance
	case r.offer != other.offer:
		return r.offer < other.offer
	}
	return r.place < other.place
}

func (b *best) consider(w worth) {
	if len(b.kept) == b.limit && w.score < b.kept[b.limit-1].score || !b.m.suits(b.m.s.refTo(w.entry)) {
		return
	}
	s := b.c.g.snapshot
	row := &s.rows[w.entry]
	r := ranked{worth: w, distance: geo.Meters(math.Inf(1)), offer: row.offer.number(), place: row.place}
	if int(w.entry) < s.placed() && !b.c.Anywhere {
		r.distance = b.origin.Distance(row.point.point().Vector())
	}
	if b.c.Within > 0 && !(r.distance <= b.c.Within) {
		return
	}
	if row.offer&hasSeveral != 0 {
		if i := slices.IndexFunc(b.kept, func(k ranked) bool { return k.offer == r.offer }); i >= 0 {
			if !r.before(&b.kept[i]) {
				return
			}
			b.kept = slices.Delete(b.kept, i, i+1)
		}
	}
	i := len(b.kept)
	for i > 0 && r.before(&b.kept[i-1]) {
		i--
	}
	if i == b.limit {
		return
	}
	b.kept = slices.Insert(b.kept, i, r)
	b.kept = b.kept[:min(len(b.kept), b.limit)]
}

func (b *best) scored() []Scored {
	s := b.c.g.snapshot
	list := make([]Scored, len(b.kept))
	for i, r := range b.kept {
		hit := Hit{ID: s.idOf(r.offer), Place: int(r.place), Distance: r.distance, Age: b.c.age(r.entry), offer: r.offer}
		if int(r.entry) < s.placed() {
			hit.Point = s.rows[r.entry].point.point()
		}
		list[i] = Scored{hit, r.score}
	}
	return list
}
