package twin

import (
	"cmp"
	"math"
	"slices"

	"boussole/data"
	"boussole/geo"
)

// Asked is a question asked of a [Census] by one profile. It is for one goroutine.
type Asked struct {
	c       *Census
	profile int
	q       Question
	said    [len(everything)][]verdict // of each part, when it has been asked
	asked   []int                      // the requirements that some part may fail

	// Also is what else a row must meet, such as words; nil is nothing.
	Also func(row int) bool
}

type verdict uint8

const (
	notAsked verdict = iota
	holds
	fails
)

// Ask asks as a profile from 0 to 5.
func (c *Census) Ask(profile int, q Question) *Asked {
	a := &Asked{c: c, profile: profile, q: q}
	for i := range everything {
		a.said[i] = make([]verdict, len(c.parts[i].first))
		if everything[i].reads != nil && !a.allHold(i) {
			a.asked = append(a.asked, i)
		}
	}
	return a
}

// allHold reports whether every part of a requirement meets the question, as when
// it asks for nothing of the kind. Where there are nearly as many parts as places,
// it is not worth looking, and false.
func (a *Asked) allHold(requirement int) bool {
	parts := len(a.c.parts[requirement].first)
	if parts > len(a.c.rows)/4 {
		return false
	}
	for part := range parts {
		if !a.holds(requirement, int32(part)) {
			return false
		}
	}
	return true
}

// holds asks a requirement of one of its parts, once.
func (a *Asked) holds(requirement int, part int32) bool {
	said := &a.said[requirement][part]
	if *said == notAsked {
		first := a.c.parts[requirement].first[part]
		*said = fails
		if everything[requirement].holds(first.offer, first.place, a.profile, a.q) {
			*said = holds
		}
	}
	return *said == holds
}

// Suits reports whether a row is of an offer that exists for who asks and meets
// the question, its distance and its having a position aside.
func (a *Asked) Suits(n int) bool {
	r := &a.c.rows[n]
	if !a.c.Knows(a.profile, n) {
		return false
	}
	for _, i := range a.asked {
		if !a.holds(i, r.of[i]) {
			return false
		}
	}
	return a.Also == nil || a.Also(n)
}

// Distance returns how far a row is, and false where it has no position.
func (a *Asked) Distance(n int) (geo.Meters, bool) {
	r := &a.c.rows[n]
	if !r.placed {
		return 0, false
	}
	return distance(a.q.Near, r.point), true
}

// suitsHere adds what a radius asks for.
func (a *Asked) suitsHere(n int) bool {
	if a.q.Within <= 0 {
		return a.Suits(n)
	}
	r := &a.c.rows[n]
	return r.placed && a.atLeast(r) <= a.q.Within && a.Suits(n) && distance(a.q.Near, r.point) <= a.q.Within
}

// atLeast is a distance that a placed row is not nearer than: two points are no
// less apart than their parallels. A metre is taken off, for rounding.
func (a *Asked) atLeast(r *row) geo.Meters {
	return geo.Meters(radius*math.Abs(a.q.Near.Lat-r.point.Lat)*math.Pi/180 - 1)
}

// Found is what suits a question.
type Found struct {
	First  []Answer // the first of what [Nearest] returns
	Placed int      // how many it would return
	All    int      // what [Count] returns
}

// Find returns the nearest k offers and how many there are.
func (a *Asked) Find(k int) Found {
	near := nearest{most: k, worst: geo.Meters(math.Inf(1))}
	var found Found
	for from, to := 0, 0; from < len(a.c.rows); from = to {
		to = a.c.end(from)
		any, placed := false, false
		var best Answer
		measured := false
		for n := from; n < to; n++ {
			if !a.suitsHere(n) {
				continue
			}
			r := &a.c.rows[n]
			any, placed = true, placed || r.placed
			if !r.placed || a.atLeast(r) > near.worst {
				continue
			}
			if d := distance(a.q.Near, r.point); !measured || d < best.Distance {
				best, measured = Answer{a.c.ids[r.offer], int(r.place), d, a.receives(r)}, true
			}
		}
		if any {
			found.All++
		}
		if placed {
			found.Placed++
		}
		if measured {
			near.add(best)
		}
	}
	found.First = near.sorted()
	return found
}

// end returns the row after the last one of the offer of a row.
func (c *Census) end(from int) int {
	to := from + 1
	for to < len(c.rows) && c.rows[to].offer == c.rows[from].offer {
		to++
	}
	return to
}

func (a *Asked) receives(r *row) data.State {
	return receives(a.c.parts[byAge].first[r.of[byAge]].offer.Ages, a.q.Age)
}

// nearest keeps the first so many of what is added. Nothing farther than worst can
// be one of them.
type nearest struct {
	most  int
	worst geo.Meters
	kept  []Answer
}

func (n *nearest) add(a Answer) {
	if a.Distance > n.worst {
		return
	}
	n.kept = append(n.kept, a)
	if len(n.kept) > 2*n.most+100 {
		n.kept = n.sorted()
		n.worst = geo.Meters(math.Inf(-1))
		if len(n.kept) > 0 {
			n.worst = n.kept[len(n.kept)-1].Distance
		}
	}
}

func (n *nearest) sorted() []Answer {
	slices.SortFunc(n.kept, compareAnswers)
	return n.kept[:min(n.most, len(n.kept))]
}

func compareAnswers(a, b Answer) int {
	return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
}
