package index

import (
	"encoding/binary"
	"slices"
	"sort"

	"boussole/data"
	"boussole/index/text"
)

// repost makes the postings and the terms that [wordsBuilder.finish] would of entries
// some of which have their words in the postings of another snapshot: its terms are
// these, and now tells for each of its entries which one it is, absent where it went.
// What is added is of the others. A term that nobody carries any more is not among
// those that it returns.
//
// No entry's words are gathered anew: each list is read, its entries get their
// numbers, and it is put in order, which it mostly almost is. Ranges of terms are
// done in parallel.
func repost(old *postings, terms []text.Term, now []uint32, added *foundWords, entries int) (*postings, []text.Term) {
	const ranges = 64
	parts := make([]reposted, ranges)
	cuts := cutAdded(terms, added, ranges)
	inParallel(ranges, func(i int) {
		r := &parts[i]
		r.postings.words = (entries + 63) / 64
		r.old, r.now, r.added, r.entries = old, now, added, entries
		r.bitmap = make([]uint64, r.postings.words)
		r.run(terms, cuts[i], cuts[i+1])
		r.bitmap, r.list = nil, nil
	})
	return joined(parts, entries)
}

// cut is where a range of terms begins: in those that were, and in the groups that
// are added.
type cut struct{ term, group int }

// cutAdded cuts both at the same texts, into ranges of as much to read.
func cutAdded(terms []text.Term, added *foundWords, ranges int) []cut {
	cuts := make([]cut, ranges+1)
	for i := 1; i < ranges; i++ {
		at := i * len(terms) / ranges
		cuts[i] = cut{at, sort.Search(len(added.groups), func(g int) bool {
			return at < len(terms) && text.Compare(added.texts[added.groups[g].Term], terms[at].Text) >= 0
		})}
	}
	cuts[ranges] = cut{len(terms), len(added.groups)}
	return cuts
}

// reposted is what became of a range of terms: the postings of it, whose bitmaps are
// numbered from 0.
type reposted struct {
	postings
	terms []text.Term
	dense []int // where in packed the numbers of bitmaps stand

	old     *postings
	now     []uint32
	added   *foundWords
	entries int
	classes data.Mask // of the term at hand
	list    []uint32  // of the group at hand
	bitmap  []uint64  // all zero between groups
}

// run goes through the terms that were and the groups that are added, both in the
// order of the vocabulary.
func (r *reposted) run(terms []text.Term, from, to cut) {
	n, size := to.term-from.term, r.old.starts[to.term]-r.old.starts[from.term]
	r.starts, r.terms, r.packed = make([]uint32, 0, n+n/16), make([]text.Term, 0, n+n/16), make([]byte, 0, size+size/16)
	group := from.group
	addedOf := func() (of []text.Occurrence, term string) { // the next term
		end := group
		for end < to.group && r.added.groups[end].Term == r.added.groups[group].Term {
			end++
		}
		if of = r.added.groups[group:end]; len(of) > 0 {
			term = r.added.texts[of[0].Term]
		}
		return of, term
	}
	next, term := addedOf()
	for t := from.term; t < to.term; t++ {
		for len(next) > 0 && text.Compare(term, terms[t].Text) < 0 {
			r.term(term, absent, group, next)
			group += len(next)
			next, term = addedOf()
		}
		if len(next) > 0 && term == terms[t].Text {
			r.term(term, uint32(t), group, next)
			group += len(next)
			next, term = addedOf()
			continue
		}
		r.term(terms[t].Text, uint32(t), group, nil)
	}
	for len(next) > 0 {
		r.term(term, absent, group, next)
		group += len(next)
		next, term = addedOf()
	}
}

// term packs a term with the groups that it had, if it was there, and those that are
// added, the first of which has a number.
func (r *reposted) term(term string, old uint32, number int, added []text.Occurrence) {
	start := uint32(len(r.packed))
	r.classes = 0
	if old != absent {
		for g := range r.old.of(old) {
			for len(added) > 0 && comesBefore(&added[0], &g) {
				r.addGroup(&added[0], number)
				added, number = added[1:], number+1
			}
			r.renumber(&g)
			if len(added) > 0 && added[0].Class == g.class && added[0].Fields == g.fields {
				r.addGroup(&added[0], number) // to what stays of the same group
				added, number = added[1:], number+1
				continue
			}
			r.packList(g.class, g.fields)
		}
	}
	for i := range added {
		r.addGroup(&added[i], number+i)
	}
	if r.classes != 0 {
		r.starts = append(r.starts, start)
		r.terms = append(r.terms, text.Term{Text: term, Classes: r.classes})
	}
}

// addGroup packs what is in the list with the entries of a group that is added.
func (r *reposted) addGroup(g *text.Occurrence, number int) {
	r.list = append(r.list, r.added.of(number)...)
	r.packList(g.Class, g.Fields)
}

// packList packs what is in the list as a group of the term, if anything is.
func (r *reposted) packList(class data.Class, fields text.Fields) {
	if r.order(); len(r.list) > 0 {
		r.pack(text.Occurrence{Class: class, Fields: fields})
		r.classes |= 1 << class
	}
	r.list = r.list[:0]
}

// comesBefore is the order of the groups of a term.
func comesBefore(a *text.Occurrence, g *posting) bool {
	return a.Class < g.class || a.Class == g.class && a.Fields < g.fields
}

// renumber lists the entries of a group that stay, as they are now.
func (r *reposted) renumber(g *posting) {
	from := len(r.list)
	r.list = g.appendTo(r.list)
	stay := r.list[:from]
	for _, e := range r.list[from:] {
		if n := r.now[e]; n != absent {
			stay = append(stay, n)
		}
	}
	r.list = stay
}

// bySetting is from how many entries on a list is put in order by setting them in a
// bitmap: that costs what the bitmap costs to read.
const bySetting = 512

// order puts the list in order.
func (r *reposted) order() {
	switch {
	case slices.IsSorted(r.list):
	case len(r.list) < bySetting:
		slices.Sort(r.list)
	default:
		first, last := slices.Min(r.list)/64, slices.Max(r.list)/64
		for _, e := range r.list {
			r.bitmap[e/64] |= 1 << (e % 64)
		}
		r.list = r.list[:0]
		for i := first; i <= last; i++ {
			r.list = appendBits(r.list, int(i), r.bitmap[i])
			r.bitmap[i] = 0
		}
	}
}

// pack packs the list as a group, and remembers where it names a bitmap.
func (r *reposted) pack(g text.Occurrence) {
	bitmaps := len(r.bits)
	r.add(g, r.list, r.entries)
	if len(r.bits) > bitmaps {
		size := len(binary.AppendUvarint(nil, uint64(bitmaps/r.words)))
		r.dense = append(r.dense, len(r.packed)-size)
	}
}

// joined puts ranges one after the other, the numbers of bitmaps as they are then.
func joined(parts []reposted, entries int) (*postings, []text.Term) {
	all := &postings{words: (entries + 63) / 64}
	var terms []text.Term
	var packed, bits, starts int
	for i := range parts {
		packed, bits, starts = packed+len(parts[i].packed)+4*len(parts[i].dense), bits+len(parts[i].bits), starts+len(parts[i].starts)
	}
	all.packed, all.bits, all.starts = make([]byte, 0, packed), make([]uint64, 0, bits), make([]uint32, 0, starts+1)
	terms = make([]text.Term, 0, starts)
	for i := range parts {
		part := &parts[i]
		all.join(part)
		terms = append(terms, part.terms...)
		*part = reposted{} // memory to use again
	}
	all.starts = append(all.starts, uint32(len(all.packed)))
	return all, terms
}

// join appends a range.
func (p *postings) join(part *reposted) {
	bitmaps := uint64(len(p.bits) / max(p.words, 1))
	at := 0
	copyTo := func(end int) {
		p.packed = append(p.packed, part.packed[at:end]...)
		at = end
	}
	dense := part.dense
	upTo := func(end int) {
		for len(dense) > 0 && dense[0] < end {
			copyTo(dense[0])
			number, n := binary.Uvarint(part.packed[at:])
			p.packed = binary.AppendUvarint(p.packed, bitmaps+number)
			at, dense = at+n, dense[1:]
		}
		copyTo(end)
	}
	for _, start := range part.starts {
		upTo(int(start))
		p.starts = append(p.starts, uint32(len(p.packed)))
	}
	upTo(len(part.packed))
	p.bits = append(p.bits, part.bits...)
}
