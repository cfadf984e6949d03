package ndjson_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/intake/measured"
	"boussole/data/ndjson"
)

// file writes n offers to a file, those of the sample over and over under other
// ids, so that a million take no time to make.
func file(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "offers.ndjson")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bytes.SplitAfter(sampled(t, 10_000), []byte("\n"))
	start, end := len(`{"id":"`), len(`{"id":"`)+16
	for i := range n {
		line := lines[i%10_000]
		if _, err := fmt.Fprintf(f, "%s%016d%s", line[:start], i, line[end:]); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// heapOf reads a file and returns the most heap that was in use, beyond what
// was before.
func heapOf(t testing.TB, path string, want int) uint64 {
	n, most := measured.Held(t, ndjson.New(path, intake.NewLedger(io.Discard)), want)
	if n != want {
		t.Fatalf("%d offers, want %d", n, want)
	}
	return most
}

// What is held grows by the ids alone.
func TestMemoryIsFlat(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n = 100_000
	}
	small, large := heapOf(t, file(t, 10_000), 10_000), heapOf(t, file(t, n), n)
	t.Logf("%d kB for 10,000 offers, %d kB for %d", small/1000, large/1000, n)
	if large > small+uint64(24*n) {
		t.Errorf("%d bytes for 10,000 offers, %d for %d", small, large, n)
	}
}

func BenchmarkReader(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := file(b, n)
			b.SetBytes(intake.Size(path))
			measured.Benchmark(b, func() data.Source { return ndjson.New(path, intake.NewLedger(io.Discard)) })
		})
	}
}

func BenchmarkWriter(b *testing.B) {
	var offers []data.Offer
	for _, line := range bytes.Split(bytes.TrimSpace(sampled(b, 10_000)), []byte("\n")) {
		o, err := ndjson.Parse(line)
		if err != nil {
			b.Fatal(err)
		}
		offers = append(offers, o)
	}
	w := ndjson.NewWriter(io.Discard)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := w.Write(&offers[i%len(offers)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "offers/s")
}
