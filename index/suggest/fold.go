package suggest

import "unicode/utf8"

// maxWords bounds how much of a question is read; what people type in one
// field is far below.
const maxWords = 32

// accents holds what letters of French are without their marks.
var accents = map[rune]string{
	'à': "a", 'â': "a", 'ä': "a", 'á': "a", 'ã': "a", 'å': "a", 'ç': "c", 'é': "e", 'è': "e", 'ê': "e", 'ë': "e",
	'î': "i", 'ï': "i", 'í': "i", 'ì': "i", 'ñ': "n", 'ô': "o", 'ö': "o", 'ó': "o", 'ò': "o", 'õ': "o", 'ù': "u", 'û': "u",
	'ü': "u", 'ú': "u", 'ÿ': "y", 'œ': "oe", 'æ': "ae", 'À': "a", 'Â': "a", 'Ä': "a", 'Ç': "c", 'É': "e", 'È': "e",
	'Ê': "e", 'Ë': "e", 'Î': "i", 'Ï': "i", 'Ô': "o", 'Ö': "o", 'Ù': "u", 'Û': "u", 'Ü': "u", 'Œ': "oe", 'Æ': "ae",
}

// Fold appends the words of a text to those given: without case, accents,
// hyphens and apostrophes; letters between dots are one word, "U.S.I.C." and
// "usic". A plus sign stays with its word, as in "ST+".
func Fold(words []string, text string) []string {
	words, _ = fold(words, text)
	return words
}

// fold tells too after which of the words, as bits, a comma or another mark begins
// something else.
func fold(words []string, text string) ([]string, uint32) {
	var room [128]byte
	f := folded{before: len(words), buffer: room[:0]}
	for i := 0; i < len(text); {
		c := text[i]
		size := 1
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			f.buffer = append(f.buffer, c)
		case c >= 'A' && c <= 'Z':
			f.buffer = append(f.buffer, c+'a'-'A')
		case c == '+' && len(f.buffer) > f.start:
			f.buffer = append(f.buffer, c)
		case c == '+' && f.afterST(words): // "ST + antérieur"
		case c == '.' && inAcronym(text, i):
		case c == ',' || c == ';' || c == '.' || c == '!' || c == '?' || c == '\n':
			f.cut()
			f.pauses |= 1 << (f.before + f.n)
		case c < utf8.RuneSelf:
			f.cut()
		default:
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			if plain, ok := accents[r]; ok {
				f.buffer = append(f.buffer, plain...)
			} else if r < 0x300 || r > 0x36f { // a mark after its letter is left out
				f.cut()
			}
		}
		i += size
	}
	f.cut()
	all, from := string(f.buffer), 0
	for _, to := range f.ends[:f.n] {
		words, from = append(words, all[from:to]), to
	}
	return words, f.pauses
}

// folded is a text on the way into words, which are one after the other.
type folded struct {
	buffer []byte
	start  int           // of the word that is being read
	ends   [maxWords]int // of the others
	n      int           // how many those are
	before int           // words of other texts
	pauses uint32        // before which words there are marks
}

// cut ends a word.
func (f *folded) cut() {
	if len(f.buffer) == f.start {
		return
	}
	if f.before+f.n >= maxWords {
		f.buffer = f.buffer[:f.start]
		return
	}
	f.start = len(f.buffer)
	f.ends[f.n] = f.start
	f.n++
}

// afterST makes "st+" of "st" where that is the word before.
func (f *folded) afterST(words []string) bool {
	switch {
	case f.n > 0:
		from := 0
		if f.n > 1 {
			from = f.ends[f.n-2]
		}
		if string(f.buffer[from:f.ends[f.n-1]]) != "st" {
			return false
		}
		f.buffer = append(f.buffer, '+')
		f.start++
		f.ends[f.n-1]++
	case len(words) == 0 || words[len(words)-1] != "st":
		return false
	default:
		words[len(words)-1] = "st+"
	}
	return true
}

// inAcronym reports whether the dot at i is one of "U.S.I.C.": a single letter
// stands before it, and after it a letter and a dot, or nothing.
func inAcronym(text string, i int) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i]|0x20 >= 'a' && text[i]|0x20 <= 'z')
	}
	if !letter(i-1) || letter(i-2) {
		return false
	}
	after := letter(i+1) && (i+2 >= len(text) || !letter(i+2))
	before := i >= 2 && text[i-2] == '.'
	return after || before && !letter(i+1)
}

// stem takes the endings of number and gender off a folded word of more than
// four letters, and doubles: "gonflées" and "gonfle" are one, "alergie" and
// "allergie" too. Shorter words and acronyms stay whole.
func stem(word string) string { return withoutEndings(word, false) }

// withoutEndings is the stem of a word, with the letters that are doubled in it if
// these are kept.
func withoutEndings(word string, doubles bool) string {
	n := len(word)
	if n <= 4 || word[0] >= '0' && word[0] <= '9' {
		return word
	}
	b := make([]byte, 0, 24)
	for i := range n {
		if !doubles && i > 0 && word[i] == word[i-1] && (word[i] < '0' || word[i] > '9') {
			continue
		}
		b = append(b, word[i])
	}
	trim := func(suffix, put string) bool {
		if len(b)-len(suffix) < 3 || string(b[len(b)-len(suffix):]) != suffix {
			return false
		}
		b = append(b[:len(b)-len(suffix)], put...)
		return true
	}
	if !trim("eaux", "eau") && !trim("aux", "al") {
		_ = trim("s", "") || trim("x", "")
	}
	_ = trim("euse", "eu") || trim("ive", "if") || trim("ienne", "ien") || trim("iene", "ien") || trim("iere", "ier")
	for len(b) > 4 && b[len(b)-1] == 'e' {
		b = b[:len(b)-1]
	}
	if len(b) > 5 {
		trim("er", "")
	}
	return string(b)
}

// sound writes a folded word as it is heard, roughly: "filebite" and
// "phlébite" are one. Words of fewer than five letters have none.
func sound(word string) string {
	if len(word) < 5 || word[0] >= '0' && word[0] <= '9' {
		return ""
	}
	b := make([]byte, 0, 24)
	at := func(i int) byte {
		if i < 0 || i >= len(word) {
			return 0
		}
		return word[i]
	}
	vowel := func(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' }
	for i := 0; i < len(word); i++ {
		c, next := word[i], at(i+1)
		out := c
		switch {
		case c == 'p' && next == 'h':
			out, i = 'f', i+1
		case c == 's' && next == 'c' && (at(i+2) == 'e' || at(i+2) == 'i'):
			out, i = 's', i+1
		case c == 'c' && next == 'h' && (at(i+2) == 'r' || at(i+2) == 'o' && i > 0 || at(i+2) == 'l' || at(i-1) == 'y'):
			out, i = 'k', i+1
		case c == 'c' && next == 'h', c == 's' && next == 'h':
			out, i = 'x', i+1
		case c == 'c' && (next == 'e' || next == 'i' || next == 'y'):
			out = 's'
		case c == 'c', c == 'q':
			out = 'k'
			if c == 'q' && next == 'u' {
				i++
			}
		case c == 'g' && (next == 'e' || next == 'i' || next == 'y'):
			out = 'j'
		case c == 'g' && next == 'u' && vowel(at(i+2)):
			i++
		case c == 'h', c == 'e' && next == 0:
			continue
		case c == 't' && next == 'h':
			i++
		case c == 'e' && next == 'a' && at(i+2) == 'u':
			out, i = 'o', i+2
		case c == 'a' && next == 'u':
			out, i = 'o', i+1
		case (c == 'a' || c == 'e') && next == 'i' && at(i+2) != 'l' && (at(i+2) != 'n' || vowel(at(i+3))):
			out, i = 'e', i+1
		case c == 'o' && next == 'e':
			out, i = 'e', i+1
		case c == 'y':
			out = 'i'
		case c == 'z':
			out = 's'
		case c == 'e' && (next == 'n' || next == 'm') && !vowel(at(i+2)) && at(i+2) != next:
			out = 'a'
		case c == 'm' && (next == 'p' || next == 'b'):
			out = 'n'
		case (c == 's' || c == 't' || c == 'x' || c == 'd') && next == 0 && len(b) > 3:
			continue
		}
		if len(b) > 0 && b[len(b)-1] == out {
			continue
		}
		b = append(b, out)
	}
	return string(b)
}
