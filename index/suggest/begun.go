package suggest

import (
	"math/bits"
	"slices"
)

// begun is what is typed of a name so far: words that it must have, and the
// beginning of another word of it.
type begun struct {
	typed    []int32 // whole words, in the order in which they are typed
	from, to int32   // the words that the last begins
	short    int32   // and one that it is written short for, -1 for none
}

// begin looks typed words up among sorted ones; false where a whole one is not
// there, or nothing begins with the last.
func begin(words *sortedWords, typed []string, last string) (begun, bool) {
	b := begun{short: -1}
	for _, w := range typed {
		i, ok := words.find(w)
		if !ok {
			return b, false
		}
		b.typed = append(b.typed, int32(i))
	}
	from, to := words.begun(last)
	b.from, b.to = int32(from), int32(to)
	return b, to > from
}

// begins reports whether a word may be what the last one becomes: one that is
// typed whole already is not.
func (b *begun) begins(word int32) bool {
	return (word >= b.from && word < b.to || word == b.short) && !slices.Contains(b.typed, word)
}

// mostCarriers bounds how many names are looked at: of more that carry what is
// typed, the first in the order of names that may be seen.
const mostCarriers = 512

// farMore is how many times longer the lists of what the last word begins must be
// than the shortest list of a whole one, for the latter to be walked.
const farMore = 2

// carriers calls hit with the names that have a word that the last begins, and
// each that is typed, in ascending order, until it returns false. The names are
// those of the shortest list; has, which is asked of few, knows the words of a
// name. It costs some ten nanoseconds for each name of that list.
func (b *begun) carriers(postings [][]int32, marks *marks, has, hit func(name int32) bool) {
	rarest, total := []int32(nil), 0
	for i, w := range b.typed {
		if i == 0 || len(postings[w]) < len(rarest) {
			rarest = postings[w]
		}
	}
	b.each(func(word int32) { total += len(postings[word]) })
	if len(b.typed) > 0 && total > farMore*len(rarest) {
		for _, name := range rarest {
			if has(name) && !hit(name) {
				return
			}
		}
		return
	}
	b.each(func(word int32) {
		if len(b.typed) == 0 {
			for _, name := range postings[word] {
				marks.set(name)
			}
			return
		}
		inBoth(postings[word], rarest, func(name int32) {
			if len(b.typed) == 1 || has(name) {
				marks.set(name)
			}
		})
	})
	marks.drain(hit)
}

// each calls do with the words that the last may be.
func (b *begun) each(do func(word int32)) {
	for w := b.from; w < b.to; w++ {
		if b.begins(w) {
			do(w)
		}
	}
	if b.short >= 0 && (b.short < b.from || b.short >= b.to) && b.begins(b.short) {
		do(b.short)
	}
}

// inBoth calls do with what is in two ascending lists, in time that grows with
// the shorter one.
func inBoth(a, b []int32, do func(int32)) {
	if len(a) > len(b) {
		a, b = b, a
	}
	for _, n := range a {
		step := 1
		for step < len(b) && b[step] < n {
			step *= 2
		}
		i, ok := slices.BinarySearch(b[step/2:min(step+1, len(b))], n)
		if ok {
			do(n)
		}
		if b = b[step/2+i:]; len(b) == 0 {
			return
		}
	}
}

// marks is a set of numbers that is emptied in their order.
type marks struct {
	words       []uint64
	first, last int32 // of the words that have some
}

func newMarks(n int) *marks {
	return &marks{words: make([]uint64, n/64+1), first: int32(n/64 + 1), last: -1}
}

func (m *marks) set(n int32) {
	w := n / 64
	m.words[w] |= 1 << (n % 64)
	m.first, m.last = min(m.first, w), max(m.last, w)
}

// drain calls hit with every number until it returns false; nothing is left then.
func (m *marks) drain(hit func(int32) bool) {
	more := true
	for w := m.first; w <= m.last; w++ {
		for rest := m.words[w]; rest != 0 && more; rest &= rest - 1 {
			more = hit(w*64 + int32(bits.TrailingZeros64(rest)))
		}
		m.words[w] = 0
	}
	m.first, m.last = int32(len(m.words)), -1
}
