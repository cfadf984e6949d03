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
	At                      int // the place of the page among those of its reader, from 1 on; 0 for another
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
// called, which returns it for Replay. The pages are those that were opened for the
// reader that tells it. It returns false when more than so many bytes were rejected, or
// some that are no UTF-8.
func (l *Ledger) Record(most int, pages []*Tally) (end func() (books string, whole bool)) {
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
				p.At = 1 + slices.Index(pages, t)
				told.Pages = append(told.Pages, p)
			}
		}
		text, err := json.Marshal(told)
		return string(text), whole && err == nil
	}
}

// Replay tells once more what was written down, to nobody but the books: to the pages
// that were opened for the same reader, in the same order, and new ones for what had
// none of those. After an error nothing is told.
func (l *Ledger) Replay(books string, pages []*Tally) error {
	var told read
	if err := json.Unmarshal([]byte(books), &told); err != nil {
		return fmt.Errorf("reading the books of an earlier reading: %w", err)
	}
	for i := range told.Pages {
		if p := &told.Pages[i]; !p.fits(pages) {
			return fmt.Errorf("the books of an earlier reading are of another page %d, %s of %s", p.At, p.Kind, p.Source)
		}
	}
	for _, p := range told.Pages {
		if p.At > 0 {
			pages[p.At-1].put(p)
			continue
		}
		l.Tally(p.Source, p.Kind).put(p)
	}
	for _, row := range told.Rejects {
		l.rejects.Write(row) // Flush tells of errors
	}
	return nil
}

// fits reports whether a page may be told to that in its place, of which nothing is
// told yet.
func (p *page) fits(pages []*Tally) bool {
	if p.At <= 0 || p.At > len(pages) {
		return p.At == 0
	}
	t := pages[p.At-1]
	blank := t.page()
	return t.Source == p.Source && t.Kind == p.Kind && blank.empty()
}

func (t *Tally) page() page {
	return page{0, t.Source, t.Kind, t.Kept, t.Skipped, t.Rejected, slices.Clone(t.decisions), maps.Clone(t.fields)}
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
