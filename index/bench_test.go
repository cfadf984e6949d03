package index_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/twin"
)

// The benchmarks run on the real offers, through the guard, as the server does.

func BenchmarkNearest(b *testing.B) {
	offers := realOffers(b)
	g, err := index.New(data.Memory(offers))
	if err != nil {
		b.Fatal(err)
	}
	age := 40 * data.AgeYear
	questions := []struct {
		name    string
		profile data.Profile
		query   index.Query
	}{
		{"anything", 0, index.Query{}},
		{"common code", 0, index.Query{Codes: [][]data.Code{{"R66|620"}}}},
		{"rare code", 0, index.Query{Codes: [][]data.Code{{"R211|356"}}}},
		{"either code", 0, index.Query{Codes: [][]data.Code{{"R211|157", "R211|249"}}}},
		{"two codes, age, possibly open, all rights", 1, index.Query{
			Codes: [][]data.Code{{"R211|157"}, {"R213|33"}}, Age: &age, Open: index.RulePossible}},
		{"two codes that never meet", 0, index.Query{Codes: [][]data.Code{{"R66|620"}, {"R211|157"}}}},
		{"departement", 0, index.Query{Departements: []string{"48"}}},
	}
	origins := make([]geo.Point, 4096)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range origins {
		o := offers[r.IntN(len(offers))]
		origins[i] = geo.Point{Lat: o.Places[0].Point.Lat + r.NormFloat64()*0.05, Lon: o.Places[0].Point.Lon + r.NormFloat64()*0.05}
	}
	guard := index.NewGuard(g)
	for _, q := range questions {
		b.Run(q.name, func(b *testing.B) {
			view := guard.As(data.Viewer{Profile: q.profile})
			defer view.Close()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q.query.Near = origins[i%len(origins)]
				if _, err := view.Search(q.query).Next(context.Background(), 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTwin is what the same question costs without an index.
func BenchmarkTwin(b *testing.B) {
	offers := realOffers(b)
	q := twin.Question{Near: geo.Point{Lat: 48.85, Lon: 2.35}, Codes: [][]data.Code{{"R66|620"}}}
	for b.Loop() {
		twin.Nearest(offers, 0, q)
	}
}

func BenchmarkOffer(b *testing.B) {
	g, err := index.New(data.Memory(realOffers(b)))
	if err != nil {
		b.Fatal(err)
	}
	guard := index.NewGuard(g)
	for profile := range data.Profile(data.Profiles) {
		view := guard.As(data.Viewer{Profile: profile})
		defer view.Close()
		ring, err := view.Search(index.Query{Near: geo.Point{Lat: 48.85, Lon: 2.35}}).Next(context.Background(), 100)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("profile "+string('0'+rune(profile)), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := view.Offer(ring.Hits[i%len(ring.Hits)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	offers := realOffers(b)
	var g *index.Generation
	for b.Loop() {
		var err error
		if g, err = index.Build(context.Background(), data.Memory(offers), b.TempDir(), index.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	stats := g.Stats()
	b.ReportMetric(float64(stats.Offers)*float64(b.N)/b.Elapsed().Seconds(), "offers/s")
	b.ReportMetric(float64(stats.DocumentBytes)/float64(stats.Offers), "bytes/offer-on-disk")
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	if _, err := index.Build(context.Background(), data.Memory(realOffers(b)), dir, index.Options{}); err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var g *index.Generation
	for b.Loop() {
		var err error
		if g, _, err = index.Open(context.Background(), dir); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/float64(g.Stats().Offers), "bytes/offer-in-memory")
}
