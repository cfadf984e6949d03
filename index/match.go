package index

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync"

	"boussole/data"
	"boussole/geo/kdtree"
)

// compiled is a query against one generation. It is made in place, by
// [compiled.compile], and not copied: it points into itself, so that a question
// takes one piece of memory.
type compiled struct {
	Query
	g      *Generation
	mask   data.Mask
	groups []group
	areas  *areaFilter // nil when it does not matter where
	equips []equip
	words  []wordSet
	live   *liveRoot

	// ofKind: something is asked of kinds, beside that their offers exist.
	ofKind bool

	// bedsFree: a bed must be known to be available; bedsTold: and nothing else is asked
	// of it, by who sees every bed, so that what is told of entries says it all.
	bedsFree, bedsTold bool

	started   bool // the first group has its refs in fewRefs
	fewGroups [3]group
	fewRefs   [8]uint32
	fewTrees  [4]*kdtree.Tree
}

// group is refs of which one must be carried: codes with the classes that the
// viewer sees.
type group struct {
	requirement Requirement
	refs        []uint32 // sorted
}

// equip is an equipment that is asked for.
type equip struct {
	group
	feature uint32
	atLeast float64
}

func compile(q *Query, g *Generation) *compiled {
	c := new(compiled)
	c.compile(q, g)
	return c
}

func (c *compiled) compile(q *Query, g *Generation) {
	c.Query, c.g, c.mask, c.live = *q, g, q.viewer(), q.live
	if c.live == nil {
		c.live = g.live
	}
	c.groups = c.fewGroups[:0]
	for _, codes := range q.Codes {
		c.groups = append(c.groups, c.group(RequireCode, codes...))
	}
	if q.Travels != "" {
		c.groups = append(c.groups, c.group(RequireTravels, zonesOver(q.Travels)...))
	}
	for i := range q.Equipment {
		c.equips = append(c.equips, c.equip(&q.Equipment[i]))
	}
	if len(q.Departements) > 0 || len(q.Communes) > 0 {
		c.areas = g.areaFilter(&c.Query)
	}
	if len(q.Words) > 0 {
		c.words = c.meanings()
	}
	c.bedsFree = q.Beds.Rule == RuleYes && cmp.Or(q.Beds.Status, data.Available) == data.Available
	c.bedsTold = c.bedsFree && q.Beds.AtLeast <= 1 && q.Beds.forAnyone() && seesEverything(c.mask)
	c.ofKind = len(c.groups) > 0 || len(c.equips) > 0 || q.Age != nil || q.Quality > 0
}

// group finds the refs of codes that the viewer sees. One that the directory
// does not hold, for them, has none, and a group of none matches nothing.
func (c *compiled) group(r Requirement, codes ...data.Code) group {
	grp := group{requirement: r}
	if !c.started {
		grp.refs, c.started = c.fewRefs[:0], true
	}
	s := c.g.snapshot
	for _, code := range codes {
		number, ok := s.codes[code]
		if !ok {
			continue
		}
		refs := s.refsOfCode(number)
		for ref := refs.from; ref < refs.to; ref++ {
			if c.mask.Sees(data.Class(s.refs[ref].class)) {
				grp.refs = append(grp.refs, ref)
			}
		}
	}
	if len(codes) > 1 {
		slices.Sort(grp.refs)
		grp.refs = slices.Compact(grp.refs)
	}
	return grp
}

func (c *compiled) equip(e *Equipment) equip {
	asked := equip{group: c.group(RequireEquipment, e.Type), feature: noFeature, atLeast: e.AtLeast}
	if e.Feature == "" {
		asked.atLeast = math.Inf(-1)
		return asked
	}
	feature, ok := c.g.snapshot.codes[e.Feature]
	if !ok {
		asked.refs = nil // nothing has such a limit
	}
	asked.feature = feature
	return asked
}

// sees reports whether the offer of an entry exists for the viewer.
func (c *compiled) sees(entry uint32) bool { return c.g.existsAt(entry, c.mask) }

// existsAt reports whether the offer of an entry exists, for who sees these classes.
func (s *snapshot) existsAt(entry uint32, mask data.Mask) bool {
	return s.rows[entry].offer&notForAll == 0 || mask.Sees(s.kindRows[s.kinds[entry]].class)
}

// kindFails returns the requirements that a kind does not meet, just the first
// found unless all are asked for.
func (c *compiled) kindFails(number uint32, all bool) Requirement {
	s := c.g.snapshot
	k := &s.kindRows[number]
	refs := s.kindRefs[k.refs.from:k.refs.to]
	var failed Requirement
	for i := range c.groups {
		if !share(refs, c.groups[i].refs) {
			failed |= c.groups[i].requirement
			if !all {
				return failed
			}
		}
	}
	if c.Age != nil && k.ages.Receives(*c.Age) == data.No {
		failed |= RequireAge
	}
	if k.quality < c.Quality {
		failed |= RequireQuality
	}
	for i := range c.equips {
		if !c.equips[i].metBy(s.limits[k.limits.from:k.limits.to]) {
			failed |= RequireEquipment
		}
	}
	return failed
}

// share reports whether two sorted lists, the second a short one, have something
// in common.
func share(refs, few []uint32) bool {
	for _, ref := range few {
		for _, carried := range refs {
			if carried == ref {
				return true
			}
		}
	}
	return false
}

func (e *equip) metBy(limits []limitRow) bool {
	for i := range limits {
		l := &limits[i]
		if l.feature == e.feature && l.atLeast >= e.atLeast && slices.Contains(e.refs, l.ref) {
			return true
		}
	}
	return false
}

// scratch is what one question at a time needs, and what is used again by the
// next: a verdict for each kind and each schedule that was met.
type scratch struct {
	question  uint32
	kinds     []verdict
	schedules []verdict
	moments   []moment // of each clock
	compiled  compiled
	entries   []uint32
	search    Search
	walk      nearest
	cheapest  cheapest
	cells     cellWalk
}

// verdict is what was found of a kind or a schedule, when it was asked last.
type verdict struct {
	question uint32
	failed   Requirement // of a kind
	open     data.State  // of a schedule
}

// moment is the instant of a question by some clock, when it was asked last.
type moment struct {
	question uint32
	at       data.Moment
}

func (g *Generation) newScratch() *scratch {
	s := g.scratches.Get().(*scratch)
	if s.question++; s.question == 0 { // four thousand million questions later
		clear(s.kinds)
		clear(s.schedules)
		clear(s.moments)
		s.question = 1
	}
	return s
}

// done gives a scratch back, without what it holds of the question: it may lie idle for
// long, and pages that are known no more, or a caller's search, with it.
func (s *scratch) done(g *Generation) {
	if s.search.view != nil {
		s.search = Search{}
	}
	if s.compiled.g != nil {
		s.compiled = compiled{}
	}
	s.walk.matcher, s.walk.search, s.walk.walk.Box = matcher{}, nil, nil
	s.cells.matcher = matcher{}
	g.scratches.Put(s)
}

func scratchPool(s *snapshot, clocks int) *sync.Pool {
	return &sync.Pool{New: func() any {
		return &scratch{
			kinds: make([]verdict, len(s.kindRows)), schedules: make([]verdict, len(s.scheduleList)),
			moments: make([]moment, clocks),
		}
	}}
}

// matcher holds entries against a question, with what it needs to remember.
type matcher struct {
	*compiled
	s         *snapshot
	scratch   *scratch
	kindsSuit bool // what is shown is of kinds that suit, or nothing is asked of them
	wordsSuit bool // what is shown carries the words, or none are asked for

	plain bool // of what is shown, all that exists suits
}

// newMatcher returns a matcher for what a plan shows.
func newMatcher(c *compiled, scratch *scratch, p *plan) matcher {
	m := matcher{compiled: c, s: c.g.snapshot, scratch: scratch, kindsSuit: p.kindsSuit, wordsSuit: p.wordsSuit}
	m.plain = m.kindsSuit && (m.wordsSuit || len(c.words) == 0) && c.areas == nil && c.Open == RuleAny && c.Beds.Rule == RuleAny
	return m
}

func (m *matcher) kind(number uint32) Requirement {
	v := &m.scratch.kinds[number]
	if v.question != m.scratch.question {
		v.question, v.failed = m.scratch.question, m.kindFails(number, false)
	}
	return v.failed
}

// suits reports whether an entry meets every requirement, position and distance
// aside.
func (m *matcher) suits(r ref) bool {
	return m.exists(r) && (m.plain || m.meets(r.number()))
}

// exists reports whether the offer of an entry does, for the viewer.
func (m *matcher) exists(r ref) bool { return r&notForAll == 0 || m.sees(r.number()) }

// meets reports whether an entry meets what is asked beside that it exists.
func (m *matcher) meets(entry uint32) bool {
	return m.mayBeFree(entry) && (m.kindsSuit || m.kind(m.s.kinds[entry]) == 0) && m.meetsRest(entry)
}

// mayBeFree reports whether an entry has a free bed, as far as one is asked for.
func (m *matcher) mayBeFree(entry uint32) bool { return !m.bedsFree || m.live.mayBeFree(entry) }

// meetsRest reports whether an entry whose kind suits, and that has a free bed, meets
// what else is asked.
func (m *matcher) meetsRest(entry uint32) bool {
	return (m.areas == nil || m.areas.has(m.g, m.s.areas[entry])) &&
		(m.Open == RuleAny || m.Open.suits(m.open(entry))) &&
		(m.Beds.Rule == RuleAny || m.bedsTold || m.Beds.Rule.suits(m.beds(entry))) &&
		(m.wordsSuit || len(m.words) == 0 || m.hasWords(entry))
}

// sift keeps of some items of a leaf, a bit each, those that exist, may have a free
// bed and are of a kind that suits. It reads what it needs of all of them before it
// decides on any: what is told of entries lies far apart, and memory brings much at a
// time to who does not wait for each.
func (m *matcher) sift(items []kdtree.Item, left uint32) uint32 {
	if m.bedsFree {
		free, told := uint32(0), m.live.told
		for i := range items { // no branch in it depends on what is told
			e := ref(items[i].Entry).number()
			free |= uint32(told[e/pageSize].free[e%pageSize/64]>>(e%64)) & 1 << (i & 31)
		}
		left &= free
	}
	var kinds [kdtree.FanOut]uint32
	if !m.kindsSuit {
		for rest := left; rest != 0; rest &= rest - 1 {
			i := bits.TrailingZeros32(rest) % kdtree.FanOut
			kinds[i] = m.s.kinds[ref(items[i].Entry).number()]
		}
	}
	for rest := left; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros32(rest) % kdtree.FanOut
		if !m.exists(ref(items[i].Entry)) || !m.kindsSuit && m.kind(kinds[i]) != 0 {
			left &^= 1 << i
		}
	}
	return left
}

// fails returns every requirement that an entry does not meet, position and
// distance aside.
func (m *matcher) fails(entry uint32) Requirement {
	failed := m.kindFails(m.s.kinds[entry], true)
	if m.areas != nil {
		failed |= m.areas.fails(m.g, m.s.areas[entry])
	}
	if m.Open != RuleAny && !m.Open.suits(m.open(entry)) {
		failed |= RequireOpen
	}
	if m.Beds.Rule != RuleAny && !m.Beds.Rule.suits(m.beds(entry)) {
		failed |= RequireBeds
	}
	if len(m.words) > 0 && !m.hasWords(entry) {
		failed |= RequireWords
	}
	return failed
}

// open evaluates a schedule once a question.
func (m *matcher) open(entry uint32) data.State {
	number := m.live.scheduleOf(entry, m.s.schedules[entry])
	v := &m.scratch.schedules[number]
	if v.question != m.scratch.question {
		schedule := &m.s.scheduleList[number]
		v.question, v.open = m.scratch.question, schedule.hours.AtMoment(m.moment(schedule.clock))
	}
	return v.open
}

// moment reads a clock once a question.
func (m *matcher) moment(clock int) *data.Moment {
	now := &m.scratch.moments[clock]
	if now.question != m.scratch.question {
		now.question, now.at = m.scratch.question, data.MomentOf(m.At, m.g.clocks[clock])
	}
	return &now.at
}

func (m *matcher) beds(entry uint32) data.State {
	return m.Beds.has(m.live.bedsOf(entry), m.mask)
}

// areaFilter is where places must be, in the numbers of territories.
type areaFilter struct {
	departements, communes []uint32
	byDepartement          bool // one of them is asked for, known here or not
	byCommune              bool
	suit                   []uint32 // the areas that do
}

func (g *Generation) areaFilter(q *Query) *areaFilter {
	f := &areaFilter{byDepartement: len(q.Departements) > 0, byCommune: len(q.Communes) > 0}
	f.departements = g.departements.numbers(q.Departements)
	f.communes = g.communes.numbers(q.Communes)
	territories, numbers := &g.departements, f.departements
	if f.byCommune {
		territories, numbers = &g.communes, f.communes
	}
	for _, n := range numbers {
		for _, area := range territories.areas[n] {
			if f.has(g, area) {
				f.suit = append(f.suit, area)
			}
		}
	}
	return f
}

func (f *areaFilter) fails(g *Generation, area uint32) Requirement {
	var failed Requirement
	if f.byDepartement && !slices.Contains(f.departements, g.departements.of[area]) {
		failed |= RequireDepartement
	}
	if f.byCommune && !slices.Contains(f.communes, g.communes.of[area]) {
		failed |= RequireCommune
	}
	return failed
}

func (f *areaFilter) has(g *Generation, area uint32) bool { return f.fails(g, area) == 0 }

// territories is the départements, or the communes, that areas are in.
type territories struct {
	number map[string]uint32 // from 1: 0 is the one that is not known, and that nobody can ask for
	of     []uint32          // of each area
	areas  [][]uint32        // of each territory
}

func newTerritories(areas []area, name func(*area) string) territories {
	t := territories{number: make(map[string]uint32), areas: make([][]uint32, 1)}
	for i := range areas {
		name, n := name(&areas[i]), uint32(0)
		if name != "" {
			n = t.number[name]
			if n == 0 {
				n = uint32(len(t.areas))
				t.number[name] = n
				t.areas = append(t.areas, nil)
			}
		}
		t.of = append(t.of, n)
		t.areas[n] = append(t.areas[n], uint32(i))
	}
	return t
}

// numbers returns those of names, each once, without those that no place is in.
func (t *territories) numbers(names []string) []uint32 {
	var numbers []uint32
	for _, name := range names {
		if n := t.number[name]; n != 0 && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
