package suggest

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"boussole/index/memory"
	"boussole/index/spelling"
)

// class is how much a word says.
type class uint8

const (
	strong    class = iota // names a thing
	generic                // says what kind of place or person is wanted: half
	neutral                // when, where, how much: no reproach when left out
	empty                  // dropped
	foreign                // of other worlds
	elsewhere              // everyday, and of no use to the lexicon
)

var weights = [...]float32{strong: 1, generic: 0.5, neutral: 0.25, foreign: 1, elsewhere: 1}

// vocabulary holds the words of the lexicon, and finds those that a word typed
// may be.
type vocabulary struct {
	ids    map[string]int32 // by canonical form
	words  []string
	class  []class
	sounds map[string][]int32

	// writings are the forms in which words are typed, sorted: of one word
	// there may be several, "douleur" and "maux".
	writings []writing
	lengths  [mostLetters][]shape // by how many letters they have, those that may be misspelt
	exact    map[string]int32     // by folded form
	stems    map[string]int32     // by what is left without endings, plus one
	endings  map[string]int32     // the same, with doubled letters

	joined  map[string]int32 // several words that are one: "sage femme"
	longest map[string]int   // words of the longest of them, by the first

	guessed memory.Memory[guessKey, []candidate]
}

// shape is which letters one of several words has.
type shape struct {
	letters uint32
	number  int32
}

// mostGuessed bounds what is remembered of words that are not known, in bytes, and
// candidateBytes is what a candidate takes of it.
const (
	mostGuessed    = 8 << 20
	candidateBytes = 8
)

// guessKey is all that a guess depends on.
type guessKey struct {
	form    string
	growing bool
}

// writing is one form of a word.
type writing struct {
	text    string
	word    int32
	letters uint32 // which letters it has
}

// candidate is a word that a typed one may be.
type candidate struct {
	word    int32
	quality float32 // 1 is exactly this one
}

func letters(text string) uint32 {
	var m uint32
	for i := range len(text) {
		m |= 1 << (text[i] & 31)
	}
	return m
}

// add makes a canonical word known, of a class unless it has one.
func (v *vocabulary) add(word string, c class) int32 {
	if id, ok := v.ids[word]; ok {
		return id
	}
	id := int32(len(v.words))
	v.ids[word] = id
	v.words = append(v.words, word)
	v.class = append(v.class, c)
	return id
}

// write says that a folded form means a word.
func (v *vocabulary) write(form string, word int32) {
	if _, taken := v.exact[form]; !taken {
		v.exact[form] = word
	}
	if c := v.class[word]; c == foreign || c == elsewhere { // "poule" has nothing of "pouls"
		if _, taken := v.exact[form+"s"]; !taken && len(form) > 3 {
			v.exact[form+"s"] = word
		}
		return
	}
	if len(form) > 3 && v.class[word] != empty && v.class[word] != neutral {
		if s := stem(form); v.stems[s] == 0 {
			v.stems[s] = word + 1
		}
		if s := withoutEndings(form, true); v.endings[s] == 0 {
			v.endings[s] = word + 1
		}
		v.writings = append(v.writings, writing{form, word, letters(form)})
	}
}

// finish sorts what is searched.
func (v *vocabulary) finish() {
	slices.SortFunc(v.writings, func(a, b writing) int { return strings.Compare(a.text, b.text) })
	v.writings = slices.CompactFunc(v.writings, func(a, b writing) bool { return a.text == b.text })
	v.sounds = make(map[string][]int32)
	for i, w := range v.writings {
		if s := sound(w.text); s != "" && v.class[w.word] <= generic {
			v.sounds[s] = append(v.sounds[s], int32(i))
		}
		if n := len(w.text); n < mostLetters && v.class[w.word] <= neutral {
			v.lengths[n] = append(v.lengths[n], shape{w.letters, int32(i)})
		}
	}
}

// known returns the word of a folded form, or of one with another ending. Doubled
// letters tell words apart that everybody says: "mousse" is no form of "mou".
func (v *vocabulary) known(form string) (int32, bool) {
	if id, ok := v.exact[form]; ok {
		return id, true
	}
	if len(form) <= 3 {
		return 0, false
	}
	id := v.stems[stem(form)]
	if id > 0 && everyday()[form] {
		id = v.endings[withoutEndings(form, true)]
	}
	return id - 1, id > 0
}

const maxCandidates = 8

// guess returns what a form that is not known may be: words that it begins
// (growing is whether it may be unfinished), words that sound like it, words
// one edit away from four letters and two from eight. It is remembered, and shared.
func (v *vocabulary) guess(form string, growing bool) []candidate {
	common := everyday()[form]
	growing = growing && (len(form) == 3 || common) // of others it makes no difference
	key := guessKey{form, growing}
	found, ok := v.guessed.Get(key, mostGuessed)
	if !ok {
		found = v.mayBe(form, growing, common)
		key.form = strings.Clone(form)
		v.guessed.Put(key, found, len(form)+candidateBytes*len(found), mostGuessed)
	}
	return found
}

// mayBe makes the guess. A word that everybody says may be unfinished, but is a
// misspelling only of what says little: "unie de soins".
func (v *vocabulary) mayBe(form string, growing, common bool) (found []candidate) {
	if form[0] >= '0' && form[0] <= '9' {
		return nil
	}
	if growing || !common {
		found = v.begun(found, form, growing)
	}
	switch {
	case len(form) < 4:
	case !common:
		found = v.alike(found, form)
	default:
		for _, c := range v.alike(nil, form) {
			if v.class[c.word] == generic {
				found = put(found, c.word, c.quality)
			}
		}
	}
	return found
}

// put keeps the best quality of a word.
func put(found []candidate, word int32, quality float32) []candidate {
	for i := range found {
		if found[i].word == word {
			found[i].quality = max(found[i].quality, quality)
			return found
		}
	}
	if len(found) == maxCandidates {
		worst := 0
		for i := range found {
			if found[i].quality < found[worst].quality {
				worst = i
			}
		}
		if found[worst].quality < quality {
			found[worst] = candidate{word, quality}
		}
		return found
	}
	return append(found, candidate{word, quality})
}

// begun finds words that the form begins: any of three letters while it grows,
// of four when another word follows, as in "gyneco urgence".
func (v *vocabulary) begun(found []candidate, form string, growing bool) []candidate {
	if len(form) < 3 || len(form) == 3 && !growing {
		return found
	}
	first, _ := slices.BinarySearchFunc(v.writings, form, func(w writing, f string) int { return strings.Compare(w.text, f) })
	for _, w := range v.writings[first:] {
		if !strings.HasPrefix(w.text, form) {
			break
		}
		if v.class[w.word] > generic {
			continue
		}
		found = put(found, w.word, 0.6+0.35*float32(len(form))/float32(len(w.text)))
	}
	return found
}

// alike finds words that sound like the form or are few edits away from it.
func (v *vocabulary) alike(found []candidate, form string) []candidate {
	for _, i := range v.sounds[sound(form)] {
		found = put(found, v.writings[i].word, 0.88)
	}
	if len(form) >= mostLetters {
		return found
	}
	allowed := editsAllowed(form)
	for _, near := range v.near(form, allowed) {
		w := &v.writings[near.writing]
		q := 0.9 - 0.1*float32(near.edits)
		if form[0] != w.text[0] {
			q -= 0.08
		}
		if v.class[w.word] == neutral {
			q -= 0.1
		}
		switch len(form) {
		case 4:
			q -= 0.15
		case 5:
			q -= 0.08
		}
		found = put(found, w.word, q)
	}
	return found
}

type nearWriting struct {
	writing int32
	edits   int
}

// near returns the writings that are at most so many edits away, in their order.
func (v *vocabulary) near(form string, allowed int) (found []nearWriting) {
	mask, asked := letters(form), spelling.NewAligner(form)
	for n := len(form) - allowed; n <= min(len(form)+allowed, mostLetters-1); n++ {
		for _, w := range v.lengths[n] {
			if bits.OnesCount32(w.letters^mask) > 2*allowed {
				continue
			}
			if d := spelling.Distance(asked, v.writings[w.number].text); d <= allowed {
				found = append(found, nearWriting{w.number, d})
			}
		}
	}
	slices.SortFunc(found, func(a, b nearWriting) int { return cmp.Compare(a.writing, b.writing) })
	return found
}

// mostLetters is from how many letters on nothing is a misspelling of a word.
const mostLetters = 32

// editsAllowed is how many edits of a word of four letters or more are forgiven.
func editsAllowed(word string) int {
	if len(word) >= 8 {
		return 2
	}
	return 1
}

// distance returns how many letters are put in, left out, changed or swapped
// with their neighbour, or more than most when it is above that.
func distance(a, b string, most int) int {
	if len(a) >= mostLetters || len(b) >= mostLetters {
		return most + 1
	}
	return min(spelling.Distance(spelling.NewAligner(a), b), most+1)
}
