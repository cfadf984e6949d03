package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The same files again are known, each source by itself, and all that is printed and
// written of them is what it was when they were read.
func TestUpdateAgain(t *testing.T) { inBoth(t, testUpdateAgain) }

func testUpdateAgain(h *house) {
	t := h.T
	stock := "structureet;010000024;;ETABLISSEMENT" + strings.Repeat(";", 28) + "\n" + "structureet;010000024;;DEUX FOIS" + strings.Repeat(";", 28) + "\n"
	folder := t.TempDir() // of one base, in two files
	organization, healthcare, _ := strings.Cut(service("11/1", "B"), "\n")
	for name, text := range map[string]string{"a.ndjson": organization, "b.ndjson": healthcare} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := []string{
		"-of", "2026-11-02", "-base", "ara=" + write(t, "ara.ndjson", service("84/1", "A")), "-base", "idf=" + folder,
		"-finess", write(t, "stock.csv", stock), "-ndjson", lines(t, "a", "b"), "-ndjson", lines(t, "c"),
	}
	rejects := func() string {
		t.Helper()
		h.must([]string{"finess structureet 2 1 0 1", "ndjson offer 2 2 0 0 ndjson offer 1 1 0 0"}, files...)
		if report := readReport(t, filepath.Join(h.out, "quality.json")); len(report.Rejects) != 1 || report.Rejects[0].Source != "finess" {
			t.Errorf("of what was rejected the report tells %+v", report.Rejects)
		}
		path := filepath.Join(h.out, "rejects.csv")
		private(t, path) // it names whom most may not see
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	digests := func() (all string) {
		b := h.open()
		defer b.Close()
		s, err := b.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, source := range s.Sources() {
			if source.Reading.Digest == "" || source.Reading.Counts.Read == 0 {
				t.Errorf("%s will not be known", source.Name)
			}
			all += source.Name + " " + source.Reading.Digest + "\n"
		}
		return all
	}
	first, known := rejects(), digests()
	if n := strings.Count(known, "\n"); n != 4 || !strings.Contains(first, "finess,2,010000024") {
		t.Fatalf("%d sources:\n%s\n%s", n, known, first)
	}
	if again := rejects(); again != first || digests() != known {
		t.Errorf("of the same it rejects\n%s, not\n%s", again, first)
	}
	if err := os.WriteFile(filepath.Join(folder, "c.json"), []byte(organization), 0o600); err != nil {
		t.Fatal(err)
	}
	if h.update(files...); digests() == known {
		t.Error("a file more is not seen")
	}
}

// A base that is known is told on its own pages beside one that is read and has no line
// of some kind.
func TestUpdateAgainBesideAnother(t *testing.T) {
	h := newHouse(t)
	idf := write(t, "idf.ndjson", service("11/1", "B")+`{"resourceType":"Location","id":"3"}`+"\n")
	for _, name := range []string{"A", "A another"} {
		said := h.must(nil, "-of", "2026-11-02", "-base", "ara="+write(t, "ara.ndjson", service("84/1", name)), "-base", "idf="+idf)
		read := regexp.MustCompile(`fhir Location \d+`).FindAllString(said, -1)
		if want := []string{"fhir Location 0", "fhir Location 1"}; !slices.Equal(read, want) {
			t.Errorf("%s: it tells %q, not %q", name, read, want)
		}
	}
}
