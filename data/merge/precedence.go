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

// readers are the words of the sources that the project reads. All bases of the ROR
// are "fhir": among them the region decides, and no word for one of them.
var readers = []string{"fhir", "finess", "sae", "rpps", "ndjson"}

// ownSources begins a line that names sources of the operator's own, as lines of
// NDJSON have them.
const ownSources = "source"

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
// or "*" for all others, and sources; or "source", and words for sources that no reader
// of the project has. A table without an attribute is an error. The error names every
// line at fault.
func ReadPrecedence(r io.Reader) (Precedence, error) {
	p := Precedence{order: make(map[string][]string)}
	table, faults := linesOf(r)
	known := slices.Clone(readers)
	for _, l := range table {
		if l.words[0] == ownSources {
			known = append(known, l.words[1:]...)
		}
	}
	for _, l := range table {
		if fault := p.add(l.words[0], l.words[1:], known); fault != "" {
			faults = append(faults, fmt.Errorf("line %d: %s", l.number, fault))
		}
	}
	if len(faults) == 0 && len(p.order) == 0 {
		faults = append(faults, errors.New("no line says who is believed of what"))
	}
	return p, errors.Join(faults...)
}

// tableLine is what a line of a table says.
type tableLine struct {
	number int // from 1
	words  []string
}

// linesOf reads the lines that say something, what follows a # aside.
func linesOf(r io.Reader) (table []tableLine, faults []error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if words := strings.Fields(text); len(words) > 0 {
			table = append(table, tableLine{n, words})
		}
	}
	if err := lines.Err(); err != nil {
		faults = append(faults, err)
	}
	return table, faults
}

func (p *Precedence) add(attribute string, sources, known []string) (fault string) {
	_, twice := p.order[attribute]
	switch {
	case attribute != "*" && attribute != ownSources && !slices.Contains(attributes, attribute):
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
		if fault := unknownSource(s, known); fault != "" {
			return fault
		}
	}
	if attribute != ownSources {
		p.order[attribute] = sources
	}
	return ""
}

// unknownSource says why no record can be of a source, "" where one can.
func unknownSource(word string, known []string) string {
	if slices.Contains(known, word) {
		return ""
	}
	reader, _, named := strings.Cut(word, "-")
	if named && slices.Contains(readers, reader) {
		return fmt.Sprintf("%q is no source: every base that is read so is %s, and among bases the region decides", word, reader)
	}
	return fmt.Sprintf("%q is no source; there are %s, and others that lines of NDJSON name, once a line %q says so", word, strings.Join(known, ", "), ownSources+" "+word)
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
