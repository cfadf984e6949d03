package index

import (
	"context"
	"math"
	"slices"
	"sort"

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
	origin geo.Vector
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
	s.view, s.origin = v, q.Near.Vector()
	s.c.compile(q, v.pinned())
	s.c.plan(&s.plan)
	s.at = kdtree.At(s.origin)
	s.last = q.Near.Validate() != nil // nothing is near to nowhere
}

// Next returns the next n hits, fewer at the end; n is at least 1. It costs
// about as much as finding all that have been given and n more, so callers
// ask for more at a time as they go on.
func (s *Search) Next(ctx context.Context, n int) (Ring, error) {
	s.view.pinned()
	if err := ctx.Err(); err != nil {
		return Ring{}, err
	}
	if s.last {
		return Ring{Horizon: geo.Meters(math.Inf(1)), Last: true}, nil
	}
	g := s.c.g
	scratch := g.newScratch()
	defer g.scratches.Put(scratch)
	k := &scratch.walk
	k.start(s, scratch, max(n, 1))
	k.find()
	return s.ring(k), nil
}

// ring gives what was found.
func (s *Search) ring(k *nearest) Ring {
	ring := Ring{Hits: make([]Hit, len(k.hits)), Horizon: geo.Meters(math.Inf(1)), Last: len(k.hits) < k.limit}
	g := s.c.g
	ids := g.ids.texts(k.fetch())
	for i := range k.hits {
		c := &k.hits[i]
		row := &g.rows[c.entry()]
		if i > 0 && row.point == g.rows[k.hits[i-1].entry()].point {
			c.distance = k.hits[i-1].distance // half of all offers share a site
		}
		k.measure(c)
		ring.Hits[i] = Hit{
			ID: ids.next(), Place: int(row.place), Point: row.point.point(),
			Distance: c.distance, Age: s.c.age(c.entry()), offer: row.offer.number(), entry: c.entry(),
		}
		if c.ref&hasSeveral != 0 {
			s.give(row.offer.number())
		}
	}
	if len(k.hits) > 0 {
		s.after, s.started = k.hits[len(k.hits)-1], true
	}
	if s.last = ring.Last; !s.last {
		ring.Horizon = s.after.distance
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

// fetch lists the entries of the hits and touches what is told of them: each lies somewhere else, and memory
// brings several at a time if it is asked for several at a time.
func (k *nearest) fetch() []uint32 {
	entries := k.scratch.entries[:0]
	for i := range k.hits {
		e := k.hits[i].entry()
		k.touched += k.s.rows[e].place + int32(k.s.ids.bytes(e)[0])
		entries = append(entries, e)
	}
	k.scratch.entries = entries
	return entries
}

// age says whether an entry receives the age asked for.
func (c *compiled) age(entry uint32) data.State {
	if c.Age == nil {
		return data.Unknown
	}
	s := c.g.snapshot
	return s.kindRows[s.kinds[entry]].ages.Receives(*c.Age)
}

// candidate is an entry found. Its distance is measured when it decides.
type candidate struct {
	chord    float64    // in steps of the grid, within the half of [kdtree.Slack]
	distance geo.Meters // unmeasured until then
	ref      ref        // of its entry
	step     kdtree.Point
}

func (c *candidate) entry() uint32 { return c.ref.number() }

const unmeasured geo.Meters = -1

// nearest keeps the first hits that come after what was given.
type nearest struct {
	matcher
	search *Search
	limit  int
	hits   []candidate // in order, at most limit
	walk   kdtree.Walk

	sure int64 // up to this key an entry is within the radius for certain

	touched int32 // see fetch
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
	for i := range items {
		item := &items[i]
		if key := item.Point.Key(&k.walk.Origin); key <= k.walk.Bound {
			k.consider(item, key)
		}
	}
}

// consider keeps an entry that suits and comes after what was given.
func (k *nearest) consider(item *kdtree.Item, key int64) {
	r := ref(item.Entry)
	if !k.suits(r) {
		return
	}
	c := candidate{kdtree.Chord(key), unmeasured, r, item.Point}
	switch s := k.search; {
	case key > k.sure && k.measure(&c) > s.c.Within:
		return
	case s.started && !k.before(&s.after, &c):
		return // given already
	case r&hasSeveral != 0 && s.gave(k.offer(&c)):
		return // given at a nearer place
	case len(k.hits) == k.limit && !k.before(&c, &k.hits[k.limit-1]):
		return
	}
	k.insert(c)
}

// measure computes the distance to a candidate, once.
func (k *nearest) measure(c *candidate) geo.Meters {
	if c.distance == unmeasured {
		c.distance = k.search.origin.Distance(k.s.rows[c.entry()].point.point().Vector())
	}
	return c.distance
}

// offer returns the number of a candidate's offer.
func (k *nearest) offer(c *candidate) uint32 { return k.s.rows[c.entry()].offer.number() }

// before orders candidates by distance, then id; of one offer at two equally far
// places, the first place comes first. Chords decide where they differ by more
// than their rounding; where they do not, distances are measured. At one point
// entries are numbered by offer and place (see [builder.orderEntries]), and half
// of all offers share a site, so these are told apart by nothing else.
func (k *nearest) before(a, b *candidate) bool {
	switch {
	case a.chord < b.chord-kdtree.Slack:
		return true
	case a.chord > b.chord+kdtree.Slack:
		return false
	}
	if a.step == b.step && (a.ref|b.ref)&sharesStep == 0 {
		return a.ref.number() < b.ref.number()
	}
	x, y := &k.s.rows[a.entry()], &k.s.rows[b.entry()]
	if x.point != y.point {
		if x, y := k.measure(a), k.measure(b); x != y {
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
	i := len(k.hits)
	if i > longRing {
		i = sort.Search(len(k.hits), func(i int) bool { return k.before(&c, &k.hits[i]) })
	}
	for i > 0 && k.before(&c, &k.hits[i-1]) {
		i--
	}
	if i > 0 && k.hits[i-1].ref == c.ref {
		return // met before in another tree
	}
	if len(k.hits) < k.limit {
		k.hits = append(k.hits, c)
	}
	copy(k.hits[i+1:], k.hits[i:])
	k.hits[i] = c
	if len(k.hits) == k.limit {
		k.walk.Bound = min(k.walk.Bound, kdtree.KeyOf(k.hits[k.limit-1].chord+kdtree.Slack))
	}
}

// check returns what an offer fails at the place where it fails least, the
// nearest of those.
func (c *compiled) check(offer uint32) (Hit, Requirement) {
	g := c.g
	scratch := g.newScratch()
	defer g.scratches.Put(scratch)
	m := newMatcher(c, scratch, &plan{})
	origin := c.Near.Vector()
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
			h.Distance = origin.Distance(h.Point.Vector())
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
