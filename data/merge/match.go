package merge

import (
	"context"
	"slices"

	"boussole/data"
)

// match finds which records describe one offer: first by their numbers, then,
// of what each offer then is, by what is seen of it at its site.
func (d *Directory) match(ctx context.Context, all *collected) error {
	all.sortMarks()
	err := runs(all.marks, func(a, b mark) bool { return a.hash == b.hash }, func(run []mark) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return all.matchNumbers(run)
	})
	if err != nil {
		return err
	}
	all.marks = nil
	all.chain()
	if err := d.matchMentions(all); err != nil {
		return err
	}
	all.chain()
	spokesmen, err := d.spokesmen(ctx, all)
	if err != nil {
		return err
	}
	components := all.seenTogether(spokesmen)
	for _, c := range components {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.matchSights(c, all); err != nil {
			return err
		}
	}
	all.sights = nil
	all.chain()
	return nil
}

// spokesmen marks the record by whose site each offer is recognised: of several
// the one that is believed. An offer that changed its establishment is at the new
// one only.
func (d *Directory) spokesmen(ctx context.Context, all *collected) ([]bool, error) {
	speaks := make([]bool, len(all.records))
	for i := range all.records {
		at := int32(i)
		switch {
		case all.first(at) != at:
		case all.records[i].next < 0:
			speaks[i] = true
		default:
			members, err := d.claimants(all.members(at), all)
			if err != nil {
				return nil, err
			}
			f := d.fold(members)
			speaks[f.order("site")[0].at] = true
		}
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return speaks, nil
}

// seenTogether returns the offers, by their first records, that are seen as the
// same at some site, in lists of two or more of more than one base.
func (all *collected) seenTogether(speaks []bool) [][]int32 {
	replaced := make(map[uint64]uint64)
	for number := range all.now {
		replaced[all.hash(number)] = all.hash(latestNumber(number, all.now))
	}
	for i, s := range all.sights {
		if now, ok := replaced[s.site]; ok {
			all.sights[i].site = now
		}
	}
	all.sights = slices.DeleteFunc(all.sights, func(s sight) bool { return !speaks[s.record] })
	all.sortSights()
	groups := components{of: make(map[int32]*[]int32)}
	runs(all.sights, func(a, b sight) bool { return a.site == b.site && a.rest == b.rest }, func(run []sight) error {
		elsewhere := func(s sight) bool { return all.records[s.record].base != all.records[run[0].record].base }
		if slices.ContainsFunc(run, elsewhere) {
			for _, s := range run[1:] {
				groups.join(all.first(run[0].record), all.first(s.record))
			}
		}
		return nil
	})
	return groups.lists()
}

// components is what is connected.
type components struct {
	of map[int32]*[]int32
}

func (c *components) join(i, j int32) {
	a, b := c.list(i), c.list(j)
	if a == b {
		return
	}
	*a = append(*a, *b...)
	for _, member := range *b {
		c.of[member] = a
	}
}

func (c *components) list(i int32) *[]int32 {
	if c.of[i] == nil {
		c.of[i] = &[]int32{i}
	}
	return c.of[i]
}

// lists returns them in the order of their first members.
func (c *components) lists() [][]int32 {
	var lists [][]int32
	for i, list := range c.of {
		slices.Sort(*list)
		if (*list)[0] == i {
			lists = append(lists, *list)
		}
	}
	slices.SortFunc(lists, func(a, b []int32) int { return int(a[0]) - int(b[0]) })
	return lists
}

// candidate is an offer that may be another.
type candidate struct {
	at    int32 // its first record
	bases []uint16
	*data.Offer
}

// matchSights unites offers that are seen as the same, where it is certain which
// is which: all of them, or else those that say all alike, each base once.
func (d *Directory) matchSights(firsts []int32, all *collected) error {
	list := make([]candidate, len(firsts))
	for i, first := range firsts {
		members, err := d.claimants(all.members(first), all)
		if err != nil {
			return err
		}
		o := d.fold(members).order("site")[0].Offer
		list[i] = candidate{at: first, Offer: o}
		for _, at := range all.members(first) {
			list[i].bases = append(list[i].bases, all.records[at].base)
		}
	}
	if all.certain(list) {
		all.uniteAll(list)
		return nil
	}
	alike := make(map[string][]candidate)
	for _, c := range list {
		alike[likeness(c.Offer)] = append(alike[likeness(c.Offer)], c)
	}
	for _, same := range alike {
		if all.certain(same) {
			all.uniteAll(same)
		}
	}
	d.doubtAll(list, all)
	return nil
}

func (all *collected) uniteAll(list []candidate) {
	for _, c := range list[1:] {
		all.unite(list[0].at, c.at)
	}
}

// certain reports whether offers can be one, and no base has two of them.
func (all *collected) certain(list []candidate) bool {
	for i, a := range list {
		for _, b := range list[:i] {
			if !all.compatible(a, b) {
				return false
			}
		}
	}
	return true
}

// compatible reports whether two offers can be one: no base has both, and they
// say nothing of each other that cannot be.
func (all *collected) compatible(a, b candidate) bool {
	if slices.ContainsFunc(a.bases, func(n uint16) bool { return slices.Contains(b.bases, n) }) {
		return false
	}
	agree := func(x, y string) bool { return x == "" || y == "" || x == y }
	return agree(typeOf(a.Offer), typeOf(b.Offer)) && agree(string(a.Field), string(b.Field)) &&
		agree(codesOf(a.Activities, "R211"), codesOf(b.Activities, "R211")) &&
		agree(codesOf(a.CareModes, "R213"), codesOf(b.CareModes, "R213")) &&
		agree(latestNumber(siteOf(a.Offer), all.now), latestNumber(siteOf(b.Offer), all.now)) &&
		overlap(a.Ages, b.Ages)
}

// typeOf returns the type of an offer where all may see it: what is written there
// in another system may be hidden.
func typeOf(o *data.Offer) string {
	if o.ClassOfCode(o.Type) != o.Class() {
		return ""
	}
	return string(o.Type)
}

// overlap reports whether some age may be received by both.
func overlap(a, b data.AgeRange) bool {
	return (a.Before == 0 || b.Min < a.Before) && (b.Before == 0 || a.Min < b.Before)
}

// likeness is all that compatible compares, but the site: what is alike in it is
// compatible, unless one base has it twice.
func likeness(o *data.Offer) string {
	return typeOf(o) + " " + string(o.Field) + " " + codesOf(o.Activities, "R211") + " " + codesOf(o.CareModes, "R213")
}

// doubtAll counts those that stay apart though they could be one with another.
func (d *Directory) doubtAll(list []candidate, all *collected) {
	for i, a := range list {
		for _, b := range list[:i] {
			if all.first(a.at) != all.first(b.at) && all.compatible(a, b) {
				d.doubt(doubtSight, a.ID, b.ID)
			}
		}
	}
}
