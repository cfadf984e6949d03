package api

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/fhir"
	"boussole/data/intake"
)

// The same of worlds that are written as FHIR and read again: levels, sensitive
// units, restricted acts and equipment, as the ROR exchanges them.
func TestNonInterferenceOfFHIR(t *testing.T) {
	worlds := 60
	if testing.Short() {
		worlds = 6
	}
	for seed := range worlds {
		w := newWorld(uint64(seed) + 1<<32)
		w.through = func(offers []data.Offer) []data.Offer { return throughFHIR(t, offers) }
		w.visible = w.through(w.visible) // what the requests name
		interfere(t, w)
		if t.Failed() {
			return
		}
	}
}

// throughFHIR writes offers as one export, and reads it.
func throughFHIR(t *testing.T, offers []data.Offer) []data.Offer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.ndjson")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	err = fhir.WriteNDJSON(f, func(yield func(*data.Offer, error) bool) {
		for _, o := range offers {
			if named := named(o); !yield(&named, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var read []data.Offer
	for o, err := range fhir.New([]string{path}, intake.NewLedger(io.Discard)).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, *o)
	}
	if len(read) != len(offers) {
		t.Fatalf("%d offers came back of %d", len(read), len(offers))
	}
	return read
}

// named gives the resources of an offer names of their own, so that no two
// offers share one: what they hold differs in the worlds.
func named(o data.Offer) data.Offer {
	id := string(o.ID)
	name := func(r *data.Record, kind string, i int) {
		if r.ID == "" {
			r.ID = fmt.Sprintf("%s-%s%d", id, kind, i)
		}
	}
	name(&o.Record, "s", 0)
	o.Places, o.Organizations, o.Practices = slices.Clone(o.Places), slices.Clone(o.Organizations), slices.Clone(o.Practices)
	for i := range o.Places {
		name(&o.Places[i].Record, "l", i)
	}
	for i := range o.Organizations {
		name(&o.Organizations[i].Record, "g", i)
	}
	for i := range o.Practices {
		name(&o.Practices[i].Record, "r", i)
		name(&o.Practices[i].Person, "p", i)
	}
	return o
}
