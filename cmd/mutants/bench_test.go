package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadOutcome(t *testing.T) {
	cases := []struct {
		name   string
		events []string
		want   outcome
	}{
		{"nothing", nil, outcome{}},
		{"green", []string{
			`{"Action":"pass","Package":"m/a","Test":"TestA"}`,
			`{"Action":"pass","Package":"m/a","Test":"TestB"}`,
			`{"Action":"pass","Package":"m/a"}`,
		}, outcome{passed: 2}},
		{"all skipped", []string{
			`{"Action":"skip","Package":"m/a","Test":"TestA"}`,
			`{"Action":"pass","Package":"m/a"}`,
		}, outcome{}},
		{"red", []string{
			`not an event`,
			`{"Action":"pass","Package":"m/a","Test":"TestA"}`,
			`{"Action":"fail","Package":"m/a","Test":"TestB"}`,
			`{"Action":"fail","Package":"m/a"}`,
		}, outcome{passed: 1, red: true, failed: "TestB"}},
		{"red before the first test", []string{
			`{"Action":"output","Package":"m/a","Output":"panic: no\n"}`,
			`{"Action":"fail","Package":"m/a"}`,
		}, outcome{red: true}},
		{"a build that fails", []string{
			`{"ImportPath":"m/a [m/a.test]","Action":"build-output","Output":"# m/a [m/a.test]\n"}`,
			`{"ImportPath":"m/a [m/a.test]","Action":"build-output","Output":"a/a.go:3:16: declared and not used: x\n"}`,
			`{"ImportPath":"m/a [m/a.test]","Action":"build-output","Output":"a/a.go:4:16: and so on\n"}`,
			`{"ImportPath":"m/a [m/a.test]","Action":"build-fail"}`,
			`{"Action":"fail","Package":"m/a","FailedBuild":"m/a [m/a.test]"}`,
		}, outcome{build: "a/a.go:3:16: declared and not used: x"}},
		{"a build that fails beside a red package", []string{
			`{"Action":"fail","Package":"m/b"}`,
			`{"Action":"fail","Package":"m/a","FailedBuild":"m/a"}`,
		}, outcome{red: true, build: "go test does not say why"}},
	}
	for _, c := range cases {
		if got := readOutcome([]byte(strings.Join(c.events, "\n"))); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// Every verdict once, on a module of two functions, one of them without a test.
func TestVerdicts(t *testing.T) {
	if testing.Short() {
		t.Skip("runs go test several times")
	}
	root := t.TempDir()
	files := map[string]string{
		"go.mod": "module m\n\ngo 1.26\n",
		"a.go":   "package m\n\nfunc one() int {\n\treturn 1\n}\n\nfunc two() int {\n\treturn 2\n}\n",
		"a_test.go": "package m\n\nimport \"testing\"\n\n" +
			"func TestOne(t *testing.T) {\n\tif one() != 1 {\n\t\tt.Fail()\n\t}\n\ttwo()\n}\n\n" +
			"func TestSkipped(t *testing.T) { t.Skip() }\n\n" +
			"func TestRed(t *testing.T) { t.Fail() }\n",
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const one = ". -run TestOne"
	mutants := []mutant{
		{"tested", "a.go", "return 1", "return 3", one},
		{"tested by nothing", "a.go", "return 2", "return 3", one},
		{"no Go", "a.go", "return 1", "return one two", one},
		{"no type", "a.go", "return 1", `return "1"`, one},
		{"not there", "a.go", "return 4", "return 5", one},
		{"no such file", "b.go", "return 1", "return 3", one},
		{"red already", "a.go", "return 1", "return 3", ". -run TestRed"},
		{"no test of that name", "a.go", "return 1", "return 3", ". -run TestNone"},
		{"skipped", "a.go", "return 1", "return 3", ". -run TestSkipped"},
		{"no such package", "a.go", "return 1", "return 3", "./nowhere"},
		{"no such flag of go", "a.go", "return 1", "return 3", "-trimpath=perhaps ."},
	}
	var out strings.Builder
	err := report(&out, mutants, bench{root, t.TempDir()}.tryAll(context.Background(), mutants, 2))
	if err == nil {
		t.Error("no error, though not all were killed")
	}
	want := []string{
		"killed   tested (",
		"SURVIVED tested by nothing (",
		"INVALID  no Go: it does not compile: ",
		"INVALID  no type: it does not compile: ",
		`INVALID  not there: 0 lines of a.go read "return 4", want one`,
		"INVALID  no such file: open ",
		"INVALID  red already: without it, go test . -run TestRed is red already",
		"INVALID  no test of that name: without it, go test . -run TestNone passes no test",
		"INVALID  skipped: without it, go test . -run TestSkipped passes no test",
		"INVALID  no such package: without it, go test ./nowhere does not compile",
		"INVALID  no such flag of go: go test -trimpath=perhaps .: exit status ",
		"11 mutants: 1 killed, 1 survived, 9 invalid",
	}
	want = append(want, want[1:11]...) // once more what was not killed
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i := range max(len(lines), len(want)) {
		if i >= len(lines) || i >= len(want) || !strings.HasPrefix(lines[i], want[i]) {
			t.Fatalf("line %d of the report:\n%s\nwant lines that begin with\n%s", i+1, out.String(), strings.Join(want, "\n"))
		}
	}
	if source, _ := os.ReadFile(filepath.Join(root, "a.go")); string(source) != files["a.go"] {
		t.Errorf("the tree was edited: %q", source)
	}
	if err := report(&out, mutants[:1], bench{root, t.TempDir()}.tryAll(context.Background(), mutants[:1], 0)); err != nil {
		t.Errorf("every mutant killed, and yet: %v", err)
	}
}
