package embedded

import (
	"fmt"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"boussole/data/base"
)

// TestStepRows imports more rows than a step has, of few bytes.
func TestStepRows(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	i, err := s.Begin(t.Context(), base.Export{Source: "a", Of: 1, On: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Rollback()
	for n := 1; n <= maxStepRows; n++ {
		if left, err := s.left(); left != 0 || err != nil {
			t.Fatalf("row %d is on the disk before a step was full: %v", left, err)
		}
		if err := i.Put(base.Record{ID: fmt.Sprint(n), Text: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := s.left(); left != 1 || err != nil {
		t.Errorf("%d rows are not on the disk: %v", maxStepRows, err)
	}
}

// TestPurgeSteps purges more than a step deletes: each step goes on where the last
// one was, and walks over nothing twice.
func TestPurgeSteps(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sources := []string{"a", "b", "c"}
	const each = maxStepRows / 3 // of two rows each, so that the second step begins within a source
	for day := range 2 {
		for _, source := range sources {
			if err := sayAndClose(t, s, source, each, day > 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	rules := base.Retention{{Closed: 1}}
	var steps [][]base.Change
	if err := s.db.View(func(tx *bolt.Tx) error {
		for after, more := (place{}), true; more && len(steps) < 9; {
			var gone []base.Change
			if gone, after, more, err = collect(t.Context(), tx, rules, 9, after); err != nil {
				return err
			}
			steps = append(steps, gone)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	seen := make(map[base.Seq]bool)
	for _, c := range slices.Concat(steps...) {
		if seen[c.Seq] {
			t.Fatalf("row %d is walked over twice", c.Seq)
		}
		seen[c.Seq] = true
	}
	if want := len(sources) * each * 2; len(steps) != 2 || len(seen) != want {
		t.Errorf("%d rows in %d steps, want %d in 2", len(seen), len(steps), want)
	}

	plan, err := s.Plan(t.Context(), rules, 9)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Purge(t.Context(), rules, 9, plan.Digest); err != nil {
		t.Fatal(err)
	}
	if plan, err := s.Plan(t.Context(), rules, 9); err != nil || len(plan.Rows) != 0 {
		t.Errorf("left: %+v, %v", plan.Rows, err)
	}
}

// sayAndClose imports so many records, or closes them.
func sayAndClose(t *testing.T, s *Store, source string, records int, closes bool) error {
	i, err := s.Begin(t.Context(), base.Export{Source: source, Of: 1, On: 1, AnyLoss: true})
	if err != nil {
		return err
	}
	defer i.Rollback()
	for n := 0; n < records && !closes; n++ {
		if err := i.Put(base.Record{ID: fmt.Sprint(n), Text: []byte("{}")}); err != nil {
			return err
		}
	}
	_, err = i.Commit()
	return err
}
