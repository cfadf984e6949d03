package suggest

import "slices"

// denial are words of which one is said for the other: "ne bouge pas le bras" is
// "ne bouge plus le bras".
var denial = map[string]string{"pas": "plus", "plus": "pas"}

// denialQuality is how well one says the other.
const denialQuality = 0.9

// denies returns how many of the words deny what follows.
func (l *Language) denies(raw []string) int {
	for _, d := range l.denials {
		if len(raw) > len(d) && slices.Equal(raw[:len(d)], d) {
			return len(d)
		}
	}
	return 0
}

// auxiliaries are words after which "pas" denies what follows it, and not what is
// before: "n'a pas convulsé" beside "ne respire pas fort".
var auxiliaries = map[string]bool{"mais": true, "et": true, "si": true, "a": true, "ai": true, "est": true, "suis": true, "sont": true, "ont": true, "avait": true, "etait": true}

// deniesNext reports whether the word at i says that what happens, or how somebody is,
// is not so: "pas enceinte", "n'a pas perdu connaissance".
func (l *Language) deniesNext(raw []string, i int) bool {
	if raw[i] != "pas" || i+1 == len(raw) || i > 0 && !auxiliaries[raw[i-1]] {
		return false
	}
	id, _, ok := l.read(raw, i+1)
	return ok && l.alone[id] && !l.saidWhole(raw, i)
}

// saidWhole reports whether what denies is a part of something that people say:
// "sans rendez-vous", "pas de médecin traitant".
func (l *Language) saidWhole(raw []string, i int) bool {
	id, n, ok := l.read(raw, i)
	if n > 1 && ok { // "sans-abri"
		return true
	}
	if !ok || !l.polar[id] {
		return false
	}
	for j := i + n; j < len(raw) && j < i+4; j++ {
		next, _, ok := l.read(raw, j)
		if !ok || l.class[next] == empty {
			continue
		}
		for _, p := range l.postings[id] {
			if phrase := &l.phrases[p.phrase]; !phrase.except && slices.Contains(phrase.words, next) && l.said(raw, phrase.words) {
				return true
			}
		}
		return false
	}
	return false
}

// said reports whether all of the words are in the raw ones.
func (l *Language) said(raw []string, words []int32) bool {
	found := 0
	for i := range raw {
		if id, _, ok := l.read(raw, i); ok && slices.Contains(words, id) {
			found++
		}
	}
	return found >= len(words)
}
