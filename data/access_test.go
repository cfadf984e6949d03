package data_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
)

// Types whose fields have rows of their own; the others are shown or hidden as
// a whole by the attribute that holds them.
var classed = []reflect.Type{
	reflect.TypeFor[data.Offer](), reflect.TypeFor[data.Place](), reflect.TypeFor[data.Contact](),
	reflect.TypeFor[data.Practice](), reflect.TypeFor[data.Organization](), reflect.TypeFor[data.Origin](),
}

func TestEveryAttributeHasARow(t *testing.T) {
	rows := make(map[string]data.Rule)
	for _, row := range data.AccessTable {
		if _, twice := rows[row.Attribute]; twice {
			t.Errorf("%s has two rows", row.Attribute)
		}
		if row.Rule == data.Hidden || row.Source == "" {
			t.Errorf("%s has no rule or no source", row.Attribute)
		}
		rows[row.Attribute] = row.Rule
	}
	for _, typ := range classed {
		for i := range typ.NumField() {
			name := typ.Name() + "." + typ.Field(i).Name
			if _, ok := rows[name]; !ok {
				t.Errorf("%s has no row in the access table: nobody but profile 1 will see it", name)
			}
			delete(rows, name)
		}
	}
	for name := range rows {
		t.Errorf("%s has a row, and is no attribute", name)
	}
}

// What each profile sees, attribute by attribute, written from the order of 26
// December 2023, the mapping of the implementation guide and the access policy,
// apart from the code: a letter for each profile that sees the value, in a
// health establishment, in the medico-social field and in private practice.
// A dash is a profile that does not.
func TestProfiles(t *testing.T) {
	level := func(l data.Level) []data.Telecom { return []data.Telecom{{Value: "v", Level: l}} }
	beds := func(row data.Capacity) data.Offer {
		row.Number = 3
		return data.Offer{Places: []data.Place{{ID: "p", Capacity: []data.Capacity{row}}}}
	}
	said := func(c data.Class) data.Offer {
		return data.Offer{Origins: []data.Origin{{Source: "v", Said: []data.Said{{Class: c, Left: []data.Left{{Value: "v"}}}}}}}
	}
	cases := []struct {
		name                    string
		offer                   data.Offer
		health, social, private string
	}{
		{"name", data.Offer{Name: "v"}, "012345", "012345", "012345"},
		{"activity", data.Offer{Activities: []data.Code{"R211|157"}}, "012345", "012345", "012345"},
		{"hours", data.Offer{Hours: data.Hours{Closures: []data.Period{{From: 1}}}}, "012345", "012345", "012345"},
		{"address", data.Offer{Places: []data.Place{{ID: "p", Address: data.Address{City: "v"}}}}, "012345", "012345", "012345"},
		{"act", data.Offer{Acts: []data.Code{"R210|0459"}}, "-12-45", "-12345", "-12-45"},
		{"act outside the practice", data.Offer{OutsideActs: []data.Code{"R210|0459"}}, "-12-45", "-12345", "-12-45"},
		{"act among the characteristics", data.Offer{Characteristics: []data.Code{"R210|0459"}}, "-12-45", "-12345", "-12-45"},
		{"specialisation", data.Offer{Specialisations: []data.Code{"R245|24"}}, "-12-45", "-12345", "-12-45"},
		{"resource", data.Offer{Resources: []data.Code{"R350|1"}}, "-12-45", "-12345", "-12-45"},
		{"competence", data.Offer{Competences: []data.Code{"R243|05"}}, "-12-45", "-12345", "-12-45"},
		{"ORSAN level among the acts", data.Offer{Acts: []data.Code{"R284|1"}}, "-1--4-", "-1--4-", "-1--4-"},
		{"code of no system", data.Offer{Activities: []data.Code{"R999|1"}}, "-1----", "-1----", "-1----"},
		{"line, level 1", data.Offer{Telecoms: level(1)}, "0123-5", "0123-5", "0123-5"},
		{"line, level 2", data.Offer{Telecoms: level(2)}, "-12--5", "-123-5", "-12--5"},
		{"line, level 3", data.Offer{Telecoms: level(3)}, "-1----", "-1----", "-1----"},
		{"line, no level", data.Offer{Telecoms: level(0)}, "-1----", "-1----", "-1----"},
		{"line, level 4", data.Offer{Telecoms: level(4)}, "-1----", "-1----", "-1----"},
		{"contact, level 2", data.Offer{Contacts: []data.Contact{{Name: "v", Level: 2}}}, "-12--5", "-123-5", "-12--5"},
		{"line of a place, level 1", data.Offer{Places: []data.Place{{ID: "p", Telecoms: level(1)}}}, "-12--5", "-123-5", "0123-5"},
		{"line of a place, level 3", data.Offer{Places: []data.Place{{ID: "p", Telecoms: level(3)}}}, "-1----", "-1----", "-1----"},
		{"line of the establishment, level 2", data.Offer{Organizations: []data.Organization{{ID: "g", Telecoms: level(2)}}}, "-12--5", "-12--5", "-12--5"},
		{"professional", data.Offer{Practices: []data.Practice{{Family: "v"}}}, "-12--5", "-123-5", "0123-5"},
		{"number of a professional", data.Offer{Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: "1"}}}, "-12--5", "-123-5", "0123-5"},
		{"number of an establishment", data.Offer{Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "1"}}}, "012345", "012345", "012345"},
		{"number of a practice", data.Offer{Identifiers: []data.Identifier{{System: data.SystemRPPSR, Value: "1"}}}, "-12--5", "-123-5", "0123-5"},
		{"number of a practice in its establishment", data.Offer{Organizations: []data.Organization{{ID: "g", Identifiers: []data.Identifier{{System: data.SystemADELIR, Value: "1"}}}}}, "-12--5", "-12--5", "-12--5"},
		{"number of no register", data.Offer{Identifiers: []data.Identifier{{System: "OTHER", Value: "1"}}}, "-1----", "-1----", "-1----"},
		{"what the model has no place for", data.Offer{Unlisted: []data.Unlisted{{JSON: "{}"}}}, "-1----", "-1----", "-1----"},
		{"mail of a professional, level 2", data.Offer{Practices: []data.Practice{{OwnTelecoms: level(2)}}}, "-12--5", "-123-5", "-12--5"},
		{"equipment", data.Offer{Places: []data.Place{{ID: "p", Equipment: []data.Equipment{{Type: "R212|088"}}}}}, "-12-45", "-12345", "-12-45"},
		{"dwellings", data.Offer{Places: []data.Place{{ID: "p", Residential: []data.Residence{{Number: 2}}}}}, "-12-45", "-12345", "-12-45"},
		{"beds installed", beds(data.Capacity{Status: data.Installed}), "012345", "012345", "012345"},
		{"beds available", beds(data.Capacity{Status: data.Available}), "-12-4-", "-1234-", "-12-4-"},
		{"beds operational", beds(data.Capacity{Status: data.Operational}), "-12-4-", "-1234-", "-12-4-"},
		{"beds occupied", beds(data.Capacity{Status: data.Occupied}), "-12-45", "-12345", "-12-45"},
		{"beds of no status", beds(data.Capacity{}), "-12-4-", "-1234-", "-12-4-"},
		{"beds of a crisis", beds(data.Capacity{Status: data.Supplementary}), "-1--4-", "-1--4-", "-1--4-"},
		{"beds installed for a crisis", beds(data.Capacity{Status: data.Installed, Crisis: 2}), "-1--4-", "-1--4-", "-1--4-"},
		{"ORSAN level", data.Offer{Organizations: []data.Organization{{ID: "g", ORSAN: "R284|1"}}}, "-1--4-", "-1--4-", "-1--4-"},
		{"landing zone", data.Offer{Organizations: []data.Organization{{ID: "g", DropZone: data.Yes}}}, "-1--4-", "-1--4-", "-1--4-"},
		{"who says a name", said(data.Open), "012345", "012345", "012345"},
		{"who says a line, level 1", said(data.OpenPersonal), "0123-5", "0123-5", "0123-5"},
		{"who says an act", said(data.Restricted), "-12-45", "-12-45", "-12-45"},
		{"who says an act of the medico-social field", said(data.RestrictedSocial), "-12345", "-12345", "-12345"},
		{"who says beds available", said(data.RestrictedBeds), "-12-4-", "-12-4-", "-12-4-"},
		{"who says an ORSAN level", said(data.VeryRestricted), "-1--4-", "-1--4-", "-1--4-"},
		{"who says what is classed as nothing is", said(data.Classes), "-1----", "-1----", "-1----"},
		{"who says what is classed far beyond", said(255), "-1----", "-1----", "-1----"},
		{"sensitive unit", data.Offer{Sensitive: true, Name: "v"}, "-1----", "-1----", "-1----"},
		{"somebody practises there", data.Offer{Personal: true, Name: "v"}, "-12--5", "-123-5", "0123-5"},
		{"somebody practises in a sensitive unit", data.Offer{Personal: true, Sensitive: true, Name: "v"}, "-1----", "-1----", "-1----"},
	}
	for _, c := range cases {
		for field, want := range map[data.Code]string{data.FieldMCO: c.health, data.FieldMedicoSoc: c.social, data.FieldPrivateTown: c.private} {
			if got := seenBy(c.offer, field); got != want {
				t.Errorf("%s in %s: seen by %s, want %s", c.name, field, got, want)
			}
		}
	}
}

// seenBy compares what each profile sees with the whole offer.
func seenBy(o data.Offer, field data.Code) string {
	o.ID, o.Field = "o", field
	seen := ""
	for p := range data.Profile(data.Profiles) {
		shown, exists := o.For(data.Viewer{Profile: p})
		if exists && reflect.DeepEqual(shown, o) {
			seen += fmt.Sprint(p)
		} else {
			seen += "-"
		}
	}
	return seen
}

// A line inside a contact is as closed as the stricter of the two.
func TestLineOfAContact(t *testing.T) {
	o := data.Offer{Contacts: []data.Contact{{Name: "desk", Level: data.LevelFree, Telecoms: []data.Telecom{
		{Value: "open", Level: data.LevelFree}, {Value: "closed", Level: data.LevelRestricted}, {Value: "none"},
	}}}}
	public, _ := o.For(data.Viewer{})
	if len(public.Contacts) != 1 || len(public.Contacts[0].Telecoms) != 1 || public.Contacts[0].Telecoms[0].Value != "open" {
		t.Errorf("the public sees %+v", public.Contacts)
	}
	if len(o.Contacts[0].Telecoms) != 3 {
		t.Error("the offer itself has changed")
	}
}

func TestAnUnknownProfileIsThePublic(t *testing.T) {
	if got, want := (data.Viewer{Profile: 6}).Mask(), (data.Viewer{}).Mask(); got != want {
		t.Errorf("profile 6 sees %b, the public %b", got, want)
	}
}

// The classes of an offer are those that someone must see to see all of it.
func TestClassesCoverWhatIsThere(t *testing.T) {
	o := data.Offer{
		ID: "o", Field: data.FieldMCO, Acts: []data.Code{"R210|0459"},
		Telecoms: []data.Telecom{{Value: "v", Level: data.LevelVeryRestricted}},
	}
	for p := range data.Profile(data.Profiles) {
		v := data.Viewer{Profile: p}
		shown, _ := o.For(v)
		if got, want := v.Mask().Covers(o.Classes()), reflect.DeepEqual(shown, o); got != want {
			t.Errorf("profile %d: covers %v, sees all %v", p, got, want)
		}
	}
	if sensitive := (&data.Offer{Sensitive: true}).Classes(); (data.Viewer{Profile: 2}).Mask().Covers(sensitive) {
		t.Error("profile 2 covers a sensitive unit")
	}
}

// A code may be asked for exactly by those who see it.
func TestCodesAreAskedForByThoseWhoSeeThem(t *testing.T) {
	place := data.Place{ID: "p", Function: "R343|013", Equipment: []data.Equipment{{Type: "R212|088"}}}
	whole := data.Offer{
		ID: "o", Type: "R244|20", Category: "R66|620", Family: "J51|1", Activities: []data.Code{"R211|157"},
		CareModes: []data.Code{"R213|33"}, Characteristics: []data.Code{"R253|01", "R210|0001"}, Audience: []data.Code{"R239|10"},
		Acts: []data.Code{"R210|0459"}, OutsideActs: []data.Code{"R210|0460"}, Specialisations: []data.Code{"R245|24"},
		Resources: []data.Code{"R350|1", "R211|999"}, Competences: []data.Code{"R243|05"}, Places: []data.Place{place},
	}
	for n := range 6 {
		field, personal := []data.Code{data.FieldMCO, data.FieldMedicoSoc, data.FieldPrivateTown}[n/2], n%2 == 1
		for p := range data.Profile(data.Profiles) {
			o, v := whole, data.Viewer{Profile: p}
			o.Field, o.Personal = field, personal
			var asked, shown []string
			keep := func(c data.Code, class data.Class) {
				if v.Mask().Sees(class) {
					asked = append(asked, string(c))
				}
			}
			o.EachCode(keep)
			o.EachCodeOfPlace(&o.Places[0], keep)
			seen, exists := o.For(v)
			show := func(c data.Code, _ data.Class) { shown = append(shown, string(c)) }
			if exists {
				seen.EachCode(show)
				seen.EachCodeOfPlace(&seen.Places[0], show)
			}
			if !slices.Equal(asked, shown) {
				t.Errorf("profile %d, field %s, personal %v: may ask for %s, sees %s", p, field, personal, strings.Join(asked, " "), strings.Join(shown, " "))
			}
		}
	}
}
