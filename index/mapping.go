package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	mmap "github.com/blevesearch/mmap-go"

	"boussole/index/text"
	"boussole/index/whole"
)

// mapped is a file in memory.
type mapped struct {
	bytes []byte
	close func()
}

// mapWhole maps a file, and checks that it is what the manifest says.
func mapWhole(path string, want whole.File) (m mapped, err error) {
	if m, err = mapFile(path, want); err != nil {
		return m, err
	}
	if err := check(&want, m.bytes); err != nil {
		m.close()
		return mapped{}, err
	}
	return m, nil
}

// check compares with the checksum.
func check(f *whole.File, content []byte) error {
	if !f.Holds(content) {
		return fmt.Errorf("%s: damaged: does not have the checksum of the manifest", f.Name)
	}
	return nil
}

// mapFile maps a file of the size that the manifest says.
func mapFile(path string, want whole.File) (m mapped, err error) {
	f, err := os.Open(path)
	if err != nil {
		return m, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return m, err
	}
	if info.Size() != want.Size {
		return m, fmt.Errorf("%s: damaged: %d bytes, not the %d of the manifest", want.Name, info.Size(), want.Size)
	}
	m.close = func() {}
	if want.Size > 0 { // nothing cannot be mapped
		in, err := mmap.Map(f, mmap.RDONLY, 0)
		if err != nil {
			return m, fmt.Errorf("%s: mapping it into memory: %w", want.Name, err)
		}
		m.bytes, m.close = in, func() { in.Unmap() } // nobody reads it any more: an error changes nothing
	}
	return m, nil
}

// isPart reports whether a file is one of documents.
func isPart(f whole.File) bool { return f.Name == offersFile || strings.HasPrefix(f.Name, "offers-") }

// mapFiles maps the files of a generation and checks them, on all processors, but for
// those that somebody else checks: nil for none.
func (p *packed) mapFiles(folder string, m *manifest, elsewhere func(whole.File) bool) (map[string][]byte, error) {
	found, errs := make([]mapped, len(m.Files)), make([]error, len(m.Files))
	inParallel(len(m.Files), func(i int) {
		f := m.Files[i]
		path := filepath.Join(folder, f.Name)
		if elsewhere != nil && elsewhere(f) {
			found[i], errs[i] = mapFile(path, f)
			return
		}
		found[i], errs[i] = mapWhole(path, f)
	})
	contents := make(map[string][]byte)
	for i, f := range m.Files {
		if errs[i] == nil {
			p.closers = append(p.closers, found[i].close)
			contents[f.Name] = found[i].bytes
		}
	}
	return contents, errors.Join(errs...)
}

// checkParts checks the files of documents, where that was not done when they were
// mapped.
func (p *packed) checkParts() error {
	for i := range p.files {
		if err := check(&p.files[i], unsafe.Slice(unsafe.StringData(p.parts[i]), len(p.parts[i]))); err != nil {
			return err
		}
	}
	return nil
}

// openWords opens the vocabulary of a generation, and returns what waits for it.
func openWords(folder string) func() (*text.Vocabulary, error) {
	var words *text.Vocabulary
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if broken := recover(); broken != nil { // what is served must go on
				err = fmt.Errorf("%s: panic: %v", wordsFolder, broken)
			}
		}()
		words, err = text.Open(filepath.Join(folder, wordsFolder))
	}()
	return func() (*text.Vocabulary, error) {
		<-done
		return words, err
	}
}
