package postgres

import (
	"bytes"
	"fmt"

	"github.com/jackc/pgx/v5"

	"boussole/data/base"
)

// batch is what an import holds back, to compare it and to write it in one go.
type batch struct {
	steps []step
	size  int // in bytes, roughly

	rows   []row // to be written
	closed []closing
}

// What a batch holds at the most; one text more than maxBatch.
const (
	maxBatch      = 4 << 20
	maxBatchSteps = 4096
	stepCost      = 200 // beside its texts
)

// step is what an export says of a record.
type step struct {
	word   word
	record base.Record
	hash   base.Hash // of what is said
}

// word is what is said.
type word uint8

const (
	said    word = iota
	refused      // by Reject, or by Put
	deleted
	aliased // the record is the row of an alias
)

// row is one to be written, whose texts say all.
type row struct {
	seq    base.Seq
	kind   base.Kind
	record *base.Record
	hash   []byte // nil for an alias
}

// closing closes a record, whose last row is another.
type closing struct{ seq, of base.Seq }

// head is the last that is known of a record.
type head struct {
	seq  base.Seq // 0 when there is nothing
	kind base.Kind
	hash base.Hash
	was  bool // it was live before the import
}

func (h *head) live() bool { return h.seq != 0 && h.kind != base.Closed }

// add holds a step back, and a copy of its text.
func (t *transaction) add(w word, r *base.Record) error {
	s := step{word: w, record: *r}
	s.record.Text = bytes.Clone(r.Text)
	if w == said {
		s.hash = r.Hash()
	}
	t.steps = append(t.steps, s)
	t.size += len(r.Text) + len(r.ID) + stepCost
	if t.size < maxBatch && len(t.steps) < maxBatchSteps {
		return nil
	}
	return t.flush()
}

// flush compares what was held back with what is known, and writes what is new.
func (t *transaction) flush() error {
	if len(t.steps) == 0 {
		return nil
	}
	heads, err := t.heads()
	if err != nil {
		return t.fail(err)
	}
	for i := range t.steps {
		t.take(&t.steps[i], heads)
	}
	if err := t.write(); err != nil {
		return t.fail(err)
	}
	clear(t.steps) // lets the texts go
	t.batch = batch{steps: t.steps[:0], rows: t.rows[:0], closed: t.closed[:0]}
	return nil
}

// heads returns what is known of the records of the batch, by id.
func (t *transaction) heads() (map[string]head, error) {
	heads := make(map[string]head, len(t.steps))
	ids := make([]string, 0, len(t.steps))
	for i := range t.steps {
		s := &t.steps[i]
		if _, asked := heads[s.record.ID]; !asked && s.word != aliased {
			heads[s.record.ID] = head{}
			ids = append(ids, s.record.ID)
		}
	}
	// By one walk down the index for each id. What was live before matters to a delta
	// alone, and only where the import itself has written the last row.
	const ask = `SELECT wanted.n, last.seq, last.kind, last.hash,
			last.seq >= $3 AND (SELECT kind <> 3 FROM boussole.log
				WHERE source = $1 AND id = wanted.id AND seq < $3 ORDER BY seq DESC LIMIT 1) IS TRUE
		FROM unnest($2::text[]) WITH ORDINALITY AS wanted (id, n)
		CROSS JOIN LATERAL (SELECT seq, kind, hash FROM boussole.log
			WHERE source = $1 AND id = wanted.id ORDER BY seq DESC LIMIT 1) AS last`
	rows, err := t.tx.Query(t.ctx, ask, t.export.Source, ids, t.first)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		var h head
		var hash []byte
		if err := rows.Scan(&n, &h.seq, &h.kind, &hash, &h.was); err != nil {
			return nil, err
		}
		copy(h.hash[:], hash)
		if h.seq < t.first {
			h.was = h.live()
		}
		heads[ids[n-1]] = h
	}
	return heads, rows.Err()
}

// take decides what comes of a step.
func (t *transaction) take(s *step, heads map[string]head) {
	if s.word == aliased {
		t.rows = append(t.rows, row{t.number(base.Aliased), base.Aliased, &s.record, nil})
		return
	}
	h := heads[s.record.ID]
	switch s.word {
	case refused:
		t.name(h)
	case deleted:
		heads[s.record.ID] = t.delete(h)
	case said:
		heads[s.record.ID] = t.say(s, h)
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

// say writes what is said of a record when it is new, and returns what is known then.
func (t *transaction) say(s *step, h head) head {
	kind := base.Updated
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
		t.name(h)
		return h
	}
	t.name(h)
	if t.before.Repairs(&t.export, s.record.Date) {
		t.counts.Repairs++
	}
	now := head{seq: t.number(kind), kind: kind, hash: s.hash, was: h.was}
	t.rows = append(t.rows, row{now.seq, kind, &s.record, s.hash[:]})
	return now
}

// number gives a change its number, and counts it.
func (t *transaction) number(kind base.Kind) base.Seq {
	t.counts.Count(kind)
	t.next++
	return t.next - 1
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
	r := w.record
	c.values = [10]any{
		int64(w.seq), int16(w.kind), int32(c.t.export.On), r.Source, r.ID,
		int16(r.Class), r.Category, int32(r.Date), w.hash, r.Text,
	}
	return c.values[:], nil
}

func (c *copied) Err() error { return nil }

// bits is a set of rows, a bit for each that there is, in the order of get_bit.
type bits []byte

func (b *bits) add(seq base.Seq) {
	if need := int(seq/8) + 1; need > len(*b) {
		*b = append(*b, make([]byte, need-len(*b))...)
	}
	(*b)[seq/8] |= 1 << (seq % 8)
}

func (b bits) has(seq base.Seq) bool {
	return seq/8 < base.Seq(len(b)) && b[seq/8]>>(seq%8)&1 == 1
}
