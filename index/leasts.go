package index

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"boussole/data"
	"boussole/geo/kdtree"
	"boussole/index/memory"
)

// leasts remembers what things cost at least beside the way, in minutes, for the
// same wishes under the same rights, and which doors are closed, by the quarter of
// an hour: questions repeat both. It is of one generation. The zero leasts is empty
// and ready.
type leasts struct {
	tastes memory.Memory[tasteKey, *taste]
	doors  memory.Memory[int64, *doors]
	trees  memory.Memory[treeKey, *treeLeasts]
}

type tasteKey struct {
	hash uint64 // of the text of a taste
	mask data.Mask
}

// treeKey is all that the leasts of a tree depend on beside what is live.
type treeKey struct {
	tree *kdtree.Tree
	*taste
	quarter int64
}

// Memory that is remembered at most, in bytes for each entry of the generation.
const (
	bytesOfDoors  = 1
	bytesOfLeasts = 32
)

// mostTastes is how many are remembered at most, and half as many at least: there are
// some hundred needs, of which a few viewers see more or less. Were one forgotten, all
// that was found by it would have to be found again.
const mostTastes = 512

// taste is what somebody wishes, and what each kind of entries costs at least by it.
type taste struct {
	text  []byte   // all of the wishes that costs depend on
	kinds []uint32 // one more than the minutes; 0 is not asked yet
}

// taste returns what is remembered of the wishes of a reader.
func (r *Reader) taste() *taste {
	g := r.c.g
	var buffer [256]byte
	text := r.appendText(buffer[:0])
	key := tasteKey{maphash.Bytes(tasteSeed, text), r.c.mask}
	size := len(text) + 4*len(g.kindRows)
	most := mostTastes * (size + memory.PerValue)
	if t, ok := g.leasts.tastes.Get(key, most); ok && string(t.text) == string(text) {
		return t
	}
	t := &taste{slices.Clone(text), make([]uint32, len(g.kindRows))}
	g.leasts.tastes.Put(key, t, size, most)
	return t
}

var tasteSeed = maphash.MakeSeed()

// appendText writes down the wishes in numbers of the snapshot.
func (r *Reader) appendText(b []byte) []byte {
	number := func(n uint64) { b = binary.AppendUvarint(b, n) }
	numbers := func(list []uint32) {
		number(uint64(len(list)))
		for _, n := range list {
			number(uint64(n))
		}
	}
	for _, cost := range []time.Duration{
		r.costs.HoursCost, r.costs.BedsCost, r.costs.CommuneCost, r.costs.HoursAge.Fresh, r.costs.HoursAge.Old,
		r.costs.AgesCost, r.costs.NoAgeCost,
	} {
		number(uint64(cost))
	}
	number(uint64(r.costs.Ages.Min))
	number(uint64(r.costs.Ages.Before))
	if r.costs.BedsCost > 0 { // else it does not matter which
		beds := &r.c.Beds
		number(uint64(r.costs.BedsAge.Fresh))
		number(uint64(r.costs.BedsAge.Old))
		number(uint64(beds.AtLeast))
		number(uint64(beds.Status))
		number(uint64(beds.Sex))
	}
	for i := range r.wishes {
		w := &r.wishes[i]
		if w.costs <= 0 {
			continue
		}
		number(uint64(w.costs))
		numbers(w.codes.refs)
		number(uint64(len(w.equips)))
		for e := range w.equips {
			numbers(w.equips[e].refs)
			number(uint64(w.equips[e].feature))
			number(math.Float64bits(w.equips[e].atLeast))
		}
	}
	return b
}

// doors is when each schedule may first be open, from the beginning of a quarter of
// an hour on.
type doors struct {
	begins time.Time
	opens  []uint32 // see door
}

// A door is openDoor and so many minutes, or untoldDoor; 0 is not asked yet.
const (
	untoldDoor = 1
	openDoor   = 2
)

// quarter is how long what is known of doors is used for: what opens and closes
// within it counts as open.
const quarter = 15 * time.Minute

// shutFor is how many minutes what is not known to open is closed at least: so far
// does [data.Hours.MayOpen] look, less the hour that two weeks lack in which clocks
// are put forward.
const shutFor = 14*24*60 - 60

// untoldDays is for how many days hours must not be told to count as unknown: a way
// that ends after them takes longer than farMinutes and what unknown hours cost.
const untoldDays = 16

func (g *Generation) doorsAt(at time.Time) *doors {
	begins := at.Truncate(quarter)
	key, most := begins.Unix(), bytesOfDoors*len(g.kinds)
	d, ok := g.leasts.doors.Get(key, most)
	if !ok {
		d = &doors{begins, make([]uint32, len(g.scheduleList))}
		g.leasts.doors.Put(key, d, 4*len(d.opens), most)
	}
	return d
}

// of returns the door of a schedule.
func (d *doors) of(g *Generation, number uint32) uint32 {
	if door := atomic.LoadUint32(&d.opens[number]); door != 0 {
		return door
	}
	schedule := &g.scheduleList[number]
	door := uint32(untoldDoor)
	if !schedule.hours.UntoldFor(untoldDays, d.begins, schedule.territory) {
		minutes := uint32(shutFor)
		if opens, ok := schedule.hours.MayOpen(d.begins, schedule.territory); ok {
			minutes = min(minutes, uint32(opens.Sub(d.begins)/time.Minute))
		}
		door = openDoor + minutes
	}
	atomic.StoreUint32(&d.opens[number], door)
	return door
}

// tariff says what entries cost at least beside the way, to one view.
type tariff struct {
	*Reader
	*taste
	*doors
	availableBeds bool // only what counts available beds is asked
}

func (r *Reader) tariff(at time.Time) tariff {
	status := r.c.Beds.Status
	return tariff{r, r.taste(), r.c.g.doorsAt(at), status == 0 || status == data.Available}
}

// minutesOf rounds down.
func minutesOf(d time.Duration) int32 { return int32(min(max(d/time.Minute, 0), mostMinutes)) }

// mostMinutes is more than any cost that is told apart.
const mostMinutes = 1 << 28

// of returns what an entry costs at least.
func (t *tariff) of(entry uint32) least {
	s, live := t.c.g.snapshot, t.c.live
	shut, beside := int32(0), t.ofKind(s.kinds[entry])
	door := t.doors.of(t.c.g, live.scheduleOf(entry, s.schedules[entry]))
	if door == untoldDoor {
		beside += minutesOf(t.costs.HoursCost)
	} else {
		shut = int32(door - openDoor)
		beside += t.ofHours(s.updated[s.rows[entry].offer.number()])
	}
	if t.costs.BedsCost > 0 {
		beside += t.ofBeds(entry)
	}
	return least{uint16(min(beside, math.MaxUint16)), uint16(min(beside+shut, math.MaxUint16))}
}

// ofHours is what hours of a day cost that are told: at least, because it has grown
// older since the quarter began.
func (t *tariff) ofHours(told data.Date) int32 {
	if told == 0 {
		return minutesOf(t.costs.HoursCost)
	}
	return minutesOf(t.costs.HoursAge.Of(t.costs.HoursCost, t.begins.Sub(told.UTC())))
}

// ofBeds is what the beds of an entry cost at least, as far as they are known.
func (t *tariff) ofBeds(entry uint32) int32 {
	live := t.c.live
	if !t.availableBeds || live.mayBeFree(entry) {
		if state, told := t.c.Beds.known(live.bedsOf(entry), t.c.mask); state == data.Yes && told > 0 {
			return minutesOf(t.costs.BedsAge.Of(t.costs.BedsCost, t.begins.Sub(minuteTime(told))))
		}
	}
	return minutesOf(t.costs.BedsCost)
}

// ofAges is what those cost at least who say which ages they receive.
func (w *Wishes) ofAges(received data.AgeRange) time.Duration {
	switch {
	case received == data.AgeRange{}, received.Holds(w.Ages):
		return 0
	case !received.Meets(w.Ages):
		return w.NoAgeCost
	}
	return w.AgesCost
}

// ofKind adds up what all of a kind lack.
func (t *tariff) ofKind(number uint32) int32 {
	if known := atomic.LoadUint32(&t.kinds[number]); known != 0 {
		return int32(known - 1)
	}
	s := t.c.g.snapshot
	kind := &s.kindRows[number]
	refs, limits := s.kindRefs[kind.refs.from:kind.refs.to], s.limits[kind.limits.from:kind.limits.to]
	least := time.Duration(0)
	for i := range t.wishes {
		if w := &t.wishes[i]; w.costs > 0 && !w.metBy(refs, limits) {
			least += w.costs
		}
	}
	if kind.quality <= data.AtCommune {
		least += t.costs.CommuneCost
	}
	least += t.costs.ofAges(kind.ages)
	minutes := minutesOf(least)
	atomic.StoreUint32(&t.kinds[number], uint32(minutes)+1)
	return minutes
}

// How many items of a tree are gone through together to find what they cost at least,
// and how many of those stretches are known together: all below a box of level 2, in
// which what is live changes together.
const (
	blockItems  = kdtree.FanOut * kdtree.FanOut
	fieldBlocks = kdtree.FanOut
	leastItems  = blockItems * fieldBlocks
)

// treeLeasts is what is below the boxes of a tree at least, as far as it was asked.
type treeLeasts struct {
	blocks []atomic.Pointer[leastBlock]
	fields []atomic.Pointer[leastField]
}

// leastBlock is of one stretch of items, which lie below a box of level 1: all of
// them, what is below its leaves, and each of them.
type leastBlock struct {
	turn   uint64 // of the live root that it was made of
	all    lowest
	leaves [kdtree.FanOut]lowest
	items  [blockItems]least
}

// leastField is of the blocks below a box of level 2, once all of them are known.
type leastField struct {
	turn   uint64
	all    lowest
	blocks [fieldBlocks]lowest
}

// least is what some entries cost at least beside the way and the wait, and the
// wait included, as of the beginning of the quarter.
type least struct{ beside, shut uint16 }

// lowest is the least of some entries, apart for those whose doors are open soon and
// for the others: at night what costs little is closed.
type lowest struct {
	open uint16 // beside the way; the wait is not looked at
	shut least
}

// soon is for how many minutes a door is closed that counts as open.
const soon = 30

func (l *lowest) lower(o least) {
	if o.shut-o.beside < soon {
		l.open = min(l.open, o.beside)
	} else {
		l.shut = least{min(l.shut.beside, o.beside), min(l.shut.shut, o.shut)}
	}
}

// join takes in what is lowest of others.
func (l *lowest) join(o lowest) {
	l.open = min(l.open, o.open)
	l.shut = least{min(l.shut.beside, o.shut.beside), min(l.shut.shut, o.shut.shut)}
}

// nothing is the least of no entry, and noneLowest the lowest of none.
var (
	nothing    = least{math.MaxUint16, math.MaxUint16}
	noneLowest = lowest{nothing.beside, nothing}
)

// leastsOf returns what is remembered of a tree; nil of a small one, which is walked
// without.
func (t *tariff) leastsOf(tree *kdtree.Tree) *treeLeasts {
	if len(tree.Levels) == 0 {
		return nil
	}
	g := t.c.g
	key, most := treeKey{tree, t.taste, t.begins.Unix()}, bytesOfLeasts*len(g.kinds)
	l, ok := g.leasts.trees.Get(key, most)
	if !ok {
		blocks, fields := (len(tree.Items)+blockItems-1)/blockItems, (len(tree.Items)+leastItems-1)/leastItems
		l = &treeLeasts{make([]atomic.Pointer[leastBlock], blocks), make([]atomic.Pointer[leastField], fields)}
		g.leasts.trees.Put(key, l, blocks*int(unsafe.Sizeof(leastBlock{}))+fields*int(unsafe.Sizeof(leastField{})), most)
	}
	return l
}

// block returns a block of a tree as it is for the view, which is made where it is
// not known or something has changed in it.
func (t *tariff) block(l *treeLeasts, tree *kdtree.Tree, number int) *leastBlock {
	if b := t.known(l, tree, number); b != nil {
		return b
	}
	b := t.newBlock(tree.Items[number*blockItems : min(len(tree.Items), (number+1)*blockItems)])
	b.turn = t.turnOf(tree, number/fieldBlocks)
	l.blocks[number].Store(b)
	t.gather(l, tree, number/fieldBlocks)
	return b
}

// known returns a block that need not be made, or nil.
func (t *tariff) known(l *treeLeasts, tree *kdtree.Tree, number int) *leastBlock {
	if b := l.blocks[number].Load(); b != nil && b.turn == t.turnOf(tree, number/fieldBlocks) {
		return b
	}
	return nil
}

// field returns what is known of the blocks below a box of level 2, or nil.
func (t *tariff) field(l *treeLeasts, tree *kdtree.Tree, number int) *leastField {
	if f := l.fields[number].Load(); f != nil && f.turn == t.turnOf(tree, number) {
		return f
	}
	return nil
}

// gather makes a field, once all of its blocks are known.

func (t *tariff) gather(l *treeLeasts, tree *kdtree.Tree, number int) {
	f := &leastField{turn: t.turnOf(tree, number), all: noneLowest}
	first := number * fieldBlocks
	for i := first; i < min(len(l.blocks), first+fieldBlocks); i++ {
		b := t.known(l, tree, i)
		if b == nil {
			return
		}
		f.blocks[i-first] = b.all
		f.all.join(b.all)
	}
	l.fields[number].Store(f)
}

// turnOf is that of the last change in a field, as far as it is told apart.
func (t *tariff) turnOf(tree *kdtree.Tree, number int) uint64 {
	if tree == &t.c.g.snapshot.all { // its items are the entries in their order
		return t.c.live.turns[number]
	}
	return t.c.live.turn
}

func (t *tariff) newBlock(items []kdtree.Item) *leastBlock {
	b := &leastBlock{all: noneLowest}
	for i := range b.leaves {
		b.leaves[i] = noneLowest
	}
	for i := range items {
		r := ref(items[i].Entry)
		if b.items[i] = nothing; r&notForAll == 0 || t.c.sees(r.number()) { // what is hidden does not count
			b.items[i] = t.of(r.number())
		}
		b.leaves[i/kdtree.FanOut].lower(b.items[i])
		b.all.lower(b.items[i])
	}
	return b
}
