package intake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// page is what one reading adds to a page of the books.
type page struct {
	Source, Kind            string
	Kept, Skipped, Rejected int
	Decisions               []Decision
	Fields                  map[string]int
}

// read is a reading as it is written down: its pages, and the lines that it rejected.
type read struct {
	Pages   []page
	Rejects [][]string
}

// recording writes down what is rejected, of at most so many bytes.
type recording struct {
	rows [][]string
	left int // below 0 once it was too much
}

func (r *recording) add(row []string) {
	for _, text := range row {
		if r.left -= len(text); !utf8.ValidString(text) { // JSON would tell another text
			r.left = -1
		}
	}
	if r.left < 0 {
		r.rows, r.left = nil, -1
		return
	}
	r.rows = append(r.rows, row)
}

// Record writes down what is told from now on, until the function that it returns is
// called, which returns it for Replay. It returns false when more than so many bytes
// were rejected, or some that are no UTF-8.
func (l *Ledger) Record(most int) (end func() (books string, whole bool)) {
	before := make([]page, len(l.tallies))
	for i, t := range l.tallies {
		before[i] = t.page()
	}
	l.recorded = &recording{left: most}
	return func() (string, bool) {
		told := read{Rejects: l.recorded.rows}
		whole := l.recorded.left >= 0
		l.recorded = nil
		for i, t := range l.tallies {
			p := t.page()
			if i < len(before) {
				p.takeOut(before[i])
			}
			if !p.empty() {
				told.Pages = append(told.Pages, p)
			}
		}
		text, err := json.Marshal(told)
		return string(text), whole && err == nil
	}
}

// Replay tells once more what was written down, to nobody but the books: the pages that
// were opened for it and are empty get it, or else new ones.
func (l *Ledger) Replay(books string) error {
	var told read
	if err := json.Unmarshal([]byte(books), &told); err != nil {
		return fmt.Errorf("reading the books of an earlier reading: %w", err)
	}
	for _, p := range told.Pages {
		l.blank(p.Source, p.Kind).put(p)
	}
	for _, row := range told.Rejects {
		l.rejects.Write(row) // Flush tells of errors
	}
	return nil
}

// blank returns a page of which nothing is told yet.
func (l *Ledger) blank(source, kind string) *Tally {
	for _, t := range l.tallies {
		p := t.page()
		if t.Source == source && t.Kind == kind && p.empty() {
			return t
		}
	}
	return l.Tally(source, kind)
}

func (t *Tally) page() page {
	return page{t.Source, t.Kind, t.Kept, t.Skipped, t.Rejected, slices.Clone(t.decisions), maps.Clone(t.fields)}
}

func (t *Tally) put(p page) {
	t.Kept, t.Skipped, t.Rejected, t.decisions, t.fields = p.Kept, p.Skipped, p.Rejected, p.Decisions, p.Fields
}

func (p *page) empty() bool {
	return p.Kept+p.Skipped+p.Rejected+len(p.Decisions)+len(p.Fields) == 0
}

// takeOut leaves what a page has more than it had.
func (p *page) takeOut(before page) {
	p.Kept, p.Skipped, p.Rejected = p.Kept-before.Kept, p.Skipped-before.Skipped, p.Rejected-before.Rejected
	for i, d := range before.Decisions { // they only grow
		p.Decisions[i].Times -= d.Times
	}
	p.Decisions = slices.DeleteFunc(p.Decisions, func(d Decision) bool { return d.Times == 0 })
	for field, times := range before.Fields {
		if p.Fields[field] -= times; p.Fields[field] == 0 {
			delete(p.Fields, field)
		}
	}
}
