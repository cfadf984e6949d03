package index

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"

	"boussole/data"
	"boussole/index/text"
)

// postings says, for each term of the vocabulary, which entries carry it, for the
// eyes of which class, and in which fields of their texts. Entries are in the
// order of the snapshot, so that what is near on the ground is near in a list.
//
// A term is a run of groups, each of one class and one set of fields: a byte for
// the class, then numbers as varints: the fields; how many entries, doubled, and
// one more where they are a bitmap; the number of that bitmap or, of a list, its
// length in bytes and the differences from one entry to the next.
type postings struct {
	starts []uint32 // of each term in packed, and the end
	packed []byte
	bits   []uint64 // bitmaps, one after the other, each of a bit for every entry
	words  int      // 64-bit words of a bitmap
}

// A group is a bitmap when more than one entry in so many is in it: it is at most
// twelve times as large as a list then, and need not be read to be searched. In
// the million of the invented country there are 170 of them, in 20 MB.
const denseShare = 64

// posting is one group of a term.
type posting struct {
	class  data.Class
	fields text.Fields
	count  int
	list   []byte   // differences, of a list
	bitmap []uint64 // of a bitmap
}

// of goes through the groups of a term.
func (p *postings) of(term uint32) iter.Seq[posting] {
	return func(yield func(posting) bool) {
		rest := p.packed[p.starts[term]:p.starts[term+1]]
		for len(rest) > 0 {
			g := posting{class: data.Class(rest[0])}
			rest = rest[1:]
			next := func() uint64 {
				v, n := binary.Uvarint(rest)
				rest = rest[n:]
				return v
			}
			g.fields = text.Fields(next())
			size := next()
			g.count = int(size / 2)
			if at := next(); size%2 == 1 {
				g.bitmap = p.bits[int(at)*p.words : int(at+1)*p.words]
			} else {
				g.list, rest = rest[:at], rest[at:]
			}
			if !yield(g) {
				return
			}
		}
	}
}

// appendTo appends the entries of a group, in their order.
func (g *posting) appendTo(entries []uint32) []uint32 {
	for i, word := range g.bitmap {
		entries = appendBits(entries, i, word)
	}
	last := uint32(0)
	for rest := g.list; len(rest) > 0; {
		delta, n := difference(rest)
		rest = rest[n:]
		last += delta
		entries = append(entries, last)
	}
	return entries
}

// setIn sets the entries of a group in a bitmap.
func (g *posting) setIn(bitmap []uint64) {
	for i, word := range g.bitmap {
		bitmap[i] |= word
	}
	last := uint32(0)
	for rest := g.list; len(rest) > 0; {
		delta, n := difference(rest)
		rest = rest[n:]
		last += delta
		bitmap[last/64] |= 1 << (last % 64)
	}
}

// difference reads one difference of a list; most take a byte, and few more than
// two.
func difference(list []byte) (delta uint32, n int) {
	switch {
	case list[0] < 0x80:
		return uint32(list[0]), 1
	case list[1] < 0x80:
		return uint32(list[0]&0x7f) | uint32(list[1])<<7, 2
	}
	d, n := binary.Uvarint(list)
	return uint32(d), n
}

// grouper numbers the groups of what one reader has read.
type grouper struct {
	reader  *text.Reader
	numbers map[text.Occurrence]uint32 // as a key: a term, a class and a set of fields
	groups  []text.Occurrence
}

func newGrouper(labels Labels) *grouper {
	return &grouper{reader: text.NewReader(labels), numbers: make(map[text.Occurrence]uint32)}
}

// entry returns the groups that an offer is in at one of its places.
func (g *grouper) entry(o *data.Offer, place int) []uint32 {
	found := g.reader.Entry(o, place)
	list := make([]uint32, len(found))
	for i, occurrence := range found {
		number, ok := g.numbers[occurrence]
		if !ok {
			number = uint32(len(g.groups))
			g.numbers[occurrence] = number
			g.groups = append(g.groups, occurrence)
		}
		list[i] = number
	}
	return list
}

// offer returns those of each of its entries.
func (g *grouper) offer(o *data.Offer) [][]uint32 {
	if len(o.Places) == 0 {
		return [][]uint32{g.entry(o, -1)}
	}
	lists := make([][]uint32, len(o.Places))
	for i := range o.Places {
		lists[i] = g.entry(o, i)
	}
	return lists
}

// wordsBuilder gathers the groups of entries, by the rows of a builder.
type wordsBuilder struct {
	groupers []*grouper
	rows     rows[wordsRow]
	groups   arena[uint32]
	n        int // of all groups of all rows
}

type wordsRow struct {
	groups  inArena
	grouper uint8
}

func (b *wordsBuilder) add(grouper int, lists [][]uint32) {
	for _, list := range lists {
		b.rows.add(wordsRow{b.groups.add(list), uint8(grouper)})
		b.n += len(list)
	}
}

// finish makes the postings of entries that are in the order of these rows, and
// the terms of the vocabulary.
func (b *wordsBuilder) finish(order []uint32) (*postings, []text.Term) {
	found := b.gather(order)
	p := &postings{starts: make([]uint32, 0, len(found.texts)+1), words: (len(order) + 63) / 64}
	terms := make([]text.Term, 0, len(found.texts))
	for i := range found.groups {
		g := &found.groups[i]
		if i == 0 || g.Term != found.groups[i-1].Term {
			p.starts = append(p.starts, uint32(len(p.packed)))
			terms = append(terms, text.Term{Text: found.texts[g.Term]})
		}
		terms[len(terms)-1].Classes |= 1 << g.Class
		p.add(*g, found.of(i), len(order))
	}
	p.starts = append(p.starts, uint32(len(p.packed)))
	return p, terms
}

// foundWords is the groups of entries: their terms, which are by number in the order
// of the vocabulary, may be more than any group has, as readers meet words that say
// nothing.
type foundWords struct {
	texts   []string
	groups  []text.Occurrence // by term, class and fields
	starts  []uint64          // of the entries of each, and the end
	entries []uint32
}

// of returns the entries of a group, in their order.
func (f *foundWords) of(group int) []uint32 { return f.entries[f.starts[group]:f.starts[group+1]] }

// gather lists the groups of entries that are in the order of these rows; rows of
// which no words were added have none.
func (b *wordsBuilder) gather(order []uint32) foundWords {
	readers := make([]*text.Reader, len(b.groupers))
	for i, g := range b.groupers {
		readers[i] = g.reader
	}
	texts, numbers := text.Merge(readers...)
	groups, ranks := b.rankGroups(numbers)
	starts, entries := b.invert(order, ranks, len(groups))
	return foundWords{texts, groups, starts, entries}
}

// rankGroups puts the groups of all readers in one order, by term, class and
// fields, each once, and says which each one is.
func (b *wordsBuilder) rankGroups(numbers [][]uint32) (groups []text.Occurrence, ranks [][]uint32) {
	type from struct {
		text.Occurrence
		grouper uint8
		number  uint32
	}
	var all []from
	for i, g := range b.groupers {
		for j, o := range g.groups {
			o.Term = numbers[i][o.Term]
			all = append(all, from{o, uint8(i), uint32(j)})
		}
		ranks = append(ranks, make([]uint32, len(g.groups)))
	}
	slices.SortFunc(all, func(x, y from) int {
		return cmp.Or(cmp.Compare(x.Term, y.Term), cmp.Compare(x.Class, y.Class), cmp.Compare(x.Fields, y.Fields))
	})
	for _, f := range all {
		if n := len(groups); n == 0 || groups[n-1] != f.Occurrence {
			groups = append(groups, f.Occurrence)
		}
		ranks[f.grouper][f.number] = uint32(len(groups) - 1)
	}
	return groups, ranks
}

// invert lists the entries of each group: those of group g are
// entries[starts[g]:starts[g+1]].
func (b *wordsBuilder) invert(order []uint32, ranks [][]uint32, n int) (starts []uint64, entries []uint32) {
	starts = make([]uint64, n+1)
	each := func(f func(entry int, group uint32)) {
		for entry, row := range order {
			if int(row) >= b.rows.n {
				continue
			}
			of := b.rows.at(row)
			rank := ranks[of.grouper]
			for _, g := range b.groups.at(of.groups) {
				f(entry, rank[g])
			}
		}
	}
	each(func(_ int, group uint32) { starts[group+1]++ })
	for g := range n {
		starts[g+1] += starts[g]
	}
	next := slices.Clone(starts[:n])
	entries = make([]uint32, b.n)
	each(func(entry int, group uint32) {
		entries[next[group]] = uint32(entry)
		next[group]++
	})
	return starts, entries
}

// add packs one group.
func (p *postings) add(g text.Occurrence, entries []uint32, all int) {
	p.packed = append(p.packed, byte(g.Class))
	p.packed = binary.AppendUvarint(p.packed, uint64(g.Fields))
	if len(entries) > 64 && len(entries) > all/denseShare {
		p.packed = binary.AppendUvarint(p.packed, uint64(len(entries))*2+1)
		p.packed = binary.AppendUvarint(p.packed, uint64(len(p.bits)/p.words))
		bitmap := make([]uint64, p.words)
		for _, e := range entries {
			bitmap[e/64] |= 1 << (e % 64)
		}
		p.bits = append(p.bits, bitmap...)
		return
	}
	var list []byte
	last := uint32(0)
	for _, e := range entries {
		list = binary.AppendUvarint(list, uint64(e-last))
		last = e
	}
	p.packed = binary.AppendUvarint(p.packed, uint64(len(entries))*2)
	p.packed = binary.AppendUvarint(p.packed, uint64(len(list)))
	p.packed = append(p.packed, list...)
}

// columns writes or reads them.
func (p *postings) columns(c columner) {
	words := []uint64{uint64(p.words)}
	column(c, "words of a bitmap", &words)
	column(c, "term starts", &p.starts)
	column(c, "postings", &p.packed)
	column(c, "bitmaps", &p.bits)
	if len(words) == 1 {
		p.words = int(words[0])
	}
}
