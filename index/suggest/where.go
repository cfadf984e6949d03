package suggest

import (
	"math/bits"
	"slices"
	"strings"
)

// where finds the place among the words that the best concept does not explain,
// and marks their tokens. Beside one doubtful word, which may mean other things,
// only a city is taken for misspelt.
func (s *scratch) where(doubtful bool) (Place, bool) {
	covered := uint32(0)
	if len(s.hit) > 0 {
		covered = s.scores[s.hit[0]].covered
	}
	taken := uint64(0) // raw words
	for k := range s.tokens {
		t := &s.tokens[k]
		if covered>>k&1 == 1 {
			for i := t.from; i < t.to; i++ {
				taken |= 1 << i
			}
		}
	}
	g := geographyOnce()
	s.findPlaces(taken, func(i int) (span, bool) {
		if sp, ok := s.placeWritten(g, i, taken, false); ok && covered != 0 {
			return sp, true
		}
		return s.placeAt(g, i, taken, covered != 0)
	})
	if len(s.spans) == 0 && covered != 0 {
		s.findPlaces(taken, func(i int) (span, bool) {
			sp, ok := s.placeWritten(g, i, taken, true)
			return sp, ok && (!doubtful || sp.communes[0].population >= citySize)
		})
	}
	place, ok := settle(s.raw, s.spans)
	if !ok {
		return Place{}, false
	}
	for k := range s.tokens {
		t := &s.tokens[k]
		t.place = slices.ContainsFunc(s.spans, func(sp span) bool { return t.from < sp.to && t.to > sp.from })
	}
	return place, true
}

// citySize is from how many people on a town is recognised with a typo beside a
// word that means other things too.
const citySize = 30_000

// doubts reports whether one doubtful word is all that the best concept explains.
func (l *Language) doubts(s *scratch) bool {
	if len(s.hit) == 0 {
		return false
	}
	covered := s.scores[s.hit[0]].covered
	return bits.OnesCount32(covered) == 1 && l.doubtful[s.tokens[bits.TrailingZeros32(covered)].candidates[0].word]
}

// findPlaces gathers the places that at finds among the raw words that are free.
func (s *scratch) findPlaces(taken uint64, at func(i int) (span, bool)) {
	for i := 0; i < len(s.raw); i++ {
		if taken>>i&1 == 1 {
			continue
		}
		if sp, ok := at(i); ok {
			s.spans = append(s.spans, sp)
			i = sp.to - 1
		}
	}
}

// free returns where the words that nothing explains end, from i on.
func (s *scratch) free(i int, taken uint64) int {
	for i < len(s.raw) && taken>>i&1 == 0 {
		i++
	}
	return i
}

// placeWritten returns the town that a raw word, or several from it on, are a
// misspelling of: where nobody knows the first, or where it begins names of towns.
func (s *scratch) placeWritten(g *geography, i int, taken uint64, alone bool) (span, bool) {
	t := s.tokenAt(i)
	unknown := t != nil && t.weight == 1 && !t.number && t.class == strong && (t.n == 0 || i == len(s.raw)-1 && t.candidates[0].quality < 1)
	if determiners[s.raw[i]] && i+1 < len(s.raw) && everyday()[s.raw[i+1]] { // "de la bande" is not La Garde
		return span{}, false
	}
	if free := s.free(i, taken); unknown && (alone || free > i+1) || free > i+1 && beginsTowns[s.raw[i]] {
		return g.typedFrom(s.raw[:free], i, alone && unknown)
	}
	return span{}, false
}

// beginsTowns are words that names of towns begin with.
var beginsTowns = map[string]bool{"saint": true, "sainte": true, "st": true, "ste": true, "la": true, "le": true, "les": true, "l": true, "bourg": true, "mont": true, "pont": true, "fontenay": true, "villeneuve": true}

// placeAt returns the place that is named at a raw word, as far as nothing there
// is explained otherwise.
func (s *scratch) placeAt(g *geography, i int, taken uint64, explained bool) (span, bool) {
	t := s.tokenAt(i)
	sp, ok := g.at(s.raw[:s.free(i, taken)], i)
	if !ok {
		return sp, false
	}
	if sp.to-sp.from > 1 {
		return sp, s.saysSomething(sp) && !s.commonThing(sp)
	}
	before, last := i > 0 && beforePlace[s.raw[i-1]], sp.to == len(s.raw)
	switch {
	case t == nil: // a small word, "die" is not one: but "le", "sur"
		return sp, false
	case s.raw[i][0] >= '0' && s.raw[i][0] <= '9':
		return sp, before && s.raw[i-1] != "a" && s.raw[i-1] != "de" || last && explained && !s.measured
	case t.place:
		return sp, true
	case i > 0 && articles[s.raw[i-1]] && everyday()[s.raw[i]] && len(sp.communes) > 0 && sp.communes[0].population < citySize && !strings.HasPrefix(sp.communes[0].name, "Le"): // "carie du bois"
		return sp, false
	case t.n > 0 && t.candidates[0].quality == 1: // a word of the lexicon too: "Tours", "Lens", "Rue"
		if len(sp.communes) > 0 && sp.communes[0].population < 3000 && sp.wide == (Place{}) && !(before && named[s.raw[i-1]]) {
			return sp, false
		}
		return sp, explained && (before || last) && t.class == strong || len(s.raw) == 1 && len(s.hit) == 0
	}
	if small := len(sp.communes) > 0 && sp.communes[0].population < 2000 && sp.wide == (Place{}); small {
		return sp, before && named[s.raw[i-1]] || last && explained && !before
	}
	return sp, last || before || len(s.raw[i]) >= 5
}

// commonThing reports whether a village of an article and a word that everybody says
// is that thing: "écho dans la vallée".
func (s *scratch) commonThing(sp span) bool {
	if sp.to-sp.from > 2 || sp.from == 0 || len(sp.communes) == 0 || sp.communes[0].population >= townOf {
		return false
	}
	before := s.raw[sp.from-1]
	return determiners[s.raw[sp.from]] && everyday()[s.raw[sp.to-1]] && (before == "de" || before == "dans")
}

// articles are those after which a word that everybody says is what it says.
var articles = map[string]bool{"du": true, "des": true, "l": true}

// named are words after which a village is meant rather than a thing.
var named = map[string]bool{"a": true, "sur": true, "vers": true, "dans": true, "pres": true}

// saysSomething reports whether a place of several words is more than small ones.
func (s *scratch) saysSomething(sp span) bool {
	for k := range s.tokens {
		if t := &s.tokens[k]; t.from >= sp.from && t.to <= sp.to && t.class != neutral {
			return true
		}
	}
	return false
}

func (s *scratch) tokenAt(i int) *token {
	for k := range s.tokens {
		if t := &s.tokens[k]; t.from <= i && i < t.to {
			return t
		}
	}
	return nil
}

// onlyPlace reports whether a question says nothing but a place.
func (s *scratch) onlyPlace() bool {
	for k := range s.tokens {
		if t := &s.tokens[k]; !t.place {
			return false
		}
	}
	return len(s.tokens) > 0
}
