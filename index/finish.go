package index

import (
	"cmp"
	"encoding/binary"
	"runtime"
	"slices"
	"sync"

	"boussole/data"
	"boussole/geo/kdtree"
)

// finish makes the snapshot. The same offers give the same arrays, in whatever
// order they came.
func (b *builder) finish() *snapshot {
	s := &snapshot{}
	rank := b.rankOffers(s)
	b.rankCodes(s)
	order := b.orderEntries(s, rank)
	b.numberKinds(s, order)
	b.numberAreas(s, order)
	b.numberSchedules(s, order)
	b.placeEntries(s, order, rank)
	b.growTrees(s)
	s.live = b.live.finish(order)
	s.postings, s.terms = b.words.finish(order)
	return s
}

// rankOffers puts offers in the order of their ids.
func (b *builder) rankOffers(s *snapshot) (rank []uint32) {
	order := b.offersByID()
	rank = make([]uint32, len(b.offers))
	s.classes = make([]data.Mask, len(b.offers))
	s.updated = make([]data.Date, len(b.offers))
	for i, o := range order {
		rank[o] = uint32(i)
		s.classes[i], s.updated[i] = b.offers[o].classes, b.offers[o].updated
	}
	aliases := make([]uint64, len(b.aliases)) // by hash, then offer
	for i, a := range b.aliases {
		aliases[i] = uint64(a.hash)<<32 | uint64(rank[a.offer])
	}
	slices.Sort(aliases)
	aliases = slices.Compact(aliases)
	s.aliases = make([]aliasRow, len(aliases))
	for i, a := range aliases {
		s.aliases[i] = aliasRow{uint32(a >> 32), uint32(a)}
	}
	return rank
}

// offersByID sorts offers by the first eight bytes of their ids, and by the rest
// where that does not tell: numbers are compared faster than texts.
func (b *builder) offersByID() []uint32 {
	type row struct {
		first uint64
		offer uint32
	}
	rows := make([]row, len(b.offers))
	for i := range rows {
		var first [8]byte
		copy(first[:], b.offers[i].id)
		rows[i] = row{binary.BigEndian.Uint64(first[:]), uint32(i)}
	}
	slices.SortFunc(rows, func(x, y row) int {
		if x.first != y.first {
			return cmp.Compare(x.first, y.first)
		}
		return cmp.Compare(b.offers[x.offer].id, b.offers[y.offer].id)
	})
	order := make([]uint32, len(rows))
	for i := range rows {
		order[i] = rows[i].offer
	}
	return order
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
	}
}

// orderEntries returns the rows of entries in the order in which they are kept:
// those with a position in k-d order, the others by offer and place. Ties in the
// tree are by offer and place too, not by how offers came.
func (b *builder) orderEntries(s *snapshot, rank []uint32) (order []uint32) {
	byRank := make([]uint32, 0, len(b.entries)) // rows, by offer and place
	for _, o := range inverse(rank) {
		for row := b.offers[o].entries.from; row < b.offers[o].entries.to; row++ {
			byRank = append(byRank, row)
		}
	}
	var items []kdtree.Item
	var unplaced []uint32
	for i, row := range byRank {
		if e := &b.entries[row]; e.placed {
			items = append(items, kdtree.Item{Point: e.point32, Entry: uint32(i)})
		} else {
			unplaced = append(unplaced, row)
		}
	}
	s.all = *kdtree.New(items)
	for i := range s.all.Items {
		item := &s.all.Items[i]
		order = append(order, byRank[item.Entry])
		item.Entry = uint32(i)
	}
	return append(order, unplaced...)
}

// inverse returns which thing has each rank.
func inverse(rank []uint32) []uint32 {
	things := make([]uint32, len(rank))
	for thing, r := range rank {
		things[r] = uint32(thing)
	}
	return things
}

// placeEntries fills the columns.
func (b *builder) placeEntries(s *snapshot, order, rank []uint32) {
	n := len(order)
	s.rows = make([]entryRow, n)
	s.offerEntries = make([]uint32, len(b.offers))
	entryOf := make([]uint32, n) // by row
	for i, row := range order {
		e := &b.entries[row]
		o := &b.offers[e.offer]
		offer := ref(rank[e.offer])
		if o.entries.size() > 1 {
			offer |= hasSeveral
		}
		if o.class != data.Open {
			offer |= notForAll
		}
		s.rows[i] = entryRow{e.point, offer, e.place}
		entryOf[row] = uint32(i)
		s.offerEntries[rank[e.offer]] = uint32(i)
	}
	s.ids = newIDTable(n, func(i int) data.ID { return b.offers[b.entries[order[i]].offer].id })
	s.markSteps()
	for i := range s.all.Items {
		s.all.Items[i].Entry = uint32(s.refTo(uint32(i)))
	}
	b.listSeveral(s, rank, entryOf)
}

// markSteps marks entries whose step of the grid does not tell their position.
func (s *snapshot) markSteps() {
	first := make(map[kdtree.Point]gridPoint, len(s.all.Items))
	mixed := make(map[kdtree.Point]bool)
	for i := range s.all.Items {
		step := s.all.Items[i].Point
		if p, ok := first[step]; !ok {
			first[step] = s.rows[i].point
		} else if p != s.rows[i].point {
			mixed[step] = true
		}
	}
	if len(mixed) == 0 {
		return
	}
	for i := range s.all.Items {
		if mixed[s.all.Items[i].Point] {
			s.rows[i].offer |= sharesStep
		}
	}
}

func (b *builder) listSeveral(s *snapshot, rank, entryOf []uint32) {
	for r, o := range inverse(rank) {
		entries := b.offers[o].entries
		if entries.size() < 2 {
			continue
		}
		s.offerEntries[r] = 1<<31 | uint32(len(s.several))
		row := span{from: uint32(len(s.severalOf))}
		s.severalOf = append(s.severalOf, entryOf[entries.from:entries.to]...)
		row.to = uint32(len(s.severalOf))
		s.several = append(s.several, row)
	}
}

// numberAreas numbers areas in the order in which entries meet them.
func (b *builder) numberAreas(s *snapshot, order []uint32) {
	numbers := newRenumbering(len(b.areas.list))
	s.areas = make([]uint32, len(order))
	for i, row := range order {
		s.areas[i] = numbers.of(b.entries[row].area)
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
func (b *builder) numberSchedules(s *snapshot, order []uint32) {
	if len(b.scheduled) == 0 {
		b.schedule(&data.Offer{}, &data.Place{})
	}
	numbers := newRenumbering(len(b.scheduled))
	numbers.of(0)
	s.schedules = make([]uint32, len(order))
	for i, row := range order {
		s.schedules[i] = numbers.of(b.entries[row].schedule)
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
func (b *builder) numberKinds(s *snapshot, order []uint32) {
	numbers := newRenumbering(len(b.kindRows))
	s.kinds = make([]uint32, len(order))
	for i, row := range order {
		s.kinds[i] = numbers.of(b.entries[row].kind)
	}
	var all []codeRef
	for i := range b.kindRows {
		all = append(all, b.kindRows[i].refs...) // those of equipment with limits are among them
	}
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
	b.listKinds(s)
	b.countKinds(s, order)
}

// listKinds lists the kinds of each ref.
func (b *builder) listKinds(s *snapshot) {
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
func (b *builder) countKinds(s *snapshot, order []uint32) {
	for i, row := range order {
		k := &s.kindRows[s.kinds[i]]
		if i < s.placed() {
			k.placed++
			k.box.Add(&s.all.Items[i].Point)
		}
		if b.offers[b.entries[row].offer].entries.size() == 1 {
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
		var items []kdtree.Item
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
