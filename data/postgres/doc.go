// Package postgres is the base in a database of PostgreSQL, 14 or later, by pgx: where
// it grows, where several machines read it, or where databases are kept by somebody
// whose trade it is. It is whole or not at all as the embedded one is, and says the
// same to the number of every change.
//
// To set it up, make a database encoded in UTF8 and a login that owns it, and call
// [Migrate] with that login, at every new version of the program. It makes the schema
// "boussole" and three roles, each for the logins of one kind of program:
//
//	CREATE ROLE directory LOGIN PASSWORD '…';
//	CREATE DATABASE directory OWNER directory ENCODING 'UTF8' TEMPLATE template0;
//	-- then, once it was migrated:
//	GRANT boussole_indexer TO indexer; -- imports and purges; rewrites nothing
//	GRANT boussole_reader  TO server;  -- reads, and can write nothing of the directory
//	GRANT boussole_live    TO live;    -- knows what ids stand for; sees no record
//
// A login that may not make roles gets a [*RolesError], whose text an administrator
// runs once. Roles are of the whole server, not of a database: two bases on one server
// share the three, and a login that was given one has it in both, so that CONNECT on a
// database is to be granted with care. boussole_live owns nothing and writes nothing
// here: live facts have no table yet. Passwords may stay out of the URL, in a .pgpass
// file or in PGPASSWORD.
//
// An import is one transaction: rows are copied in as they come, and seen by others
// when it commits. It waits for its turn by the lock of a table that only boussole_indexer
// can take, and that the server lets go when the program dies; a migration, by an advisory
// lock, which any login can hold. Snapshots are transactions too: while one is open the
// server keeps what is purged. Timeouts that the database sets for others cut neither.
//
// With 50,000 records of a kilobyte, on two cores shared with others and a server there
// that syncs: about 48,000 new records a second, 42,000 said anew, and 100,000 to 250,000
// that are unchanged; with 100,000, some 80,000 read from a snapshot in a second. See the
// benchmarks. A million take 1.3 GB of its disk, and their import 0.35 GB of memory here.
// An export that is compared costs a page for each record until the server has vacuumed
// what was imported last, as it does by itself within minutes.
//
// It refuses a database that a newer program has migrated, or in which a migration is
// another one than here; and it never tells a password in an error.
package postgres
