package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"boussole/data"
	"boussole/data/base"
)

// Plan says what would be deleted. It reads one committed state, and waits for nobody.
func (s *Store) Plan(ctx context.Context, rules base.Retention, on data.Date) (base.Plan, error) {
	tx, err := s.begin(ctx, pinned, planning)
	if err != nil {
		return base.Plan{}, fmt.Errorf("planning a purge: %w", err)
	}
	defer rollback(tx)
	plan, _, err := plan(ctx, tx, rules, on)
	return plan, err
}

// Purge deletes what was planned, all of it or, after an error, nothing. Snapshots that
// are open see it until they are closed. What is deleted can be read no more by way of
// the base, nor of the database; its bytes stay in the files until the server has
// vacuumed the table and written something else there, and in the archives of its
// write-ahead log: to have them gone at once, an administrator runs VACUUM FULL
// boussole.log while nobody reads.
func (s *Store) Purge(ctx context.Context, rules base.Retention, on data.Date, digest string) error {
	tx, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer s.unlock()
	defer rollback(tx)
	plan, due, err := plan(ctx, tx, rules, on)
	if err != nil {
		return err
	}
	if plan.Digest != digest {
		return base.ErrPlan
	}
	if plan.Empty() {
		return nil
	}
	if err := purge(ctx, tx, due); err != nil {
		return fmt.Errorf("purging: %w", err)
	}
	return nil
}

// purge deletes rows, and says that those who follow the changes missed some of them.
func purge(ctx context.Context, tx pgx.Tx, due []int64) error {
	for some := range slices.Chunk(due, 10_000) {
		if _, err := tx.Exec(ctx, `DELETE FROM boussole.log WHERE seq = ANY ($1)`, some); err != nil {
			return err
		}
	}
	const floor = `UPDATE boussole.state SET floor = greatest(floor, (SELECT max(seq) FROM unnest($1::bigint[]) AS due (seq)))`
	if _, err := tx.Exec(ctx, floor, due); err != nil {
		return err
	}
	// With how exports are known again go the lines of theirs that nobody could use.
	if _, err := tx.Exec(ctx, `UPDATE boussole.sources SET reading = '{}' WHERE reading::text <> '{}'`); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// plan returns what the rules would delete, and the numbers of those rows.
func plan(ctx context.Context, tx pgx.Tx, rules base.Retention, on data.Date) (base.Plan, []int64, error) {
	// A record of one live row, as most are, has nothing due.
	const ask = `SELECT source, id, seq, kind, imported, category, class, bytes FROM (
			SELECT source, id, seq, kind, imported, category, class, coalesce(length(text), 0) AS bytes,
				count(*) OVER (PARTITION BY source, id) AS versions
			FROM boussole.log WHERE source > '') AS said
		WHERE versions > 1 OR kind = 3 ORDER BY source, id, seq DESC`
	rows, err := tx.Query(ctx, ask)
	if err != nil {
		return base.Plan{}, nil, fmt.Errorf("planning a purge: %w", err)
	}
	defer rows.Close()
	p := planner{rules: rules, on: on}
	for rows.Next() {
		var source, id string
		var v base.Version
		if err := rows.Scan(&source, &id, &v.Seq, &v.Kind, &v.On, &v.Category, &v.Class, &v.Bytes); err != nil {
			return base.Plan{}, nil, fmt.Errorf("planning a purge: %w", err)
		}
		if source != p.source || id != p.id {
			p.flush()
			p.source, p.id = source, id
		}
		p.versions = append(p.versions, v)
	}
	if err := rows.Err(); err != nil {
		return base.Plan{}, nil, fmt.Errorf("planning a purge: %w", err)
	}
	p.flush()
	states, err := readSources(ctx, tx)
	if err != nil {
		return base.Plan{}, nil, fmt.Errorf("planning a purge: %w", err)
	}
	p.plan.Forget(rules, states)
	return p.plan.Plan(), p.due, nil
}

// planner adds up what is due of each record.
type planner struct {
	rules base.Retention
	on    data.Date

	plan base.Planner
	due  []int64 // the numbers of rows

	source, id string         // of the record that is read
	versions   []base.Version // the last one first
}

// flush adds the record that was read.
func (p *planner) flush() {
	if len(p.versions) == 0 {
		return
	}
	slices.Reverse(p.versions)
	due := p.rules.Due(p.versions, p.on)
	none := true
	for i, why := range due {
		if why != base.Keep {
			p.due = append(p.due, int64(p.versions[i].Seq))
			none = false
		}
	}
	if !none {
		p.plan.Add(p.source, p.id, p.versions, due)
	}
	p.versions = p.versions[:0]
}
