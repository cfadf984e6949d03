package suggest

import (
	"math"
	"slices"
	"strings"
	"sync"

	"boussole/data"
	"boussole/data/lexicon"
)

// phrase is one way to ask for a concept, compiled.
type phrase struct {
	concept int32
	words   []int32 // distinct
	weight  float32 // of its words together
	must    uint32  // bits of words without which it means something else: pas, plus, sans, enfant
	weak    bool    // counts only where it is all that is asked
	except  bool    // where it is said the concept is not meant
	title   bool    // it is what the concept is called
}

// posting says where a word is.
type posting struct {
	phrase int32
	bit    uint8
}

// Language understands questions by one lexicon. It is safe for concurrent use.
type Language struct {
	vocabulary
	concepts []lexicon.Concept
	doubtful map[int32]bool     // words that mean other things too
	body     map[int32]bool     // parts of the body
	heard    map[string][]int32 // by folded form: words that sound the same
	phrases  []phrase
	postings [][]posting // by word
	denials  [][]string  // what denies, in folded words
	polar    map[int32]bool
	alone    map[int32]bool // words that say enough by themselves; true for what happens to somebody
	labels   map[data.Code]string
	widths   map[string]int // digits of the codes of a system
	ages     ageWords
	begins   *headings
	pool     pool
}

// NewLanguage compiles a lexicon: about 40 ms for the embedded one.
func NewLanguage(l *lexicon.Lexicon) *Language {
	lang := &Language{
		vocabulary: vocabulary{
			ids: make(map[string]int32), exact: make(map[string]int32), stems: make(map[string]int32), endings: make(map[string]int32), joined: make(map[string]int32), longest: make(map[string]int),
		},
		concepts: l.Concepts,
		polar:    make(map[int32]bool),
		alone:    make(map[int32]bool),
		doubtful: make(map[int32]bool),
		body:     make(map[int32]bool),
		heard:    make(map[string][]int32),
	}
	lang.wordLists(&l.Words)
	lang.ages = lang.newAgeWords()
	for i := range l.Concepts {
		lang.conceptOf(int32(i), &l.Concepts[i])
	}
	lang.remainder(&l.Words)
	lang.finish()
	lang.index()
	lang.codeLabels()
	lang.begins = newHeadings(l.Concepts)
	lang.pool.of(lang)
	return lang
}

// French understands questions by the lexicon that is a part of the program. It
// is compiled once, when the first question is asked.
var French = sync.OnceValue(func() *Language { return NewLanguage(lexicon.Embedded()) })

// wordLists reads the file of words.
func (l *Language) wordLists(w *lexicon.Words) {
	for _, s := range w.Same {
		id := l.add(s.Word, strong)
		for _, form := range append([]string{s.Word}, s.Others...) {
			l.form(form, id)
		}
	}
	for _, word := range w.Apart {
		l.form(word, l.add("="+word, elsewhere))
	}
	for _, list := range []struct {
		class class
		words []string
	}{{generic, w.Generic}, {neutral, w.Neutral}, {foreign, w.Foreign}, {empty, w.Empty}} {
		for _, word := range list.words {
			l.classify(word, list.class)
		}
	}
	for _, word := range w.Doubtful {
		if id, ok := l.known(word); ok {
			l.doubtful[id] = true
		} else {
			id = l.add(stem(word), strong)
			l.write(word, id)
			l.doubtful[id] = true
		}
	}
	for _, text := range w.Negation {
		l.denials = append(l.denials, Fold(nil, text))
	}
	for _, word := range []string{"pas", "plus", "sans", "non", "jamais", "aucun", "aucune"} {
		if id, ok := l.known(word); ok {
			l.polar[id] = true
		}
	}
}

// remainder makes known the words that the concepts had no use for, and the
// words of theirs that others are written for.
func (l *Language) remainder(w *lexicon.Words) {
	for _, word := range w.Elsewhere {
		raw := Fold(nil, word)
		if _, ok := l.known(raw[0]); len(raw) > 1 || !ok {
			l.form(word, l.add("="+strings.Join(raw, " "), elsewhere))
		}
	}
	for _, word := range w.Body {
		if id, ok := l.known(word); ok {
			l.body[id] = true
		}
	}
	for _, h := range w.Heard {
		for _, form := range h.Others {
			if id, ok := l.known(Fold(nil, h.Word)[0]); ok {
				form = Fold(nil, form)[0]
				l.heard[form] = append(l.heard[form], id)
			}
		}
	}
}

// form says that a writing, of one word or more, means a word.
func (l *Language) form(text string, id int32) {
	words := Fold(nil, text)
	switch len(words) {
	case 0:
	case 1:
		l.write(words[0], id)
	default:
		if _, taken := l.joined[strings.Join(words, " ")]; !taken {
			l.joined[strings.Join(words, " ")] = id
		}
		l.longest[words[0]] = max(l.longest[words[0]], len(words))
	}
}

// classify gives a word its class; the canonical word that it is a writing of
// gets it, but no word is dropped or foreign that stands for another.
func (l *Language) classify(word string, c class) {
	words := Fold(nil, word)
	if len(words) == 1 {
		if id, ok := l.exact[words[0]]; ok {
			if c == generic || c == neutral {
				l.class[id] = c
			}
			return
		}
	}
	l.form(word, l.add("="+strings.Join(words, " "), c))
}

// conceptOf compiles what people say for a concept.
func (l *Language) conceptOf(i int32, c *lexicon.Concept) {
	seen, first := make(map[string]bool), len(l.phrases)
	compile := func(text string, weak, except bool) {
		words := l.wordsOf(text)
		if len(words) == 0 || len(words) > 30 {
			return
		}
		if len(words) == 1 && l.class[words[0]] == neutral && strings.Contains(text, " ") {
			return // what was left out says what is meant: "ne sait pas où aller"
		}
		p := phrase{concept: i, words: words, weak: weak || !except && len(words) < 3 && l.saysNothing(words), except: except}
		key := make([]byte, 0, 64)
		sorted := slices.Clone(words)
		slices.Sort(sorted)
		for _, w := range sorted {
			key = append(key, byte(w), byte(w>>8), byte(w>>16))
		}
		if seen[string(key)] {
			return
		}
		seen[string(key)] = true
		for bit, w := range words {
			p.weight += weights[l.class[w]]
			if l.polar[w] || l.saysNothing(words) || l.ages.tells(new(Who), w) {
				p.must |= 1 << bit
			}
		}
		if len(words) == 1 && !p.weak && !except {
			l.alone[words[0]] = l.alone[words[0]] || c.Kind == lexicon.Need
		}
		l.phrases = append(l.phrases, p)
	}
	for _, s := range c.Sayings {
		compile(s.Text, s.Weak, false)
		if joined := withoutHyphens(s.Text); joined != s.Text {
			compile(joined, s.Weak, false)
		}
	}
	for _, text := range c.Except {
		compile(text, false, true)
	}
	l.titles(c.Label, first)
}

// titles marks the phrases from one on that are what their concept is called.
func (l *Language) titles(label string, from int) {
	var title []int32
	raw := Fold(nil, label)
	for i := 0; i < len(raw); {
		id, n, ok := l.read(raw, i)
		if !ok {
			return
		}
		if l.class[id] != empty {
			title = append(title, id)
		}
		i += n
	}
	slices.Sort(title)
	for i := from; i < len(l.phrases); i++ {
		words := slices.Clone(l.phrases[i].words)
		slices.Sort(words)
		l.phrases[i].title = slices.Equal(words, title)
	}
}

// withoutHyphens writes "neuro-vasculaire" as one word: people write both. Of
// small words and acronyms it leaves the hyphens.
func withoutHyphens(text string) string {
	fields := strings.Fields(text)
	for i, f := range fields {
		before, after, ok := strings.Cut(f, "-")
		if ok && len(before) >= 3 && len(after) >= 5 && before[0] >= 'a' {
			fields[i] = strings.ReplaceAll(f, "-", "")
		}
	}
	return strings.Join(fields, " ")
}

// saysNothing reports whether words only tell who, when and how much.
func (l *Language) saysNothing(words []int32) bool {
	for _, w := range words {
		if l.class[w] != neutral {
			return false
		}
	}
	return true
}

// acronyms returns the words of a text that are written in capitals, folded:
// they have no endings.
func acronyms(text string) []string {
	var found []string
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' || r == '/' || r == '\'' }) {
		if len(field) > 1 && strings.ToUpper(field) == field {
			found = Fold(found, field)
		}
	}
	return found
}

// wordsOf returns the words of a saying, making known those that are new.
func (l *Language) wordsOf(text string) []int32 {
	var ids []int32
	raw, capitals := Fold(nil, text), acronyms(text)
	for i := 0; i < len(raw); {
		id, n, ok := l.read(raw, i)
		if _, exact := l.exact[raw[i]]; n == 1 && !exact && slices.Contains(capitals, raw[i]) {
			id, ok = l.add("^"+raw[i], strong), true
			l.exact[raw[i]] = id
			if len(raw[i]) >= 5 {
				l.writings = append(l.writings, writing{raw[i], id, letters(raw[i])})
			}
		}
		if !ok {
			form := raw[i]
			id, n = l.add(stem(form), strong), 1
			l.write(form, id)
		}
		if _, exact := l.exact[raw[i]]; n == 1 && !exact {
			l.write(raw[i], id) // known by another ending; a misspelling is of this one
		}
		if c := l.class[id]; c != empty && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		i += n
	}
	return ids
}

// read returns the word that begins at i, the longest, and how many of the raw
// words it takes.
func (l *Language) read(raw []string, i int) (id int32, n int, ok bool) {
	for n = min(l.longest[raw[i]], len(raw)-i); n > 1; n-- {
		if id, ok = l.joined[joinWords(raw[i:i+n])]; ok {
			return id, n, true
		}
	}
	if i+1 < len(raw) && len(raw[i])+len(raw[i+1]) >= 8 && len(raw[i]) >= 3 && len(raw[i+1]) >= 4 {
		if id, ok = l.exact[raw[i]+raw[i+1]]; ok { // "neuro vasculaire" of a lexicon that has "neurovasculaire"
			return id, 2, true
		}
	}
	id, ok = l.known(raw[i])
	return id, 1, ok
}

func joinWords(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words, " ")
}

// index makes the postings.
func (l *Language) index() {
	l.postings = make([][]posting, len(l.words))
	for i, p := range l.phrases {
		for bit, w := range p.words {
			l.postings[w] = append(l.postings[w], posting{int32(i), uint8(bit)})
		}
	}
}

// codeLabels takes for each code the label of the concept that puts it first,
// and of those that do the one with the fewest codes.
func (l *Language) codeLabels() {
	l.labels, l.widths = make(map[data.Code]string), make(map[string]int)
	best := make(map[data.Code]int)
	for i := range l.concepts {
		c := &l.concepts[i]
		for place, code := range c.Codes {
			cost := 1000*place + len(c.Codes)
			if have, ok := best[code]; !ok || cost < have {
				best[code], l.labels[code] = cost, c.Label
			}
		}
		for _, v := range c.Variants {
			for _, code := range v.Codes {
				if _, ok := best[code]; !ok {
					best[code], l.labels[code] = math.MaxInt, c.Label
				}
			}
		}
	}
	for code := range l.labels {
		l.widths[code.System()] = max(l.widths[code.System()], len(code.Value()))
	}
}
