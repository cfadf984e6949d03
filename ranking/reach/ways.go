package reach

import (
	"maps"
	"slices"
	"time"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/ranking"
)

// count counts the answer to one commune.
func (c *Care) count(commune *gazetteer.Commune, answer *ranking.Answer) {
	c.Asked++
	if len(answer.Choices) == 0 {
		c.Empty = append(c.Empty, *commune)
		return
	}
	c.Rungs[len(answer.Relaxed.Steps)]++
	if answer.Relaxed.Emergency {
		c.Emergency++
	}
	first := &answer.Choices[0]
	if first.Travel.Doubt&geo.DoubtWater != 0 {
		c.Water++
	}
	c.Ways.add(first.Parts[0].Time, commune.Population)
}

// Steps is the most steps of the ladder that were climbed anywhere.
func (c *Care) Steps() (most int) {
	for rung, communes := range c.Rungs {
		if communes > 0 {
			most = rung
		}
	}
	return most
}

// Ways are how long the ways from a number of communes are. The zero Ways are none.
type Ways struct {
	by map[time.Duration]weight
}

// weight is how many communes, and how many people in them.
type weight struct{ communes, people int }

func (w *Ways) add(way time.Duration, people int) {
	if w.by == nil {
		w.by = make(map[time.Duration]weight)
	}
	of := w.by[way]
	w.by[way] = weight{of.communes + 1, of.people + people}
}

// Communes is the shortest way of which so many in a hundred of the communes have
// none longer: at 50 their median, as in [Summary]. It is 0 where there is none.
func (w *Ways) Communes(percent int) time.Duration {
	return w.within(percent, func(of weight) int { return of.communes })
}

// People is the same, of the people who live there. Who lives in a commune of unknown
// population is missing.
func (w *Ways) People(percent int) time.Duration {
	return w.within(percent, func(of weight) int { return of.people })
}

func (w *Ways) within(percent int, weigh func(weight) int) time.Duration {
	total, within := 0, 0
	for _, of := range w.by {
		total += weigh(of)
	}
	for _, way := range slices.Sorted(maps.Keys(w.by)) {
		if within += weigh(w.by[way]); total > 0 && 100*within >= percent*total {
			return way
		}
	}
	return 0
}
