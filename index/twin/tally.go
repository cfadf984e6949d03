package twin

import (
	"math"
	"slices"

	"boussole/data"
)

// Tally is how many of the offers that suit have each value of something; an
// offer counts once for each value that one of its suiting places has.
type Tally struct {
	Offers       int
	Codes        map[data.Code]int
	Departements map[string]int
	Open, Beds   map[data.State]int
}

// Count by the codes of some systems, and by all else.
func CountBy(offers []data.Offer, profile int, q Question, systems []string) Tally {
	t := Tally{
		Codes: map[data.Code]int{}, Departements: map[string]int{},
		Open: map[data.State]int{}, Beds: map[data.State]int{},
	}
	for i := range offers {
		t.add(&offers[i], profile, q, systems)
	}
	return t
}

func (t *Tally) add(o *data.Offer, profile int, q Question, systems []string) {
	places := suitingPlaces(o, profile, q)
	if len(places) == 0 {
		return
	}
	t.Offers++
	codes, departements := map[data.Code]bool{}, map[string]bool{}
	open, beds := map[data.State]bool{}, map[data.State]bool{}
	for _, place := range places {
		for _, group := range vocabulary {
			for _, c := range group {
				if slices.Contains(systems, c.System()) && shows(o, place, profile, c) {
					codes[c] = true
				}
			}
		}
		if d := departement(o, place); d != "" {
			departements[d] = true
		}
		open[OpenAt(o.Hours, q.At, OpensIn(o, place))] = true
		beds[bedsAt(o, place, profile, q)] = true
	}
	for c := range codes {
		t.Codes[c]++
	}
	for d := range departements {
		t.Departements[d]++
	}
	for s := range open {
		t.Open[s]++
	}
	for s := range beds {
		t.Beds[s]++
	}
}

// bedsAt asks twice: whether it may be, and whether it is known to be.
func bedsAt(o *data.Offer, place, profile int, q Question) data.State {
	q.Beds.Rule = Yes
	if hasBeds(o, place, profile, q) {
		return data.Yes
	}
	q.Beds.Rule = Possible
	if hasBeds(o, place, profile, q) {
		return data.Unknown
	}
	return data.No
}

func suitingPlaces(o *data.Offer, profile int, q Question) []int {
	asked, places := everything[:], []int{nowhere}
	if q.Within <= 0 {
		asked = whatNotWhere
	}
	if len(o.Places) > 0 {
		places = nil
		for i := range o.Places {
			places = append(places, i)
		}
	}
	return slices.DeleteFunc(places, func(p int) bool { return !suits(o, p, profile, q, asked) })
}

// Cell is a tile of some zoom.
type Cell struct{ X, Y uint32 }

// CellOf is where a point lies on the map, by the textbook's formula; false for
// what is nearer to a pole than the map goes.
func CellOf(lat, lon float64, zoom int) (Cell, bool) {
	if math.Abs(lat) > 85.0511287 {
		return Cell{}, false
	}
	n := math.Exp2(float64(zoom))
	y := (1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 * n
	return Cell{uint32(min((lon+180)/360*n, n-1)), uint32(max(0, min(y, n-1)))}, true
}

// CountInCells counts the offers that suit and lie in a rectangle by tile.
func CountInCells(offers []data.Offer, profile int, q Question, south, west, north, east float64, zoom int) map[Cell]int {
	counts := map[Cell]int{}
	for i := range offers {
		o := &offers[i]
		cells := map[Cell]bool{}
		for place, p := range o.Places {
			inside := p.Point.Lat >= south && p.Point.Lat <= north && p.Point.Lon >= west && p.Point.Lon <= east
			if cell, ok := CellOf(p.Point.Lat, p.Point.Lon, zoom); ok && inside && suits(o, place, profile, q, everything[:]) {
				cells[cell] = true
			}
		}
		for cell := range cells {
			counts[cell]++
		}
	}
	return counts
}
