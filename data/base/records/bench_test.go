package records_test

import (
	"bytes"
	"fmt"
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
}

// importFile reads a file into a base, and returns how long that took, digest included.
func importFile(b *testing.B, into base.Writer, path string, want base.Counts) time.Duration {
	b.Helper()
	ledger := intake.NewLedger(io.Discard)
	from := known{ndjson.New(path, ledger), intake.Files{Paths: []string{path}}}
	began := time.Now()
	got, err := records.Import(b.Context(), into, base.Export{Source: "a", Of: 1, On: 1}, &from, ledger)
	took := time.Since(began)
	if err != nil || got != want {
		b.Fatalf("%+v, %v, want %+v", got, err, want)
	}
	return took
}

// invented writes so many offers to a file, and to another one the same, but for one
// in a hundred.
func invented(b *testing.B, n int) (first, next string) {
	b.Helper()
	var text bytes.Buffer
	w := ndjson.NewWriter(&text)
	for o, err := range (sample.Source{Scale: n, Seed: 1}).Offers(b.Context()) {
		if err == nil {
			err = w.Write(o)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	first, next = filepath.Join(b.TempDir(), "first.ndjson"), filepath.Join(b.TempDir(), "next.ndjson")
	var other bytes.Buffer
	i := 0
	for line := range bytes.Lines(text.Bytes()) {
		if i++; i%100 == 0 {
			line = bytes.Replace(line, []byte(`"name":"`), []byte(`"name":"Nouveau `), 1)
		}
		other.Write(line)
	}
	for path, of := range map[string]*bytes.Buffer{first: &text, next: &other} {
		if err := os.WriteFile(path, of.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return first, next
}

// BenchmarkImport reads a file into an empty base, the same one again, and the one of
// the next day, in which one record in a hundred is another: in one run, each of the
// others as a share of the first. BOUSSOLE_RECORDS says how many others there are.
func BenchmarkImport(b *testing.B) {
	n := 20_000
	if told, err := strconv.Atoi(os.Getenv("BOUSSOLE_RECORDS")); err == nil {
		n = told
	}
	first, next := invented(b, n)
	for _, store := range []struct {
		name string
		open func() (base.Base, error)
	}{
		{"folder", func() (base.Base, error) { return embedded.Open(b.TempDir()) }},
		{"database", func() (base.Base, error) {
			url := postgrestest.DatabaseOn(b, postgrestest.Started(b).URL("postgres")) // which syncs, as that of the tests does not
			if err := postgres.Migrate(b.Context(), url); err != nil {
				return nil, err
			}
			return postgres.Open(b.Context(), url)
		}},
	} {
		b.Run(fmt.Sprintf("%s/%d", store.name, n), func(b *testing.B) {
			for b.Loop() {
				into, err := store.open()
				if err != nil {
					b.Fatal(err)
				}
				new := importFile(b, into, first, base.Counts{Read: n, New: n})
				again := importFile(b, into, first, base.Counts{Read: n, Unchanged: n})
				daily := importFile(b, into, next, base.Counts{Read: n, Unchanged: n - n/100, Updated: n / 100})
				into.Close()
				b.ReportMetric(float64(n)/new.Seconds(), "new/s")
				b.ReportMetric(again.Seconds()/new.Seconds(), "again/first")
				b.ReportMetric(daily.Seconds()/new.Seconds(), "next-day/first")
			}
		})
	}
}
