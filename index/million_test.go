package index_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/index"
	"boussole/index/text"
)

// The benchmarks of the engine run on a million invented offers, in the real
// communes of France, out of a file and through the guard, as the server does.
// BOUSSOLE_SCALE is another number of them, BOUSSOLE_INDEX a folder where they
// were indexed before.

type million struct {
	dir    string
	guard  *index.Guard
	offers int
	places []geo.Point // of some offers
}

var theMillion = sync.OnceValues(func() (*million, error) {
	scale := 1_000_000
	if by := os.Getenv("BOUSSOLE_SCALE"); by != "" {
		if _, err := fmt.Sscan(by, &scale); err != nil {
			return nil, err
		}
	}
	dir := os.Getenv("BOUSSOLE_INDEX")
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "boussole-bench"); err != nil {
			return nil, err
		}
		source := sample.Source{Scale: scale, Seed: 1}
		if _, err := index.Build(context.Background(), source, dir, index.Options{}); err != nil {
			return nil, err
		}
	}
	g, _, err := index.Open(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	m := &million{dir: dir, guard: index.NewGuard(g), offers: g.Stats().Offers}
	for o, err := range (sample.Source{Scale: 20_000, Seed: 2}).Offers(context.Background()) {
		if err != nil {
			return nil, err
		}
		for _, p := range o.Places {
			if p.Placed() {
				m.places = append(m.places, p.Point)
			}
		}
	}
	return m, nil
})

func aMillion(b *testing.B) *million {
	if testing.Short() {
		b.Skip("a million offers take a minute to build")
	}
	m, err := theMillion()
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// origins are where patients are: near offers, a kilometre or so off.
func (m *million) origins(n int) []geo.Point {
	r := rand.New(rand.NewPCG(7, 7))
	points := make([]geo.Point, n)
	for i := range points {
		p := m.places[r.IntN(len(m.places))]
		points[i] = geo.Point{Lat: p.Lat + r.NormFloat64()*0.02, Lon: p.Lon + r.NormFloat64()*0.02}
	}
	return points
}

// instant returns a random minute of a year.
func instant(r *rand.Rand) time.Time {
	return time.Date(2026, time.January, 1, 0, r.IntN(365*24*60), 0, 0, time.UTC)
}

func BenchmarkMillion(b *testing.B) {
	m := aMillion(b)
	age := 45 * data.AgeYear
	beds := index.Beds{Rule: index.RuleYes}
	type question struct {
		name    string
		profile data.Profile
		query   index.Query
	}
	questions := []question{
		{"Q1 nearest ten", 0, index.Query{}},
		{"Q2 common code", 0, index.Query{Codes: [][]data.Code{{"R211|442"}}}},
		{"Q3 rare code", 0, index.Query{Codes: [][]data.Code{{"R211|356"}}}},
		{"Q4 code, open, beds, age, all rights", 1, index.Query{
			Codes: [][]data.Code{{"R227|01"}}, Age: &age, Open: index.RulePossible, Beds: beds}},
	}
	for _, words := range []string{"cabinet infirmier", "maternité mulhouse", "cardiologie kine", "pharmacie exemple"} {
		parsed, err := text.Parse(words + " ")
		if err != nil {
			b.Fatal(err)
		}
		questions = append(questions, question{"Q5 " + words, 0, index.Query{Words: parsed}})
	}
	origins := m.origins(1 << 16)
	for _, q := range questions {
		b.Run(q.name, func(b *testing.B) {
			b.Log(m.guard.As(data.Viewer{Profile: 1}).Explain(q.query))
			r := rand.New(rand.NewPCG(8, 8))
			times := make([]time.Duration, 0, 1<<20)
			hits := 0
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q.query.Near = origins[i%len(origins)]
				if q.query.Open != index.RuleAny {
					q.query.At = instant(r)
				}
				start := time.Now()
				view := m.guard.As(data.Viewer{Profile: q.profile})
				ring, err := view.Nearest(context.Background(), q.query, 10)
				view.Close()
				times = append(times, time.Since(start))
				if err != nil {
					b.Fatal(err)
				}
				hits += len(ring.Hits)
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-µs")
			b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1000, "p99-µs")
			b.ReportMetric(float64(hits)/float64(b.N), "hits")
		})
	}
	b.Run("best words", func(b *testing.B) {
		words, err := text.Parse("cabinet infirmier lyon")
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			view := m.guard.As(data.Viewer{})
			if _, err := view.Best(context.Background(), index.Query{Words: words, Near: origins[i%len(origins)]}, 10); err != nil {
				b.Fatal(err)
			}
			view.Close()
		}
	})
	b.Run("Q7 cells of a map", func(b *testing.B) {
		b.ReportAllocs()
		times := make([]time.Duration, 0, 1<<20)
		cells := 0
		for i := 0; b.Loop(); i++ {
			o := origins[i%len(origins)]
			view := m.guard.As(data.Viewer{})
			in := index.Bounds{South: o.Lat - 0.1, North: o.Lat + 0.1, West: o.Lon - 0.15, East: o.Lon + 0.15}
			start := time.Now()
			list, err := view.Cells(index.Query{Codes: [][]data.Code{{"R211|442"}}}, in, 13)
			times = append(times, time.Since(start))
			view.Close()
			if err != nil {
				b.Fatal(err)
			}
			cells += len(list)
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-µs")
		b.ReportMetric(float64(cells)/float64(b.N), "cells")
	})
}

func BenchmarkMillionOpen(b *testing.B) {
	m := aMillion(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var g *index.Generation
	for b.Loop() {
		var err error
		if g, _, err = index.Open(context.Background(), m.dir); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/float64(m.offers), "heap-bytes/offer")
	runtime.KeepAlive(g)
}
