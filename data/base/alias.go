package base

import (
	"fmt"
	"iter"
	"strings"

	"boussole/data"
)

// Alias is an id and the other one that it stands for, in one step, when nothing has the
// id itself: that comes first, and the base does not know of it. Which access class an id
// is of the base does not know: who sets an alias that is not for everybody to know of
// has one of the two [Guarded]. It holds no text, and so outlives every purge.
type Alias struct{ ID, For data.ID }

// Guarded reports whether an id is not for everybody to know of: it begins with digits
// and two dots. That it stands for something, or something for it, only
// [Snapshot.Aliases] tells, which is for who keeps the directory.
func Guarded(id data.ID) bool {
	rest := strings.TrimLeft(string(id), "0123456789")
	return len(rest) < len(id) && strings.HasPrefix(rest, "..")
}

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
