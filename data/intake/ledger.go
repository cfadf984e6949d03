package intake

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Ledger keeps the books of an import: for every kind of line how many were
// read, kept, skipped and rejected, every decision that was taken and how often, and
// the rejected lines themselves. It is not safe for concurrent use.
type Ledger struct {
	// Rejected hears of every rejected line that describes an offer, or may do so, and
	// Gone of every line that says that an offer is no more: the id of that offer, ""
	// where it cannot be told. nil hears nothing.
	Rejected, Gone func(offer string)

	rejects  *csv.Writer
	tallies  []*Tally
	recorded *recording // nil while nothing is
}

// NewLedger writes what is rejected to w as CSV.
func NewLedger(w io.Writer) *Ledger {
	l := &Ledger{rejects: csv.NewWriter(w)}
	l.rejects.Write([]string{"source", "line", "record", "field", "reason"}) // Flush tells of errors
	return l
}

// Flush writes what is left to write, and returns the first error of the
// rejects file.
func (l *Ledger) Flush() error {
	l.rejects.Flush()
	return l.rejects.Error()
}

// Tallies returns the pages, in the order in which they were opened.
func (l *Ledger) Tallies() []*Tally { return l.tallies }

// Tally counts one kind of line of one source. What was read is what was kept,
// what was skipped by a rule and what was rejected: the three methods are the
// only way to count.
type Tally struct {
	Source, Kind            string
	Kept, Skipped, Rejected int

	decisions []Decision
	fields    map[string]int // rejects by the field at fault
	ledger    *Ledger
}

// Decision is how often something in a kept or skipped line called for one.
type Decision struct {
	What  string // "no coordinates: kept, unplaced"
	Times int
}

// Tally opens a page for one kind of line.
func (l *Ledger) Tally(source, kind string) *Tally {
	t := &Tally{Source: source, Kind: kind, ledger: l}
	l.tallies = append(l.tallies, t)
	return t
}

// Keep counts a line as kept.
func (t *Tally) Keep() { t.Kept++ }

// Skip counts a line that a rule leaves out though nothing is wrong with it, such
// as an establishment that has closed; the rule is told like a decision.
func (t *Tally) Skip(rule string) {
	t.Skipped++
	t.Note(rule)
}

// Reject counts a line as rejected and writes it down: its number in the file,
// the record as far as it is known, the field at fault, and the fault.
func (t *Tally) Reject(line int, record, field, reason string) {
	t.Rejected++
	if t.fields == nil {
		t.fields = make(map[string]int)
	}
	t.fields[indices.ReplaceAllString(field, "[]")]++
	row := []string{t.Source, strconv.Itoa(line), record, field, reason}
	t.ledger.rejects.Write(row)
	if r := t.ledger.recorded; r != nil {
		r.add(row)
	}
}

// RejectOffer does the same for a line that describes the offer of an id, or may
// describe any, where the id is "": whoever keeps what earlier files said keeps what
// they said of it.
func (t *Tally) RejectOffer(offer string, line int, record, field, reason string) {
	t.Reject(line, record, field, reason)
	if t.ledger.Rejected != nil {
		t.ledger.Rejected(offer)
	}
}

// Gone skips a line that says that the offer of an id is no more.
func (t *Tally) Gone(offer, rule string) {
	t.Skip(rule)
	if t.ledger.Gone != nil {
		t.ledger.Gone(offer)
	}
}

// indices are what tells fields apart that are one in a table.
var indices = regexp.MustCompile(`\[\d+\]`)

// RejectedFields returns how many lines were rejected by the field at fault, "[]"
// standing for every number in a path such as pmej[12].ege[3].
func (t *Tally) RejectedFields() map[string]int { return t.fields }

// Decisions returns the decisions and how often each was taken, in the order in which
// they were first taken.
func (t *Tally) Decisions() []Decision { return t.decisions }

// Note counts a decision.
func (t *Tally) Note(what string) { t.NoteTimes(what, 1) }

// NoteTimes counts a decision that was taken so often. A page is searched for it
// from the start: who may note thousands of them counts in a map before.
func (t *Tally) NoteTimes(what string, times int) {
	for i := range t.decisions {
		if t.decisions[i].What == what {
			t.decisions[i].Times += times
			return
		}
	}
	t.decisions = append(t.decisions, Decision{what, times})
}

// Times returns how often a decision was taken.
func (t *Tally) Times(what string) int {
	for _, d := range t.decisions {
		if d.What == what {
			return d.Times
		}
	}
	return 0
}

// Read returns how many lines were read: those kept, skipped and rejected.
func (t *Tally) Read() int { return t.Kept + t.Skipped + t.Rejected }

// WriteTo writes the table of counts, then the decisions; nothing where nothing
// is counted.
func (l *Ledger) WriteTo(w io.Writer) (int64, error) {
	if len(l.tallies) == 0 {
		return 0, nil
	}
	var text strings.Builder
	counts := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(counts, "source\tlines\tread\tkept\tskipped\trejected\t")
	for _, t := range l.tallies {
		fmt.Fprintf(counts, "%s\t%s\t%d\t%d\t%d\t%d\t\n", t.Source, t.Kind, t.Read(), t.Kept, t.Skipped, t.Rejected)
	}
	counts.Flush()
	if slices.ContainsFunc(l.tallies, func(t *Tally) bool { return len(t.decisions) > 0 }) {
		fmt.Fprintln(&text)
	}
	decisions := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, t := range l.tallies {
		for _, d := range t.decisions {
			fmt.Fprintf(decisions, "%s\t%8d\t%s\n", t.Source, d.Times, d.What)
		}
	}
	decisions.Flush()
	n, err := io.WriteString(w, text.String())
	return int64(n), err
}
