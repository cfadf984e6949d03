package postgrestest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// EnvURL names a server of which the tests may use databases of their own, told by the
// URL of one: its login makes and drops databases, and roles, which belong to the whole
// server and stay.
const EnvURL = "BOUSSOLE_TEST_DATABASE_URL"

// shared is the server of a test binary, which the first test that needs it starts.
var shared struct {
	sync.Mutex
	run    bool // there is who will stop it
	server *Server
	err    error
}

// Main runs the tests of a package and stops the server: TestMain calls it, and exits
// with what it returns.
func Main(m *testing.M) int {
	shared.Lock()
	shared.run = true
	shared.Unlock()
	code := m.Run()
	if shared.server != nil {
		if err := shared.server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	return code
}

// Database makes an empty database for a test, drops it at the end, and returns its
// URL. Where it can, the locale of the database is French, in which names are not in
// the order of their bytes.
func Database(t testing.TB) string {
	t.Helper()
	server, err := serverURL()
	if err != nil {
		lacks(t, err)
	}
	return DatabaseOn(t, server)
}

// Started starts a server for one test, see [Start], and stops it at the end.
func Started(t testing.TB, settings ...string) *Server {
	t.Helper()
	s, err := Start(settings...)
	if err != nil {
		lacks(t, err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// lacks skips a test that has no server, where that may be.
func lacks(t testing.TB, err error) {
	t.Helper()
	line, skip := judge(err, os.Getenv("CI") != "")
	if skip {
		t.Skip(line)
	}
	t.Fatal(line)
}

// judge says what is to be said of a server that could not be had, and whether the test
// may be skipped for it: outside of CI, where there is none.
func judge(err error, ci bool) (line string, skip bool) {
	switch {
	case !errors.Is(err, ErrMissing):
		return fmt.Sprintf("PostgreSQL is there and could not be used: %v", err), false
	case ci:
		return fmt.Sprintf("CI must test on PostgreSQL: %v", err), false
	}
	return fmt.Sprintf("no PostgreSQL: %v; install it, or name a server by %s", err, EnvURL), true
}

func serverURL() (string, error) {
	if url := os.Getenv(EnvURL); url != "" {
		return url, nil
	}
	shared.Lock()
	defer shared.Unlock()
	if !shared.run {
		return "", errors.New("TestMain does not call postgrestest.Main, which stops the server")
	}
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = Start("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off")
	}
	if shared.err != nil {
		return "", shared.err
	}
	return shared.server.URL("postgres"), nil
}

// DatabaseOn is [Database] on a server of which the URL of a database is given.
func DatabaseOn(t testing.TB, server string) string {
	t.Helper()
	at, err := url.Parse(server)
	if err != nil || at.Scheme == "" {
		t.Fatalf("%s is no URL", EnvURL)
	}
	name := "boussole_test_" + strings.ToLower(rand.Text()[:16])
	do(t, server, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`+french(t, server))
	t.Cleanup(func() { do(t, server, `DROP DATABASE `+name+` WITH (FORCE)`) })
	at.Path = "/" + name
	return at.String()
}

// french is what gives a database a French locale, where a database may have one of
// ICU.
func french(t testing.TB, server string) (clause string) {
	t.Helper()
	const ask = `SELECT CASE WHEN current_setting('server_version_num')::int >= 150000
			AND EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i')
		THEN ' LOCALE_PROVIDER icu ICU_LOCALE ''fr''' ELSE '' END`
	ctx, conn := connect(t, server)
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, ask).Scan(&clause); err != nil {
		t.Fatal(err)
	}
	return clause
}

// do does something in a database.
func do(t testing.TB, at, sql string) {
	t.Helper()
	ctx, conn := connect(t, at)
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// connect connects, for a minute at the most. Its context is not that of the test,
// which is done when databases are dropped.
func connect(t testing.TB, at string) (context.Context, *pgx.Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, conn
}
