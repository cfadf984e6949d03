package embedded

import (
	"bytes"
	"encoding/binary"
	"encoding/json"

	bolt "go.etcd.io/bbolt"

	"boussole/data"
	"boussole/data/base"
)

// The buckets.
var (
	// meta has the identity of the base and the numbers below, eight bytes each.
	meta         = []byte("meta")
	keyIdentity  = []byte("identity")
	keyFormat    = []byte("format")
	keyCommitted = []byte("committed") // the last number that readers see
	keyFloor     = []byte("floor")     // the highest number that was ever purged

	// log has every row, by its number: it only grows at its end.
	log = []byte("log")

	// versions has a bucket for each source, and one for aliases: an id, a zero
	// byte and the number of a row give its kind and its hash. What is known of a
	// record is the last of them.
	versions = []byte("versions")
	aliases  = []byte("\x00aliases") // no name of a source

	// sources has a JSON text for each source.
	sources = []byte("sources")

	// commits has the mark of each commit, by the number of its last row.
	commits = []byte("commits")
)

// format is the number of what is said here.
const format = 2

func number(seq base.Seq) []byte { return binary.BigEndian.AppendUint64(nil, uint64(seq)) }

// get returns a number of meta, 0 when it is not there.
func get(tx *bolt.Tx, key []byte) base.Seq {
	if value := tx.Bucket(meta).Get(key); len(value) == 8 {
		return base.Seq(binary.BigEndian.Uint64(value))
	}
	return 0
}

func set(tx *bolt.Tx, key []byte, seq base.Seq) error { return tx.Bucket(meta).Put(key, number(seq)) }

// mark returns that of the commit that has ended with a number, "" where none has.
func mark(tx *bolt.Tx, seq base.Seq) base.Mark {
	if of := tx.Bucket(commits); of != nil {
		return base.Mark(of.Get(number(seq)))
	}
	return ""
}

// draw draws the mark of a commit, in a base of before there were any too.
func draw(tx *bolt.Tx, seq base.Seq) error {
	of, err := tx.CreateBucketIfNotExists(commits)
	if err != nil {
		return err
	}
	return of.Put(number(seq), []byte(base.NewMark()))
}

// encode returns the row of a change: its kind, class and days, then its texts,
// each but the last behind its length.
func encode(c *base.Change) []byte {
	r := &c.Record
	row := make([]byte, 0, 16+len(r.Source)+len(r.ID)+len(r.Category)+len(r.Text))
	row = append(row, byte(c.Kind), byte(r.Class))
	row = binary.BigEndian.AppendUint32(row, uint32(c.On))
	row = binary.BigEndian.AppendUint32(row, uint32(r.Date))
	for _, text := range []string{r.Source, r.ID, r.Category} {
		row = append(binary.AppendUvarint(row, uint64(len(text))), text...)
	}
	return append(row, r.Text...)
}

// maxRow is more bytes than any row has.
const maxRow = base.MaxText + 1<<16

// decode reads a row. Its text is still that of the transaction.
func decode(seq base.Seq, row []byte) (base.Change, error) {
	const fixed = 10
	if len(row) < fixed || len(row) > maxRow {
		return base.Change{}, damaged("row %d is missing, or of %d bytes", seq, len(row))
	}
	c := base.Change{Seq: seq, Kind: base.Kind(row[0]), On: day(row[2:])}
	c.Record.Class, c.Record.Date = data.Class(row[1]), day(row[6:])
	rest := row[fixed:]
	for _, text := range []*string{&c.Record.Source, &c.Record.ID, &c.Record.Category} {
		length, n := binary.Uvarint(rest)
		if n <= 0 || length > uint64(len(rest)-n) {
			return base.Change{}, damaged("row %d is cut short", seq)
		}
		*text, rest = string(rest[n:n+int(length)]), rest[n+int(length):]
	}
	if len(rest) > 0 {
		c.Record.Text = rest
	}
	return c, nil
}

func day(b []byte) data.Date { return data.Date(binary.BigEndian.Uint32(b)) }

// row returns the change of a number, whose text is that of the transaction.
func row(tx *bolt.Tx, seq base.Seq) (base.Change, error) {
	return decode(seq, tx.Bucket(log).Get(number(seq)))
}

// head is the last that is known of a record.
type head struct {
	seq  base.Seq // 0 when there is nothing
	kind base.Kind
	hash base.Hash
}

// live reports whether the source has the record.
func (h *head) live() bool { return h.seq != 0 && h.kind != base.Closed }

func versionKey(id string, seq base.Seq) []byte {
	return binary.BigEndian.AppendUint64(append(append(make([]byte, 0, len(id)+9), id...), 0), uint64(seq))
}

// parseVersion splits a key and its value.
func parseVersion(key, value []byte) (id []byte, h head, err error) {
	if len(key) < 10 || len(key) > bolt.MaxKeySize || len(value) != 1+len(h.hash) {
		return nil, h, damaged("a version of %d and %d bytes", len(key), len(value))
	}
	at := len(key) - 8
	h = head{seq: base.Seq(binary.BigEndian.Uint64(key[at:])), kind: base.Kind(value[0]), hash: base.Hash(value[1:])}
	return key[:at-1], h, nil
}

// last returns what is known of a record at a number, by a cursor over the
// versions of its source.
func last(c *bolt.Cursor, id string, at base.Seq) (head, error) {
	before := c.Prev
	if key, _ := c.Seek(versionKey(id, at+1)); key == nil {
		before = c.Last
	}
	key, value := before()
	if len(key) != len(id)+9 || !bytes.HasPrefix(key, []byte(id)) || key[len(id)] != 0 {
		return head{}, nil
	}
	_, h, err := parseVersion(key, value)
	return h, err
}

// readSource returns the state of a source, the zero one when there is none.
func readSource(tx *bolt.Tx, name string) (s base.SourceState, err error) {
	if text := tx.Bucket(sources).Get([]byte(name)); text != nil {
		if err := json.Unmarshal(text, &s); err != nil {
			return s, damaged("what is known of a source: %w", err)
		}
	}
	return s, nil
}

func writeSource(tx *bolt.Tx, s base.SourceState) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.Bucket(sources).Put([]byte(s.Name), text)
}
