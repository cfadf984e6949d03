package intake

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func archive(t *testing.T, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		m, err := w.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		m.Write([]byte(members[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// contents returns what the files hold, with the names that readers see.
func contents(t *testing.T, paths []string) string {
	t.Helper()
	var list []string
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, filepath.Base(path)+"="+string(content))
	}
	return strings.Join(list, " ")
}

func TestPaths(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a.csv", "A")
	write(t, dir+"/b.csv", "B")
	write(t, dir+"/.hidden", "no")
	write(t, dir+"/below/c.csv", "C")
	write(t, dir+"/one.zip", archive(t, "sae_2023.csv", "Z"))
	write(t, dir+"/evil/two.zip", archive(t, "b/../../two.csv", "2", "a/", "", "a/one.csv", "1"))
	write(t, dir+"/empty/none.zip", archive(t, "folder/", ""))
	write(t, dir+"/broken/broken.zip", archive(t, "a", "b")[:40])
	if err := os.Mkdir(dir+"/void", 0o755); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, argument, want, fault string
	}{
		{"a file", dir + "/a.csv", "a.csv=A", ""},
		{"a folder, its own files", dir, "a.csv=A b.csv=B sae_2023.csv=Z", ""},
		{"a pattern", dir + "/*.csv", "a.csv=A b.csv=B", ""},
		{"a folder of one", dir + "/below", "c.csv=C", ""},
		{"an archive", dir + "/one.zip", "sae_2023.csv=Z", ""},
		{"an archive that wants to write elsewhere", dir + "/evil/two.zip", "one.csv=1 two.csv=2", ""},
		{"standard input", "-", "stdin=S", ""},
		{"an archive of nothing", dir + "/empty/none.zip", "", "the archive has no file"},
		{"a broken archive", dir + "/broken/broken.zip", "", "unzipping"},
		{"nothing there", dir + "/none.csv", "", "no such file"},
		{"a pattern of nothing", dir + "/*.json", "", "no file is named like that"},
		{"a pattern that is none", dir + "/[.json", "", "syntax error"},
		{"an empty folder", dir + "/void", "", "the folder has no file"},
		{"not encrypted", "http://localhost/a.csv", "", "only https"},
	}
	for _, c := range cases {
		in := Inputs{Stdin: strings.NewReader("S")}
		paths, err := in.Paths(t.Context(), c.argument)
		switch {
		case c.fault == "" && (err != nil || contents(t, paths) != c.want):
			t.Errorf("%s: %q, %v, want %q", c.name, contents(t, paths), err, c.want)
		case c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault) || !strings.Contains(err.Error(), c.argument)):
			t.Errorf("%s: %v, want %q of %q", c.name, err, c.fault, c.argument)
		}
		temporary := in.dir
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(temporary); temporary != "" && !os.IsNotExist(err) {
			t.Errorf("%s: %s is left", c.name, temporary)
		}
	}
}

// Several at once keep their order, and every fault is told.
func TestPathsOfMany(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/b", "B")
	write(t, dir+"/a", "A")
	in := Inputs{Stdin: strings.NewReader("S")}
	defer in.Close()
	paths, err := in.Paths(t.Context(), dir+"/b", "-", dir+"/a")
	if got := contents(t, paths); err != nil || got != "b=B stdin=S a=A" {
		t.Errorf("%s, %v", got, err)
	}
	_, err = in.Paths(t.Context(), dir+"/none", "-", dir+"/*.none")
	for _, want := range []string{"/none", "standard input can be read once", "*.none"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}
