package needs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/data"
)

// ErrNeeds is wrapped by every fault of a file of needs.
var ErrNeeds = errors.New("not a file of needs")

// Fault is one thing that is wrong with a file of needs.
type Fault struct {
	File   string
	Line   int
	Field  string // the word the line begins with; "" for a need as a whole
	Detail string
}

// Error tells where it is, which field, and what is wrong.
func (f Fault) Error() string {
	where := fmt.Sprintf("%s:%d: ", f.File, f.Line)
	if f.Field != "" {
		where += f.Field + ": "
	}
	return where + f.Detail
}

// Unwrap returns [ErrNeeds].
func (f Fault) Unwrap() error { return ErrNeeds }

// Read reads a file of needs, whose grammar stands at the head of needs.txt, and
// puts it over a set: a need with an id of that set takes its place and must have
// a greater version. Over nil the file stands for itself.
//
// Every fault is named at once, each a [Fault] in the joined error, and nothing of
// a faulty file is taken: the set is nil then.
func Read(name string, from io.Reader, over *Set) (*Set, error) {
	r := reader{file: name, codes: make(map[string][]data.Code), own: make(map[string]int)}
	r.into = &Set{ends: make(map[string][]Step)}
	if over != nil {
		r.into.needs, r.into.families = slices.Clone(over.needs), slices.Clone(over.families)
		maps.Copy(r.into.ends, over.ends)
	}
	r.into.index()
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		r.line++
		r.read(lines.Text())
	}
	r.close()
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the needs of %s: %w", name, err)
	}
	r.into.index()
	r.into.climb()
	r.check()
	if len(r.faults) > 0 {
		return nil, errors.Join(r.faults...)
	}
	r.into.sign()
	return r.into, nil
}

// reader reads one file, line by line.
type reader struct {
	into   *Set
	file   string
	line   int
	family string
	codes  map[string][]data.Code // that have a name, of this file
	own    map[string]int         // lines of the needs of this file

	need   *Need   // that is open
	begun  int     // its line
	end    string  // the end of ladders that is open
	source *string // what a line with a source is about
	once   map[string]bool
	faults []error
}

func (r *reader) fault(field, format string, args ...any) {
	r.faults = append(r.faults, Fault{r.file, r.line, field, fmt.Sprintf(format, args...)})
}

// read takes one line.
func (r *reader) read(line string) {
	text := strings.TrimSpace(line)
	switch {
	case text == "" || strings.HasPrefix(text, "#"):
	case strings.HasPrefix(text, "=="):
		r.close()
		r.heading(strings.TrimSpace(text[2:]))
	case strings.HasPrefix(line, "$"):
		r.close()
		r.named(text)
	case strings.HasPrefix(line, "fin "):
		r.close()
		r.end = strings.TrimSpace(line[4:])
		if _, told := r.into.ends[r.end]; told {
			r.fault("fin", "%s is told already", r.end)
		}
		r.into.ends[r.end] = nil
	case line[0] != ' ' && line[0] != '\t':
		r.close()
		r.begin(text)
	default:
		r.field(text)
	}
}

// heading begins a family, "vital: Urgences vitales | Life in danger", or goes on
// with one that is known.
func (r *reader) heading(text string) {
	id, label, labelled := strings.Cut(text, ": ")
	r.family = id
	known := slices.IndexFunc(r.into.families, func(f Family) bool { return f.ID == id })
	switch {
	case !idPattern.MatchString(id):
		r.fault("==", "%q is no id: lower-case words joined by hyphens", id)
	case !labelled && known < 0:
		r.fault("==", "%s has no label, as in %s: en français | in English", id, id)
	case labelled && known >= 0:
		r.fault("==", "%s has a label already", id)
	case labelled:
		r.into.families = append(r.into.families, Family{id, r.text("==", label)})
	}
}

// named reads "$réa = R211|127 126".
func (r *reader) named(text string) {
	name, codes, ok := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	if !ok || r.codes[name] != nil {
		r.fault(name, "is told twice, or has no = and codes")
		return
	}
	r.codes[name] = r.codeList(name, codes)
}

var (
	idPattern    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	beginPattern = regexp.MustCompile(`^(\S+), version (\d{1,6})$`)
)

// begin opens a need, "stroke, version 1".
func (r *reader) begin(text string) {
	m := beginPattern.FindStringSubmatch(text)
	r.need, r.begun, r.once = &Need{Line: r.file + ":" + strconv.Itoa(r.line), Family: r.family}, r.line, make(map[string]bool)
	if m == nil {
		r.fault("", "%q begins no need, as in: stroke, version 1", text)
		return
	}
	n := r.need
	n.ID = m[1]
	n.Version, _ = strconv.Atoi(m[2])
	old, over := r.into.Need(n.ID)
	switch line, twice := r.own[n.ID]; {
	case !idPattern.MatchString(n.ID):
		r.fault("", "%q is no id: lower-case words joined by hyphens", n.ID)
	case n.Version < 1:
		r.fault("version", "%d is below 1", n.Version)
	case twice:
		r.fault("", "%s is told already, at line %d", n.ID, line)
	case over && n.Version <= old.Version:
		r.fault("version", "%s takes the place of version %d: it must be greater", n.ID, old.Version)
	}
	if r.family == "" {
		r.fault("", "%s stands in no family: a line with == is missing above", n.ID)
	}
	r.own[n.ID] = r.line
}

// close takes the need that is open.
func (r *reader) close() {
	n := r.need
	r.need, r.end, r.source = nil, "", nil
	if n == nil {
		return
	}
	if i, over := r.into.byID[n.ID]; over && i < len(r.into.needs) && r.into.needs[i].ID == n.ID {
		r.into.needs[i] = *n
		return
	}
	r.into.needs = append(r.into.needs, *n)
}

// field reads "word argument: value" of the need, or the end of ladders, that is open.
func (r *reader) field(text string) {
	key, value, ok := strings.Cut(text, ":")
	word, argument, _ := strings.Cut(strings.TrimSpace(key), " ")
	argument, value = strings.TrimSpace(argument), strings.TrimSpace(value)
	switch {
	case !ok:
		r.fault("", "%q is no field: a word, a colon, and what it says", text)
	case r.end != "" && word == "repli":
		r.into.ends[r.end] = append(r.into.ends[r.end], r.step(argument, value))
	case r.end != "":
		r.fault(word, "is no part of the end of a ladder, which is of repli alone")
	case r.need == nil:
		r.fault(word, "belongs to no need")
	case fields[word] == nil:
		r.fault(word, "is no field of a need")
	default:
		if r.once[word] && !repeated[word] {
			r.fault(word, "is told twice")
		}
		if argument != "" && !argued[word] {
			r.fault(word, "%q stands before the colon, where nothing should", argument)
		}
		r.once[word] = true
		if word != "source" {
			r.source = nil
		}
		fields[word](r, r.need, argument, value)
	}
}

// repeated are the fields that a need may have several of.
var repeated = map[string]bool{
	"exige": true, "préfère": true, "fenêtre": true, "source": true, "prudence": true, "premier": true, "ensuite": true, "repli": true,
}

// argued are the fields that say something before the colon: "préfère 15 min:".
var argued = map[string]bool{"exige": true, "préfère": true, "fenêtre": true, "aiguille": true, "transit": true, "repli": true}

// minutes reads "90 min".
func (r *reader) minutes(field, text string) time.Duration {
	number, ok := strings.CutSuffix(text, " min")
	n, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil:
		r.fault(field, "%q is no time, as in 90 min", text)
	case n < 0:
		r.fault(field, "%d min is negative", n)
	case n > maxMinutes:
		r.fault(field, "%d min is more than %d", n, maxMinutes)
	default:
		return time.Duration(n) * time.Minute
	}
	return 0
}

const maxMinutes = 7 * 24 * 60

// text reads "en français | in English".
func (r *reader) text(field, text string) Text {
	french, english, ok := strings.Cut(text, " | ")
	t := Text{strings.TrimSpace(french), strings.TrimSpace(english)}
	if !ok || t.French == "" || t.English == "" {
		r.fault(field, "%q is not told in both languages: en français | in English", text)
	}
	return t
}

// codeList reads "R211|356 098 $réa": a code without a system is of the system
// before it.
func (r *reader) codeList(field, text string) []data.Code {
	var codes []data.Code
	system := ""
	add := func(c data.Code) {
		if slices.Contains(codes, c) {
			r.fault(field, "%s is told twice", c)
			return
		}
		codes = append(codes, c)
	}
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix(word, "$") {
			if r.codes[word] == nil {
				r.fault(field, "%s is not defined", word)
			}
			for _, c := range r.codes[word] {
				add(c)
			}
			continue
		}
		before, value, named := strings.Cut(word, "|")
		if named {
			system = before
		} else {
			value = word
		}
		code, err := data.ParseCode(system + "|" + value)
		if err != nil {
			r.fault(field, "%v", err)
			continue
		}
		add(code)
	}
	return codes
}
