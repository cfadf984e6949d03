package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/postgres/postgrestest"
)

// states are what the base of these tests may be: by name, every record and its text.
// The first is the empty one.
var states = func() (all [4]map[string]string) {
	all[0] = map[string]string{}
	for n := 1; n < len(all); n++ {
		all[n] = make(map[string]string)
		for i := range 300 {
			if i%len(all) != n { // the others are closed, or not there yet
				all[n][fmt.Sprintf("%03d", i)] = fmt.Sprintf("{%d of import %d%s}", i, n*(i%5)/2, strings.Repeat(".", 500))
			}
		}
	}
	return all
}()

// bring imports a state; told is called before the commit.
func bring(s *Store, n int, told func()) error {
	i, err := s.Begin(context.Background(), base.Export{Source: "a", Of: data.Date(n), On: data.Date(n), AnyLoss: true, AnyDay: true})
	if err != nil {
		return err
	}
	defer i.Rollback()
	if err := i.Alias("offer", data.ID(fmt.Sprint("state-", n))); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(states[n])) {
		if err := i.Put(base.Record{ID: id, Text: []byte(states[n][id])}); err != nil {
			return err
		}
	}
	told()
	_, err = i.Commit()
	return err
}

// stateOf returns which state a base is in, and an error when it is in none: its
// records, its alias, its changes and its books must all be of one.
func stateOf(s *Store) (int, error) {
	p, err := s.Snapshot(context.Background())
	if err != nil {
		return 0, err
	}
	defer p.Close()
	n, want := 0, data.ID("offer")
	if books := p.Sources(); len(books) > 0 {
		n = int(books[0].Full)
		want = data.ID(fmt.Sprint("state-", n))
		if books[0].Live != len(states[n]) {
			return 0, fmt.Errorf("state %d has %d live records by its books", n, books[0].Live)
		}
	}
	seen := make(map[string]string)
	for r, err := range p.Records(context.Background()) {
		if err != nil {
			return 0, err
		}
		seen[r.ID] = string(r.Text)
	}
	end, err := p.Resolve("offer")
	if err != nil {
		return 0, err
	}
	if !reflect.DeepEqual(seen, states[n]) || end != want {
		return 0, fmt.Errorf("state %d has %d records, and the alias %s", n, len(seen), end)
	}
	return n, followed(s, p.Seq(), seen)
}

// followed holds the changes up to a number to the records that they lead to.
func followed(s *Store, end base.Seq, want map[string]string) error {
	seen, last := make(map[string]string), base.Seq(0)
	for c, err := range s.Changes(context.Background(), s.identity, 0) {
		if err != nil || c.Seq != last+1 {
			return fmt.Errorf("change %d after %d: %w", c.Seq, last, err)
		}
		if c.Seq > end {
			break // of an import that came meanwhile
		}
		last = c.Seq
		switch c.Kind {
		case base.Closed:
			delete(seen, c.Record.ID)
		case base.New, base.Updated, base.Reopened:
			seen[c.Record.ID] = string(c.Record.Text)
		}
	}
	if last != end || !reflect.DeepEqual(seen, want) {
		return errors.New("the changes do not lead to the records")
	}
	return nil
}

// childEnv makes the test binary the program that writes: "FIRST COUNT URL".
const childEnv = "BOUSSOLE_TEST_POSTGRES_WRITER"

func TestMain(m *testing.M) {
	var first, count int
	var url string
	if n, _ := fmt.Sscan(os.Getenv(childEnv), &first, &count, &url); n == 3 {
		if err := write(url, first, count); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(postgrestest.Main(m))
}

// write brings so many states, from one on and round again, and says on its output what
// it has done.
func write(url string, first, count int) error {
	s, err := Open(context.Background(), url)
	if err != nil {
		return err
	}
	s.maxBatch = 50
	fmt.Println("ready")
	for n := first; count > 0; n, count = next(n), count-1 {
		if err := bring(s, n, func() { fmt.Println("commit", n) }); err != nil {
			return err
		}
		fmt.Println("done", n)
	}
	return s.Close()
}

// next is the state that follows one.
func next(n int) int { return n%(len(states)-1) + 1 }

// child is a program that writes.
type child struct {
	*exec.Cmd
	said *bufio.Scanner
}

func startChild(t *testing.T, url string, first, count int) child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := child{Cmd: exec.Command(program)}
	c.Env = append(os.Environ(), fmt.Sprint(childEnv, "=", first, " ", count, " ", url))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	c.said = bufio.NewScanner(out)
	return c
}

// hears waits until the child says a line.
func (c child) hears(t *testing.T, line string) {
	t.Helper()
	for c.said.Scan() {
		if c.said.Text() == line {
			return
		}
	}
	t.Fatalf("the writer never said %q", line)
}

// ends waits for the end of the child, and returns what it has said since.
func (c child) ends() string {
	var rest strings.Builder
	for c.said.Scan() {
		rest.WriteString(c.said.Text() + "\n")
	}
	c.Wait() // it was killed, or its server was
	return rest.String()
}

// TestKilled kills the program that imports at any moment, a quarter of them within
// its commit: readers see what was or what was to become, whole, at once and when the
// server has seen what became of it; and the new one when the program had said that it
// was done. BOUSSOLE_KILLS is how many times.
func TestKilled(t *testing.T) {
	url := migrated(t)
	s := opened(t, url)
	if err := bring(s, 1, func() {}); err != nil {
		t.Fatal(err)
	}
	importing, committing := durations(t, url)
	times := 30
	if testing.Short() {
		times = 10
	}
	if told, err := strconv.Atoi(os.Getenv("BOUSSOLE_KILLS")); err == nil {
		times = told
	}
	r := rand.New(rand.NewPCG(11, 0))
	found := make(map[bool]int)
	killed := 0
	for ; killed < times || killed < 4*times && (found[true] == 0 || found[false] == 0); killed++ {
		if killed >= times { // the machine was slower when it was measured, or is slower now
			stretch := time.Duration(1)
			if found[true] > 0 {
				stretch = 4
			}
			importing, committing = importing*stretch/2, committing*stretch/2+1
		}
		was, err := stateOf(s)
		if err != nil {
			t.Fatal(err)
		}
		c := startChild(t, url, next(was), 1)
		if killed%4 == 0 {
			c.hears(t, fmt.Sprint("commit ", next(was)))
			time.Sleep(time.Duration(r.Int64N(int64(committing * 3 / 2)))) // the server's own commit is the last of it
		} else {
			c.hears(t, "ready")
			time.Sleep(time.Duration(r.Int64N(int64(importing))))
		}
		c.Process.Kill()
		told := c.ends()
		at, err := stateOf(s)
		if err == nil && at != was && at != next(was) {
			err = fmt.Errorf("in state %d, when %d was to follow", at, next(was))
		}
		if err != nil {
			t.Fatalf("killed %d times, at once: %v", killed+1, err)
		}
		settle(t, s)
		end, err := stateOf(s)
		if err != nil || end != was && end != next(was) || end == was && (at != was || strings.Contains(told, "done")) {
			t.Fatalf("killed %d times: in state %d after %d and %d, and it had said %q: %v", killed+1, end, was, at, told, err)
		}
		found[end == was]++
	}
	t.Logf("killed %d times within %v of importing and %v of committing: %d times what it was, %d times what it was to become",
		killed, importing, committing, found[true], found[false])
	if found[true] == 0 || found[false] == 0 {
		t.Error("it was always killed on the same side of the commit")
	}
}

// settle waits until nobody writes.
func settle(t *testing.T, s *Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tx, err := s.lock(ctx)
	if err != nil {
		t.Fatalf("the turn of a program that was killed is held on: %v", err)
	}
	rollback(tx)
	s.unlock()
}

// durations measures an import and its commit, the slowest of a few.
func durations(t *testing.T, url string) (importing, committing time.Duration) {
	t.Helper()
	const times = 3 // after which the base is in state 1 again
	c := startChild(t, url, 2, times)
	c.hears(t, "ready")
	for n, start := 2, time.Now(); ; n = next(n) {
		c.hears(t, fmt.Sprint("commit ", n))
		commit := time.Now()
		c.hears(t, fmt.Sprint("done ", n))
		importing = max(importing, time.Since(start))
		committing = max(committing, time.Since(commit))
		if start = time.Now(); n == 1 {
			c.ends()
			return importing, committing
		}
	}
}

// TestServerKilled ends the server itself under a program that imports without end:
// when it has recovered, the base is in one state, whole, and in none that is older
// than what the program had said was done. Its database does not wait for the disk by
// default, as some are told not to.
func TestServerKilled(t *testing.T) {
	server := postgrestest.Started(t)
	url := postgrestest.DatabaseOn(t, server.URL("postgres"))
	if err := Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	conn := connected(t, url)
	run(t, conn, fmt.Sprintf(`ALTER DATABASE %s SET synchronous_commit = off`, conn.Config().Database))
	times := 3
	if testing.Short() {
		times = 1
	}
	r := rand.New(rand.NewPCG(13, 0))
	at := 0
	for range times {
		c := startChild(t, url, next(at), 1000)
		done := next(at)
		c.hears(t, fmt.Sprint("done ", done))
		time.Sleep(time.Duration(r.Int64N(int64(50 * time.Millisecond))))
		server.Crash()
		c.Process.Kill()
		for line := range strings.Lines(c.ends()) {
			fmt.Sscanf(line, "done %d", &done)
		}
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
		s := opened(t, url)
		var err error
		if at, err = stateOf(s); err != nil || at != done && at != next(done) {
			t.Fatalf("in state %d, when %d was done: %v", at, done, err)
		}
		if err := bring(s, next(at), func() {}); err != nil {
			t.Fatalf("importing again: %v", err)
		}
		at = next(at)
	}
}
