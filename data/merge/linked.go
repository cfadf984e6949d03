package merge

import (
	"context"
	"fmt"
	"iter"

	"boussole/data"
)

// Linked is a directory that keeps links of what it merges, for later updates: a
// [data.Source] whose sources are [Recorded], one after the other in the order of
// their records.
type Linked struct {
	*Directory
	links *Links
}

// Linked returns the directory as one that keeps links.
func (d *Directory) Linked() *Linked { return &Linked{Directory: d} }

// Links returns those of the offers that were last read to their end, nil when none
// were.
func (l *Linked) Links() *Links { return l.links }

// Offers yields what those of the directory are. Beside its marks it holds about 200
// bytes for each record, and what hashing costs, some 5 µs for each offer.
func (l *Linked) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		l.links = nil
		b := &draft{Links: Links{rules: l.Rules()}}
		if told(yield, l.merge(ctx, l.Sources, b, func(all *collected, first int32) error {
			o, err := l.finished(first, all)
			if err != nil {
				return err
			}
			out, err := newOutcome(o)
			if err != nil {
				return err
			}
			n := b.newOffer(out)
			for _, at := range all.members(first) {
				b.came[at] = n
			}
			if !yield(o, nil) {
				return errStopped
			}
			return nil
		})) {
			l.links = b.finish(nothing)
		}
	}
}

func nothing(func(post) bool) {}

// link keeps by what a record hangs together with others, where that is wanted.
func (all *collected) link(k Kept) error {
	if all.linking == nil {
		return nil
	}
	if err := all.linking.add(k.Key, linksOf(k.Offer, all.now)); err != nil {
		return fmt.Errorf("linking: %w", err)
	}
	return nil
}
