package records

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/embedded"
	"boussole/data/intake"
	"boussole/data/ndjson"
)

// watched is a file that is known when it comes again, and tells how often it was read.
type watched struct {
	data.Source
	intake.Files
	pages  []*intake.Tally
	read   int
	before func() // it is read
}

func (w *watched) Pages() []*intake.Tally { return w.pages }

func (w *watched) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	w.read++
	if w.before != nil {
		w.before()
	}
	return w.Source.Offers(ctx)
}

// exported is what came of an import.
type exported struct {
	counts         base.Counts
	err            error
	read           int
	table, rejects string
}

// export imports a file, as a command does.
func export(t *testing.T, b base.Base, e base.Export, path string, before func()) exported {
	t.Helper()
	var rejects, table bytes.Buffer
	ledger := intake.NewLedger(&rejects)
	w := &watched{ndjson.New(path, ledger), intake.Files{Told: e.Source, Paths: []string{path}}, nil, 0, before}
	w.pages = ledger.Tallies()
	counts, err := Import(t.Context(), b, e, w, ledger)
	ledger.WriteTo(&table)
	if err := ledger.Flush(); err != nil {
		t.Fatal(err)
	}
	return exported{counts, err, w.read, table.String(), rejects.String()}
}

// The same file is read once, and everything that is told of it is told each time.
func TestTheSameFileIsReadOnce(t *testing.T) {
	b, path := open(t), filepath.Join(t.TempDir(), "a.ndjson")
	say := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const good, more, faulty = `{"id":"a","name":"A"}` + "\n", `{"id":"b","name":"B"}` + "\n", `{"id":"c","nom":"C"}` + "\n"
	full := base.Export{Source: "a", Of: 10, On: 10, AnyLoss: true}
	delta := full
	delta.Delta = true
	for _, c := range []struct {
		name   string
		text   string
		export base.Export
		want   base.Counts
		read   int
	}{
		{"the first one", good + more + faulty, full, base.Counts{Read: 3, New: 2, Rejected: 1}, 1},
		{"the same", good + more + faulty, full, base.Counts{Read: 3, Unchanged: 2, Rejected: 1}, 0},
		{"another one", good + faulty, full, base.Counts{Read: 2, Unchanged: 1, Rejected: 1, Missing: 1}, 1},
		{"the first one again", good + more + faulty, full, base.Counts{Read: 3, Unchanged: 1, Reopened: 1, Rejected: 1}, 1},
		{"as a delta", good + more + faulty, delta, base.Counts{Read: 3, Unchanged: 2, Rejected: 1}, 1},
		{"after a delta that changes nothing", good + more + faulty, full, base.Counts{Read: 3, Unchanged: 2, Rejected: 1}, 0},
		{"a delta", `{"id":"b","name":"C"}`, delta, base.Counts{Read: 1, Updated: 1}, 1},
		{"after a delta", good + more + faulty, full, base.Counts{Read: 3, Unchanged: 1, Updated: 1, Rejected: 1, Repairs: 1}, 1},
		{"once more", good + more + faulty, full, base.Counts{Read: 3, Unchanged: 2, Rejected: 1}, 0},
	} {
		say(c.text)
		got := export(t, b, c.export, path, nil)
		if got.err != nil || got.counts != c.want || got.read != c.read {
			t.Errorf("%s: %+v, %v, read %d times; want %+v, %d times", c.name, got.counts, got.err, got.read, c.want, c.read)
		}
		apart, err := embedded.Open(t.TempDir()) // where it is always read
		if err != nil {
			t.Fatal(err)
		}
		plain := export(t, apart, c.export, path, nil)
		apart.Close()
		if got.table != plain.table || got.rejects != plain.rejects {
			t.Errorf("%s tells\n%s%s, not\n%s%s", c.name, got.table, got.rejects, plain.table, plain.rejects)
		}
	}
	full.Of--
	var older *base.OlderError
	if got := export(t, b, full, path, nil); !errors.As(got.err, &older) || got.read != 0 {
		t.Errorf("an older one: %+v", got)
	}
}

// A file that changes while it is read is read again: nobody knows which of both it was.
func TestAFileThatChangedIsReadAgain(t *testing.T) {
	b, path := open(t), filepath.Join(t.TempDir(), "a.ndjson")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e := base.Export{Source: "a", Of: 10, On: 10, AnyLoss: true}
	write(`{"id":"a","name":"A"}`)
	first := export(t, b, e, path, func() { write(`{"id":"b","name":"B and more"}`) })
	write(`{"id":"a","name":"A"}`)
	second := export(t, b, e, path, nil)
	if first.counts.New != 1 || second.read != 1 || second.counts.New != 1 || second.counts.Missing != 1 {
		t.Errorf("%+v, then %+v", first, second)
	}
}
