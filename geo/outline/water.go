package outline

import (
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"boussole/geo"
)

// waterBeyond is how long a stretch of a line outside of all land must be to be
// called a crossing. Outlines are simplified to some hundreds of metres and the
// grid is as coarse, so less says nothing; no river of France is as wide.
const waterBeyond geo.Meters = 2000

// CrossesWater reports whether the straight line between two points leaves the land
// for more than 2 km at a stretch: the way to an island, across an estuary or a bay.
// There may be a bridge: whoever knows the roads knows better.
//
// Land is the départements, and as much of the countries around them as a short way
// may cut across. Farther away nothing is known, and counts as water. The mouths of
// rivers are water as far as the outline of the coast turns in: the Gironde at Royan,
// the Seine at Honfleur, and the Loire at Saint-Nazaire, which the line from Nantes
// crosses beside the bridge, though a road stays on one bank; not at Paimbœuf.
// Of Saint-Pierre-et-Miquelon only a box is known, in which all is land.
//
// It costs a tenth of a microsecond over land that is far from any water, more near
// a coast, after 20 ms for the first question.
func CrossesWater(from, to geo.Point) bool {
	if from.Validate() != nil || to.Validate() != nil {
		return false
	}
	land := landed()
	apart := max(math.Abs(to.Lon-from.Lon), math.Abs(to.Lat-from.Lat))
	if _, free := land.around(orb.Point{from.Lon, from.Lat}); apart <= free {
		return false // far from any water, as most are
	}
	length := geo.Distance(from, to)
	if length <= waterBeyond {
		return false
	}
	steps := int(math.Ceil(float64(length / stride)))
	line, perStep := line{from, to, steps}, apart/float64(steps)
	for i := 0; i <= steps; { // no crossing is between two of these
		is, free := land.around(line.at(i))
		if !is {
			return line.wet(land, int(waterBeyond*geo.Meters(steps)/length))
		}
		if free >= perStep*float64(steps-i) {
			return false
		}
		i += max(int(free/perStep)/strides, 1) * strides
	}
	return false
}

// line is a straight line between two points, looked at so many times.
type line struct {
	from, to geo.Point
	steps    int
}

func (l line) at(step int) orb.Point {
	part := float64(step) / float64(l.steps)
	return orb.Point{l.from.Lon + part*(l.to.Lon-l.from.Lon), l.from.Lat + part*(l.to.Lat-l.from.Lat)}
}

// wet reports whether more looks in a row than so many see no land.
func (l line) wet(land grids, many int) bool {
	now := 0
	for i := 0; i <= l.steps && now <= many; i++ {
		now++
		if land.at(l.at(i)) {
			now = 0
		}
	}
	return now > many
}

// stride is the most that lies between two looks at the land, and strides how many of
// them no crossing is shorter than.
const (
	stride  geo.Meters = 500
	strides            = int(waterBeyond / stride)
)

// cell is the side, in degrees, of what is all land or all water: 550 m of latitude.
const cell = 0.005

// grid is the land of a part of the Earth, a bit for each cell: whether its centre is
// in an outline.
type grid struct {
	bound         orb.Bound
	columns, rows int
	bits          []uint64
	inland        inland
}

// grids are apart from each other, and what is between them is water.
type grids []*grid

func (gs grids) at(p orb.Point) bool {
	for _, g := range gs {
		if g.bound.Contains(p) {
			return g.at(p)
		}
	}
	return false
}

// around also returns how many degrees one may go from there for certain, both by
// latitude and by longitude, without leaving the land; 0 where that is not known.
func (gs grids) around(p orb.Point) (land bool, free float64) {
	for _, g := range gs {
		if !g.bound.Contains(p) {
			continue
		}
		if free := g.inland.free(g.cellOf(p)); free > 0 {
			return true, free
		}
		return g.at(p), 0
	}
	return false, 0
}

func (g *grid) at(p orb.Point) bool {
	column, row := g.cellOf(p)
	return g.isLand(column, row)
}

func (g *grid) cellOf(p orb.Point) (column, row int) {
	return int((p[0] - g.bound.Min[0]) / cell), int((p[1] - g.bound.Min[1]) / cell)
}

func (g *grid) isLand(column, row int) bool {
	if column >= g.columns || row >= g.rows { // on the very edge
		return false
	}
	i := row*g.columns + column
	return g.bits[i/64]>>(i%64)&1 != 0
}

var landed = sync.OnceValue(func() grids {
	areas := []orb.Bound{
		{Min: orb.Point{-6, 41}, Max: orb.Point{10, 51.5}},         // the mainland and Corsica
		{Min: orb.Point{-63.5, 15.5}, Max: orb.Point{-60.5, 18.5}}, // Guadeloupe and the islands north of it
		{Min: orb.Point{-61.5, 14}, Max: orb.Point{-60.5, 15.25}},  // Martinique
		{Min: orb.Point{-55.5, 1.5}, Max: orb.Point{-51, 6.5}},     // Guyane
		{Min: orb.Point{55, -21.75}, Max: orb.Point{56, -20.5}},    // La Réunion
		{Min: orb.Point{44.75, -13.25}, Max: orb.Point{45.5, -12.25}},
		{Min: orb.Point{-57, 46.5}, Max: orb.Point{-56, 47.25}},
	}
	var gs grids
	for _, bound := range areas {
		gs = append(gs, newGrid(bound))
	}
	return gs
})

func newGrid(bound orb.Bound) *grid {
	g := &grid{bound: bound}
	g.columns = int(math.Round((bound.Max[0] - bound.Min[0]) / cell))
	g.rows = int(math.Round((bound.Max[1] - bound.Min[1]) / cell))
	g.bits = make([]uint64, (g.columns*g.rows+63)/64)
	for _, rings := range departements() {
		g.fill(rings)
	}
	for _, line := range neighbours {
		g.fill([]ring{{line, line.Bound()}})
	}
	g.inland = newInland(g)
	return g
}

// fill marks what is within the rings of one outline, line by line: from the first
// crossing to the second, and so on. A ring within a ring is a hole.
func (g *grid) fill(rings []ring) {
	bound := rings[0].bound
	for _, r := range rings {
		bound = bound.Union(r.bound)
	}
	if !bound.Intersects(g.bound) {
		return
	}
	first := max(0, int((bound.Min[1]-g.bound.Min[1])/cell))
	last := min(g.rows-1, int((bound.Max[1]-g.bound.Min[1])/cell))
	for row := first; row <= last; row++ {
		lat := g.bound.Min[1] + (float64(row)+0.5)*cell
		var crossings []float64
		for _, r := range rings {
			if lat >= r.bound.Min[1] && lat <= r.bound.Max[1] {
				crossings = cross(crossings, r.line, lat)
			}
		}
		slices.Sort(crossings)
		for i := 1; i < len(crossings); i += 2 {
			g.mark(row, crossings[i-1], crossings[i])
		}
	}
}

// cross appends the longitudes at which a ring crosses a latitude.
func cross(crossings []float64, line orb.Ring, lat float64) []float64 {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		if (a[1] > lat) != (b[1] > lat) {
			crossings = append(crossings, a[0]+(lat-a[1])/(b[1]-a[1])*(b[0]-a[0]))
		}
	}
	return crossings
}

// mark marks the cells of a row whose centres are between two longitudes.
func (g *grid) mark(row int, west, east float64) {
	first := max(0, int(math.Ceil((west-g.bound.Min[0])/cell-0.5)))
	last := min(g.columns-1, int(math.Floor((east-g.bound.Min[0])/cell-0.5)))
	for column := first; column <= last; column++ {
		i := row*g.columns + column
		g.bits[i/64] |= 1 << (i % 64)
	}
}

// neighbours are the countries around, drawn by hand along their coasts and well
// within France elsewhere: a line between two places of France that cuts across them
// crosses no sea.
var neighbours = []orb.Ring{
	{ // Belgium, Luxembourg, Germany, Switzerland and Italy, down to the gulf of Genoa
		{2.56, 51.08}, {2.92, 51.24}, {3.37, 51.37}, {3.6, 51.5}, {10, 51.5}, {10, 44.1}, {9.5, 44.2}, {9.2, 44.32}, {8.93, 44.41},
		{8.75, 44.42}, {8.45, 44.28}, {8.2, 44.04}, {8.08, 43.9}, {7.78, 43.82}, {7.53, 43.78}, {7.44, 43.75}, {7.42, 43.725},
		{7.3, 43.8}, {6.5, 44.5}, {6, 46}, {6, 47.5}, {5, 49.5}, {3, 50.3}, {2.3, 50.7}, {2.5, 51.05}, {2.56, 51.08},
	},
	{ // Spain and Andorra
		{-1.78, 43.37}, {-2.2, 43.31}, {-2.9, 43.43}, {-3.8, 43.48}, {-6, 43.58}, {-6, 41}, {2, 41.2}, {2.8, 41.7}, {3.2, 41.9},
		{3.12, 42.15}, {3.3, 42.3}, {3.17, 42.43}, {2.5, 42.5}, {1.5, 42.8}, {0, 42.9}, {-1.2, 43.2}, {-1.78, 43.37},
	},
	{{-63.14, 18.03}, {-63.02, 18.03}, {-63.02, 18.07}, {-63.14, 18.07}, {-63.14, 18.03}}, // the south of Saint-Martin
	{ // Suriname
		{-54.0, 5.75}, {-54.4, 5.9}, {-55.5, 5.97}, {-55.5, 1.5}, {-54.5, 2.4}, {-54.1, 4}, {-54.4, 5}, {-54.0, 5.75},
	},
	{ // Brazil
		{-51.65, 4.2}, {-51.5, 4.4}, {-51.1, 3.9}, {-51, 3.6}, {-51, 1.5}, {-55.5, 1.5}, {-54.5, 2.3}, {-53, 2.25}, {-52.3, 3.2}, {-51.65, 4.2},
	},
}
