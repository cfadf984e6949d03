package postgres

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"boussole/data/base"
)

// Changes yields what has changed after a number. It holds no connection while what it
// has read is used.
func (s *Store) Changes(ctx context.Context, of base.Identity, after base.Seq) iter.Seq2[base.Change, error] {
	return base.History{Of: s.identity, Committed: s.committed, Changes: s.changes}.After(ctx, of, after)
}

func (s *Store) committed(ctx context.Context) (seq base.Seq, err error) {
	err = s.pool.QueryRow(ctx, `SELECT seq FROM boussole.state`).Scan(&seq)
	return seq, err
}

// changes reads the first changes after a number, at least one. It is one statement, so
// that what was purged is told by the state in which the rows are read.
func (s *Store) changes(ctx context.Context, after, end base.Seq) (some []base.Change, err error) {
	const ask = `SELECT state.floor, changed.seq, changed.kind, changed.imported,
			changed.source, changed.id, changed.class, changed.category, changed.changed, changed.text
		FROM boussole.state LEFT JOIN LATERAL (SELECT * FROM boussole.log
			WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3) AS changed ON true ORDER BY changed.seq`
	rows, err := s.pool.Query(ctx, ask, after, end, maxRows)
	if err != nil {
		return nil, err
	}
	next := after
	some, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (base.Change, error) {
		next++
		return scanChange(row, after, next)
	})
	if err != nil {
		return nil, err
	}
	return some, nil
}

// scanChange reads the change of a number, for who knows all up to another one.
func scanChange(row pgx.CollectableRow, after, want base.Seq) (c base.Change, err error) {
	var floor base.Seq
	var seq *base.Seq
	var kind *base.Kind
	r := &c.Record
	err = row.Scan(&floor, &seq, &kind, &c.On, &r.Source, &r.ID, &r.Class, &r.Category, &r.Date, &r.Text)
	switch {
	case after < floor:
		return c, base.ErrPurged
	case seq == nil || *seq != want:
		return c, fmt.Errorf("row %d is missing", want)
	case err != nil:
		return c, err
	}
	c.Seq, c.Kind = *seq, *kind
	return c, nil
}
