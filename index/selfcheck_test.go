package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/kdtree"
	"boussole/index/twin"
)

// A generation that is as it should be is never refused: nothing would be
// published or served any more.
func TestSelfCheckPassesWhatIsRight(t *testing.T) {
	worlds := 60
	if testing.Short() {
		worlds = 12
	}
	var crowd []data.Offer // hundreds at one point, alike but for their ids
	for i := range 500 {
		crowd = append(crowd, data.Offer{
			ID: data.NewID(fmt.Sprint(i)), Activities: []data.Code{"R211|157"}, Sensitive: i%50 == 0,
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "000000018"}},
			Places: []data.Place{
				{Quality: data.AtCommune, Point: geo.Point{Lat: 44.5, Lon: 3.5}},
				{Quality: data.AtCommune, Point: geo.Point{Lat: 44.5, Lon: 3.5}},
			},
		})
	}
	sources := map[string][]data.Offer{"none": nil, "a crowd": crowd}
	for seed := range worlds {
		size := []int{1, 2, 47, 48, 49, 300, 2000}[seed%7]
		sources[fmt.Sprintf("world %d", seed)] = twin.World(uint64(seed), size)
	}
	for name, offers := range sources {
		g, err := New(data.Memory(offers))
		if err != nil {
			t.Fatal(err)
		}
		if err := g.selfCheck(context.Background()); err != nil {
			t.Errorf("%s of %d offers: %v", name, len(offers), err)
		}
	}
}

// Whatever part of a generation is broken, its own answers tell.
func TestSelfCheckTellsWhatIsBroken(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(g *Generation)
		says  string
	}{
		{"the codes lead nowhere", func(g *Generation) {
			for i := range g.trees {
				g.trees[i] = kdtree.Tree{}
			}
		}, "not found"},
		{"the boxes are of nothing", func(g *Generation) {
			for i := range g.trees {
				g.trees[i].Levels = kdtree.New(slices.Clone(g.trees[i].Items[:0])).Levels
				for range kdtree.Shape(len(g.trees[i].Items)) {
					g.trees[i].Levels = append(g.trees[i].Levels, make([]kdtree.Node, 1))
				}
			}
		}, "not found"},
		{"an offer is in no list", func(g *Generation) { g.kindRows[g.kinds[0]].single-- }, "counts"},
		{"the points are others'", func(g *Generation) { reversePoints(g.rows) }, "at its place"},
		{"the trees are of the antipodes", func(g *Generation) {
			for i := range g.trees {
				for j := range g.trees[i].Items {
					p := &g.trees[i].Items[j].Point
					p[0], p[1], p[2] = -p[0], -p[1], -p[2]
				}
			}
		}, "not found"},
		{"the ids are in disorder", func(g *Generation) { slices.Reverse(g.ids.text) }, "by its id"},
		{"the documents are shifted by one", func(g *Generation) {
			g.where = slices.Insert(g.where[:len(g.where)-1], 0, g.where[0])
		}, "by its id"},
		{"no identifier is known", func(g *Generation) { g.aliases = nil }, "by identifier"},
		{"identifiers are others'", func(g *Generation) {
			for i := range g.aliases {
				g.aliases[i].offer = uint32(g.offerCount() - 1)
			}
		}, "by identifier"},
		{"sensitive offers are open", func(g *Generation) {
			for i := range g.rows {
				g.rows[i].offer &^= notForAll
			}
		}, "must not exist"},
		{"sensitive offers are open in the trees", func(g *Generation) {
			eachItem(g, func(item *kdtree.Item) { item.Entry &^= uint32(notForAll) })
		}, "must not exist"},
		{"open offers are sensitive", func(g *Generation) {
			for i := range g.rows {
				g.rows[i].offer |= notForAll
			}
			for i := range g.kindRows {
				g.kindRows[i].class = data.SensitiveUnit
			}
		}, "no such offer"},
		{"entries are of other kinds", func(g *Generation) { slices.Reverse(g.kinds) }, ""},
		{"kinds carry other codes", func(g *Generation) { slices.Reverse(g.kindRefs) }, ""},
		{"places are elsewhere", func(g *Generation) { slices.Reverse(g.areas) }, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g, err := New(data.Memory(twin.World(3, 400)))
			if err != nil {
				t.Fatal(err)
			}
			c.spoil(g)
			if err := g.selfCheck(context.Background()); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want it to say %q", err, c.says)
			}
		})
	}
}

// refuse makes the self-check of one generation end as given, until the test
// ends.
func refuse(t *testing.T, id string, with func() error) {
	t.Helper()
	t.Cleanup(func() { selfCheck = (*Generation).selfCheck })
	selfCheck = func(g *Generation, ctx context.Context) error {
		if g.id == id {
			return with()
		}
		return g.selfCheck(ctx)
	}
}

var errBroken = errors.New("broken on purpose")

func broken() error { return errBroken }

// buildNumbered publishes a generation of its own and returns its id.
func buildNumbered(t *testing.T, dir string, number int) string {
	t.Helper()
	g, err := Build(context.Background(), data.Memory{{ID: "a", Name: fmt.Sprint(number)}}, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return g.id
}

func TestWhatFailsItsSelfCheckIsNotServed(t *testing.T) {
	for name, with := range map[string]func() error{
		"an error": broken,
		"a panic":  func() error { panic(errBroken) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			good, bad := buildNumbered(t, dir, 1), buildNumbered(t, dir, 2)
			refuse(t, bad, with)
			g, refused, err := Open(context.Background(), dir)
			if err != nil || g.id != good || len(refused) != 1 {
				t.Fatalf("opened %v, refused %v, %v", g, refused, err)
			}
			if text := refused[0].Error(); !errors.Is(refused[0], ErrGeneration) || !strings.Contains(text, errBroken.Error()) || !strings.Contains(text, bad) {
				t.Errorf("refused with %v", text)
			}
		})
	}
}

func TestWhatFailsItsSelfCheckIsNotPublished(t *testing.T) {
	bad := buildNumbered(t, t.TempDir(), 2)
	dir := t.TempDir()
	good := buildNumbered(t, dir, 1)
	refuse(t, bad, broken)
	_, err := Build(context.Background(), data.Memory{{ID: "a", Name: "2"}}, dir, Options{})
	if !errors.Is(err, errBroken) {
		t.Errorf("built with %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, bad)); !os.IsNotExist(err) {
		t.Errorf("it is there: %v", err)
	}
	if g, _, err := Open(context.Background(), dir); err != nil || g.id != good {
		t.Errorf("serves %v, %v", g, err)
	}
}

// Opening ends soon when nobody waits for it.
func TestOpeningIsCancelled(t *testing.T) {
	dir := t.TempDir()
	id := buildNumbered(t, dir, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if g, err := openOne(ctx, filepath.Join(dir, id), id); g != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("opened %v, %v", g, err)
	}
}

func BenchmarkSelfCheck(b *testing.B) {
	g, err := New(data.Memory(twin.World(1, 30_000)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := g.selfCheck(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

func reversePoints(rows []entryRow) {
	for i := range len(rows) / 2 {
		j := len(rows) - 1 - i
		rows[i].point, rows[j].point = rows[j].point, rows[i].point
	}
}

func eachItem(g *Generation, f func(*kdtree.Item)) {
	for _, items := range append([][]kdtree.Item{g.all.Items}, itemsOf(g.trees)...) {
		for i := range items {
			f(&items[i])
		}
	}
}

func itemsOf(trees []kdtree.Tree) (lists [][]kdtree.Item) {
	for i := range trees {
		lists = append(lists, trees[i].Items)
	}
	return lists
}
