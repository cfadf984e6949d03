package merge

import (
	"reflect"
	"slices"

	"boussole/data"
	"boussole/geo"
)

// fill gives a value what it does not know of another. Every field of both is
// seen by the same viewers.
func fill[T any](into, from *T) {
	to, of := reflect.ValueOf(into).Elem(), reflect.ValueOf(from).Elem()
	for i := range to.NumField() {
		if to.Field(i).IsZero() {
			to.Field(i).Set(of.Field(i))
		}
	}
}

// located is a place as one base describes it.
type located struct {
	claimant
	place *data.Place
}

// places returns where the offer is given: of the places of several bases those
// that are one, each with what all say of it.
func (f *fold) places() []data.Place {
	var sites [][]located
	f.placesOf = make(map[int32][]int)
	for _, c := range f.order("place") {
		before := len(sites)
		taken := make([]bool, before)
		for i := range c.Places {
			own := located{c, &c.Places[i]}
			at := untaken(sites[:before], taken, func(s []located) bool { return samePlace(s[0], own) })
			if at < 0 {
				at = len(sites)
				sites = append(sites, nil)
			} else {
				taken[at] = true
			}
			sites[at] = append(sites[at], own)
			f.placesOf[c.at] = append(f.placesOf[c.at], at)
		}
	}
	var places []data.Place
	for _, s := range sites {
		places = append(places, f.place(s))
	}
	return places
}

// samePlace: one id, one number that all may see, one address, or the one place of
// either offer.
func samePlace(a, b located) bool {
	if a.place.ID == b.place.ID || len(a.Places) == 1 && len(b.Places) == 1 {
		return true
	}
	if address := written(a.place.Address); address != "" && address == written(b.place.Address) {
		return true
	}
	return slices.ContainsFunc(a.place.Identifiers, func(i data.Identifier) bool {
		return a.ClassOfIdentifier(i) == a.Class() && isShared(i) && slices.Contains(b.place.Identifiers, i)
	})
}

// place puts the descriptions of one place together.
func (f *fold) place(said []located) data.Place {
	first := *said[0].place
	p := data.Place{
		ID: first.ID, Record: first.Record, Alias: first.Alias,
		Name: first.Name, Description: first.Description, Status: first.Status,
	}
	var function *located
	for i := range said {
		own := &said[i]
		words := data.Place{Alias: own.place.Alias, Name: own.place.Name, Description: own.place.Description, Status: own.place.Status}
		fill(&p, &words)
		if own.place.Function != "" && (function == nil || own.ClassOfCode(own.place.Function).Wider(function.ClassOfCode(function.place.Function))) {
			function = own
		}
		p.Identifiers = union(p.Identifiers, own.place.Identifiers)
		p.Equipment = equipment(p.Equipment, own.place.Equipment)
		p.Residential = unknownYet(p.Residential, own.place.Residential, func(a, b data.Residence) bool { return a.Type == b.Type })
		p.Telecoms = lines(p.Telecoms, own.place.Telecoms)
	}
	if function != nil {
		p.Function = function.place.Function
	}
	p.Capacity = beds(said)
	f.address(&p, said)
	f.position(&p, said)
	return p
}

// unknownYet appends what is not there yet under its own key. What one base has twice
// stays twice.
func unknownYet[T any](list, more []T, same func(a, b T) bool) []T {
	before := slices.Clip(list)
	list = before
	for _, v := range more {
		if !slices.ContainsFunc(before, func(o T) bool { return same(o, v) }) {
			list = append(list, v)
		}
	}
	return list
}

// equipment puts equipment together: of a type that both have once, what the first
// does not know of it is what the other says.
func equipment(list, more []data.Equipment) []data.Equipment {
	all := slices.Clone(unknownYet(list, more, func(a, b data.Equipment) bool { return a.Type == b.Type }))
	for _, e := range more {
		i, once := only(list, e.Type)
		if _, alone := only(more, e.Type); !once || !alone {
			continue
		}
		if all[i].Number == 0 && !all[i].OutOfService {
			all[i].Number, all[i].OutOfService = e.Number, e.OutOfService
		}
		if len(all[i].Limits) == 0 {
			all[i].Limits = e.Limits
		}
	}
	return all
}

// only returns where a type of equipment is in a list, if it is there once.
func only(list []data.Equipment, of data.Code) (int, bool) {
	at := -1
	for i := range list {
		if list[i].Type != of {
			continue
		}
		if at >= 0 {
			return at, false
		}
		at = i
	}
	return at, at >= 0
}

// beds returns every row, the last count of each.
func beds(said []located) []data.Capacity {
	var rows []data.Capacity
	for _, own := range said {
		before := len(rows)
		for _, row := range own.place.Capacity {
			i := slices.IndexFunc(rows[:before], func(o data.Capacity) bool { return rowOf(o) == rowOf(row) })
			switch {
			case i < 0:
				rows = append(rows, row)
			case row.Updated.After(rows[i].Updated):
				rows[i] = row
			}
		}
	}
	return rows
}

// rowOf is the identity of a count: all but the number and when it was taken.
func rowOf(c data.Capacity) data.Capacity {
	return data.Capacity{
		Nature: c.Nature, Status: c.Status, Temporality: c.Temporality, Sex: c.Sex, Source: c.Source,
		Assignment: c.Assignment, Closing: c.Closing, Additional: c.Additional, Crisis: c.Crisis,
	}
}

// of returns the descriptions of a place in the order in which they are believed.
func (f *fold) of(attribute string, said []located) []located {
	var list []located
	for _, c := range f.order(attribute) {
		if i := slices.IndexFunc(said, func(l located) bool { return l.at == c.at }); i >= 0 {
			list = append(list, said[i])
		}
	}
	return list
}

// address takes one that has a street before one that has none.
func (f *fold) address(p *data.Place, said []located) {
	order := f.of("address", said)
	best := order[0]
	for _, own := range order {
		a, b := own.place.Address, best.place.Address
		if b == (data.Address{}) || b.Street == "" && a.Street != "" {
			best = own
		}
	}
	p.Address = best.place.Address
}

// farApart is how many metres two positions of one place may lie apart without
// anybody being wrong: the size of a large hospital.
const farApart geo.Meters = 500

// position takes the most exact one, those that are not to be trusted last.
func (f *fold) position(p *data.Place, said []located) {
	order := f.of("position", said)
	best := order[0]
	for _, own := range order {
		if exactness(own.place) > exactness(best.place) {
			best = own
		}
	}
	at := best.place
	p.Point, p.Quality, p.Doubted, p.Vouched = at.Point, at.Quality, at.Doubted, at.Vouched
}

func exactness(p *data.Place) int {
	switch {
	case !p.Placed():
		return 0
	case p.Doubted:
		return int(p.Quality)
	}
	return 100 + int(p.Quality)
}

// organizations returns what provides the offer, as the one who is believed says:
// units that others name are added, what they say of the same establishment or entity,
// and the entity of the same establishment where it has none.
func (f *fold) organizations() []data.Organization {
	var chain []data.Organization
	for _, c := range f.order("site") {
		if chain == nil {
			chain = slices.Clone(c.Organizations)
			continue
		}
		for _, g := range c.Organizations {
			i := slices.IndexFunc(chain, func(o data.Organization) bool { return sameOrganization(o, g) })
			switch {
			case i >= 0:
				complete(&chain[i], &g)
			case g.Kind == data.Unit:
				units := slices.IndexFunc(chain, func(o data.Organization) bool { return o.Kind != data.Unit })
				chain = slices.Insert(chain, max(units, 0), g)
			case isEntity(g) && !slices.ContainsFunc(chain, isEntity) && isAt(c.Offer, chain):
				chain = append(chain, g)
			}
		}
	}
	return chain
}

// isEntity tells apart what an establishment may learn its numbers from (sitesTaken).
func isEntity(g data.Organization) bool { return g.Kind == data.LegalEntity }

// isAt reports whether an offer is at the establishment of others.
func isAt(o *data.Offer, chain []data.Organization) bool {
	own, known := o.Site()
	return known && slices.ContainsFunc(chain, func(g data.Organization) bool { return sameOrganization(g, own) })
}

func sameOrganization(a, b data.Organization) bool { return a.ID == b.ID && isEntity(a) == isEntity(b) }

// complete adds to an organization what another description of it knows.
func complete(own, other *data.Organization) {
	own.Identifiers = union(own.Identifiers, other.Identifiers)
	own.Contacts = contacts(own.Contacts, other.Contacts)
	own.Telecoms = lines(own.Telecoms, other.Telecoms)
	placed := *own
	fill(own, other)
	if placed.Quality != data.Unplaced {
		own.Point, own.Quality, own.Doubted, own.Vouched = placed.Point, placed.Quality, placed.Doubted, placed.Vouched
	}
}
