package report_test

import (
	"testing"

	"boussole/data/report"
	"boussole/data/sample"
)

// BenchmarkChecker learns and checks invented records that are in memory: the cost of
// reading them is another's.
func BenchmarkChecker(b *testing.B) {
	var entries []report.Entry
	for o, err := range (sample.Source{Scale: 20_000, Seed: 1}).Offers(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		entries = append(entries, report.Entry{Source: "sample", Offer: o})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := report.Of(b.Context(), report.Options{Day: today}, recorded(entries)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(entries)), "µs/record")
}
