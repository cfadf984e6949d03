package index

import (
	"cmp"
	"slices"

	"boussole/data"
	"boussole/index/suggest"
	"boussole/index/text"
)

// Professionals are found by their names in the words of the generation, which
// are kept by who may see them: nothing is made for it, and nothing is kept
// beside them. A question costs what its names cost: some ten microseconds where
// they are rare, and a document for each that is shown.

// mostNamesakes is how many places of offers may bear a word as a name: among more
// of them nobody is meant by it.
const mostNamesakes = 20_000

// mostPersons is how many professionals are named in one answer.
const mostPersons = 5

// person is an offer of which a question may name a professional.
type person struct {
	offer  uint32
	points int // of the words of the name
}

// professionals returns those whom a question may name, the best first; of
// equals the first by the id of the offer. What a viewer does not see takes no
// part, not even in what is too common.
func (v *View) professionals(question suggest.Person, limit int) []suggest.Result {
	words, err := text.Parse(question.Words())
	if err != nil || len(words) == 0 || limit <= 0 {
		return nil
	}
	g, mask := v.pinned(), v.viewer.Mask()
	field := text.FieldSet(data.TextPerson)
	if question.Number != "" {
		field = text.FieldSet(data.TextNumber)
	}
	c := compiled{Query: Query{Words: words}, g: g, mask: mask}
	named := c.setsIn(field)
	limit = min(limit, mostPersons)
	found := c.persons(&question, named)
	var results []suggest.Result
	for i := 0; i < len(found) && i < 4*limit && len(results) < limit; i++ {
		o, ok := g.offer(found[i].offer, v.viewer)
		if !ok {
			continue
		}
		for k := range o.Practices {
			r, ok := question.Named(&o, &o.Practices[k])
			if ok && len(results) < limit && !slices.ContainsFunc(results, func(other suggest.Result) bool { return r.Same(&other) }) {
				results = append(results, r)
			}
		}
	}
	slices.SortStableFunc(results, func(a, b suggest.Result) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return results
}

// anyField is every field.
const anyField text.Fields = 1<<data.TextFields - 1

// fieldSet is the groups in which a word stands in some fields.
type fieldSet struct {
	groups []pointed
	count  int // entries of all groups, those in several counted so often
}

// entries lists those of all groups, each once, in order.
func (s *fieldSet) entries() []uint32 {
	var list []uint32
	for i := range s.groups {
		list = s.groups[i].appendTo(list)
	}
	return newList(list).list
}

// setsIn looks up what the words of a question mean in some fields: as they are
// typed, and with a slip only where nothing is called so.
func (c *compiled) setsIn(field text.Fields) []fieldSet {
	sets := make([]fieldSet, len(c.Words))
	for i, w := range c.Words {
		set := &sets[i]
		for _, m := range c.g.vocabulary.Expand(w, c.mask) { // the best tiers first
			if m.Tier > text.Prefix && set.count > 0 && set.groups[0].points >= text.Points(text.Prefix, field) {
				break
			}
			for g := range c.g.postings.of(m.Term) {
				if c.mask.Sees(g.class) && g.fields&field != 0 {
					set.groups = append(set.groups, pointed{g, text.Points(m.Tier, field)})
					set.count += g.count
				}
			}
		}
	}
	return sets
}

// namesakes lists the entries that bear one of the words as a name, in order.
func namesakes(named []fieldSet) []uint32 {
	var entries []uint32
	for i := range named {
		if named[i].count <= mostNamesakes {
			entries = append(entries, named[i].entries()...)
		}
	}
	return newList(entries).list
}

// persons lists the offers that bear one of the names and carry every other word
// that must be there, as a name or otherwise: a town, what the professional does.
// Which of the words is the name nobody knows: a town may be what somebody is
// called.
func (c *compiled) persons(question *suggest.Person, named []fieldSet) []person {
	entries, carried := namesakes(named), c.setsIn(anyField)
	points := make([]int, len(entries))
	for i := range named {
		worth, needed := named[i].worth(entries), !question.Optional(c.Words[i].Text)
		var otherwise []int
		if needed && slices.Contains(worth, 0) {
			otherwise = carried[i].worth(entries)
		}
		for k := range entries {
			if points[k] += worth[k]; needed && worth[k] == 0 && otherwise[k] == 0 {
				points[k] = -1 << 20
			}
		}
	}
	var found []person
	for k, entry := range entries {
		if points[k] > 0 {
			found = append(found, person{c.g.rows[entry].offer.number(), points[k]})
		}
	}
	slices.SortFunc(found, func(a, b person) int { return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.offer, b.offer)) })
	return slices.CompactFunc(found, func(a, b person) bool { return a.offer == b.offer })
}

// worth returns the points of the best match of each of the entries, which are in
// order; 0 for none.
func (s *fieldSet) worth(entries []uint32) []int {
	points := make([]int, len(entries))
	for i := range s.groups {
		g := &s.groups[i]
		set := entrySet{bitmap: g.bitmap}
		if g.bitmap == nil {
			set.list = g.appendTo(nil)
		}
		for k, e := range entries {
			if points[k] < g.points && set.has(e) {
				points[k] = g.points
			}
		}
	}
	return points
}
