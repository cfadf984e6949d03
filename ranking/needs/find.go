package needs

import (
	"boussole/data"
	"boussole/index/suggest"
)

// Found is a need that a question in words may mean.
type Found struct {
	Need       *Need
	Patient    Patient       // as the caller tells, and what the words tell besides in figures
	Assumed    Patient       // as the need was chosen for: with the age that words such as "enfant" stand for
	Place      suggest.Place // where, if the words say so
	Confidence float64       // in 0..1, two decimals
}

// Find returns the needs that a question may mean, the likeliest first, at most
// limit; none where nothing can be asserted. What the caller knows of the patient
// goes before what the words say. It costs some tens of microseconds.
//
// An age that words only stand for ("enfant" for six years) chooses the need and is
// in [Found.Assumed] alone: a child who is two is not to be kept from who receives
// below three, so no offer is left out for it.
//
// The words are the lexicon's: this only says which need a concept is. What is less
// likely than something that is no urgent need is not asserted: it is no likelier
// for it.
func (s *Set) Find(text string, patient Patient, limit int) []Found {
	var found []Found
	least := 0.0
	for _, r := range suggest.French().Suggest(suggest.Question{Text: text, Limit: askedFor}) {
		if len(found) >= limit {
			break
		}
		known := patient
		if known.Weeks == 0 {
			known.Weeks = r.Who.Weeks
		}
		assumed := assume(r.Who, known)
		n := s.ofConcept(r.Label, assumed)
		if n == nil && len(found) == 0 {
			least = max(least, r.Confidence)
		}
		if n == nil || r.Confidence < least || alreadyFound(found, n) {
			continue
		}
		found = append(found, Found{Need: n, Patient: known, Assumed: assumed, Place: r.Place, Confidence: r.Confidence})
	}
	return found
}

// askedFor is how many concepts are looked at: several may be one need.
const askedFor = 10

func alreadyFound(found []Found, n *Need) bool {
	for _, f := range found {
		if f.Need.ID == n.ID {
			return true
		}
	}
	return false
}

// ofConcept returns the need of a concept for a patient; nil where it is none. Who
// is told no age is taken for an adult, and needs by term in the order of the file.
func (s *Set) ofConcept(label string, patient Patient) *Need {
	of := s.concepts[label]
	if len(of) == 0 {
		return nil
	}
	likely := patient
	if likely.Age == nil {
		adult := 40 * data.AgeYear
		likely.Age = &adult
	}
	for _, p := range []Patient{likely, patient} {
		for _, i := range of {
			if s.needs[i].Public.Suits(p) {
				return &s.needs[i]
			}
		}
	}
	n, _ := s.For(s.needs[of[0]].ID, patient)
	return n
}

// Ages that stand for what words say of an age without telling it. The lexicon
// calls those of 12 to 17 years teenagers: without a number they are children, as
// they are to it.
const (
	newbornAge  = 14 * data.AgeDay
	babyAge     = 60 * data.AgeDay // the youngest that is no newborn: their fever is an emergency
	childAge    = 6 * data.AgeYear
	teenagerAge = 14 * data.AgeYear
	elderlyAge  = 85 * data.AgeYear
)

// assume puts the age that words stand for where none is told.
func assume(who suggest.Who, patient Patient) Patient {
	if patient.Age != nil || who.Pregnant {
		return patient
	}
	for _, said := range []struct {
		so  bool
		age data.Age
	}{{who.Newborn, newbornAge}, {who.Baby, babyAge}, {who.Child, childAge}, {who.Teenager, teenagerAge}, {who.Elderly, elderlyAge}} {
		if said.so {
			patient.Age = &said.age
			break
		}
	}
	return patient
}
