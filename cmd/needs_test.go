package cmd_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"boussole/ranking/needs"
)

// reachByNeed asks the whole country some needs as the table of all does, which must
// tell the same of them; and each need must have its line there.
func reachByNeed(t *testing.T, program, index string) {
	file, err := os.ReadFile("../ranking/reach/NEEDS.md")
	if err != nil {
		t.Fatal(err)
	}
	table := strings.Split(string(file), "\n")
	asked := []string{"stroke", "hand", "emergency-child"}
	out, status := run(t, program, "-index", index, "-need", asked[0], "-need", asked[1], "-need", asked[2])
	if status != 0 || !strings.Contains(out, "Answers: 104610, of which empty: 0.") {
		t.Errorf("status %d\n%s", status, out)
	}
	for _, id := range asked {
		if line := lineOf(strings.Split(out, "\n"), id); line == "" || line != lineOf(table, id) {
			t.Errorf("the table shows\n%s\nand the program prints\n%s", lineOf(table, id), line)
		}
	}
	ours := filepath.Join(t.TempDir(), "ours.txt")
	text := "== ours: À nous | Ours\nours, version 1\n  fr: Le nôtre\n  en: Ours\n  exige un: R66|620\n  véhicules: voiture\n  fin: adulte\n"
	if err := os.WriteFile(ours, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out, status = run(t, program, "-index", index, "-needs", ours, "-need", "ours", "-every", "500")
	if status != 0 || !strings.HasPrefix(lineOf(strings.Split(out, "\n"), "ours"), "ours                     100.0 ") {
		t.Errorf("an operator's need: status %d\n%s", status, out)
	}
	for _, need := range needs.Embedded().Needs() {
		if lineOf(table, need.ID) == "" {
			t.Errorf("the table has no line for %s: make reach NEEDS=all", need.ID)
		}
	}
}

// lineOf is the line that begins with a word.
func lineOf(lines []string, word string) string {
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, word+" ") })
	if i < 0 {
		return ""
	}
	return lines[i]
}
