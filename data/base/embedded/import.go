package embedded

import (
	"context"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"boussole/data"
	"boussole/data/base"
)

// transaction is an import.
type transaction struct {
	store  *Store
	ctx    context.Context
	export base.Export
	before base.SourceState // of the source
	counts base.Counts

	first, next base.Seq // the numbers of its first row and of the next one
	named       bits     // rows of records that a full export has named; unused in a delta
	told        int      // live records of before among them
	gone        int      // live records of before that are no more

	tx       *bolt.Tx // of the step
	versions *bolt.Bucket
	aliases  *bolt.Bucket
	log      *bolt.Bucket
	heads    *bolt.Cursor
	size     int // of what the step writes
	rows     int // and how many

	err  error // the first one: nothing can be done any more
	over bool
}

// Begin begins an import.
func (s *Store) Begin(ctx context.Context, e base.Export) (base.Import, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	t := &transaction{store: s, ctx: ctx, export: e}
	err := s.guarded(s.clear)
	if err == nil {
		err = s.guarded(t.begin)
	}
	if err != nil {
		s.unlock()
		return nil, fmt.Errorf("beginning an import of %s: %w", e.Source, err)
	}
	s.mu.Lock()
	s.open = t
	s.mu.Unlock()
	return t, nil
}

func (t *transaction) begin() error {
	if err := t.step(); err != nil {
		return err
	}
	t.first = get(t.tx, keyCommitted) + 1
	t.next = t.first
	var err error
	if t.before, err = readSource(t.tx, t.export.Source); err == nil {
		err = t.export.CheckDay(&t.before)
	}
	if err != nil {
		t.tx.Rollback()
	}
	return err
}

// step begins the next step on the disk.
func (t *transaction) step() error {
	tx, err := t.store.db.Begin(true)
	if err != nil {
		return err
	}
	of, err := tx.Bucket(versions).CreateBucketIfNotExists([]byte(t.export.Source))
	if err != nil {
		tx.Rollback()
		return err
	}
	t.tx, t.size, t.rows = tx, 0, 0
	t.versions, t.heads = of, of.Cursor()
	t.aliases, t.log = tx.Bucket(versions).Bucket(aliases), tx.Bucket(log)
	t.log.FillPercent = 1 // numbers only grow
	return nil
}

// ready returns why nothing can be done any more; now and then it looks at the
// context.
func (t *transaction) ready() error {
	switch {
	case t.err != nil:
		return t.err
	case t.over:
		return base.ErrDone
	case t.counts.Read%256 == 0:
		return t.fail(t.ctx.Err())
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
	return t.store.guarded(func() error { return t.put(r) })
}

func (t *transaction) put(r base.Record) error {
	if err := t.ready(); err != nil {
		return err
	}
	if fault := r.Fault(); fault != "" {
		return t.reject(r.ID, fault)
	}
	h, err := last(t.heads, r.ID, t.next)
	if err != nil {
		return t.fail(err)
	}
	if t.isNamed(h) {
		return t.reject(r.ID, "described already in this export")
	}
	t.counts.Read++
	r.Source = t.export.Source
	hash, kind := r.Hash(), base.Updated
	switch {
	case h.seq == 0:
		kind = base.New
	case !h.live():
		kind = base.Reopened
		if err := t.lose(r.ID, h, -1); err != nil {
			return err
		}
	case h.hash == hash:
		t.counts.Unchanged++
		t.name(h)
		return nil
	}
	t.name(h)
	return t.write(kind, &r, hash)
}

// Known returns what is remembered of the source.
func (t *transaction) Known() base.Reading { return t.export.Known(&t.before) }

// Remember says by what the export will be known again.
func (t *transaction) Remember(digest, books string) { t.export.Remember(digest, books) }

// Reject counts a record that was of no use.
func (t *transaction) Reject(id string) error {
	return t.store.guarded(func() error { return t.refuse(id) })
}

func (t *transaction) refuse(id string) error {
	if err := t.ready(); err != nil {
		return err
	}
	if !t.counts.Reject(id) {
		return nil
	}
	h, err := last(t.heads, id, t.next) // none of what is not known
	if err != nil {
		return t.fail(err)
	}
	t.name(h)
	return nil
}

// reject does so for one that was put, and says why.
func (t *transaction) reject(id, reason string) error {
	if err := t.refuse(id); err != nil {
		return err
	}
	return &base.Rejected{ID: id, Reason: reason}
}

// name marks a record of before as named by a full export.
func (t *transaction) name(h head) {
	if t.export.Delta || h.seq == 0 || h.seq >= t.first || t.named.has(h.seq) {
		return
	}
	t.named.add(h.seq)
	if h.live() {
		t.told++
	}
}

// isNamed reports whether a full export has named a record already.
func (t *transaction) isNamed(h head) bool {
	return !t.export.Delta && h.seq != 0 && (h.seq >= t.first || t.named.has(h.seq))
}

// Delete closes a record.
func (t *transaction) Delete(id string) error {
	return t.store.guarded(func() error { return t.delete(id) })
}

func (t *transaction) delete(id string) error {
	if err := t.ready(); err != nil {
		return err
	}
	if !t.export.Delta {
		return t.fail(errors.New("a full export deletes by silence"))
	}
	h, err := last(t.heads, id, t.next)
	if err != nil {
		return t.fail(err)
	}
	t.counts.Read++
	if !h.live() {
		t.counts.Unchanged++
		return nil
	}
	if err := t.lose(id, h, 1); err != nil {
		return err
	}
	return t.close(h, id)
}

// lose counts a record that a delta closes, or opens again by -1, among those that
// are gone, when it was live before the import: one that comes and goes within it
// is no loss.
func (t *transaction) lose(id string, h head, count int) (err error) {
	if h.seq >= t.first {
		h, err = last(t.heads, id, t.first-1)
	}
	if h.live() {
		t.gone += count
	}
	return t.fail(err)
}

// close writes that a record is closed. What retention is told by stays known.
func (t *transaction) close(h head, id string) error {
	was, err := row(t.tx, h.seq)
	if err != nil {
		return t.fail(err)
	}
	r := was.Record
	r.ID, r.Text = id, nil
	return t.write(base.Closed, &r, base.Hash{})
}

// Alias sets an alias.
func (t *transaction) Alias(from, to data.ID) error {
	return t.store.guarded(func() error { return t.alias(from, to) })
}

func (t *transaction) alias(from, to data.ID) error {
	if err := t.ready(); err != nil {
		return err
	}
	if !from.PathSafe() || !to.PathSafe() {
		return &base.Rejected{ID: string(from), Reason: fmt.Sprintf("%q and %q are not both ids", from, to)}
	}
	now, err := alias(t.tx, from, t.next)
	if err != nil {
		return t.fail(err)
	}
	if now == to {
		return nil // nothing new
	}
	if circle, err := t.leads(to, from); err != nil {
		return t.fail(err)
	} else if circle && from != to {
		return fmt.Errorf("%q for %q: %w", from, to, base.ErrCycle)
	}
	r := base.Record{ID: string(from), Text: []byte(to)}
	return t.write(base.Aliased, &r, base.Hash{})
}

// leads reports whether an id is met on the way to what another one stands for.
func (t *transaction) leads(id, met data.ID) (bool, error) {
	for id != met {
		next, err := alias(t.tx, id, t.next)
		if err != nil || next == id {
			return false, err
		}
		id = next
	}
	return true, nil
}

// write writes a row and counts it, and ends the step when it is large enough.
func (t *transaction) write(kind base.Kind, r *base.Record, hash base.Hash) error {
	c := base.Change{Seq: t.next, Kind: kind, On: t.export.On, Record: *r}
	text := encode(&c)
	version := append([]byte{byte(kind)}, hash[:]...)
	of := t.versions
	if kind == base.Aliased {
		of = t.aliases
	}
	if err := errors.Join(t.log.Put(number(t.next), text), of.Put(versionKey(r.ID, t.next), version)); err != nil {
		return t.fail(err)
	}
	t.next++
	t.counts.Count(kind)
	t.repaired(kind, r.Date)
	t.size += len(text) + rowCost
	if t.rows++; t.rows < maxStepRows && t.size < t.store.maxStep {
		return nil
	}
	return t.fail(t.flush())
}

// repaired counts what deltas should have brought.
func (t *transaction) repaired(kind base.Kind, changed data.Date) {
	switch kind {
	case base.Aliased:
		return
	case base.Closed:
		changed = 0 // the source says no day of it
	}
	if t.before.Repairs(&t.export, changed) {
		t.counts.Repairs++
	}
}

// flush ends a step on the disk and begins the next one.
func (t *transaction) flush() error {
	tx := t.tx
	t.tx = nil
	if err := tx.Commit(); err != nil {
		return err
	}
	return t.step()
}
