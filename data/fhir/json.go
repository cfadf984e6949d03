package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A value is a JSON value as it was written: members in their order, numbers as
// text. Trees of these cost a third of what encoding/json takes to fill a map,
// and keep what the model has no place for.
type value struct {
	kind    byte     // one of { [ " 0 t f n
	text    string   // of a string, without quotes; of a number, as written
	members []member // of an object
	items   []*value // of an array
}

type member struct {
	name  string
	value *value
}

func textValue(s string) *value            { return &value{kind: '"', text: s} }
func numberValue(s string) *value          { return &value{kind: '0', text: s} }
func arrayValue(items ...*value) *value    { return &value{kind: '[', items: items} }
func objectValue(list ...member) *value    { return &value{kind: '{', members: list} }
func (v *value) get(name string) *value    { return v.members[v.index(name)].value }
func (v *value) has(name string) bool      { return v.index(name) >= 0 }
func (v *value) add(name string, w *value) { v.members = append(v.members, member{name, w}) }

func boolValue(b bool) *value {
	if b {
		return &value{kind: 't'}
	}
	return &value{kind: 'f'}
}

func (v *value) index(name string) int {
	return slices.IndexFunc(v.members, func(m member) bool { return m.name == name })
}

// textOf returns the text of a member, "" when it has none.
func (v *value) textOf(name string) string {
	if i := v.index(name); i >= 0 && v.members[i].value.kind == '"' {
		return v.members[i].value.text
	}
	return ""
}

// list returns the items of an array, or the value alone: single elements are
// written without brackets in some of the guide's own examples.
func (v *value) list() []*value {
	if v.kind == '[' {
		return v.items
	}
	return []*value{v}
}

// maxDepth is well above the eight levels of the deepest ROR extension.
const maxDepth = 64

var (
	errDepth = errors.New("nested deeper than 64 levels")
	errTwice = errors.New("the same name twice in an object")
)

// parse reads one JSON value. An object that has a name twice is refused: what
// it means depends on who reads it, and it may be a sensitive unit for one and
// not for the other.
func parse(text []byte) (*value, error) {
	v, _, err := parseEntry(text)
	return v, err
}

// parseEntry is parse, and returns the text of the member "resource" too, in
// which an entry of a bundle has what it is about.
func parseEntry(text []byte) (v *value, resource []byte, err error) {
	if !json.Valid(text) {
		var any json.RawMessage
		err := json.Unmarshal(text, &any)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, nil, fmt.Errorf("not JSON after %d bytes: %w", syntax.Offset, err)
		}
		return nil, nil, fmt.Errorf("not JSON: %w", err)
	}
	p := parser{text: text}
	v = p.value(0)
	return v, p.resource, p.err
}

// parser reads JSON that is known to be valid.
type parser struct {
	text     []byte
	at       int
	err      error
	resource []byte // the text of the outermost member of that name
}

func (p *parser) space() byte {
	for p.text[p.at] <= ' ' {
		p.at++
	}
	return p.text[p.at]
}

func (p *parser) value(depth int) *value {
	if depth > maxDepth {
		p.fail(errDepth)
	}
	if p.err != nil {
		return &value{kind: 'n'}
	}
	switch kind := p.space(); kind {
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	case '"':
		return textValue(p.string())
	case 't', 'n':
		p.at += 4
		return &value{kind: kind}
	case 'f':
		p.at += 5
		return &value{kind: kind}
	}
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.eE0123456789", p.text[p.at]) >= 0 {
		p.at++
	}
	return numberValue(string(p.text[from:p.at]))
}

func (p *parser) fail(err error) { p.err, p.at = err, len(p.text) }

func (p *parser) object(depth int) *value {
	v := &value{kind: '{'}
	p.at++
	var names map[string]bool // only of objects too large to look through
	for p.space() != '}' {
		if p.text[p.at] == ',' {
			p.at++
			p.space()
		}
		name := p.string()
		p.space()
		p.at++ // the colon
		if len(v.members) == 32 {
			names = make(map[string]bool)
			for _, m := range v.members {
				names[m.name] = true
			}
		}
		if names[name] || names == nil && v.has(name) {
			p.fail(errTwice)
		}
		if names != nil {
			names[name] = true
		}
		from := p.at
		v.add(name, p.value(depth+1))
		if p.err != nil {
			return v
		}
		if depth == 0 && name == "resource" {
			p.resource = bytes.TrimSpace(p.text[from:p.at])
		}
	}
	p.at++
	return v
}

func (p *parser) array(depth int) *value {
	v := &value{kind: '['}
	p.at++
	for p.space() != ']' {
		if p.text[p.at] == ',' {
			p.at++
		}
		v.items = append(v.items, p.value(depth+1))
		if p.err != nil {
			return v
		}
	}
	p.at++
	return v
}

func (p *parser) string() string {
	from, plain := p.at, true
	for p.at++; p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			plain = false
			p.at++
		}
	}
	p.at++
	quoted := p.text[from:p.at]
	if plain && utf8.Valid(quoted) {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		p.fail(err)
	}
	return s
}

// appendValue writes a value without blanks.
func appendValue(b []byte, v *value) []byte {
	switch v.kind {
	case '{':
		b = append(b, '{')
		for i, m := range v.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, m.name), ':')
			b = appendValue(b, m.value)
		}
		return append(b, '}')
	case '[':
		b = append(b, '[')
		for i, item := range v.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendValue(b, item)
		}
		return append(b, ']')
	case '"':
		return appendString(b, v.text)
	case 't':
		return append(b, "true"...)
	case 'f':
		return append(b, "false"...)
	case 'n':
		return append(b, "null"...)
	}
	return append(b, v.text...)
}

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

func (v *value) String() string { return string(appendValue(nil, v)) }
