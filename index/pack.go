package index

import (
	"cmp"
	"context"
	"encoding/base32"
	"fmt"
	"hash"
	"iter"
	"slices"
	"strings"

	"boussole/data"
	"boussole/data/inorder"
	"boussole/index/text"
	"boussole/index/whole"
)

// packed is a directory as a generation holds it: the documents of its offers, which
// lie where where says, and what is made of them.
type packed struct {
	id    string
	where []whereRow   // of each document, in the order of the ids of offers
	parts []string     // of all documents; may be a file's memory, so what is read of it is copied
	files []whole.File // those of the parts, of one that was read

	// Of one that is being made: the files of another generation in which the first of
	// its parts lie, and the folder of that. All is written where there are none.
	linked []whole.File
	from   string

	sums      sums
	carriers  carriers
	labelled  string
	labelText string // what codes mean
	snapshot  *snapshot
	words     *text.Vocabulary
	before    *text.Vocabulary      // of the generation that a patch is of
	digests   [data.Profiles]string // of what each profile may see
	closers   []func()              // what to do when nobody can ask any more
}

func (p *packed) close() {
	for _, f := range p.closers {
		f()
	}
	p.closers = nil
}

// pack reads a source to its end and makes all of a generation. What it returns
// reads the draft, which holds the documents; the snapshot and the words that are
// being counted are in memory, some seven hundred bytes an offer.
func pack(ctx context.Context, source data.Source, labels Labels, progress func(), to draft) (*packed, error) {
	var all builder
	var end uint64
	var order []draftRow
	p := &packed{carriers: newCarriers(labels)}
	workers := newWorkers(labels)
	all.words.groupers = workers
	for d, err := range prepared(ctx, source, workers) {
		if err != nil {
			return nil, err
		}
		all.addWithWords(d.offer, d.worker, d.words)
		p.sums.add(&d.sums)
		if err := to.add(d.document); err != nil {
			return nil, fmt.Errorf("keeping documents: %w", err)
		}
		order = append(order, draftRow{d.offer.ID, whereRow{from: end, size: uint32(len(d.document))}})
		end += uint64(len(d.document))
		p.carriers.add(d.offer)
		progress()
	}
	if err := inOrder(source, order); err != nil {
		return nil, err
	}
	p.where = make([]whereRow, len(order))
	for i := range order {
		p.where[i] = order[i].whereRow
		progress()
	}
	drafted, err := to.all()
	if err != nil {
		return nil, fmt.Errorf("reading documents back: %w", err)
	}
	p.parts = []string{asText(drafted)}
	p.snapshot = all.finish()
	return p, p.name(labels)
}

// name makes what follows from the sums and what codes mean.
func (p *packed) name(labels Labels) error {
	p.labelText, p.labelled = p.carriers.labelText(labels), p.carriers.labelled(labels)
	known, err := readLabels(p.labelText)
	if err != nil {
		return err
	}
	p.id = p.sums.id(p.labelText)
	p.digests = p.sums.Seen.close(known)
	return nil
}

// draftRow is where the document of an offer lies.
type draftRow struct {
	id data.ID
	whereRow
}

// inOrder puts documents in the order of their ids, of which there must be no two
// alike.
func inOrder(source data.Source, order []draftRow) error {
	slices.SortFunc(order, func(a, b draftRow) int { return cmp.Compare(a.id, b.id) })
	for i := range order {
		if i > 0 && order[i].id == order[i-1].id {
			return fmt.Errorf("%s: offer %s comes twice: %w", source.Name(), order[i].id, ErrOffer)
		}
	}
	return nil
}

// preparedOffer is an offer with what is made of it alone.
type preparedOffer struct {
	offer    *data.Offer
	document []byte
	sums     sums
	words    [][]uint32 // groups of each of its entries, by the number of the worker
	worker   int
}

// newWorkers returns what each of those who prepare offers remembers of words.
func newWorkers(labels Labels) []*grouper {
	workers := make([]*grouper, inorder.Workers())
	for i := range workers {
		workers[i] = newGrouper(labels)
	}
	return workers
}

// prepared reads a source and prepares its offers on all processors, in their
// order.
func prepared(ctx context.Context, source data.Source, workers []*grouper) iter.Seq2[*preparedOffer, error] {
	return inorder.Map(ctx, source.Offers, nil, func(worker int, o *data.Offer) (*preparedOffer, error) {
		p := &preparedOffer{offer: o, worker: worker}
		return p, p.prepare(source, workers[worker])
	})
}

// prepare brings an offer into the form in which it is kept.
func (p *preparedOffer) prepare(source data.Source, words *grouper) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%s: offer %q: panic: %v", source.Name(), p.offer.ID, fault)
		}
	}()
	normalise(p.offer)
	if err := validate(p.offer); err != nil {
		return fmt.Errorf("%s: %w", source.Name(), err)
	}
	p.document = appendOffer(nil, p.offer)
	p.sums = newSums(p.offer, p.document)
	p.words = words.offer(p.offer)
	return nil
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
