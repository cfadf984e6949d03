// Package finess reads the FINESS establishments in both formats in which they
// are published: the stock, a text in ISO-8859-1 of structureet lines (32 fields
// between semicolons, no quoting), then geolocalisation lines (6 fields) that
// give their positions; and the daily file that took its place in 2026, JSON
// (see daily.go for its shape). The first byte of the text says which it is.
//
// Every active establishment becomes one offer, known as a whole by its
// category, and the same one whichever format tells of it. It refuses to guess:
// what a record does not say stays unknown, and one that cannot be used is
// rejected with its number, field and reason.
package finess

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"boussole/data"
	"boussole/data/intake"
)

// Name is the word for FINESS in provenance.
const Name = "finess"

// Reader is a [data.Source] over one file, gzipped or not. The stock is read
// twice at each call of Offers, because positions come last in it: what is
// held in memory is a few dozen bytes an establishment. The daily file is read
// once, in a few megabytes whatever its size.
type Reader struct {
	Path     string
	Progress *intake.Progress // of [Reader.Size] bytes; nil shows nothing

	daily                         bool
	structures, positions, others *intake.Tally // of the stock; others of both
	entities, establishments      *intake.Tally // of the daily file
}

// New looks at the beginning of the file for its format, and opens the books of
// a reader in the ledger. A file that cannot be opened is a fault of Offers.
func New(path string, ledger *intake.Ledger) *Reader {
	r := &Reader{Path: path, daily: isDaily(path)}
	if r.daily {
		r.entities = ledger.Tally(Name, "pmej")
		r.establishments = ledger.Tally(Name, "ege")
	} else {
		r.structures = ledger.Tally(Name, "structureet")
		r.positions = ledger.Tally(Name, "geolocalisation")
	}
	r.others = ledger.Tally(Name, "other")
	return r
}

// isDaily reports whether a file begins as JSON does: with a bracket, after a
// byte order mark and blanks if any.
func isDaily(path string) bool {
	file, err := intake.Open(path, nil)
	if err != nil {
		return false
	}
	defer file.Close()
	beginning := make([]byte, 4096)
	n, _ := io.ReadFull(file, beginning) // a fault shows again when the file is read
	text := bytes.TrimSpace(bytes.TrimPrefix(beginning[:n], []byte("\ufeff")))
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// Name returns "finess".
func (r *Reader) Name() string { return Name }

// Offers yields every establishment that can be used.
func (r *Reader) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		if r.daily {
			if err := r.readDaily(ctx, yield); err != nil {
				yield(nil, fmt.Errorf("reading %s: %w", r.Path, err))
			}
			return
		}
		known, err := r.readPositions(ctx)
		if err != nil {
			yield(nil, fmt.Errorf("reading the positions of %s: %w", r.Path, err))
			return
		}
		if err := r.readStructures(ctx, known, yield); err != nil {
			yield(nil, fmt.Errorf("reading %s: %w", r.Path, err))
		}
	}
}

// The kinds of lines.
var (
	kindHeader    = []byte("finess")
	kindStructure = []byte("structureet")
	kindPosition  = []byte("geolocalisation")
)

const (
	structureFields = 32
	positionFields  = 6
)

// eachLine calls f with the fields of every line, still in the encoding of the
// file and valid only during the call, until f returns false.
func (r *Reader) eachLine(ctx context.Context, f func(number int, fields [][]byte, tooLong bool) bool) error {
	file, err := intake.Open(r.Path, r.Progress)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := intake.NewLines(file)
	var fields [][]byte
	for lines.Next() {
		if lines.Number()%256 == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		line := lines.Bytes()
		if lines.Number() == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue // nothing is lost
		}
		fields = fields[:0]
		for part := range bytes.SplitSeq(line, []byte{';'}) {
			fields = append(fields, part)
		}
		if !f(lines.Number(), fields, lines.TooLong()) {
			return nil
		}
	}
	return lines.Err()
}

func (r *Reader) readStructures(ctx context.Context, known *positions, yield func(*data.Offer, error) bool) error {
	seen := make(map[string]int, len(known.of))
	stopped := false
	err := r.eachLine(ctx, func(number int, fields [][]byte, tooLong bool) bool {
		switch kind := fields[0]; {
		case bytes.Equal(kind, kindPosition), bytes.Equal(kind, kindHeader) && number == 1:
			return true
		case !bytes.Equal(kind, kindStructure):
			r.others.RejectOffer("", number, "", "line", "neither structureet nor geolocalisation")
			return true
		case tooLong || len(fields) != structureFields:
			r.structures.RejectOffer("", number, "", "line", wrongLength(len(fields), structureFields, tooLong))
			return true
		}
		s := newStructure(number, fields, r.structures)
		if field, fault := s.fault(seen); fault != "" {
			r.structures.RejectOffer(offerOf(s.finess()), number, s.finess(), field, fault)
			return true
		}
		seen[s.finess()] = number
		r.structures.Keep()
		offer := s.offer(known.edition)
		place := &offer.Places[0]
		place.Address = s.address()
		known.place(s, place)
		stopped = !yield(offer, nil)
		return !stopped
	})
	if err == nil && !stopped {
		r.rejectOrphans(known, seen)
	}
	return err
}

// rejectOrphans settles the positions of no establishment, which only the end
// of the file tells.
func (r *Reader) rejectOrphans(known *positions, seen map[string]int) {
	for _, number := range known.order {
		if _, ok := seen[number]; ok {
			r.positions.Keep()
		} else {
			r.positions.Reject(known.of[number].line, number, "nofinesset", "position of no establishment that was kept")
		}
	}
}

func wrongLength(got, want int, tooLong bool) string {
	if tooLong {
		return "longer than a mebibyte"
	}
	return fmt.Sprintf("%d fields, not %d", got, want)
}

// text decodes one field. The publisher says ISO-8859-1 and means Windows-1252,
// its superset; a field that is UTF-8 already is left as it is.
func text(field []byte) string {
	if utf8.Valid(field) {
		return string(field)
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(field)
	if err != nil {
		return string(bytes.ToValidUTF8(field, []byte{'?'}))
	}
	return string(decoded)
}

// Size returns the bytes that one call of Offers reads from the disk.
func (r *Reader) Size() int64 {
	if r.daily {
		return intake.Size(r.Path)
	}
	return 2 * intake.Size(r.Path)
}
