package merge_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
)

// Whoever reads of a doubt finds both records where they come from.
func TestDoubtsNameTheirRecords(t *testing.T) {
	defer merge.SetCrowd(3)()
	sensitive := func(o *data.Offer) { o.Sensitive, o.Sources = true, []data.Provenance{{Source: "ndjson", Record: "s"}} }
	bridge := data.Offer{ID: "bridge", Sources: []data.Provenance{{Source: "ndjson", Record: "b"}}, Identifiers: slices.Concat(ror("84/1").Identifiers, ror("84/2").Identifiers)}
	mine, hidden := []string{"fhir 84", "84/1", newer.String()}, []string{"ndjson 84", "s", newer.String()}
	second := []string{"fhir 84", "84/2", newer.String()}
	for name, c := range map[string]struct {
		records []data.Offer
		why     string
		of      [][]string // source, name and date of the two
	}{
		"which of two": {[]data.Offer{ror("84/1"), ror("84/2", func(o *data.Offer) { o.Ages.Min = 1200 }), statistics()},
			"possible duplicate: the same service at one site, and it cannot", [][]string{{"sae", fleyriat + "-USIC", ""}, mine}},
		"one for fewer": {[]data.Offer{ror("84/1"), ror("27/9", sensitive)},
			"possible duplicate: the same service at one site, which one base describes for fewer", [][]string{mine, {"ndjson 27", "s", newer.String()}}},
		"a number of two": {[]data.Offer{ror("84/1"), bridge, ror("84/2", func(o *data.Offer) { o.Type = "R244|1" })}, "possible duplicate: one says the number", [][]string{mine, second}},
		"a crowd":         {[]data.Offer{ror("84/1"), ror("84/2"), ror("27/1"), ror("27/2")}, "more seem to be the same", [][]string{mine, second}},
		"one id":          {[]data.Offer{ror("84/1"), ror("84/1", sensitive)}, "described by one base for fewer", [][]string{mine, hidden}},
		"one id, which more have": {[]data.Offer{ror("84/1"), ror("84/1", sensitive), ror("84/1", sensitive, func(o *data.Offer) { o.Sources[0] = data.Provenance{Source: "sae", Record: "x"} })},
			"described by one base for fewer", [][]string{mine, {"sae 84", "x", newer.String()}}},
	} {
		directory := merge.New(intake.NewLedger(&strings.Builder{}), data.Memory(c.records))
		for _, err := range directory.Offers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
		}
		var written strings.Builder
		if err := directory.WriteFindings(&written); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(written.String())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for _, row := range rows {
			one, other := row[3:6], row[7:10]
			if !strings.HasPrefix(row[0], c.why) {
				continue
			}
			both := [][]string{one, other}
			for i, id := range []string{row[1], row[6]} {
				if both[i][1] == "84/1" && data.ID(id) != ror("84/1").ID {
					t.Errorf("%s: 84/1 is told of %s", name, id)
				}
			}
			told = told || slices.EqualFunc(both, c.of, slices.Equal) || slices.EqualFunc([][]string{other, one}, c.of, slices.Equal)
		}
		if !told {
			t.Errorf("%s: want %q of\n%s", name, c.of, &written)
		}
	}
}
