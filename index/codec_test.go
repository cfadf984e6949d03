package index

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"boussole/data"
	"boussole/index/twin"
)

func TestDocumentRoundTrip(t *testing.T) {
	for i, want := range twin.World(3, 2000) {
		if i%2 == 0 { // several records make it
			want.Origins = []data.Origin{{Source: "fhir", Region: "84", Record: "84/1", Date: 739_000, Said: []data.Said{
				{Stands: []data.Attribute{data.AttributeName, data.AttributeOrganization}},
				{Of: "place", Class: data.SensitiveUnit, Left: []data.Left{{Attribute: data.AttributeBeds, Value: "installed bed: 3"}}},
			}}, {Source: "sae"}}
		}
		got, err := decodeOffer(string(appendOffer(nil, &want)))
		// As text, where an empty list is none and a time is an instant.
		if text, wanted := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); err != nil || text != wanted {
			t.Fatalf("%v: got\n%s\nwant\n%s", err, text, wanted)
		}
	}
}

// Times come back in universal time, and an empty list as none.
func TestDocumentIsCanonical(t *testing.T) {
	when := time.Date(2026, 7, 1, 12, 0, 0, 5, data.TerritoryOf("974").Zone())
	a := data.Offer{Activities: []data.Code{}, Places: []data.Place{{Capacity: []data.Capacity{{Updated: when}}}}}
	b := data.Offer{Places: []data.Place{{Capacity: []data.Capacity{{Updated: when.UTC()}}}}}
	if string(appendOffer(nil, &a)) != string(appendOffer(nil, &b)) {
		t.Error("two ways to say the same give two documents")
	}
}

// No cut or changed byte may panic, hang, or ask for more memory than a
// multiple of the document.
func FuzzDecode(f *testing.F) {
	for _, o := range twin.World(4, 20) {
		f.Add(appendOffer(nil, &o))
	}
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, document []byte) {
		o, err := decodeOffer(string(document))
		if err != nil {
			return
		}
		again, err := decodeOffer(string(appendOffer(nil, &o)))
		if err != nil || !bytes.Equal(appendOffer(nil, &o), appendOffer(nil, &again)) { // NaN is not equal to itself
			t.Errorf("what was read is not what is written: %v", err)
		}
	})
}

func TestDamagedDocuments(t *testing.T) {
	for _, o := range twin.World(5, 50) {
		document := string(appendOffer(nil, &o))
		for cut := range document {
			if _, err := decodeOffer(document[:cut]); err == nil && cut > 0 {
				t.Fatalf("a document of %d bytes cut to %d is taken for whole", len(document), cut)
			}
		}
		if _, err := decodeOffer(document + "\x00"); err == nil {
			t.Fatal("a document with a byte too many is taken for whole")
		}
	}
}
