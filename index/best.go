package index

import (
	"context"
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
// with more of its words first; at one score the nearest, then by id. An offer is
// met at the place where it is worth most. What carries none of the words is left
// out; what has no position is among them, unless Within is set, at an infinite
// distance. It looks at everything that carries any of the words.
func (v *View) Best(ctx context.Context, q Query, n int) ([]Scored, error) {
	c := compile(v.as(q), v.pinned())
	b := best{c: c, limit: max(n, 1), origin: q.Near.Vector()}
	scratch := c.g.newScratch()
	defer c.g.scratches.Put(scratch)
	b.m = matcher{compiled: c, s: c.g.snapshot, scratch: scratch, wordsSuit: true}
	for _, e := range c.scores() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.consider(e)
	}
	return b.scored(), nil
}

// worth is an entry with what it is worth.
type worth struct {
	entry uint32
	score text.Score
}

// scores lists every entry that carries any of the words, in order.
func (c *compiled) scores() []worth {
	var all []worth
	for i := range c.words {
		all = sumOf(all, c.words[i].worths())
	}
	return all
}

// worths lists the entries that carry a word, in order, with the best that they
// carry of it.
func (s *wordSet) worths() []worth {
	list := make([]worth, 0, s.count)
	for i := range s.groups {
		g := &s.groups[i]
		g.each(func(e uint32) { list = append(list, worth{e, text.Score(g.points)}) })
	}
	if len(s.groups) > 1 {
		slices.SortFunc(list, func(a, b worth) int {
			if a.entry != b.entry {
				return int(int64(a.entry) - int64(b.entry))
			}
			return int(b.score - a.score)
		})
		list = slices.CompactFunc(list, func(a, b worth) bool { return a.entry == b.entry })
	}
	for i := range list {
		points := int(list[i].score)
		list[i].score = 0
		list[i].score.Add(points)
	}
	return list
}

// sumOf adds two lists up, entry by entry.
func sumOf(a, b []worth) []worth {
	if len(a) == 0 {
		return b
	}
	sum := make([]worth, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].entry < b[0].entry:
			sum, a = append(sum, a[0]), a[1:]
		case a[0].entry > b[0].entry:
			sum, b = append(sum, b[0]), b[1:]
		default:
			sum = append(sum, worth{a[0].entry, a[0].score + b[0].score})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(sum, a...), b...)
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
	place    int16
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
	if len(b.kept) == b.limit && w.score < b.kept[b.limit-1].score || !b.m.suits(w.entry) {
		return
	}
	s := b.c.g.snapshot
	r := ranked{worth: w, distance: geo.Meters(math.Inf(1)), offer: s.offers[w.entry].number(), place: s.places[w.entry]}
	if int(w.entry) < s.placed() {
		r.distance = b.origin.Distance(s.points[w.entry].point().Vector())
	}
	if b.c.Within > 0 && r.distance > b.c.Within {
		return
	}
	if s.offers[w.entry]&hasSeveral != 0 {
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
		hit := Hit{ID: s.ids.of(r.offer), Place: int(r.place), Distance: r.distance, Age: b.c.age(r.entry), offer: r.offer}
		if int(r.entry) < s.placed() {
			hit.Point = s.points[r.entry].point()
		}
		list[i] = Scored{hit, r.score}
	}
	return list
}
