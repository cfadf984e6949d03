package text

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/nos"
	"boussole/data/sae"
	"boussole/geo/realdata"
)

var realOnce struct {
	sync.Once
	offers []*data.Offer
	labels func(data.Code) string
	terms  []Term
	err    error
}

// realOffers returns FINESS 2021 and SAE 2023, merged, and what codes mean.
func realOffers(t testing.TB) ([]*data.Offer, func(data.Code) string) {
	t.Helper()
	stock, services := realdata.Path(t, realdata.FinessStock), realdata.Path(t, realdata.SAE)
	activities, types := realdata.Path(t, realdata.Activities), realdata.Path(t, realdata.OfferTypes)
	realOnce.Do(func() {
		ledger := intake.NewLedger(io.Discard)
		terminologies, err := nos.Read(context.Background(), ledger, activities, types)
		if err != nil {
			realOnce.err = err
			return
		}
		realOnce.labels = terminologies.Label
		for o, err := range merge.New(ledger, finess.New(stock, ledger), sae.New(services, ledger)).Offers(context.Background()) {
			if err != nil {
				realOnce.err = err
				return
			}
			realOnce.offers = append(realOnce.offers, o)
		}
		realOnce.terms = vocabularyOf(realOnce.offers, realOnce.labels)
	})
	if realOnce.err != nil {
		t.Fatal(realOnce.err)
	}
	return realOnce.offers, realOnce.labels
}

// What real words match is what the twin finds among all real terms.
func TestExpandIsExactOnRealWords(t *testing.T) {
	offers, _ := realOffers(t)
	terms, r := realOnce.terms, typo{rand.New(rand.NewPCG(9, 10))}
	v := opened(t, terms)
	t.Logf("%d offers, %d words and %d numbers", len(offers), v.Words(), v.Len()-v.Words())
	if len(offers) > 100_000 && v.Words() < 20_000 {
		t.Errorf("only %d words", v.Words())
	}
	words := terms[:v.Words()]
	for range 30 {
		w, mask := r.question(words), data.Viewer{Profile: data.Profile(r.IntN(data.Profiles))}.Mask()
		if got, want := v.Expand(w, mask), twinExpand(terms, w, mask); !slices.Equal(got, want) {
			t.Fatalf("%+v for %b:\n got %s\nwant %s", w, mask, spell(terms, got), spell(terms, want))
		}
	}
}

// Real establishments are found as people write them.
func TestRealEstablishments(t *testing.T) {
	offers, label := realOffers(t)
	v, reader := opened(t, realOnce.terms), NewReader(label)
	for question, finess := range map[string]string{
		"CH emile roux le puy":           "430000117",
		"CH Emile-Roux, Le Puy-en-Velay": "430000117",
		"centre hospitallier emil rous":  "430000117",
		"430000117":                      "430000117",
		"43 000 011 7":                   "430000117",
	} {
		words, err := Parse(question)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(offers, func(o *data.Offer) bool {
			site, _ := o.Site()
			return site.FINESS() == finess && o.Category != ""
		})
		if i < 0 {
			t.Fatalf("no establishment %s", finess)
		}
		s := scoreOf(reader, v, reader.Entry(offers[i], 0), words, data.Viewer{}.Mask())
		if s.Words() != len(words) {
			t.Errorf("%q: %d of %d words of %s are found", question, s.Words(), len(words), offers[i].Name)
		}
	}
}

// BenchmarkExpand asks words that were never asked, of the real vocabulary and of
// one of 300,000 words that look like it.
func BenchmarkExpand(b *testing.B) {
	realOffers(b)
	for name, terms := range map[string][]Term{"real": realOnce.terms, "300000 words": likeReal(b, 300_000)} {
		dir := filepath.Join(b.TempDir(), "vocabulary")
		start := time.Now()
		if err := Write(dir, terms); err != nil {
			b.Fatal(err)
		}
		wrote := time.Since(start)
		start = time.Now()
		v, err := Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%s: %d words, %d numbers, written in %v, opened in %v, %d bytes on disk",
			name, v.Words(), v.Len()-v.Words(), wrote.Round(time.Millisecond), time.Since(start).Round(time.Millisecond), sizeOf(b, dir))
		for _, kind := range wordKinds {
			b.Run(name+"/"+kind.name, func(b *testing.B) { benchmarkWords(b, v, kind.make) })
		}
		reader := bleveReader(b, dir)
		for _, edits := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/bleve, %d edits", name, edits), func(b *testing.B) {
				r := typo{rand.New(rand.NewPCG(1, 2))}
				timed(b, func() func() {
					word := spoiledWord(r, v, 4+4*(edits-1), 4+4*(edits-1)+edits*4-1, edits)
					return func() { fuzzyWords(b, reader, word, edits) }
				})
			})
		}
	}
}

var wordKinds = []struct {
	name string
	make func(r typo, v *Vocabulary) Word
}{
	{"a word", func(r typo, v *Vocabulary) Word { return Word{Text: spoiledWord(r, v, 4, 20, 0)} }},
	{"3 letters typed", func(r typo, v *Vocabulary) Word { return Word{Text: spoiledWord(r, v, 4, 20, 0)[:3], Open: true} }},
	{"5 letters typed", func(r typo, v *Vocabulary) Word { return Word{Text: spoiledWord(r, v, 6, 20, 0)[:5], Open: true} }},
	{"4 to 7 letters, one edit", func(r typo, v *Vocabulary) Word { return Word{Text: spoiledWord(r, v, 4, 7, 1)} }},
	{"8 to 15 letters, two edits", func(r typo, v *Vocabulary) Word { return Word{Text: spoiledWord(r, v, 8, 15, 2)} }},
	{"a number", func(r typo, v *Vocabulary) Word {
		return Word{Text: v.Term(uint32(v.Words() + r.IntN(v.Len()-v.Words())))}
	}},
	{"4 digits typed", func(r typo, v *Vocabulary) Word {
		term := v.Term(uint32(v.Words() + r.IntN(v.Len()-v.Words())))
		return Word{Text: term[:min(4, len(term))], Open: true}
	}},
}

// spoiledWord is a word of the vocabulary of so many letters, with edits.
func spoiledWord(r typo, v *Vocabulary, least, most, edits int) string {
	for {
		word := v.Term(uint32(r.IntN(v.Words())))
		if ascii(word) && len(word) >= least && len(word) <= most {
			return fold(r.spoil(word, edits))
		}
	}
}

func benchmarkWords(b *testing.B, v *Vocabulary, make func(r typo, v *Vocabulary) Word) {
	r, found := typo{rand.New(rand.NewPCG(1, 2))}, 0
	timed(b, func() func() {
		w := make(r, v)
		return func() { found += len(v.expand(&w, data.Viewer{Profile: 1}.Mask())) }
	})
	b.ReportMetric(float64(found)/float64(b.N), "terms/op")
}

// timed times each of the calls that next makes ready.
func timed(b *testing.B, next func() func()) {
	var times []time.Duration
	for range b.N {
		ask := next()
		start := time.Now()
		ask()
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1000, "p99-µs")
}

// likeReal adds words made of halves of real ones.
func likeReal(t testing.TB, words int) []Term {
	r := rand.New(rand.NewPCG(1, 2))
	terms := slices.Clone(realOnce.terms)
	n := slices.IndexFunc(terms, func(t Term) bool { return isNumber(t.Text) })
	seen := make(map[string]bool)
	for _, t := range terms[:n] {
		seen[t.Text] = true
	}
	for real := n; n < words; {
		a, b := []rune(terms[r.IntN(real)].Text), []rune(terms[r.IntN(real)].Text)
		text := string(a[:len(a)/2+1]) + string(b[len(b)/2:])
		if !seen[text] && len(text) < 25 {
			seen[text] = true
			terms = append(terms, Term{text, 1})
			n++
		}
	}
	slices.SortFunc(terms, func(a, b Term) int { return Compare(a.Text, b.Text) })
	return terms
}

func sizeOf(t testing.TB, dir string) int64 {
	files, err := filesOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	for _, f := range files {
		info, err := os.Stat(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	return size
}
