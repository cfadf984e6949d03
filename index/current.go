package index

import (
	"errors"
	"io/fs"
)

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
