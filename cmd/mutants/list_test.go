package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

const two = `# A comment before everything.

name: a radius filter dropped
file: index/predicate.go
from: if q.Within > 0 && d > q.Within {
to:   if false {
# A comment inside a block does not cut it.
test: ./index -run TestExact


# A comment alone is not a block.

  name: a key with colons
  file: data/code.go
  from: url := "https://example.org" // two: one
  to:
  test: ./data
`

func TestParse(t *testing.T) {
	got, err := parse(two)
	want := []mutant{
		{"a radius filter dropped", "index/predicate.go", "if q.Within > 0 && d > q.Within {", "if false {", "./index -run TestExact"},
		{"a key with colons", "data/code.go", `url := "https://example.org" // two: one`, "", "./data"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestParseNamesEveryFault(t *testing.T) {
	const good = "name: n\nfile: a.go\nfrom: x\nto: y\ntest: ./a"
	cases := []struct {
		name, text string
		want       []string // parts of the error
	}{
		{"a key missing", "name: n\nfile: a.go\nfrom: x\nto: y", []string{"line 1", "test is missing"}},
		{"to missing, not only empty", "name: n\nfile: a.go\nfrom: x\ntest: ./a", []string{"to is missing"}},
		{"an empty value", "name: n\nfile:\nfrom: x\nto: y\ntest: ./a", []string{"file is missing"}},
		{"an unknown key", good + "\nform: z", []string{`"form: z" is not one of`}},
		{"no colon", good + "\nelse", []string{`"else" is not one of`}},
		{"a key twice", good + "\nto: z", []string{"to is given twice"}},
		{"no change", strings.Replace(good, "to: y", "to: x", 1), []string{"becomes itself"}},
		{"outside the module", strings.Replace(good, "a.go", "../a.go", 1), []string{"not a path inside"}},
		{"quotes", good + " -run '^TestA$'", []string{"without quotes"}},
		{"a name twice", good + "\n\n" + good, []string{"line 7", "second mutant"}},
		{"two bad blocks", "name: n\n\n# c\nfrom: x", []string{"line 1", "line 4", "from is missing", "name is missing"}},
	}
	for _, c := range cases {
		_, err := parse(c.text)
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q in it", c.name, err, want)
			}
		}
	}
}

func TestApply(t *testing.T) {
	const source = "package a\n\nfunc f() {\n\tif x {\n\t\treturn\n\t}\n\tif y {\n\t\treturn\n\t}\n}\n"
	cases := []struct {
		name, from, to, want string // want "" for an error
	}{
		{"the indentation stays", "if x {", "if false {", strings.Replace(source, "if x {", "if false {", 1)},
		{"a line emptied", "package a", "", strings.TrimPrefix(source, "package a")},
		{"no such line", "if z {", "if false {", ""},
		{"a part of a line is not the line", "if x", "if false", ""},
		{"the end of a line is not the line", "x {", "false {", ""},
		{"two such lines", "return", "panic(1)", ""},
	}
	for _, c := range cases {
		got, err := mutant{file: "a.go", from: c.from, to: c.to}.apply(source)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

// The list itself, without running it: a change of the source that makes a
// mutation stale is told by go test already.
func TestListFitsTheSource(t *testing.T) {
	mutants, err := load("mutants.txt", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		source, err := os.ReadFile("../../" + m.file)
		if err == nil {
			_, err = m.apply(string(source))
		}
		if err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}

// The parts of a list are all of it, each mutant once.
func TestParts(t *testing.T) {
	all := make([]mutant, 10)
	for i := range all {
		all[i].name = string(rune('a' + i))
	}
	names := func(text string) (names string) {
		var p part
		if err := p.UnmarshalText([]byte(text)); err != nil || p.String() != text {
			t.Fatalf("%s is read as %s, %v", text, p, err)
		}
		for _, m := range p.of(all) {
			names += m.name
		}
		return names
	}
	for part, want := range map[string]string{"1/1": "abcdefghij", "1/3": "adgj", "2/3": "beh", "3/3": "cfi", "11/11": ""} {
		if got := names(part); got != want {
			t.Errorf("part %s is %q, not %q", part, got, want)
		}
	}
	for _, bad := range []string{"", "1", "0/3", "4/3", "1/0", "-1/3", "1/3 ", "1/3x", "01/3"} {
		if p := whole; p.UnmarshalText([]byte(bad)) == nil || p != whole {
			t.Errorf("%q is read as %s", bad, p)
		}
	}
}
