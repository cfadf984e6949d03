package merge

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"

	"boussole/data"
)

// The file of links: a line that says what it is, of which version; the digest of the
// rules; the columns, each with its length before it, all numbers little-endian; and
// CRC-32C over all of that.
const linksHead = "boussole links 2\n"

var linksTable = crc32.MakeTable(crc32.Castagnoli)

// column is one list of links.
type column interface {
	size() int // of an item, in bytes
	len() int
	write(w io.Writer) error
	read(text []byte)
}

// numbers is a column of numbers.
type numbers[T ~uint32 | ~uint64 | ~byte] struct{ list *[]T }

func (c numbers[T]) size() int {
	var one T
	return binary.Size(one)
}

func (c numbers[T]) len() int { return len(*c.list) }

// inOne is how many numbers are written at a time.
const inOne = 1 << 14

func (c numbers[T]) write(w io.Writer) error {
	for part := range slices.Chunk(*c.list, inOne) {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	return nil
}

func (c numbers[T]) read(text []byte) {
	*c.list = make([]T, len(text)/c.size())
	binary.Decode(text, binary.LittleEndian, *c.list) // of just this size
}

// columns are all there is to links but their rules and the names of the sources.
func (l *Links) columns(sources *texts) []column {
	return []column{
		numbers[uint32]{&sources.ends}, numbers[byte]{&sources.all}, numbers[uint32]{&l.starts},
		numbers[uint32]{&l.records.ends}, numbers[byte]{&l.records.all}, numbers[uint32]{&l.came},
		numbers[uint32]{&l.offers.ends}, numbers[byte]{&l.offers.all}, numbers[data.Class]{&l.classes}, numbers[uint64]{&l.hashes},
		numbers[link]{&l.links}, numbers[uint32]{&l.whose},
	}
}

// Write writes links to a file that only its owner may read, whole and on the disk or
// not at all.
func (l *Links) Write(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-")
	if err != nil {
		return fmt.Errorf("writing links: %w", err)
	}
	defer os.Remove(f.Name()) // which has another name by then, or is not wanted
	err = errors.Join(l.writeTo(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing links: %w", err)
	}
	return nil
}

func (l *Links) writeTo(w io.Writer) error {
	sum := crc32.New(linksTable)
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<20)
	out.WriteString(linksHead)
	out.Write(l.rules[:])
	var sources texts
	for _, s := range l.sources {
		sources.add(s)
	}
	for _, c := range l.columns(&sources) {
		binary.Write(out, binary.LittleEndian, uint64(c.len()))
		if err := c.write(out); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, sum.Sum32())
}

// OpenLinks reads links, in one pass and into memory. What is no such file, or not
// whole, is [ErrNoLinks].
func OpenLinks(path string) (*Links, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading links: %w", err)
	}
	l, err := parseLinks(text)
	if err != nil {
		return nil, fmt.Errorf("reading links: %s: %w", path, err)
	}
	return l, nil
}

// ErrNoLinks says that a file is none of links, of this version, and whole.
var ErrNoLinks = errors.New("not a whole file of links of this version")

func parseLinks(text []byte) (*Links, error) {
	body := len(text) - crc32.Size
	if body < 0 || crc32.Checksum(text[:body], linksTable) != binary.LittleEndian.Uint32(text[body:]) {
		return nil, ErrNoLinks
	}
	text, known := bytes.CutPrefix(text[:body], []byte(linksHead))
	if !known || len(text) < len(Rules{}) {
		return nil, ErrNoLinks
	}
	l := &Links{rules: Rules(text)}
	text = text[len(l.rules):]
	var sources texts
	for _, c := range l.columns(&sources) {
		if len(text) < 8 {
			return nil, ErrNoLinks
		}
		n := binary.LittleEndian.Uint64(text)
		text = text[8:]
		if n > uint64(len(text)/c.size()) {
			return nil, ErrNoLinks
		}
		size := int(n) * c.size()
		c.read(text[:size])
		text = text[size:]
	}
	for i := range sources.ends {
		l.sources = append(l.sources, sources.at(uint32(i)))
	}
	return l, nil
}
