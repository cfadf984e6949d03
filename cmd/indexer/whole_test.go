package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// What is no file is written to, and no file takes its place: as root that would be the
// end of /dev/null for all the machine. Nor does one take that of a link.
func TestWhatIsNoFileStays(t *testing.T) {
	folder := t.TempDir()
	link := func(name, to string) string { // so that a failure costs a link
		path := filepath.Join(folder, name)
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file, err := os.Create(filepath.Join(folder, "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString("before "); err != nil {
		t.Fatal(err)
	}
	before, _ := file.Stat()
	null, held := link("null", os.DevNull), link("held", fmt.Sprintf("/proc/self/fd/%d", file.Fd()))
	own := link("own", filepath.Join(folder, "another"))
	if err := os.WriteFile(filepath.Join(folder, "another"), []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, "a"), "-report", null, "-metrics", null, "-findings", null, "-rejects", null)
	say := func(w io.Writer) error { _, err := io.WriteString(w, "after"); return err }
	for _, path := range []string{null, held, own} {
		if err := writePrivate(path, say); err != nil {
			t.Error(err)
		}
		if info, err := os.Lstat(path); err != nil || info.Mode().Type() != fs.ModeSymlink {
			t.Errorf("%s is %v now, %v", path, info, err)
		}
	}
	f, err := createWhole(null, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f.abandon()
	if info, err := os.Stat(null); err != nil || info.Mode().Type()&fs.ModeDevice == 0 {
		t.Errorf("it is %v now, %v", info, err)
	}
	after, err := os.Stat(filepath.Join(folder, "file"))
	if text, _ := os.ReadFile(file.Name()); err != nil || !os.SameFile(before, after) || string(text) != "before after" {
		t.Errorf("what is open is another file, or says %q, %v", text, err)
	}
	if text, _ := os.ReadFile(own); string(text) != "after" {
		t.Errorf("the file of a link says %q", text)
	}
}

func TestFaultsOfOutputs(t *testing.T) {
	folder := t.TempDir()
	for says, files := range map[string][]output{
		"-a: " + folder + " is a folder": {{"a", folder}},
		"-a and -b are both x":           {{"a", "x"}, {"b", "x"}},
		"":                               {{"a", ""}, {"b", ""}, {"c", os.DevNull}, {"d", os.DevNull}},
	} {
		if faults := outputFaults(files...); fmt.Sprint(faults) != "["+says+"]" {
			t.Errorf("%v has the faults %v, not %q", files, faults, says)
		}
	}
}
