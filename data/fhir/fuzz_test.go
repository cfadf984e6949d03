package fhir

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
)

// Whatever a file holds, everything in it is kept, skipped or rejected, what is
// kept can be used, and what was written once comes out the same again.
func FuzzRead(f *testing.F) {
	for seed := range uint64(4) {
		d := dice{rand.New(rand.NewPCG(seed, 7))}
		f.Add([]byte(ndjson(f, d.world(1))))
	}
	f.Add([]byte(`{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":` + madeLocation(0) + `},{"resource":` + madeService(0) + `}]}`))
	f.Add([]byte("\ufeff" + aService + "\n" + aLocation + "\n" + anOrg))
	f.Add([]byte(strings.ReplaceAll(madeService(1), `"`, `\u0022`)))
	f.Add([]byte(`{"entry":[1,[],"}",{"resource":{}}],"resourceType":"Bundle"}{"resourceType":"Location"`))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 || bytes.HasPrefix(content, []byte("\x1f\x8b")) {
			t.Skip("files packed or long have tests of their own")
		}
		r := readText(t, "a.json", string(content))
		ids := make(map[data.ID]bool)
		for _, o := range r.offers {
			if ids[o.ID] {
				t.Errorf("%s twice", o.ID)
			}
			ids[o.ID] = true
			checkUsable(t, o)
		}
		if len(r.offers) != r.services.Kept {
			t.Errorf("%d offers, %d kept", len(r.offers), r.services.Kept)
		}
		for _, tally := range []*intake.Tally{r.services, r.others} {
			if tally.Read() != tally.Kept+tally.Skipped+tally.Rejected {
				t.Errorf("%+v", tally)
			}
		}
		if r.err == nil {
			checkSettled(t, r.offers)
		}
	})
}

// checkUsable checks what the index is going to ask of an offer.
func checkUsable(t *testing.T, o *data.Offer) {
	t.Helper()
	for _, p := range o.Places {
		if p.Point.Validate() != nil || p.Quality > data.AtBuilding {
			t.Errorf("%s is at %v", o.ID, p.Point)
		}
		for _, row := range p.Capacity {
			if row.Number < 0 || row.Status == data.CapacityUnknown {
				t.Errorf("%s has the beds %+v", o.ID, row)
			}
		}
	}
	if a := o.Ages; a.Min < 0 || a.Before < 0 || a.Before != 0 && a.Before <= a.Min {
		t.Errorf("%s has the ages %+v", o.ID, a)
	}
	for _, h := range o.Hours.Weekly {
		if h.From < 0 || h.From >= data.Midnight || h.To < 0 || h.To > data.Midnight || h.Days == 0 {
			t.Errorf("%s has the hours %+v", o.ID, h)
		}
	}
}

// checkSettled writes the offers, reads them and writes them again.
func checkSettled(t *testing.T, offers []*data.Offer) {
	t.Helper()
	var first, second bytes.Buffer
	if err := WriteNDJSON(&first, seqOf(offers)); err != nil {
		t.Fatal(err)
	}
	again := readText(t, "again.ndjson", first.String())
	if again.err != nil {
		t.Fatal(again.err)
	}
	WriteNDJSON(&second, seqOf(again.offers))
	one, other := byName(t, first.String()), byName(t, second.String())
	if !reflect.DeepEqual(one, other) {
		t.Errorf("written\n%s\nthen\n%s", &first, &second)
	}
}

func byName(t *testing.T, lines string) map[string]string {
	all := make(map[string]string)
	for line := range strings.Lines(lines) {
		v, err := parse([]byte(line))
		if err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		all[v.textOf("resourceType")+"/"+v.textOf("id")] = canonical(t, line)
	}
	return all
}
