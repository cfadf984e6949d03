package suggest

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"boussole/data"
	"boussole/data/lexicon"
	"boussole/geo/gazetteer"
)

// Result is one thing that a question may mean.
type Result struct {
	Type       string // need, activity, offer_type, category, code, establishment, commune, departement or region
	Label      string
	Codes      []data.Code // any of which answers, the best first
	Place      Place       // where, if the question says so
	ID         data.ID     // of an establishment
	FINESS     string      // of an establishment
	Who        Who         // whom the question is about, of what the lexicon says
	Confidence float64     // in 0..1, two decimals
}

// Question is what is asked.
type Question struct {
	Text  string
	Limit int

	// Names finds establishments by their names; nil knows none. It is asked
	// with the mask of whoever asks.
	Names Names
	Mask  data.Mask
}

// Names finds establishments by what they are called.
type Names interface {
	// Find returns at most limit establishments that the mask sees, the best
	// first. It MUST answer as if those that the mask does not see were not
	// there.
	Find(text string, mask data.Mask, limit int) []Result
}

// Suggest returns what a question may mean, the likeliest first; nothing where
// nothing can be asserted. It costs some tens of microseconds, and what the
// names cost.
func (l *Language) Suggest(q Question) []Result {
	if q.Limit <= 0 {
		return nil
	}
	s := l.pool.Get().(*scratch)
	defer l.pool.Put(s)
	s.raw, s.measured = Fold(s.raw[:0], q.Text), strings.ContainsAny(q.Text, "%/")
	if len(s.raw) == 0 {
		return nil
	}
	if code, ok := l.code(s.raw); ok {
		return []Result{l.codeResult(code)}
	}
	results := l.concepted(s, q.Limit)
	if q.Names != nil {
		results = l.named(s, results, q)
	}
	if len(results) > q.Limit {
		results = results[:q.Limit]
	}
	return results
}

// wellKnown reports whether a place that is all that is asked is asked for: a
// village without its article may be a common word, as "crèche" is.
func wellKnown(s *scratch, p Place) bool {
	if p.Commune == "" || placeName(p.Name) == joinWords(s.raw) {
		return true
	}
	c, ok := gazetteer.ByCode(p.Commune)
	return ok && c.Population >= townSize
}

func (l *Language) codeResult(code data.Code) Result {
	kind := "code"
	switch code.System() {
	case "R211":
		kind = lexicon.Activity.String()
	case "R244":
		kind = lexicon.Type.String()
	case "R66":
		kind = lexicon.Category.String()
	}
	return Result{Type: kind, Label: l.labels[code], Codes: []data.Code{code}, Confidence: 1}
}

// concepted returns what the lexicon and the map say.
func (l *Language) concepted(s *scratch, limit int) []Result {
	l.tokenize(s)
	l.match(s)
	s.rank()
	place, placed := s.where()
	var results []Result
	for _, i := range s.hit {
		l.judge(s, i)
		c := &s.scores[i]
		if c.certain < leastConfident {
			continue
		}
		results = append(results, Result{
			Type: l.concepts[i].Kind.String(), Label: l.concepts[i].Label, Codes: s.codesOf(&l.concepts[i]),
			Place: place, Who: s.who, Confidence: rounded(l.capped(i, c.certain, placed)),
		})
		if len(results) == limit {
			break
		}
	}
	if len(results) == 0 && placed && s.onlyPlace() && wellKnown(s, place) {
		results = append(results, placeResult(place))
	}
	return results
}

// capped leaves room for an establishment that bears the name of its town: of
// "hôpital de Guingamp" the one that is called so goes before all hospitals.
func (l *Language) capped(i int32, certain float32, placed bool) float32 {
	if placed && l.concepts[i].Kind == lexicon.Category {
		return min(certain, 0.9)
	}
	return certain
}

func rounded(x float32) float64 { return math.Round(float64(x)*100) / 100 }

func placeResult(p Place) Result {
	kind := "commune"
	if p.Commune == "" {
		kind = "departement"
		if p.Departement == "" {
			kind = "region"
		}
	}
	return Result{Type: kind, Label: p.Name, Place: p, Confidence: 0.9}
}

// codesOf puts the codes in order for whom the question is about.
func (s *scratch) codesOf(c *lexicon.Concept) []data.Code {
	for i := range c.Variants {
		v := &c.Variants[i]
		if !s.who.holds(v) {
			continue
		}
		if v.Instead {
			return v.Codes
		}
		codes := slices.Clone(v.Codes)
		for _, code := range c.Codes {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
		return codes
	}
	return c.Codes
}

// where finds the place among the words that the best concept does not explain,
// and marks their tokens.
func (s *scratch) where() (Place, bool) {
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
	for i := 0; i < len(s.raw); i++ {
		if taken>>i&1 == 1 {
			continue
		}
		sp, ok := s.placeAt(g, i, taken, covered != 0)
		if !ok {
			continue
		}
		s.spans = append(s.spans, sp)
		i = sp.to - 1
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

// placeAt returns the place that is named at a raw word, as far as nothing there
// is explained otherwise.
func (s *scratch) placeAt(g *geography, i int, taken uint64, explained bool) (span, bool) {
	free := i
	for free < len(s.raw) && taken>>free&1 == 0 {
		free++
	}
	t := s.tokenAt(i)
	sp, ok := g.at(s.raw[:free], i)
	if !ok {
		if t != nil && explained && t.weight == 1 && !t.number && t.class == strong && (t.n == 0 || i == len(s.raw)-1 && t.candidates[0].quality < 1) {
			sp, ok = g.typed(s.raw[i])
			sp.from, sp.to = i, i+1
		}
		return sp, ok
	}
	if sp.to-sp.from > 1 {
		return sp, s.saysSomething(sp)
	}
	before, last := i > 0 && beforePlace[s.raw[i-1]], sp.to == len(s.raw)
	switch {
	case t == nil: // a small word, "die" is not one: but "le", "sur"
		return sp, false
	case s.raw[i][0] >= '0' && s.raw[i][0] <= '9':
		return sp, before && s.raw[i-1] != "a" && s.raw[i-1] != "de" || last && explained && !s.measured
	case t.place:
		return sp, true
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

// named puts the establishments among the rest. Where every word is one of the
// lexicon, what the lexicon says goes before a name that is made of such words.
func (l *Language) named(s *scratch, results []Result, q Question) []Result {
	if s.noName() || len(results) > 0 && results[0].Codes == nil { // a place alone
		return results
	}
	found := q.Names.Find(q.Text, q.Mask, q.Limit)
	most := 1.0
	if len(results) > 0 && len(results[0].Codes) > 0 && s.allKnown() {
		most = results[0].Confidence - 0.01
	}
	for _, r := range found {
		if r.Confidence = min(r.Confidence, most); r.Confidence >= leastConfident {
			results = append(results, r)
		}
		if r.Confidence >= toTheLetter { // "EHPAD Orrouy" is that one rather than any there
			for i := range results {
				if results[i].ID == "" && len(r.Codes) > 0 && slices.Contains(results[i].Codes, r.Codes[0]) {
					results[i].Confidence = min(results[i].Confidence, rounded(toTheLetter-0.02))
				}
			}
		}
	}
	slices.SortStableFunc(results, func(a, b Result) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return results
}

// toTheLetter is the least confidence of a name that is typed whole.
const toTheLetter = 0.97

// noName reports whether a question cannot be a name: it says nothing, or speaks
// of another world and of no kind of place.
func (s *scratch) noName() bool {
	other, kind, says := false, false, false
	for k := range s.tokens {
		t := &s.tokens[k]
		says = says || t.class != neutral && !t.about
		other = other || t.class == foreign && t.n > 0
		kind = kind || t.class == generic && !t.about || weightOfName(nameWord(s.raw[t.from])) <= commonWeights[1]
	}
	return !says || other && !kind
}

// allKnown reports whether every word is one of the lexicon, as it is written
// there.
func (s *scratch) allKnown() bool {
	for k := range s.tokens {
		if t := &s.tokens[k]; t.n == 0 || t.candidates[0].quality < 1 || t.place {
			return false
		}
	}
	return true
}
