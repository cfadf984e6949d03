package index

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"boussole/data"
	"boussole/index/memory"
	"boussole/index/text"
)

// carried remembers which entries carry what was asked for, for the eyes of whom:
// words and terms are remembered with the mask, so that nobody is answered with
// what another may see. It is of one generation. The zero carried is empty and
// ready.
type carried struct {
	words memory.Memory[wordKey, wordSet]
	terms memory.Memory[termKey, wordSet]
}

// wordKey and termKey are all that it depends on in a generation.
type wordKey struct {
	word string // see text.Word.Key
	mask data.Mask
}

type termKey struct {
	term uint32
	mask data.Mask
}

// Memory that is remembered at most, in bytes for each entry of the generation.
// A common term takes an eighth of one for each of its layers and for all of them
// together; a word counts what its terms count, since it keeps them too.
const (
	bytesOfWords = 16
	bytesOfTerms = 12
)

// wordSet is what a word means: the entries that carry it, and the layers of
// them.
type wordSet struct {
	entrySet
	layers []layer
	size   int // in bytes: of all that it keeps, what others keep too
}

// layer is the entries with a match that is worth so many points, and perhaps
// with one that is worth more. Layers go from the greatest points down.
type layer struct {
	entrySet
	fields text.Fields
	points int
}

// meaning returns what a word means for who sees these classes.
func (g *Generation) meaning(w *text.Word, mask data.Mask) wordSet {
	key := wordKey{w.Key(), mask}
	set, ok := g.carried.words.Get(key, bytesOfWords*len(g.kinds))
	if !ok {
		set = g.expand(w, mask)
		g.carried.words.Put(key, set, set.size, bytesOfWords*len(g.kinds))
	}
	return set
}

// expand gathers what the terms mean that a word matches, and its other names.
func (g *Generation) expand(w *text.Word, mask data.Mask) wordSet {
	matches := g.vocabulary.Expand(*w, mask)
	var phrases []layer
	size := 0
	for _, name := range w.Names {
		terms := strings.Fields(name)
		if len(terms) == 1 {
			matches = slices.Concat(matches, g.vocabulary.Named(name, mask))
			continue
		}
		layers, more := g.phrase(terms, mask)
		phrases, size = append(phrases, layers...), size+more
	}
	set := g.gather(matches, phrases, mask)
	set.size += size
	return set
}

// gather brings together what terms mean, of common ones what is remembered of
// them, of the others one layer for all that is worth the same, and some layers
// more.
func (g *Generation) gather(matches []text.Match, layers []layer, mask data.Mask) wordSet {
	var parts []entrySet
	size := 0
	for i := range layers {
		parts = append(parts, layers[i].entrySet)
	}
	buffer := groupPool.Get().(*[]pointed)
	defer groupPool.Put(buffer)
	rare := (*buffer)[:0]
	for _, m := range matches {
		start := len(rare)
		rare = g.appendGroups(rare, m, mask)
		if isList(countAll(rare[start:]), g.postings.words) {
			continue
		}
		rare = rare[:start]
		common := g.common(m.Term, mask)
		parts, size = append(parts, common.entrySet), size+common.size
		for _, l := range common.layers {
			layers = append(layers, layer{l.entrySet, l.fields, text.Points(m.Tier, l.fields)})
		}
	}
	those, more := newLayers(rare, g.postings.words)
	size += more
	clear(rare[:cap(rare)]) // the buffer outlives the generation, whose memory this points into
	*buffer = rare
	for i := range those {
		parts = append(parts, those[i].entrySet)
	}
	layers = append(layers, those...)
	slices.SortStableFunc(layers, func(a, b layer) int { return cmp.Compare(b.points, a.points) })
	all, more := union(parts, g.postings.words)
	return wordSet{all, layers, size + more}
}

// phrase returns the layers of a name of several terms: what carries all of them,
// or forms of them, worth as much as the one that is worth least.
func (g *Generation) phrase(terms []string, mask data.Mask) (layers []layer, size int) {
	sets := make([]wordSet, len(terms))
	for i, term := range terms {
		key := wordKey{"\x00" + term, mask}
		var ok bool
		if sets[i], ok = g.carried.words.Get(key, bytesOfWords*len(g.kinds)); !ok {
			sets[i] = g.gather(g.vocabulary.Named(term, mask), nil, mask)
			g.carried.words.Put(key, sets[i], sets[i].size, bytesOfWords*len(g.kinds))
		}
	}
	worth := make(map[int][]uint32)
	var points, least []uint16
	carryAll(sets, func(entries []uint32) {
		least = append(least[:0], slices.Repeat([]uint16{math.MaxUint16}, len(entries))...)
		for i := range sets {
			points = sets[i].weigh(entries, points)
			for k, p := range points {
				least[k] = min(least[k], p)
			}
		}
		for k, e := range entries {
			worth[int(least[k])] = append(worth[int(least[k])], e)
		}
	})
	for points, list := range worth {
		l := layer{entrySet: entrySet{count: len(list), list: list}, points: points}
		if !isList(len(list), g.postings.words) {
			bitmap := make([]uint64, g.postings.words)
			l.setIn(bitmap)
			l.entrySet = entrySet{count: len(list), bitmap: bitmap}
		}
		layers, size = append(layers, l), size+l.bytes()
	}
	return layers, size
}

// common returns what a common term means, as if it were the word itself.
func (g *Generation) common(term uint32, mask data.Mask) wordSet {
	key := termKey{term, mask}
	set, ok := g.carried.terms.Get(key, bytesOfTerms*len(g.kinds))
	if !ok {
		groups := g.appendGroups(nil, text.Match{Term: term, Tier: text.Exact}, mask)
		layers, size := newLayers(groups, g.postings.words)
		parts := make([]entrySet, len(layers))
		for i := range layers {
			parts[i] = layers[i].entrySet
		}
		all, more := union(parts, g.postings.words)
		set = wordSet{all, layers, size + more}
		g.carried.terms.Put(key, set, set.size, bytesOfTerms*len(g.kinds))
	}
	return set
}

// appendGroups appends the groups of a term that the mask sees.
func (g *Generation) appendGroups(groups []pointed, m text.Match, mask data.Mask) []pointed {
	for p := range g.postings.of(m.Term) {
		if mask.Sees(p.class) {
			groups = append(groups, pointed{p, text.Points(m.Tier, p.fields)})
		}
	}
	return groups
}

func countAll(groups []pointed) (count int) {
	for i := range groups {
		count += groups[i].count
	}
	return count
}

// newLayers makes layers of groups, the greatest points first: of a bitmap one
// that is no copy of it, and of the lists that are worth the same one. It returns
// how much memory they take.
func newLayers(groups []pointed, words int) (layers []layer, size int) {
	slices.SortStableFunc(groups, func(a, b pointed) int { return cmp.Compare(b.points, a.points) })
	for len(groups) > 0 {
		n, points := 0, groups[0].points
		lists := groups[:0]
		for ; n < len(groups) && groups[n].points == points; n++ {
			if g := &groups[n]; g.bitmap != nil && !isList(g.count, words) {
				layers = append(layers, layer{entrySet{count: g.count, bitmap: g.bitmap}, g.fields, points})
			} else {
				lists = append(lists, *g)
			}
		}
		if len(lists) > 0 {
			l := layer{newSet(lists, words), lists[0].fields, points}
			layers, size = append(layers, l), size+l.bytes()
		}
		groups = groups[n:]
	}
	return layers, size
}

// pointed is a group, and what a match in it is worth.
type pointed struct {
	posting
	points int
}

var groupPool = sync.Pool{New: func() any { return new([]pointed) }}
