package geo

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// System is a projected coordinate system in which the French registers write
// positions, by its EPSG number. The zero System is unknown.
type System int

// The five legal systems of FINESS, and that of Saint-Pierre-et-Miquelon.
// Parameters: EPSG Geodetic Parameter Dataset; decree 2000-1276 as amended by
// decree 2019-165 (legal systems by territory).
const (
	Lambert93 System = 2154 // RGF93 v1 / Lambert-93, metropolitan France
	UTM20N    System = 5490 // RGAF09 / UTM zone 20N, Guadeloupe, Martinique, Saint-Martin, Saint-Barthélemy
	UTM22N    System = 2972 // RGFG95 / UTM zone 22N, Guyane
	UTM40S    System = 2975 // RGR92 / UTM zone 40S, La Réunion
	UTM38S    System = 4471 // RGM04 / UTM zone 38S, Mayotte
	UTM21N    System = 4467 // RGSPM06 / UTM zone 21N, Saint-Pierre-et-Miquelon
)

// An area is where a system may be used: the bounds that EPSG gives for it,
// widened by a degree, because a register may place a point a little outside.
type area struct{ south, west, north, east float64 }

type projection struct {
	area    area
	inverse func(x, y float64) Point
}

var projections = map[System]projection{
	Lambert93: {area{40.1, -10.9, 52.6, 11.4}, inverseLambert93},
	UTM20N:    {area{13.1, -64.7, 19.3, -56.5}, inverseUTM(20, true)},
	UTM22N:    {area{1.1, -55.7, 9.9, -48.4}, inverseUTM(22, true)},
	UTM40S:    {area{-26.0, 50.8, -17.2, 59.3}, inverseUTM(40, false)},
	UTM38S:    {area{-15.6, 42.7, -10.4, 47.7}, inverseUTM(38, false)},
	UTM21N:    {area{42.4, -58.1, 48.4, -54.9}, inverseUTM(21, true)},
}

// French reports whether a point is on French ground or within some hundred
// kilometres of it: in the area of use of one of the systems, or around one of
// the territories of the Pacific.
func French(p Point) bool {
	for _, projection := range projections {
		if projection.area.contains(p) {
			return true
		}
	}
	for _, a := range pacific {
		if a.contains(p) {
			return true
		}
	}
	return false
}

// pacific is New Caledonia, Wallis and Futuna, and French Polynesia.
var pacific = []area{{-26, 155, -14, 175}, {-16, -180, -11, -174}, {-31, -158, -4, -130}}

func (a area) contains(p Point) bool {
	return p.Lat >= a.south && p.Lat <= a.north && p.Lon >= a.west && p.Lon <= a.east
}

// ErrSystem says that a coordinate system is not one of those of France.
var ErrSystem = errors.New("unknown coordinate system")

// ErrArea says that coordinates fall where their own system is never used:
// swapped, in another unit, or written in another system than they say.
var ErrArea = errors.New("outside the area of use of its coordinate system")

var (
	epsgNumber = regexp.MustCompile(`\b(2154|5490|2972|2975|4471|4467)\b`)
	utmZone    = regexp.MustCompile(`UTM[ _]*(?:ZONE[ _]*)?(?:([NS])[ _]*(\d{2})|(\d{2})[ _]*([NS]))`)
)

// ParseSystem finds a coordinate system in the words of a register: the EPSG
// number with or without its prefix ("EPSG:2154 RGF93 / Lambert-93", "2154"),
// or the name ("LAMBERT_93", "UTM_N20", "UTM zone 38S"). Anything else is an
// error that wraps [ErrSystem].
func ParseSystem(text string) (System, error) {
	upper := strings.ToUpper(text)
	if number := epsgNumber.FindString(upper); number != "" {
		n, _ := strconv.Atoi(number)
		return System(n), nil
	}
	if strings.Contains(upper, "LAMBERT") && strings.Contains(upper, "93") {
		return Lambert93, nil
	}
	if m := utmZone.FindStringSubmatch(upper); m != nil {
		switch m[1] + m[2] + m[4] + m[3] {
		case "N20":
			return UTM20N, nil
		case "N21":
			return UTM21N, nil
		case "N22":
			return UTM22N, nil
		case "S38":
			return UTM38S, nil
		case "S40":
			return UTM40S, nil
		}
	}
	return 0, fmt.Errorf("%q: %w", text, ErrSystem)
}

// LegalSystem returns the system in which the law has positions written in a
// département (INSEE code: "01", "2A", "974"); metropolitan France's for any
// code that is not overseas.
func LegalSystem(departement string) System {
	switch departement {
	case "971", "972", "977", "978":
		return UTM20N
	case "973":
		return UTM22N
	case "974":
		return UTM40S
	case "975":
		return UTM21N
	case "976":
		return UTM38S
	}
	return Lambert93
}

// Unproject converts an easting x and a northing y, in metres, to degrees. The
// result is exact to a millimetre within the area of use of the system; outside
// it the error wraps [ErrArea], and [ErrSystem] when the system is unknown.
func (s System) Unproject(x, y float64) (Point, error) {
	p, ok := projections[s]
	if !ok {
		return Point{}, fmt.Errorf("EPSG:%d: %w", int(s), ErrSystem)
	}
	point := p.inverse(x, y)
	if !p.area.contains(point) { // nor does it contain what is not a number
		return Point{}, fmt.Errorf("EPSG:%d (%g, %g): %w", int(s), x, y, ErrArea)
	}
	return point, nil
}

// The GRS80 ellipsoid (EPSG 7019), on which all six systems stand.
const (
	semiMajor  = 6_378_137.0
	flattening = 1 / 298.257222101
)

var eccentricity = math.Sqrt(flattening * (2 - flattening))

// geodeticLatitude inverts the isometric latitude q by iterating
// q = asinh(tan φ) - e·atanh(e·sin φ), EPSG Guidance Note 7-2, §3.5.3.1; it
// gains two digits a round, and eight rounds pass the last bit.
func geodeticLatitude(q float64) float64 {
	phi := math.Atan(math.Sinh(q))
	for range 8 {
		phi = math.Atan(math.Sinh(q + eccentricity*math.Atanh(eccentricity*math.Sin(phi))))
	}
	return phi
}

func isometricLatitude(phi float64) float64 {
	return math.Asinh(math.Tan(phi)) - eccentricity*math.Atanh(eccentricity*math.Sin(phi))
}

// lambert93 is the Lambert conic conformal projection with two standard parallels
// (EPSG method 9802; IGN, note technique NT/G 71), in metres and radians: the
// exponent, the radius of the equator and that of the origin.
var lambert93 = func() (c struct{ n, scale, originRadius float64 }) {
	const (
		rad       = math.Pi / 180
		origin    = 46.5 * rad
		parallel1 = 44 * rad
		parallel2 = 49 * rad
	)
	m := func(phi float64) float64 {
		s := eccentricity * math.Sin(phi)
		return math.Cos(phi) / math.Sqrt(1-s*s)
	}
	q1, q2 := isometricLatitude(parallel1), isometricLatitude(parallel2)
	c.n = math.Log(m(parallel1)/m(parallel2)) / (q2 - q1)
	c.scale = semiMajor * m(parallel1) * math.Exp(c.n*q1) / c.n
	c.originRadius = c.scale * math.Exp(-c.n*isometricLatitude(origin))
	return c
}()

// The false easting and northing of Lambert-93, and its meridian in radians.
const (
	lambertEast     = 700_000.0
	lambertNorth    = 6_600_000.0
	lambertMeridian = 3 * math.Pi / 180
)

func inverseLambert93(x, y float64) Point {
	c := &lambert93
	east, north := x-lambertEast, c.originRadius-(y-lambertNorth)
	radius := math.Hypot(east, north)
	return Point{
		Lat: geodeticLatitude(math.Log(c.scale/radius)/c.n) * 180 / math.Pi,
		Lon: (lambertMeridian + math.Atan2(east, north)/c.n) * 180 / math.Pi,
	}
}

// ProjectLambert93 returns the easting and northing of a point in Lambert-93, also
// far outside its area of use: from where a reader has put what was written in
// another system, it leads back to what was written.
func ProjectLambert93(p Point) (x, y float64) {
	c := &lambert93
	const rad = math.Pi / 180
	radius := c.scale * math.Exp(-c.n*isometricLatitude(p.Lat*rad))
	sin, cos := math.Sincos(c.n * (p.Lon*rad - lambertMeridian))
	return lambertEast + radius*sin, lambertNorth + c.originRadius - radius*cos
}

// inverseUTM is the transverse Mercator projection by Krüger's series to the
// fourth order (EPSG method 9807, Guidance Note 7-2 §3.5.3.1).
func inverseUTM(zone int, north bool) func(x, y float64) Point {
	const (
		rad    = math.Pi / 180
		k0     = 0.9996
		falseE = 500_000.0
		n      = flattening / (2 - flattening)
		n2     = n * n
		n3     = n2 * n
		n4     = n3 * n
		b      = semiMajor / (1 + n) * (1 + n2/4 + n4/64)
	)
	h := [4]float64{
		n/2 - 2./3*n2 + 37./96*n3 - 1./360*n4,
		1./48*n2 + 1./15*n3 - 437./1440*n4,
		17./480*n3 - 37./840*n4,
		4397. / 161280 * n4,
	}
	meridian := float64(zone*6 - 183)
	falseN := 10_000_000.0
	if north {
		falseN = 0
	}
	return func(x, y float64) Point {
		eta, xi := (x-falseE)/(b*k0), (y-falseN)/(b*k0)
		eta0, xi0 := eta, xi
		for i, hi := range h {
			j := float64(2 * (i + 1))
			xi0 -= hi * math.Sin(j*xi) * math.Cosh(j*eta)
			eta0 -= hi * math.Cos(j*xi) * math.Sinh(j*eta)
		}
		beta := math.Asin(math.Sin(xi0) / math.Cosh(eta0))
		return Point{
			Lat: geodeticLatitude(math.Asinh(math.Tan(beta))) / rad,
			Lon: meridian + math.Asin(math.Tanh(eta0)/math.Cos(beta))/rad,
		}
	}
}
