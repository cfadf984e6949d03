package ndjson

import (
	"bufio"
	"bytes"
	"context"
	_ "embed" // the schema
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"boussole/data"
	"boussole/data/intake"
)

// Name is the word for the format in the books of an import. It is no
// provenance: an offer keeps that which it had when it was written.
const Name = "ndjson"

// Schema is the JSON Schema (draft 2020-12) of a line. Two rules are beyond it:
// ages end after they begin, and a day is one of the calendar.
//
//go:embed offer.schema.json
var Schema string

//go:generate go test . -run ^TestSchemaIsThatOfTheModel$ -update

// Reader is a [data.Source] over one file, gzipped or not. It streams: memory
// is that of one line, and some sixteen bytes an offer, by which an id that comes
// again is known.
type Reader struct {
	Path     string
	Progress *intake.Progress // nil shows nothing

	lines *intake.Tally
}

// New opens the books of a reader in the ledger. The file is opened by Offers.
func New(path string, ledger *intake.Ledger) *Reader {
	return &Reader{Path: path, lines: ledger.Tally(Name, "offer")}
}

// Name returns "ndjson".
func (r *Reader) Name() string { return Name }

// Size returns the bytes that one call of Offers reads from the disk.
func (r *Reader) Size() int64 { return intake.Size(r.Path) }

// Offers yields the offer of every line that has no fault. Empty lines do not
// count.
func (r *Reader) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		if err := r.read(ctx, yield); err != nil {
			yield(nil, fmt.Errorf("reading %s: %w", r.Path, err))
		}
	}
}

func (r *Reader) read(ctx context.Context, yield func(*data.Offer, error) bool) error {
	file, err := intake.Open(r.Path, r.Progress)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := intake.NewLines(file)
	var ids seen
	for lines.Next() {
		if lines.Number()%256 == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		line := lines.Bytes()
		if lines.Number() == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if !lines.TooLong() && len(bytes.TrimSpace(line)) == 0 {
			continue // nothing is lost
		}
		if o := r.offer(lines, line, &ids); o != nil && !yield(o, nil) {
			return nil
		}
	}
	return lines.Err()
}

// offer counts the line as kept or rejected, and returns the offer or nil.
func (r *Reader) offer(lines *intake.Lines, line []byte, ids *seen) *data.Offer {
	if lines.TooLong() {
		r.lines.RejectOffer("", lines.Number(), "", "line", "longer than a mebibyte")
		return nil
	}
	o, err := Parse(line)
	var faults Faults
	if errors.As(err, &faults) {
		if id, gone := saysGone(line); gone {
			r.lines.Gone(string(id), ruleGone)
			return nil
		}
		first, rest := faults[0], faults[1:]
		reason := first.Reason
		if len(rest) > 0 {
			reason += "; " + rest.Error()
		}
		r.lines.RejectOffer(string(o.ID), lines.Number(), string(o.ID), first.Path, reason)
		return nil
	}
	if !ids.add(o.ID) {
		r.lines.RejectOffer(string(o.ID), lines.Number(), string(o.ID), "id", "described already by a line before")
		return nil
	}
	r.lines.Keep()
	return &o
}

// ruleGone is why a line that takes an offer back yields none.
const ruleGone = "said to be no more: left out"

// saysGone reports whether a line says that an offer is no more, which a file of
// changes has to: {"id":"a","deleted":true}, and nothing else.
func saysGone(line []byte) (data.ID, bool) {
	var said struct {
		ID      data.ID
		Deleted bool
	}
	in := json.NewDecoder(bytes.NewReader(line))
	in.DisallowUnknownFields()
	err := in.Decode(&said)
	return said.ID, err == nil && said.Deleted && said.ID.PathSafe()
}

// Writer writes offers, one a line. It is not safe for concurrent use.
type Writer struct {
	out  *bufio.Writer
	line []byte
}

// NewWriter writes to w, which nothing reaches for sure until Flush.
func NewWriter(w io.Writer) *Writer { return &Writer{out: bufio.NewWriterSize(w, 1<<16)} }

// Write writes an offer. One that could not be read back is an error, and is
// not written.
func (w *Writer) Write(o *data.Offer) error {
	var err error
	if w.line, err = Append(w.line[:0], o); err != nil {
		return fmt.Errorf("offer %q cannot be written: %w", o.ID, err)
	}
	if len(w.line) > intake.MaxLine {
		return fmt.Errorf("offer %q cannot be written: its line is longer than a mebibyte", o.ID)
	}
	w.line = append(w.line, '\n')
	_, err = w.out.Write(w.line)
	return err
}

// Flush writes what is left to write.
func (w *Writer) Flush() error { return w.out.Flush() }
