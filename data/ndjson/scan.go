package ndjson

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder reads the JSON of one line (RFC 8259), strictly. The one of the
// standard library loses in silence what we must not: of a name said twice it
// keeps the last, bytes that are no UTF-8 become a question mark, and names
// match whatever their case.
type decoder struct {
	trail
	in []byte
	at int

	broken bool // the text is no JSON, or too much: there is nothing left to read
}

// malformed ends the reading: what follows cannot be told apart.
func (d *decoder) malformed(what string) {
	if !d.broken {
		d.fault("malformed JSON at byte %d: %s", d.at+1, what)
		d.broken, d.at = true, len(d.in)
	}
}

// peek returns the first byte of what is next, 0 at the end.
func (d *decoder) peek() byte {
	for ; d.at < len(d.in); d.at++ {
		switch c := d.in[d.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// take goes over a byte if it is next.
func (d *decoder) take(c byte) bool {
	if d.peek() != c || d.broken {
		return false
	}
	d.at++
	return true
}

// kinds names what begins with a byte.
func kindOf(c byte) string {
	switch {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		return "a text"
	case c == 't', c == 'f':
		return "true or false"
	case c == 'n':
		return "null: leave the field out"
	case c == '-', c >= '0' && c <= '9':
		return "a number"
	}
	return "nothing"
}

// wants reports whether a value of the kind is next. One of another kind is a
// fault, and is skipped.
func (d *decoder) wants(first byte) bool {
	next := d.peek()
	wanted, kind := kindOf(first), kindOf(next)
	if wanted == kind {
		return !d.broken
	}
	if kind == "nothing" {
		d.malformed("a value is missing")
		return false
	}
	d.fault("wants %s, has %s", wanted, kind)
	d.skip(0)
	return false
}

// members reads an object and calls each with every name in it, to read the
// value.
func (d *decoder) members(each func(name []byte)) {
	d.at++ // the brace
	if d.take('}') {
		return
	}
	for !d.broken {
		if d.peek() != '"' {
			d.malformed("a name is missing")
			return
		}
		name, ok := d.scanText()
		switch {
		case !ok:
			return
		case !d.take(':'):
			d.malformed("a colon is missing")
			return
		}
		each(name)
		if d.take('}') {
			return
		}
		if !d.take(',') {
			d.malformed("a comma or a brace is missing")
		}
	}
}

// elements reads a list and calls each with the place of every value in it, to
// read the value.
func (d *decoder) elements(each func(i int)) {
	d.at++ // the bracket
	if d.take(']') {
		return
	}
	for i := 0; !d.broken; i++ {
		each(i)
		if d.take(']') {
			return
		}
		if !d.take(',') {
			d.malformed("a comma or a bracket is missing")
		}
	}
}

// maxDepth is how deep a value that is skipped may be nested.
const maxDepth = 64

// skip goes over a value of any kind.
func (d *decoder) skip(depth int) {
	if depth > maxDepth {
		d.malformed("nested deeper than " + strconv.Itoa(maxDepth))
		return
	}
	switch c := d.peek(); kindOf(c) {
	case "an object":
		d.members(func([]byte) { d.skip(depth + 1) })
	case "a list":
		d.elements(func(int) { d.skip(depth + 1) })
	case "a text":
		d.scanText()
	case "a number":
		d.scanNumber()
	case "nothing":
		d.malformed("a value is missing")
	default:
		for _, word := range []string{"true", "false", "null"} {
			if c == word[0] {
				d.word(word)
			}
		}
	}
}

// word goes over a word.
func (d *decoder) word(word string) {
	if !bytes.HasPrefix(d.in[d.at:], []byte(word)) {
		d.malformed("not " + word)
		return
	}
	d.at += len(word)
}

// scanNumber returns the number that is next, as it is written.
func (d *decoder) scanNumber() []byte {
	start := d.at
	if d.in[d.at] == '-' {
		d.at++
	}
	whole := d.digits()
	if whole == 0 || whole > 1 && d.in[d.at-whole] == '0' {
		d.malformed("not a number")
		return nil
	}
	if d.at < len(d.in) && d.in[d.at] == '.' {
		d.at++
		if d.digits() == 0 {
			d.malformed("not a number")
			return nil
		}
	}
	if d.at < len(d.in) && d.in[d.at]|0x20 == 'e' {
		d.at++
		if d.at < len(d.in) && (d.in[d.at] == '+' || d.in[d.at] == '-') {
			d.at++
		}
		if d.digits() == 0 {
			d.malformed("not a number")
			return nil
		}
	}
	return d.in[start:d.at]
}

func (d *decoder) digits() (n int) {
	for d.at < len(d.in) && d.in[d.at] >= '0' && d.in[d.at] <= '9' {
		d.at++
		n++
	}
	return n
}

// scanText returns the text that is next, a part of the line where it has no
// escape, and false when it is none.
func (d *decoder) scanText() (text []byte, ok bool) {
	d.at++ // the quote
	start, escaped := d.at, false
	for d.at < len(d.in) && d.in[d.at] != '"' {
		switch c := d.in[d.at]; {
		case c < 0x20:
			d.malformed("a control character in a text")
			return nil, false
		case c == '\\':
			escaped = true
			d.at++ // and what it escapes below, which may be a quote
		}
		d.at++
	}
	if d.at >= len(d.in) {
		d.at = len(d.in)
		d.malformed("a text does not end")
		return nil, false
	}
	text = d.in[start:d.at]
	if !utf8.Valid(text) {
		d.at = start
		d.malformed("not UTF-8")
		return nil, false
	}
	if escaped {
		text, ok = d.unescape(text, start)
		if !ok {
			return nil, false
		}
	}
	d.at++ // the quote
	return text, true
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape returns a text without its escapes; half a surrogate pair is no
// character, and so a fault.
func (d *decoder) unescape(text []byte, start int) ([]byte, bool) {
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			plain = append(plain, text[i])
			continue
		}
		i++ // there is one more: a backslash before the last quote would have gone over it
		if c, ok := escapes[text[i]]; ok {
			plain = append(plain, c)
			continue
		}
		r, length := unicodeEscape(text[i:])
		if length == 0 {
			d.at = start
			d.malformed("an escape that is no character")
			return nil, false
		}
		plain = utf8.AppendRune(plain, r)
		i += length - 1
	}
	return plain, true
}

// unicodeEscape reads u and four hexadecimal digits, or a pair of them as UTF-16
// has it, and returns how many bytes they take, 0 when they are no character.
func unicodeEscape(text []byte) (r rune, length int) {
	switch r = utf16Unit(text); {
	case r < 0:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 5
	case len(text) < 11 || text[5] != '\\':
		return 0, 0
	}
	if r = utf16.DecodeRune(r, utf16Unit(text[6:])); r == utf8.RuneError {
		return 0, 0
	}
	return r, 11
}

// utf16Unit reads u and four hexadecimal digits, -1 when they are none.
func utf16Unit(text []byte) rune {
	if len(text) < 5 || text[0] != 'u' {
		return -1
	}
	r, err := strconv.ParseUint(string(text[1:5]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(r)
}
