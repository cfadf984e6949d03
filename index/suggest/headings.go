package suggest

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"boussole/data/lexicon"
	"boussole/geo/gazetteer"
)

// headings are what concepts and communes are called, by their words: what is the
// same for everybody. It does not change. Concepts come first, by kind and then
// the shortest, and communes after them, the most populous first.
type headings struct {
	things   []heading
	words    sortedWords
	postings [][]int32
	tokens   []int32 // words of the things, one after the other
	pool     sync.Pool
}

// heading is a concept or a commune.
type heading struct {
	concept                  int32 // -1 of a commune
	insee, name, departement string
	population               int
	from, to                 int32 // of the tokens
}

// headingWords folds what is called so: "St" is "Saint".
func headingWords(text string) []string { return strings.Fields(placeName(text)) }

// newHeadings takes about 50 ms.
func newHeadings(concepts []lexicon.Concept) *headings {
	t := &headings{}
	texts := make([][]string, 0, 40_000)
	order := make([]int32, len(concepts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		x, y := &concepts[a], &concepts[b]
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(len(x.Label), len(y.Label)))
	})
	for _, i := range order {
		t.things = append(t.things, heading{concept: i})
		texts = append(texts, headingWords(concepts[i].Label))
	}
	var communes []gazetteer.Commune
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Arrondissement == 0 {
			communes = append(communes, c)
		}
		return true
	})
	slices.SortStableFunc(communes, func(a, b gazetteer.Commune) int {
		return cmp.Or(cmp.Compare(b.Population, a.Population), strings.Compare(a.Code, b.Code))
	})
	for i := range communes {
		c := &communes[i]
		t.things = append(t.things, heading{concept: -1, insee: c.Code, name: c.Name, departement: c.Departement, population: c.Population})
		texts = append(texts, headingWords(c.Name))
	}
	t.index(texts)
	t.pool.New = func() any { return newMarks(len(t.things)) }
	return t
}

// index makes the lists of the words of the things.
func (t *headings) index(texts [][]string) {
	var all []string
	for _, words := range texts {
		all = append(all, words...)
	}
	slices.Sort(all)
	t.words = newSortedWords(slices.Clone(slices.Compact(all)))
	t.postings = make([][]int32, len(t.words.words))
	for i, words := range texts {
		t.things[i].from = int32(len(t.tokens))
		for _, w := range words {
			id, _ := t.words.find(w)
			t.tokens = append(t.tokens, int32(id))
			if list := t.postings[id]; len(list) == 0 || list[len(list)-1] != int32(i) {
				t.postings[id] = append(list, int32(i))
			}
		}
		t.things[i].to = int32(len(t.tokens))
	}
}

// has reports whether a thing carries what is typed.
func (t *headings) has(b *begun, thing int32) bool {
	tokens := t.tokens[t.things[thing].from:t.things[thing].to]
	for _, w := range b.typed {
		if !slices.Contains(tokens, w) {
			return false
		}
	}
	return slices.ContainsFunc(tokens, b.begins)
}

// opens reports whether what is typed is the beginning of a thing, word by word.
func (t *headings) opens(b *begun, thing int32) bool {
	tokens := t.tokens[t.things[thing].from:t.things[thing].to]
	n := len(b.typed)
	if len(tokens) <= n || !slices.Equal(tokens[:n], b.typed) {
		return false
	}
	return tokens[n] >= b.from && tokens[n] < b.to
}
