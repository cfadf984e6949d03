package report

import (
	"bufio"
	"cmp"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"boussole/data"
	"boussole/data/merge"
)

// Of checks all records of a base, which are read twice. It costs some 20 µs a record
// beside that.
func Of(ctx context.Context, options Options, records merge.Recorded) (*Checker, error) {
	c := New(options)
	for _, step := range []func(Entry){c.Learn, c.Check} {
		for kept, err := range records.Records(ctx) {
			if err = cmp.Or(err, ctx.Err()); err != nil {
				return nil, fmt.Errorf("reading records for the report: %w", err)
			}
			step(Entry{kept.Key.Source, kept.Offer})
		}
	}
	return c, nil
}

// Named is a source by the name that the operator gives it.
type Named struct {
	Name string
	data.Source
}

// OfSources checks all that sources yield, each of which is read once: a temporary
// file holds the records until they are checked.
func OfSources(ctx context.Context, options Options, sources ...Named) (*Checker, error) {
	held, err := newSpool()
	if err != nil {
		return nil, fmt.Errorf("holding records on the disk: %w", err)
	}
	defer held.close()
	c := New(options)
	for _, source := range sources {
		for o, err := range source.Offers(ctx) {
			if err = cmp.Or(err, ctx.Err()); err != nil {
				return nil, fmt.Errorf("reading records for the report: %w", err)
			}
			e := Entry{source.Name, o}
			c.Learn(e)
			if err := held.put(e); err != nil {
				return nil, fmt.Errorf("holding records on the disk: %w", err)
			}
		}
	}
	for e, err := range held.entries() {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return nil, fmt.Errorf("reading records back from the disk: %w", err)
		}
		c.Check(e)
	}
	return c, nil
}

// spool holds records in a temporary file, which has no name once it is open, where
// the system lets it, and is its owner's alone to read.
type spool struct {
	file    *os.File
	out     *bufio.Writer
	encoder *gob.Encoder
}

func newSpool() (*spool, error) {
	file, err := os.CreateTemp("", "boussole-report-")
	if err != nil {
		return nil, err
	}
	os.Remove(file.Name())
	out := bufio.NewWriterSize(file, 1<<18)
	return &spool{file, out, gob.NewEncoder(out)}, nil
}

func (s *spool) close() {
	s.file.Close()
	os.Remove(s.file.Name()) // where it could not be removed while it was open
}

func (s *spool) put(e Entry) error { return s.encoder.Encode(&e) }

// entries yields what was put, in its order.
func (s *spool) entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		err := s.out.Flush()
		if err == nil {
			_, err = s.file.Seek(0, io.SeekStart)
		}
		from := gob.NewDecoder(bufio.NewReaderSize(s.file, 1<<18))
		for err == nil {
			var e Entry
			if err = from.Decode(&e); err == nil && !yield(e, nil) {
				return
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(Entry{}, err)
		}
	}
}
