package merge

import (
	"reflect"
	"slices"

	"boussole/data"
	"boussole/geo"
)

// fact is one thing that can be said of an offer.
type fact struct {
	attribute data.Attribute
	part      int32 // 0 is the offer itself, then its places; before it, from -1 on, its organizations
	key       any   // what tells it from others of the attribute; of what there is one of, a name or nil
}

// saying is what a record says of a fact.
type saying struct {
	fact
	value any
	class data.Class
}

// A walk comes by all that an offer says, in the order of the model. What it says of
// a place, a practice or an organization it says of that of the merged offer which it
// is, -1 where it is none.
type walk struct {
	*data.Offer
	places, practices, organizations []int
	f                                func(saying)

	part int32
}

// walkOf is that over the merged offer itself.
func walkOf(o *data.Offer, f func(saying)) walk {
	return walk{Offer: o, places: upTo(len(o.Places)), practices: upTo(len(o.Practices)), organizations: upTo(len(o.Organizations)), f: f}
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func (w *walk) say(field string, key, value any, class data.Class) {
	w.f(saying{fact{facts[field], w.part, key}, value, class})
}

// one says the only value of a field, if it is known. The class is that of the value
// where it has a rule of its own.
func one[T any](w *walk, field string, v *T) {
	if !reflect.ValueOf(v).Elem().IsZero() {
		w.say(field, nil, *v, w.ClassOf(field, v))
	}
}

// each says the values of a list, which contradict nothing.
func each[T comparable](w *walk, field string, list []T) {
	for i := range list {
		w.say(field, list[i], nil, w.ClassOf(field, &list[i]))
	}
}

func (w *walk) walk() {
	one(w, "Offer.Name", &w.Name)
	one(w, "Offer.Type", &w.Type)
	one(w, "Offer.Field", &w.Field)
	one(w, "Offer.Category", &w.Category)
	one(w, "Offer.Family", &w.Family)
	one(w, "Offer.Ages", &w.Ages)
	one(w, "Offer.NoConsent", &w.NoConsent)
	one(w, "Offer.Hours", &w.Hours)
	w.lists()
	w.contacts("Offer.Contacts", "Contact.Telecoms", w.Contacts)
	w.lines("Offer.Telecoms", nil, w.Telecoms)
	for i := range w.Practices {
		w.practice(&w.Practices[i], w.practices[i])
	}
	for i := range w.Places {
		w.part = int32(1 + w.places[i])
		w.place(&w.Places[i])
	}
	w.part = 0
	w.providers()
}

// providers says what is said of organizations.
func (w *walk) providers() {
	for i := range w.Organizations {
		w.organization(&w.Organizations[i], w.organizations[i])
	}
}

func (w *walk) lists() {
	each(w, "Offer.Activities", w.Activities)
	each(w, "Offer.CareModes", w.CareModes)
	for i, code := range w.Characteristics {
		key := any(code)
		if slices.Contains(single, code.System()) {
			key = code.System()
		}
		w.say("Offer.Characteristics", key, code, w.ClassOf("Offer.Characteristics", &w.Characteristics[i]))
	}
	each(w, "Offer.Acts", w.Acts)
	each(w, "Offer.OutsideActs", w.OutsideActs)
	each(w, "Offer.Specialisations", w.Specialisations)
	each(w, "Offer.Resources", w.Resources)
	each(w, "Offer.Competences", w.Competences)
	each(w, "Offer.Audience", w.Audience)
	each(w, "Offer.PsychiatricSectors", w.PsychiatricSectors)
	each(w, "Offer.Zones", w.Zones)
	each(w, "Offer.Identifiers", w.Identifiers)
}

// contactKey is what a contact is known by: all but its lines.
type contactKey struct {
	name              string
	function, purpose data.Code
	description       string
	level             data.Level
}

// contacts says contacts with their lines, which are classed as a row says: those of
// an organization as all of it is, in no field of activity.
func (w *walk) contacts(field, row string, list []data.Contact) {
	for i := range list {
		c := &list[i]
		key := contactKey{c.Name, c.Function, c.Purpose, c.Description, c.Level}
		class := w.ClassOf(field, c)
		w.say(field, key, nil, class)
		w.linesIn("Contact.Telecoms", row, key, c.Telecoms, class)
	}
}

// lineKey is what a line is known by, beside what it is a line of.
type lineKey struct {
	of      any
	channel data.Channel
	value   string
}

func (w *walk) lines(field string, of any, list []data.Telecom) {
	w.linesIn(field, field, of, list, data.Open)
}

// linesIn says lines that stand in something of a class.
func (w *walk) linesIn(field, row string, of any, list []data.Telecom, in data.Class) {
	for i := range list {
		l := &list[i]
		w.say(field, lineKey{of, l.Channel, l.Value}, *l, in.And(w.ClassOf(row, l)))
	}
}

// practiceKey is one thing of one practice.
type practiceKey struct {
	practice int
	key      any
}

func (w *walk) practice(p *data.Practice, at int) {
	class := w.ClassOf("Offer.Practices", p)
	w.say("Offer.Practices", practiceKey{at, nil}, nil, class)
	w.fields(reflect.ValueOf(p).Elem(), fieldsOfPractice, func(word string) any { return practiceKey{at, word} }, class)
	for _, i := range p.Identifiers {
		w.say("Practice.Identifiers", practiceKey{at, i}, nil, class)
	}
	for _, c := range p.Specialties {
		w.say("Practice.Specialties", practiceKey{at, c}, nil, class)
	}
	w.linesIn("Practice.Telecoms", "Practice.Telecoms", practiceKey{at, "Telecoms"}, p.Telecoms, class)
	w.linesIn("Practice.OwnTelecoms", "Practice.OwnTelecoms", practiceKey{at, "OwnTelecoms"}, p.OwnTelecoms, class)
}

// fields says those of a struct that have one value each and are known.
func (w *walk) fields(v reflect.Value, fields comparedFields, key func(word string) any, in data.Class) {
	for i := range fields {
		f := &fields[i]
		if value := v.Field(f.index); !value.IsZero() {
			class := in.And(w.ClassOf(f.fact, value.Addr().Interface()))
			w.f(saying{fact{f.attribute, w.part, key(f.word)}, value.Interface(), class})
		}
	}
}

func byWord(word string) any { return word }

// positioned is what is said of where something is.
type positioned struct {
	point            geo.Point
	quality          data.Quality
	doubted, vouched bool
}

func (w *walk) position(field string, p positioned) {
	if p.quality != data.Unplaced {
		w.say(field, nil, p, w.ClassOf(field, nil))
	}
}

func (w *walk) place(p *data.Place) {
	w.say("Offer.Places", nil, nil, w.ClassOf("Place.ID", nil))
	w.fields(reflect.ValueOf(p).Elem(), fieldsOfPlace, byWord, data.Open)
	each(w, "Place.Identifiers", p.Identifiers)
	one(w, "Place.Address", &p.Address)
	w.position("Place.Point", positioned{p.Point, p.Quality, p.Doubted, p.Vouched})
	for i := range p.Equipment {
		e := &p.Equipment[i]
		w.say("Place.Equipment", e.Type, *e, w.ClassOf("Place.Equipment", e))
	}
	for i := range p.Capacity {
		row := &p.Capacity[i]
		w.say("Place.Capacity", rowOf(*row), *row, w.ClassOf("Place.Capacity", row))
	}
	for i := range p.Residential {
		r := &p.Residential[i]
		w.say("Place.Residential", r.Type, *r, w.ClassOf("Place.Residential", r))
	}
	w.lines("Place.Telecoms", nil, p.Telecoms)
}

// organization says first which one it is: of each kind but units there is one. What
// is said of one that is not believed goes no further, and its legal entity goes with it.
func (w *walk) organization(g *data.Organization, at int) {
	if at < 0 && isEntity(*g) && w.isElsewhere() {
		return
	}
	var key any = g.Kind
	if g.Kind == data.Unit {
		key = g.ID
	}
	w.say("Offer.Organizations", key, provider{g.ID, g.Name, g.FINESS()}, w.ClassOf("Organization.ID", nil))
	if at < 0 {
		return
	}
	w.part = int32(-1 - at)
	w.fields(reflect.ValueOf(g).Elem(), fieldsOfOrganization, byWord, data.Open)
	each(w, "Organization.Identifiers", g.Identifiers)
	one(w, "Organization.Address", &g.Address)
	w.position("Organization.Point", positioned{g.Point, g.Quality, g.Doubted, g.Vouched})
	w.contacts("Organization.Contacts", "Organization.Telecoms", g.Contacts)
	w.lines("Organization.Telecoms", nil, g.Telecoms)
	w.part = 0
}

// isElsewhere reports whether an establishment of the record is not that of the offer.
func (w *walk) isElsewhere() bool {
	for i := range w.Organizations {
		if w.organizations[i] < 0 && w.Organizations[i].Kind == data.Establishment {
			return true
		}
	}
	return false
}

// provider is an organization as which one it is.
type provider struct {
	id           data.ID
	name, finess string
}
