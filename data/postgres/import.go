package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"boussole/data"
	"boussole/data/base"
)

// transaction is an import, in one transaction of the database.
type transaction struct {
	store  *Store
	ctx    context.Context
	export base.Export

	mu     sync.Mutex // because Close may come from elsewhere
	tx     pgx.Tx
	before base.SourceState // of the source
	counts base.Counts

	first, next base.Seq // the numbers of its first row and of the next one
	heads       map[key]head
	told        int // live records of before that a full export has named
	gone        int // live records of before that are no more
	stands      map[data.ID]data.ID

	batch
	err  error // the first one: nothing can be done any more
	over bool
}

// Begin begins an import. The first record of a full export has the hashes read of all
// that is known of its source, in some two seconds for a million records, and some
// hundred bytes are held for each; a delta asks for those of the records that it names.
func (s *Store) Begin(ctx context.Context, e base.Export) (base.Import, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	t, err := s.beginImport(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("beginning an import of %s: %w", e.Source, err)
	}
	return t, nil
}

func (s *Store) beginImport(ctx context.Context, e base.Export) (*transaction, error) {
	tx, err := s.lock(ctx)
	if err != nil {
		return nil, err
	}
	t := &transaction{store: s, ctx: ctx, export: e, tx: tx, stands: make(map[data.ID]data.ID)}
	if err := t.begin(); err != nil {
		rollback(tx)
		s.unlock()
		return nil, err
	}
	s.hold(t)
	return t, nil
}

// begin reads where the base stands. It is a statement of its own after the lock: one
// that waited would see what was there before.
func (t *transaction) begin() error {
	var end base.Seq
	if err := t.tx.QueryRow(t.ctx, `SELECT seq FROM boussole.state`).Scan(&end); err != nil {
		return err
	}
	t.first, t.next = end+1, end+1
	var err error
	if t.before, err = readSource(t.ctx, t.tx, t.export.Source); err != nil {
		return err
	}
	return t.export.CheckDay(&t.before)
}

// know reads what is known of the source, before a full export is held against it.
func (t *transaction) know() error {
	if t.export.Delta || t.heads != nil {
		return nil
	}
	return t.fail(t.readAll())
}

// ready returns why nothing can be done any more.
func (t *transaction) ready() error {
	switch {
	case t.err != nil:
		return t.err
	case t.over:
		return base.ErrDone
	}
	return nil
}

func (t *transaction) fail(err error) error {
	if t.err == nil {
		t.err = err
	}
	return err
}

// Put takes a record.
func (t *transaction) Put(r base.Record) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ready(); err != nil {
		return err
	}
	if fault := r.Fault(); fault != "" {
		return t.reject(r.ID, fault)
	}
	if err := t.know(); err != nil {
		return err
	}
	k := keyOf(r.ID)
	if !t.export.Delta && t.heads[k].named {
		return t.reject(r.ID, "described already in this export")
	}
	t.counts.Read++
	r.Source = t.export.Source
	return t.hear(step{said, k, &r, r.Hash()})
}

// Reject counts a record that was of no use.
func (t *transaction) Reject(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ready(); err != nil {
		return err
	}
	return t.rejected(id)
}

func (t *transaction) rejected(id string) error {
	if !t.counts.Reject(id) || t.export.Delta {
		return nil
	}
	if err := t.know(); err != nil {
		return err
	}
	t.name(keyOf(id)) // none of what is not known
	return nil
}

// reject does so for one that was put, and says why.
func (t *transaction) reject(id, reason string) error {
	if err := t.rejected(id); err != nil {
		return err
	}
	return &base.Rejected{ID: id, Reason: reason}
}

// Known returns what is remembered of the source.
func (t *transaction) Known() base.Reading { return t.export.Known(&t.before) }

// Remember says by what the export will be known again.
func (t *transaction) Remember(digest, books string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.export.Remember(digest, books)
}

// Delete closes a record.
func (t *transaction) Delete(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ready(); err != nil {
		return err
	}
	if !t.export.Delta {
		return t.fail(errors.New("a full export deletes by silence"))
	}
	t.counts.Read++
	if !base.Nameable(id) {
		t.counts.Unchanged++ // there is none
		return nil
	}
	return t.hear(step{word: deleted, key: keyOf(id), record: &base.Record{ID: id}})
}

// Rollback forgets the import. It does not say when the server could not be told: that
// rolls back on its own once the connection is gone.
func (t *transaction) Rollback() error {
	t.end()
	return nil
}

// end rolls back what was not committed, and gives the turn to the next one.
func (t *transaction) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop()
}

func (t *transaction) stop() {
	if t.over {
		return
	}
	t.over = true
	rollback(t.tx)                                 // nothing when it was committed
	t.batch, t.heads, t.stands = batch{}, nil, nil // memory, when somebody keeps what is over
	t.store.letGo(t)
	t.store.unlock()
}
