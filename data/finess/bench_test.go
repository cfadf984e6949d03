package finess_test

import (
	"fmt"
	"io"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/intake/measured"
	"boussole/geo/realdata"
)

// The establishments of 2021, in both formats, gzipped.
func BenchmarkStock(b *testing.B) {
	path := realdata.Path(b, realdata.FinessStock)
	daily := toDaily(stockRows(b), offersOf(b, path)).write(b)
	for name, path := range map[string]string{"text": path, "daily": daily} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(intake.Size(path))
			measured.Benchmark(b, func() data.Source { return finess.New(path, intake.NewLedger(io.Discard)) })
		})
	}
}

// What a reading of the daily file holds at once, for any number of
// establishments.
func BenchmarkMemoryOfTheDailyFile(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		path := manyDaily(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			most := uint64(0)
			for b.Loop() {
				most = max(most, peak(b, path))
			}
			b.ReportMetric(float64(most)/(1<<20), "MiB-held")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "offers/s")
		})
	}
}

func offersOf(b *testing.B, path string) map[string]*data.Offer {
	b.Helper()
	byNumber := make(map[string]*data.Offer)
	for o, err := range finess.New(path, intake.NewLedger(io.Discard)).Offers(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		byNumber[o.Sources[0].Record] = o
	}
	return byNumber
}
