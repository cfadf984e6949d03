// Package measured says what a reader costs, the same way for every one: how
// many offers it yields a second, and what it holds of memory meanwhile.
//
// It is for tests and benchmarks alone.
package measured

import (
	"runtime"
	"testing"

	"boussole/data"
)

// Held reads a source to its end, and returns how many offers it yields and the
// most heap that was live at the tenths of them, beyond what was before.
func Held(tb testing.TB, source data.Source, want int) (offers int, most uint64) {
	tb.Helper()
	before := live()
	for _, err := range source.Offers(tb.Context()) {
		if err != nil {
			tb.Fatal(err)
		}
		if offers++; offers%max(1, want/10) == 0 {
			if now := live(); now > before {
				most = max(most, now-before)
			}
		}
	}
	return offers, most
}

// live is what is still held, not what waits to be collected.
func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Benchmark reads a source over and over, which open opens, and reports offers a
// second and the megabytes held.
func Benchmark(b *testing.B, open func() data.Source) {
	b.Helper()
	offers, rounds := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		rounds++
		for _, err := range open().Offers(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			offers++
		}
	}
	b.ReportMetric(float64(offers)/b.Elapsed().Seconds(), "offers/s")
	_, most := Held(b, open(), offers/rounds)
	b.ReportMetric(float64(most)/1e6, "MB-held")
}
