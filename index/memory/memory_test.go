package memory

import "testing"

// What is remembered is bounded, and what was asked for lately stays.
func TestMemoryForgets(t *testing.T) {
	var m Memory[int, int]
	const size, most = 1000, 4 * Least
	if _, ok := m.Get(0, most); ok {
		t.Error("an empty memory remembers")
	}
	for i := range 50_000 {
		m.Put(i, 2*i, size, most)
		if v, ok := m.Get(0, most); !ok || v != 0 {
			t.Fatalf("what is asked for again and again is forgotten after %d", i)
		}
		if v, ok := m.Get(i, most); !ok || v != 2*i {
			t.Fatalf("%d is remembered as %d, %v", i, v, ok)
		}
		if n := len(m.young) + len(m.old); n > most/(size+PerValue)+4 {
			t.Fatalf("%d values of %d bytes are remembered in %d", n, size, most)
		}
	}
	if _, ok := m.Get(1, most); ok {
		t.Error("what nobody asked for again is remembered")
	}
}

// Asking for all that is old again and again fills no memory either.
func TestMemoryForgetsWhatIsAskedForAgain(t *testing.T) {
	var m Memory[int, int]
	const size, most = 1000, 4 * Least
	for i := range 20_000 {
		m.Put(i, i, size, most)
		for k := range m.old {
			m.Get(k, most)
			break
		}
		for back := i - 1500; back < i; back += 100 {
			m.Get(back, most)
		}
		if n := len(m.young) + len(m.old); n > most/(size+PerValue)+4 {
			t.Fatalf("%d values of %d bytes are remembered in %d", n, size, most)
		}
	}
}
