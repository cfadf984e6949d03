package merge_test

import (
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
)

func TestPrecedenceIsTheOperators(t *testing.T) {
	for table, want := range map[string]string{
		"* fhir sae":                      "Cardiologie 84",
		"* fhir sae\nname sae fhir # why": "USIC",
		"name sae":                        "USIC",
		"name fhir":                       "Cardiologie 84",
		"":                                "Cardiologie 84", // the region that it is in
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
