package text

import (
	"strings"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// Fields is a set of the fields in which a term stands, a bit for each
// [data.TextField].
type Fields uint16

// FieldSet returns the set of one field.
func FieldSet(f data.TextField) Fields { return 1 << f }

// Occurrence says that an entry carries a term for the eyes of one class, and in
// which fields. For each term and class there is one at most.
type Occurrence struct {
	Term   uint32 // see [Reader.Term]
	Class  data.Class
	Fields Fields
}

// maxChunks bounds what a Reader remembers of texts; beyond it forgets all, and
// only time is lost.
const maxChunks = 1 << 18

// Reader makes terms of the texts of offers. It numbers the terms as it meets
// them and holds each of them once, with some megabytes of texts analysed
// before. It is for one goroutine; several may read parts of a source, and their
// terms be brought together by their text.
type Reader struct {
	labels func(data.Code) string

	terms   []string
	numbers map[string]uint32

	chunks   map[string]chunkTerms
	codes    map[string]chunkTerms // of the label of a code
	communes map[string]chunkTerms // of the name of a commune

	// Of the entry that is read: its occurrences, and of each the next one of the
	// same term, 0 for none, since the first of all follows nothing. Of each term
	// its first occurrence, if the round in which it was met is this one.
	found []Occurrence
	next  []uint32
	first []uint32
	round []uint32
	now   uint32
}

// chunkTerms is a [chunk] with its terms by number.
type chunkTerms struct {
	terms, stops []uint32
}

// NewReader returns a reader that knows what codes mean; nil knows none.
func NewReader(labels func(data.Code) string) *Reader {
	if labels == nil {
		labels = func(data.Code) string { return "" }
	}
	return &Reader{
		labels: labels, numbers: make(map[string]uint32),
		chunks: make(map[string]chunkTerms), codes: make(map[string]chunkTerms), communes: make(map[string]chunkTerms),
	}
}

// Len returns how many distinct terms were met.
func (r *Reader) Len() int { return len(r.terms) }

// Terms returns the texts of all of them, by number; not to be changed. Some may
// be in no entry: words that say nothing.
func (r *Reader) Terms() []string { return r.terms }

// Term returns the text of a term.
func (r *Reader) Term(number uint32) string { return r.terms[number] }

// Entry returns what an offer is found by at one of its places, by its index, or
// at none, by an index that is out of range. The result is valid until the next
// call. It costs some ten microseconds, and no garbage once the words are known.
func (r *Reader) Entry(o *data.Offer, place int) []Occurrence {
	r.now++
	r.found, r.next = r.found[:0], r.next[:0]
	o.EachText(r.text)
	if place >= 0 && place < len(o.Places) {
		o.EachTextOfPlace(&o.Places[place], r.text)
	}
	return r.found
}

// text takes one text of the entry.
func (r *Reader) text(field data.TextField, text string, class data.Class) {
	switch field {
	case data.TextPhone:
		if term := r.phone(text); term != "" {
			r.add(r.number(term), field, class)
		}
	case data.TextNumber:
		if plainNumber(text) {
			r.add(r.number(strings.ToLower(text)), field, class)
			return
		}
		r.words(field, text, class)
	case data.TextCode:
		r.add(r.number(cut(CodeTerm(data.Code(text)), maxBytes)), field, class)
		r.addAll(r.code(text), field, class)
	case data.TextCategory:
		if strings.Contains(text, "|") {
			r.addAll(r.code(text), field, class)
			return
		}
		r.words(field, text, class)
	case data.TextCommune:
		r.add(r.number(cutLetters(strings.ToLower(text), MaxLetters)), field, class)
		r.addAll(r.commune(text), field, class)
	default:
		r.words(field, text, class)
	}
}

// phone knows the form of almost every number of the model without parsing it.
func (r *Reader) phone(text string) string {
	if rest, ok := strings.CutPrefix(text, "+33"); ok && len(rest) == 9 && allDigits(rest) && rest[0] != '0' {
		return "0" + rest
	}
	return PhoneTerm(text)
}

// plainNumber reports whether a text is one term as it is, in lower case. Numbers
// are not remembered as other texts are: few come again.
func plainNumber(text string) bool { return isPlain(text) && hasDigit(text) && len(text) <= MaxLetters }

// words takes the words of a text; those that say nothing only if there are no
// others.
func (r *Reader) words(field data.TextField, text string, class data.Class) {
	some := false
	for word := range strings.FieldsSeq(text) {
		c := r.chunk(word)
		some = some || len(c.terms) > 0
		for _, t := range c.terms {
			r.add(t, field, class)
		}
	}
	if some {
		return
	}
	for word := range strings.FieldsSeq(text) {
		for _, t := range r.chunk(word).stops {
			r.add(t, field, class)
		}
	}
}

func (r *Reader) chunk(word string) chunkTerms {
	c, ok := r.chunks[word]
	if ok {
		return c
	}
	if len(r.chunks) >= maxChunks {
		clear(r.chunks)
	}
	c = r.numbered(newChunk(word))
	r.chunks[strings.Clone(word)] = c // the text around it may go
	return c
}

func (r *Reader) numbered(c chunk) chunkTerms {
	var n chunkTerms
	for _, t := range c.terms {
		n.terms = append(n.terms, r.number(t))
	}
	if c.joined != "" {
		n.terms = append(n.terms, r.number(c.joined))
	}
	for _, t := range c.stops {
		n.stops = append(n.stops, r.number(t))
	}
	return n
}

// code returns the terms of the label of a code, commune those of a name.
func (r *Reader) code(text string) []uint32 {
	return r.named(r.codes, text, func() string { return r.labels(data.Code(text)) })
}

func (r *Reader) commune(text string) []uint32 {
	return r.named(r.communes, text, func() string {
		c, _ := gazetteer.ByCode(text)
		return c.Name
	})
}

func (r *Reader) named(known map[string]chunkTerms, text string, name func() string) []uint32 {
	c, ok := known[text]
	if !ok {
		c.terms = r.numberAll(Terms(name()))
		if len(known) >= maxChunks {
			clear(known)
		}
		known[strings.Clone(text)] = c
	}
	return c.terms
}

func (r *Reader) numberAll(terms []string) []uint32 {
	var all []uint32
	for _, t := range terms {
		all = append(all, r.number(t))
	}
	return all
}

// number returns the number of a term.
func (r *Reader) number(term string) uint32 {
	n, ok := r.numbers[term]
	if !ok {
		n = uint32(len(r.terms))
		term = strings.Clone(term)
		r.terms = append(r.terms, term)
		r.numbers[term] = n
		r.first, r.round = append(r.first, 0), append(r.round, 0)
	}
	return n
}

func (r *Reader) addAll(terms []uint32, field data.TextField, class data.Class) {
	for _, t := range terms {
		r.add(t, field, class)
	}
}

func (r *Reader) add(term uint32, field data.TextField, class data.Class) {
	i := uint32(len(r.found))
	if r.round[term] != r.now {
		r.round[term], r.first[term] = r.now, i
	} else {
		last := r.first[term]
		for r.found[last].Class != class && r.next[last] != 0 {
			last = r.next[last]
		}
		if r.found[last].Class == class {
			r.found[last].Fields |= FieldSet(field)
			return
		}
		r.next[last] = i
	}
	r.found, r.next = append(r.found, Occurrence{term, class, FieldSet(field)}), append(r.next, 0)
}

// Terms returns the terms of a text, in its order, each as often as it stands.
func Terms(text string) []string {
	var terms, stops []string
	for word := range strings.FieldsSeq(text) {
		c := newChunk(word)
		terms = append(terms, c.terms...)
		if c.joined != "" {
			terms = append(terms, c.joined)
		}
		stops = append(stops, c.stops...)
	}
	if len(terms) == 0 {
		return stops
	}
	return terms
}
