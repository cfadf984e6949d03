package geo

import (
	"errors"
	"fmt"
	"math"
)

// Meters is a length on the ground, in metres.
type Meters float64

// Kilometers returns the length in kilometres.
func (m Meters) Kilometers() float64 { return float64(m) / 1000 }

// EarthRadius is the mean radius of the Earth, R1 = (2a+b)/3 of the GRS80
// ellipsoid (Moritz, Geodetic Reference System 1980). The project knows one
// Earth: libraries that measure on another one only select, never measure.
const EarthRadius Meters = 6_371_008.8

// Point is a position in degrees, WGS84. RGF93 and the overseas systems of
// France agree with WGS84 to well under a metre and are taken as equal.
//
// The zero Point is a real place in the Gulf of Guinea: whether a thing has a
// position at all is said beside the point, never by it.
type Point struct {
	Lat, Lon float64
}

// ErrPoint is wrapped by every error about a point that is nowhere on Earth.
var ErrPoint = errors.New("not a position on Earth")

// Validate returns an error that wraps [ErrPoint] unless the latitude is
// within ±90 and the longitude within ±180, bounds included.
func (p Point) Validate() error {
	if !(math.Abs(p.Lat) <= 90) { // written so that NaN fails too
		return fmt.Errorf("latitude %v is not within ±90: %w", p.Lat, ErrPoint)
	}
	if !(math.Abs(p.Lon) <= 180) {
		return fmt.Errorf("longitude %v is not within ±180: %w", p.Lon, ErrPoint)
	}
	return nil
}

// Rounded returns p at the resolution at which positions are kept: 1e-7
// degree, about 1 cm. Readers round at the door, so that whoever reads an
// offer back computes the same distances from it. The antimeridian has one
// name, -180.
func (p Point) Rounded() Point {
	r := Point{Lat: math.Round(p.Lat*1e7) / 1e7, Lon: math.Round(p.Lon*1e7) / 1e7}
	if r.Lon == 180 {
		r.Lon = -180
	}
	return r
}

// Vector is a point of the unit sphere. Nothing special happens at the poles
// or at the antimeridian, which is why the index orders places by it.
type Vector [3]float64

// Vector returns the point as a unit vector.
func (p Point) Vector() Vector {
	v, _ := p.vector()
	return v
}

// vector returns the cosine of the latitude too.
func (p Point) vector() (v Vector, cosLat float64) {
	sinLat, cosLat := math.Sincos(p.Lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(p.Lon * math.Pi / 180)
	return Vector{cosLat * cosLon, cosLat * sinLon, sinLat}, cosLat
}

// Chord2 returns the square of the straight-line distance between two unit
// vectors, from 0 (same point) to 4 (antipodes). It grows with the distance
// on the ground and needs no trigonometry.
func (v Vector) Chord2(w Vector) float64 {
	x, y, z := v[0]-w[0], v[1]-w[1], v[2]-w[2]
	return x*x + y*y + z*z
}

// Distance returns the great-circle distance to w in metres, rounded to the
// millimetre. See [Distance].
func (v Vector) Distance(w Vector) Meters {
	cross := Vector{
		v[1]*w[2] - v[2]*w[1],
		v[2]*w[0] - v[0]*w[2],
		v[0]*w[1] - v[1]*w[0],
	}
	sin := math.Sqrt(cross[0]*cross[0] + cross[1]*cross[1] + cross[2]*cross[2])
	cos := v[0]*w[0] + v[1]*w[1] + v[2]*w[2]
	return Meters(math.Round(float64(EarthRadius)*angle(sin, cos)*1000) / 1000)
}

// angle returns atan2(sin, cos). Up to 127 km, where most of what is nearest is, it
// takes five terms of the series of the arcsine, a sixth of the time: what is left
// out is less than a nanometre on the ground.
func angle(sin, cos float64) float64 {
	if sin > 0.02 || cos < 0 {
		return math.Atan2(sin, cos)
	}
	s := sin * sin
	return sin * (1 + s*(1.0/6+s*(3.0/40+s*(15.0/336+s*(105.0/3456)))))
}

// Distance returns the great-circle distance between two points in metres, on
// a sphere of radius [EarthRadius]: within 0.5 % of the ellipsoid. The angle is
// taken from the sine and the cosine together, atan2(|a×b|, a·b), which keeps
// its precision from millimetres to antipodes, where the haversine does not.
//
// The result is rounded to the millimetre, so that two points that are equally
// far are equally far for everybody, whatever formula they use: the order of
// an answer is (distance, id), and half of all offers share a site.
func Distance(a, b Point) Meters {
	return a.Vector().Distance(b.Vector())
}

// resolution covers the rounding of a distance and of the arithmetic behind
// it, with room to spare.
const resolution Meters = 0.002

// ChordBound returns a squared chord that no point within d exceeds, rounding
// included: what is farther in the sense of [Vector.Chord2] is farther than d.
// Near the antipodes, where chords no longer tell distances apart, it returns
// more than 4, which keeps everything.
func ChordBound(d Meters) float64 {
	half := float64(d+resolution) / float64(EarthRadius) / 2
	if half >= math.Pi/2-1e-6 {
		return 5
	}
	c := 2 * math.Sin(half)
	return c*c*(1+1e-12) + 1e-30
}
