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
				if len(found) > 0 {
					t.Errorf("%q is %s", q, found[0].Need.ID)
				}
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

// TestFindFor: what the caller knows of the patient goes before the words, which go
// before nothing; nobody's age is that of an adult.
func TestFindFor(t *testing.T) {
	for _, c := range []struct {
		words   string
		patient Patient
		want    string
	}{
		{"convulsions", Patient{}, "seizure"},
		{"enfant 3 ans convulsions", Patient{}, "emergency-child"},
		{"AVC enfant", Patient{Age: new(50 * data.AgeYear)}, "stroke"},
		{"convulsions", Patient{Age: new(3 * data.AgeYear)}, "emergency-child"},
		{"réanimation", Patient{Age: new(5 * data.AgeDay)}, "icu-newborn"},
		{"réanimation bébé 3 semaines", Patient{}, "icu-newborn"},
		{"contractions", Patient{}, "birth"},
		{"contractions 33 SA", Patient{}, "birth-32-34"},
		{"contractions 33 SA", Patient{Weeks: 35}, "birth-34"},
		{"menace d'accouchement prématuré", Patient{}, "birth-32"},
		{"menace d'accouchement prématuré 35 SA", Patient{}, "birth-34"},
		{"mamie tombée", Patient{}, "geriatric"},
		{"chute personne âgée", Patient{Age: new(60 * data.AgeYear)}, "emergency"},
		{"idées suicidaires ado", Patient{}, "psychiatric-child"},
		{"douleur poitrine", Patient{}, "acs"},
		{"doigt coupé", Patient{}, "hand"},
		{"médecin de garde", Patient{}, "doctor"},
		{"bébé 2 mois fièvre 39", Patient{}, "fever-infant"},
		{"enfant 3 ans 40 de fièvre", Patient{}, "fever-child"},
		{"fièvre", Patient{Age: new(10 * data.AgeDay)}, "newborn"},
		{"fièvre", Patient{}, "doctor"},
		{"saignement enceinte 3 mois", Patient{}, "early-pregnancy"},
		{"capote qui a craqué", Patient{}, "contraception"},
		{"HSA", Patient{}, "head"},          // a name of something else, too
		{"neurologue", Patient{}, ""},       // nobody's urgency
		{"perte de mémoire", Patient{}, ""}, // and what is less likely is not asserted
		{"R253|04", Patient{}, "birth-32"},  // a code is what it is called by
		{"", Patient{}, ""},
	} {
		got := ""
		if found := Embedded().Find(c.words, c.patient, 1); len(found) > 0 {
			got = found[0].Need.ID
		}
		if got != c.want {
			t.Errorf("%q is %q, want %q", c.words, got, c.want)
		}
	}
	if found := Embedded().Find("AVC", Patient{}, 0); len(found) > 0 {
		t.Errorf("at most none, and %d are found", len(found))
	}
}

// An age that words only stand for chooses the need, and is no age of the patient:
// whoever receives below three is not left out for a child.
func TestAssumedAgeIsNotTold(t *testing.T) {
	told := 8 * data.AgeYear
	for _, c := range []struct {
		words         string
		patient       Patient
		need          string
		told, assumed *data.Age
		weeks         int
	}{
		{"enfant plaie", Patient{}, "doctor-child", nil, new(childAge), 0},
		{"enfant plaie", Patient{Age: &told}, "doctor-child", &told, &told, 0},
		{"mamie tombée", Patient{}, "geriatric", nil, new(elderlyAge), 0},
		{"doigt coupé", Patient{}, "hand", nil, nil, 0},
		{"contractions 33 SA", Patient{}, "birth-32-34", nil, nil, 33},
	} {
		found := Embedded().Find(c.words, c.patient, 1)
		if len(found) != 1 {
			t.Fatalf("%q: %+v", c.words, found)
		}
		same := func(a, b *data.Age) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
		f := found[0]
		if f.Need.ID != c.need || !same(f.Patient.Age, c.told) || !same(f.Assumed.Age, c.assumed) || f.Patient.Weeks != c.weeks || f.Assumed.Weeks != c.weeks {
			t.Errorf("%q of %+v: %s of %+v, taken for %+v", c.words, c.patient, f.Need.ID, f.Patient, f.Assumed)
		}
	}
}
