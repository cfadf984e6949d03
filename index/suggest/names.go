package suggest

import (
	"cmp"
	_ "embed"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"boussole/data"
)

//go:generate go run gen.go ../../../shared/data/vocab/finess_2021_name_tokens.csv

//go:embed common.txt
var commonFile string

// commonWeights are what words of each level of common.txt weigh; others weigh 1.
var commonWeights = [...]float32{0.15, 0.3, 0.55, 0.8}

// rare is from which weight on a word says which establishment is meant.
const rare = 0.5

// common holds how much words of names say: a fixed list of the language of
// names, never counts of what is indexed, so that a hidden name changes no order.
var common = sync.OnceValue(func() map[string]float32 {
	weights := make(map[string]float32)
	for line := range strings.Lines(commonFile) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		for _, w := range fields[1:] {
			weights[nameWord(w)] = commonWeights[fields[0][0]-'0']
		}
	}
	for _, w := range []string{"hopital", "clinique", "centre", "maison", "cmp", "chu", "aphp", "hcl", "hia", "aphm", "ehpad", "pharmacie", "laboratoire", "foyer", "residence", "service", "unite", "europeen"} {
		weights[w] = 0.15
	}
	return weights
})

// same are words of names that are written short, or mean the same there.
var same = map[string]string{
	"st": "saint", "ste": "sainte", "hop": "hopital", "ch": "hopital", "hosp": "hopital", "hopitaux": "hopital", "hospitalier": "hopital",
	"chr": "chu", "chru": "chu", "clin": "clinique", "polyclinique": "clinique", "polycl": "clinique", "ctre": "centre", "ctr": "centre", "pharm": "pharmacie", "phie": "pharmacie",
	"res": "residence", "resid": "residence", "labo": "laboratoire", "lbm": "laboratoire", "sce": "service", "serv": "service", "mais": "maison",
	"gd": "grand", "gde": "grande", "dr": "docteur", "pr": "professeur", "prof": "professeur", "gal": "general", "mutual": "mutualiste",
	"hj": "hdj", "hegp": "pompidou", "hu": "hopital", "cl": "clinique", "gh": "hopital", "ghu": "hopital", "chi": "hopital", "chs": "hopital", "chd": "hopital", "nd": "dame",
	"psychiatrique": "psy", "psychiatrie": "psy", "enfants": "enfant", "adultes": "adulte",
	"epsm": "hopital", "ght": "hopital", "hosto": "hopital", "espic": "hopital",
	"bd": "boulevard", "av": "avenue", "mme": "madame", "n": "notre",
}

// small words are left out of names.
var small = map[string]bool{
	"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "l": true, "d": true, "et": true, "a": true, "au": true, "aux": true,
	"en": true, "sur": true, "s": true, "pour": true, "un": true, "une": true, "site": true, "je": true, "cherche": true, "c": true, "est": true, "ou": true, "mon": true, "dans": true, "cedex": true, "vers": true, "chez": true, "pres": true,
}

func nameWord(w string) string {
	if long, ok := same[w]; ok {
		return long
	}
	if len(w) > 4 && w[len(w)-1] == 's' && w[len(w)-2] != 's' {
		w = w[:len(w)-1]
	}
	return w
}

// nameWords appends the words of a name as they are compared.
func nameWords(words []string, text string) []string {
	raw := Fold(nil, text)
	for i := 0; i < len(raw); i++ {
		w := raw[i]
		if w == "ap" && i+1 < len(raw) && (raw[i+1] == "hp" || raw[i+1] == "hm") {
			i++
			w += raw[i]
		}
		if w == "assistance" && i+1 < len(raw) && raw[i+1] == "publique" {
			i++
			w = "aphp"
		}
		if small[w] {
			continue
		}
		words = append(words, nameWord(w))
	}
	return words
}

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
// safe for concurrent use. Of 100,000 establishments it takes about 25 MB.
type NameIndex struct {
	entries  []nameEntry
	tokens   []nameToken // of the entries, one after the other
	words    []string    // sorted once it is built
	weights  []float32   // by word
	letters  []uint32    // by word
	masks    []data.Mask // by word: the classes that use it
	postings [][]int32   // by word: entries, ascending
	finess   map[string][]int32
	lengths  [40][]int32 // words by their length
	pool     sync.Pool
}

type nameEntry struct {
	id                         data.ID
	finess, label              string
	category                   data.Code
	commune, departement, city string
	class                      data.Class
	from, to                   int32 // of the tokens
	weight                     float32
	prior                      float32
}

// nameToken is a word of an entry.
type nameToken struct {
	word   int32
	origin origin
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
	entry := nameEntry{
		id: e.ID, finess: e.FINESS, category: e.Category, commune: e.Commune, departement: e.Departement,
		city: e.City, class: e.Class, from: int32(len(x.tokens)), prior: priorOf(e.Category),
	}
	if len(e.Names) > 0 {
		entry.label = e.Names[0]
	}
	b.seen = b.seen[:0]
	for k, name := range e.Names {
		words := nameWords(nil, name)
		for _, w := range words {
			if b.token(i, w, fromName, e.Class) && k == 0 {
				entry.weight += weightOfName(w)
			}
		}
		for _, short := range initials(name) {
			b.token(i, short, fromInitials, e.Class)
		}
	}
	for _, w := range categoryWords(e.Category) {
		b.token(i, w, fromCategory, e.Class)
	}
	for _, w := range nameWords(nil, e.City) {
		if w[0] < '0' || w[0] > '9' {
			b.token(i, w, fromCity, e.Class)
		}
	}
	entry.to = int32(len(x.tokens))
	x.entries = append(x.entries, entry)
	if e.FINESS != "" {
		x.finess[e.FINESS] = append(x.finess[e.FINESS], i)
	}
}

// token gives an entry a word, once, and reports whether it is new to it.
func (b *NameBuilder) token(entry int32, word string, from origin, class data.Class) bool {
	x := &b.index
	id, ok := b.words[word]
	if !ok {
		id = int32(len(x.words))
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
	x.tokens = append(x.tokens, nameToken{id, from})
	return true
}

// Index returns what was gathered. The builder must not be used again.
func (b *NameBuilder) Index() *NameIndex {
	x := &b.index
	order := make([]int32, len(x.words))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, c int32) int { return strings.Compare(x.words[a], x.words[c]) })
	to := make([]int32, len(order))
	words, masks, postings := make([]string, len(order)), make([]data.Mask, len(order)), make([][]int32, len(order))
	x.weights, x.letters = make([]float32, len(order)), make([]uint32, len(order))
	for i, old := range order {
		to[old] = int32(i)
		w := x.words[old]
		words[i], masks[i], postings[i] = w, x.masks[old], slices.Clip(x.postings[old])
		x.weights[i], x.letters[i] = weightOfName(w), letters(w)
		if len(w) >= 4 {
			n := min(len(w), len(x.lengths)-1)
			x.lengths[n] = append(x.lengths[n], int32(i))
		}
	}
	x.words, x.masks, x.postings = words, masks, postings
	for i := range x.tokens {
		x.tokens[i].word = to[x.tokens[i].word]
	}
	x.tokens, x.entries = slices.Clip(x.tokens), slices.Clip(x.entries)
	x.pool.New = func() any { return &nameScratch{rounds: make([]uint32, len(x.entries))} }
	b.words = nil
	return x
}

// Len returns how many establishments there are.
func (x *NameIndex) Len() int { return len(x.entries) }

func weightOfName(w string) float32 {
	if weight, ok := common()[w]; ok {
		return weight
	}
	if w[0] >= '0' && w[0] <= '9' {
		return 0.3
	}
	return 1
}

// headWords begin the names that people know by their first letters.
var headWords = map[string]bool{"hopital": true, "institut": true, "centre": true, "clinique": true, "maison": true, "groupe": true}

// initials returns what a name of four words or more is called by its first
// letters: "Hôpital Femme Mère Enfant" is HFME.
func initials(name string) []string {
	var letters []byte
	var found []string
	name, _, _ = strings.Cut(name, " - ")
	for i, w := range Fold(nil, name) {
		if i == 0 && !headWords[nameWord(w)] {
			return nil
		}
		if small[w] {
			continue
		}
		letters = append(letters, w[0])
		if len(letters) >= 4 && len(letters) <= 5 {
			found = append(found, string(letters))
		}
	}
	return found
}

// priorOf says how likely people call an establishment by its name alone:
// hospitals are, the rest is asked for with the word of what it is.
func priorOf(category data.Code) float32 {
	switch category.Value() {
	case "101", "114", "131":
		return 1
	case "355", "106", "292", "365", "128", "129", "122", "115":
		return 0.97
	case "620", "611", "460", "259", "256", "300", "132", "698", "695", "696":
		return 0.75
	}
	return 0.85
}

// categoryWords are words for what an establishment is that its name may lack.
func categoryWords(category data.Code) []string {
	switch category.Value() {
	case "101":
		return []string{"hopital", "chu"}
	case "355", "106", "114", "292":
		return []string{"hopital"}
	case "131":
		return []string{"cancer", "clcc", "centre"}
	case "365", "128", "129", "122":
		return []string{"clinique", "hopital"}
	case "500":
		return []string{"ehpad", "maison", "retraite", "residence"}
	case "620":
		return []string{"pharmacie"}
	case "156":
		return []string{"cmp"}
	case "611":
		return []string{"laboratoire"}
	case "603":
		return []string{"maison", "sante"}
	case "124":
		return []string{"centre", "sante"}
	case "202":
		return []string{"residence", "foyer"}
	case "141", "146":
		return []string{"dialyse", "centre"}
	case "183":
		return []string{"ime"}
	case "354":
		return []string{"ssiad"}
	case "246":
		return []string{"esat"}
	}
	return nil
}

// nameScratch is what one question needs.
type nameScratch struct {
	rounds []uint32
	round  uint32
	words  []askedWord
	best   []nameHit
}

// askedWord is a word of a question and the words of names that it may be.
type askedWord struct {
	weight  float32
	first   byte
	letters int
	exact   bool
	matches []nameMatch // ascending by word
}

// quality returns how well the word asked is that one, 0 for not at all.
func (a *askedWord) quality(word int32) float32 {
	i, ok := slices.BinarySearchFunc(a.matches, word, func(m nameMatch, w int32) int { return cmp.Compare(m.word, w) })
	if !ok {
		return 0
	}
	return a.matches[i].quality
}

type nameMatch struct {
	word    int32
	quality float32
}

type nameHit struct {
	entry int32
	score float32
}

// FINESS returns the establishments with a number that the mask sees; zeros lost
// in front are put back.
func (x *NameIndex) FINESS(number string, mask data.Mask) []Result {
	number = strings.ToUpper(strings.ReplaceAll(number, " ", ""))
	if len(number) == 8 {
		number = "0" + number
	}
	var found []Result
	for _, i := range x.finess[number] {
		if e := &x.entries[i]; mask.Sees(e.class) {
			found = append(found, x.result(nameHit{i, 1}))
		}
	}
	return found
}

// Find returns at most limit establishments that the mask sees and a text may
// name, the best first; of equals the lowest number. It costs tens of
// microseconds among 100,000 when the words are spelt as in the names.
func (x *NameIndex) Find(text string, mask data.Mask, limit int) []Result {
	if number := strings.ReplaceAll(strings.TrimSpace(text), " ", ""); len(number) == 9 || len(number) == 8 {
		if found := x.FINESS(number, mask); found != nil {
			return found[:min(limit, len(found))]
		}
	}
	asked := nameWords(nil, text)
	if len(asked) == 0 || len(asked) > 12 || limit <= 0 {
		return nil
	}
	s := x.pool.Get().(*nameScratch)
	defer x.pool.Put(s)
	s.round++
	s.words, s.best = s.words[:0], s.best[:0]
	var total float32
	for i, w := range asked {
		if slices.Contains(asked[:i], w) {
			continue
		}
		a := x.ask(w, mask, i == len(asked)-1)
		total += a.weight
		s.words = append(s.words, a)
	}
	least := float32(rare) // words that are this rare lead to the establishments
	if most := slices.MaxFunc(s.words, func(a, b askedWord) int { return cmp.Compare(a.weight, b.weight) }).weight; most < rare {
		least = max(most, commonWeights[1])
	}
	for i := range s.words {
		x.gather(s, &s.words[i], mask, least, total, limit)
	}
	results := make([]Result, 0, len(s.best))
	for _, h := range s.best {
		results = append(results, x.result(h))
	}
	return results
}

// ask finds what a word may be among the words that the mask sees in use.
func (x *NameIndex) ask(word string, mask data.Mask, last bool) askedWord {
	a := askedWord{weight: weightOfName(word), first: word[0], letters: len(word)}
	first, ok := slices.BinarySearch(x.words, word)
	if ok && x.masks[first]&mask != 0 {
		a.exact = true
		a.matches = append(a.matches, nameMatch{int32(first), 1})
	}
	if last && len(word) >= 3 && (!a.exact || len(word) >= 4) || len(word) >= 5 && !a.exact {
		for i := first; i < len(x.words) && strings.HasPrefix(x.words[i], word) && len(a.matches) < 200; i++ {
			if x.words[i] != word && x.masks[i]&mask != 0 {
				a.matches = append(a.matches, nameMatch{int32(i), 0.6 + 0.35*float32(len(word))/float32(len(x.words[i]))})
			}
		}
	}
	if !a.exact && len(word) >= 4 {
		a.matches = x.misspelt(a.matches, word, mask)
	}
	slices.SortFunc(a.matches, func(m, n nameMatch) int {
		return cmp.Or(cmp.Compare(m.word, n.word), cmp.Compare(n.quality, m.quality))
	})
	a.matches = slices.CompactFunc(a.matches, func(m, n nameMatch) bool { return m.word == n.word })
	return a
}

// misspelt adds the words that a word is one letter away from, two from eight.
func (x *NameIndex) misspelt(found []nameMatch, word string, mask data.Mask) []nameMatch {
	allowed := 1
	if len(word) >= 8 {
		allowed = 2
	}
	m := letters(word)
	for n := max(4, len(word)-allowed); n <= min(len(word)+allowed, len(x.lengths)-1); n++ {
		for _, i := range x.lengths[n] {
			if bits.OnesCount32(x.letters[i]^m) > 2*allowed || x.masks[i]&mask == 0 {
				continue
			}
			if d := distance(word, x.words[i], allowed); d <= allowed && d > 0 {
				q := 0.92 - 0.1*float32(d)
				if word[0] != x.words[i][0] {
					q -= 0.1
				}
				found = append(found, nameMatch{i, q})
			}
		}
	}
	return found
}

// gather scores the entries that have a word which says which one is meant.
func (x *NameIndex) gather(s *nameScratch, a *askedWord, mask data.Mask, least, total float32, limit int) {
	if a.weight < least {
		return
	}
	for _, m := range a.matches {
		if x.weights[m.word] < least {
			continue
		}
		for _, i := range x.postings[m.word] {
			if s.rounds[i] == s.round {
				continue
			}
			s.rounds[i] = s.round
			if !mask.Sees(x.entries[i].class) {
				continue
			}
			if score := x.score(s, i, total); score > 0 {
				s.best = x.keep(s.best, nameHit{i, score}, limit)
			}
		}
	}
}

// score weighs an entry by the question and its own text alone.
func (x *NameIndex) score(s *nameScratch, i int32, total float32) float32 {
	e := &x.entries[i]
	var said, own, telling, together float32
	for k := range s.words {
		a := &s.words[k]
		quality, token := float32(0), nameToken{}
		for _, t := range x.tokens[e.from:e.to] {
			if q := a.quality(t.word); q > quality {
				quality, token = q, t
			}
			if w := x.words[t.word]; quality == 0 && len(w) == 1 && w[0] == a.first { // "R. Salengro"
				quality, token = 0.7, t
			}
		}
		said += a.weight * quality
		switch {
		case quality == 0:
		case token.origin == fromName:
			own += x.weights[token.word]
			telling = max(telling, min(a.weight, x.weights[token.word])*quality)
			if a.weight > commonWeights[0] {
				together += min(a.weight, x.weights[token.word]) * quality
			}
		case token.origin == fromInitials:
			own += e.weight * 0.7
			telling = max(telling, 0.9*quality)
		}
	}
	if len(s.words) == 1 && !s.words[0].enough(telling, e.prior) {
		return 0
	}
	if telling < rare*0.8 && together < 2*commonWeights[1] || said < 0.6*total {
		return 0
	}
	share := said / total
	if share > 0.999 && own > 0.999*e.weight {
		return 0.9 + 0.1*e.prior // the whole name, to the letter
	}
	return share * share * (0.8 + 0.2*min(1, own/max(e.weight, 0.3))) * e.prior
}

// enough reports whether one word that is all that is asked names an
// establishment: spelt as in the name, or long; and rare, or of a hospital.
func (a *askedWord) enough(telling, prior float32) bool {
	if telling < 0.95*a.weight && a.letters < 6 {
		return false
	}
	return a.weight == 1 || prior >= 0.97
}

// keep holds the best hits in order.
func (x *NameIndex) keep(best []nameHit, h nameHit, limit int) []nameHit {
	at, _ := slices.BinarySearchFunc(best, h, func(a, b nameHit) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		e, f := &x.entries[a.entry], &x.entries[b.entry]
		return cmp.Or(strings.Compare(e.finess, f.finess), cmp.Compare(e.id, f.id))
	})
	if at >= limit {
		return best
	}
	if len(best) == limit {
		best = best[:limit-1]
	}
	return slices.Insert(best, at, h)
}

func (x *NameIndex) result(h nameHit) Result {
	e := &x.entries[h.entry]
	r := Result{
		Type: "establishment", Label: e.label, ID: e.id, FINESS: e.finess,
		Place:      Place{Name: e.city, Commune: e.commune, Departement: e.departement},
		Confidence: rounded(min(0.97, h.score)),
	}
	if e.category != "" {
		r.Codes = []data.Code{e.category}
	}
	return r
}

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
