package index

import "testing"

// What is remembered is bounded, and what was asked for lately stays.
func TestMemoryForgets(t *testing.T) {
	var m memory[int, int]
	if _, ok := m.get(0); ok {
		t.Error("an empty memory remembers")
	}
	const size, most = 1000, 4 * leastRemembered
	for i := range 50_000 {
		m.put(i, 2*i, size, most)
		if v, ok := m.get(0); !ok || v != 0 {
			t.Fatalf("what is asked for again and again is forgotten after %d", i)
		}
		if v, ok := m.get(i); !ok || v != 2*i {
			t.Fatalf("%d is remembered as %d, %v", i, v, ok)
		}
		if n := len(m.young) + len(m.old); n > most/(size+perRemembered)+4 {
			t.Fatalf("%d values of %d bytes are remembered in %d", n, size, most)
		}
	}
	if _, ok := m.get(1); ok {
		t.Error("what nobody asked for again is remembered")
	}
}
