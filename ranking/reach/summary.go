package reach

import (
	"cmp"
	"slices"

	"boussole/geo"
)

// Summary is the reach of a number of communes. Those without an answer are
// counted, and take no part in anything else.
type Summary struct {
	Communes int // with an answer
	Without  int // without one
	People   int // in those with an answer; who live in communes of unknown population are missing

	// HalfOfCommunes is the median: the smallest distance at which at least
	// half of the communes have an offer. Of an even number it is the lower of
	// the two in the middle, so that it is always the distance of a commune.
	HalfOfCommunes geo.Meters

	// HalfOfPeople is the median weighted by population: the smallest distance
	// at which communes with at least half of the people have an offer. It is
	// 0 when nobody lives there.
	HalfOfPeople geo.Meters

	// Farthest is the commune with the greatest distance, of several the first
	// by code.
	Farthest Reach
}

// Summarize reads the reaches in any order, and changes nothing in them.
func Summarize(reaches []Reach) Summary {
	answered := slices.DeleteFunc(slices.Clone(reaches), func(r Reach) bool { return r.Offer == "" })
	s := Summary{Communes: len(answered), Without: len(reaches) - len(answered)}
	if len(answered) == 0 {
		return s
	}
	slices.SortFunc(answered, func(a, b Reach) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(b.Code, a.Code))
	})
	s.Farthest = answered[len(answered)-1]
	s.HalfOfCommunes, _ = half(answered, func(Reach) int { return 1 })
	s.HalfOfPeople, s.People = half(answered, func(r Reach) int { return r.Population })
	return s
}

// half returns the smallest distance within which at least half of the weight
// is, and the whole weight. The reaches are sorted by distance.
func half(sorted []Reach, weight func(Reach) int) (distance geo.Meters, total int) {
	for _, r := range sorted {
		total += weight(r)
	}
	within := 0
	for _, r := range sorted {
		if within += weight(r); total > 0 && 2*within >= total {
			return r.Distance, total
		}
	}
	return 0, total
}
