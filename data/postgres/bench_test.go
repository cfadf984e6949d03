package postgres

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"boussole/data/base"
	"boussole/data/postgres/postgrestest"
)

// size is how many records the benchmarks are over; BOUSSOLE_RECORDS says how
// many others.
func size(b *testing.B) int {
	n := 20_000
	if told, err := strconv.Atoi(os.Getenv("BOUSSOLE_RECORDS")); err == nil {
		n = told
	}
	b.Logf("%d records of a kilobyte", n)
	return n
}

// durable opens an empty base on a server of its own that forgets nothing: the one of
// the tests does not sync.
func durable(b *testing.B) *Store {
	b.Helper()
	url := postgrestest.DatabaseOn(b, postgrestest.Started(b).URL("postgres"))
	if err := Migrate(b.Context(), url); err != nil {
		b.Fatal(err)
	}
	return opened(b, url)
}

// kilobyte returns a record of about a kilobyte, as lines of offers are; edition
// makes it another one.
func kilobyte(i, edition int) base.Record {
	text := fmt.Appendf(nil, `{"id":"%016d","edition":%d,"text":"`, i*7919, edition)
	text = append(text, bytes.Repeat([]byte("soins "), 160)...)
	return base.Record{ID: fmt.Sprintf("%016d", i*7919%1_000_003), Text: append(text, `"}`...), Category: "service"}
}

// importAll imports so many records and returns how long it took, without making them.
func importAll(tb testing.TB, s *Store, e base.Export, n, edition int) (counts base.Counts, took time.Duration) {
	tb.Helper()
	timed := func(what func() error) {
		began := time.Now()
		if err := what(); err != nil {
			tb.Fatal(err)
		}
		took += time.Since(began)
	}
	var i base.Import
	timed(func() (err error) { i, err = s.Begin(context.Background(), e); return err })
	defer i.Rollback()
	some := make([]base.Record, 0, 1000)
	put := func() error {
		for _, r := range some {
			if err := i.Put(r); err != nil {
				return err
			}
		}
		return nil
	}
	for at := range n {
		if some = append(some, kilobyte(at, edition)); len(some) == cap(some) || at == n-1 {
			timed(put)
			some = some[:0]
		}
	}
	timed(func() (err error) { counts, err = i.Commit(); return err })
	return counts, took
}

var whole = base.Export{Source: "a", Of: 1, On: 1}

// BenchmarkImport imports an export, the same one again, and then one in which
// every record is another; the second as a share of the first, in one run.
func BenchmarkImport(b *testing.B) {
	n := size(b)
	for b.Loop() {
		s := durable(b)
		_, first := importAll(b, s, whole, n, 0)
		again, second := importAll(b, s, whole, n, 0)
		if again.Unchanged != n {
			b.Fatalf("%+v", again)
		}
		_, anew := importAll(b, s, whole, n, 1)
		b.ReportMetric(float64(n)/first.Seconds(), "new/s")
		b.ReportMetric(float64(n)/second.Seconds(), "unchanged/s")
		b.ReportMetric(float64(n)/anew.Seconds(), "updated/s")
		b.ReportMetric(second.Seconds()/first.Seconds(), "again/first")
	}
}

// BenchmarkDelta imports a delta of a thousand changes over a large base, until
// who follows has them all.
func BenchmarkDelta(b *testing.B) {
	n := size(b)
	s := durable(b)
	importAll(b, s, whole, n, 0)
	delta, edition, after := whole, 0, base.Seq(n)
	delta.Delta = true
	for b.Loop() {
		edition++
		importAll(b, s, delta, 1000, edition)
		for c, err := range s.Changes(context.Background(), s.identity, after) {
			if err != nil {
				b.Fatal(err)
			}
			after = c.Seq
		}
		if int(after) != n+1000*edition {
			b.Fatal(after)
		}
	}
}

// BenchmarkSnapshot reads all live records.
func BenchmarkSnapshot(b *testing.B) {
	n := size(b)
	s := durable(b)
	importAll(b, s, whole, n, 0)
	for b.Loop() {
		p, err := s.Snapshot(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		seen := 0
		for _, err := range p.Records(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			seen++
		}
		p.Close()
		if seen != n {
			b.Fatal(seen)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
