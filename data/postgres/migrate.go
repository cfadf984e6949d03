package postgres

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"boussole/data/base"
)

// The migrations, by the number that their name begins with, from 1 on without a gap.
// One that was applied anywhere is never edited: another one comes after it.
var (
	//go:embed migrations/*.sql
	migrationFiles embed.FS

	//go:embed roles.sql
	rolesSQL string
)

// migration is a step of the schema.
type migration struct {
	version  int
	name     string // of the file
	text     string
	checksum string
}

// Migrate brings a database to what this program knows, step by step in one
// transaction, while nobody imports; and makes the roles, and what they may do. When
// there is nothing to do it writes nothing, so that who may not change the schema may
// call it too. A database that is newer, or in which a migration is not the one of
// this program, is refused. A login that may not make roles gets a [*RolesError], when
// all else is done.
func Migrate(ctx context.Context, url string) error {
	config, err := parse(url)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return fmt.Errorf("migrating the base: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	all, err := migrations(migrationFiles)
	if err == nil {
		err = migrate(ctx, conn, all)
	}
	if err != nil {
		return fmt.Errorf("migrating the base in %s: %w", place(config), err)
	}
	return nil
}

// RolesError says that the roles are not there and that the login may not make them.
// The tables are made; the program that is to write or read them has no right to yet.
type RolesError struct {
	SQL string // for an administrator to run, in the database
	Err error
}

func (e *RolesError) Error() string {
	return fmt.Sprintf("the roles boussole_indexer, boussole_live and boussole_reader cannot be made or given their rights (%v): an administrator has to run this in the database, once:\n\n%s", e.Err, e.SQL)
}

func (e *RolesError) Unwrap() error { return e.Err }

// migrations reads the files of a folder.
func migrations(files fs.FS) (all []migration, err error) {
	names, err := fs.Glob(files, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		m := migration{version: i + 1, name: path.Base(name), text: string(text)}
		if !strings.HasPrefix(m.name, fmt.Sprintf("%04d_", m.version)) {
			return nil, fmt.Errorf("migration %d is called %s", m.version, m.name)
		}
		sum := sha256.Sum256(text)
		m.checksum = hex.EncodeToString(sum[:])
		all = append(all, m)
	}
	return all, nil
}

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// pending returns those of the migrations that were not applied, and an error when what
// was applied is not their beginning.
func pending(ctx context.Context, q querier, all []migration) ([]migration, error) {
	// In the catalogs themselves: to_regclass may still believe, after waiting for
	// another program to make it, that there is none.
	const made = `SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
		WHERE nspname = 'boussole' AND relname = 'migrations')`
	var there bool
	if err := q.QueryRow(ctx, made).Scan(&there); err != nil || !there {
		return all, err
	}
	rows, err := q.Query(ctx, `SELECT version, checksum FROM boussole.migrations ORDER BY version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	applied := 0
	for rows.Next() {
		var version int
		var checksum string
		if err := rows.Scan(&version, &checksum); err != nil {
			return nil, err
		}
		if applied++; version != applied {
			return nil, fmt.Errorf("migration %d comes where %d should", version, applied)
		}
		if version > len(all) {
			return nil, fmt.Errorf("the database is newer than this program: it has migration %d, and %d are known here", version, len(all))
		}
		if m := all[version-1]; m.checksum != checksum {
			return nil, fmt.Errorf("what was applied as migration %d is not %s of this program", version, m.name)
		}
	}
	return all[applied:], rows.Err()
}

func migrate(ctx context.Context, conn *pgx.Conn, all []migration) error {
	if err := checkServer(ctx, conn); err != nil {
		return err
	}
	todo, err := pending(ctx, conn, all)
	if err != nil {
		return err
	}
	if len(todo) > 0 {
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return apply(ctx, tx, all) })
		if err != nil {
			return err
		}
	} else if given, err := rightsGiven(ctx, conn); err != nil || given {
		return err
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return giveRights(ctx, tx) })
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == insufficientPrivilege {
		return &RolesError{SQL: rolesSQL, Err: err}
	}
	return err
}

const insufficientPrivilege = "42501"

// giveRights makes the roles and says what they may do, after who migrates beside it.
func giveRights(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockKey); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, rolesSQL, pgx.QueryExecModeSimpleProtocol)
	return err
}

// minServer is the first version of PostgreSQL whose get_bit takes a bigint.
const minServer = 140000

func checkServer(ctx context.Context, q querier) error {
	var version int
	var encoding string
	const ask = `SELECT current_setting('server_version_num')::int, current_setting('server_encoding')`
	if err := q.QueryRow(ctx, ask).Scan(&version, &encoding); err != nil {
		return err
	}
	switch {
	case version < minServer:
		return fmt.Errorf("PostgreSQL %d is too old: it takes %d or later", version/10000, minServer/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database is encoded in %s, not UTF8", encoding)
	}
	return nil
}

// turnMade is the migration from which on there is a turn to write.
const turnMade = 2

// apply applies what is missing, once nobody else writes or migrates.
func apply(ctx context.Context, tx pgx.Tx, all []migration) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockKey); err != nil {
		return err
	}
	todo, err := pending(ctx, tx, all)
	if err != nil {
		return err
	}
	if len(all)-len(todo) >= turnMade {
		if _, err := tx.Exec(ctx, takeTurn); err != nil {
			return err
		}
	}
	if len(todo) == len(all) {
		if err := found(ctx, tx); err != nil {
			return err
		}
	}
	for _, m := range todo {
		if _, err := tx.Exec(ctx, m.text, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		const note = `INSERT INTO boussole.migrations (version, name, checksum) VALUES ($1, $2, $3)`
		if _, err := tx.Exec(ctx, note, m.version, m.name, m.checksum); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO boussole.state (identity) VALUES ($1) ON CONFLICT DO NOTHING`, string(base.NewIdentity()))
	return err
}

// found makes the schema, unless an administrator has made it for the login.
func found(ctx context.Context, tx pgx.Tx) error {
	var there bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'boussole')`).Scan(&there); err != nil {
		return err
	}
	if !there {
		if _, err := tx.Exec(ctx, `CREATE SCHEMA boussole`); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `CREATE TABLE boussole.migrations (
		version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now())`)
	return err
}

// rightsGiven reports whether the roles are there and may do what they are for.
func rightsGiven(ctx context.Context, q querier) (given bool, err error) {
	const ask = `SELECT count(*) = 3 AND bool_and(CASE rolname
			WHEN 'boussole_indexer' THEN reads AND has_table_privilege(oid, 'boussole.log', 'INSERT')
				AND has_table_privilege(oid, 'boussole.log', 'DELETE') AND has_table_privilege(oid, 'boussole.sources', 'INSERT')
				AND has_table_privilege(oid, 'boussole.sources', 'UPDATE')
				AND has_table_privilege(oid, 'boussole.turn', 'UPDATE') AND has_table_privilege(oid, 'boussole.commits', 'INSERT')
				AND has_column_privilege(oid, 'boussole.state', 'seq', 'UPDATE') AND has_column_privilege(oid, 'boussole.state', 'floor', 'UPDATE')
			WHEN 'boussole_live' THEN has_table_privilege(oid, 'boussole.migrations', 'SELECT')
				AND has_table_privilege(oid, 'boussole.state', 'SELECT') AND has_table_privilege(oid, 'boussole.aliases', 'SELECT')
			ELSE reads END)
		FROM pg_roles, LATERAL (
			SELECT bool_and(has_table_privilege(pg_roles.oid, c.oid, 'SELECT')) AS reads
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'boussole' AND c.relkind IN ('r', 'v')) AS every
		WHERE rolname IN ('boussole_indexer', 'boussole_live', 'boussole_reader')`
	err = q.QueryRow(ctx, ask).Scan(&given)
	return given, err
}
