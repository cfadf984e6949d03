package index

import (
	"context"
	"math"
	"slices"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/kdtree"
)

// compiled is a query against one generation.
type compiled struct {
	*Query
	g      *Generation
	mask   data.Mask
	groups []group
	open   []data.State // of each schedule at the instant asked for, as far as computed
	done   []bool       // which of them are
}

// group is codes of which one must be carried.
type group struct {
	requirement Requirement
	codes       []uint32 // sorted
}

func compile(q *Query, g *Generation) *compiled {
	c := &compiled{Query: q, g: g, mask: q.viewer()}
	for _, codes := range q.Codes {
		c.groups = append(c.groups, g.group(RequireCode, codes))
	}
	if len(q.Departements) > 0 {
		codes := make([]data.Code, len(q.Departements))
		for i, d := range q.Departements {
			codes[i] = departementCode(d)
		}
		c.groups = append(c.groups, g.group(RequireDepartement, codes))
	}
	if q.Open != OpenAny {
		c.open = make([]data.State, len(g.schedules))
		c.done = make([]bool, len(g.schedules))
	}
	return c
}

// group numbers codes; one that the directory does not hold is left out, and
// a group of none of them matches nothing.
func (g *Generation) group(r Requirement, codes []data.Code) group {
	grp := group{requirement: r}
	for _, code := range codes {
		if number, ok := g.dictionary[code]; ok {
			grp.codes = append(grp.codes, number)
		}
	}
	slices.Sort(grp.codes)
	return grp
}

// fails returns the requirements that an entry does not meet, position and
// distance aside; just the first one found unless all are asked for.
func (c *compiled) fails(number uint32, all bool) Requirement {
	var failed Requirement
	e := &c.g.entries[number]
	row := &c.g.offers[e.offer]
	for i := range c.groups {
		if !c.carries(row.codes, &c.groups[i]) && !c.carries(e.codes, &c.groups[i]) {
			failed |= c.groups[i].requirement
			if !all {
				return failed
			}
		}
	}
	if c.Age != nil && row.ages.Receives(*c.Age) == data.No {
		failed |= RequireAge
		if !all {
			return failed
		}
	}
	if c.Open != OpenAny && !c.suits(c.openState(e.schedule)) {
		failed |= RequireOpen
	}
	return failed
}

// carries reports whether one of the codes is among those of a range that the
// viewer may see.
func (c *compiled) carries(s span, grp *group) bool {
	for _, ref := range c.g.codes[s.from:s.to] {
		if c.mask.Sees(ref.class()) && slices.Contains(grp.codes, ref.code()) {
			return true
		}
	}
	return false
}

func (c *compiled) suits(open data.State) bool {
	return open == data.Yes || c.Open == OpenPossible && open == data.Unknown
}

// openState evaluates a schedule once a question.
func (c *compiled) openState(number uint32) data.State {
	if !c.done[number] {
		s := &c.g.schedules[number]
		c.open[number], c.done[number] = s.hours.At(c.At, s.territory), true
	}
	return c.open[number]
}

// postings returns the postings in which everything that suits is, the
// smallest found: those of one group of codes, or those of everything. Only
// postings of classes that the viewer sees are among them.
func (c *compiled) postings() []*posting {
	best, size := c.visible([]uint32{c.g.dictionary[everything]})
	for i := range c.groups {
		if list, n := c.visible(c.groups[i].codes); n < size {
			best, size = list, n
		}
	}
	return best
}

func (c *compiled) visible(codes []uint32) (list []*posting, size int) {
	for _, code := range codes {
		for class := range data.Classes {
			if !c.mask.Sees(class) {
				continue
			}
			if p := c.g.postings[newCodeRef(code, class)]; p != nil {
				list = append(list, p)
				size += p.size()
			}
		}
	}
	return list, size
}

// Search is a question being answered, ring by ring. It is not safe for
// concurrent use.
type Search struct {
	view     *View // must be open as long as the search goes on
	c        *compiled
	origin   geo.Vector
	postings []*posting

	after   hit             // the last hit given
	started bool            // whether there is one
	given   map[uint32]bool // offers with several places that were given
	last    bool
}

func newSearch(q *Query, v *View) *Search {
	c := compile(q, v.pinned())
	return &Search{view: v, c: c, origin: q.Near.Vector(), postings: c.postings()}
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
	k := nearest{s: s, limit: max(n, 1), hits: make([]hit, 0, max(n, 1)+1)}
	k.setBound()
	for _, p := range s.postings {
		kdtree.Walk(p.placed, &s.origin, &k)
	}
	ring := Ring{Hits: make([]Hit, len(k.hits)), Horizon: geo.Meters(math.Inf(1)), Last: len(k.hits) < k.limit}
	for i, h := range k.hits {
		ring.Hits[i] = s.hit(h)
		s.after, s.started = h, true
		if s.hasSeveralPlaces(h.entry) {
			if s.given == nil {
				s.given = make(map[uint32]bool)
			}
			s.given[h.offer] = true
		}
	}
	if s.last = ring.Last; !s.last {
		ring.Horizon = s.after.distance
	}
	return ring, nil
}

func (s *Search) hasSeveralPlaces(entry uint32) bool {
	entries := s.c.g.offers[s.c.g.entries[entry].offer].entries
	return entries.to-entries.from > 1
}

func (s *Search) hit(h hit) Hit {
	g := s.c.g
	e := &g.entries[h.entry]
	out := Hit{ID: g.ids[h.offer], Place: int(e.place), Point: e.point, Distance: h.distance, offer: h.offer}
	if s.c.Age != nil {
		out.Age = g.offers[h.offer].ages.Receives(*s.c.Age)
	}
	return out
}

// hit is an entry found. Offers are numbered in the order of their ids.
type hit struct {
	distance geo.Meters
	offer    uint32
	entry    uint32
}

// before orders hits by distance, then id; of one offer at two equally far
// places, the first place comes first.
func (h hit) before(other hit) bool {
	switch {
	case h.distance != other.distance:
		return h.distance < other.distance
	case h.offer != other.offer:
		return h.offer < other.offer
	}
	return h.entry < other.entry
}

// nearest keeps the first hits that come after what was given.
type nearest struct {
	s     *Search
	limit int
	hits  []hit // in order, at most limit
	far   float64
}

// Bound follows from setBound.
func (k *nearest) Bound() float64 { return k.far }

// setBound follows from the worst hit that would still be kept.
func (k *nearest) setBound() {
	switch {
	case len(k.hits) == k.limit:
		k.far = geo.ChordBound(k.hits[k.limit-1].distance)
	case k.s.c.Within > 0:
		k.far = geo.ChordBound(k.s.c.Within)
	default:
		k.far = math.Inf(1)
	}
}

// Visit keeps an entry that suits and comes after what was given.
func (k *nearest) Visit(number uint32, point *geo.Vector) {
	s := k.s
	h := hit{s.origin.Distance(*point), s.c.g.entries[number].offer, number}
	switch {
	case s.c.Within > 0 && h.distance > s.c.Within:
		return
	case s.started && !s.after.before(h):
		return // given already
	case len(k.hits) == k.limit && !h.before(k.hits[k.limit-1]):
		return
	case s.given[h.offer]:
		return // given at a nearer place
	case s.c.fails(number, false) != 0:
		return
	}
	k.insert(h)
}

// insert keeps one hit of an offer, its nearest.
func (k *nearest) insert(h hit) {
	if k.s.hasSeveralPlaces(h.entry) {
		if i := slices.IndexFunc(k.hits, func(o hit) bool { return o.offer == h.offer }); i >= 0 {
			if !h.before(k.hits[i]) {
				return
			}
			k.hits = slices.Delete(k.hits, i, i+1)
		}
	}
	i, found := slices.BinarySearchFunc(k.hits, h, func(a, b hit) int {
		switch {
		case a.before(b):
			return -1
		case b.before(a):
			return 1
		}
		return 0
	})
	if found {
		return // met before in another posting
	}
	k.hits = slices.Insert(k.hits, i, h)
	k.hits = k.hits[:min(len(k.hits), k.limit)]
	k.setBound()
}

// count returns how many offers suit.
func (c *compiled) count() int {
	counted := make([]uint64, (len(c.g.offers)+63)/64)
	n := 0
	origin := c.Near.Vector()
	add := func(number uint32) {
		offer := c.g.entries[number].offer
		if counted[offer/64]>>(offer%64)&1 == 1 || c.fails(number, false) != 0 {
			return
		}
		counted[offer/64] |= 1 << (offer % 64)
		n++
	}
	for _, p := range c.postings() {
		for i, number := range p.placed.Entries {
			if c.Within == 0 || origin.Distance(p.placed.Points[i]) <= c.Within {
				add(number)
			}
		}
		if c.Within == 0 {
			for _, number := range p.unplaced {
				add(number)
			}
		}
	}
	return n
}

// check returns what an offer fails at the place where it fails least, the
// nearest of those.
func (c *compiled) check(offer uint32) (Hit, Requirement) {
	origin := c.Near.Vector()
	var best Hit
	var least Requirement
	row := c.g.offers[offer]
	for number := row.entries.from; number < row.entries.to; number++ {
		e := &c.g.entries[number]
		h := Hit{ID: c.g.ids[offer], Place: int(e.place), Point: e.point, Distance: geo.Meters(math.Inf(1)), offer: offer}
		failed := c.fails(number, true)
		if !e.placed {
			failed |= RequirePosition
		} else {
			h.Distance = origin.Distance(c.g.points[number])
			if c.Within > 0 && h.Distance > c.Within {
				failed |= RequireWithin
			}
		}
		if number == row.entries.from || failed.count() < least.count() || failed.count() == least.count() && h.Distance < best.Distance {
			best, least = h, failed
		}
	}
	if c.Age != nil {
		best.Age = row.ages.Receives(*c.Age)
	}
	return best, least
}
