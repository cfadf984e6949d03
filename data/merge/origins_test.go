package merge_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
)

// spell writes origins as a reader would: who, then what stands as they say it and,
// after a stroke, what was left.
func spell(list []data.Origin) (lines []string) {
	for _, g := range list {
		for _, s := range g.Said {
			line := data.Words(fmt.Sprint(g.Source, " ", g.Region, " ", g.Record, " ", s.Of, " ", s.Class)) + ":"
			for _, a := range s.Stands {
				line += " " + a.String()
			}
			for _, l := range s.Left {
				line += " / " + l.Attribute.String() + " " + l.Value
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// The origin of every fact of one service that a region, its neighbour and the
// statistics describe.
func TestOriginOfEveryFact(t *testing.T) {
	home := ror("84/1", func(o *data.Offer) {
		o.Places[0].Equipment = []data.Equipment{{Type: "R212|088"}}
		o.Places[0].Name = "Bâtiment A"
		o.Telecoms = []data.Telecom{{Channel: data.Phone, Value: "+33100000001", Level: data.LevelRestricted}}
		o.Hours.Weekly = []data.Opening{{Days: data.EveryDay, From: 8 * 60, To: 18 * 60}}
	})
	other := ror("27/9", func(o *data.Offer) {
		o.Places[0].Equipment = []data.Equipment{{Type: "R212|088", Number: 2}, {Type: "R212|093"}}
		o.Places[0].Name = "Bâtiment B"
		o.Telecoms = []data.Telecom{{Channel: data.Phone, Value: "+33100000001", Level: data.LevelFree}}
		o.Acts = []data.Code{"R210|0459"}
		o.Hours.Weekly = []data.Opening{{Days: data.EveryDay, From: 9 * 60, To: 18 * 60}}
	})
	o, conflicts := told(t, other, home, statistics())
	site := string(o.Organizations[0].ID)
	want := []string{
		"fhir 84 84/1 open: name type field activity mode hours number site",
		"fhir 84 84/1 restricted-personal: / line phone +33100000001, level 2",
		"fhir 84 84/1 place84 open: place address",
		"fhir 84 84/1 place84 restricted: equipment",
		"fhir 84 84/1 " + site + " open: number address organization",
		"fhir 27 27/9 open: type field activity mode number site / name Cardiologie 27 / hours sun,mon,tue,wed,thu,fri,sat 09:00-18:00",
		"fhir 27 27/9 restricted: act",
		"fhir 27 27/9 open-personal: line",
		"fhir 27 27/9 place84 open: place address / place name: Bâtiment B",
		"fhir 27 27/9 place84 restricted: equipment",
		"fhir 27 27/9 " + site + " open: number address organization",
		"sae 010000024-USIC open: type field activity mode characteristic number site / name USIC",
		"sae 010000024-USIC place84 open: place position beds",
		"sae 010000024-USIC " + site + " open: number address organization",
	}
	if got := spell(o.Origins); !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	slices.Sort(conflicts)
	if want := []string{"hours", "line", "name", "name", "place"}; !slices.Equal(conflicts, want) {
		t.Errorf("conflicts of %q, want %q", conflicts, want)
	}
	if got := o.Places[0].Equipment; !reflect.DeepEqual(got, []data.Equipment{{Type: "R212|088", Number: 2}, {Type: "R212|093"}}) {
		t.Errorf("equipment %+v", got)
	}
}

// One record in two exports is one record: its sources tell all.
func TestOneRecordHasNoOrigins(t *testing.T) {
	for name, records := range map[string][]data.Offer{
		"one record":                  {ror("84/1")},
		"in two exports":              {ror("84/1"), ror("84/1")},
		"of which the later one told": {ror("84/1"), ror("84/1", func(o *data.Offer) { o.Updated = older })},
	} {
		if o, _ := told(t, records...); o.Origins != nil {
			t.Errorf("%s: %v", name, spell(o.Origins))
		}
	}
}

// Who is not heard, because their field of activity would show to others what this one
// hides, is told with the field that they said.
func TestOriginOfWhoIsNotHeard(t *testing.T) {
	o, conflicts := told(t, ror("84/1"), ror("27/9", func(o *data.Offer) {
		o.Field = data.FieldMedicoSoc
		o.Identifiers = append(o.Identifiers, data.Identifier{System: data.SystemROR, Value: "84/1"})
	}))
	got := spell(o.Origins)
	if len(got) == 0 || !slices.Equal(conflicts, []string{"field"}) || got[len(got)-1] != "fhir 27 27/9 open: / field R227|04" {
		t.Errorf("%s, conflicts of %q", strings.Join(got, "\n"), conflicts)
	}
}

// A service that stands at the site of a register has from there what it has from
// there, whether one record of it says so or two.
func TestOriginOfTheSite(t *testing.T) {
	site := registered(fleyriat, func(o *data.Offer) {
		o.Sources = []data.Provenance{{Source: "finess", Record: fleyriat}}
		o.Places = []data.Place{{ID: "site", Address: data.Address{Street: "DE L'EXEMPLE", Commune: "01451"}, Point: viriat, Quality: data.AtBuilding}}
	})
	number := string(site.Organizations[0].ID)
	registers := []string{
		"finess 010000024 open: site",
		"finess 010000024 " + number + " open: number address organization",
		"finess 010000024 site open: address position",
	}
	own := statistics()
	offers, _, _ := merged(t, data.Memory{site, own})
	if got := spell(offers[own.ID].Origins); !slices.Equal(got, registers) {
		t.Errorf("of one record: %q, want %q", got, registers)
	}
	unrecorded := func(o *data.Offer) { o.Organizations[0].Record = data.Record{} }
	offers, _, _ = merged(t, data.Memory{site, own, ror("84/1", unrecorded)})
	got := spell(offers[ror("84/1").ID].Origins)
	if len(got) < 5 || !slices.Equal(got[len(got)-3:], registers) {
		t.Errorf("of two records: %q, want %q at the end", got, registers)
	}
	for _, line := range got[:len(got)-3] {
		of, said, _ := strings.Cut(line, ":")
		words := strings.Fields(said)
		if strings.Contains(of, number) || strings.Contains(of, "place84") || slices.Contains(words, "site") || slices.Contains(words, "position") {
			t.Errorf("of its own is told %q", line)
		}
	}
	again := data.Memory{*offers[site.ID], *offers[ror("84/1").ID]}
	twice, _, _ := merged(t, again)
	if !reflect.DeepEqual(twice[again[1].ID], &again[1]) {
		t.Errorf("merged again: %+v, want %+v", twice[again[1].ID].Origins, again[1].Origins)
	}
	// Of a site that two describe both are told, of what a service has from it.
	second := registered(fleyriat, func(o *data.Offer) {
		o.ID, o.Sources = data.NewID("offer", data.SystemROR, "84/7"), []data.Provenance{{Source: "fhir", Record: "84/7"}}
		o.Organizations = slices.Clone(o.Organizations)
		o.Organizations[0].Name, o.Organizations[0].ORSAN = "HÔPITAL", "R284|1"
	})
	offers, _, _ = merged(t, data.Memory{site, second, own})
	got = spell(offers[own.ID].Origins)
	if !slices.ContainsFunc(got, func(s string) bool {
		return strings.HasPrefix(s, "finess 010000024 "+number+" open") && strings.Contains(s, "organization")
	}) ||
		!slices.ContainsFunc(got, func(s string) bool { return s == "fhir 84/7 "+number+" very-restricted: organization" }) {
		t.Errorf("of a site that two describe: %s", strings.Join(got, "\n"))
	}
}

// What a service has from a site is told in the same words whether one record describes
// the site or two do, to each viewer of what they may see of it.
func TestOriginOfTheSiteOfOneRecord(t *testing.T) {
	site := registered(fleyriat, func(o *data.Offer) {
		o.Places = []data.Place{{ID: "site", Address: data.Address{Commune: "01451"}, Point: viriat, Quality: data.AtBuilding}}
		line := data.Telecom{Channel: data.Phone, Value: "+33100000001", Level: data.LevelRestricted}
		of := &o.Organizations[0]
		of.Telecoms, of.Contacts = []data.Telecom{line}, []data.Contact{{Name: "desk", Level: data.LevelFree, Telecoms: []data.Telecom{line}}}
		of.Point, of.Quality, of.ORSAN = viriat, data.AtBuilding, "R284|1"
		o.Organizations = append(o.Organizations, data.Organization{ID: "legal", Kind: data.LegalEntity, Name: "ENTITE"})
	})
	twin := site
	twin.Sources = []data.Provenance{{Source: "ndjson", Record: "t"}}
	own := statistics()
	saidBy := func(source string, records ...data.Offer) [data.Profiles][]string {
		t.Helper()
		offers, _, _ := merged(t, data.Memory(records))
		var lines [data.Profiles][]string
		for p := range data.Profile(data.Profiles) {
			shown, _ := offers[own.ID].For(data.Viewer{Profile: p})
			lines[p] = spell(slices.DeleteFunc(slices.Clone(shown.Origins), func(g data.Origin) bool { return g.Source != source }))
		}
		return lines
	}
	one, two := saidBy("finess", site, own), saidBy("finess", site, twin, own)
	for p := range one {
		if !slices.Equal(one[p], two[p]) {
			t.Errorf("profile %d, of one record:\n%s\nof two:\n%s", p, strings.Join(one[p], "\n"), strings.Join(two[p], "\n"))
		}
	}
	number := string(site.Organizations[0].ID)
	for _, want := range []string{
		"finess 010000024 " + number + " open: number address position organization",
		"finess 010000024 " + number + " open-personal: contact",
		"finess 010000024 " + number + " restricted-personal: contact line",
		"finess 010000024 " + number + " very-restricted: organization",
		"finess 010000024 legal open: organization",
	} {
		if !slices.ContainsFunc(one[:], func(lines []string) bool { return slices.Contains(lines, want) }) {
			t.Errorf("nobody is told %q, but %q", want, one)
		}
	}
}

// The legal entity of an establishment that both name is kept where one alone has it;
// that of another establishment goes with it, and is not counted beside it.
func TestLegalEntityThatOneNames(t *testing.T) {
	entity := data.Organization{ID: "legal", Kind: data.LegalEntity, Name: "ENTITE"}
	with := func(o *data.Offer) { o.Organizations = append(o.Organizations, entity) }
	o, conflicts := told(t, ror("84/1"), ror("27/9", with))
	if len(o.Organizations) != 2 || !reflect.DeepEqual(o.Organizations[1], entity) || len(conflicts) > 1 {
		t.Errorf("%+v, conflicts of %q", o.Organizations, conflicts)
	}
	elsewhere := ror("84/1", with, func(o *data.Offer) {
		o.Organizations[0] = establishmentOf(macon, "71270")
		o.Sources = []data.Provenance{{Source: "ndjson"}}
	})
	o, conflicts = told(t, ror("84/1"), elsewhere)
	if len(o.Organizations) != 1 || !slices.Equal(conflicts, []string{"site"}) {
		t.Errorf("of another: %+v, conflicts of %q", o.Organizations, conflicts)
	}
}

// What stands in an organization is classed in no field of activity, whatever that of
// the offer is: who says its lines is told to those who see them there.
func TestOriginOfALineOfAnOrganization(t *testing.T) {
	described := func(number string) data.Offer {
		return ror(number, func(o *data.Offer) {
			o.Field = data.FieldMedicoSoc
			line := data.Telecom{Channel: data.Phone, Value: "+33100000001", Level: data.LevelRestricted}
			o.Organizations[0].Contacts = []data.Contact{{Name: "desk", Level: data.LevelFree, Telecoms: []data.Telecom{line}}}
			o.Organizations[0].Telecoms = []data.Telecom{line}
		})
	}
	o, _ := told(t, described("84/1"), described("27/9"))
	for p := range data.Profile(data.Profiles) {
		shown, _ := o.For(data.Viewer{Profile: p})
		lines, told := len(shown.Organizations[0].Telecoms) > 0, 0
		for _, said := range spell(shown.Origins) {
			if strings.Contains(said, " restricted-personal") && strings.HasSuffix(said, ": contact line") {
				told++
			}
		}
		if told != map[bool]int{true: 2}[lines] {
			t.Errorf("profile %d sees the lines: %v, and is told %d times who says them: %q", p, lines, told, spell(shown.Origins))
		}
	}
}
