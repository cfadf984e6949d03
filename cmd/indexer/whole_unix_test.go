//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A report goes into a pipe, and nobody waits for one to come out of it.
func TestReportIntoAPipe(t *testing.T) {
	h := newHouse(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("skipped: no pipe can be made: ", err)
	}
	said := make(chan string)
	go func() {
		text, _ := os.ReadFile(pipe)
		said <- string(text)
	}()
	h.must([]string{": 1 record "}, "-ndjson", lines(t, "a"), "-report", pipe)
	if text := <-said; !strings.Contains(text, `"records": 1`) {
		t.Errorf("out of the pipe comes %q", text)
	}
}
