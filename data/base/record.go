package base

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"boussole/data"
)

// Record is what one source says of one thing.
type Record struct {
	Source string // such as "ror-84"; set by the base
	ID     string // the source's own name of it, such as "94/666"

	// Text is its one canonical form, the line of package ndjson without its end:
	// the base compares bytes, and what is written in another order is another text.
	Text []byte

	Class    data.Class // who may know that there is such a record
	Category string     // a word by which retention is told, such as "practice"; may be empty

	// Date is the day on which the source changed the record, by its own word; zero
	// when it does not say. It is no day of an export, which would make every
	// record another one every day.
	Date data.Date
}

// Bounds of a record, in bytes.
const (
	MaxID       = 512
	MaxText     = 1 << 20 // as a line of ndjson
	MaxCategory = 64
)

// Fault says why the base cannot take a record, "" when it can.
func (r *Record) Fault() string {
	switch {
	case !Nameable(r.ID):
		return fmt.Sprintf("its id is not of 1 to %d bytes of UTF-8 without a zero byte", MaxID)
	case len(r.Text) == 0 || len(r.Text) > MaxText:
		return fmt.Sprintf("its text has %d bytes, not 1 to %d", len(r.Text), MaxText)
	case r.Class >= data.Classes:
		return fmt.Sprintf("%d is no access class", r.Class)
	case len(r.Category) > MaxCategory || !utf8.ValidString(r.Category) || strings.Contains(r.Category, "\x00"):
		return fmt.Sprintf("its category is not of at most %d bytes of UTF-8 without a zero byte", MaxCategory)
	}
	return ""
}

// Nameable reports whether a text may be an id of a source.
func Nameable(id string) bool {
	return id != "" && len(id) <= MaxID && utf8.ValidString(id) && !strings.Contains(id, "\x00")
}

// Hash is SHA-256 over all that a source says in a record: its text, its class,
// its category and its date. Two records with one hash are the same.
type Hash [sha256.Size]byte

// Hash returns the hash of a record. It costs about 2 µs for a kilobyte.
func (r *Record) Hash() Hash {
	head := make([]byte, 0, 6+MaxCategory)
	head = append(head, byte(r.Class))
	head = binary.BigEndian.AppendUint32(head, uint32(r.Date))
	head = append(head, byte(len(r.Category))) // so that nothing of it can pass for text
	head = append(head, r.Category...)
	h := sha256.New()
	h.Write(head)
	h.Write(r.Text)
	return Hash(h.Sum(nil))
}

// Rejected says why a record was not taken. The import goes on.
type Rejected struct {
	ID, Reason string
}

func (r *Rejected) Error() string { return fmt.Sprintf("record %q: %s", r.ID, r.Reason) }
