package intake_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"boussole/data/intake"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What a reader may read otherwise has another digest; where it lies has none.
func TestDigest(t *testing.T) {
	digest := func(told string, texts ...string) string {
		t.Helper()
		dir := t.TempDir()
		f := intake.Files{Told: told}
		for i := 0; i < len(texts); i += 2 {
			path := filepath.Join(dir, string(rune('a'+i)), texts[i])
			put(t, path, texts[i+1])
			f.Paths = append(f.Paths, path)
		}
		return f.Digest()
	}
	one := digest("fhir", "a.json", "1", "b.json", "2")
	if one == "" || digest("fhir", "a.json", "1", "b.json", "2") != one {
		t.Errorf("the same files are %q, and another thing elsewhere", one)
	}
	for name, other := range map[string]string{
		"another reader":     digest("fhir 84", "a.json", "1", "b.json", "2"),
		"another byte":       digest("fhir", "a.json", "1", "b.json", "3"),
		"another name":       digest("fhir", "a.json", "1", "c.json", "2"),
		"another order":      digest("fhir", "b.json", "2", "a.json", "1"),
		"one less":           digest("fhir", "a.json", "1"),
		"a byte moved":       digest("fhir", "a.json", "", "b.json", "12"),
		"a file of the name": digest("fhir", "a.json", "1 b.json 2"),
	} {
		if other == one || other == "" {
			t.Errorf("%s: %q", name, other)
		}
	}
	if got := digest("fhir"); got != "" {
		t.Errorf("no file: %q", got)
	}
	missing := intake.Files{Paths: []string{filepath.Join(t.TempDir(), "x")}}
	if got := missing.Digest(); got != "" {
		t.Errorf("a file that is not there: %q", got)
	}
}

// A folder is all that is in it.
func TestDigestOfFolders(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a.json"), "1")
	digest := func() string { f := intake.Files{Paths: []string{dir}}; return f.Digest() }
	before := digest()
	put(t, filepath.Join(dir, "below", "b.json"), "2")
	if after := digest(); after == before || after == "" {
		t.Errorf("%q, and %q with a file more", before, after)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if got := digest(); got != "" {
		t.Errorf("with a link to a folder: %q", got)
	}
}

// A file that changes while it is read is none that is known.
func TestDigestOfWhatChanges(t *testing.T) {
	for name, change := range map[string]func(path string){
		"a byte more":          func(path string) { put(t, path, "12") },
		"others, in its place": func(path string) { put(t, path+".new", "1"); os.Rename(path+".new", path) },
		"gone":                 func(path string) { os.Remove(path) },
		"another time":         func(path string) { os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
	} {
		path := filepath.Join(t.TempDir(), "a.json")
		put(t, path, "1")
		f := intake.Files{Paths: []string{path}}
		before := f.Digest()
		if f.Digest() != before || before == "" {
			t.Fatalf("%s: it has changed before", name)
		}
		change(path)
		if got := f.Digest(); got != "" {
			t.Errorf("%s: %q", name, got)
		}
		put(t, path, "1")
		if got := f.Digest(); got != "" {
			t.Errorf("%s, and back: %q", name, got)
		}
	}
}

// TestDigestOfAnotherProgram runs the test as a copy of itself with a byte more, which is
// another program.
func TestDigestOfAnotherProgram(t *testing.T) {
	const env = "BOUSSOLE_TEST_DIGEST_OF"
	if path := os.Getenv(env); path != "" {
		f := intake.Files{Paths: []string{path}}
		fmt.Println("digest", f.Digest())
		return
	}
	path := filepath.Join(t.TempDir(), "a.json")
	put(t, path, "1")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	digest := func(more string) string {
		other := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(other, append(text, more...), 0o700); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(other, "-test.run", "^TestDigestOfAnotherProgram$")
		c.Env = append(os.Environ(), env+"="+path)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		_, digest, _ := strings.Cut(string(out), "digest ")
		digest, _, _ = strings.Cut(digest, "\n")
		return digest
	}
	f := intake.Files{Paths: []string{path}}
	if here, same, other := f.Digest(), digest(""), digest("x"); here == "" || same != here || other == here || other == "" {
		t.Errorf("%q, %q in a copy, %q in another program", here, same, other)
	}
}
