package index

import "sync"

// memory remembers values, up to a bound. When the younger half is full the older
// one goes. The zero memory is empty and ready, and safe for concurrent use.
type memory[K comparable, V any] struct {
	mu         sync.Mutex
	young, old map[K]remembered[V]
	size       int // of the younger half, in bytes
}

type remembered[V any] struct {
	value V
	size  int
}

// perRemembered is what a value takes in the map, in bytes, and leastRemembered
// how much is remembered of a small generation.
const (
	perRemembered   = 256
	leastRemembered = 1 << 20
)

// get returns a value that is remembered; most is the bound.
func (m *memory[K, V]) get(key K, most int) (V, bool) {
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

// put remembers a value of so many bytes; most is the bound.
func (m *memory[K, V]) put(key K, value V, size, most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(key, remembered[V]{value, size + perRemembered}, most)
}

// keep makes a value one of the younger half, which is made anew when it is full.
func (m *memory[K, V]) keep(key K, r remembered[V], most int) {
	if m.young == nil || m.size >= max(most, leastRemembered)/2 {
		m.young, m.old, m.size = make(map[K]remembered[V]), m.young, 0
	}
	m.young[key] = r
	m.size += r.size
}
