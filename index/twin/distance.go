package twin

import (
	"math"

	"boussole/geo"
)

// radius of the Earth in metres: R1 of the GRS80 ellipsoid.
const radius = 6_371_008.8

// distance is the haversine, rounded to the millimetre. The textbook's arc
// sine loses its digits near the antipodes, a decimetre there; the cosine of
// the half angle, written out in the same way as its sine, keeps them:
//
//	sin²(d/2) = sin²((φ1-φ2)/2) + cos φ1 cos φ2 sin²((λ1-λ2)/2)
//	cos²(d/2) = sin²((φ1+φ2)/2) + cos φ1 cos φ2 cos²((λ1-λ2)/2)
func distance(a, b geo.Point) geo.Meters {
	const halfDegree = math.Pi / 360
	cosines := math.Cos(a.Lat*2*halfDegree) * math.Cos(b.Lat*2*halfDegree)
	sin2 := square(math.Sin((a.Lat-b.Lat)*halfDegree)) + cosines*square(math.Sin((a.Lon-b.Lon)*halfDegree))
	cos2 := square(math.Sin((a.Lat+b.Lat)*halfDegree)) + cosines*square(math.Cos((a.Lon-b.Lon)*halfDegree))
	d := 2 * radius * math.Atan2(math.Sqrt(sin2), math.Sqrt(cos2))
	return geo.Meters(math.Round(d*1000) / 1000)
}

func square(x float64) float64 { return x * x }
