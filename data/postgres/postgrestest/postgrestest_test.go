package postgrestest

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

func TestJudge(t *testing.T) {
	missing := fmt.Errorf("looking: %w", ErrMissing)
	for _, c := range []struct {
		err  error
		ci   bool
		want string
		skip bool
	}{
		{missing, false, "no PostgreSQL: looking: neither PATH nor", true},
		{missing, true, "CI must test on PostgreSQL", false},
		{errors.New("broken"), false, "could not be used: broken", false},
		{errors.New("broken"), true, "could not be used: broken", false},
	} {
		line, skip := judge(c.err, c.ci)
		if skip != c.skip || !strings.Contains(line, c.want) {
			t.Errorf("%v in CI %v: %q, skipped %v", c.err, c.ci, line, skip)
		}
	}
}

// TestDatabase wants two databases to be two, and what was committed to outlive the
// crash of a server.
func TestDatabase(t *testing.T) {
	one, two := Database(t), Database(t)
	do(t, one, `CREATE TABLE x ()`)
	do(t, two, `CREATE TABLE x ()`)
	server := Started(t)
	kept := DatabaseOn(t, server.URL("postgres"))
	do(t, kept, `CREATE TABLE x ()`)
	server.Crash()
	if conn, err := pgx.Connect(t.Context(), kept); err == nil {
		conn.Close(t.Context())
		t.Fatal("a server that crashed answers")
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	do(t, kept, `SELECT FROM x`)
}
