package base

import (
	"fmt"
	"iter"

	"boussole/data"
)

// Alias is an id and the other one that it stands for, in one step. Which access class
// an id is of the base does not know: who sets an alias sees to it that it tells
// nobody what is hidden. It holds no text, and so outlives every purge.
type Alias struct{ ID, For data.ID }

// AliasesOf is [Snapshot.Aliases] of the last rows of all ids that were ever aliases.
func AliasesOf(rows iter.Seq2[Record, error]) iter.Seq2[Alias, error] {
	return func(yield func(Alias, error) bool) {
		for r, err := range rows {
			if err != nil {
				yield(Alias{}, fmt.Errorf("reading aliases: %w", err))
				return
			}
			a := Alias{data.ID(r.ID), data.ID(r.Text)}
			if a.ID != a.For && !yield(a, nil) {
				return
			}
		}
	}
}
