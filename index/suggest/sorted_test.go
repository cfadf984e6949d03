package suggest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestSortedWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 13))
	word := func() string {
		letters := make([]byte, 1+r.IntN(4))
		for i := range letters {
			letters[i] = "abz09+"[r.IntN(6)]
		}
		return string(letters)
	}
	var words []string
	for range 500 {
		words = append(words, word())
	}
	slices.Sort(words)
	words = slices.Compact(words)
	s := newSortedWords(words)
	for range 2000 {
		w := word()
		i, ok := s.find(w)
		if want, there := slices.BinarySearch(words, w); i != want || ok != there {
			t.Errorf("%q is at %d, %v, want %d, %v", w, i, ok, want, there)
		}
		from, to := s.begun(w)
		want := slices.DeleteFunc(slices.Clone(words), func(word string) bool { return !strings.HasPrefix(word, w) })
		if !slices.Equal(words[from:to], want) {
			t.Errorf("%q begins %q, want %q", w, words[from:to], want)
		}
	}
}
