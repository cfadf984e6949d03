package nos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"boussole/data"
)

// resource is what we read of a CodeSystem, a ValueSet or a Bundle of them.
type resource struct {
	ResourceType string
	URL          string
	Version      string
	Status       string
	Content      string            // of a CodeSystem: "complete", or how far from it
	Concept      []json.RawMessage // of a CodeSystem
	Compose      struct {
		Include []json.RawMessage
	}
	Expansion struct {
		Contains []json.RawMessage
	}
	Entry []json.RawMessage
}

// part is a value in a file, with where it is.
type part struct {
	raw  []byte
	at   int    // the offset of its first byte
	path string // "concept[3]"; empty for the file
}

// parts returns the elements of a list in p, each with its own place.
func (p part) parts(name string, list []json.RawMessage) []part {
	if p.path != "" {
		name = p.path + "." + name
	}
	all, from := make([]part, len(list)), 0
	for i, raw := range list {
		from += max(0, bytes.Index(p.raw[from:], raw))
		all[i] = part{raw, p.at + from, fmt.Sprintf("%s[%d]", name, i)}
		from += len(raw)
	}
	return all
}

// document is the file that is being read, and the line in it that was last
// asked for.
type document struct {
	*reader
	content  []byte
	at, line int
}

func (r *reader) json(content []byte) error {
	d := &document{reader: r, content: content, line: 1}
	return d.resource(part{raw: content})
}

// lineOf returns the line of an offset. It is asked for in their order, mostly.
func (d *document) lineOf(offset int) int {
	if offset = min(offset, len(d.content)); offset < d.at {
		d.at, d.line = 0, 1
	}
	d.line += bytes.Count(d.content[d.at:offset], []byte{'\n'})
	d.at = offset
	return d.line
}

// resource reads a resource; one that is malformed makes the file unreadable.
func (d *document) resource(p part) error {
	var found resource
	if err := json.Unmarshal(p.raw, &found); err != nil {
		return fmt.Errorf("line %d: %w", d.lineOf(p.at+offsetOf(err)), err)
	}
	switch found.ResourceType {
	case "CodeSystem":
		d.codeSystem(p, &found)
	case "ValueSet":
		d.valueSet(p, &found)
	case "Bundle":
		if p.path != "" {
			return errNotMine // one in another
		}
		return d.bundle(p, &found)
	default:
		return errNotMine
	}
	return nil
}

func offsetOf(err error) int {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return int(syntax.Offset)
	case errors.As(err, &wrong):
		return int(wrong.Offset)
	}
	return 0
}

func (d *document) bundle(p part, b *resource) error {
	for _, each := range p.parts("entry", b.Entry) {
		var entry struct{ Resource json.RawMessage }
		if err := json.Unmarshal(each.raw, &entry); err != nil || entry.Resource == nil {
			d.files.Note(noteOther)
			continue
		}
		inner := each.parts("resource", []json.RawMessage{entry.Resource})[0]
		inner.path = each.path + ".resource"
		if err := d.resource(inner); errors.Is(err, errNotMine) {
			d.files.Note(noteOther)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// codeSystem reads a terminology. It is whole when it says so and every code of
// it could be read.
func (d *document) codeSystem(p part, s *resource) {
	origin := concept{system: s.URL, gone: retired(s.Status), rank: rank{true, s.Version}}
	rejected := d.concepts(p.parts("concept", s.Concept), origin, 0)
	if name := modelled(s.URL); name != "" && s.Content == "complete" && !rejected && len(s.Concept) > 0 {
		d.found.system(name).whole = true
	}
}

// retired reports whether a status says that a thing is out of use.
func retired(status string) bool {
	return slices.Contains([]string{"retired", "deprecated", "inactive", "withdrawn"}, status)
}

// published is a concept of a terminology, or one of a list, in JSON.
type published struct {
	System      string `json:"system"` // of an expansion
	Version     string `json:"version"`
	Code        string `json:"code"`
	Display     string `json:"display"`
	Inactive    bool   `json:"inactive"` // of an expansion
	Designation []struct {
		Value string `json:"value"`
	} `json:"designation"`
	Property []property `json:"property"`
}

type property struct {
	Code          string `json:"code"`
	ValueCode     string `json:"valueCode"`
	ValueString   string `json:"valueString"`
	ValueDateTime string `json:"valueDateTime"`
	ValueBoolean  bool   `json:"valueBoolean"`
}

// maxDepth is how deep a hierarchy may be. Each level is read once more for each
// one above it.
const maxDepth = 32

// concepts reads concepts and those below them, and reports whether one was
// rejected.
func (d *document) concepts(list []part, origin concept, depth int) (rejected bool) {
	for _, p := range list {
		if depth == maxDepth {
			d.books.Reject(d.lineOf(p.at), "", p.path, fmt.Sprintf("more than %d levels", maxDepth))
			rejected = true
			continue
		}
		c := origin
		if !d.one(p, &c) || d.keep(c) {
			rejected = true
			c.code = "" // and is the parent of none
		}
		var below struct {
			Concept  []json.RawMessage
			Contains []json.RawMessage
		}
		if err := json.Unmarshal(p.raw, &below); err != nil {
			continue // that it is wrong has been told
		}
		origin := origin
		origin.parent = c.code
		for _, children := range [][]part{p.parts("concept", below.Concept), p.parts("contains", below.Contains)} {
			if d.concepts(children, origin, depth+1) {
				rejected = true
			}
		}
	}
	return rejected
}

// one reads one concept, and reports whether it could.
func (d *document) one(p part, c *concept) bool {
	c.line, c.path = d.lineOf(p.at), p.path+".code"
	var found published
	if err := json.Unmarshal(p.raw, &found); err != nil {
		field, reason := misplaced(err)
		d.books.Reject(c.line, found.Code, strings.TrimSuffix(p.path+"."+field, "."), reason)
		return false
	}
	if found.System != "" {
		c.system = found.System
	}
	if found.Version != "" {
		c.rank.version = found.Version
	}
	c.code, c.label, c.gone = found.Code, found.Display, c.gone || found.Inactive
	for _, other := range found.Designation {
		if c.label == "" {
			c.label = other.Value
		}
	}
	d.properties(found.Property, c)
	return true
}

// misplaced says which field has a value of another kind than it should.
func misplaced(err error) (field, reason string) {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return "", err.Error()
	}
	return wrong.Field, "a JSON " + wrong.Value + " does not belong here"
}

// properties reads what the terminology server says of the use of a code, and
// what it is a kind of.
func (d *document) properties(all []property, c *concept) {
	parents := 0
	for _, p := range all {
		switch p.Code {
		case "dateFin", "retirementDate", "deprecationDate", "deprecated":
			d.ends(p, c)
		case "status":
			c.gone = c.gone || retired(p.ValueCode) || retired(p.ValueString)
		case "inactive", "notSelectable":
			c.gone = c.gone || p.Code == "inactive" && p.ValueBoolean
		case "parent", "subsumedBy":
			if parents++; parents == 1 && p.ValueCode != "" {
				c.parent = p.ValueCode
			}
		}
	}
	if parents > 1 {
		d.books.Note(noteParents)
	}
}

// ends takes the first day at which a code is out of use.
func (d *document) ends(p property, c *concept) {
	if p.ValueDateTime == "" {
		c.gone = c.gone || p.ValueBoolean
		return
	}
	day, err := parseDay(p.ValueDateTime)
	switch {
	case err != nil:
		d.books.Note(noteBadDate)
	case c.ends == 0 || day < c.ends:
		c.ends = day
	}
}

// parseDay reads the day of a FHIR dateTime, the first one where only the month
// or the year is told.
func parseDay(text string) (data.Date, error) {
	switch len(text) {
	case len("2021"):
		text += "-01-01"
	case len("2021-01"):
		text += "-01"
	}
	return data.ParseDate(text[:min(len(text), len("2021-01-08"))])
}

// valueSet reads the codes that a value set lists, by its definition or as it
// was expanded.
func (d *document) valueSet(p part, v *resource) {
	origin := concept{list: v.URL, rank: rank{version: v.Version}}
	listed := 0
	rejected := false
	for _, include := range p.parts("compose.include", v.Compose.Include) {
		var found struct {
			System  string
			Concept []json.RawMessage
		}
		if err := json.Unmarshal(include.raw, &found); err != nil {
			_, reason := misplaced(err)
			d.books.Reject(d.lineOf(include.at), v.URL, include.path, reason)
			rejected = true
			continue
		}
		if found.Concept == nil {
			d.books.Note(noteNoCodes)
			rejected = true // there is more to it
		}
		origin := origin
		origin.system = found.System
		listed += len(found.Concept)
		rejected = d.concepts(include.parts("concept", found.Concept), origin, 0) || rejected
	}
	listed += len(v.Expansion.Contains)
	rejected = d.concepts(p.parts("expansion.contains", v.Expansion.Contains), origin, 0) || rejected
	if name := modelled(v.URL); name != "" && listed > 0 && !rejected {
		d.found.system(name).whole = true
	}
}
