package index

import (
	"bytes"
	"encoding/binary"
	"slices"

	"boussole/data"
	"boussole/geo/kdtree"
)

// rankOffers puts offers in the order of their ids, and says which rank each has.
func (b *builder) rankOffers(s *snapshot) (byID, rank []uint32) {
	byID = b.offersByID()
	rank = make([]uint32, len(byID))
	s.classes = make([]data.Mask, len(byID))
	s.updated = make([]data.Date, len(byID))
	for i, number := range byID {
		o := b.offers.at(number)
		rank[number] = uint32(i)
		s.classes[i], s.updated[i] = o.classes, o.updated
	}
	s.aliases = b.aliasesByHash(rank)
	return byID, rank
}

// offersByID sorts offers by the first eight bytes of their ids, and by the rest
// where that does not tell: numbers are compared faster than texts.
func (b *builder) offersByID() []uint32 {
	list := make([]keyed, b.offers.n)
	for i := range list {
		var first [8]byte
		copy(first[:], b.id(uint32(i)))
		list[i] = keyed{binary.BigEndian.Uint64(first[:]), uint32(i)}
	}
	list = sortKeyed(list)
	order := make([]uint32, len(list))
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].key == list[from].key {
			to++
		}
		slices.SortFunc(list[from:to], func(x, y keyed) int { return bytes.Compare(b.id(x.of), b.id(y.of)) })
		for ; from < to; from++ {
			order[from] = list[from].of
		}
	}
	return order
}

func (b *builder) id(offer uint32) []byte { return b.ids.at(b.offers.at(offer).id) }

// aliasesByHash lists by which hashes offers are found, each once.
func (b *builder) aliasesByHash(rank []uint32) []aliasRow {
	list := make([]keyed, b.aliases.n)
	for i := range list {
		a := b.aliases.at(uint32(i))
		list[i].key = uint64(a.hash)<<32 | uint64(rank[a.offer])
	}
	aliases := make([]aliasRow, 0, len(list))
	for i, a := range sortKeyed(list) {
		if row := (aliasRow{uint32(a.key >> 32), uint32(a.key)}); i == 0 || row != aliases[len(aliases)-1] {
			aliases = append(aliases, row)
		}
	}
	return aliases
}

// orderEntries returns the rows of entries in the order in which they are kept, and
// the entries in it: those with a position in k-d order, the others by offer and
// place. Ties in the tree are by offer and place too, not by how offers came.
func (b *builder) orderEntries(s *snapshot, byID, rank []uint32) (order []uint32, entries []builtEntry) {
	first := b.firstEntries(byID)
	rowOf := make([]uint32, b.entries.n) // by offer and place
	items := make([]kdtree.Item, 0, b.entries.n)
	var unplaced []uint32
	for row := range uint32(b.entries.n) { // as they came, for what is read then lies in a row
		e := b.entries.at(row)
		e.ref |= ref(rank[e.offer])
		at := first[rank[e.offer]] + uint32(max(e.place, 0))
		rowOf[at] = row
		if e.placed {
			items = append(items, kdtree.Item{Point: e.point32, Entry: at})
		} else {
			unplaced = append(unplaced, at)
		}
	}
	s.all = *kdtree.New(items)
	order = make([]uint32, 0, len(rowOf))
	for i := range s.all.Items {
		order = append(order, rowOf[s.all.Items[i].Entry])
	}
	slices.Sort(unplaced)
	for _, at := range unplaced {
		order = append(order, rowOf[at])
	}
	entries = make([]builtEntry, len(order))
	for i, row := range order {
		entries[i] = *b.entries.at(row)
	}
	b.entries = rows[builtEntry]{} // memory to use again
	return order, entries
}

// firstEntries counts the entries of the offers before each, in the order of ids.
func (b *builder) firstEntries(byID []uint32) []uint32 {
	first := make([]uint32, len(byID))
	next := uint32(0)
	for i, o := range byID {
		first[i] = next
		next += uint32(b.offers.at(o).entries.size())
	}
	return first
}

// inverse returns which thing has each rank.
func inverse(rank []uint32) []uint32 {
	things := make([]uint32, len(rank))
	for thing, r := range rank {
		things[r] = uint32(thing)
	}
	return things
}
