package merge

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"os"

	"boussole/data"
)

// spool holds offers in a temporary file, in the encoding of Go, which knows
// every field of the model and takes half a kilobyte for most; in memory they
// take nearly five. The file has no name once it is open, where the system lets
// it, so that it is gone with the program.
type spool struct {
	file *os.File
	out  *bufio.Writer
	size int64

	encoder *gob.Encoder
	written bytes.Buffer
	decoder *gob.Decoder
	section bytes.Reader
	buffer  []byte
}

// span is where an offer is in the file.
type span struct {
	from int64
	size int32
}

func newSpool() (*spool, error) {
	file, err := os.CreateTemp("", "boussole-offers-")
	if err != nil {
		return nil, err
	}
	os.Remove(file.Name())
	s := &spool{file: file, out: bufio.NewWriterSize(file, 1<<18)}
	s.encoder, s.decoder = gob.NewEncoder(&s.written), gob.NewDecoder(&s.section)
	// The types go before the first value only: with one that is empty they are
	// out of the way, and every other can be read by itself.
	var none data.Offer
	if err := s.encoder.Encode(&none); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.section.Reset(bytes.Clone(s.written.Bytes()))
	if err := s.decoder.Decode(&none); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *spool) close() error {
	err := s.file.Close()
	os.Remove(s.file.Name()) // where it could not be removed while it was open
	return err
}

func (s *spool) write(o *data.Offer) (span, error) {
	text, err := s.encode(o)
	if err != nil {
		return span{}, err
	}
	at := span{s.size, int32(len(text))}
	s.size += int64(at.size)
	_, err = s.out.Write(text)
	return at, err
}

// encode returns an offer as bytes, the same for the same offer, until the next call.
func (s *spool) encode(o *data.Offer) ([]byte, error) {
	s.written.Reset()
	err := s.encoder.Encode(o)
	return s.written.Bytes(), err
}

// read returns the offer at a place, which is the caller's. What was written must
// be flushed.
func (s *spool) read(at span) (*data.Offer, error) {
	if cap(s.buffer) < int(at.size) {
		s.buffer = make([]byte, 2*at.size)
	}
	text := s.buffer[:at.size]
	if _, err := s.file.ReadAt(text, at.from); err != nil {
		return nil, err
	}
	s.section.Reset(text)
	o := new(data.Offer)
	err := s.decoder.Decode(o)
	return o, err
}

// flush makes what was written readable.
func (s *spool) flush() error {
	if err := s.out.Flush(); err != nil {
		return fmt.Errorf("holding offers on the disk: %w", err)
	}
	return nil
}
