package index

import (
	"slices"
	"sync"
	"sync/atomic"
)

// overlaps is which refs are known to be carried together, by the same entry, or never.
// The trees of those that never are have no entry in common, so nobody needs to
// remember what was counted: so it is with most codes and their classes, and with
// categories, of which a site has one. The zero overlaps knows nothing.
type overlaps struct {
	pairs sync.Map // [2]uint32 to bool
	known atomic.Int32
}

// Bounds of what is looked for and remembered.
const (
	fewRefs   = 8
	mostPairs = 4096
)

// any reports whether an entry may carry several of some refs.
func (o *overlaps) any(s *snapshot, refs []uint32) bool {
	if len(refs) > fewRefs {
		return true
	}
	for i, a := range refs {
		for _, b := range refs[:i] {
			if o.both(s, a, b) {
				return true
			}
		}
	}
	return false
}

// both reports whether a kind may carry two refs.
func (o *overlaps) both(s *snapshot, a, b uint32) bool {
	pair := [2]uint32{a, b}
	if both, ok := o.pairs.Load(pair); ok {
		return both.(bool)
	}
	if o.known.Add(1) > mostPairs {
		return true // which costs memory to count by, and is never wrong
	}
	both := len(common(slices.Clone(s.kindsOf(a)), s.kindsOf(b))) > 0
	o.pairs.Store(pair, both)
	return both
}
