package index

import (
	"slices"

	"boussole/index/text"
)

// wordSet is the entries that carry what one word of a question means, for the
// eyes of who asks.
type wordSet struct {
	groups []pointed
	count  int  // entries of all groups, those in several counted so often
	dense  bool // some of them are bitmaps

	list   []uint32 // entries of the lists, in order; see decode
	listed bool
}

// pointed is a group, and what a match in it is worth.
type pointed struct {
	posting
	points int
}

// wordSets looks up what the words of a question mean.
func (c *compiled) wordSets() []wordSet {
	sets := make([]wordSet, len(c.Words))
	for i, w := range c.Words {
		set := &sets[i]
		for _, m := range c.g.vocabulary.Expand(w, c.mask) {
			for g := range c.g.postings.of(m.Term) {
				if !c.mask.Sees(g.class) {
					continue
				}
				set.groups = append(set.groups, pointed{g, text.Points(m.Tier, g.fields)})
				set.count += g.count
				set.dense = set.dense || g.bitmap != nil
			}
		}
	}
	return sets
}

// decode lists the entries of the groups that are lists, each once, in order.
func (s *wordSet) decode() []uint32 {
	if s.listed {
		return s.list
	}
	lists := 0
	for i := range s.groups {
		if g := &s.groups[i]; g.bitmap == nil {
			g.each(func(e uint32) { s.list = append(s.list, e) })
			lists++
		}
	}
	if lists > 1 {
		slices.Sort(s.list)
		s.list = slices.Compact(s.list)
	}
	s.listed = true
	return s.list
}

func (s *wordSet) inBitmaps(entry uint32) bool {
	for i := range s.groups {
		if b := s.groups[i].bitmap; b != nil && b[entry/64]>>(entry%64)&1 == 1 {
			return true
		}
	}
	return false
}

// has reports whether an entry carries the word.
func (s *wordSet) has(entry uint32) bool {
	if s.dense && s.inBitmaps(entry) {
		return true
	}
	_, found := slices.BinarySearch(s.decode(), entry)
	return found
}

// keep leaves of entries, which are in order, those that carry the word.
func (s *wordSet) keep(entries []uint32) []uint32 {
	list := s.decode()
	kept := entries[:0]
	for _, e := range entries {
		for len(list) > 0 && list[0] < e {
			list = list[1:]
		}
		if len(list) > 0 && list[0] == e || s.dense && s.inBitmaps(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

// rarest returns the word that the fewest entries carry.
func rarest(words []*wordSet) *wordSet {
	return slices.MinFunc(words, func(a, b *wordSet) int { return a.count - b.count })
}

// carryAll lists the entries that carry every word, in order; placed or not.
func carryAll(words []*wordSet) []uint32 {
	first := rarest(words)
	var entries []uint32
	if first.dense {
		for i := range first.groups {
			first.groups[i].each(func(e uint32) { entries = append(entries, e) })
		}
		slices.Sort(entries)
		entries = slices.Compact(entries)
	} else {
		entries = slices.Clone(first.decode())
	}
	for _, set := range words {
		if set != first {
			entries = set.keep(entries)
		}
	}
	return entries
}

// asked returns the words of the question.
func (c *compiled) asked() []*wordSet {
	words := make([]*wordSet, len(c.words))
	for i := range c.words {
		words[i] = &c.words[i]
	}
	return words
}

func (c *compiled) hasWords(entry uint32) bool {
	for i := range c.words {
		if !c.words[i].has(entry) {
			return false
		}
	}
	return true
}

// planWords looks at the entries that carry every word one by one, where these
// are fewer than what the rest of the question would have to be looked for in.
func (c *compiled) planWords(p *plan) {
	inPlan := len(p.entries)
	for _, t := range p.trees {
		inPlan += len(t.Items)
	}
	words := c.asked()
	if first := rarest(words); first.dense || first.count > inPlan {
		return
	}
	entries := carryAll(words)
	placed, _ := slices.BinarySearch(entries, uint32(c.g.placed())) // the others come last
	*p = plan{entries: entries[:placed], wordsSuit: true, why: "the entries of words"}
}
