package needs

import (
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo/realdata"
)

// TestFindJudged: what is asked in the judged questions finds a need that asks for
// an expected code, and never one that is dangerous.
func TestFindJudged(t *testing.T) {
	codes := func(list string) []data.Code {
		var all []data.Code
		for code := range strings.SplitSeq(list, ";") {
			all = append(all, data.Code(code))
		}
		return all
	}
	judged := 0
	for _, row := range records(t, realdata.Path(t, realdata.OpenQuestions)) {
		q := row["query"]
		found := Embedded().Find(q, Patient{}, 3)
		switch row["kind"] {
		case "negative", "name":
			if len(found) > 0 {
				t.Errorf("%q is %s", q, found[0].Need.ID)
			}
		case "need", "place+need":
			if q == "arreter de fumer" { // nobody's urgency
				continue
			}
			judged++
			if len(found) == 0 {
				t.Errorf("%q is no need", q)
				continue
			}
			judge(t, q, found[0].Need, codes(row["expected_codes"]), codes(row["unacceptable_codes"]))
			if want := row["expected_place"]; want != "" && found[0].Place.Commune != want {
				t.Errorf("%q is at %q, want %s", q, found[0].Place.Commune, want)
			}
		}
	}
	if judged != 30 {
		t.Errorf("%d questions are judged", judged)
	}
}

// judge holds what a need requires first to the codes that are expected.
func judge(t *testing.T, q string, n *Need, expected, unacceptable []data.Code) {
	asked := slices.Concat(n.Ask.Codes()...)
	some := func(of []data.Code) func(data.Code) bool {
		return func(c data.Code) bool { return slices.Contains(of, c) }
	}
	if !slices.ContainsFunc(asked, some(expected)) {
		t.Errorf("%q: %s asks for %v, none of %v", q, n.ID, asked, expected)
	}
	if at := slices.IndexFunc(asked, some(unacceptable)); at >= 0 {
		t.Errorf("%q: %s asks for %s, which is not acceptable", q, n.ID, asked[at])
	}
}
