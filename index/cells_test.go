package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/index/twin"
)

// Cells, with their middles and the ids of who is alone, are those of a loop over
// every entry, at every zoom and size of a map: whatever is counted with a box.
func TestCellsAreThoseOfALoop(t *testing.T) {
	offers := twin.World(11, 3000)
	for o, err := range (sample.Source{Scale: 9000, Seed: 3}).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		o.Sensitive = o.Sensitive || len(offers)%40 == 0
		offers = append(offers, *o)
	}
	g, err := New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	onMaps := codesOnMaps(g)
	if len(onMaps) < 10 {
		t.Fatalf("%d codes are carried by many kinds", len(onMaps))
	}
	guard := NewGuard(g)
	r := rand.New(rand.NewPCG(11, 11))
	boxes, several, alone := 0, 0, 0
	for i := range 600 {
		switch i {
		case 0: // the tree of all is gone through like that of a code
			g.maps.codes.Store(&g.all, newCodeMap(&g.all, g.snapshot))
		case 200:
			g.maps.codes.Delete(&g.all)
		case 500: // no memory is left for what maps know of trees
			g.maps.codes.Clear()
			g.maps.bytes = math.MaxInt32
		}
		view := guard.As(data.Viewer{Profile: data.Profile(r.IntN(data.Profiles))})
		q := Query{}
		if r.IntN(4) > 0 {
			q.Codes = [][]data.Code{{onMaps[r.IntN(len(onMaps))]}}
		}
		switch r.IntN(10) {
		case 0:
			q.Codes = append(q.Codes, []data.Code{onMaps[r.IntN(len(onMaps))], onMaps[r.IntN(len(onMaps))]})
		case 1, 2, 3:
			q.Codes = [][]data.Code{{onMaps[r.IntN(len(onMaps))], onMaps[r.IntN(len(onMaps))]}}
		}
		at := g.rows[r.IntN(g.placed())].point.point()
		in, zoom := mapAround(r, at)
		got, err := view.Cells(q, in, zoom)
		want := cellsByLoop(view.as(&q), g, in, zoom)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v in %+v at zoom %d: %v\n%v, the loop\n%v", q.Codes, in, zoom, err, got, want)
		}
		for _, c := range got {
			switch {
			case c.Offers == 1:
				alone++
			case c.Offers > leastOnMap:
				boxes++
			default:
				several++
			}
		}
		view.Close()
	}
	together, apart := 0, 0
	for _, both := range g.maps.overlaps.pairs.Range {
		if both.(bool) {
			together++
		} else {
			apart++
		}
	}
	if together < 10 || apart < 10 {
		t.Errorf("%d pairs of codes with their classes are carried together, %d never", together, apart)
	}
	if boxes < 50 || several < 500 || alone < 500 {
		t.Errorf("%d cells of very many offers, %d of several, %d of one", boxes, several, alone)
	}
}

// codesOnMaps are the codes of trees that maps know more of.
func codesOnMaps(g *Generation) (list []data.Code) {
	for i := range g.refs {
		if r := &g.refs[i]; r.tree != 0 && g.worthAMap(&g.trees[r.tree-1]) {
			list = append(list, g.codeList[r.code])
		}
	}
	return list
}

// mapAround is a map near a place, of any size that is at most 200 cells wide, with
// its sides anywhere, on edges of cells and on the place too.
func mapAround(r *rand.Rand, at geo.Point) (Bounds, int) {
	zoom := r.IntN(MaxZoom + 1)
	size := min(180, 360/float64(uint64(1)<<zoom)*200*r.Float64()*r.Float64())
	in := Bounds{South: at.Lat - size*r.Float64()/2, North: at.Lat + size*r.Float64()/2, West: at.Lon - size*r.Float64(), East: at.Lon + size*r.Float64()}
	switch r.IntN(4) {
	case 0:
		in.North, in.West = max(in.South, northOf(row(at.Lat, zoom), zoom)), float64(westOf(column32(degrees(at.Lon), zoom), zoom))/1e7
	case 1:
		in.South, in.East = at.Lat, at.Lon
	}
	return Bounds{max(-90, in.South), max(-180, in.West), min(90, in.North), min(180, in.East)}, zoom
}

// cellsByLoop asks every entry whether it suits, and looks for its row among all.
func cellsByLoop(q *Query, g *Generation, in Bounds, zoom int) []Cell {
	c := compile(q, g)
	m := newMatcher(c, g.newScratch(), &plan{})
	defer g.scratches.Put(m.scratch)
	bounds := in.grid()
	type place struct{ y, x uint32 }
	type inCell struct {
		offers           map[uint32]bool
		lat, lon, places int64
	}
	cells := map[place]*inCell{}
	for i := range g.rows {
		p := g.rows[i].point
		if i >= g.placed() || !bounds.has(p) || !m.suits(g.refTo(uint32(i))) {
			continue
		}
		at := place{rowByLoop(p.lat, zoom), uint32((int64(p.lon) + 1_800_000_000) * (1 << zoom) / 3_600_000_000)}
		at.x = min(at.x, 1<<zoom-1)
		if cells[at] == nil {
			cells[at] = &inCell{offers: map[uint32]bool{}}
		}
		cell := cells[at]
		cell.offers[g.rows[i].offer.number()] = true
		cell.lat, cell.lon, cell.places = cell.lat+int64(p.lat), cell.lon+int64(p.lon), cell.places+1
	}
	list := []Cell{}
	for at, cell := range cells {
		one := Cell{X: at.x, Y: at.y, Offers: len(cell.offers), Point: gridPoint{int32(cell.lat / cell.places), int32(cell.lon / cell.places)}.point()}
		for o := range cell.offers {
			if len(cell.offers) == 1 {
				one.ID = g.idOf(o)
			}
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Cell) int { return int(int64(a.Y)<<32 + int64(a.X) - int64(b.Y)<<32 - int64(b.X)) })
	return list
}

// rowByLoop halves the map as often as there are zooms.
func rowByLoop(lat int32, zoom int) (y uint32) {
	for z := 1; z <= zoom; z++ {
		y *= 2
		if float64(lat) <= northOf(y+1, z)*1e7 {
			y++
		}
	}
	return y
}

// TestEdgesThatAreKept: the edges of a zoom are those of the next, every other one.
func TestEdgesThatAreKept(t *testing.T) {
	for zoom := range keptZoom + 1 {
		for _, y := range []uint32{0, 1 << zoom / 3, 1 << zoom / 2, 1 << zoom} {
			if got, want := northOf(y, zoom), edgeOf(y, zoom); got != want {
				t.Error(fmt.Sprintf("row %d of zoom %d", y, zoom), got, want)
			}
		}
	}
}
