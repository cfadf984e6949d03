// Package postgrestest gives a test a database of PostgreSQL: on the server that
// BOUSSOLE_TEST_DATABASE_URL names, or else on a throwaway server of the machine's own
// programs, one for each test binary, in a temporary folder and on a socket there.
//
// A test without either is skipped with a line that says so, and fails where CI is
// set.
package postgrestest
