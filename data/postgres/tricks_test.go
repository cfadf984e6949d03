package postgres

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"boussole/data/base"
)

var named = base.Export{Source: "a", Of: 1, On: 1}

// TestViewLeaks asks the view of aliases with a function that tells what it is given,
// before the view has left out what is not to be seen.
func TestViewLeaks(t *testing.T) {
	at := migrated(t)
	if _, err := say(t, opened(t, at), named, "hidden-1", "hidden-2"); err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(as(t, at, "boussole_live"))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { told = append(told, n.Message) }
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, sql := range []string{
		`CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0000001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$`,
		`SET enable_indexscan = off`, `SET enable_bitmapscan = off`, `SET enable_indexonlyscan = off`,
		`SELECT * FROM boussole.aliases WHERE pg_temp.leak(id)`,
	} {
		run(t, conn, sql)
	}
	if len(told) > 0 {
		t.Errorf("boussole_live reads %v", told)
	}
}

// TestSearchPath puts a function of a reader where a name that nobody qualifies is
// looked for, as it may in every database of PostgreSQL 14.
func TestSearchPath(t *testing.T) {
	at := migrated(t)
	run(t, connected(t, at), `GRANT CREATE ON SCHEMA public TO PUBLIC`)
	run(t, connected(t, as(t, at, "boussole_reader")), `CREATE FUNCTION public.convert_from(bytea, text) RETURNS text LANGUAGE plpgsql AS $$
		BEGIN DELETE FROM boussole.log WHERE source = 'a'; RETURN pg_catalog.convert_from($1, 'UTF8'::name); END $$`)
	s := opened(t, as(t, at, "boussole_indexer"))
	if _, err := say(t, s, named, "1", "2"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second reads what the first has said
		i, err := s.Begin(t.Context(), base.Export{Source: "b", Of: named.Of + 1, On: named.On + 1, Delta: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Alias("x", "y"); err != nil {
			t.Fatal(err)
		}
		if err := i.Alias("x", "z"); err != nil {
			t.Fatal(err)
		}
		if _, err := i.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	same(t, len(tell(t, opened(t, at)).records), 2, "records of a after a reader's function")
}

// TestCloseWhileBeginning closes a base while an import is beginning.
func TestCloseWhileBeginning(t *testing.T) {
	at := migrated(t)
	s, err := Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	other := connected(t, at)
	run(t, other, `BEGIN`)
	run(t, other, `LOCK TABLE boussole.sources IN ACCESS EXCLUSIVE MODE`)
	began := make(chan error, 1)
	go func() {
		_, err := s.Begin(t.Context(), named)
		began <- err
	}()
	waitsFor(t, at, "relation")
	closed := make(chan struct{})
	go func() { s.Close(); close(closed) }()
	time.Sleep(50 * time.Millisecond) // so that Close has looked at what is open
	run(t, other, `COMMIT`)
	<-began
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Error("Close waits for an import that was beginning")
	}
}

// TestTimeouts has a database cut what takes long, as it may for other programs.
func TestTimeouts(t *testing.T) {
	at := migrated(t)
	conn := connected(t, at)
	settings := []string{"statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"}
	var server int
	if err := conn.QueryRow(t.Context(), `SELECT current_setting('server_version_num')::int`).Scan(&server); err != nil {
		t.Fatal(err)
	}
	if server >= 170000 {
		settings = append(settings, "transaction_timeout")
	}
	for _, setting := range settings {
		run(t, conn, fmt.Sprintf(`ALTER DATABASE %s SET %s = '150ms'`, conn.Config().Database, setting))
	}
	s := opened(t, at)
	i, err := s.Begin(t.Context(), named)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Rollback()
	p, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	waited := make(chan error)
	go func() {
		other := named
		other.Delta = true
		second, err := s.Begin(t.Context(), other)
		if err == nil {
			err = second.Rollback()
		}
		waited <- err
	}()
	time.Sleep(400 * time.Millisecond) // as long as all of them, twice
	if err := i.Put(base.Record{ID: "1", Text: []byte("{}")}); err != nil {
		t.Errorf("an import that takes its time: %v", err)
	}
	if _, err := i.Commit(); err != nil {
		t.Errorf("an import that takes its time: %v", err)
	}
	if err := <-waited; err != nil {
		t.Errorf("an import that waits for its turn: %v", err)
	}
	if _, _, err := p.Record("a", "1"); err != nil {
		t.Errorf("a snapshot that stays open: %v", err)
	}
}
