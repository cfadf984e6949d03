package directory

import (
	"context"
	"fmt"
	"iter"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/inorder"
	"boussole/data/merge"
	"boussole/data/ndjson"
)

// records is a snapshot as a source of what is to be merged, and as what its records
// can be looked up in.
type records struct{ base.Snapshot }

// Records is a snapshot of a base as a source: a [merge.Recorded], each of whose
// records is described by whom its source is named after. The snapshot stays the
// caller's.
func Records(s base.Snapshot) data.Source { return records{s} }

// Name returns "base".
func (records) Name() string { return "base" }

// Offers yields the live records, decoded.
func (r records) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for k, err := range r.Records(ctx) {
			if !yield(k.Offer, err) {
				return
			}
		}
	}
}

// Records yields them with their names.
func (r records) Records(ctx context.Context) iter.Seq2[merge.Kept, error] {
	size := func(record base.Record) int { return len(record.Text) }
	return inorder.Map(ctx, r.Snapshot.Records, size, func(_ int, record base.Record) (kept merge.Kept, err error) {
		kept.Key = merge.RecordKey{Source: record.Source, ID: record.ID}
		kept.Offer, err = decode(&record)
		return kept, err
	})
}

// Offer returns one record, as merge.Update looks them up.
func (r records) Offer(ctx context.Context, k merge.RecordKey) (*data.Offer, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	record, live, err := r.Record(k.Source, k.ID)
	if err != nil || !live {
		return nil, false, err
	}
	o, err := decode(&record)
	return o, err == nil, err
}

func decode(r *base.Record) (*data.Offer, error) {
	o, err := ndjson.Parse(r.Text)
	if err != nil {
		return nil, fmt.Errorf("record %q of %s in the base: %w", r.ID, r.Source, err)
	}
	return &o, nil
}
