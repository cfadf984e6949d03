package report_test

import (
	"context"
	"iter"
	"maps"
	"math"
	"testing"

	"boussole/data"
	"boussole/data/merge"
	"boussole/data/report"
	"boussole/geo"
)

// The day of the reports of the tests.
var today = data.NewDate(2026, 11, 26)

const (
	bourg    = "01053"     // a commune of 23.84 km² in the Ain
	fleyriat = "010000024" // a hospital near it
	mayenne  = "530000371"
)

// centre is that of Bourg-en-Bresse, as the gazetteer has it.
var centre = commune(bourg).Centre

// service is an offer of the ROR about which nothing is wrong.
func service(number string, changes ...func(*data.Offer)) report.Entry {
	o := &data.Offer{
		ID: data.NewID("offer", data.SystemROR, number), Identifiers: []data.Identifier{{System: data.SystemROR, Value: number}},
		Name: "Cardiologie", Type: "R244|262", Field: data.FieldMCO, Activities: []data.Code{"R211|354"}, CareModes: []data.Code{"R213|28"},
		Telecoms: []data.Telecom{{Channel: data.Phone, Value: "+33474454647", Level: data.LevelFree}},
		Places: []data.Place{{
			ID: data.NewID("place", data.SystemROR, number), Record: data.Record{ID: "l" + number},
			Address: data.Address{Number: "1", StreetType: "RUE", Street: "DES LILAS", Commune: bourg}, Point: centre, Quality: data.AtBuilding,
		}},
		Organizations: []data.Organization{establishment(fleyriat)},
		Updated:       today - 30, Sources: []data.Provenance{{Source: "fhir", Record: number, Date: today}},
	}
	for _, change := range changes {
		change(o)
	}
	return report.Entry{Source: "ror", Offer: o}
}

func establishment(number string) data.Organization {
	return data.Organization{
		ID: data.NewID("organization", data.SystemFINESS, number), Kind: data.Establishment, Name: "CH " + number, Category: "R66|355",
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: number}},
		Address:     data.Address{Number: "900", Street: "ROUTE DE PARIS", Commune: bourg},
	}
}

// registered is an establishment as FINESS has it.
func registered(number string, changes ...func(*data.Offer)) report.Entry {
	site := establishment(number)
	site.Address, site.Telecoms = data.Address{}, []data.Telecom{{Channel: data.Phone, Value: "+33474454647", Level: data.LevelFree}}
	o := &data.Offer{
		ID: data.NewID("offer", data.SystemFINESS, number), Identifiers: site.Identifiers, Name: site.Name, Category: site.Category,
		Places: []data.Place{{
			ID:      data.NewID("place", data.SystemFINESS, number),
			Address: data.Address{Number: "900", StreetType: "RTE", Street: "DE PARIS", Commune: bourg}, Point: centre, Quality: data.AtBuilding,
		}},
		Organizations: []data.Organization{site},
		Updated:       today - 300, Sources: []data.Provenance{{Source: "finess", Record: number, Date: today}},
	}
	for _, change := range changes {
		change(o)
	}
	return report.Entry{Source: "finess", Offer: o}
}

// recorded is a base of the entries.
type recorded []report.Entry

func (recorded) Name() string { return "base" }

func (r recorded) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for _, e := range r {
			if !yield(e.Offer, nil) {
				return
			}
		}
	}
}

func (r recorded) Records(ctx context.Context) iter.Seq2[merge.Kept, error] {
	return func(yield func(merge.Kept, error) bool) {
		for _, e := range r {
			if !yield(merge.Kept{Key: merge.RecordKey{Source: e.Source, ID: string(e.Offer.ID)}, Offer: e.Offer}, nil) {
				return
			}
		}
	}
}

func checked(t *testing.T, options report.Options, entries ...report.Entry) *report.Checker {
	t.Helper()
	if options.Day == 0 {
		options.Day = today
	}
	c, err := report.Of(t.Context(), options, recorded(entries))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func foundIn(r *report.Report) map[string]int {
	found := make(map[string]int)
	for _, rule := range r.Rules {
		if rule.Found > 0 {
			found[rule.ID] = rule.Found
		}
	}
	return found
}

// Changes to an offer.

func at(lat, lon float64) func(*data.Offer) {
	return func(o *data.Offer) { o.Places[0].Point = geo.Point{Lat: lat, Lon: lon} }
}

func in(commune string) func(*data.Offer) {
	return func(o *data.Offer) { o.Places[0].Address.Commune = commune }
}

func named(name string) func(*data.Offer) { return func(o *data.Offer) { o.Name = name } }

func typed(code data.Code) func(*data.Offer) { return func(o *data.Offer) { o.Type = code } }

func noPhone(o *data.Offer) { o.Telecoms = nil }

func sensitive(o *data.Offer) { o.Sensitive = true }

func ofCategory(code data.Code) func(*data.Offer) {
	return func(o *data.Offer) { o.Organizations[0].Category = code }
}

func placed(number string) func(*data.Offer) {
	return func(o *data.Offer) {
		o.Places[0].Name, o.Places[0].Identifiers = "Bâtiment A", []data.Identifier{{System: data.SystemROR, Value: number}}
	}
}

func noName(o *data.Offer) { o.Places[0].Name = "" }

func siteIs(number string) func(*data.Offer) {
	return func(o *data.Offer) { o.Organizations = []data.Organization{establishment(number)} }
}

func siteAt(a data.Address) func(*data.Offer) {
	return func(o *data.Offer) { o.Organizations[0].Address = a }
}

func closedOn(day, reopening data.Date) func(*data.Offer) {
	return func(o *data.Offer) { o.Organizations[0].Closed, o.Organizations[0].Reopening = day, reopening }
}

func changedOn(day data.Date) func(*data.Offer) { return func(o *data.Offer) { o.Updated = day } }

func left(path, json string) func(*data.Offer) {
	return func(o *data.Offer) {
		o.Places[0].Quality = data.Unplaced
		o.Unlisted = append(o.Unlisted, data.Unlisted{Of: "Location/" + o.Places[0].Record.ID, Path: path, JSON: json})
	}
}

// north is so many metres north of the centre of Bourg.
func north(m geo.Meters) func(*data.Offer) {
	return at(centre.Lat+float64(m)/float64(geo.EarthRadius)*180/math.Pi, centre.Lon)
}

type found = map[string]int

func TestRules(t *testing.T) {
	limit := report.Limit(commune(bourg).Area)
	twin := func(o *data.Offer) { o.Organizations[0].Name, o.Name = "CENTRE HOSPITALIER", "CENTRE HOSPITALIER" }
	gone := data.Period{From: today - 10, To: today + 10}
	cases := []struct {
		name    string
		entries []report.Entry
		want    found
	}{
		{"nothing", []report.Entry{service("84/1"), registered(fleyriat)}, found{}},

		{"just within", []report.Entry{service("84/1", north(limit-1))}, found{}},
		{"just beyond", []report.Entry{service("84/1", north(limit+1))}, found{report.PositionFar: 1}},
		{"an arrondissement is as large as its city", []report.Entry{service("84/1", in("75120"), at(48.8365, 2.2655))}, found{}},
		{"far from any arrondissement", []report.Entry{service("84/1", in("75120"), at(48.8049, 2.1204))}, found{report.PositionFar: 1, report.PositionDepartement: 1}},
		{"without a commune", []report.Entry{service("84/1", in(""), north(limit+1))}, found{}},
		{"a commune that is none", []report.Entry{service("84/1", in("01999"))}, found{report.CommuneUnknown: 1}},
		{"a shared place counts once", []report.Entry{service("84/1", north(limit+1)), service("84/2", north(limit+1), func(o *data.Offer) {
			o.Places[0].ID = data.NewID("place", data.SystemROR, "84/1")
		})}, found{report.PositionFar: 1}},

		{"in another département", []report.Entry{service("84/1", at(45.76, 4.84))}, found{report.PositionFar: 1, report.PositionDepartement: 1}},
		{"at sea", []report.Entry{service("84/1", at(46.2, -3))}, found{report.PositionFar: 1, report.PositionDepartement: 1}},
		{"another département, by that alone", []report.Entry{service("84/1", in(""), at(45.76, 4.84), func(o *data.Offer) { o.Places[0].Address.Departement = "01" })}, found{report.PositionDepartement: 1}},
		{"an island that the outlines leave out", []report.Entry{service("53/1", in("56086"), at(47.39043, -2.95558))}, found{}},
		{"Saint-Martin in Guadeloupe, as FINESS has it", []report.Entry{service("01/1", in(""), at(18.0659, -63.0867), func(o *data.Offer) { o.Places[0].Address.Departement = "971" })}, found{}},

		{"swapped", []report.Entry{service("84/1", at(centre.Lon, centre.Lat))}, found{report.PositionSwapped: 1}},
		{"swapped, without a commune", []report.Entry{service("84/1", at(centre.Lon, centre.Lat), in(""), func(o *data.Offer) { o.Places[0].Address.Departement = "01" })}, found{report.PositionSwapped: 1}},
		{"swapped and elsewhere", []report.Entry{service("84/1", at(4.84, 45.76))}, found{report.PositionFar: 1, report.PositionDepartement: 1}},

		{"overseas metres read as Lambert-93: Les Abymes", []report.Entry{service("01/1", in("97101"), at(6.275362118569193, 2.689956564889961))}, found{report.PositionUnprojected: 1}},
		{"Le François", []report.Entry{service("02/1", in("97210"), at(4.984262412805938, 3.184069970064622))}, found{report.PositionUnprojected: 1}},
		{"Cayenne", []report.Entry{service("03/1", in("97302"), at(-2.39809933792403, 0.7332532222123668))}, found{report.PositionUnprojected: 1}},
		{"Le Tampon", []report.Entry{service("04/1", in("97422"), at(55.76862319019994, -2.577391069877916))}, found{report.PositionUnprojected: 1}},
		{"metres of another island", []report.Entry{service("01/1", in("97101"), at(4.984262412805938, 3.184069970064622))}, found{report.PositionFar: 1, report.PositionDepartement: 1}},
		{"in the Gulf of Guinea, of the mainland", []report.Entry{service("84/1", at(6.275362118569193, 2.689956564889961))}, found{report.PositionFar: 1, report.PositionDepartement: 1}},
		{"metres", []report.Entry{service("84/1", left("position", `{"latitude":6569000,"longitude":871000}`))}, found{report.PositionUnprojected: 1}},
		{"metres, the other way round", []report.Entry{service("84/1", left("", `{"position":{"latitude":871000,"longitude":6569000},"x":1}`))}, found{report.PositionUnprojected: 1}},
		{"metres of an island", []report.Entry{service("04/1", in("97422"), left("position", `{"latitude":7647377.9,"longitude":345661.7}`))}, found{report.PositionUnprojected: 1}},
		{"metres of elsewhere", []report.Entry{service("84/1", left("position", `{"latitude":6862000,"longitude":652000}`))}, found{report.PositionUnreadable: 1}},
		{"what else is left of a place", []report.Entry{service("84/1", left("", `{"latitude":"x"}`), func(o *data.Offer) { o.Places[0].Quality = data.AtCommune })}, found{}},
		{"what is left of another place", []report.Entry{service("84/1", func(o *data.Offer) {
			o.Unlisted = []data.Unlisted{{Of: "Location/other", Path: "position", JSON: `{"latitude":6569000,"longitude":871000}`}}
		})}, found{}},

		{"two numbers, one name and address", []report.Entry{registered(fleyriat, twin), registered(mayenne, twin)}, found{report.SiteTwin: 2}},
		{"in two sources", []report.Entry{service("84/1", twin, siteAt(data.Address{Number: "900", StreetType: "RTE", Street: "DE PARIS", Commune: bourg})), registered(mayenne, twin), registered("010780013")}, found{report.SiteTwin: 2, report.SiteUnregistered: 1}},
		{"in two streets", []report.Entry{registered(fleyriat, twin), registered(mayenne, twin, func(o *data.Offer) { o.Places[0].Address.Street = "DE LYON" })}, found{}},
		{"of two categories", []report.Entry{registered(fleyriat, twin), registered(mayenne, twin, ofCategory("R66|500"))}, found{}},
		{"of two names", []report.Entry{registered(fleyriat, twin), registered(mayenne)}, found{}},
		{"one site with many offers", []report.Entry{service("84/1", twin), service("84/2", twin)}, found{}},

		{"two places of one name", []report.Entry{service("84/1", placed("84/11")), service("84/2", placed("84/12"))}, found{report.PlaceTwin: 2}},
		{"one place of two offers", []report.Entry{service("84/1", placed("84/11")), service("84/2", placed("84/11"))}, found{}},
		{"of two functions", []report.Entry{service("84/1", placed("84/11")), service("84/2", placed("84/12"), func(o *data.Offer) { o.Places[0].Function = "R343|013" })}, found{}},
		{"without a name", []report.Entry{service("84/1", placed("84/11"), noName), service("84/2", placed("84/12"), noName)}, found{}},

		{"one number in two communes", []report.Entry{registered(fleyriat), service("84/1", siteAt(data.Address{Commune: "01451"}))}, found{report.SiteMoved: 1}},
		{"and many offers there", []report.Entry{registered(fleyriat), service("84/1", siteAt(data.Address{Commune: "01451"})), service("84/2", siteAt(data.Address{Commune: "01451"}))}, found{report.SiteMoved: 1}},
		{"one number at two doors", []report.Entry{registered(fleyriat), service("84/1", siteAt(data.Address{Number: "3", Street: "Rue des Lilas", Commune: bourg}))}, found{report.SiteMoved: 1}},
		{"one door in two writings", []report.Entry{registered(fleyriat), service("84/1", siteAt(data.Address{Number: "900", Street: "Route de  París", Commune: bourg}))}, found{}},
		{"a door with another number", []report.Entry{registered(fleyriat), service("84/1", siteAt(data.Address{Number: "902", Street: "Route de Paris", Commune: bourg}))}, found{}},
		{"a street without a number", []report.Entry{registered(fleyriat), service("84/1", siteAt(data.Address{Street: "Rue des Lilas", Commune: bourg}))}, found{}},
		{"an arrondissement and its city", []report.Entry{registered(fleyriat, in("69123"), at(45.758, 4.835)), service("84/1", siteAt(data.Address{Commune: "69383"}))}, found{}},
		{"a commune that is no more", []report.Entry{registered(fleyriat), service("84/1", siteAt(data.Address{Commune: "01999"}))}, found{}},
		{"two regions that differ, without FINESS", []report.Entry{service("84/1"), service("27/1", siteAt(data.Address{Commune: "71270"}))}, found{report.SiteMoved: 1}},

		{"a number that FINESS has not", []report.Entry{registered(fleyriat), service("84/1", siteIs("010780013"))}, found{report.SiteUnregistered: 1}},
		{"of a département that was not read", []report.Entry{registered(fleyriat), service("84/1", siteIs(mayenne))}, found{}},
		{"FINESS was not read", []report.Entry{service("84/1", siteIs("010780013"))}, found{}},

		{"closed, and offering", []report.Entry{service("84/1", closedOn(today, 0))}, found{report.SiteClosed: 1}},
		{"by the word of another", []report.Entry{registered(fleyriat, closedOn(today-5, 0)), service("84/1"), service("84/2")}, found{report.SiteClosed: 2}},
		{"closes tomorrow", []report.Entry{service("84/1", closedOn(today+1, 0))}, found{}},
		{"reopened", []report.Entry{service("84/1", closedOn(today-9, today-2))}, found{}},
		{"reopens tomorrow", []report.Entry{service("84/1", closedOn(today-9, today+1))}, found{report.SiteClosed: 1}},
		{"reopened before it closed", []report.Entry{service("84/1", closedOn(today-9, today-20))}, found{report.SiteClosed: 1}},
		{"says so of itself", []report.Entry{service("84/1", closedOn(today-9, 0), func(o *data.Offer) { o.Hours.Closures = []data.Period{gone} })}, found{}},
		{"is closed itself, and nothing else", []report.Entry{registered(fleyriat, closedOn(today-9, 0))}, found{}},
		{"without a number", []report.Entry{service("84/1", closedOn(today-9, 0), func(o *data.Offer) { o.Organizations[0].Identifiers = nil })}, found{report.SiteClosed: 1}},
		{"its place is closed", []report.Entry{service("84/1", func(o *data.Offer) { o.Places[0].Status = "R203|FD" })}, found{report.SiteClosed: 1}},
		{"one of its places is", []report.Entry{service("84/1", func(o *data.Offer) {
			o.Places = append(o.Places, data.Place{ID: "other"})
			o.Places[0].Status = "R203|FD"
		})}, found{}},

		{"another category", []report.Entry{registered(fleyriat), service("84/1", ofCategory("R66|101")), service("84/2", ofCategory("R66|101"))}, found{report.CategoryDiffers: 1}},
		{"none told", []report.Entry{registered(fleyriat), service("84/1", ofCategory(""))}, found{}},
		{"no category in FINESS", []report.Entry{registered(fleyriat, ofCategory("")), service("84/1", ofCategory("R66|101"))}, found{}},

		{"no phone", []report.Entry{service("84/1", noPhone)}, found{report.PhoneMissing: 1}},
		{"a fax", []report.Entry{service("84/1", func(o *data.Offer) { o.Telecoms[0].Channel = data.Fax })}, found{report.PhoneMissing: 1}},
		{"that of the legal entity", []report.Entry{service("84/1", noPhone, func(o *data.Offer) {
			o.Organizations = append(o.Organizations, data.Organization{Kind: data.LegalEntity, Telecoms: []data.Telecom{{Channel: data.Phone, Value: "15"}}})
		})}, found{report.PhoneMissing: 1}},
		{"that of its place", []report.Entry{service("84/1", noPhone, func(o *data.Offer) { o.Places[0].Telecoms = []data.Telecom{{Channel: data.Phone, Value: "15"}} })}, found{}},
		{"that of a contact", []report.Entry{service("84/1", noPhone, func(o *data.Offer) {
			o.Contacts = []data.Contact{{Telecoms: []data.Telecom{{Channel: data.Phone, Value: "15"}}}}
		})}, found{}},
		{"that of its site in FINESS", []report.Entry{service("84/1", noPhone), registered(fleyriat)}, found{}},
		{"that of another offer there", []report.Entry{service("84/1", noPhone), service("84/2")}, found{report.PhoneMissing: 1}},

		{"a year old", []report.Entry{service("84/1", changedOn(today-365))}, found{}},
		{"a day more", []report.Entry{service("84/1", changedOn(today-366))}, found{report.Stale: 1}},
		{"of no day, and an old edition", []report.Entry{service("84/1", changedOn(0), func(o *data.Offer) { o.Sources[0].Date = today - 366 })}, found{report.Stale: 1}},
		{"of no day at all", []report.Entry{service("84/1", changedOn(0), func(o *data.Offer) { o.Sources[0].Date = 0 })}, found{}},

		{"a category that does not exist", []report.Entry{service("84/1", ofCategory("R66|999"))}, found{report.CodeUnknown: 1}},
		{"one of the ROR", []report.Entry{service("84/1", ofCategory("R66|SA05"))}, found{}},
	}
	for _, c := range cases {
		if got := foundIn(checked(t, report.Options{}, c.entries...).Report()); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSensitive(t *testing.T) {
	category := func(code data.Code) func(*data.Offer) {
		return func(o *data.Offer) { o.Organizations[0].Category = code }
	}
	cases := []struct {
		name    string
		changes []func(*data.Offer)
		want    string // the rule
	}{
		{"a hospital unit of prisons", []func(*data.Offer){named("UHSI de Lyon")}, report.SensitiveUnflagged},
		{"flagged", []func(*data.Offer){named("UHSI de Lyon"), sensitive}, ""},
		{"another of its names", []func(*data.Offer){named("Unité Hospitalière Sécurisée")}, report.SensitiveUnflagged},
		{"in other words", []func(*data.Offer){named("Équipe de sécurité interrégionale")}, report.SensitiveUnflagged},
		{"for prisoners", []func(*data.Offer){named("Chambres pour DÉTENUS")}, report.SensitiveUnflagged},
		{"in a prison", []func(*data.Offer){named("CSAPA CTRE PENITENTIAIRE")}, report.SensitiveUnflagged},
		{"USMP", []func(*data.Offer){named("Consultations/USMP")}, report.SensitiveUnflagged},
		{"with points", []func(*data.Offer){named("S.M.P.R. de Fresnes")}, report.SensitiveUnflagged},
		{"rehabilitation", []func(*data.Offer){named("SMPR Réadaptation")}, ""},
		{"specially fitted", []func(*data.Offer){named("Unité spécialement aménagée")}, report.SensitiveUnflagged},
		{"UFDH", []func(*data.Offer){named("UFDH")}, report.SensitiveUnflagged},
		{"UMDH", []func(*data.Offer){named("Umdh 2")}, report.SensitiveUnflagged},
		{"weapons", []func(*data.Offer){named("Cellule NRBC")}, report.SensitiveUnflagged},
		{"after them", []func(*data.Offer){named("Accueil des patients contaminés")}, report.SensitiveUnflagged},
		{"washed", []func(*data.Offer){named("Décontamination")}, report.SensitiveUnflagged},
		{"a village", []func(*data.Offer){named("PHARMACIE CONTAMINES MONTJOIE"), in("74085"), func(o *data.Offer) { o.Places[0].Quality = data.Unplaced }}, ""},
		{"a word that only ends so", []func(*data.Offer){named("Unité insécurisée")}, ""},
		{"prison medicine", []func(*data.Offer){func(o *data.Offer) { o.Activities = append(o.Activities, "R211|089") }}, report.SensitiveUnflagged},
		{"a nursing home", []func(*data.Offer){named("Unité Alzheimer sécurisée"), category("R66|500")}, ""},
		{"a health centre", []func(*data.Offer){named("Centre de santé pénitentiaire"), category("R66|124")}, ""},
		{"private practice", []func(*data.Offer){named("USMP"), category("R66|SA08")}, ""},
		{"another structure", []func(*data.Offer){named("USMP"), category("R66|SA06")}, report.SensitiveUnflagged},
		{"the type alone", []func(*data.Offer){typed("R244|17")}, report.SensitiveCode},
		{"the type, flagged", []func(*data.Offer){typed("R244|17"), sensitive}, ""},
		{"the type, and the name tells too", []func(*data.Offer){typed("R244|17"), named("UHSA")}, report.SensitiveUnflagged},
		{"the same number in another list", []func(*data.Offer){typed("R244|415")}, ""},
		{"an act", []func(*data.Offer){func(o *data.Offer) { o.Acts = []data.Code{"R210|0007"} }}, report.SensitiveCode},
		{"an equipment", []func(*data.Offer){func(o *data.Offer) { o.Places[0].Equipment = []data.Equipment{{Type: "R212|096"}} }}, report.SensitiveCode},
		{"another equipment", []func(*data.Offer){func(o *data.Offer) { o.Places[0].Equipment = []data.Equipment{{Type: "R212|093"}} }}, ""},
	}
	for _, c := range cases {
		want := found{}
		if c.want != "" {
			want[c.want] = 1
		}
		if got := foundIn(checked(t, report.Options{}, service("84/1", c.changes...)).Report()); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
	}
}

// A commune as large as a disc of a kilometre's radius reaches 3 km from its centre.
func TestLimit(t *testing.T) {
	for area, want := range map[float64]geo.Meters{math.Pi: 3000, 4 * math.Pi: 5000, 100 * math.Pi: 21_000} {
		if got := report.Limit(area); math.Abs(float64(got-want)) > 1e-6 {
			t.Errorf("%v km² reach %v, want %v", area, got, want)
		}
	}
}

// Without an address of FINESS the source and region that come first in the alphabet are believed,
// and not the record that was read first.
func TestWhoseAddressIsBelieved(t *testing.T) {
	one, other := service("84/1"), service("27/1", siteAt(data.Address{Commune: "71270"}))
	nowhere := registered(fleyriat, in(""))
	for _, entries := range [][]report.Entry{{one, other}, {other, one}, {nowhere, one, other}, {other, one, nowhere}} {
		f := checked(t, report.Options{Show: report.SiteMoved}, entries...).Findings()
		if len(f) != 1 || f[0].Region != "84" || f[0].Expected != "71270, by ror" {
			t.Errorf("found %+v", f)
		}
	}
}
