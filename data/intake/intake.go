// Package intake is what the readers of registers share: files that may be
// gzipped, lines that may be too long, and the books: what was read, kept and
// rejected, and why.
//
// It refuses to know any format.
package intake

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
)

// File is an input file, read as text whether gzipped or not.
type File struct {
	io.Reader
	file   *os.File
	gunzip *gzip.Reader
}

// Open opens a file for reading, gunzipped when its first bytes say so. The
// progress, which may be nil, is told of the bytes read from the disk.
func Open(path string, p *Progress) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	raw := bufio.NewReaderSize(io.TeeReader(file, p), 1<<16)
	f := &File{Reader: raw, file: file}
	magic, err := raw.Peek(2)
	if err != nil && err != io.EOF {
		file.Close()
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		f.gunzip, err = gzip.NewReader(raw)
		if err != nil {
			file.Close()
			return nil, fmt.Errorf("gunzipping %s: %w", path, err)
		}
		f.Reader = f.gunzip
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Size returns the number of bytes of a file on the disk, for its progress; 0
// when it cannot be told.
func Size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// MaxLine is how many bytes a line may have: it bounds the memory that one may
// take.
const MaxLine = 1 << 20

// Lines reads a text line by line in bounded memory.
type Lines struct {
	r      *bufio.Reader
	number int
	text   []byte
	long   bool
	err    error
}

// NewLines returns the lines of r.
func NewLines(r io.Reader) *Lines { return &Lines{r: bufio.NewReaderSize(r, 1<<16)} }

// Next goes to the next line, and returns false at the end or at an error.
func (l *Lines) Next() bool {
	l.text, l.long = l.text[:0], false
	for unended := false; ; unended = true {
		part, more, err := l.r.ReadLine()
		if err == io.EOF && unended {
			l.number++
			return true // a last line without an end, as long as the buffer
		}
		if err != nil {
			if err != io.EOF {
				l.err = fmt.Errorf("after line %d: %w", l.number, err)
			}
			return false
		}
		if len(l.text)+len(part) > MaxLine {
			l.long = true
		} else {
			l.text = append(l.text, part...)
		}
		if !more {
			l.number++
			return true
		}
	}
}

// Number is that of the current line, from 1.
func (l *Lines) Number() int { return l.number }

// Bytes is the current line without its end, valid until the next one.
func (l *Lines) Bytes() []byte { return l.text }

// TooLong reports that the line had more than a mebibyte, most of it dropped.
func (l *Lines) TooLong() bool { return l.long }

// Err returns the error that ended the reading, nil at the end of the text.
func (l *Lines) Err() error { return l.err }
