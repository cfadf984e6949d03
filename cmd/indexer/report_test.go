package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"boussole/data/intake"
	"boussole/data/report"
)

func runTold(t *testing.T, arguments ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(context.Background(), arguments, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func private(t *testing.T, path string) {
	t.Helper()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s is for others to read: %v, %v", path, info, err)
	}
}

func readReport(t *testing.T, path string) (r report.Report) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// The report of a base, that of the update that has filled it and that of the files
// alone find the same.
func TestReport(t *testing.T) {
	h := newHouse(t)
	prison := write(t, "a.ndjson", service("84/1", "USMP")+service("84/2", "Cardiologie")+"{\n")
	arguments := []string{"-base", "ara=" + prison, "-base", "bfc=" + write(t, "b.ndjson", otherwise(service("27/1", "Urgences")))}
	h.must([]string{"Quality on ", ": 3 records", "1 error sensitive-unflagged: Looks like a sensitive unit, and is not flagged"}, arguments...)
	made := filepath.Join(h.out, "quality.json")
	private(t, made)
	want := readReport(t, made)
	if len(want.Rejects) == 0 || len(want.Decisions) == 0 || want.Records != 3 || want.Found(report.SensitiveUnflagged) != 1 {
		t.Errorf("%+v", want)
	}

	ofBase, ofFiles := filepath.Join(t.TempDir(), "base.json"), filepath.Join(t.TempDir(), "files.json")
	if said := runTold(t, "report", "-store", h.store, "-json", ofBase); !strings.Contains(said, "fhir-ara 84 Auvergne-Rhône-Alpes") {
		t.Errorf("%s", said)
	}
	runTold(t, append([]string{"report", "-json", ofFiles}, arguments...)...)
	private(t, ofBase)
	for _, path := range []string{ofBase, ofFiles} {
		got := readReport(t, path)
		for i := range got.Groups {
			got.Groups[i].Ages, want.Groups[i].Ages = report.Ages{}, report.Ages{} // a base does not keep editions
		}
		if a, b := asJSON(t, got.Groups), asJSON(t, want.Groups); a != b {
			t.Errorf("%s\nis not\n%s", a, b)
		}
	}

	listed := filepath.Join(t.TempDir(), "listed.json")
	said := runTold(t, "report", "-store", h.store, "-show", "sensitive-unflagged", "-json", listed)
	if !strings.Contains(said, "1 found") || !strings.Contains(said, "USMP") {
		t.Errorf("%s", said)
	}
	private(t, listed)
	if text, _ := os.ReadFile(listed); string(text) != runTold(t, "report", "-store", h.store, "-show", "sensitive-unflagged", "-json", "-") {
		t.Errorf("%s", text)
	}
}

// A report that was made of the same stays, and no record is read for it: one in which
// something else was written shows it. Whatever is another makes it anew.
func TestReportOfTheSameStays(t *testing.T) { inBoth(t, testReportOfTheSameStays) }

func testReportOfTheSameStays(h *house) {
	t := h.T
	made := filepath.Join(h.out, "quality.json")
	terms := func(day string) string {
		return write(t, "terms.json", `{"resourceType":"CodeSystem","id":"JDV-J17-ModePriseEnCharge-ROR","url":"https://mos.esante.gouv.fr/NOS/TRE_R213-ModePriseEnCharge/FHIR/TRE-R213-ModePriseEnCharge","date":"`+day+`","concept":[{"code":"28","display":"Urgences"}]}`)
	}
	files := []string{"-of", "2026-11-02", "-ndjson", lines(t, "a", "b"), "-nos", terms("2026-11-02")}
	another := func(records int) { // in the place of what stands there
		t.Helper()
		told := readReport(t, made)
		told.Records = records
		if err := writePrivate(made, told.WriteJSON); err != nil {
			t.Fatal(err)
		}
	}
	h.must([]string{": 2 records"}, files...)
	another(7)
	h.must([]string{"unchanged", ": 7 records"}, files...)
	if got := readReport(t, made); got.Records != 7 || got.Basis == "" {
		t.Errorf("%+v", got)
	}
	for what, change := range map[string]func() []string{
		"another day":        func() []string { return append([]string{"-of", "2026-11-03"}, files[2:]...) },
		"other terms":        func() []string { return append(slices.Clone(files[:5]), terms("2026-11-01")) },
		"no terms":           func() []string { return files[:4] },
		"a report of others": func() []string { os.WriteFile(made, []byte(`{"records":7}`), 0o600); return files },
		"half a report":      func() []string { os.WriteFile(made, []byte(`{`), 0o600); return files },
		"none":               func() []string { os.Remove(made); return files },
	} {
		h.must(nil, append([]string{"-any-day"}, files...)...)
		another(7)
		if said := h.must([]string{": 2 records"}, append([]string{"-any-day"}, change()...)...); strings.Contains(said, ": 7 records") {
			t.Errorf("%s: %s", what, said)
		}
	}
	h.must(nil, append([]string{"-any-day"}, files...)...)
	another(7)
	h.must([]string{": 3 records"}, "-of", "2026-11-02", "-ndjson", lines(t, "a", "b", "c"), "-nos", terms("2026-11-02"))
}

// Terminologies that change while an update runs are not those that it has read: its report
// is of no basis, and the next one is made anew.
func TestTermsThatChange(t *testing.T) {
	terms := func(display string) string {
		return `{"resourceType":"CodeSystem","url":"https://mos.esante.gouv.fr/NOS/TRE_R213-ModePriseEnCharge/FHIR/TRE-R213-ModePriseEnCharge","concept":[{"code":"28","display":"` + display + `"}]}`
	}
	path := write(t, "terms.json", terms("Urgences"))
	basis := func(meanwhile func()) string {
		t.Helper()
		in := inputs{}
		in.nos.Values = []string{path}
		o, err := in.openRegisters(t.Context(), intake.NewLedger(io.Discard), io.Discard)
		if err == nil {
			err = o.readTerms()
		}
		if err != nil {
			t.Fatal(err)
		}
		meanwhile()
		return (&update{}).reportBasis("here", o)
	}
	if of := basis(func() {}); of == "" {
		t.Error("what does not change has no basis")
	}
	if of := basis(func() { os.WriteFile(path, []byte(terms("Autre")), 0o600) }); of != "" {
		t.Errorf("what has changed since has the basis %s", of)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// After a delta the base is not read through, unless it is asked for.
func TestReportAfterADelta(t *testing.T) {
	h := newHouse(t)
	h.must([]string{"Quality on", ": 1 record "}, "-ndjson", lines(t, "a"))
	made := filepath.Join(h.out, "quality.json")
	if err := os.Remove(made); err != nil {
		t.Fatal(err)
	}
	if said := h.must(nil, "-delta", "-ndjson", lines(t, "b")); strings.Contains(said, "Quality") {
		t.Errorf("%s", said)
	}
	if _, err := os.Stat(made); err == nil {
		t.Error("a report is there")
	}
	named := filepath.Join(t.TempDir(), "named.json")
	h.must([]string{"3 records"}, "-delta", "-report", named, "-ndjson", lines(t, "c"))
	private(t, named)
}

func TestReportFaults(t *testing.T) {
	folder := t.TempDir()
	for says, arguments := range map[string][]string{
		"nothing to read":               nil,
		"no other can be read":          {"-store", folder, "-scale", "1000"},
		"-store: there is no base":      {"-store", filepath.Join(folder, "x")},
		"-show nothing: the rules are ": {"-scale", "1000", "-show", "nothing"},
		"-day: ":                        {"-scale", "1000", "-day", "today"},
		"-stale 0 is below 1":           {"-scale", "1000", "-stale", "0"},
		"-json: " + folder:              {"-scale", "1000", "-json", folder},
	} {
		err := run(context.Background(), append([]string{"report"}, arguments...), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", arguments, err, says)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*")); left != nil {
		t.Errorf("left behind: %q", left)
	}
}

// The invented country has the defects of real records, and no others: what is found
// in it would be a false alarm.
func TestReportOfTheInventedCountry(t *testing.T) {
	var r report.Report
	if err := json.Unmarshal([]byte(runTold(t, "report", "-scale", "5000", "-day", "2026-11-26", "-json", "-")), &r); err != nil {
		t.Fatal(err)
	}
	for _, rule := range r.Rules {
		if expected := slices.Contains([]string{report.PhoneMissing, report.Stale}, rule.ID); rule.Found > 0 && !expected {
			t.Errorf("%s is found %d times", rule.ID, rule.Found)
		}
	}
	if r.Records != 5000 || r.Found(report.PhoneMissing) < 400 || r.Found(report.PhoneMissing) > 800 {
		t.Errorf("%d records, %d without a phone", r.Records, r.Found(report.PhoneMissing))
	}
}
