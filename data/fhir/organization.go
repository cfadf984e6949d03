package fhir

import (
	"strings"

	"boussole/data"
)

// organization is an Organization: an EJ, an EG or an OI.
type organization struct {
	data.Organization
	partOf string
}

func (o *object) organization(s *organization) {
	g := &s.Organization
	o.record("Organization", &g.Record, &g.Record.Region)
	o.identifiers(&g.Identifiers, structureNumber, structureNumbering)
	o.text("name", &g.Name)
	o.within("_name", func(name *object) { name.extText(extComplement, &g.Complement) })
	o.firstText("alias", &g.Alias)
	o.types(g)
	o.reference("partOf", "Organization", &s.partOf)
	o.organizationAddress(g)
	each(o, "contact", &g.Contacts, organizationContact)
	each(o, "telecom", &g.Telecoms, telecom)

	eachExt(o, extPrice, &g.Prices, price)
	o.zones(&g.HealthTerritories)
	o.extCodes(extHelp, &g.FinancialHelps, "R241")
	o.extState(extFamily, &g.AccommodationFamily)
	o.count(extSocial, &g.SocialHelpPlaces)
	o.count(extTemporary, &g.TemporarySocialHelp)
	o.extCodes(extAccess, &g.Accessibility, "R202")
	o.extCode(extORSAN, &g.ORSAN, "R284")
	o.extState(extDropZone, &g.DropZone)
	o.extDay(extReopening, &g.Reopening)
	o.extDay(extFounded, &g.Founded)
	o.extCode(extClosingType, &g.ClosingType, "R286")
	o.ext(extPeriod, func(e *object) bool {
		period := data.Period{From: g.Opened, To: g.Closed}
		e.period("valuePeriod", &period)
		g.Opened, g.Closed = period.From, period.To
		return true
	})
	o.extText(extComment, &g.Comment)
	if !o.c.writing {
		g.Kind = kindOf(g)
	}
}

// structureNumbers are the slices of the profile.
var structureNumbers = []numbering{
	{data.SystemFINESS, "G07", "1", "http://finess.esante.gouv.fr"},
	{data.SystemSIREN, "G07", "2", "http://sirene.fr"},
	{data.SystemSIRET, "G07", "3", "http://sirene.fr"},
	{data.SystemRPPSR, "G07", "4", "http://rppsrang.esante.gouv.fr"},
	{data.SystemADELIR, "G07", "0", "http://adelirang.esante.gouv.fr"},
	{data.SystemStructure, "G07", "40", structureOID},
	{data.SystemPractice, "G07", "40", structureOID},
	{data.SystemOI, "R345", "42", "https://oi.esante.gouv.fr"},
}

const (
	structureOID = "urn:oid:1.2.250.1.71.4.2.2"
	personOID    = "urn:oid:1.2.250.1.71.4.2.1"
)

// structureNumber goes by the type, as the profile does; where the type is not
// one of its own, as in the Annuaire Santé, by the address.
func structureNumber(_ *object, kind, code, address, value string) string {
	address = strings.Replace(address, "https://", "http://", 1)
	for _, n := range structureNumbers {
		if kind == n.kind && code == n.code {
			return personal(n.system, value)
		}
	}
	if address == "http://sirene.fr" {
		if len(value) == 9 {
			return data.SystemSIREN
		}
		return data.SystemSIRET
	}
	for _, n := range structureNumbers {
		if address == strings.Replace(n.address, "https://", "http://", 1) {
			return personal(n.system, value)
		}
	}
	return ownNumber(address)
}

// personal: a national number of a structure is that of a person unless it
// begins as one of FINESS (1), SIREN (2) or SIRET (3).
func personal(system, value string) string {
	if (system == data.SystemStructure || system == data.SystemPractice) && strings.IndexByte("123", value[0]) < 0 {
		return data.SystemPractice
	}
	return system
}

func structureNumbering(i data.Identifier) numbering {
	for _, n := range structureNumbers {
		if n.system == i.System {
			return n
		}
	}
	return numbering{address: own + i.System}
}

func (o *object) types(g *data.Organization) {
	var list []data.Code
	for _, code := range []data.Code{g.Category, g.LegalStatus, g.Aggregate, g.PublicService, g.UnitType} {
		list = append(list, optional(code)...)
	}
	o.codes("type", nil, list, func(code data.Code) bool {
		switch code.System() {
		case "R66":
			return one(&g.Category)(code)
		case "R72":
			return one(&g.LegalStatus)(code)
		case "R69":
			return one(&g.Aggregate)(code)
		case "R73", "SPH":
			return one(&g.PublicService)(code)
		case "R207":
			return one(&g.UnitType)(code)
		}
		return false
	})
}

// kindOf tells the rung by what only one rung has; nothing is guessed from
// where it stands in the chain.
func kindOf(g *data.Organization) data.OrganizationKind {
	has := func(system string) bool { return numberOf(g.Identifiers, system) != "" }
	switch {
	case g.UnitType != "" || has(data.SystemOI):
		return data.Unit
	case g.Category != "" || has(data.SystemSIRET):
		return data.Establishment
	case g.LegalStatus != "" || g.Aggregate != "" || has(data.SystemSIREN):
		return data.LegalEntity
	}
	return data.OrganizationUnknown
}

func numberOf(list []data.Identifier, system string) string {
	for _, i := range list {
		if i.System == system {
			return i.Value
		}
	}
	return ""
}

// organizationAddress is the first address; the profile has no more than one.
func (o *object) organizationAddress(g *data.Organization) {
	at := position{&g.Point, &g.Quality, &g.Doubted, &g.Vouched}
	var list []struct{}
	if o.c.writing && (g.Address != data.Address{} || at.written()) {
		list = make([]struct{}, 1)
	}
	each(o, "address", &list, func(a *object, _ *struct{}) verdict {
		if !a.c.writing && len(list) > 0 {
			a.note(noteAgain, "")
			return refused
		}
		a.address(&g.Address)
		a.ext(extInsee, func(e *object) bool {
			if e.c.writing && g.Address.Commune != "" {
				e.v.add("valueCoding", codingValue(data.NewCode("R13", g.Address.Commune)))
				return true
			}
			return e.commune(&g.Address.Commune)
		})
		if a.c.writing && !at.written() {
			return kept
		}
		a.ext(extGeolocation, func(e *object) bool { return e.geolocation(at, &g.Address) })
		return kept
	})
}

// geolocation is the extension that FHIR has for the position of an address.
func (o *object) geolocation(at position, a *data.Address) bool {
	point, ok := *at.point, true
	for _, axis := range []struct {
		url    extension
		degree *float64
	}{{urls("latitude"), &point.Lat}, {urls("longitude"), &point.Lon}} {
		found := o.c.writing
		o.ext(axis.url, func(e *object) bool {
			found = e.float("valueDecimal", axis.degree)
			return found
		})
		ok = ok && found
	}
	reliable := at.reliable()
	o.extState(extConfidence, &reliable)
	if o.c.writing {
		return true
	}
	if !ok || !at.set(point, a) {
		o.note(notePoint, "")
		return false
	}
	at.rely(reliable)
	return true
}

func organizationContact(o *object, c *data.Contact) verdict {
	o.within("name", func(name *object) { name.personText(&c.Name) })
	o.extCode(extFunction, &c.Function, "R251")
	o.concept("purpose", &c.Purpose, "R287")
	o.extText(extDescription, &c.Description)
	o.level(extOrgLevel, &c.Level)
	each(o, "telecom", &c.Telecoms, telecom)
	return kept
}

// price is a tariff of an establishment, in euros.
func price(o *object, p *data.Price) verdict {
	o.extCode(extPriceType, &p.Type, "R246")
	unit := data.Code(p.Unit)
	if o.c.writing && unit.System() != "R228" {
		unit = "" // a text of another source, which has no place here
	}
	o.extCode(extPriceUnit, &unit, "R228")
	if !o.c.writing {
		p.Unit = string(unit)
	}
	paid := false
	o.ext(extAmount, func(e *object) bool {
		e.within("valueMoney", func(m *object) { paid = m.euros(&p.Amount) })
		return paid
	})
	o.extDay(extPriceFrom, &p.Valid.From)
	o.extDay(extPriceTo, &p.Valid.To)
	o.extState(extUnder60, &p.Under60)
	o.extCodes(extIncluded, &p.Included, "R264")
	eachExt(o, extOthers, &p.Others, func(e *object, s *string) verdict {
		e.text("valueString", s)
		return keptIf(*s != "")
	})
	o.extCode(extDwelling, &p.Residence, "R242")
	o.extCode(extSpecial, &p.Special, "R250")
	o.extCode(extWelcome, &p.Welcome, "R240")
	o.extCode(extDependency, &p.Dependency, "R237")
	o.extCode(extManagement, &p.Management, "R236")
	o.extCode(extAddedService, &p.Additional, "R264")
	o.extText(extMeal, &p.Meal)
	o.extText(extHumanHelp, &p.Help)
	o.extText(extOtherService, &p.Service)
	o.extText(extPriceText, &p.Description)
	return keptIf(paid)
}

func (o *object) euros(p *float64) bool {
	if o.c.writing {
		o.v.add("currency", textValue("EUR"))
		return o.float("value", p)
	}
	if o.v.has("currency") && o.v.textOf("currency") != "EUR" {
		o.note(noteUnknownCode, "currency")
		return false
	}
	o.drop("currency")
	return o.float("value", p)
}
