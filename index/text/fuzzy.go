package text

import (
	"math/bits"
	"slices"
	"unicode/utf8"

	"boussole/index/spelling"
)

// From how many letters of a word on terms at one and at two edits match it.
const (
	oneEditLetters  = 4
	twoEditsLetters = 8
)

// fuzzy finds the terms at a few edits from a word: a letter more, less or other,
// or two neighbours exchanged, no letter touched twice (optimal string alignment,
// as in the Levenshtein automata of bleve).
//
// A term is cut into one piece more than edits are allowed, so one of them stands
// unchanged in the word, at most as many letters further as there are edits. A
// letter between two pieces is left out, so that an exchange of neighbours does
// not break two of them. What has such a piece and about the same letters is
// compared: a hundred terms or a thousand instead of all.
type fuzzy struct {
	one, two pieces
	others   []uint32 // terms that are not in a to z: each is compared
}

// allowed returns how many edits of a word of so many letters are forgiven.
func allowed(letters int) int {
	switch {
	case letters >= twoEditsLetters:
		return 2
	case letters >= oneEditLetters:
		return 1
	}
	return 0
}

func newFuzzy(words *table) *fuzzy {
	var f fuzzy
	var one, two []piece
	for i := range words.len() {
		term := words.at(i)
		if !ascii(string(term)) {
			f.others = append(f.others, uint32(i))
			continue
		}
		e := entry{term: uint32(i), letters: letterSet(term)}
		if n := len(term); n >= oneEditLetters-1 && n <= twoEditsLetters {
			one = appendPieces(one, term, 2, e)
		}
		if len(term) >= twoEditsLetters-2 {
			two = appendPieces(two, term, 3, e)
		}
	}
	f.one, f.two = newPieces(one), newPieces(two)
	return &f
}

// piece is one piece of a term, on the way into pieces.
type piece struct {
	key uint32
	entry
}

// entry is a term that has a piece, and which letters it has.
type entry struct {
	term, letters uint32
}

// pieces is the terms by their pieces. tops is where the keys begin that share
// their upper bits.
type pieces struct {
	keys    []uint32
	start   []uint32
	entries []entry
	tops    []uint32
}

const topBits = 14

func newPieces(all []piece) pieces {
	slices.SortFunc(all, func(a, b piece) int {
		if a.key != b.key {
			if a.key < b.key {
				return -1
			}
			return 1
		}
		return int(a.term) - int(b.term)
	})
	p := pieces{entries: make([]entry, len(all)), tops: make([]uint32, 1<<topBits+1)}
	for i, e := range all {
		if i == 0 || e.key != all[i-1].key {
			p.keys, p.start = append(p.keys, e.key), append(p.start, uint32(i))
			p.tops[e.key>>(32-topBits)+1] = uint32(len(p.keys))
		}
		p.entries[i] = e.entry
	}
	for i := 1; i < len(p.tops); i++ {
		p.tops[i] = max(p.tops[i], p.tops[i-1])
	}
	p.start = append(p.start, uint32(len(all)))
	return p
}

// of returns the terms with a piece of that key, and perhaps others.
func (p *pieces) of(key uint32) []entry {
	top := key >> (32 - topBits)
	from, to := p.tops[top], p.tops[top+1]
	i, ok := slices.BinarySearch(p.keys[from:to], key)
	if !ok {
		return nil
	}
	return p.entries[p.start[int(from)+i]:p.start[int(from)+i+1]]
}

// bounds returns where a piece of a term of n letters is cut, of so many.
func bounds(n, piece, of int) (from, to int) {
	size, longer := (n-of+1)/of, (n-of+1)%of
	from = piece*(size+1) + min(piece, longer)
	to = from + size
	if piece < longer {
		to++
	}
	return from, to
}

// pieceKey is a hash of a piece, its place and the length of the term.
func pieceKey(n, piece int, letters []byte) uint32 {
	place := [2]byte{byte(n), byte(piece)}
	h := spelling.Add(spelling.HashOf(place[:]), letters)
	return uint32(h) * 2654435769 // its upper bits are the directory
}

func appendPieces(all []piece, term []byte, of int, e entry) []piece {
	for i := range of {
		from, to := bounds(len(term), i, of)
		all = append(all, piece{pieceKey(len(term), i, term[from:to]), e})
	}
	return all
}

// letterSet is which letters a word has, a bit each; what is no letter from a
// to z has none.
func letterSet(word []byte) (set uint32) {
	for _, c := range word {
		if c >= 'a' && c <= 'z' {
			set |= 1 << (c - 'a')
		}
	}
	return set
}

// search calls add with the terms at one edit from a word, or two if they are
// allowed, some perhaps twice.
func (f *fuzzy) search(word string, words *table, add func(term uint32, edits int)) {
	letters := []rune(word)
	most := allowed(len(letters))
	if most == 0 || len(letters) > MaxLetters {
		return
	}
	for _, term := range f.others {
		if d := distance(letters, []rune(string(words.at(int(term)))), most); d > 0 && d <= most {
			add(term, d)
		}
	}
	p := &f.one
	if most == 2 {
		p = &f.two
	}
	q := plain(letters)
	a := spelling.NewAligner(q)
	set := letterSet(q)
	for n := max(len(q)-most, 1); n <= len(q)+most; n++ {
		shorter := len(q) - n
		differ := 2*most - abs(shorter) // letters that only one of the two has
		for i := range most + 1 {
			from, to := bounds(n, i, most+1)
			for shift := -most; shift <= most; shift++ {
				if abs(shift)+abs(shorter-shift) > most || from+shift < 0 || to+shift > len(q) {
					continue
				}
				for _, e := range p.of(pieceKey(n, i, q[from+shift:to+shift])) {
					if bits.OnesCount32(e.letters^set) > differ {
						continue
					}
					if d := spelling.Distance(a, words.at(int(e.term))); d > 0 && d <= most {
						add(e.term, d)
					}
				}
			}
		}
	}
}

// plain writes a word a byte a letter; one that is not in ASCII is like none.
func plain(letters []rune) []byte {
	q := make([]byte, len(letters))
	for i, r := range letters {
		q[i] = spelling.NoLetter
		if r < utf8.RuneSelf {
			q[i] = byte(r)
		}
	}
	return q
}

func abs(n int) int { return max(n, -n) }

// distance is the same for any letters, by the matrix, and most+1 where it is
// plain that it is more.
func distance(a, b []rune, most int) int {
	if abs(len(a)-len(b)) > most {
		return most + 1
	}
	var older, old, row [MaxLetters + 1]int
	for j := range len(b) + 1 {
		old[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, old = old, row
	}
	return old[len(b)]
}
