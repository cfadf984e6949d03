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
		for _, part := range []struct {
			name         string
			made, opened any
		}{
			{"words", made.words, opened.words}, {"stems", made.stems, opened.stems}, {"sounds", made.sounds, opened.sounds},
			{"masks", made.masks, opened.masks}, {"numbers", made.numbers, opened.numbers}, {"fuzzy", made.fuzzy, opened.fuzzy},
		} {
			if !reflect.DeepEqual(part.made, part.opened) {
				t.Errorf("%q: %s differ:\n%+v\n%+v", texts, part.name, part.made, part.opened)
			}
		}
	}
	if _, err := InMemory([]Term{{Text: "b"}, {Text: "a"}}); err == nil {
		t.Error("terms in disorder are taken")
	}
}
