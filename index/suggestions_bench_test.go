package index_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/lexicon"
	"boussole/data/sample"
	"boussole/geo/gazetteer"
)

// begunQuestions are distinct questions as a box of a page sends them: names of
// establishments, what people say and communes, alone or after what is looked for
// there, as far as they are typed, with a letter wrong in one of five.
func begunQuestions(b *testing.B, n int) []string {
	b.Helper()
	r := rand.New(rand.NewPCG(10, 10))
	var names []string
	for o, err := range (sample.Source{Scale: 20_000, Seed: 2}).Offers(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
		if site, ok := o.Site(); ok {
			names = append(names, site.Name)
		}
	}
	concepts := lexicon.Embedded().Concepts
	var communes []string
	gazetteer.All(func(c gazetteer.Commune) bool {
		communes = append(communes, c.Name)
		return true
	})
	saying := func() string {
		c := &concepts[r.IntN(len(concepts))]
		if len(c.Sayings) == 0 {
			return c.Label
		}
		return c.Sayings[r.IntN(len(c.Sayings))].Text
	}
	var asked []string
	seen := make(map[string]bool)
	for tries := 0; len(asked) < n && tries < 100*n; tries++ {
		text := names[r.IntN(len(names))]
		switch r.IntN(4) {
		case 0:
			text = saying()
		case 1:
			text = communes[r.IntN(len(communes))]
		case 2:
			text = saying() + " " + communes[r.IntN(len(communes))]
		}
		letters := []rune(text)
		if len(letters) < 3 {
			continue
		}
		text = spelt(r, string(letters[:3+r.IntN(len(letters)-2)]))
		if !seen[text] {
			seen[text] = true
			asked = append(asked, text)
		}
	}
	return asked
}

// BenchmarkMillionSuggest asks for suggestions with the names of establishments,
// each question once before any comes again.
func BenchmarkMillionSuggest(b *testing.B) {
	m := aMillion(b)
	questions := begunQuestions(b, 4096)
	start := time.Now()
	view := m.guard.As(data.Viewer{})
	view.WarmUp()
	view.Close()
	b.Logf("names made in %v", time.Since(start))
	times := make([]time.Duration, 0, 1<<20)
	found := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		view := m.guard.As(data.Viewer{})
		found += len(view.Suggest(questions[i%len(questions)], 10))
		view.Close()
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1000, "p99-µs")
	b.ReportMetric(float64(found)/float64(b.N), "results")
}
