package suggest

import (
	"regexp"
	"slices"
	"strings"
)

// beside is what stands beside the words that a concept explains, and how sure
// these are.
type beside struct {
	sure    bool // one of them means nothing else
	common  bool // one of them is a word that everybody says
	strange bool // a word that nobody knows, or of another world
	aside   bool // a word of something else than care
	told    bool // such a word that completes them: "caillot de sauce"
	other   bool // what they are said of is another world: "arrêt cardiaque du championnat"
	left    int  // words
}

// figureWords is how many words stand beside one of care in a figure of speech at
// most: who says more tells what happened.
const figureWords = 2

// word notes a word that a concept does not explain.
func (b *beside) word(t *token) {
	b.aside = b.aside || t.aside
	b.told = b.told || t.told
	b.other = b.other || t.other
	b.strange = b.strange || t.weight >= 1 && (t.n == 0 || t.candidates[0].quality < 1 || t.class == elsewhere)
	if t.weight > 0 {
		b.left++
	}
}

// tell notes of what a word of something else makes others speak.
func (s *scratch) tell(t *token) {
	t.told = t.aside && (s.complement(t, ofWhat) || t.n == 0 && relational.MatchString(s.raw[t.from]))
	t.other = t.class == foreign || t.class == elsewhere && s.complement(t, inWhat)
}

// doubtful reports whether so many words of a concept are to be doubted: one that
// means other things beside a word that nobody knows, as in "choc pétrolier"; one
// that everybody says beside a word of another world, as in "sang royal"; any that
// such a word completes, or that are said of another world. All but the first
// are true of care only, and not of where it is given: "pharmacie royale".
func (b *beside) doubtful(care bool, words int) bool {
	figure := care && b.left <= figureWords
	return words == 1 && (b.strange && !b.sure || figure && b.aside && b.common) || figure && (b.told || b.other)
}

// fewPhrases is in how many phrases of the lexicon a word is that is there by the way.
const fewPhrases = 3

// unused reports whether the lexicon has no use for a word, or hardly any, or none
// for what completes another: "perfusion de l'état", "règle à calcul".
func (l *Language) unused(s *scratch, t *token) bool {
	if t.n == 0 {
		return true
	}
	c := t.candidates[0]
	return t.class == strong && c.quality == 1 && (len(l.postings[c.word]) <= fewPhrases || !l.saysEnough(c.word) && s.complement(t, forWhat))
}

// saysEnough reports whether a word is a saying by itself.
func (l *Language) saysEnough(word int32) bool {
	_, ok := l.alone[word]
	return ok
}

// relational are adjectives that say what something is of: those of care are in the
// lexicon, as "étouffement démocratique" is not.
var relational = regexp.MustCompile(`(ique|aire|ielle?|iaux|iste|ciere?|tiere?)s?$`)

// ofWhat, forWhat and inWhat are small words by which one word completes another.
var (
	ofWhat  = []string{"de", "du", "des", "d"}
	forWhat = []string{"de", "du", "des", "d", "a", "au", "aux"}
	inWhat  = []string{"de", "du", "des", "d", "a", "au", "aux", "dans", "sur"}
)

// complement reports whether a word completes another by one of some small words:
// "perfusion de l'état".
func (s *scratch) complement(t *token, by []string) bool {
	for i := t.from - 1; i > 0 && i > t.from-3; i-- {
		switch word := s.raw[i]; {
		case slices.Contains(by, word):
			return true
		case !determiners[word]:
			return false
		}
	}
	return false
}

var determiners = map[string]bool{"la": true, "le": true, "les": true, "l": true, "un": true, "une": true}

// faint reports whether a token is too little to assert anything by itself: a
// word that everybody says, and only one of several of a saying, or a slip.
func (s *scratch) faint(k int, firm uint32) bool {
	t := &s.tokens[k]
	return t.common && (firm>>k&1 == 0 || t.slip)
}

// costOf says what a word that a concept does not explain costs it: less where it
// is a word of care too. Who tells several complaints speaks of care in each.
func (l *Language) costOf(t *token) float32 {
	if t.n > 0 && t.class == strong && t.candidates[0].quality == 1 && l.alone[t.candidates[0].word] {
		return careCost * t.weight
	}
	return t.weight
}

// cited reports whether a part of the body, which is all that is said of care, is
// one of a figure of speech: nobody complains in the infinitive, "lever le pied",
// nor of how something is done, "à plein nez".
func (l *Language) cited(s *scratch, k int) bool {
	t := &s.tokens[k]
	if t.n == 0 || !l.body[t.candidates[0].word] || t.candidates[0].quality < 1 {
		return false
	}
	i := 0
	for i < t.from && beforeVerb[s.raw[i]] {
		i++
	}
	return i < t.from && (s.raw[0] == "a" || infinitive(s.raw[i]))
}

// beforeVerb are small words that may stand before an infinitive.
var beforeVerb = map[string]bool{"se": true, "s": true, "en": true, "y": true, "ne": true, "pas": true}

// infinitive reports whether a word that everybody says is a verb as it is cited,
// and not one of asking: "voir", "trouver".
func infinitive(word string) bool {
	if len(word) < 4 || asking[word] || !everyday()[word] {
		return false
	}
	return strings.HasSuffix(word, "er") || strings.HasSuffix(word, "ir") || strings.HasSuffix(word, "re")
}

var asking = map[string]bool{
	"voir": true, "trouver": true, "chercher": true, "consulter": true, "soigner": true, "montrer": true, "examiner": true, "operer": true,
	"passer": true, "infirmier": true, "hier": true, "premier": true, "dernier": true, "cher": true, "centre": true, "autre": true, "notre": true, "votre": true, "contre": true, "entre": true,
}
