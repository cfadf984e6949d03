package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index/twin"
)

// A tree counts what a loop over its items does, of any part of the world at any zoom:
// of many that share a point, on the edges of cells, at the poles and both sides of the
// antimeridian.
func TestCellTreeIsALoop(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 21))
	summed, nodes := 0, 0
	for _, n := range []int{1, 2, 40, 300, 6000, 20_000} {
		items := someItems(r, n)
		tree := newCellTree(items, n)
		for range 400 {
			in, zoom := mapAround(r, items[r.IntN(n)].point.point())
			sameCounts(t, tree, items, in, zoom)
			sameCounts(t, tree, items, between(r, items[r.IntN(n)].point, items[r.IntN(n)].point), r.IntN(finestLeaf))
		}
		for leaf := range tree.starts[1:] {
			if _, n := tree.of(uint32(leaf)); n >= summedFrom {
				summed++
			}
		}
		nodes += len(tree.sums[min(1, len(tree.sums)-1)])
	}
	if summed < 50 || nodes < 50 {
		t.Errorf("%d leaves and %d nodes have sums", summed, nodes)
	}
}

func someItems(r *rand.Rand, n int) []cellItem {
	items := make([]cellItem, n)
	town := gridPoint{488_000_000, 23_000_000}
	for i := range items {
		p := gridPoint{town.lat + int32(r.NormFloat64()*2e6), town.lon + int32(r.NormFloat64()*2e6)}
		switch zoom := 1 + r.IntN(finestLeaf); r.IntN(12) {
		case 0:
			p = gridPoint{int32(r.IntN(1_800_000_001) - 900_000_000), int32(r.IntN(3_600_000_001) - 1_800_000_000)}
		case 1:
			p = items[r.IntN(i+1)].point
		case 2: // where a column ends or begins
			p.lon = int32(westOf(column32(p.lon, zoom), zoom)) - int32(r.IntN(2))
		case 3: // where a row does
			p.lat = kept().south(kept().row(p.lat)>>(keptZoom-zoom), zoom) - int32(r.IntN(2))
		case 4:
			p.lat = []int32{mercatorEdge, -mercatorEdge, mercatorEdge + 1, -mercatorEdge - 1, 0, 1, -1}[r.IntN(7)]
			p.lon = []int32{-1_800_000_000, 1_800_000_000, 1_799_999_999, 0, -1}[r.IntN(5)]
		case 5, 6, 7, 8:
			p = gridPoint{town.lat + int32(r.IntN(20)), town.lon + int32(r.IntN(20))}
		}
		items[i] = cellItem{p, uint32(i)}
	}
	return items
}

// TestSumsOfALargeLeaf: of very many in one leaf, as far from its corner as can be, at
// any zoom, some are on the map.
func TestSumsOfALargeLeaf(t *testing.T) {
	items := make([]cellItem, 40_000)
	for i := range items {
		items[i] = cellItem{gridPoint{mercatorEdge - int32(i%7), -1 - int32(i%20)}, uint32(i)}
	}
	sameCounts(t, newCellTree(items, len(items)), items, Bounds{South: 80, North: 86, West: -1, East: -0.0000009}, 5)
}

// between is a map whose sides are those of two positions, or as near as there are any.
func between(r *rand.Rand, p, q gridPoint) Bounds {
	near := func(x int32) float64 { return float64(x+int32(r.IntN(3))-1) / 1e7 }
	return Bounds{
		South: max(-90, near(min(p.lat, q.lat))), West: max(-180, near(min(p.lon, q.lon))),
		North: min(90, near(max(p.lat, q.lat))), East: min(180, near(max(p.lon, q.lon))),
	}
}

func sameCounts(t *testing.T, tree *cellTree, items []cellItem, in Bounds, zoom int) {
	t.Helper()
	grid, err := newGrid(in, zoom)
	if err != nil || tree == nil {
		return
	}
	var w cellWalk
	w.start(grid, in.grid(), matcher{})
	w.number = 1
	if !w.bounds.empty() {
		w.through(tree, false)
	}
	want := make([]cellCount, len(w.counts))
	alone := make([]uint32, len(want))
	for _, i := range items {
		if !w.bounds.has(i.point) {
			continue
		}
		at := int(rowByLoop(i.point.lat, zoom)-grid.y0)*grid.cols + int(column32(i.point.lon, zoom)-grid.x0)
		c := &want[at]
		c.offers++
		c.lat, c.lon = c.lat+int64(i.point.lat), c.lon+int64(i.point.lon)
		alone[at] = i.entry
	}
	for i := range want[:len(want)-1] {
		got := &w.counts[i]
		if got.offers != want[i].offers || got.lat != want[i].lat || got.lon != want[i].lon {
			t.Fatalf("cell %d of %+v at zoom %d, leaves of zoom %d: %+v, the loop %+v", i, in, zoom, tree.zoom, *got, want[i])
		}
		if got.offers == 1 && tree.entry(got.item) != alone[i] {
			t.Fatalf("cell %d of %+v at zoom %d is of entry %d, the loop %d", i, in, zoom, tree.entry(got.item), alone[i])
		}
	}
}

// TestMapsOfCodesFit: what maps know of codes takes no more memory than it may, and
// what it takes is counted.
func TestMapsOfCodesFit(t *testing.T) {
	g, err := New(data.Memory(twin.World(11, 3000)))
	if err != nil {
		t.Fatal(err)
	}
	var m mapTrees
	one := newCodeMap(&g.all, g.snapshot)
	most := 3*(one.counted.bytes()+one.others.bytes()) - 1
	made := 0
	for range 4 {
		if m.fitting(&g.all, g.snapshot, most) != nil {
			made++
		}
	}
	if made != 2 || m.bytes > most || m.bytes < 8*len(g.all.Items)*made {
		t.Errorf("%d were made, of %d bytes where %d fit", made, m.bytes, most)
	}
}

// TestFollowIsReadyForMaps: who asks for the map of a code waits for it once, and not
// with every generation again.
func TestFollowIsReadyForMaps(t *testing.T) {
	dir := t.TempDir()
	offers := twin.World(11, 3000)
	build := func(n int) {
		if _, err := Build(t.Context(), data.Memory(offers[:n]), dir, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	build(2999)
	f := follow(t, dir)
	before := f.guard.current.Load().generation
	view := f.guard.As(data.Viewer{})
	queries := []Query{{}}
	for _, code := range codesOnMaps(before) {
		queries = append(queries, Query{Codes: [][]data.Code{{code}}})
	}
	for _, q := range queries {
		if _, err := view.Cells(q, Bounds{South: 41, West: -5, North: 51, East: 9}, 5); err != nil {
			t.Fatal(err)
		}
	}
	view.Close()
	asked := madeForMaps(before)
	build(3000)
	f.look(t.Context())
	now := f.guard.current.Load().generation
	if ready := madeForMaps(now); len(asked) == 0 || !slices.Equal(ready, asked) || now == before || now.maps.all.Load() == nil {
		t.Errorf("ready for %v, asked for %v", ready, asked)
	}
}

// madeForMaps are the codes, with a class, of which maps know more.
func madeForMaps(g *Generation) (list []codeRef) {
	for i := range g.refs {
		r := &g.refs[i]
		if slices.ContainsFunc(g.treesOf(r), g.maps.has) {
			list = append(list, newCodeRef(r.code, data.Class(r.class)))
		}
	}
	return list
}

// onMap is an offer with one code at one place.
func onMap(i int, code data.Code, p geo.Point) data.Offer {
	return data.Offer{
		ID: data.NewID("on map", fmt.Sprint(i)), Field: data.FieldMCO, Activities: []data.Code{code},
		Places: []data.Place{{Quality: data.AtStreet, Point: p.Rounded()}},
	}
}

// TestReadyForMapsOfKinds: a code that few kinds carry is gone through by their trees.
func TestReadyForMapsOfKinds(t *testing.T) {
	var offers data.Memory
	for i := range 5 * (leastOnMap + 1) {
		offers = append(offers, onMap(i, data.NewCode("R211", fmt.Sprint(i%5)), geo.Point{Lat: 45 + float64(i)/1000, Lon: 2}))
	}
	made := func() *Generation {
		g, err := New(offers)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	before, now := made(), made()
	view := NewGuard(before).As(data.Viewer{})
	defer view.Close()
	if _, err := view.Cells(Query{Codes: [][]data.Code{{"R211|1"}}}, Bounds{South: 40, West: 0, North: 50, East: 5}, 5); err != nil {
		t.Fatal(err)
	}
	now.readyLike(before)
	if ready, asked := madeForMaps(now), madeForMaps(before); len(asked) == 0 || !slices.Equal(ready, asked) {
		t.Errorf("ready for %v, asked for %v", ready, asked)
	}
}

// TestCellsOfTwoTrees: the only offer in a cell is of one tree, and the edge of the map
// goes through a leaf of the other that has nothing on it. Some are hidden, and their
// ids must not be told instead.
func TestCellsOfTwoTrees(t *testing.T) {
	for _, c := range []struct {
		name   string
		spread float64 // of the first tree
		places []data.Place
	}{
		{"an offer with two places", 0.001, []data.Place{{Quality: data.AtStreet, Point: geo.Point{Lat: 43, Lon: 1}}}},
		{"leaves of two zooms", 0.1, nil},
	} {
		var offers data.Memory
		for i := range 400 {
			row, col := float64(i%20), float64(i/20)
			offers = append(offers,
				onMap(2*i, "R211|1", geo.Point{Lat: 45.7 + row*c.spread, Lon: 4.8 + col*c.spread}),
				onMap(2*i+1, "R211|2", geo.Point{Lat: 48.842 + row/10_000, Lon: 2.301 + col/10_000}))
		}
		only := onMap(-1, "R211|1", geo.Point{Lat: 48.8405, Lon: 2.3005})
		only.Places = append(only.Places, c.places...)
		offers = append(offers, only)
		for i := range 40 {
			hidden := onMap(1000+i, "R211|1", geo.Point{Lat: -80, Lon: 175 + float64(i)/1000})
			hidden.Sensitive = true
			offers = append(offers, hidden)
		}
		g, err := New(offers)
		if err != nil {
			t.Fatal(err)
		}
		view := NewGuard(g).As(data.Viewer{})
		for zoom := 8; zoom < 12; zoom++ {
			in := Bounds{South: 48.84, West: 2.30, North: 48.841, East: 2.3007}
			cells, err := view.Cells(Query{Codes: [][]data.Code{{"R211|1", "R211|2"}}}, in, zoom)
			if err != nil || len(cells) != 1 || cells[0].ID != only.ID {
				t.Errorf("%s, zoom %d: %+v, %v; want one of %s", c.name, zoom, cells, err, only.ID)
			}
		}
		view.Close()
	}
}

// TestSumsOfSmallTrees: sums of few items in leaves that are large stay what they are.
func TestSumsOfSmallTrees(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		items := make([]cellItem, 3+r.IntN(600))
		for i := range items {
			items[i] = cellItem{gridPoint{r.Int32N(1_800_000_001) - 900_000_000, -1_800_000_000 + int32(r.Int64N(3_600_000_000))}, uint32(i)}
			if i%2 == 0 {
				items[i].point = gridPoint{849_000_000, -1 - int32(i)}
			}
		}
		tree := newCellTree(items, len(items))
		for range 5 {
			sameCounts(t, tree, items, between(r, items[r.IntN(len(items))].point, items[r.IntN(len(items))].point), r.IntN(6))
			sameCounts(t, tree, items, Bounds{-90, -180, 90, 180}, r.IntN(6))
		}
	}
}
