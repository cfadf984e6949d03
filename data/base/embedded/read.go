package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	bolt "go.etcd.io/bbolt"

	"boussole/data"
	"boussole/data/base"
)

// group is the versions of one record, by their number; its slices are those of
// the walk.
type group struct {
	id    []byte
	heads []head
}

func (g *group) last() head { return g.heads[len(g.heads)-1] }

// groups walks over the records of a source after an id, as they are at a
// number.
func groups(c *bolt.Cursor, after string, at base.Seq) iter.Seq2[group, error] {
	return func(yield func(group, error) bool) {
		var g group
		var before []byte
		key, value := c.First()
		if after != "" {
			before = versionKey(after, ^base.Seq(0))
			key, value = c.Seek(before)
		}
		for ; key != nil; key, value = c.Next() {
			id, h, err := parseVersion(key, value)
			if err == nil && bytes.Compare(key, before) <= 0 {
				err = damaged("versions in no order") // or round and round
			}
			if before = key; err != nil {
				yield(group{}, err)
				return
			}
			if h.seq > at {
				continue
			}
			if len(g.heads) > 0 && !bytes.Equal(id, g.id) {
				if !yield(g, nil) {
					return
				}
				g.heads = g.heads[:0]
			}
			g.id, g.heads = id, append(g.heads, h)
		}
		if len(g.heads) > 0 {
			yield(g, nil)
		}
	}
}

// snapshot is a pinned number.
type snapshot struct {
	store   *Store
	seq     base.Seq
	sources []base.SourceState
	closed  bool
}

// Snapshot pins what is committed. It holds no page of the file while it is not
// read, so that it may stay open for as long as it takes.
func (s *Store) Snapshot(ctx context.Context) (base.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	pinned := &snapshot{store: s}
	s.mu.Lock() // no purge begins between the two
	defer s.mu.Unlock()
	err := s.view(func(tx *bolt.Tx) (err error) {
		pinned.seq = get(tx, keyCommitted)
		pinned.sources, err = readSources(tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("pinning a snapshot: %w", err)
	}
	s.pinned++
	return pinned, nil
}

// Close lets go of the state.
func (p *snapshot) Close() error {
	if p.closed {
		return nil
	}
	p.closed = true
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	p.store.pinned--
	return nil
}

func (p *snapshot) Seq() base.Seq { return p.seq }

func (p *snapshot) Identity() base.Identity { return p.store.identity }

// Mark returns that of a commit.
func (p *snapshot) Mark(seq base.Seq) (m base.Mark, err error) {
	if seq > p.seq {
		return "", nil
	}
	err = p.view(func(tx *bolt.Tx) error {
		m = mark(tx, seq)
		return nil
	})
	return m, err
}

// view reads at the state.
func (p *snapshot) view(f func(tx *bolt.Tx) error) error {
	if p.closed {
		return errors.New("the snapshot is closed")
	}
	return p.store.view(f)
}

// A reader copies so much at a time, and holds no page of the file while what it
// has copied is used: one that did would stop the file from growing.
const (
	maxRows  = 1024
	maxBytes = 1 << 20
)

// Records yields the live records.
func (p *snapshot) Records(ctx context.Context) iter.Seq2[base.Record, error] {
	return func(yield func(base.Record, error) bool) {
		for _, s := range p.sources {
			if !p.ofSource(ctx, s.Name, yield) {
				return
			}
		}
	}
}

// ofSource yields the live records of a source, and reports whether to go on.
func (p *snapshot) ofSource(ctx context.Context, source string, yield func(base.Record, error) bool) bool {
	for after, more := "", true; more; {
		var records []base.Record
		err := ctx.Err()
		if err == nil {
			records, after, more, err = p.some(source, after)
		}
		if err != nil {
			yield(base.Record{}, err)
			return false
		}
		for _, r := range records {
			if !yield(r, nil) {
				return false
			}
		}
	}
	return true
}

// some copies the first live records after an id, and the id to go on after.
func (p *snapshot) some(source, after string) (records []base.Record, end string, more bool, err error) {
	err = p.view(func(tx *bolt.Tx) error {
		of := tx.Bucket(versions).Bucket([]byte(source))
		if of == nil {
			return nil
		}
		seen, size := 0, 0
		for g, err := range groups(of.Cursor(), after, p.seq) {
			if err != nil {
				return err
			}
			if h := g.last(); h.live() {
				c, err := row(tx, h.seq)
				if err != nil {
					return err
				}
				c.Record.Text = bytes.Clone(c.Record.Text)
				records = append(records, c.Record)
				size += len(c.Record.Text)
			}
			if seen++; seen == maxRows || size >= maxBytes {
				end, more = string(g.id), true
				return nil
			}
		}
		return nil
	})
	return records, end, more, err
}

// Record returns a live record.
func (p *snapshot) Record(source, id string) (r base.Record, found bool, err error) {
	err = p.view(func(tx *bolt.Tx) error {
		of := tx.Bucket(versions).Bucket([]byte(source))
		if of == nil {
			return nil
		}
		h, err := last(of.Cursor(), id, p.seq)
		if err != nil || !h.live() {
			return err
		}
		c, err := row(tx, h.seq)
		if err != nil {
			return err
		}
		r, found = c.Record, true
		r.Text = bytes.Clone(r.Text)
		return nil
	})
	return r, found, err
}

// Resolve follows aliases to their end.
func (p *snapshot) Resolve(id data.ID) (end data.ID, err error) {
	err = p.view(func(tx *bolt.Tx) error {
		end, err = resolve(tx, id, p.seq)
		return err
	})
	return end, err
}

// alias returns what an id stands for in one step, at a number: itself when it
// is no alias.
func alias(tx *bolt.Tx, id data.ID, at base.Seq) (data.ID, error) {
	h, err := last(tx.Bucket(versions).Bucket(aliases).Cursor(), string(id), at)
	if err != nil || h.seq == 0 {
		return id, err
	}
	c, err := row(tx, h.seq)
	return data.ID(c.Record.Text), err
}

// resolve ends, because no alias was ever set that closes a circle. What is guarded it
// does not tell.
func resolve(tx *bolt.Tx, id data.ID, at base.Seq) (data.ID, error) {
	for {
		next, err := alias(tx, id, at)
		if err != nil || next == id || base.Guarded(id) || base.Guarded(next) {
			return id, err
		}
		id = next
	}
}

// Aliases yields the ids that stand for others.
func (p *snapshot) Aliases(ctx context.Context) iter.Seq2[base.Alias, error] {
	return base.AliasesOf(func(yield func(base.Record, error) bool) { p.ofSource(ctx, string(aliases), yield) })
}

// Sources tells of the sources.
func (p *snapshot) Sources() []base.SourceState { return slices.Clone(p.sources) }

func readSources(tx *bolt.Tx) (states []base.SourceState, err error) {
	err = tx.Bucket(sources).ForEach(func(name, _ []byte) error {
		s, err := readSource(tx, string(name))
		states = append(states, s)
		return err
	})
	return states, err
}
