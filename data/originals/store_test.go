package originals_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"boussole/data/originals"
)

func made(t *testing.T) (*originals.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "originals")
	s, err := originals.Create("fhir", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, path
}

func closed(t *testing.T, s *originals.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// More records than a transaction holds, in an order that is not theirs, and
// some under one name.
func TestWhatGoesInComesOut(t *testing.T) {
	s, path := made(t)
	const n = 10_007
	buffer := make([]byte, 0, 2000)
	record := func(i int) []byte {
		return fmt.Appendf(buffer[:0], "{\"id\": %d,\r\n \"é\":\t%q}", i, strings.Repeat("x", i%1500))
	}
	for i := range n {
		name := fmt.Sprintf("Location/%d", i*7919%n)
		if s.Has(name) {
			t.Fatalf("%s is there before it is kept", name)
		}
		if number := s.Add(name, record(i)); number != uint64(i+1) {
			t.Fatalf("number %d, want %d", number, i+1)
		}
		if !s.Has(name) || s.Has(name+"0x") || s.Has(name[:len(name)-1]+"x") {
			t.Fatalf("%s is not there, or more is", name)
		}
	}
	s.Add("Location/5", []byte("again"))
	if text, number := s.First("Location/5"); number == n+1 || string(text) == "again" {
		t.Error("the first is not the first")
	}
	closed(t, s)
	for i := range n {
		if i%97 != 0 {
			continue
		}
		all, err := originals.Read(path, "fhir", fmt.Sprintf("Location/%d", i*7919%n))
		if err != nil || len(all) != 1 || string(all[0]) != string(record(i)) {
			t.Fatalf("%d: %q, %v", i, all, err)
		}
	}
	if all, err := originals.Read(path, "fhir", "Location/5"); err != nil || len(all) != 2 || string(all[1]) != "again" {
		t.Errorf("%q, %v", all, err)
	}
}

func TestTables(t *testing.T) {
	s, path := made(t)
	for i := range 9000 {
		s.Set("offers", fmt.Sprintf("%d/%d", i%3, i), []byte("where"))
	}
	s.Set("offers", "1", nil)
	count := 0
	for rest := range s.Under("offers", "1/") {
		if count++; rest == "" || strings.Contains(rest, "/") {
			t.Errorf("rest %q", rest)
		}
	}
	if count != 3000 || string(s.Value("offers", "2/2")) != "where" || s.Value("offers", "2/3") != nil || s.Value("none", "2/2") != nil {
		t.Errorf("%d under a prefix, %q", count, s.Value("offers", "2/2"))
	}
	if got := slices.Collect(s.Under("none", "")); got != nil {
		t.Errorf("%q", got)
	}
	s.Reset()
	if s.Value("offers", "2/2") != nil || s.Err() != nil {
		t.Errorf("something is left after the reset, or %v", s.Err())
	}
	s.Set("offers", "secret", nil)
	s.Add("Location/1", []byte("{}"))
	closed(t, s)
	if _, err := originals.Read(path, "fhir", "Location/1"); err != nil {
		t.Error(err)
	}
	if s.Close() != nil {
		t.Error("closing twice is an error")
	}
}

// What cannot be read says why, and is not made.
func TestReadFaults(t *testing.T) {
	s, path := made(t)
	s.Add("Location/1", []byte("{}"))
	closed(t, s)
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no such thing\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "none")
	for _, c := range []struct {
		path, source, name string
		is                 error
		says               string
	}{
		{path, "fhir", "Location/2", originals.ErrNone, "holds no Location/2 of the source \"fhir\""},
		{path, "fhir", "Location/", originals.ErrNone, "holds no Location/ "},
		{path, "finess", "Location/1", originals.ErrNone, "holds nothing of the source \"finess\""},
		{none, "fhir", "Location/1", fs.ErrNotExist, none},
		{filepath.Dir(none), "fhir", "Location/1", fs.ErrInvalid, "is no file"},
		{text, "fhir", "Location/1", nil, "is no file of originals, or is damaged"},
	} {
		_, err := originals.Read(c.path, c.source, c.name)
		if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s of %s: %v", c.name, c.source, err)
		}
	}
	if _, err := os.Stat(none); !errors.Is(err, fs.ErrNotExist) {
		t.Error("reading made a file")
	}
}

// A temporary store leaves nothing, and has no name that others could read it by.
func TestTemporaryLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s, err := originals.Temporary("fhir")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20_000 {
		s.Add(fmt.Sprint("Location/", i), []byte("{}"))
	}
	if there, err := os.ReadDir(dir); runtime.GOOS != "windows" && (err != nil || len(there) != 0) {
		t.Errorf("%v has a name, and would stay if the program died; %v", there, err)
	}
	if text, number := s.First("Location/19999"); string(text) != "{}" || number != 20_000 {
		t.Errorf("%q, %d", text, number)
	}
	closed(t, s)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	t.Setenv("TMPDIR", filepath.Join(dir, "none"))
	if _, err := originals.Temporary("fhir"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v where there is no folder for it", err)
	}
}

// After an error nothing is written, and closing says what it was.
func TestErrorStays(t *testing.T) {
	s, _ := made(t)
	s.Add("Location/1", []byte("{}"))
	s.Set("offers", strings.Repeat("x", 1<<16), nil) // longer than a key may be
	first := s.Err()
	if first == nil || s.Add("Location/2", nil) != 0 || s.Has("Location/1") {
		t.Errorf("%v", first)
	}
	s.Reset()
	if err := s.Close(); !errors.Is(err, first) {
		t.Errorf("%v, want %v", err, first)
	}
}
