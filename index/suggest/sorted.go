package suggest

import (
	"slices"
	"sort"
	"strings"
)

// sortedWords are folded words in their order, each once, and where those begin
// that share their first two signs: there are few of these to be searched.
type sortedWords struct {
	words  []string
	starts []int32 // by the first two signs, and the end
}

// signs is how many signs there are in folded words: none, a plus, digits, letters.
const signs = 1 + 1 + 10 + 26

// sign numbers the signs in the order of their bytes.
func sign(word string, i int) int {
	if i >= len(word) {
		return 0
	}
	switch c := word[i]; {
	case c >= 'a':
		return int(c-'a') + 12
	case c >= '0':
		return int(c-'0') + 2
	}
	return 1
}

func newSortedWords(words []string) sortedWords {
	s := sortedWords{words: words, starts: make([]int32, signs*signs+1)}
	for _, w := range words {
		s.starts[sign(w, 0)*signs+sign(w, 1)+1]++
	}
	for i := range signs * signs {
		s.starts[i+1] += s.starts[i]
	}
	return s
}

// find returns where a word is, or would be, and whether it is there.
func (s *sortedWords) find(word string) (int, bool) {
	head := sign(word, 0)*signs + sign(word, 1)
	from := int(s.starts[head])
	i, ok := slices.BinarySearch(s.words[from:s.starts[head+1]], word)
	return from + i, ok
}

// begun returns from where to where words begin with some signs, or are them.
func (s *sortedWords) begun(with string) (from, to int) {
	if len(with) == 1 {
		return int(s.starts[sign(with, 0)*signs]), int(s.starts[(sign(with, 0)+1)*signs])
	}
	from, _ = s.find(with)
	end := int(s.starts[sign(with, 0)*signs+sign(with, 1)+1])
	n := sort.Search(end-from, func(i int) bool { return !strings.HasPrefix(s.words[from+i], with) })
	return from, from + n
}
