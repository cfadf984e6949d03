package directory_test

import (
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/directory"
	"boussole/data/sample"
)

// BenchmarkFollow imports invented offers, merges all of them, changes a thousand and
// merges what these touch: seconds of each, and the most of the heap. There are 20,000,
// or as many as BOUSSOLE_RECORDS says.
func BenchmarkFollow(b *testing.B) {
	n := 20_000
	if told, err := strconv.Atoi(os.Getenv("BOUSSOLE_RECORDS")); err == nil {
		n = told
	}
	for b.Loop() {
		s := newStore(b)
		every := max(1, n/1_000)
		importSample(b, s, n, 1, "")
		most := watchHeap()
		began := time.Now()
		step := s.next(s.directory())
		if offers := read(b, step); offers < n*9/10 {
			b.Fatalf("%d offers of %d records", offers, n)
		}
		took := time.Since(began)
		b.ReportMetric(float64(n)/took.Seconds(), "records/s")
		b.ReportMetric(float64(most())/1e6, "MB-heap")
		b.ReportMetric(published(b, s, step), "s-remember")
		info, err := os.Stat(links(b, s.folder))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/float64(n), "B/record")

		importSample(b, s, n, every, " changed")
		runtime.GC()
		most = watchHeap()
		began = time.Now()
		step = s.next(s.directory())
		offers := read(b, step)
		b.ReportMetric(time.Since(began).Seconds(), "s-update")
		b.ReportMetric(float64(most())/1e6, "MB-update")
		b.ReportMetric(float64(step.Remerged), "remerged")
		if step.Whole || step.Changes < 900 || offers < 900 || offers > 4_000 {
			b.Fatalf("%d offers of %d changes: %+v", offers, step.Changes, step)
		}
		b.ReportMetric(published(b, s, step), "s-remember-update")
	}
}

// importSample imports every so many of the invented offers, with a word behind their
// names.
func importSample(b *testing.B, s *store, n, every int, word string) {
	b.Helper()
	i, err := s.Begin(b.Context(), base.Export{Source: sample.Source{}.Name(), Delta: true, Of: 1, On: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer i.Rollback()
	at := 0
	for o, err := range (sample.Source{Scale: n, Seed: 1}).Offers(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		if at++; at%every != 0 {
			continue
		}
		o.Name += word
		if err := i.Put(base.Record{ID: string(o.ID), Text: []byte(lineOf(b, o)), Date: data.Date(at)}); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := i.Commit(); err != nil {
		b.Fatal(err)
	}
}

// read reads what a step offers, to its end.
func read(b *testing.B, step *directory.Step) (offers int) {
	b.Helper()
	for _, err := range step.Offers.Offers(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		offers++
	}
	return offers
}

// published remembers a step, and returns in how many seconds.
func published(b *testing.B, s *store, step *directory.Step) float64 {
	b.Helper()
	s.generation += "+"
	began := time.Now()
	if err := step.Published(b.Context(), s.generation); err != nil {
		b.Fatal(err)
	}
	return time.Since(began).Seconds()
}

// watchHeap returns what tells the most that was live on the heap since.
func watchHeap() func() uint64 {
	stop, told := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-stop:
				told <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 { close(stop); return <-told }
}
