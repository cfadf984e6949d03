package suggest

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"boussole/data"
	"boussole/index/spelling"
)

// mostAsked bounds what is remembered of the words that were asked for, in bytes,
// and matchBytes is what a match takes of it.
const (
	mostAsked  = 8 << 20
	matchBytes = 8
)

// askedKey is all that the names' words for a word of a question depend on.
type askedKey struct {
	word string
	last bool
	mask data.Mask
}

// asked is what a word may be, which is remembered: most words are asked for again
// and again, by this one or by the next letter of another.
func (x *NameIndex) asked(word string, mask data.Mask, last bool) askedWord {
	last = last && len(word) < alwaysBegun
	key := askedKey{word, last, mask}
	if a, ok := x.known.Get(key, mostAsked); ok {
		return a
	}
	a := x.ask(word, mask, last)
	key.word = strings.Clone(word)
	x.known.Put(key, a, len(word)+matchBytes*len(a.matches), mostAsked)
	return a
}

// askedWord is a word of a question and the words of names that it may be.
type askedWord struct {
	weight  float32
	first   byte
	letters int
	exact   bool
	names   int         // that have one of the matches, those of several counted so often
	least   float32     // the weight of the match that weighs least
	best    float32     // the quality of the best match
	heavy   float32     // the weight of the match that weighs most; of one that stands for a whole name, more than any
	short   bool        // a match is what some name is called by its first letters
	matches []nameMatch // ascending by word; shared
}

// quality returns how well the word asked is that one, 0 for not at all.
func (a *askedWord) quality(word int32) float32 {
	i, ok := slices.BinarySearchFunc(a.matches, word, func(m nameMatch, w int32) int { return cmp.Compare(m.word, w) })
	if !ok {
		return 0
	}
	return a.matches[i].quality
}

type nameMatch struct {
	word    int32
	quality float32
}

// alwaysBegun is from how many letters on a word may be the beginning of a longer one
// wherever it stands, and not only as the last.
const alwaysBegun = 5

// ask finds what a word may be among the words that the mask sees in use.
func (x *NameIndex) ask(word string, mask data.Mask, last bool) askedWord {
	a := askedWord{weight: weightOfName(word), first: word[0], letters: len(word)}
	first, ok := x.sorted.find(word)
	if ok && x.masks[first]&mask != 0 {
		a.exact = true
		a.matches = append(a.matches, nameMatch{int32(first), 1})
	}
	if last && len(word) >= 3 && (!a.exact || len(word) >= 4) || len(word) >= alwaysBegun {
		for i := first; i < len(x.words) && strings.HasPrefix(x.words[i], word) && len(a.matches) < 200; i++ {
			if x.words[i] != word && x.masks[i]&mask != 0 {
				a.matches = append(a.matches, nameMatch{int32(i), 0.6 + 0.35*float32(len(word))/float32(len(x.words[i]))})
			}
		}
	}
	if !a.exact && len(word) >= 4 {
		a.matches = x.misspelt(a.matches, word, mask)
		a.matches = x.alike(a.matches, word, mask)
	}
	slices.SortFunc(a.matches, func(m, n nameMatch) int {
		return cmp.Or(cmp.Compare(m.word, n.word), cmp.Compare(n.quality, m.quality))
	})
	a.matches = slices.Clip(slices.CompactFunc(a.matches, func(m, n nameMatch) bool { return m.word == n.word }))
	a.least = 1
	for _, m := range a.matches {
		a.names += len(x.postings[m.word])
		a.least, a.best = min(a.least, x.weights[m.word]), max(a.best, m.quality)
		a.heavy = max(a.heavy, x.weights[m.word])
		a.short = a.short || x.initialism[m.word]
	}
	if a.short {
		a.heavy = heaviest
	}
	return a
}

// alike adds the words that sound like a word of five letters or more.
func (x *NameIndex) alike(found []nameMatch, word string, mask data.Mask) []nameMatch {
	if len(word) < 5 || word[0] >= '0' && word[0] <= '9' {
		return found
	}
	heard := soundOf(word)
	i, _ := slices.BinarySearchFunc(x.heard, heard, func(h heardWord, s spelling.Hash) int { return cmp.Compare(h.sound, s) })
	for ; i < len(x.heard) && x.heard[i].sound == heard; i++ {
		w := x.heard[i].word
		if x.masks[w]&mask != 0 && sound(x.words[w]) == sound(word) { // not by the chance of a hash
			found = append(found, nameMatch{w, 0.8})
		}
	}
	return found
}

// misspelt adds the words that a word is one letter away from, two from eight.
func (x *NameIndex) misspelt(found []nameMatch, word string, mask data.Mask) []nameMatch {
	if len(word) >= mostLetters {
		return found
	}
	allowed, asked := editsAllowed(word), spelling.NewAligner(word)
	m := letters(word)
	for n := max(4, len(word)-allowed); n <= min(len(word)+allowed, len(x.lengths)-1); n++ {
		for _, w := range x.lengths[n] {
			i := w.number
			if bits.OnesCount32(w.letters^m) > 2*allowed || x.masks[i]&mask == 0 {
				continue
			}
			if d := spelling.Distance(asked, x.words[i]); d <= allowed && d > 0 {
				q := 0.92 - 0.1*float32(d)
				if word[0] != x.words[i][0] {
					q -= 0.1
				}
				found = append(found, nameMatch{i, q})
			}
		}
	}
	return found
}
