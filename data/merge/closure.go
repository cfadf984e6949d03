package merge

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"boussole/data"
)

// Why an update is not made, and everything has to be merged anew.
var (
	ErrRules = errors.New("who is believed, or which numbers are replaced, is told otherwise than the last time")
	ErrWide  = errors.New("more hangs together than is worth an update")
	ErrLinks = errors.New("the links are not those of the base")
)

// maxClosure is how many records an update may merge. Merging so many takes seconds.
const maxClosure = 50_000

// node is a record of a closure.
type node struct {
	key      RecordKey
	offer    *data.Offer // as the base has it now; nil when it has it no more
	links    []link      // as it has them now
	all      []link      // and as it had them
	number   uint32      // in the links of before
	known    bool        // is it there?
	affected bool        // what came of it may be another offer now
}

// closure is what has to be merged to merge some changes: the affected, which hang on
// what has changed as it was or as it is now, and what those have to be merged with.
type closure struct {
	*Links
	held  Held
	now   map[string]string
	nodes map[RecordKey]*node
}

// newClosure reads what has changed.
func newClosure(ctx context.Context, links *Links, held Held, now map[string]string, changed []RecordKey) (*closure, error) {
	c := &closure{Links: links, held: held, now: now, nodes: make(map[RecordKey]*node)}
	before := make(map[uint32]bool)
	for _, k := range changed {
		if c.nodes[k] != nil {
			continue
		}
		n, err := c.read(ctx, k)
		if err != nil {
			return nil, err
		}
		if n.known {
			before[n.number] = true
		}
	}
	was := links.of(before)
	for _, n := range c.nodes {
		n.all = n.links
		if n.known {
			n.all = slices.Concat(n.links, was[n.number])
		}
	}
	return c, nil
}

// read looks a record up, in the base and in the links.
func (c *closure) read(ctx context.Context, k RecordKey) (*node, error) {
	if len(c.nodes) >= maxClosure {
		return nil, ErrWide
	}
	o, live, err := c.held.Offer(ctx, k)
	if err != nil {
		return nil, err
	}
	n := &node{key: k}
	n.number, n.known = c.number(k)
	if live {
		n.offer, n.links = o, linksOf(o, c.now)
		n.all = n.links
	}
	c.nodes[k] = n
	return n, nil
}

// forward says which records are affected by one that is, by what that one does by a
// link and what they do by it.
func forward(from, to link) bool {
	switch from {
	case ties:
		return to == ties
	case takes:
		return to == renames
	}
	return to != ties // from an establishment
}

// backward says with which records one has to be merged.
func backward(from, to link) bool {
	switch from {
	case ties:
		return to == ties
	case renames:
		return to != ties // also those whose numbers become one
	}
	return to == gives || to == renames
}

// follow adds, to the records given and from one to the next, all that the step leads
// to, and calls f for each once.
func (c *closure) follow(ctx context.Context, from []*node, step func(from, to link) bool, f func(*node)) error {
	seen := make(map[*node]bool)
	done := make(map[link]bool) // with what is done by them
	reach := func(n *node) {
		if !seen[n] {
			seen[n] = true
			f(n)
			from = append(from, n)
		}
	}
	start := from
	from = nil
	for _, n := range start {
		reach(n)
	}
	for len(from) > 0 {
		n := from[len(from)-1]
		from = from[:len(from)-1]
		for _, l := range n.all {
			if done[l] {
				continue
			}
			done[l] = true
			err := c.holding(ctx, l, func(to link) bool { return step(l&does, to) }, reach)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// holding calls f for the records that had a link and did by it what is asked. Those
// that have it only now have changed, and so are in every closure from the start.
func (c *closure) holding(ctx context.Context, l link, asked func(link) bool, f func(*node)) error {
	who, how := c.holders(l)
	for i, number := range who {
		if !asked(how[i] & does) {
			continue
		}
		n, err := c.node(ctx, number)
		if err != nil {
			return err
		}
		f(n)
	}
	return nil
}

// node returns a record of the links of before.
func (c *closure) node(ctx context.Context, number uint32) (*node, error) {
	k := c.key(number)
	if n := c.nodes[k]; n != nil {
		return n, nil
	}
	n, err := c.read(ctx, k)
	if err == nil && n.offer == nil {
		err = fmt.Errorf("record %q of %s is not in the base, and is not said to be gone: %w", k.ID, k.Source, ErrLinks)
	}
	return n, err
}

// sorted returns the records in the order of their names.
func (c *closure) sorted() []*node {
	list := make([]*node, 0, len(c.nodes))
	for _, n := range c.nodes {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *node) int { return a.key.Compare(b.key) })
	return list
}

// live is the live records of a closure, as a source.
type live []*node

// Name returns "base".
func (live) Name() string { return "base" }

// Offers yields the offers.
func (l live) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for k, err := range l.Records(ctx) {
			if !yield(k.Offer, err) {
				return
			}
		}
	}
}

// Records yields them with their names.
func (l live) Records(ctx context.Context) iter.Seq2[Kept, error] {
	return func(yield func(Kept, error) bool) {
		for _, n := range l {
			if err := ctx.Err(); err != nil {
				yield(Kept{}, err)
				return
			}
			if !yield(Kept{n.key, n.offer}, nil) {
				return
			}
		}
	}
}
