// Package spelling tells how far apart words are spelt, and gives letters a number.
//
// It refuses to know what words mean, and which of them there are.
package spelling

// FNV-1a, of 32 bits (Fowler, Noll, Vo: draft-eastlake-fnv).
const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// Hash is a hash of letters: the same on every machine and for ever, so that it
// may be kept in files.
type Hash uint32

// NoLetters is the hash that letters are added to.
const NoLetters Hash = fnvOffset

// HashOf returns the hash of letters.
func HashOf[T string | []byte](letters T) Hash { return Add(NoLetters, letters) }

// Add returns the hash of letters that stand behind those of another hash.
func Add[T string | []byte](h Hash, letters T) Hash {
	for i := range len(letters) {
		h = (h ^ Hash(letters[i])) * fnvPrime
	}
	return h
}

// MaxLetters is how many letters a word has at most that an [Aligner] measures from.
const MaxLetters = 64

// NoLetter in a word is like no letter of another.
const NoLetter = 0xff

// Aligner measures how far words are from one: a letter more, less or other, or two
// neighbours exchanged, no letter touched twice (optimal string alignment). All
// rows of the matrix are kept in a word at once (H. Hyyrö, A Bit-Vector Algorithm
// for Computing Levenshtein and Damerau Edit Distances, 2003). The zero Aligner
// measures from no letters.
type Aligner struct {
	length int
	equal  [256]uint64 // of each letter, where it stands
}

// NewAligner measures from a word of at most [MaxLetters] bytes, one a letter.
func NewAligner[T string | []byte](word T) *Aligner {
	a := &Aligner{length: len(word)}
	for i := range len(word) {
		if c := word[i]; c != NoLetter {
			a.equal[c] |= 1 << i
		}
	}
	return a
}

// Distance returns how far a term is from the word of an aligner. It costs some
// nanoseconds for each letter of the term.
func Distance[T string | []byte](a *Aligner, term T) int {
	if a.length == 0 {
		return len(term)
	}
	const all = ^uint64(0)
	vp, vn, d0, before := all, uint64(0), uint64(0), uint64(0)
	last, d := uint64(1)<<(a.length-1), a.length
	for i := range len(term) {
		here := a.equal[term[i]]
		exchanged := ((^d0 & here) << 1) & before
		d0 = (((here & vp) + vp) ^ vp) | here | vn | exchanged
		hp := vn | ^(d0 | vp)
		hn := d0 & vp
		if hp&last != 0 {
			d++
		}
		if hn&last != 0 {
			d--
		}
		hp = hp<<1 | 1
		hn <<= 1
		vp = hn | ^(d0 | hp)
		vn = hp & d0
		before = here
	}
	return d
}
