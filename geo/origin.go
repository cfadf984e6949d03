package geo

import "math"

// Origin measures distances from one point: the very numbers of [Distance], in less
// than a third of the time to what is near. Make one by [From].
type Origin struct {
	point  Point
	vector Vector
	cosLat float64
}

// From returns the origin at a point.
func From(p Point) Origin {
	v, cosLat := p.vector()
	return Origin{p, v, cosLat}
}

// Vector returns the origin as a unit vector.
func (o *Origin) Vector() Vector { return o.vector }

const (
	// near is up to how many radians apart in latitude and in longitude points are
	// near: 637 km along a meridian.
	near = 0.1

	// doubt is how far from the middle between two millimetres, in millimetres, what the
	// shorter formula gives must be: the longer one rounds as it does then. They differ
	// by less than a hundredth of it.
	doubt = 1e-3
)

// Distance returns what [Distance] does. For points that are near it takes the
// haversine, hav d = hav Δφ + cos φ₁ cos φ₂ hav Δλ, whose sines are of small angles
// then, and so a few terms of a series.
func (o *Origin) Distance(p Point) Meters {
	lat, lon := (p.Lat-o.point.Lat)*(math.Pi/180), (p.Lon-o.point.Lon)*(math.Pi/180)
	if !(math.Abs(lat) <= near && math.Abs(lon) <= near) {
		return o.vector.Distance(p.Vector())
	}
	y, x := sineSmall(lat/2), sineSmall(lon/2)
	cosLat := o.cosLat*(1-2*y*y) - o.vector[2]*sineSmall(lat)
	hav := y*y + o.cosLat*cosLat*x*x
	mm := 2000 * float64(EarthRadius) * math.Sqrt(hav) * arcsineBySine(hav)
	rounded := math.Round(mm)
	if math.Abs(mm-rounded) > 0.5-doubt {
		return o.vector.Distance(p.Vector())
	}
	return Meters(rounded / 1000)
}

// sineSmall returns the sine of an angle that is [near]: what is left out of the series
// is less than a nanometre on the ground.
func sineSmall(a float64) float64 {
	s := a * a
	return a * ((1 - s*(1.0/6)) + s*s*((1.0/120-s*(1.0/5040))+s*s*(1.0/362880)))
}

// arcsineBySine returns how many times the sine an angle is, by the square of the sine,
// up to 0.005. It leaves out of the series as little as sineSmall. Terms are added in an
// order in which most do not wait for one another.
func arcsineBySine(s float64) float64 {
	t := s * s
	return (1 + s*(1.0/6)) + t*((3.0/40+s*(15.0/336))+t*((105.0/3456+s*(945.0/42240))+t*(10395.0/599040)))
}
