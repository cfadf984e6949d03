package index

import (
	"bufio"
	"errors"
	"io"
	"os"

	mmap "github.com/blevesearch/mmap-go"
)

// A draft keeps documents in the order in which they come, until they are written
// in that of their ids.
type draft interface {
	// add keeps a document; it starts where those before it end.
	add(document []byte) error

	// all returns the documents, one after the other, when no more will come. They
	// are there until close.
	all() ([]byte, error)
	close()
}

// memoryDraft keeps them in memory.
type memoryDraft struct{ text []byte }

func (d *memoryDraft) add(document []byte) error {
	d.text = append(d.text, document...)
	return nil
}

func (d *memoryDraft) all() ([]byte, error) { return d.text, nil }
func (*memoryDraft) close()                 {}

// fileDraft keeps them in a temporary file, which has no name where the system
// lets it, so that nothing is left behind.
type fileDraft struct {
	file   *os.File
	buffer *bufio.Writer
	mapped mmap.MMap
}

func newFileDraft() (*fileDraft, error) {
	file, err := os.CreateTemp("", "boussole-documents-")
	if err != nil {
		return nil, err
	}
	os.Remove(file.Name())
	return &fileDraft{file: file, buffer: bufio.NewWriterSize(file, 1<<20)}, nil
}

func (d *fileDraft) add(document []byte) error {
	_, err := d.buffer.Write(document)
	return err
}

func (d *fileDraft) all() ([]byte, error) {
	if err := d.buffer.Flush(); err != nil {
		return nil, err
	}
	if size, err := d.file.Seek(0, io.SeekEnd); err != nil || size == 0 {
		return nil, err // nothing cannot be mapped
	}
	var err error
	d.mapped, err = mmap.Map(d.file, mmap.RDONLY, 0)
	return d.mapped, err
}

// close gives everything back; what goes wrong then changes nothing.
func (d *fileDraft) close() {
	var unmapped error
	if d.mapped != nil {
		unmapped = d.mapped.Unmap()
	}
	_ = errors.Join(unmapped, d.file.Close(), os.Remove(d.file.Name()))
}
