package kdtree_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/geo"
	"boussole/geo/kdtree"
)

// collector keeps what it is shown and never tightens its bound.
type collector struct {
	far   float64
	shown []uint32
}

func (c *collector) Bound() float64                    { return c.far }
func (c *collector) Visit(entry uint32, _ *geo.Vector) { c.shown = append(c.shown, entry) }

// world returns points all over the Earth, in clusters, many of them twice,
// and some at the poles and on the antimeridian.
func world(r *rand.Rand, n int) []geo.Vector {
	points := make([]geo.Vector, n)
	for i := range points {
		switch r.IntN(6) {
		case 0:
			points[i] = points[r.IntN(i+1)] // of itself too: the zero vector is a point like another
		case 1:
			points[i] = geo.Point{Lat: 90 - 180*float64(r.IntN(2)), Lon: r.Float64() * 360}.Vector()
		case 2:
			points[i] = geo.Point{Lat: r.Float64() - 14, Lon: 180 - r.Float64() + 2*r.Float64()}.Vector()
		case 3:
			points[i] = geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}.Vector()
		default:
			points[i] = geo.Point{Lat: 46 + r.NormFloat64(), Lon: 2 + r.NormFloat64()}.Vector()
		}
	}
	return points
}

// The tree shows what a loop over every entry does, at sizes around those of
// its leaves and levels, and of some of the points only.
func TestWalkIsALoop(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 2, 15, 16, 17, 31, 255, 256, 257, 272, 4095, 4096, 4097, 5000} {
		points := world(r, n)
		var entries []uint32
		for e := range points {
			if r.IntN(4) > 0 {
				entries = append(entries, uint32(e))
			}
		}
		tree := kdtree.New(slices.Clone(entries), points)
		for range 50 {
			v := geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}.Vector()
			if n > 0 && r.IntN(2) == 0 {
				v = points[r.IntN(n)]
			}
			c := collector{far: math.Pow(10, 0.7-12*r.Float64())}
			kdtree.Walk(tree, &v, &c)
			want := slices.DeleteFunc(slices.Clone(entries), func(e uint32) bool { return v.Chord2(points[e]) > c.far })
			slices.Sort(c.shown)
			if !slices.Equal(c.shown, want) {
				t.Fatalf("%d points, bound %v: %d entries shown, want %d", n, c.far, len(c.shown), len(want))
			}
		}
	}
}

// nearest tightens its bound to what it has found.
type nearest struct {
	v     geo.Vector
	far   float64
	shown int
}

func (n *nearest) Bound() float64 { return n.far }
func (n *nearest) Visit(_ uint32, point *geo.Vector) {
	n.shown++
	n.far = min(n.far, n.v.Chord2(*point))
}

// Nearer boxes come first, so that few entries are shown to who wants one.
func TestNearerBoxesFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	points := make([]geo.Vector, 20_000)
	entries := make([]uint32, len(points))
	for i := range points {
		points[i], entries[i] = geo.Point{Lat: 42 + 9*r.Float64(), Lon: -4 + 12*r.Float64()}.Vector(), uint32(i)
	}
	tree := kdtree.New(entries, points)
	shown := 0
	for range 1000 {
		v := geo.Point{Lat: 42 + 9*r.Float64(), Lon: -4 + 12*r.Float64()}.Vector()
		n := nearest{v: v, far: math.Inf(1)}
		kdtree.Walk(tree, &v, &n)
		for _, p := range points {
			if v.Chord2(p) < n.far {
				t.Fatalf("the nearest was passed over")
			}
		}
		shown += n.shown
	}
	if shown > 30*1000 {
		t.Errorf("%d entries shown a question, of %d", shown/1000, len(points))
	}
}

func TestWalkOfNothing(t *testing.T) {
	c := collector{far: math.Inf(1)}
	nowhere := geo.Point{Lat: math.NaN()}.Vector()
	kdtree.Walk(&kdtree.Tree{}, &geo.Vector{1}, &c)
	kdtree.Walk(kdtree.New([]uint32{0}, []geo.Vector{{1}}), &nowhere, &c)
	if len(c.shown) > 0 {
		t.Errorf("shown: %v", c.shown)
	}
}

func ExampleWalk() {
	cities := []string{"Paris", "Lyon", "Mende", "Saint-Denis"}
	points := []geo.Vector{
		geo.Point{Lat: 48.857, Lon: 2.352}.Vector(), geo.Point{Lat: 45.758, Lon: 4.835}.Vector(),
		geo.Point{Lat: 44.518, Lon: 3.501}.Vector(), geo.Point{Lat: -20.879, Lon: 55.448}.Vector(),
	}
	tree := kdtree.New([]uint32{0, 1, 2, 3}, points)
	within := collector{far: geo.ChordBound(300_000)}
	kdtree.Walk(tree, &points[2], &within)
	for _, entry := range within.shown {
		fmt.Println(cities[entry])
	}
	// Unordered output:
	// Lyon
	// Mende
}
