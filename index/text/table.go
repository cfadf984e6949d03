package text

import (
	"encoding/binary"
	"errors"
	"sort"
)

// table is strings in their order, in one piece of memory.
type table struct {
	blob []byte
	ends []uint32
}

func (t *table) add(s string) {
	t.blob = append(t.blob, s...)
	t.ends = append(t.ends, uint32(len(t.blob)))
}

func (t *table) len() int { return len(t.ends) }

func (t *table) at(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.blob[start:t.ends[i]]
}

// search returns where a string stands, or would stand.
func (t *table) search(s string) (int, bool) {
	i := sort.Search(t.len(), func(i int) bool { return string(t.at(i)) >= s })
	return i, i < t.len() && string(t.at(i)) == s
}

// begin returns the range of what begins with a prefix.
func (t *table) begin(prefix string) (from, to int) {
	from, _ = t.search(prefix)
	n := sort.Search(t.len()-from, func(i int) bool {
		s := t.at(from + i)
		return string(s[:min(len(s), len(prefix))]) > prefix
	})
	return from, from + n
}

// groups is numbers under keys: the terms of a stem.
type groups struct {
	keys  table
	start []uint32 // of each key, in list
	list  []uint32
}

// add appends a number under a key that is not before the last.
func (g *groups) add(key string, number uint32) {
	if n := g.keys.len(); n == 0 || string(g.keys.at(n-1)) != key {
		g.keys.add(key)
		g.start = append(g.start, uint32(len(g.list)))
	}
	g.list = append(g.list, number)
}

func (g *groups) of(key string) []uint32 {
	i, ok := g.keys.search(key)
	switch {
	case !ok:
		return nil
	case i+1 < len(g.start):
		return g.list[g.start[i]:g.start[i+1]]
	}
	return g.list[g.start[i]:]
}

// numberBlock is how many numbers are packed together: what a look-up reads.
const numberBlock = 16

// numbers is terms in their order, each but the first of a block without what
// it has in common with the one before: its length in common, the length of the
// rest, the rest. There are millions of them and they are alike.
type numbers struct {
	count  int
	blocks []uint32 // where each begins
	packed []byte
}

var errNumbers = errors.New("numbers that do not add up")

// packNumbers packs terms of at most [maxBytes] that are in their order.
func packNumbers(terms []Term) *numbers {
	n := &numbers{count: len(terms)}
	for i, t := range terms {
		common := 0
		if i%numberBlock == 0 {
			n.blocks = append(n.blocks, uint32(len(n.packed)))
		} else {
			for last := terms[i-1].Text; common < min(len(last), len(t.Text)) && last[common] == t.Text[common]; common++ {
			}
		}
		n.packed = append(n.packed, byte(common), byte(len(t.Text)-common))
		n.packed = append(n.packed, t.Text[common:]...)
	}
	return n
}

// readNumbers checks what is packed, so that no look-up fails later.
func readNumbers(count int, packed []byte) (*numbers, error) {
	n := &numbers{count: count, packed: packed, blocks: make([]uint32, 0, count/numberBlock+1)}
	at, last := 0, 0
	for i := range count {
		if i%numberBlock == 0 {
			n.blocks, last = append(n.blocks, uint32(at)), 0
		}
		if at+2 > len(packed) || int(packed[at]) > last || at+2+int(packed[at+1]) > len(packed) ||
			int(packed[at])+int(packed[at+1]) > maxBytes {
			return nil, errNumbers
		}
		last = int(packed[at]) + int(packed[at+1])
		at += 2 + int(packed[at+1])
	}
	if at != len(packed) {
		return nil, errNumbers
	}
	return n, nil
}

// walk calls f with the numbers from the beginning of a block, until it returns
// false. What it is given is valid until the next one.
func (n *numbers) walk(block int, f func(i int, term []byte) bool) {
	if block >= len(n.blocks) {
		return
	}
	var term [maxBytes]byte
	at := int(n.blocks[block])
	for i := block * numberBlock; i < n.count; i++ {
		common, rest := int(n.packed[at]), int(n.packed[at+1])
		copy(term[common:], n.packed[at+2:at+2+rest])
		at += 2 + rest
		if !f(i, term[:common+rest]) {
			return
		}
	}
}

// from calls f with the numbers that are not before a term, in their order,
// until it returns false.
func (n *numbers) from(term string, f func(i int, term []byte) bool) {
	block := sort.Search(len(n.blocks), func(i int) bool { return string(n.head(i)) > term }) - 1
	n.walk(max(block, 0), func(i int, t []byte) bool { return string(t) < term || f(i, t) })
}

// head is the first number of a block.
func (n *numbers) head(block int) []byte {
	at := n.blocks[block]
	return n.packed[at+2 : at+2+uint32(n.packed[at+1])]
}

func (n *numbers) at(i int) string {
	text := ""
	n.walk(i/numberBlock, func(j int, term []byte) bool {
		text = string(term)
		return j < i
	})
	return text
}

func (n *numbers) search(term string) (int, bool) {
	at, found := 0, false
	n.from(term, func(i int, t []byte) bool {
		at, found = i, string(t) == term
		return false
	})
	return at, found
}

// masks are those of the terms, two bytes each.
type masks []byte

func (m masks) at(i uint32) uint16 { return binary.LittleEndian.Uint16(m[2*i:]) }
