package embedded

import (
	"errors"
	"fmt"

	"boussole/data/base"
)

// Commit ends the import.
func (t *transaction) Commit() (base.Counts, error) { return t.commit(t.finish) }

// Again ends the import of an export that is known.
func (t *transaction) Again() (base.Counts, error) { return t.commit(t.again) }

func (t *transaction) commit(finish func() error) (base.Counts, error) {
	if t.err != nil || t.over {
		return base.Counts{}, errors.Join(t.ready(), t.Rollback())
	}
	err := t.store.guarded(finish)
	if err != nil {
		err = fmt.Errorf("importing %s: %w", t.export.Source, errors.Join(err, t.Rollback()))
		return t.counts, err
	}
	t.end()
	return t.counts, nil
}

func (t *transaction) finish() error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	gone, err := t.export.Settle(&t.before, &t.counts, t.told, t.gone)
	if err != nil {
		return err
	}
	if t.gone = gone; gone > 0 && t.export.Closes(&t.counts) {
		if err := t.closeMissing(); err != nil {
			return err
		}
	}
	return t.publish()
}

func (t *transaction) again() (err error) {
	if t.counts, err = t.export.Again(t.ctx, &t.before, &t.counts); err == nil {
		err = t.publish()
	}
	return err
}

// closeMissing closes what a full export has not named, a few at a time: what is
// walked over may not change meanwhile.
func (t *transaction) closeMissing() error {
	for after, more := "", true; more; {
		var missing []missed
		var err error
		if missing, after, more, err = t.missing(after); err != nil {
			return err
		}
		for _, m := range missing {
			if err := t.close(m.head, m.id); err != nil {
				return err
			}
		}
	}
	t.counts.Missing, t.counts.Deleted = t.counts.Deleted, 0 // nothing of it was read
	return nil
}

// missed is a record that was not named.
type missed struct {
	id   string
	head head
}

// missing returns the first live records after an id that were not named, and
// the id to go on after.
func (t *transaction) missing(after string) (found []missed, end string, more bool, err error) {
	if err := t.ctx.Err(); err != nil {
		return nil, "", false, err
	}
	seen := 0
	for g, err := range groups(t.versions.Cursor(), after, t.next) {
		if err != nil {
			return nil, "", false, err
		}
		if h := g.last(); h.live() && !t.isNamed(h) {
			found = append(found, missed{string(g.id), h})
		}
		if seen++; seen == 4096 {
			return found, string(g.id), true, nil
		}
	}
	return found, "", false, nil
}

// publish makes the import visible: one step on the disk, after which every row
// of it is there for readers.
func (t *transaction) publish() error {
	after := t.before.After(&t.export, &t.counts)
	known := t.before
	known.Deltas = after.Deltas // a delta of which all is known is none
	if t.next == t.first && after == known {
		return t.tx.Rollback() // nothing was said that is not known
	}
	if t.next > t.first {
		if err := errors.Join(set(t.tx, keyCommitted, t.next-1), draw(t.tx, t.next-1)); err != nil {
			return err
		}
	}
	if err := writeSource(t.tx, after); err != nil {
		return err
	}
	tx := t.tx
	t.tx = nil
	return tx.Commit()
}

// Rollback forgets the import. Where the file is damaged that is known already, and
// readers see nothing of the import anyhow.
func (t *transaction) Rollback() error {
	if t.over {
		return nil
	}
	defer t.end()
	if t.store.damaged.Load() != nil {
		return nil
	}
	return t.store.guarded(func() error {
		if t.tx != nil {
			t.tx.Rollback()
		}
		return t.store.clear()
	})
}

// end gives the turn to the next one.
func (t *transaction) end() {
	t.over, t.tx = true, nil
	t.store.mu.Lock()
	t.store.open = nil
	t.store.mu.Unlock()
	t.store.unlock()
}

// bits is a set of rows, an eighth of a byte for each that there is.
type bits []uint64

func (b *bits) add(seq base.Seq) {
	for uint64(len(*b)) <= uint64(seq)/64 {
		*b = append(*b, 0)
	}
	(*b)[seq/64] |= 1 << (seq % 64)
}

func (b bits) has(seq base.Seq) bool {
	return uint64(seq)/64 < uint64(len(b)) && b[seq/64]>>(seq%64)&1 == 1
}
