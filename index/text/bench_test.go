package text

import (
	"context"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/sample"
)

// sampleOffers are offers of the invented country.
func sampleOffers(t testing.TB, scale int) []*data.Offer {
	t.Helper()
	var offers []*data.Offer
	for o, err := range (sample.Source{Scale: scale, Seed: 1}).Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		offers = append(offers, o)
	}
	return offers
}

func BenchmarkEntry(b *testing.B) {
	offers := sampleOffers(b, 50_000)
	r := NewReader(labels)
	words, terms := 0, 0
	for i := 0; b.Loop(); i++ {
		o := offers[i%len(offers)]
		terms += len(r.Entry(o, 0))
		words++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "offers/s")
	b.ReportMetric(float64(terms)/float64(b.N), "terms/offer")
	b.ReportMetric(float64(r.Len()), "vocabulary")
}

// labels gives every code a label, as long as those of the terminologies.
func labels(c data.Code) string {
	return "Soins de " + strings.ToLower(c.System()) + " en hospitalisation complète"
}

func BenchmarkWords(b *testing.B) {
	offers := sampleOffers(b, 20_000)
	var texts []string
	words := 0
	for _, o := range offers {
		for _, g := range o.Organizations {
			texts = append(texts, g.Name)
			words += len(strings.Fields(g.Name))
		}
		texts = append(texts, o.Name)
		words += len(strings.Fields(o.Name))
	}
	r := NewReader(nil)
	for b.Loop() {
		r.now++
		r.found, r.next = r.found[:0], r.next[:0]
		for _, t := range texts {
			r.words(data.TextName, t, data.Open)
		}
	}
	b.ReportMetric(float64(words)*float64(b.N)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkParse(b *testing.B) {
	for _, question := range []string{"pharmacie de garde lyon", "l'hôpital Saint-Éloi", "01 42 34 82 34"} {
		b.Run(question, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if words, err := Parse(question); err != nil || len(words) == 0 {
					b.Fatal(words, err)
				}
			}
		})
	}
}

func BenchmarkExpandAgain(b *testing.B) {
	v := opened(b, vocabularyOf(sampleOffers(b, 1000), labels))
	w := Word{Text: "cabinet", Open: true}
	for b.Loop() {
		v.Expand(w, 1)
	}
}
