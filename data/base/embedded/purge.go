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
	err := s.db.View(func(tx *bolt.Tx) error {
		for d, err := range dues(ctx, tx, rules, on) {
			if err != nil {
				return err
			}
			p.Add(d.source, d.id, d.versions, d.why)
		}
		return nil
	})
	if err != nil {
		return base.Plan{}, fmt.Errorf("planning a purge: %w", err)
	}
	return p.Plan(), nil
}

// dues yields every record of which something would be deleted.
func dues(ctx context.Context, tx *bolt.Tx, rules base.Retention, on data.Date) iter.Seq2[due, error] {
	return func(yield func(due, error) bool) {
		committed := get(tx, keyCommitted)
		err := tx.Bucket(sources).ForEach(func(name, _ []byte) error {
			of := tx.Bucket(versions).Bucket(name)
			for g, err := range groups(of.Cursor(), "", committed) {
				if err == nil {
					err = ctx.Err()
				}
				if err != nil {
					return err
				}
				d, err := dueOf(tx, string(name), g, rules, on)
				if err != nil {
					return err
				}
				if d.any() && !yield(d, nil) {
					return errStop
				}
			}
			return nil
		})
		if err != nil && err != errStop {
			yield(due{}, err)
		}
	}
}

var errStop = errors.New("no more is wanted")

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

// Purge deletes what was planned.
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
	if len(plan.Rows) == 0 {
		return nil
	}
	for more := true; more && err == nil; {
		more, err = s.purgeSome(ctx, rules, on)
	}
	if err != nil {
		return fmt.Errorf("purging: %w", err)
	}
	return nil
}

// purgeSome deletes as much as a step may, and says that those who follow the
// changes missed some of them.
func (s *Store) purgeSome(ctx context.Context, rules base.Retention, on data.Date) (more bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pinned > 0 {
		return false, base.ErrInUse
	}
	err = s.db.Update(func(tx *bolt.Tx) error {
		gone, end, err := collect(ctx, tx, rules, on)
		if err != nil {
			return err
		}
		floor := get(tx, keyFloor)
		for _, c := range gone {
			if err := remove(tx, &c); err != nil {
				return err
			}
			floor = max(floor, c.Seq)
		}
		more = !end
		return set(tx, keyFloor, floor)
	})
	return more, err
}

// maxPurge is how many rows a step deletes.
const maxPurge = 1 << 14

// collect returns rows that are due, and whether they are the last.
func collect(ctx context.Context, tx *bolt.Tx, rules base.Retention, on data.Date) (gone []base.Change, end bool, err error) {
	for d, err := range dues(ctx, tx, rules, on) {
		if err != nil {
			return nil, false, err
		}
		for i, v := range d.versions {
			if d.why[i] != base.Keep {
				gone = append(gone, base.Change{Seq: v.Seq, Record: base.Record{Source: d.source, ID: d.id}})
			}
		}
		if len(gone) >= maxPurge {
			return gone, false, nil
		}
	}
	return gone, true, nil
}
