package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Files are those that a reader reads, so that it can be told without reading them again
// that they say what they said. The zero Files cannot. It is not safe for concurrent use.
type Files struct {
	Told  string   // what the reader is told beside them, such as its own name
	Paths []string // in the order in which they are read; folders stand for all that is in them

	digest string
	found  []fs.FileInfo // when it was made
}

// Digest names, by SHA-256, this very program, what its reader is told, and the names
// and bytes of the files: the same digest is the same reading. It is empty when that
// cannot be told, and from then on when a file is not the one that it was at the first
// call, by its size, its time or its place on the disk. The first call reads all of them, at
// some hundred megabytes a second or more; the others look at them.
func (f *Files) Digest() string {
	all, found, err := f.find()
	if err != nil || len(all) == 0 {
		return ""
	}
	if f.found == nil {
		f.found = found
		if f.digest, err = digestOf(f.Told, all); err != nil {
			f.digest = ""
		}
		if _, found, err = f.find(); err != nil { // as it may have changed while it was read
			return ""
		}
	}
	if !sameFiles(f.found, found) {
		f.digest = ""
	}
	return f.digest
}

// find lists the files as they are now.
func (f *Files) find() (paths []string, found []fs.FileInfo, err error) {
	for _, path := range f.Paths {
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := os.Stat(name) // a link is what it leads to
			if err == nil && !info.Mode().IsRegular() {
				err = fmt.Errorf("%s is no file", name)
			}
			paths, found = append(paths, name), append(found, info)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return paths, found, nil
}

func sameFiles(a, b []fs.FileInfo) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !os.SameFile(a[i], b[i]) || a[i].Size() != b[i].Size() || !a[i].ModTime().Equal(b[i].ModTime()) {
			return false
		}
	}
	return true
}

func digestOf(told string, paths []string) (string, error) {
	program, err := Program()
	if err != nil {
		return "", err
	}
	all := sha256.New()
	fmt.Fprintf(all, "%s %q", program, told)
	for _, path := range paths {
		sum, err := sumOf(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(all, " %q %s", filepath.Base(path), sum) // readers read a day in a name
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

// Program names this very program, by SHA-256 of its file: another one may read, or
// merge, otherwise.
var Program = sync.OnceValues(func() (string, error) {
	const self = "/proc/self/exe" // where there is one: also when another took its path
	if _, err := os.Stat(self); err == nil {
		return sumOf(self)
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	return sumOf(path)
})

func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
