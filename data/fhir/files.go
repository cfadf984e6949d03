package fhir

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"boussole/data/intake"
)

// maxResource bounds the memory that one resource may take: a place with
// thousands of rows of beds, more than any has.
const maxResource = 4 << 20

// entry is one resource as it lies in a file.
type entry struct {
	file   string
	number int    // of the line, or of the entry of its bundle, from 1
	text   []byte // valid until the next one
	fault  string // why it cannot be read at all, with an empty text
	bundle bool   // it is an entry, with the resource inside
}

// files lists what is to be read: the files themselves, and those of folders by
// the ends of their names, in the order of their paths.
func files(paths []string) ([]string, error) {
	var list []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			list = append(list, path)
			continue
		}
		err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && isFHIR(name) {
				list = append(list, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func isFHIR(name string) bool {
	return slices.Contains([]string{".json", ".ndjson", ".jsonl"}, filepath.Ext(strings.TrimSuffix(name, ".gz")))
}

// eachEntry calls f with every resource of a file until f returns false. A file
// is lines of resources where its first line is one, otherwise a document: a
// bundle, of which one entry at a time is held, or a resource.
func eachEntry(ctx context.Context, path string, p *intake.Progress, f func(entry) bool) error {
	file, err := intake.Open(path, p)
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 1<<16)
	if isLines(r) {
		return eachLine(ctx, path, r, f)
	}
	s := &scanner{ctx: ctx, r: r}
	if err := s.documents(path, f); err != nil && !errors.Is(err, errStopped) {
		return fmt.Errorf("after %d bytes: %w", s.read, err)
	}
	return nil
}

// isLines looks at the beginning of a file for a line that is a whole resource.
func isLines(r *bufio.Reader) bool {
	start, _ := r.Peek(r.Size())
	line, _, whole := bytes.Cut(bytes.TrimLeft(start, " \t\r\n\ufeff"), []byte("\n"))
	if !whole && len(start) == r.Size() {
		return false
	}
	v, err := parse(line)
	return err == nil && v.kind == '{' && v.textOf("resourceType") != "Bundle"
}

func eachLine(ctx context.Context, path string, r io.Reader, f func(entry) bool) error {
	lines := intake.NewLines(r)
	for lines.Next() {
		if lines.Number()%256 == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		e := entry{file: path, number: lines.Number(), text: bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff"))}
		if len(bytes.TrimSpace(e.text)) == 0 {
			continue
		}
		if lines.TooLong() {
			e.text, e.fault = nil, "longer than a mebibyte"
		}
		if !f(e) {
			return nil
		}
	}
	return lines.Err()
}

// scanner finds where the values of a document begin and end, and leaves what is
// in them to the parser.
type scanner struct {
	ctx   context.Context
	r     *bufio.Reader
	read  int64
	buf   []byte
	whole []byte // of a document, as it stands, its entries aside
	aside bool
}

var (
	errStopped = errors.New("stopped")
	errCut     = errors.New("the file ends in the middle")
)

// next returns the next byte that is no blank, without taking it.
func (s *scanner) next() (byte, error) {
	for {
		b, err := s.r.ReadByte()
		if err != nil {
			return 0, err
		}
		switch b {
		case ' ', '\t', '\n', '\r':
			s.took(b)
			continue
		case 0xef, 0xbb, 0xbf: // a byte-order mark
			s.read++
			continue
		}
		return b, s.r.UnreadByte()
	}
}

// take takes one of the bytes that may come next.
func (s *scanner) take(among string) (byte, error) {
	b, err := s.next()
	if err == io.EOF {
		return 0, errCut
	}
	if err != nil {
		return 0, err
	}
	if strings.IndexByte(among, b) < 0 {
		return 0, fmt.Errorf("%q where one of %q is due", b, among)
	}
	s.r.Discard(1)
	s.took(b)
	return b, nil
}

// took counts what was read, and keeps what is of the document itself.
func (s *scanner) took(text ...byte) {
	s.read += int64(len(text))
	if !s.aside && len(s.whole) <= maxResource {
		s.whole = append(s.whole, text...)
	}
}

// value reads one value into the buffer; one longer than a resource may be is
// read to its end and dropped.
func (s *scanner) value() (text []byte, tooLong bool, err error) {
	if _, err := s.next(); err != nil {
		return nil, false, cut(err)
	}
	s.buf = s.buf[:0]
	end := ender{}
	for {
		if _, err := s.r.Peek(1); err != nil {
			if err == io.EOF && end.scalar() {
				break
			}
			return nil, false, cut(err)
		}
		chunk, _ := s.r.Peek(s.r.Buffered())
		n, done := end.in(chunk)
		if tooLong = tooLong || len(s.buf)+n > maxResource; !tooLong {
			s.buf = append(s.buf, chunk[:n]...)
		}
		s.took(chunk[:n]...)
		s.r.Discard(n)
		if done {
			break
		}
	}
	return s.buf, tooLong, nil
}

func cut(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

// ender looks for the end of one value.
type ender struct {
	depth             int
	inString, escaped bool
	begun             bool
}

func (e *ender) scalar() bool { return e.begun && e.depth == 0 && !e.inString }

// in returns how many bytes of a chunk belong to the value, and whether it ends
// there.
func (e *ender) in(chunk []byte) (n int, done bool) {
	for i, b := range chunk {
		if e.inString {
			switch {
			case e.escaped:
				e.escaped = false
			case b == '\\':
				e.escaped = true
			case b == '"':
				if e.inString = false; e.depth == 0 {
					return i + 1, true
				}
			}
			continue
		}
		switch b {
		case '"':
			e.inString, e.begun = true, true
		case '{', '[':
			e.depth++
			e.begun = true
		case '}', ']':
			if e.depth == 0 {
				return i, true // of what is around a bare value
			}
			if e.depth--; e.depth == 0 {
				return i + 1, true
			}
		case ',', ' ', '\t', '\n', '\r', ':':
			if e.depth == 0 {
				return i, true
			}
		default:
			e.begun = true
		}
	}
	return len(chunk), false
}

// documents reads the documents of a file, mostly one.
func (s *scanner) documents(path string, f func(entry) bool) error {
	for number := 1; ; number++ {
		if _, err := s.next(); err == io.EOF {
			return nil
		}
		if err := s.document(path, number, f); err != nil {
			return err
		}
	}
}

// document reads one object. Its entries are handed out as they come, before it
// is known to be a bundle, because nothing says that the type comes first.
func (s *scanner) document(path string, number int, f func(entry) bool) error {
	if _, err := s.take("{"); err != nil {
		return err
	}
	s.whole = append(s.whole[:0], '{')
	entries := 0
	for first := true; ; first = false {
		if more, err := s.more(first, "}"); err != nil {
			return err
		} else if !more {
			break
		}
		key, tooLong, err := s.value()
		if err != nil {
			return err
		}
		if len(key) < 2 || key[0] != '"' || tooLong {
			return fmt.Errorf("%.20q where a name is due", key)
		}
		name := string(key)
		if _, err := s.take(":"); err != nil {
			return err
		}
		if next, _ := s.next(); name == `"entry"` && next == '[' {
			s.aside = true
			n, err := s.entries(path, f)
			s.aside = false
			if err != nil {
				return err
			}
			s.whole = append(s.whole, "[]"...)
			entries += n
			continue
		}
		if _, _, err := s.value(); err != nil {
			return err
		}
		if len(s.whole) > maxResource {
			return fmt.Errorf("a resource longer than %d bytes", maxResource)
		}
	}
	return s.resource(path, number, entries, f)
}

// more reports whether another member or item follows in what the byte ends, and
// takes what stands before it.
func (s *scanner) more(first bool, end string) (bool, error) {
	if !first {
		b, err := s.take("," + end)
		return b == ',', err
	}
	if b, err := s.next(); err != nil || b != end[0] {
		return true, cut(err)
	}
	_, err := s.take(end)
	return false, err
}

// resource hands out a document that is no bundle.
func (s *scanner) resource(path string, number, entries int, f func(entry) bool) error {
	v, err := parse(s.whole)
	if err != nil {
		return err
	}
	switch kind := v.textOf("resourceType"); {
	case kind == "Bundle":
		return nil
	case entries > 0:
		return fmt.Errorf("entries in a %q, not in a Bundle", kind)
	}
	if !f(entry{file: path, number: number, text: s.whole}) {
		return errStopped
	}
	return nil
}

// entries hands out the entries of a bundle.
func (s *scanner) entries(path string, f func(entry) bool) (n int, err error) {
	if _, err := s.take("["); err != nil {
		return 0, err
	}
	for n = 1; ; n++ {
		if n%256 == 1 && s.ctx.Err() != nil {
			return n, s.ctx.Err()
		}
		if more, err := s.more(n == 1, "]"); err != nil {
			return n, fmt.Errorf("before entry %d: %w", n, err)
		} else if !more {
			return n - 1, nil
		}
		text, tooLong, err := s.value()
		if err != nil {
			return n, fmt.Errorf("entry %d: %w", n, err)
		}
		e := entry{file: path, number: n, text: text, bundle: true}
		if tooLong {
			e.text, e.fault = nil, fmt.Sprintf("longer than %d bytes", maxResource)
		}
		if !f(e) {
			return n, errStopped
		}
	}
}
