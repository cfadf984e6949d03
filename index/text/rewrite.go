package text

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// Rewrite does what [Write] does. This vocabulary was read from another folder, and
// where its words are the same ones, whatever the numbers, the index of bleve is not
// made again but linked, or copied where the file system has no links: that spares
// ten microseconds a word.
func (v *Vocabulary) Rewrite(from, dir string, terms []Term) error {
	words, err := check(terms)
	if err != nil {
		return fmt.Errorf("writing the vocabulary: %w", err)
	}
	index := func() error { return writeWords(dir, terms[:words]) }
	if v.hasWords(terms[:words]) {
		index = func() error { return linkAll(filepath.Join(from, wordsFolder), filepath.Join(dir, wordsFolder)) }
	}
	if err := write(dir, terms, words, index); err != nil {
		return fmt.Errorf("writing the vocabulary %s: %w", dir, err)
	}
	return nil
}

// hasWords reports whether the words are these, and no others.
func (v *Vocabulary) hasWords(words []Term) bool {
	if len(words) != v.words.len() {
		return false
	}
	for i := range words {
		if words[i].Text != string(v.words.at(i)) {
			return false
		}
	}
	return true
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
