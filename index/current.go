package index

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Placed returns how many offers of a generation that is published under dir have a place
// with a position, by its own word.
func Placed(dir, id string) (int, error) {
	m, err := readManifest(filepath.Join(dir, id), id)
	return m.Placed, err
}

// Current returns the id of the generation that is published under dir, "" when there
// is none. Whether it can be served only [Open] tells.
func Current(dir string) (string, error) {
	switch now := readSign(dir); {
	case errors.Is(now.err, fs.ErrNotExist):
		return "", nil
	default:
		return now.id, now.err
	}
}
