package index_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/index"
	"boussole/index/text"
)

// askedWords is what somebody types, and where.
type askedWords struct {
	text string
	near geo.Point
}

// wordQuestions are distinct questions of two words, as people ask for an offer:
// what it is and where or whose, now and then with a letter wrong or unfinished.
func wordQuestions(b *testing.B, n int) []askedWords {
	b.Helper()
	r := rand.New(rand.NewPCG(9, 9))
	var asked []askedWords
	seen := make(map[string]bool)
	for o, err := range (sample.Source{Scale: 100_000, Seed: 2}).Offers(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
		site, ok := o.Site()
		if !ok || len(o.Places) == 0 || !o.Places[0].Placed() || r.IntN(100_000) > 8*n {
			continue
		}
		what, where := strings.Fields(o.Name+" "+site.CategoryLabel), strings.Fields(o.Places[0].Address.City+" "+site.Name)
		if len(what) == 0 || len(where) == 0 {
			continue
		}
		text := spelt(r, what[r.IntN(len(what))]) + " " + spelt(r, where[r.IntN(len(where))])
		if words, err := parse(text + " "); err != nil || len(words) != 2 || seen[text] {
			continue
		}
		seen[text] = true
		if asked = append(asked, askedWords{text, o.Places[0].Point}); len(asked) == n {
			return asked
		}
	}
	b.Logf("%d distinct questions", len(asked))
	return asked
}

// spelt writes a word as people do: with a letter wrong in one of five.
func spelt(r *rand.Rand, word string) string {
	letters := []rune(strings.ToLower(word))
	if i := r.IntN(len(letters)); r.IntN(5) == 0 && len(letters) > 4 && i > 0 {
		switch r.IntN(3) {
		case 0:
			letters = slices.Delete(letters, i, i+1)
		case 1:
			letters[i], letters[i-1] = letters[i-1], letters[i]
		default:
			letters[i] = 'a' + rune(r.IntN(26))
		}
	}
	return string(letters)
}

func parse(question string) ([]text.Word, error) { return text.Parse(question) }

// BenchmarkMillionWords asks thousands of distinct questions, so that most of
// their words come for the first time.
func BenchmarkMillionWords(b *testing.B) {
	m := aMillion(b)
	questions := wordQuestions(b, 4096)
	for _, way := range []string{"nearest", "nearest, unfinished", "best", "best anywhere"} {
		b.Run(way, func(b *testing.B) {
			b.ReportAllocs()
			times := make([]time.Duration, 0, 1<<20)
			hits := 0
			for i := 0; b.Loop(); i++ {
				asked := questions[i%len(questions)]
				if !strings.Contains(way, "unfinished") {
					asked.text += " "
				}
				start := time.Now()
				words, err := parse(asked.text)
				if err != nil {
					b.Fatal(err)
				}
				q := index.Query{Words: words, Near: asked.near, Anywhere: strings.Contains(way, "anywhere")}
				view := m.guard.As(data.Viewer{})
				n := 0
				if strings.HasPrefix(way, "nearest") {
					ring, err := view.Search(q).Next(context.Background(), 10)
					if err != nil {
						b.Fatal(err)
					}
					n = len(ring.Hits)
				} else {
					found, err := view.Best(context.Background(), q, 10)
					if err != nil {
						b.Fatal(err)
					}
					n = len(found)
				}
				view.Close()
				times = append(times, time.Since(start))
				hits += n
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-µs")
			b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1000, "p99-µs")
			b.ReportMetric(float64(hits)/float64(b.N), "hits")
		})
	}
}
