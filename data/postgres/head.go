package postgres

import (
	"crypto/sha256"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"boussole/data/base"
)

// head is the last that is known of a record.
type head struct {
	seq   base.Seq // 0 when there is nothing
	hash  base.Hash
	kind  base.Kind
	was   bool // it was live before the import; of a delta alone
	named bool // by the full export
}

func (h *head) live() bool { return h.seq != 0 && h.kind != base.Closed }

// key stands for an id, in few bytes however long it is: the first half of its
// SHA-256, of which no two ids were ever found to share one.
type key [16]byte

func keyOf[text string | pgtype.DriverBytes](id text) key {
	sum := sha256.Sum256([]byte(id))
	return key(sum[:])
}

// readAll reads what is known of every record of the source, in one walk along the
// index.
func (t *transaction) readAll() error {
	const ask = `SELECT DISTINCT ON (id) id, seq, kind, coalesce(hash, ''), false FROM boussole.log
		WHERE source = $1 ORDER BY id, seq DESC`
	t.heads = make(map[key]head, t.before.Live)
	if err := t.read(ask, t.export.Source); err != nil {
		return fmt.Errorf("reading what is known: %w", err)
	}
	return nil
}

// readSome reads what is known of some records, in one walk down the index for each.
// What was live before is another question only where the import itself has written the
// last row.
func (t *transaction) readSome(ids []string) error {
	const ask = `SELECT wanted.id, last.seq, last.kind, coalesce(last.hash, ''),
			CASE WHEN last.seq < $3 THEN last.kind <> 3 ELSE coalesce((SELECT kind <> 3 FROM boussole.log
				WHERE source = $1 AND id = wanted.id AND seq < $3 ORDER BY seq DESC LIMIT 1), false) END
		FROM unnest($2::text[]) AS wanted (id)
		CROSS JOIN LATERAL (SELECT seq, kind, hash FROM boussole.log
			WHERE source = $1 AND id = wanted.id ORDER BY seq DESC LIMIT 1) AS last`
	t.heads = make(map[key]head, len(ids))
	if err := t.read(ask, t.export.Source, ids, t.first); err != nil {
		return fmt.Errorf("reading what is known of %d records: %w", len(ids), err)
	}
	return nil
}

func (t *transaction) read(ask string, args ...any) error {
	rows, err := t.tx.Query(t.ctx, ask, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, hash pgtype.DriverBytes // until the next row, without a copy
		var h head
		if err := rows.Scan(&id, &h.seq, &h.kind, &hash, &h.was); err != nil {
			return err
		}
		copy(h.hash[:], hash)
		t.heads[keyOf(id)] = h
	}
	return rows.Err()
}
