package index

import "boussole/data"

// Sees reports whether the viewer sees what is of a class: what they cannot know
// of any offer is nothing to prefer one for.
func (v *View) Sees(c data.Class) bool { return v.viewer.Mask().Sees(c) }
