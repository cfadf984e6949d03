package report

import (
	"fmt"
	"testing"

	"boussole/data"
)

// TestManyTwins has a thousand places of one name and address: each names a few.
func TestManyTwins(t *testing.T) {
	c := New(Options{Day: 739000, Show: PlaceTwin})
	var all []Entry
	for i := range 1000 {
		p := data.Place{ID: data.ID(fmt.Sprint("p", i)), Name: "CHU", Identifiers: []data.Identifier{{System: data.SystemROR, Value: fmt.Sprint("84/", i)}}}
		p.Address.Commune, p.Address.Street = "69381", "rue X"
		all = append(all, Entry{"fhir", &data.Offer{ID: data.ID(fmt.Sprint("o", i)), Places: []data.Place{p}}})
	}
	for _, e := range all {
		c.Learn(e)
	}
	for _, e := range all {
		c.Check(e)
	}
	if n := c.Report().Found(PlaceTwin); n != len(all) {
		t.Errorf("%d of %d found", n, len(all))
	}
	for _, f := range c.Findings() {
		if len(f.Found)+len(f.Expected) > 200 {
			t.Fatalf("%d bytes: %.300s", len(f.Found)+len(f.Expected), f.Found+f.Expected)
		}
	}
}
