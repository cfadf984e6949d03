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

// lacks skips a test that has no server, where that may be.
func lacks(t testing.TB, err error) {
	t.Helper()
	if !errors.Is(err, ErrMissing) || os.Getenv("CI") != "" {
		t.Fatalf("CI must test on PostgreSQL, and elsewhere one that is there must start: %v", err)
	}
	t.Skipf("no PostgreSQL: %v; install it, or name a server by %s", err, EnvURL)
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
		shared.server, shared.err = Start("fsync=off", "full_page_writes=off")
	}
	if shared.err != nil {
		return "", shared.err
	}
	return shared.server.URL("postgres"), nil
}

// DatabaseOn is [Database] on a server whose URL is given.
func DatabaseOn(t testing.TB, server string) string {
	t.Helper()
	name := "boussole_test_" + strings.ToLower(rand.Text()[:16])
	do(t, server, func(ctx context.Context, conn *pgx.Conn) error {
		var locale string
		const french = `SELECT CASE WHEN current_setting('server_version_num')::int >= 150000
			AND EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i')
			THEN ' LOCALE_PROVIDER icu ICU_LOCALE ''fr''' ELSE '' END`
		if err := conn.QueryRow(ctx, french).Scan(&locale); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`+locale)
		return err
	})
	t.Cleanup(func() {
		do(t, server, func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`)
			return err
		})
	})
	at, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is no URL", EnvURL)
	}
	at.Path = "/" + name
	return at.String()
}

// do does something on a server.
func do(t testing.TB, server string, what func(context.Context, *pgx.Conn) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := what(ctx, conn); err != nil {
		t.Fatal(err)
	}
}
