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
	"boussole/data/inorder"
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
// is that of some hundred lines for each processor, or of a megabyte of longer ones, and
// some sixteen bytes an offer, by which an id that comes again is known. Lines are parsed
// on all processors.
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
	var ids seen
	lines := func(ctx context.Context) iter.Seq2[*line, error] { return linesOf(ctx, file) }
	taken := 0
	for l, err := range inorder.Map(ctx, lines, (*line).size, parse) {
		if taken++; err == nil && taken%256 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if o := r.offer(l, &ids); o != nil && !yield(o, nil) {
			return nil
		}
	}
	return nil
}

// line is one of a file, and what is read of it.
type line struct {
	number int
	long   bool // too long to be read
	text   []byte
	offer  *data.Offer
	err    error // what is wrong with it
}

func (l *line) size() int { return len(l.text) }

func parse(_ int, l *line) (*line, error) {
	if !l.long {
		var o data.Offer
		o, l.err = Parse(l.text)
		l.offer = &o
	}
	return l, nil
}

// linesOf yields the lines of a file that are not empty.
func linesOf(ctx context.Context, file io.Reader) iter.Seq2[*line, error] {
	return func(yield func(*line, error) bool) {
		lines := intake.NewLines(file)
		for lines.Next() {
			if lines.Number()%256 == 1 && ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			text := lines.Bytes()
			if lines.Number() == 1 {
				text = bytes.TrimPrefix(text, []byte("\ufeff"))
			}
			if !lines.TooLong() && len(bytes.TrimSpace(text)) == 0 {
				continue // nothing is lost
			}
			if !yield(&line{number: lines.Number(), long: lines.TooLong(), text: bytes.Clone(text)}, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// offer counts the line as kept or rejected, and returns the offer or nil.
func (r *Reader) offer(l *line, ids *seen) *data.Offer {
	if l.long {
		r.lines.RejectOffer("", l.number, "", "line", "longer than a mebibyte")
		return nil
	}
	id := string(l.offer.ID)
	var faults Faults
	if errors.As(l.err, &faults) {
		if id, gone := saysGone(l.text); gone {
			r.lines.Gone(string(id), ruleGone)
			return nil
		}
		first, rest := faults[0], faults[1:]
		reason := first.Reason
		if len(rest) > 0 {
			reason += "; " + rest.Error()
		}
		r.lines.RejectOffer(id, l.number, id, first.Path, reason)
		return nil
	}
	if !ids.add(l.offer.ID) {
		r.lines.RejectOffer(id, l.number, id, "id", "described already by a line before")
		return nil
	}
	r.lines.Keep()
	return l.offer
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
