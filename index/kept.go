package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"boussole/data"
)

// Kept is the generations under a folder that are served no more and not removed
// yet, for answers that were based on one of them. A few of them are open at a time,
// for one question at a time, and each closes a minute after its last question. To
// open one is to read and to hash all of it, so that no more than that few are opened
// in a minute, whoever asks for which. It is safe for concurrent use.
type Kept struct {
	dir    string
	linger time.Duration
	turn   chan struct{} // who has it may use what follows

	open   []*opened   // the one that was used last stands last
	opened []time.Time // when the last ones were, at most mostOpen
}

// mostOpen is how many are open, and how many are opened in a minute.
const mostOpen = 3

// opened is a generation that is open, or why it could not be opened.
type opened struct {
	id    string
	guard *Guard // nil where there is an error
	err   error
	used  int // how many times; what closes it later looks whether it is still the last
}

// ErrUnreadable is wrapped where a generation is kept and cannot be read for now: the
// disk or the system refuses, and may not later.
var ErrUnreadable = errors.New("a generation cannot be read for now")

// ErrBusy says that as many generations were opened within a minute as may be.
var ErrBusy = errors.New("too many generations were opened of late")

// NewKept keeps to a folder under which generations are published. It reads nothing
// yet.
func NewKept(dir string) *Kept {
	return &Kept{dir: dir, linger: time.Minute, turn: make(chan struct{}, 1)}
}

// As returns a view of the generation of which [View.Basis] is this, for who asks,
// and what to call when the question is answered, which closes the view too. It is
// [ErrNotFound] where no such generation is kept, and where Kept is nil; a damaged
// one is [ErrGeneration], one that cannot be read for now [ErrUnreadable] as well,
// and of one it is told for a minute without trying again. It is [ErrBusy] where
// another would have to be opened, and too many were.
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
	o, err := k.have(ctx, v, basis)
	if err != nil {
		<-k.turn
		return nil, nil, err
	}
	if ctx.Err() != nil { // it took too long for who asked, and is there for who asks next
		<-k.turn
		return nil, nil, ctx.Err()
	}
	view = o.guard.As(v)
	return view, sync.OnceFunc(func() {
		view.Close()
		k.later(o)
		<-k.turn
	}), nil
}

// have returns the generation of a basis, which it opens unless it is open.
func (k *Kept) have(ctx context.Context, v data.Viewer, basis string) (*opened, error) {
	id, err := k.find(v, basis)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(k.open, func(o *opened) bool { return o.id == id })
	if i < 0 {
		if err := k.add(ctx, id); err != nil {
			return nil, err
		}
		i = len(k.open) - 1
	}
	o := k.open[i]
	k.open = append(slices.Delete(k.open, i, i+1), o)
	return o, o.err
}

// add opens a generation, in the place of the one that was used least lately. It does
// not stop half-way: one that takes longer to open than anybody waits would never be
// open.
func (k *Kept) add(ctx context.Context, id string) error {
	now := time.Now()
	if len(k.opened) == mostOpen {
		if now.Sub(k.opened[0]) < k.linger {
			return ErrBusy
		}
		k.opened = k.opened[1:]
	}
	k.opened = append(k.opened, now)
	if len(k.open) == mostOpen {
		k.close(k.open[0])
	}
	o := &opened{id: id}
	g, err := openOne(context.WithoutCancel(ctx), filepath.Join(k.dir, id), id)
	if err != nil {
		o.err = fmt.Errorf("opening a generation that is kept: %w", forNow(err))
	} else {
		o.guard = NewGuard(g)
	}
	k.open = append(k.open, o)
	k.later(o)
	return nil
}

// forNow wraps [ErrUnreadable] around what the system refused; what is not there is
// not there later either, nor is what is damaged whole.
func forNow(err error) error {
	var refused syscall.Errno
	if errors.As(err, &refused) && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return err
}

// find looks into the folder each time: what is removed is not kept, though it be
// open still.
func (k *Kept) find(v data.Viewer, basis string) (id string, err error) {
	ids, err := published(k.dir)
	if err != nil {
		return "", fmt.Errorf("looking for generations that are kept: %w", forNow(err))
	}
	missing := ErrNotFound
	for _, id := range ids {
		m, err := readManifest(filepath.Join(k.dir, id), id)
		if err == nil && basisOf(&m.Digests, v) == basis {
			return id, nil
		}
		if err := forNow(err); errors.Is(err, ErrUnreadable) { // it may be this one
			missing = fmt.Errorf("looking for generations that are kept: %w", err)
		}
	}
	return "", missing
}

// later closes what is open, unless it is used again.
func (k *Kept) later(o *opened) {
	o.used++
	used := o.used
	time.AfterFunc(k.linger, func() {
		k.turn <- struct{}{}
		if o.used == used {
			k.close(o)
		}
		<-k.turn
	})
}

// close lets go of what is open; nobody has a view of it.
func (k *Kept) close(o *opened) {
	i := slices.Index(k.open, o)
	if i < 0 {
		return // it gave its place to another one
	}
	k.open = slices.Delete(k.open, i, i+1)
	if o.guard != nil {
		o.guard.retire()
	}
}
