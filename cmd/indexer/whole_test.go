package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// What is no file is written to, and no file takes its place: as root that would be the
// end of /dev/null for all the machine.
func TestWhatIsNoFileStays(t *testing.T) {
	null := filepath.Join(t.TempDir(), "null")
	if err := os.Symlink(os.DevNull, null); err != nil { // so that a failure costs a link
		t.Fatal(err)
	}
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, "a"), "-report", null, "-metrics", null+"-metrics", "-findings", null+"-findings")
	if err := writePrivate(null, func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }); err != nil {
		t.Error(err)
	}
	f, err := createWhole(null, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f.abandon()
	if info, err := os.Lstat(null); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("it is %v now, %v", info, err)
	}
	if info, err := os.Stat(null); err != nil || info.Mode().Type()&fs.ModeDevice == 0 {
		t.Errorf("it is %v now, %v", info, err)
	}
}
