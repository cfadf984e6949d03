package records_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/embedded"
	"boussole/data/base/records"
	"boussole/data/intake"
	"boussole/data/ndjson"
	"boussole/data/postgres"
	"boussole/data/postgres/postgrestest"
	"boussole/data/sample"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// known is a file that is known when it comes again.
type known struct {
	data.Source
	intake.Files
	pages []*intake.Tally
}

func (k *known) Pages() []*intake.Tally { return k.pages }

var _ records.Digested = (*known)(nil)

// importFile reads a file into a base, and returns how many seconds that took, digest
// included.
func importFile(b *testing.B, into base.Writer, path string, delta bool, want base.Counts) float64 {
	b.Helper()
	ledger := intake.NewLedger(io.Discard)
	from := known{ndjson.New(path, ledger), intake.Files{Paths: []string{path}}, nil}
	from.pages = ledger.Tallies()
	began := time.Now()
	got, err := records.Import(b.Context(), into, base.Export{Source: "a", Of: 1, On: 1, Delta: delta}, &from, ledger)
	took := time.Since(began)
	if err != nil || got != want {
		b.Fatalf("%+v, %v, want %+v", got, err, want)
	}
	return took.Seconds()
}

// files of invented offers.
type files struct {
	first string
	next  string // the same, of which one in a hundred has another name
	delta string // one in a hundred, with a third name
}

func invented(b *testing.B, n int) files {
	b.Helper()
	dir := b.TempDir()
	write := func(name string, rename string, all bool) string {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		out := bufio.NewWriterSize(f, 1<<20)
		w := ndjson.NewWriter(out)
		i := 0
		for o, err := range (sample.Source{Scale: n, Seed: 1}).Offers(b.Context()) {
			if i++; err == nil && i%100 == 0 {
				o.Name += rename
			}
			if err == nil && (all || i%100 == 0) {
				err = w.Write(o)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		if err := errors.Join(w.Flush(), out.Flush(), f.Close()); err != nil {
			b.Fatal(err)
		}
		return path
	}
	return files{write("first.ndjson", "", true), write("next.ndjson", " bis", true), write("delta.ndjson", " ter", false)}
}

// readAll reads what is live, and returns how many seconds that took.
func readAll(b *testing.B, from base.Reader, want int) float64 {
	b.Helper()
	began := time.Now()
	s, err := from.Snapshot(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	n := 0
	for _, err := range s.Records(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != want {
		b.Fatalf("%d records, want %d", n, want)
	}
	return time.Since(began).Seconds()
}

// BenchmarkImport reads a file into an empty base, the same one again, the one of the
// next day, in which one record in a hundred is another, and a delta of as many: in one
// run, each of the others as a share of the first. BOUSSOLE_RECORDS says how many others
// there are, a hundred at least.
func BenchmarkImport(b *testing.B) {
	n := 20_000
	if told, err := strconv.Atoi(os.Getenv("BOUSSOLE_RECORDS")); err == nil {
		n = told
	}
	b.Run("folder", func(b *testing.B) {
		benchmark(b, n, func() (base.Base, error) { return embedded.Open(b.TempDir()) })
	})
	b.Run("database", func(b *testing.B) {
		server := postgrestest.Started(b).URL("postgres") // which syncs, as that of the tests does not
		benchmark(b, n, func() (base.Base, error) {
			url := postgrestest.DatabaseOn(b, server)
			if err := postgres.Migrate(b.Context(), url); err != nil {
				return nil, err
			}
			return postgres.Open(b.Context(), url)
		})
	})
}

func benchmark(b *testing.B, n int, open func() (base.Base, error)) {
	of := invented(b, n)
	few := n / 100
	for b.Loop() {
		into, err := open()
		if err != nil {
			b.Fatal(err)
		}
		first := importFile(b, into, of.first, false, base.Counts{Read: n, New: n})
		again := importFile(b, into, of.first, false, base.Counts{Read: n, Unchanged: n})
		next := importFile(b, into, of.next, false, base.Counts{Read: n, Unchanged: n - few, Updated: few})
		delta := importFile(b, into, of.delta, true, base.Counts{Read: few, Updated: few})
		read := readAll(b, into, n)
		if err := into.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n)/first, "new/s")
		b.ReportMetric(again/first, "again/first")
		b.ReportMetric(next/first, "next-day/first")
		b.ReportMetric(float64(few)/delta, "delta/s")
		b.ReportMetric(float64(n)/read, "read/s")
	}
}
