package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"boussole/data"
	"boussole/geo"
	"boussole/index/twin"
)

// crowd is offers of a few codes, in which every combination of them is found,
// most of them rarely, over the whole country.
func crowd(n int) data.Memory {
	r := rand.New(rand.NewPCG(21, 0))
	offers := make(data.Memory, n)
	for i := range offers {
		o := &offers[i]
		o.ID = data.NewID("crowd", fmt.Sprint(i))
		for code := range 12 {
			if r.IntN(1+code) == 0 {
				o.Activities = append(o.Activities, data.NewCode("R211", fmt.Sprint(code)))
			}
		}
		o.Ages = data.AgeRange{Min: data.Age(r.IntN(3)) * 10 * data.AgeYear}
		o.Places = []data.Place{{
			Quality: data.AtStreet, Point: geo.Point{Lat: 42 + 9*r.Float64(), Lon: -4 + 12*r.Float64()},
			Address: data.Address{Commune: fmt.Sprintf("%02d%03d", 1+r.IntN(9), 1+r.IntN(300))},
		}}
	}
	return offers
}

// Whatever combination of filters is asked for, and whatever way is planned to
// it, what is found is what a loop finds; and every way is taken.
func TestConjunctions(t *testing.T) {
	offers := crowd(6000)
	g, err := New(offers)
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{Profile: allRights})
	defer view.Close()
	r := rand.New(rand.NewPCG(22, 0))
	ways := make(map[string]int)
	questions := 1500
	if testing.Short() {
		questions = 150
	}
	for range questions {
		q, asked := conjunction(r)
		n := []int{12, 12, 300}[r.IntN(3)]
		ring, err := view.Nearest(context.Background(), q, n)
		if err != nil {
			t.Fatal(err)
		}
		want := twin.Nearest(offers, int(allRights), asked)
		if len(ring.Hits) != min(n, len(want)) {
			t.Fatalf("%d hits, the twin %d: %s %+v", len(ring.Hits), len(want), view.Explain(q), q)
		}
		for i, h := range ring.Hits {
			if h.ID != want[i].ID {
				t.Fatalf("hit %d is %s at %v, the twin %+v: %s %+v", i, h.ID, h.Distance, want[i], view.Explain(q), q)
			}
		}
		if n, want := view.Count(q), twin.Count(offers, int(allRights), asked); n != want {
			t.Fatalf("counts %d, the twin %d: %s %+v", n, want, view.Explain(q), q)
		}
		way, _, _ := strings.Cut(view.Explain(q), ";")
		ways[way]++
	}
	for _, way := range []string{
		"all", "the entries of an area", "codes that nobody carries", "the trees of codes", "all: most carry it",
		"the trees of the kinds that suit", "the entries of the kinds that suit",
	} {
		if ways[way] == 0 && !testing.Short() {
			t.Errorf("no question was answered by way of %q: %v", way, ways)
		}
	}
}

func conjunction(r *rand.Rand) (Query, twin.Question) {
	var q Query
	q.Near = geo.Point{Lat: 40 + 13*r.Float64(), Lon: -6 + 16*r.Float64()}
	for range r.IntN(5) {
		var group []data.Code
		for range 1 + r.IntN(5)/4 {
			group = append(group, data.NewCode("R211", fmt.Sprint(r.IntN(13))))
		}
		q.Codes = append(q.Codes, group)
	}
	if r.IntN(4) == 0 {
		age := data.Age(r.IntN(30)) * data.AgeYear
		q.Age = &age
	}
	switch r.IntN(5) {
	case 0:
		q.Departements = []string{fmt.Sprintf("%02d", 1+r.IntN(9)), "01"}
	case 1:
		q.Communes = []string{fmt.Sprintf("%02d%03d", 1+r.IntN(9), 1+r.IntN(300))}
	}
	if r.IntN(4) == 0 {
		q.Within = geo.Meters(1 + r.IntN(300_000))
	}
	return q, twin.Question{
		Near: q.Near, Within: q.Within, Codes: q.Codes, Age: q.Age, Departements: q.Departements, Communes: q.Communes,
	}
}

// Offers within the rounding of the grid of one another are in the order of their
// distances, and at one distance in that of their ids.
func TestTiesOfTheGrid(t *testing.T) {
	var offers data.Memory
	r := rand.New(rand.NewPCG(23, 0))
	for i := range 400 {
		offers = append(offers, data.Offer{
			ID: data.NewID(fmt.Sprint(i)),
			Places: []data.Place{{Quality: data.AtBuilding, Point: geo.Point{ // centimetres apart
				Lat: 45 + float64(r.IntN(4))*1e-7, Lon: 3 + float64(r.IntN(4))*1e-7}}},
		})
	}
	g, err := New(offers)
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{})
	defer view.Close()
	for range 200 {
		q := Query{Near: geo.Point{Lat: 45 + r.NormFloat64()*1e-3, Lon: 3 + r.NormFloat64()*1e-3}}
		ring, err := view.Search(q).Next(context.Background(), 25)
		if err != nil {
			t.Fatal(err)
		}
		want := twin.Nearest(offers, 0, twin.Question{Near: q.Near})
		for i, h := range ring.Hits {
			if h.ID != want[i].ID {
				t.Fatalf("hit %d is %s at %v, the twin %+v", i, h.ID, h.Distance, want[i])
			}
		}
	}
}

// Pages are replaced while questions are answered: each is answered by what was
// known at one moment, and a view keeps to its own.
func TestPagesAreReplaced(t *testing.T) {
	const offers = 3 * pageSize
	var world data.Memory
	for i := range offers {
		world = append(world, data.Offer{
			ID: data.NewID(fmt.Sprint(i)),
			Places: []data.Place{{
				Quality: data.AtStreet, Point: geo.Point{Lat: 45, Lon: 3 + float64(i)/1000},
				Capacity: []data.Capacity{{Status: data.Available, Temporality: data.Current}},
			}},
		})
	}
	g, err := New(world)
	if err != nil {
		t.Fatal(err)
	}
	guard := NewGuard(g)
	free := Query{Near: geo.Point{Lat: 45, Lon: 3}, Beds: Beds{Rule: RuleYes}}
	before := guard.As(data.Viewer{Profile: allRights})
	defer before.Close()
	var done atomic.Bool
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			for !done.Load() && !t.Failed() {
				view := guard.As(data.Viewer{Profile: allRights})
				if n := view.Count(free); n != 0 && n != offers {
					t.Errorf("%d places have a bed, of %d that get one at once", n, offers)
				}
				view.Close()
			}
		})
	}
	for round := range 200 {
		g.now.Store(g.now.Load().with(allWith(g, int32(round%2))))
	}
	done.Store(true)
	wait.Wait()
	g.now.Store(g.now.Load().with(allWith(g, 1)))
	after := guard.As(data.Viewer{Profile: allRights})
	defer after.Close()
	if n, m := before.Count(free), after.Count(free); n != 0 || m != offers {
		t.Errorf("a view from before counts %d, one from after %d", n, m)
	}
	public := guard.As(data.Viewer{})
	defer public.Close()
	if n := public.Count(free); n != 0 {
		t.Errorf("the public counts %d free beds", n)
	}
}

// allWith returns all pages with so many beds free everywhere.
func allWith(g *Generation, beds int32) map[int]*livePage {
	pages := make(map[int]*livePage)
	for i, p := range g.now.Load().pages {
		next := &livePage{beds: slices.Clone(p.beds)}
		for j := range next.beds {
			next.beds[j].number = beds
		}
		next.start()
		pages[i] = next
	}
	return pages
}

// How a question is answered tells of what is hidden: only who sees everything
// is told.
func TestExplain(t *testing.T) {
	g, err := New(crowd(50))
	if err != nil {
		t.Fatal(err)
	}
	guard := NewGuard(g)
	for p := range data.Profile(data.Profiles) {
		view := guard.As(data.Viewer{Profile: p})
		if plan := view.Explain(Query{}); (plan != "") != (p == allRights) {
			t.Errorf("profile %d is told %q", p, plan)
		}
		view.Close()
	}
}

// What was made under other rules of access must not be served: its snapshot and
// digests would show what is hidden now.
func TestSchemaFollowsTheRules(t *testing.T) {
	before := data.AccessTable[0].Rule
	schemaBefore := newSchema()
	defer func() { data.AccessTable[0].Rule = before }()
	data.AccessTable[0].Rule = data.Hidden
	if newSchema() == schemaBefore {
		t.Error("another rule, and the same schema")
	}
}

// An offer that was got outlives the file that it was read from.
func TestOffersOutliveTheirFile(t *testing.T) {
	dir := t.TempDir()
	world := twin.World(24, 40)
	if _, err := Build(context.Background(), data.Memory(world), dir, Options{}); err != nil {
		t.Fatal(err)
	}
	g, _, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for number := range g.offerCount() {
		o := g.decode(uint32(number))
		document := g.document(number)
		if o.Name != "" && inside(document, o.Name) || inside(unsafe.String(&g.ids.text[0], len(g.ids.text)), string(g.idOf(uint32(number)))) {
			t.Fatalf("offer %s points into the file", o.ID)
		}
	}
	guard := NewGuard(g)
	view := guard.As(data.Viewer{Profile: allRights})
	o, err := view.Get(string(world[0].ID))
	if err != nil {
		t.Fatal(err)
	}
	ring, err := view.Search(Query{Near: geo.Point{Lat: 46, Lon: 2}}).Next(context.Background(), 5)
	if err != nil {
		t.Fatal(err)
	}
	view.Close()
	next, err := New(data.Memory{})
	if err != nil {
		t.Fatal(err)
	}
	guard.Swap(next) // closes the file
	if o.Name != world[0].Name || len(ring.Hits) > 0 && !ring.Hits[0].ID.PathSafe() {
		t.Errorf("%q, %+v", o.Name, ring.Hits)
	}
}

// inside reports whether a text lies in the memory of another.
func inside(whole, part string) bool {
	from, at := uintptr(unsafe.Pointer(unsafe.StringData(whole))), uintptr(unsafe.Pointer(unsafe.StringData(part)))
	return at >= from && at < from+uintptr(len(whole))
}

// The same offers make the same snapshot, byte for byte, in whatever order they
// come.
func TestSnapshotOfAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 0))
	var offers data.Memory
	for i := range 300 {
		o := data.Offer{ID: data.NewID(fmt.Sprint(i)), Name: fmt.Sprint("Offre ", i%7), Activities: []data.Code{data.NewCode("R211", fmt.Sprint(i%5))}}
		for p := range 6 {
			o.Places = append(o.Places, data.Place{Quality: data.AtStreet, Point: geo.Point{Lat: 44 + float64(p%3), Lon: 3 + float64(r.IntN(4))},
				Address: data.Address{Commune: fmt.Sprintf("480%02d", p)}})
		}
		offers = append(offers, o)
	}
	write := func() string {
		g, err := New(offers)
		if err != nil {
			t.Fatal(err)
		}
		columns := &columnWriter{}
		g.snapshot.columns(columns)
		var b strings.Builder
		if _, err := columns.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	want := write()
	for range 4 {
		r.Shuffle(len(offers), func(i, j int) { offers[i], offers[j] = offers[j], offers[i] })
		if write() != want {
			t.Fatal("another order, another snapshot")
		}
	}
}

// Nothing is near to what is nowhere.
func TestNowhere(t *testing.T) {
	g, err := New(crowd(50))
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{})
	defer view.Close()
	q := Query{Near: geo.Point{Lat: math.NaN(), Lon: 3}, Within: 10}
	cells, err := view.Cells(q, Bounds{South: 40, North: 52, West: -5, East: 9}, 5)
	if n := view.Count(q); n != 0 || err != nil || len(cells) != 0 {
		t.Errorf("%d offers, %d cells, %v", n, len(cells), err)
	}
	if ring, err := view.Search(q).Next(context.Background(), 5); err != nil || len(ring.Hits) != 0 {
		t.Errorf("%+v, %v", ring, err)
	}
}

func TestHiddenOffersDoNotExist(t *testing.T) {
	g, err := New(data.Memory{{ID: "open"}, {ID: "sensitive", Sensitive: true}})
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{Profile: 2})
	defer view.Close()
	if _, _, err := view.Check("sensitive", Query{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("checked: %v", err)
	}
	if _, _, err := view.Check("open", Query{}); err != nil {
		t.Errorf("open: %v", err)
	}
}
