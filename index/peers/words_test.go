package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/sample"
	"boussole/index"
)

func TestWordsAreThoseOfThePublic(t *testing.T) {
	offers := data.Memory{
		{ID: "a", Name: "Cabinet infirmier 12", Organizations: []data.Organization{{Kind: data.Establishment, Name: "Durand"}},
			Practices: []data.Practice{{Family: "Martin"}}},
		{ID: "b", Name: "Psychiatrie", Sensitive: true},
	}
	tab, err := collect(t.Context(), offers)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tab.wordsOf(&tab.rows[0]), []string{"cabinet", "infirmier", "durand"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	named := func(w int32) bool { return w%2 == 1 }
	if w := tab.rows[0].words; !named(w[0]) || !named(w[1]) || named(w[2]) {
		t.Errorf("%v of %v stand in the name", w, tab.words)
	}
	if got := tab.wordsOf(&tab.rows[1]); len(got) > 0 {
		t.Errorf("the public finds a sensitive unit by %v", got)
	}
}

// The pairs that are kept are those that mean to the engine what they mean to all.
func TestPairs(t *testing.T) {
	source := sample.Source{Scale: 3000, Seed: 1}
	tab, err := collect(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	g, err := index.New(source)
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{})
	defer view.Close()
	kept, all, err := tab.pairs(rand.New(rand.NewPCG(1, 1)), view)
	if err != nil || len(kept) == 0 || len(kept) == all {
		t.Fatalf("%d of %d pairs, %v", len(kept), all, err)
	}
	for _, p := range kept[:20] {
		n := 0
		for i := range tab.rows {
			words := tab.wordsOf(&tab.rows[i])
			if slices.Contains(words, tab.words[p.words[0]]) && slices.Contains(words, tab.words[p.words[1]]) {
				n++
			}
		}
		if n != p.offers || n == 0 {
			t.Errorf("%q: %d offers, want %d", tab.written(p), p.offers, n)
		}
	}
}

func TestLoop(t *testing.T) {
	tab := &table{}
	for _, text := range [][]string{{"lyon"}, {"lyons", "la", "foret"}, {"saint", "genis", "les", "lyon"}, {"nantes"}} {
		tab.things = append(tab.things, thing{key: data.ID(text[0]), words: text})
	}
	l := newLoop(tab)
	for typed, want := range map[string][]data.ID{
		"ly": {"lyon", "lyons", "saint"}, "saint ly": {"saint"}, "lyon saint": {"saint"}, "sain lyon": nil, "x": nil, "lyons fore": {"lyons"},
	} {
		got, err := l.ask(t.Context(), &question{typed: typed})
		if err != nil || !slices.Equal(got.ids, want) {
			t.Errorf("%q: %v, want %v, %v", typed, got.ids, want, err)
		}
	}
}
