package suggest

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"boussole/data"
	"boussole/index/memory"
	"boussole/index/spelling"
)

// Establishment is what is found by its name.
type Establishment struct {
	ID          data.ID
	FINESS      string   // number, "" without
	Names       []string // what it is called: its name first, long name, operational name
	Category    data.Code
	Commune     string // INSEE code
	Departement string
	City        string     // as written
	Class       data.Class // who may know of it
}

// NameBuilder gathers establishments. The zero NameBuilder is ready.
type NameBuilder struct {
	index NameIndex
	words map[string]int32
	seen  []int32
}

// NameIndex finds establishments by their names. It does not change, and is
// safe for concurrent use. Of 100,000 establishments it takes about 30 MB, and a
// second to build.
type NameIndex struct {
	entries    []nameEntry
	measures   []nameMeasure // of the entries
	tokens     []nameToken   // of the entries, one after the other
	first      []int32       // by entry: its first token; one more ends the last
	words      []string      // sorted once it is built
	sorted     sortedWords   // the same
	weights    []float32     // by word
	initialism []bool        // by word: it is what some name is called by its first letters
	masks      []data.Mask   // by word: the classes that use it
	postings   [][]int32     // by word: entries, ascending
	finess     map[string][]int32
	dense      map[int32][]uint64   // of words that very many names have: these, as a set
	initialed  []uint64             // the names that have a word of one letter, as a set
	lengths    [mostLetters][]shape // words by their length, those that may be misspelt
	heard      []heardWord          // words of five letters and more by their sound
	known      memory.Memory[askedKey, askedWord]
	pool       sync.Pool
}

// heardWord is a word and a hash of how it sounds: that two sound alike by
// chance is as rare as it is harmless.
type heardWord struct {
	sound spelling.Hash
	word  int32
}

func soundOf(word string) spelling.Hash { return spelling.HashOf(sound(word)) }

type nameEntry struct {
	id                         data.ID
	finess, label              string
	category                   data.Code
	commune, departement, city string
}

// nameMeasure is what an entry is weighed by.
type nameMeasure struct {
	weight, prior float32
	rank          int32  // of equals the lowest comes first
	initials      uint32 // letters that are words of it
	class         data.Class
}

// nameToken is a word of an entry.
type nameToken struct {
	word    int32
	origin  origin
	initial byte // the letter that is all of it, 0 of a longer one
}

type origin uint8

const (
	fromName origin = iota
	fromInitials
	fromCategory
	fromCity
)

// Add puts an establishment into the index to be.
func (b *NameBuilder) Add(e Establishment) {
	if b.words == nil {
		b.words, b.index.finess = make(map[string]int32), make(map[string][]int32)
	}
	x := &b.index
	i := int32(len(x.entries))
	x.first = append(x.first, int32(len(x.tokens)))
	entry := nameEntry{id: e.ID, finess: e.FINESS, category: e.Category, commune: e.Commune, departement: e.Departement, city: e.City}
	measure := nameMeasure{class: e.Class, prior: priorOf(e.Category)}
	if len(e.Names) > 0 {
		entry.label = e.Names[0]
	}
	b.seen = b.seen[:0]
	for k, name := range e.Names {
		words := nameWords(name)
		for _, w := range words {
			if b.token(i, w, fromName, e.Class) && k == 0 {
				measure.weight += weightOfName(w)
			}
		}
		for _, short := range initials(name) {
			b.token(i, short, fromInitials, e.Class)
		}
	}
	for _, w := range categoryWords(e.Category) {
		b.token(i, w, fromCategory, e.Class)
	}
	for _, w := range nameWords(e.City) {
		if w[0] < '0' || w[0] > '9' {
			b.token(i, w, fromCity, e.Class)
		}
	}
	x.entries, x.measures = append(x.entries, entry), append(x.measures, measure)
	if e.FINESS != "" {
		x.finess[e.FINESS] = append(x.finess[e.FINESS], i)
	}
}

// token gives an entry a word, once, and reports whether it is new to it.
func (b *NameBuilder) token(entry int32, word string, from origin, class data.Class) bool {
	x := &b.index
	id, ok := b.words[word]
	if !ok {
		id, word = int32(len(x.words)), strings.Clone(word) // not the whole name
		b.words[word] = id
		x.words = append(x.words, word)
		x.masks = append(x.masks, 0)
		x.postings = append(x.postings, nil)
	}
	if slices.Contains(b.seen, id) {
		return false
	}
	b.seen = append(b.seen, id)
	x.masks[id] |= 1 << class
	x.postings[id] = append(x.postings[id], entry)
	x.tokens = append(x.tokens, nameToken{word: id, origin: from})
	return true
}

// Index returns what was gathered. The builder must not be used again.
func (b *NameBuilder) Index() *NameIndex {
	x := &b.index
	x.inOrder()
	order := make([]int32, len(x.words))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, c int32) int { return strings.Compare(x.words[a], x.words[c]) })
	to := make([]int32, len(order))
	words, masks, postings := make([]string, len(order)), make([]data.Mask, len(order)), make([][]int32, len(order))
	x.weights = make([]float32, len(order))
	for i, old := range order {
		to[old] = int32(i)
		w := x.words[old]
		words[i], masks[i], postings[i] = w, x.masks[old], slices.Clip(x.postings[old])
		x.weights[i] = weightOfName(w)
		if n := len(w); n >= 4 && n < mostLetters {
			x.lengths[n] = append(x.lengths[n], shape{letters(w), int32(i)})
		}
		if len(w) >= 5 && (w[0] < '0' || w[0] > '9') {
			x.heard = append(x.heard, heardWord{soundOf(w), int32(i)})
		}
	}
	slices.SortFunc(x.heard, func(a, b heardWord) int { return cmp.Or(cmp.Compare(a.sound, b.sound), cmp.Compare(a.word, b.word)) })
	x.words, x.masks, x.postings = words, masks, postings
	x.sorted = newSortedWords(words)
	x.makeDense()
	x.initialism = make([]bool, len(order))
	x.initialed = make([]uint64, len(x.entries)/64+1)
	for i := range x.entries {
		tokens := x.tokensOf(int32(i))
		for k := range tokens {
			t := &tokens[k]
			t.word = to[t.word]
			x.initialism[t.word] = x.initialism[t.word] || t.origin == fromInitials
			if w := x.words[t.word]; len(w) == 1 {
				t.initial = w[0]
				x.measures[i].initials |= letters(w)
				x.initialed[i/64] |= 1 << (i % 64)
			}
		}
	}
	x.pool.New = func() any {
		return &nameScratch{marks: newMarks(len(x.entries)), rounds: make([]uint32, len(x.entries)), asked: make([]uint32, len(x.words))}
	}
	b.words = nil
	return x
}

// inOrder numbers the entries in the order in which they complete what is typed:
// the shortest first, of equals the lowest number.
func (x *NameIndex) inOrder() {
	order := make([]int32, len(x.entries))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		e, f := &x.entries[a], &x.entries[b]
		return cmp.Or(cmp.Compare(len(e.label), len(f.label)), strings.Compare(e.finess, f.finess), cmp.Compare(e.id, f.id))
	})
	x.first = append(x.first, int32(len(x.tokens)))
	entries, measures := make([]nameEntry, len(order)), make([]nameMeasure, len(order))
	first, to := make([]int32, 0, len(x.first)), make([]int32, len(order))
	tokens := make([]nameToken, 0, len(x.tokens))
	for i, old := range order {
		entries[i], measures[i], to[old] = x.entries[old], x.measures[old], int32(i)
		first = append(first, int32(len(tokens)))
		tokens = append(tokens, x.tokensOf(old)...)
	}
	renumber := func(list []int32) {
		for i := range list {
			list[i] = to[list[i]]
		}
		slices.Sort(list)
	}
	for _, list := range x.postings {
		renumber(list)
	}
	for _, list := range x.finess {
		renumber(list)
	}
	x.entries, x.measures, x.tokens, x.first = entries, measures, tokens, append(first, int32(len(tokens)))
	x.rank(order)
}

// rank orders the entries for those that are equally well said, in a list of as
// many numbers as there are.
func (x *NameIndex) rank(order []int32) {
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		e, f := &x.entries[a], &x.entries[b]
		return cmp.Or(strings.Compare(e.finess, f.finess), cmp.Compare(e.id, f.id))
	})
	for rank, i := range order {
		x.measures[i].rank = int32(rank)
	}
}

// tokensOf are the words of an entry.
func (x *NameIndex) tokensOf(entry int32) []nameToken {
	return x.tokens[x.first[entry]:x.first[entry+1]]
}

// Len returns how many establishments there are.
func (x *NameIndex) Len() int { return len(x.entries) }

// EstablishmentOf returns what an offer that stands for an establishment is
// found by, and false for one without a name. It is of the class of the offer:
// nobody finds by its name what they may not know of.
func EstablishmentOf(o *data.Offer) (Establishment, bool) {
	e := Establishment{ID: o.ID, Names: []string{o.Name}, Category: o.Category, Class: o.Class()}
	if i := slices.IndexFunc(o.Identifiers, func(i data.Identifier) bool { return i.System == data.SystemFINESS }); i >= 0 {
		e.FINESS = o.Identifiers[i].Value
	}
	if site, ok := o.Site(); ok {
		for _, name := range []string{site.Name, site.Complement, site.Alias} {
			if name != "" && !slices.Contains(e.Names, name) {
				e.Names = append(e.Names, name)
			}
		}
		if e.Category == "" {
			e.Category = site.Category
		}
	}
	if len(o.Places) > 0 {
		a := o.Places[0].Address
		e.Commune, e.Departement, e.City = a.Commune, a.In(), a.City
	}
	return e, o.Name != ""
}
