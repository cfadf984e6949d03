package text

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"unsafe"

	"boussole/data"
)

// Terms returns all terms in their order. Their texts are parts of one, so that
// millions of them take no more than some tenths of a second and 30 bytes each.
func (v *Vocabulary) Terms() []Term {
	ends := make([]uint32, 0, v.Len())
	all := make([]byte, 0, len(v.words.blob)+16*v.numbers.count)
	for i := range v.words.len() {
		all = append(all, v.words.at(i)...)
		ends = append(ends, uint32(len(all)))
	}
	v.numbers.walk(0, func(_ int, term []byte) bool {
		all = append(all, term...)
		ends = append(ends, uint32(len(all)))
		return true
	})
	whole := unsafe.String(unsafe.SliceData(all), len(all)) // nobody writes to it any more
	terms := make([]Term, len(ends))
	from := uint32(0)
	for i, end := range ends {
		terms[i] = Term{Text: whole[from:end], Classes: data.Mask(v.masks.at(uint32(i)))}
		from = end
	}
	return terms
}

// mostIndexes bounds how many indexes there are, and goneShare how many words of them
// are none: beyond that one is made again of all words.
const (
	mostIndexes = 8
	goneShare   = 4
)

// Rewrite does what [Write] does, with another result on the disk and the same when it
// is opened. This vocabulary was read from a folder, and its indexes are linked, or
// copied where the file system has no links: only words that are in none of them are
// indexed, and which ones are no words any more is noted. That spares some ten
// microseconds a word, but now and then.
func (v *Vocabulary) Rewrite(from, dir string, terms []Term) error {
	words, err := check(terms)
	if err != nil {
		return fmt.Errorf("writing the vocabulary: %w", err)
	}
	added, gone := v.compare(terms[:words])
	index := writeWhole(terms[:words])
	if len(gone)*goneShare <= words && (len(added) == 0 || v.Indexes < mostIndexes) {
		index = func(dir string) (indexed, error) {
			next := indexed{Indexes: v.Indexes, Gone: gone}
			for i := range v.Indexes {
				if err := linkAll(filepath.Join(from, indexFolder(i)), filepath.Join(dir, indexFolder(i))); err != nil {
					return next, err
				}
			}
			if len(added) == 0 {
				return next, nil
			}
			next.Indexes++
			return next, writeWords(dir, v.Indexes, added)
		}
	}
	if err := write(dir, terms, words, index); err != nil {
		return fmt.Errorf("writing the vocabulary %s: %w", dir, err)
	}
	return nil
}

// compare returns which words are in none of the indexes, and which of those that are
// are none, each in their order.
func (v *Vocabulary) compare(words []Term) (added []Term, gone []string) {
	indexed := make([]string, 0, v.words.len()+len(v.Gone))
	for i := range v.words.len() {
		indexed = append(indexed, string(v.words.at(i)))
	}
	indexed = append(indexed, v.Gone...)
	slices.Sort(indexed)
	for _, word := range words {
		for len(indexed) > 0 && indexed[0] < word.Text {
			gone, indexed = append(gone, indexed[0]), indexed[1:]
		}
		if len(indexed) > 0 && indexed[0] == word.Text {
			indexed = indexed[1:]
			continue
		}
		added = append(added, word)
	}
	return added, append(gone, indexed...)
}

// linkAll makes a folder with the files of another.
func linkAll(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch at := filepath.Join(to, name); {
		case entry.IsDir():
			return os.Mkdir(at, 0o700)
		case os.Link(path, at) == nil:
			return nil
		default:
			return copyFile(path, at)
		}
	})
}

// copyFile copies a file of a few megabytes; it is synced with its folder.
func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600)
}
