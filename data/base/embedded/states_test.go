package embedded

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/base"
)

// states are what the base of the tests of this package may be, one import after
// the other: by name, every record and its text.
var states = func() (all [4]map[string]string) {
	all[0] = map[string]string{}
	for n := 1; n < len(all); n++ {
		all[n] = make(map[string]string)
		for i := range 60 {
			if i%len(all) != n { // the others are closed, or not there yet
				all[n][fmt.Sprintf("%03d", i)] = fmt.Sprintf("{%d of import %d}", i, n*(i%5)/2)
			}
		}
	}
	return all
}()

// steps makes an import of so few records go to the disk in several steps.
const steps = 2500

// bring imports a state; said is called before the commit.
func bring(s *Store, n int, said func()) error {
	i, err := s.Begin(context.Background(), base.Export{Source: "a", Of: data.Date(n), On: data.Date(n), AnyLoss: true})
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
	said()
	_, err = i.Commit()
	return err
}

// stateOf opens a base and returns which state it is in, and an error when it is
// in none: its records, its alias, its changes and its books must all be of one.
func stateOf(dir string) (n int, err error) {
	s, err := Open(dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.state()
}

func (s *Store) state() (int, error) {
	p, err := s.Snapshot(context.Background())
	if err != nil {
		return 0, err
	}
	defer p.Close()
	n := 0
	if books := p.Sources(); len(books) > 0 {
		n = int(books[0].Full)
		if books[0].Live != len(states[n]) {
			return 0, fmt.Errorf("state %d has %d live records by its books", n, books[0].Live)
		}
	}
	seen := make(map[string]string)
	for r, err := range p.Records(context.Background()) {
		if _, twice := seen[r.ID]; err != nil || twice { // twice: a file in which one walks in a circle
			return 0, fmt.Errorf("record %q, twice: %v, %w", r.ID, twice, err)
		}
		seen[r.ID] = string(r.Text)
	}
	want := data.ID("offer")
	if n > 0 {
		want = data.ID(fmt.Sprint("state-", n))
	}
	end, err := p.Resolve("offer")
	if err != nil {
		return 0, err
	}
	if !reflect.DeepEqual(seen, states[n]) || end != want {
		return 0, fmt.Errorf("state %d has %d records, and the alias %s", n, len(seen), end)
	}
	return n, s.followed(seen)
}

// followed holds the changes to the records that they lead to.
func (s *Store) followed(want map[string]string) error {
	seen := make(map[string]string)
	for c, err := range s.Changes(context.Background(), s.identity, 0) {
		switch {
		case err != nil:
			return err
		case c.Kind == base.Closed:
			delete(seen, c.Record.ID)
		case c.Kind != base.Aliased:
			seen[c.Record.ID] = string(c.Record.Text)
		}
	}
	if !reflect.DeepEqual(seen, want) {
		return errors.New("the changes do not lead to the records")
	}
	return nil
}

// childEnv makes the test binary the program that writes: "FIRST LAST DIR".
const childEnv = "BOUSSOLE_TEST_BASE_WRITER"

func TestMain(m *testing.M) {
	var first, last int
	var dir string
	if n, _ := fmt.Sscan(os.Getenv(childEnv), &first, &last, &dir); n == 3 {
		if err := write(dir, first, last); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// write brings some states, and says on its output what it has done.
func write(dir string, first, last int) error {
	s, err := Open(dir)
	if err != nil {
		return err
	}
	s.maxStep = steps
	fmt.Println("mark", first-1)
	for n := first; n <= last; n++ {
		if err := bring(s, n, func() { fmt.Println("commit", n) }); err != nil {
			return err
		}
		fmt.Println("mark", n)
	}
	return s.Close()
}

// copyDir copies the files of a folder.
func copyDir(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
