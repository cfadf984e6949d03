package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"boussole/data/base"
)

// TestUnchanged imports the same twice: the second time not a row of any table is
// written but the books of the source, and those only when the day is another.
func TestUnchanged(t *testing.T) {
	at := migrated(t)
	s := opened(t, at)
	conn := connected(t, at)
	rows := func() (tuples string) {
		t.Helper()
		const all = `SELECT string_agg(concat_ws(' ', seq, ctid, xmin, xmax), E'\n' ORDER BY seq) || (SELECT concat_ws(' ', ctid, xmin) FROM boussole.state)
			FROM boussole.log`
		if err := conn.QueryRow(t.Context(), all).Scan(&tuples); err != nil {
			t.Fatal(err)
		}
		return tuples
	}
	books := func() (version string) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), `SELECT concat_ws(' ', ctid, xmin) FROM boussole.sources`).Scan(&version); err != nil {
			t.Fatal(err)
		}
		return version
	}
	const n = 300
	importAll(t, s, whole, n, 0)
	before, account := rows(), books()
	size := len(before)
	if size < n {
		t.Fatal(before)
	}
	for _, e := range []base.Export{whole, {Source: "a", Of: 1, On: 1, Delta: true}, {Source: "a", Of: 2, On: 2}} {
		counts, _ := importAll(t, s, e, n, 0)
		same(t, counts, base.Counts{Read: n, Unchanged: n}, "counts")
		if rows() != before {
			t.Errorf("%+v wrote rows", e)
		}
		if told := books() != account; told != (e.On == 2 || e.Delta) {
			t.Errorf("%+v wrote the books: %v", e, told)
		}
		account = books()
	}
}

// TestTwoPrograms has two stores, as of two programs, write to one database.
func TestTwoPrograms(t *testing.T) {
	at := migrated(t)
	one, two := opened(t, at), opened(t, at)
	first, err := one.Begin(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Rollback()
	if err := first.Put(kilobyte(1, 0)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := two.Begin(ctx, whole); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a second program began: %v", err)
	}
	if err := two.Purge(ctx, nil, 1, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a second program purged: %v", err)
	}
	began := make(chan error)
	go func() {
		second, err := two.Begin(t.Context(), base.Export{Source: "b", Of: 1, On: 1})
		if err == nil {
			err = second.Put(kilobyte(2, 0))
		}
		if err == nil {
			_, err = second.Commit()
		}
		began <- err
	}()
	waits(t, at)
	if _, err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-began; err != nil {
		t.Fatal(err)
	}
	same(t, tell(t, one).seq, base.Seq(2), "the last change")
}

// TestCloseWaiting closes a base that waits for another program.
func TestCloseWaiting(t *testing.T) {
	at := migrated(t)
	one, two := opened(t, at), opened(t, at)
	first, err := one.Begin(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Rollback()
	waited := make(chan error)
	go func() {
		_, err := two.Begin(t.Context(), whole)
		waited <- err
	}()
	waits(t, at)
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err == nil {
		t.Error("a base that is closed began an import")
	}
}

// waits waits until somebody waits for the turn to write.
func waits(t *testing.T, at string) { waitsFor(t, at, "relation") }

// waitsFor does so with any kind of lock.
func waitsFor(t *testing.T, at, kind string) {
	t.Helper()
	conn := connected(t, at)
	for waiting := false; !waiting; {
		const ask = `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = $1 AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`
		if err := conn.QueryRow(t.Context(), ask, kind).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
}

// TestConns has as many wait for their turn as there are connections: they take none
// from who reads.
func TestConns(t *testing.T) {
	s := opened(t, migrated(t)+"&pool_max_conns=3")
	first, err := s.Begin(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	for range 5 {
		go func() {
			_, err := s.Begin(ctx, whole)
			waited <- err
		}()
	}
	same(t, len(tell(t, s).records), 0, "records")
	cancel()
	for range 5 {
		if err := <-waited; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if err := first.Put(kilobyte(1, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestCloseElsewhere closes the base while another goroutine imports and reads.
func TestCloseElsewhere(t *testing.T) {
	s := opened(t, migrated(t))
	i, err := s.Begin(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan error)
	go func() {
		for n := 0; ; n++ {
			err := i.Put(base.Record{ID: fmt.Sprint(n), Text: []byte("{}")})
			if _, _, read := p.Record("a", "1"); err != nil && read != nil {
				over <- err
				return
			}
		}
	}()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-over; !errors.Is(err, base.ErrDone) {
		t.Errorf("an import under a base that was closed: %v", err)
	}
}
