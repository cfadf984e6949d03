package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"boussole/data"
)

// basisOfNumbered builds a generation and returns its basis for the public.
func basisOfNumbered(t *testing.T, dir string, number int) (id, basis string) {
	t.Helper()
	id = buildNumbered(t, dir, number)
	m, err := readManifest(filepath.Join(dir, id), id)
	if err != nil {
		t.Fatal(err)
	}
	return id, m.Digests[0]
}

func TestKept(t *testing.T) {
	dir := t.TempDir()
	one, basisOne := basisOfNumbered(t, dir, 1)
	_, basisTwo := basisOfNumbered(t, dir, 2)
	k := NewKept(dir)
	ask := func(basis string) (*View, func(), error) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return k.As(ctx, data.Viewer{}, basis)
	}
	var guards []*Guard
	for _, basis := range []string{basisOne, basisTwo, basisTwo, basisOne} {
		view, done, err := ask(basis)
		if err != nil || view.Basis() != basis {
			t.Fatalf("%s: %v", basis, err)
		}
		guards = append(guards, k.guard)
		hurried, cancel := context.WithCancel(context.Background())
		cancel()
		if _, _, err := k.As(hurried, data.Viewer{}, basisTwo); !errors.Is(err, context.Canceled) {
			t.Errorf("beside another question: %v", err)
		}
		done()
		done() // which does nothing more
	}
	if guards[1] != guards[2] || guards[0] == guards[1] || guards[0] == guards[3] {
		t.Error("one of two was opened anew, or both stayed open")
	}
	for i, g := range guards[:3] {
		if g.current.Load().count.Load() != 0 {
			t.Errorf("question %d: its generation is still open", i)
		}
	}
	if _, _, err := ask("none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a basis of nothing: %v", err)
	}
	damage(t, dir, one)
	k.close()
	if _, _, err := ask(basisOne); !errors.Is(err, ErrGeneration) {
		t.Errorf("a damaged generation: %v", err)
	}
	if err := os.RemoveAll(filepath.Join(dir, one)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ask(basisOne); !errors.Is(err, ErrNotFound) {
		t.Errorf("a generation that was removed: %v", err)
	}
	if _, _, err := (*Kept)(nil).As(context.Background(), data.Viewer{}, basisOne); !errors.Is(err, ErrNotFound) {
		t.Errorf("nothing is kept: %v", err)
	}
}

// What is removed is not kept, though it be open still; and what nobody asks again
// closes.
func TestKeptLetsGo(t *testing.T) {
	dir := t.TempDir()
	one, basis := basisOfNumbered(t, dir, 1)
	k := NewKept(dir)
	_, done, err := k.As(context.Background(), data.Viewer{}, basis)
	if err != nil {
		t.Fatal(err)
	}
	guard := k.guard
	k.linger = 0
	done()
	for end := time.Now().Add(time.Minute); guard.current.Load().count.Load() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it stays open")
		}
	}
	k.linger = time.Hour
	if _, done, err = k.As(context.Background(), data.Viewer{}, basis); err != nil {
		t.Fatal("asked again:", err)
	}
	done()
	if err := os.RemoveAll(filepath.Join(dir, one)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.As(context.Background(), data.Viewer{}, basis); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed, and open still: %v", err)
	}
}
