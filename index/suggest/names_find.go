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
}

// askedWord is a word of a question and the words of names that it may be.
type askedWord struct {
	weight  float32
	first   byte
	letters int
	exact   bool
	matches []nameMatch // ascending by word
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
		if e := &x.entries[i]; mask.Sees(e.class) {
			found = append(found, x.result(nameHit{i, 1}))
		}
	}
	return found
}

// Find returns at most limit establishments that the mask sees and a text may
// name, the best first; of equals the lowest number. It costs tens of
// microseconds among 100,000 when the words are spelt as in the names.
func (x *NameIndex) Find(text string, mask data.Mask, limit int) []Result {
	if number, ok := identifier(Fold(nil, text)); ok {
		found := x.FINESS(number, mask)
		return found[:min(max(limit, 0), len(found))]
	}
	asked := nameWords(nil, text)
	if len(asked) == 0 || len(asked) > 12 || limit <= 0 {
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
		a := x.ask(w, mask, i == len(asked)-1)
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
		if slices.ContainsFunc(a.matches, func(m nameMatch) bool { return x.initialism[m.word] }) {
			return true
		}
	}
	return most >= leastTelling || together >= leastTogether
}

// gatherAll scores the entries that may be meant. Where nothing is enough without
// some of the words, the one of them that the fewest names have leads to all.
func (x *NameIndex) gatherAll(s *nameScratch, mask data.Mask, total float32, limit int) {
	least := float32(rare) // words that are this rare lead to the establishments
	if most := slices.MaxFunc(s.words, func(a, b askedWord) int { return cmp.Compare(a.weight, b.weight) }).weight; most < rare {
		least = max(most, commonWeights[1])
	}
	if a := x.needed(s, least, total); a != nil {
		x.gather(s, a, mask, least, total, limit)
		if i, ok := slices.BinarySearch(x.words, string(rune(a.first))); ok { // "R. Salengro"
			x.gatherWord(s, int32(i), mask, total, limit)
		}
		return
	}
	for i := range s.words {
		x.gather(s, &s.words[i], mask, least, total, limit)
	}
}

// needed returns the word without which too little is said, of several that which
// the fewest names have; nil where there is none.
func (x *NameIndex) needed(s *nameScratch, least, total float32) *askedWord {
	var found *askedWord
	fewest := 0
	for i := range s.words {
		a := &s.words[i]
		if a.weight < least || total-a.weight >= leastSaid*total {
			continue
		}
		names, common := 0, false
		for _, m := range a.matches {
			common = common || x.weights[m.word] < least // it may lead to more than it is followed to
			names += len(x.postings[m.word])
		}
		if !common && (found == nil || names < fewest) {
			found, fewest = a, names
		}
	}
	return found
}

// ask finds what a word may be among the words that the mask sees in use.
func (x *NameIndex) ask(word string, mask data.Mask, last bool) askedWord {
	a := askedWord{weight: weightOfName(word), first: word[0], letters: len(word)}
	first, ok := slices.BinarySearch(x.words, word)
	if ok && x.masks[first]&mask != 0 {
		a.exact = true
		a.matches = append(a.matches, nameMatch{int32(first), 1})
	}
	if last && len(word) >= 3 && (!a.exact || len(word) >= 4) || len(word) >= 5 {
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
	a.matches = slices.CompactFunc(a.matches, func(m, n nameMatch) bool { return m.word == n.word })
	return a
}

// alike adds the words that sound like a word of five letters or more.
func (x *NameIndex) alike(found []nameMatch, word string, mask data.Mask) []nameMatch {
	if len(word) < 5 || word[0] >= '0' && word[0] <= '9' {
		return found
	}
	heard := soundOf(word)
	i, _ := slices.BinarySearchFunc(x.heard, heard, func(h heardWord, s uint32) int { return cmp.Compare(h.sound, s) })
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
	allowed := 1
	if len(word) >= 8 {
		allowed = 2
	}
	m := letters(word)
	for n := max(4, len(word)-allowed); n <= min(len(word)+allowed, len(x.lengths)-1); n++ {
		for _, i := range x.lengths[n] {
			if bits.OnesCount32(x.letters[i]^m) > 2*allowed || x.masks[i]&mask == 0 {
				continue
			}
			if d := distance(word, x.words[i], allowed); d <= allowed && d > 0 {
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

func (x *NameIndex) gatherWord(s *nameScratch, word int32, mask data.Mask, total float32, limit int) {
	for _, i := range x.postings[word] {
		if s.rounds[i] == s.round {
			continue
		}
		s.rounds[i] = s.round
		if !mask.Sees(x.entries[i].class) {
			continue
		}
		if score := x.score(s, i, total); score > 0 {
			s.best = x.keep(s.best, nameHit{i, score}, limit)
		}
	}
}

// score weighs an entry by the question and its own text alone.
func (x *NameIndex) score(s *nameScratch, i int32, total float32) float32 {
	e := &x.entries[i]
	if len(s.words) == 1 && e.prior < knownByName {
		return 0 // whatever the word is, see enough
	}
	var said, own, telling, together float32
	for k := range s.words {
		a := &s.words[k]
		quality, token := float32(0), nameToken{}
		for _, t := range x.tokensOf(i) {
			if s.asked[t.word] == s.round { // few are
				if q := a.quality(t.word); q > quality {
					quality, token = q, t
				}
			}
			if quality == 0 && x.initials[t.word] == a.first { // "R. Salengro"
				quality, token = 0.7, t
			}
		}
		said += a.weight * quality
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
	if share > 0.999 && own > 0.999*e.weight {
		return 0.9 + 0.1*e.prior // the whole name, to the letter
	}
	return share * share * (0.8 + 0.2*min(1, own/max(e.weight, 0.3))) * e.prior
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
	at, _ := slices.BinarySearchFunc(best, h, func(a, b nameHit) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		e, f := &x.entries[a.entry], &x.entries[b.entry]
		return cmp.Or(strings.Compare(e.finess, f.finess), cmp.Compare(e.id, f.id))
	})
	if at >= limit {
		return best
	}
	if len(best) == limit {
		best = best[:limit-1]
	}
	return slices.Insert(best, at, h)
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
