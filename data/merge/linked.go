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

	// Before are the links of what was merged the last time, of the same records in
	// any state; nil for none.
	Before *Links

	// Known is called each time that all is merged, before the first offer is yielded,
	// with which offers there are and what [Moved] says of Before; nil for nobody.
	// With these links nothing can be updated: what offers say is not known yet. None is
	// yielded when it fails.
	Known func(is *Links, moved []Move) error

	links *Links
}

// Linked returns the directory as one that keeps links.
func (d *Directory) Linked() *Linked { return &Linked{Directory: d} }

// Links returns those of the offers that were last read to their end, nil when none
// were.
func (l *Linked) Links() *Links { return l.links }

// Offers yields what those of the directory are. Beside its marks it holds about 230
// bytes for each record, and what hashing costs, some 5 µs for each offer.
func (l *Linked) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		l.links = nil
		b := &draft{Links: Links{rules: l.Rules()}, given: make(map[int32]data.ID), outlined: l.outlined}
		n := uint32(0)
		if told(yield, l.merge(ctx, l.Sources, b, func(all *collected, first int32) error {
			o, err := l.finished(first, all)
			if err != nil {
				return err
			}
			if err := b.fill(n, o); err != nil {
				return err
			}
			n++
			if !yield(o, nil) {
				return errStopped
			}
			return nil
		})) {
			l.links = b.done
		}
	}
}

// outlined tells which offers there are.
func (l *Linked) outlined(is *Links) error {
	if l.Known == nil {
		return nil
	}
	return l.Known(is, Moved(l.Before, is))
}

// link keeps by what a record hangs together with others, where that is wanted.
func (all *collected) link(k Kept) error {
	if all.linking == nil {
		return nil
	}
	if err := all.linking.add(k.Key, linksOf(k.Offer, all.now)); err != nil {
		return fmt.Errorf("linking: %w", err)
	}
	all.linking.ids.add(string(k.Offer.ID))
	return nil
}

// outline makes the links of all records, and of all offers but what they say: their
// ids and classes are known before any of them is put together.
func (b *draft) outline(all *collected) error {
	for i := range all.records {
		first := int32(i)
		if !all.begins(first) {
			continue
		}
		n := b.newOffer(outcome{Name: b.nameOf(first, all)})
		for _, at := range all.members(first) {
			b.came[at] = n
		}
	}
	b.done = b.finish(nothing)
	b.posts, b.ids, b.given = nil, texts{}, nil
	return b.outlined(b.done)
}

// nameOf returns the id of an offer, and who may know of it, as finished gives them.
func (b *draft) nameOf(first int32, all *collected) Name {
	r := &all.records[first]
	id, several := b.given[first]
	if !several {
		id = data.ID(b.ids.at(uint32(first)))
	}
	return Name{foundAs(r, id), r.class}
}

// fill adds what an offer says to its outline.
func (b *draft) fill(n uint32, o *data.Offer) error {
	out, err := newOutcome(o)
	if err != nil {
		return err
	}
	if outline := b.done.name(n); outline != out.Name {
		return fmt.Errorf("offer %s of class %d was to be %s of class %d", out.ID, out.Class, outline.ID, outline.Class)
	}
	copy(b.done.hashes[2*n:], out.hash[:])
	return nil
}

func nothing(func(post) bool) {}
