package index_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index/text"
	"boussole/index/twin"
)

// wordsCensus is a [wordsTwin] for many offers: the terms of every row of a census,
// as each profile may see its offer, are taken down once, and a question goes
// through all of them. No list is kept of who carries a term.
type wordsCensus struct {
	reader *text.Reader

	// The occurrences of all rows, after one another, and where those of a row are
	// for each profile. Profiles that read the same share them.
	occurrences []carriedTerm
	rows        [][data.Profiles]stretch

	seen         []uint8                         // of each term, a bit for each profile
	numbers      map[string]uint32               // of terms, by their text
	vocabularies [data.Profiles]*text.Vocabulary // of what each profile sees
}

type carriedTerm struct {
	term   uint32
	fields text.Fields
}

type stretch struct{ from, to uint32 }

// add takes down an offer, row by row as the census of the twin does.
func (w *wordsCensus) add(o *data.Offer) {
	rows := make([][data.Profiles]stretch, max(len(o.Places), 1))
	for profile := range data.Profiles {
		seen, ok := o.For(data.Viewer{Profile: data.Profile(profile)})
		if !ok {
			continue
		}
		w.see(w.reader.Entry(&seen, -1), profile)
		for i := range rows {
			place := min(i, len(o.Places)-1)
			carried := w.see(w.reader.Entry(&seen, place), profile)
			rows[i][profile] = w.keep(carried, rows[i][:profile])
		}
	}
	w.rows = append(w.rows, rows...)
}

// see notes who sees terms, and returns each once with all of its fields.
func (w *wordsCensus) see(entry []text.Occurrence, profile int) []carriedTerm {
	var carried []carriedTerm
	for _, o := range entry {
		for int(o.Term) >= len(w.seen) {
			w.seen = append(w.seen, 0)
		}
		w.seen[o.Term] |= 1 << profile
		i := slices.IndexFunc(carried, func(c carriedTerm) bool { return c.term == o.Term })
		if i < 0 {
			i = len(carried)
			carried = append(carried, carriedTerm{term: o.Term})
		}
		carried[i].fields |= o.Fields
	}
	return carried
}

// keep returns where the terms are, if another profile has the same, or puts them
// down.
func (w *wordsCensus) keep(carried []carriedTerm, others []stretch) stretch {
	for _, s := range others {
		if slices.Equal(w.occurrences[s.from:s.to], carried) {
			return s
		}
	}
	from := uint32(len(w.occurrences))
	w.occurrences = append(w.occurrences, carried...)
	return stretch{from, uint32(len(w.occurrences))}
}

// close makes a vocabulary for each profile, of what it sees: what is hidden can
// have no part in it.
func (w *wordsCensus) close(t *testing.T) {
	t.Helper()
	w.numbers = make(map[string]uint32)
	var terms []string
	for n, term := range w.reader.Terms() {
		if n < len(w.seen) && w.seen[n] != 0 {
			terms = append(terms, term)
			w.numbers[term] = uint32(n)
		}
	}
	w.reader = nil // what it remembers takes room
	slices.SortFunc(terms, text.Compare)
	for profile := range w.vocabularies {
		var visible []text.Term
		for _, term := range terms {
			if w.seen[w.numbers[term]]>>profile&1 == 1 {
				visible = append(visible, text.Term{Text: term, Classes: math.MaxUint16})
			}
		}
		var err error
		if w.vocabularies[profile], err = text.InMemory(visible); err != nil {
			t.Fatal(err)
		}
	}
}

// scores returns what every row is worth to a profile, 0 of those that do not suit.
func (w *wordsCensus) scores(profile int, words []text.Word, suits func(row int) bool) []text.Score {
	slots := make([]uint16, len(w.seen)) // of each term, its place in the list, from 1
	var matched [][]wordMatch
	for i, word := range words {
		for _, m := range w.vocabularies[profile].Expand(word, math.MaxUint16) {
			slot := &slots[w.numbers[w.vocabularies[profile].Term(m.Term)]]
			if *slot == 0 {
				matched = append(matched, nil)
				*slot = uint16(len(matched))
			}
			matched[*slot-1] = append(matched[*slot-1], wordMatch{i, m.Tier})
		}
	}
	scores := make([]text.Score, len(w.rows))
	best := make([]int, len(words))
	for n := range w.rows {
		if !suits(n) {
			continue
		}
		s := w.rows[n][profile]
		clear(best)
		for _, c := range w.occurrences[s.from:s.to] {
			if slot := slots[c.term]; slot != 0 {
				for _, m := range matched[slot-1] {
					best[m.word] = max(best[m.word], text.Points(m.tier, c.fields))
				}
			}
		}
		for _, points := range best {
			scores[n].Add(points)
		}
	}
	return scores
}

// wordMatch says that a term is what a word of the question means.
type wordMatch struct {
	word int
	tier text.Tier
}

// best returns the first k offers by what they are worth.
func (c *country) best(asked *twin.Asked, within geo.Meters, scores []text.Score, k int) []wordHit {
	var hits []wordHit
	for n, score := range scores {
		if score == 0 { // or it does not suit
			continue
		}
		id, place := c.census.Row(n)
		h := wordHit{id: id, place: place, score: score, distance: geo.Meters(math.Inf(1))}
		if d, placed := asked.Distance(n); placed {
			h.distance = d
		}
		if within > 0 && h.distance > within {
			continue
		}
		if last := len(hits) - 1; last >= 0 && hits[last].id == id { // another place of the same offer
			hits[last] = slices.MinFunc([]wordHit{hits[last], h}, compareHits)
			continue
		}
		if len(hits) >= 100*k {
			hits = append(firstOf(hits[:len(hits)-1], k), hits[len(hits)-1]) // which may have another place
		}
		hits = append(hits, h)
	}
	return firstOf(hits, k)
}

func firstOf(hits []wordHit, k int) []wordHit {
	slices.SortFunc(hits, compareHits)
	return hits[:min(k, len(hits))]
}

// wordsOf are some words of offers, or one that is in most of them.
func wordsOf(r *rand.Rand, offers []data.Offer) []text.Word {
	words, err := text.Parse(someWords(r, offers))
	if err != nil || len(words) == 0 {
		words, err = text.Parse("exemple")
	}
	if err != nil {
		panic(err) // a word is a word
	}
	return words
}
