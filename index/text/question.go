package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"boussole/data"
)

// Bounds of a question.
const (
	MaxWords    = 16  // of a question
	MaxQuestion = 512 // bytes
)

// Faults of a question, wrapped by what [Parse] returns.
var (
	ErrTooManyWords = errors.New("too many words")
	ErrTooLong      = errors.New("too long a question")
)

// Kind is what a word of a question is.
type Kind uint8

// The kinds. Only a word may be misspelt or have other forms.
const (
	KindWord   Kind = iota
	KindNumber      // holds a digit: FINESS, RPPS, SIRET, postcode, "3e"
	KindPhone       // phone number, as [PhoneTerm] writes it
	KindCode        // System|code
)

// String returns word, number, phone or code.
func (k Kind) String() string { return [...]string{"word", "number", "phone", "code"}[k&3] }

// Word is one word of a question.
type Word struct {
	Text string // the term that it is
	Kind Kind

	// Open: it may be unfinished, so terms that begin with it match. Typed is
	// what is typed of it then, where Text is what that stands for: "st".
	Open  bool
	Typed string

	// Joined is the word written in one with its neighbour, before and after:
	// "neuro vasculaire" finds "neurovasculaire".
	Joined []string

	// Names are other names of what the word names, alone or with those around
	// it: each some terms, a blank between them. What carries all terms of one of
	// them, or forms of them, has the word. See [Understand].
	Names []string
}

// prefix returns what terms must begin with to match an open word.
func (w *Word) prefix() string {
	if w.Typed != "" {
		return w.Typed
	}
	return w.Text
}

// Parse takes a question apart into its words, each once, in its order, by the
// same analysis as the texts of the offers. Words that say nothing are left out,
// unless there are no others. The last word is open when nothing follows it, unless it
// is a whole phone number. A question without a word has none. The errors wrap [ErrTooLong] and
// [ErrTooManyWords].
func Parse(question string) ([]Word, error) { return parse(question, nil) }

func parse(question string, names thesaurus) ([]Word, error) {
	if len(question) > MaxQuestion {
		return nil, fmt.Errorf("%d bytes, at most %d: %w", len(question), MaxQuestion, ErrTooLong)
	}
	var p parser
	chunks := strings.Fields(strings.ToValidUTF8(question, " "))
	for len(chunks) > 0 {
		if term, kind, n := leadingNumber(chunks); n > 0 {
			p.add(Word{Text: term, Kind: kind})
			p.apart()
			chunks = chunks[n:]
			continue
		}
		p.chunk(chunks[0])
		chunks = chunks[1:]
	}
	names.mark(p.words)
	words := p.finish(question)
	if len(words) > MaxWords {
		return nil, fmt.Errorf("%d words, at most %d: %w", len(words), MaxWords, ErrTooManyWords)
	}
	return words, nil
}

// parser gathers the words of a question.
type parser struct {
	words, stops []Word
	before       int // where the word just before stands, plus one; 0 for none that may be joined
}

func (p *parser) chunk(text string) {
	c := newChunk(text)
	for _, term := range c.terms {
		w := Word{Text: term, Kind: kindOf(term)}
		if p.before > 0 {
			neighbour := &p.words[p.before-1]
			if joined := join([]string{neighbour.Text, term}); joined != "" {
				neighbour.Joined = append(neighbour.Joined, joined)
				w.Joined = []string{joined}
			}
		}
		p.add(w)
		p.before = len(p.words)
	}
	for _, stop := range c.stops {
		p.stops = append(p.stops, Word{Text: stop})
	}
	if len(c.stops) > 0 {
		p.apart()
	}
}

func (p *parser) add(w Word) { p.words = append(p.words, w) }

// apart keeps what comes from being joined to what was.
func (p *parser) apart() { p.before = 0 }

// finish opens the last word, and lets each stand once.
func (p *parser) finish(question string) []Word {
	words, last := p.words, lastWord(question)
	if len(words) == 0 {
		words = p.stops
	} else if stopWords[last] {
		last = "" // what was typed last was left out
	}
	if n := len(words) - 1; n >= 0 && last != "" && words[n].Kind != KindPhone {
		words[n].Open = true
		if abbreviations[last] != "" {
			words[n].Typed = last
		}
	}
	return distinct(words)
}

// lastWord returns the letters and digits in which a question ends, in lower
// case, "" when it ends in something else.
func lastWord(question string) string {
	end := strings.TrimRightFunc(question, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
	})
	return fold(strings.ToLower(strings.ToValidUTF8(question[len(end):], "")))
}

// distinct leaves the first of equal words, and makes it what any of them is.
func distinct(words []Word) []Word {
	var kept []Word
	for _, w := range words {
		i := slices.IndexFunc(kept, func(k Word) bool { return k.Text == w.Text })
		if i < 0 {
			kept = append(kept, w)
			continue
		}
		k := &kept[i]
		if w.Open {
			k.Open, k.Typed = true, w.Typed
		}
		for _, j := range w.Joined {
			if !slices.Contains(k.Joined, j) {
				k.Joined = append(k.Joined, j)
			}
		}
		if w.Names != nil && !slices.Equal(w.Names, k.Names) {
			k.Names = slices.Concat(k.Names, w.Names)
		}
	}
	return kept
}

func kindOf(term string) Kind {
	switch {
	case strings.Contains(term, "|"):
		return KindCode
	case hasDigit(term):
		return KindNumber
	}
	return KindWord
}

// isNumber reports whether a term is taken as it is, or as far as it is typed.
func isNumber(term string) bool { return kindOf(term) != KindWord }

// maxPieces is in how many pieces people write a number: "+33 (0) 1 42 34 82 34".
const maxPieces = 8

// leadingNumber returns the phone or register number with which chunks begin,
// written in one or in pieces, and how many chunks it takes; 0 when there is
// none.
func leadingNumber(chunks []string) (term string, kind Kind, n int) {
	pieces := 0
	for pieces < min(len(chunks), maxPieces) && numeric(chunks[pieces]) {
		pieces++
	}
	for n := pieces; n > 0; n-- {
		text := strings.Join(chunks[:n], "")
		if term := phone(text); term != "" {
			return term, KindPhone, n
		}
		if n > 1 && registered(text) {
			return text, KindNumber, n
		}
	}
	return "", 0, 0
}

// numeric reports whether a chunk may be a piece of a number.
func numeric(chunk string) bool {
	return strings.Trim(chunk, "0123456789.-()/+") == "" && strings.ContainsAny(chunk, "0123456789")
}

// phone reads a phone number that is written as one: with its zero, or with its
// country. Nine digits are more likely a FINESS number, and a few only a number.
func phone(text string) string {
	if strings.Count(text, "/") == 1 && strings.Trim(text, "0123456789/") == "" {
		return "" // of the ROR
	}
	digits := strings.Map(digitOrPlus, text)
	switch {
	case strings.HasPrefix(digits, "+"), strings.HasPrefix(digits, "00"),
		strings.HasPrefix(digits, "33") && len(digits) == 11,
		strings.HasPrefix(digits, "0") && len(digits) == 10:
		return PhoneTerm(text)
	}
	return ""
}

func digitOrPlus(r rune) rune {
	if r >= '0' && r <= '9' || r == '+' {
		return r
	}
	return -1
}

// registered reports whether digits are a number of a register, by its key.
func registered(digits string) bool {
	return allDigits(digits) &&
		(data.ValidFINESS(digits) || data.ValidSIREN(digits) || data.ValidSIRET(digits) || data.ValidRPPS(digits))
}
