package finess

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/outline"
)

// An address of the daily file has two pairs of coordinates: coordonneeX and
// coordonneeY, directionLatitude and directionLongitude. As published on
// 9 March 2026 the first pair is in metres of the legal system of the
// département, the northing in X and the easting in Y, and the second is in
// degrees. By September three in four were exchanged: longitude and latitude in
// X and Y, northing and easting in directionLatitude and directionLongitude
// (issue 24 of github.com/ansforge/finess). So a pair is taken for what its
// numbers can be, in the order that puts it in the département of the address
// or that the other pair confirms. What neither settles is doubted, and what no
// order puts on French ground is no position.

// What was decided about the positions of the daily file, and is counted.
const (
	noteExchanged = "degrees where metres should be, and metres where degrees: taken for what they are"
	noteOrder     = "coordinates in the other order than the published one: exchanged"
	noteTwoOrders = "coordinates that fall in the département in either order: the published one kept, doubted"
	noteOnePair   = "one of the two pairs of coordinates unusable: the other taken"
	noteDisagree  = "degrees and metres that disagree: those in the département of the address taken"
	noteTwoPlaces = "degrees and metres that disagree, and nothing tells which are right: the degrees kept, doubted"
	noteScore     = "found by the national address base with a score below 0.5: taken for the commune's centre"
	noteLeftOut   = "coordinates that cannot be read, or fall outside the area of their system: left out"
	noteAtCentre  = "no coordinates that can be used: placed at the commune's centre of the gazetteer"
	noteKey       = "a key of the national address base that is none: left out"
)

// agreement is how far apart degrees and metres of one place may be. Both are
// rounded to less than a metre; a register may round one of them again.
const agreement geo.Meters = 50

// minScore is below what a match of the national address base (scoreBAN, 0 to
// 1) is no match of the street. Nearly all of FINESS is above 0.9.
const minScore = 0.5

// pair is two coordinates as they stand in the file, and the points that they
// may mean: the order of the publisher first. No point: they are unusable.
type pair struct {
	given    bool
	degrees  bool
	readings []reading
}

// reading is a point that a pair may mean.
type reading struct {
	geo.Point
	exchanged bool // in the other order than the publisher's
}

// place puts the place where the coordinates of its address say.
func (e *establishment) place(place *data.Place) {
	in := place.Address.In()
	system := geo.LegalSystem(in)
	xy := e.readPair(coordonneeX, coordonneeY, system)
	direction := e.readPair(directionLatitude, directionLongitude, system)
	degrees, metres := direction, xy
	if xy.degrees && !direction.degrees && len(xy.readings) > 0 {
		degrees, metres = xy, direction
		e.note(noteExchanged)
	}
	point, doubted, ok := e.choose(degrees, metres, in)
	if !ok {
		if xy.given || direction.given {
			e.note(noteLeftOut)
		}
		e.placeAtCentre(place)
		return
	}
	place.Point = point.Rounded()
	place.Quality = e.precision()
	place.Doubted = doubted
	if outline.Away(in, place.Point) {
		place.Doubted = true
		e.note(noteElsewhere)
	}
}

// placeAtCentre puts a place at the centre of its commune. One establishment in
// four of the daily file has no coordinates, pharmacies among them; nobody would
// find it near anything.
func (e *establishment) placeAtCentre(place *data.Place) {
	commune, ok := gazetteer.ByCode(place.Address.Commune)
	if !ok || !commune.Placed {
		e.note(noteNoPosition)
		return
	}
	place.Point, place.Quality = commune.Centre, data.AtCommune
	e.note(noteAtCentre)
}

// readPair reads two coordinates. In metres both pairs have the northing first;
// in degrees X is the longitude, and directionLatitude what it says.
func (e *establishment) readPair(first, second int, system geo.System) pair {
	a, okA := coordinate(e.text(first))
	b, okB := coordinate(e.text(second))
	p := pair{given: e.text(first) != "" || e.text(second) != ""}
	if !okA || !okB {
		return p
	}
	if p.degrees = math.Abs(a) <= 180 && math.Abs(b) <= 180; p.degrees {
		lonFirst := first == coordonneeX
		for _, r := range []reading{{geo.Point{Lat: a, Lon: b}, lonFirst}, {geo.Point{Lat: b, Lon: a}, !lonFirst}} {
			if geo.French(r.Point) {
				p.readings = append(p.readings, r)
			}
		}
		return p
	}
	if point, err := system.Unproject(b, a); err == nil {
		p.readings = append(p.readings, reading{point, false})
	}
	if point, err := system.Unproject(a, b); err == nil {
		p.readings = append(p.readings, reading{point, true})
	}
	return p
}

func coordinate(text string) (float64, bool) {
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil && !math.IsInf(number, 0) && !math.IsNaN(number)
}

// choose returns the point that the two pairs mean, best that of the degrees;
// false when neither can be used.
func (e *establishment) choose(degrees, metres pair, departement string) (point geo.Point, doubted, ok bool) {
	switch {
	case len(degrees.readings) == 0 && len(metres.readings) == 0:
		return geo.Point{}, false, false
	case len(degrees.readings) == 0:
		point, doubted = e.chooseOrder(metres, degrees, departement)
	case len(metres.readings) == 0:
		point, doubted = e.chooseOrder(degrees, metres, departement)
	default:
		point, doubted = e.choosePair(degrees, metres, departement)
	}
	return point, doubted, true
}

// chooseOrder decides for a pair that stands alone.
func (e *establishment) chooseOrder(p, unusable pair, departement string) (point geo.Point, doubted bool) {
	if unusable.given {
		e.note(noteOnePair)
	}
	first, inside := p.inside(departement)
	if inside > 1 {
		e.note(noteTwoOrders)
	}
	return e.take(first), inside > 1
}

// choosePair decides between two pairs that can both be used.
func (e *establishment) choosePair(degrees, metres pair, departement string) (point geo.Point, doubted bool) {
	for _, p := range degrees.readings {
		for _, q := range metres.readings {
			if geo.Distance(p.Point, q.Point) <= agreement {
				if p.exchanged || q.exchanged {
					e.note(noteOrder)
				}
				return p.Point, false
			}
		}
	}
	one, oneInside := degrees.inside(departement)
	other, otherInside := metres.inside(departement)
	switch {
	case oneInside > 0 && otherInside == 0:
		e.note(noteDisagree)
		return e.take(one), false
	case oneInside == 0 && otherInside > 0:
		e.note(noteDisagree)
		return e.take(other), otherInside > 1
	}
	e.note(noteTwoPlaces)
	return e.take(one), true
}

// take returns the point of a reading, and counts it when it is not the
// publisher's.
func (e *establishment) take(r reading) geo.Point {
	if r.exchanged {
		e.note(noteOrder)
	}
	return r.Point
}

// inside returns the first reading in the département, the first of all when
// none is, and how many are.
func (p pair) inside(departement string) (first reading, number int) {
	for _, r := range slices.Backward(p.readings) {
		if !outline.Away(departement, r.Point) {
			first = r
			number++
		}
	}
	if number == 0 {
		first = p.readings[0]
	}
	return first, number
}

// precision is how exactly the position is known: as the key of the national
// address base says, because that is what was found, or else as exactly as the
// address allows. The streets that share a point, which tell the centres of
// communes in the stock, are not counted: it would take the whole file in
// memory, and the key tells them too.
func (e *establishment) precision() data.Quality {
	score, ok := coordinate(e.text(scoreBAN))
	if ok && score < minScore {
		e.note(noteScore)
		return data.AtCommune
	}
	key := e.text(cleInInteropBAN)
	if key == "" {
		return e.quality(1)
	}
	// Commune, street or lieu-dit, number and what follows it: "01053_1950_00062_bis".
	parts := strings.Split(key, "_")
	switch {
	case len(parts[0]) != 5:
		e.note(noteKey)
		return e.quality(1)
	case len(parts) == 1:
		return data.AtCommune
	case len(parts) == 2:
		return data.AtStreet
	}
	return data.AtBuilding
}
