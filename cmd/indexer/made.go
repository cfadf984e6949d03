package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"boussole/index"
)

// What an index is made by, beside what the base says: the program, whose next
// release may merge otherwise, and the terminologies. What was made by others is made
// anew, whole.

// madeFile remembers it, beside what is remembered of the merging.
const madeFile = "made-by"

// making tells by what an index is made now, in two words.
func (p *publisher) making() (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	by, err := digestOf(program)
	if err != nil {
		return "", err
	}
	terms, err := digestOf(p.terminologies...)
	return by + " " + terms, err
}

// follows returns the generation on which one may build, "" for none, and why there
// is none where one is published.
func (p *publisher) follows(made string) (generation, why string, err error) {
	generation, err = index.Current(p.out)
	if err != nil || generation == "" {
		return "", "", err
	}
	text, err := os.ReadFile(p.madeFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", "", err
	}
	program, terms, _ := strings.Cut(string(text), " ")
	programNow, termsNow, _ := strings.Cut(made, " ")
	switch {
	case text == nil:
		return "", "what is there was not made of a base", nil
	case program != programNow:
		return "", "what is there was made by another program", nil
	case terms != termsNow:
		return "", "what is there was made with other terminologies (-nos)", nil
	}
	return generation, "", nil
}

// remember writes by what the index was made, once it is published: until then it is
// made anew again.
func (p *publisher) remember(made string) error {
	f, err := createWhole(p.madeFile(), 0o644)
	if err != nil {
		return err
	}
	defer f.abandon()
	if _, err := io.WriteString(f, made); err != nil {
		return err
	}
	return f.publish()
}

func (p *publisher) madeFile() string { return filepath.Join(p.out, mergedFolder, madeFile) }

// digestOf tells files, and those under folders, from others.
func digestOf(paths ...string) (string, error) {
	h := sha256.New()
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() && name != path {
				return err
			}
			return addFile(h, name)
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// addFile adds a file to a digest; a folder adds nothing by itself.
func addFile(h hash.Hash, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return err
	}
	fmt.Fprintf(h, "%d ", info.Size())
	_, err = io.Copy(h, f)
	return err
}
