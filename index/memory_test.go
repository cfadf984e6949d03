package index

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"boussole/data"
	"boussole/index/text"
)

// What is remembered is bounded, and what was asked for lately stays.
func TestMemoryForgets(t *testing.T) {
	var m memory[int, int]
	const size, most = 1000, 4 * leastRemembered
	if _, ok := m.get(0, most); ok {
		t.Error("an empty memory remembers")
	}
	for i := range 50_000 {
		m.put(i, 2*i, size, most)
		if v, ok := m.get(0, most); !ok || v != 0 {
			t.Fatalf("what is asked for again and again is forgotten after %d", i)
		}
		if v, ok := m.get(i, most); !ok || v != 2*i {
			t.Fatalf("%d is remembered as %d, %v", i, v, ok)
		}
		if n := len(m.young) + len(m.old); n > most/(size+perRemembered)+4 {
			t.Fatalf("%d values of %d bytes are remembered in %d", n, size, most)
		}
	}
	if _, ok := m.get(1, most); ok {
		t.Error("what nobody asked for again is remembered")
	}
}

// Asking for all that is old again and again fills no memory either.
func TestMemoryForgetsWhatIsAskedForAgain(t *testing.T) {
	var m memory[int, int]
	const size, most = 1000, 4 * leastRemembered
	for i := range 20_000 {
		m.put(i, i, size, most)
		for k := range m.old {
			m.get(k, most)
			break
		}
		for back := i - 1500; back < i; back += 100 {
			m.get(back, most)
		}
		if n := len(m.young) + len(m.old); n > most/(size+perRemembered)+4 {
			t.Fatalf("%d values of %d bytes are remembered in %d", n, size, most)
		}
	}
}

// What remembered words keep is within the bound, with what they share with terms
// that are forgotten.
func TestRememberedWordsKeepWhatTheyCount(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const n = 20_000
	var terms []string
	for range 300 {
		b := make([]byte, 12)
		for i := range b {
			b[i] = "bcdfghjklm"[r.IntN(10)]
		}
		terms = append(terms, string(b))
	}
	var offers data.Memory
	for i := range n {
		name := ""
		for range 3 {
			name += " " + terms[r.IntN(len(terms))]
		}
		offers = append(offers, data.Offer{ID: data.NewID("o", fmt.Sprint(i)), Name: name})
	}
	g, err := New(offers)
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{})
	defer view.Close()
	for at := range 8 {
		for _, term := range terms { // each misspelt in a way of its own
			words, err := text.Parse(term[:at] + "x" + term[at+1:] + " ")
			if err != nil || view.Count(Query{Words: words}) == 0 {
				t.Fatalf("%s: %v", term, err)
			}
		}
	}
	kept := make(map[*uint64]int)
	for _, half := range []map[wordKey]remembered[wordSet]{g.carried.words.young, g.carried.words.old} {
		for _, r := range half {
			for _, l := range append(r.value.layers, layer{entrySet: r.value.entrySet}) {
				if l.bitmap != nil {
					kept[&l.bitmap[0]] = 8 * len(l.bitmap)
				}
			}
		}
	}
	size := 0
	for _, bytes := range kept {
		size += bytes
	}
	if size == 0 || size > 2*leastRemembered {
		t.Errorf("%d bytes are kept in %d bitmaps", size, len(kept))
	}
}
