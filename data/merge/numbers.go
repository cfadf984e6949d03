package merge

import (
	"slices"

	"boussole/data"
)

// owner is a record with the number of a run, as it was read.
type owner struct {
	at  int32
	own bool // its id is that of the number
	id  data.ID
}

// matchNumbers unites what has one number, among those who may know of it.
func (all *collected) matchNumbers(run []mark) error {
	byClass := make(map[data.Class][]owner)
	for _, m := range run {
		o, err := all.read(all.records[m.record()].span)
		if err != nil {
			return err
		}
		byClass[o.Class()] = append(byClass[o.Class()], owner{m.record(), m.own(), o.ID})
	}
	for class := range data.Classes {
		all.uniteOwners(byClass[class])
		all.connect(byClass[class])
		for _, o := range byClass[class] {
			if by := takenBy(o, class, byClass); by >= 0 {
				all.records[o.at].apart, all.wider[o.at] = true, by
			}
		}
	}
	return nil
}

// takenBy returns the record of which more may know than of another with its id, -1
// where there is none.
func takenBy(o owner, class data.Class, byClass map[data.Class][]owner) int32 {
	if !o.own {
		return -1
	}
	for other := range data.Classes {
		if !other.Wider(class) {
			continue
		}
		if i := slices.IndexFunc(byClass[other], func(w owner) bool { return w.own && w.id == o.id }); i >= 0 {
			return byClass[other][i].at
		}
	}
	return -1
}

// uniteOwners unites those that have one id.
func (all *collected) uniteOwners(owners []owner) {
	for i, o := range owners {
		if !o.own {
			continue // also where a hundred thousand say the number that stands for "unknown"
		}
		for _, other := range owners[:i] {
			if other.own && o.id == other.id {
				all.unite(o.at, other.at)
				break
			}
		}
	}
}

// connect notes that records say the number of another, for matchMentions. Two ids
// that have one hash are no mention.
func (all *collected) connect(owners []owner) {
	for _, o := range owners {
		if first := owners[0]; o.id != first.id && !(o.own && first.own) {
			all.mentions = append(all.mentions, [2]int32{first.at, o.at})
		}
	}
}

// matchMentions unites a record that says the number of another with it. Where a
// base would have two of its offers in one, which it tells apart, none is taken for
// another: one of them would be lost.
func (d *Directory) matchMentions(all *collected) error {
	connected := components{of: make(map[int32]*[]int32)}
	for _, m := range all.mentions {
		connected.join(all.first(m[0]), all.first(m[1]))
	}
	all.mentions = nil
	for _, firsts := range connected.lists() {
		two, err := d.twoOfOneBase(firsts, all)
		if err != nil {
			return err
		}
		if two != nil {
			if err := d.doubt(doubtNumber, two[0].at, two[1].at, all); err != nil {
				return err
			}
			continue
		}
		for _, first := range firsts[1:] {
			all.unite(firsts[0], first)
		}
	}
	return nil
}

// twoOfOneBase returns the first two of some offers that a base tells apart, or nothing. It
// reads no further: a number that stands for "unknown" is said by a hundred thousand.
func (d *Directory) twoOfOneBase(firsts []int32, all *collected) ([]claimant, error) {
	var before []claimant
	for _, first := range firsts {
		records, err := d.claimants(all.members(first), all)
		if err != nil {
			return nil, err
		}
		for _, a := range records {
			for _, b := range before {
				if a.who.tellsApart(b.who) && a.ID != b.ID && !isReplaced(a.Offer, b.Offer, all.now) {
					return []claimant{b, a}, nil
				}
			}
			before = append(before, a)
		}
	}
	return nil, nil
}

// isReplaced reports whether one of two establishments has its own FINESS number
// and names that of the other as its own too.
func isReplaced(a, b *data.Offer, now map[string]string) bool {
	first, second := ownFINESS(a), ownFINESS(b)
	if first == "" || second == "" {
		return false
	}
	return latestNumber(first, now) == latestNumber(second, now)
}

// ownFINESS returns the number from which an establishment as a whole has its id.
func ownFINESS(o *data.Offer) string {
	number := numberOf(o.Identifiers, data.SystemFINESS)
	if number == "" || !isWhole(o) || o.ID != data.NewID("offer", data.SystemFINESS, number) {
		return ""
	}
	return number
}

// replace learns that one number stands for others from now on, from an
// establishment that has them all.
func (all *collected) replace(h house) {
	if h.own == "" {
		return
	}
	for _, number := range h.numbers {
		if number != h.own && all.now[number] == "" && latestNumber(h.own, all.now) != number {
			all.now[number] = h.own
		}
	}
}

// longestChain is how often a number is followed to the next: who replaces numbers
// in a circle is not followed for ever.
const longestChain = 16

// latestNumber returns the FINESS number that stands for another by now.
func latestNumber(number string, now map[string]string) string {
	for range longestChain {
		next := now[number]
		if next == "" {
			break
		}
		number = next
	}
	return number
}
