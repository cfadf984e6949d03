package index

import (
	"slices"

	"boussole/geo/kdtree"
)

// meanings looks up what the words of a question mean.
func (c *compiled) meanings() []wordSet {
	all := make([]wordSet, len(c.Words))
	for i := range c.Words {
		all[i] = c.g.meaning(&c.Words[i], c.mask)
	}
	return all
}

func (c *compiled) hasWords(entry uint32) bool {
	for i := range c.words {
		if !c.words[i].has(entry) {
			return false
		}
	}
	return true
}

// byCount puts the words first that the fewest entries carry.
func byCount(words []wordSet) []wordSet {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b wordSet) int { return a.count - b.count })
	return words
}

// chunkSize is how many entries are looked at together.
const chunkSize = 1024

// carryAll calls f with the entries that carry every word, in order, placed or
// not, some at a time; what it is given is valid until the next call.
func carryAll(words []wordSet, f func(entries []uint32)) {
	words = byCount(words)
	first, rest := &words[0], words[1:]
	chunk := make([]uint32, 0, min(first.count, chunkSize+64))
	if first.bitmap == nil {
		for list := first.list; len(list) > 0; {
			n := min(len(list), chunkSize)
			chunk, list = append(chunk[:0], list[:n]...), list[n:]
			for i := range rest {
				chunk = rest[i].keep(chunk)
			}
			f(chunk)
		}
		return
	}
	for i, bits := range first.bitmap { // the others are bitmaps too: they have more
		for j := range rest {
			bits &= rest[j].bitmap[i]
		}
		if chunk = appendBits(chunk, i, bits); len(chunk) >= chunkSize {
			f(chunk)
			chunk = chunk[:0]
		}
	}
	f(chunk)
}

// planWords looks at the entries that carry every word one by one, where one of
// the words is rare, and otherwise passes over what does not carry them all on
// the way through the tree of all: unless what the rest of the question is looked
// for in is less.
func (c *compiled) planWords(p *plan) {
	inPlan := len(p.entries)
	for _, t := range p.trees {
		inPlan += len(t.Items)
	}
	first := &c.words[0]
	for i := range c.words {
		if c.words[i].count < first.count {
			first = &c.words[i]
		}
	}
	switch {
	case first.count > inPlan:
	case first.bitmap != nil:
		*p = plan{trees: append(c.fewTrees[:0], &c.g.all), box: p.box, kindsSuit: !c.ofKind, byWords: true, why: "the tree of all, by its words"}
	default:
		*p = plan{entries: c.placedWith(first), wordsSuit: true, why: "the entries of words"}
	}
}

// placedWith lists those of the entries of a rare word that carry the others too
// and have a position.
func (c *compiled) placedWith(rare *wordSet) []uint32 {
	placed, _ := slices.BinarySearch(rare.list, uint32(c.g.placed())) // the others come last
	entries := rare.list[:placed:placed]
	for i := range c.words {
		if other := &c.words[i]; other != rare {
			entries = other.both(entries)
		}
	}
	return entries
}

// wordWalk goes through the tree of all, whose items are the entries in their
// order, and passes over what does not carry every word: what is below a box is a
// run of entries, and in the bitmaps of the words it is seen at once whether any
// of them carries all.
type wordWalk struct{ *nearest }

// Skip leaves out what carries not all of the words.
func (w wordWalk) Skip(level, child int, _ int64) bool {
	size := kdtree.FanOut << (4 * level)
	return !w.any(child*size, (child+1)*size)
}

// any reports whether an entry of a run carries all of the words. Runs are of
// sixteen times a power of sixteen, and begin at a multiple of it.
func (w wordWalk) any(from, to int) bool {
	words := w.words
	if to-from < 64 {
		return w.sixteen(from) != 0
	}
	for i := from / 64; i < min(to/64, len(words[0].bitmap)); i++ {
		bits := words[0].bitmap[i]
		for j := 1; j < len(words) && bits != 0; j++ {
			bits &= words[j].bitmap[i]
		}
		if bits != 0 {
			return true
		}
	}
	return false
}

// sixteen returns which of the sixteen entries from one on carry all of the
// words, a bit each.
func (w wordWalk) sixteen(from int) uint16 {
	bits := ^uint64(0)
	for j := range w.words {
		bits &= w.words[j].bitmap[from/64]
	}
	return uint16(bits >> (from % 64))
}

// Leaf considers what carries all of the words and is within the bound.
func (w wordWalk) Leaf(items []kdtree.Item) {
	bits := w.sixteen(int(ref(items[0].Entry).number()))
	for i := range items {
		item := &items[i]
		if bits>>i&1 == 0 {
			continue
		}
		if key := item.Point.Key(&w.walk.Origin); key <= w.walk.Bound {
			w.consider(item, key)
		}
	}
}

// walkWords does what the plan says where it is to go by the words.
func (k *nearest) walkWords() {
	k.wordsSuit = true
	k.walk.TreeBut(&k.s.all, wordWalk{k})
}
