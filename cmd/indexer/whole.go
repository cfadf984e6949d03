package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// wholeFile takes its name only when it is whole.
type wholeFile struct {
	*os.File
	path string // "" of what has its name already
}

// createWhole begins a file; of a link it is the file that it leads to. What is no file, such
// as a pipe or /dev/null, is written to at once, and stays what it is.
func createWhole(path string, mode fs.FileMode) (*wholeFile, error) {
	if isOther(path) {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		return &wholeFile{File: f}, err
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
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

// isOther reports whether a path is that of something that no file may take the place of:
// that is there and no file, or one of the system's names, such as /dev/stdout, which leads
// to a file at times, and as root would be a name of it no more for all the machine.
func isOther(path string) bool {
	info, err := os.Lstat(path)
	if err == nil && info.Mode().Type() == fs.ModeSymlink {
		to, _ := os.Readlink(path)
		in, _ := filepath.EvalSymlinks(filepath.Dir(path))
		if isSystem(to) || isSystem(in) {
			return true
		}
		info, err = os.Stat(path)
	}
	return err == nil && !info.Mode().IsRegular()
}

func isSystem(path string) bool {
	return path == "/dev" || strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/")
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

// output is a file to be written, by the flag that names it; "" is none.
type output struct{ flag, path string }

// outputFaults names the files to be written that are folders, or each other.
func outputFaults(files ...output) (faults []error) {
	flags := make(map[string]string)
	for _, f := range files {
		info, err := os.Stat(f.path)
		other := flags[f.path]
		switch {
		case f.path == "":
		case err == nil && info.IsDir():
			faults = append(faults, fmt.Errorf("-%s: %s is a folder", f.flag, f.path))
		case isOther(f.path): // it takes whatever comes
		case other != "":
			faults = append(faults, fmt.Errorf("-%s and -%s are both %s", other, f.flag, f.path))
		default:
			flags[f.path] = f.flag
		}
	}
	return faults
}
