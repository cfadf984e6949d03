package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/index"
	"boussole/index/suggest"
)

// engine is a generation of the sample that was built into a folder and opened
// again, as a server does.
type engine struct {
	scale         int
	guard         *index.Guard
	build, open   time.Duration
	heap, mapped  int64 // bytes; what is mapped of the documents aside
	names         int64 // bytes of the heap, of establishments to suggest
	warmUp        time.Duration
	documentBytes int
}

// sampleSeed and placesSeed: patients stand near offers of another country.
const (
	sampleSeed = 1
	placesSeed = 2
)

func newEngine(ctx context.Context, parent string, scale int) (*engine, error) {
	dir := filepath.Join(parent, fmt.Sprint("index-", scale))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	e := &engine{scale: scale}
	source := sample.Source{Scale: scale, Seed: sampleSeed}
	begin := time.Now()
	_, err := index.Build(ctx, source, dir, index.Options{})
	if err != nil {
		return nil, fmt.Errorf("building %d offers: %w", scale, err)
	}
	e.build = time.Since(begin)
	if e.mapped, err = mappedOf(dir); err != nil {
		return nil, err
	}
	before := heap()
	begin = time.Now()
	g, _, err := index.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	e.open = time.Since(begin)
	e.heap, e.documentBytes = heap()-before, g.Stats().DocumentBytes
	e.guard = index.NewGuard(g)
	e.warm()
	return e, nil
}

// mappedOf is the size of what is searched: words are read into the heap.
func mappedOf(dir string) (size int64, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "snapshot.bin"))
	for _, path := range files {
		info, fault := os.Stat(path)
		if fault != nil {
			return 0, fault
		}
		size += info.Size()
	}
	if size == 0 && err == nil {
		err = fmt.Errorf("no snapshot under %s", dir)
	}
	return size, err
}

// warm makes what the first suggestion would wait for, after what is the same for
// every generation.
func (e *engine) warm() {
	suggest.French().Suggest(suggest.Question{Text: "pharmacie lyon", Limit: 1})
	before, begin := heap(), time.Now()
	view := e.guard.As(data.Viewer{})
	view.WarmUp()
	view.Close()
	e.warmUp = time.Since(begin)
	e.names = heap() - before
}

// heap is what is in use; what pools keep goes the second time.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// patients are where some offers of another seed are.
func patients(ctx context.Context) ([]geo.Point, error) {
	var places []geo.Point
	for o, err := range (sample.Source{Scale: 20_000, Seed: placesSeed}).Offers(ctx) {
		if err != nil {
			return nil, err
		}
		for _, p := range o.Places {
			if p.Placed() {
				places = append(places, p.Point)
			}
		}
	}
	return places, nil
}
