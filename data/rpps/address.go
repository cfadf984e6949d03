package rpps

import (
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// written is the address as it tells one place from another.
func (p *practice) written() []string {
	at := [...]column{commune, postcode, office, communeName, streetNumber, streetSuffix, streetTypeCode, street, distribution, locator}
	parts := make([]string, len(at))
	for i, c := range at {
		parts[i] = p.text(c)
	}
	return parts
}

// places returns where the practice is: one place, at the centre of its commune
// since the file has no coordinates, or none where it has neither address nor
// site.
func (p *practice) places(offer data.ID) []data.Place {
	if !slices.ContainsFunc(p.written(), func(s string) bool { return s != "" }) {
		p.note(noteNoAddress)
		if !data.ValidFINESS(p.text(finessSite)) {
			return nil
		}
		return []data.Place{{ID: p.placeID(offer)}} // which a register may know
	}
	place := data.Place{Address: p.address()}
	at, known := p.commune()
	if known {
		place.Address.Commune, place.Address.Departement = at.Code, at.Departement
	}
	switch {
	case known && at.Placed:
		place.Point, place.Quality = at.Centre, data.AtCommune
	case known:
		p.note(noteNoCentre)
	case p.abroad():
		place.Address.Country = p.country()
		p.note(noteAbroad)
	default:
		p.note(noteNoCommune)
	}
	place.ID = p.placeID(offer)
	return []data.Place{place}
}

// placeID: a site of FINESS is the same place for everybody, and so is an
// address to the number; what is less exact is the place of this offer alone.
func (p *practice) placeID(offer data.ID) data.ID {
	switch number := p.text(finessSite); {
	case data.ValidFINESS(number):
		return data.NewID("place", data.SystemFINESS, number)
	case p.text(street) == "" || p.text(streetNumber) == "":
		return data.NewID("place", string(offer))
	}
	return data.NewID(append([]string{"place", "address"}, p.written()...)...)
}

// address is how the post writes it, but for who is written to: that is the
// professional, and an address is everybody's.
func (p *practice) address() data.Address {
	a := data.Address{
		Number:     p.text(streetNumber),
		Suffix:     p.text(streetSuffix),
		StreetType: p.text(streetTypeCode),
		Street:     p.text(street),
		Locator:    p.unnamed(locator),
		PostBox:    p.unnamed(distribution),
		Commune:    p.communeCode(),
	}
	if a.StreetType == "" {
		a.StreetType = p.text(streetType)
	}
	a.Postcode, a.City = p.lastLine()
	if data.DepartementOfCommune(a.Commune) == "" {
		a.Commune = ""
		a.Departement = p.departement()
	}
	return a
}

func (p *practice) communeCode() string { return data.CommuneOfFINESS(p.text(commune)) }

// lastLine returns the postcode and the city of the post, "25304" and
// "PONTARLIER CEDEX": the column "Bureau cedex" holds the whole line, the others
// what the post would write without a CEDEX.
func (p *practice) lastLine() (code, city string) {
	code, city = p.text(postcode), p.text(communeName)
	line := p.text(office)
	if first, rest, _ := strings.Cut(line, " "); isPostcode(first) {
		return first, rest
	}
	if line != "" {
		city = line
	}
	if !isPostcode(code) {
		code = ""
	}
	return code, city
}

func isPostcode(text string) bool { return len(text) == 5 && isNumber(text) }

// departement is that which the file writes, by its INSEE code.
func (p *practice) departement() string {
	code := p.text(departement)
	if data.KnownDepartement(code) {
		return code
	}
	if insee, ok := data.DepartementOfFINESS(code); ok {
		return insee
	}
	return ""
}

// titles announce a name.
var titles = map[string]bool{
	"dr": true, "drs": true, "docteur": true, "docteurs": true, "pr": true, "professeur": true,
	"mme": true, "mlle": true, "madame": true, "mademoiselle": true, "monsieur": true,
}

// unnamed returns a line of the address, unless it names the professional or
// seems to name a colleague.
func (p *practice) unnamed(c column) string {
	line := p.text(c)
	if line == "" {
		return line
	}
	words := strings.Fields(gazetteer.Fold(line))
	names := strings.Fields(gazetteer.Fold(p.text(family)))
	if slices.ContainsFunc(words, func(w string) bool { return titles[w] || slices.Contains(names, w) }) {
		p.note(noteNamed)
		return ""
	}
	return line
}

// commune returns the commune of the address, where it is certain: by its code,
// or else by a postcode and a name that only one has.
func (p *practice) commune() (gazetteer.Commune, bool) {
	if c, ok := gazetteer.ByCode(p.communeCode()); ok {
		return c, true
	}
	if p.abroad() {
		return gazetteer.Commune{}, false
	}
	code, city := p.lastLine()
	c, ok := byPostcode(code, city)
	if !ok {
		if c, ok = byPostcode(p.text(postcode), p.text(communeName)); !ok {
			return gazetteer.Commune{}, false
		}
	}
	p.note(noteByPostcode)
	return c, true
}

// byPostcode returns the one commune of a postcode that has the name; of an
// arrondissement the city is enough, since the postcode says which.
func byPostcode(code, city string) (found gazetteer.Commune, ok bool) {
	name, _, _ := strings.Cut(gazetteer.Fold(city)+" ", " cedex ")
	name = strings.TrimSpace(name)
	for _, c := range gazetteer.ByPostcode(code) {
		if !named(&c, name) {
			continue
		}
		if ok {
			return gazetteer.Commune{}, false
		}
		found, ok = c, true
	}
	return found, ok
}

func named(c *gazetteer.Commune, name string) bool {
	if gazetteer.Fold(c.Name) == name {
		return true
	}
	if c.Of == "" {
		return false
	}
	whole, ok := gazetteer.ByCode(c.Of)
	city, _, _ := strings.Cut(name, " ")
	return ok && gazetteer.Fold(whole.Name) == city
}

// france are its codes in the list of countries of INSEE and in R20.
var france = map[string]bool{"": true, "99000": true, "99100": true}

func (p *practice) abroad() bool { return !france[p.text(countryCode)] }

func (p *practice) country() string {
	if name := p.text(countryName); name != "" {
		return name
	}
	return p.text(countryCode)
}
