package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/char/asciifolding"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/token/elision"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/unicodenorm"
	unicodetokens "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"

	"boussole/data"
)

// Bounds of what is read; what is beyond is cut off.
const (
	MaxLetters = 40  // of a term
	maxChunk   = 256 // bytes between two blanks
	maxBytes   = 255 // of any term
)

// The steps of the analysis, of bleve. None holds a state.
var (
	tokenizer = unicodetokens.NewUnicodeTokenizer()
	composed  = unicodenorm.MustNewUnicodeNormalizeFilter(unicodenorm.NFKC)
	lower     = lowercase.NewLowerCaseFilter()
	folding   = asciifolding.New()
	stemmer   = fr.NewFrenchLightStemmerFilter()
	elisions  = elision.NewElisionFilter(mustTokenMap(fr.FrenchArticles))
	stopWords = foldedStopWords()
)

// mustTokenMap reads a list of bleve, which no input changes.
func mustTokenMap(list []byte) analysis.TokenMap {
	words := analysis.NewTokenMap()
	if err := words.LoadBytes(list); err != nil {
		panic(err)
	}
	return words
}

// foldedStopWords are the stop words of bleve, and the titles that people may
// write or not before the name of a professional. Est is a direction, and Notre
// the half of Notre-Dame.
func foldedStopWords() map[string]bool {
	words := make(map[string]bool)
	for word := range mustTokenMap(fr.FrenchStopWords) {
		words[fold(word)] = true
	}
	for _, title := range []string{"dr", "docteur", "mme", "madame", "mr", "monsieur"} {
		words[title] = true
	}
	delete(words, "est")
	delete(words, "notre")
	return words
}

// abbreviations are written out, as each is written both ways in registers.
var abbreviations = map[string]string{"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}

// chunk is what stands between two blanks, as terms.
type chunk struct {
	terms  []string // in the order of the text
	stops  []string // words that say nothing beside others
	joined string   // the parts of a hyphenated word in one, "" of no such word
}

// newChunk analyses what stands between two blanks. It is a function of that
// alone, so it can be kept.
func newChunk(text string) chunk {
	text = cut(strings.ToValidUTF8(text, " "), maxChunk)
	if isPlain(text) { // most are, and need no more
		var c chunk
		c.add(cut(strings.ToLower(text), MaxLetters))
		return c
	}
	if whole, ok := wholeCode(text); ok {
		return chunk{terms: []string{whole}}
	}
	return analyse(text)
}

// analyse takes the words of any text, step by step.
func analyse(text string) chunk {
	var c chunk
	for _, token := range tokens(text) {
		for _, word := range split(fold(string(token.Term))) {
			c.add(word)
		}
	}
	if strings.ContainsAny(text, "-\u2010\u2011") {
		c.joined = join(c.terms)
	}
	return c
}

// add takes one word.
func (c *chunk) add(word string) {
	if full, ok := abbreviations[word]; ok {
		word = full
	}
	if stopWords[word] {
		c.stops = append(c.stops, word)
		return
	}
	c.terms = append(c.terms, word)
}

// isPlain reports whether a text is one word or number in ASCII.
func isPlain(text string) bool {
	for i := range len(text) {
		c := text[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return text != ""
}

// tokens are the words of a text in lower case, without an article elided before.
func tokens(text string) analysis.TokenStream {
	return elisions.Filter(lower.Filter(composed.Filter(tokenizer.Tokenize([]byte(text)))))
}

// wholeCode returns a code, or a number of the ROR such as 94/666, as one term.
func wholeCode(text string) (string, bool) {
	text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if strings.Contains(text, "|") {
		code, err := data.ParseCode(strings.ToUpper(text))
		return CodeTerm(code), err == nil
	}
	before, after, ok := strings.Cut(text, "/")
	return text, ok && allDigits(before) && allDigits(after) && len(text) <= MaxLetters
}

// CodeTerm returns the term of a code.
func CodeTerm(c data.Code) string { return strings.ToLower(string(c)) }

// fold takes accents and ligatures off, of what is lower-case already.
func fold(word string) string {
	if ascii(word) {
		return word
	}
	folded := strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f { // accents that stand alone
			return -1
		}
		return unicode.ToLower(r)
	}, string(folding.Filter([]byte(word))))
	return folded
}

// split takes a token apart where the tokenizer does not, at full stops and
// apostrophes; an acronym written S.A.M.U. becomes one word.
func split(token string) []string {
	words := strings.FieldsFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	if len(words) > 1 && strings.Contains(token, ".") && allSingle(words) {
		words = []string{strings.Join(words, "")}
	}
	for i := range words {
		words[i] = cutLetters(words[i], MaxLetters)
	}
	return words
}

func allSingle(words []string) bool {
	for _, w := range words {
		if utf8.RuneCountInString(w) != 1 || unicode.IsDigit(rune(w[0])) {
			return false
		}
	}
	return true
}

// join writes words of letters in one, "" when there is nothing to join.
func join(words []string) string {
	if len(words) < 2 {
		return ""
	}
	for _, w := range words {
		if len(w) < 2 || hasDigit(w) {
			return ""
		}
	}
	joined := strings.Join(words, "")
	if utf8.RuneCountInString(joined) > MaxLetters {
		return ""
	}
	return joined
}

// Stem returns what the forms of a word have in common: the light stem of
// bleve, which takes the ends of French words off. A number has none but itself.
func Stem(term string) string {
	if hasDigit(term) {
		return term
	}
	stream := analysis.TokenStream{&analysis.Token{Term: []byte(term)}}
	return string(stemmer.Filter(stream)[0].Term)
}

// PhoneTerm returns the term of a phone number, "" when it is none: its digits
// as they are dialled in France, 0142348234, and those of other countries as in
// E.164.
func PhoneTerm(text string) string {
	number, ok := data.ParsePhone(text)
	if !ok {
		return ""
	}
	digits, international := strings.CutPrefix(number, "+")
	if !international {
		return digits
	}
	for _, country := range []string{"33", "262", "508", "590", "594", "596"} {
		if rest, ok := strings.CutPrefix(digits, country); ok && len(rest) == 9 {
			return "0" + rest
		}
	}
	return digits
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

func allDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// cut returns at most n bytes, whole runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// cutLetters returns at most n runes.
func cutLetters(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
