package main

import (
	"context"
	"fmt"
	"strconv"

	bl "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// bleveThings suggests from an index of its own: words as keywords, documents
// numbered in the order of things.
type bleveThings struct{ *bleveIndex }

type bleveThing struct {
	Words []string `json:"words"`
}

func newBleveThings(ctx context.Context, path string, t *table) (*bleveThings, error) {
	idx, err := newBleveIndex(ctx, path, bleveMapping(), inBatches(len(t.things), func(batch *bl.Batch, i int) error {
		return batch.Index(fmt.Sprintf("%08d", i), bleveThing{t.things[i].words})
	}))
	if err != nil {
		return nil, err
	}
	return &bleveThings{&bleveIndex{idx, t}}, nil
}

func (b *bleveThings) ask(ctx context.Context, q *question) (answer, error) {
	numbers, err := b.search(ctx, q, false)
	if err == nil && len(numbers) == 0 {
		numbers, err = b.search(ctx, q, true)
	}
	return answer{ids: b.t.keysOf(numbers)}, err
}

func (b *bleveThings) search(ctx context.Context, q *question, alike bool) ([]int32, error) {
	request := bl.NewSearchRequestOptions(bl.NewConjunctionQuery(typedQueries(q, alike)...), wanted, 0, false)
	request.Score = "none"
	request.SortBy([]string{"_id"})
	result, err := b.index.SearchInContext(ctx, request)
	if err != nil {
		return nil, err
	}
	var numbers []int32
	for _, h := range result.Hits {
		n, err := strconv.Atoi(h.ID)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, int32(n))
	}
	return numbers, nil
}

// typedQueries ask for every word, and for the beginning of the last; or for words
// that are alike too.
func typedQueries(q *question, alike bool) []query.Query {
	whole, begun := q.typedWords()
	last := bl.NewPrefixQuery(begun)
	last.SetField("words")
	all := []query.Query{query.Query(last)}
	if alike {
		all[0] = either([]query.Query{last, fuzzy(begun)})
	}
	for _, w := range whole {
		if alike {
			all = append(all, fuzzy(w)) // the same word is one of those
		} else {
			all = append(all, term("words", w))
		}
	}
	return all
}

// fuzzy asks for a word and those that are alike: from four letters one edit away,
// from eight two.
func fuzzy(word string) query.Query {
	if len(word) < 4 {
		return term("words", word)
	}
	f := bl.NewFuzzyQuery(word)
	f.SetField("words")
	if len(word) >= 8 {
		f.SetFuzziness(2)
	}
	return f
}

func (b *bleveThings) explain(_ context.Context, q *question) (string, error) {
	return fmt.Sprintf("%d term queries and a prefix query over %d things, no score, sorted by number; where there is none, fuzzy ones",
		len(typedQueries(q, false))-1, len(b.t.things)), nil
}
