package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"boussole/data"
	"boussole/index"
	"boussole/index/text"
)

// Words: what the engine's own analysis makes of the texts of an offer that the
// public sees is given to the peers as it is, so that nobody is faster or slower,
// or right or wrong, for how they take words off a text. Numbers are left out, as
// no question asks for them.

// words numbers the words of offers.
type words struct {
	reader  *text.Reader
	public  data.Mask
	numbers []int32 // by those of the reader; -1 is no word
	list    []string
}

func newWords() *words {
	return &words{reader: text.NewReader(nil), public: data.Viewer{}.Mask()}
}

// of returns the words of an offer at its one place, or at none.
func (w *words) of(o *data.Offer) []int32 {
	var found []int32
	for _, occurrence := range w.reader.Entry(o, len(o.Places)-1) {
		if !w.public.Sees(occurrence.Class) {
			continue
		}
		n := w.number(occurrence.Term)
		if n < 0 {
			continue
		}
		n *= 2
		if occurrence.Fields&text.FieldSet(data.TextName) != 0 {
			n++
		}
		found = append(found, n)
	}
	slices.Sort(found)
	found = slices.CompactFunc(found, func(a, b int32) bool { return a/2 == b/2 }) // for several classes
	return slices.Clip(found)
}

func (w *words) number(term uint32) int32 {
	for known := len(w.numbers); known < w.reader.Len(); known++ {
		n := int32(-1)
		if word := w.reader.Term(uint32(known)); !strings.ContainsFunc(word, notLetter) {
			n = int32(len(w.list))
			w.list = append(w.list, word)
		}
		w.numbers = append(w.numbers, n)
	}
	return w.numbers[term]
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

func (t *table) countWords() {
	t.carrying = make([]int, len(t.words))
	for i := range t.rows {
		for _, w := range t.rows[i].words {
			t.carrying[w/2]++
		}
	}
}

// wordsOf are those of a row, as they are written.
func (t *table) wordsOf(r *row) []string {
	list := make([]string, len(r.words))
	for i, w := range r.words {
		list[i] = t.words[w/2]
	}
	return list
}

// pair is two words that some offer carries both.
type pair struct {
	words  [2]int32
	offers int // that do
}

// written is how one types a pair; the blank says that the last word is whole.
func (t *table) written(p pair) string { return t.words[p.words[0]] + " " + t.words[p.words[1]] + " " }

// Words that nearly every offer carries say nothing, and pairs are drawn from this
// many offers.
const (
	sayNothing = 0.5
	drawn      = 2000
)

// pairs draws pairs, a word of the name of an offer and any other of the same
// offer, and leaves those for which the engine, with forms and typos and what
// sounds alike, finds the very offers that carry both words: then it is the same
// question to all, however hard the engine looks for more.
func (t *table) pairs(r *rand.Rand, view *index.View) (kept []pair, all int, err error) {
	candidates := t.draw(r)
	rows := t.rowsOf(candidates)
	for _, p := range candidates {
		p.offers = common(rows[p.words[0]], rows[p.words[1]])
		asked, err := text.Parse(t.written(p))
		if err != nil {
			return nil, 0, err
		}
		if len(asked) == 2 && view.Count(index.Query{Words: asked}) == p.offers {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return nil, 0, fmt.Errorf("of %d pairs of words none means the same to all", len(candidates))
	}
	return kept, len(candidates), nil
}

// draw returns distinct pairs.
func (t *table) draw(r *rand.Rand) []pair {
	var list []pair
	seen := make(map[[2]int32]bool)
	for range drawn {
		row := &t.rows[r.IntN(len(t.rows))]
		var named, others []int32
		for _, w := range row.words {
			if float64(t.carrying[w/2]) > sayNothing*float64(len(t.rows)) {
				continue
			}
			if w%2 == 1 {
				named = append(named, w/2)
			}
			others = append(others, w/2)
		}
		if len(named) == 0 || len(others) < 2 {
			continue
		}
		p := pair{words: [2]int32{named[r.IntN(len(named))], others[r.IntN(len(others))]}}
		if p.words[0] != p.words[1] && !seen[p.words] {
			seen[p.words] = true
			list = append(list, p)
		}
	}
	return list
}

// rowsOf lists the rows of every word that is in some pair.
func (t *table) rowsOf(pairs []pair) map[int32][]int32 {
	rows := make(map[int32][]int32)
	for _, p := range pairs {
		rows[p.words[0]], rows[p.words[1]] = nil, nil
	}
	for i := range t.rows {
		for _, w := range t.rows[i].words {
			if list, ok := rows[w/2]; ok {
				rows[w/2] = append(list, int32(i))
			}
		}
	}
	return rows
}

// common is how many numbers are in both lists, which are in order.
func common(a, b []int32) int { return len(intersect(a, b)) }

func intersect(a, b []int32) []int32 {
	var both []int32
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case b[0] < a[0]:
			b = b[1:]
		default:
			both = append(both, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return both
}

// rarest is how many rows carry the rarer word of a question.
func (t *table) rarest(q *question) int {
	least := len(t.rows)
	for _, w := range q.words {
		least = min(least, t.carrying[w])
	}
	return least
}
