package merge

import (
	"context"
	"slices"

	"boussole/data"
)

// Held is where records of a base are looked up, as it has them now.
type Held interface {
	// Offer returns a record, and false when the base has it no more. It belongs to
	// the caller, as one of a [data.Source] does.
	Offer(ctx context.Context, k RecordKey) (*data.Offer, bool, error)
}

// Update is what changes of a directory when some records do.
type Update struct {
	Offers []*data.Offer // that are new, or say something else; in the order of their first records
	Gone   []data.ID     // of those that are no more, in order

	Moved []Move // as [Moved] tells of the links of before and of those of the update

	Merged   int // records that were merged to know it
	Affected int // of these and of those that are gone, from which another offer could have come

	before   *Links
	after    *Links // once it was asked for
	outcomes []came
}

// came is what comes of a record.
type came struct {
	*node
	outcome
	offered bool // something does
}

// Update merges what some records touch that have changed, came or gone since the
// links were made: with these, it is what merging everything anew would give. The
// sources of the directory are not read. A record that is given and has not changed
// costs, and changes nothing; one that has changed MUST be given.
//
// What it counts in the ledger, its conflicts and its doubts are those of the records
// that it merges, not of the whole directory.
//
// It returns ErrRules, ErrWide or ErrLinks when everything has to be merged anew.
func (d *Directory) Update(ctx context.Context, links *Links, held Held, changed []RecordKey) (*Update, error) {
	if links.rules != d.Rules() {
		return nil, ErrRules
	}
	if len(changed) > maxClosure {
		return nil, ErrWide
	}
	c, err := d.closureOf(ctx, links, held, changed)
	if err != nil {
		return nil, err
	}
	return d.mergeClosure(ctx, c)
}

// closureOf returns what has to be merged to know what comes of some records.
func (d *Directory) closureOf(ctx context.Context, links *Links, held Held, changed []RecordKey) (*closure, error) {
	c, err := newClosure(ctx, links, held, d.Replaced, changed)
	if err != nil {
		return nil, err
	}
	var affected []*node
	start := c.sorted()
	if err := c.follow(ctx, start, forward, func(n *node) { n.affected, affected = true, append(affected, n) }); err != nil {
		return nil, err
	}
	if err := c.follow(ctx, affected, backward, func(*node) {}); err != nil {
		return nil, err
	}
	return c, nil
}

func (d *Directory) mergeClosure(ctx context.Context, c *closure) (*Update, error) {
	u := &Update{before: c.Links}
	var records live
	was := make(map[data.ID]outcome)
	for _, n := range c.sorted() {
		if n.offer != nil {
			records = append(records, n)
		}
		if !n.affected {
			continue
		}
		u.outcomes = append(u.outcomes, came{node: n})
		if out, ok := c.before(n); ok {
			was[out.ID] = out
		}
	}
	u.Merged, u.Affected = len(records), len(u.outcomes)
	is, err := d.mergeLive(ctx, records, func(o *data.Offer, out outcome) {
		if was[o.ID] != out {
			u.Offers = append(u.Offers, o)
		}
		delete(was, o.ID)
	})
	if err != nil {
		return nil, err
	}
	for i := range u.outcomes {
		came := &u.outcomes[i]
		came.outcome, came.offered = is[came.node]
	}
	for id := range was {
		u.Gone = append(u.Gone, id)
	}
	slices.Sort(u.Gone)
	u.Moved = u.moved()
	return u, nil
}

// before returns what came of a record before.
func (c *closure) before(n *node) (outcome, bool) {
	if !n.known {
		return outcome{}, false
	}
	return c.outcome(n.number)
}

// mergeLive merges the records of a closure, calls f with every offer of those that
// are affected, and returns which came of each of these.
func (d *Directory) mergeLive(ctx context.Context, records live, f func(*data.Offer, outcome)) (map[*node]outcome, error) {
	is := make(map[*node]outcome)
	return is, d.merge(ctx, []data.Source{records}, nil, func(all *collected, first int32) error {
		if !records[first].affected {
			return nil
		}
		o, err := d.finished(first, all)
		if err != nil {
			return err
		}
		out, err := newOutcome(o)
		if err != nil {
			return err
		}
		for _, at := range all.members(first) {
			is[records[at]] = out
		}
		f(o, out)
		return nil
	})
}

// Links returns those of the directory after the update. It costs a pass over those of
// before, about as much memory as they take, and a second for some ten million records;
// the second time nothing.
func (u *Update) Links() (*Links, error) {
	if len(u.outcomes) == 0 {
		return u.before, nil
	}
	if u.after == nil {
		after, err := u.renewed()
		if err != nil {
			return nil, err
		}
		u.after = after
	}
	return u.after, nil
}

func (u *Update) renewed() (*Links, error) {
	r := renewal{before: u.before, draft: draft{Links: Links{rules: u.before.rules}}, fresh: make(map[data.ID]uint32)}
	r.moved = make([]uint32, len(u.before.came))
	r.offer = make([]uint32, len(u.before.offers.ends))
	for i := range r.offer {
		r.offer[i] = none
	}
	old := uint32(0)
	for i := range u.outcomes {
		n := &u.outcomes[i]
		at := n.number // of the first record that is not before it
		if err := r.copy(old, at); err != nil {
			return nil, err
		}
		if old = at; n.known {
			r.moved[at] = none
			old++
		}
		if err := r.renew(n); err != nil {
			return nil, err
		}
	}
	if err := r.copy(old, uint32(len(u.before.came))); err != nil {
		return nil, err
	}
	return r.finish(r.unchanged), nil
}

// renewal makes links of others and of what has changed.
type renewal struct {
	draft
	before *Links
	moved  []uint32           // which record each is now; none for one that is renewed or gone
	offer  []uint32           // which offer each is now; none while that is not known
	fresh  map[data.ID]uint32 // offers that came of what is affected
}

// copy takes over records that are not affected.
func (r *renewal) copy(from, to uint32) error {
	for i := from; i < to; i++ {
		n := uint32(len(r.came))
		if err := r.add(r.before.key(i), nil); err != nil {
			return err
		}
		r.moved[i] = n
		was := r.before.came[i]
		if was == none {
			continue
		}
		if r.offer[was] == none {
			out, _ := r.before.outcome(i)
			r.offer[was] = r.newOffer(out)
		}
		r.came[n] = r.offer[was]
	}
	return nil
}

func (r *renewal) renew(n *came) error {
	if n.node.offer == nil {
		return nil
	}
	i := uint32(len(r.came))
	if err := r.add(n.key, n.links); err != nil {
		return err
	}
	if !n.offered {
		return nil
	}
	now, known := r.fresh[n.ID]
	if !known {
		now = r.newOffer(n.outcome)
		r.fresh[n.ID] = now
	}
	r.came[i] = now
	return nil
}

// unchanged yields the links of the records that were taken over.
func (r *renewal) unchanged(yield func(post) bool) {
	for i, l := range r.before.links {
		if now := r.moved[r.before.whose[i]]; now != none && !yield(post{l, now}) {
			return
		}
	}
}
