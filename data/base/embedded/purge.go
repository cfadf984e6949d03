package embedded

import (
	"context"
	"errors"
	"fmt"
	"iter"

	bolt "go.etcd.io/bbolt"

	"boussole/data"
	"boussole/data/base"
)

// due is what the rules would delete of one record.
type due struct {
	source, id string
	versions   []base.Version
	why        []base.Why
}

// Plan says what would be deleted.
func (s *Store) Plan(ctx context.Context, rules base.Retention, on data.Date) (base.Plan, error) {
	if err := s.lock(ctx); err != nil {
		return base.Plan{}, err
	}
	defer s.unlock()
	return s.plan(ctx, rules, on)
}

// plan is Plan for who has the turn: nothing is written meanwhile.
func (s *Store) plan(ctx context.Context, rules base.Retention, on data.Date) (base.Plan, error) {
	var p base.Planner
	err := s.view(func(tx *bolt.Tx) error {
		for d, err := range dues(ctx, tx, rules, on, place{}) {
			if err != nil {
				return err
			}
			p.Add(d.source, d.id, d.versions, d.why)
		}
		states, err := readSources(tx)
		p.Forget(rules, states)
		return err
	})
	if err != nil {
		return base.Plan{}, fmt.Errorf("planning a purge: %w", err)
	}
	return p.Plan(), nil
}

// place is a record, after which a walk goes on; the zero one is before all.
type place struct{ source, id string }

// dues yields every record after a place of which something would be deleted.
func dues(ctx context.Context, tx *bolt.Tx, rules base.Retention, on data.Date, after place) iter.Seq2[due, error] {
	return func(yield func(due, error) bool) {
		c := tx.Bucket(sources).Cursor()
		for name, _ := c.Seek([]byte(after.source)); name != nil; name, _ = c.Next() {
			id := ""
			if string(name) == after.source {
				id = after.id
			}
			for d, err := range duesOf(ctx, tx, string(name), rules, on, id) {
				if !yield(d, err) || err != nil {
					return
				}
			}
		}
	}
}

// duesOf is dues of one source, after an id.
func duesOf(ctx context.Context, tx *bolt.Tx, source string, rules base.Retention, on data.Date, after string) iter.Seq2[due, error] {
	return func(yield func(due, error) bool) {
		of := tx.Bucket(versions).Bucket([]byte(source))
		for g, err := range groups(of.Cursor(), after, get(tx, keyCommitted)) {
			var d due
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				d, err = dueOf(tx, source, g, rules, on)
			}
			if err == nil && !d.any() {
				continue
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

func dueOf(tx *bolt.Tx, source string, g group, rules base.Retention, on data.Date) (due, error) {
	d := due{source: source, id: string(g.id)}
	if h := g.last(); len(g.heads) == 1 && h.live() {
		return d, nil // as most are
	}
	for _, h := range g.heads {
		c, err := row(tx, h.seq)
		if err != nil {
			return d, err
		}
		d.versions = append(d.versions, base.Version{
			Seq: h.seq, Kind: c.Kind, On: c.On,
			Category: c.Record.Category, Class: c.Record.Class, Bytes: len(c.Record.Text),
		})
	}
	d.why = rules.Due(d.versions, on)
	return d, nil
}

func (d *due) any() bool {
	for _, why := range d.why {
		if why != base.Keep {
			return true
		}
	}
	return false
}

// Purge deletes what was planned. What it deletes can be read no more by way of the
// base, but it stays in pages of the file that are free, until something else is
// written there: to have it gone at once, copy the base by "bbolt compact" while it
// is closed, and put the copy in the place of the file.
func (s *Store) Purge(ctx context.Context, rules base.Retention, on data.Date, digest string) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	plan, err := s.plan(ctx, rules, on)
	if err != nil {
		return err
	}
	if plan.Digest != digest {
		return base.ErrPlan
	}
	if plan.Empty() {
		return nil
	}
	for after, more := (place{}), true; more && err == nil; {
		after, more, err = s.purgeSome(ctx, rules, on, after)
	}
	if err != nil {
		return fmt.Errorf("purging: %w", err)
	}
	return nil
}

// purgeSome deletes as much as a step may after a place, and says that those who
// follow the changes missed some of them. It returns the place to go on after.
func (s *Store) purgeSome(ctx context.Context, rules base.Retention, on data.Date, after place) (end place, more bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pinned > 0 {
		return after, false, base.ErrInUse
	}
	err = s.update(func(tx *bolt.Tx) error {
		var gone []base.Change
		if gone, end, more, err = collect(ctx, tx, rules, on, after); err != nil {
			return err
		}
		if err := forget(tx); err != nil {
			return err
		}
		floor := get(tx, keyFloor)
		for _, c := range gone {
			if err := remove(tx, &c); err != nil {
				return err
			}
			floor = max(floor, c.Seq)
		}
		return set(tx, keyFloor, floor)
	})
	return end, more, err
}

// forget forgets how exports are known again, and with it the lines of theirs that
// nobody could use.
func forget(tx *bolt.Tx) error {
	states, err := readSources(tx)
	for i := range states {
		if s := &states[i]; s.Reading != (base.Reading{}) {
			s.Reading = base.Reading{}
			err = errors.Join(err, writeSource(tx, *s))
		}
	}
	return err
}

// collect returns the first rows after a place that are due, that of the last of
// them, and whether there may be more.
func collect(ctx context.Context, tx *bolt.Tx, rules base.Retention, on data.Date, after place) (gone []base.Change, end place, more bool, err error) {
	for d, err := range dues(ctx, tx, rules, on, after) {
		if err != nil {
			return nil, after, false, err
		}
		for i, v := range d.versions {
			if d.why[i] != base.Keep {
				gone = append(gone, base.Change{Seq: v.Seq, Record: base.Record{Source: d.source, ID: d.id}})
			}
		}
		if end = (place{d.source, d.id}); len(gone) >= maxStepRows {
			return gone, end, true, nil
		}
	}
	return gone, end, false, nil
}
