package nationaltest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/base"
)

// kit is a base in a test.
type kit struct {
	*testing.T
	base.Base
	rows  int // that must be written by now: changes of all imports
	kinds map[base.Kind]int
	read  int // records, and the time that importing them took
	spent time.Duration
}

func start(t *testing.T, b base.Base) *kit {
	t.Cleanup(func() { b.Close() })
	return &kit{T: t, Base: b, kinds: make(map[base.Kind]int)}
}

// says is all that an export says.
type says func(i base.Import) error

// take imports an export, of which it is known what it must come to.
func (k *kit) take(e base.Export, what string, export says, want base.Counts) {
	k.Helper()
	got, err := k.try(e, export)
	if err != nil {
		k.Fatalf("%s of %s: %v", what, e.Source, err)
	}
	if got != want {
		k.Errorf("%s of %s:\n got %+v\nwant %+v", what, e.Source, got, want)
	}
	if !got.Whole() {
		k.Errorf("%s of %s: some of %+v are lost", what, e.Source, got)
	}
	for kind, n := range map[base.Kind]int{
		base.New: want.New, base.Updated: want.Updated, base.Reopened: want.Reopened, base.Closed: want.Closed(), base.Aliased: want.Aliases,
	} {
		k.kinds[kind] += n
		k.rows += n
	}
	k.isAt(what + " of " + e.Source)
}

// try imports an export that may be refused.
func (k *kit) try(e base.Export, export says) (base.Counts, error) {
	began := time.Now()
	i, err := k.Begin(k.Context(), e)
	if err != nil {
		return base.Counts{}, err
	}
	defer i.Rollback()
	if err := export(i); err != nil {
		k.Fatalf("importing %s: %v", e.Source, err)
	}
	counts, err := i.Commit()
	k.read += counts.Read
	k.spent += time.Since(began)
	return counts, err
}

// isAt checks that every change has a number, and that there are no others.
func (k *kit) isAt(after string) {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	if int(s.Seq()) != k.rows {
		k.Fatalf("after %s there are %d changes, want %d", after, s.Seq(), k.rows)
	}
}

// refused imports an export that the base must refuse, and leaves it as it was.
func refused[E error](k *kit, e base.Export, export says, is func(E) bool) {
	k.Helper()
	_, err := k.try(e, export)
	var refusal E
	if !errors.As(err, &refusal) || !is(refusal) {
		k.Errorf("an export of %s that is to be refused: %v", e.Source, err)
	}
	k.isAt("a refusal")
}

func (k *kit) snapshot() base.Snapshot {
	k.Helper()
	s, err := k.Snapshot(k.Context())
	if err != nil {
		k.Fatal(err)
	}
	return s
}

// state checks what the base knows of a source.
func (k *kit) state(want base.SourceState) {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	for _, state := range s.Sources() {
		if state.Name == want.Name {
			if state != want {
				k.Errorf("state %+v\nwant  %+v", state, want)
			}
			return
		}
	}
	k.Errorf("nothing is known of %s", want.Name)
}

// full is all that a source says of a day.
func full(source string, day data.Date) base.Export {
	return base.Export{Source: source, Of: day, On: day}
}

// delta is what has changed in a source by a day.
func delta(source string, day data.Date) base.Export {
	return base.Export{Source: source, Delta: true, Of: day, On: day}
}

// all says every offer of a source.
func (k *kit) all(source data.Source) says {
	return func(i base.Import) error {
		for o, err := range source.Offers(k.Context()) {
			if err == nil {
				err = put(i, o)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func put(i base.Import, o *data.Offer) error {
	r, err := recordOf(o)
	if err != nil {
		return err
	}
	return i.Put(r)
}

// rejected turns what must be rejected into no error, and what was taken into one.
func rejected(err error) error {
	var reason *base.Rejected
	switch {
	case errors.As(err, &reason):
		return nil
	case err == nil:
		return errors.New("what is of no use was taken")
	}
	return fmt.Errorf("what is of no use: %w", err)
}
