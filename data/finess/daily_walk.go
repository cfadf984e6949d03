package finess

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"boussole/data/intake/jsonwalk"
)

// step is one rung of where a reading is: a member of an object, whose name is
// empty before the first, or an element of a list.
type step struct {
	name  string
	list  bool
	index int
}

// where is the path of the value being read, "pmej[12].ege[3].adresse[0]".
func (d *daily) where() string {
	var path strings.Builder
	for i, at := range d.path {
		switch {
		case at.list:
			path.WriteString("[" + strconv.Itoa(at.index) + "]")
		case i > 0 && at.name != "":
			path.WriteString("." + at.name)
		default:
			path.WriteString(at.name)
		}
	}
	return path.String()
}

func (d *daily) note(what string) { d.noter.Note(what) }

// flawed makes the record being read unusable. The first flaw is the one told.
func (d *daily) flawed(reason string) {
	if d.fault.reason == "" {
		d.fault = flaw{d.where(), reason}
	}
}

// object takes an object, member by member.
func (d *daily) object(member func(name string) error) error {
	at := len(d.path)
	d.path = append(d.path, step{})
	err := d.walk.Object(func(name string) error {
		d.path[at].name = name
		return member(name)
	})
	if err == nil {
		d.path = d.path[:at] // after an error the path says where
	}
	return err
}

// list takes a list, element by element; what is no list counts as its only
// element.
func (d *daily) list(element func() error) error {
	kind, err := d.walk.Kind()
	switch {
	case err != nil:
		return err
	case kind == jsonwalk.Null:
		return d.skip()
	case kind != jsonwalk.Array:
		return element()
	}
	at := len(d.path)
	d.path = append(d.path, step{list: true})
	err = d.walk.Array(func(i int) error {
		d.path[at].index = i
		return element()
	})
	if err == nil {
		d.path = d.path[:at]
	}
	return err
}

// skip takes any value. One nested deeper than any that the format has makes
// the record unusable.
func (d *daily) skip() error {
	depth, err := d.walk.Skip()
	if depth > maxNesting {
		d.flawed(fmt.Sprintf("nested deeper than %d", maxNesting))
	}
	return err
}

// shape is what an object of the format holds.
type shape struct {
	fields map[string]int    // texts, and which field each is
	inner  map[string]*shape // objects whose fields are its own
	passed map[string]bool   // what is known and not needed
}

// fields takes an object, and puts its texts where its shape says. What the
// shape does not name goes to other, which may be nil and says whether it took
// the value.
func (d *daily) fields(s *shape, into [][]byte, other func(name string) (bool, error)) error {
	kind, err := d.walk.Kind()
	switch {
	case err != nil:
		return err
	case kind == jsonwalk.Null:
		return d.skip()
	case kind != jsonwalk.Object:
		d.flawed("a text or list where an object must be")
		return d.skip()
	}
	return d.object(func(name string) error {
		if field, ok := s.fields[name]; ok {
			return d.field(into, field)
		}
		if inner, ok := s.inner[name]; ok {
			return d.fields(inner, into, nil)
		}
		if other != nil {
			if taken, err := other(name); taken || err != nil {
				return err
			}
		}
		if !s.passed[name] {
			d.note(noteUnknownMember)
		}
		return d.skip()
	})
}

// field takes a text and keeps it, unless there is one already.
func (d *daily) field(into [][]byte, field int) error {
	written, err := d.text()
	if err != nil || len(written) == 0 || len(into[field]) > 0 {
		return err
	}
	if !utf8.Valid(written) {
		d.note(noteNotUnicode)
	}
	if field == dateouv || field == dateFermeture || field == maj {
		written = day(written)
	}
	into[field] = bytes.Clone(written)
	return nil
}

// text takes a text, valid until the next one, without control characters and
// empty when it is only blanks.
func (d *daily) text() ([]byte, error) {
	kind, err := d.walk.Kind()
	switch {
	case err != nil:
		return nil, err
	case kind == jsonwalk.Array:
		return d.firstText()
	}
	return d.oneText(kind)
}

func (d *daily) oneText(kind jsonwalk.Kind) ([]byte, error) {
	switch kind {
	case jsonwalk.Object, jsonwalk.Array:
		d.flawed("an object or list where a text must be")
		return nil, d.skip()
	case jsonwalk.Number, jsonwalk.True, jsonwalk.False:
		d.note(noteNotText)
	}
	written, short, err := d.walk.Text(maxText)
	if err == nil && !short {
		d.flawed(fmt.Sprintf("longer than %d bytes", maxText))
	}
	for i, c := range written {
		if c < ' ' {
			written[i] = ' '
		}
	}
	if len(bytes.TrimSpace(written)) == 0 {
		return nil, err
	}
	return written, err
}

// firstText takes a list of texts for the first that is not empty.
func (d *daily) firstText() (first []byte, err error) {
	several := false
	err = d.list(func() error {
		kind, err := d.walk.Kind()
		if err != nil {
			return err
		}
		written, err := d.oneText(kind)
		if first != nil {
			several = several || len(written) > 0
		} else if len(written) > 0 {
			first = bytes.Clone(written)
		}
		return err
	})
	if several {
		d.note(noteSeveral)
	}
	return first, err
}
