package base

import (
	"strings"
	"testing"

	"boussole/data"
)

func TestParseRetention(t *testing.T) {
	cases := []struct {
		name, text string
		want       string // a part of the error, "" for none
	}{
		{"none", `[]`, ""},
		{"all of it", `[{"category":"practice","classes":["open_personal","sensitive_unit"],"closed_days":365,"past_days":30},{"closed_days":9}]`, ""},
		{"a field that is not known", `[{},{"tage":3,"days":3}]`, `rule 2 has a field "days" that is not known; there are category, classes, closed_days, past_days`},
		{"a number that is a text", `[{"closed_days":"365"}]`, "rule 1 is wrong: closed_days must be a whole number of days"},
		{"half a day", `[{"category":"x"},{"past_days":0.5}]`, "rule 2 is wrong: past_days must be a whole number of days"},
		{"one class that is no list", `[{"classes":"open"}]`, "rule 1 is wrong: classes must be a list of texts"},
		{"classes that are numbers", `[{"classes":[1]}]`, "rule 1 is wrong: classes must be a list of texts"},
		{"a category of none", `[{"category":null,"past_days":1}]`, "rule 1 is wrong: category must be a text"},
		{"classes of none", `[{"classes":null,"past_days":1}]`, "rule 1 is wrong: classes must be a list of texts"},
		{"a rule that is none", `[{"category":"x"},null]`, `rule 2 must be an object`},
		{"a rule that is a text", `["practice"]`, `rule 1 must be an object`},
		{"nothing", ``, "there is nothing"},
		{"a list that does not end", `[{"past_days":1}`, "reading retention rules: unexpected EOF"},
		{"a class that does not exist", `[{"classes":["public"]}]`, `rule 1 is wrong: "public" is no access class`},
		{"a list of no class", `[{"classes":[],"past_days":1}]`, "rule 1 is about no access class"},
		{"negative days", `[{"closed_days":-1}]`, "rule 1 is wrong: days cannot be negative"},
		{"more than a list", `[] []`, "after the list"},
		{"no list", `{}`, "reading retention rules: they must be a list"},
		{"no list, and nothing", `null`, "reading retention rules: they must be a list"},
		{"a rule that is never reached", `[{"past_days":1},{"category":"x","past_days":2}]`, "rule 2 is never reached: rule 1"},
		{"a class that is never reached", `[{"classes":["open","restricted"]},{"category":"x","classes":["open"]}]`, "rule 2 is never reached"},
		{"a class of its own", `[{"classes":["open"]},{"classes":["open","restricted"]},{}]`, ""},
	}
	for _, c := range cases {
		_, err := ParseRetention(strings.NewReader(c.text))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v is of a program", c.name, err)
		}
	}
	rules, err := ParseRetention(strings.NewReader(cases[1].text))
	if err != nil {
		t.Fatal(err)
	}
	want := Rule{"practice", 1<<data.OpenPersonal | 1<<data.SensitiveUnit, 365, 30}
	if len(rules) != 2 || rules[0] != want || rules[1] != (Rule{Closed: 9}) {
		t.Errorf("rules are %+v", rules)
	}
	for class, name := range classNames {
		if name == "" {
			t.Errorf("class %d has no name", class)
		}
	}
}

func TestDue(t *testing.T) {
	rules := Retention{{Category: "hidden"}, {Classes: 1 << data.Open, Closed: 10, Past: 5}, {Past: 100}}
	said := func(kind Kind, on data.Date) Version { return Version{Kind: kind, On: on} }
	hidden := func(v Version) Version { v.Category = "hidden"; return v }
	cases := []struct {
		name     string
		versions []Version
		on       data.Date
		want     string // a letter for each version: keep, past, closed
	}{
		{"a live record", []Version{said(New, 1)}, 9999, "k"},
		{"a day before", []Version{said(New, 1), said(Updated, 100)}, 104, "kk"},
		{"the day", []Version{said(New, 1), said(Updated, 100)}, 105, "pk"},
		{"one after the other", []Version{said(New, 1), said(Updated, 100), said(Updated, 103)}, 107, "pkk"},
		{"closed, a day before", []Version{said(New, 1), said(Closed, 100)}, 109, "kk"},
		{"closed, the day", []Version{said(New, 1), said(Closed, 100)}, 110, "cc"},
		{"closed, with a past", []Version{said(New, 1), said(Updated, 50), said(Closed, 100)}, 109, "pkk"},
		{"closed, and there again", []Version{said(New, 1), said(Closed, 100), said(Reopened, 120)}, 999, "ppk"},
		{"a rule before that keeps", []Version{hidden(said(New, 1)), hidden(said(Closed, 2))}, 9999, "kk"},
		{"each text by its own rule", []Version{hidden(said(New, 1)), said(Updated, 2), said(Updated, 3)}, 9999, "kpk"},
		{"a clock that went back", []Version{said(New, 1), said(Closed, 100)}, 50, "kk"},
	}
	letters := map[Why]string{Keep: "k", Past: "p", Closes: "c"}
	for _, c := range cases {
		got := ""
		for _, why := range rules.Due(c.versions, c.on) {
			got += letters[why]
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestCheckLoss(t *testing.T) {
	since := SourceState{Live: 95, Held: 100, Full: 1, Deltas: 2}
	cases := []struct {
		name   string
		export Export
		before SourceState
		counts Counts
		gone   int
		want   string // a part of the error, "" for none
	}{
		{"nothing", Export{}, SourceState{}, Counts{}, 0, ""},
		{"a tenth", Export{}, SourceState{Live: 100}, Counts{}, 10, ""},
		{"more", Export{}, SourceState{Live: 100}, Counts{}, 11, "11 of its 100 records (11.0 %), and may lose 10.0 %"},
		{"a share that no float is", Export{MaxLoss: 0.29}, SourceState{Live: 100}, Counts{}, 29, ""},
		{"another", Export{MaxLoss: 0.07}, SourceState{Live: 300}, Counts{}, 21, ""},
		{"all, which may be", Export{MaxLoss: 1}, SourceState{Live: 3}, Counts{}, 3, ""},
		{"on somebody's word", Export{AnyLoss: true}, SourceState{Live: 3}, Counts{}, 3, ""},
		{"deltas together, a tenth", Export{Delta: true}, since, Counts{Deleted: 5}, 5, ""},
		{"more", Export{Delta: true}, since, Counts{Deleted: 6}, 6, "11 of its 100 records (11.0 %) by 3 deltas together"},
		{"made up for", Export{Delta: true}, since, Counts{Deleted: 6, New: 1}, 6, ""},
		{"a full export", Export{}, since, Counts{}, 9, ""},
		{"no loss after a large one", Export{Delta: true, MaxLoss: 0.01}, since, Counts{Updated: 9}, 0, ""},
	}
	for _, c := range cases {
		err := c.export.CheckLoss(&c.before, &c.counts, c.gone)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestAfter(t *testing.T) {
	full := Export{Source: "a", Of: 9, On: 10}
	delta, seen := full, full
	delta.Delta, seen.Delta, seen.AnyLoss = true, true, true
	before := SourceState{Name: "a", Live: 20, Full: 5, Delta: 8, Deltas: 3, On: 8, Held: 21}
	cases := []struct {
		name   string
		before SourceState
		export Export
		counts Counts
		want   SourceState
	}{
		{"a full one", before, full, Counts{New: 2, Missing: 1}, SourceState{Name: "a", Live: 21, Full: 9, On: 10, Held: 21}},
		{"a full one that closes nothing", before, full, Counts{New: 2, Rejected: 1, Unnamed: 1}, SourceState{Name: "a", Live: 22, Full: 5, Delta: 9, Deltas: 4, On: 10, Held: 21}},
		{"a delta", before, delta, Counts{Deleted: 1}, SourceState{Name: "a", Live: 19, Full: 5, Delta: 9, Deltas: 4, On: 10, Held: 21}},
		{"a delta that somebody has seen", before, seen, Counts{Deleted: 9}, SourceState{Name: "a", Live: 11, Full: 5, Delta: 9, Deltas: 4, On: 10, Held: 11}},
		{"deltas alone", SourceState{}, delta, Counts{New: 7}, SourceState{Name: "a", Live: 7, Delta: 9, Deltas: 1, On: 10, Held: 7}},
	}
	for _, c := range cases {
		if got := c.before.After(&c.export, &c.counts); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestHash(t *testing.T) {
	seen := make(map[Hash]Record)
	for _, r := range []Record{
		{Text: []byte("ab")}, {Text: []byte("b"), Category: "a"}, {Text: []byte("ab"), Class: 1},
		{Text: []byte("ab"), Date: 1}, {Text: []byte("\x01ab")},
	} {
		if other, twice := seen[r.Hash()]; twice {
			t.Errorf("%+v and %+v have one hash", r, other)
		}
		seen[r.Hash()] = r
	}
	a, b := Record{ID: "1", Source: "x", Text: []byte("ab")}, Record{ID: "2", Text: []byte("ab")}
	if a.Hash() != b.Hash() {
		t.Error("a name is no part of what is said")
	}
}
