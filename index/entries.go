package index

import (
	"math/bits"
	"slices"
)

// entrySet is some entries: a list in their order or, where they are many, a
// bitmap. It may lie in the memory of a file, and is never changed.
type entrySet struct {
	count  int // at most so many are in it
	list   []uint32
	bitmap []uint64 // nil where it is a list
}

// A set is a list up to so many entries, and up to one entry in so many of all:
// what is in a list is looked at one by one, and must be few. So of two sets the
// one with more entries is a bitmap if the other is.
const (
	listMost  = 64
	listShare = 256
)

// isList reports whether so many entries of all are a list; all is in words of 64.
func isList(count, words int) bool { return count <= max(listMost, 64*words/listShare) }

// has reports whether an entry is in the set.
func (s *entrySet) has(entry uint32) bool {
	if s.bitmap != nil {
		return s.bitmap[entry/64]>>(entry%64)&1 == 1
	}
	_, found := slices.BinarySearch(s.list, entry)
	return found
}

// both returns those of entries, which are in order and stay as they are, that
// are in the set: mostly few of them.
func (s *entrySet) both(entries []uint32) []uint32 {
	var kept []uint32
	for len(entries) > 0 {
		var chunk [64]uint32
		n := copy(chunk[:], entries)
		kept, entries = append(kept, s.keep(chunk[:n])...), entries[n:]
	}
	return kept
}

// keep leaves of entries, which are in order, those that are in the set.
func (s *entrySet) keep(entries []uint32) []uint32 {
	kept := entries[:0]
	if s.bitmap != nil {
		for _, e := range entries {
			if s.bitmap[e/64]>>(e%64)&1 == 1 {
				kept = append(kept, e)
			}
		}
		return kept
	}
	list := s.list
	for _, e := range entries {
		if list = from(list, e); len(list) == 0 {
			break
		}
		if list[0] == e {
			kept = append(kept, e)
		}
	}
	return kept
}

// from returns the part of a list that begins with an entry or what follows it,
// in steps that double: it is mostly near.
func from(list []uint32, entry uint32) []uint32 {
	step := 1
	for step < len(list) && list[step] < entry {
		step *= 2
	}
	at, _ := slices.BinarySearch(list[step/2:min(step+1, len(list))], entry)
	return list[step/2+at:]
}

// appendBits appends the entries of one word of a bitmap.
func appendBits(entries []uint32, word int, set uint64) []uint32 {
	for ; set != 0; set &= set - 1 {
		entries = append(entries, uint32(64*word+bits.TrailingZeros64(set)))
	}
	return entries
}

// bytes is how much memory the set takes at most.
func (s *entrySet) bytes() int { return 4*len(s.list) + 8*len(s.bitmap) }

// union returns what is in any of some sets, and how much memory that takes: none
// if it is one of them. Its count may be too great: what is in several is counted
// so often.
func union(sets []entrySet, words int) (all entrySet, size int) {
	if len(sets) == 1 {
		return sets[0], 0
	}
	count := 0
	var bitmap []uint64
	for i := range sets {
		count += sets[i].count
		if bitmap == nil && sets[i].bitmap != nil {
			bitmap = slices.Clone(sets[i].bitmap)
		}
	}
	if isList(count, words) {
		list := make([]uint32, 0, count)
		for i := range sets {
			list = append(list, sets[i].list...)
		}
		all = newList(list)
		return all, all.bytes()
	}
	if bitmap == nil {
		bitmap = make([]uint64, words)
	}
	for i := range sets {
		sets[i].setIn(bitmap)
	}
	all = entrySet{count: count, bitmap: bitmap}
	return all, all.bytes()
}

// newSet makes the set of groups. Its count may be too great, as that of a union.
func newSet(groups []pointed, words int) entrySet {
	count := countAll(groups)
	if isList(count, words) {
		list := make([]uint32, 0, count)
		for i := range groups {
			list = groups[i].appendTo(list)
		}
		return newList(list)
	}
	bitmap := make([]uint64, words)
	for i := range groups {
		groups[i].setIn(bitmap)
	}
	return entrySet{count: count, bitmap: bitmap}
}

// newList makes a set of entries in any order, some perhaps twice.
func newList(list []uint32) entrySet {
	if !slices.IsSorted(list) {
		slices.Sort(list)
	}
	list = slices.Compact(list)
	return entrySet{count: len(list), list: list}
}

// setIn sets the entries of the set in a bitmap.
func (s *entrySet) setIn(bitmap []uint64) {
	for i, w := range s.bitmap {
		bitmap[i] |= w
	}
	for _, e := range s.list {
		bitmap[e/64] |= 1 << (e % 64)
	}
}
