package twin

import (
	"cmp"
	"slices"
	"time"

	"boussole/data"
	"boussole/geo"
)

// Question mirrors the query of the index, field by field.
type Question struct {
	Near         geo.Point
	Within       geo.Meters    // included; 0 is any distance
	Codes        [][]data.Code // all of the groups, any code of each
	Departements []string      // any of them
	Communes     []string      // any of them
	Travels      string        // a commune, or J249| and a health territory, to which the offer goes; "" when it does not matter
	Age          *data.Age     // nil when it does not matter
	Open         Rule
	At           time.Time
	Beds         Beds
	Equipment    []Equipment // all of them
	Quality      data.Quality
}

// Rule is what is asked of the hours.
type Rule uint8

// The rules, in the order of those of the index.
const (
	Any      Rule = iota // hours do not matter
	Possible             // open, or not known
	Yes                  // known to be open
)

// Answer is one offer that suits, at the nearest of its places that does.
type Answer struct {
	ID       data.ID
	Place    int
	Distance geo.Meters
	Age      data.State // whether it receives the age asked for; Unknown when none was
}

// Nearest returns every offer that suits, in the order (distance, id), each at
// the nearest of its places that suits; between places equally far, at the
// first. What the profile may not see takes no part in it.
func Nearest(offers []data.Offer, profile int, q Question) []Answer {
	var answers []Answer
	for i := range offers {
		if a, ok := best(&offers[i], profile, q); ok {
			answers = append(answers, a)
		}
	}
	slices.SortFunc(answers, func(a, b Answer) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	return answers
}

func best(o *data.Offer, profile int, q Question) (Answer, bool) {
	var found Answer
	ok := false
	for i := range o.Places {
		if !suits(o, i, profile, q, everything[:]) {
			continue
		}
		d := distance(q.Near, o.Places[i].Point)
		if !ok || d < found.Distance {
			found = Answer{ID: o.ID, Place: i, Distance: d, Age: receives(o.Ages, q.Age)}
			ok = true
		}
	}
	return found, ok
}

// Count returns how many offers suit. Without Within no position is needed:
// places without one count, and so do offers without a place.
func Count(offers []data.Offer, profile int, q Question) int {
	asked := everything[:]
	if q.Within <= 0 {
		asked = whatNotWhere
	}
	n := 0
	for i := range offers {
		if suitsSomewhere(&offers[i], profile, q, asked) {
			n++
		}
	}
	return n
}

func suitsSomewhere(o *data.Offer, profile int, q Question, asked []requirement) bool {
	if len(o.Places) == 0 {
		return suits(o, nowhere, profile, q, asked)
	}
	for i := range o.Places {
		if suits(o, i, profile, q, asked) {
			return true
		}
	}
	return false
}

// Fails returns the names of the requirements that an offer fails at one of
// its places, as for [Nearest], in the order code, departement, age, open,
// position, within, commune, travels, beds, equipment, quality. The place -1 is that of an offer without places. An offer
// that does not exist for the profile fails all of them: ask [Exists] first.
func Fails(o *data.Offer, place int, profile int, q Question) []string {
	var names []string
	for _, r := range everything {
		if !Exists(o, profile) || !r.holds(o, place, profile, q) {
			names = append(names, r.name)
		}
	}
	return names
}

func suits(o *data.Offer, place int, profile int, q Question, asked []requirement) bool {
	if !Exists(o, profile) {
		return false
	}
	for _, r := range asked {
		if !r.holds(o, place, profile, q) {
			return false
		}
	}
	return true
}
