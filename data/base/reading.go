package base

import (
	"context"
	"errors"
)

// Reading is what is remembered of the reading of a full export, so that the very same
// one is known again before it is read.
type Reading struct {
	// Digest names all that the records were made of: the files, the program that read
	// them, and what it was told. It is empty where nothing is remembered.
	Digest string

	Books  string // what the reader told beside the records, in its own form
	Counts Counts // what came of it, or would the next time
}

// MaxBooks bounds the books that are remembered, in bytes.
const MaxBooks = 1 << 20

// Remember says by what an export will be known again, see [Import.Remember].
func (e *Export) Remember(digest, books string) {
	e.reading = Reading{}
	if !e.Delta && len(books) <= MaxBooks {
		e.reading = Reading{Digest: digest, Books: books}
	}
}

// Known returns the reading of the state in which a source is, the zero one where that
// is not the state that an export left, or where an export is a delta.
func (e *Export) Known(s *SourceState) Reading {
	if e.Delta {
		return Reading{}
	}
	return s.Reading
}

// Again counts an export that is known and of which nothing was said yet, and returns
// what [Export.CheckLoss] says of it: what it keeps may be more than it still may.
func (e *Export) Again(ctx context.Context, before *SourceState, said *Counts) (Counts, error) {
	if err := ctx.Err(); err != nil {
		return *said, err
	}
	known := e.Known(before)
	if known.Digest == "" || *said != (Counts{}) {
		return *said, errors.New("it is not known, or was begun to be read")
	}
	e.reading = known
	return known.Counts, e.CheckLoss(before, &known.Counts, 0)
}

// readingAfter is the reading that a state is known by after an import. What changes a
// record without being remembered makes it another state; what changes none leaves it.
func (e *Export) readingAfter(before Reading, c *Counts) Reading {
	switch {
	case e.reading.Digest != "":
		r := e.reading
		r.Counts = Counts{Read: c.Read, Unchanged: c.Read - c.Rejected, Rejected: c.Rejected, Unnamed: c.Unnamed, Kept: c.Kept}
		return r
	case c.New+c.Updated+c.Reopened+c.Closed() > 0:
		return Reading{}
	}
	return before
}
