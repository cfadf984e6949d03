package text

import (
	"strings"
	"sync"

	"boussole/data"
)

// maxRemembered bounds what is remembered: matches and entries together, of 8
// and some 100 bytes.
const maxRemembered = 1 << 18

// cache remembers expansions by word and mask. When the younger half is full the
// older one goes. The zero cache is empty and ready.
type cache struct {
	mu         sync.Mutex
	young, old map[cacheKey][]Match
	size       int // of the younger half
}

// cacheKey is all that an expansion depends on.
type cacheKey struct {
	word    string
	visible data.Mask
}

func newCacheKey(w *Word, visible data.Mask) cacheKey { return cacheKey{w.Key(), visible} }

func (c *cache) get(key cacheKey) ([]Match, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.young[key]
	if ok {
		return found, true
	}
	if found, ok = c.old[key]; ok {
		c.keep(key, found)
	}
	return found, ok
}

func (c *cache) put(key cacheKey, found []Match) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, found)
}

func (c *cache) keep(key cacheKey, found []Match) {
	if c.young == nil || c.size >= maxRemembered/2 {
		c.young, c.old, c.size = make(map[cacheKey][]Match), c.young, 0
	}
	c.young[key] = found
	c.size += len(found) + 16
}

// Key tells words apart that mean something else: of two with the same key the
// expansions are the same, for the same eyes.
func (w *Word) Key() string {
	if !w.Open && len(w.Joined) == 0 {
		return w.Text
	}
	key := w.Text + "\x00" + strings.Join(w.Joined, " ")
	if w.Open {
		key += "\x00" + w.Typed
	}
	return key
}
