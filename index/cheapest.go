package index

import (
	"context"
	"math"
	"sort"
	"time"

	"boussole/geo"
	"boussole/geo/kdtree"
)

// Way is what is known of all ways that begin where a question does.
type Way struct {
	// Floor returns a time that no way over a straight line of that length or more
	// takes less than. A way counts in whole minutes, half of one up.
	Floor func(geo.Meters) time.Duration

	// Longest is how long it may take; 0 is any time.
	Longest time.Duration

	// Comes says that the offer comes: its door is looked at when it leaves.
	Comes bool
}

// Cheapest is a question being answered lot by lot, in the order of the least that
// an offer may cost: the floor of its way, the time until its door may be open, and
// what it lacks of the wishes of a reader, whose costs MUST be no more than they do.
// The least is in whole minutes. It is not safe for concurrent use.
//
// Of an offer with several places the nearest counts that suits, as in a [Search].
type Cheapest struct {
	search Search
	tariff tariff
	way    Way
	late   int32 // minutes since the beginning of the quarter
	after  int32 // the least of the last hit given

	shortest, farthest time.Duration // the floors of nothing and of half of the way round
}

// Lot is hits in the order of (least, distance, id): no offer that is still to come
// costs less than Least, and those that cost just that come after the last hit by
// (distance, id). Last says that there is none.
type Lot struct {
	Hits  []Hit
	Least time.Duration
	Last  bool
}

// AnyCost is a limit that no cost exceeds.
const AnyCost time.Duration = math.MaxInt64

// halfRound is the farthest that two places are apart.
const halfRound geo.Meters = math.Pi * geo.EarthRadius

// Cheapest starts to look for the offers that suit, by the least that they may cost
// at the time of the question.
func (r *Reader) Cheapest(q Query, way Way) *Cheapest {
	c := &Cheapest{tariff: r.tariff(q.At), way: way}
	c.search.start(r.view.as(&q), r.view)
	c.late = int32(q.At.Sub(c.tariff.begins) / time.Minute)
	c.shortest, c.farthest = way.Floor(0), way.Floor(halfRound)
	return c
}

// Next returns the next n hits that may cost no more than so much, fewer where there
// are no more; n is at least 1.
func (c *Cheapest) Next(ctx context.Context, n int, most time.Duration) (Lot, error) {
	s := &c.search
	s.view.pinned()
	if err := ctx.Err(); err != nil {
		return Lot{}, err
	}
	if s.last {
		return Lot{Least: AnyCost, Last: true}, nil
	}
	g := s.c.g
	scratch := g.newScratch()
	defer g.scratches.Put(scratch)
	k := &scratch.cheapest
	k.start(c, scratch, max(n, 1), minutesOf(most))
	k.find()
	return c.lot(k), nil
}

// lot gives what was found.
func (c *Cheapest) lot(k *cheapest) Lot {
	k.nearest.hits = k.nearest.hits[:0]
	for i := range k.hits {
		k.nearest.hits = append(k.nearest.hits, k.hits[i].candidate)
	}
	ring := c.search.ring(k.nearest)
	lot := Lot{Hits: ring.Hits, Least: AnyCost, Last: ring.Last}
	if n := len(k.hits); n > 0 {
		c.after = k.hits[n-1].least
	}
	if !lot.Last {
		lot.Least = time.Duration(c.after) * time.Minute
	}
	return lot
}

// bargain is an entry found, and the least that it may cost, in minutes.
type bargain struct {
	candidate
	least int32
}

// cheapest keeps the first hits that come after what was given.
type cheapest struct {
	*nearest // its hits aside
	of       *Cheapest
	hits     []bargain // in order, at most limit
	most     int32     // what may cost more does not matter
	tie      int64     // nor does, beyond this key, what may cost as much
	tree     *kdtree.Tree
	leasts   *treeLeasts // of the tree; nil where it is small
	block    *leastBlock // of the leaf that was asked for last: it is shown next
	leaf     int

	reached []int64 // by minutes of the way, one more than the key; 0 is not asked yet
}

// farMinutes is how long the way is told apart for: what is farther costs at least as
// much, and no more is said of it, because by then hours may be told.
const farMinutes = 2 * 24 * 60

func (k *cheapest) start(c *Cheapest, scratch *scratch, limit int, most int32) {
	k.nearest = &scratch.walk
	k.nearest.start(&c.search, scratch, limit)
	k.of, k.hits, k.most, k.tie = c, k.hits[:0], most, kdtree.Farthest
	clear(k.reached)
	k.reached = k.reached[:0]
	if c.way.Longest > 0 {
		k.walk.Bound = min(k.walk.Bound, reachOf(c.beyond(c.way.Longest+1)))
	}
	k.walk.Bound = min(k.walk.Bound, k.reach(most))
}

// find goes through what the plan says.
func (k *cheapest) find() {
	p := &k.search.plan
	if p.byWords {
		k.wordsSuit = true
	}
	for _, e := range p.entries {
		item := &k.s.all.Items[e]
		if key := item.Point.Key(&k.walk.Origin); key <= k.walk.Bound {
			k.consider(item, key, k.of.tariff.of(e))
		}
	}
	for _, t := range p.trees {
		k.tree, k.leasts = t, k.of.tariff.leastsOf(t)
		k.walk.TreeLess(t, k)
	}
}

// beyond returns a distance from which on the floor is at least a time: infinite
// where there is none. Most floors are a straight line, where the first guess is
// right; it is right to a metre of others.
func (c *Cheapest) beyond(least time.Duration) geo.Meters {
	switch {
	case c.shortest >= least:
		return -1
	case !(c.farthest >= least):
		return geo.Meters(math.Inf(1))
	}
	low, high := geo.Meters(0), halfRound
	guess := halfRound*geo.Meters(float64(least-c.shortest)/float64(c.farthest-c.shortest)) + 0.5
	for high-low > 1 {
		if !(guess > low && guess < high) {
			guess = (low + high) / 2
		}
		if c.way.Floor(guess) >= least {
			high, guess = guess, guess-1
		} else {
			low, guess = guess, 0
		}
	}
	return high
}

// reachOf returns a key beyond which all is farther than d; a negative one is all.
func reachOf(d geo.Meters) int64 {
	switch {
	case d < 0:
		return -1
	case math.IsInf(float64(d), 1):
		return kdtree.Farthest
	}
	return kdtree.Reach(d)
}

// reach returns a key beyond which every way counts more than so many minutes.
func (k *cheapest) reach(minutes int32) int64 {
	switch {
	case minutes < 0:
		return -1
	case minutes >= farMinutes:
		return kdtree.Farthest
	}
	for int(minutes) >= len(k.reached) {
		k.reached = append(k.reached, 0)
	}
	if known := k.reached[minutes]; known != 0 {
		return known - 1
	}
	key := reachOf(k.of.beyond(time.Duration(minutes)*time.Minute + time.Minute/2))
	key = min(key, kdtree.Farthest-1)
	k.reached[minutes] = key + 1
	return key
}

// floor returns the minutes that a way counts at least: the fewest whose reach is no
// less.
func (k *cheapest) floor(key int64) int32 {
	chord := geo.Meters(kdtree.Chord(key) * kdtree.Step) // the way is hardly longer
	minutes := min(int32((k.of.way.Floor(chord)+time.Minute/2)/time.Minute), farMinutes)
	for key > k.reach(minutes) {
		minutes++
	}
	for minutes > 0 && key <= k.reach(minutes-1) {
		minutes--
	}
	return minutes
}

// Skip leaves out what may cost too much, and what does not carry the words.
func (k *cheapest) Skip(level, child int, key int64) bool {
	if k.search.plan.byWords && (wordWalk{k.nearest}).Skip(level, child, key) {
		return true
	}
	if k.leasts == nil || level > 1 {
		return false
	}
	b := k.of.tariff.block(k.leasts, k.tree, child>>(8-4*level))
	if level == 0 {
		k.block, k.leaf = b, child
		return k.allTooMuch(&b.leaves[child%len(b.leaves)], key)
	}
	return k.allTooMuch(&b.runs[child%len(b.runs)], key)
}

// tooMuch reports whether what costs so much at least, and is no nearer than a key,
// comes after all that is kept.
func (k *cheapest) tooMuch(l least, key int64) bool {
	if k.most >= farMinutes {
		return false
	}
	beside, shut := k.from(l)
	if shut > k.most || key > k.reach(k.most-beside) {
		return true
	}
	return key > k.tie && (shut >= k.most || key > k.reach(k.most-1-beside))
}

// allTooMuch reports that of all of some entries.
func (k *cheapest) allTooMuch(l *lowest, key int64) bool {
	return k.tooMuch(least{beside: l.open}, key) && k.tooMuch(l.shut, key)
}

// from returns, of the time of the question, what is least beside the way, and with
// the wait at the door instead of the way.
func (k *cheapest) from(l least) (beside, shut int32) {
	beside, shut = int32(l.beside), int32(l.shut)-k.of.late
	if k.of.way.Comes {
		beside = max(beside, shut)
	}
	return beside, shut
}

// least returns the minutes that what has a key may cost.
func (k *cheapest) least(l least, key int64) int32 {
	way := k.floor(key)
	if way == farMinutes {
		return way
	}
	beside, shut := k.from(l)
	return max(way+beside, shut)
}

// Leaf considers what is within the bound.
func (k *cheapest) Leaf(items []kdtree.Item) {
	var leasts []least
	if k.leasts != nil {
		leasts = k.block.items[k.leaf%len(k.block.leaves)*kdtree.FanOut:]
	}
	for i := range items {
		item := &items[i]
		key := item.Point.Key(&k.walk.Origin)
		if key > k.walk.Bound {
			continue
		}
		if leasts == nil {
			k.consider(item, key, k.of.tariff.of(ref(item.Entry).number()))
		} else if l := leasts[i]; int32(l.beside) <= k.most {
			k.consider(item, key, l)
		}
	}
}

// consider keeps an entry that suits and comes after what was given.
func (k *cheapest) consider(item *kdtree.Item, key int64, l least) {
	if k.tooMuch(l, key) {
		return
	}
	r := ref(item.Entry)
	if !k.suits(r) || k.search.plan.byWords && !k.hasWords(r.number()) {
		return
	}
	c := bargain{candidate{kdtree.Chord(key), unmeasured, r, item.Point}, k.least(l, key)}
	switch s := k.search; {
	case key > k.sure && k.measure(&c.candidate) > s.c.Within:
		return
	case s.started && !k.isAfter(&c):
		return // given already
	case len(k.hits) == k.limit && !k.cheaper(&c, &k.hits[k.limit-1]):
		return
	case r&hasSeveral != 0 && !k.isNearest(&c.candidate):
		return
	}
	k.insert(c)
}

// isAfter reports whether a candidate comes after all that was given.
func (k *cheapest) isAfter(c *bargain) bool {
	if c.least != k.of.after {
		return c.least > k.of.after
	}
	return k.before(&k.search.after, &c.candidate)
}

// cheaper orders candidates by what they may cost, then as [nearest.before] does.
func (k *cheapest) cheaper(a, b *bargain) bool {
	if a.least != b.least {
		return a.least < b.least
	}
	return k.before(&a.candidate, &b.candidate)
}

// isNearest reports whether no other place of the offer that suits comes before.
func (k *cheapest) isNearest(c *candidate) bool {
	all := k.matcher // of what no plan has chosen
	all.kindsSuit, all.wordsSuit, all.plain = false, false, false
	for _, e := range k.s.entriesOf(k.offer(c)) {
		if e == c.entry() || int(e) >= k.s.placed() || !all.suits(k.s.refTo(e)) {
			continue
		}
		point := k.s.all.Items[e].Point
		other := candidate{kdtree.Chord(point.Key(&k.walk.Origin)), unmeasured, k.s.refTo(e), point}
		if k.before(&other, c) {
			return false
		}
	}
	return true
}

func (k *cheapest) insert(c bargain) {
	i := len(k.hits)
	if i > longRing {
		i = sort.Search(len(k.hits), func(i int) bool { return k.cheaper(&c, &k.hits[i]) })
	}
	for i > 0 && k.cheaper(&c, &k.hits[i-1]) {
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
		last := &k.hits[k.limit-1]
		k.most, k.tie = last.least, kdtree.KeyOf(last.chord+kdtree.Slack)
		k.walk.Bound = min(k.walk.Bound, k.reach(k.most))
	}
}
