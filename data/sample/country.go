package sample

import (
	"fmt"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// country counts what has been invented so far: everything has a number.
type country struct {
	seed                          uint64
	offers, sites, establishments int
	duplicates                    int // in thousandths: how many are due
}

// village is a commune while its offers are invented.
type village struct {
	*country
	*commune
	dice
	region data.Code
	made   []*data.Offer
	last   map[int]*data.Offer // of each family
}

// settle invents the offers of a commune, so many of each family.
func (c *country) settle(in *commune, shares []int) []*data.Offer {
	departement, _ := gazetteer.DepartementByCode(in.departement())
	v := village{
		country: c, commune: in, dice: newRand(c.seed, "commune", in.Code),
		region: data.NewCode("R30", departement.RegionCode), last: make(map[int]*data.Offer),
	}
	var practices, houses []int
	for family, n := range shares {
		for range n {
			switch recipeOf(family).setting {
			case alone:
				v.add(family, v.newSite("Établissement"))
			case atHome:
				v.add(family, nil)
			case house:
				houses = append(houses, family)
			case town:
				practices = append(practices, family)
			}
		}
	}
	v.hospitals(shares)
	v.Shuffle(len(practices), func(i, j int) { practices[i], practices[j] = practices[j], practices[i] })
	for _, family := range houses {
		practices = v.group(append([]int{family}, practices...), v.between(4, 24))
	}
	for len(practices) > 0 {
		practices = v.group(practices, v.groupSize())
	}
	return v.made
}

// hospitals makes as many hospitals as the most frequent service asks for; the
// first has all services that the commune has.
func (v *village) hospitals(shares []int) {
	for nth, more := 0, true; more; nth++ {
		var s *site
		more = false
		for family, n := range shares {
			if n <= nth || recipeOf(family).setting != hospital {
				continue
			}
			if s == nil {
				s = v.newHospital()
			}
			v.add(family, s)
			more = true
		}
	}
}

// group puts the first families on one site, and returns the others.
func (v *village) group(families []int, size int) (rest []int) {
	size = min(size, len(families))
	s := v.newSite("Cabinet")
	for _, family := range families[:size] {
		v.add(family, s)
	}
	return families[size:]
}

// groupSize is how many practices share a site: one, as a rule.
func (v *village) groupSize() int {
	switch n := v.IntN(100); {
	case n < 76:
		return 1
	case n < 89:
		return 2
	case n < 98:
		return v.between(3, 6)
	}
	return v.between(7, 14)
}

// add invents an offer of a family on a site, or at home where there is none;
// one in 250 is the one before it once more, under another number.
func (v *village) add(family int, s *site) {
	v.duplicates += duplicated
	var o *data.Offer
	if before := v.last[family]; before != nil && v.duplicates >= 1000 {
		v.duplicates -= 1000
		o = v.duplicate(before)
	} else {
		o = v.newOffer(recipeOf(family).draw(v.dice), s)
		v.last[family] = o
	}
	v.made = append(v.made, o)
}

// number gives the next offer its number and what follows from it.
func (v *village) number(o *data.Offer) (record string) {
	record = strconv.Itoa(v.offers)
	v.offers++
	o.ID = data.NewID("offer", Name, record)
	o.Identifiers = []data.Identifier{{System: data.SystemROR, Value: "00/" + record}}
	o.Sources = []data.Provenance{{Source: Name, Record: record, Date: edition}}
	return record
}

// edition is the date of the sample, and the last on which a record changed.
var edition = data.NewDate(year, 1, 5)

// newOffer invents one offer.
func (v *village) newOffer(k *kind, s *site) *data.Offer {
	o := k.offer
	record := v.number(&o)
	o.Region = v.region
	o.Category = k.category
	o.Name = fmt.Sprintf("%s exemple %s", k.name, pick(v.dice, names))
	o.Hours = k.drawHours(v.dice)
	o.Created = edition - data.Date(v.between(400, 3000))
	o.Updated = edition - data.Date(v.between(0, 399))
	if k.offer.NoConsent == data.Yes {
		o.PsychiatricSectors = []string{fmt.Sprintf("00G%02d", v.between(1, 40))}
	}
	if s == nil {
		s = v.newSite("Établissement")
		o.Zones = v.zones()
	} else {
		o.Places = []data.Place{v.placeOf(s, k, &o)}
	}
	o.Organizations = s.organizations
	if k.category != "" {
		o.Organizations = v.establishment(k, s, &o)
		o.Identifiers = append(o.Identifiers, o.Organizations[0].Identifiers...)
	}
	if k.profession != "" {
		o.Practices = []data.Practice{v.practice(k, record)}
	}
	v.reach(&o, s)
	return &o
}

// duplicate describes an offer a second time, as a second base would: another
// number, the name in capitals, and an older date.
func (v *village) duplicate(before *data.Offer) *data.Offer {
	o := *before
	v.number(&o)
	o.Name = strings.ToUpper(o.Name)
	o.Updated = o.Created
	return &o
}

// practice is who practises: a number that is nobody's.
func (v *village) practice(k *kind, record string) data.Practice {
	p := data.Practice{
		ID:          data.NewID("practice", Name, record),
		Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: nobody(v.offers)}},
		Family:      "Exemple-" + record,
		Profession:  k.profession,
		Vitale:      pick(v.dice, []data.State{data.Yes, data.Yes, data.Yes, data.No, data.Unknown}),
	}
	if k.profession == "G15|10" {
		p.Prefix = "Dr"
		p.OPTAM = pick(v.dice, []data.State{data.Yes, data.No, data.Unknown})
	}
	return p
}

// nobody returns an RPPS number whose key is wrong.
func nobody(n int) string {
	for key := range 2 {
		if number := fmt.Sprintf("00%08d%d", n, key); !data.ValidRPPS(number) {
			return number
		}
	}
	panic("two keys are right")
}

// zones are where a service travels: its commune and the nearest around it, or
// its département.
func (v *village) zones() []data.Zone {
	if v.chance(500) || !v.Placed {
		return []data.Zone{{Kind: data.ZoneDepartement, Code: v.departement()}}
	}
	var zones []data.Zone
	for _, code := range v.neighbours(v.between(5, 30)) {
		zones = append(zones, data.Zone{Kind: data.ZoneCommune, Code: code})
	}
	return zones
}
