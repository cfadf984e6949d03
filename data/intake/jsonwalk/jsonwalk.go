// Package jsonwalk walks a JSON text of any size, front to back, in memory that
// depends neither on its size nor on that of any value in it.
//
// Every byte is held to RFC 8259, also of what is passed over, so that damage
// in the middle of a file is found where it is. It refuses to build values: who
// walks says at each one whether to go in, to read it as a text, or to pass.
//
// encoding/json is not enough here: its Decoder holds a whole value, a text of
// a gigabyte too, and reads tokens at a tenth of the speed (BenchmarkSkip).
package jsonwalk

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep values may be nested; a text that is deeper is a fault.
// It bounds what Skip holds, one byte a level.
const MaxDepth = 1 << 16

// maxName is how much of the name of a member is read. A longer one is given
// as the empty name, which no format uses.
const maxName = 256

// Walker is a place in a JSON text: before a value, or at its end. The methods
// that take a value leave it behind that value. After an error it is of no more
// use. It is not safe for concurrent use.
type Walker struct {
	r        io.Reader
	buf      []byte
	pos, end int   // buf[pos:end] is read and not walked
	before   int64 // bytes of the text before buf
	err      error // of r

	text  []byte            // of the last string, number or literal
	high  rune              // the first half of a surrogate pair, 0 when there is none
	names map[string]string // so that the same name is made once
	open  []byte            // the brackets of what is passed over
}

// New returns a walker before the one value of a text. A byte order mark is
// passed over.
func New(r io.Reader) *Walker {
	return &Walker{r: r, buf: make([]byte, 1<<16), names: make(map[string]string)}
}

// Offset returns how many bytes of the text lie behind.
func (w *Walker) Offset() int64 { return w.before + int64(w.pos) }

// Kind is what a value begins with.
type Kind byte

// Kinds of values.
const (
	Object Kind = '{'
	Array  Kind = '['
	String Kind = '"'
	Number Kind = '0'
	True   Kind = 't'
	False  Kind = 'f'
	Null   Kind = 'n'
)

// Kind returns the kind of the next value, without taking it.
func (w *Walker) Kind() (Kind, error) {
	c, err := w.peek()
	switch {
	case err != nil:
		return 0, err
	case c == '-' || c >= '0' && c <= '9':
		return Number, nil
	case c == '{' || c == '[' || c == '"' || c == 't' || c == 'f' || c == 'n':
		return Kind(c), nil
	}
	return 0, w.unexpected(c, "a value")
}

// Object takes an object: member is called before the value of each member and
// MUST take exactly that value. Its error ends the walk.
func (w *Walker) Object(member func(name string) error) error {
	if empty, err := w.enter('{', '}'); empty || err != nil {
		return err
	}
	for {
		name, err := w.name()
		if err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
		if more, err := w.more('}'); !more || err != nil {
			return err
		}
	}
}

// Array takes an array: element is called before each element, counted from
// zero, and MUST take exactly that one. Its error ends the walk.
func (w *Walker) Array(element func(i int) error) error {
	if empty, err := w.enter('[', ']'); empty || err != nil {
		return err
	}
	for i := 0; ; i++ {
		if err := element(i); err != nil {
			return err
		}
		if more, err := w.more(']'); !more || err != nil {
			return err
		}
	}
}

// Text takes a string, a number, true or false, as a text; of null it is empty.
// It is valid until the next call. False means that it has more than limit
// bytes, and then none is given. What is no Unicode in it is left as it is.
func (w *Walker) Text(limit int) ([]byte, bool, error) {
	kind, err := w.Kind()
	if err != nil {
		return nil, false, err
	}
	short := true
	switch kind {
	case Object, Array:
		return nil, false, w.fault("an object or array, where a text is")
	case String:
		short, err = w.string(limit)
	case Number:
		short, err = w.number(limit)
	case Null:
		err = w.literal("null")
		w.text = w.text[:0]
	default:
		short, err = w.boolean(limit)
	}
	if err != nil || !short {
		return nil, short, err
	}
	return w.text, true, nil
}

func (w *Walker) boolean(limit int) (bool, error) {
	word := "false"
	if w.buf[w.pos] == 't' {
		word = "true"
	}
	w.text = append(w.text[:0], word...)
	return len(word) <= limit, w.literal(word)
}

// Skip takes any value, and returns how deep it was nested: 0 for a text, 1 for
// an object of texts.
func (w *Walker) Skip() (depth int, err error) {
	w.open = w.open[:0]
	for {
		kind, err := w.Kind()
		if err != nil {
			return depth, err
		}
		if kind == Object || kind == Array {
			depth = max(depth, len(w.open)+1)
		}
		inside, err := w.skipInto(kind)
		if err != nil {
			return depth, err
		}
		if inside {
			continue // before the first value of what was opened
		}
		if done, err := w.skipOut(); done || err != nil {
			return depth, err
		}
	}
}

// skipInto takes a text whole, or of an object or array what comes before its
// first value.
func (w *Walker) skipInto(kind Kind) (inside bool, err error) {
	switch kind {
	case Object, Array:
		closing := byte(kind) + 2 // of '[' and of '{' alike
		if len(w.open) == MaxDepth {
			return false, w.fault(fmt.Sprintf("nested deeper than %d", MaxDepth))
		}
		w.open = append(w.open, closing)
		empty, err := w.enter(byte(kind), closing)
		if empty || err != nil {
			w.open = w.open[:len(w.open)-1]
			return false, err
		}
		if kind == Object {
			_, err = w.name()
		}
		return true, err
	case String:
		_, err = w.string(-1)
	case Number:
		_, err = w.number(-1)
	case Null:
		err = w.literal("null")
	default:
		_, err = w.boolean(0)
	}
	return false, err
}

// skipOut takes what comes after a value: the ends of all that it closes, or
// what comes before the next value.
func (w *Walker) skipOut() (done bool, err error) {
	for len(w.open) > 0 {
		closing := w.open[len(w.open)-1]
		more, err := w.more(closing)
		if err != nil {
			return false, err
		}
		if more {
			if closing == '}' {
				_, err = w.name()
			}
			return false, err
		}
		w.open = w.open[:len(w.open)-1]
	}
	return true, nil
}

// End says that the text must be over: anything but blanks is a fault.
func (w *Walker) End() error {
	c, err := w.peek()
	if errors.Is(err, io.ErrUnexpectedEOF) && w.err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	return w.unexpected(c, "the end of the file")
}

// enter takes an opening bracket, and the closing one too if nothing is inside.
func (w *Walker) enter(opening, closing byte) (empty bool, err error) {
	if err := w.take(opening); err != nil {
		return false, err
	}
	c, err := w.peek()
	if err == nil && c == closing {
		w.pos++
		return true, nil
	}
	return false, err
}

// more takes what stands after a value: a comma, or the closing bracket.
func (w *Walker) more(closing byte) (bool, error) {
	c, err := w.peek()
	switch {
	case err != nil:
		return false, err
	case c == ',':
		w.pos++
		return true, nil
	case c == closing:
		w.pos++
		return false, nil
	}
	return false, w.unexpected(c, fmt.Sprintf("a comma or %q", rune(closing)))
}

// name takes the name of a member, and its colon.
func (w *Walker) name() (string, error) {
	c, err := w.peek()
	if err != nil {
		return "", err
	}
	if c != '"' {
		return "", w.unexpected(c, "the name of a member")
	}
	short, err := w.string(maxName)
	if err != nil {
		return "", err
	}
	name := ""
	if short {
		name = w.intern()
	}
	return name, w.take(':')
}

// intern returns the last text as a string. A file has some hundred names; one
// that has more is not to fill the memory.
func (w *Walker) intern() string {
	if known, ok := w.names[string(w.text)]; ok {
		return known
	}
	name := string(w.text)
	if len(w.names) < 1024 {
		w.names[name] = name
	}
	return name
}

func (w *Walker) take(want byte) error {
	c, err := w.peek()
	if err != nil {
		return err
	}
	if c != want {
		return w.unexpected(c, fmt.Sprintf("%q", rune(want)))
	}
	w.pos++
	return nil
}

// peek passes over blanks and returns the byte after them, without taking it.
func (w *Walker) peek() (byte, error) {
	for {
		for ; w.pos < w.end; w.pos++ {
			switch c := w.buf[w.pos]; c {
			case ' ', '\n', '\r', '\t':
			default:
				return c, nil
			}
		}
		if err := w.fill(); err != nil {
			return 0, err
		}
	}
}

// fill reads more of the text, when all that was read has been walked.
func (w *Walker) fill() error {
	start := w.before == 0 && w.end == 0
	w.before += int64(w.end)
	w.pos, w.end = 0, 0
	for tries := 0; w.end == 0 || start && w.end < len(mark); tries++ {
		if w.err == nil && tries == 100 {
			w.err = io.ErrNoProgress
		}
		if w.err != nil {
			break
		}
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		w.err = err
	}
	if start && w.end >= len(mark) && string(w.buf[:len(mark)]) == mark {
		w.pos = len(mark)
	}
	switch {
	case w.pos < w.end:
		return nil
	case w.err == nil:
		return w.fill() // there was nothing yet but the mark
	case w.err == io.EOF:
		return w.ended()
	}
	return fmt.Errorf("at byte %d: %w", w.Offset(), w.err)
}

// ended is the fault of a text that ends too early.
func (w *Walker) ended() error {
	return fmt.Errorf("at byte %d: %w", w.Offset(), io.ErrUnexpectedEOF)
}

const mark = "\ufeff"

func (w *Walker) fault(what string) error {
	return fmt.Errorf("at byte %d: %s", w.Offset(), what)
}

func (w *Walker) unexpected(c byte, want string) error {
	return w.fault(fmt.Sprintf("%q where %s must be", rune(c), want))
}

// next takes one byte, whatever it is.
func (w *Walker) next() (byte, error) {
	if w.pos == w.end {
		if err := w.fill(); err != nil {
			return 0, err
		}
	}
	c := w.buf[w.pos]
	w.pos++
	return c, nil
}

// keep adds to the text unless it would pass the limit, and says whether it
// did not.
func (w *Walker) keep(limit int, part ...byte) bool {
	if len(w.text)+len(part) > limit {
		return false
	}
	w.text = append(w.text, part...)
	return true
}

// plain are the bytes of a string that stand for themselves.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return t
}()

// string takes a string. False means that it is longer than the limit.
func (w *Walker) string(limit int) (short bool, err error) {
	w.pos++ // the quote, which the caller has seen
	w.text, w.high = w.text[:0], 0
	short = limit >= 0
	for {
		start := w.pos
		for w.pos < w.end && plain[w.buf[w.pos]] {
			w.pos++
		}
		if w.pos > start {
			short = short && w.unpaired(limit) && w.keep(limit, w.buf[start:w.pos]...)
		}
		if w.pos == w.end {
			if err := w.fill(); err != nil {
				return false, err
			}
			continue
		}
		switch c := w.buf[w.pos]; c {
		case '"':
			w.pos++
			return short && w.unpaired(limit), nil
		case '\\':
			w.pos++
			r, err := w.escape()
			if err != nil {
				return false, err
			}
			short = short && w.keepRune(limit, r)
		default:
			return false, w.unexpected(c, "a character of a string")
		}
	}
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape takes what follows a backslash.
func (w *Walker) escape() (rune, error) {
	c, err := w.next()
	if err != nil {
		return 0, err
	}
	if r, ok := escapes[c]; ok {
		return r, nil
	}
	if c != 'u' {
		w.pos--
		return 0, w.unexpected(c, "an escaped character")
	}
	r := rune(0)
	for range 4 {
		c, err := w.next()
		if err != nil {
			return 0, err
		}
		digit, ok := hex(c)
		if !ok {
			w.pos--
			return 0, w.unexpected(c, "a hexadecimal digit")
		}
		r = r<<4 | digit
	}
	return r, nil
}

func hex(c byte) (rune, bool) {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0'), true
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

// keepRune adds an escaped character to the text. The first half of a surrogate
// pair waits for the second; a half without the other is U+FFFD, as it is for
// encoding/json.
func (w *Walker) keepRune(limit int, r rune) bool {
	if joined := utf16.DecodeRune(w.high, r); joined != utf8.RuneError {
		w.high = 0
		return w.keep(limit, utf8.AppendRune(nil, joined)...)
	}
	fits := w.unpaired(limit)
	if utf16.IsSurrogate(r) && r < 0xdc00 {
		w.high = r
		return fits
	}
	return fits && w.keep(limit, utf8.AppendRune(nil, r)...)
}

// unpaired adds what stands for a first half that no second half followed.
func (w *Walker) unpaired(limit int) bool {
	if w.high == 0 {
		return true
	}
	w.high = 0
	return w.keep(limit, utf8.AppendRune(nil, utf8.RuneError)...)
}

// literal takes one word.
func (w *Walker) literal(word string) error {
	for i := range len(word) {
		c, err := w.next()
		if err != nil {
			return err
		}
		if c != word[i] {
			w.pos--
			return w.unexpected(c, word)
		}
	}
	return nil
}

// number takes a number as it is written. False means that it is longer than
// the limit.
func (w *Walker) number(limit int) (short bool, err error) {
	n := number{w: w, limit: limit, short: limit >= 0}
	w.text = w.text[:0]
	n.accept("-")
	if !n.accept("0") {
		n.digits()
	}
	if n.accept(".") {
		n.digits()
	}
	if n.accept("eE") {
		n.accept("+-")
		n.digits()
	}
	return n.short, n.err
}

// number is one being read. After an error it accepts nothing.
type number struct {
	w     *Walker
	limit int
	short bool
	err   error
}

// at returns the byte that is next, and false at the end, which may be that of
// the number.
func (n *number) at() (byte, bool) {
	if n.err != nil {
		return 0, false
	}
	if n.w.pos == n.w.end {
		if err := n.w.fill(); err != nil {
			if n.w.err != io.EOF {
				n.err = err
			}
			return 0, false
		}
	}
	return n.w.buf[n.w.pos], true
}

// accept takes one of these bytes, if it is next.
func (n *number) accept(any string) bool {
	c, ok := n.at()
	if !ok || strings.IndexByte(any, c) < 0 {
		return false
	}
	n.w.pos++
	n.short = n.short && n.w.keep(n.limit, c)
	return true
}

// digits takes one or more of them.
func (n *number) digits() {
	if !n.accept("0123456789") && n.err == nil {
		if c, ok := n.at(); ok {
			n.err = n.w.unexpected(c, "a digit")
		} else if n.err == nil {
			n.err = n.w.ended()
		}
		return
	}
	for n.accept("0123456789") {
	}
}
