package suggest

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"

	"boussole/data/lexicon"
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
	common     bool // everybody says it
	aside      bool // it speaks of something else than care
	told       bool // it completes another word, and speaks of something else
	other      bool // what it completes is of another world
	slip       bool // a misspelling, if it is one, of a word that says little
	number     bool
	letter     bool // a single one
}

// scratch is what one question needs, used again for the next one.
type scratch struct {
	raw      []string
	pauses   uint32 // bits of the words before which there is a mark
	measured bool   // with a sign of measures: its numbers are no département
	tokens   []token
	phrases  []phraseState
	touched  []int32 // phrases
	scores   []conceptScore
	hit      []int32 // concepts
	round    uint32
	who      Who
	person   bool // it is about somebody
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
	round   uint32
	except  bool
	covered uint32 // tokens
	weak    uint32 // tokens of weak phrases
	near    uint32 // tokens that are words of its other phrases
	firm    uint32 // tokens of phrases that are said whole, or of which several words are
	cover   [maxWords]float32
	bonus   float32
	whole   bool
	score   float32
	unsaid  float32 // weight of what it leaves out
	certain float32
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
	partialShare    = 0.6  // of a phrase that must be there for it to count in part
	aloneShare      = 0.75 // when one word of it is
	partialFactor   = 0.55 // what it counts then
	longerBonus     = 0.15 // for each word more of a phrase that is there whole
	titleBonus      = 0.08 // for what a concept is called
	unsaidFactor    = 0.6  // what a word that is not explained costs
	laterCost       = 0.02 // for each word before the first that it explains: French says the main thing first
	nearScore       = 0.15 // for a word that is one of others of the concept's phrases
	nearCost        = 0.35 // of what it would cost unexplained
	careCost        = 0.5  // of what it would cost, for another word of care
	foreignWeight   = 3.0  // of a word of another world
	elsewhereWeight = 2.0  // of an everyday word of another world
	everydayWeight  = 1.2  // of a word that everybody says, and the lexicon does not
	storyWeight     = 0.6  // of such a word in a question about somebody
	heardQuality    = 0.8  // of a word that is written for another that sounds the same
	numberWeight    = 0.15 // of a number that means nothing
	doubtFactor     = 0.7  // of one word with other meanings beside a word that nobody knows
	leastQuality    = 0.5
	leastConfident  = 0.5 // nothing is asserted below
)

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
	if whole && p.title {
		bonus += titleBonus
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
	if whole || bits.OnesCount32(st.tokens) > 1 {
		c.firm |= st.tokens
	}
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
		if (c.covered|c.weak)>>k&1 == 0 && t.weight > 0 && !t.place && !t.denied {
			others = true
		}
	}
	covered := c.covered
	if !others {
		covered |= c.weak
	}
	c.score = c.bonus
	if covered == 0 || covered&(covered-1) == 0 && !s.person && s.faint(bits.TrailingZeros32(covered), c.firm) {
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
	said, could, b := l.explained(s, c)
	if could == 0 || c.except {
		c.certain = 0
		return
	}
	c.certain = min(1, said/could) * c.score / (c.score + unsaidFactor*c.unsaid)
	if !s.person && b.doubtful(l.concepts[i].Kind <= lexicon.Activity, bits.OnesCount32(c.covered)) {
		c.certain *= doubtFactor
	}
	if c.covered&(c.covered-1) == 0 && l.cited(s, bits.TrailingZeros32(c.covered)) {
		c.certain = 0
	}
}

// explained tells what the words that a concept explains say for it and could say,
// adds up what the others cost, and tells what these are beside those.
func (l *Language) explained(s *scratch, c *conceptScore) (said, could float32, b beside) {
	c.unsaid = 0
	for k := range s.tokens {
		t := &s.tokens[k]
		switch {
		case c.covered>>k&1 == 1:
			said += c.cover[k]
			could += weights[t.class]
			b.common = b.common || t.common
			b.sure = b.sure || t.n > 0 && (!l.doubtful[t.candidates[0].word] || t.candidates[0].quality < 1) && t.class <= generic || t.n > 1 && !t.about
		case t.place || t.denied:
		case c.near>>k&1 == 1:
			c.unsaid += nearCost * t.weight
		default:
			c.unsaid += l.costOf(t)
			b.word(t)
		}
	}
	return said, could, b
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
