package twin

import (
	"math"
	"math/rand/v2"
	"time"

	"boussole/data"
	"boussole/geo"
)

// Ask returns a random question about a world, with any mixture of filters.
// Every group of codes holds at least one code and every département is named.
func Ask(r *rand.Rand, offers []data.Offer) Question {
	d := dice{r}
	q := Question{Near: d.origin(offers)}
	if d.chance(35) {
		q.Within = d.within(q.Near, offers)
	}
	if d.chance(66) {
		q.Codes = d.groups(offers)
	}
	if d.chance(25) {
		q.Departements = append(some(d, 2, departements), pick(d, departements))
	}
	if d.chance(40) {
		age := d.age()
		q.Age = &age
	}
	if d.chance(10) {
		q.Communes = some(d, 3, communesOf(offers, d))
	}
	if d.chance(10) {
		q.Travels = pick(d, []string{"75056", "13055", "69123", "67482", "97411", "2A004", "01004", "18033", "99999", "750"})
		if len(offers) > 0 && d.chance(60) { // where some offer goes
			for _, z := range pick(d, offers).Zones {
				if z.Kind == data.ZoneCommune {
					q.Travels = z.Code
				}
			}
		}
		if regions[departementOf(q.Travels)] == "" {
			q.Travels = "75056"
		}
		if d.chance(20) {
			q.Travels = pick(d, []string{"J249|TS-01", "J249|TS-01", "J249|TS-02"})
		}
	}
	if d.chance(20) {
		q.Beds = Beds{
			Rule: pick(d, []Rule{Possible, Yes}), AtLeast: pick(d, []int{0, 1, 5, 20}),
			Status: data.CapacityStatus(d.IntN(int(data.Authorised) + 1)), Sex: pick(d, []data.Sex{0, 0, data.Women, data.Men, data.EitherSex}),
		}
	}
	if d.chance(10) {
		q.Equipment = d.equipment()
	}
	if d.chance(10) {
		q.Quality = pick(d, []data.Quality{data.AtCommune, data.AtStreet, data.AtBuilding})
	}
	q.Open = pick(d, []Rule{Any, Any, Possible, Yes})
	if q.Open != Any || d.chance(20) {
		q.At = d.instant()
	}
	return q
}

// communesOf returns those of some places.
func communesOf(offers []data.Offer, d dice) []string {
	communes := []string{"", "99999"}
	for range 4 {
		if len(offers) == 0 {
			continue
		}
		for _, p := range pick(d, offers).Places {
			communes = append(communes, p.Address.Commune)
		}
	}
	return communes
}

func (d dice) equipment() []Equipment {
	var all []Equipment
	for range pick(d, []int{1, 1, 2}) {
		all = append(all, Equipment{
			Type:    pick(d, append([]data.Code{"R212|999", "X99|1"}, equipment...)),
			Feature: pick(d, []data.Code{"", "R340|001", "R340|001", "R340|002"}),
			AtLeast: float64(d.between(100, 320)),
		})
	}
	return all
}

var departements = []string{
	"75", "78", "13", "69", "31", "59", "67", "29", "64", "01", "18", "2A", "2B",
	"971", "973", "974", "975", "976", "984", "986", "988", "20", "99", "97",
}

// corners are at sea, on borders, in lands without offers, on the middles of
// the lattices, at the poles and around the antimeridian, which has two names.
var corners = []geo.Point{
	{Lat: 45, Lon: -20}, {Lat: -30, Lon: 80}, {Lat: 43.3, Lon: -1.9}, {Lat: 49.5, Lon: 6.2}, {Lat: 46.2, Lon: 6.15},
	{Lat: 46.5, Lon: 2.5}, {}, {Lat: 46.5, Lon: 2.505}, {Lat: 0.005},
	{Lat: 90}, {Lat: -90, Lon: 77}, {Lat: 89.99, Lon: -120},
	{Lat: -13.3, Lon: -178.1}, {Lat: -16.8, Lon: 179.95}, {Lat: -16.8, Lon: 180}, {Lat: -16.8, Lon: -180}, {Lat: -17, Lon: -179.95},
	{Lat: -48.8566, Lon: -177.6478}, {Lat: 13.2825, Lon: 3.8264}, // antipodes of Paris and of Wallis
}

func (d dice) origin(offers []data.Offer) geo.Point {
	switch n := d.IntN(100); {
	case n < 15:
		return d.position(offers)
	case n < 20:
		p := d.position(offers)
		return geo.Point{Lat: -p.Lat, Lon: rounded(0, p.Lon+180).Lon}
	case n < 45:
		p := d.position(offers)
		return rounded(p.Lat+d.NormFloat64()*0.1, p.Lon+d.NormFloat64()*0.1)
	case n < 65: // off the grid, as a caller may be
		return geo.Point{Lat: 42 + d.Float64()*9, Lon: -5 + d.Float64()*13}
	case n < 75:
		return rounded(pick(d, towns).point.Lat, pick(d, towns).point.Lon)
	case n < 80:
		return geo.Point{Lat: math.Asin(d.around(1)) * 180 / math.Pi, Lon: d.around(180)}
	}
	return pick(d, corners)
}

// position returns that of a place, or the middle of a town when the throw
// falls on an offer without one.
func (d dice) position(offers []data.Offer) geo.Point {
	if len(offers) > 0 {
		o := pick(d, offers)
		if len(o.Places) > 0 {
			if p := pick(d, o.Places); p.Quality != data.Unplaced {
				return p.Point
			}
		}
	}
	return pick(d, towns).point
}

// within returns a radius: of any order of magnitude, or the very distance of
// a place, which is included.
func (d dice) within(near geo.Point, offers []data.Offer) geo.Meters {
	if d.chance(40) {
		if m := distance(near, d.position(offers)); m > 0 {
			return m + pick(d, []geo.Meters{0, 0, 0.001})
		}
	}
	return pick(d, []geo.Meters{0.001, 1, 500, 5_000, 20_000, 100_000, 1_000_000, 19_000_000, 21_000_000})
}

// groups mostly asks for what one offer carries, so that something is found.
func (d dice) groups(offers []data.Offer) [][]data.Code {
	var carried []data.Code
	if len(offers) > 0 && d.chance(80) {
		carried = carriedBy(pick(d, offers))
	}
	var all [][]data.Code
	for range pick(d, []int{1, 1, 1, 2, 2, 3}) {
		var group []data.Code
		if len(carried) > 0 {
			group = append(group, pick(d, carried))
		}
		for len(group) == 0 || d.chance(20) {
			group = append(group, pick(d, pick(d, vocabulary)))
		}
		all = append(all, group)
	}
	return all
}

// carriedBy returns the codes of an offer and of its first place.
func carriedBy(o data.Offer) []data.Code {
	var all []data.Code
	for _, group := range vocabulary {
		for _, c := range group {
			place := nowhere
			if len(o.Places) > 0 {
				place = 0
			}
			if described(&o, place, c) || specific(&o, place, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// age is on a bound, next to one, in days, or any.
func (d dice) age() data.Age {
	bound := pick(d, ages)
	return pick(d, []data.Age{
		bound.Min, bound.Before, max(0, bound.Before-1), max(0, bound.Min-1),
		0, data.Age(d.IntN(60)) * data.AgeDay, data.Age(d.IntN(100)) * data.AgeYear, data.MaxAge,
	})
}

// instant is around the turns of summer time and midnights in any zone, around
// a holiday where it is one, on the quarter hour, or anywhere in the year.
func (d dice) instant() time.Time {
	at, _ := d.instantIn()
	return at
}

// instantIn returns an instant and the département by whose clocks it was
// chosen, and whose holiday it is if it is one.
func (d dice) instantIn() (time.Time, string) {
	day, departement := d.dayIn()
	y, m, dd := civil(day).Date()
	loc := clockOf(departement)
	switch d.IntN(4) {
	case 0:
		return time.Date(y, m, dd, 0, d.between(-2, 2), d.between(-1, 1), 0, loc), departement
	case 1:
		return time.Date(y, m, dd, 0, 15*d.IntN(24*4), 0, 0, loc), departement
	case 2: // the hours at which Paris and Saint-Pierre turn their clocks
		return time.Date(y, m, dd, 0, 5*d.between(0, 72), 0, 0, time.UTC), departement
	}
	return time.Date(y, m, dd, 0, 0, d.IntN(24*3600), d.IntN(1e9), loc), departement
}

func (d dice) dayIn() (data.Date, string) {
	switch n := d.IntN(100); {
	case n < 15:
		day, departement := d.holiday()
		return day + pick(d, []data.Date{-1, 0, 0, 0, 1}), departement
	case n < 49: // two in five of the rest
		return pick(d, turningDays), pick(d, departements)
	}
	return dateOf(year, time.January, d.between(1, 365)), pick(d, departements)
}
