package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/index"
)

// engine is a generation of the sample that was built into a folder and opened
// again, as a server does.
type engine struct {
	scale         int
	guard         *index.Guard
	invent        time.Duration // to make the offers up, which a build does too
	build, open   time.Duration
	heap, onDisk  int64 // bytes
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
	if _, err := index.Build(ctx, source, dir, index.Options{}); err != nil {
		return nil, fmt.Errorf("building %d offers: %w", scale, err)
	}
	e.build, e.onDisk = time.Since(begin), sizeOf(dir)
	before := heap()
	begin = time.Now()
	g, _, err := index.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	e.open = time.Since(begin)
	e.heap, e.documentBytes = heap()-before, g.Stats().DocumentBytes
	e.guard = index.NewGuard(g)
	return e, nil
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

// decodedBuild measures how many offers a second become a generation in memory,
// documents included, from offers that are decoded, on one core.
func decodedBuild(ctx context.Context, scale int) (perSecond float64, offers int, err error) {
	var decoded data.Memory
	for o, err := range (sample.Source{Scale: scale, Seed: sampleSeed}).Offers(ctx) {
		if err != nil {
			return 0, 0, err
		}
		decoded = append(decoded, *o)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	begin := time.Now()
	if _, err := index.New(decoded); err != nil {
		return 0, 0, err
	}
	return float64(len(decoded)) / time.Since(begin).Seconds(), len(decoded), nil
}

// growth is the median of a sort of question at several sizes.
type growth struct {
	name   string
	scales []int
	p50    []float64 // microseconds
}

// aDecade is by how much the median grows from one size to the next, for ten times
// as many offers.
func (g *growth) aDecade(i int) float64 {
	decades := math.Log10(float64(g.scales[i]) / float64(g.scales[i-1]))
	return math.Pow(g.p50[i]/g.p50[i-1], 1/decades)
}

// grow asks engines of several sizes the same questions, some runs, in turn.
func grow(ctx context.Context, engines []*engine, asked map[string][]question, runs int) ([]growth, error) {
	var list []growth
	for _, s := range specs {
		g := growth{name: s.name, p50: make([]float64, len(engines))}
		samples := make([][]timing, len(engines))
		for range runs {
			for i, e := range engines {
				p := newOurs(e.guard)
				one, err := timeAll(ctx, p, p.askers[s.name], asked[s.name])
				if err != nil {
					return nil, err
				}
				samples[i] = append(samples[i], one)
			}
		}
		for i, e := range engines {
			g.scales = append(g.scales, e.scale)
			g.p50[i] = summarize(samples[i]).p50
		}
		list = append(list, g)
	}
	return list, nil
}
