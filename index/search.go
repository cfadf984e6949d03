package index

import (
	"context"
	"math"
	"slices"
	"sort"
	"time"

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

	after   candidate       // the last hit given
	started bool            // whether there is one
	given   map[uint32]bool // offers with several places that were given
	last    bool

	reader *Reader // of what costs too much, and is left out; nil is nothing
	most   time.Duration
}

func newSearch(q Query, v *View) *Search {
	s := &Search{view: v, origin: q.Near.Vector()}
	s.c.compile(q, v.pinned())
	s.c.plan(&s.plan)
	s.at = kdtree.At(s.origin)
	s.last = q.Near.Validate() != nil // nothing is near to nowhere
	return s
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
	ids := g.ids.texts(k.hits)
	for i := range k.hits {
		c := &k.hits[i]
		if i > 0 && g.points[c.entry] == g.points[k.hits[i-1].entry] {
			c.distance = k.hits[i-1].distance // half of all offers share a site
		}
		k.measure(c)
		ring.Hits[i] = Hit{
			ID: ids.next(), Place: int(g.places[c.entry]), Point: g.points[c.entry].point(),
			Distance: c.distance, Age: s.c.age(c.entry), offer: c.offer,
		}
		if g.offers[c.entry]&hasSeveral != 0 {
			if s.given == nil {
				s.given = make(map[uint32]bool)
			}
			s.given[c.offer] = true
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
	offer    uint32     // offers are numbered in the order of their ids
	entry    uint32
}

const unmeasured geo.Meters = -1

// nearest keeps the first hits that come after what was given.
type nearest struct {
	matcher
	search *Search
	limit  int
	hits   []candidate // in order, at most limit
	walk   kdtree.Walk

	sure int64 // up to this key an entry is within the radius for certain
	box  *kdtree.Box
}

// start prepares for one ring.
func (k *nearest) start(s *Search, scratch *scratch, limit int) {
	k.matcher = matcher{compiled: &s.c, s: s.c.g.snapshot, scratch: scratch, kindsSuit: s.plan.kindsSuit, wordsSuit: s.plan.wordsSuit}
	k.search, k.limit, k.hits, k.box = s, limit, k.hits[:0], s.plan.box
	k.walk.Origin, k.walk.Bound = s.at, kdtree.Farthest
	k.sure = kdtree.Farthest
	if s.c.Within > 0 {
		k.walk.Bound = kdtree.Reach(s.c.Within)
		k.sure = kdtree.Surely(s.c.Within)
	}
}

// find goes through what the plan says.
func (k *nearest) find() {
	p := &k.search.plan
	for _, e := range p.entries {
		if key := k.s.all.Items[e].Point.Key(&k.walk.Origin); key <= k.walk.Bound {
			k.consider(e, key)
		}
	}
	for _, t := range p.trees {
		if k.box != nil {
			k.walk.TreeBut(t, k)
		} else {
			k.walk.Tree(t, k)
		}
	}
}

// Skip leaves out what does not meet the box of what suits.
func (k *nearest) Skip(_, child int, n *kdtree.Node) bool { return !n.Meets(child, k.box) }

// Leaf considers what is within the bound.
func (k *nearest) Leaf(items []kdtree.Item) {
	for i := range items {
		item := &items[i]
		if key := item.Point.Key(&k.walk.Origin); key <= k.walk.Bound {
			k.consider(item.Entry, key)
		}
	}
}

// consider keeps an entry that suits and comes after what was given.
func (k *nearest) consider(entry uint32, key int64) {
	if !k.suits(entry) || k.search.reader != nil && k.search.tooDear(entry) {
		return
	}
	c := candidate{kdtree.Chord(key), unmeasured, k.s.offers[entry].number(), entry}
	switch s := k.search; {
	case key > k.sure && k.measure(&c) > s.c.Within:
		return
	case s.started && !k.before(&s.after, &c):
		return // given already
	case s.given[c.offer]:
		return // given at a nearer place
	case len(k.hits) == k.limit && !k.before(&c, &k.hits[k.limit-1]):
		return
	}
	k.insert(c)
}

// measure computes the distance to a candidate, once.
func (k *nearest) measure(c *candidate) geo.Meters {
	if c.distance == unmeasured {
		c.distance = k.search.origin.Distance(k.s.points[c.entry].point().Vector())
	}
	return c.distance
}

// before orders candidates by distance, then id; of one offer at two equally far
// places, the first place comes first. Chords decide where they differ by more
// than their rounding; where they do not, distances are measured, but once for
// those that stand at the same point.
func (k *nearest) before(a, b *candidate) bool {
	switch {
	case a.chord < b.chord-kdtree.Slack:
		return true
	case a.chord > b.chord+kdtree.Slack:
		return false
	}
	if k.s.points[a.entry] != k.s.points[b.entry] {
		if x, y := k.measure(a), k.measure(b); x != y {
			return x < y
		}
	}
	if a.offer != b.offer {
		return a.offer < b.offer
	}
	return k.s.places[a.entry] < k.s.places[b.entry]
}

// longRing is how many hits are gone through one by one rather than halved.
const longRing = 32

// insert keeps one hit of an offer, its nearest.
func (k *nearest) insert(c candidate) {
	if k.s.offers[c.entry]&hasSeveral != 0 {
		if i := slices.IndexFunc(k.hits, func(o candidate) bool { return o.offer == c.offer }); i >= 0 {
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
	if i > 0 && k.hits[i-1].entry == c.entry {
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
	m := matcher{compiled: c, s: g.snapshot, scratch: scratch}
	origin := c.Near.Vector()
	var best Hit
	var least Requirement
	id := g.ids.of(offer)
	for i, e := range g.entriesOf(offer) {
		h := Hit{ID: id, Place: int(g.places[e]), Distance: geo.Meters(math.Inf(1)), Age: c.age(e), offer: offer}
		failed := m.fails(e)
		if int(e) >= g.placed() {
			failed |= RequirePosition
		} else {
			h.Point = g.points[e].point()
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
