// Package whole tells whether files are what was written: by their sizes and their
// checksums. These are CRC-32C (Castagnoli, RFC 3720), as file systems and databases
// have: whatever is wrong within 32 bits is always found, and of all other damage one
// in 2^32 is not. The processor computes it as fast as memory is read. It is no proof
// against who means to deceive: who can write a file can write its checksum too.
package whole

import (
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// File is a file, as it was written.
type File struct {
	Name   string `json:"name"` // with slashes, in the folder of what describes it
	Size   int64  `json:"size"`
	CRC32C string `json:"crc32c"` // eight digits of 0 to f
}

// Holds reports whether a content is that of the file.
func (f *File) Holds(content []byte) bool {
	return int64(len(content)) == f.Size && text(crc32.Checksum(content, castagnoli)) == f.CRC32C
}

// Of reads all that there is and describes it under a name.
func Of(name string, content io.Reader) (File, error) {
	sum := New()
	size, err := io.Copy(sum, content)
	return sum.File(name, size), err
}

// JSON returns the checksum of a thing as compact JSON, for what is to be in a file with it.
func JSON(thing any) (crc32c string, err error) {
	content, err := json.Marshal(thing)
	return text(crc32.Checksum(content, castagnoli)), err
}

// Sum is the checksum of what was written to it.
type Sum struct{ hash.Hash32 }

// New returns the checksum of nothing.
func New() Sum { return Sum{crc32.New(castagnoli)} }

// File describes what was written, so many bytes.
func (s Sum) File(name string, size int64) File { return File{name, size, text(s.Sum32())} }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func text(sum uint32) string { return fmt.Sprintf("%08x", sum) }
