package main

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"

	"boussole/data"
	"boussole/data/lexicon"
	"boussole/geo/gazetteer"
	"boussole/index/suggest"
)

// Suggestions: what the engine takes a few letters for is a matter of a lexicon
// and of taste, so that no peer's answer can be equal to it. The peers hold the
// same things to suggest, and are asked as somebody would who has no lexicon:
// every typed word is a word of the thing, the last the beginning of one; the
// first ten in the order of things. Where nothing has them, they look for what is
// alike. The peers' answers to the first must be equal to those of a loop; how
// often each suggests what was meant is told of all.

// thing is something to suggest.
type thing struct {
	key   data.ID // what it is, as answers say it
	kind  int
	words []string // folded

	city    int    // of an establishment: which word its city begins with
	commune string // INSEE code; of a concept none
}

// Kinds of things, in the order in which they are suggested.
const (
	conceptThing = iota
	communeThing
	establishmentThing
)

func conceptKey(label string) data.ID { return data.ID("concept|" + label) }
func communeKey(insee string) data.ID { return data.ID("commune|" + insee) }
func establishmentKey(name, city string) data.ID {
	return data.ID("establishment|" + name + "|" + city)
}

// establishment takes an offer that is one, and that the public may know of.
func (t *table) establishment(o *data.Offer) {
	if o.Category == "" || o.Sensitive || len(o.Places) == 0 {
		return
	}
	in := &o.Places[0].Address
	name := suggest.Fold(nil, o.Name)
	t.things = append(t.things, thing{
		key: establishmentKey(o.Name, in.City), kind: establishmentThing,
		words: suggest.Fold(name, in.City), city: len(name), commune: in.Commune,
	})
}

// orderThings adds what is the same in every country, and puts all in their order:
// by kind, then the shortest.
func (t *table) orderThings() {
	for _, c := range lexicon.Embedded().Concepts {
		t.things = append(t.things, thing{key: conceptKey(c.Label), kind: conceptThing, words: suggest.Fold(nil, c.Label)})
	}
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Arrondissement == 0 {
			t.things = append(t.things, thing{
				key: communeKey(c.Code), kind: communeThing, words: suggest.Fold(nil, c.Name), commune: c.Code,
			})
		}
		return true
	})
	slices.SortFunc(t.things, func(a, b thing) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(len(a.text()), len(b.text())),
			cmp.Compare(a.text(), b.text()), cmp.Compare(a.key, b.key))
	})
	t.communes = make(map[string]int)
	for i, c := range t.ofKind(communeThing) {
		t.communes[c.commune] = i
	}
}

func (t *thing) text() string { return strings.Join(t.words, " ") }

// ofKind are those of one kind.
func (t *table) ofKind(kind int) []thing {
	from := sort.Search(len(t.things), func(i int) bool { return t.things[i].kind >= kind })
	to := sort.Search(len(t.things), func(i int) bool { return t.things[i].kind > kind })
	return t.things[from:to]
}

// misspelt is one typed question in so many.
const misspelt = 10

// looked is what somebody looks for: half of it needs, activities and the like, a
// third establishments, the rest communes in which there are some.
func (v *inventor) looked() *thing {
	t := v.t
	concepts, communes, establishments := t.ofKind(conceptThing), t.ofKind(communeThing), t.ofKind(establishmentThing)
	switch n := v.IntN(6); {
	case n < 3 || len(establishments) == 0:
		return &concepts[v.IntN(len(concepts))]
	case n < 5:
		return &establishments[v.IntN(len(establishments))]
	}
	if i, ok := t.communes[establishments[v.IntN(len(establishments))].commune]; ok {
		return &communes[i]
	}
	return &communes[v.IntN(len(communes))]
}

// typed is what is typed then: the first words or, of an establishment, one of its
// name and one of where it is; the last is four letters long at least, and mostly
// not finished.
func (v *inventor) typed(t *thing) string {
	words := slices.Clone(t.words[:1+v.IntN(min(3, len(t.words)))])
	if t.kind == establishmentThing {
		words = []string{v.long(t.words[:t.city]), v.long(t.words[t.city:])}
	}
	for n := len(words); n < len(t.words) && len(words[n-1]) < 4; n++ {
		words = append(words, t.words[n])
	}
	if v.IntN(misspelt) == 0 {
		v.misspell(words)
	}
	last := &words[len(words)-1]
	if n := len(*last); n > 4 {
		*last = (*last)[:4+v.IntN(n-3)]
	}
	return strings.Join(words, " ")
}

// long is any of the words that say something, the first where none does.
func (v *inventor) long(words []string) string {
	var some []string
	for _, w := range words {
		if len(w) >= 4 && w != "exemple" {
			some = append(some, w)
		}
	}
	if len(some) == 0 {
		return words[0]
	}
	return some[v.IntN(len(some))]
}

// misspell exchanges two neighbouring letters of the longest word.
func (v *inventor) misspell(words []string) {
	long := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	if len(long) < 5 {
		return
	}
	letters := []byte(long)
	i := 1 + v.IntN(len(letters)-3)
	letters[i], letters[i+1] = letters[i+1], letters[i]
	words[slices.Index(words, long)] = string(letters)
}

// typedWords are the words of a question, and how the last begins.
func (q *question) typedWords() (whole []string, begun string) {
	words := strings.Fields(q.typed)
	return words[:len(words)-1], words[len(words)-1]
}

// keysOf are the keys of things, by number.
func (t *table) keysOf(numbers []int32) []data.ID {
	var keys []data.ID
	for _, n := range numbers {
		keys = append(keys, t.things[n].key)
	}
	return keys
}

// loop answers from lists of the things that have a word: what the peers' answers
// are held against. It finds nothing where something is misspelt.
type loop struct {
	t     *table
	words []string
	lists map[string][]int32
}

func newLoop(t *table) *loop {
	l := &loop{t: t, lists: make(map[string][]int32)}
	for i := range t.things {
		for _, w := range t.things[i].words {
			l.lists[w] = append(l.lists[w], int32(i))
		}
	}
	for w, list := range l.lists {
		l.words, l.lists[w] = append(l.words, w), slices.Compact(list)
	}
	slices.Sort(l.words)
	return l
}

func (l *loop) ask(_ context.Context, q *question) (answer, error) {
	whole, begun := q.typedWords()
	var found []int32
	for i := sort.SearchStrings(l.words, begun); i < len(l.words) && strings.HasPrefix(l.words[i], begun); i++ {
		found = append(found, l.lists[l.words[i]]...)
	}
	slices.Sort(found)
	found = slices.Compact(found)
	for _, w := range whole {
		found = intersect(found, l.lists[w])
	}
	return answer{ids: l.t.keysOf(found[:min(wanted, len(found))])}, nil
}
