package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
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
