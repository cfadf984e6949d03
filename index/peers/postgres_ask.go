package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/jackc/pgx/v5"

	"boussole/data"
)

// conditions are a question's as SQL. What is the same in many questions is
// written out, so that a plan is made for it and indexes for a part of the table
// can be proven to fit; the arguments are what changes from one to the next.
func (p *postgres) conditions(q *question, args []any) (string, []any) {
	var all []string
	for _, group := range q.codes {
		all = append(all, carries(p.t.visible(group, q.viewer)))
	}
	switch { // what the public sees of codes and words is no sensitive unit's
	case len(q.words) > 0:
		args = append(args, p.writtenWords(q))
		all = append(all, fmt.Sprintf(matching(q), len(args)))
	case len(q.codes) == 0 && q.viewer.Profile == 0:
		all = append(all, "NOT sensitive")
	}
	if q.departement != "" {
		all = append(all, "departement = '"+q.departement+"'")
	}
	if q.bed {
		all = append(all, "free >= 1")
	}
	if q.age != nil {
		args = append(args, int32(*q.age))
		all = append(all, fmt.Sprintf("age_min <= $%d AND age_before > $%[1]d", len(args)))
	}
	if !q.at.IsZero() {
		args = append(args, p.t.minutes(q.at))
		all = append(all, fmt.Sprintf("week @> ($%d::int[])[clock]", len(args)))
	}
	return strings.Join(all, " AND "), args
}

// carries is the condition that one of some refs is carried.
func carries(refs []int32) string {
	list := strings.Trim(strings.ReplaceAll(fmt.Sprint(refs), " ", ","), "[]")
	if len(refs) == 1 {
		return "codes @> '{" + list + "}'"
	}
	return "codes && '{" + list + "}'"
}

// nearestPostgres asks for some more than is wanted by KNN, measures them again as
// the engine does, to the millimetre, and puts them in the order of (distance, id).
type nearestPostgres struct {
	*postgres
	conn *pgx.Conn
	mode pgx.QueryExecMode
}

// The Earth is the engine's: 2 × 6,371,008.8 m, in millimetres.
const nearestSQL = `
SELECT id, round(12742017600 * atan2(sqrt(h), sqrt(1 - h)))::bigint AS mm FROM (
	SELECT id, sin((phi - radians($2)) / 2) ^ 2 + cos(phi) * cos(radians($2)) * sin((lambda - radians($1)) / 2) ^ 2 AS h
	FROM (SELECT id, phi, lambda FROM offers WHERE geog IS NOT NULL AND %s
		ORDER BY geog <-> ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography LIMIT %d) AS near) AS again
ORDER BY mm, id`

// overfetch is how many are asked for at first.
const overfetch = 20

func (p nearestPostgres) ask(ctx context.Context, q *question) (answer, error) {
	for limit := overfetch; ; limit *= 4 {
		ids, mm, err := p.fetch(ctx, q, limit)
		if err != nil {
			return answer{}, err
		}
		// What was not fetched is as far as the last or farther, but for rounding.
		if len(ids) < limit || mm[limit-1] >= mm[wanted-1]+2 {
			return answer{ids: ids[:min(wanted, len(ids)):len(ids)]}, nil
		}
	}
}

func (p nearestPostgres) fetch(ctx context.Context, q *question, limit int) (ids []data.ID, mm []int64, err error) {
	where, args := p.conditions(q, []any{q.near.Lon, q.near.Lat})
	return p.query(ctx, fmt.Sprintf(nearestSQL, where, limit), args)
}

func (p nearestPostgres) query(ctx context.Context, sql string, args []any) (ids []data.ID, mm []int64, err error) {
	rows, err := p.conn.Query(ctx, sql, append([]any{p.mode}, args...)...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var far int64
		if err := rows.Scan(&id, &far); err != nil {
			return nil, nil, err
		}
		ids, mm = append(ids, data.ID(id)), append(mm, far)
	}
	return ids, mm, rows.Err()
}

func (p nearestPostgres) explain(ctx context.Context, q *question) (string, error) {
	where, args := p.conditions(q, []any{q.near.Lon, q.near.Lat})
	return plan(ctx, p.conn, fmt.Sprintf(nearestSQL, where, overfetch), args)
}

// plan is how the server answers.
func plan(ctx context.Context, conn *pgx.Conn, sql string, args []any) (string, error) {
	rows, err := conn.Query(ctx, "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) "+sql, args...)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(lines, "\n"), err
}

// cellsPostgres counts by the cells that rows know.
type cellsPostgres struct{ *postgres }

const cellsSQL = `
SELECT x >> $1, y >> $1, count(*) FROM offers
WHERE %s AND geog::geometry && ST_MakeEnvelope($2, $3, $4, $5, 4326) AND lon7 BETWEEN $6 AND $8 AND lat7 BETWEEN $7 AND $9
GROUP BY 1, 2`

func (p cellsPostgres) sql(q *question) (string, []any) {
	b := q.bounds
	up := func(d float64) int32 { return int32(math.Ceil(d * 1e7)) }
	down := func(d float64) int32 { return int32(math.Floor(d * 1e7)) }
	where, args := p.conditions(q, []any{int32(deepest - q.zoom), b.West, b.South, b.East, b.North,
		up(b.West), up(b.South), down(b.East), down(b.North)})
	return fmt.Sprintf(cellsSQL, where), args
}

func (p cellsPostgres) ask(ctx context.Context, q *question) (answer, error) {
	sql, args := p.sql(q)
	rows, err := p.conn.Query(ctx, sql, args...)
	if err != nil {
		return answer{}, err
	}
	defer rows.Close()
	a := answer{cells: []cell{}}
	for rows.Next() {
		var c cell
		if err := rows.Scan(&c.x, &c.y, &c.offers); err != nil {
			return a, err
		}
		a.cells = append(a.cells, c)
	}
	sortCells(a.cells)
	return a, rows.Err()
}

func (p cellsPostgres) explain(ctx context.Context, q *question) (string, error) {
	sql, args := p.sql(q)
	return plan(ctx, p.conn, sql, args)
}
