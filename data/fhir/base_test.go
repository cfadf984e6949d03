package fhir

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"boussole/data"
	"boussole/data/intake"
)

const twoServices = `{"resourceType":"HealthcareService","id":"s1","identifier":[{"value":"123"}],"providedBy":{"reference":"Organization/g1"},"location":[{"reference":"Location/l1"}]}
{"resourceType":"HealthcareService","id":"s2"}
{"resourceType":"HealthcareService","id":"s3","identifier":[{"value":"94/1"}],"providedBy":{"reference":"Organization/g2"}}
{"resourceType":"Organization","id":"g1","partOf":{"reference":"Organization/g3"}}
{"resourceType":"Organization","id":"g2","identifier":[{"system":"http://finess.esante.gouv.fr","value":"010000024"}]}
{"resourceType":"Organization","id":"g3"}
{"resourceType":"Location","id":"l1"}
{"resourceType":"PractitionerRole","id":"r1","healthcareService":[{"reference":"HealthcareService/s1"}]}
{"resourceType":"PractitionerRole","id":"r2","identifier":[{"value":"1810"}],"healthcareService":[{"reference":"HealthcareService/s1"}]}
`

// idsOfBase reads them as a base of that name, and returns the ids by what has them.
func idsOfBase(t *testing.T, name string) map[string]data.ID {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.ndjson")
	if err := os.WriteFile(path, []byte(twoServices), 0o644); err != nil {
		t.Fatal(err)
	}
	r := New([]string{path}, intake.NewLedger(io.Discard))
	r.Base = name
	ids := make(map[string]data.ID)
	for o, err := range r.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		ids[o.Record.ID] = o.ID
		for _, p := range o.Places {
			ids[p.Record.ID] = p.ID
		}
		for _, g := range o.Organizations {
			ids[g.Record.ID] = g.ID
			if g.Parent != "" {
				ids["parent of "+g.Record.ID] = g.Parent
			}
		}
		for _, p := range o.Practices {
			ids[p.Record.ID] = p.ID
		}
	}
	return ids
}

// What bases number each for itself are things of two bases; what has a number of
// a region or of a register is the same in both.
func TestTechnicalIdsAreThoseOfABase(t *testing.T) {
	national, one, two := idsOfBase(t, ""), idsOfBase(t, "one"), idsOfBase(t, "two")
	if national["s2"] != data.NewID("offer", Name, "s2") || national["s1"] != data.NewID("offer", data.SystemROR, "123") {
		t.Errorf("the national base has %v", national)
	}
	if one["parent of g1"] != one["g3"] {
		t.Errorf("the parent is %s, not %s", one["parent of g1"], one["g3"])
	}
	for _, own := range []string{"s1", "s2", "g1", "parent of g1", "g3", "l1", "r1", "r2"} {
		if one[own] == "" || one[own] == two[own] || one[own] == national[own] {
			t.Errorf("%s is %s, %s in another base and %s in the national one", own, one[own], two[own], national[own])
		}
	}
	for _, shared := range []string{"s3", "g2"} {
		if one[shared] == "" || one[shared] != two[shared] || one[shared] != national[shared] {
			t.Errorf("%s is %s, %s in another base and %s in the national one", shared, one[shared], two[shared], national[shared])
		}
	}
}
