package index

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"boussole/data"
)

// Kept is the generations under a folder that are served no more and not removed
// yet, for answers that were based on one of them. One of them is open at a time, for
// one question at a time, and a minute after its last question it closes. It is safe
// for concurrent use.
type Kept struct {
	dir    string
	linger time.Duration
	turn   chan struct{} // who has it may use what follows

	id    string
	guard *Guard // nil where none is open
	used  int    // how many times; what closes it later looks whether it is still the last
}

// NewKept keeps to a folder under which generations are published. It reads nothing
// yet.
func NewKept(dir string) *Kept {
	return &Kept{dir: dir, linger: time.Minute, turn: make(chan struct{}, 1)}
}

// As returns a view of the generation of which [View.Basis] is this, for who asks,
// and what to call when the question is answered, which closes the view too. It is
// [ErrNotFound] where no such generation is kept, and where Kept is nil; a damaged
// one is [ErrGeneration].
//
// It waits while another question is answered through it, until the context is done,
// and while a generation is opened, some seconds for one of a million offers. Of all
// that are kept it reads the manifests.
func (k *Kept) As(ctx context.Context, v data.Viewer, basis string) (view *View, done func(), err error) {
	if k == nil {
		return nil, nil, ErrNotFound
	}
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	if err := k.have(ctx, v, basis); err != nil {
		<-k.turn
		return nil, nil, err
	}
	k.used++
	if ctx.Err() != nil { // it took too long for who asked, and is there for who asks next
		k.later(k.used)
		<-k.turn
		return nil, nil, ctx.Err()
	}
	view = k.guard.As(v)
	return view, sync.OnceFunc(func() {
		view.Close()
		k.later(k.used)
		<-k.turn
	}), nil
}

// have opens the generation of a basis, unless it is open. It does not stop half-way:
// one that takes longer to open than anybody waits would never be open.
func (k *Kept) have(ctx context.Context, v data.Viewer, basis string) error {
	id, err := k.find(v, basis)
	if err != nil || k.guard != nil && k.id == id {
		return err
	}
	k.close()
	g, err := openOne(context.WithoutCancel(ctx), filepath.Join(k.dir, id), id)
	if err != nil {
		return fmt.Errorf("opening a generation that is kept: %w", err)
	}
	k.id, k.guard = id, NewGuard(g)
	return nil
}

// find looks into the folder each time: what is removed is not kept, though it be
// open still.
func (k *Kept) find(v data.Viewer, basis string) (id string, err error) {
	ids, err := published(k.dir)
	if err != nil {
		return "", fmt.Errorf("looking for generations that are kept: %w", err)
	}
	for _, id := range ids {
		m, err := readManifest(filepath.Join(k.dir, id), id)
		if err == nil && basisOf(&m.Digests, v) == basis {
			return id, nil
		}
	}
	return "", ErrNotFound
}

// later closes what is open, unless it is used again.
func (k *Kept) later(used int) {
	time.AfterFunc(k.linger, func() {
		k.turn <- struct{}{}
		if k.used == used {
			k.close()
		}
		<-k.turn
	})
}

// close lets go of what is open; nobody has a view of it.
func (k *Kept) close() {
	if k.guard != nil {
		k.guard.retire()
		k.id, k.guard = "", nil
	}
}
