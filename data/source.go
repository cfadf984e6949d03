package data

import (
	"context"
	"iter"
)

// Record is one thing that a source describes: exactly one field is set.
type Record struct {
	Offer        *Offer
	Organization *Organization
}

// A Source yields records.
type Source interface {
	// Name is the word by which provenance names the source ("finess").
	Name() string

	// Records yields every record once, in any order, the same records at
	// each call. It MUST stop soon after the context is done, and MUST end
	// after the first error it yields. Records belong to who receives them.
	Records(ctx context.Context) iter.Seq2[Record, error]
}

// Memory is a source that holds its offers.
type Memory []Offer

// Name returns "memory".
func (Memory) Name() string { return "memory" }

// Records yields the offers in their order.
func (m Memory) Records(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for i := range m {
			if err := ctx.Err(); err != nil {
				yield(Record{}, err)
				return
			}
			offer := m[i]
			if !yield(Record{Offer: &offer}, nil) {
				return
			}
		}
	}
}
