package postgres

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"boussole/data/base"
)

// batch is what an import holds back, to write it in one go.
type batch struct {
	steps []step // of a delta, to be compared
	size  int    // in bytes, roughly

	rows   []row // to be written
	closed []closing
}

// What a batch holds at the most; one text more than maxBatch.
const (
	maxBatch     = 4 << 20
	maxBatchRows = 4096
)

// step is what an export says of a record.
type step struct {
	word   word
	key    key
	record *base.Record
	hash   base.Hash // of what is said
}

// word is what is said.
type word uint8

const (
	said word = iota
	deleted
	aliased // the record is the row of an alias
)

// row is one to be written, whose texts say all.
type row struct {
	seq    base.Seq
	kind   base.Kind
	record *base.Record
	hash   base.Hash // of none for an alias
}

// closing closes a record, whose last row is another.
type closing struct{ seq, of base.Seq }

// hear takes a step: at once when all is known that it is compared with, or else when
// there are many. It copies the text where it is kept.
func (t *transaction) hear(s step) error {
	if t.export.Delta {
		s.record.Text = bytes.Clone(s.record.Text)
		t.steps = append(t.steps, s)
		t.size += len(s.record.Text)
	} else {
		t.take(s)
	}
	if t.size < maxBatch && max(len(t.steps), len(t.rows)) < t.store.maxBatch {
		return nil
	}
	return t.flush()
}

// flush compares what was held back with what is known, and writes what is new.
func (t *transaction) flush() error {
	if err := t.compare(); err != nil {
		return t.fail(err)
	}
	if err := t.write(); err != nil {
		return t.fail(err)
	}
	clear(t.steps) // lets the texts go
	clear(t.rows)
	t.batch = batch{steps: t.steps[:0], rows: t.rows[:0], closed: t.closed[:0]}
	return nil
}

// compare takes the steps that were held back.
func (t *transaction) compare() error {
	if len(t.steps) == 0 {
		return nil
	}
	var ids []string
	for _, s := range t.steps {
		if s.word != aliased {
			ids = append(ids, s.record.ID)
		}
	}
	slices.Sort(ids)
	if err := t.readSome(slices.Compact(ids)); err != nil {
		return err
	}
	for _, s := range t.steps {
		t.take(s)
	}
	return nil
}

// take decides what comes of a step.
func (t *transaction) take(s step) {
	switch s.word {
	case aliased:
		t.rows = append(t.rows, row{t.number(base.Aliased), base.Aliased, s.record, base.Hash{}})
	case deleted:
		t.heads[s.key] = t.delete(t.heads[s.key])
	case said:
		t.say(s)
	}
}

// delete closes a record, and returns what is known of it then. One that comes and goes
// within a delta is no loss.
func (t *transaction) delete(h head) head {
	if !h.live() {
		t.counts.Unchanged++
		return h
	}
	if h.was {
		t.gone++
	}
	c := closing{seq: t.number(base.Closed), of: h.seq}
	t.closed = append(t.closed, c)
	return head{seq: c.seq, kind: base.Closed, was: h.was}
}

// say writes what is said of a record, when it is new.
func (t *transaction) say(s step) {
	h, kind := t.name(s.key), base.Updated
	switch {
	case h.seq == 0:
		kind = base.New
	case !h.live():
		kind = base.Reopened
		if h.was {
			t.gone--
		}
	case h.hash == s.hash:
		t.counts.Unchanged++
		return
	}
	if t.before.Repairs(&t.export, s.record.Date) {
		t.counts.Repairs++
	}
	if !t.export.Delta {
		s.record.Text = bytes.Clone(s.record.Text)
		t.size += len(s.record.Text)
	}
	now := head{seq: t.number(kind), hash: s.hash, kind: kind, was: h.was, named: !t.export.Delta}
	t.heads[s.key] = now
	t.rows = append(t.rows, row{now.seq, kind, s.record, s.hash})
}

// name marks what is known of a record as named by a full export, and returns it.
func (t *transaction) name(k key) head {
	h := t.heads[k]
	if t.export.Delta || h.seq == 0 || h.named {
		return h
	}
	h.named = true
	t.heads[k] = h
	if h.live() {
		t.told++
	}
	return h
}

// number gives a change its number, and counts it.
func (t *transaction) number(kind base.Kind) base.Seq {
	t.counts.Count(kind)
	t.next++
	return t.next - 1
}

// write writes the rows of the batch: texts are copied in, and what closes a record
// has its class and category from the row before, which may be one of these.
func (t *transaction) write() error {
	if len(t.rows) > 0 {
		if _, err := t.tx.CopyFrom(t.ctx, pgx.Identifier{"boussole", "log"}, columns, &copied{t: t}); err != nil {
			return fmt.Errorf("copying %d rows: %w", len(t.rows), err)
		}
	}
	if len(t.closed) == 0 {
		return nil
	}
	var seqs, of []int64
	for _, c := range t.closed {
		seqs, of = append(seqs, int64(c.seq)), append(of, int64(c.of))
	}
	const shut = `INSERT INTO boussole.log (seq, kind, imported, source, id, class, category, changed)
		SELECT gone.seq, 3, $3, was.source, was.id, was.class, was.category, was.changed
		FROM unnest($1::bigint[], $2::bigint[]) AS gone (seq, of) JOIN boussole.log AS was ON was.seq = gone.of`
	tag, err := t.tx.Exec(t.ctx, shut, seqs, of, t.export.On)
	if err == nil && tag.RowsAffected() != int64(len(seqs)) {
		err = fmt.Errorf("%d of %d closings were written", tag.RowsAffected(), len(seqs))
	}
	return err
}

var columns = []string{"seq", "kind", "imported", "source", "id", "class", "category", "changed", "hash", "text"}

// copied gives the rows of a batch to COPY.
type copied struct {
	t      *transaction
	next   int
	values [10]any
}

func (c *copied) Next() bool { c.next++; return c.next <= len(c.t.rows) }

func (c *copied) Values() ([]any, error) {
	w := &c.t.rows[c.next-1]
	r, hash := w.record, w.hash[:]
	if w.kind == base.Aliased {
		hash = nil
	}
	c.values = [10]any{
		int64(w.seq), int16(w.kind), int32(c.t.export.On), r.Source, r.ID,
		int16(r.Class), r.Category, int32(r.Date), hash, r.Text,
	}
	return c.values[:], nil
}

func (c *copied) Err() error { return nil }
