package data_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"boussole/data"
)

func TestAddressIn(t *testing.T) {
	cases := []struct {
		name    string
		address data.Address
		want    string
	}{
		{"as written", data.Address{Departement: "01"}, "01"},
		{"from the commune", data.Address{Commune: "2A004"}, "2A"},
		{"from a commune overseas", data.Address{Commune: "97411"}, "974"},
		{"the written one wins", data.Address{Departement: "69", Commune: "01451"}, "69"},
		{"the postcode is not asked", data.Address{Postcode: "01440"}, ""},
		{"no commune of today", data.Address{Commune: "20004"}, ""},
		{"nothing", data.Address{}, ""},
	}
	for _, c := range cases {
		if got := c.address.In(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAddressString(t *testing.T) {
	cases := []struct {
		name    string
		address data.Address
		want    string
	}{
		{"street and city", data.Address{Number: "900", StreetType: "RTE", Street: "DE PARIS", Postcode: "01440", City: "VIRIAT"}, "900 RTE DE PARIS, 01440 VIRIAT"},
		{"a suffix", data.Address{Number: "2", Suffix: "bis", StreetType: "R", Street: "DE L'EXEMPLE", City: "VILLE"}, "2 bis R DE L'EXEMPLE, VILLE"},
		{"no street", data.Address{Locality: "LIEU-DIT", Postcode: "48000", City: "MENDE"}, "LIEU-DIT, 48000 MENDE"},
		{"every part in its order", data.Address{
			CareOf: "CHEZ", Locator: "BAT A", Number: "1", Suffix: "ter", StreetType: "AV", Street: "EXEMPLE", Complement: "ETAGE 2",
			Locality: "HAMEAU", PostBox: "BP 1", Postcode: "75001", City: "PARIS", Country: "FR", Commune: "75101", Departement: "75",
		}, "CHEZ, BAT A, 1 ter AV EXEMPLE, ETAGE 2, HAMEAU, BP 1, 75001 PARIS, FR"},
		{"only codes", data.Address{Commune: "01451", Departement: "01"}, ""},
		{"nothing", data.Address{}, ""},
	}
	for _, c := range cases {
		if got := c.address.String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNamesOfSmallSets(t *testing.T) {
	cases := []struct{ name, got, want string }{
		{"no quality", data.Unplaced.String(), "none"},
		{"commune", data.AtCommune.String(), "commune"},
		{"street", data.AtStreet.String(), "street"},
		{"building", data.AtBuilding.String(), "building"},
		{"a quality that is none", data.Quality(4).String(), "none"},
		{"no channel", data.ChannelUnknown.String(), "other"},
		{"phone", data.Phone.String(), "phone"},
		{"fax", data.Fax.String(), "fax"},
		{"mail", data.Mail.String(), "mail"},
		{"secure mail", data.SecureMail.String(), "secure-mail"},
		{"web", data.Web.String(), "web"},
		{"a channel that is none", data.Channel(6).String(), "other"},
		{"no status", data.CapacityUnknown.String(), "unknown"},
		{"status 01", data.CapacityStatus(1).String(), "installed"},
		{"status 02", data.CapacityStatus(2).String(), "available"},
		{"status 03", data.CapacityStatus(3).String(), "occupied"},
		{"status 04", data.CapacityStatus(4).String(), "reserved"},
		{"status 05", data.CapacityStatus(5).String(), "closed"},
		{"status 06", data.CapacityStatus(6).String(), "supplementary"},
		{"status 07", data.CapacityStatus(7).String(), "operational"},
		{"status 08", data.CapacityStatus(8).String(), "installed-checked"},
		{"status 09", data.CapacityStatus(9).String(), "authorised"},
		{"a status that is none", data.CapacityStatus(10).String(), "unknown"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestPlaced(t *testing.T) {
	for quality, want := range map[data.Quality]bool{data.Unplaced: false, data.AtCommune: true, data.AtStreet: true, data.AtBuilding: true} {
		if p := (data.Place{Quality: quality}); p.Placed() != want {
			t.Errorf("quality %s: placed is %v", quality, p.Placed())
		}
	}
}

func TestSite(t *testing.T) {
	unit := data.Organization{ID: "unit", Kind: data.Unit}
	site := data.Organization{ID: "site", Kind: data.Establishment}
	legal := data.Organization{ID: "legal", Kind: data.LegalEntity}
	cases := []struct {
		name          string
		organizations []data.Organization
		want          data.ID
	}{
		{"between the unit and the legal entity", []data.Organization{unit, site, legal}, "site"},
		{"alone", []data.Organization{site}, "site"},
		{"none", []data.Organization{unit, legal}, ""},
		{"nothing known", nil, ""},
	}
	for _, c := range cases {
		offer := data.Offer{Organizations: c.organizations}
		if got, ok := offer.Site(); got.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", c.name, got.ID, ok, c.want)
		}
	}
}

func TestFINESSOfAnOrganization(t *testing.T) {
	siret := data.Identifier{System: data.SystemSIRET, Value: "26010004500012"}
	finess := data.Identifier{System: data.SystemFINESS, Value: "010000024"}
	both := data.Organization{Identifiers: []data.Identifier{siret, finess}}
	none := data.Organization{Identifiers: []data.Identifier{siret}}
	if both.FINESS() != "010000024" || none.FINESS() != "" {
		t.Errorf("%q and %q", both.FINESS(), none.FINESS())
	}
}

func TestMemory(t *testing.T) {
	memory := data.Memory{{ID: "b", Name: "one"}, {ID: "a", Name: "two"}}
	if memory.Name() != "memory" {
		t.Errorf("name %q", memory.Name())
	}
	for range 2 { // the same at each call, whatever was done to what was received
		var ids []data.ID
		for o, err := range memory.Offers(t.Context()) {
			if err != nil || o.Name == "changed" {
				t.Fatalf("%+v, %v", o, err)
			}
			ids = append(ids, o.ID)
			o.Name = "changed"
		}
		if !slices.Equal(ids, []data.ID{"b", "a"}) {
			t.Errorf("%v", ids)
		}
	}
	for range memory.Offers(t.Context()) {
		break // a source that went on after that would panic
	}
}

func TestMemoryStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	offers, failed := 0, error(nil)
	for o, err := range (data.Memory{{ID: "a"}, {ID: "b"}, {ID: "c"}}).Offers(ctx) {
		if failed != nil {
			t.Fatal("more after the error")
		}
		if failed = err; o != nil {
			offers++
			cancel()
		}
	}
	if offers != 1 || !errors.Is(failed, context.Canceled) {
		t.Errorf("%d offers, %v", offers, failed)
	}
}
