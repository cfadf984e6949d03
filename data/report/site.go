package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"boussole/data"
	"boussole/data/finess"
	"boussole/geo/gazetteer"
)

// site is what the sources say together of one FINESS number.
type site struct {
	registered bool      // FINESS lists it
	category   data.Code // by FINESS
	phone      bool
	closed     data.Date // by the source that says the earliest day
	closedBy   string
	at         address // by FINESS, or else by the first source of those that say
	by         groupKey
	official   bool // the address is that of FINESS
}

// address is what of an address is compared.
type address struct {
	commune        string
	number, street string // of the street the last word only: others are written in many ways
}

// establishmentOf returns the establishment of an offer with its FINESS number, and
// false where it has none that is a number.
func establishmentOf(o *data.Offer) (*data.Organization, string, bool) {
	i := slices.IndexFunc(o.Organizations, func(g data.Organization) bool { return g.Kind == data.Establishment })
	if i < 0 {
		return nil, "", false
	}
	number := o.Organizations[i].FINESS()
	return &o.Organizations[i], number, data.ValidFINESS(number)
}

func isRegister(o *data.Offer) bool {
	return len(o.Sources) > 0 && o.Sources[0].Source == finess.Name
}

func (c *Checker) learnSite(e Entry, key groupKey) {
	g, number, ok := establishmentOf(e.Offer)
	if !ok {
		return
	}
	s := c.sites[number]
	if s == nil {
		s = new(site)
		c.sites[strings.Clone(number)] = s
	}
	register := isRegister(e.Offer)
	s.phone = s.phone || hasLine(g.Telecoms) || hasContact(g.Contacts) || register && hasPhone(e.Offer)
	s.learnClosing(g, e.Source, c.options.Day)
	s.learnAddress(where(e.Offer, g, number), key, register)
	if register {
		s.registered, s.category = true, cmp.Or(g.Category, s.category)
		c.listed[number[:2]] = true
	}
	if text := twinText(e.Offer, g, number); text != "" {
		c.twins.add(c.hashOf(text), number)
	}
}

// isClosed reports whether an establishment says that it is closed on a day.
func isClosed(g *data.Organization, day data.Date) bool {
	return g.Closed != 0 && g.Closed <= day && (g.Reopening <= g.Closed || g.Reopening > day)
}

func (s *site) learnClosing(g *data.Organization, source string, day data.Date) {
	if !isClosed(g, day) {
		return
	}
	if s.closed == 0 || g.Closed < s.closed || g.Closed == s.closed && source < s.closedBy {
		s.closed, s.closedBy = g.Closed, source
	}
}

// learnAddress keeps that of FINESS, or of the source whose name comes first,
// whatever the order of the records is.
func (s *site) learnAddress(at address, by groupKey, register bool) {
	switch {
	case at.commune == "", s.official && !register:
		return
	case s.at.commune == "", register && !s.official:
	case cmp.Or(compareKeys(by, s.by), compareAddresses(at, s.at)) >= 0:
		return
	}
	s.at, s.by, s.official = at, by, register
}

func compareKeys(a, b groupKey) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.region, b.region))
}

func compareAddresses(a, b address) int {
	return cmp.Or(cmp.Compare(a.commune, b.commune), cmp.Compare(a.number, b.number), cmp.Compare(a.street, b.street))
}

// where returns the address of the site as a record has it: that of the
// establishment, or of the place that is the site by its id.
func where(o *data.Offer, g *data.Organization, number string) address {
	a := addressOf(o, g, number)
	words := strings.Fields(gazetteer.Fold(a.Street))
	at := address{commune: a.Commune, number: gazetteer.Fold(a.Number)}
	if len(words) > 0 {
		at.street = words[len(words)-1]
	}
	return at
}

func addressOf(o *data.Offer, g *data.Organization, number string) *data.Address {
	if g.Address.Commune != "" {
		return &g.Address
	}
	own := data.NewID("place", data.SystemFINESS, number)
	for i := range o.Places {
		if o.Places[i].ID == own {
			return &o.Places[i].Address
		}
	}
	return &g.Address
}

// differs reports whether two addresses cannot be one: they are in two communes, or
// on two streets at two numbers. An arrondissement is in its city, and a commune
// that is no more says nothing.
func (a address) differs(b address) bool {
	if a.commune == "" || b.commune == "" {
		return false
	}
	if one, other, ok := cities(a.commune, b.commune); one != other {
		return ok
	}
	return a.number != "" && b.number != "" && a.number != b.number &&
		a.street != "" && b.street != "" && a.street != b.street
}

func cities(a, b string) (one, other string, known bool) {
	if a == b {
		return a, b, true
	}
	x, okX := gazetteer.ByCode(a)
	y, okY := gazetteer.ByCode(b)
	if x.Of != "" && y.Of != "" {
		return a, b, true // two arrondissements
	}
	return cmp.Or(x.Of, a), cmp.Or(y.Of, b), okX && okY
}

func (a address) String() string {
	return data.Words(fmt.Sprintf("%s %s %s", a.commune, a.number, a.street))
}

// site holds what a record says of its establishment against what all say.
func (r *record) site() {
	g, number, ok := establishmentOf(r.Offer)
	if !ok {
		r.closedPlaces()
		return
	}
	s := r.sites[number]
	if s == nil {
		return // it was not among the records to learn from
	}
	if !r.closedSite(g, number, s) {
		r.closedPlaces()
	}
	if at := where(r.Offer, g, number); at.differs(s.at) && r.first("moved", number, at.String()) {
		r.found(SiteMoved, Finding{About: "site " + number, Found: at.String(), Expected: s.at.String() + ", by " + s.by.source})
	}
	register := isRegister(r.Offer)
	if !register && s.registered && s.category != "" && g.Category != "" && g.Category != s.category && r.first("category", number) {
		r.found(CategoryDiffers, Finding{About: "site " + number, Found: string(g.Category), Expected: string(s.category)})
	}
	if !s.registered && r.listed[number[:2]] && r.first("unregistered", number) {
		r.found(SiteUnregistered, Finding{About: "site " + number, Found: data.Words(g.Name)})
	}
	if text := twinText(r.Offer, g, number); text != "" {
		if others := r.twins.others(r.hashOf(text), number); others != nil && r.first("twin", number) {
			r.found(SiteTwin, Finding{About: "site " + number, Found: "the same name and address as " + strings.Join(others, ", ")})
		}
	}
}

// closedSite reports whether the offer goes on at an establishment that is closed.
func (r *record) closedSite(g *data.Organization, number string, s *site) bool {
	if s.closed == 0 || !r.active() || r.Offer.Category != "" && isClosed(g, r.options.Day) {
		return false
	}
	r.found(SiteClosed, Finding{About: "site " + number, Found: fmt.Sprintf("closed since %s, by %s", s.closed, s.closedBy)})
	return true
}

// closedForGood is the status of a place that has closed and stays so (R203).
const closedForGood data.Code = "R203|FD"

// closedPlaces finds an offer that goes on where every place of it is closed, or at
// an establishment that has no number and says itself that it is closed.
func (r *record) closedPlaces() {
	o := r.Offer
	if !r.active() {
		return
	}
	if site, ok := o.Site(); ok && site.FINESS() == "" && o.Category == "" && isClosed(&site, r.options.Day) {
		r.found(SiteClosed, Finding{About: "site " + site.Name, Found: fmt.Sprintf("closed since %s", site.Closed)})
		return
	}
	open := slices.ContainsFunc(o.Places, func(p data.Place) bool { return p.Status != closedForGood })
	if len(o.Places) > 0 && !open {
		r.found(SiteClosed, Finding{About: aboutPlace(&o.Places[0]), Found: "closed for good"})
	}
}

// active reports whether the offer does not say of itself that it is closed.
func (r *record) active() bool {
	return !slices.ContainsFunc(r.Offer.Hours.Closures, func(p data.Period) bool { return p.Contains(r.options.Day) })
}

// phones finds an offer that nobody can call.
func (r *record) phones() {
	if hasPhone(r.Offer) {
		return
	}
	if _, number, ok := establishmentOf(r.Offer); ok && r.sites[number] != nil && r.sites[number].phone {
		return
	}
	r.found(PhoneMissing, Finding{Found: r.Offer.Name})
}

func hasPhone(o *data.Offer) bool {
	return hasLine(o.Telecoms) || hasContact(o.Contacts) ||
		slices.ContainsFunc(o.Places, func(p data.Place) bool { return hasLine(p.Telecoms) }) ||
		slices.ContainsFunc(o.Practices, func(p data.Practice) bool { return hasLine(p.Telecoms) || hasLine(p.OwnTelecoms) }) ||
		slices.ContainsFunc(o.Organizations, func(g data.Organization) bool {
			return g.Kind != data.LegalEntity && (hasLine(g.Telecoms) || hasContact(g.Contacts))
		})
}

func hasLine(lines []data.Telecom) bool {
	return slices.ContainsFunc(lines, func(t data.Telecom) bool { return t.Channel == data.Phone && t.Value != "" })
}

func hasContact(contacts []data.Contact) bool {
	return slices.ContainsFunc(contacts, func(c data.Contact) bool { return hasLine(c.Telecoms) })
}
