package fhir

import (
	"bufio"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"boussole/data"
)

// Resource is one FHIR resource, written.
type Resource struct {
	Type, ID string
	JSON     []byte // without blanks
}

// Resources writes an offer as the resources it is made of: the offer itself,
// then its places, organizations, practices and professionals. Write the offer
// as a viewer may see it: nothing is hidden here. What the profiles have no
// place for, such as the FINESS mode of tariff or exceptional hours, is not
// written.
func Resources(o *data.Offer) []Resource {
	w := &writer{offer: o}
	s := service{Offer: *o}
	for i := range o.Places {
		s.locations = append(s.locations, idOf(o.Places[i].Record, o.Places[i].ID))
	}
	if len(o.Organizations) > 0 {
		s.providedBy = idOf(o.Organizations[0].Record, o.Organizations[0].ID)
	}
	self := idOf(o.Record, o.ID)
	s.Record = datedRecord(o.Record, o.Created, o.Updated)
	w.write("HealthcareService", self, func(c *object) { c.service(&s) })
	for i := range o.Places {
		place := o.Places[i]
		w.write("Location", s.locations[i], func(c *object) { c.location(&place) })
	}
	for i := range o.Organizations {
		g := organization{Organization: o.Organizations[i], partOf: w.parent(o.Organizations[i].Parent)}
		g.Record = datedRecord(g.Record, g.Created, g.Updated)
		w.write("Organization", idOf(g.Record, g.ID), func(c *object) { c.organization(&g) })
	}
	for i := range o.Practices {
		w.practice(self, o.Practices[i])
	}
	return w.all
}

type writer struct {
	offer *data.Offer
	all   []Resource
}

// idOf is the id in the source, or that of the model, which is one too.
func idOf(r data.Record, id data.ID) string {
	if r.ID != "" {
		return r.ID
	}
	return string(id)
}

// datedRecord has the days of the model where the source gives no instants.
func datedRecord(r data.Record, created, updated data.Date) data.Record {
	if r.Created.IsZero() && created != 0 {
		r.Created = created.UTC()
	}
	if r.Updated.IsZero() && updated != 0 {
		r.Updated = updated.UTC()
	}
	return r
}

// dayOf is the day of an instant of universal time.
func dayOf(t time.Time) data.Date {
	if t.IsZero() {
		return 0
	}
	return data.DateOf(t)
}

func (w *writer) parent(id data.ID) string {
	i := slices.IndexFunc(w.offer.Organizations, func(g data.Organization) bool { return id != "" && g.ID == id })
	if i < 0 {
		return ""
	}
	return idOf(w.offer.Organizations[i].Record, id)
}

func (w *writer) practice(offer string, p data.Practice) {
	r := role{Practice: p, services: []string{offer}}
	if p.Person != (data.Record{}) || p.Family != "" || p.Given != "" || len(p.OwnTelecoms) > 0 ||
		slices.ContainsFunc(p.Identifiers, func(i data.Identifier) bool { return personSystems(i.System) }) {
		r.practitioner = p.Person.ID
		if r.practitioner == "" {
			r.practitioner = personID(&p)
		}
		w.write("Practitioner", r.practitioner, func(c *object) { c.person(&p) })
	}
	w.write("PractitionerRole", idOf(p.Record, p.ID), func(c *object) { c.role(&r) })
}

// personID is derived from the number of the professional, or else from the
// practice.
func personID(p *data.Practice) string {
	for _, i := range p.Identifiers {
		if personSystems(i.System) {
			return string(data.NewID("person", i.System, i.Value))
		}
	}
	return string(data.NewID("person", string(p.ID)))
}

// write appends a resource, with what was left over when it was read.
func (w *writer) write(kind, id string, f func(*object)) {
	c := &coder{writing: true, of: kind + "/" + id, back: make(map[string][]*value)}
	for _, u := range w.offer.Unlisted {
		if u.Of == c.of {
			if v, err := parse([]byte(u.JSON)); err == nil {
				c.back[u.Path] = append(c.back[u.Path], v)
			}
		}
	}
	o := c.object(&value{kind: '{'}, "")
	o.v.add("resourceType", textValue(kind))
	f(o)
	if !o.v.has("id") {
		o.v.add("id", textValue(id))
	}
	o.finish()
	w.all = append(w.all, Resource{kind, id, appendValue(nil, o.v)})
}

// WriteNDJSON writes the resources of offers, one a line, each once: what two
// offers share is written with the first of them.
func WriteNDJSON(w io.Writer, offers iter.Seq2[*data.Offer, error]) error {
	out := bufio.NewWriter(w)
	err := eachResource(offers, func(r Resource) error {
		out.Write(r.JSON)
		return out.WriteByte('\n')
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// WriteBundle writes the same as one bundle of the type collection.
func WriteBundle(w io.Writer, offers iter.Seq2[*data.Offer, error]) error {
	out := bufio.NewWriter(w)
	out.WriteString(`{"resourceType":"Bundle","type":"collection","entry":[`)
	before := "\n"
	err := eachResource(offers, func(r Resource) error {
		out.WriteString(before + `{"resource":`)
		out.Write(r.JSON)
		before = ",\n"
		return out.WriteByte('}')
	})
	if err != nil {
		return err
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

func eachResource(offers iter.Seq2[*data.Offer, error], f func(Resource) error) error {
	written := make(map[string]bool)
	for o, err := range offers {
		if err != nil {
			return err
		}
		for _, r := range Resources(o) {
			name := r.Type + "/" + r.ID
			if written[name] {
				continue
			}
			written[strings.Clone(name)] = true
			if err := f(r); err != nil {
				return err
			}
		}
	}
	return nil
}
