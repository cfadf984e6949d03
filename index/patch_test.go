package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"boussole/data"
	"boussole/index/twin"
)

// delta is what changes and goes of some offers.
type delta struct {
	changed data.Memory
	gone    []data.ID
}

// of returns the offers that there are after it.
func (d *delta) of(offers []data.Offer) []data.Offer {
	out := make(map[data.ID]bool)
	for i := range d.changed {
		out[d.changed[i].ID] = true
	}
	for _, id := range d.gone {
		out[id] = true
	}
	var after []data.Offer
	for i := range offers {
		if !out[offers[i].ID] {
			after = append(after, offers[i])
		}
	}
	return append(after, d.changed...)
}

// randomDelta lets some of the offers of a world change into others of another one,
// and go, and lets others come. In a world everything differs from offer to offer:
// codes, classes, hours, beds, words, places.
func randomDelta(r *rand.Rand, offers []data.Offer, round uint64) delta {
	var d delta
	others := twin.World(1000+round, 40)
	share := []int{2, 10, 100}[r.IntN(3)]
	for i := range offers {
		switch n := r.IntN(share * 3); {
		case n == 0:
			d.gone = append(d.gone, offers[i].ID)
		case n == 1:
			o := others[r.IntN(len(others))]
			o.ID = offers[i].ID
			d.changed = append(d.changed, o)
		case n == 2: // a little, or not at all
			o := offers[i]
			o.Name += pick(r, "", "", " bis", " Zwiebelkuchen")
			d.changed = append(d.changed, o)
		}
	}
	d.changed = append(d.changed, others[:r.IntN(len(others))]...)
	d.gone = append(d.gone, "was-never-there")
	return d
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func labelOf(c data.Code) string { return "étiquette de " + strings.ReplaceAll(string(c), "|", " ") }

// A patch of a patch of a patch is what a build of the same offers is, byte for byte
// but for where the documents lie.
func TestPatchIsWhatABuildWouldBe(t *testing.T) {
	seeds := uint64(4)
	if testing.Short() {
		seeds = 2 // without labels, and with them
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 19))
			options := Options{Labels: []Labels{nil, labelOf}[seed%2]}
			offers := twin.World(seed, []int{300, 100, 1, 30}[seed])
			dir := t.TempDir()
			mustBuild(t, dir, offers, options).close()
			for round := range uint64(8) {
				d := randomDelta(r, offers, seed*100+round)
				if offers = d.of(offers); len(offers) == 0 {
					return
				}
				patched, err := Patch(context.Background(), dir, d.changed, d.gone, options)
				if err != nil {
					t.Fatal(err)
				}
				patched.close()
				whole := t.TempDir()
				built := mustBuild(t, whole, offers, options)
				built.close()
				sameGenerations(t, whole, dir, built.id)
				if t.Failed() {
					t.Fatalf("after round %d: %d changed, %d gone", round, len(d.changed), len(d.gone))
				}
			}
		})
	}
}

func mustBuild(t testing.TB, dir string, offers []data.Offer, o Options) *Generation {
	t.Helper()
	g, err := Build(context.Background(), data.Memory(offers), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// sameGenerations holds what CURRENT names under a folder against what was built.
func sameGenerations(t *testing.T, built, patched, id string) {
	t.Helper()
	if current := readSign(patched); current.err != nil || current.id != id {
		t.Errorf("CURRENT is %v, %v, want %s", current.id, current.err, id)
		return
	}
	want, got := loaded(t, built, id), loaded(t, patched, id)
	defer want.close()
	defer got.close()
	for _, name := range []string{labelsFile, carriersFile, snapshotFile, wordsFolder + "/terms.bin"} {
		a, err := os.ReadFile(filepath.Join(built, id, name))
		b, errB := os.ReadFile(filepath.Join(patched, id, name))
		if err != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %d and %d bytes, %v %v", name, len(a), len(b), err, errB)
			if name == snapshotFile {
				sameColumns(t, want.snapshot, got.snapshot)
			}
		}
	}
	if want.sums != got.sums || want.digests != got.digests || want.labelled != got.labelled {
		t.Error("sums, digests or what is labelled differ")
	}
	for i := range want.where {
		if want.document(i) != got.document(i) {
			t.Errorf("document %d differs", i)
		}
	}
	if !slices.Equal(want.words.Terms(), got.words.Terms()) {
		t.Error("terms differ")
	}
}

func sameColumns(t *testing.T, want, got *snapshot) {
	t.Helper()
	a, b := &columnWriter{}, &columnWriter{}
	want.columns(a)
	got.columns(b)
	for i := range a.headers {
		if !bytes.Equal(bytes.Join(a.pieces[i], nil), bytes.Join(b.pieces[i], nil)) {
			t.Errorf("column %s differs", bytes.TrimRight(a.headers[i].Name[:], "\x00"))
		}
	}
}

func loaded(t *testing.T, dir, id string) *packed {
	t.Helper()
	p, err := load(filepath.Join(dir, id), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// files lists what is under a folder, by size and time.
func files(t *testing.T, dir string) string {
	t.Helper()
	var text strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && info.Name() != lockFile {
			fmt.Fprintln(&text, path, info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestPatchThatChangesNothingWritesNothing(t *testing.T) {
	dir, offers := t.TempDir(), twin.World(3, 40)
	id := mustBuild(t, dir, offers, Options{}).id
	before := files(t, dir)
	g, err := Patch(context.Background(), dir, data.Memory(offers[:7]), []data.ID{"was-never-there", offers[0].ID}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	if after := files(t, dir); g.id != id || after != before {
		t.Errorf("%s after %s, the folder held\n%s\nand now\n%s", g.id, id, before, after)
	}
}

// However often it is patched, a generation has few files, and no more than so much
// in them that nobody needs; and those that others removed leave it whole.
func TestPatchesAreMerged(t *testing.T) {
	dir, offers := t.TempDir(), twin.World(6, 60)
	mustBuild(t, dir, offers, Options{}).close()
	most, joined, whole, last := 0, 0, 0, 1
	for round := range 24 {
		var changed data.Memory
		those := offers[:1] // little at first
		if round >= 12 {
			those = offers[round*5%60:][:5]
		}
		for _, o := range those {
			o.Name = fmt.Sprint("Nouveau nom ", round)
			changed = append(changed, o)
		}
		g, err := Patch(context.Background(), dir, changed, nil, Options{Keep: 1})
		if err != nil {
			t.Fatal(err)
		}
		switch parts := len(g.parts); {
		case parts == 1:
			whole++
		case parts < last:
			joined++
		}
		last = len(g.parts)
		most = max(most, last)
		all := 0
		for _, part := range g.parts {
			all += len(part)
		}
		if dead := all - g.Stats().DocumentBytes; dead*deadShare > all {
			t.Errorf("round %d: %d of %d bytes are of nobody", round, dead, all)
		}
		for i := range g.files {
			if name := g.files[i].Name; name != partFile(i) {
				t.Errorf("part %d is %s", i, name)
			}
		}
		g.close()
	}
	if most > mostParts || joined == 0 || whole == 0 {
		t.Errorf("at most %d parts, joined %d times, whole %d times", most, joined, whole)
	}
	if _, refused := candidates(dir); refused != nil {
		t.Error(refused)
	}
	if ids, err := published(dir); err != nil || len(ids) != 1 {
		t.Errorf("kept %v, %v", ids, err)
	}
	g, refused, err := Open(context.Background(), dir)
	if err != nil || refused != nil {
		t.Fatal(err, refused)
	}
	g.close()
}

// Where a file system has no links, files are copied, and what is damaged meanwhile is
// not copied.
func TestPatchWithoutLinks(t *testing.T) {
	defer func(f func(string, string) error) { hardLink = f }(hardLink)
	offers := twin.World(7, 40)
	offers[5].Name = "ce qui est abîmé"
	other := offers[3]
	other.Name = "Autre"
	for _, spoil := range []bool{false, true} {
		dir := t.TempDir()
		id := mustBuild(t, dir, offers, Options{}).id
		hardLink = func(from, _ string) error {
			if spoil {
				content, _ := os.ReadFile(from)
				content = bytes.Replace(content, []byte(offers[5].Name), bytes.ToUpper([]byte(offers[5].Name)), 1) // it stays readable
				if err := os.WriteFile(from, content, 0o644); err != nil {
					t.Error(err)
				}
			}
			return errors.ErrUnsupported
		}
		g, err := Patch(context.Background(), dir, data.Memory{other}, nil, Options{})
		if spoil {
			if err == nil || readSign(dir).id != id {
				t.Errorf("a damaged copy is published: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		a, errA := os.Stat(filepath.Join(dir, id, offersFile))
		b, errB := os.Stat(filepath.Join(dir, g.id, offersFile))
		if errA != nil || errB != nil || os.SameFile(a, b) {
			t.Error("not copied", errA, errB)
		}
		g.close()
	}
}

// Patches and builds at the same time follow one after the other: none is lost that
// was made of what another one had published.
func TestPatchesAtTheSameTime(t *testing.T) {
	dir, offers := t.TempDir(), twin.World(8, 40)
	mustBuild(t, dir, offers, Options{}).close()
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			o := offers[i]
			o.Name = fmt.Sprint("Nouveau nom ", i)
			g, err := Patch(context.Background(), dir, data.Memory{o}, nil, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			g.close()
		})
	}
	wait.Wait()
	g, refused, err := Open(context.Background(), dir)
	if err != nil || refused != nil {
		t.Fatal(err, refused)
	}
	view := NewGuard(g).As(data.Viewer{Profile: allRights})
	defer view.Close()
	for i := range 6 {
		if o, err := view.Get(string(offers[i].ID)); err != nil || o.Name != fmt.Sprint("Nouveau nom ", i) {
			t.Errorf("offer %d is called %q, %v", i, o.Name, err)
		}
	}
}
