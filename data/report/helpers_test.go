package report_test

import (
	"os"
	"path/filepath"
	"testing"

	"boussole/geo/gazetteer"
)

func commune(code string) gazetteer.Commune {
	c, ok := gazetteer.ByCode(code)
	if !ok {
		panic("no commune " + code)
	}
	return c
}

// write puts a file into a new folder.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
