package index

import (
	"cmp"
	"slices"

	"boussole/data"
)

// Facets is how many of the offers that suit have each value of something. An
// offer with several places counts once for each value that one of its suiting
// places has.
type Facets struct {
	Offers       int
	Codes        map[data.Code]int // of the systems asked for, as the viewer may see them
	Departements map[string]int
	Open, Beds   map[data.State]int // at the instant of the question
}

// Facet is something to count by.
type Facet uint8

// The facets, as bits of a set; codes are asked for by their systems.
const (
	FacetDepartement Facet = 1 << iota
	FacetOpen
	FacetBeds
)

// Facets counts the offers that suit by the codes of some systems ("R66" is the
// category, "R244" the type of offer) and by what else is in the set. It looks at
// every entry that suits: some ten nanoseconds each.
func (v *View) Facets(q Query, systems []string, by Facet) Facets {
	c := compile(v.as(&q), v.pinned())
	t := tally{c: c, systems: systems, by: by, kinds: make([]int, len(c.g.kindRows))}
	t.facets = Facets{
		Codes: make(map[data.Code]int), Departements: make(map[string]int),
		Open: make(map[data.State]int), Beds: make(map[data.State]int),
	}
	t.m = newMatcher(c, c.g.newScratch(), &plan{})
	defer c.g.scratches.Put(t.m.scratch)
	c.each(t.add)
	t.close()
	return t.facets
}

// tally counts entries, those of offers with several by and by.
type tally struct {
	c       *compiled
	m       matcher
	systems []string
	by      Facet
	facets  Facets
	kinds   []int // entries of offers that have one
	several map[uint32][]uint32
}

func (t *tally) add(entry uint32) {
	g := t.c.g
	offer := g.rows[entry].offer
	if offer&hasSeveral != 0 {
		if t.several == nil {
			t.several = make(map[uint32][]uint32)
		}
		t.several[offer.number()] = append(t.several[offer.number()], entry)
		return
	}
	t.facets.Offers++
	t.kinds[g.kinds[entry]]++
	t.addFacts([]uint32{entry})
}

// addFacts counts what entries of one offer say beside their kinds.
func (t *tally) addFacts(entries []uint32) {
	g := t.c.g
	if t.by&FacetDepartement != 0 {
		each(entries, func(e uint32) string { return g.areaList[g.areas[e]].departement }, func(departement string) {
			if departement != "" {
				t.facets.Departements[departement]++
			}
		})
	}
	if t.by&FacetOpen != 0 {
		each(entries, t.m.open, func(s data.State) { t.facets.Open[s]++ })
	}
	if t.by&FacetBeds != 0 {
		each(entries, t.m.beds, func(s data.State) { t.facets.Beds[s]++ })
	}
}

// each calls f once for each value that some entry has.
func each[T cmp.Ordered](entries []uint32, value func(uint32) T, f func(T)) {
	if len(entries) == 1 {
		f(value(entries[0]))
		return
	}
	var values []T
	for _, e := range entries {
		values = append(values, value(e))
	}
	slices.Sort(values)
	for _, v := range slices.Compact(values) {
		f(v)
	}
}

// close counts the codes of kinds, and the offers that have several entries.
func (t *tally) close() {
	for k, n := range t.kinds {
		if n > 0 {
			for _, code := range t.codesOf(uint32(k)) {
				t.facets.Codes[code] += n
			}
		}
	}
	for _, entries := range t.several {
		t.facets.Offers++
		var codes []data.Code
		for _, e := range entries {
			codes = append(codes, t.codesOf(t.c.g.kinds[e])...)
		}
		slices.Sort(codes)
		for _, code := range slices.Compact(codes) {
			t.facets.Codes[code]++
		}
		t.addFacts(entries)
	}
}

// codesOf returns the codes of a kind that are asked for and seen, each once.
func (t *tally) codesOf(kind uint32) []data.Code {
	s := t.c.g.snapshot
	row := &s.kindRows[kind]
	var codes []data.Code
	for _, r := range s.kindRefs[row.refs.from:row.refs.to] {
		ref := &s.refs[r]
		code := s.codeList[ref.code]
		if t.c.mask.Sees(data.Class(ref.class)) && slices.Contains(t.systems, code.System()) {
			codes = append(codes, code)
		}
	}
	return slices.Compact(codes) // in order, so that those of several classes stand together
}
