package twin

import (
	"fmt"
	"strconv"
	"time"

	"boussole/data"
	"boussole/geo"
)

// place returns one more place of an offer; a second one may stand where the
// first does, and others anywhere, far or near.
func (w *world) place(number string, p int, before []data.Place) data.Place {
	at := w.somewhere()
	quality := pick(w.dice, []data.Quality{data.AtCommune, data.AtStreet, data.AtBuilding})
	switch {
	case len(before) > 0 && w.chance(25):
		at.point = before[0].Point // and another commune
	case len(before) > 0 && w.chance(25):
		at.point = rounded(before[0].Point.Lat+w.around(0.2), before[0].Point.Lon+w.around(0.2))
		at.commune = before[0].Address.Commune
	case w.chance(10):
		quality = data.Unplaced // and what stands in its point says nothing
		at.point = pick(w.dice, []geo.Point{{}, at.point})
	}
	return data.Place{
		ID: data.NewID("place", w.seed, number, strconv.Itoa(p)),
		Identifiers: some(w.dice, 2, []data.Identifier{
			{System: data.SystemROR, Value: "94/9" + number + strconv.Itoa(p)},
			{System: data.SystemBedArea, Value: "UF" + number},
		}),
		Record:      w.record("Location-" + number),
		Vouched:     w.chance(10),
		Alias:       maybe(w.dice, 30, "UF "+number),
		Name:        maybe(w.dice, 70, "Bâtiment "+strconv.Itoa(p+1)),
		Description: maybe(w.dice, 20, "Au fond de la cour"),
		Function:    maybe(w.dice, 50, pick(w.dice, functions)),
		Status:      pick(w.dice, []data.Code{"R203|OP", "R203|FT", ""}),
		Address:     w.address(at.commune),
		Point:       at.point,
		Quality:     quality,
		Doubted:     w.chance(10),
		Equipment:   w.equipment(),
		Capacity:    w.capacity(),
		Residential: some(w.dice, 1, []data.Residence{{Type: "R242|01", Number: 12}}),
		Telecoms:    w.telecoms(1),
	}
}

func (w *world) address(commune string) data.Address {
	postcode := "00000"
	if len(commune) == 5 {
		postcode = commune[:2] + "000"
	}
	return data.Address{
		CareOf:     maybe(w.dice, 10, "CHEZ M. DUPONT"),
		Locator:    maybe(w.dice, 10, "ESC B"),
		Number:     maybe(w.dice, 80, strconv.Itoa(w.between(1, 200))),
		Suffix:     maybe(w.dice, 10, "BIS"),
		StreetType: maybe(w.dice, 80, "RTE"),
		Street:     maybe(w.dice, 80, "DE PARIS"),
		Complement: maybe(w.dice, 10, "ZAC DES PRES"),
		Locality:   maybe(w.dice, 10, "LE BOURG"),
		PostBox:    maybe(w.dice, 10, "BP 12"),
		Postcode:   postcode,
		City:       pick(w.dice, []string{"VIRIAT", "PARIS CEDEX 10", "L'ÎLE-ROUSSE"}),
		Commune:    commune,
		// Mostly left to the commune; where both are written, this one counts.
		Departement: maybe(w.dice, 20, pick(w.dice, []string{departementOf(commune), "2B", "974", "99"})),
		Country:     maybe(w.dice, 5, "MC"),
	}
}

func (w *world) equipment() []data.Equipment {
	var all []data.Equipment
	for _, kind := range some(w.dice, 2, equipment) {
		e := data.Equipment{Type: kind, Number: w.IntN(4)}
		e.OutOfService = e.Number == 0 && w.chance(50)
		if w.chance(50) {
			e.Limits = []data.Limit{{Feature: "R340|001", Value: float64(w.between(120, 300)), Unit: "kg"}}
		}
		all = append(all, e)
	}
	return all
}

// capacity returns rows of every status, moment, sex and source.
func (w *world) capacity() []data.Capacity {
	var all []data.Capacity
	for range maybe(w.dice, 60, w.between(1, 4)) {
		all = append(all, data.Capacity{
			Nature:      data.CapacityNature(w.between(0, int(data.Seat))),
			Status:      data.CapacityStatus(w.between(0, int(data.Authorised))),
			Temporality: data.Temporality(w.between(0, int(data.InAWeek))),
			Sex:         data.Sex(w.between(0, int(data.SexUnknown))),
			Number:      w.IntN(30),
			Source:      data.CapacitySource(w.between(0, int(data.Statistics))),
			Assignment:  uint8(w.between(0, 3)),
			Closing:     uint8(w.between(0, 3)),
			Additional:  maybe(w.dice, 10, uint8(w.between(1, 3))),
			Crisis:      maybe(w.dice, 10, uint8(w.between(1, 2))),
			Updated:     maybe(w.dice, 90, w.moment()),
			Comment:     maybe(w.dice, 10, "travaux"),
		})
	}
	return all
}

// organizations returns the chain from the unit up, or a part of it.
func (w *world) organizations(number string) []data.Organization {
	site, entity := data.NewID("site", w.seed, number), data.NewID("entity", w.seed, number)
	unit := w.organization(data.Unit, data.NewID("unit", w.seed, number))
	unit.UnitType, unit.Parent = "R207|3", site
	unit.Identifiers = []data.Identifier{{System: data.SystemOI, Value: "OI-" + number}}

	establishment := w.organization(data.Establishment, site)
	establishment.Parent = entity
	establishment.Category, establishment.CategoryLabel = pick(w.dice, categories), "Centre hospitalier"
	establishment.Aggregate = "R69|1102"
	establishment.Identifiers = []data.Identifier{
		{System: data.SystemFINESS, Value: fmt.Sprintf("750%06d", w.IntN(1e6))},
		{System: data.SystemSIRET, Value: fmt.Sprintf("%014d", w.IntN(1e14))},
	}

	legal := w.organization(data.LegalEntity, entity)
	legal.LegalStatus = "R72|13"
	legal.Identifiers = []data.Identifier{{System: data.SystemSIREN, Value: fmt.Sprintf("%09d", w.IntN(1e9))}}

	chain := []data.Organization{unit, establishment, legal}
	return chain[w.IntN(len(chain)+1):]
}

func (w *world) organization(kind data.OrganizationKind, id data.ID) data.Organization {
	at := w.newSite()
	return data.Organization{
		ID:                  id,
		Kind:                kind,
		Record:              w.record("Organization-" + string(id)),
		Vouched:             w.chance(10),
		TemporarySocialHelp: maybe(w.dice, 20, 5),
		Founded:             maybe(w.dice, 20, w.date(1900, 2000)),
		Name:                "CH " + pick(w.dice, surnames),
		Complement:          maybe(w.dice, 20, "Site Nord"),
		Alias:               maybe(w.dice, 20, "CHN"),
		PublicService:       maybe(w.dice, 50, data.Code("SPH|1")),
		Tariff:              maybe(w.dice, 50, data.Code("MFT|03")),
		APE:                 maybe(w.dice, 50, "8610Z"),
		Address:             w.address(at.commune),
		Point:               at.point,
		Quality:             data.Quality(w.between(int(data.Unplaced), int(data.AtBuilding))),
		Doubted:             w.chance(10),
		Contacts:            w.contacts(),
		Telecoms:            w.telecoms(1),
		Prices:              w.prices(),
		FinancialHelps:      some(w.dice, 1, []data.Code{"R247|1"}),
		AccommodationFamily: w.state(),
		SocialHelpPlaces:    maybe(w.dice, 20, 10),
		Accessibility:       some(w.dice, 1, []data.Code{"J50|1"}),
		HealthTerritories:   some(w.dice, 1, zones),
		ORSAN:               maybe(w.dice, 20, pick(w.dice, crisis)),
		DropZone:            w.state(),
		Opened:              w.date(1950, 2020),
		Closed:              maybe(w.dice, 5, w.date(2024, 2027)),
		Reopening:           maybe(w.dice, 5, w.date(2027, 2028)),
		ClosingType:         maybe(w.dice, 5, data.Code("R286|1")),
		Created:             w.date(2004, 2020),
		Updated:             w.date(2021, 2026),
		Comment:             maybe(w.dice, 10, "en travaux"),
	}
}

func (w *world) prices() []data.Price {
	return some(w.dice, 1, []data.Price{{
		Type: "R246|1", Residence: "R242|01", Special: "R250|1", Dependency: "R237|12", Welcome: "R240|02",
		Amount: float64(w.between(5000, 9000)) / 100, Unit: "jour",
		Valid:       data.Period{From: data.NewDate(year, time.January, 1), To: data.NewDate(year, time.December, 31)},
		Description: "Hébergement permanent",
		Management:  "R236|01", Under60: w.state(), Included: []data.Code{"R264|01"}, Others: []string{"coiffeur"},
		Additional: "R264|02", Service: "lavage du linge", Meal: "midi", Help: "aide au lever",
	}})
}
