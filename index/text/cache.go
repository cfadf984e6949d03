package text

import (
	"strings"

	"boussole/data"
)

// maxRemembered bounds the memory of expansions, in bytes, and matchBytes is what a
// match takes of it.
const (
	maxRemembered = 4 << 20
	matchBytes    = 8
)

// cacheKey is all that an expansion depends on.
type cacheKey struct {
	word    string
	visible data.Mask
}

func newCacheKey(w *Word, visible data.Mask) cacheKey { return cacheKey{w.Key(), visible} }

// Key tells words apart that mean something else: of two with the same key the
// expansions are the same, for the same eyes.
func (w *Word) Key() string {
	if !w.Open && len(w.Joined) == 0 && len(w.Names) == 0 {
		return w.Text
	}
	key := w.Text + "\x00" + strings.Join(w.Joined, " ") + "\x00" + strings.Join(w.Names, ",")
	if w.Open {
		key += "\x00" + w.Typed
	}
	return key
}
