package jsonwalk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"boussole/data/intake/jsonwalk"
)

// value builds what the walker walks over, the way encoding/json would.
func value(w *jsonwalk.Walker) (any, error) {
	kind, err := w.Kind()
	if err != nil {
		return nil, err
	}
	switch kind {
	case jsonwalk.Object:
		all := make(map[string]any)
		return all, w.Object(func(name string) error {
			v, err := value(w)
			all[runes(name)] = v
			return err
		})
	case jsonwalk.Array:
		all := []any{}
		return all, w.Array(func(int) error {
			v, err := value(w)
			all = append(all, v)
			return err
		})
	}
	text, ok, err := w.Text(1 << 20)
	switch {
	case err != nil || !ok:
		return nil, err
	case kind == jsonwalk.Null:
		return nil, nil
	case kind == jsonwalk.String:
		return runes(string(text)), nil
	case kind == jsonwalk.Number:
		return json.Number(text), nil
	}
	return kind == jsonwalk.True, nil
}

// runes puts U+FFFD for every byte that is no Unicode, as encoding/json does.
func runes(text string) string { return string([]rune(text)) }

func build(r io.Reader) (any, error) {
	w := jsonwalk.New(r)
	v, err := value(w)
	if err == nil {
		err = w.End()
	}
	return v, err
}

func skip(r io.Reader) (int, error) {
	w := jsonwalk.New(r)
	depth, err := w.Skip()
	if err == nil {
		err = w.End()
	}
	return depth, err
}

var texts = []string{
	`{}`, `[]`, `""`, `0`, `-0`, `1.5e+3`, `true`, `false`, `null`, ` [ 1 , 2 ] `, "\n{\t\"a\" :\r{} }\n",
	`{"pmej":[{"ege":[{"informationsGeneralesEGE":{"nomEgeLong":"ÉTABLISSEMENT  "}}]}]}`,
	`["\"\\\/\b\f\n\r\té","\u00e9","\ud83c\udfe5","\ud83c","\udfe5","\ud83c\ud83c\udfe5","\ud83cx","\ud83c\n","é\ud83c"]`,
	`[[[[[[]]],{"a":[{}]}]]]`, `[-1,10,0.5,1e5,1E-5,12345678901234567890]`,
	// and what is no JSON
	``, ` `, `{`, `[`, `"`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `[1,]`, `[1 2]`, `{"a" 1}`, `{a:1}`, `{1:1}`, `[}`, `{]`,
	`{"a":1]`, `[1}`, `01`, `-`, `1.`, `.5`, `1e`, `1e+`, `+1`, `tru`, `trux`, `nul`, `falsy`, `NaN`, `'a'`, `"\x"`, `"\u12g4"`, `"\u12`, `"\`,
	"\"a\nb\"", "\"\x00\"", `{}{}`, `[] x`, `1 2`, `//`, "\u00a0[]", `,`, `:`, `]`, `}`, `{"a":}`, `{,}`, `[,]`, "\"\xff\xc3\"", "\ufeff[1]", "\ufeff", "[\ufeff]",
}

// Whatever the text is, and however it comes, the walker and encoding/json
// think the same of it.
func TestLikeEncodingJSON(t *testing.T) {
	for _, text := range texts {
		checkText(t, text)
	}
}

func checkText(t *testing.T, text string) {
	t.Helper()
	var want any
	decoder := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	decoder.UseNumber()
	valid := json.Valid([]byte(strings.TrimPrefix(text, "\ufeff")))
	if valid {
		if err := decoder.Decode(&want); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	}
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "the end with the data": iotest.DataErrReader,
	} {
		got, err := build(wrap(strings.NewReader(text)))
		if (err == nil) != valid || valid && !reflect.DeepEqual(got, want) {
			t.Errorf("%.200q %s: %v, %v; valid is %v, want %v", text, name, got, err, valid, want)
		}
		if _, err := skip(wrap(strings.NewReader(text))); (err == nil) != valid {
			t.Errorf("%.200q %s, passed over: %v; valid is %v", text, name, err, valid)
		}
	}
}

func FuzzLikeEncodingJSON(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 9000 {
			t.Skip("encoding/json stops at ten thousand levels")
		}
		tokens := json.NewDecoder(strings.NewReader(text))
		for token, err := tokens.Token(); err == nil; token, err = tokens.Token() {
			if name, ok := token.(string); ok && len(name) > 256 {
				t.Skip("this long it may be a name, which is given as none")
			}
		}
		checkText(t, text)
	})
}

// A fault says at which byte it is.
func TestFaults(t *testing.T) {
	cases := []struct{ text, want string }{
		{`{"a":[1,2,x]}`, `at byte 10: 'x' where a value must be`},
		{`{"a":1;}`, `at byte 6: ';' where a comma or '}' must be`},
		{`[1;]`, `at byte 2: ';' where a comma or ']' must be`},
		{`{"a";1}`, `at byte 4: ';' where ':' must be`},
		{`{"a":1,"b`, `at byte 9: unexpected EOF`},
		{`{"a":1, b`, `at byte 8: 'b' where the name of a member must be`},
		{"[\"a\nb\"]", `at byte 3: '\n' where a character of a string must be`},
		{`["\x"]`, `at byte 3: 'x' where an escaped character must be`},
		{`["\u00G0"]`, `at byte 6: 'G' where a hexadecimal digit must be`},
		{`[1.x]`, `at byte 3: 'x' where a digit must be`},
		{`[-`, `at byte 2: unexpected EOF`},
		{`[nil]`, `at byte 2: 'i' where null must be`},
		{`{} {}`, `at byte 3: '{' where the end of the file must be`},
	}
	for _, c := range cases {
		_, err := build(strings.NewReader(c.text))
		_, passed := skip(strings.NewReader(c.text))
		if err == nil || err.Error() != c.want || passed == nil || passed.Error() != c.want {
			t.Errorf("%s: %v, passed over: %v; want %s", c.text, err, passed, c.want)
		}
		if strings.Contains(c.want, "EOF") && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v wraps no unexpected EOF", c.text, err)
		}
	}
}

func TestTheReaderFails(t *testing.T) {
	broken := errors.New("made-up fault of a disk")
	for _, text := range []string{``, `{"a":`, `["abc`, `[12`, `[tr`, `["\u00`, `[] `} {
		r := func() io.Reader { return io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)) }
		_, built := build(r())
		_, passed := skip(r())
		want := fmt.Sprintf("at byte %d: made-up fault of a disk", len(text))
		if !errors.Is(built, broken) || built.Error() != want || !errors.Is(passed, broken) {
			t.Errorf("%q: %v, passed over: %v; want %s", text, built, passed, want)
		}
	}
	w := jsonwalk.New(idle{})
	if _, err := w.Kind(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that gives nothing: %v", err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestTextLimit(t *testing.T) {
	cases := []struct {
		text  string
		limit int
		want  string
		ok    bool
	}{
		{`"abc"`, 3, "abc", true},
		{`"abcd"`, 3, "", false},
		{`"\u00e9"`, 2, "é", true},
		{`"\u00e9"`, 1, "", false},
		{`"\ud83c\udfe5"`, 4, "🏥", true},
		{`"\ud83c\udfe5"`, 3, "", false},
		{`"\ud83c"`, 3, "\ufffd", true},
		{`"\ud83c"`, 2, "", false},
		{`"abcd\ud83ce"`, 3, "", false},
		{`""`, 0, "", true},
		{`123`, 3, "123", true},
		{`1234`, 3, "", false},
		{`true`, 4, "true", true},
		{`false`, 4, "", false},
		{`null`, 0, "", true},
	}
	for _, c := range cases {
		w := jsonwalk.New(strings.NewReader("[" + c.text + ",7]"))
		err := w.Array(func(i int) error {
			got, ok, err := w.Text(c.limit)
			if i == 0 && (string(got) != c.want || ok != c.ok) {
				t.Errorf("%s in %d bytes: %q, %v; want %q, %v", c.text, c.limit, got, ok, c.want, c.ok)
			}
			return err
		})
		if err != nil || w.End() != nil || w.Offset() != int64(len(c.text))+4 {
			t.Errorf("%s: %v, at %d", c.text, err, w.Offset())
		}
	}
	for _, text := range []string{`{}`, `[]`} {
		if _, ok, err := jsonwalk.New(strings.NewReader(text)).Text(9); ok || err == nil {
			t.Errorf("%s read as a text: %v, %v", text, ok, err)
		}
	}
}

func TestDepth(t *testing.T) {
	cases := []struct {
		text string
		want int
	}{
		{`1`, 0}, {`"a"`, 0}, {`{}`, 1}, {`[]`, 1}, {`[1]`, 1}, {`[{}]`, 2}, {`{"a":[[]],"b":1}`, 3}, {`[[],[[[]]],[]]`, 4},
	}
	for _, c := range cases {
		if got, err := skip(strings.NewReader(c.text)); got != c.want || err != nil {
			t.Errorf("%s: depth %d, %v; want %d", c.text, got, err, c.want)
		}
	}
	for depth, valid := range map[int]bool{jsonwalk.MaxDepth: true, jsonwalk.MaxDepth + 1: false} {
		text := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		if _, err := skip(strings.NewReader(text)); (err == nil) != valid {
			t.Errorf("%d levels: %v", depth, err)
		}
	}
}

// A name longer than any that a format has is given as none.
func TestLongNames(t *testing.T) {
	for length, want := range map[int]int{256: 256, 257: 0, 1 << 20: 0} {
		w := jsonwalk.New(strings.NewReader(`{"` + strings.Repeat("n", length) + `":1}`))
		err := w.Object(func(name string) error {
			if len(name) != want {
				t.Errorf("a name of %d is given as one of %d", length, len(name))
			}
			_, err := w.Skip()
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// What the caller says ends the walk.
func TestTheCallerStops(t *testing.T) {
	stop := errors.New("enough")
	for _, text := range []string{`{"a":1,"b":2}`, `[1,2]`} {
		w := jsonwalk.New(strings.NewReader(text))
		calls := 0
		err := w.Object(func(string) error { calls++; return stop })
		if text[0] == '[' {
			w = jsonwalk.New(strings.NewReader(text))
			err = w.Array(func(int) error { calls++; return stop })
		}
		if err != stop || calls != 1 {
			t.Errorf("%s: %v after %d calls", text, err, calls)
		}
	}
}

// endless is a text of any length: a head, then the same bytes again and again.
type endless struct {
	head, body string
	left       int
}

func (e *endless) Read(b []byte) (int, error) {
	if e.head != "" {
		n := copy(b, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(e.body) <= len(b) && e.left > 0 {
		n += copy(b[n:], e.body)
		e.left -= len(e.body)
	}
	return n, nil
}

// Nothing that a text holds makes the walker hold more.
func TestMemory(t *testing.T) {
	const length = 64 << 20
	for name, text := range map[string]*endless{
		"a long string":     {`"`, "a", length},
		"a string of half":  {`"`, `\ud800`, length},
		"a long number":     {`[1`, "2", length},
		"a long array":      {`[1`, `,"text"`, length},
		"a long object":     {`{"a":1`, `,"text":[{}]`, length},
		"blanks":            {``, "    ", length},
		"a name":            {`{"`, `n`, length},
		"deep, if it could": {``, `[`, length},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := jsonwalk.New(text).Skip(); err == nil {
			t.Errorf("%s: no error, though the text has no end", name)
		}
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 1<<20 {
			t.Errorf("%s: %d bytes allocated", name, allocated)
		}
	}
}

func BenchmarkSkip(b *testing.B) {
	text := strings.Repeat(`{ "evenementId" : "140923", "dateEnregistrement" : "2023-03-15 11:21:01", "etatObjet1" : "003" }, `, 10_000)
	text = "[" + strings.TrimSuffix(text, ", ") + "]"
	b.SetBytes(int64(len(text)))
	b.Run("walker", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := skip(strings.NewReader(text)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json-tokens", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			d := json.NewDecoder(bytes.NewReader([]byte(text)))
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
