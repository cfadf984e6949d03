// Package memory remembers what was asked for lately, up to a bound in bytes.
//
// It refuses to know what it remembers, and to let anything grow old by the clock.
package memory

import (
	"iter"
	"sync"
)

// Memory remembers values, up to a bound. When the younger half is full the older
// one goes. The zero Memory is empty and ready, and safe for concurrent use.
type Memory[K comparable, V any] struct {
	mu         sync.Mutex
	young, old map[K]remembered[V]
	size       int // of the younger half, in bytes
}

type remembered[V any] struct {
	value V
	size  int
}

// PerValue is what a value takes in the map, in bytes, and Least the smallest bound
// there is.
const (
	PerValue = 256
	Least    = 1 << 20
)

// Get returns a value that is remembered; most is the bound.
func (m *Memory[K, V]) Get(key K, most int) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.young[key]
	if ok {
		return r.value, true
	}
	if r, ok = m.old[key]; ok {
		m.keep(key, r, most)
	}
	return r.value, ok
}

// Put remembers a value of so many bytes; most is the bound.
func (m *Memory[K, V]) Put(key K, value V, size, most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(key, remembered[V]{value, size + PerValue}, most)
}

// keep makes a value one of the younger half, which is made anew when it is full.
func (m *Memory[K, V]) keep(key K, r remembered[V], most int) {
	if m.young == nil || m.size >= max(most, Least)/2 {
		m.young, m.old, m.size = make(map[K]remembered[V]), m.young, 0
	}
	m.young[key] = r
	m.size += r.size
}

// Values goes through all that is remembered, for who counts it; what is asked for
// or remembered meanwhile waits.
func (m *Memory[K, V]) Values() iter.Seq[V] {
	return func(yield func(V) bool) {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, half := range []map[K]remembered[V]{m.young, m.old} {
			for _, r := range half {
				if !yield(r.value) {
					return
				}
			}
		}
	}
}
