package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"boussole/data/postgres/postgrestest"
)

// house is where an operator keeps a base and the index made of it.
type house struct {
	*testing.T
	store, out, metrics string
}

func newHouse(t *testing.T) *house {
	dir := t.TempDir()
	return &house{t, filepath.Join(dir, "base"), filepath.Join(dir, "index"), filepath.Join(dir, "boussole.prom")}
}

// inBoth runs a test on a base in a folder, and on one in a database.
func inBoth(t *testing.T, test func(*house)) {
	t.Run("folder", func(t *testing.T) { test(newHouse(t)) })
	t.Run("database", func(t *testing.T) {
		h := newHouse(t)
		h.store = postgrestest.Database(t)
		if _, err := h.update(); err == nil {
			t.Error("a database is used that was not migrated")
		}
		if err := run(t.Context(), []string{"migrate", "-store", h.store}, io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
		test(h)
	})
}

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// update runs the command, and returns what it prints with single spaces.
func (h *house) update(arguments ...string) (output string, err error) {
	h.Helper()
	var out strings.Builder
	err = run(context.Background(), append([]string{"update", "-store", h.store, "-out", h.out, "-metrics", h.metrics}, arguments...), &out, io.Discard)
	return strings.Join(strings.Fields(out.String()), " "), err
}

// must run it, and say all of that.
func (h *house) must(says []string, arguments ...string) (output string) {
	h.Helper()
	output, err := h.update(arguments...)
	if err != nil {
		h.Fatal(err)
	}
	for _, want := range says {
		if !strings.Contains(output, want) {
			h.Errorf("%v: does not say %q:\n%s", arguments, want, output)
		}
	}
	return output
}

// refused runs it, and it must fail and say so; what is published stays.
func (h *house) refused(says string, arguments ...string) (output string) {
	h.Helper()
	before := h.current()
	output, err := h.update(arguments...)
	if err == nil || !strings.Contains(err.Error(), says) {
		h.Errorf("%v: %v, want %q", arguments, err, says)
	}
	if now := h.current(); now != before {
		h.Errorf("%v: publishes %s", arguments, now)
	}
	return output
}

// purge runs the command as on a day of the year 9000, when all is long past.
func (h *house) purge(arguments ...string) (output string, err error) {
	h.Helper()
	var out strings.Builder
	c := purge{now: time.Date(9000, 1, 1, 12, 0, 0, 0, time.UTC)}
	err = c.start(h.Context(), append([]string{"-store", h.store}, arguments...), &out, io.Discard)
	return strings.Join(strings.Fields(out.String()), " "), err
}

func (h *house) current() string {
	text, err := os.ReadFile(filepath.Join(h.out, "CURRENT"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// metric is the value of a row of the metrics, "" where there is none.
func (h *house) metric(row string) string {
	h.Helper()
	text, err := os.ReadFile(h.metrics)
	if err != nil {
		h.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), " "); name == row {
			return value
		}
	}
	return ""
}

// lines is a file of offers of these names, which are their ids too.
func lines(t *testing.T, names ...string) string {
	t.Helper()
	var text strings.Builder
	for _, name := range names {
		fmt.Fprintf(&text, `{"id":%q,"name":"Offre %s"}`+"\n", name, name)
	}
	return write(t, "offers.ndjson", text.String())
}

// Day after day: the same again, a delta, a full export that repairs, a loss.
func TestUpdate(t *testing.T) { inBoth(t, testUpdate) }

func testUpdate(h *house) {
	t := h.T
	monday := []string{"-of", "2026-11-02", "-ndjson", lines(t, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k")}
	h.must([]string{"ndjson 11 11 0 0 0 0 0 0 0 taken", "11 offers", "all of it"}, monday...)
	first := h.current()

	h.must([]string{"ndjson 11 0 0 11 0 0 0 0 0 unchanged", "unchanged: generation " + first}, monday...)
	h.must([]string{"unchanged", "unchanged: generation " + first}, append([]string{"-of", "2026-11-03"}, monday[2:]...)...)

	delta := write(t, "delta.ndjson", `{"id":"a","name":"Autre"}`+"\n"+`{"id":"l"}`+"\n"+`{"id":"b","deleted":true}`+"\n"+`{"nom":""}`+"\n")
	h.must([]string{"ndjson 4 1 1 0 0 1 1 0 0 taken", "11 offers", "3 records have changed, 2 offers are new or others, 1 gone"}, "-delta", "-of", "2026-11-04", "-ndjson", delta)
	if h.current() == first {
		t.Error("a delta publishes nothing")
	}

	// What the delta missed: c is no more, and d is another one.
	friday := write(t, "friday.ndjson", `{"id":"a","name":"Autre"}`+"\n"+`{"id":"l"}`+"\n"+`{"id":"d","name":"D"}`+"\n")
	rest := lines(t, "e", "f", "g", "h", "i", "j", "k")
	h.must([]string{"ndjson 10 0 1 9 0 0 0 1 2 taken", "10 offers"}, "-of", "2026-11-04", "-ndjson", friday, "-ndjson", rest)
	for row, want := range map[string]string{
		`boussole_import_repairs{source="ndjson"}`:                    "2",
		`boussole_import_missing_records{source="ndjson"}`:            "1",
		`boussole_import_records{source="ndjson",result="unchanged"}`: "9",
		`boussole_import_records{source="ndjson",result="updated"}`:   "1",
		`boussole_base_live_records{source="ndjson"}`:                 "10",
		`boussole_generation_offers`:                                  "10",
		`boussole_import_success{source="ndjson"}`:                    "1",
	} {
		if got := h.metric(row); got != want {
			t.Errorf("%s is %q, want %s", row, got, want)
		}
	}

	h.refused("would lose 3 of its 10 records (30.0 %)", "-of", "2026-11-05", "-ndjson", rest)
	if ok, live := h.metric(`boussole_import_success{source="ndjson"}`), h.metric(`boussole_base_live_records{source="ndjson"}`); ok != "0" || live != "10" || h.metric("boussole_generation_offers") != "" {
		t.Errorf("of what was refused the metrics say %q, %q", ok, live)
	}
	h.refused("older than what is known", "-of", "2026-11-01", "-ndjson", friday, "-ndjson", rest)
	h.must([]string{"7 offers"}, "-max-loss", "0.3", "-of", "2026-11-05", "-ndjson", rest)
	h.must([]string{"11 offers"}, "-any-day", "-of", "2026-11-01", "-ndjson", monday[3])
	h.must([]string{"1 offers"}, "-any-loss", "-of", "2026-11-06", "-ndjson", lines(t, "a"))
}

// One source that is refused keeps all from being published; what the others said
// is in the base, and goes out with the next update that nothing stops.
func TestUpdateOfSeveralSources(t *testing.T) {
	h := newHouse(t)
	stock := func(numbers ...string) string {
		text := ""
		for _, n := range numbers {
			text += "structureet;" + n + ";;ETABLISSEMENT " + n + strings.Repeat(";", 28) + "\n"
		}
		return write(t, "stock.csv", text)
	}
	findings := filepath.Join(t.TempDir(), "findings.csv")
	h.must([]string{"fhir-ara 1 1 0 0", "fhir-idf 1 1 0 0", "finess 2 2 0 0", "3 offers"},
		"-base", "ara="+write(t, "a.ndjson", service("84/1", "A")), "-base", "idf="+write(t, "b.ndjson", service("11/1", "B")),
		"-finess", stock("010000024", "010000032"), "-findings", findings)
	if text, err := os.ReadFile(findings); err != nil || !strings.Contains(string(text), "conflict of name") {
		t.Errorf("of two names of one service the findings are %s, %v", text, err)
	}
	first := h.current()
	none, _, _ := strings.Cut(service("84/1", "A"), "\n") // an establishment, and no service
	out := h.refused("fhir-ara would lose 1 of its 1 records", "-base", "ara="+write(t, "a.ndjson", none), "-finess", stock("010000024", "010000032", "990000002"))
	if !strings.Contains(out, "fhir-ara 0 0 0 0 0 0 0 0 0 refused") || !strings.Contains(out, "finess 3 1 0 2 0 0 0 0 0 taken") {
		t.Errorf("it prints\n%s", out)
	}
	h.must([]string{"published generation", "4 offers"})
	if h.current() == first {
		t.Error("what was taken is not published")
	}
	// A line of the stock that nobody can name closes nothing, of more than may be lost
	// when somebody has looked.
	h.refused("1 lines cannot be used that may be of any record, and 2 of its 3 records are not named", "-finess", stock("010000024", "010000025"))
	h.must([]string{"finess 2 0 0 1 0 0 1 0 0 unchanged", "finess does not name 2 records, kept because 1 of the rejected lines may be any of them"},
		"-any-loss", "-finess", stock("010000024", "010000025"))
	if got := h.metric(`boussole_import_kept_records{source="finess"}`); got != "2" {
		t.Errorf("the metrics say that %q are kept", got)
	}
	broken := write(t, "broken.ndjson", `{"resourceType":"Bundle","entry":[`)
	h.refused("the file ends in the middle", "-base", "ara="+broken)
	h.must([]string{"unchanged: generation " + h.current()})
}

// The index of a base is that of the same files, to its name; an edition of FINESS,
// by itself, is no change.
func TestUpdatePublishesWhatBuildDoes(t *testing.T) {
	h := newHouse(t)
	files := []string{"-ndjson", lines(t, "a", "b"), "-base", "ara=" + write(t, "a.ndjson", service("84/1", "A")), "-base", "idf=" + write(t, "b.ndjson", service("11/1", "B"))}
	h.must(nil, files...)
	var out strings.Builder
	if err := run(t.Context(), append([]string{"build", "-out", filepath.Join(t.TempDir(), "index")}, files...), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if want := regexp.MustCompile(`generation (\w+)`).FindStringSubmatch(out.String())[1]; h.current() != want {
		t.Errorf("update publishes %s, build %s", h.current(), want)
	}
	edition := func(day string) string {
		return write(t, "daily.json", `{"generatedAt":"`+day+`","pmej":[{"ege":[{"etatObjet":"A","informationsGeneralesEGE":{"numFinessEge":"010000024","nomEgeCourt":"X"}}]}]}`)
	}
	h.must([]string{"finess 1 1 0 0"}, "-finess", edition("2026-11-01"))
	h.must([]string{"finess 1 0 0 1", "unchanged: generation"}, "-finess", edition("2026-11-02"))
}

// What an index is made by, beside the base, makes it anew when it is another.
func TestUpdateIsMadeAnew(t *testing.T) {
	h := newHouse(t)
	nos := func(label string) string {
		return write(t, "r211.csv", "code,label,system\n157,"+label+",https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle\n")
	}
	offers := write(t, "a.ndjson", `{"id":"a","activities":["R211|157"]}`+"\n")
	h.must([]string{"all of it"}, "-ndjson", offers, "-nos", nos("Urgences"))
	first := h.current()
	h.must([]string{"unchanged"}, "-nos", nos("Urgences"))
	h.must([]string{"all of it, because the current generation cannot be patched"}, "-nos", nos("Accueil"))
	if h.current() == first {
		t.Error("other labels are not published")
	}
	h.must([]string{"all of it, because who is believed, or which numbers are replaced, is told otherwise than the last time"},
		"-nos", nos("Accueil"), "-precedence", write(t, "table", "name fhir\n"))
	damage(t, filepath.Join(h.out, h.current(), "offers.bin"))
	h.must([]string{"all of it"}, "-nos", nos("Accueil"), "-precedence", write(t, "table", "name fhir\n"))
	h.must([]string{"unchanged"}, "-nos", nos("Accueil"), "-precedence", write(t, "table", "name fhir\n"))
	if err := os.RemoveAll(h.out); err != nil {
		t.Fatal(err)
	}
	h.must([]string{"all of it", "1 offers"})
	if err := run(t.Context(), []string{"build", "-out", h.out, "-ndjson", lines(t, "z")}, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	h.must([]string{"all of it", "1 offers"})
}

// damage turns the last bit of a file.
func damage(t *testing.T, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)-1] ^= 1
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestStatusAndPurge(t *testing.T) { inBoth(t, testStatusAndPurge) }

func testStatusAndPurge(h *house) {
	t := h.T
	said := func(arguments ...string) string {
		t.Helper()
		var out strings.Builder
		if err := run(t.Context(), arguments, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(out.String()), " ")
	}
	purged := func(rules string, more ...string) string {
		t.Helper()
		got, err := h.purge(append(more, "-rules", rules)...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	h.must(nil, "-of", "2026-11-02", "-ndjson", lines(t, "a", "b"))
	h.must(nil, "-of", "2026-11-03", "-any-loss", "-ndjson", lines(t, "a"))
	h.must(nil, "-of", "2026-11-04", "-delta", "-ndjson", lines(t, "c"))
	if got := said("status", "-store", h.store); !strings.Contains(got, " 4 changes ") || !strings.Contains(got, "ndjson 2 2026-11-03 1 2026-11-04 ") {
		t.Errorf("status is %s", got)
	}
	if got := purged(write(t, "none.json", "[]")); got != "nothing is to be deleted on 9000-01-01" {
		t.Errorf("without a rule: %s", got)
	}
	rules := write(t, "rules.json", `[{"category":"service","closed_days":30}]`)
	plan := purged(rules)
	digest := regexp.MustCompile(`-digest (\w+)`).FindStringSubmatch(plan)
	if digest == nil || !strings.Contains(plan, "ndjson service open closed for so long 1 2 ") {
		t.Fatalf("the plan is %s", plan)
	}
	soon := []string{"purge", "-store", h.store, "-rules", rules, "-on", "9000-01-01"}
	if got := said(soon...); !strings.HasSuffix(got, " nothing is deleted: 9000-01-01 is a day to come") || !strings.Contains(got, " closed for so long 1 2 ") {
		t.Errorf("of a day to come it says %s", got)
	}
	err := run(t.Context(), append(soon, "-digest", digest[1]), io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "-on 9000-01-01 is a day to come") || purged(rules) != plan {
		t.Errorf("what will be deleted some day is now: %v", err)
	}
	_, err = h.purge("-rules", rules, "-digest", "other")
	if err == nil || !strings.Contains(err.Error(), "not what was planned") {
		t.Errorf("another digest: %v", err)
	}
	if again := purged(rules); again != plan {
		t.Errorf("the plan was %s, and is %s", plan, again)
	}
	if got := purged(rules, "-digest", digest[1]); !strings.HasSuffix(got, " deleted") {
		t.Errorf("purging says %s", got)
	}
	if got := purged(rules); got != "nothing is to be deleted on 9000-01-01" {
		t.Errorf("after it: %s", got)
	}
	h.must([]string{"2 offers"}) // what is purged is no reason to lose what is live
	h.must(nil, "-of", "2026-11-05", "-ndjson", lines(t, "a", "c"))
	rules = write(t, "others.json", `[{"category":"practice","past_days":1}]`)
	plan = purged(rules)
	digest = regexp.MustCompile(`-digest (\w+)`).FindStringSubmatch(plan)
	if digest == nil || !strings.HasPrefix(plan, "of the reading of ndjson, of 2026-11-05, ") {
		t.Fatalf("of what is remembered of a reading the plan is %s", plan)
	}
	if got := purged(rules, "-digest", digest[1]); !strings.HasSuffix(got, " deleted") {
		t.Errorf("forgetting it says %s", got)
	}
	if got := purged(rules); got != "nothing is to be deleted on 9000-01-01" {
		t.Errorf("once it is forgotten: %s", got)
	}
}

// A rule that is about no record keeps what its operator believes deleted.
func TestRulesThatAreWrong(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, "a"))
	for rules, want := range map[string]string{
		`[{"closed_days":1,"category":"service"},{"category":"practise","closed_days":9}]`: `retention rule 2 is about no record: there is no category "practise"; there are practice, establishment, service`,
		`[{"past_days":"30"}]`: "retention rule 1 is wrong: past_days must be a whole number of days",
	} {
		err := run(t.Context(), []string{"purge", "-store", h.store, "-rules", write(t, "rules.json", rules)}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", rules, err, want)
		}
	}
}

func TestFaultsOfUpdate(t *testing.T) {
	file := lines(t, "a")
	for _, c := range []struct {
		arguments []string
		says      []string
	}{
		{[]string{"update"}, []string{"-store is missing", "-out is missing"}},
		{[]string{"update", "-store", "s", "-out", "o", "-max-loss", "0", "-of", "x", "-keep", "0", "-finess", "none.csv"},
			[]string{"-max-loss 0", "-of", "-keep 0", "-finess"}},
		{[]string{"update", "-store", "s", "-out", "o", "-of", "9000-01-01", "-ndjson", file, "-metrics", "m", "-findings", "m"}, []string{"a day to come", "-findings and -metrics are both m"}},
		{[]string{"update", "-store", "s", "-out", "o", "-scale", "1000"}, []string{"flag provided but not defined"}},
		{[]string{"status", "-store", filepath.Join(t.TempDir(), "none")}, []string{"there is no base"}},
		{[]string{"purge", "-store", t.TempDir(), "-on", "x"}, []string{"-rules is missing", "-on"}},
		{[]string{"migrate", "-store", t.TempDir()}, []string{"only a database is migrated"}},
	} {
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		for _, want := range c.says {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v, want %q", c.arguments, err, want)
			}
		}
	}
}

// A source of which nothing is given is named, and one that is spelt otherwise is no
// other one where only the case differs.
func TestSourcesThatAreNotGiven(t *testing.T) {
	h := newHouse(t)
	ara, offers := write(t, "ara.ndjson", service("84/1", "A")), lines(t, "a", "b")
	h.must(nil, "-of", "2026-11-02", "-base", "ara="+ara, "-ndjson", offers)
	const left = "fhir-ara was not given: what it said stays, 1 record as of 2026-11-02"
	h.must([]string{left}, "-of", "2026-11-03", "-ndjson", offers)
	for _, arguments := range [][]string{
		{"-delta", "-of", "2026-11-03", "-ndjson", offers}, {"-of", "2026-11-04", "-base", "ara=" + ara, "-ndjson", offers}, nil,
	} {
		if said := h.must(nil, arguments...); strings.Contains(said, "was not given") {
			t.Errorf("%v: %s", arguments, said)
		}
	}
	h.refused("fhir-ARA would be another source beside fhir-ara", "-of", "2026-11-05", "-base", "ARA="+ara)
}

// An update that cannot begin says so in the metrics: those of yesterday would tell of a
// success.
func TestMetricsOfNoUpdate(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, "a"))
	if got := h.metric("boussole_update_success"); got != "1" {
		t.Errorf("of a success the metrics say %q", got)
	}
	h.refused("none.ndjson", "-ndjson", filepath.Join(t.TempDir(), "none.ndjson"))
	if ok, of := h.metric("boussole_update_success"), h.metric(`boussole_import_success{source="ndjson"}`); ok != "0" || of != "" {
		t.Errorf("of no update the metrics say %q, %q", ok, of)
	}
	both := filepath.Join(h.out, "both")
	err := run(t.Context(), []string{"update", "-store", h.store, "-out", h.out, "-metrics", both, "-findings", both, "-ndjson", lines(t, "a")}, io.Discard, io.Discard)
	if _, missing := os.Stat(both); err == nil || missing == nil {
		t.Errorf("a file that is to be two is written: %v", err)
	}
	err = run(t.Context(), []string{"update", "-store", h.out, "-out", h.out + "/", "-ndjson", lines(t, "a")}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "-store and -out are both") {
		t.Errorf("a base in an index: %v", err)
	}
}

// Of what two files of one source describe, the second is rejected by the name that the
// source has for it.
func TestTwoFilesOfOneSource(t *testing.T) {
	h := newHouse(t)
	stock := write(t, "stock.csv", "structureet;010000024;;ETABLISSEMENT"+strings.Repeat(";", 28)+"\n")
	again := write(t, "again.csv", "structureet;010000024;;DEUX FOIS"+strings.Repeat(";", 28)+"\n")
	h.must([]string{"finess 2 1 0 0 0 0 1 0 0 taken"}, "-finess", stock, "-finess", again)
	if text, err := os.ReadFile(filepath.Join(h.out, "rejects.csv")); err != nil || !strings.Contains(string(text), "base,0,010000024,,described already") {
		t.Errorf("rejected are\n%s, %v", text, err)
	}
}
