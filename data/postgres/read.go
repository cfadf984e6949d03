package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"boussole/data"
	"boussole/data/base"
)

// snapshot is a transaction that sees one committed state, and only reads.
type snapshot struct {
	store   *Store
	seq     base.Seq
	sources []base.SourceState

	mu     sync.Mutex // because Close of the base may come from elsewhere
	tx     pgx.Tx
	closed bool
}

// pinned is of a transaction in which all statements see one state.
var pinned = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// Snapshot pins what is committed. It holds a connection, and the server keeps what
// is purged meanwhile until it is closed. A context that is done while the snapshot
// reads closes it.
func (s *Store) Snapshot(ctx context.Context) (base.Snapshot, error) {
	p := &snapshot{store: s}
	if err := p.pin(ctx); err != nil {
		return nil, fmt.Errorf("pinning a snapshot: %w", err)
	}
	s.hold(p)
	return p, nil
}

func (p *snapshot) pin(ctx context.Context) (err error) {
	if p.tx, err = p.store.begin(ctx, pinned, reading); err != nil {
		return err
	}
	if err = p.tx.QueryRow(ctx, `SELECT seq FROM boussole.state`).Scan(&p.seq); err == nil {
		p.sources, err = readSources(ctx, p.tx)
	}
	if err != nil {
		rollback(p.tx)
	}
	return err
}

func readSources(ctx context.Context, q querier) ([]base.SourceState, error) {
	rows, err := q.Query(ctx, `SELECT `+sourceColumns+` FROM boussole.sources ORDER BY name`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanSource)
}

// Close lets go of the state.
func (p *snapshot) Close() error {
	p.end()
	return nil
}

func (p *snapshot) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	rollback(p.tx)
	p.store.letGo(p)
}

func (p *snapshot) Seq() base.Seq { return p.seq }

func (p *snapshot) Identity() base.Identity { return p.store.identity }

// Mark returns that of a commit.
func (p *snapshot) Mark(seq base.Seq) (base.Mark, error) {
	found, err := query(context.Background(), p, pgx.RowTo[base.Mark], `SELECT mark FROM boussole.commits WHERE seq = $1`, seq)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// Sources tells of the sources.
func (p *snapshot) Sources() []base.SourceState { return slices.Clone(p.sources) }

// query reads at the state, at most some hundred rows.
func query[T any](ctx context.Context, p *snapshot, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errors.New("the snapshot is closed")
	}
	rows, err := p.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// maxRows is how many rows a reader holds at the most; between two reads the snapshot
// may be asked something else.
const maxRows = 256

const recordColumns = `source, id, class, category, changed, text`

func scanRecord(row pgx.CollectableRow) (r base.Record, err error) {
	err = row.Scan(&r.Source, &r.ID, &r.Class, &r.Category, &r.Date, &r.Text)
	return r, err
}

// Records yields the live records.
func (p *snapshot) Records(ctx context.Context) iter.Seq2[base.Record, error] {
	return func(yield func(base.Record, error) bool) {
		for _, s := range p.sources {
			if !p.ofSource(ctx, s.Name, yield) {
				return
			}
		}
	}
}

// ofSource yields the live records of a source, and reports whether to go on.
func (p *snapshot) ofSource(ctx context.Context, source string, yield func(base.Record, error) bool) bool {
	// One walk along the index, from where the last one ended.
	const some = `SELECT ` + recordColumns + ` FROM (
			SELECT DISTINCT ON (id) kind, ` + recordColumns + ` FROM boussole.log
			WHERE source = $1 AND id > $2 ORDER BY id, seq DESC) AS last
		WHERE kind <> 3 ORDER BY id LIMIT $3`
	for after, more := "", true; more; {
		var records []base.Record
		err := ctx.Err()
		if err == nil {
			records, err = query(ctx, p, scanRecord, some, source, after, maxRows)
		}
		if err != nil {
			yield(base.Record{}, fmt.Errorf("reading records of %s: %w", source, err))
			return false
		}
		for _, r := range records {
			if !yield(r, nil) {
				return false
			}
			after = r.ID
		}
		more = len(records) == maxRows
	}
	return true
}

// Record returns a live record.
func (p *snapshot) Record(source, id string) (base.Record, bool, error) {
	const one = `SELECT ` + recordColumns + ` FROM (
			SELECT kind, ` + recordColumns + ` FROM boussole.log
			WHERE source = $1 AND id = $2 ORDER BY seq DESC LIMIT 1) AS last
		WHERE kind <> 3`
	if !data.ID(source).PathSafe() || !base.Nameable(id) {
		return base.Record{}, false, nil // there is none
	}
	found, err := query(context.Background(), p, scanRecord, one, source, id)
	if err != nil || len(found) == 0 {
		return base.Record{}, false, err
	}
	return found[0], true, nil
}

// Resolve follows aliases to their end. What is guarded it does not tell.
func (p *snapshot) Resolve(id data.ID) (data.ID, error) {
	if !id.PathSafe() {
		return id, nil // it is no alias
	}
	way, err := query(context.Background(), p, pgx.RowTo[string], ways+`SELECT id FROM way ORDER BY step`, []string{string(id)})
	if err != nil {
		return "", err
	}
	for _, next := range way {
		if base.Guarded(id) || base.Guarded(data.ID(next)) {
			break
		}
		id = data.ID(next)
	}
	return id, nil
}

// Aliases yields the ids that stand for others, whose rows are of no source.
func (p *snapshot) Aliases(ctx context.Context) iter.Seq2[base.Alias, error] {
	return base.AliasesOf(func(yield func(base.Record, error) bool) { p.ofSource(ctx, "", yield) })
}
