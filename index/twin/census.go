package twin

import (
	"slices"

	"boussole/data"
	"boussole/geo"
)

// Census is all offers, taken down once, for thousands of questions at sizes where
// the plain loop would take hours. It is brute force still: every question is asked
// of every place of every offer. But places that do not differ in what a
// requirement reads get the same verdict of it, so that each question is asked once
// of each different part (its ages, its hours and where it opens…) by the very
// function that the plain loop calls, and a place looks up what was said of its own.
//
// The zero Census holds nothing. Once all offers are in, it is safe for concurrent
// use. It keeps some hundred bytes a place, and one offer for each different part.
type Census struct {
	ids   []data.ID
	rows  []row
	parts [len(everything)]parts
}

// row is a place of an offer, or an offer that has none.
type row struct {
	offer  int32
	place  int16
	exists uint8 // a bit for each profile
	placed bool
	point  geo.Point
	of     [len(everything)]int32 // which of the parts of a requirement is its own
}

// parts are the different values of what a requirement reads, each with the first
// place that has it.
type parts struct {
	numbers map[any]int32
	first   []example
}

type example struct {
	offer *data.Offer
	place int
}

// profiles that there are, 0 to 5.
const profiles = 6

// Add takes an offer down. It may be kept, and MUST NOT change.
func (c *Census) Add(o *data.Offer) {
	number := int32(len(c.ids))
	c.ids = append(c.ids, o.ID)
	var exists uint8
	for profile := range profiles {
		if Exists(o, profile) {
			exists |= 1 << profile
		}
	}
	for _, place := range placesOf(o) {
		r := row{offer: number, place: int16(place), exists: exists, placed: hasPosition(o, place, 0, Question{})}
		if r.placed {
			r.point = o.Places[place].Point
		}
		for i, asked := range everything {
			if asked.reads != nil {
				r.of[i] = c.parts[i].number(asked.reads(o, place), o, place)
			}
		}
		c.rows = append(c.rows, r)
	}
}

// placesOf returns the places of an offer: nowhere, where it has none.
func placesOf(o *data.Offer) []int {
	if len(o.Places) == 0 {
		return []int{nowhere}
	}
	places := make([]int, len(o.Places))
	for i := range places {
		places[i] = i
	}
	return places
}

func (p *parts) number(read any, o *data.Offer, place int) int32 {
	n, ok := p.numbers[read]
	if ok {
		return n
	}
	if p.numbers == nil {
		p.numbers = make(map[any]int32)
	}
	n = int32(len(p.first))
	p.numbers[read] = n
	p.first = append(p.first, example{o, place})
	return n
}

// Offers returns how many there are.
func (c *Census) Offers() int { return len(c.ids) }

// Rows returns how many places there are, an offer without any counting as one.
func (c *Census) Rows() int { return len(c.rows) }

// Parts returns how many different parts there are, by requirement.
func (c *Census) Parts() map[string]int {
	parts := make(map[string]int)
	for i := range everything {
		if everything[i].reads != nil {
			parts[everything[i].name] = len(c.parts[i].first)
		}
	}
	return parts
}

// Row returns the offer of a row and its place there, -1 where it has none. Rows
// come in the order in which offers were added, and places in that of the offer.
func (c *Census) Row(n int) (data.ID, int) {
	return c.ids[c.rows[n].offer], int(c.rows[n].place)
}

// Knows reports whether the offer of a row exists for a profile.
func (c *Census) Knows(profile, n int) bool { return c.rows[n].exists>>profile&1 == 1 }

// The requirements whose verdicts more is made of than whether they hold.
var (
	byCode        = requirementNamed("code")
	byDepartement = requirementNamed("departement")
	byAge         = requirementNamed("age")
	byHours       = requirementNamed("open")
	byBeds        = requirementNamed("beds")
)

func requirementNamed(name string) int {
	return slices.IndexFunc(everything[:], func(r requirement) bool { return r.name == name })
}
