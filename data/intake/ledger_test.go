package intake_test

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"boussole/data/intake"
)

func TestLedger(t *testing.T) {
	ledger := intake.NewLedger(io.Discard)
	first := ledger.Tally("registre", "établissement")
	second := ledger.Tally("registre", "position")
	third := ledger.Tally("autre", "service")
	for range 1200 {
		first.Keep()
		first.Note("rien à dire")
	}
	first.Skip("fermé")
	first.Note("deux espaces")
	first.Reject(7, "1", "numéro", "faux")
	second.Reject(8, "2", "numéro", "faux")
	third.Note("inconnu: gardé")
	third.Keep()

	var b strings.Builder
	n, err := ledger.WriteTo(&b)
	const want = "" +
		"    source          lines  read  kept  skipped  rejected\n" +
		"  registre  établissement  1202  1200        1         1\n" +
		"  registre       position     1     0        0         1\n" +
		"     autre        service     1     1        0         0\n" +
		"\n" +
		"registre      1200  rien à dire\n" +
		"registre         1  fermé\n" +
		"registre         1  deux espaces\n" +
		"autre            1  inconnu: gardé\n"
	if got := b.String(); got != want || int(n) != len(want) || err != nil {
		t.Errorf("%d bytes, %v:\n%s\nwant %d bytes:\n%s", n, err, got, len(want), want)
	}
}

func TestTally(t *testing.T) {
	tally := intake.NewLedger(io.Discard).Tally("registre", "ligne")
	if tally.Read() != 0 || tally.Times("décision") != 0 {
		t.Errorf("a new page has %d lines and %d decisions", tally.Read(), tally.Times("décision"))
	}
	for range 3 {
		tally.Keep()
	}
	tally.Reject(4, "", "ligne", "fausse")
	tally.Skip("règle")
	tally.Note("décision")
	tally.Note("décision")
	tally.Note("autre")
	if tally.Kept != 3 || tally.Skipped != 1 || tally.Rejected != 1 || tally.Read() != 5 || tally.Times("règle") != 1 {
		t.Errorf("%d read, %d kept, %d skipped, %d rejected; want 5, 3, 1, 1", tally.Read(), tally.Kept, tally.Skipped, tally.Rejected)
	}
	if tally.Times("décision") != 2 || tally.Times("autre") != 1 || tally.Times("aucune") != 0 {
		t.Errorf("decisions %d, %d, %d; want 2, 1, 0", tally.Times("décision"), tally.Times("autre"), tally.Times("aucune"))
	}
}

func TestRejectsAreCSV(t *testing.T) {
	var file strings.Builder
	ledger := intake.NewLedger(&file)
	tally := ledger.Tally("registre", "ligne")
	tally.Reject(12, "un \"nom\", inventé", "champ;1", "deux\nlignes")
	ledger.Tally("autre", "ligne").Reject(0, "", "id", "")
	if err := ledger.Flush(); err != nil {
		t.Fatal(err)
	}
	const text = "source,line,record,field,reason\n" +
		"registre,12,\"un \"\"nom\"\", inventé\",champ;1,\"deux\nlignes\"\n" +
		"autre,0,,id,\n"
	if file.String() != text {
		t.Errorf("%q, want %q", file.String(), text)
	}
	rows, err := csv.NewReader(strings.NewReader(file.String())).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if want := []string{"registre", "12", "un \"nom\", inventé", "champ;1", "deux\nlignes"}; !slices.Equal(rows[1], want) {
		t.Errorf("%q, want %q", rows[1], want)
	}
}

// full is a disk without room.
type full struct{}

var errFull = errors.New("made-up full disk")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestFlushTellsOfTheFault(t *testing.T) {
	ledger := intake.NewLedger(full{})
	ledger.Tally("registre", "ligne").Reject(1, "", "ligne", "fausse")
	if err := ledger.Flush(); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
	if _, err := ledger.WriteTo(full{}); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}

func TestProgress(t *testing.T) {
	const all = "essai: 20 %\nessai: 40 %\nessai: 60 %\nessai: 80 %\nessai: 100 %\n"
	cases := []struct {
		name  string
		total int64
		steps []int
		want  string
	}{
		{"nothing done", 10, nil, ""},
		{"just below a fifth", 10, []int{1}, ""},
		{"a fifth", 10, []int{2}, "essai: 20 %\n"},
		{"by ones", 10, []int{1, 1, 1, 1, 1}, "essai: 20 %\nessai: 40 %\n"},
		{"in a leap", 10, []int{6}, "essai: 20 %\nessai: 40 %\nessai: 60 %\n"},
		{"to the end", 10, []int{10}, all},
		{"past the end", 10, []int{10, 10, 100}, all},
		{"fewer steps than fifths", 3, []int{1, 1, 1}, all},
		{"no steps are known", 0, []int{1, 1}, all},
		{"a total that is none", -5, []int{1}, all},
		{"nothing known, nothing done", 0, []int{0}, ""},
	}
	for _, c := range cases {
		var b strings.Builder
		p := intake.NewProgress(&b, "essai", c.total)
		for _, n := range c.steps {
			p.Add(n)
		}
		p.Done()
		if b.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, b.String(), c.want)
		}
	}
}

func TestProgressOfBytes(t *testing.T) {
	var b strings.Builder
	p := intake.NewProgress(&b, "essai", 5)
	if n, err := p.Write([]byte("abc")); n != 3 || err != nil || b.String() != "essai: 20 %\nessai: 40 %\nessai: 60 %\n" {
		t.Errorf("%d, %v, %q", n, err, b.String())
	}
}

func TestNoProgressIsSilent(t *testing.T) {
	var p *intake.Progress
	p.Add(1)
	p.Done()
	if n, err := p.Write([]byte("abc")); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// A file is no terminal: it gets plain lines.
func TestProgressInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := intake.NewProgress(f, "essai", 2)
	p.Add(1)
	p.Done()
	if got, err := os.ReadFile(path); err != nil || string(got) != "essai: 20 %\nessai: 40 %\n" {
		t.Errorf("%q, %v", got, err)
	}
}
