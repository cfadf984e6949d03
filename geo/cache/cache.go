// Package cache remembers answers: so many, and for so long.
//
// It is the one home of go-cache, which bounds what it keeps by age and not by
// number. It refuses to start a goroutine, and to promise that anything is kept.
package cache

import (
	"sync"
	"time"

	gocache "github.com/patrickmn/go-cache"
)

// Cache keeps values by key, at most so many. It is safe for concurrent use; a
// nil Cache keeps nothing. Values are shared by all who get them: they must not
// be written to.
//
// It holds two shelves of half the size. A value is put on the new one; once that
// is full it becomes the old one, and what was on the old one is forgotten. A
// value that is asked for on the old one is put on the new one again, so what is
// asked for often stays. Nothing is sorted and nothing is swept: both cost the
// same, however many are kept.
type Cache[V any] struct {
	half int

	mu       sync.Mutex
	new, old *gocache.Cache
}

// New returns a cache of at most the number of values, each kept no longer than
// the age; an age of zero or less is for ever. A number below 2 is 2.
func New[V any](number int, age time.Duration) *Cache[V] {
	if age <= 0 {
		age = gocache.NoExpiration
	}
	// No clean-up: go-cache would start a goroutine for it that nobody stops.
	return &Cache[V]{half: max(number, 2) / 2, new: gocache.New(age, 0), old: gocache.New(age, 0)}
}

// Get returns what was put under the key, unless it is too old or forgotten.
func (c *Cache[V]) Get(key string) (value V, ok bool) {
	if c == nil {
		return value, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept, ok := c.new.Get(key); ok {
		return kept.(V), true
	}
	kept, until, ok := c.old.GetWithExpiration(key)
	if !ok {
		return value, false
	}
	c.old.Delete(key)
	c.put(key, kept, remaining(until))
	return kept.(V), true
}

// remaining is how long a value may still be kept: being asked for does not make
// it younger.
func remaining(until time.Time) time.Duration {
	if until.IsZero() {
		return gocache.NoExpiration
	}
	return max(time.Until(until), 1)
}

// Put keeps a value under the key, in place of what was kept there.
func (c *Cache[V]) Put(key string, value V) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.old.Delete(key)
	c.put(key, value, gocache.DefaultExpiration)
}

func (c *Cache[V]) put(key string, value any, age time.Duration) {
	if _, there := c.new.Get(key); !there && c.new.ItemCount() >= c.half {
		c.new, c.old = c.old, c.new
		c.new.Flush()
	}
	c.new.Set(key, value, age)
}

// Len returns how many values are kept, those that are too old and not yet
// forgotten among them.
func (c *Cache[V]) Len() int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.new.ItemCount() + c.old.ItemCount()
}
