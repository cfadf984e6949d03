// Package outline tells in which département a point lies, or that it lies at
// sea or abroad: good enough to say that a register's position is doubtful.
//
// The outlines are simplified to some hundreds of metres, so questions are
// asked with a tolerance. It refuses to be a map: nothing is drawn from it.
package outline

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"boussole/geo"
)

//go:generate go run gen.go ../../../shared/data/geo/departements_2018_simplifies.geojson departements.bin

// Resolution is the step, in degrees, to which the outlines are rounded.
const Resolution = 1e-3

//go:embed departements.bin
var encoded []byte

// ring is a closed line of an outline, with its bound.
type ring struct {
	line  orb.Ring
	bound orb.Bound
}

var departements = sync.OnceValue(func() map[string][]ring {
	outlines, err := decode(encoded)
	if err != nil {
		panic(err) // the embedded file is part of the program
	}
	return outlines
})

// Known reports whether the outline of a département (INSEE code: "01", "2A",
// "974") is there: the 101 départements, Saint-Pierre-et-Miquelon,
// Saint-Barthélemy and Saint-Martin.
func Known(departement string) bool {
	return len(departements()[departement]) > 0
}

// Near reports whether p lies in the département or within the tolerance of
// its outline. An unknown département is near nothing.
func Near(departement string, p geo.Point, tolerance geo.Meters) bool {
	at := orb.Point{p.Lon, p.Lat}
	inside := false
	for _, r := range departements()[departement] {
		if r.bound.Contains(at) && planar.RingContains(r.line, at) {
			inside = !inside // a ring within a ring is a hole
		}
	}
	if inside || tolerance <= 0 {
		return inside
	}
	for _, r := range departements()[departement] {
		if lineWithin(r, p, tolerance) {
			return true
		}
	}
	return false
}

// doubtBeyond is how far outside its département a position may lie before it
// is doubted: places on a border are written on either side of it.
const doubtBeyond geo.Meters = 2000

// Away reports whether a position is more than 2 km from the département of its
// address: in another one, abroad or at sea. Nothing is said of a département
// whose outline is not known; 971 may still mean what became 977 and 978, as it
// does in FINESS.
func Away(departement string, p geo.Point) bool {
	if !Known(departement) {
		return false
	}
	near := Near(departement, p, doubtBeyond)
	if departement == "971" {
		near = near || Near("977", p, doubtBeyond) || Near("978", p, doubtBeyond)
	}
	return !near
}

// lineWithin measures on the plane that touches the Earth at p, where a degree
// of longitude is cos(lat) degrees of latitude: right to 1 % over 100 km.
func lineWithin(r ring, p geo.Point, tolerance geo.Meters) bool {
	perDegree := float64(geo.EarthRadius) * math.Pi / 180
	shrink := math.Cos(p.Lat * math.Pi / 180)
	reach := float64(tolerance) / perDegree
	at := orb.Point{p.Lon, p.Lat}
	if !r.bound.Pad(reach / shrink).Contains(at) {
		return false
	}
	local := func(q orb.Point) orb.Point {
		return orb.Point{(q[0] - at[0]) * shrink, q[1] - at[1]}
	}
	for i := 1; i < len(r.line); i++ {
		if planar.DistanceFromSegment(local(r.line[i-1]), local(r.line[i]), orb.Point{}) <= reach {
			return true
		}
	}
	return false
}

// decode reads what gen.go writes: for each ring the length of the code, the
// code, the number of points, then the points as differences in units of
// [Resolution], longitude first; all integers are varints.
func decode(b []byte) (map[string][]ring, error) {
	broken := false
	next := func() int64 {
		v, n := binary.Varint(b)
		if n <= 0 {
			broken, b = true, nil
			return 0
		}
		b = b[n:]
		return v
	}
	outlines := make(map[string][]ring)
	for len(b) > 0 {
		n := next()
		if n < 1 || int64(len(b)) < n {
			return nil, fmt.Errorf("reading the outlines: a code of length %d", n)
		}
		code := string(b[:n])
		b = b[n:]
		points := next()
		if points < 4 || points > int64(len(b)) {
			return nil, fmt.Errorf("reading the outlines: %s has a ring of %d points", code, points)
		}
		line := make(orb.Ring, points)
		var x, y int64
		for i := range line {
			x, y = x+next(), y+next()
			line[i] = orb.Point{float64(x) * Resolution, float64(y) * Resolution}
		}
		if broken {
			return nil, fmt.Errorf("reading the outlines: %s ends in the middle of a ring", code)
		}
		outlines[code] = append(outlines[code], ring{line, line.Bound()})
	}
	return outlines, nil
}
