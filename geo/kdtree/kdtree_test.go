package kdtree_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/geo"
	"boussole/geo/kdtree"
)

// collector keeps what it is shown within the bound, which it never lowers.
type collector struct {
	walk  kdtree.Walk
	shown []uint32
}

func (c *collector) Leaf(items []kdtree.Item) {
	for _, item := range items {
		if item.Point.Key(&c.walk.Origin) <= c.walk.Bound {
			c.shown = append(c.shown, item.Entry)
		}
	}
}

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
			points[i] = somewhere(r)
		default:
			points[i] = geo.Point{Lat: 46 + r.NormFloat64(), Lon: 2 + r.NormFloat64()}.Vector()
		}
	}
	return points
}

func somewhere(r *rand.Rand) geo.Vector {
	return geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}.Vector()
}

func itemsOf(points []geo.Vector, keep func() bool) []kdtree.Item {
	var items []kdtree.Item
	for e, p := range points {
		if keep() {
			items = append(items, kdtree.Item{Point: kdtree.At(p), Entry: uint32(e)})
		}
	}
	return items
}

// The tree shows what a loop over every item does, at sizes around those of its
// leaves and levels, and of some of the points only.
func TestWalkIsALoop(t *testing.T) {
	t.Run("as the processor can", walkIsALoop)
	t.Run("one by one", func(t *testing.T) {
		kdtree.OneByOne(t)
		walkIsALoop(t)
	})
}

func walkIsALoop(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 2, 15, 16, 17, 31, 255, 256, 257, 272, 4095, 4096, 4097, 5000, 70_000} {
		points := world(r, n)
		items := itemsOf(points, func() bool { return r.IntN(4) > 0 })
		tree := kdtree.New(slices.Clone(items))
		if got, want := len(tree.Levels), len(kdtree.Shape(len(items))); got != want {
			t.Fatalf("%d levels of %d items, want %d", got, len(items), want)
		}
		for i, nodes := range kdtree.Shape(len(items)) {
			if len(tree.Levels[i]) != nodes {
				t.Fatalf("%d nodes on level %d of %d items, want %d", len(tree.Levels[i]), i, len(items), nodes)
			}
		}
		for range 50 {
			v := somewhere(r)
			if n > 0 && r.IntN(2) == 0 {
				v = points[r.IntN(n)]
			}
			c := collector{}
			c.walk.Origin = kdtree.At(v)
			c.walk.Bound = kdtree.KeyOf(math.Pow(10, 9.1-6*r.Float64()))
			c.walk.Tree(tree, &c)
			var want []uint32
			for _, item := range items {
				if item.Point.Key(&c.walk.Origin) <= c.walk.Bound {
					want = append(want, item.Entry)
				}
			}
			slices.Sort(c.shown)
			if !slices.Equal(c.shown, want) {
				t.Fatalf("%d points, bound %v: %d entries shown, want %d", n, c.walk.Bound, len(c.shown), len(want))
			}
		}
	}
}

// Whatever is within a distance, to the millimetre, is within its reach; and
// chords further apart than the slack are in the order of their distances.
func TestReachAndSlack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	points := world(r, 3000)
	for range 100_000 {
		a, b, c := points[r.IntN(len(points))], points[r.IntN(len(points))], points[r.IntN(len(points))]
		if r.IntN(2) == 0 { // far and near by turns
			b = nudged(r, a)
			c = nudged(r, b)
		}
		if a == (geo.Vector{}) || b == (geo.Vector{}) || c == (geo.Vector{}) {
			continue
		}
		p, q, s := kdtree.At(a), kdtree.At(b), kdtree.At(c)
		near, far := p.Key(&q), p.Key(&s)
		if d := a.Distance(b); near > kdtree.Reach(d) {
			t.Fatalf("%v m is key %d, beyond the reach %d", d, near, kdtree.Reach(d))
		}
		if kdtree.Chord(near) < kdtree.Chord(far)-kdtree.Slack && a.Distance(b) >= a.Distance(c) {
			t.Fatalf("keys %d and %d, at %v and %v m", near, far, a.Distance(b), a.Distance(c))
		}
		if k := kdtree.KeyOf(kdtree.Chord(near)); k < near {
			t.Fatalf("the key of the chord of %d is %d", near, k)
		}
	}
}

// nudged returns a point up to some metres from another.
func nudged(r *rand.Rand, v geo.Vector) geo.Vector {
	lat := math.Asin(max(-1, min(1, v[2]))) * 180 / math.Pi
	lon := math.Atan2(v[1], v[0]) * 180 / math.Pi
	step := math.Pow(10, -2-6*r.Float64())
	return geo.Point{Lat: max(-90, min(90, lat+step*r.NormFloat64())), Lon: lon + step*r.NormFloat64()}.Vector()
}

// nearest lowers its bound to what it has found.
type nearest struct {
	walk  kdtree.Walk
	shown int
}

func (n *nearest) Leaf(items []kdtree.Item) {
	n.shown += len(items)
	for i := range items {
		n.walk.Bound = min(n.walk.Bound, items[i].Point.Key(&n.walk.Origin))
	}
}

// Nearer boxes come first, so that few entries are shown to who wants one.
func TestNearerBoxesFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	points := make([]geo.Vector, 20_000)
	for i := range points {
		points[i] = geo.Point{Lat: 42 + 9*r.Float64(), Lon: -4 + 12*r.Float64()}.Vector()
	}
	items := itemsOf(points, func() bool { return true })
	tree := kdtree.New(slices.Clone(items))
	shown := 0
	for range 1000 {
		var n nearest
		n.walk.Origin = kdtree.At(geo.Point{Lat: 42 + 9*r.Float64(), Lon: -4 + 12*r.Float64()}.Vector())
		n.walk.Bound = kdtree.Farthest
		n.walk.Tree(tree, &n)
		for i := range items {
			if items[i].Point.Key(&n.walk.Origin) < n.walk.Bound {
				t.Fatalf("the nearest was passed over")
			}
		}
		shown += n.shown
	}
	if shown > 50*1000 {
		t.Errorf("%d entries shown a question, of %d", shown/1000, len(points))
	}
}

// but leaves out every other leaf.
type but struct{ collector }

func (*but) Skip(level, child int, _ int64) bool { return level == 0 && child%2 == 1 }

// What lies wholly outside of a box is left out, by a walk and without one.
func TestWithinABox(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	points := make([]geo.Vector, 5000)
	for i := range points {
		points[i] = geo.Point{Lat: 42 + 9*r.Float64(), Lon: -4 + 12*r.Float64()}.Vector()
	}
	items := itemsOf(points, func() bool { return true })
	east := kdtree.Box{Min: kdtree.Point{-1 << 30, 22_000_000, -1 << 30}, Max: kdtree.Point{1 << 30, 1 << 30, 1 << 30}}
	tree := kdtree.New(slices.Clone(items))
	var odd but
	odd.walk.Bound = kdtree.Farthest
	odd.walk.TreeBut(tree, &odd)
	if slices.Contains(odd.shown, tree.Items[16].Entry) || !slices.Contains(odd.shown, tree.Items[32].Entry) {
		t.Error("not what its visitor leaves out is left out")
	}
	var walked, met collector
	walked.walk.Bound, walked.walk.Box = kdtree.Farthest, &east
	walked.walk.Tree(tree, &walked)
	met.walk.Bound = kdtree.Farthest
	tree.Meeting(&east, &taking{&met, tree, func(int, int) bool { return false }})
	if len(walked.shown) == len(items) || len(met.shown) == len(items) {
		t.Error("nothing is left out")
	}
	for _, item := range items {
		if item.Point[1] < 22_000_000 {
			continue
		}
		if !slices.Contains(walked.shown, item.Entry) || !slices.Contains(met.shown, item.Entry) {
			t.Fatalf("entry %d is left out", item.Entry)
		}
	}
}

// taking is a collector that takes some boxes, and shows itself what is below them.
type taking struct {
	*collector
	tree  *kdtree.Tree
	takes func(level, child int) bool
}

func (c *taking) Take(level, child int) bool {
	if !c.takes(level, child) {
		return false
	}
	from, to := c.tree.Below(level, child)
	c.Leaf(c.tree.Items[from:to])
	return true
}

// What is taken with a box is what would have been shown below it.
func TestTakenIsBelow(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, n := range []int{1, 16, 17, 300, 5000, 70_000} {
		tree := kdtree.New(itemsOf(world(r, n), func() bool { return true }))
		everywhere := kdtree.Nowhere()
		for i := range tree.Items {
			everywhere.Add(&tree.Items[i].Point)
		}
		c := collector{}
		c.walk.Bound = kdtree.Farthest
		tree.Meeting(&everywhere, &taking{&c, tree, func(level, child int) bool { return r.IntN(3) == 0 }})
		if len(c.shown) != n {
			t.Fatalf("%d of %d items", len(c.shown), n)
		}
		for i, e := range c.shown {
			if e != tree.Items[i].Entry {
				t.Fatalf("of %d items number %d is %d, not %d", n, i, e, tree.Items[i].Entry)
			}
		}
	}
}

// The same items make the same tree in whatever order they come.
func TestOneTree(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	items := itemsOf(world(r, 3000), func() bool { return true })
	want := kdtree.New(slices.Clone(items))
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	if got := kdtree.New(slices.Clone(items)); !slices.Equal(got.Items, want.Items) {
		t.Error("another order")
	}
	if arrange(items); !slices.Equal(items, want.Items) {
		t.Error("not the order of who sorts at every cut")
	}
}

// arrange does what a tree does, by sorting along the widest axis at every cut.
func arrange(items []kdtree.Item) {
	by := func(axis int) func(a, b kdtree.Item) int {
		return func(a, b kdtree.Item) int {
			return cmp.Or(cmp.Compare(a.Point[axis], b.Point[axis]), cmp.Compare(a.Entry, b.Entry))
		}
	}
	if len(items) <= kdtree.FanOut {
		slices.SortFunc(items, func(a, b kdtree.Item) int { return cmp.Compare(a.Entry, b.Entry) })
		return
	}
	var widest int
	var most int32 = -1
	for axis := range 3 {
		list := slices.SortedFunc(slices.Values(items), by(axis))
		if width := list[len(list)-1].Point[axis] - list[0].Point[axis]; width > most {
			widest, most = axis, width
		}
	}
	block := kdtree.FanOut
	for block*kdtree.FanOut < len(items) {
		block *= kdtree.FanOut
	}
	middle := (len(items)/block + 1) / 2 * block
	slices.SortFunc(items, by(widest))
	arrange(items[:middle])
	arrange(items[middle:])
}

func ExampleWalk() {
	cities := []string{"Paris", "Lyon", "Mende", "Saint-Denis"}
	var items []kdtree.Item
	for i, p := range []geo.Point{
		{Lat: 48.857, Lon: 2.352}, {Lat: 45.758, Lon: 4.835}, {Lat: 44.518, Lon: 3.501}, {Lat: -20.879, Lon: 55.448},
	} {
		items = append(items, kdtree.Item{Point: kdtree.At(p.Vector()), Entry: uint32(i)})
	}
	var within collector
	within.walk.Origin, within.walk.Bound = items[2].Point, kdtree.Reach(300_000)
	within.walk.Tree(kdtree.New(items), &within)
	for _, entry := range within.shown {
		fmt.Println(cities[entry])
	}
	// Unordered output:
	// Lyon
	// Mende
}

func BenchmarkNew(b *testing.B) {
	items := itemsOf(world(rand.New(rand.NewPCG(6, 6)), 1_000_000), func() bool { return true })
	for b.Loop() {
		kdtree.New(slices.Clone(items))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/item")
}
