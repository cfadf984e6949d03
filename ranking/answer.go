package ranking

import (
	"cmp"
	"hash/fnv"
	"io"
	"sort"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
)

// Answer is the choices, soonest care first.
type Answer struct {
	Choices []Choice

	// Complete: these are the best there are, proven. It is false when the
	// budget was spent first, or the times are not those that were asked for.
	Complete bool

	// Degraded names what was down or late and stood in for: "travel".
	Degraded []string

	// Mode and Source say what the times are worth ("car", "straight").
	Mode, Source string

	// PassedOver are the nearer ones that were not chosen, nearest first, and
	// PassedOverAll says that the list has all of them.
	PassedOver    []PassedOver
	PassedOverAll bool

	// Unplaced are offers that come to the commune of the patient, by id, and that
	// nobody knows where they are: at most [MostUnplaced], whatever the radius, and of
	// a need those of the first rung on which there are any. UnplacedAll says that these are all.
	Unplaced    []index.Hit
	UnplacedAll bool

	// Relaxed is what was given up of a need; see [Finder.Serve].
	Relaxed Relaxed

	// ThisSide is who can care on this side, where every choice is across water; nil
	// elsewhere, and where nobody is among those that may care soonest.
	ThisSide *ThisSide

	// Priced is how many offers were, on the rung of the choices.
	Priced int
}

// Choice is an offer and what it costs to be cared for there.
type Choice struct {
	index.Hit
	Travel geo.Travel
	Cost   time.Duration // all parts together
	Parts  []Part        // the way first; none where only the way was asked for

	turn uint64 // among those of the same cost, where they are spread
}

// Compare orders choices by cost, then by their turn where they are spread, then
// distance, then id.
func (c *Choice) Compare(d *Choice) int {
	return cmp.Or(
		cmp.Compare(c.Cost, d.Cost),
		cmp.Compare(c.turn, d.turn),
		cmp.Compare(c.Distance, d.Distance),
		cmp.Compare(c.ID, d.ID),
	)
}

// keep puts a choice among the k best, unless they are better. Its parts are copied,
// into the place of those that fall out, or where there is room.
func (a *Answer) keep(c *Choice, k int, room *[]Part) {
	var parts []Part
	i := len(a.Choices)
	if i == k {
		if a.Choices[k-1].Compare(c) <= 0 {
			return
		}
		i, parts = k-1, a.Choices[k-1].Parts[:0]
	} else {
		a.Choices = append(a.Choices, Choice{})
		if n := len(c.Parts); n > 0 {
			if len(*room) < n {
				*room = make([]Part, max(n, usualParts*min(k, fewChoices)))
			}
			parts, *room = (*room)[:0:n], (*room)[n:]
		}
	}
	if i > fewChoices {
		i = sort.Search(i, func(at int) bool { return a.Choices[at].Compare(c) > 0 })
		copy(a.Choices[i+1:], a.Choices[i:len(a.Choices)-1])
	}
	for ; i > 0 && a.Choices[i-1].Compare(c) > 0; i-- {
		a.Choices[i] = a.Choices[i-1]
	}
	a.Choices[i] = *c
	a.Choices[i].Parts = append(parts, c.Parts...)
}

// usualParts is how many parts a choice has: the way and what costs most.
const usualParts = 4

// fewChoices are gone through one by one rather than halved.
const fewChoices = 32

// turnOf is the place of an offer among its equals under a seed.
func turnOf(seed string, id data.ID) uint64 {
	h := fnv.New64a()
	io.WriteString(h, seed)
	h.Write([]byte{0})
	io.WriteString(h, string(id))
	x := h.Sum64() // whose low bits alone differ for ids that end alike: mixed as in splitmix64
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
