package text

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"boussole/data"
	"boussole/index/memory"
)

// Term is one of the vocabulary: a term, and the classes with which any entry
// carries it.
type Term struct {
	Text    string
	Classes data.Mask
}

// Compare is the order of the vocabulary: words first, then what holds a digit
// or is a code; each by their bytes.
func Compare(a, b string) int {
	x, y := isNumber(a), isNumber(b)
	switch {
	case x == y:
		return strings.Compare(a, b)
	case x:
		return 1
	}
	return -1
}

// Order returns the indexes of terms in the order of [Compare]. It costs less
// than a microsecond a term.
func Order(terms []string) []uint32 {
	type keyed struct {
		head uint64 // the first bytes, which mostly decide
		term uint32
	}
	var words, numbers []keyed
	for i, t := range terms {
		var head [8]byte
		copy(head[:], t)
		k := keyed{binary.BigEndian.Uint64(head[:]), uint32(i)}
		if isNumber(t) {
			numbers = append(numbers, k)
		} else {
			words = append(words, k)
		}
	}
	order := make([]uint32, 0, len(terms))
	for _, part := range [][]keyed{words, numbers} {
		slices.SortFunc(part, func(a, b keyed) int {
			return cmp.Or(cmp.Compare(a.head, b.head), strings.Compare(terms[a.term], terms[b.term]))
		})
		for _, k := range part {
			order = append(order, k.term)
		}
	}
	return order
}

// Match is a term that a word of a question matches, by its number: its place
// in the order of [Compare].
type Match struct {
	Term uint32
	Tier Tier
}

// MaxMatches is how many terms a word matches at most: the first by tier, then
// the shortest in bytes, which do not count for numbers, then in the order of the
// vocabulary.
const MaxMatches = 1024

// From how many bytes on what is typed matches terms that begin with it.
const (
	minPrefix       = 2
	minNumberPrefix = 3
)

// Vocabulary is the distinct terms of a generation, as [Open] reads them. It
// does not change, and may be asked by many at once.
type Vocabulary struct {
	words   table
	numbers *numbers
	masks   masks
	indexed // of one that was read from a folder

	stems  groups
	sounds groups
	fuzzy  *fuzzy

	known memory.Memory[cacheKey, []Match]
}

// Len returns how many terms there are.
func (v *Vocabulary) Len() int { return v.words.len() + v.numbers.count }

// Words returns how many of them are words, the first ones.
func (v *Vocabulary) Words() int { return v.words.len() }

// Term returns the text of a term.
func (v *Vocabulary) Term(number uint32) string {
	if int(number) < v.words.len() {
		return string(v.words.at(int(number)))
	}
	return v.numbers.at(int(number) - v.words.len())
}

// Find returns the number of a term, and false where there is none. It knows
// nothing of who may see it.
func (v *Vocabulary) Find(term string) (uint32, bool) {
	if !isNumber(term) {
		i, ok := v.words.search(term)
		return uint32(i), ok
	}
	i, ok := v.numbers.search(term)
	return uint32(v.words.len() + i), ok
}

// Expand returns the terms that a word of a question matches and that some
// entry carries for the eyes of who asks, each once, with its best tier, in the
// order of [MaxMatches]. What is carried for others only takes no part: not in
// the bound, and not in the order. The result is shared and must not be changed.
//
// Other names take no part in it: for those of one term see [Vocabulary.Named].
// A number matches itself, and what begins with it while it is open. Of 300,000
// words it costs ten to thirty microseconds the first time, rarely some hundred,
// and less than one after that.
func (v *Vocabulary) Expand(w Word, visible data.Mask) []Match {
	key := newCacheKey(&w, visible)
	if found, ok := v.known.Get(key, maxRemembered); ok {
		return found
	}
	found := v.expand(&w, visible)
	v.known.Put(key, found, matchBytes*len(found), maxRemembered)
	return found
}

// Near returns the same but for terms of which only a beginning is some edits from a
// word that is being typed: to look for those costs several times more. What it
// returns is not remembered.
func (v *Vocabulary) Near(w Word, visible data.Mask) []Match {
	e := v.near(&w, visible)
	return e.ordered()
}

func (v *Vocabulary) expand(w *Word, visible data.Mask) []Match {
	e := v.near(w, visible)
	if w.Open && len(w.prefix()) >= minPrefix && !isNumber(w.Text) {
		v.fuzzy.begin(w.prefix(), &v.words, e.begun)
	}
	return e.ordered()
}

// near gathers what a word matches, but for what begins nearly like it.
func (v *Vocabulary) near(w *Word, visible data.Mask) expansion {
	e := expansion{v: v, visible: uint16(visible)}
	if term, ok := v.Find(w.Text); ok {
		e.add(term, 0, Exact) // the only one
	}
	if isNumber(w.Text) {
		if w.Open && len(w.prefix()) >= minNumberPrefix {
			e.numbers(w.prefix())
		}
		return e
	}
	e.forms(w)
	if w.Open && len(w.prefix()) >= minPrefix {
		e.begin(w.prefix())
	}
	v.fuzzy.search(w.Text, &v.words, func(term uint32, edits int) {
		if edits == 1 {
			e.addWord(term, OneEdit)
		} else {
			e.addWord(term, TwoEdits)
		}
	})
	if key := PhoneticKey(w.Text); key != "" {
		e.addAll(v.sounds.of(key), Phonetic)
	}
	return e
}

// Named returns the terms by which a term of another name of something is found:
// itself and its forms, as [Word].Names tells, for the eyes of who asks.
func (v *Vocabulary) Named(term string, visible data.Mask) []Match {
	e := expansion{v: v, visible: uint16(visible)}
	if i, ok := v.Find(term); ok {
		e.add(i, len(term), Means)
	}
	if !isNumber(term) {
		e.addAll(v.stems.of(Stem(term)), Means)
	}
	return e.ordered()
}

// expansion gathers what a word matches, some terms more than once.
type expansion struct {
	v       *Vocabulary
	visible uint16
	found   []uint64 // term, tier and length of each
}

// seen reports whether the term exists for who asks.
func (e *expansion) seen(term uint32) bool { return e.v.masks.at(term)&e.visible != 0 }

func (e *expansion) add(term uint32, size int, t Tier) {
	if e.seen(term) {
		e.found = append(e.found, uint64(term)<<32|uint64(t)<<16|uint64(size))
	}
}

func (e *expansion) addWord(term uint32, t Tier) { e.add(term, len(e.v.words.at(int(term))), t) }

func (e *expansion) addAll(terms []uint32, t Tier) {
	for _, term := range terms {
		e.addWord(term, t)
	}
}

// forms adds the words of the same stem, and the word written in one with its
// neighbours.
func (e *expansion) forms(w *Word) {
	e.addAll(e.v.stems.of(Stem(w.Text)), Form)
	for _, joined := range w.Joined {
		if i, ok := e.v.words.search(joined); ok {
			e.addWord(uint32(i), Form)
		}
		e.addAll(e.v.stems.of(Stem(joined)), Form)
	}
}

// begin adds the words that begin with a prefix: the shortest ones, as many as
// can be among the first.
func (e *expansion) begin(prefix string) {
	from, to := e.v.words.begin(prefix)
	var lengths [4*MaxLetters + 1]int
	for i := from; i < to; i++ {
		if e.seen(uint32(i)) {
			lengths[len(e.v.words.at(i))]++
		}
	}
	longest, left := longestOf(lengths[:], MaxMatches)
	for i := from; i < to; i++ {
		n := len(e.v.words.at(i))
		if n > longest || !e.seen(uint32(i)) {
			continue
		}
		if n == longest {
			if left == 0 {
				continue
			}
			left--
		}
		e.add(uint32(i), n, Prefix)
	}
}

// begun adds words of which a beginning is so many edits from what is typed; none
// is for [expansion.begin].
func (e *expansion) begun(from, to, edits int) {
	tier := BegunOneEdit
	switch edits {
	case 0:
		return
	case 2:
		tier = BegunTwoEdits
	}
	for i := from; i < to; i++ {
		e.addWord(uint32(i), tier)
	}
}

// longestOf returns up to which length terms fit into a number of them, and how
// many of that length.
func longestOf(lengths []int, most int) (longest, left int) {
	for n, count := range lengths {
		if count >= most {
			return n, most
		}
		most -= count
	}
	return len(lengths), 0
}

// numbers adds the first numbers that begin with a prefix.
func (e *expansion) numbers(prefix string) {
	e.v.numbers.from(prefix, func(i int, term []byte) bool {
		if !bytes.HasPrefix(term, []byte(prefix)) || len(e.found) > MaxMatches {
			return false
		}
		e.add(uint32(e.v.words.len()+i), 0, Prefix)
		return true
	})
}

// ordered returns what was found, each term once: by term for its best tier, and
// by tier, length and term then.
func (e *expansion) ordered() []Match {
	slices.Sort(e.found)
	e.found = slices.CompactFunc(e.found, func(a, b uint64) bool { return a>>32 == b>>32 })
	for i, f := range e.found {
		e.found[i] = f<<32 | f>>32
	}
	slices.Sort(e.found)
	matches := make([]Match, min(len(e.found), MaxMatches))
	for i := range matches {
		matches[i] = Match{uint32(e.found[i]), Tier(e.found[i] >> 48)}
	}
	return matches
}
