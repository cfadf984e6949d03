package twin

import (
	"cmp"
	"sync"
	"time"
	_ "time/tzdata" // the machine may have no time zones

	"boussole/data"
)

// paris is what clocks show where nothing else is known.
const paris = "Europe/Paris"

// overseas are the collectivities whose communes begin with three digits of
// their own, and the clocks that they keep.
var overseas = map[string]string{
	"971": "America/Guadeloupe",
	"972": "America/Martinique",
	"973": "America/Cayenne",
	"974": "Indian/Reunion",
	"975": "America/Miquelon",
	"976": "Indian/Mayotte",
	"977": "America/St_Barthelemy",
	"978": "America/Marigot",
	"984": "Indian/Kerguelen",
	"986": "Pacific/Wallis",
	"987": "Pacific/Tahiti",
	"988": "Pacific/Noumea",
	"989": "Pacific/Pitcairn", // Clipperton, UTC-8
}

// departement returns the département of a place, as its address says, or else
// that of its commune; "" when neither is known and for an offer without a
// place.
func departement(o *data.Offer, place int) string {
	if place == nowhere {
		return ""
	}
	address := o.Places[place].Address
	if address.Departement != "" {
		return address.Departement
	}
	return departementOf(address.Commune)
}

// OpensIn returns the département by whose clocks and holidays an offer opens:
// that of the place, else that of an organization behind it, else the first
// commune or département it travels to.
func OpensIn(o *data.Offer, place int) string {
	candidates := []string{departement(o, place)}
	for _, g := range o.Organizations {
		d := g.Address.Departement
		if d == "" {
			d = departementOf(g.Address.Commune)
		}
		candidates = append(candidates, d)
	}
	for _, z := range o.Zones {
		if z.Kind == data.ZoneCommune {
			candidates = append(candidates, departementOf(z.Code))
		}
		if z.Kind == data.ZoneDepartement {
			candidates = append(candidates, z.Code)
		}
	}
	return cmp.Or(candidates...)
}

func departementOf(commune string) string {
	if len(commune) != 5 {
		return ""
	}
	if _, ok := overseas[commune[:3]]; ok {
		return commune[:3]
	}
	if commune[:2] == "2A" || commune[:2] == "2B" {
		return commune[:2]
	}
	tens, ones := commune[0], commune[1]
	if tens < '0' || tens > '9' || ones < '0' || ones > '9' {
		return ""
	}
	number := 10*int(tens-'0') + int(ones-'0')
	if number == 0 || number == 20 || number > 95 {
		return ""
	}
	return commune[:2]
}

// clocks are loaded once; loading one takes longer than looking at an offer.
var clocks = sync.OnceValue(func() map[string]*time.Location {
	loaded := map[string]*time.Location{"": load(paris)}
	for departement, name := range overseas {
		loaded[departement] = load(name)
	}
	return loaded
})

func load(name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zones are embedded
	}
	return location
}

func clockOf(departement string) *time.Location {
	if c, ok := clocks()[departement]; ok {
		return c
	}
	return clocks()[""]
}
