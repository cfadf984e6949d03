package records

import (
	"context"
	"errors"
	"fmt"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
)

// Import takes all that a reader yields into a base, as one export: all of it or
// nothing. Lines that the reader rejects are counted among what was read, and what the
// base knows of their offers stays. Of an error nothing is left in the base; one of the
// types [base.LossError] and [base.OlderError] says why the export was not taken, and
// the counts are what it would have been.
//
// The reader MUST keep its books in the ledger, and in no import beside this one. The
// very export that the base knows already, by the digest of a [Digested], is not read
// again: the ledger is told what its reader told then.
func Import(ctx context.Context, into base.Writer, e base.Export, from data.Source, ledger *intake.Ledger) (base.Counts, error) {
	open, err := into.Begin(ctx, e)
	if err != nil {
		return base.Counts{}, err
	}
	defer open.Rollback() // nothing is left to do once it is committed
	digest, pages := digestOf(from)
	if known := open.Known(); digest != "" && known.Digest == digest && ledger.Replay(known.Books, pages) == nil {
		return open.Again()
	}
	told := ledger.Record(base.MaxBooks/2, pages)
	in := importing{Import: open, source: e.Source, ledger: ledger}
	ledger.Rejected = in.rejected
	if e.Delta {
		ledger.Gone = in.gone
	}
	defer func() { ledger.Rejected, ledger.Gone = nil, nil }()
	for o, err := range from.Offers(ctx) {
		if err == nil {
			err = in.put(o)
		}
		if err = errors.Join(err, in.err); err != nil {
			return base.Counts{}, fmt.Errorf("importing %s: %w", e.Source, err)
		}
	}
	if in.err != nil {
		return base.Counts{}, fmt.Errorf("importing %s: %w", e.Source, in.err)
	}
	books, whole := told()
	if now, _ := digestOf(from); whole && now == digest { // else its files have changed while they were read
		open.Remember(digest, books)
	}
	return open.Commit()
}

// Digested is a reader that can tell without reading whether it would yield what it has
// yielded: the same digest MUST mean the same offers and the same books. The empty one
// means that it cannot.
type Digested interface {
	Digest() string

	// Pages are those that were opened for it in the ledger. The same digest MUST mean as
	// many, in the same order.
	Pages() []*intake.Tally
}

func digestOf(from data.Source) (digest string, pages []*intake.Tally) {
	if d, ok := from.(Digested); ok {
		return d.Digest(), d.Pages()
	}
	return "", nil
}

// importing is an import while its reader is read.
type importing struct {
	base.Import
	source string
	ledger *intake.Ledger
	books  *intake.Tally // of what the reader yields and the base does not take; opened for the first
	err    error         // of what the reader told by the way
}

// put takes an offer. One that the base cannot take is written down.
func (in *importing) put(o *data.Offer) error {
	r, err := Of(o)
	if err != nil {
		in.reject(o.SourceName(), err.Error())
		return in.Reject(r.ID)
	}
	err = in.Put(r)
	var rejected *base.Rejected
	if errors.As(err, &rejected) {
		in.reject(o.SourceName(), rejected.Reason)
		return nil
	}
	return err
}

func (in *importing) reject(id, reason string) {
	if in.books == nil {
		in.books = in.ledger.Tally("base", in.source)
	}
	in.books.Reject(0, id, "", reason)
}

func (in *importing) rejected(offer string) { in.err = errors.Join(in.err, in.Reject(offer)) }

func (in *importing) gone(offer string) {
	if offer == "" {
		in.rejected(offer)
		return
	}
	in.err = errors.Join(in.err, in.Delete(offer))
}
