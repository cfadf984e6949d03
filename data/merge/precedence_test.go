package merge_test

import (
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/fhir"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/ndjson"
	"boussole/data/rpps"
	"boussole/data/sae"
)

func TestPrecedenceIsTheOperators(t *testing.T) {
	for table, want := range map[string]string{
		"* fhir sae":                      "Cardiologie 84",
		"* fhir sae\nname sae fhir # why": "USIC",
		"name sae":                        "USIC",
		"name fhir":                       "Cardiologie 84",
		"name rpps":                       "Cardiologie 84", // neither is named: the region that it is in
	} {
		precedence, err := merge.ReadPrecedence(strings.NewReader(table))
		if err != nil {
			t.Fatal(err)
		}
		directory := merge.New(intake.NewLedger(&strings.Builder{}), data.Memory{statistics(), ror("84/1")})
		directory.Precedence = &precedence
		for o, err := range directory.Offers(t.Context()) {
			if err != nil || o.Name != want {
				t.Errorf("%q: %q, %v; want %q", table, o.Name, err, want)
			}
		}
	}
}

func TestFaultsOfATableAreNamed(t *testing.T) {
	_, err := merge.ReadPrecedence(strings.NewReader("# a comment\nnames fhir\n\nname fhir\nname sae\nsite\nhours fhir fhir\n"))
	if err == nil {
		t.Fatal("no fault")
	}
	for _, want := range []string{
		`line 2: "names" is no attribute; there are *, name, `, `line 5: "name" has a line already`,
		`line 6: "site" names no source`, `line 7: "hours" names fhir twice`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

// A word that no record's source can be is a mistake, of which nobody would hear else.
func TestSourcesOfATable(t *testing.T) {
	names := []string{fhir.Name, finess.Name, sae.Name, rpps.Name, ndjson.Name}
	for table, want := range map[string]string{
		"* " + strings.Join(names, " "):       "",
		"name orbis fhir\nsource orbis drees": "",
		"# nobody\nname finess fhirr":         `line 2: "fhirr" is no source; there are ` + strings.Join(names, ", "),
		"name fhir-ara":                       `line 1: "fhir-ara" is no source: every base that is read so is fhir`,
		"name orbis":                          `once a line "source orbis" says so`,
		"":                                    "no line says who is believed",
		"# all\n\n # alike":                   "no line says who is believed",
		"source orbis":                        "no line says who is believed",
		"source":                              `line 1: "source" names no source`,
	} {
		_, err := merge.ReadPrecedence(strings.NewReader(table))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", table, err, want)
		}
	}
}

// Who is believed may be a source of the operator's own.
func TestPrecedenceOfAnOwnSource(t *testing.T) {
	table, err := merge.ReadPrecedence(strings.NewReader("source orbis\nname orbis fhir\n"))
	if err != nil {
		t.Fatal(err)
	}
	own := statistics(func(o *data.Offer) { o.Sources = []data.Provenance{{Source: "orbis"}} })
	directory := merge.New(intake.NewLedger(&strings.Builder{}), data.Memory{own, ror("84/1")})
	directory.Precedence = &table
	for o, err := range directory.Offers(t.Context()) {
		if err != nil || o.Name != own.Name {
			t.Errorf("%q, %v", o.Name, err)
		}
	}
}
