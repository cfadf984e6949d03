package embedded

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"boussole/data/base"
)

// Store is a [base.Base] in a folder.
type Store struct {
	dir      string
	db       *bolt.DB
	damaged  atomic.Pointer[damage] // nil while nothing is known of any
	identity base.Identity
	turn     chan struct{} // held by the one who writes
	maxStep  int           // what one step writes at the most, in bytes; see maxStepRows

	mu     sync.Mutex
	open   *transaction // the import that is open, nil when there is none
	pinned int          // snapshots
}

var _ base.Base = (*Store)(nil)

// fileName is the store in its folder; beginnings are files that may become it.
const (
	fileName   = "base.db"
	beginnings = "new-*.db"
)

// Open opens the base of a folder, and makes both when they are not there. They
// are their owner's alone to read: a base holds everything, the hidden too. What
// a broken import has left is cleared away, which takes as long as it did to
// write. Another program that has it open is an error after a second, and a file that
// is damaged is one at once, as far as that is seen.
func Open(dir string) (*Store, error) {
	s, err := open(dir)
	if d, is := errors.AsType[*damage](err); is {
		return nil, d // says where already
	}
	if err != nil {
		return nil, fmt.Errorf("opening the base in %s: %w", dir, err)
	}
	return s, nil
}

// Exists says why there is no base in a folder, nil when there is one.
func Exists(dir string) error {
	_, err := os.Stat(filepath.Join(dir, fileName))
	return err
}

func open(dir string) (*Store, error) {
	dir = filepath.Clean(dir)
	path := filepath.Join(dir, fileName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(dir, path); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	if err := syncFolder(dir); err != nil { // another program may have died before it did
		return nil, err
	}
	s := &Store{dir: dir, turn: make(chan struct{}, 1), maxStep: maxStep}
	if err := s.guarded(s.start); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	removeBeginnings(dir)
	return s, nil
}

// start opens the file, and makes it ready.
func (s *Store) start() (err error) {
	if err := s.checkSize(); err != nil {
		return err
	}
	if s.db, err = openFile(filepath.Join(s.dir, fileName), bolt.Options{}); err != nil {
		return err
	}
	if s.identity, err = identify(s.db); err != nil {
		return err
	}
	return errors.Join(s.clear(), s.marked())
}

var errInUse = errors.New("another program has it open")

func openFile(path string, options bolt.Options) (*bolt.DB, error) {
	options.Timeout, options.FreelistType = time.Second, bolt.FreelistMapType
	db, err := bolt.Open(path, 0o600, &options)
	if errors.Is(err, bolterrors.ErrTimeout) {
		err = errInUse
	}
	return db, err
}

// create makes an empty base under another name, and gives it its own when it is
// on the disk: a file that is there is whole. Of two programs that do so at once
// the link of one is made; a rename would take the file from under the other.
func create(dir, path string) error {
	if err := makeFolder(dir); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, beginnings)
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if err := file.Close(); err != nil {
		return err
	}
	db, err := openFile(file.Name(), bolt.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(db.Update(makeBuckets), db.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// makeFolder makes a folder, and those above it that are not there. The name of
// each is durable before anything is put into it.
func makeFolder(dir string) error {
	above := filepath.Dir(dir)
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) && above != dir {
		if err := makeFolder(above); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(above)
}

func makeBuckets(tx *bolt.Tx) error {
	for _, name := range [][]byte{meta, log, versions, sources} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	if _, err := tx.Bucket(versions).CreateBucket(aliases); err != nil {
		return err
	}
	return errors.Join(set(tx, keyFormat, format), tx.Bucket(meta).Put(keyIdentity, []byte(base.NewIdentity())))
}

// identify returns who the base is, and an error when it is none.
func identify(db *bolt.DB) (id base.Identity, err error) {
	err = db.View(func(tx *bolt.Tx) error {
		if tx.Bucket(meta) == nil || get(tx, keyFormat) != format {
			return fmt.Errorf("it is no base of format %d", format)
		}
		id = base.Identity(tx.Bucket(meta).Get(keyIdentity))
		return nil
	})
	return id, err
}

// marked draws the mark of the last commit where a program that knew of none has made it.
func (s *Store) marked() error {
	missing := false
	err := s.view(func(tx *bolt.Tx) error {
		last := get(tx, keyCommitted)
		missing = last > 0 && mark(tx, last) == ""
		return nil
	})
	if err != nil || !missing {
		return err
	}
	return s.update(func(tx *bolt.Tx) error { return draw(tx, get(tx, keyCommitted)) })
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// removeBeginnings removes what programs that died have left; the base is there,
// so that no beginning can become it any more.
func removeBeginnings(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, beginnings)) // the pattern is well-formed
	for _, path := range left {
		os.Remove(path) // only takes room
	}
}

// Close closes the base; an import that is open is rolled back. One that is damaged stays
// open, and locked, until the program ends: bbolt would wait for who has met the damage,
// for ever.
func (s *Store) Close() error {
	s.mu.Lock()
	open := s.open
	s.mu.Unlock()
	var err error
	if open != nil {
		err = open.Rollback()
	}
	if s.db == nil || s.damaged.Load() != nil {
		return err
	}
	return errors.Join(err, s.db.Close())
}

// lock waits for the turn to write.
func (s *Store) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) unlock() { <-s.turn }

// What one step writes at the most, and so what memory holds of it: the texts, and
// the pages of the file that they touch, which are two or three for each row, of
// 4 KiB, when ids come in no order.
const (
	maxStep     = 8 << 20
	maxStepRows = 4096
)

// clear deletes the rows of an import that was not committed.
func (s *Store) clear() error {
	for before := base.Seq(0); ; {
		left, err := s.left()
		if err == nil && left == before && left != 0 {
			err = damaged("row %d stays", left)
		}
		if err == nil && left != 0 {
			before, err = left, s.update(clearSome)
		}
		if err != nil {
			return fmt.Errorf("clearing what a broken import has left: %w", err)
		}
		if left == 0 {
			return nil
		}
	}
}

// left returns the first row that was not committed, 0 when there is none.
func (s *Store) left() (left base.Seq, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		if key, _ := tx.Bucket(log).Cursor().Seek(number(get(tx, keyCommitted) + 1)); key != nil {
			left = base.Seq(binary.BigEndian.Uint64(key))
		}
		return nil
	})
	return left, err
}

// clearSome deletes as many as a step may. They are collected first: a cursor may
// not walk over what is deleted under it, and one of bbolt that looks for the last
// entry where all were deleted never ends.
func clearSome(tx *bolt.Tx) error {
	var rows []base.Change
	c := tx.Bucket(log).Cursor()
	size := 0
	for key, value := c.Seek(number(get(tx, keyCommitted) + 1)); key != nil && size < maxStep && len(rows) < maxStepRows; key, value = c.Next() {
		row, err := decode(base.Seq(binary.BigEndian.Uint64(key)), value)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		size += len(value) + rowCost
	}
	for _, row := range rows {
		if err := remove(tx, &row); err != nil {
			return err
		}
	}
	return nil
}

// rowCost is what a row takes beside its text, roughly.
const rowCost = 150

// remove deletes a row.
func remove(tx *bolt.Tx, c *base.Change) error {
	of := tx.Bucket(versions).Bucket(family(c))
	if of == nil {
		return damaged("row %d is of a source that is not there", c.Seq)
	}
	return errors.Join(of.Delete(versionKey(c.Record.ID, c.Seq)), tx.Bucket(log).Delete(number(c.Seq)))
}

// family is the bucket of versions in which a change is.
func family(c *base.Change) []byte {
	if c.Kind == base.Aliased {
		return aliases
	}
	return []byte(c.Record.Source)
}
