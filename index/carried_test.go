package index

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"boussole/data"
	"boussole/index/memory"
	"boussole/index/text"
)

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
	for set := range g.carried.words.Values() {
		for _, l := range append(set.layers, layer{entrySet: set.entrySet}) {
			if l.bitmap != nil {
				kept[&l.bitmap[0]] = 8 * len(l.bitmap)
			}
		}
	}
	size := 0
	for _, bytes := range kept {
		size += bytes
	}
	if size == 0 || size > 2*memory.Least {
		t.Errorf("%d bytes are kept in %d bitmaps", size, len(kept))
	}
}
