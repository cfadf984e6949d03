package data

import (
	"context"
	"iter"
	"strings"
)

// A Source yields offers: a register, a sample, several of them merged.
type Source interface {
	// Name is the word by which provenance names the source ("finess").
	Name() string

	// Offers yields every offer once, in any order, and the same ones at each
	// call. It MUST stop soon after the context is done, with its error, and
	// MUST end after the first error it yields. An offer belongs to whoever
	// receives it, but for its lists, which may be shared: replace them, never
	// write into them.
	Offers(ctx context.Context) iter.Seq2[*Offer, error]
}

// Invented is the name of the source whose offers do not exist: whoever shows one
// says so.
const Invented = "sample"

// IsInvented reports whether the offer does not exist.
func (o *Offer) IsInvented() bool { return o.source() == Invented }

// Memory is a source that holds its offers.
type Memory []Offer

// Name returns "memory".
func (Memory) Name() string { return "memory" }

// Offers yields copies of the offers in their order.
func (m Memory) Offers(ctx context.Context) iter.Seq2[*Offer, error] {
	return func(yield func(*Offer, error) bool) {
		for _, offer := range m {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(&offer, nil) {
				return
			}
		}
	}
}

// Sources is several sources, one after the other. No offer may be in two of
// them.
type Sources []Source

// Name returns the names, joined by a plus.
func (s Sources) Name() string {
	names := make([]string, len(s))
	for i, source := range s {
		names[i] = source.Name()
	}
	return strings.Join(names, "+")
}

// Offers yields the offers of each in turn.
func (s Sources) Offers(ctx context.Context) iter.Seq2[*Offer, error] {
	return func(yield func(*Offer, error) bool) {
		for _, source := range s {
			for o, err := range source.Offers(ctx) {
				if !yield(o, err) || err != nil {
					return
				}
			}
		}
	}
}
