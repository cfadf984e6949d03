package data_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/sample"
)

// texts lists what an offer can be found by, for who sees the mask.
func texts(o *data.Offer, mask data.Mask) []string {
	var list []string
	keep := func(field data.TextField, text string, class data.Class) {
		if mask.Sees(class) {
			list = append(list, fmt.Sprintf("%d %s", field, text))
		}
	}
	o.EachText(keep)
	for i := range o.Places {
		o.EachTextOfPlace(&o.Places[i], keep)
	}
	return list
}

// Everything that has a text, at every level, in one offer.
func wordy(field data.Code, level data.Level) data.Offer {
	line := []data.Telecom{{Channel: data.Phone, Value: "+33142348234", Level: level}, {Channel: data.Web, Value: "no text"}, {Channel: data.Phone, Value: "15", Level: data.LevelFree}}
	contacts := []data.Contact{{Name: "Standard", Level: level, Telecoms: line}, {Name: "Crise", Telecoms: line}}
	organization := func(kind data.OrganizationKind, name string) data.Organization {
		return data.Organization{ID: "g", Kind: kind, Name: name, Complement: name + " 2", Alias: name + " 3",
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "1"}, {System: data.SystemADELIR, Value: "2"}},
			Category:    "R66|355", Contacts: contacts, Telecoms: line}
	}
	labelled := organization(data.Establishment, "Hôpital")
	labelled.CategoryLabel = "Centre hospitalier"
	return data.Offer{
		ID: "o", Field: field, Name: "Urgences", Type: "R244|20", Acts: []data.Code{"R210|0459"}, Activities: []data.Code{"R999|1"},
		Identifiers: []data.Identifier{{System: data.SystemROR, Value: "94/666"}, {System: data.SystemRPPS, Value: "3"}, {System: "OTHER", Value: "4"}},
		Contacts:    contacts, Telecoms: line,
		Practices: []data.Practice{{Prefix: "Dr", Given: "Zoé", Family: "Müller", ExerciseGiven: "Anne", ExerciseFamily: "Martin",
			Name: "Cabinet du Port", Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: "5"}},
			Profession: "G15|10", Specialties: []data.Code{"R38|SM26"}, Telecoms: line, OwnTelecoms: line}},
		Organizations: []data.Organization{organization(data.Unit, "Pôle"), labelled, organization(data.LegalEntity, "Entité"), organization(0, "Autre")},
		Places: []data.Place{{ID: "p", Name: "Bâtiment A", Alias: "Tour", Function: "R343|013", Telecoms: line,
			Identifiers: []data.Identifier{{System: data.SystemROR, Value: "6"}, {System: data.SystemRPPS, Value: "7"}},
			Equipment:   []data.Equipment{{Type: "R212|088"}},
			Address:     data.Address{City: "AJACCIO CEDEX", Locality: "Mezzavia", Postcode: "20000", Commune: "2A004"}}},
	}
}

// A viewer finds by exactly the texts that they are shown.
func TestTextsAreThoseShown(t *testing.T) {
	var offers []data.Offer
	for _, field := range []data.Code{data.FieldMCO, data.FieldMedicoSoc, data.FieldPrivateTown} {
		for level := data.LevelUnknown; level <= data.LevelVeryRestricted; level++ {
			o := wordy(field, level)
			offers = append(offers, o)
			o.Personal = true
			offers = append(offers, o)
			o.Sensitive = true
			offers = append(offers, o)
		}
	}
	for o, err := range (sample.Source{Scale: 3000, Seed: 5}).Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		offers = append(offers, *o)
	}
	hidden := 0
	for i := range offers {
		o := &offers[i]
		for p := range data.Profile(data.Profiles) {
			v := data.Viewer{Profile: p}
			asked := texts(o, v.Mask())
			var shown []string
			if seen, exists := o.For(v); exists {
				shown = texts(&seen, data.Viewer{Profile: 1}.Mask())
			}
			if !slices.Equal(asked, shown) {
				t.Fatalf("offer %s, field %s, profile %d: found by %q, shows %q", o.ID, o.Field, p, asked, shown)
			}
			if p == 0 && len(asked) < len(texts(o, data.Viewer{Profile: 1}.Mask())) {
				hidden++
			}
		}
	}
	if hidden < 1000 {
		t.Errorf("%d of %d offers hide a text from the public: too few to tell", hidden, len(offers))
	}
}

// No text of the model is forgotten, and none is made up.
func TestEachTextTakesAllOfThem(t *testing.T) {
	o := wordy(data.FieldPrivateTown, data.LevelFree)
	got := texts(&o, data.Viewer{Profile: 1}.Mask())
	for _, want := range []string{
		"0 Urgences", "1 Pôle", "1 Pôle 2", "1 Pôle 3", "2 Hôpital", "2 Hôpital 2", "2 Hôpital 3", "3 Entité", "3 Entité 3", "3 Autre",
		"4 Centre hospitalier", "4 R66|355", "5 R244|20", "5 R210|0459", "5 R227|05", "5 R999|1", "5 G15|10", "5 R38|SM26", "5 R343|013", "5 R212|088",
		"6 Dr", "6 Zoé", "6 Müller", "6 Anne", "6 Martin", "6 Cabinet du Port", "7 Standard", "7 Crise", "8 Bâtiment A", "8 Tour",
		"9 AJACCIO CEDEX", "9 Mezzavia", "9 20000", "10 2A004",
		"11 94/666", "11 3", "11 4", "11 1", "11 2", "11 5", "11 6", "11 7", "12 +33142348234", "12 15",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no text %q in %q", want, got)
		}
	}
	if slices.Contains(got, "12 no text") {
		t.Error("an address of a page is taken for a phone number")
	}
}
