package ranking

import (
	"cmp"
	"hash/fnv"
	"io"
	"slices"
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

	// Priced is how many offers were.
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

// keep puts a choice among the k best, unless they are better.
func (a *Answer) keep(c *Choice, k int) {
	i, _ := slices.BinarySearchFunc(a.Choices, c, func(x Choice, c *Choice) int { return x.Compare(c) })
	if i >= k {
		return
	}
	kept := *c
	kept.Parts = slices.Clone(c.Parts) // which are written over by the next
	a.Choices = slices.Insert(a.Choices, i, kept)
	a.Choices = a.Choices[:min(len(a.Choices), k)]
}

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
