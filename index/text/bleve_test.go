package text

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"

	"boussole/data"
)

// bleveReader opens the index of words that Write made.
func bleveReader(t testing.TB, dir string) index.IndexReader {
	t.Helper()
	words, err := bleve.OpenUsing(filepath.Join(dir, wordsFolder), map[string]any{"read_only": true})
	if err != nil {
		t.Fatal(err)
	}
	inside, err := words.Advanced()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := inside.Reader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close(); words.Close() })
	return reader
}

// fuzzyWords is what bleve's automaton finds.
func fuzzyWords(t testing.TB, reader index.IndexReader, word string, edits int) []string {
	t.Helper()
	found, err := reader.(index.IndexReaderFuzzy).FieldDictFuzzy(termField, word, edits, "")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var words []string
	for e, err := found.Next(); e != nil || err != nil; e, err = found.Next() {
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, e.Term)
	}
	return words
}

// The copy answers what bleve does.
func TestTheCopyAnswersAsBleve(t *testing.T) {
	r := typo{rand.New(rand.NewPCG(7, 8))}
	terms := manyWords(t, r, 7_000)
	dir := filepath.Join(t.TempDir(), "vocabulary")
	if err := Write(dir, terms); err != nil {
		t.Fatal(err)
	}
	v, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	reader, all := bleveReader(t, dir), data.Viewer{Profile: 1}.Mask()
	compared := 0
	for range 1500 {
		w := Word{Text: r.question(terms).Text}
		edits := allowed(len([]rune(w.Text)))
		if isNumber(w.Text) || edits == 0 {
			continue
		}
		want := fuzzyWords(t, reader, w.Text, edits)
		var got []string
		v.fuzzy.search(w.Text, &v.words, func(term uint32, _ int) { got = append(got, v.Term(term)) })
		if _, ok := v.Find(w.Text); ok { // no edit
			got = append(got, w.Text)
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Fatalf("%q at %d edits: got %q, bleve %q", w.Text, edits, got, want)
		}
		compared += len(want)
		for _, m := range v.Expand(w, all) {
			if m.Tier != Form {
				continue
			}
			pair := Stem(w.Text) + separator + v.Term(m.Term)
			found, err := reader.TermFieldReader(context.Background(), []byte(pair), stemField, false, false, false)
			if err != nil || found.Count() != 1 {
				t.Fatalf("%q is a form of %q, and bleve has no %q: %v", v.Term(m.Term), w.Text, pair, err)
			}
			found.Close()
		}
	}
	if compared < 1000 {
		t.Errorf("%d terms compared, too few to tell", compared)
	}
}

// A vocabulary that is not what was written is not opened.
func TestDamage(t *testing.T) {
	terms := vocabularyOf(worldOffers(3, 30), labels)
	whole := filepath.Join(t.TempDir(), "whole")
	if err := Write(whole, terms); err != nil {
		t.Fatal(err)
	}
	files, err := filesOf(whole)
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	harm := map[string]func(path string, content []byte) error{
		"gone": func(path string, _ []byte) error { return os.Remove(path) },
		"cut":  func(path string, content []byte) error { return os.WriteFile(path, content[:len(content)/2], 0o644) },
		"a bit": func(path string, content []byte) error {
			content[len(content)/2] ^= 4
			return os.WriteFile(path, content, 0o644)
		},
	}
	for _, f := range files {
		for name, do := range harm {
			dir := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, f.Name)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := do(path, content); err != nil {
				t.Fatal(err)
			}
			if v, err := Open(dir); !errors.Is(err, ErrVocabulary) {
				t.Errorf("%s %s: opened with %v, %d terms", f.Name, name, err, v.Len())
			}
		}
	}
	dir := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(dir, manifestFile)
	content, err := os.ReadFile(manifest)
	if err == nil {
		err = os.WriteFile(manifest, bytes.Replace(content, []byte(`"indexes"`), []byte(`"gone": ["nobody-said-it"], "indexes"`), 1), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Open(dir); !errors.Is(err, ErrVocabulary) {
		t.Errorf("another word is gone: opened with %v, %d terms", err, v.Len())
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, ErrVocabulary) {
		t.Errorf("of no folder: %v", err)
	}
	if _, err := Open(whole); err != nil {
		t.Error(err)
	}
}

// What is no vocabulary is not written.
func TestWriteRefuses(t *testing.T) {
	for name, terms := range map[string][]Term{
		"twice":           {{"a", 1}, {"a", 1}},
		"out of order":    {{"b", 1}, {"a", 1}},
		"a number before": {{"1", 1}, {"a", 1}},
		"empty":           {{"", 1}},
		"too long":        {{string(make([]byte, 300)), 1}},
		"a zero byte":     {{"a\x00b", 1}},
		"no text":         {{"\xff", 1}},
	} {
		dir := filepath.Join(t.TempDir(), "vocabulary")
		if err := Write(dir, terms); err == nil {
			t.Errorf("%s: written", name)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: there is a folder", name)
		}
	}
	if v := opened(t, nil); v.Len() != 0 || len(v.Expand(Word{Text: "urgences", Open: true}, 1)) != 0 {
		t.Error("an empty vocabulary has terms")
	}
}
