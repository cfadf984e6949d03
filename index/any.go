package index

import (
	"context"

	"boussole/data"
)

// Sees reports whether the viewer sees what is of a class: what they cannot know
// of any offer is nothing to prefer one for.
func (v *View) Sees(c data.Class) bool { return v.viewer.Mask().Sees(c) }

// Any reports whether any offer with a position suits.
func (v *View) Any(q Query) bool {
	ring, err := v.Search(q).Next(context.Background(), 1)
	return err == nil && len(ring.Hits) > 0
}
