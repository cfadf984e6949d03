package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"boussole/data/base"
)

// as returns the URL of a database for who has a role, by setting it on every
// connection: what the role may not do is denied as it is to a login of its own.
func as(t *testing.T, at, role string) string {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("options", "-crole="+role)
	u.RawQuery = q.Encode()
	return u.String()
}

// TestRoles lets each role do what it is for, and nothing else.
func TestRoles(t *testing.T) {
	at := migrated(t)
	indexer := opened(t, as(t, at, "boussole_indexer"))
	if _, err := say(t, indexer, base.Export{Source: "a", Of: 1, On: 1}, "1", "2", "3"); err != nil {
		t.Fatalf("the indexer imports: %v", err)
	}
	if _, err := say(t, indexer, base.Export{Source: "a", Of: 2, On: 2, AnyLoss: true}, "1"); err != nil {
		t.Fatalf("the indexer closes: %v", err)
	}
	rules := base.Retention{{Closed: 5}}
	plan, err := indexer.Plan(t.Context(), rules, 9)
	if err != nil || len(plan.Rows) != 1 {
		t.Fatalf("the indexer plans: %+v, %v", plan, err)
	}
	if err := indexer.Purge(t.Context(), rules, 9, plan.Digest); err != nil {
		t.Fatalf("the indexer purges: %v", err)
	}

	reader := opened(t, as(t, at, "boussole_reader"))
	same(t, len(tell(t, reader).records), 1, "what the reader reads")
	if i, err := reader.Begin(t.Context(), base.Export{Source: "a", Of: 3, On: 3}); err == nil {
		defer i.Rollback()
		if err := i.Put(base.Record{ID: "9", Text: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
		if _, err := i.Commit(); err == nil {
			t.Error("the reader imported")
		}
	}
	conn := connected(t, as(t, at, "boussole_live"))
	run(t, conn, `SELECT id, stands_for FROM boussole.aliases`)
	run(t, conn, `SELECT seq FROM boussole.state`)
	if i, err := opened(t, as(t, at, "boussole_live")).Begin(t.Context(), base.Export{Source: "a", Of: 3, On: 3}); err == nil {
		i.Rollback()
		t.Error("who writes live facts began an import")
	}
}

// TestGuardedAliasesAreHidden shows who writes live facts what ids stand for, and none
// that is not for everybody to know of.
func TestGuardedAliasesAreHidden(t *testing.T) {
	at := migrated(t)
	i, err := opened(t, as(t, at, "boussole_indexer")).Begin(t.Context(), base.Export{Source: "a", Delta: true, Of: 1, On: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Rollback()
	for _, a := range []base.Alias{{ID: "former", For: "now"}, {ID: "open", For: "10..hidden"}, {ID: "11..secret", For: "shown"}} {
		if err := i.Alias(a.ID, a.For); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	rows, err := connected(t, as(t, at, "boussole_live")).Query(t.Context(), `SELECT id, stands_for FROM boussole.aliases`)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := pgx.CollectRows(rows, pgx.RowToStructByPos[base.Alias])
	if err != nil {
		t.Fatal(err)
	}
	same(t, shown, []base.Alias{{ID: "former", For: "now"}}, "aliases that are shown")
}

// TestOwners finds nothing in the database that a role owns, and no right on the
// directory of who writes live facts but the three that it has.
func TestOwners(t *testing.T) {
	conn := connected(t, migrated(t))
	var owned int
	const ask = `SELECT count(*) FROM pg_class WHERE relowner::regrole::text LIKE 'boussole_%'
		AND relnamespace = 'boussole'::regnamespace`
	if err := conn.QueryRow(t.Context(), ask).Scan(&owned); err != nil || owned != 0 {
		t.Errorf("%d tables are owned by roles: %v", owned, err)
	}
	rows, err := conn.Query(t.Context(), `SELECT table_name || ' ' || privilege_type || ' ' || is_grantable
		FROM information_schema.role_table_grants WHERE grantee = 'boussole_live' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	rights, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	same(t, rights, []string{"aliases SELECT NO", "migrations SELECT NO", "state SELECT NO"}, "rights of boussole_live")
}

// TestTurnIsOfWhoWrites has who only reads, and a login without any right, hold all the
// locks that they can: an import does not wait for them.
func TestTurnIsOfWhoWrites(t *testing.T) {
	at := migrated(t)
	for _, role := range []string{"boussole_reader", "boussole_live"} {
		conn := connected(t, as(t, at, role))
		run(t, conn, `BEGIN`)
		run(t, conn, `SELECT pg_advisory_xact_lock($1)`, lockKey)
		for _, sql := range []string{
			`INSERT INTO boussole.turn DEFAULT VALUES`, `DELETE FROM boussole.turn`, `SELECT FROM boussole.turn FOR UPDATE`,
			`UPDATE boussole.state SET seq = 9`, `DELETE FROM boussole.sources`, `DELETE FROM boussole.log`,
		} {
			run(t, conn, fmt.Sprintf(`PREPARE "%s" AS %s`, sql, sql)) // which locks, and asks for no right
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		s := opened(t, as(t, at, "boussole_indexer"))
		i, err := s.Begin(ctx, base.Export{Source: role, Of: 1, On: 1})
		if err != nil {
			t.Fatalf("%s holds up an import: %v", role, err)
		}
		if err := i.Put(base.Record{ID: role, Text: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
		if _, err := i.Commit(); err != nil {
			t.Fatal(err)
		}
		run(t, conn, `ROLLBACK`)
	}
}

// TestDenied has each role try what it may not.
func TestDenied(t *testing.T) {
	at := migrated(t)
	if _, err := say(t, opened(t, at), base.Export{Source: "a", Of: 1, On: 1}, "1"); err != nil {
		t.Fatal(err)
	}
	const row = `INSERT INTO boussole.log (seq, kind, imported, source, id, class, category, changed, hash, text)
		VALUES (9, 1, 1, 'a', 'x', 0, '', 0, '', '')`
	writes := []string{
		row, `UPDATE boussole.log SET text = ''`, `UPDATE boussole.log SET class = 0`, `DELETE FROM boussole.log`, `TRUNCATE boussole.log`,
		`INSERT INTO boussole.sources VALUES ('b', 0, 0, 0, 0, 0, 0)`, `UPDATE boussole.sources SET live = 0`,
		`DELETE FROM boussole.sources`, `TRUNCATE boussole.sources`, `UPDATE boussole.state SET seq = 0`, `UPDATE boussole.state SET floor = 9`,
		`DO $$ BEGIN LOCK TABLE boussole.log IN ACCESS EXCLUSIVE MODE; END $$`,
		`DO $$ BEGIN LOCK TABLE boussole.turn IN ROW SHARE MODE; END $$`, `DO $$ BEGIN ` + takeTurn + `; END $$`,
	}
	alters := []string{
		`UPDATE boussole.state SET identity = 'x'`, `INSERT INTO boussole.state VALUES (true, 'x')`, `DELETE FROM boussole.state`,
		`TRUNCATE boussole.state`, `INSERT INTO boussole.migrations VALUES (2, 'x', 'x')`, `UPDATE boussole.migrations SET checksum = ''`,
		`DELETE FROM boussole.migrations`, `DROP TABLE boussole.log`, `DROP INDEX boussole.log_last`, `DROP VIEW boussole.aliases`,
		`DROP SCHEMA boussole CASCADE`, `ALTER TABLE boussole.log ADD more text`, `ALTER TABLE boussole.log DROP CONSTRAINT log_pkey`,
		`CREATE TABLE boussole.more ()`, `CREATE OR REPLACE VIEW boussole.aliases AS SELECT 'a'::text COLLATE "C" AS id, 'b'::text COLLATE "C" AS stands_for`,
		`CREATE TRIGGER x BEFORE INSERT ON boussole.log EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
		`ALTER TABLE boussole.log OWNER TO boussole_reader`, `CREATE ROLE boussole_test_more`,
	}
	rewrites := []string{`UPDATE boussole.log SET text = ''`, `TRUNCATE boussole.log`, `TRUNCATE boussole.sources`, `DELETE FROM boussole.sources`}
	texts := []string{`SELECT text FROM boussole.log`, `SELECT id FROM boussole.log`, `SELECT * FROM boussole.sources`}
	for role, list := range map[string][][]string{
		"boussole_reader":  {writes, alters},
		"boussole_live":    {writes, alters, texts},
		"boussole_indexer": {rewrites, alters},
	} {
		conn := connected(t, as(t, at, role))
		for _, some := range list {
			for _, sql := range some {
				_, err := conn.Exec(t.Context(), sql)
				var refused *pgconn.PgError
				if !errors.As(err, &refused) || refused.Code != insufficientPrivilege {
					t.Errorf("as %s, %s: %v", role, sql, err)
				}
			}
		}
	}
	same(t, len(tell(t, opened(t, at)).records), 1, "records after all that")
}

// say imports records.
func say(t *testing.T, s *Store, e base.Export, ids ...string) (base.Counts, error) {
	t.Helper()
	i, err := s.Begin(t.Context(), e)
	if err != nil {
		return base.Counts{}, err
	}
	defer i.Rollback()
	for _, id := range ids {
		if err := i.Put(base.Record{ID: id, Text: []byte("{}")}); err != nil {
			return base.Counts{}, err
		}
	}
	return i.Commit()
}
