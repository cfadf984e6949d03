package text

import (
	"path/filepath"
	"reflect"
	"testing"

	"boussole/data"
)

// What is made in memory answers what is read from the disk answers.
func TestInMemoryIsAsOnDisk(t *testing.T) {
	for _, texts := range [][]string{
		nil, {"a"}, {"75001"},
		{"accueil", "cardiologie", "cardiologique", "hopital", "hopitaux", "phtisie", "430000117", "r211|157"},
	} {
		var terms []Term
		for i, number := range Order(texts) {
			terms = append(terms, Term{texts[number], 1 << (i % int(data.Classes))})
		}
		dir := filepath.Join(t.TempDir(), "vocabulary")
		if err := Write(dir, terms); err != nil {
			t.Fatal(err)
		}
		opened, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		made, err := InMemory(terms)
		if err != nil {
			t.Fatal(err)
		}
		sameVocabulary(t, made, opened)
	}
	if _, err := InMemory([]Term{{Text: "b"}, {Text: "a"}}); err == nil {
		t.Error("terms in disorder are taken")
	}
}

func sameVocabulary(t *testing.T, a, b *Vocabulary) {
	t.Helper()
	for _, part := range []struct {
		name string
		a, b any
	}{
		{"words", a.words, b.words}, {"stems", a.stems, b.stems}, {"sounds", a.sounds, b.sounds},
		{"masks", a.masks, b.masks}, {"numbers", a.numbers, b.numbers}, {"fuzzy", a.fuzzy, b.fuzzy},
	} {
		if !reflect.DeepEqual(part.a, part.b) {
			t.Errorf("%s differ:\n%+v\n%+v", part.name, part.a, part.b)
		}
	}
}
