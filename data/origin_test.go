package data_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"boussole/data"
)

// Of what a record says who may see it is told by the class of the value: whoever sees
// that sees the value in an offer, and nobody else does.
func TestClassOfIsWhatTheOfferShows(t *testing.T) {
	line := func(l data.Level) []data.Telecom { return []data.Telecom{{Value: "v", Level: l}} }
	cases := []struct {
		attribute string
		value     func(*data.Offer) any
		offer     data.Offer
	}{
		{"Offer.Name", func(o *data.Offer) any { return &o.Name }, data.Offer{Name: "v"}},
		{"Offer.Type", func(o *data.Offer) any { return &o.Type }, data.Offer{Type: "R210|0002"}},
		{"Offer.Family", func(o *data.Offer) any { return &o.Family }, data.Offer{Family: "X|1"}},
		{"Offer.Acts", func(o *data.Offer) any { return &o.Acts[0] }, data.Offer{Acts: []data.Code{"R211|089"}}},
		{"Offer.Identifiers", func(o *data.Offer) any { return &o.Identifiers[0] }, data.Offer{Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: "1"}}}},
		{"Offer.Telecoms", func(o *data.Offer) any { return &o.Telecoms[0] }, data.Offer{Telecoms: line(data.LevelRestricted)}},
		{"Offer.Practices", func(o *data.Offer) any { return &o.Practices[0] }, data.Offer{Practices: []data.Practice{{ID: "p"}}}},
		{"Place.Telecoms", func(o *data.Offer) any { return &o.Places[0].Telecoms[0] }, data.Offer{Places: []data.Place{{ID: "p", Telecoms: line(data.LevelFree)}}}},
		{"Place.Equipment", func(o *data.Offer) any { return &o.Places[0].Equipment[0] }, data.Offer{Places: []data.Place{{ID: "p", Equipment: []data.Equipment{{Number: 1}}}}}},
		{"Place.Capacity", func(o *data.Offer) any { return &o.Places[0].Capacity[0] }, data.Offer{Places: []data.Place{{ID: "p", Capacity: []data.Capacity{{Status: data.Available}}}}}},
		{"Organization.Telecoms", func(o *data.Offer) any { return &o.Organizations[0].Telecoms[0] }, data.Offer{Organizations: []data.Organization{{ID: "g", Telecoms: line(data.LevelRestricted)}}}},
		{"Organization.ORSAN", func(o *data.Offer) any { return &o.Organizations[0].ORSAN }, data.Offer{Organizations: []data.Organization{{ID: "g", ORSAN: "R284|1"}}}},
	}
	for _, c := range cases {
		for n := range 16 {
			o := c.offer
			o.Field = []data.Code{"", data.FieldMCO, data.FieldMedicoSoc, data.FieldPrivateTown}[n/4]
			o.Personal, o.Sensitive = n%2 == 1, n/2%2 == 1
			class := o.ClassOf(c.attribute, c.value(&o))
			for p := range data.Profile(data.Profiles) {
				v := data.Viewer{Profile: p}
				shown, exists := o.For(v)
				if got, want := exists && v.Mask().Sees(class), exists && reflect.DeepEqual(shown, o); got != want {
					t.Errorf("%s in %q, personal %v, sensitive %v: profile %d sees class %q: %v, and the value: %v", c.attribute, o.Field, o.Personal, o.Sensitive, p, class, got, want)
				}
			}
		}
	}
	if got := (&data.Offer{}).ClassOf("Offer.Nothing", nil); got != data.SensitiveUnit {
		t.Errorf("what has no row is of class %s", got)
	}
}

// A class that there is not, as a file may say one, is one that hardly anybody sees:
// for whoever asks what it takes to see all of the offer, too.
func TestSaidOfNoClassIsHidden(t *testing.T) {
	for _, class := range []data.Class{data.SensitiveUnit, data.Classes, 64, 255} {
		o := data.Offer{ID: "o", Origins: []data.Origin{{Said: []data.Said{{Class: class, Stands: []data.Attribute{data.AttributeAct}}}}}}
		for p := range data.Profile(data.Profiles) {
			v := data.Viewer{Profile: p}
			shown, _ := o.For(v)
			if sees, covers := len(shown.Origins[0].Said) > 0, v.Mask().Covers(o.Classes()); sees != (p == 1) || covers != sees {
				t.Errorf("class %d: profile %d sees it: %v, all of the offer: %v", class, p, sees, covers)
			}
		}
	}
}

// Every attribute and every class has a word of its own.
func TestWordsOfOrigins(t *testing.T) {
	var words []string
	for a := data.AttributeUnknown; a <= data.AttributeOrganization; a++ {
		words = append(words, a.String())
	}
	for c := range data.Classes {
		words = append(words, c.String())
	}
	slices.Sort(words)
	if slices.Contains(words, "") || len(slices.Compact(words)) != int(data.AttributeOrganization)+1+int(data.Classes) {
		t.Errorf("%q", words)
	}
	if beyond := fmt.Sprint(data.AttributeOrganization+1, data.Classes); beyond != "unknown " {
		t.Errorf("beyond the last: %q", beyond)
	}
}
