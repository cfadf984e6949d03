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
		guards = append(guards, k.open[len(k.open)-1].guard)
		hurried, cancel := context.WithCancel(context.Background())
		cancel()
		if _, _, err := k.As(hurried, data.Viewer{}, basisTwo); !errors.Is(err, context.Canceled) {
			t.Errorf("beside another question: %v", err)
		}
		done()
		done() // which does nothing more
	}
	if guards[1] != guards[2] || guards[0] != guards[3] || guards[0] == guards[1] {
		t.Error("one of two was opened anew")
	}
	if _, _, err := ask("none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a basis of nothing: %v", err)
	}
	damage(t, dir, one)
	k.close(k.open[1])
	if guards[0].current.Load().count.Load() != 0 || guards[1].current.Load().count.Load() == 0 {
		t.Error("another one was closed")
	}
	if _, _, err := ask(basisOne); !errors.Is(err, ErrGeneration) {
		t.Errorf("a damaged generation: %v", err)
	} else if errors.Is(err, ErrUnreadable) {
		t.Errorf("a damaged generation may be read later: %v", err)
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
	guard := k.open[0].guard
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
	if len(k.open) != 1 || k.open[0].guard == nil || k.open[0].id != one {
		t.Error("it was opened for nothing")
	}
	view, done, err := k.As(context.Background(), data.Viewer{}, basis)
	if err != nil || view.Basis() != basis {
		t.Fatalf("who asks next: %v", err)
	}
	done()
}

// Whoever asks by turns for more generations than are open at once has a few of them
// opened in a minute, and no more; the open ones answer on.
func TestKeptOpensFew(t *testing.T) {
	dir := t.TempDir()
	var bases []string
	for i := range mostOpen + 2 {
		g, err := Build(context.Background(), data.Memory{{ID: "a", Name: fmt.Sprint(i)}}, dir, Options{Keep: mostOpen + 2})
		if err != nil {
			t.Fatal(err)
		}
		m, err := readManifest(filepath.Join(dir, g.id), g.id)
		if err != nil {
			t.Fatal(err)
		}
		bases = append(bases, m.Digests[0])
	}
	openings := 0
	t.Cleanup(func() { selfCheck = (*Generation).selfCheck })
	selfCheck = func(*Generation, context.Context) error { openings++; return nil }
	k := NewKept(dir)
	ask := func(basis string) error {
		_, done, err := k.As(context.Background(), data.Viewer{}, basis)
		if err == nil {
			done()
		}
		return err
	}
	for i := range 4 * len(bases) {
		turn := i % len(bases)
		if err := ask(bases[turn]); turn < mostOpen && err != nil || turn >= mostOpen && !errors.Is(err, ErrBusy) {
			t.Errorf("question %d: %v", i, err)
		}
	}
	if openings != mostOpen {
		t.Errorf("%d were opened", openings)
	}
	k.opened[0] = k.opened[0].Add(-k.linger) // a minute later
	for i, want := range []error{nil, ErrBusy, nil, ErrBusy} {
		if err := ask(bases[mostOpen+i%2]); !errors.Is(err, want) {
			t.Errorf("a minute later: %v, want %v", err, want)
		}
	}
	if openings != mostOpen+1 || len(k.open) != mostOpen {
		t.Errorf("%d were opened, %d are open", openings, len(k.open))
	}
}

// What the system refuses to read may be there later, and is not tried all the time;
// what is damaged or gone is not.
func TestKeptThatCannotBeReadForNow(t *testing.T) {
	dir := t.TempDir()
	one, basis := basisOfNumbered(t, dir, 1)
	offers, manifest := filepath.Join(dir, one, offersFile), filepath.Join(dir, one, manifestFile)
	for _, path := range []string{offers, manifest} {
		aside := func(name string) {
			if err := os.Rename(path, path+".aside"); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(name, path); err != nil {
				t.Fatal(err)
			}
		}
		back := func() {
			if err := errors.Join(os.Remove(path), os.Rename(path+".aside", path)); err != nil {
				t.Fatal(err)
			}
		}
		k := NewKept(dir)
		ask := func() error {
			_, done, err := k.As(context.Background(), data.Viewer{}, basis)
			if err == nil {
				done()
			}
			return err
		}
		aside(filepath.Base(path)) // a loop of links, which the system refuses to follow
		if err := ask(); !errors.Is(err, ErrUnreadable) || errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", path, err)
		}
		back()
		if err := ask(); path == offers && !errors.Is(err, ErrUnreadable) || path == manifest && err != nil {
			t.Errorf("%s at once after: %v", path, err)
		}
		for len(k.open) > 0 { // a minute later
			k.close(k.open[0])
		}
		if err := ask(); err != nil {
			t.Errorf("%s is there again: %v", path, err)
		}
		for len(k.open) > 0 {
			k.close(k.open[0])
		}
		aside("nothing")
		if err := ask(); err == nil || errors.Is(err, ErrUnreadable) {
			t.Errorf("%s is gone: %v", path, err)
		}
		back()
	}
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
