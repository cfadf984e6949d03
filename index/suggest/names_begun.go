package suggest

import (
	"slices"
	"strings"
	"sync"

	"boussole/data"
)

// Begun returns at most limit establishments that the mask sees, whose name, kind
// and city have all the folded words but the last, and another word that the last
// begins: those first whose name begins so, then the shortest. One word alone is
// completed to hospitals, as far as it says which. Among 100,000 establishments it
// costs some tens of microseconds.
func (x *NameIndex) Begun(words []string, mask data.Mask, limit int) []Result {
	typed := typedNames(words)
	if len(typed) > 12 || limit <= 0 {
		return nil
	}
	last := typed[len(typed)-1]
	alone := len(typed) == 1
	if len(last) < leastBegun || alone && (len(last) <= leastAlone || weightOfName(last) < rare) {
		return nil
	}
	b, ok := begin(&x.sorted, typed[:len(typed)-1], last)
	if b.short = x.shortFor(last); !ok && b.short < 0 || len(b.typed) < len(typed)-1 {
		return nil
	}
	s := x.pool.Get().(*nameScratch)
	defer x.pool.Put(s)
	var opened, carried []int32
	looked := 0
	b.carriers(x.postings, s.marks, func(i int32) bool { return x.has(&b, i) }, func(i int32) bool {
		if e := &x.measures[i]; !mask.Sees(e.class) || alone && e.prior < knownByName {
			return true
		}
		looked++
		switch {
		case !x.becomes(&b, i, last, alone):
		case x.opens(&b, i):
			opened = append(opened, i)
		case len(carried) < limit:
			carried = append(carried, i)
		}
		return looked < mostCarriers && len(opened) < limit
	})
	var results []Result
	for _, i := range append(opened, carried...) {
		if len(results) == limit {
			break
		}
		r := x.result(nameHit{i, carrying})
		if len(results) < len(opened) {
			r.Confidence = opening
		}
		results = append(results, r)
	}
	return results
}

// typedNames are folded words as names have them. The last is kept even where it
// is a small word: it may be growing.
func typedNames(words []string) []string {
	last := words[len(words)-1]
	whole := words[:len(words)-1]
	if n := len(whole); n > 0 && (whole[n-1] == "centre" || whole[n-1] == "ctre") && len(last) >= leastBegun && strings.HasPrefix("hospitalier", last) {
		whole = whole[:n-1] // a "centre hospitalier" is CH
	}
	return append(nameWordsOf(make([]string, 0, len(words)), whole), nameWord(last))
}

// shortFor returns the word that others are written for, one of which a typed
// one begins: "hospital" of "hospitalier", which is "hopital" in names.
func (x *NameIndex) shortFor(typed string) int32 {
	if len(typed) < leastAlone {
		return -1
	}
	if slices.ContainsFunc(hospitalWords(), func(written string) bool { return strings.HasPrefix(written, typed) }) {
		if i, ok := x.sorted.find("hopital"); ok {
			return int32(i)
		}
	}
	return -1
}

// hospitalWords are what "hopital" is written for.
var hospitalWords = sync.OnceValue(func() (words []string) {
	for written, word := range same {
		if word == "hopital" {
			words = append(words, written)
		}
	}
	return words
})

// has reports whether an entry carries what is typed.
func (x *NameIndex) has(b *begun, entry int32) bool {
	tokens, begins := x.tokensOf(entry), false
	for _, t := range tokens {
		begins = begins || b.begins(t.word)
	}
	if !begins {
		return false
	}
	for _, w := range b.typed {
		if !slices.ContainsFunc(tokens, func(t nameToken) bool { return t.word == w }) {
			return false
		}
	}
	return true
}

// opens reports whether what is typed is the beginning of the name, word by word.
func (x *NameIndex) opens(b *begun, entry int32) bool {
	tokens := x.tokensOf(entry)
	n := len(b.typed)
	if len(tokens) <= n || tokens[n].origin != fromName || !b.begins(tokens[n].word) {
		return false
	}
	for i, w := range b.typed {
		if tokens[i].word != w {
			return false
		}
	}
	return true
}

// becomes reports whether the last word is not finished, or is where an entry is:
// a name whose words are all whole is found as it is, or not meant.
func (x *NameIndex) becomes(b *begun, entry int32, last string, alone bool) bool {
	for _, t := range x.tokensOf(entry) {
		if b.begins(t.word) && (t.origin == fromName && x.words[t.word] != last || t.origin == fromCity && !alone) {
			return true
		}
	}
	return false
}
