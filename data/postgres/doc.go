// Package postgres is the base in a database of PostgreSQL.
package postgres
