package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"boussole/data/base"
)

// Commit ends the import. An error of the connection while the server commits leaves
// open which came of it: what is there once one looks again tells.
func (t *transaction) Commit() (base.Counts, error) { return t.commit(t.finish) }

// Again ends the import of an export that is known.
func (t *transaction) Again() (base.Counts, error) { return t.commit(t.again) }

func (t *transaction) commit(finish func() error) (base.Counts, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ready(); err != nil {
		t.stop()
		return base.Counts{}, err
	}
	err := finish()
	t.stop()
	if err != nil {
		return t.counts, fmt.Errorf("importing %s: %w", t.export.Source, err)
	}
	return t.counts, nil
}

func (t *transaction) finish() error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
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

// closeMissing closes what a full export has not named, in one statement.
func (t *transaction) closeMissing() error {
	if err := t.know(); err != nil {
		return err
	}
	last := make([]int64, 0, t.gone)
	for _, h := range t.heads {
		if h.live() && !h.named {
			last = append(last, int64(h.seq))
		}
	}
	slices.Sort(last) // the order in which they are in the table
	const shut = `INSERT INTO boussole.log (seq, kind, imported, source, id, class, category, changed)
		SELECT $2 + row_number() OVER (ORDER BY id), 3, $3, source, id, class, category, changed
		FROM boussole.log WHERE seq = ANY ($1)`
	tag, err := t.tx.Exec(t.ctx, shut, last, t.next-1, t.export.On)
	if err != nil {
		return fmt.Errorf("closing what is not named: %w", err)
	}
	missing := int(tag.RowsAffected())
	if missing != t.gone {
		return fmt.Errorf("%d records are not named, and %d were closed", t.gone, missing)
	}
	t.next += base.Seq(missing)
	t.counts.Missing = missing
	if t.before.Repairs(&t.export, 0) {
		t.counts.Repairs += missing
	}
	return nil
}

// publish makes the import visible.
func (t *transaction) publish() error {
	after := t.before.After(&t.export, &t.counts)
	known := t.before
	known.Deltas = after.Deltas // a delta of which all is known is none
	if t.next == t.first && after == known {
		return nil // nothing was said that is not known
	}
	if t.next > t.first {
		if _, err := t.tx.Exec(t.ctx, `UPDATE boussole.state SET seq = $1`, t.next-1); err != nil {
			return err
		}
		if _, err := t.tx.Exec(t.ctx, `INSERT INTO boussole.commits (seq, mark) VALUES ($1, $2)`, t.next-1, base.NewMark()); err != nil {
			return err
		}
	}
	if err := writeSource(t.ctx, t.tx, &after); err != nil {
		return err
	}
	return t.tx.Commit(t.ctx)
}

const sourceColumns = `name, live, full_of, delta_of, deltas, imported, held, reading`

func scanSource(row pgx.CollectableRow) (s base.SourceState, err error) {
	err = row.Scan(&s.Name, &s.Live, &s.Full, &s.Delta, &s.Deltas, &s.On, &s.Held, &s.Reading)
	return s, err
}

// readSource returns the state of a source, the zero one when there is none.
func readSource(ctx context.Context, q querier, name string) (base.SourceState, error) {
	rows, err := q.Query(ctx, `SELECT `+sourceColumns+` FROM boussole.sources WHERE name = $1`, name)
	if err != nil {
		return base.SourceState{}, err
	}
	s, err := pgx.CollectExactlyOneRow(rows, scanSource)
	if errors.Is(err, pgx.ErrNoRows) {
		return base.SourceState{}, nil
	}
	return s, err
}

func writeSource(ctx context.Context, q querier, s *base.SourceState) error {
	const put = `INSERT INTO boussole.sources (` + sourceColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (name) DO UPDATE SET live = excluded.live, full_of = excluded.full_of,
			delta_of = excluded.delta_of, deltas = excluded.deltas, imported = excluded.imported, held = excluded.held, reading = excluded.reading`
	_, err := q.Exec(ctx, put, s.Name, s.Live, s.Full, s.Delta, s.Deltas, s.On, s.Held, &s.Reading)
	return err
}
