package postgres

import (
	"context"
	"errors"
	"fmt"
	neturl "net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"boussole/data/base"
)

// Store is a [base.Base] in the schema "boussole" of a database.
type Store struct {
	pool     *pgxpool.Pool
	identity base.Identity
	turn     chan struct{} // held by who writes, in this program; see lock
	maxBatch int           // how many steps or rows an import holds back at the most

	closing context.Context // done once Close is called
	shut    context.CancelFunc

	mu   sync.Mutex
	open map[ender]bool // imports and snapshots, whose connections Close takes back
}

var _ base.Base = (*Store)(nil)

// ender is something that holds a connection.
type ender interface{ end() }

// maxConns is how many connections a store opens at the most when its URL does not
// say: each snapshot and the import hold one while they are open.
const maxConns = 16

// minConns is how many it may open at least, whatever its URL says: an import, and a
// snapshot whose changes are read, or each would wait for the other.
const minConns = 3

// Open opens the base of a database, told by a URL or by "key=value" pairs, as psql
// takes them; pool_max_conns among them is how many connections there may be, at least 3, see
// [pgxpool.ParseConfig]. A server that does not answer is an error, and so is a
// database that was not migrated to what this program knows: see [Migrate]. No error
// tells the password.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening the base: %w", err)
	}
	s := &Store{pool: pool, turn: make(chan struct{}, 1), maxBatch: maxBatchRows, open: make(map[ender]bool)}
	s.closing, s.shut = context.WithCancel(context.Background())
	if err := s.identify(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("opening the base in %s: %w", place(config), err)
	}
	return s, nil
}

// errURL is all that is said of a URL that cannot be read: what is wrong may be a part
// of the password.
var errURL = errors.New("the URL of the database cannot be read: it is postgres://user:password@host:5432/database, or key=value pairs")

func parse(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errURL
	}
	if u, err := neturl.Parse(url); err == nil && u.Scheme != "" && strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") {
		return nil, errURL // a password with a slash in it, of which a part would be the database
	}
	if plain, err := pgx.ParseConfig(url); err == nil && plain.RuntimeParams["pool_max_conns"] == "" {
		config.MaxConns = maxConns
	}
	config.MaxConns = max(config.MaxConns, minConns)
	// What programs of the database may put into other schemas is not called.
	config.ConnConfig.RuntimeParams["search_path"] = "pg_catalog, pg_temp"
	return config, nil
}

// place says where a database is.
func place(config *pgxpool.Config) string {
	c := config.ConnConfig
	return fmt.Sprintf("database %s of %s as %s", c.Database, c.Host, c.User)
}

// identify wants the database to be of the version that is known here, and learns who
// the base is.
func (s *Store) identify(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := upToDate(ctx, conn); err != nil {
		return err
	}
	return conn.QueryRow(ctx, `SELECT identity FROM boussole.state`).Scan(&s.identity)
}

// upToDate returns an error unless the database is of the version that is known here.
func upToDate(ctx context.Context, q querier) error {
	all, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	missing, err := pending(ctx, q, all)
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("it is to be migrated first: %s is missing", missing[0].name)
	}
	return err
}

// Close closes the base: an import that is open is rolled back, and snapshots are
// over.
func (s *Store) Close() error {
	s.shut()
	s.mu.Lock()
	var open []ender
	for e := range s.open {
		open = append(open, e)
	}
	s.mu.Unlock()
	for _, e := range open {
		e.end()
	}
	s.pool.Close()
	return nil
}

func (s *Store) hold(e ender) {
	s.mu.Lock()
	s.open[e] = true
	s.mu.Unlock()
	if s.closing.Err() != nil {
		e.end() // Close did not see it
	}
}

func (s *Store) letGo(e ender) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, e)
}

// lockKey is the advisory lock of who migrates, whichever program it is: "boussole" in
// ASCII. Any login can hold it: there may be no table yet whose lock would do.
const lockKey int64 = 0x626f7573736f6c65

// takeTurn waits for the turn to write. The server lets go of it when the transaction
// ends, and so when its program dies. Only a login that may write the directory can hold
// it: a statement that is but prepared locks what it is about before anybody asks for
// rights, in modes that this one, of all that exclude themselves, does not mind.
const takeTurn = `LOCK TABLE boussole.turn IN SHARE UPDATE EXCLUSIVE MODE`

// lock begins a transaction whose turn it is to write, once those before are over. One
// connection waits for other programs, until Close; who waits for this one has none
// yet. What the base was migrated to since it was opened is no longer written by what
// this program knows.
func (s *Store) lock(ctx context.Context) (tx pgx.Tx, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() {
		if err != nil {
			<-s.turn
		}
	}()
	tx, err = s.begin(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, writing)
	if err != nil {
		return nil, err
	}
	waiting, done := context.WithCancel(ctx)
	defer done()
	defer context.AfterFunc(s.closing, done)()
	if _, err := tx.Exec(waiting, takeTurn); err != nil {
		rollback(tx)
		return nil, fmt.Errorf("waiting for the turn to write: %w", err)
	}
	if err := upToDate(ctx, tx); err != nil {
		rollback(tx)
		return nil, err
	}
	return tx, nil
}

// unlock lets the next one write, after the transaction has ended.
func (s *Store) unlock() { <-s.turn }

// Settings of a transaction. There is one good way to read the log, by its indexes and
// in their order; a planner without statistics, as of a table that is being filled,
// would sort all texts. A timeout that suits other programs of the database does not
// suit an import of an hour. A machine that is lost lets go of the lock in two minutes.
// Who turns durability off for others does not turn it off for an import.
const (
	planning = `SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL jit = off;
		SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL plan_cache_mode = force_generic_plan;
		SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
		SET LOCAL tcp_keepalives_idle = 60; SET LOCAL tcp_keepalives_interval = 10; SET LOCAL tcp_keepalives_count = 6;` + unbound
	reading = planning + `SET LOCAL enable_sort = off`
	writing = planning + `SET LOCAL enable_sort = off; SET LOCAL lock_timeout = 0;` + synced
	synced  = `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`
	unbound = `SELECT set_config('transaction_timeout', '0', true) WHERE current_setting('transaction_timeout', true) IS NOT NULL;` // from 17 on
)

// begin begins a transaction with settings.
func (s *Store) begin(ctx context.Context, options pgx.TxOptions, settings string) (pgx.Tx, error) {
	tx, err := s.pool.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, settings, pgx.QueryExecModeSimpleProtocol); err != nil {
		rollback(tx)
		return nil, err
	}
	return tx, nil
}

// rollback ends a transaction, whose context may be done. When the server cannot be
// told, the connection is given up, by which the server knows.
func rollback(tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	tx.Rollback(ctx)
}
