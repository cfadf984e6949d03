package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"

	bolt "go.etcd.io/bbolt"
)

// damage is why a file can be used no more. Where it is, guarded says.
type damage struct {
	dir string
	why any
}

func (d *damage) Error() string {
	return fmt.Sprintf("the base in %s is damaged or cut short: %v: put a copy of its %s back", d.dir, d.why, fileName)
}

func damaged(format string, of ...any) error { return &damage{why: fmt.Errorf(format, of...)} }

// guarded does what reads or writes the file. Where that is damaged bbolt panics, or faults
// where the file has no page: both are an error here. After the first one nothing is done
// any more: who panicked may still hold the locks of bbolt. It costs some nanoseconds.
func (s *Store) guarded(use func() error) (err error) {
	if d := s.damaged.Load(); d != nil {
		return d
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if why := recover(); why != nil {
			if _, is := why.(interface{ Addr() uintptr }); is { // see SetPanicOnFault
				why = "it has no such page"
			}
			err = &damage{why: why}
		}
		if d, is := errors.AsType[*damage](err); is {
			s.damaged.CompareAndSwap(nil, &damage{s.dir, d.why})
			err = s.damaged.Load()
		}
	}()
	return use()
}

func (s *Store) view(read func(*bolt.Tx) error) error {
	return s.guarded(func() error { return s.db.View(read) })
}

func (s *Store) update(write func(*bolt.Tx) error) error {
	return s.guarded(func() error { return s.db.Update(write) })
}

// checkSize holds the length of the file against what its first two pages say, and reads
// no other: to open it for writing reads more, and makes a base of an empty one.
func (s *Store) checkSize() error {
	path := filepath.Join(s.dir, fileName)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return damaged("it is empty")
	}
	db, err := openFile(path, bolt.Options{ReadOnly: true})
	if system := syscall.Errno(0); err != nil && err != errInUse && !errors.As(err, &system) {
		return damaged("%w", err) // or no base at all
	}
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bolt.Tx) error {
		info, err := os.Stat(path) // now that nobody writes
		if err == nil && info.Size() < tx.Size() {
			err = damaged("%d bytes, not %d", info.Size(), tx.Size())
		}
		return err
	})
}
