package index_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/index"
)

// patchOf is how many offers a patch of the benchmarks changes: a quarter of them go,
// a quarter come, the others are called otherwise.
const patchOf = 1000

// BenchmarkMillionPatch is what it costs to publish some changed offers among a
// million, the opening of the new generation included. It works on a copy.
func BenchmarkMillionPatch(b *testing.B) {
	m := aMillion(b)
	dir := b.TempDir()
	if err := linkAll(m.dir, dir); err != nil {
		b.Fatal(err)
	}
	patches(b, dir)
}

// BenchmarkPatch does so among a hundred thousand, and says how many times longer a
// build in full takes.
func BenchmarkPatch(b *testing.B) {
	dir := b.TempDir()
	start := time.Now()
	if _, err := index.Build(context.Background(), sample.Source{Scale: 100_000, Seed: 1}, dir, index.Options{}); err != nil {
		b.Fatal(err)
	}
	build := time.Since(start)
	patches(b, dir)
	b.ReportMetric(build.Seconds(), "s/build")
	b.ReportMetric(build.Seconds()/(b.Elapsed().Seconds()/float64(b.N)), "build/patch")
}

func patches(b *testing.B, dir string) {
	var offers []data.Offer
	for o, err := range (sample.Source{Scale: 20_000, Seed: 1}).Offers(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
		if offers = append(offers, *o); len(offers) == 2*patchOf {
			break
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		var changed data.Memory
		var gone []data.ID
		for k, o := range offers[i%2*patchOf:][:patchOf] {
			switch k % 4 {
			case 0: // those of the round before last are there again
				o.ID = data.NewID("patch", fmt.Sprint(i%2), fmt.Sprint(k))
			case 1:
				if i/2%2 == 0 {
					gone = append(gone, o.ID)
					continue
				}
			}
			o.Name += fmt.Sprint(" ", i)
			changed = append(changed, o)
		}
		b.StartTimer()
		if _, err := index.Patch(context.Background(), dir, changed, gone, index.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/patch")
}

// linkAll makes a folder with the files of another, without copying them if it can.
func linkAll(from, to string) error {
	return fs.WalkDir(os.DirFS(from), ".", func(name string, entry fs.DirEntry, err error) error {
		at := filepath.Join(to, name)
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(at, 0o755)
		case name != "CURRENT" && os.Link(filepath.Join(from, name), at) == nil:
			return nil
		}
		content, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		return os.WriteFile(at, content, 0o644)
	})
}
