package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"iter"

	bolt "go.etcd.io/bbolt"

	"boussole/data/base"
)

// Changes yields what has changed after a number.
func (s *Store) Changes(ctx context.Context, of base.Identity, after base.Seq) iter.Seq2[base.Change, error] {
	return base.History{Of: s.identity, Committed: s.committed, Changes: s.changes}.After(ctx, of, after)
}

func (s *Store) committed(ctx context.Context) (seq base.Seq, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	err = s.view(func(tx *bolt.Tx) error {
		seq = get(tx, keyCommitted)
		return nil
	})
	return seq, err
}

// changes copies the first changes after a number, at least one.
func (s *Store) changes(ctx context.Context, after, end base.Seq) (some []base.Change, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = s.view(func(tx *bolt.Tx) error {
		if after < get(tx, keyFloor) {
			return base.ErrPurged
		}
		c := tx.Bucket(log).Cursor()
		size := 0
		for key, value := c.Seek(number(after + 1)); len(some) < maxRows && size < maxBytes && after < end; key, value = c.Next() {
			after++
			if len(key) != 8 || base.Seq(binary.BigEndian.Uint64(key)) != after {
				return damaged("row %d is missing", after)
			}
			change, err := decode(after, value)
			if err != nil {
				return err
			}
			change.Record.Text = bytes.Clone(change.Record.Text)
			some = append(some, change)
			size += len(change.Record.Text)
		}
		return nil
	})
	return some, err
}
