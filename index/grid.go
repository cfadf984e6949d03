package index

import (
	"fmt"
	"math"
	"sync"

	"boussole/geo"
	"boussole/geo/kdtree"
)

// grid is the cells of a rectangle.
type grid struct {
	zoom       int
	x0, y0     uint32 // of the first cell
	cols, rows int
}

func newGrid(in Bounds, zoom int) (grid, error) {
	switch {
	case zoom < 0 || zoom > MaxZoom:
		return grid{}, fmt.Errorf("zoom %d is not between 0 and %d: %w", zoom, MaxZoom, ErrBounds)
	case !(in.South >= -90 && in.South <= in.North && in.North <= 90):
		return grid{}, fmt.Errorf("latitudes %v to %v: %w", in.South, in.North, ErrBounds)
	case !(in.West >= -180 && in.West <= in.East && in.East <= 180):
		return grid{}, fmt.Errorf("longitudes %v to %v: %w", in.West, in.East, ErrBounds)
	}
	g := grid{zoom: zoom}
	g.x0, g.y0 = column32(degrees(in.West), zoom), row(in.North, zoom)
	g.cols, g.rows = int(column32(degrees(in.East), zoom)-g.x0)+1, int(row(in.South, zoom)-g.y0)+1
	if g.cols > maxCells/g.rows {
		return grid{}, fmt.Errorf("%d × %d cells, at most %d: %w", g.cols, g.rows, maxCells, ErrBounds)
	}
	return g, nil
}

func degrees(d float64) int32 { return int32(math.Round(d * 1e7)) }

// column32 returns the column of a longitude in 1e-7 degrees; 180 is in the last.
func column32(lon int32, zoom int) uint32 {
	x := uint64(uint32(lon)+1_800_000_000) << (zoom & 31) / 3_600_000_000
	return uint32(min(x, 1<<(zoom&31)-1))
}

// northOf returns the latitude of the northern edge of a row of cells. Those of the
// zooms that maps mostly have are computed once.
func northOf(y uint32, zoom int) float64 {
	if zoom <= keptZoom {
		return kept().edges[y<<(keptZoom-zoom)]
	}
	return edgeOf(y, zoom)
}

func edgeOf(y uint32, zoom int) float64 {
	n := math.Pi * (1 - 2*float64(y)/float64(uint64(1)<<zoom))
	return math.Atan(math.Sinh(n)) * 180 / math.Pi
}

// keptZoom is the last of which the edges are kept: 0.2 MB.
const (
	keptZoom  = 14
	keptPiece = 18 // bits of the length of pieces, of which is kept in which row they begin
)

// keptEdges are those of rows of [keptZoom], from the north.
type keptEdges struct {
	edges [1<<keptZoom + 1]float64
	tops  [1<<keptZoom + 1]int32 // the last latitudes that are not north of them
	rows  [2*mercatorEdge>>keptPiece + 1]uint16
}

var kept = sync.OnceValue(func() *keptEdges {
	k := new(keptEdges)
	for y := range k.edges {
		k.edges[y] = edgeOf(uint32(y), keptZoom)
		k.tops[y] = int32(math.Floor(k.edges[y] * 1e7))
	}
	y := 0
	for i := range k.rows {
		for y < 1<<keptZoom-1 && int(k.tops[y+1]) >= mercatorEdge-i<<keptPiece {
			y++
		}
		k.rows[i] = uint16(y)
	}
	return k
})

// westOf returns the first longitude of a column, in 1e-7 degrees.
func westOf(column uint32, zoom int) int64 {
	return (int64(column)*3_600_000_000+1<<(zoom&31)-1)>>(zoom&31) - 1_800_000_000
}

// eastOf returns the last one.
func eastOf(column uint32, zoom int) int64 {
	if column == 1<<zoom-1 {
		return 1_800_000_000
	}
	return westOf(column+1, zoom) - 1
}

// top returns the last latitude of a row of a zoom whose edges are kept, in 1e-7
// degrees, and south the first one.
func (k *keptEdges) top(y uint32, zoom int) int32 { return k.tops[y<<((keptZoom-zoom)&31)] }

func (k *keptEdges) south(y uint32, zoom int) int32 { return k.top(y+1, zoom) + 1 }

// cell returns the positions that are in a cell.
func (k *keptEdges) cell(x, y uint32, zoom int) gridBounds {
	return gridBounds{k.south(y, zoom), int32(westOf(x, zoom)), k.top(y, zoom), int32(eastOf(x, zoom))}
}

// row returns the row of a latitude of the map at [keptZoom].
func (k *keptEdges) row(lat int32) uint32 {
	y := uint32(k.rows[uint32(mercatorEdge-lat)>>keptPiece])
	for y < 1<<keptZoom-1 && k.tops[y+1] >= lat {
		y++
	}
	return y
}

// row returns the row of a latitude: the last whose northern edge is not south of
// it, the first where all are.
func row(lat float64, zoom int) uint32 {
	last := uint32(1)<<zoom - 1
	y := last
	if zoom <= keptZoom {
		y = kept().row(int32(max(-mercatorEdge, min(lat*1e7, mercatorEdge)))) >> (keptZoom - zoom)
	} else {
		sin := math.Sin(lat * math.Pi / 180)
		guess := (0.5 - math.Atanh(sin)/(2*math.Pi)) * float64(uint64(1)<<zoom)
		y = uint32(max(0, min(guess, float64(last))))
	}
	for y > 0 && northOf(y, zoom) < lat { // roundings
		y--
	}
	for y < last && northOf(y+1, zoom) >= lat {
		y++
	}
	return y
}

// mercatorEdge is the latitude at which Web Mercator ends, in 1e-7 degrees.
const mercatorEdge = 850_511_287

// gridBounds is a rectangle in 1e-7 degrees.
type gridBounds struct{ south, west, north, east int32 }

func (b Bounds) grid() gridBounds {
	near := func(d float64, otherwise func(float64) float64) int32 {
		if r := math.Round(d * 1e7); r/1e7 == d { // a position that may be somebody's: on the side is inside
			return int32(r)
		}
		return int32(otherwise(d * 1e7))
	}
	up := func(d float64) int32 { return near(d, math.Ceil) }
	down := func(d float64) int32 { return near(d, math.Floor) }
	return gridBounds{max(up(b.South), -mercatorEdge), up(b.West), min(down(b.North), mercatorEdge), down(b.East)}
}

// empty reports whether no position is in it.
func (b *gridBounds) empty() bool { return b.south > b.north || b.west > b.east }

// holds reports whether all of another rectangle is in it.
func (b *gridBounds) holds(o *gridBounds) bool {
	return o.south >= b.south && o.north <= b.north && o.west >= b.west && o.east <= b.east
}

// both returns what is in both of two rectangles.
func (b *gridBounds) both(o gridBounds) gridBounds {
	return gridBounds{max(b.south, o.south), max(b.west, o.west), min(b.north, o.north), min(b.east, o.east)}
}

// meets reports whether another rectangle has a point in common with it.
func (b *gridBounds) meets(o *gridBounds) bool {
	return o.south <= b.north && o.north >= b.south && o.west <= b.east && o.east >= b.west
}

func (b *gridBounds) has(p gridPoint) bool {
	return p.lat >= b.south && p.lat <= b.north && p.lon >= b.west && p.lon <= b.east
}

// box returns a box in space around a rectangle: along each axis, the extremes
// are at its corners, or where it crosses the equator or a quarter of the way
// round.
func (b Bounds) box() kdtree.Box {
	lats := append(make([]float64, 0, 3), b.South, b.North)
	if b.South < 0 && b.North > 0 {
		lats = append(lats, 0)
	}
	lons := append(make([]float64, 0, 5), b.West, b.East)
	for _, quarter := range []float64{-90, 0, 90} {
		if b.West < quarter && b.East > quarter {
			lons = append(lons, quarter)
		}
	}
	box := kdtree.Nowhere()
	for _, lon := range lons {
		sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
		for _, lat := range lats {
			sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
			p := kdtree.At(geo.Vector{cosLat * cosLon, cosLat * sinLon, sinLat})
			box.Add(&p)
		}
	}
	return box.Grown(2) // a corner is within half a step, and so is what lies on the side
}

// rowFinder finds the row of a latitude, in 1e-7 degrees from the southern side. That
// is divided into pieces of one length: few of them have the edge of a row in them, so
// that a row is found without a search.
type rowFinder struct {
	height, width uint32   // of the rectangle
	edges         []uint32 // the northern ones of the rows from the south; the last has none
	starts        []int    // the first cell of each row
	shift         int
	pieces        [rowPieces]uint32 // the row in which each begins
}

const rowPieces = 64

// over makes it ready for what of a grid lies within bounds.
func (f *rowFinder) over(g *grid, b gridBounds) {
	f.height, f.width = uint32(b.north-b.south), uint32(b.east-b.west)
	for row := g.rows - 1; row >= 0; row-- {
		edge := uint32(math.MaxUint32)
		if row > 0 {
			top := int32(math.Floor(northOf(g.y0+uint32(row), g.zoom) * 1e7))
			edge = uint32(max(0, top-b.south))
		}
		f.edges, f.starts = append(f.edges, edge), append(f.starts, row*g.cols)
	}
	for f.shift = 0; f.height>>f.shift >= rowPieces; f.shift++ {
	}
	row := 0
	for i := range f.pieces {
		for uint32(i)<<f.shift > f.edges[row] {
			row++
		}
		f.pieces[i] = uint32(row)
	}
}

// of returns the first cell of the row of what is so far from the southern side; of
// some row, where that is off the map.
func (f *rowFinder) of(up uint32) int {
	row := f.pieces[min(up>>(f.shift&31), rowPieces-1)]
	if up > f.edges[row] { // mostly one at most, and which nobody can foretell, so it is no branch
		row++
	}
	for up > f.edges[row] {
		row++
	}
	return f.starts[row]
}
