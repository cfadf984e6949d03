package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"

	bl "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/upsidedown/store/boltdb"
	"github.com/blevesearch/bleve/v2/mapping"
)

const bleveBatch = 2000

// fillBatch puts some documents into a batch.
type fillBatch func(*bl.Batch) error

func (t *table) bleveBatches() iter.Seq2[fillBatch, error] {
	return inBatches(len(t.rows), func(batch *bl.Batch, i int) error {
		return batch.Index(fmt.Sprintf("%08d", i), t.bleveDoc(&t.rows[i]))
	})
}

// inBatches cuts documents by their numbers.
func inBatches(n int, add func(batch *bl.Batch, i int) error) iter.Seq2[fillBatch, error] {
	return func(yield func(fillBatch, error) bool) {
		for from := range (n + bleveBatch - 1) / bleveBatch {
			fill := func(batch *bl.Batch) error {
				for i := from * bleveBatch; i < min((from+1)*bleveBatch, n); i++ {
					if err := add(batch, i); err != nil {
						return err
					}
				}
				return nil
			}
			if !yield(fill, nil) {
				return
			}
		}
	}
}

// newBleveIndex makes an index on disk and fills it, as many batches at a time as
// there are cores.
func newBleveIndex(ctx context.Context, path string, m mapping.IndexMapping, batches iter.Seq2[fillBatch, error]) (bl.Index, error) {
	idx, err := bl.NewUsing(path, m, scorch.Name, boltdb.Name, map[string]any{"spatialPlugin": "s2"})
	if err != nil {
		return nil, fmt.Errorf("making a bleve index: %w", err)
	}
	if err := fillBleve(ctx, idx, batches); err != nil {
		return nil, errors.Join(fmt.Errorf("filling the bleve index: %w", err), idx.Close())
	}
	return idx, nil
}

func fillBleve(ctx context.Context, idx bl.Index, batches iter.Seq2[fillBatch, error]) error {
	work := make(chan fillBatch)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for fill := range work {
				batch := idx.NewBatch()
				if err := errors.Join(fill(batch), idx.Batch(batch)); err != nil {
					cancel(err)
				}
			}
		})
	}
	for fill, err := range batches {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			cancel(err)
			break
		}
		work <- fill
	}
	close(work)
	workers.Wait()
	return context.Cause(ctx)
}
