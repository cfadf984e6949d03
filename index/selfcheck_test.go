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
	posting := func(g *Generation, code data.Code) *posting {
		return g.postings[newCodeRef(g.dictionary[code], data.Open)]
	}
	cases := []struct {
		name  string
		spoil func(g *Generation)
		says  string
	}{
		{"the codes lead nowhere", func(g *Generation) {
			for ref, p := range g.postings {
				if ref.code() != g.dictionary[everything] {
					p.placed = kdtree.New(nil, g.points)
				}
			}
		}, "not found"},
		{"an offer is in no list", func(g *Generation) { posting(g, everything).unplaced = nil }, "counts"},
		{"the points are others'", func(g *Generation) {
			for _, p := range g.postings {
				slices.Reverse(p.placed.Points)
			}
		}, "at its place"},
		{"the tree is of the antipodes", func(g *Generation) {
			antipodes := slices.Clone(g.points)
			for i, p := range antipodes {
				antipodes[i] = geo.Vector{-p[0], -p[1], -p[2]}
			}
			for _, p := range g.postings {
				p.placed = kdtree.New(slices.Clone(p.placed.Entries), antipodes)
			}
		}, "not found"},
		{"the ids are in disorder", func(g *Generation) { slices.Reverse(g.ids) }, "by its id"},
		{"the documents are shifted by one", func(g *Generation) {
			g.ends = slices.Insert(g.ends[:len(g.ends)-1], 0, g.ends[0])
		}, "by its id"},
		{"no identifier is known", func(g *Generation) { g.aliases = nil }, "by identifier"},
		{"identifiers are others'", func(g *Generation) {
			for _, list := range g.aliases {
				for i := range list {
					list[i].offer = uint32(len(g.ids) - 1)
				}
			}
		}, "by identifier"},
		{"sensitive offers are open", func(g *Generation) {
			for i := range g.offers {
				g.offers[i].class, g.offers[i].classes = data.Open, 1<<data.Open
			}
		}, "must not exist"},
		{"open offers are sensitive", func(g *Generation) {
			for i := range g.offers {
				g.offers[i].class = data.SensitiveUnit
			}
		}, "no such offer"},
		{"the codes of the offers are gone", func(g *Generation) {
			for i := range g.offers {
				g.offers[i].codes = span{}
			}
		}, ""},
		{"the places have another's codes", func(g *Generation) {
			for i := range g.entries {
				g.entries[i].codes = g.entries[(i+1)%len(g.entries)].codes
			}
		}, ""},
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
	if g, err := openOne(ctx, dir, id); g != nil || !errors.Is(err, context.Canceled) {
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
