package suggest

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"boussole/data"
)

// nameScratch is what one question needs.
type nameScratch struct {
	rounds []uint32 // in which an entry was met last
	asked  []uint32 // and in which a word was asked for, or may have been
	round  uint32
	words  []askedWord
	best   []nameHit
	marks  *marks
	bounds nameBounds
}

type nameHit struct {
	entry int32
	score float32
}

// FINESS returns the establishments with a number that the mask sees; zeros lost
// in front are put back.
func (x *NameIndex) FINESS(number string, mask data.Mask) []Result {
	number = strings.ToUpper(strings.ReplaceAll(number, " ", ""))
	if len(number) == 8 {
		number = "0" + number
	}
	var found []Result
	for _, i := range x.finess[number] {
		if mask.Sees(x.measures[i].class) {
			found = append(found, x.result(nameHit{i, 1}))
		}
	}
	return found
}

// Find returns at most limit establishments that the mask sees and a text may
// name, the best first; of equals the lowest number. It costs tens of
// microseconds among 100,000 when the words are spelt as in the names.
func (x *NameIndex) Find(text string, mask data.Mask, limit int) []Result {
	raw := Fold(nil, text)
	if number, ok := identifier(raw); ok {
		found := x.FINESS(number, mask)
		return found[:min(max(limit, 0), len(found))]
	}
	asked := nameWordsOf(make([]string, 0, len(raw)), raw)
	if len(asked) == 0 || len(asked) > mostWords || limit <= 0 {
		return nil
	}
	s := x.pool.Get().(*nameScratch)
	defer x.pool.Put(s)
	s.round++
	s.words, s.best = s.words[:0], s.best[:0]
	var total float32
	for i, w := range asked {
		if slices.Contains(asked[:i], w) {
			continue
		}
		a := x.asked(w, mask, i == len(asked)-1)
		total += a.weight
		s.words = append(s.words, a)
		for _, m := range a.matches {
			s.asked[m.word] = s.round
		}
	}
	if x.saysWhich(s) {
		x.gatherAll(s, mask, total, limit)
	}
	results := make([]Result, 0, len(s.best))
	for _, h := range s.best {
		results = append(results, x.result(h))
	}
	return results
}

// What an establishment must have of what is asked: a word that tells it from
// others, or common ones together, and most of all.
const (
	leastTelling  = rare * 0.8
	leastTogether = 0.6
	leastSaid     = 0.6 // of the weight of all words
)

// saysWhich reports whether the words may be enough for any establishment: those of
// "ehpad saint" stand in thousands, and tell none from the others.
func (x *NameIndex) saysWhich(s *nameScratch) bool {
	var most, together float32
	for i := range s.words {
		a := &s.words[i]
		most = max(most, a.weight)
		if a.weight > commonWeights[0] {
			together += a.weight
		}
		if a.short {
			return true
		}
	}
	return most >= leastTelling || together >= leastTogether
}

// gatherAll scores the entries that may be meant. Where nothing is enough without
// some of the words, the one of them that the fewest names have leads to all: a name
// that is enough has it, and the word by which others are led to as well.
func (x *NameIndex) gatherAll(s *nameScratch, mask data.Mask, total float32, limit int) {
	least := float32(rare) // words that are this rare lead to the establishments
	if most := slices.MaxFunc(s.words, func(a, b askedWord) int { return cmp.Compare(a.weight, b.weight) }).weight; most < rare {
		least = max(most, commonWeights[1])
	}
	if x.needed(s, least, total) {
		a := s.fewest(total)
		s.bounds.over(x, s, a.names, total)
		for _, m := range a.matches {
			x.gatherWord(s, m.word, mask, total, limit)
		}
		if i, ok := x.sorted.find(string(rune(a.first))); ok { // "R. Salengro"
			x.gatherWord(s, int32(i), mask, total, limit)
		}
		return
	}
	names := 0
	for i := range s.words {
		if s.words[i].weight >= least {
			names += s.words[i].names
		}
	}
	s.bounds.over(x, s, names, total)
	for i := range s.words {
		x.gather(s, &s.words[i], mask, least, total, limit)
	}
}

// needed reports whether there is a word without which too little is said, and which
// leads to all that has it: of a word that may be a common one the names are followed
// for the other only.
func (x *NameIndex) needed(s *nameScratch, least, total float32) bool {
	return slices.ContainsFunc(s.words, func(a askedWord) bool {
		return a.weight >= least && a.least >= least && a.indispensable(total)
	})
}

// indispensable reports whether too little is said without a word.
func (a *askedWord) indispensable(total float32) bool { return total-a.weight < leastSaid*total }

// fewest returns the word that the fewest names have, of those that are
// indispensable, of which there MUST be one.
func (s *nameScratch) fewest(total float32) *askedWord {
	var found *askedWord
	for i := range s.words {
		if a := &s.words[i]; a.indispensable(total) && (found == nil || a.names < found.names) {
			found = a
		}
	}
	return found
}

// gather scores the entries that have a word which says which one is meant.
func (x *NameIndex) gather(s *nameScratch, a *askedWord, mask data.Mask, least, total float32, limit int) {
	if a.weight < least {
		return
	}
	for _, m := range a.matches {
		if x.weights[m.word] < least {
			continue
		}
		x.gatherWord(s, m.word, mask, total, limit)
	}
}

// gatherWord scores the entries that have a word and may be among the best. Where
// very many have it, 64 at a time are passed over for the words that they lack.
func (x *NameIndex) gatherWord(s *nameScratch, word int32, mask data.Mask, total float32, limit int) {
	set, many := x.dense[word]
	if !many || !s.bounds.use {
		for _, i := range x.postings[word] {
			x.weigh(s, i, mask, total, limit)
		}
		return
	}
	for at, names := range set {
		if names = s.bounds.lacking(at, names, x.initialed[at]); names == 0 {
			continue
		}
		for ; names != 0; names &= names - 1 {
			x.weigh(s, int32(64*at+bits.TrailingZeros64(names)), mask, total, limit)
		}
	}
}

// weigh scores an entry, once, unless it cannot be among the best.
func (x *NameIndex) weigh(s *nameScratch, i int32, mask data.Mask, total float32, limit int) {
	if s.rounds[i] == s.round {
		return
	}
	s.rounds[i] = s.round
	if !mask.Sees(x.measures[i].class) {
		return
	}
	if s.bounds.pass(s, i, x, total, limit) {
		return
	}
	if score := x.score(s, i, total); score > 0 {
		s.best = x.keep(s.best, nameHit{i, score}, limit)
		s.bounds.raise(s, total, limit)
	}
}

// byInitial is how well a word is said by its first letter.
const byInitial = 0.7

// whole is the share from which on all is said.
const whole = 0.999

// wholeName is the score of a name that is asked for to the letter.
func wholeName(prior float32) float32 { return 0.9 + float32(0.1*prior) }

// mostWords is how many words of a question are looked for in names.
const mostWords = 12

// score weighs an entry by the question and its own text alone.
func (x *NameIndex) score(s *nameScratch, i int32, total float32) float32 {
	e := &x.measures[i]
	if len(s.words) == 1 && e.prior < knownByName {
		return 0 // whatever the word is, see enough
	}
	var found [mostWords]struct {
		quality float32
		token   nameToken
	}
	for _, t := range x.tokensOf(i) {
		may := s.asked[t.word] == s.round // few may
		if !may && t.initial == 0 {
			continue
		}
		for k := range s.words {
			a, f := &s.words[k], &found[k]
			if may {
				if q := a.quality(t.word); q > f.quality {
					f.quality, f.token = q, t
				}
			}
			if f.quality == 0 && t.initial == a.first { // "R. Salengro"
				f.quality, f.token = byInitial, t
			}
		}
	}
	var said, own, telling, together float32
	for k := range s.words {
		a, quality, token := &s.words[k], found[k].quality, found[k].token
		said += a.says(quality)
		switch {
		case quality == 0:
		case token.origin == fromName:
			own += x.weights[token.word]
			telling = max(telling, min(a.weight, x.weights[token.word])*quality)
			if a.weight > commonWeights[0] {
				together += min(a.weight, x.weights[token.word]) * quality
			}
		case token.origin == fromInitials:
			own += e.weight * 0.7
			telling = max(telling, 0.9*quality)
		}
	}
	if len(s.words) == 1 && !s.words[0].enough(telling, e.prior) {
		return 0
	}
	if telling < leastTelling && together < leastTogether || said < leastSaid*total {
		return 0
	}
	share := said / total
	if share > whole && own > whole*e.weight {
		return wholeName(e.prior)
	}
	return partOfName(share, own, e)
}

// says is what a word adds to what is said, if it is there with a quality. Products
// are rounded by themselves, here and below, on every machine: so more is never less.
func (a *askedWord) says(quality float32) float32 { return float32(a.weight * quality) }

func (a *askedWord) byInitial() float32 { return a.says(byInitial) }

// partOfName is the score of a name of which a part is asked for.
func partOfName(share, own float32, e *nameMeasure) float32 {
	return share * share * (0.8 + float32(0.2*min(1, own/max(e.weight, 0.3)))) * e.prior
}

// enough reports whether one word that is all that is asked names an
// establishment: spelt as in the name, or long; and of a hospital. The rest is called with what
// it is, as in "cmp pythéas": a single word may be any word.
func (a *askedWord) enough(telling, prior float32) bool {
	if telling < 0.95*a.weight && a.letters < 6 {
		return false
	}
	return prior >= knownByName
}

// knownByName is the least prior of what one word of its name is enough for.
const knownByName = 0.97

// keep holds the best hits in order.
func (x *NameIndex) keep(best []nameHit, h nameHit, limit int) []nameHit {
	before := func(a, b nameHit) bool {
		return a.score > b.score || a.score == b.score && x.measures[a.entry].rank < x.measures[b.entry].rank
	}
	at := len(best)
	for at > 0 && before(h, best[at-1]) {
		at--
	}
	if at >= limit {
		return best
	}
	return slices.Insert(best[:min(len(best), limit-1)], at, h)
}

func (x *NameIndex) result(h nameHit) Result {
	e := &x.entries[h.entry]
	r := Result{
		Type: "establishment", Label: e.label, ID: e.id, FINESS: e.finess,
		Place:      Place{Name: e.city, Commune: e.commune, Departement: e.departement},
		Confidence: rounded(min(0.97, h.score)),
	}
	if e.category != "" {
		r.Codes = []data.Code{e.category}
	}
	return r
}
