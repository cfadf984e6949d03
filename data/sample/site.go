package sample

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
)

// The defects of real records, in thousandths: those measured on FINESS 2021
// and the SAE, and what the quality rules of the ROR look for.
const (
	withoutPhone = 120
	cedex        = 60
	atCommune    = 45
	unplaced     = 1
	duplicated   = 4
)

// names are what invented things are called: stars, winds and instruments.
var names = strings.Split("de la Boussole,du Sextant,des Alizés,de la Rose des vents,du Méridien,"+
	"de l'Étoile polaire,de l'Astrolabe,du Compas,de la Grande Ourse,du Zéphyr,de la Tramontane,du Mistral,"+
	"de l'Équinoxe,du Solstice,de l'Horizon,du Zénith,de l'Azimut,de la Longitude,du Tropique,de l'Archipel,"+
	"du Cap Nord,de la Vigie,du Grand Phare,de l'Amarre,du Cabestan,de la Misaine,de l'Escale,du Lagon,"+
	"de la Marée,de l'Estuaire,du Nadir,de la Parallaxe,de Cassiopée,d'Altaïr,de Véga,d'Orion,"+
	"des Pléiades,de la Comète,du Crépuscule,de l'Aurore", ",")

// site is where offers are: a place, and what stands there.
type site struct {
	number        int
	name          string
	place         data.Place
	organizations []data.Organization
}

// newSite finds a place in the commune, for an establishment of that name.
func (v *village) newSite(name string) *site {
	s := &site{number: v.sites, name: pick(v.dice, names)}
	v.sites++
	q := v.quarter()
	s.place = data.Place{
		ID:      data.NewID("place", Name, strconv.Itoa(s.number)),
		Address: v.address(s.name, q),
	}
	v.position(&s.place, q)
	s.organizations = []data.Organization{{
		ID: data.NewID("organization", Name, strconv.Itoa(s.number)), Kind: data.Establishment,
		Name: fmt.Sprintf("%s exemple %s", name, s.name), Address: s.place.Address,
		Point: s.place.Point, Quality: s.place.Quality,
	}}
	return s
}

// newHospital is a site with an establishment and the entity that owns it, a
// helicopter's landing place now and then.
func (v *village) newHospital() *site {
	s := v.newSite("Hôpital")
	g := &s.organizations[0]
	legal := data.NewID("entity", Name, strconv.Itoa(s.number))
	g.Identifiers, g.Category, g.Parent = v.finess(), categoryHospital, legal
	g.PublicService = "SPH|1"
	g.ORSAN = pick(v.dice, []data.Code{"R284|1", "R284|4", ""})
	g.DropZone = pick(v.dice, []data.State{data.Yes, data.No, data.Unknown})
	g.Contacts = []data.Contact{
		{Name: "Standard exemple", Purpose: "R287|06", Level: data.LevelFree, Telecoms: v.phones(data.LevelFree)},
		{Name: "Cellule de crise exemple", Level: data.LevelVeryRestricted, Telecoms: v.phones(data.LevelVeryRestricted)},
	}
	s.organizations = append(s.organizations, data.Organization{
		ID: legal, Kind: data.LegalEntity, Identifiers: v.finess(),
		Name: "Entité exemple " + s.name,
	})
	return s
}

// establishment is the one that an offer is as a whole.
func (v *village) establishment(k *kind, s *site, o *data.Offer) []data.Organization {
	return []data.Organization{{
		ID: data.NewID("organization", Name, "offer", string(o.ID)), Kind: data.Establishment,
		Identifiers: v.finess(), Name: o.Name, Category: k.category,
		Address: s.place.Address, Point: s.place.Point, Quality: s.place.Quality,
	}}
}

// finess returns the next number, which is in no range of FINESS: no département
// is EX.
func (c *country) finess() []data.Identifier {
	c.establishments++
	return []data.Identifier{{System: data.SystemFINESS, Value: fmt.Sprintf("EX%07d", c.establishments)}}
}

// quarter is the commune, or one of its arrondissements, by how many people live
// there.
func (v *village) quarter() *quarter {
	if len(v.commune.within) == 0 {
		return &v.commune.quarter
	}
	people := 0
	for _, q := range v.commune.within {
		people += q.Population
	}
	n := v.IntN(people)
	i := slices.IndexFunc(v.commune.within, func(q quarter) bool {
		n -= q.Population
		return n < 0
	})
	return &v.commune.within[i]
}

// address is in a street of the quarter; the commune is as registers write it.
func (v *village) address(name string, q *quarter) data.Address {
	a := data.Address{
		Number: strconv.Itoa(v.between(1, 120)), StreetType: "RUE",
		Street:  "EXEMPLE " + strings.ToUpper(name),
		City:    strings.ToUpper(v.Name),
		Commune: v.Code, Departement: v.departement(),
	}
	if len(q.Postcodes) > 0 {
		a.Postcode = pick(v.dice, q.Postcodes)
	}
	if v.chance(cedex) {
		a.PostBox = fmt.Sprintf("BP %d", v.between(10, 99))
		a.City += " CEDEX"
	}
	return a
}

// position puts a place within the quarter, at its centre or nowhere.
func (v *village) position(p *data.Place, q *quarter) {
	switch {
	case !q.Placed || v.chance(unplaced):
	case v.chance(atCommune):
		p.Point, p.Quality = q.Centre, data.AtCommune
	default:
		p.Point = v.around(q).Rounded()
		p.Quality = pick(v.dice, []data.Quality{data.AtBuilding, data.AtBuilding, data.AtBuilding, data.AtStreet})
	}
}

// around returns a point of the disc around the centre of a quarter.
func (v *village) around(q *quarter) geo.Point {
	const perDegree = 111_195 // metres of latitude
	distance, angle := float64(q.radius)*math.Sqrt(v.Float64()), 2*math.Pi*v.Float64()
	return geo.Point{
		Lat: q.Centre.Lat + distance*math.Cos(angle)/perDegree,
		Lon: q.Centre.Lon + distance*math.Sin(angle)/perDegree/math.Cos(q.Centre.Lat*math.Pi/180),
	}
}

// placeOf is the site as the place of an offer, with the beds and the equipment
// that are the offer's own.
func (v *village) placeOf(s *site, k *kind, o *data.Offer) data.Place {
	place := s.place
	if k.beds != data.NatureUnknown {
		place.Capacity = v.capacity(k.beds)
	}
	if o.Field == data.FieldMCO && v.chance(150) {
		place.Equipment = []data.Equipment{{
			Type: pick(v.dice, heavyDuty), Number: v.between(1, 3),
			Limits: []data.Limit{{Feature: "R340|001", Value: float64(v.between(15, 35) * 10), Unit: "kg"}},
		}}
	}
	return place
}

// heavyDuty is equipment for obese patients, R212.
var heavyDuty = codes("R212|088", "R212|089", "R212|091", "R212|085")

// counted is when beds were counted.
var counted = time.Date(year, time.January, 5, 8, 0, 0, 0, time.UTC)

// capacity counts beds or seats: those installed always, what they are used for
// in two offers of five, those of a crisis in a few.
func (v *village) capacity(nature data.CapacityNature) []data.Capacity {
	row := func(status data.CapacityStatus, number int) data.Capacity {
		return data.Capacity{Nature: nature, Status: status, Temporality: data.Current, Number: number,
			Source: data.ByHand, Updated: counted.Add(-time.Duration(v.IntN(48*60)) * time.Minute)}
	}
	installed := v.between(4, 40)
	rows := []data.Capacity{row(data.Installed, installed)}
	if v.chance(400) {
		closed := v.between(0, installed/4)
		available := v.between(0, min(4, installed-closed))
		reserved := v.between(0, min(2, installed-closed-available))
		free := row(data.Available, available)
		free.Source, free.Sex = data.BedManagement, pick(v.dice, []data.Sex{data.EitherSex, data.EitherSex, data.Women, data.Men})
		tomorrow := row(data.Available, v.between(0, 6))
		tomorrow.Temporality = data.InADay
		rows = append(rows, free, tomorrow, row(data.ClosedBeds, closed), row(data.Reserved, reserved),
			row(data.Occupied, installed-closed-available-reserved))
	}
	if v.chance(100) {
		more := row(data.Supplementary, v.between(1, 10))
		more.Crisis = 2
		rows = append(rows, more, row(data.Authorised, installed+v.between(0, 4)), row(data.InstalledChecked, installed),
			row(data.Operational, installed))
	}
	return rows
}

// reach says how the offer is reached: lines of the three levels, or none.
func (v *village) reach(o *data.Offer, s *site) {
	if v.chance(600) {
		o.Telecoms = append(o.Telecoms, data.Telecom{
			Channel: data.SecureMail, Value: fmt.Sprintf("exemple-%d@mssante.example", v.offers), Level: data.LevelRestricted,
		})
	}
	if v.chance(withoutPhone) {
		return
	}
	if len(s.organizations) < 2 { // no hospital
		o.Telecoms = append(o.Telecoms, v.phones(data.LevelFree, data.LevelRestricted)...)
		if o.Field == data.FieldPrivateTown && v.chance(100) {
			o.Telecoms = append(o.Telecoms, v.phones(data.LevelVeryRestricted)...)
		}
		return
	}
	o.Contacts = []data.Contact{
		{Name: "Secrétariat exemple", Purpose: "R287|06", Level: data.LevelFree, Telecoms: v.phones(data.LevelFree)},
		{Name: "Ligne des professionnels exemple", Level: data.LevelRestricted, Telecoms: v.phones(data.LevelRestricted)},
		{Name: "Ligne de la régulation exemple", Level: data.LevelVeryRestricted, Telecoms: v.phones(data.LevelVeryRestricted)},
	}
}

// phones are lines of the blocks that Arcep keeps for fiction.
func (v *village) phones(levels ...data.Level) []data.Telecom {
	var lines []data.Telecom
	for _, level := range levels {
		block := pick(v.dice, []string{"+3319900", "+3326191", "+3335301", "+3346571", "+3353649"})
		if level == data.LevelVeryRestricted {
			block = "+3363998"
		}
		lines = append(lines, data.Telecom{Channel: data.Phone, Value: fmt.Sprintf("%s%04d", block, v.IntN(10_000)), Level: level})
	}
	return lines
}

// byDepartement holds the placed communes of each département.
var byDepartement = sync.OnceValue(func() map[string][]gazetteer.Commune {
	all := make(map[string][]gazetteer.Commune)
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Placed && c.Arrondissement == 0 {
			all[c.Departement] = append(all[c.Departement], c)
		}
		return true
	})
	return all
})

// neighbours returns the codes of the nearest communes of the département.
func (v *village) neighbours(n int) []string {
	near := slices.Clone(byDepartement()[v.departement()])
	centre := v.Centre.Vector()
	slices.SortFunc(near, func(a, b gazetteer.Commune) int {
		return cmp.Or(
			cmp.Compare(centre.Chord2(a.Centre.Vector()), centre.Chord2(b.Centre.Vector())),
			cmp.Compare(a.Code, b.Code),
		)
	})
	var list []string
	for _, c := range near[:min(n, len(near))] {
		list = append(list, c.Code)
	}
	return list
}
