package merge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
)

// The region where an establishment stands is believed against one that describes it
// later, by whatever tells where it stands, the surest first.
func TestHomeComesFirst(t *testing.T) {
	postcode := func(code string) data.Address { return data.Address{Postcode: code} }
	const bourg, ajaccio, antilles, reunion, mayotte = fleyriat, "2A0000014", "970100012", "970400016", "980500003"
	for name, c := range map[string]struct {
		home        string // the region
		number      string // of the establishment
		site, place data.Address
	}{
		"the commune":                         {"84", macon, data.Address{Commune: "01451"}, postcode("71000")},
		"the département":                     {"84", macon, data.Address{Departement: "01"}, postcode("71000")},
		"the commune of the place":            {"84", macon, postcode("71000"), data.Address{Commune: "01451"}},
		"the postcode":                        {"84", macon, postcode("01440"), postcode("71000")},
		"the postcode of the place":           {"84", macon, data.Address{}, postcode("01440")},
		"a postcode of France":                {"84", macon, data.Address{Postcode: "01440", Country: "France"}, data.Address{}},
		"a postcode abroad":                   {"27", macon, data.Address{Postcode: "01440", Country: "DE"}, data.Address{}},
		"a postcode that tells nothing":       {"27", macon, postcode("00000"), postcode("144")},
		"the postcode of Corsica":             {"94", macon, postcode("20200"), data.Address{}},
		"the postcode of Mayotte":             {"06", macon, postcode("97600"), data.Address{}},
		"a line of distribution overseas":     {"04", reunion, postcode("97826"), data.Address{}},
		"the number":                          {"84", bourg, data.Address{}, data.Address{}},
		"the number of Corsica":               {"94", ajaccio, data.Address{}, data.Address{}},
		"the number of Guadeloupe":            {"01", antilles, data.Address{}, data.Address{}},
		"the number of the island of Réunion": {"04", reunion, data.Address{}, data.Address{}},
		"the number of Mayotte":               {"06", mayotte, data.Address{}, data.Address{}},
	} {
		if !data.ValidFINESS(c.number) {
			t.Fatalf("%s: %s is no number", name, c.number)
		}
		at := func(o *data.Offer) {
			o.Organizations[0] = establishmentOf(c.number, "")
			o.Organizations[0].Address, o.Places[0].Address = c.site, c.place
		}
		records := data.Memory{ror("11/9", at)}
		records = append(records, ror(c.home+"/1", at, func(o *data.Offer) { o.Updated = older }))
		for range 2 {
			directory := merge.New(intake.NewLedger(&strings.Builder{}), records)
			var names []string
			for o, err := range directory.Offers(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, o.Name)
			}
			if want := "Cardiologie " + c.home; fmt.Sprint(names) != "["+want+"]" {
				t.Errorf("%s: %q, want %s", name, names, want)
			}
			slices.Reverse(records)
		}
	}
}
