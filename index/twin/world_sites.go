package twin

import (
	"boussole/geo"
)

// site is where places stand: an address of a town or a corner of the Earth.
type site struct {
	point   geo.Point
	commune string
	used    int
}

// mostOnOneSite is how many places share a position at most, the lattices and
// the poles aside.
const mostOnOneSite = 40

// towns are the middles of the clusters. Some are on a border or a coast, and
// some communes are no commune of France.
var towns = []site{
	{point: geo.Point{Lat: 48.8566, Lon: 2.3522}, commune: "75056"},
	{point: geo.Point{Lat: 48.8049, Lon: 2.1204}, commune: "78646"},
	{point: geo.Point{Lat: 43.2965, Lon: 5.3698}, commune: "13055"},
	{point: geo.Point{Lat: 45.7640, Lon: 4.8357}, commune: "69123"},
	{point: geo.Point{Lat: 43.6047, Lon: 1.4442}, commune: "31555"},
	{point: geo.Point{Lat: 50.6292, Lon: 3.0573}, commune: "59350"},
	{point: geo.Point{Lat: 48.5734, Lon: 7.7521}, commune: "67482"},
	{point: geo.Point{Lat: 48.3904, Lon: -4.4861}, commune: "29019"},
	{point: geo.Point{Lat: 43.3590, Lon: -1.7747}, commune: "64260"},
	{point: geo.Point{Lat: 44.3500, Lon: 2.5750}, commune: "12202"},
	{point: geo.Point{Lat: 46.2052, Lon: 5.2255}, commune: "01053"},
	{point: geo.Point{Lat: 41.9192, Lon: 8.7386}, commune: "2A004"},
	{point: geo.Point{Lat: 42.6973, Lon: 9.4510}, commune: "2B033"},
	{point: geo.Point{Lat: 16.2411, Lon: -61.5331}, commune: "97120"},
	{point: geo.Point{Lat: 14.6161, Lon: -61.0588}, commune: "97209"},
	{point: geo.Point{Lat: 4.9224, Lon: -52.3135}, commune: "97302"},
	{point: geo.Point{Lat: -20.8789, Lon: 55.4481}, commune: "97411"},
	{point: geo.Point{Lat: 46.7811, Lon: -56.1764}, commune: "97502"},
	{point: geo.Point{Lat: -12.7806, Lon: 45.2278}, commune: "97611"},
	{point: geo.Point{Lat: 17.8962, Lon: -62.8498}, commune: "97701"},
	{point: geo.Point{Lat: 18.0679, Lon: -63.0824}, commune: "97801"},
	{point: geo.Point{Lat: -49.3528, Lon: 70.2187}, commune: "98412"},
	{point: geo.Point{Lat: -13.2825, Lon: -176.1736}, commune: "98613"},
	{point: geo.Point{Lat: -17.5350, Lon: -149.5696}, commune: "98735"},
	{point: geo.Point{Lat: -22.2758, Lon: 166.4580}, commune: "98818"},
	{point: geo.Point{Lat: 10.3021, Lon: -109.2177}, commune: "98901"},
	{point: geo.Point{Lat: 43.7384, Lon: 7.4246}, commune: "99138"}, // Monaco
	{point: geo.Point{Lat: 47.0000, Lon: 3.0000}, commune: ""},
	{point: geo.Point{Lat: 46.0000, Lon: 3.5000}, commune: "20004"}, // Corsica before 1976
	{point: geo.Point{Lat: 46.1000, Lon: 3.6000}, commune: "7505"},
}

// lattices are the middles of regular grids: east and west of a middle every
// distance comes twice, and at the equator, the zero point, four times or more.
var lattices = []site{
	{point: geo.Point{Lat: 46.5, Lon: 2.5}, commune: "18033"},
	{point: geo.Point{}, commune: ""},
}

const (
	latticeStep = 0.01
	latticeHalf = 4 // steps to each side
)

// newSite returns somewhere new: mostly in a town, and in every corner.
func (d dice) newSite() site {
	switch n := d.IntN(100); {
	case n < 60:
		town := pick(d, towns)
		return site{point: rounded(town.point.Lat+d.NormFloat64()*0.05, town.point.Lon+d.NormFloat64()*0.05), commune: town.commune}
	case n < 70: // in the country
		return site{point: rounded(42.5+d.Float64()*8.5, -4.5+d.Float64()*12), commune: pick(d, towns).commune}
	case n < 90:
		lattice := pick(d, lattices)
		lat := lattice.point.Lat + latticeStep*float64(d.between(-latticeHalf, latticeHalf))
		lon := lattice.point.Lon + latticeStep*float64(d.between(-latticeHalf, latticeHalf))
		return site{point: rounded(lat, lon), commune: lattice.commune}
	case n < 96: // on both sides of the antimeridian, and on it
		lon := pick(d, []float64{-180, -179.9999999, 179.9999999, 180 - d.Float64(), -180 + d.Float64()})
		return site{point: rounded(-16.8+d.around(4), lon), commune: "98613"}
	default:
		lat := pick(d, []float64{90, -90, 89.9999999, -89.9})
		return site{point: rounded(lat, d.around(180)), commune: "98415"}
	}
}

// somewhere returns a site for one more place: half of them are shared, some
// by many, and never by more than [mostOnOneSite].
func (w *world) somewhere() site {
	if len(w.sites) > 0 && w.chance(55) {
		// The older half of the last sites: few enough to fill up, and new
		// ones keep coming.
		oldest := max(0, len(w.sites)-60)
		s := &w.sites[oldest+w.IntN(len(w.sites)-oldest)]
		if s.used < mostOnOneSite {
			s.used++
			return *s
		}
	}
	s := w.newSite()
	s.used = 1
	if w.chance(20) { // one on which others will come
		w.sites = append(w.sites, s)
	}
	return s
}
