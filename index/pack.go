package index

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"boussole/data"
)

// packed is a directory as a generation holds it: the documents of its offers
// in the order of their ids, one after the other.
type packed struct {
	id   string
	ends []uint64 // where each document ends
	text string   // all documents; a string, so that those in them need no copy

	labelText string // what codes mean
}

func (p *packed) document(i int) string {
	var start uint64
	if i > 0 {
		start = p.ends[i-1]
	}
	return p.text[start:p.ends[i]]
}

// WriteTo writes the packed directory as load reads it: the ends of the
// documents (64-bit, little-endian), then the documents.
func (p *packed) WriteTo(w io.Writer) (int64, error) {
	ends := make([]byte, 0, 8*len(p.ends))
	for _, end := range p.ends {
		ends = binary.LittleEndian.AppendUint64(ends, end)
	}
	n, err := w.Write(ends)
	if err != nil {
		return int64(n), err
	}
	m, err := io.WriteString(w, p.text)
	return int64(n) + int64(m), err
}

// pack reads a source to its end. Memory is bounded by the documents, twice
// about half a kilobyte an offer.
func pack(ctx context.Context, source data.Source, labels Labels, progress func()) (*packed, error) {
	type document struct {
		id   data.ID
		text string
	}
	var documents []document
	var buffer []byte
	carried := make(map[data.Code]bool)
	for o, err := range source.Offers(ctx) {
		if err != nil {
			return nil, err
		}
		normalise(o)
		if err := validate(o); err != nil {
			return nil, fmt.Errorf("%s: %w", source.Name(), err)
		}
		buffer = appendOffer(buffer[:0], o)
		documents = append(documents, document{o.ID, string(buffer)})
		if labels != nil {
			eachCarried(o, func(c data.Code, _ data.Class) { carried[c] = true })
		}
		progress()
	}
	slices.SortFunc(documents, func(a, b document) int { return cmp.Compare(a.id, b.id) })
	p := &packed{ends: make([]uint64, len(documents))}
	size := 0
	for _, d := range documents {
		size += len(d.text)
	}
	var all strings.Builder
	all.Grow(size)
	for i, d := range documents {
		if i > 0 && d.id == documents[i-1].id {
			return nil, fmt.Errorf("%s: offer %s comes twice: %w", source.Name(), d.id, ErrOffer)
		}
		all.WriteString(d.text)
		p.ends[i] = uint64(all.Len())
		documents[i].text = "" // memory to use again
	}
	p.text = all.String()
	whole := sha256.New()
	io.WriteString(whole, p.text)
	if labels != nil {
		p.labelText = labelText(carried, labels)
	}
	writeLabels(whole, p.labelText)
	p.id = shortHash(whole)
	return p, nil
}

// normalise brings positions to the grid on which they are kept, so that what
// is read back measures as what was written.
func normalise(o *data.Offer) {
	o.Places = slices.Clone(o.Places) // the lists of an offer may be shared
	for i := range o.Places {
		o.Places[i].Point = o.Places[i].Point.Rounded()
	}
}

// hashLength is how many characters a shortHash has.
const hashLength = 16

// shortHash is 80 bits of a hash as sixteen letters and digits, like an ID.
func shortHash(h hash.Hash) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:10]))
}
