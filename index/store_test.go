package index_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/twin"
)

func build(t *testing.T, dir string, source data.Source, keep int) index.Stats {
	t.Helper()
	g, err := index.Build(context.Background(), source, dir, index.Options{Keep: keep})
	if err != nil {
		t.Fatal(err)
	}
	return g.Stats()
}

// open opens a folder and returns the id of what is served, and how many
// generations were refused on the way.
func open(t *testing.T, dir string) (string, int) {
	t.Helper()
	g, refused, err := index.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range refused {
		if !errors.Is(err, index.ErrGeneration) {
			t.Errorf("refused with %v", err)
		}
	}
	return g.Stats().ID, len(refused)
}

// What is read back is what was written: every field of the model.
func TestWhatIsBuiltIsWhatIsOpened(t *testing.T) {
	offers := twin.World(7, 500)
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	build(t, dir, data.Memory(offers), 3)
	g, _, err := index.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{Profile: 1})
	for _, want := range offers {
		got, err := view.Get(string(want.ID))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestTheSameOffersAreTheSameGeneration(t *testing.T) {
	offers := twin.World(8, 300)
	first := build(t, t.TempDir(), data.Memory(offers), 3)
	reversed := data.Memory{}
	for i := range offers {
		reversed = append(reversed, offers[len(offers)-1-i])
	}
	if second := build(t, t.TempDir(), reversed, 3); second != first {
		t.Errorf("%+v, then %+v", first, second)
	}
	offers[0].Name += "!"
	if third := build(t, t.TempDir(), data.Memory(offers), 3); third.ID == first.ID {
		t.Errorf("another name, and still generation %s", third.ID)
	}
}

func TestLastGenerationsAreKept(t *testing.T) {
	dir := t.TempDir()
	var ids []string
	for seed := range uint64(5) {
		ids = append(ids, build(t, dir, data.Memory(twin.World(seed, 20)), 3).ID)
		tick(t, dir, ids)
	}
	for i, id := range ids {
		_, err := os.Stat(filepath.Join(dir, id))
		if kept := err == nil; kept != (i >= 2) {
			t.Errorf("generation %d of 5 kept: %v", i+1, kept)
		}
	}
	// One that is there already is served again, and not written again.
	again := build(t, dir, data.Memory(twin.World(3, 20)), 3)
	if served, _ := open(t, dir); served != ids[3] || again.ID != ids[3] {
		t.Errorf("serves %s, want %s", served, ids[3])
	}
}

// tick sets the clock of the folders, which a fast test would not see move.
func tick(t *testing.T, dir string, ids []string) {
	t.Helper()
	for i, id := range ids {
		when := time.Now().Add(time.Duration(i-len(ids)) * time.Minute)
		if err := os.Chtimes(filepath.Join(dir, id), when, when); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// Whatever is broken in the last generation, the one before is served.
func TestDamagedGenerationIsRefused(t *testing.T) {
	edit := func(name string, change func([]byte) []byte) func(string) error {
		return func(generation string) error {
			path := filepath.Join(generation, name)
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path, change(content), 0o644)
		}
	}
	manifest := func(key string, value any) func(string) error {
		return edit("manifest.json", func(b []byte) []byte {
			var m map[string]any
			if err := json.Unmarshal(b, &m); err != nil {
				panic(err)
			}
			m[key] = value
			b, _ = json.Marshal(m)
			return b
		})
	}
	cases := map[string]struct {
		damage func(string) error
		says   string
	}{
		"a name changed": {edit("offers.bin", func(b []byte) []byte { // the documents stay readable
			name := twin.World(2, 30)[0].Name
			return bytes.Replace(b, []byte(name), bytes.ToUpper([]byte(name)), 1)
		}), "checksum"},
		"a bit flipped":        {edit("offers.bin", func(b []byte) []byte { b[len(b)/2] ^= 1; return b }), "damaged"},
		"cut short":            {edit("offers.bin", func(b []byte) []byte { return b[:len(b)-1] }), "damaged"},
		"longer":               {edit("offers.bin", func(b []byte) []byte { return append(b, 0) }), "damaged"},
		"empty":                {edit("offers.bin", func([]byte) []byte { return nil }), "damaged"},
		"no offers":            {func(g string) error { return os.Remove(filepath.Join(g, "offers.bin")) }, "no such file"},
		"no manifest":          {func(g string) error { return os.Remove(filepath.Join(g, "manifest.json")) }, "no such file"},
		"manifest cut":         {edit("manifest.json", func(b []byte) []byte { return b[:len(b)/2] }), "manifest.json"},
		"an older format":      {manifest("format", "boussole-generation-0"), "build the index again"},
		"another model":        {manifest("schema", "0123456789abcdef"), "build the index again"},
		"another's id":         {manifest("id", "aaaaaaaaaaaaaaaa"), "is of generation"},
		"a wrong count":        {manifest("offers", 1<<40), "offers in"},
		"a count that is less": {manifest("offers", 3), ""},
		"another basis":        {manifest("digests", []string{"1"}), "its own checksum"},
		"other labels":         {manifest("labelled", "0123456789abcdef"), "its own checksum"},
		"gone":                 {os.RemoveAll, "no such file"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			good := build(t, dir, data.Memory(twin.World(1, 30)), 3).ID
			bad := build(t, dir, data.Memory(twin.World(2, 30)), 3).ID
			if err := c.damage(filepath.Join(dir, bad)); err != nil {
				t.Fatal(err)
			}
			g, refused, err := index.Open(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if id := g.Stats().ID; id != good || len(refused) != 1 {
				t.Fatalf("serves %s of %s and %s, refused %v", id, good, bad, refused)
			}
			if text := refused[0].Error(); !strings.Contains(text, c.says) || !strings.Contains(text, bad) {
				t.Errorf("%q does not say %q", text, c.says)
			}
			// Building the same again repairs it.
			build(t, dir, data.Memory(twin.World(2, 30)), 3)
			if id, n := open(t, dir); id != bad || n != 0 {
				t.Errorf("after the repair %s is served, %d refused", id, n)
			}
		})
	}
}

func TestCurrentThatMakesNoSense(t *testing.T) {
	for _, content := range []string{"", "../../etc", "AAAAAAAAAAAAAAAA", "aaaaaaaaaaaaaaaa", "\x00"} {
		dir := t.TempDir()
		id := build(t, dir, data.Memory(twin.World(1, 30)), 3).ID
		if err := os.WriteFile(filepath.Join(dir, "CURRENT"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if served, _ := open(t, dir); served != id {
			t.Errorf("CURRENT is %q: serves %s", content, served)
		}
	}
}

func TestNothingToServe(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := index.Open(context.Background(), dir); !errors.Is(err, index.ErrGeneration) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, _, err := index.Open(context.Background(), filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("no folder: %v", err)
	}
	id := build(t, dir, data.Memory(twin.World(1, 3)), 1).ID
	if err := os.Remove(filepath.Join(dir, id, "offers.bin")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := index.Open(context.Background(), dir); !errors.Is(err, index.ErrGeneration) || !strings.Contains(err.Error(), id) {
		t.Errorf("one damaged generation: %v", err)
	}
}

// failing yields some offers, then an error.
type failing struct{ after []data.Offer }

var errSource = errors.New("the disk is gone")

func (failing) Name() string { return "failing" }
func (f failing) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for o, err := range data.Memory(f.after).Offers(ctx) {
			if !yield(o, err) {
				return
			}
		}
		yield(nil, errSource)
	}
}

// A build that fails leaves what was served, and nothing half-written.
func TestFailedBuildChangesNothing(t *testing.T) {
	dir := t.TempDir()
	good := build(t, dir, data.Memory(twin.World(1, 30)), 3).ID
	before := listing(t, dir)
	twice := twin.World(2, 30)
	twice[5].ID = twice[6].ID
	unsafe := twin.World(2, 30)
	unsafe[5].ID = "../escape"
	nowhere := twin.World(2, 30)
	nowhere[5].Places = []data.Place{{ID: "p", Quality: data.AtStreet}}
	nowhere[5].Places[0].Point.Lat = 91
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := map[string]struct {
		ctx    context.Context
		source data.Source
		want   error
	}{
		"a source that fails":   {context.Background(), failing{twin.World(2, 30)}, errSource},
		"no offer":              {context.Background(), data.Memory{}, index.ErrEmpty},
		"an id twice":           {context.Background(), data.Memory(twice), index.ErrOffer},
		"an id that is a path":  {context.Background(), data.Memory(unsafe), index.ErrOffer},
		"a place off the Earth": {context.Background(), data.Memory(nowhere), index.ErrOffer},
		"cancelled":             {cancelled, data.Memory(twin.World(2, 30)), context.Canceled},
	}
	for name, c := range cases {
		if _, err := index.Build(c.ctx, c.source, dir, index.Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if after := listing(t, dir); after != before {
			t.Errorf("%s: the folder held\n%s\nand now\n%s", name, before, after)
		}
		if served, _ := open(t, dir); served != good {
			t.Errorf("%s: serves %s", name, served)
		}
	}
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	var text bytes.Buffer
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		text.WriteString(path + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// What a build that died left behind is taken away by the next one.
func TestLeftoversAreRemoved(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".building-dead"), 0o755); err != nil {
		t.Fatal(err)
	}
	build(t, dir, data.Memory(twin.World(1, 3)), 3)
	if text := listing(t, dir); strings.Contains(text, ".building-") {
		t.Errorf("the folder holds\n%s", text)
	}
}

// However many builds publish under one folder, what CURRENT names is there.
func TestBuildsAtTheSameTime(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			world := data.Memory(twin.World(uint64(i%5), 60)) // some of them the same
			if _, err := index.Build(context.Background(), world, dir, index.Options{Keep: 1}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if _, refused := open(t, dir); refused != 0 {
		t.Errorf("%d generations refused\n%s", refused, listing(t, dir))
	}
}

func TestEveryFaultOfAnOfferIsNamed(t *testing.T) {
	o := data.Offer{
		ID: "a/b", Ages: data.AgeRange{Min: 5, Before: 5},
		Places: []data.Place{
			{Quality: 77, Equipment: []data.Equipment{{Limits: []data.Limit{{Value: math.Inf(1)}}}}},
			{Point: geo.Point{Lat: math.NaN()}},
		},
		Hours: data.Hours{
			Weekly:     []data.Opening{{From: -300, To: 60}},
			Exceptions: []data.Exception{{Spans: []data.Span{{From: 0, To: 9000}}}},
		},
	}
	_, err := index.New(data.Memory{o})
	for _, want := range []string{"path-safe", "ages", "quality 77", "place 1", "-300", "9000", "infinite"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %q", err, want)
		}
	}
}
