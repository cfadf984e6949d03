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
	// takes less than. A way counts in whole minutes, half of one up. It MUST never
	// fall as the length grows, and be the same function all through the question:
	// what one lot has passed over is not looked at again by the next.
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

// Cheapest starts to look for the offers that suit, by the least that they may cost
// at the time of the question.
func (r *Reader) Cheapest(q Query, way Way) *Cheapest {
	c := &Cheapest{tariff: r.tariff(q.At), way: way}
	c.search.start(r.view.as(&q), r.view)
	c.late = int32(q.At.Sub(c.tariff.begins) / time.Minute)
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
	defer scratch.done(g)
	k := &scratch.cheapest
	k.start(ctx, c, scratch, max(n, 1), minutesOf(most))
	defer k.end()
	k.find()
	if k.stopped {
		return Lot{}, ctx.Err()
	}
	return c.lot(k), nil
}

// lot gives what was found.
func (c *Cheapest) lot(k *cheapest) Lot {
	k.nearest.hits = k.nearest.hits[:0]
	for i := range k.hits {
		k.nearest.hits = append(k.nearest.hits, k.hits[i].candidate)
		k.s.prefetch(k.hits[i].entry())
	}
	ring := c.search.ring(k.nearest)
	c.tariff.prefetch(ring.Hits)
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
	block    *leastBlock // of the leaf that was looked into last: it is shown next
	leaf     int
	weight   int32            // what may be below the box that was asked for last
	floors   [boxFloors]int32 // of ways to boxes, one more than the minutes; 0 is not asked yet

	ctx     context.Context
	stopped bool // it is done: nothing more is looked at
}

// farMinutes is up to what leasts are told apart: what may cost more counts as much,
// because hours that are not told may be by then.
const farMinutes = shutFor

func (k *cheapest) start(ctx context.Context, c *Cheapest, scratch *scratch, limit int, most int32) {
	k.nearest = &scratch.walk
	k.nearest.start(&c.search, scratch, limit)
	k.of, k.hits, k.most, k.tie = c, k.hits[:0], most, kdtree.Farthest
	k.ctx, k.stopped = ctx, false
	clear(k.floors[:])
}

// end lets go of what is not its own: a scratch may lie idle for long.
func (k *cheapest) end() { k.of, k.tree, k.leasts, k.block, k.ctx = nil, nil, nil, nil, nil }

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
		k.walk.TreeBy(t, k)
	}
}

// floor returns the whole minutes that every way counts at least to what has a key,
// and more than any cost where it takes too long. A chord is no longer than the way
// over the ground.
func (k *cheapest) floor(key int64) int32 {
	way := &k.of.way
	takes := way.Floor(geo.Meters(max(kdtree.Chord(key)-kdtree.Slack, 0) * kdtree.Step))
	if way.Longest > 0 && takes > way.Longest {
		return mostMinutes + 1
	}
	return min(int32((takes+time.Minute/2)/time.Minute), farMinutes)
}

// boxFloors is for how many distances the floor is remembered of ways to boxes, which
// may be too low, and 1<<boxSteps how many steps of the grid lie between two of them:
// 390 metres, half a minute of a car.
const (
	boxFloors = 256
	boxSteps  = 15
)

// floorOfBox is as [cheapest.floor], or a little lower.
func (k *cheapest) floorOfBox(key int64) int32 {
	i := int(kdtree.Chord(key)) >> boxSteps
	if i >= boxFloors {
		return k.floor(key)
	}
	if k.floors[i] == 0 {
		k.floors[i] = k.floor(int64(i*i)<<(2*boxSteps)) + 1
	}
	return k.floors[i] - 1
}

// Skip leaves out what may cost too much, and what does not carry the words. Where
// nothing is remembered sixteen blocks may take a millisecond, so before those it
// looks whether anybody still waits.
func (k *cheapest) Skip(level, child int, key int64) bool {
	if level == 1 && !k.stopped {
		k.stopped = k.ctx.Err() != nil
	}
	if k.stopped {
		return true
	}
	if k.search.plan.byWords && (wordWalk{k.nearest}).Skip(level, child, key) {
		return true
	}
	lows := k.lows(level, child)
	if lows == nil {
		k.weight = k.floorOfBox(key)
		return k.tooMuch(k.weight, key)
	}
	if k.dear(lows.open) && k.dear(lows.shut.beside) {
		return true // however near it is
	}
	minutes := k.floorOfBox(key)
	k.weight = min(k.least(least{beside: lows.open}, minutes), k.least(lows.shut, minutes))
	return k.tooMuch(k.weight, key)
}

// lows returns what is below a box at least; nil where only the way is known. A
// block is gone through when one comes to its leaves, and not before.
func (k *cheapest) lows(level, child int) *lowest {
	t, l := &k.of.tariff, k.leasts
	switch {
	case l == nil || level > 2:
		return nil
	case level == 0:
		b := t.block(l, k.tree, child/kdtree.FanOut)
		return &b.leaves[child%kdtree.FanOut]
	case level == 2:
		if f := t.field(l, k.tree, child); f != nil {
			return &f.all
		}
		return nil
	}
	if f := t.field(l, k.tree, child/fieldBlocks); f != nil {
		return &f.blocks[child%fieldBlocks]
	}
	if b := t.known(l, k.tree, child); b != nil {
		return &b.all
	}
	return nil
}

// Late leaves out what costs too much since something cheaper was found.
func (k *cheapest) Late(level, child int, key, weight int64) bool {
	if k.stopped || k.tooMuch(int32(weight>>32), key) {
		return true
	}
	if level == 0 && k.leasts != nil {
		k.block, k.leaf = k.of.tariff.block(k.leasts, k.tree, child/kdtree.FanOut), child
	}
	return false
}

// dear reports whether so much beside the way is too much.
func (k *cheapest) dear(beside uint16) bool { return min(int32(beside), farMinutes) > k.most }

// Weigh brings what may cost least to the front, and of that the nearest.
func (k *cheapest) Weigh(key int64) int64 {
	return int64(k.weight)<<32 + int64(kdtree.Chord(key))
}

// tooMuch reports whether what may cost so little, and is no nearer than a key, comes
// after all that is kept.
func (k *cheapest) tooMuch(minutes int32, key int64) bool {
	return minutes > k.most || minutes == k.most && key > k.tie
}

// least returns the minutes that it may cost to be cared for after a way.
func (k *cheapest) least(l least, way int32) int32 {
	if way > mostMinutes {
		return way
	}
	beside, shut := k.from(l)
	return min(max(way+beside, shut), farMinutes)
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

// Leaf considers what is within the bound.
func (k *cheapest) Leaf(items []kdtree.Item) {
	var leasts []least
	if k.leasts != nil {
		leasts = k.block.items[k.leaf%kdtree.FanOut*kdtree.FanOut:]
	}
	for i := range items {
		item := &items[i]
		if leasts != nil && k.least(leasts[i], 0) > k.most {
			continue // however near it is
		}
		key := item.Point.Key(&k.walk.Origin)
		switch {
		case key > k.walk.Bound:
		case leasts == nil:
			k.consider(item, key, k.of.tariff.of(ref(item.Entry).number()))
		default:
			k.consider(item, key, leasts[i])
		}
	}
}

// consider keeps an entry that suits and comes after what was given.
func (k *cheapest) consider(item *kdtree.Item, key int64, l least) {
	if k.tooMuch(k.least(l, k.floorOfBox(key)), key) {
		return
	}
	minutes := k.least(l, k.floor(key))
	if k.tooMuch(minutes, key) {
		return
	}
	r := ref(item.Entry)
	if !k.suits(r) || k.search.plan.byWords && !k.hasWords(r.number()) {
		return
	}
	c := bargain{newCandidate(item, key), minutes}
	switch s := k.search; {
	case key > k.sure && k.distance(&c.candidate) > s.c.Within:
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
		item := &k.s.all.Items[e]
		other := newCandidate(&kdtree.Item{Point: item.Point, Entry: uint32(k.s.refTo(e))}, item.Point.Key(&k.walk.Origin))
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
		k.most, k.tie = last.least, last.key+kdtree.Gap(last.key)
	}
}
