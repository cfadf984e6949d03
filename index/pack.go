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
	"iter"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"boussole/data"
	"boussole/index/text"
)

// packed is a directory as a generation holds it: the documents of its offers
// in the order of their ids, one after the other, and what is made of them.
type packed struct {
	id   string
	ends []uint64 // where each document ends
	text string   // all documents; may be a file's memory, so what is read of it is copied

	// Of one that is being made: all documents as they came, and which is which.
	drafted []byte
	order   []draftRow

	labelText string // what codes mean
	snapshot  *snapshot
	words     *text.Vocabulary
	digests   [data.Profiles]string // of what each profile may see
	closers   []func()              // what to do when nobody can ask any more
}

func (p *packed) document(i int) string {
	var start uint64
	if i > 0 {
		start = p.ends[i-1]
	}
	return p.text[start:p.ends[i]]
}

// draftRow is where a document lies among those that came.
type draftRow struct {
	id   data.ID
	from uint64
	size uint32
}

// gather brings drafted documents into memory, in their order.
func (p *packed) gather() {
	var b strings.Builder
	for _, row := range p.order {
		b.Write(p.drafted[row.from : row.from+uint64(row.size)])
	}
	p.text, p.drafted, p.order = b.String(), nil, nil
}

func (p *packed) close() {
	for _, f := range p.closers {
		f()
	}
	p.closers = nil
}

// WriteTo writes drafted documents as [packed.documents] reads them: their ends
// (64-bit, little-endian), then the documents.
func (p *packed) WriteTo(w io.Writer) (int64, error) {
	ends := make([]byte, 0, 8*len(p.ends))
	for _, end := range p.ends {
		ends = binary.LittleEndian.AppendUint64(ends, end)
	}
	n, err := w.Write(ends)
	if err != nil {
		return int64(n), err
	}
	written := int64(n)
	for _, row := range p.order {
		n, err := w.Write(p.drafted[row.from : row.from+uint64(row.size)])
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// documents points into what WriteTo wrote.
func (p *packed) documents(content []byte, offers int) error {
	p.ends = fromBytes[uint64](content[:8*offers])
	text := content[8*offers:]
	p.text = unsafe.String(unsafe.SliceData(text), len(text))
	var last uint64
	for i, end := range p.ends {
		if end < last || end > uint64(len(text)) {
			return fmt.Errorf("document %d ends at %d", i, end)
		}
		last = end
	}
	return nil
}

// pack reads a source to its end and makes all of a generation. What it returns
// reads the draft, which holds the documents; the snapshot and the words that are
// being counted are in memory, some seven hundred bytes an offer.
func pack(ctx context.Context, source data.Source, labels Labels, progress func(), to draft) (*packed, error) {
	var all builder
	var sums digests
	var end uint64
	p := &packed{}
	carried := make(map[data.Code]data.Mask)
	workers := newWorkers(labels)
	all.words.groupers = workers
	for d, err := range prepared(ctx, source, workers) {
		if err != nil {
			return nil, err
		}
		all.addWithWords(d.offer, d.worker, d.words)
		sums.add(&d.sums)
		if err := to.add(d.document); err != nil {
			return nil, fmt.Errorf("keeping documents: %w", err)
		}
		p.order = append(p.order, draftRow{d.offer.ID, end, uint32(len(d.document))})
		end += uint64(len(d.document))
		if labels != nil {
			eachCarried(d.offer, func(c data.Code, class data.Class) { carried[c] |= 1 << class })
		}
		progress()
	}
	if err := p.arrange(source, to); err != nil {
		return nil, err
	}
	if labels != nil {
		p.labelText = labelText(carried, labels)
	}
	whole := sha256.New()
	for _, row := range p.order {
		whole.Write(p.drafted[row.from : row.from+uint64(row.size)])
		progress()
	}
	writeLabels(whole, p.labelText)
	p.id = shortHash(whole)
	known, err := readLabels(p.labelText)
	if err != nil {
		return nil, err
	}
	p.snapshot = all.finish()
	p.digests = sums.close(known)
	return p, nil
}

// arrange puts documents in the order of their ids, of which there must be no two
// alike.
func (p *packed) arrange(source data.Source, from draft) (err error) {
	slices.SortFunc(p.order, func(a, b draftRow) int { return cmp.Compare(a.id, b.id) })
	end := uint64(0)
	for i, row := range p.order {
		if i > 0 && row.id == p.order[i-1].id {
			return fmt.Errorf("%s: offer %s comes twice: %w", source.Name(), row.id, ErrOffer)
		}
		end += uint64(row.size)
		p.ends = append(p.ends, end)
	}
	if p.drafted, err = from.all(); err != nil {
		return fmt.Errorf("reading documents back: %w", err)
	}
	return nil
}

// preparedOffer is an offer with what is made of it alone.
type preparedOffer struct {
	offer    *data.Offer
	document []byte
	sums     digests
	words    [][]uint32 // groups of each of its entries, by the number of the worker
	worker   int
	err      error
}

// batch is how many offers are prepared at once.
const batch = 128

// maxWorkers bounds what they remember, each of them all the words.
const maxWorkers = 16

// newWorkers returns what each of those who prepare offers remembers of words.
func newWorkers(labels Labels) []*grouper {
	workers := make([]*grouper, min(runtime.GOMAXPROCS(0), maxWorkers))
	for i := range workers {
		workers[i] = newGrouper(labels)
	}
	return workers
}

// job is a batch of offers to prepare, and where to hand them over.
type job struct {
	offers []preparedOffer
	done   chan []preparedOffer
}

// prepared reads a source and prepares its offers on all processors, in their
// order.
func prepared(ctx context.Context, source data.Source, workers []*grouper) iter.Seq2[*preparedOffer, error] {
	return func(yield func(*preparedOffer, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		jobs := make(chan job, len(workers))
		ordered := make(chan chan []preparedOffer, 2*len(workers))
		defer func() {
			cancel()
			for range ordered { // until the reading has ended
			}
		}()
		for worker, words := range workers {
			go func() {
				for j := range jobs {
					for i := range j.offers {
						j.offers[i].prepare(source, worker, words)
					}
					j.done <- j.offers
				}
			}()
		}
		go func() {
			defer close(ordered)
			defer close(jobs)
			read(ctx, source, func(offers []preparedOffer) {
				done := make(chan []preparedOffer, 1)
				ordered <- done
				jobs <- job{offers, done}
			})
		}()
		for done := range ordered {
			offers := <-done
			for i := range offers {
				if o := &offers[i]; !yield(o, o.err) || o.err != nil {
					return
				}
			}
		}
	}
}

// read hands out the offers of a source in batches, an error at the end of the
// last.
func read(ctx context.Context, source data.Source, hand func([]preparedOffer)) {
	var offers []preparedOffer
	for o, err := range source.Offers(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		offers = append(offers, preparedOffer{offer: o, err: err})
		if err != nil {
			break
		}
		if len(offers) == batch {
			hand(offers)
			offers = nil
		}
	}
	hand(offers)
}

// prepare brings an offer into the form in which it is kept.
func (p *preparedOffer) prepare(source data.Source, worker int, words *grouper) {
	if p.err != nil {
		return
	}
	defer func() {
		if fault := recover(); fault != nil {
			p.err = fmt.Errorf("%s: offer %q: panic: %v", source.Name(), p.offer.ID, fault)
		}
	}()
	normalise(p.offer)
	if err := validate(p.offer); err != nil {
		p.err = fmt.Errorf("%s: %w", source.Name(), err)
		return
	}
	p.document = appendOffer(nil, p.offer)
	p.sums.write(p.offer, p.document)
	p.words, p.worker = words.offer(p.offer), worker
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
