package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// Open reads a vocabulary that [Write] made, every byte of it checked, and
// leaves no file open. The errors wrap [ErrVocabulary].
//
// What bleve holds is copied: its automata walk a dictionary of 300,000 words in
// 0.1 ms for one edit and 1 ms for two, and a question has several words. The
// copy answers the same, a test says, in a tenth of that.
func Open(dir string) (*Vocabulary, error) {
	v, err := open(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", dir, ErrVocabulary, err)
	}
	return v, nil
}

func open(dir string) (*Vocabulary, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	packed, err := os.ReadFile(filepath.Join(dir, termsFile))
	if err != nil {
		return nil, err
	}
	n := 2 * (m.Words + m.Numbers)
	if m.Words < 0 || m.Numbers < 0 || n > len(packed) {
		return nil, fmt.Errorf("%s is too short for %d terms", termsFile, n/2)
	}
	v := &Vocabulary{masks: packed[:n:n]}
	if v.numbers, err = readNumbers(m.Numbers, packed[n:]); err != nil {
		return nil, err
	}
	v.indexed = m.indexed
	if err := v.readWords(dir); err != nil {
		return nil, err
	}
	if v.words.len() != m.Words {
		return nil, fmt.Errorf("%d words instead of %d", v.words.len(), m.Words)
	}
	v.fuzzy = newFuzzy(&v.words)
	return v, nil
}

// readManifest reads the manifest and checks every file that it names.
func readManifest(dir string) (*manifest, error) {
	described, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(described, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	if m.Format != formatName {
		return nil, fmt.Errorf("format %q instead of %q", m.Format, formatName)
	}
	if sum, err := m.checksum(); err != nil || sum != m.CRC32C {
		return nil, fmt.Errorf("%s is not what was written", manifestFile)
	}
	for _, want := range m.Files {
		got, err := fileOf(dir, want.Name)
		if err != nil {
			return nil, err
		}
		if got != want {
			return nil, fmt.Errorf("%s is not what was written", want.Name)
		}
	}
	return &m, nil
}

// readWords copies the dictionaries of the indexes.
func (v *Vocabulary) readWords(dir string) error {
	var readers dictionaries
	for i := range v.Indexes {
		words, err := bleve.OpenUsing(filepath.Join(dir, indexFolder(i)), map[string]any{"read_only": true})
		if err != nil {
			return err
		}
		defer words.Close()
		inside, err := words.Advanced()
		if err != nil {
			return err
		}
		reader, err := inside.Reader()
		if err != nil {
			return err
		}
		defer reader.Close()
		readers = append(readers, reader)
	}
	gone := make(map[string]bool)
	for _, word := range v.Gone {
		gone[word] = true
	}
	return errors.Join(
		readers.each(termField, func(term string) error {
			if !gone[term] {
				v.words.add(term)
			}
			return nil
		}),
		v.readGroups(readers, gone, stemField, &v.stems),
		v.readGroups(readers, gone, soundField, &v.sounds),
	)
}

func (v *Vocabulary) readGroups(readers dictionaries, gone map[string]bool, field string, into *groups) error {
	return readers.each(field, func(pair string) error {
		key, word, _ := strings.Cut(pair, separator)
		if gone[word] {
			return nil
		}
		i, ok := v.words.search(word)
		if !ok {
			return fmt.Errorf("the %s of no word: %q", field, pair)
		}
		into.add(key, uint32(i))
		return nil
	})
}

// dictionaries are those of all indexes; the first has most of it.
type dictionaries []index.IndexReader

// each calls f with the terms of a field in all of them, in their order.
func (d dictionaries) each(field string, f func(string) error) error {
	var added []string
	for i := 1; i < len(d); i++ {
		err := eachOf(d[i], field, func(term string) error {
			added = append(added, term)
			return nil
		})
		if err != nil {
			return err
		}
	}
	slices.Sort(added)
	addedTo := func(until func(string) bool) (err error) {
		for ; err == nil && len(added) > 0 && until(added[0]); added = added[1:] {
			err = f(added[0])
		}
		return err
	}
	for _, first := range d[:min(len(d), 1)] {
		err := eachOf(first, field, func(term string) error {
			return errors.Join(addedTo(func(t string) bool { return t < term }), f(term))
		})
		if err != nil {
			return err
		}
	}
	return addedTo(func(string) bool { return true })
}

// eachOf calls f with the terms of a field, in their order.
func eachOf(reader index.IndexReader, field string, f func(string) error) error {
	dictionary, err := reader.FieldDict(field)
	if err != nil {
		return err
	}
	defer dictionary.Close()
	for {
		entry, err := dictionary.Next()
		if err != nil || entry == nil {
			return err
		}
		if err := f(entry.Term); err != nil {
			return err
		}
	}
}
