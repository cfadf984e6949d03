package twin

import (
	"slices"

	"boussole/data"
)

// CountBy returns what the plain [CountBy] does, of whatever codes offers carry.
func (a *Asked) CountBy(systems []string) Tally {
	t := Tally{
		Codes: map[data.Code]int{}, Departements: map[string]int{},
		Open: map[data.State]int{}, Beds: map[data.State]int{},
	}
	values := valuesOf{asked: a, systems: systems}
	for i := range values.of {
		values.of[i] = make([]*value, len(a.c.parts[i].first))
	}
	for from, to := 0, 0; from < len(a.c.rows); from = to {
		to = a.c.end(from)
		var suiting []*row
		for n := from; n < to; n++ {
			if a.suitsHere(n) {
				suiting = append(suiting, &a.c.rows[n])
			}
		}
		if len(suiting) > 0 {
			t.Offers++
			values.count(&t, suiting)
		}
	}
	return t
}

// valuesOf remembers what the parts of rows are counted by.
type valuesOf struct {
	asked   *Asked
	systems []string
	of      [len(everything)][]*value
}

// value is what one part is counted by.
type value struct {
	codes       []data.Code
	departement string
	state       data.State
}

func (v *valuesOf) part(requirement int, r *row) *value {
	known := &v.of[requirement][r.of[requirement]]
	if *known == nil {
		*known = v.value(requirement, v.asked.c.parts[requirement].first[r.of[requirement]])
	}
	return *known
}

func (v *valuesOf) value(requirement int, first example) *value {
	o, place, a := first.offer, first.place, v.asked
	switch requirement {
	case byCode:
		var shown []data.Code
		for _, c := range slices.Concat(codeLists(o, place)...) {
			if slices.Contains(v.systems, c.System()) && shows(o, place, a.profile, c) && !slices.Contains(shown, c) {
				shown = append(shown, c)
			}
		}
		return &value{codes: shown}
	case byDepartement:
		return &value{departement: departement(o, place)}
	case byHours:
		return &value{state: OpenAt(o.Hours, a.q.At, OpensIn(o, place))}
	}
	return &value{state: bedsAt(o, place, a.profile, a.q)}
}

// count counts an offer once for each value that one of its suiting places has.
func (v *valuesOf) count(t *Tally, suiting []*row) {
	var codes []data.Code
	var departements []string
	var open, beds []data.State
	for _, r := range suiting {
		codes = append(codes, v.part(byCode, r).codes...)
		if d := v.part(byDepartement, r).departement; d != "" {
			departements = append(departements, d)
		}
		open = append(open, v.part(byHours, r).state)
		beds = append(beds, v.part(byBeds, r).state)
	}
	countEach(t.Codes, codes)
	countEach(t.Departements, departements)
	countEach(t.Open, open)
	countEach(t.Beds, beds)
}

// countEach counts every value of a list once.
func countEach[T comparable](counts map[T]int, values []T) {
	for i, v := range values {
		if !slices.Contains(values[:i], v) {
			counts[v]++
		}
	}
}

// CountInCells returns what the plain [CountInCells] does.
func (a *Asked) CountInCells(south, west, north, east float64, zoom int) map[Cell]int {
	counts := map[Cell]int{}
	for from, to := 0, 0; from < len(a.c.rows); from = to {
		to = a.c.end(from)
		var cells []Cell
		for n := from; n < to; n++ {
			r := &a.c.rows[n]
			inside := r.placed && r.point.Lat >= south && r.point.Lat <= north && r.point.Lon >= west && r.point.Lon <= east
			if !inside || !a.suitsHere(n) {
				continue
			}
			if cell, ok := CellOf(r.point.Lat, r.point.Lon, zoom); ok {
				cells = append(cells, cell)
			}
		}
		countEach(counts, cells)
	}
	return counts
}
