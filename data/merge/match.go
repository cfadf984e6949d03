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
	components, err := d.seenTogether(spokesmen, all)
	if err != nil {
		return err
	}
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
		case !all.begins(at):
		case all.records[i].next < 0:
			speaks[i] = true
		default:
			members, err := d.claimants(all.members(at), all)
			if err != nil {
				return nil, err
			}
			speaks[d.fold(members).spokesman().at] = true
		}
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return speaks, nil
}

// seenTogether returns the offers, by their first records, that are seen as the
// same at some site by all who may know of any, in lists of two or more of more than
// one base. What one base keeps from some who see it in another is noted.
func (d *Directory) seenTogether(speaks []bool, all *collected) ([][]int32, error) {
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
	noted := make(map[[2]int32]bool)
	class := func(s sight) data.Class { return all.records[s.record].class }
	err := runs(all.sights, func(a, b sight) bool { return a.site == b.site && a.rest == b.rest }, func(run []sight) error {
		runs(run, func(a, b sight) bool { return class(a) == class(b) }, func(run []sight) error {
			elsewhere := func(s sight) bool { return !all.records[run[0].record].tellsApart(all.records[s.record].teller) }
			if slices.ContainsFunc(run, elsewhere) {
				for _, s := range run[1:] {
					groups.join(all.first(run[0].record), all.first(s.record))
				}
			}
			return nil
		})
		return d.doubtClasses(run, noted, all)
	})
	return groups.lists(), err
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
