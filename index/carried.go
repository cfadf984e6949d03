package index

import (
	"cmp"
	"slices"
	"sync"

	"boussole/data"
	"boussole/index/text"
)

// carried remembers which entries carry what was asked for, for the eyes of whom:
// words and terms are remembered with the mask, so that nobody is answered with
// what another may see. It is of one generation. The zero carried is empty and
// ready.
type carried struct {
	words memory[wordKey, wordSet]
	terms memory[termKey, wordSet]
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
// A common term takes an eighth of one, and what it is misspelt as nothing beside
// that; a word that means several common terms takes an eighth again.
const (
	bytesOfWords = 6
	bytesOfTerms = 12
)

// wordSet is what a word means: the entries that carry it, and the layers of
// them.
type wordSet struct {
	entrySet
	layers []layer
	size   int // in bytes, but for what is shared
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
	set, ok := g.carried.words.get(key)
	if !ok {
		set = g.expand(w, mask)
		g.carried.words.put(key, set, set.size, bytesOfWords*len(g.kinds))
	}
	return set
}

// expand gathers what the terms mean that a word matches: of common terms what is
// remembered of them, of the others one layer for all that is worth the same.
func (g *Generation) expand(w *text.Word, mask data.Mask) wordSet {
	var layers []layer
	var parts []entrySet
	buffer := groupPool.Get().(*[]pointed)
	defer groupPool.Put(buffer)
	rare := (*buffer)[:0]
	for _, m := range g.vocabulary.Expand(*w, mask) {
		start := len(rare)
		rare = g.appendGroups(rare, m, mask)
		if isList(countAll(rare[start:]), g.postings.words) {
			continue
		}
		rare = rare[:start]
		common := g.common(m.Term, mask)
		parts = append(parts, common.entrySet)
		for _, l := range common.layers {
			layers = append(layers, layer{l.entrySet, l.fields, text.Points(m.Tier, l.fields)})
		}
	}
	those, size := newLayers(rare, g.postings.words)
	*buffer = rare
	for i := range those {
		parts = append(parts, those[i].entrySet)
	}
	layers = append(layers, those...)
	slices.SortStableFunc(layers, func(a, b layer) int { return cmp.Compare(b.points, a.points) })
	all, more := union(parts, g.postings.words)
	return wordSet{all, layers, size + more}
}

// common returns what a common term means, as if it were the word itself.
func (g *Generation) common(term uint32, mask data.Mask) wordSet {
	key := termKey{term, mask}
	set, ok := g.carried.terms.get(key)
	if !ok {
		groups := g.appendGroups(nil, text.Match{Term: term, Tier: text.Exact}, mask)
		layers, size := newLayers(groups, g.postings.words)
		parts := make([]entrySet, len(layers))
		for i := range layers {
			parts[i] = layers[i].entrySet
		}
		all, more := union(parts, g.postings.words)
		set = wordSet{all, layers, size + more}
		g.carried.terms.put(key, set, set.size, bytesOfTerms*len(g.kinds))
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

// memory remembers values, up to a bound. When the younger half is full the older
// one goes. The zero memory is empty and ready, and safe for concurrent use.
type memory[K comparable, V any] struct {
	mu         sync.Mutex
	young, old map[K]remembered[V]
	size       int // of the younger half, in bytes
}

type remembered[V any] struct {
	value V
	size  int
}

// perRemembered is what a value takes in the map, in bytes, and leastRemembered
// how much is remembered of a small generation.
const (
	perRemembered   = 256
	leastRemembered = 1 << 20
)

func (m *memory[K, V]) get(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.young[key]
	if ok {
		return r.value, true
	}
	if r, ok = m.old[key]; ok {
		m.keep(key, r)
	}
	return r.value, ok
}

// put remembers a value of so many bytes; most is the bound.
func (m *memory[K, V]) put(key K, value V, size, most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || m.size >= max(most, leastRemembered)/2 {
		m.young, m.old, m.size = make(map[K]remembered[V]), m.young, 0
	}
	m.keep(key, remembered[V]{value, size + perRemembered})
}

func (m *memory[K, V]) keep(key K, r remembered[V]) {
	if m.young == nil {
		return
	}
	m.young[key] = r
	m.size += r.size
}
