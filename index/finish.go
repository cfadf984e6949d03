package index

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"boussole/data"
	"boussole/geo/kdtree"
	"boussole/index/text"
)

// finish makes the snapshot, and is the last that is asked of a builder. The same
// offers give the same arrays, in whatever order they came.
func (b *builder) finish() *snapshot { return b.finishWith(b.words.finish) }

// finishWith does so with words that another makes, beside the rest, of the rows of
// entries in their order.
func (b *builder) finishWith(words func(order []uint32) (*postings, []text.Term)) *snapshot {
	s := &snapshot{}
	byID, rank := b.rankOffers(s)
	b.rankCodes(s)
	order, entries := b.orderEntries(s, byID, rank)
	var worded sync.WaitGroup
	worded.Go(func() { s.postings, s.terms = words(order) })
	together( // none reads what another makes
		func() {
			b.placeEntries(s, entries)
			b.listSeveral(s, byID, order)
		},
		func() { b.numberKinds(s, entries) },
		func() {
			b.numberSchedules(s, entries, order)
			s.live = b.live.finish(order)
		},
		func() {
			b.numberAreas(s, entries)
			b.nameEntries(s, entries)
		},
	)
	b.growTrees(s)
	worded.Wait()
	return s
}

// rankCodes puts codes in their order, and the refs of kinds with them.
func (b *builder) rankCodes(s *snapshot) {
	s.codeList = slices.Sorted(slices.Values(b.codes.list))
	s.codes = make(map[data.Code]uint32, len(s.codeList))
	for i, c := range s.codeList {
		s.codes[c] = uint32(i)
	}
	renumber := make([]uint32, len(b.codes.list))
	for i, c := range b.codes.list {
		renumber[i] = s.codes[c]
	}
	ranked := func(r codeRef) codeRef { return newCodeRef(renumber[r.code()], r.class()) }
	for i := range b.kindRows {
		k := &b.kindRows[i]
		for j, r := range k.refs {
			k.refs[j] = ranked(r)
		}
		slices.Sort(k.refs)
		for j := range k.limits {
			l := &k.limits[j]
			l.ref = ranked(l.ref)
			if l.feature != noFeature {
				l.feature = renumber[l.feature]
			}
		}
		slices.SortFunc(k.limits, compareLimits)
	}
}

// placeEntries fills the columns.
func (b *builder) placeEntries(s *snapshot, entries []builtEntry) {
	s.rows = make([]entryRow, len(entries))
	s.offerEntries = make([]uint32, b.offers.n)
	for i := range entries {
		e := &entries[i]
		s.rows[i] = entryRow{e.point, e.ref, e.place}
		s.offerEntries[e.ref.number()] = uint32(i)
	}
	s.markSteps()
	for i := range s.all.Items {
		s.all.Items[i].Entry = uint32(s.refTo(uint32(i)))
	}
}

// nameEntries writes down the ids of the offers of entries.
func (b *builder) nameEntries(s *snapshot, entries []builtEntry) {
	s.ids = newIDTable(len(entries), func(i int) []byte { return b.id(entries[i].offer) })
}

// markSteps marks entries whose step of the grid does not tell their position. The
// first entry of each step stands in a hash table of twice as many slots.
func (s *snapshot) markSteps() {
	items := s.all.Items
	slots := make([]uint32, 1<<bits.Len(uint(2*len(items))))
	slotOf := func(step *kdtree.Point) *uint32 { // with one more than the first entry, 0 where it is free
		at := mix(mix(0, uint64(uint32(step[0]))|uint64(uint32(step[1]))<<32), uint64(uint32(step[2])))
		for ; ; at++ {
			slot := &slots[at&uint64(len(slots)-1)]
			if *slot == 0 || items[*slot-1].Point == *step {
				return slot
			}
		}
	}
	var mixed map[kdtree.Point]bool
	for i := range items {
		step := &items[i].Point
		if i > 0 && *step == items[i-1].Point && s.rows[i].point == s.rows[i-1].point {
			continue // half of all share a site
		}
		switch slot := slotOf(step); {
		case *slot == 0:
			*slot = uint32(i) + 1
		case s.rows[*slot-1].point != s.rows[i].point:
			if mixed == nil {
				mixed = make(map[kdtree.Point]bool)
			}
			mixed[*step] = true
		}
	}
	if mixed == nil {
		return
	}
	for i := range items {
		if mixed[items[i].Point] {
			s.rows[i].offer |= sharesStep
		}
	}
}

// listSeveral lists the entries of the offers that have more than one.
func (b *builder) listSeveral(s *snapshot, byID, order []uint32) {
	var entryOf []uint32 // by row
	for r, o := range byID {
		entries := b.offers.at(o).entries
		if entries.size() < 2 {
			continue
		}
		if entryOf == nil {
			entryOf = inverse(order)
		}
		s.offerEntries[r] = 1<<31 | uint32(len(s.several))
		row := span{from: uint32(len(s.severalOf))}
		s.severalOf = append(s.severalOf, entryOf[entries.from:entries.to]...)
		row.to = uint32(len(s.severalOf))
		s.several = append(s.several, row)
	}
}

// numberAreas numbers areas in the order in which entries meet them.
func (b *builder) numberAreas(s *snapshot, entries []builtEntry) {
	numbers := newRenumbering(len(b.areas.list))
	s.areas = make([]uint32, len(entries))
	for i := range entries {
		s.areas[i] = numbers.of(entries[i].area)
	}
	for _, old := range numbers.met {
		s.areaList = append(s.areaList, b.areas.list[old])
	}
	starts, list := ranges(s.areas, len(s.areaList))
	s.areaEntries = list
	s.areaRows = make([]areaRow, len(s.areaList))
	for a := range s.areaRows {
		row := areaRow{entries: span{starts[a], starts[a+1]}, box: kdtree.Nowhere()}
		for _, e := range list[row.entries.from:row.entries.to] {
			if int(e) < s.placed() {
				row.placed++
				row.box.Add(&s.all.Items[e].Point)
			}
		}
		s.areaRows[a] = row
	}
}

// numberSchedules does so with schedules, 0 aside.
func (b *builder) numberSchedules(s *snapshot, entries []builtEntry, order []uint32) {
	if len(b.scheduled) == 0 {
		b.schedule(&data.Offer{}, &data.Place{})
	}
	numbers := newRenumbering(len(b.scheduled))
	numbers.of(0)
	s.schedules = make([]uint32, len(order))
	for i, row := range order {
		s.schedules[i] = numbers.of(entries[i].schedule)
		b.live.renumber(row, numbers.of)
	}
	for _, old := range numbers.met {
		s.scheduleList = append(s.scheduleList, b.scheduled[old])
	}
}

// renumbering gives numbers in the order in which the old ones are met.
type renumbering struct {
	now []uint32 // one more; 0 is not met
	met []uint32
}

func newRenumbering(n int) *renumbering { return &renumbering{now: make([]uint32, n)} }

func (r *renumbering) of(old uint32) uint32 {
	if r.now[old] == 0 {
		r.met = append(r.met, old)
		r.now[old] = uint32(len(r.met))
	}
	return r.now[old] - 1
}

// ranges groups the positions of a column by its values, below n, in order: those
// of value v are list[starts[v]:starts[v+1]].
func ranges(column []uint32, n int) (starts, list []uint32) {
	starts = make([]uint32, n+1)
	for _, v := range column {
		starts[v+1]++
	}
	for v := range n {
		starts[v+1] += starts[v]
	}
	list = make([]uint32, len(column))
	next := slices.Clone(starts[:n])
	for i, v := range column {
		list[next[v]] = uint32(i)
		next[v]++
	}
	return starts, list
}

// numberKinds numbers kinds in the order in which entries meet them, and lists
// which kinds carry each code with each class.
func (b *builder) numberKinds(s *snapshot, entries []builtEntry) {
	numbers := newRenumbering(len(b.kindRows))
	s.kinds = make([]uint32, len(entries))
	for i := range entries {
		s.kinds[i] = numbers.of(entries[i].kind)
	}
	var all []codeRef
	for i := range b.kindRows {
		all = append(all, b.kindRows[i].refs...) // those of equipment with limits are among them
	}
	s.kindRefs = make([]uint32, 0, len(all))
	slices.Sort(all)
	all = slices.Compact(all)
	numberOf := make(map[codeRef]uint32, len(all))
	s.refsOf = make([]uint32, len(s.codeList)+1)
	for i, r := range all {
		numberOf[r] = uint32(i)
		s.refs = append(s.refs, refRow{code: r.code(), class: uint32(r.class())})
		s.refsOf[r.code()+1]++
	}
	for c := range s.codeList {
		s.refsOf[c+1] += s.refsOf[c]
	}
	for _, old := range numbers.met {
		k := &b.kindRows[old]
		row := kindRow{ages: k.ages, quality: k.quality, class: k.class, box: kdtree.Nowhere()}
		row.refs.from = uint32(len(s.kindRefs))
		for _, r := range k.refs {
			s.kindRefs = append(s.kindRefs, numberOf[r])
		}
		row.refs.to = uint32(len(s.kindRefs))
		row.limits.from = uint32(len(s.limits))
		for _, l := range k.limits {
			s.limits = append(s.limits, limitRow{l.atLeast, numberOf[l.ref], l.feature})
		}
		row.limits.to = uint32(len(s.limits))
		s.kindRows = append(s.kindRows, row)
	}
	listKinds(s)
	countKinds(s, entries)
}

// listKinds lists the kinds of each ref.
func listKinds(s *snapshot) {
	owner := make([]uint32, len(s.kindRefs))
	for k := range s.kindRows {
		for i := s.kindRows[k].refs.from; i < s.kindRows[k].refs.to; i++ {
			owner[i] = uint32(k)
		}
	}
	starts, list := ranges(s.kindRefs, len(s.refs))
	s.refKinds = make([]uint32, len(list))
	for i, at := range list {
		s.refKinds[i] = owner[at]
	}
	for r := range s.refs {
		s.refs[r].kinds = span{starts[r], starts[r+1]}
	}
}

// countKinds counts the entries of each kind, and lists those without a position.
func countKinds(s *snapshot, entries []builtEntry) {
	for i := range entries {
		k := &s.kindRows[s.kinds[i]]
		if i < s.placed() {
			k.placed++
			k.box.Add(&s.all.Items[i].Point)
		}
		if entries[i].ref&hasSeveral == 0 {
			k.single++
		}
	}
	starts, list := ranges(s.kinds[s.placed():], len(s.kindRows))
	s.kindUnplaced = make([]uint32, len(list))
	for i, at := range list {
		s.kindUnplaced[i] = at + uint32(s.placed())
	}
	for k := range s.kindRows {
		s.kindRows[k].unplaced = span{starts[k], starts[k+1]}
	}
	for r := range s.refs {
		ref := &s.refs[r]
		for _, k := range s.refKinds[ref.kinds.from:ref.kinds.to] {
			ref.placed += s.kindRows[k].placed
		}
	}
}

// A ref has a tree of its own when more kinds than these carry it: below, the
// trees of its kinds are as good.
const manyKinds = 2

// growTrees makes the trees of kinds, and those of refs that are carried by many
// kinds, unless most entries carry them: then the tree of all is as good.
func (b *builder) growTrees(s *snapshot) {
	starts, list := ranges(s.kinds[:s.placed()], len(s.kindRows))
	itemsOf := func(kinds ...uint32) []kdtree.Item {
		n := uint32(0)
		for _, k := range kinds {
			n += starts[k+1] - starts[k]
		}
		items := make([]kdtree.Item, 0, n)
		for _, k := range kinds {
			for _, e := range list[starts[k]:starts[k+1]] {
				items = append(items, s.all.Items[e])
			}
		}
		return items
	}
	var work [][]uint32 // the kinds of each tree
	for k := range s.kindRows {
		s.kindRows[k].tree = uint32(len(work))
		work = append(work, []uint32{uint32(k)})
	}
	for r := range s.refs {
		ref := &s.refs[r]
		if ref.kinds.size() > manyKinds && int(ref.placed)*4 <= s.placed() {
			work = append(work, s.refKinds[ref.kinds.from:ref.kinds.to])
			ref.tree = uint32(len(work))
		}
	}
	s.trees = make([]kdtree.Tree, len(work))
	inParallel(len(work), func(i int) { s.trees[i] = *kdtree.New(itemsOf(work[i]...)) })
}

// together does different things at a time.
func together(work ...func()) { inParallel(len(work), func(i int) { work[i]() }) }

// inParallel does n pieces of work, on as many processors as there are.
func inParallel(n int, work func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
