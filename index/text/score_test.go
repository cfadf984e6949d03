package text

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"boussole/data"
)

// scoreOf is what an entry is worth, from what the engine knows of it.
func scoreOf(r *Reader, v *Vocabulary, found []Occurrence, words []Word, mask data.Mask) Score {
	shown := make(map[uint32]Fields)
	for _, f := range found {
		if mask.Sees(f.Class) {
			term, ok := v.Find(r.Term(f.Term))
			if !ok {
				panic("a term that the vocabulary lacks: " + r.Term(f.Term))
			}
			shown[term] |= f.Fields
		}
	}
	var s Score
	for _, w := range words {
		best := 0
		for _, m := range v.Expand(w, mask) {
			best = max(best, Points(m.Tier, shown[m.Term]))
		}
		s.Add(best)
	}
	return s
}

// questionsOf are made of the texts of offers, as people misspell them.
func questionsOf(t *testing.T, r typo, offers []*data.Offer) string {
	o := offers[r.IntN(len(offers))]
	var texts []string
	keep := func(_ data.TextField, text string, _ data.Class) { texts = append(texts, text) }
	o.EachText(keep)
	for i := range o.Places {
		o.EachTextOfPlace(&o.Places[i], keep)
	}
	question := ""
	for range 1 + r.IntN(4) {
		text := texts[r.IntN(len(texts))]
		if words := strings.Fields(text); len(words) > 0 {
			text = words[r.IntN(len(words))]
		}
		question += r.spoil(text, max(0, r.IntN(4)-2)) + []string{" ", " ", "-", ", "}[r.IntN(4)]
	}
	if r.IntN(2) == 0 {
		question = strings.TrimRight(question, " -,")
	}
	return question
}

// What an offer is worth is what the twin makes of the offer as its viewer may
// see it: nothing else of it counts, and nothing of any other.
func TestScoreIsExact(t *testing.T) {
	r := typo{rand.New(rand.NewPCG(3, 4))}
	offers := append(worldOffers(11, 250), sampleOffers(t, 1000)[:150]...)
	terms := vocabularyOf(offers, labels)
	v, reader := opened(t, terms), NewReader(labels)
	some, all := 0, 0
	for range 150 {
		question := questionsOf(t, r, offers)
		words, err := Parse(question)
		if err != nil {
			continue
		}
		viewer := data.Viewer{Profile: data.Profile(r.IntN(data.Profiles))}
		var matches []map[string]Tier
		for _, w := range words {
			matched := make(map[string]Tier)
			for _, m := range twinExpand(terms, w, viewer.Mask()) {
				matched[terms[m.Term].Text] = m.Tier
			}
			matches = append(matches, matched)
		}
		for _, o := range offers {
			seen, exists := o.For(viewer)
			for place := range max(1, len(o.Places)) {
				want := 0
				if exists {
					want = twinScore(twinTexts(&seen, place, labels), matches)
				}
				got := scoreOf(reader, v, reader.Entry(o, place), words, viewer.Mask())
				if int(got) != want {
					t.Fatalf("%q %+v, profile %d, offer %s at place %d: %d, want %d", question, words, viewer.Profile, o.ID, place, got, want)
				}
				if got.Words() > 0 {
					some++
				}
				if len(words) > 0 && got.Words() == len(words) {
					all++
				}
			}
		}
	}
	if some < 5000 || all < 500 {
		t.Errorf("%d entries with a word, %d with all: too few to tell", some, all)
	}
}

// More words are worth more than better ones, and the sum of all of them.
func TestMoreWordsComeFirst(t *testing.T) {
	best, worst := 0, WordPoints
	for tier := range Tiers {
		for f := range data.TextFields {
			p := Points(tier, FieldSet(f))
			if p <= 0 {
				t.Errorf("%s in field %d is worth %d", tier, f, p)
			}
			best, worst = max(best, p), min(worst, p)
		}
	}
	if MaxWords*best >= WordPoints+worst {
		t.Errorf("%d words are worth up to %d, one more at least %d", MaxWords, MaxWords*best, WordPoints+worst)
	}
	if Points(Exact, 0) != 0 {
		t.Error("a term that stands nowhere is worth something")
	}
	// A field never makes up for a letter that is wrong.
	for f := range data.TextFields {
		for g := range data.TextFields {
			for _, sure := range []Tier{Exact, Form, Prefix, Means} {
				for _, guess := range []Tier{OneEdit, Phonetic, BegunOneEdit, TwoEdits, BegunTwoEdits} {
					if Points(sure, FieldSet(f)) <= Points(guess, FieldSet(g)) {
						t.Errorf("%s in %d is not before %s in %d", sure, f, guess, g)
					}
				}
			}
		}
	}
}

func ExampleScore() {
	var s Score
	s.Add(Points(Exact, FieldSet(data.TextName)|FieldSet(data.TextCity))) // "urgences", the offer's name
	s.Add(Points(OneEdit, FieldSet(data.TextCity)))                       // "Leyon", its city
	s.Add(0)                                                              // "piscine"
	fmt.Println(int(s), s.Words())
	// Output: 20350 2
}
