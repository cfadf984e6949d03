package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"boussole/data/base"
	"boussole/data/postgres/postgrestest"
)

// connected connects to a database for a test.
func connected(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func run(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// TestMigrate migrates an empty database by several programs at once, and then refuses
// what this program does not know.
func TestMigrate(t *testing.T) {
	url := postgrestest.Database(t)
	if _, err := Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), "migrated first") {
		t.Errorf("a database without tables was opened: %v", err)
	}
	done := make(chan error)
	for range 3 {
		go func() { done <- Migrate(t.Context(), url) }()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	s := opened(t, url)
	of := s.identity
	if err := Migrate(t.Context(), url); err != nil || opened(t, url).identity != of || of == "" {
		t.Errorf("migrated again, it is another base: %v", err)
	}
	conn := connected(t, url)
	for _, revoked := range []string{"SELECT ON boussole.sources FROM boussole_reader", "UPDATE (floor) ON boussole.state FROM boussole_indexer", "SELECT ON boussole.state FROM boussole_live", "INSERT ON boussole.commits FROM boussole_indexer"} {
		run(t, conn, "REVOKE "+revoked)
		if err := Migrate(t.Context(), url); err != nil {
			t.Fatal(err)
		}
		if given, err := rightsGiven(t.Context(), conn); err != nil || !given {
			t.Errorf("REVOKE %s: not given again: %v", revoked, err)
		}
	}
	refused := func(why, change, back string) {
		t.Helper()
		run(t, conn, change)
		defer run(t, conn, back)
		if err := Migrate(t.Context(), url); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("migrated: %v", err)
		}
		if s, err := Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("opened: %v, %v", s, err)
		}
	}
	refused("newer than this program", `INSERT INTO boussole.migrations (version, name, checksum) SELECT max(version) + 1, 'x', 'x' FROM boussole.migrations`,
		`DELETE FROM boussole.migrations WHERE name = 'x'`)
	refused("what was applied as migration 1 is not 0001_base.sql",
		`UPDATE boussole.migrations SET checksum = checksum || '0'`, `UPDATE boussole.migrations SET checksum = left(checksum, 64)`)
}

// TestMigrateWhole has a second migration that fails: nothing of it is there, and then
// one that does not.
func TestMigrateWhole(t *testing.T) {
	url := postgrestest.Database(t)
	conn := connected(t, url)
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	next := len(all) + 1
	bad := migration{next, "next_bad.sql", "CREATE TABLE boussole.more (); SELECT 1/0", "b"}
	if err := migrate(t.Context(), conn, append(all, bad)); err == nil || !strings.Contains(err.Error(), "next_bad.sql") {
		t.Errorf("a migration that fails: %v", err)
	}
	var there bool
	if err := conn.QueryRow(t.Context(), `SELECT to_regnamespace('boussole') IS NOT NULL`).Scan(&there); err != nil || there {
		t.Errorf("a migration that failed is there, in part: %v, %v", there, err)
	}
	good := migration{next, "next_good.sql", "CREATE TABLE boussole.more ()", "g"}
	for _, list := range [][]migration{all, append(all, good), append(all, good)} {
		if err := migrate(t.Context(), conn, list); err != nil {
			t.Fatal(err)
		}
	}
	var given bool
	const more = `SELECT has_table_privilege('boussole_reader', 'boussole.more', 'SELECT') AND (SELECT count(*) FROM boussole.state) = 1`
	if err := conn.QueryRow(t.Context(), more).Scan(&given); err != nil || !given {
		t.Errorf("what a migration adds is not for the reader, or the base is another: %v", err)
	}
	if err := migrate(t.Context(), conn, all); err == nil {
		t.Error("a program of before took a database that is newer")
	}
}

// TestMarksOfAnOlderBase migrates a database of before there were marks: its last commit
// gets one.
func TestMarksOfAnOlderBase(t *testing.T) {
	url := postgrestest.Database(t)
	conn := connected(t, url)
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	before := slices.IndexFunc(all, func(m migration) bool { return m.name == "0004_commits.sql" })
	if err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error { return apply(t.Context(), tx, all[:before]) }); err != nil {
		t.Fatal(err)
	}
	run(t, conn, `UPDATE boussole.state SET seq = 7`)
	if err := Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	s, err := opened(t, url).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if mark, err := s.Mark(7); err != nil || mark == "" {
		t.Errorf("its last commit has the mark %q, %v", mark, err)
	}
}

// TestWithoutRoles migrates by logins that may do less and less.
func TestWithoutRoles(t *testing.T) {
	url := postgrestest.Database(t)
	conn := connected(t, url)
	login := "boussole_test_owner_" + strings.TrimPrefix(conn.Config().Database, "boussole_test_")
	run(t, conn, `CREATE ROLE `+login+` LOGIN NOSUPERUSER NOCREATEROLE`)
	t.Cleanup(func() {
		conn.Exec(context.Background(), `DROP OWNED BY `+login+`; DROP ROLE `+login, pgx.QueryExecModeSimpleProtocol)
	})
	run(t, conn, `SET ROLE `+login)
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), conn, all); err == nil {
		t.Fatal("a login without any right made tables")
	}
	run(t, conn, `RESET ROLE`)
	run(t, conn, fmt.Sprintf(`GRANT CREATE ON DATABASE %s TO %s`, conn.Config().Database, login))
	run(t, conn, `SET ROLE `+login)
	// Where another test has made the roles of the server, theirs is no right that is missing.
	missing := strings.ReplaceAll(rolesSQL, "boussole_live", "boussole_nobody")
	before := rolesSQL
	rolesSQL = missing
	err = migrate(t.Context(), conn, all)
	rolesSQL = before
	var roles *RolesError
	if !errors.As(err, &roles) || !strings.Contains(err.Error(), "GRANT USAGE ON SCHEMA") {
		t.Errorf("a login that may not make roles: %v", err)
	}
	run(t, conn, `RESET ROLE`)
	if _, err := conn.Exec(t.Context(), rolesSQL, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("the administrator: %v", err)
	}
	for _, role := range []string{login, "boussole_indexer"} { // nothing is left to do
		run(t, conn, `SET ROLE `+role)
		if err := migrate(t.Context(), conn, all); err != nil {
			t.Errorf("as %s: %v", role, err)
		}
		run(t, conn, `RESET ROLE`)
	}
}

// TestURL wants no error to tell a password.
func TestURL(t *testing.T) {
	for _, url := range []string{
		"postgres://u:s3cr3t@127.0.0.1:1/x", "postgres://u:s3cr3t@127.0.0.1:bad/x", "postgres://u:s3c r3t%zz@h/x",
		"host=127.0.0.1 port=1 user=u password=s3cr3t dbname=x", "host=h password='s3cr3t port=x",
		"postgres://u:s3cr3t@h/x?sslmode=odd", "postgres://u:s3cr3t@h/x?pool_max_conns=many", "s3cr3t", "://:s3cr3t@",
		"postgres://u:12/s3cr3t@127.0.0.1:1/x", "postgres://u:12?s3cr3t@127.0.0.1:1/x", "postgres://u:12#s3cr3t@127.0.0.1:1/x",
	} {
		s, err := Open(t.Context(), url)
		if err == nil {
			s.Close()
			t.Errorf("%s was opened", url)
		}
		for _, err := range []error{err, Migrate(t.Context(), url)} {
			for ; err != nil; err = errors.Unwrap(err) {
				if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, "s3c") || strings.Contains(text, "r3t") {
					t.Errorf("it tells the password: %v", err)
				}
			}
		}
	}
	for url, want := range map[string]int32{"postgres://h/x": maxConns, "postgres://h/x?pool_max_conns=3": 3, "host=h pool_max_conns=1": 3} {
		if config, err := parse(url); err != nil || config.MaxConns != want {
			t.Errorf("%s: %v, %v", url, config, err)
		}
	}
	var config *pgxpool.Config
	config, err := parse("postgres://u:s3cr3t@h/x")
	if err != nil || place(config) != "database x of h as u" {
		t.Errorf("%v, %v", place(config), err)
	}
}

// first returns a database of the first version, with a connection.
func first(t *testing.T) (url string, conn *pgx.Conn) {
	t.Helper()
	url = postgrestest.Database(t)
	conn = connected(t, url)
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	if err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error { return apply(t.Context(), tx, all[:1]) }); err != nil {
		t.Fatal(err)
	}
	return url, conn
}

// saysBefore is how a program of the first version writes down where a source stands.
const saysBefore = `INSERT INTO boussole.sources (name, live, full_of, delta_of, deltas, imported, held) VALUES ('a', 0, 1, 0, 0, 2, 0)
	ON CONFLICT (name) DO UPDATE SET live = excluded.live, full_of = excluded.full_of,
		delta_of = excluded.delta_of, deltas = excluded.deltas, imported = excluded.imported, held = excluded.held`

// TestMigrateFromBefore brings a database of the first version to this one.
func TestMigrateFromBefore(t *testing.T) {
	url, conn := first(t)
	run(t, conn, saysBefore)
	if err := Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	s := opened(t, url)
	if _, err := say(t, s, base.Export{Source: "a", Of: 1, On: 2}); err != nil {
		t.Fatal(err)
	}
	p, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	same(t, p.Sources(), []base.SourceState{{Name: "a", Full: 1, On: 2}}, "sources")
}

// TestProgramOfBefore has a program of the first version write once more after the base
// was migrated: what it says would go by the digest of what it takes the place of.
func TestProgramOfBefore(t *testing.T) {
	url, conn := first(t)
	run(t, conn, saysBefore)
	if err := Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	s := opened(t, url)
	known := base.Export{Source: "a", Of: 1, On: 2}
	i, err := s.Begin(t.Context(), known)
	if err != nil {
		t.Fatal(err)
	}
	i.Remember("digest", "")
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	var refused *pgconn.PgError
	for _, name := range []string{"'a'", "'b'"} { // known, and new
		_, err := conn.Exec(t.Context(), strings.Replace(saysBefore, "'a'", name, 1))
		if !errors.As(err, &refused) || refused.Code != "23502" {
			t.Errorf("a program of before wrote of %s: %v", name, err)
		}
	}
	if i, err = s.Begin(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	defer i.Rollback()
	same(t, i.Known().Digest, "digest", "what the source is known by")
}

// TestMigratedWhileOpen has another program migrate a base that is open: nothing is
// written any more by who does not know that version, and what is read is read.
func TestMigratedWhileOpen(t *testing.T) {
	url := postgrestest.Database(t)
	if err := Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	s, conn := opened(t, url), connected(t, url)
	full := base.Export{Source: "a", Of: 1, On: 2}
	if _, err := say(t, s, full); err != nil {
		t.Fatal(err)
	}
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	later := migration{len(all) + 1, "0003_later.sql", "CREATE TABLE boussole.more ()", "l"}
	if err := migrate(t.Context(), conn, append(all, later)); err != nil {
		t.Fatal(err)
	}
	const why = "newer than this program"
	if i, err := s.Begin(t.Context(), full); err == nil {
		i.Rollback()
		t.Error("an import was begun")
	} else if !strings.Contains(err.Error(), why) {
		t.Errorf("an import: %v", err)
	}
	if err := s.Purge(t.Context(), nil, 2, ""); err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("a purge was made: %v", err)
	}
	p, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	same(t, len(p.Sources()), 1, "sources that are read")
}
