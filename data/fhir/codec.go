package fhir

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unique"

	"boussole/data"
)

// coder takes one resource in or out. What is read and what is written is said
// once, by the same functions: each names an element and where it stands in the
// model, and the coder goes one way or the other. What nobody has named is left
// over, kept as it was written, and put back where it stood.
type coder struct {
	writing bool
	notes   noter
	of      string              // the resource, "Location/5253"
	left    []data.Unlisted     // reading: what is left over
	noted   int                 // reading: how many decisions were taken
	back    map[string][]*value // writing: what was left over, by its path
}

type noter interface{ Note(string) }

// object is one object of a resource on its way.
type object struct {
	c    *coder
	path string // "contact[0].telecom[1]", by the indexes of the model
	v    *value

	// Reading: which members and extensions were understood, what was not, and
	// of what that was already said.
	used    []bool
	seenExt []verdict // none until one is looked for
	refused []member
	noted   []string
}

// verdict says what became of an item of a list that was read.
type verdict uint8

const (
	unseen  verdict = iota // nobody has looked at it: left over as a whole
	refused                // not understood: left over as a whole
	kept
	dropped // understood, and nothing new
)

func keptIf(understood bool) verdict {
	if understood {
		return kept
	}
	return refused
}

func (c *coder) object(v *value, path string) *object {
	o := &object{c: c, path: path, v: v}
	if !c.writing {
		o.used = make([]bool, len(v.members))
	}
	return o
}

// note counts a decision with the field that it was taken on, indexes aside.
func (o *object) note(what, name string) {
	if o.c.writing {
		return
	}
	o.c.noted++
	o.noted = append(o.noted, name)
	field := join(o.path, name)
	var plain strings.Builder
	for len(field) > 0 {
		open := strings.IndexByte(field, '[')
		if open < 0 {
			break
		}
		plain.WriteString(field[:open])
		_, field, _ = strings.Cut(field[open:], "]")
	}
	resource, _, _ := strings.Cut(o.c.of, "/")
	o.c.notes.Note(what + " (" + join(resource, plain.String()+field) + ")")
}

func join(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}
	return path + "." + name
}

// read returns the member that has the name and is not understood yet, or nil.
func (o *object) read(name string) *value {
	if i := o.v.index(name); i >= 0 && !o.used[i] && o.v.members[i].value.kind != 'n' {
		return o.v.members[i].value
	}
	return nil
}

func (o *object) understood(name string) { o.used[o.v.index(name)] = true }

// scalar reads a member of one kind with a function that says whether it was
// understood.
func (o *object) scalar(name string, kind byte, understand func(text string) bool) {
	v := o.read(name)
	switch {
	case v == nil:
	case v.kind != kind:
		o.note(noteShape, name)
	case understand(v.text):
		o.understood(name)
	}
}

func (o *object) text(name string, p *string) {
	if o.c.writing {
		if *p != "" {
			o.v.add(name, textValue(*p))
		}
		return
	}
	o.scalar(name, '"', func(text string) bool {
		*p = strings.TrimSpace(text)
		return true
	})
}

// drop reads what is said elsewhere as well, or is for people to look at.
func (o *object) drop(names ...string) {
	for _, name := range names {
		if !o.c.writing && o.v.has(name) {
			o.understood(name)
		}
	}
}

func (o *object) state(name string, p *data.State) {
	if o.c.writing {
		if *p != data.Unknown {
			o.v.add(name, boolValue(*p == data.Yes))
		}
		return
	}
	switch v := o.read(name); {
	case v == nil:
	case v.kind == 't' || v.kind == 'f':
		*p = data.No
		if v.kind == 't' {
			*p = data.Yes
		}
		o.understood(name)
	default:
		o.note(noteShape, name)
	}
}

// number is a whole number from 0 to ten million. Zero is not written: what it
// means is for the caller to say.
func (o *object) number(name string, p *int) bool {
	if o.c.writing {
		if *p != 0 {
			o.v.add(name, numberValue(strconv.Itoa(*p)))
		}
		return true
	}
	ok := false
	o.scalar(name, '0', func(text string) bool {
		n, err := strconv.ParseUint(text, 10, 32)
		if ok = err == nil && n <= 10_000_000; !ok {
			o.note(noteNumber, name)
			return false
		}
		*p = int(n)
		return true
	})
	return ok
}

func (o *object) float(name string, p *float64) bool {
	if o.c.writing {
		o.v.add(name, numberValue(formatFloat(*p)))
		return true
	}
	ok := false
	o.scalar(name, '0', func(text string) bool {
		f, err := strconv.ParseFloat(text, 64)
		if ok = err == nil && !math.IsInf(f, 0) && math.Abs(f) < 1e12; !ok {
			o.note(noteNumber, name)
			return false
		}
		*p = f
		return true
	})
	return ok
}

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// earliest is before any record, and after the dates that a slip of the
// keyboard makes, such as 0202-02-24.
const earliest = 1600

func (o *object) instant(name string, p *time.Time) {
	if o.c.writing {
		if !p.IsZero() {
			o.v.add(name, textValue(p.UTC().Format(time.RFC3339Nano)))
		}
		return
	}
	o.scalar(name, '"', func(text string) bool {
		t, exact, ok := parseInstant(text)
		switch {
		case !ok:
			o.note(noteDate, name)
			return false
		case !exact:
			o.note(noteDay, name)
		}
		*p = t
		return true
	})
}

// parseInstant reads a FHIR dateTime. One without a time is taken for its first
// instant of universal time, and is not exact.
func parseInstant(text string) (t time.Time, exact, ok bool) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		t = t.UTC()
		return t, true, t.Year() >= earliest && t.Year() <= 9999
	}
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, false, t.Year() >= earliest
		}
	}
	return time.Time{}, false, false
}

// day is the day that a date, or an instant in its own zone, names.
func (o *object) day(name string, p *data.Date) {
	if o.c.writing {
		if *p != 0 {
			o.v.add(name, textValue(p.String()))
		}
		return
	}
	o.scalar(name, '"', func(text string) bool {
		text = strings.TrimSpace(text)
		_, exact, ok := parseInstant(text)
		if !ok || !exact && len(text) != len(time.DateOnly) {
			o.note(noteDate, name)
			return false
		}
		day, err := data.ParseDate(text[:len(time.DateOnly)])
		*p = day
		return err == nil
	})
}

// within goes into an object.
func (o *object) within(name string, f func(*object)) {
	if o.c.writing {
		sub := o.c.object(&value{kind: '{'}, join(o.path, name))
		f(sub)
		if sub.finish(); len(sub.v.members) > 0 {
			o.v.add(name, sub.v)
		}
		return
	}
	v := o.read(name)
	if v == nil {
		return
	}
	if v.kind != '{' {
		o.note(noteShape, name)
		return
	}
	sub := o.c.object(v, join(o.path, name))
	f(sub)
	sub.finish()
	o.understood(name)
}

// each goes through a list of objects.
func each[T any](o *object, name string, list *[]T, f func(*object, *T) verdict) {
	if o.c.writing {
		var items []*value
		for i := range *list {
			items = append(items, o.write(name, i, nil, func(sub *object) { f(sub, &(*list)[i]) }))
		}
		if items != nil {
			o.v.add(name, arrayValue(items...))
		}
		return
	}
	v := o.read(name)
	if v == nil {
		return
	}
	var rest []*value
	for _, item := range v.list() {
		if readItem(o, name, item, list, f) == refused {
			rest = append(rest, item)
		}
	}
	o.understood(name)
	if rest != nil {
		o.refused = append(o.refused, member{name, arrayValue(rest...)})
	}
}

// readItem reads one item of a list, and appends it if it is to be kept.
func readItem[T any](o *object, name string, item *value, list *[]T, f func(*object, *T) verdict) verdict {
	if item.kind != '{' {
		o.note(noteShape, name)
		return refused
	}
	left, noted := len(o.c.left), o.c.noted
	sub := o.c.object(item, join(o.path, name)+"["+strconv.Itoa(len(*list))+"]")
	sub.drop("url")
	var t T
	verdict := f(sub, &t)
	if verdict == kept {
		sub.finish()
		*list = append(*list, t)
	} else {
		o.c.left = o.c.left[:left] // of what is left over as a whole, no part twice
	}
	if verdict == refused && o.c.noted == noted {
		o.note(noteLeft, name)
	}
	return verdict
}

// write makes the item of a list.
func (o *object) write(name string, i int, url *value, f func(*object)) *value {
	sub := o.c.object(&value{kind: '{'}, fmt.Sprintf("%s[%d]", join(o.path, name), i))
	if url != nil {
		sub.v.add("url", url)
	}
	f(sub)
	sub.finish()
	return sub.v
}

// extensions returns the extensions of the object that are not understood yet
// and have one of the addresses, and their places in the array.
func (o *object) extensions(u extension) (found []*value, at []int) {
	i := o.v.index("extension")
	if i < 0 || o.v.members[i].value.kind != '[' && o.v.members[i].value.kind != '{' {
		return nil, nil
	}
	items := o.v.members[i].value.list()
	if o.seenExt == nil {
		o.seenExt = make([]verdict, len(items))
		o.used[i] = true // finish looks at them one by one
	}
	for j, item := range items {
		if o.seenExt[j] <= refused && item.kind == '{' && u.is(item.textOf("url")) {
			found, at = append(found, item), append(at, j)
		}
	}
	return found, at
}

// short names an extension in a path: the last part of its address.
func (u extension) short() string { return u[0][strings.LastIndexByte(u[0], '/')+1:] }

func (o *object) addExtension(v *value) {
	if i := o.v.index("extension"); i >= 0 {
		o.v.members[i].value.items = append(o.v.members[i].value.items, v)
		return
	}
	o.v.add("extension", arrayValue(v))
}

// eachExt goes through the extensions of one address.
func eachExt[T any](o *object, u extension, list *[]T, f func(*object, *T) verdict) {
	if o.c.writing {
		for i := range *list {
			o.addExtension(o.write(u.short(), i, textValue(u[0]), func(sub *object) { f(sub, &(*list)[i]) }))
		}
		return
	}
	found, at := o.extensions(u)
	for i, item := range found {
		o.seenExt[at[i]] = readItem(o, u.short(), item, list, f)
	}
}

// ext goes into the one extension of an address; a second one is left over.
func (o *object) ext(u extension, f func(*object) bool) {
	if o.c.writing {
		v := o.write(u.short(), 0, textValue(u[0]), func(sub *object) { f(sub) })
		if len(v.members) > 1 {
			o.addExtension(v)
		}
		return
	}
	found, at := o.extensions(u)
	for i, item := range found {
		var one []struct{}
		if i > 0 {
			o.seenExt[at[i]] = refused
			o.note(noteAgain, u.short())
			continue
		}
		o.seenExt[at[i]] = readItem(o, u.short(), item, &one, func(sub *object, _ *struct{}) verdict { return keptIf(f(sub)) })
	}
}

func (o *object) extText(u extension, p *string) {
	o.ext(u, func(e *object) bool {
		e.text("valueString", p)
		return true
	})
}

func (o *object) extState(u extension, p *data.State) {
	o.ext(u, func(e *object) bool {
		e.state("valueBoolean", p)
		return true
	})
}

func (o *object) extInstant(u extension, p *time.Time) {
	o.ext(u, func(e *object) bool {
		e.instant("valueDateTime", p)
		return true
	})
}

func (o *object) extDay(u extension, p *data.Date) {
	o.ext(u, func(e *object) bool {
		e.day("valueDateTime", p)
		if !e.c.writing {
			e.day("valueDate", p)
		}
		return true
	})
}

func (o *object) extCode(u extension, p *data.Code, systems ...string) {
	o.ext(u, func(e *object) bool {
		e.concept("valueCodeableConcept", p, systems...)
		if !e.c.writing {
			e.concept("valueCoding", p, systems...)
		}
		return true
	})
}

// extCodes is a list of codes, one extension each.
func (o *object) extCodes(u extension, list *[]data.Code, systems ...string) {
	eachExt(o, u, list, func(e *object, p *data.Code) verdict {
		return keptIf(e.concept("valueCodeableConcept", p, systems...))
	})
}

// count is a number that has no meaning when it is zero: a zero that is written
// is left over, because the model takes it for unknown.
func (o *object) count(u extension, p *int) {
	if o.c.writing && *p == 0 {
		return
	}
	o.ext(u, func(e *object) bool {
		ok := e.number("valueInteger", p)
		if ok && *p == 0 {
			e.note(noteZero, "")
		}
		return ok && *p != 0
	})
}

// concept is a CodeableConcept, or a Coding where that was written.
func (o *object) concept(name string, p *data.Code, systems ...string) bool {
	if o.c.writing {
		if *p != "" {
			sub := o.c.object(conceptValue(*p), join(o.path, name))
			sub.finish()
			o.v.add(name, sub.v)
		}
		return true
	}
	v := o.read(name)
	if v == nil {
		return false
	}
	code, ok := o.readConcept(v, name, systems)
	if !ok {
		return false
	}
	*p = code
	sub := o.c.object(v, join(o.path, name))
	sub.drop(conceptMembers...)
	sub.finish()
	o.understood(name)
	return true
}

// conceptMembers are those of a CodeableConcept and of a Coding that hold the
// code, or its label for people to read.
var conceptMembers = []string{"coding", "text", "system", "code", "display", "version", "userSelected"}

func conceptValue(code data.Code) *value {
	return objectValue(member{"coding", arrayValue(codingValue(code))})
}

func codingValue(code data.Code) *value {
	return objectValue(
		member{"system", textValue(addressOf(code.System()))},
		member{"code", textValue(code.Value())})
}

func (o *object) readConcept(v *value, name string, systems []string) (data.Code, bool) {
	if v.kind != '{' {
		o.note(noteShape, name)
		return "", false
	}
	codings := []*value{v}
	if v.has("coding") {
		codings = v.get("coding").list()
	}
	if len(codings) > 1 {
		o.note(noteCodings, name)
	}
	for _, coding := range codings {
		if code, ok := o.readCoding(coding, name, systems); ok {
			return code, true
		}
	}
	return "", false
}

// readCoding reads a code of one of the systems, of any where none is named.
func (o *object) readCoding(v *value, name string, systems []string) (data.Code, bool) {
	if v.kind != '{' {
		o.note(noteShape, name)
		return "", false
	}
	system, ok := systemOf(v.textOf("system"))
	if !v.has("system") && len(systems) > 0 {
		system, ok = systems[0], true
		o.note(noteNoSystem, name)
	}
	if !ok || len(systems) > 0 && !slices.Contains(systems, system) {
		o.note(noteSystem, name)
		return "", false
	}
	// The form of a code is the same in every system.
	if _, err := data.ParseCode("R13|" + v.textOf("code")); err != nil {
		o.note(noteCode, name)
		return "", false
	}
	return data.Code(unique.Make(system + "|" + v.textOf("code")).Value()), true
}

// codes goes through a list of concepts, each of which put takes or not. One
// that holds anything else is left over as a whole: in the model its place in
// the list is lost.
func (o *object) codes(name string, systems []string, list []data.Code, put func(data.Code) bool) {
	each(o, name, &list, func(item *object, p *data.Code) verdict {
		if item.c.writing {
			*item.v = *conceptValue(*p)
			return kept
		}
		code, ok := item.readConcept(item.v, "", systems)
		item.drop(conceptMembers...)
		if !ok || !item.whole() || !put(code) {
			return refused
		}
		return dropped // it is where put has put it
	})
}

// whole reports whether everything of the object was understood.
func (o *object) whole() bool {
	for i, m := range o.v.members {
		if !o.used[i] {
			o.note(noteLeft, m.name)
			return false
		}
	}
	if left, _ := o.extensionsLeft(); left != nil {
		o.note(noteLeft, "extension")
		return false
	}
	return true
}

// one returns a function that fills p, once.
func one(p *data.Code) func(data.Code) bool {
	return func(code data.Code) bool {
		if *p != "" {
			return *p == code
		}
		*p = code
		return true
	}
}

func many(p *[]data.Code) func(data.Code) bool {
	return func(code data.Code) bool {
		if !slices.Contains(*p, code) {
			*p = append(*p, code)
		}
		return true
	}
}

// enum is a code of a system whose codes the model numbers from 1.
func enum[T ~uint8](o *object, u extension, p *T, system string, digits int, last T) {
	if o.c.writing {
		if *p == 0 || *p > last {
			return
		}
		code := data.NewCode(system, fmt.Sprintf("%0*d", digits, *p))
		o.extCode(u, &code)
		return
	}
	o.ext(u, func(e *object) bool {
		var code data.Code
		if !e.concept("valueCodeableConcept", &code, system) {
			return false
		}
		n, err := strconv.ParseUint(code.Value(), 10, 8)
		if err != nil || n == 0 || T(n) > last {
			e.note(noteUnknownCode, "")
			return false
		}
		*p = T(n)
		return true
	})
}

// reference is the id of a resource of one type.
func (o *object) reference(name, kind string, p *string) {
	if o.c.writing {
		if *p != "" {
			o.v.add(name, referenceValue(kind, *p))
		}
		return
	}
	v := o.read(name)
	if v == nil {
		return
	}
	if id, ok := readReference(v, kind); ok {
		*p = id
		o.understood(name)
		return
	}
	o.note(noteReference, name)
}

func referenceValue(kind, id string) *value {
	return objectValue(member{"reference", textValue(kind + "/" + id)})
}

// readReference reads "Location/5253", with or without the address of a server
// and a version, or the urn of an entry of the same bundle.
func readReference(v *value, kind string) (id string, ok bool) {
	if v.kind != '{' {
		return "", false
	}
	text := v.textOf("reference")
	if id, ok := strings.CutPrefix(text, "urn:uuid:"); ok {
		return id, isID(id)
	}
	text, _, _ = strings.Cut(text, "/_history/")
	rest, id := "", text
	if i := strings.LastIndexByte(text, '/'); i >= 0 {
		rest, id = text[:i], text[i+1:]
	}
	return id, (rest == kind || strings.HasSuffix(rest, "/"+kind)) && isID(id)
}

// isID reports whether a text is a FHIR id: 1 to 64 letters, digits, hyphens
// and dots; underscores are let pass.
func isID(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	})
}

// references goes through a list of references.
func (o *object) references(name, kind string, ids *[]string) {
	each(o, name, ids, func(item *object, p *string) verdict {
		if item.c.writing {
			*item.v = *referenceValue(kind, *p)
			return kept
		}
		id, ok := readReference(item.v, kind)
		if !ok {
			item.note(noteReference, "")
			return refused
		}
		*p = id
		item.drop("reference", "type", "display")
		return kept
	})
}

// finish puts aside what was not understood, or puts it back.
func (o *object) finish() {
	if o.c.writing {
		for _, rest := range o.c.back[o.path] {
			o.restore(rest)
		}
		return
	}
	rest := o.refused
	for i, m := range o.v.members {
		if o.used[i] {
			continue
		}
		rest = append(rest, m)
		if !slices.Contains(o.noted, m.name) {
			o.note(noteLeft, m.name)
		}
	}
	if left, unsaid := o.extensionsLeft(); left != nil {
		rest = append(rest, member{"extension", arrayValue(left...)})
		for range unsaid {
			o.note(noteLeft, "extension")
		}
	}
	if rest != nil {
		o.c.left = append(o.c.left, data.Unlisted{Of: o.c.of, Path: o.path, JSON: objectValue(rest...).String()})
	}
}

// extensionsLeft returns the extensions that were not understood, and how many
// of them nobody has said anything about.
func (o *object) extensionsLeft() (left []*value, unsaid int) {
	if o.seenExt == nil {
		return nil, 0
	}
	for i, item := range o.v.get("extension").list() {
		if o.seenExt[i] > refused {
			continue
		}
		left = append(left, item)
		if o.seenExt[i] == unseen {
			unsaid++
		}
	}
	return left, unsaid
}

// restore puts members back: new ones as they are, lists at the end of lists.
func (o *object) restore(rest *value) {
	for _, m := range rest.members {
		i := o.v.index(m.name)
		switch {
		case i < 0:
			o.v.add(m.name, m.value)
		case o.v.members[i].value.kind == '[' && m.value.kind == '[':
			there := o.v.members[i].value
			there.items = append(slices.Clip(there.items), m.value.items...)
		}
	}
}
