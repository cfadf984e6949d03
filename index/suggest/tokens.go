package suggest

import (
	"slices"
	"strings"
)

// tokenize reads the raw words into tokens.
func (l *Language) tokenize(s *scratch) {
	s.tokens, s.who, s.spans, s.person = s.tokens[:0], Who{}, s.spans[:0], false
	l.expect(s)
	denied := 0 // words that are still denied
	for i := 0; i < len(s.raw); {
		if s.pauses>>i&1 == 1 { // "pas de fièvre, vomit"
			denied = 0
		}
		if n := l.denies(s.raw[i:]); n > 0 && (n > 2 || !l.saidWhole(s.raw, i)) {
			denied = 3
			if s.raw[i] == "plus" { // "plus de gaz, vomissements"
				denied = 1
			}
			s.tokens = append(s.tokens, l.wordToken(s.raw, i, 1))
			i += n
			continue
		}
		if l.deniesNext(s.raw, i) {
			denied = 1
		}
		word, n := l.age(s.raw, i, &s.who)
		if n > 0 {
			s.person = s.person || l.tellsAge(s.raw, i, i+n)
			if word >= 0 {
				t := token{from: i, to: i + n, class: generic, about: true}
				l.own(&t, word, 1)
				l.ages.tells(&s.who, word)
				s.tokens = append(s.tokens, t)
			}
			i += n
			continue
		}
		id, n, ok := l.read(s.raw, i)
		s.person = s.person || slices.ContainsFunc(s.raw[i:i+max(n, 1)], func(w string) bool { return persons[w] })
		if ok && l.class[id] == empty && (n > 1 || l.heard[s.raw[i]] == nil) {
			if n == 1 && (s.raw[i] == "et" || s.raw[i] == "mais" || s.raw[i] == "avec") {
				denied = 0
			}
			i += n
			continue
		}
		if !ok {
			n = 1
		}
		t := l.wordToken(s.raw, i, n)
		if denied > 0 && s.raw[i] != "pas" {
			t.denied, denied = true, denied-1
		}
		if ok && !t.denied && l.ages.tells(&s.who, id) {
			t.about = true
		}
		s.tokens = append(s.tokens, t)
		i += n
	}
	s.tokens = s.tokens[:min(len(s.tokens), maxWords)]
	l.guesses(s)
}

// expect notes what counts for the whole question before its numbers are read.
func (l *Language) expect(s *scratch) {
	for i := range s.raw {
		if i > 0 && s.raw[i-1] == "pas" { // "pas enceinte"
			continue
		}
		if id, _, ok := l.read(s.raw, i); ok && (id == l.ages.pregnant || id == l.ages.labour) {
			s.who.Pregnant = s.who.Pregnant || id == l.ages.pregnant
		} else if ok && (id == l.ages.baby || id == l.ages.newborn) {
			s.who.Baby = true
		}
	}
}

// wordToken makes a token of the n raw words at i.
func (l *Language) wordToken(raw []string, i, n int) token {
	t := token{from: i, to: i + n}
	if id, _, ok := l.read(raw[:i+n], i); ok {
		t.class = l.class[id]
		l.own(&t, id, 1)
		for _, wider := range l.ages.wider(id) {
			if wider >= 0 {
				l.own(&t, wider, 0.95)
			}
		}
	}
	if other, ok := l.exact[denial[raw[i]]]; ok && n == 1 {
		l.own(&t, other, denialQuality)
	}
	if n == 1 {
		for _, other := range l.heard[raw[i]] {
			l.own(&t, other, heardQuality)
		}
		if t.class == empty {
			t.class = neutral
		}
	}
	t.number, t.letter = raw[i][0] >= '0' && raw[i][0] <= '9', len(raw[i]) == 1
	return t
}

// own gives a token a candidate.
func (l *Language) own(t *token, word int32, quality float32) {
	if t.n < maxCandidates {
		t.candidates[t.n] = candidate{word, quality}
		t.n++
	}
}

// guesses finds what the words that are not known may be, and the weight of all.
func (l *Language) guesses(s *scratch) {
	g := geographyOnce()
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.n == 0 {
			form := s.raw[t.from]
			if sp, ok := g.at(s.raw, t.from); ok && likely(s.raw, sp) {
				t.place = true
			}
			for j := max(0, t.from-3); j < t.from && !t.place; j++ {
				t.place = within(g, s.raw, j, t.from)
			}
			if !t.place {
				for _, c := range l.guess(form, i == len(s.tokens)-1) {
					if c.quality >= leastQuality {
						l.own(t, c.word, c.quality)
					}
				}
			}
		}
		word := s.raw[t.from]
		t.common = t.to == t.from+1 && !t.place && everyday()[word] && !(t.to == len(s.raw) && g.begunBy(word) >= 0) // "psychiatre pari"
		t.slip = t.common && t.n > 0 && !slices.ContainsFunc(t.candidates[:t.n], func(c candidate) bool { return c.quality == 1 || l.class[c.word] != generic })
		t.aside = t.class == elsewhere || t.slip || t.common && l.unused(s, t)
		t.weight = s.weightOf(t)
		s.tell(t)
	}
}

// persons are words that a question about somebody has: what else is told is
// then a circumstance rather than another world.
var persons = func() map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq("ne se je j jai me m moi il elle ils elles lui pere mere papa maman papi papy mamie mamy mari femme conjoint conjointe epouse copain copine " +
		"fils fille frere soeur oncle tante cousin cousine voisin voisine patient patiente bebe enfant garcon homme collegue ami amie grand " +
		"nourrisson ado gamin gamine gosse dame epouse epoux blesse blessee blesses motard cycliste pieton skieur randonneur alpiniste ouvrier") {
		set[w] = true
	}
	return set
}()

// likely reports whether a place that is no word of the lexicon is big enough,
// or well enough placed, to be meant.
func likely(raw []string, sp span) bool {
	if sp.to-sp.from == 1 && sp.from > 0 && sp.communes != nil && sp.communes[0].population < townOf && everyday()[raw[sp.from]] && !named[raw[sp.from-1]] && beforePlace[raw[sp.from-1]] {
		return false // "feu de paille" is not in Paillé
	}
	if sp.to-sp.from > 1 || sp.wide != (Place{}) || sp.from > 0 && beforePlace[raw[sp.from-1]] {
		return true
	}
	return sp.communes[0].population >= 2000 || len(raw) > 1 && sp.to == len(raw) && len(raw[sp.from]) <= 5
}

// townOf is from how many people on a place that is called like a common word is
// meant by "de" or an article.
const townOf = 5_000

// within reports whether the word at j belongs to the place that begins at i.
func within(g *geography, raw []string, i, j int) bool {
	sp, ok := g.at(raw, i)
	return ok && sp.to > j
}

// weightOf says what a token costs whoever does not explain it.
func (s *scratch) weightOf(t *token) float32 {
	switch {
	case t.class == elsewhere && s.person:
		return storyWeight
	case t.class == elsewhere:
		return elsewhereWeight
	case t.number && !t.about, t.n == 0 && t.letter:
		return numberWeight
	case t.class == foreign && s.person:
		return foreignWeight / 2
	case t.class == foreign:
		return foreignWeight
	case t.class == neutral, t.about:
		return 0
	case t.common && t.n == 0 && s.person:
		return storyWeight
	case t.common && t.n == 0:
		return everydayWeight
	case t.class == generic:
		return weights[generic]
	}
	return 1
}
