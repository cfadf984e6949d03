package suggest

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// token is a word of a question that says something.
type token struct {
	from, to   int // of the raw words
	candidates [maxCandidates]candidate
	n          int
	class      class
	weight     float32
	denied     bool // "pas de fièvre"
	about      bool // tells an age or a pregnancy
	place      bool // may be a place, and is no word of the lexicon
	number     bool
	letter     bool // a single one
}

// scratch is what one question needs, used again for the next one.
type scratch struct {
	raw      []string
	measured bool // with a sign of measures: its numbers are no département
	tokens   []token
	guessed  []candidate
	phrases  []phraseState
	touched  []int32 // phrases
	scores   []conceptScore
	hit      []int32 // concepts
	round    uint32
	who      Who
	spans    []span
}

type phraseState struct {
	round   uint32
	words   uint32 // bits of the words of the phrase that were found
	tokens  uint32 // bits of the tokens that found them
	weight  float32
	quality float32 // weighed
}

type conceptScore struct {
	round    uint32
	except   bool
	covered  uint32 // tokens
	weak     uint32 // tokens of weak phrases
	near     uint32 // tokens that are words of its other phrases
	cover    [maxWords]float32
	bonus    float32
	whole    bool
	score    float32
	unsaid   float32 // weight of what it leaves out
	certain  float32
	weakOnly bool
}

// pool keeps scratches.
type pool struct{ sync.Pool }

func (p *pool) of(l *Language) {
	p.New = func() any {
		return &scratch{phrases: make([]phraseState, len(l.phrases)), scores: make([]conceptScore, len(l.concepts))}
	}
}

// How a question is weighed. They were set on cases of our own, and hold for
// whoever asks: none depends on what has been indexed.
const (
	partialShare   = 0.6  // of a phrase that must be there for it to count in part
	aloneShare     = 0.75 // when one word of it is
	partialFactor  = 0.55 // what it counts then
	longerBonus    = 0.15 // for each word more of a phrase that is there whole
	unsaidFactor   = 0.6  // what a word that is not explained costs
	laterCost      = 0.02 // for each word before the first that it explains: French says the main thing first
	nearScore      = 0.15 // for a word that is one of others of the concept's phrases
	nearCost       = 0.35 // of what it would cost unexplained
	foreignWeight  = 3.0  // of a word of another world
	numberWeight   = 0.15 // of a number that means nothing
	doubtFactor    = 0.7  // of one word with other meanings beside a word that nobody knows
	leastQuality   = 0.5
	leastConfident = 0.5 // nothing is asserted below
)

// tokenize reads the raw words into tokens.
func (l *Language) tokenize(s *scratch) {
	s.tokens, s.who, s.spans = s.tokens[:0], Who{}, s.spans[:0]
	l.expect(s)
	denied := 0 // words that are still denied
	for i := 0; i < len(s.raw); {
		if n := l.denies(s.raw[i:]); n > 0 && !l.saidWhole(s.raw, i) {
			denied = 3
			s.tokens = append(s.tokens, l.wordToken(s.raw, i, 1))
			i += n
			continue
		}
		word, n := l.age(s.raw, i, &s.who)
		if n > 0 {
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
		if ok && l.class[id] == empty {
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
		if denied > 0 {
			t.denied, denied = true, denied-1
		}
		if ok && l.ages.tells(&s.who, id) {
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
		if id, _, ok := l.read(s.raw, i); ok && (id == l.ages.pregnant || id == l.ages.labour) {
			s.who.Pregnant = s.who.Pregnant || id == l.ages.pregnant
		} else if ok && (id == l.ages.baby || id == l.ages.newborn) {
			s.who.Baby = true
		}
	}
}

// denies returns how many of the words deny what follows.
func (l *Language) denies(raw []string) int {
	for _, d := range l.denials {
		if len(raw) > len(d) && slices.Equal(raw[:len(d)], d) {
			return len(d)
		}
	}
	return 0
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
				s.guessed = l.guess(s.guessed[:0], form, i == len(s.tokens)-1)
				for _, c := range s.guessed {
					if c.quality >= leastQuality {
						l.own(t, c.word, c.quality)
					}
				}
			}
		}
		t.weight = weightOf(t)
	}
}

// likely reports whether a place that is no word of the lexicon is big enough,
// or well enough placed, to be meant.
func likely(raw []string, sp span) bool {
	if sp.to-sp.from > 1 || sp.wide != (Place{}) || sp.from > 0 && beforePlace[raw[sp.from-1]] {
		return true
	}
	return sp.communes[0].population >= 2000 || len(raw) > 1 && sp.to == len(raw) && len(raw[sp.from]) <= 5
}

// within reports whether the word at j belongs to the place that begins at i.
func within(g *geography, raw []string, i, j int) bool {
	sp, ok := g.at(raw, i)
	return ok && sp.to > j
}

func weightOf(t *token) float32 {
	switch {
	case t.number && !t.about, t.n == 0 && t.letter:
		return numberWeight
	case t.class == foreign:
		return foreignWeight
	case t.class == neutral, t.about:
		return 0
	case t.class == generic:
		return weights[generic]
	}
	return 1
}

// match scores every concept that something in the question speaks for, and
// leaves those in s.hit.
func (l *Language) match(s *scratch) {
	s.round++
	s.touched, s.hit = s.touched[:0], s.hit[:0]
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.denied {
			continue
		}
		for _, c := range t.candidates[:t.n] {
			l.seen(s, i, c)
		}
	}
	for _, p := range s.touched {
		l.weigh(s, &l.phrases[p], &s.phrases[p])
	}
	for _, p := range s.touched {
		if c := &s.scores[l.phrases[p].concept]; c.round == s.round && !l.phrases[p].except {
			c.near |= s.phrases[p].tokens
		}
	}
	for _, c := range s.hit {
		s.total(c)
	}
}

// seen notes that a token may be a word of phrases.
func (l *Language) seen(s *scratch, i int, c candidate) {
	w := weights[l.class[c.word]]
	for _, p := range l.postings[c.word] {
		st := &s.phrases[p.phrase]
		if st.round != s.round {
			*st = phraseState{round: s.round}
			s.touched = append(s.touched, p.phrase)
		}
		if st.words>>p.bit&1 == 1 || st.tokens>>i&1 == 1 {
			continue
		}
		st.words |= 1 << p.bit
		st.tokens |= 1 << i
		st.weight += w
		st.quality += w * c.quality
	}
}

// weigh gives what was found of a phrase to its concept.
func (l *Language) weigh(s *scratch, p *phrase, st *phraseState) {
	if st.words&p.must != p.must {
		return
	}
	whole := bits.OnesCount32(st.words) == len(p.words)
	quality := st.quality / max(st.weight, 0.01)
	switch {
	case p.except && (!whole || quality < 0.85):
		return
	case !whole && (st.weight < partialShare*p.weight || p.weak):
		return
	case !whole && bits.OnesCount32(st.tokens) == 1 && st.weight < aloneShare*p.weight:
		return
	}
	c := s.concept(p.concept)
	if p.except {
		c.except = true
		return
	}
	factor, bonus := float32(1), float32(0)
	if !whole {
		factor = partialFactor
	} else if p.weight > 1 || len(p.words) > 1 {
		bonus = longerBonus * quality * (p.weight - 1 + 0.2*float32(len(p.words)-1))
	}
	weak := p.weak || !whole && bits.OnesCount32(st.tokens) == 1
	for rest := st.tokens; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros32(rest)
		value := factor * quality * weights[s.tokens[i].class]
		if weak {
			c.weak |= 1 << i
		} else {
			c.covered |= 1 << i
		}
		c.cover[i] = max(c.cover[i], value)
	}
	c.bonus = max(c.bonus, bonus)
	c.whole = c.whole || whole
}

func (s *scratch) concept(i int32) *conceptScore {
	c := &s.scores[i]
	if c.round != s.round {
		*c = conceptScore{round: s.round}
		s.hit = append(s.hit, i)
	}
	return c
}

// total adds up what speaks for a concept. What only a weak saying covers
// counts when nothing else is said.
func (s *scratch) total(i int32) {
	c := &s.scores[i]
	others := false
	for k := range s.tokens {
		t := &s.tokens[k]
		if (c.covered|c.weak)>>k&1 == 0 && t.weight > 0 && !t.place {
			others = true
		}
	}
	covered := c.covered
	if !others {
		covered |= c.weak
	}
	c.score = c.bonus
	if covered == 0 {
		c.score = 0
		return
	}
	for rest := covered; rest != 0; rest &= rest - 1 {
		c.score += c.cover[bits.TrailingZeros32(rest)]
	}
	c.score -= laterCost * float32(bits.TrailingZeros32(covered))
	for rest := c.near &^ covered; rest != 0; rest &= rest - 1 {
		c.score += nearScore * s.tokens[bits.TrailingZeros32(rest)].weight
	}
	c.covered = covered
}

// judge says how certain a concept is once it is known which words are a place.
func (l *Language) judge(s *scratch, i int32) {
	c := &s.scores[i]
	c.unsaid = 0
	var said, could float32
	sure, strange := false, false
	for k := range s.tokens {
		t := &s.tokens[k]
		if c.covered>>k&1 == 1 {
			said += c.cover[k]
			could += weights[t.class]
			if t.n > 0 && (!l.doubtful[t.candidates[0].word] || t.candidates[0].quality < 1) && t.class <= generic || t.n > 1 && !t.about {
				sure = true
			}
			continue
		}
		if !t.place && !t.denied {
			if c.near>>k&1 == 1 {
				c.unsaid += nearCost * t.weight
				continue
			}
			c.unsaid += t.weight
			strange = strange || t.n == 0 && t.weight == 1
		}
	}
	if could == 0 || c.except {
		c.certain = 0
		return
	}
	c.certain = min(1, said/could) * c.score / (c.score + unsaidFactor*c.unsaid)
	if strange && !sure && bits.OnesCount32(c.covered) == 1 {
		c.certain *= doubtFactor
	}
}

// rank puts the concepts in order: what explains most of the question first, of
// equals the earlier one in the lexicon.
func (s *scratch) rank() {
	kept := s.hit[:0]
	for _, i := range s.hit {
		if c := &s.scores[i]; c.score > 0 && !c.except {
			kept = append(kept, i)
		}
	}
	s.hit = kept
	slices.SortFunc(s.hit, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.scores[b].score, s.scores[a].score), cmp.Compare(a, b))
	})
}
