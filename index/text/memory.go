package text

import (
	"fmt"
	"slices"
	"strings"
)

// InMemory makes of terms what [Open] makes of what [Write] wrote of them, without
// a file, and so without bleve: for generations that are published nowhere.
func InMemory(terms []Term) (*Vocabulary, error) {
	words, err := check(terms)
	if err != nil {
		return nil, fmt.Errorf("making the vocabulary: %w", err)
	}
	packed := packTerms(terms, words)
	n := 2 * len(terms)
	v := &Vocabulary{masks: packed[:n:n]}
	if v.numbers, err = readNumbers(len(terms)-words, packed[n:]); err != nil {
		return nil, fmt.Errorf("making the vocabulary: %w", err)
	}
	var stems, sounds []string
	for n := 0; n < words; n += runOfWords {
		run := documentOf(terms[n:min(n+runOfWords, words)])
		for _, term := range run[termField].([]string) {
			v.words.add(term)
		}
		stems = append(stems, run[stemField].([]string)...)
		sounds = append(sounds, run[soundField].([]string)...)
	}
	v.stems.addPairs(stems, &v.words)
	v.sounds.addPairs(sounds, &v.words)
	v.fuzzy = newFuzzy(&v.words)
	return v, nil
}

// addPairs adds keys with their words, in the order in which a dictionary has
// them.
func (g *groups) addPairs(pairs []string, words *table) {
	slices.Sort(pairs)
	for _, pair := range slices.Compact(pairs) {
		key, word, _ := strings.Cut(pair, separator)
		if i, ok := words.search(word); ok {
			g.add(key, uint32(i))
		}
	}
}
