package index

import (
	"hash/maphash"
	"slices"

	"boussole/data"
)

// rows is a list that is never copied while it grows: a builder does not know how
// many are to come, and what grows by copying moves every row some five times.
type rows[T any] struct {
	blocks []*[rowBlock]T
	n      int
}

const rowBlock = 1024

func (r *rows[T]) add(row T) {
	if r.n%rowBlock == 0 {
		r.blocks = append(r.blocks, new([rowBlock]T))
	}
	r.blocks[r.n/rowBlock][r.n%rowBlock] = row
	r.n++
}

func (r *rows[T]) at(i uint32) *T { return &r.blocks[i/rowBlock][i%rowBlock] }

// arena keeps short lists one after the other, in blocks that are not copied either.
type arena[T any] struct{ blocks [][]T }

const arenaBlock = 1 << 16

// inArena is where a list lies.
type inArena struct{ block, from, to uint32 }

func (a *arena[T]) add(list []T) inArena {
	last := len(a.blocks) - 1
	if last < 0 || cap(a.blocks[last])-len(a.blocks[last]) < len(list) {
		a.blocks = append(a.blocks, make([]T, 0, max(arenaBlock, len(list))))
		last++
	}
	block := &a.blocks[last]
	from := len(*block)
	*block = append(*block, list...)
	return inArena{uint32(last), uint32(from), uint32(len(*block))}
}

func (a *arena[T]) at(i inArena) []T { return a.blocks[i.block][i.from:i.to] }

// numbering numbers things in the order in which they first come, by a hash of
// each. The things themselves lie with whoever asks, who says which one is meant:
// a key of all that a thing holds need not be written out to look it up.
type numbering struct {
	slots  []uint32 // one more than a number; 0 is free. A power of two, half of them at most taken
	hashes []uint64 // of the things, by their numbers
}

// find returns the number of the thing with this hash that is the one.
func (n *numbering) find(hash uint64, is func(number uint32) bool) (number uint32, found bool) {
	for at := hash; len(n.slots) > 0; at++ {
		slot := n.slots[at&uint64(len(n.slots)-1)]
		if slot == 0 {
			break
		}
		if n.hashes[slot-1] == hash && is(slot-1) {
			return slot - 1, true
		}
	}
	return 0, false
}

// add gives the next number to a thing that was not found.
func (n *numbering) add(hash uint64) uint32 {
	n.hashes = append(n.hashes, hash)
	number := uint32(len(n.hashes))
	if 2*len(n.hashes) > len(n.slots) {
		n.slots = make([]uint32, max(64, 2*len(n.slots)))
		for i, h := range n.hashes {
			n.put(h, uint32(i+1))
		}
	} else {
		n.put(hash, number)
	}
	return number - 1
}

func (n *numbering) put(hash uint64, slot uint32) {
	for at := hash; ; at++ {
		if s := &n.slots[at&uint64(len(n.slots)-1)]; *s == 0 {
			*s = slot
			return
		}
	}
}

// mix takes one more word into a hash.
func mix(hash, word uint64) uint64 {
	hash = (hash ^ word) * 0x9e3779b97f4a7c15 // odd, of the golden ratio: Knuth, 6.4
	return hash ^ hash>>29
}

// codeNumbers numbers codes.
type codeNumbers struct {
	numbering
	list []data.Code
}

// codeSeed differs from run to run; the numbers do not.
var codeSeed = maphash.MakeSeed()

func (n *codeNumbers) number(c data.Code) uint32 {
	hash := maphash.String(codeSeed, string(c))
	number, found := n.find(hash, func(i uint32) bool { return n.list[i] == c })
	if !found {
		number = n.add(hash)
		n.list = append(n.list, c)
	}
	return number
}

// interner does the same with what has no hash of its own.
type interner[T comparable] struct {
	numbers map[T]uint32
	list    []T
}

func (in *interner[T]) number(thing T) uint32 {
	number, ok := in.numbers[thing]
	if !ok {
		if in.numbers == nil {
			in.numbers = make(map[T]uint32)
		}
		number = uint32(len(in.list))
		in.numbers[thing] = number
		in.list = append(in.list, thing)
	}
	return number
}

// keyed is a thing, by its number, with what it is sorted by.
type keyed struct {
	key uint64
	of  uint32
}

// sortKeyed sorts by key, what is equal as it came: byte by byte, the last one first
// (LSD radix sort), and passes over the bytes that are the same in all. A tenth of
// the time that comparing takes for a million.
func sortKeyed(list []keyed) []keyed {
	var counts [8][256]uint32
	for i := range list {
		for digit := range counts {
			counts[digit][byte(list[i].key>>(8*digit))]++
		}
	}
	other := make([]keyed, len(list))
	for digit := range counts {
		count := &counts[digit]
		if len(list) == 0 || count[byte(list[0].key>>(8*digit))] == uint32(len(list)) {
			continue
		}
		next := uint32(0)
		for i, n := range count {
			count[i] = next
			next += n
		}
		for i := range list {
			at := &count[byte(list[i].key>>(8*digit))]
			other[*at] = list[i]
			*at++
		}
		list, other = other, list
	}
	return list
}

// sameHours reports whether two hours say the same. What they are made of is
// written out, so that a new part of them does not go unnoticed: it does not compile.
func sameHours(a, b *data.Hours) bool {
	x := (*struct {
		Weekly     []data.Opening
		Exceptions []data.Exception
		Closures   []data.Period
	})(a)
	return slices.Equal(x.Weekly, b.Weekly) && slices.Equal(x.Closures, b.Closures) &&
		slices.EqualFunc(x.Exceptions, b.Exceptions, sameException)
}

func sameException(a, b data.Exception) bool {
	x := struct {
		Days  data.Period
		Spans []data.Span
		Label string
	}(a)
	return x.Days == b.Days && x.Label == b.Label && slices.Equal(x.Spans, b.Spans)
}

// hashHours is the same for hours that say the same.
func hashHours(h *data.Hours) uint64 {
	hash := uint64(len(h.Weekly))
	for i := range h.Weekly {
		o := &h.Weekly[i]
		hash = mix(hash, uint64(o.Days)|uint64(o.Kind)<<8|uint64(uint16(o.From))<<16|uint64(uint16(o.To))<<32)
		hash = mixPeriod(hash, o.Effective)
	}
	for i := range h.Exceptions {
		hash = mixPeriod(hash, h.Exceptions[i].Days)
	}
	for _, p := range h.Closures {
		hash = mixPeriod(hash, p)
	}
	return hash
}

func mixPeriod(hash uint64, p data.Period) uint64 {
	return mix(hash, uint64(uint32(p.From))|uint64(uint32(p.To))<<32)
}
