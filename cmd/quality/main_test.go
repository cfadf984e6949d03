package main

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"boussole/geo/realdata"
	"boussole/index/suggest/quality"
)

// floors are what the scores must not fall below. They are a little under what
// was reached; raise them with it. The fresh files were each written whole before
// the language was asked any of it, one after the other; what it then missed was
// looked at by its causes. So what it reached at first, and not what it reaches
// now, says how it does on questions that nobody here has read: 0.89 to 0.97 in
// the first place, 0.89 to 0.97 in the first three, 0.86 to 0.96 quiet; the lowest
// where stories and figures of speech were sought that are hard to tell.
var floors = []struct {
	name, path       string
	first, third     float64
	dangerous, quiet float64
}{
	{"judged", "../../data/lexicon/testdata/judged.csv", 0.99, 0.99, 0.002, 0.99},
	{"held out", "../../data/lexicon/testdata/held_out.csv", 0.985, 0.985, 0.003, 0.98},
	{"fresh, a", "../../data/lexicon/testdata/fresh_a.csv", 0.985, 0.99, 0.003, 0.98},
	{"fresh, b", "../../data/lexicon/testdata/fresh_b.csv", 0.99, 0.99, 0.002, 0.97},
	{"fresh, c", "../../data/lexicon/testdata/fresh_c.csv", 0.975, 0.98, 0.003, 0.955},
	{"fresh, d", "../../data/lexicon/testdata/fresh_d.csv", 0.985, 0.985, 0.003, 0.95},
	{"fresh, e", "../../data/lexicon/testdata/fresh_e.csv", 0.985, 0.985, 0.004, 0.955},
	{"fresh, f", "../../data/lexicon/testdata/fresh_f.csv", 0.96, 0.96, 0.004, 0.94},
	{"false friends, g", "../../data/lexicon/testdata/fresh_g.csv", 1, 1, 0, 0.9},
	{"fresh, h", "../../data/lexicon/testdata/fresh_h.csv", 0.985, 0.985, 0.003, 0.98}, // 0.96 and 0.93 when it was asked first
	{"fresh, i", "../../data/lexicon/testdata/fresh_i.csv", 0.975, 0.98, 0.003, 0.98},  // 0.95 and 0.96
	{"fresh, j", "../../data/lexicon/testdata/fresh_j.csv", 0.97, 0.98, 0.004, 0.94},   // 0.92 and 0.87
	{"fresh, k", "../../data/lexicon/testdata/fresh_k.csv", 0.97, 0.97, 0.01, 0.93},    // 0.89 and 0.93
}

func scoreOf(verdicts []quality.Verdict) (s quality.Score) {
	for i := range verdicts {
		s.Add(&verdicts[i])
	}
	return s
}

// TestScores: the language of our own cases is understood as well as it was. No
// establishment is known here, so that the test needs no data.
func TestScores(t *testing.T) {
	for _, f := range floors {
		cases, err := read(f.path)
		if err != nil {
			t.Fatal(err)
		}
		cases = slices.DeleteFunc(cases, func(c quality.Case) bool { return len(c.IDs) > 0 })
		check(t, f.name, judge(cases, nil, 10), f.first, f.third, f.dangerous, f.quiet)
	}
}

// TestScoresAmongRealNames: with 95,333 establishments among the answers too.
func TestScoresAmongRealNames(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: reading FINESS takes seconds")
	}
	known, err := names(realdata.Path(t, realdata.FinessStock))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range floors {
		cases, err := read(f.path)
		if err != nil {
			t.Fatal(err)
		}
		check(t, f.name, judge(cases, known, 10), f.first, f.third, f.dangerous, f.quiet)
	}
	open, err := read(realdata.Path(t, realdata.OpenQuestions))
	if err != nil {
		t.Fatal(err)
	}
	check(t, "open", judge(open, known, 10), 0.98, 0.98, 0, 1)
}

// TestOfficialNames: whoever knows what an activity, a type of offer or a category
// is called finds it first.
func TestOfficialNames(t *testing.T) {
	var cases []quality.Case
	for _, list := range []struct{ path, system, kind string }{
		{realdata.Activities, "R211", "activity"}, {realdata.OfferTypes, "R244", "offer_type"}, {realdata.Categories, "R66", "category"},
	} {
		f, err := os.Open(realdata.Path(t, list.path))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		closed := slices.Index(rows[0], "datefin")
		for _, row := range rows[1:] {
			if closed >= 0 && row[closed] != "" {
				continue
			}
			name := parentheses.ReplaceAllString(row[1], "")
			cases = append(cases, quality.Case{Query: name, Kind: list.kind, Codes: []string{list.system + "|" + row[0]}})
		}
	}
	check(t, "official names", judge(cases, nil, 10), 0.97, 0.98, 0, 1)
}

var parentheses = regexp.MustCompile(`\s*\([^)]*\)`)

func check(t *testing.T, name string, verdicts []quality.Verdict, first, third, dangerous, quiet float64) {
	t.Helper()
	s := scoreOf(verdicts)
	t.Logf("%s: %s", name, s.String())
	if s.Cases < 50 || s.Success1() < first || s.Success3() < third || s.Dangerous() > dangerous || s.QuietShare() < quiet {
		t.Errorf("%s: %s; at least %v, %v, at most %v, at least %v are wanted", name, s.String(), first, third, dangerous, quiet)
	}
}

func TestRunPrintsMisses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cases.csv")
	text := "id,query,kind,expected_codes,expected_ids,unacceptable_codes,difficulty,theme,expected_place\n" +
		"1,USIC,need,R211|354,,,1,mi,\n2,kiné,need,R211|157,,R211|339,1,wrong,\n3,bonjour,negative,,,,1,negative,\n4,médecin die,place+need,R211|437,,,3,on-duty,26113\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run([]string{"-file", file, "-misses"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Success@1 0.667", "dangerous@1 0.250", "quiet 1.000", "place 1.000", `"kiné": rank 0 DANGEROUS`, "theme wrong"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), `"USIC"`) {
		t.Errorf("a right answer is a miss:\n%s", out.String())
	}
	for _, arguments := range [][]string{{}, {"-file", "none.csv"}, {"-file", file, "-finess", "none.csv"}} {
		if err := run(arguments, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is no fault", arguments)
		}
	}
}
