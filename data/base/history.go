package base

import (
	"context"
	"fmt"
	"iter"
)

// History is the changes of a store, as it reads them, for its [Reader.Changes].
type History struct {
	Of        Identity
	Committed func(ctx context.Context) (Seq, error) // the last change

	// Changes reads the first changes after a number that is below end, at least one,
	// and none after end.
	Changes func(ctx context.Context, after, end Seq) ([]Change, error)
}

// After yields what [Reader.Changes] does.
func (h History) After(ctx context.Context, of Identity, after Seq) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		end, err := h.Committed(ctx)
		if err == nil && (of != h.Of || after > end) {
			err = ErrOther
		}
		for err == nil && after < end {
			var some []Change
			if some, err = h.Changes(ctx, after, end); err != nil {
				break
			}
			for _, c := range some {
				if !yield(c, nil) {
					return
				}
				after = c.Seq
			}
		}
		if err != nil {
			yield(Change{}, fmt.Errorf("changes after %d: %w", after, err))
		}
	}
}
