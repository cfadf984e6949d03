package postgres

import (
	"context"
	"fmt"

	"boussole/data"
	"boussole/data/base"
)

// ways is the way of each id to what it stands for in the end, step by step. It ends,
// because no alias was ever set that closes a circle.
const ways = `WITH RECURSIVE way (id, step) AS (
		SELECT id COLLATE "C", 0 FROM unnest($1::text[]) AS asked (id)
		UNION ALL
		SELECT next.id, way.step + 1 FROM way CROSS JOIN LATERAL (
			SELECT convert_from(text, 'UTF8') AS id FROM boussole.log
			WHERE source = '' AND id = way.id ORDER BY seq DESC LIMIT 1) AS next
		WHERE next.id <> way.id)`

// Alias sets an alias. It costs the way to the server and back, once for each id that
// the import has not met yet.
func (t *transaction) Alias(from, to data.ID) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ready(); err != nil {
		return err
	}
	if !from.PathSafe() || !to.PathSafe() {
		return &base.Rejected{ID: string(from), Reason: fmt.Sprintf("%q and %q are not both ids", from, to)}
	}
	now, err := t.standsFor(from, to)
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
	t.stands[from] = to
	return t.hear(step{word: aliased, record: &base.Record{ID: string(from), Text: []byte(to)}})
}

// leads reports whether an id is met on the way to what another one stands for.
func (t *transaction) leads(id, met data.ID) (bool, error) {
	for id != met {
		next, err := t.standsFor(id)
		if err != nil || next == id {
			return false, err
		}
		id = next
	}
	return true, nil
}

// standsFor returns what an id stands for in one step, itself when it is no alias; the
// way of others that will be asked for is learned with it.
func (t *transaction) standsFor(id data.ID, others ...data.ID) (data.ID, error) {
	if next, known := t.stands[id]; known {
		return next, nil
	}
	wanted := []string{string(id)}
	for _, other := range others {
		if _, known := t.stands[other]; !known {
			wanted = append(wanted, string(other))
		}
	}
	if err := t.learn(t.ctx, wanted); err != nil {
		return "", err
	}
	return t.stands[id], nil
}

// learn reads the ways of some ids. What the import has said of one of them, or holds
// back, is known already and counts.
func (t *transaction) learn(ctx context.Context, ids []string) error {
	const ask = ways + `SELECT way.id, coalesce((
			SELECT convert_from(text, 'UTF8') FROM boussole.log
			WHERE source = '' AND id = way.id ORDER BY seq DESC LIMIT 1), way.id) FROM way`
	rows, err := t.tx.Query(ctx, ask, ids)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, next string
		if err := rows.Scan(&id, &next); err != nil {
			return err
		}
		if _, known := t.stands[data.ID(id)]; !known {
			t.stands[data.ID(id)] = data.ID(next)
		}
	}
	return rows.Err()
}
