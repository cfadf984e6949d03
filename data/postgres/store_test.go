package postgres

import (
	"testing"

	"boussole/data/base"
	"boussole/data/base/basetest"
	"boussole/data/postgres/postgrestest"
)

// migrated makes a database with an empty base, and returns its URL.
func migrated(t testing.TB) string {
	t.Helper()
	url := postgrestest.Database(t)
	if err := Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	return url
}

// opened opens a base, which is closed at the end of the test.
func opened(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSuite(t *testing.T) {
	basetest.Run(t, func(t *testing.T) func(*testing.T) base.Base {
		url, batch := migrated(t), maxBatchRows
		return func(t *testing.T) base.Base {
			s := opened(t, url)
			s.maxBatch = batch
			batch = 10 // the next time
			return s
		}
	})
}
