package report

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// twinText is what two sites have in common that are one: name, address to the street,
// and category; empty where a name or a street is missing.
func twinText(o *data.Offer, g *data.Organization, number string) string {
	return twinKey(addressOf(o, g, number), g.Name+" "+g.Complement, string(g.Category))
}

// placeText is the same of a place and its number in the ROR: name, address to the
// street, and function.
func placeText(p *data.Place) (text, number string) {
	i := slices.IndexFunc(p.Identifiers, func(i data.Identifier) bool { return i.System == data.SystemROR })
	if i < 0 {
		return "", ""
	}
	return twinKey(&p.Address, p.Name, "place "+string(p.Function)), p.Identifiers[i].Value
}

func twinKey(a *data.Address, name, kind string) string {
	if name = gazetteer.Fold(name); name == "" || a.Commune == "" || a.Street == "" {
		return ""
	}
	return a.Commune + "\x00" + gazetteer.Fold(a.Number+" "+a.Suffix+" "+a.StreetType+" "+a.Street) + "\x00" + name + "\x00" + kind
}

func (c *Checker) hashOf(text string) uint64 { return maphash.String(c.seed, text) }

// twins finds what different numbers have in common. It takes 40 bytes for each
// number and text.
type twins struct {
	pairs []twin
	next  int // how many may be there before those that are equal are put together
}

type twin struct {
	hash   uint64
	number string
}

func compareTwins(a, b twin) int {
	return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.number, b.number))
}

// add takes a number, which is copied.
func (t *twins) add(hash uint64, number string) {
	if len(t.pairs) >= max(t.next, 1<<16) {
		t.compact()
		t.next = 2 * len(t.pairs)
	}
	t.pairs = append(t.pairs, twin{hash, strings.Clone(number)})
}

func (t *twins) compact() {
	slices.SortFunc(t.pairs, compareTwins)
	t.pairs = slices.Compact(t.pairs)
}

// settle keeps those that have a twin.
func (t *twins) settle() {
	t.compact()
	kept := t.pairs[:0]
	for i, p := range t.pairs {
		if i > 0 && t.pairs[i-1].hash == p.hash || i+1 < len(t.pairs) && t.pairs[i+1].hash == p.hash {
			kept = append(kept, p)
		}
	}
	t.pairs = slices.Clip(kept)
}

// others returns the other numbers of a text, in their order.
func (t *twins) others(hash uint64, number string) (others []string) {
	i, _ := slices.BinarySearchFunc(t.pairs, hash, func(p twin, hash uint64) int { return cmp.Compare(p.hash, hash) })
	for ; i < len(t.pairs) && t.pairs[i].hash == hash; i++ {
		switch {
		case t.pairs[i].number == number:
		case len(others) == mostTold:
			return append(others, "and more")
		default:
			others = append(others, t.pairs[i].number)
		}
	}
	return others
}

// mostTold is how many twins of one are named.
const mostTold = 5
