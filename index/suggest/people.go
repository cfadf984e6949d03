package suggest

import (
	"slices"
	"strings"

	"boussole/data"
)

// Person is a professional whom a question may name.
type Person struct {
	Number string // RPPS, where that is all that is asked
	Title  bool   // "Dr", "docteur": somebody is named
	Names  []string

	known []string // of the names: words of the lexicon, which may be what somebody does
}

// Words returns what is looked for, as one question.
func (p *Person) Words() string {
	if p.Number != "" {
		return p.Number
	}
	return strings.Join(p.Names, " ")
}

// Optional reports whether a professional may be meant without a word of the
// question: it says what they do, in words that their offer may not have.
func (p *Person) Optional(word string) bool { return slices.Contains(p.known, word) }

var titles = map[string]bool{"dr": true, "docteur": true, "doctoresse": true, "pr": true, "prof": true, "professeur": true}

// someone reads a question that may name a professional: with a title, or with a
// word that nobody knows, where nothing better is said already.
func (s *scratch) someone(results []Result) (Person, bool) {
	var p Person
	unknown, other := false, false
	for k := range s.tokens {
		t := &s.tokens[k]
		other = other || t.class == foreign || t.class == elsewhere
		sure := t.n > 0 && t.candidates[0].quality == 1 && !t.place
		unknown = unknown || !sure && !t.number
		if sure {
			p.known = append(p.known, s.raw[t.from:t.to]...)
		}
	}
	for i, w := range s.raw {
		switch {
		case titles[w]:
			p.Title = true
		case s.tokenAt(i) == nil || small[w] || len(w) == 1 || len(w) < 3 && w[0] <= '9':
		default:
			p.Names = append(p.Names, w)
		}
	}
	said := len(results) > 0 && (results[0].Confidence >= wellSaid || results[0].Codes == nil)
	return p, len(p.Names) > 0 && len(p.Names) <= 5 && (p.Title || unknown && !other && !said)
}

// wellSaid is the confidence from which on nobody is looked for by name.
const wellSaid = 0.75

// What speaks for a professional.
const (
	bySurname = 0.6
	byTitle   = 0.2
	byGiven   = 0.17
	byRest    = 0.08 // everything else that is said is true of their offer
)

// Named returns the professional of a practice as an answer, and false where the
// question does not name them. The offer MUST be as its viewer may see it.
func (p *Person) Named(o *data.Offer, x *data.Practice) (Result, bool) {
	r := Result{Type: "professional", Label: data.Words(x.Prefix + " " + x.Given + " " + x.Family), ID: o.ID}
	for _, i := range x.Identifiers {
		if i.System == data.SystemRPPS {
			r.RPPS = i.Value
		}
	}
	if len(o.Places) > 0 {
		a := o.Places[0].Address
		r.Place = Place{Name: a.City, Commune: a.Commune, Departement: a.In()}
	}
	if p.Number != "" {
		r.Confidence = 1
		return r, r.RPPS == p.Number
	}
	surname, named := p.likeness(x.Family + " " + x.ExerciseFamily)
	given, first := p.likeness(x.Given + " " + x.ExerciseGiven)
	sure := bySurname
	if p.Title {
		sure += byTitle
	}
	if first > 0 {
		sure += byGiven * given
	}
	if left := len(p.Names) - named - first; left > 0 && left > len(p.known) {
		sure += byRest
	}
	r.Confidence = rounded(float32(min(toTheLetter, sure*surname)))
	return r, named > 0 && r.Confidence >= leastConfident
}

// likeness returns how well a name is said, and by how many words of the
// question: a word less than letter by letter is worth less.
func (p *Person) likeness(name string) (quality float64, words int) {
	parts := Fold(nil, name)
	for _, asked := range p.Names {
		best := 0.0
		for _, part := range parts {
			best = max(best, alikeness(asked, part))
		}
		if best > 0 {
			quality = max(quality, best)
			words++
		}
	}
	return quality, words
}

func alikeness(asked, name string) float64 {
	allowed := editsAllowed(asked)
	switch {
	case asked == name:
		return 1
	case len(asked) >= 3 && strings.HasPrefix(name, asked):
		return 0.92
	case len(asked) < 4:
		return 0
	case distance(asked, name, allowed) <= allowed, len(asked) >= 5 && sound(asked) == sound(name):
		return 0.87
	}
	return 0
}

// Same reports whether two answers are the same professional.
func (r *Result) Same(other *Result) bool {
	if r.RPPS != "" || other.RPPS != "" {
		return r.RPPS == other.RPPS
	}
	return r.Label == other.Label && r.Place == other.Place
}
