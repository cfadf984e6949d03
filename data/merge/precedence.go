package merge

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

//go:embed precedence.txt
var ownPrecedence string

// attributes are those that a table may have a line for.
var attributes = []string{
	"name", "type", "field", "category", "family", "ages", "consent", "hours", "characteristic",
	"site", "place", "address", "position", "record", "id",
}

// Precedence says which source is believed, by attribute. The zero Precedence
// believes all of them alike: the region, the date and the id decide.
type Precedence struct {
	order map[string][]string
}

// OwnPrecedence is the table that is used where an operator has no other.
var OwnPrecedence = func() Precedence {
	p, err := ReadPrecedence(strings.NewReader(ownPrecedence))
	if err != nil {
		panic("merge: precedence.txt: " + err.Error())
	}
	return p
}()

// ReadPrecedence reads a table as precedence.txt is one: a line is an attribute,
// or "*" for all others, and sources. The error names every line at fault.
func ReadPrecedence(r io.Reader) (Precedence, error) {
	p := Precedence{order: make(map[string][]string)}
	var faults []error
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		if fault := p.add(words[0], words[1:]); fault != "" {
			faults = append(faults, fmt.Errorf("line %d: %s", n, fault))
		}
	}
	return p, errors.Join(append(faults, lines.Err())...)
}

func (p *Precedence) add(attribute string, sources []string) (fault string) {
	_, twice := p.order[attribute]
	switch {
	case attribute != "*" && !slices.Contains(attributes, attribute):
		return fmt.Sprintf("%q is no attribute; there are *, %s", attribute, strings.Join(attributes, ", "))
	case twice:
		return fmt.Sprintf("%q has a line already", attribute)
	case len(sources) == 0:
		return fmt.Sprintf("%q names no source", attribute)
	}
	for i, s := range sources {
		if slices.Contains(sources[:i], s) {
			return fmt.Sprintf("%q names %s twice", attribute, s)
		}
	}
	p.order[attribute] = sources
	return ""
}

// rank returns the place of a source in the line of an attribute, 0 the most
// trusted.
func (p Precedence) rank(attribute, source string) int {
	order, known := p.order[attribute]
	if !known {
		order = p.order["*"]
	}
	if i := slices.Index(order, source); i >= 0 {
		return i
	}
	return len(order)
}
