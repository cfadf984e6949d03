package index_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/text"
	"boussole/index/twin"
)

// wordsTwin answers questions of words by reading every offer, as its viewer may
// see it: what a word matches in an offer is looked for in the offer's own terms,
// and no list is kept.
type wordsTwin struct {
	offers     []data.Offer
	profile    int
	vocabulary *text.Vocabulary // of what the profile sees, and of nothing else
}

// newWordsTwin makes a vocabulary of the visible texts alone: what is hidden can
// have no part in it.
func newWordsTwin(t *testing.T, offers []data.Offer, profile int) *wordsTwin {
	t.Helper()
	w := &wordsTwin{profile: profile}
	reader := text.NewReader(label)
	carried := make(map[string]bool)
	for i := range offers {
		o, ok := offers[i].For(data.Viewer{Profile: data.Profile(profile)})
		if !ok {
			continue
		}
		w.offers = append(w.offers, o)
		for place := -1; place < len(o.Places); place++ {
			for _, occurrence := range reader.Entry(&o, place) {
				carried[reader.Term(occurrence.Term)] = true
			}
		}
	}
	var terms []text.Term
	for term := range carried {
		terms = append(terms, text.Term{Text: term, Classes: math.MaxUint16})
	}
	slices.SortFunc(terms, func(a, b text.Term) int { return text.Compare(a.Text, b.Text) })
	var err error
	if w.vocabulary, err = text.InMemory(terms); err != nil {
		t.Fatal(err)
	}
	return w
}

// label gives a few codes a meaning.
func label(c data.Code) string {
	return map[data.Code]string{
		"R211|157": "Accueil des urgences", "R211|354": "Soins intensifs de cardiologie", "R211|100": "Obstétrique",
		"R210|0459": "Thrombectomie", "R212|088": "Table pour patients obèses", "R66|620": "Pharmacie d'officine",
	}[c]
}

// score returns what an offer is worth at a place, by its own terms.
func (w *wordsTwin) score(reader *text.Reader, o *data.Offer, place int, words []text.Word) text.Score {
	fields := make(map[string]text.Fields)
	for _, occurrence := range reader.Entry(o, place) {
		term := reader.Term(occurrence.Term)
		fields[term] |= occurrence.Fields
		if !strings.ContainsAny(term, "0123456789|") {
			fields["-"+stemOf(term)] |= occurrence.Fields
		}
	}
	var score text.Score
	for _, word := range words {
		best := 0
		for _, m := range w.vocabulary.Expand(word, math.MaxUint16) {
			best = max(best, text.Points(m.Tier, fields[w.vocabulary.Term(m.Term)]))
		}
		for _, name := range word.Names {
			best = max(best, namedBy(name, fields))
		}
		score.Add(best)
	}
	return score
}

// namedBy returns what another name is worth in the terms of an offer: as much as
// the worst of its own terms, each by the best field of any form of it. The fields
// are those of terms, and of the forms of words, under their stem after a dash.
func namedBy(name string, fields map[string]text.Fields) int {
	least := math.MaxInt
	for term := range strings.FieldsSeq(name) {
		least = min(least, text.Points(text.Means, fields[term]|fields["-"+stemOf(term)]))
	}
	return least
}

// stems are those that [stemOf] remembers.
var stems = make(map[string]string)

func stemOf(term string) string {
	stem, ok := stems[term]
	if !ok {
		stem = text.Stem(term)
		stems[term] = stem
	}
	return stem
}

type wordHit struct {
	id       data.ID
	place    int
	score    text.Score
	distance geo.Meters
}

// hits returns every offer that suits, with its best place.
func (w *wordsTwin) hits(q twin.Question, words []text.Word, all bool) []wordHit {
	reader := text.NewReader(label)
	var hits []wordHit
	for i := range w.offers {
		o := &w.offers[i]
		var best []wordHit
		for place := min(0, len(o.Places)-1); place < max(len(o.Places), 0); place++ {
			h := wordHit{id: o.ID, place: place, distance: geo.Meters(math.Inf(1)), score: w.score(reader, o, place, words)}
			if h.score == 0 || all && h.score.Words() < len(words) || len(failsBut(o, place, w.profile, q)) > 0 {
				continue
			}
			if place >= 0 && o.Places[place].Placed() {
				h.distance = geo.Distance(q.Near, o.Places[place].Point)
			} else if q.Within > 0 {
				continue
			}
			best = append(best, h)
		}
		if len(best) > 0 {
			hits = append(hits, slices.MinFunc(best, compareHits))
		}
	}
	slices.SortFunc(hits, compareHits)
	return hits
}

func failsBut(o *data.Offer, place, profile int, q twin.Question) []string {
	return slices.DeleteFunc(twin.Fails(o, place, profile, q), func(name string) bool { return name == "position" })
}

func compareHits(a, b wordHit) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.distance, b.distance), cmp.Compare(a.id, b.id), cmp.Compare(a.place, b.place))
}

// otherNames are what is called otherwise in some offers of the world, or by their
// labels.
var otherNames = []string{
	"SAU", "accueil des urgences", "USIC", "maternité", "officine", "hôpital", "CH", "centre hospitalier", "labo",
	"laboratoire de biologie médicale", "infarctus", "service d'accueil", "maison de retraite", "EHPAD", "obstétriques",
}

// someWords are words of an offer, whole, misspelt, begun, and words of none.
func someWords(r *rand.Rand, offers []data.Offer) string {
	var words []string
	for range 1 + r.IntN(3) + r.IntN(10)/9*5 {
		o := &offers[r.IntN(len(offers))]
		var all []string
		o.EachText(func(_ data.TextField, text string, _ data.Class) { all = append(all, strings.Fields(text)...) })
		if r.IntN(4) == 0 {
			words = append(words, otherNames[r.IntN(len(otherNames))])
			continue
		}
		word := "inconnu"
		if len(all) > 0 {
			word = all[r.IntN(len(all))]
		}
		switch letters := []rune(word); {
		case r.IntN(4) == 0 && len(letters) > 4: // a letter wrong
			letters[1+r.IntN(len(letters)-1)] = 'x'
			word = string(letters)
		case r.IntN(4) == 0 && len(letters) > 3: // begun
			word = string(letters[:2+r.IntN(len(letters)-2)])
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// Words find what a reading of every visible offer finds, in both orders, whoever
// asks and with any filter; what is hidden takes no part, not even in what a word
// is taken to mean.
func TestWordsAreExact(t *testing.T) {
	for seed := range uint64(3) {
		offers := twin.World(400+seed, 400)
		g, err := index.NewLabelled(data.Memory(offers), label)
		if err != nil {
			t.Fatal(err)
		}
		guard := index.NewGuard(g)
		found := 0
		for profile := range data.Profiles {
			brute := newWordsTwin(t, offers, profile)
			view := guard.As(data.Viewer{Profile: data.Profile(profile)})
			for i := range scale(t, 60) {
				r := rand.New(rand.NewPCG(seed, uint64(100*profile+i)))
				asked := someWords(r, offers)
				words, err := text.Understand(asked)
				if err != nil {
					t.Fatal(err)
				}
				if len(words) == 0 {
					continue
				}
				question := twin.Question{Near: geo.Point{Lat: 46, Lon: 2}}
				if r.IntN(3) == 0 {
					question = twin.Ask(r, offers)
				}
				found += sameWords(t, view, brute, question, words)
				if t.Failed() {
					t.Fatalf("seed %d, profile %d: %q %+v", seed, profile, asked, question)
				}
			}
			view.Close()
		}
		if found == 0 {
			t.Error("no question found anything")
		}
	}
}

func sameWords(t *testing.T, view *index.View, brute *wordsTwin, question twin.Question, words []text.Word) int {
	t.Helper()
	q := query(question)
	q.Words = words
	best, err := view.Best(context.Background(), q, 20)
	if err != nil {
		t.Fatal(err)
	}
	want := brute.hits(question, words, false)
	if len(best) != min(20, len(want)) {
		t.Errorf("%d of the best, want %d", len(best), min(20, len(want)))
		return 0
	}
	for i, h := range best {
		if w := want[i]; h.ID != w.id || h.Score != w.score || h.Place != w.place {
			t.Errorf("best %d is %+v, want %+v", i, h, w)
		}
	}
	all := brute.hits(question, words, true)
	if n := view.Count(q); n != len(all) {
		t.Errorf("counts %d with all words, want %d", n, len(all))
	}
	near := slices.DeleteFunc(brute.everyPlace(question, words), func(h wordHit) bool { return math.IsInf(float64(h.distance), 1) })
	ring, err := view.Search(q).Next(context.Background(), 15)
	if err != nil || len(ring.Hits) != min(15, len(near)) {
		t.Errorf("%d of the nearest, want %d: %v", len(ring.Hits), min(15, len(near)), err)
		return 0
	}
	for i, h := range ring.Hits {
		if w := near[i]; h.ID != w.id || h.Place != w.place || h.Distance != w.distance {
			t.Errorf("nearest %d is %+v, want %+v", i, h, w)
		}
	}
	return len(want)
}

// everyPlace returns offers with all words by distance, each at its nearest place
// that suits, whatever that is worth.
func (w *wordsTwin) everyPlace(q twin.Question, words []text.Word) []wordHit {
	reader := text.NewReader(label)
	byID := make(map[data.ID]wordHit)
	for i := range w.offers {
		o := &w.offers[i]
		for place := range o.Places {
			if w.score(reader, o, place, words).Words() < len(words) || len(twin.Fails(o, place, w.profile, q)) > 0 {
				continue
			}
			h := wordHit{id: o.ID, place: place, distance: geo.Distance(q.Near, o.Places[place].Point)}
			if there, ok := byID[o.ID]; !ok || h.distance < there.distance {
				byID[o.ID] = h
			}
		}
	}
	var hits []wordHit
	for _, h := range byID {
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b wordHit) int { return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.id, b.id)) })
	return hits
}

// Two common words that rarely meet are found where they do, all over the tree and
// in its order.
func TestCommonWordsThatRarelyMeet(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	from := geo.Point{Lat: 46, Lon: 2}
	var offers []data.Offer
	var want []wordHit
	for i := range 6000 {
		name := []string{"Alpha", "Beta", "Gamma"}[i%3]
		p := geo.Point{Lat: 46 + r.NormFloat64(), Lon: 2 + r.NormFloat64()}.Rounded()
		id := data.ID(fmt.Sprintf("offer-%04d", i))
		if i%300 == 7 {
			name = "Alpha Beta"
			want = append(want, wordHit{id: id, distance: geo.Distance(from, p)})
		}
		offers = append(offers, data.Offer{ID: id, Name: name, Places: []data.Place{{Quality: data.AtStreet, Point: p}}})
	}
	slices.SortFunc(want, compareHits)
	g, err := index.New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	words, err := text.Parse("alpha beta ")
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{})
	defer view.Close()
	search := view.Search(index.Query{Near: from, Words: words})
	var got []wordHit
	for last := false; !last; {
		ring, err := search.Next(context.Background(), 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range ring.Hits {
			got = append(got, wordHit{id: h.ID, distance: h.Distance})
		}
		last = ring.Last
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// Of one common word the best are the nearest of those that carry it in the best
// way, in whatever part of the postings they are.
func TestTheBestOfManyAreTheNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	from := geo.Point{Lat: 46, Lon: 2}
	var offers []data.Offer
	var want []wordHit
	for i := range 3000 {
		p := geo.Point{Lat: 46 + r.NormFloat64(), Lon: 2 + r.NormFloat64()}.Rounded()
		o := data.Offer{ID: data.ID(fmt.Sprintf("offer-%04d", i)), Name: "Alpha", Places: []data.Place{{Quality: data.AtStreet, Point: p, Address: data.Address{City: "Beta"}}}}
		score := text.Score(2*text.WordPoints + text.Points(text.Exact, text.FieldSet(data.TextName)))
		switch r.IntN(9) {
		case 0: // as good, but not with the same fields
			o.Places[0].Name = "Alpha"
		case 1:
			o.Name, o.Places[0].Name = "Gamma", "Alpha"
			score += text.Score(text.Points(text.Exact, text.FieldSet(data.TextPlace)) - text.Points(text.Exact, text.FieldSet(data.TextName)))
		case 2:
			o.Name = "Alphas"
			score += text.Score(text.Points(text.Form, text.FieldSet(data.TextName)) - text.Points(text.Exact, text.FieldSet(data.TextName)))
		}
		score += text.Score(text.Points(text.Exact, text.FieldSet(data.TextCity)))
		offers = append(offers, o)
		want = append(want, wordHit{id: o.ID, distance: geo.Distance(from, p), score: score})
	}
	slices.SortFunc(want, compareHits)
	g, err := index.New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	words, err := text.Parse("alpha beta ")
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{})
	defer view.Close()
	for _, n := range []int{1, 10, 1000, 3000} {
		best, err := view.Best(context.Background(), index.Query{Near: from, Words: words}, n)
		if err != nil || len(best) != n {
			t.Fatalf("%d of the best, want %d: %v", len(best), n, err)
		}
		for i, h := range best {
			if got := (wordHit{id: h.ID, distance: h.Distance, score: h.Score}); got != want[i] {
				t.Fatalf("best %d of %d is %v, want %v", i, n, got, want[i])
			}
		}
	}
}
