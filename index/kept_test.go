package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// spent is the context of who has waited long enough by the time that a generation is
// open.
type spent struct{ context.Context }

func (spent) Err() error { return context.DeadlineExceeded }

// What took too long to open for who asked is there for who asks next.
func TestKeptIsOpenedToTheEnd(t *testing.T) {
	dir := t.TempDir()
	one, basis := basisOfNumbered(t, dir, 1)
	basisOfNumbered(t, dir, 2)
	k := NewKept(dir)
	if _, _, err := k.As(spent{context.Background()}, data.Viewer{}, basis); err != context.DeadlineExceeded {
		t.Errorf("who waited too long: %v", err)
	}
	if k.guard == nil || k.id != one {
		t.Error("it was opened for nothing")
	}
	view, done, err := k.As(context.Background(), data.Viewer{}, basis)
	if err != nil || view.Basis() != basis {
		t.Fatalf("who asks next: %v", err)
	}
	done()
}

// What changes unseen takes nobody's place: an answer for the public can be given
// again for as long as if it had not.
func TestHiddenChangesTakeNoPlace(t *testing.T) {
	dir := t.TempDir()
	buildOf := func(shown, hidden int) manifest {
		offers := data.Memory{{ID: "a", Name: fmt.Sprint(shown)}, {ID: "b", Name: fmt.Sprint(hidden), Sensitive: true}}
		g, err := Build(context.Background(), offers, dir, Options{Keep: 2})
		if err != nil {
			t.Fatal(err)
		}
		m, err := readManifest(filepath.Join(dir, g.id), g.id)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	keeps := func(m manifest) bool {
		ids, err := published(dir)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(ids, m.ID)
	}
	first, second := buildOf(1, 0), buildOf(2, 0)
	var unseen []manifest
	for hidden := range 3 {
		unseen = append(unseen, buildOf(2, 1+hidden))
	}
	if second.Digests[0] != unseen[2].Digests[0] || first.Digests[0] == second.Digests[0] {
		t.Fatal("the public sees what is hidden, or nothing")
	}
	if !keeps(first) {
		t.Error("three changes that the public does not see took the place of what it was answered by")
	}
	if keeps(second) || keeps(unseen[0]) || !keeps(unseen[1]) || !keeps(unseen[2]) {
		t.Error("of what only one profile tells apart not the last two are kept")
	}
	if buildOf(3, 3); keeps(first) {
		t.Error("what the public has seen change twice since is kept")
	}
}
