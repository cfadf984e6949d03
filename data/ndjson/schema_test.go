package ndjson

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"boussole/data"
)

var update = flag.Bool("update", false, "write offer.schema.json anew")

// The published schema is that of the model as it is now: a field that is new,
// gone or renamed, a word more in a set, another comment, and this fails.
func TestSchemaIsThatOfTheModel(t *testing.T) {
	made := schemaOfTheModel(t)
	if *update {
		if err := os.WriteFile("offer.schema.json", made, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(made) != Schema {
		t.Error("offer.schema.json is not the schema of the model: go generate ./data/ndjson, and look at what changes for those who have files")
	}
}

// members is an object whose members keep their order.
type members []member

type member struct {
	name  string
	value any
}

func (m members) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, each := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := plainJSON(each.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", each.name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// schemas makes the schema: one definition for each struct and special type.
type schemas struct {
	definitions members
	comments    map[string]string // by "Offer" and "Offer.Name"
}

func schemaOfTheModel(t *testing.T) []byte {
	s := schemas{comments: commentsOfTheModel(t)}
	root := s.object(offerForm)
	all := append(members{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:boussole:offer:1"},
		{"title", "An offer of Boussole: one line of a file of NDJSON"},
	}, root...)
	slices.SortFunc(s.definitions, func(a, b member) int { return strings.Compare(a.name, b.name) })
	all = append(all, member{"$defs", s.definitions})
	compact, err := plainJSON(all)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

func (s *schemas) object(o *object) members {
	properties, required, pairs := members{}, []string{}, members{}
	for i, f := range o.fields {
		value := s.of(f.form)
		if comment := s.comments[o.of.Name()+"."+o.of.Field(i).Name]; comment != "" {
			value = append(members{{"description", comment}}, value...)
		}
		properties = append(properties, member{f.name, value})
		if f.needed {
			required = append(required, f.name)
		}
		if f.pair >= 0 {
			pairs = append(pairs, member{f.name, []string{o.fields[f.pair].name}})
		}
	}
	m := members{{"description", s.comments[o.of.Name()]}, {"type", "object"}, {"properties", properties}}
	if len(required) > 0 {
		m = append(m, member{"required", required})
	}
	if len(pairs) > 0 {
		m = append(m, member{"dependentRequired", pairs})
	}
	return append(m, member{"additionalProperties", false})
}

// define returns a reference to a definition, made once.
func (s *schemas) define(name string, make func() members) members {
	if !slices.ContainsFunc(s.definitions, func(m member) bool { return m.name == name }) {
		s.definitions = append(s.definitions, member{name, nil}) // so that it is not made again within
		made := make()
		at := slices.IndexFunc(s.definitions, func(m member) bool { return m.name == name })
		s.definitions[at].value = made
	}
	return members{{"$ref", "#/$defs/" + name}}
}

func (s *schemas) of(f form) members {
	pattern := func(name, description, expression string) members {
		return s.define(name, func() members {
			return members{{"description", description}, {"type", "string"}, {"pattern", expression}}
		})
	}
	switch f := f.(type) {
	case *object:
		return s.define(f.of.Name(), func() members { return s.object(f) })
	case list:
		return members{{"type", "array"}, {"items", s.of(f.of)}, {"maxItems", maxList}}
	case enum:
		return members{{"enum", slices.DeleteFunc(slices.Clone(f.words), func(w string) bool { return w == "" })}}
	case days:
		return members{{"type", "array"}, {"items", members{{"enum", dayNames}}}, {"uniqueItems", true}}
	case integer:
		return members{{"type", "integer"}, {"minimum", f.least}, {"maximum", f.most}}
	case number:
		if f.most == math.MaxFloat64 {
			return members{{"type", "number"}}
		}
		return members{{"type", "number"}, {"minimum", f.least}, {"maximum", f.most}}
	case truth:
		return members{{"type", "boolean"}}
	case text:
		return members{{"type", "string"}}
	case code:
		var systems []string
		for _, system := range data.Systems {
			systems = append(systems, system.Name)
		}
		return pattern("Code", "System|code, as in R211|157.", `^(`+strings.Join(systems, "|")+`)\|[A-Za-z0-9._-]{1,64}$`)
	case id:
		return pattern("ID", "Opaque and path-safe.", `^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$`)
	case day:
		return pattern("Date", "A day of the years 1 to 9999, as in 2021-01-08.", `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)
	case moment:
		return pattern("Instant", "RFC 3339, as in 2021-01-08T12:00:00Z.",
			`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`)
	case age:
		return pattern("Age", "A whole number of years (a), months (mo), weeks (wk), days (d) or minutes (min), to 150 years.",
			`^[0-9]{1,9}(a|mo|wk|d|min)$`)
	case clock:
		if f.most == data.Midnight {
			return pattern("End", "A time of the day, to 24:00.", `^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`)
		}
		return pattern("Start", "A time of the day, to 23:59.", `^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	}
	panic(fmt.Sprintf("no schema for %T", f))
}

// commentsOfTheModel reads what the Go source says of each struct and field.
func commentsOfTheModel(t *testing.T) map[string]string {
	comments := make(map[string]string)
	for _, pattern := range []string{"../*.go", "../../geo/point.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || files == nil {
			t.Fatal(pattern, err)
		}
		for _, path := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, declared := range parsed.Decls {
				collectComments(declared, comments)
			}
		}
	}
	return comments
}

func collectComments(declared ast.Decl, comments map[string]string) {
	general, ok := declared.(*ast.GenDecl)
	if !ok || general.Tok != token.TYPE {
		return
	}
	for _, spec := range general.Specs {
		named := spec.(*ast.TypeSpec)
		structure, ok := named.Type.(*ast.StructType)
		if !ok {
			continue
		}
		first, _, _ := strings.Cut(general.Doc.Text(), "\n\n")
		comments[named.Name.Name] = plain(first)
		for _, f := range structure.Fields.List {
			for _, name := range f.Names {
				comments[named.Name.Name+"."+name.Name] = plain(f.Comment.Text())
			}
		}
	}
}

var link = regexp.MustCompile(`\[([A-Za-z.]+)\]`)

func plain(comment string) string {
	return link.ReplaceAllString(strings.Join(strings.Fields(comment), " "), "$1")
}

// validator holds values against the schema, by the keywords that it uses.
type validator struct {
	definitions map[string]any
	patterns    map[string]*regexp.Regexp
}

func newValidator(t testing.TB) (*validator, map[string]any) {
	var root map[string]any
	if err := json.Unmarshal([]byte(Schema), &root); err != nil {
		t.Fatal(err)
	}
	return &validator{root["$defs"].(map[string]any), make(map[string]*regexp.Regexp)}, root
}

// check says what is wrong with a value, "" when nothing is.
func (s *validator) check(schema map[string]any, v any) string {
	for keyword, wanted := range schema {
		if fault := s.keyword(keyword, wanted, schema, v); fault != "" {
			return fault
		}
	}
	return ""
}

func (s *validator) keyword(keyword string, wanted any, schema map[string]any, v any) string {
	fails := func(ok bool) string {
		if ok {
			return ""
		}
		return fmt.Sprintf("%.60v: %s %.60v", v, keyword, wanted)
	}
	object, _ := v.(map[string]any)
	array, _ := v.([]any)
	words, isText := v.(string)
	number, isNumber := v.(float64)
	switch keyword {
	case "$ref":
		return s.check(s.definitions[strings.TrimPrefix(wanted.(string), "#/$defs/")].(map[string]any), v)
	case "type":
		return fails(typeOf(v) == wanted || wanted == "integer" && isNumber && number == math.Trunc(number))
	case "enum":
		return fails(slices.Contains(wanted.([]any), v))
	case "pattern":
		text := wanted.(string)
		if s.patterns[text] == nil {
			s.patterns[text] = regexp.MustCompile(text)
		}
		return fails(!isText || s.patterns[text].MatchString(words))
	case "minimum":
		return fails(!isNumber || number >= wanted.(float64))
	case "maximum":
		return fails(!isNumber || number <= wanted.(float64))
	case "maxItems":
		return fails(len(array) <= int(wanted.(float64)))
	case "uniqueItems":
		for i := range array {
			if slices.Contains(array[:i], array[i]) {
				return fails(false)
			}
		}
	case "items":
		for _, each := range array {
			if fault := s.check(wanted.(map[string]any), each); fault != "" {
				return fault
			}
		}
	case "required":
		for _, name := range wanted.([]any) {
			if _, there := object[name.(string)]; object != nil && !there {
				return fails(false)
			}
		}
	case "dependentRequired":
		for name, needs := range wanted.(map[string]any) {
			if _, there := object[name]; there {
				if fault := s.keyword("required", needs, schema, v); fault != "" {
					return fault
				}
			}
		}
	case "properties":
		for name, value := range object {
			if property, known := wanted.(map[string]any)[name]; known {
				if fault := s.check(property.(map[string]any), value); fault != "" {
					return name + ": " + fault
				}
			}
		}
	case "additionalProperties":
		for name := range object {
			if _, known := schema["properties"].(map[string]any)[name]; !known {
				return "no property " + name
			}
		}
	case "description", "title", "$schema", "$id", "$defs":
	default:
		return "the schema has a keyword that is not checked: " + keyword
	}
	return ""
}

func typeOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		return "number"
	}
	return "null"
}

// validLine reports whether the schema takes a line.
func (s *validator) validLine(root map[string]any, line []byte) (fault string) {
	var v any
	if err := json.Unmarshal(line, &v); err != nil {
		return err.Error()
	}
	return s.check(root, v)
}

// What is written is valid; what the schema refuses the reader does too, each
// value of a line in turn made wrong. The other way round but for the two
// rules that a schema cannot say.
func TestSchemaAndReaderAgree(t *testing.T) {
	schema, root := newValidator(t)
	r := newRandom(7)
	both, reader := 0, 0
	for range 300 {
		o := r.offer(0.3)
		line, err := Append(nil, &o)
		if err != nil {
			t.Fatal(err)
		}
		if fault := schema.validLine(root, line); fault != "" {
			t.Fatalf("what is written is not valid: %s\n%s", fault, line)
		}
		for range 20 {
			broken := r.breakLine(line)
			_, err := Parse(broken)
			fault := schema.validLine(root, broken)
			switch {
			case err == nil && fault != "":
				t.Fatalf("read, but not valid: %s\n%s", fault, broken)
			case err != nil && fault != "":
				both++
			case err != nil:
				reader++
				if !beyondTheSchema(err.(Faults)) {
					t.Fatalf("valid, but not read: %v\n%s", err, broken)
				}
			}
		}
	}
	if both < 1000 || reader == 0 {
		t.Errorf("both refuse %d, the reader alone %d: the lines are not broken enough", both, reader)
	}
}

func beyondTheSchema(faults Faults) bool {
	return !slices.ContainsFunc(faults, func(f Fault) bool {
		return !strings.Contains(f.Reason, "before it begins") && !strings.Contains(f.Reason, "not a date") &&
			!strings.Contains(f.Reason, "before the year 1") && !strings.Contains(f.Reason, "not an instant") &&
			!strings.Contains(f.Reason, "not an age") && !strings.Contains(f.Reason, "not a whole number") &&
			!strings.Contains(f.Reason, "said twice")
	})
}

// Every type of the model has a description, and so has every definition.
func TestSchemaIsDescribed(t *testing.T) {
	_, root := newValidator(t)
	for name, definition := range root["$defs"].(map[string]any) {
		if text, _ := definition.(map[string]any)["description"].(string); utf8.RuneCountInString(text) < 10 {
			t.Errorf("%s has no description", name)
		}
	}
	fields := 0
	var count func(reflect.Type)
	seen := make(map[reflect.Type]bool)
	count = func(typ reflect.Type) {
		if typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[time.Time]() || seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			fields++
			count(typ.Field(i).Type)
		}
	}
	count(reflect.TypeFor[data.Offer]())
	described := len(root["properties"].(map[string]any))
	for _, definition := range root["$defs"].(map[string]any) {
		properties, _ := definition.(map[string]any)["properties"].(map[string]any)
		described += len(properties)
	}
	if described != fields {
		t.Errorf("the schema has %d fields, the model %d", described, fields)
	}
}
