package nationaltest

import (
	"fmt"
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// exportOf begins the name of the source of a region.
const exportOf = "ror-"

// day0 is that of the first exports.
var day0 = data.NewDate(2026, 3, 2)

// site is an establishment of FINESS.
type site struct {
	number, commune, name string
	category              data.Code
}

// region is what a base of the ROR has, and what it says of it.
type region struct {
	code, commune string
	sites         []site
	numbered      int

	truth  []*data.Offer // of today, in order; nil where there is nothing any more
	cohort [roles][]int  // which of them play a role in the days
	delta  says          // of the second day, beside the roles

	updated, shut int // planted for the second day, beside the roles
}

func (r *region) source() string { return exportOf + r.code }

// number is the next one of a base.
func (r *region) number() string {
	r.numbered++
	return fmt.Sprintf("%s/%d", r.code, 1000+r.numbered)
}

func (r *region) add(o data.Offer) int {
	r.truth = append(r.truth, &o)
	return len(r.truth) - 1
}

func (r *region) live() (n int) {
	for _, o := range r.truth {
		if o != nil {
			n++
		}
	}
	return n
}

// later says more in the delta of the second day.
func (r *region) later(more says) {
	before := r.delta
	r.delta = then(before, more)
}

// country is what is planted, and what it must come to.
type country struct {
	size
	*testing.T
	regions  []*region
	national []*data.Offer // the national base: copies of what regions have
	known    []practitioner
	replaced map[string]string
	turned   map[string]bool         // what became sensitive, by its number
	hospital map[string][]data.Offer // services of the statistics that can be told, by region

	first, last books // of the directory of the first day, and of the last
	instances   int
}

// plot is one instance of a case: where, and by whom.
type plot struct {
	*country
	what       string
	n          int
	home, next *region
	here       site      // in the home region
	there      site      // another one there
	code       data.Code // an activity that nobody else has
}

// regionsOfFrance returns the seventeen regions that had a base of the ROR, each
// with a commune.
func regionsOfFrance() (list []*region) {
	for _, commune := range []string{
		"97105", "97209", "97302", "97411", "75056", "45234", "21231", "76540", "59350", "67482", "44109",
		"35238", "33063", "31555", "69123", "13055", "2A004",
	} {
		d, _ := gazetteer.DepartementByCode(data.DepartementOfCommune(commune))
		list = append(list, &region{code: d.RegionCode, commune: commune, delta: nothing})
	}
	return list
}

// plant plants every case, and the cohort of the days, in every region.
func (c *country) plant() {
	for i, r := range c.regions {
		for n := range c.each {
			for _, one := range cases {
				c.instances++
				p := plot{
					country: c, what: one.name, n: n, home: r, next: c.regions[(i+1)%len(c.regions)],
					here: r.sites[n], there: r.sites[c.each+n], code: data.Code(fmt.Sprintf("R211|X%05d", c.instances)),
				}
				one.plant(&p)
			}
		}
	}
	for _, r := range c.regions {
		c.plantCohort(r)
	}
	c.plantAliases()
}

// plantAliases counts the ids that offers answer to beside their own: on the last
// day some are those of the first, and some that stood for others are offers again.
func (c *country) plantAliases() {
	for _, w := range c.first.wants {
		c.first.aliases += len(w.aliases)
	}
	for id, w := range c.last.wants {
		if before, ok := c.first.wants[id]; ok && sameIDs(before.aliases, w.aliases) {
			c.last.aliasesBefore += len(w.aliases)
			continue
		}
		c.last.aliases += len(w.aliases)
	}
	for _, r := range c.regions {
		c.last.aliases += 2 * r.shut // the neighbour's id is its own again, and that of the home region stands for it
	}
}

// service is a service of the plot as a base has it, at a site of the home region.
func (p *plot) service(of *region, at *site, changes ...func(*data.Offer)) *data.Offer {
	number := of.number()
	o := &data.Offer{
		ID: data.NewID("offer", data.SystemROR, number), Identifiers: []data.Identifier{{System: data.SystemROR, Value: number}},
		Region: data.NewCode("R30", of.code), Name: "Consultation " + string(p.code), Field: data.FieldMCO,
		Activities: []data.Code{p.code}, CareModes: []data.Code{"R213|28"},
		Updated: day0 - 30, Sources: []data.Provenance{{Source: "fhir", Record: number}},
	}
	if at != nil {
		o.Organizations, o.Places = at.organization(), at.place(number)
	}
	for _, change := range changes {
		change(o)
	}
	return o
}

func (s *site) organization() []data.Organization {
	return []data.Organization{{
		ID: data.NewID("organization", data.SystemFINESS, s.number), Kind: data.Establishment, Name: s.name,
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: s.number}}, Address: data.Address{Commune: s.commune},
	}}
}

// place is where a base puts a service of the site: in its commune.
func (s *site) place(number string) []data.Place {
	c, _ := gazetteer.ByCode(s.commune)
	return []data.Place{{
		ID: data.NewID("place", number), Address: data.Address{Commune: s.commune}, Point: c.Centre, Quality: data.AtCommune,
	}}
}

// as is another copy of an offer, changed.
func as(o *data.Offer, changes ...func(*data.Offer)) *data.Offer {
	other := *o
	other.Identifiers, other.Sources = slices.Clone(o.Identifiers), slices.Clone(o.Sources)
	for _, change := range changes {
		change(&other)
	}
	return &other
}

func named(name string) func(*data.Offer) { return func(o *data.Offer) { o.Name = name } }
func on(day data.Date) func(*data.Offer)  { return func(o *data.Offer) { o.Updated = day } }

func at(s site) func(*data.Offer) {
	return func(o *data.Offer) { o.Organizations, o.Places = s.organization(), s.place(string(o.ID)) }
}

// both plants the same in the books of both days.
func (p *plot) both(f func(b *books)) {
	f(&p.first)
	f(&p.last)
}

// offer is one that the directory has on both days, joined to its site.
func (p *plot) offer(id data.ID, want wanted) {
	p.both(func(b *books) { p.offerIn(b, id, want) })
}

func (p *plot) offerIn(b *books, id data.ID, want wanted) {
	want.what = p.what
	b.offers++
	b.wants[id] = want
	if want.site != "" {
		b.notes[noteJoined]++
	}
}
