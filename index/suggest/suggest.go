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
	Type       string // need, activity, offer_type, category, code, establishment, professional, commune, departement or region
	Label      string
	Codes      []data.Code // any of which answers, the best first
	Place      Place       // where, if the question says so
	ID         data.ID     // of an establishment, or of an offer of a professional
	FINESS     string      // of an establishment
	RPPS       string      // of a professional
	Who        Who         // whom the question is about, of what the lexicon says
	Confidence float64     // in 0..1, two decimals
}

// Question is what is asked.
type Question struct {
	Text  string
	Limit int

	// Typing asks for what the text is the beginning of too, where its last word
	// is not finished: nothing of that is asserted.
	Typing bool

	// Names finds establishments by their names; nil knows none. It is asked
	// with the mask of whoever asks.
	Names Names
	Mask  data.Mask

	// People finds professionals by their names, at most so many, the best first,
	// among those whom whoever asks sees; nil knows none.
	People func(Person, int) []Result
}

// Names finds establishments by what they are called.
type Names interface {
	// Find returns at most limit establishments that the mask sees, the best
	// first. It MUST answer as if those that the mask does not see were not
	// there.
	Find(text string, mask data.Mask, limit int) []Result

	// Begun returns at most limit establishments that the mask sees and whose
	// name and city have all the folded words but the last, and a word that the
	// last begins. The same MUST hold of it.
	Begun(words []string, mask data.Mask, limit int) []Result
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
	s.raw, s.pauses = fold(s.raw[:0], q.Text)
	s.measured = strings.ContainsAny(q.Text, "%/")
	if len(s.raw) == 0 {
		return nil
	}
	if code, ok := l.code(s.raw); ok {
		return []Result{l.codeResult(code)}
	}
	if number, ok := identifier(s.raw); ok {
		return q.numbered(number)
	}
	results := l.concepted(s, q.Limit)
	if q.Names != nil {
		results = l.named(s, results, q)
	}
	if q.People != nil {
		results = l.peopled(s, results, q)
	}
	if q.Typing {
		results = l.completed(s, results, q)
	}
	return results[:min(len(results), q.Limit)]
}

// numbered returns what bears a number that is all that is asked.
func (q *Question) numbered(number string) []Result {
	if len(number) == 11 {
		if q.People == nil {
			return nil
		}
		return q.People(Person{Number: number}, q.Limit)
	}
	if q.Names == nil {
		return nil
	}
	return q.Names.Find(number, q.Mask, q.Limit)
}

// urgent is the confidence from which on a situation goes before any name.
const urgent = 0.6

// peopled puts the professionals among the rest.
func (l *Language) peopled(s *scratch, results []Result, q Question) []Result {
	p, ok := s.someone(results)
	if !ok {
		return results
	}
	for _, r := range q.People(p, q.Limit) {
		if len(results) > 0 && results[0].Type == lexicon.Need.String() && results[0].Confidence >= urgent { // who is told of comes after what is
			r.Confidence = min(r.Confidence, hundredths(results[0].Confidence-0.01))
		}
		results = append(results, r)
	}
	slices.SortStableFunc(results, func(a, b Result) int { return cmp.Compare(b.Confidence, a.Confidence) })
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
	place, placed := s.where(l.doubts(s))
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
		return min(certain, 0.84)
	}
	return certain
}

func rounded(x float32) float64 { return hundredths(float64(x)) }

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

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

// named puts the establishments among the rest. Where every word is one of the
// lexicon, what the lexicon says goes before a name that is made of such words.
func (l *Language) named(s *scratch, results []Result, q Question) []Result {
	if s.noName() || len(results) > 0 && results[0].Codes == nil { // a place alone
		return results
	}
	found := q.Names.Find(q.Text, q.Mask, q.Limit)
	kind := len(found) > 2 && len(results) > 0 && results[0].Place == Place{} && found[2].Confidence >= toTheLetter // what so many are called is what they are
	same := len(found) > 0 && len(found[0].Codes) > 0 && len(results) > 0 && (results[0].Confidence < 0.75 || len(s.spans) == 1 && s.spans[0].written) && slices.Contains(results[0].Codes, found[0].Codes[0])
	most, there := 1.0, Place{}
	if len(results) > 0 && len(results[0].Codes) > 0 {
		if s.allKnown() || kind {
			most = hundredths(results[0].Confidence - 0.01)
		} else if results[0].Confidence >= 0.84 && len(s.spans) == 1 && !s.spans[0].written {
			there = results[0].Place
		}
	}
	for i, r := range found {
		if r.Confidence = min(r.Confidence, most); i == 0 && most == 1 && same && r.Confidence > 0.5 { // "EHPAD la Randonnerie" is that one, with a slip
			r.Confidence = max(r.Confidence, hundredths(min(1, results[0].Confidence+0.01)))
		}
		if !r.Place.in(there) { // "pharmacie Tours" is no "pharmacie de la Tour"
			r.Confidence = min(r.Confidence, hundredths(results[0].Confidence-0.01))
		}
		if r.Confidence >= leastNamed {
			results = append(results, r)
		}
		if r.Confidence >= toTheLetter && !kind { // "EHPAD Orrouy" is that one rather than any there
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

// leastNamed is the confidence below which no name is asserted: of so little of one,
// "salon de massage" is a home called Lyon.
const leastNamed = 0.58

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
		kind = kind || t.class == generic && !t.about || t.class != foreign && weightOfName(nameWord(s.raw[t.from])) <= commonWeights[1]
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
