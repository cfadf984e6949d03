package index

import (
	"cmp"
	"slices"
	"strings"

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
	named := c.named(field)
	if named == nil {
		return nil
	}
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
	count  int  // entries of all groups, those in several counted so often
	spelt  bool // it stands there as it is typed, or begins so: slips do not count then
}

// entries lists those of all groups, each once, in order.
func (s *fieldSet) entries() []uint32 {
	var list []uint32
	for i := range s.groups {
		list = s.groups[i].appendTo(list)
	}
	return newList(list).list
}

// maxNamed bounds what is remembered of the words that were looked for as names, in
// bytes, and groupBytes is what a group takes of it.
const (
	maxNamed   = 8 << 20
	groupBytes = 96
)

// namedKey is all that a set of a word in a field depends on.
type namedKey struct {
	word  string
	field text.Fields
	mask  data.Mask
}

// named returns what the words of a question mean as names, nil where nobody is
// called so. Most words are no names: then it is not looked for names of which a
// beginning resembles what is typed, which name nobody, but may be something else
// that is said of whom another word names.
func (c *compiled) named(field text.Fields) []fieldSet {
	sets, some := make([]fieldSet, len(c.Words)), false
	var none string // what two words make together that nobody is called
	for i := range c.Words {
		sets[i] = c.namesOf(field, c.Words[i], &none)
		some = some || sets[i].count > 0 && sets[i].count <= mostNamesakes
	}
	if !some {
		return nil
	}
	for i := range sets {
		if !sets[i].spelt && c.Words[i].Open {
			sets[i] = c.setIn(field, i)
		}
	}
	return sets
}

// namesOf returns what a word means as a name. What it means alone is remembered:
// that it makes a name with the word beside it is rare.
func (c *compiled) namesOf(field text.Fields, w text.Word, none *string) fieldSet {
	for _, joined := range w.Joined {
		if joined == *none {
			continue
		}
		if together := c.setOf(field, c.g.vocabulary.Named(joined, c.mask)); together.count > 0 {
			return c.setOf(field, c.g.vocabulary.Near(w, c.mask))
		}
		*none = joined
	}
	w.Joined = nil
	key := namedKey{w.Key(), field, c.mask}
	set, ok := c.g.names.words.Get(key, maxNamed)
	if !ok {
		set = c.setOf(field, c.g.vocabulary.Near(w, c.mask))
		key.word = strings.Clone(key.word)
		c.g.names.words.Put(key, set, len(key.word)+groupBytes*len(set.groups), maxNamed)
	}
	return set
}

// setIn looks up what a word of the question means in some fields.
func (c *compiled) setIn(field text.Fields, word int) fieldSet {
	return c.setOf(field, c.g.vocabulary.Expand(c.Words[word], c.mask))
}

// setOf returns the groups of matches, the best of which come first: as they are
// typed, and with a slip only where nothing is called so.
func (c *compiled) setOf(field text.Fields, matches []text.Match) (set fieldSet) {
	for _, m := range matches {
		if m.Tier > text.Prefix && set.spelt {
			break
		}
		for g := range c.g.postings.of(m.Term) {
			if c.mask.Sees(g.class) && g.fields&field != 0 {
				set.groups = append(set.groups, pointed{g, text.Points(m.Tier, field)})
				set.count += g.count
				set.spelt = set.spelt || m.Tier <= text.Prefix
			}
		}
	}
	return set
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
	entries := namesakes(named)
	points := make([]int, len(entries))
	for i := range named {
		worth, needed := named[i].worth(entries), !question.Optional(c.Words[i].Text)
		var otherwise []int
		if needed && slices.Contains(worth, 0) {
			carried := c.setIn(anyField, i)
			otherwise = carried.worth(entries)
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
		g.among(entries, func(k int) { points[k] = max(points[k], g.points) })
	}
	return points
}

// among calls f with the places of those of the entries, which are in order, that
// are in a group. Of a list it reads no more than goes before the last of them.
func (g *posting) among(entries []uint32, f func(k int)) {
	if g.bitmap != nil {
		for k, e := range entries {
			if g.bitmap[e/64]>>(e%64)&1 == 1 {
				f(k)
			}
		}
		return
	}
	k, at := 0, uint32(0)
	for rest := g.list; len(rest) > 0; {
		delta, n := difference(rest)
		rest = rest[n:]
		at += delta
		for k < len(entries) && entries[k] < at {
			k++
		}
		if k == len(entries) {
			return
		}
		if entries[k] == at {
			f(k)
		}
	}
}
