package originals

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Store is the records of one source on the disk, and tables by which its reader
// finds them again. Memory is that of a few thousand entries, however many there
// are. What is done to it after an error does nothing: ask Err when it counts.
// It is not safe for concurrent use.
type Store struct {
	source string
	db     *bolt.DB
	tx     *bolt.Tx // all that is read and written goes through one at a time
	dir    string   // of what is temporary, to be removed
	err    error

	entries, bytes int // of the transaction
}

// A transaction is held in memory until it ends.
const (
	maxEntries = 4096
	maxBytes   = 8 << 20
)

// The buckets of a source: records by their number, and numbers by the name of
// the record. What is beside them are tables.
var (
	records = []byte("records")
	names   = []byte("names")
)

// Temporary returns a store that is gone when it is closed, and when the program
// dies.
func Temporary(source string) (*Store, error) {
	dir, err := os.MkdirTemp("", "boussole-records-")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "records")
	s, err := create(source, path)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	os.RemoveAll(dir) // the file has no name from now on, where the system lets it
	s.dir = dir
	return s, nil
}

// Create returns a store in a file, whose mode the caller has chosen when it was
// made. The file is of use once the store is closed without an error.
func Create(source, path string) (*Store, error) { return create(source, path) }

// create opens a file without what would let it outlive a crash at every step:
// it is of use when it is whole, and not before.
func create(source, path string) (*Store, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout: time.Second, NoSync: true, NoGrowSync: true, NoFreelistSync: true, FreelistType: bolt.FreelistMapType,
	})
	if err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	s := &Store{source: source, db: db}
	if s.begin(); s.err != nil {
		return nil, s.Close()
	}
	return s, nil
}

func (s *Store) begin() {
	if s.tx, s.err = s.db.Begin(true); s.err != nil {
		s.tx = nil
		return
	}
	s.entries, s.bytes = 0, 0
	_, s.err = s.tx.CreateBucketIfNotExists([]byte(s.source))
}

// Err returns the first error that there was.
func (s *Store) Err() error { return s.err }

// Reset empties the store.
func (s *Store) Reset() {
	if s.err != nil {
		return
	}
	if s.err = s.tx.DeleteBucket([]byte(s.source)); s.err == nil {
		s.step(maxBytes) // ends the transaction, and makes the bucket anew
	}
}

// Close ends the store: the records of a file are on the disk then, and the
// tables, which are the reader's alone, gone. Of a temporary one nothing stays.
func (s *Store) Close() error {
	if s.db == nil {
		return s.err
	}
	if s.dir != "" {
		if s.tx != nil {
			s.tx.Rollback()
		}
		s.err = errors.Join(s.err, s.db.Close(), os.RemoveAll(s.dir))
	} else {
		s.finish()
		s.err = errors.Join(s.err, s.db.Close())
	}
	s.tx, s.db = nil, nil
	return s.err
}

// finish writes what there is, unless there was an error.
func (s *Store) finish() {
	if s.err == nil {
		s.err = s.dropTables()
	}
	switch {
	case s.tx == nil:
	case s.err != nil:
		s.tx.Rollback()
	default:
		s.err = cmp.Or(s.tx.Commit(), s.db.Sync())
	}
}

func (s *Store) dropTables() error {
	source := s.tx.Bucket([]byte(s.source))
	var tables []string
	source.ForEachBucket(func(name []byte) error {
		if table := string(name); table != string(records) && table != string(names) {
			tables = append(tables, table)
		}
		return nil
	})
	for _, table := range tables {
		if err := source.DeleteBucket([]byte(table)); err != nil {
			return err
		}
	}
	return nil
}

// bucket returns a table, nil when nothing is in it and it is not made.
func (s *Store) bucket(table []byte, made bool) *bolt.Bucket {
	source := s.tx.Bucket([]byte(s.source))
	if b := source.Bucket(table); b != nil || !made {
		return b
	}
	b, err := source.CreateBucket(table)
	s.err = cmp.Or(s.err, err)
	return b
}

// step counts what was written, and begins a new transaction when there is
// enough of it.
func (s *Store) step(bytes int) {
	s.entries++
	s.bytes += bytes
	if s.err != nil || s.entries < maxEntries && s.bytes < maxBytes {
		return
	}
	if s.err = s.tx.Commit(); s.err != nil {
		s.tx = nil
		return
	}
	s.begin()
}

// Add keeps a record as it is. One name, which is a text of at most some
// kilobytes without a zero byte, may have several; they stay in the order in
// which they came. Numbers are from 1 on, over all names.
func (s *Store) Add(name string, text []byte) (number uint64) {
	if s.err != nil {
		return 0
	}
	all := s.bucket(records, true)
	if s.err != nil {
		return 0
	}
	all.FillPercent = 1 // numbers only grow
	number, s.err = all.NextSequence()
	if s.err != nil {
		return 0
	}
	key := binary.BigEndian.AppendUint64(nil, number)
	if s.err = all.Put(key, append([]byte{}, text...)); s.err != nil {
		return 0
	}
	s.Set(string(names), name+end+string(key), nil)
	s.step(len(text))
	return number
}

// end ends a name before the number of a record that has it, so that no name is
// the beginning of another.
const end = "\x00"

// Has reports whether there is a record of a name.
func (s *Store) Has(name string) bool {
	for range s.Under(string(names), name+end) {
		return true
	}
	return false
}

// First returns the first record of a name and its number, 0 when there is none.
// The text is valid until the next change of the store.
func (s *Store) First(name string) (text []byte, number uint64) {
	for key := range s.Under(string(names), name+end) {
		return s.bucket(records, false).Get([]byte(key)), binary.BigEndian.Uint64([]byte(key))
	}
	return nil, 0
}

// Set writes an entry of a table, whose name must not be one of the package's.
func (s *Store) Set(table, key string, value []byte) {
	if s.err != nil {
		return
	}
	b := s.bucket([]byte(table), true)
	if s.err != nil {
		return
	}
	s.err = b.Put([]byte(key), value)
	s.step(len(key) + len(value))
}

// Value returns an entry of a table, nil when there is none. It is valid until
// the next change of the store.
func (s *Store) Value(table, key string) []byte {
	if s.err != nil {
		return nil
	}
	b := s.bucket([]byte(table), false)
	if b == nil {
		return nil
	}
	return b.Get([]byte(key))
}

// Under yields the rest of every key of a table that begins with a prefix, in
// order. The store must not change meanwhile.
func (s *Store) Under(table, prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if s.err != nil {
			return
		}
		if b := s.bucket([]byte(table), false); b != nil {
			under(b, prefix)(yield)
		}
	}
}

func under(b *bolt.Bucket, prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		c := b.Cursor()
		for key, _ := c.Seek([]byte(prefix)); key != nil; key, _ = c.Next() {
			rest, ok := strings.CutPrefix(string(key), prefix)
			if !ok || !yield(rest) {
				return
			}
		}
	}
}

// ErrNone is that there is no such record.
var ErrNone = errors.New("no such record")

// Read returns the records of a name, in the order in which they were read, from
// a file that a store has left.
func Read(path, source, name string) (all [][]byte, err error) {
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file: %w", path, fs.ErrInvalid)
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return nil, fmt.Errorf("%s is no file of originals, or is damaged: %w", path, err)
	}
	defer db.Close()
	err = db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(source))
		if b == nil || b.Bucket(records) == nil || b.Bucket(names) == nil {
			return fmt.Errorf("%s holds nothing of the source %q: %w", path, source, ErrNone)
		}
		for number := range under(b.Bucket(names), name+end) {
			all = append(all, append([]byte{}, b.Bucket(records).Get([]byte(number))...))
		}
		if all == nil {
			return fmt.Errorf("%s holds no %s of the source %q: %w", path, name, source, ErrNone)
		}
		return nil
	})
	return all, err
}
