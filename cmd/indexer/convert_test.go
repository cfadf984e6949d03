package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The file has its name when it is whole, and nobody but its owner may read it,
// also where there was one before that anybody could.
func TestConvertIsPrivateAndWhole(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "all.ndjson")
	for _, old := range []string{path, path + ".partial"} {
		if err := os.WriteFile(old, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	arguments := []string{"convert", "-scale", "1000", "-out", path}
	if err := run(ctx, arguments, io.Discard, io.Discard); err == nil {
		t.Error("no error when it is told to stop")
	}
	if content, err := os.ReadFile(path); string(content) != "old" {
		t.Errorf("what was there is gone: %v", err)
	}
	var said strings.Builder
	if err := run(context.Background(), arguments, &said, io.Discard); err != nil || !strings.Contains(said.String(), "wrote 1000 offers") {
		t.Errorf("%v: %s", err, said.String())
	}
	content, err := os.ReadFile(path)
	if err != nil || strings.Count(string(content), "\n") != 1000 {
		t.Errorf("%d lines, %v", strings.Count(string(content), "\n"), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is for others to read: %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*.partial")); left != nil {
		t.Errorf("left behind: %q", left)
	}
}
