package lexicon

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"boussole/data"
)

//go:embed words/*.txt
var files embed.FS

// Kind is what a concept is.
type Kind uint8

// The kinds of concepts.
const (
	Need     Kind = iota // a situation: "bouche de travers"
	Activity             // an operational activity, R211
	Type                 // a type of offer, R244
	Category             // a category of establishment, R66
)

var kindWords = []string{"need", "activity", "offer_type", "category"}

// String returns need, activity, offer_type or category.
func (k Kind) String() string { return kindWords[k] }

var kinds = map[string]Kind{"besoin": Need, "activité": Activity, "offre": Type, "catégorie": Category}

// Concept is something that people ask for, and the codes that answer it.
type Concept struct {
	Label    string // French, for people
	Kind     Kind
	Theme    string
	Codes    []data.Code // in the order of preference, at least one
	Sayings  []Saying
	Except   []string // not meant where one of these is said
	Variants []Variant
	Line     string // file and line, for whoever corrects it
}

// Saying is one way to ask for a concept.
type Saying struct {
	Text string
	Weak bool // counts only where it is all that is asked
}

// Variant is what changes with who is concerned.
type Variant struct {
	When    Condition
	Weeks   int         // of When Term: below so many weeks of amenorrhoea
	Codes   []data.Code // at least one
	Instead bool        // the other codes do not stand
}

// Condition is who is concerned.
type Condition uint8

// The conditions.
const (
	Child Condition = iota
	Baby
	Newborn
	Teenager
	Elderly
	Pregnant
	Term
)

var conditions = map[string]Condition{
	"enfant": Child, "bébé": Baby, "nouveau-né": Newborn, "ado": Teenager, "âgé": Elderly, "enceinte": Pregnant,
}

// Words is the file of words.
type Words struct {
	Same     []Synonyms
	Empty    []string // dropped
	Neutral  []string // no reproach to what leaves them out
	Generic  []string // count half
	Negation []string // what follows is denied
	Foreign  []string // of other worlds
	Doubtful []string // mean other things too

	Apart     []string   // everyday words that are no form of a word of the concepts, though they look it
	Body      []string   // parts of the body that figures of speech are made of
	Elsewhere []string   // everyday words of other worlds, where the concepts have no use for them
	Heard     []Synonyms // words that are also written for others that sound the same
}

// Synonyms are words that mean the same.
type Synonyms struct {
	Word   string
	Others []string
}

// Lexicon is what is in the files.
type Lexicon struct {
	Concepts []Concept
	Words    Words
}

// Embedded returns the lexicon that is a part of the program, read once: about
// 5 ms. It must not be changed.
var Embedded = sync.OnceValue(func() *Lexicon {
	words, err := fs.Sub(files, "words")
	if err != nil {
		panic(err)
	}
	l, err := Read(words)
	if err != nil {
		panic(err) // the embedded files are part of the program
	}
	return l
})

// ErrLexicon is wrapped by every fault of a file.
var ErrLexicon = errors.New("not a lexicon")

// Read reads the .txt files of a folder in the order of their names, and
// returns every fault with its file and line.
func Read(folder fs.FS) (*Lexicon, error) {
	names, err := fs.Glob(folder, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("reading the lexicon: %w", err)
	}
	slices.Sort(names)
	r := reader{into: new(Lexicon), sets: make(map[string][]string)}
	for _, name := range names {
		if err := r.file(folder, name); err != nil {
			return nil, fmt.Errorf("reading the lexicon: %w", err)
		}
	}
	return r.into, errors.Join(r.faults...)
}

// reader reads one file after the other.
type reader struct {
	into    *Lexicon
	macros  map[string][]data.Code // of the file
	theme   string
	kind    Kind
	part    string // of the file of words
	open    bool   // a concept has been begun: this one
	concept int
	sets    map[string][]string // of words, for all files
	name    string
	line    int
	faults  []error
}

func (r *reader) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %s: %w", r.name, r.line, fmt.Sprintf(format, args...), ErrLexicon))
}

func (r *reader) file(folder fs.FS, name string) error {
	f, err := folder.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r.name, r.line, r.macros, r.theme, r.part, r.open = name, 0, make(map[string][]data.Code), "", "", false
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		r.line++
		r.read(lines.Text())
	}
	r.end()
	return lines.Err()
}

// read takes one line.
func (r *reader) read(line string) {
	text := strings.TrimSpace(line)
	switch {
	case text == "" || strings.HasPrefix(text, "#"):
	case strings.HasPrefix(text, "=="):
		r.end()
		r.heading(strings.TrimSpace(text[2:]))
	case ofWords(r.name):
		r.words(text)
	case strings.HasPrefix(line, "%"):
		name, words, _ := strings.Cut(text, "=")
		r.sets[strings.TrimSpace(name)] = list(words)
	case strings.HasPrefix(line, "+ "):
		r.end()
		r.more(strings.TrimSpace(line[2:]))
	case strings.HasPrefix(line, "$"):
		name, codes, _ := strings.Cut(text, "=")
		r.macros[strings.TrimSpace(name)] = r.codes(codes)
	case line[0] != ' ':
		r.end()
		r.open, r.concept = true, len(r.into.Concepts)
		r.into.Concepts = append(r.into.Concepts, Concept{
			Label: text, Kind: r.kind, Theme: r.theme, Line: r.name + ":" + strconv.Itoa(r.line),
		})
	case !r.open:
		r.fault("%q belongs to no concept", text)
	default:
		r.inConcept(&r.into.Concepts[r.concept], text)
	}
}

// more opens a concept again, to say more of it.
func (r *reader) more(label string) {
	i := slices.IndexFunc(r.into.Concepts, func(c Concept) bool { return c.Label == label })
	if i < 0 {
		r.fault("%q is no concept that was told before", label)
		return
	}
	r.open, r.concept = true, i
}

// end closes the concept that is open.
func (r *reader) end() {
	if !r.open {
		return
	}
	r.open = false
	if c := &r.into.Concepts[r.concept]; len(c.Codes) == 0 {
		r.fault("%s has no code", c.Label)
	}
}

func (r *reader) heading(text string) {
	if ofWords(r.name) {
		r.part = text
		return
	}
	theme, kind, ok := strings.Cut(text, " (")
	k, known := kinds[strings.TrimSuffix(kind, ")")]
	if !ok || !known {
		r.fault("%q is not a theme with a kind, as in stroke (besoin)", text)
	}
	r.theme, r.kind = theme, k
}

// inConcept reads a line of a concept: its codes first, then what it says.
func (r *reader) inConcept(c *Concept, text string) {
	if len(c.Codes) == 0 {
		c.Codes = r.codes(text)
		return
	}
	if before, after, ok := strings.Cut(text, ": "); ok {
		r.condition(c, before, after)
		return
	}
	for _, saying := range list(text) {
		strong := strings.TrimPrefix(saying, "~")
		for _, one := range r.expand(strong) {
			c.Sayings = append(c.Sayings, Saying{Text: one, Weak: strong != saying})
		}
	}
}

// expand puts each word of a set for its name: "%membre cassé" is many sayings.
func (r *reader) expand(saying string) []string {
	at := strings.Index(" "+saying, " %")
	if at < 0 {
		return []string{saying}
	}
	name, rest, _ := strings.Cut(saying[at:], " ")
	if r.sets[name] == nil {
		r.fault("%s is not defined", name)
	}
	var all []string
	for _, word := range r.sets[name] {
		all = append(all, r.expand(saying[:at]+word+" "+rest)...)
	}
	return all
}

func (r *reader) condition(c *Concept, word, text string) {
	if word == "sauf" {
		c.Except = append(c.Except, list(text)...)
		return
	}
	v := Variant{When: Term}
	text, v.Instead = strings.CutPrefix(text, "= ")
	v.Codes = r.codes(text)
	if weeks, ok := strings.CutPrefix(word, "SA<"); ok {
		n, err := strconv.Atoi(weeks)
		if err != nil {
			r.fault("%q is not a number of weeks", weeks)
		}
		v.Weeks = n
	} else if v.When, ok = conditions[word]; !ok {
		r.fault("%q is no condition", word)
	}
	c.Variants = append(c.Variants, v)
}

// codes reads "R211|356 098 $smur".
func (r *reader) codes(text string) []data.Code {
	var codes []data.Code
	system := ""
	for _, field := range strings.Fields(text) {
		if strings.HasPrefix(field, "$") {
			if r.macros[field] == nil {
				r.fault("%s is not defined", field)
			}
			codes = append(codes, r.macros[field]...)
			continue
		}
		before, value, named := strings.Cut(field, "|")
		if named {
			system = before
		} else {
			value = field
		}
		code, err := data.ParseCode(system + "|" + value)
		if err != nil {
			r.fault("%v", err)
			continue
		}
		codes = append(codes, code)
	}
	return unique(codes)
}

func unique(codes []data.Code) []data.Code {
	var kept []data.Code
	for _, c := range codes {
		if !slices.Contains(kept, c) {
			kept = append(kept, c)
		}
	}
	return kept
}

// words reads a line of the file of words.
func (r *reader) words(text string) {
	w := &r.into.Words
	switch r.part {
	case "synonymes":
		word, others, ok := strings.Cut(text, ":")
		if !ok {
			r.fault("%q has no colon", text)
		}
		w.Same = append(w.Same, Synonyms{word, list(others)})
	case "vides":
		w.Empty = append(w.Empty, strings.Fields(text)...)
	case "neutres":
		w.Neutral = append(w.Neutral, strings.Fields(text)...)
	case "generiques":
		w.Generic = append(w.Generic, strings.Fields(text)...)
	case "negation":
		w.Negation = append(w.Negation, list(text)...)
	case "ambigus":
		w.Doubtful = append(w.Doubtful, strings.Fields(text)...)
	case "hors-sujet":
		w.Foreign = append(w.Foreign, strings.Fields(text)...)
	case "à part":
		w.Apart = append(w.Apart, strings.Fields(text)...)
	case "corps":
		w.Body = append(w.Body, strings.Fields(text)...)
	case "ailleurs":
		w.Elsewhere = append(w.Elsewhere, strings.Fields(text)...)
	case "homophones":
		word, others, ok := strings.Cut(text, ":")
		if !ok {
			r.fault("%q has no colon", text)
		}
		w.Heard = append(w.Heard, Synonyms{strings.TrimSpace(word), strings.Fields(others)})
	default:
		r.fault("there is no part %q", r.part)
	}
}

// ofWords reports whether a file is one of words: mots.txt, mots-ailleurs.txt.
func ofWords(name string) bool { return strings.HasPrefix(name, "mots") }

// list splits at commas.
func list(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
