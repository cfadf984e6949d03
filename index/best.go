package index

import (
	"context"
	"iter"
	"math"
	"slices"

	"boussole/geo"
	"boussole/geo/kdtree"
	"boussole/index/text"
)

// Scored is a hit with what its words are worth.
type Scored struct {
	Hit
	Score text.Score
}

// Best returns the n offers whose words are worth most to the question, those
// with more of its words first; at one score the nearest, unless Anywhere is set,
// then by id. An offer is met at the place where it is worth most. What carries
// none of the words is left out; what has no position is among them, unless Within
// is set, at an infinite distance. Where enough carry all of the words as well as
// can be it costs what the nearest do; otherwise it looks at everything that
// carries them, and perhaps at what carries some, at a nanosecond or a few each.
func (v *View) Best(ctx context.Context, q Query, n int) ([]Scored, error) {
	c := compile(v.as(&q), v.pinned())
	b := best{c: c, limit: max(n, 1), origin: geo.From(q.Near)}
	b.at = kdtree.At(b.origin.Vector())
	for _, set := range c.words {
		if set.count > 0 {
			b.words = append(b.words, set)
		}
	}
	if hits, err := b.top(ctx, v, q); err != nil || len(hits) == b.limit {
		return hits, err
	}
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

// top returns the nearest of those that are worth as much as anything can be: of
// common words there are enough of them, and nothing else need be looked at.
func (b *best) top(ctx context.Context, v *View, q Query) ([]Scored, error) {
	if q.Anywhere || len(b.words) == 0 {
		return nil, nil
	}
	var score text.Score
	tops := make([]wordSet, len(b.words))
	for i := range b.words {
		tops[i].entrySet = b.words[i].top(b.c.g.postings.words)
		score.Add(b.words[i].layers[0].points)
	}
	q.Words = nil
	s := newSearch(v.as(&q), v)
	s.c.words, s.plan = tops, plan{}
	s.c.plan(&s.plan)
	ring, err := s.Next(ctx, b.limit)
	hits := make([]Scored, len(ring.Hits))
	for i, h := range ring.Hits {
		hits[i] = Scored{h, score}
	}
	return hits, err
}

// top returns the entries with the best match of a word.
func (s *wordSet) top(words int) entrySet {
	var parts []entrySet
	for i := 0; i < len(s.layers) && s.layers[i].points == s.layers[0].points; i++ {
		parts = append(parts, s.layers[i].entrySet)
	}
	all, _ := union(parts, words)
	return all
}

// find looks at those that carry all of the words that anything carries, then at
// those that carry all but one, and so on, until enough are found: what carries
// more of them is worth more, whatever else.
func (b *best) find(ctx context.Context) error {
	for n := len(b.words); n > 0 && len(b.kept) < b.limit; n-- {
		if n < len(b.words) && len(b.words) > maxChoices {
			b.findAny()
			return nil
		}
		for chosen := range subsets(b.words, n) {
			if err := ctx.Err(); err != nil {
				return err
			}
			carryAll(chosen, func(entries []uint32) { b.considerAll(entries, n) })
		}
	}
	return nil
}

// maxChoices is from how many words on not every choice of them is gone through:
// of four there are 15, of sixteen 65,535.
const maxChoices = 4

// findAny looks at everything that carries any of the words but not all.
func (b *best) findAny() {
	any := make([]uint64, b.c.g.postings.words)
	for i := range b.words {
		b.words[i].setIn(any)
	}
	entries := make([]uint32, 0, chunkSize+64)
	for i, bits := range any {
		if entries = appendBits(entries, i, bits); len(entries) >= chunkSize || i == len(any)-1 {
			b.considerAll(entries, 0)
			entries = entries[:0]
		}
	}
}

// subsets goes through the choices of n words.
func subsets(words []wordSet, n int) iter.Seq[[]wordSet] {
	return func(yield func([]wordSet) bool) {
		choose(nil, words, n, yield)
	}
}

func choose(chosen, rest []wordSet, n int, yield func([]wordSet) bool) bool {
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

// considerAll weighs entries, which are in order, by all words, and considers
// those that carry just n of them, or of n = 0 all that carry some but not every
// one: the others have been looked at.
func (b *best) considerAll(entries []uint32, n int) {
	b.scores = append(b.scores[:0], make([]text.Score, len(entries))...)
	for i := range b.words {
		b.points = b.words[i].weigh(entries, b.points)
		for k, p := range b.points {
			b.scores[k].Add(int(p))
		}
	}
	for k, e := range entries {
		if words := b.scores[k].Words(); words == n || n == 0 && words < len(b.words) {
			b.consider(worth{e, b.scores[k]})
		}
	}
}

// weigh returns what entries, which are in order, are worth by the word, 0 for
// those that do not carry it, in the memory of points.
func (s *wordSet) weigh(entries []uint32, points []uint16) []uint16 {
	points = append(points[:0], make([]uint16, len(entries))...)
	left := len(entries)
	for i := range s.layers {
		if left -= s.layers[i].mark(entries, points); left == 0 {
			break
		}
	}
	return points
}

// mark gives the entries that are in the layer its points, where they have none
// yet, and returns how many they are.
func (l *layer) mark(entries []uint32, points []uint16) (marked int) {
	if l.bitmap != nil {
		for i, e := range entries {
			if l.bitmap[e/64]>>(e%64)&1 == 1 && points[i] == 0 {
				points[i] = uint16(l.points)
				marked++
			}
		}
		return marked
	}
	list := l.list
	for i := 0; i < len(entries); {
		if list = from(list, entries[i]); len(list) == 0 {
			break
		}
		if i += len(entries[i:]) - len(from(entries[i:], list[0])); i < len(entries) && entries[i] == list[0] {
			if points[i] == 0 {
				points[i] = uint16(l.points)
				marked++
			}
			i++
		}
	}
	return marked
}

// best keeps the entries that are worth most, one of each offer.
type best struct {
	c      *compiled
	m      matcher
	limit  int
	origin geo.Origin
	at     kdtree.Point
	kept   []ranked // in order
	bound  int64    // key of the last, once there are enough

	words  []wordSet // that anything carries
	scores []text.Score
	points []uint16
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
	if b.isBeyond(w) || !b.m.suits(b.m.s.refTo(w.entry)) {
		return
	}
	s := b.c.g.snapshot
	row := &s.rows[w.entry]
	r := ranked{worth: w, distance: geo.Meters(math.Inf(1)), offer: row.offer.number(), place: row.place}
	if int(w.entry) < s.placed() && !b.c.Anywhere {
		r.distance = b.origin.Distance(row.point.point())
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
	if len(b.kept) == b.limit {
		b.bound = b.boundOf(&b.kept[b.limit-1])
	}
}

// isBeyond reports whether an entry comes after all that is kept, as far as this
// is quickly seen.
func (b *best) isBeyond(w worth) bool {
	if len(b.kept) < b.limit {
		return false
	}
	last := &b.kept[b.limit-1]
	if w.score != last.score {
		return w.score < last.score
	}
	s := b.c.g.snapshot
	if b.c.Anywhere {
		return s.rows[w.entry].offer.number() > last.offer
	}
	return int(w.entry) < s.placed() && s.all.Items[w.entry].Point.Key(&b.at) > b.bound
}

// boundOf is a key beyond which nothing is as near.
func (b *best) boundOf(r *ranked) int64 {
	s := b.c.g.snapshot
	if b.c.Anywhere || int(r.entry) >= s.placed() {
		return kdtree.Farthest
	}
	return kdtree.KeyOf(kdtree.Chord(s.all.Items[r.entry].Point.Key(&b.at)) + kdtree.Slack)
}

func (b *best) scored() []Scored {
	s := b.c.g.snapshot
	list := make([]Scored, len(b.kept))
	for i, r := range b.kept {
		hit := Hit{ID: s.idOf(r.offer), Place: int(r.place), Distance: r.distance, Age: b.c.age(r.entry), offer: r.offer, entry: r.entry}
		if int(r.entry) < s.placed() {
			hit.Point = s.rows[r.entry].point.point()
		}
		list[i] = Scored{hit, r.score}
	}
	return list
}
