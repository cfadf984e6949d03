package intake_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"boussole/data/intake"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made-up")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen(t *testing.T) {
	long := strings.Repeat("une ligne inventée\n", 20_000)
	cases := []struct {
		name    string
		content []byte
		want    string
	}{
		{"plain", []byte("un\ndeux\n"), "un\ndeux\n"},
		{"gzipped", gzipped(t, "un\ndeux\n"), "un\ndeux\n"},
		{"plain, long", []byte(long), long},
		{"gzipped, long", gzipped(t, long), long},
		{"two gzipped in a row", append(gzipped(t, "un\n"), gzipped(t, "deux\n")...), "un\ndeux\n"},
		{"empty", nil, ""},
		{"gzipped, empty", gzipped(t, ""), ""},
		{"one byte, the first of gzip", []byte{0x1f}, "\x1f"},
		{"not gzip but for the first byte", []byte("\x1fx"), "\x1fx"},
	}
	for _, c := range cases {
		f, err := intake.Open(write(t, c.content), nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got, err := io.ReadAll(f); err != nil || string(got) != c.want {
			t.Errorf("%s: %d bytes, %v; want %d bytes", c.name, len(got), err, len(c.want))
		}
		if err := f.Close(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestOpenFails(t *testing.T) {
	cut := gzipped(t, strings.Repeat("une ligne\n", 1000))
	cases := []struct {
		name, path string
		want       error // nil: any
	}{
		{"no such file", filepath.Join(t.TempDir(), "absent"), fs.ErrNotExist},
		{"a folder", t.TempDir(), nil},
		{"a gzip header cut short", write(t, cut[:5]), io.ErrUnexpectedEOF},
		{"a gzip header that is none", write(t, []byte("\x1f\x8b\xff\xff\xff\xff\xff\xff\xff\xff\xff")), gzip.ErrHeader},
	}
	for _, c := range cases {
		f, err := intake.Open(c.path, nil)
		if err == nil || f != nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		if c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: %q does not name the file", c.name, err)
		}
	}
}

func TestOpenCutShort(t *testing.T) {
	whole := gzipped(t, strings.Repeat("une ligne\n", 1000))
	f, err := intake.Open(write(t, whole[:len(whole)-9]), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := intake.NewLines(f)
	for lines.Next() {
	}
	if !errors.Is(lines.Err(), io.ErrUnexpectedEOF) {
		t.Errorf("%v after line %d", lines.Err(), lines.Number())
	}
}

// What was read is what the disk gave, not what gzip made of it.
func TestOpenTellsOfTheBytes(t *testing.T) {
	content := gzipped(t, strings.Repeat("une ligne\n", 100_000))
	path := write(t, content)
	if got := intake.Size(path); got != int64(len(content)) {
		t.Errorf("size %d, want %d", got, len(content))
	}
	var shown strings.Builder
	f, err := intake.Open(path, intake.NewProgress(&shown, "essai", int64(len(content))))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(io.Discard, f); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(shown.String(), "essai: 100 %\n") || strings.Count(shown.String(), "\n") != 5 {
		t.Errorf("%q", shown.String())
	}
	if got := intake.Size(path + "-absent"); got != 0 {
		t.Errorf("a file that is not there has %d bytes", got)
	}
}

func TestLines(t *testing.T) {
	middle := strings.Repeat("m", 200_000) // longer than any buffer, shorter than a mebibyte
	cases := []struct {
		name, text string
		want       []string
	}{
		{"no text", "", nil},
		{"two lines", "un\ndeux\n", []string{"un", "deux"}},
		{"no final end of line", "un\ndeux", []string{"un", "deux"}},
		{"CRLF", "un\r\ndeux\r\n", []string{"un", "deux"}},
		{"CRLF, then none", "un\r\ndeux", []string{"un", "deux"}},
		{"CR inside", "un\rdeux\n", []string{"un\rdeux"}},
		{"empty lines", "\n\nun\n\n", []string{"", "", "un", ""}},
		{"any bytes", "\xe9\x00\xff\nfin", []string{"\xe9\x00\xff", "fin"}},
		{"a line of 200,000 bytes", "un\n" + middle + "\ntrois\n", []string{"un", middle, "trois"}},
		{"a line of 200,000 bytes, the last", "un\n" + middle, []string{"un", middle}},
		{"a line of 200,000 bytes, CRLF", middle + "\r\nfin", []string{middle, "fin"}},
	}
	for _, c := range cases {
		lines := intake.NewLines(iotest.HalfReader(strings.NewReader(c.text)))
		var got []string
		for lines.Next() {
			got = append(got, string(lines.Bytes()))
			if lines.Number() != len(got) || lines.TooLong() {
				t.Errorf("%s: line %d is number %d, too long %v", c.name, len(got), lines.Number(), lines.TooLong())
			}
		}
		if !slices.Equal(got, c.want) || lines.Err() != nil {
			t.Errorf("%s: %.60q, %v; want %.60q", c.name, got, lines.Err(), c.want)
		}
	}
}

// Of a line that is too long at most a mebibyte is kept, and the next is whole.
func TestLinesTooLong(t *testing.T) {
	const mebibyte = 1 << 20
	cases := []struct {
		name   string
		length int
		want   bool
	}{
		{"a mebibyte", mebibyte, false},
		{"a byte more", mebibyte + 1, true},
		{"five mebibytes", 5 * mebibyte, true},
	}
	for _, c := range cases {
		lines := intake.NewLines(strings.NewReader("avant\n" + strings.Repeat("x", c.length) + "\naprès\n"))
		lines.Next()
		lines.Next()
		if got := lines.TooLong(); got != c.want || len(lines.Bytes()) > mebibyte || lines.Number() != 2 {
			t.Errorf("%s: too long is %v, want %v; %d bytes kept, line %d", c.name, got, c.want, len(lines.Bytes()), lines.Number())
		}
		if !lines.Next() || string(lines.Bytes()) != "après" || lines.TooLong() || lines.Number() != 3 {
			t.Errorf("%s: followed by %.20q, too long %v, line %d", c.name, lines.Bytes(), lines.TooLong(), lines.Number())
		}
		if lines.Next() || lines.Err() != nil {
			t.Errorf("%s: more, or %v", c.name, lines.Err())
		}
	}
}

func TestLinesFail(t *testing.T) {
	broken := errors.New("made-up fault of a disk")
	lines := intake.NewLines(io.MultiReader(strings.NewReader("un\ndeux\n"), iotest.ErrReader(broken)))
	read := 0
	for lines.Next() {
		read++
	}
	if read != 2 || !errors.Is(lines.Err(), broken) || !strings.Contains(lines.Err().Error(), "after line 2") {
		t.Errorf("%d lines, then %v", read, lines.Err())
	}
}

// A last line without an end is a line, also when it fills the buffer.
func TestLastLineOfAnyLength(t *testing.T) {
	for _, length := range []int{1, 1<<16 - 1, 1 << 16, 1<<16 + 1, 1 << 17} {
		lines := intake.NewLines(strings.NewReader("first\n" + strings.Repeat("a", length)))
		read, last := 0, 0
		for lines.Next() {
			read, last = read+1, len(lines.Bytes())
		}
		if read != 2 || last != length || lines.Err() != nil {
			t.Errorf("%d bytes: %d lines, the last of %d, %v", length, read, last, lines.Err())
		}
	}
}
