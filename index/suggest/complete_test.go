package suggest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"boussole/data"
)

// typing asks as a box of a page does.
func typing(text string, names Names) []Result {
	return French().Suggest(Question{Text: text, Limit: 10, Typing: true, Names: names, Mask: everybody})
}

// TestCompletions: what is typed becomes a concept, a commune or an establishment
// that has every word of it.
func TestCompletions(t *testing.T) {
	var b NameBuilder
	for _, e := range []Establishment{
		{ID: "sante", FINESS: "1", Names: []string{"CENTRE DE SANTÉ LES OLIVIERS"}, Category: "R66|124", City: "AUBAGNE"},
		{ID: "roses", FINESS: "2", Names: []string{"FOYER LES ROSES"}, Category: "R66|202", City: "TULLE"},
		{ID: "chnord", FINESS: "3", Names: []string{"CH DU NORD"}, Category: "R66|355", City: "TULLE"},
	} {
		b.Add(e)
	}
	x := b.Index()
	for q, want := range map[string]string{
		"chateaubria": "Châteaubriant", "trouble du": "Trouble du rythme", "sante aubag": "CENTRE DE SANTÉ LES OLIVIERS", "sante aubagne": "CENTRE DE SANTÉ LES OLIVIERS",
		"foyer tul": "FOYER LES ROSES", "foyer les ros": "FOYER LES ROSES", "rochel": "La Rochelle", "clermont ferra": "Clermont-Ferrand",
	} {
		found := typing(q, x)
		at := slices.IndexFunc(found, func(r Result) bool { return strings.HasPrefix(r.Label, want) })
		if at < 0 {
			t.Errorf("%q does not become %q: %v", q, want, found)
			continue
		}
		if !slices.IsSortedFunc(found, func(a, b Result) int { return cmp.Compare(b.Confidence, a.Confidence) }) {
			t.Errorf("%q: not in the order of confidence: %v", q, found)
		}
	}
}

// TestNothingToComplete: what is whole, or everyday, or too little, becomes
// nothing, and nothing is completed for who does not type.
func TestNothingToComplete(t *testing.T) {
	var b NameBuilder
	b.Add(Establishment{ID: "equestre", FINESS: "1", Names: []string{"CENTRE EDUCATIF EQUESTRE"}, Category: "R66|441"})
	b.Add(Establishment{ID: "aide", FINESS: "2", Names: []string{"AIDE MENAGERE MOISSIEU"}, Category: "R66|460", City: "MOISSIEU"})
	x := b.Index()
	for _, q := range []string{"chateaubria ", "cha", "centre équestre", "aide moi", "azer", "bonjour", "poule", "centre mois educatif", ""} {
		for _, r := range typing(q, x) {
			if r.Confidence < leastConfident {
				t.Errorf("%q becomes %v", q, r)
			}
		}
	}
	if found := French().Suggest(Question{Text: "chateaubria", Limit: 10}); len(found) > 0 && found[len(found)-1].Confidence < leastConfident {
		t.Errorf("completed: %v", found)
	}
}

// TestBegunAgainstAll: what is found by lists is what is found by looking at every
// establishment, however the lists are walked, and whatever is hidden.
func TestBegunAgainstAll(t *testing.T) {
	words := []string{"SAINT", "SAINTE", "CLINIQUE", "FOYER", "FLEYRIAT", "FLEURY", "BELLEVUE", "BELLEVILLE", "ROSES", "ROSIERS", "PASTEUR", "TILLEULS"}
	questions := []string{"saint fle", "foyer belle", "belle", "saint foyer ros", "clinique sain", "fleury", "foyer saint past", "roses til", "clinique xyl", "saint saint"}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		var with, without NameBuilder
		for i := range 200 {
			name := make([]string, 1+r.IntN(4))
			for k := range name {
				name[k] = words[r.IntN(1+r.IntN(len(words)))]
			}
			e := Establishment{ID: data.ID(fmt.Sprint(i)), FINESS: fmt.Sprintf("%09d", i), Names: []string{strings.Join(name, " ")}, Category: "R66|355", City: words[r.IntN(len(words))]}
			if r.IntN(2) == 0 {
				e.Class = data.SensitiveUnit
			} else {
				without.Add(e)
			}
			with.Add(e)
		}
		a, b := with.Index(), without.Index()
		for _, q := range questions {
			for _, limit := range []int{1, 10, 100} {
				got, want := a.Begun(Fold(nil, q), everybody, limit), b.Begun(Fold(nil, q), everybody, limit)
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("seed %d, %q: hidden names change\n%v to\n%v", seed, q, want, got)
				}
			}
			if got, want := found(b.Begun(Fold(nil, q), everybody, 500)), b.looking(Fold(nil, q)); !slices.Equal(got, want) {
				t.Fatalf("seed %d, %q: %v, wanted %v", seed, q, got, want)
			}
		}
	}
}

// looking is Begun by looking at all, as a set.
func (x *NameIndex) looking(words []string) []data.ID {
	var ids []data.ID
	typed := typedNames(words)
	last := typed[len(typed)-1]
	for i := range x.entries {
		whole, becomes := true, false
		for _, w := range typed[:len(typed)-1] {
			whole = whole && slices.ContainsFunc(x.tokensOf(int32(i)), func(t nameToken) bool { return x.words[t.word] == w })
		}
		for _, t := range x.tokensOf(int32(i)) {
			w := x.words[t.word]
			if !strings.HasPrefix(w, last) || slices.Contains(typed[:len(typed)-1], w) {
				continue
			}
			becomes = becomes || t.origin == fromName && w != last || t.origin == fromCity && len(typed) > 1
		}
		if whole && becomes {
			ids = append(ids, x.entries[i].id)
		}
	}
	slices.Sort(ids)
	return ids
}

func found(results []Result) []data.ID {
	var ids []data.ID
	for _, r := range results {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}
