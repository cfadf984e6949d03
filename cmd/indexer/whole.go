package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// wholeFile takes its name only when it is whole.
type wholeFile struct {
	*os.File
	path string // "" of what has its name already
}

// createWhole begins a file. What is there and is no file, such as a pipe or /dev/null,
// is written to at once, and stays what it is.
func createWhole(path string, mode fs.FileMode) (*wholeFile, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return &wholeFile{File: f}, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err // one that is left keeps its mode
	}
	f, err := os.OpenFile(partial, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	return &wholeFile{f, path}, nil
}

func (f *wholeFile) publish() error {
	if f.path == "" {
		return f.Close()
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), f.path)
}

// abandon removes what publish did not name.
func (f *wholeFile) abandon() {
	f.Close()
	if f.path != "" {
		os.Remove(f.Name())
	}
}

// folderFaults says what is wrong with a file that is to be written.
func folderFaults(name, path string) []error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return []error{fmt.Errorf("-%s: %s is a folder", name, path)}
	}
	return nil
}
