package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"boussole/data"
)

// postgres is a throw-away PostgreSQL 15 with PostGIS, on a socket of its own.
type postgres struct {
	server *server
	conn   *pgx.Conn // for questions that come again and again: plans are kept
	once   *pgx.Conn // for questions of which each is planned for itself
	t      *table
}

// Where Debian keeps PostgreSQL and its extensions.
const (
	postgresPrograms = "/usr/lib/postgresql/15/bin"
	postgisControl   = "/usr/share/postgresql/15/extension/postgis.control"
)

// settings are those of a small machine that does little else. The table is not
// worth keeping, so nothing waits for the disk; questions are too small to be
// worth compiling or sharing among processes.
var settings = []string{
	"listen_addresses=", "max_connections=8", "shared_buffers=2GB", "effective_cache_size=8GB", "work_mem=64MB",
	"maintenance_work_mem=512MB", "random_page_cost=1.05", "jit=off", "max_parallel_workers_per_gather=0",
	"fsync=off", "synchronous_commit=off", "full_page_writes=off",
	"wal_level=minimal", "max_wal_senders=0", "max_wal_size=8GB", "autovacuum=off",
}

// keepPlans: planning takes about as long as answering. A plan that does not know
// how many rows suit would gather all of them and sort, where walking from the
// nearest on is faster.
const keepPlans = `SET plan_cache_mode = force_generic_plan; SET enable_bitmapscan = off; SET enable_seqscan = off`

// hasPostgis says what is missing of PostgreSQL.
func hasPostgis() error {
	if _, err := program("postgres", postgresPrograms); err != nil {
		return err
	}
	if !isFile(postgisControl) {
		return fmt.Errorf("PostGIS %w", errMissing)
	}
	return nil
}

// newPostgres starts a server under dir and fills it.
func newPostgres(ctx context.Context, dir string, t *table, c choice) (*peer, error) {
	p, err := startPostgres(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	p.t = t
	begin := time.Now()
	made := &peer{name: postgis, close: p.close, ping: p.ping, askers: p.askers()}
	err = p.fill(ctx, c)
	if err == nil {
		_, err = p.conn.Exec(ctx, keepPlans)
	}
	if err != nil {
		p.close()
		return nil, fmt.Errorf("filling PostgreSQL: %w", err)
	}
	made.built = time.Since(begin)
	const about = `SELECT pg_total_relation_size('offers'),
		'of PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || postgis_lib_version()`
	if err := p.conn.QueryRow(ctx, about).Scan(&made.bytes, &made.version); err != nil {
		p.close()
		return nil, err
	}
	return made, nil
}

func (p *postgres) askers() map[string]asker {
	near := nearestPostgres{p, p.conn, pgx.QueryExecModeCacheStatement}
	once := nearestPostgres{p, p.once, pgx.QueryExecModeExec}
	return map[string]asker{
		"Q1": near, "Q2": near, "Q3": near, "Q4": near, "Q5": wordsPostgres{postgres: p}, typos: wordsPostgres{postgres: p}, "Q6": thingsPostgres{postgres: p},
		"Q7": cellsPostgres{p}, nested: once, conjunction: once,
	}
}

func (p *postgres) ping(ctx context.Context) error {
	var one int
	return p.conn.QueryRow(ctx, "SELECT 1").Scan(&one)
}

func startPostgres(ctx context.Context, parent string) (*postgres, error) {
	path, err := program("postgres", postgresPrograms)
	if err != nil {
		return nil, err
	}
	initdb, err := program("initdb", postgresPrograms)
	if err != nil {
		return nil, err
	}
	as, err := servant()
	if err != nil {
		return nil, err
	}
	dir, err := folderFor(parent, "pg", as)
	if err != nil {
		return nil, err
	}
	at := filepath.Join(dir, "data")
	// Nobody but who owns the folder, and root, reaches the socket in it.
	init := command(as, dir, initdb, "-D", at, "-U", "peers", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
	if err := bounded(ctx, init, time.Minute); err != nil {
		return nil, err
	}
	args := []string{"-D", at, "-k", dir}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	p := &postgres{}
	connect := func(ctx context.Context) (*pgx.Conn, error) {
		return pgx.Connect(ctx, "host="+dir+" user=peers dbname=postgres")
	}
	p.server, err = start(ctx, command(as, dir, path, args...), os.Interrupt, func(ctx context.Context) (err error) {
		p.conn, err = connect(ctx)
		return err
	}) // whose signal is a fast shutdown
	if err != nil {
		return nil, err
	}
	if p.once, err = connect(ctx); err != nil {
		return nil, errors.Join(err, p.server.end())
	}
	return p, nil
}

// bounded runs a program to its end.
func bounded(ctx context.Context, cmd *exec.Cmd, most time.Duration) error {
	s, err := start(ctx, cmd, os.Kill, func(context.Context) error { return nil })
	if err != nil {
		return err
	}
	select {
	case <-s.done:
	case <-time.After(most):
	case <-ctx.Done():
	}
	if err := s.end(); err != nil {
		return err
	}
	if !cmd.ProcessState.Success() {
		return fmt.Errorf("%s: %s\n%s", cmd.Path, cmd.ProcessState, tail(s.log.Bytes()))
	}
	return nil
}

func (p *postgres) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	p.conn.Close(ctx)
	p.once.Close(ctx)
	return p.server.end()
}

// schema is what is copied; an age without a limit is below the greatest number.
const schema = `
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION fuzzystrmatch;
CREATE TABLE raw (
	id text COLLATE "C", lon float8, lat float8, x int, y int, sensitive bool, departement text,
	codes int[], age_min int, age_before int, clock int, week text, free int, words text[])`

// offersTable has a geography for the nearest and, beside it, radians to measure
// once more, and whole numbers for maps. Codes, with their classes, are an array;
// hours are a multirange of minutes of the week, by the clock of the territory.
// Words are those that the engine takes off the texts, as a tsvector. Neighbours
// stand together.
const offersTable = `
CREATE TABLE offers AS SELECT
	id, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography AS geog,
	radians(lat) AS phi, radians(lon) AS lambda, round(lat * 1e7)::int AS lat7, round(lon * 1e7)::int AS lon7,
	x, y, sensitive, departement, codes, age_min, age_before, clock, week::int4multirange AS week, free,
	array_to_tsvector(words) AS words
FROM raw ORDER BY ST_SetSRID(ST_MakePoint(lon, lat), 4326)`

// indexes are an expert's: GiST for the nearest of all, for each code by itself (of
// which only those that are asked for are made), for maps, and for beds that are
// free; GIN for conjunctions of codes and for words, and GiST for words and the
// nearest at once, whose signatures say where the words are not; a btree for
// départements. None is for another combination: nobody has one for each.
func indexes(common, rare, beds []int32) []string {
	return []string{
		`ALTER TABLE offers ADD PRIMARY KEY (id)`,
		`CREATE INDEX everything ON offers USING gist (geog) WHERE NOT sensitive`,
		`CREATE INDEX codes ON offers USING gin (codes)`,
		`CREATE INDEX words ON offers USING gin (words)`,
		`CREATE INDEX everything_words ON offers USING gist (geog, words tsvector_ops (siglen = 500))`,
		`ALTER TABLE offers ALTER words SET STATISTICS 200`,
		`CREATE INDEX departement ON offers (departement)`,
		`CREATE INDEX common ON offers USING gist (geog) WHERE ` + carries(common),
		`CREATE INDEX common_map ON offers USING gist ((geog::geometry)) WHERE ` + carries(common),
		`CREATE INDEX rare ON offers USING gist (geog) WHERE ` + carries(rare),
		`CREATE INDEX beds ON offers USING gist (geog) WHERE free >= 1`,
		`CREATE INDEX code ON offers USING gist (geog) WHERE ` + carries(beds),
		`VACUUM (ANALYZE, FREEZE) offers`,
		`CHECKPOINT`,
	}
}

func (p *postgres) fill(ctx context.Context, c choice) error {
	if _, err := p.conn.Exec(ctx, schema); err != nil {
		return err
	}
	columns := []string{"id", "lon", "lat", "x", "y", "sensitive", "departement",
		"codes", "age_min", "age_before", "clock", "week", "free", "words"}
	rows := pgx.CopyFromSlice(len(p.t.rows), func(i int) ([]any, error) { return p.t.values(&p.t.rows[i]), nil })
	if _, err := p.conn.CopyFrom(ctx, pgx.Identifier{"raw"}, columns, rows); err != nil {
		return err
	}
	public := data.Viewer{}
	steps := append([]string{offersTable, `DROP TABLE raw`},
		indexes(p.t.visible([]data.Code{c.common.code}, public), p.t.visible([]data.Code{c.rare.code}, public), p.t.visible([]data.Code{c.beds.code}, all))...)
	if err := p.run(ctx, append(steps, wordsTables...)); err != nil {
		return err
	}
	return p.fillThings(ctx)
}

func (p *postgres) run(ctx context.Context, steps []string) error {
	for _, s := range steps {
		if _, err := p.conn.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// values are those of a row in the order of the columns.
func (t *table) values(r *row) []any {
	v := []any{string(r.id), nil, nil, nil, nil, r.sensitive, r.departement, r.refs,
		int32(r.ages.Min), int32(r.ages.Before), nil, nil, nil, t.wordsOf(r)}
	if r.placed {
		x, y := cellOf(r.point, deepest)
		v[1], v[2], v[3], v[4] = r.point.Lon, r.point.Lat, x, y
	}
	if r.ages.Before == 0 {
		v[9] = int32(math.MaxInt32)
	}
	if r.week > 0 {
		w := &t.weeks[r.week]
		v[10], v[11] = w.clock+1, w.multirange()
	}
	if r.free >= 0 {
		v[12] = r.free
	}
	return v
}

// deepest is the zoom whose cells a row knows; those of others are above them.
const deepest = 24

// multirange writes minutes as PostgreSQL reads them.
func (w *week) multirange() string {
	text := "{"
	for i, s := range w.spans {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf("[%d,%d)", s.from, s.to)
	}
	return text + "}"
}
