package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"boussole/data"
)

// ErrUnpatchable says that the generation that is current cannot be patched: there is
// none, it is damaged or of another format, or it was made with other labels or rules.
// A build in full does what a patch would.
var ErrUnpatchable = errors.New("the current generation cannot be patched")

// Patch publishes the generation that [Build] would of the offers of the current
// generation under dir, without those that are gone, and with those that changed in
// the place of what they were or beside them. One that is gone and changed has
// changed; one that is gone and was never there is not missed. Where that changes
// nothing, the current generation is opened and nothing is written.
func Patch(ctx context.Context, dir string, changed data.Source, gone []data.ID, o Options) (*Generation, error) {
	g, err := openCurrent(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer g.close()
	return Build(ctx, &patched{g, changed, gone}, dir, o)
}

// openCurrent opens the generation that CURRENT names, and no other.
func openCurrent(ctx context.Context, dir string) (*Generation, error) {
	current := readSign(dir)
	if errors.Is(current.err, os.ErrNotExist) || current.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnpatchable, current.err)
	}
	g, err := openOne(ctx, filepath.Join(dir, current.id), current.id)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrUnpatchable, err)
	}
	return g, nil
}

// patched is the offers of a generation with some changed and some gone.
type patched struct {
	g       *Generation
	changed data.Source
	gone    []data.ID
}

func (p *patched) Name() string { return p.changed.Name() }

func (p *patched) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		out := make(map[data.ID]bool)
		for _, id := range p.gone {
			out[id] = true
		}
		for o, err := range p.changed.Offers(ctx) {
			if err == nil {
				out[o.ID] = true
			}
			if !yield(o, err) {
				return
			}
		}
		for number := range uint32(p.g.offerCount()) {
			if out[p.g.idOf(number)] {
				continue
			}
			o := p.g.decode(number)
			if !yield(&o, nil) {
				return
			}
		}
	}
}
