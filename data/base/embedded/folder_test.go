package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"boussole/data/base"
)

func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "base")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := Open(dir); err == nil {
		second.Close()
		t.Error("a base was opened twice")
	}
	for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, fileName): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, "new-123.db")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := stateOf(dir); n != 0 || err != nil {
		t.Errorf("opened again: %d, %v", n, err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a program that died has left is there for ever")
	}
}

// TestOpenPath opens a base by other ways to write the path of its folder.
func TestOpenPath(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"a/b/", "a/b", "a/../c/./d//", "."} {
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, fileName)); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := Open(filepath.Join("a/b", fileName, "c")); err == nil {
		s.Close()
		t.Error("a file was taken for a folder")
	}
}

func TestOpenOther(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	if err := os.WriteFile(path, []byte(strings.Repeat("no base ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil {
		t.Error("a text was opened as a base")
	}
	os.Remove(path)
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), fmt.Sprint("no base of format ", format)) {
		t.Errorf("another file of bbolt: %v", err)
	}
}

// TestCloseBeforeCommit closes a base under an import: nothing of it is left.
func TestCloseBeforeCommit(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.maxStep = steps
	if err := bring(s, 1, func() {}); err != nil {
		t.Fatal(err)
	}
	if err := bring(s, 2, func() { err = s.Close() }); err == nil {
		t.Error("committed after the end")
	}
	if err != nil {
		t.Fatal(err)
	}
	if n, err := stateOf(dir); n != 1 || err != nil {
		t.Errorf("state %d, %v", n, err)
	}
}

// The last commit of a base that a program wrote which knew of no marks gets one, for who
// follows it from now on.
func TestMarksOfAnOlderBase(t *testing.T) {
	dir := t.TempDir()
	last := func() (base.Seq, base.Mark) {
		t.Helper()
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		now, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer now.Close()
		mark, err := now.Mark(now.Seq())
		if err != nil {
			t.Fatal(err)
		}
		return now.Seq(), mark
	}
	if seq, mark := last(); seq != 0 || mark != "" {
		t.Errorf("an empty base has the mark %q at %d", mark, seq)
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	i, err := s.Begin(t.Context(), base.Export{Source: "a", Of: 1, On: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Put(base.Record{ID: "1", Text: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket(commits) }), s.Close()); err != nil {
		t.Fatal(err)
	}
	seq, mark := last()
	if seq != 1 || mark == "" {
		t.Errorf("it has the mark %q at %d", mark, seq)
	}
	if _, again := last(); again != mark {
		t.Errorf("it has the mark %q, and then %q", mark, again)
	}
}
