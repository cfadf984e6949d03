package index

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"sort"
	"unsafe"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/kdtree"
)

// Search is a question being answered, ring by ring. It is not safe for
// concurrent use.
type Search struct {
	view   *View // must be open as long as the search goes on
	c      compiled
	plan   plan
	origin geo.Origin
	at     kdtree.Point

	after   candidate // the last hit given
	started bool      // whether there is one
	given   []uint32  // offers with several places that were given, in order
	few     [8]uint32 // of them
	last    bool
}

func newSearch(q *Query, v *View) *Search {
	s := new(Search)
	s.start(q, v)
	return s
}

func (s *Search) start(q *Query, v *View) {
	s.view, s.origin = v, geo.From(q.Near)
	s.c.compile(q, v.pinned())
	s.c.plan(&s.plan)
	s.at = kdtree.At(s.origin.Vector())
	s.last = q.Near.Validate() != nil // nothing is near to nowhere
}

// Nearest returns the n nearest offers that suit, as a [Search] gives them first. It is
// for who asks once: it takes less memory, and a tenth less time.
func (v *View) Nearest(ctx context.Context, q Query, n int) (Ring, error) {
	g := v.pinned()
	scratch := g.newScratch()
	defer scratch.done(g)
	s := &scratch.search
	s.start(v.as(&q), v)
	return s.next(ctx, scratch, n)
}

// Next returns the next n hits, fewer at the end; n is at least 1. It costs
// about as much as finding all that have been given and n more, so callers
// ask for more at a time as they go on.
func (s *Search) Next(ctx context.Context, n int) (Ring, error) {
	s.view.pinned()
	g := s.c.g
	scratch := g.newScratch()
	defer scratch.done(g)
	return s.next(ctx, scratch, n)
}

func (s *Search) next(ctx context.Context, scratch *scratch, n int) (Ring, error) {
	if err := ctx.Err(); err != nil {
		return Ring{}, err
	}
	if s.last {
		return Ring{Horizon: geo.Meters(math.Inf(1)), Last: true}, nil
	}
	k := &scratch.walk
	k.start(s, scratch, max(n, 1))
	k.find()
	return s.ring(k), nil
}

// ring gives what was found.
func (s *Search) ring(k *nearest) Ring {
	ring := Ring{Hits: make([]Hit, len(k.hits)), Horizon: geo.Meters(math.Inf(1)), Last: len(k.hits) < k.limit}
	g := s.c.g
	entries := k.scratch.entries[:0]
	for i := range k.hits {
		entries = append(entries, k.hits[i].entry())
	}
	k.scratch.entries = entries
	ids := g.ids.texts(entries)
	for i := range k.hits {
		c := &k.hits[i]
		row := &g.rows[c.entry()]
		hit := &ring.Hits[i]
		*hit = Hit{ID: ids.next(), Place: int(row.place), Point: row.point.point(), Age: s.c.age(c.entry()), offer: row.offer.number(), entry: c.entry()}
		if i > 0 && hit.Point == ring.Hits[i-1].Point {
			hit.Distance = ring.Hits[i-1].Distance // half of all offers share a site
		} else {
			hit.Distance = s.origin.Distance(hit.Point)
		}
		if c.ref&hasSeveral != 0 {
			s.give(row.offer.number())
		}
	}
	if len(k.hits) > 0 {
		s.after, s.started = k.hits[len(k.hits)-1], true
	}
	if s.last = ring.Last; !s.last {
		ring.Horizon = ring.Hits[len(ring.Hits)-1].Distance
	}
	return ring
}

// give remembers an offer with several places.
func (s *Search) give(offer uint32) {
	if s.given == nil {
		s.given = s.few[:0]
	}
	at, _ := slices.BinarySearch(s.given, offer)
	s.given = slices.Insert(s.given, at, offer)
}

func (s *Search) gave(offer uint32) bool {
	_, found := slices.BinarySearch(s.given, offer)
	return found
}

// prefetch asks memory for what a hit tells of an entry.
func (s *snapshot) prefetch(entry uint32) {
	kdtree.Prefetch(unsafe.Pointer(&s.rows[entry]), unsafe.Pointer(unsafe.SliceData(s.ids.bytes(entry))))
}

// age says whether an entry receives the age asked for.
func (c *compiled) age(entry uint32) data.State {
	if c.Age == nil {
		return data.Unknown
	}
	s := c.g.snapshot
	return s.kindRows[s.kinds[entry]].ages.Receives(*c.Age)
}

// candidate is an entry found. It has no more fields than the compiler keeps in
// registers: it is moved about more than anything else.
type candidate struct {
	key int64 // of its step
	ref ref   // of its entry
	x   int32 // of the step
	yz  int64
}

func newCandidate(item *kdtree.Item, key int64) candidate {
	p := &item.Point
	return candidate{key, ref(item.Entry), p[0], int64(p[1])<<32 | int64(uint32(p[2]))}
}

func (c *candidate) entry() uint32 { return c.ref.number() }

// nearest keeps the first hits that come after what was given.
type nearest struct {
	matcher
	search *Search
	limit  int
	hits   []candidate // in order, at most limit
	walk   kdtree.Walk

	sure int64 // up to this key an entry is within the radius for certain
}

// start prepares for one ring.
func (k *nearest) start(s *Search, scratch *scratch, limit int) {
	k.matcher = newMatcher(&s.c, scratch, &s.plan)
	k.search, k.limit, k.hits = s, limit, k.hits[:0]
	k.walk.Origin, k.walk.Bound, k.walk.Box = s.at, kdtree.Farthest, s.plan.box
	k.sure = kdtree.Farthest
	if s.c.Within > 0 {
		k.walk.Bound = kdtree.Reach(s.c.Within)
		k.sure = kdtree.Surely(s.c.Within)
	}
}

// find goes through what the plan says.
func (k *nearest) find() {
	p := &k.search.plan
	if p.byWords {
		k.walkWords()
		return
	}
	for _, e := range p.entries {
		item := &k.s.all.Items[e]
		if key := item.Point.Key(&k.walk.Origin); key <= k.walk.Bound {
			k.consider(item, key)
		}
	}
	for _, t := range p.trees {
		k.walk.Tree(t, k)
	}
}

// Leaf considers what is within the bound.
func (k *nearest) Leaf(items []kdtree.Item) {
	var keys [kdtree.FanOut]int64
	within := kdtree.Keys(items, &k.walk.Origin, k.walk.Bound, &keys)
	if !k.plain {
		within = k.sift(items, within)
	}
	for ; within != 0; within &= within - 1 {
		i := bits.TrailingZeros32(within) % kdtree.FanOut
		if r := ref(items[i].Entry); keys[i] <= k.walk.Bound && (!k.plain && k.meetsRest(r.number()) || k.plain && k.exists(r)) {
			k.keep(&items[i], keys[i])
		}
	}
}

// consider keeps an entry that suits.
func (k *nearest) consider(item *kdtree.Item, key int64) {
	if k.suits(ref(item.Entry)) {
		k.keep(item, key)
	}
}

// keep keeps an entry that suits, if it comes after what was given.
func (k *nearest) keep(item *kdtree.Item, key int64) {
	c := newCandidate(item, key)
	switch s := k.search; {
	case key > k.sure && k.distance(&c) > s.c.Within:
		return
	case s.started && !k.before(&s.after, &c):
		return // given already
	case c.ref&hasSeveral != 0 && s.gave(k.offer(&c)):
		return // given at a nearer place
	case len(k.hits) == k.limit && !k.before(&c, &k.hits[k.limit-1]):
		return
	}
	k.insert(c)
}

// distance measures how far a candidate is.
func (k *nearest) distance(c *candidate) geo.Meters {
	return k.search.origin.Distance(k.s.rows[c.entry()].point.point())
}

// offer returns the number of a candidate's offer.
func (k *nearest) offer(c *candidate) uint32 { return k.s.rows[c.entry()].offer.number() }

// before orders candidates by distance, then id; of one offer at two equally far
// places, the first place comes first. Keys decide where they differ by more than
// their rounding; where they do not, distances are measured.
func (k *nearest) before(a, b *candidate) bool {
	if d := a.key - b.key; d > kdtree.Gap(b.key) || -d > kdtree.Gap(a.key) {
		return d < 0
	}
	return k.closelyBefore(a, b)
}

// closelyBefore orders candidates whose keys do not. At one point entries are numbered
// by offer and place (see [builder.orderEntries]), and half of all offers share a
// site, so these are told apart by nothing else.
func (k *nearest) closelyBefore(a, b *candidate) bool {
	if a.x == b.x && a.yz == b.yz && (a.ref|b.ref)&sharesStep == 0 {
		return a.ref.number() < b.ref.number()
	}
	x, y := &k.s.rows[a.entry()], &k.s.rows[b.entry()]
	if x.point != y.point {
		if x, y := k.distance(a), k.distance(b); x != y {
			return x < y
		}
	}
	if x, y := x.offer.number(), y.offer.number(); x != y { // by their ids
		return x < y
	}
	return x.place < y.place
}

// longRing is how many hits are gone through one by one rather than halved.
const longRing = 32

// insert keeps one hit of an offer, its nearest.
func (k *nearest) insert(c candidate) {
	if c.ref&hasSeveral != 0 {
		offer := k.offer(&c)
		if i := slices.IndexFunc(k.hits, func(o candidate) bool { return k.offer(&o) == offer }); i >= 0 {
			if !k.before(&c, &k.hits[i]) {
				return
			}
			k.hits = slices.Delete(k.hits, i, i+1)
		}
	}
	if k.search.plan.overlap && k.has(&c) {
		return // met before in another tree
	}
	if len(k.hits) < k.limit {
		k.hits = append(k.hits, c)
	}
	at := len(k.hits) - 1 // the last that there is place for
	if at > longRing {
		i := k.placeIn(k.hits[:at], &c)
		at -= copy(k.hits[i+1:], k.hits[i:at])
	}
	k.s.prefetch(c.entry())
	gap := kdtree.Gap(c.key)
	for at > 0 { // as before tells, with one gap for all
		h := &k.hits[at-1]
		if h.key < c.key-gap || h.key <= c.key+gap && !k.closelyBefore(&c, h) {
			break
		}
		k.hits[at] = *h
		at--
	}
	k.hits[at] = c
	if len(k.hits) == k.limit {
		last := k.hits[k.limit-1].key
		k.walk.Bound = min(k.walk.Bound, last+kdtree.Gap(last))
	}
}

// placeIn returns how many hits do not come after a candidate.
func (k *nearest) placeIn(hits []candidate, c *candidate) int {
	return sort.Search(len(hits), func(i int) bool { return k.before(c, &hits[i]) })
}

// has reports whether the entry of a candidate is among the hits.
func (k *nearest) has(c *candidate) bool {
	if len(k.hits) > longRing {
		i := k.placeIn(k.hits, c)
		return i > 0 && k.hits[i-1].ref == c.ref
	}
	return slices.ContainsFunc(k.hits, func(h candidate) bool { return h.ref == c.ref })
}

// check returns what an offer fails at the place where it fails least, the
// nearest of those.
func (c *compiled) check(offer uint32) (Hit, Requirement) {
	g := c.g
	scratch := g.newScratch()
	defer g.scratches.Put(scratch)
	m := newMatcher(c, scratch, &plan{})
	origin := geo.From(c.Near)
	var best Hit
	var least Requirement
	id := g.idOf(offer)
	for i, e := range g.entriesOf(offer) {
		h := Hit{ID: id, Place: int(g.rows[e].place), Distance: geo.Meters(math.Inf(1)), Age: c.age(e), offer: offer, entry: e}
		failed := m.fails(e)
		if int(e) >= g.placed() {
			failed |= RequirePosition
		} else {
			h.Point = g.rows[e].point.point()
			h.Distance = origin.Distance(h.Point)
			if c.Within > 0 && h.Distance > c.Within {
				failed |= RequireWithin
			}
		}
		if i == 0 || failed.count() < least.count() || failed.count() == least.count() && h.Distance < best.Distance {
			best, least = h, failed
		}
	}
	return best, least
}
