package merge_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/geo"
)

const (
	fleyriat = "010000024" // in the region 84
	macon    = "710000001" // in the region 27
	newer    = data.Date(739_000)
	older    = data.Date(738_000)
)

func establishmentOf(number, commune string) data.Organization {
	return data.Organization{
		ID: data.NewID("organization", data.SystemFINESS, number), Kind: data.Establishment, Name: "CH EXEMPLE",
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: number}}, Address: data.Address{Commune: commune},
		Record: data.Record{ID: "eg" + number},
	}
}

// ror is an offer of cardiology as a region has it, at the hospital of Bourg.
func ror(number string, changes ...func(*data.Offer)) data.Offer {
	region, _, _ := strings.Cut(number, "/")
	o := data.Offer{
		ID: data.NewID("offer", data.SystemROR, number), Identifiers: []data.Identifier{{System: data.SystemROR, Value: number}},
		Region: data.NewCode("R30", region), Name: "Cardiologie " + region, Type: "R244|262", Field: data.FieldMCO,
		Activities: []data.Code{"R211|354"}, CareModes: []data.Code{"R213|28"},
		Organizations: []data.Organization{establishmentOf(fleyriat, "01451")},
		Places:        []data.Place{{ID: data.ID("place" + region), Address: data.Address{Commune: "01451"}, Point: geo.Point{Lat: 46.2, Lon: 5.2}, Quality: data.AtCommune}},
		Updated:       newer, Sources: []data.Provenance{{Source: "fhir", Record: number}},
	}
	for _, change := range changes {
		change(&o)
	}
	return o
}

// statistics is the same service as the hospital statistics have it.
func statistics(changes ...func(*data.Offer)) data.Offer {
	o := data.Offer{
		ID: data.NewID("offer", data.SystemFINESS, fleyriat, data.SystemSAE, "USIC"), Name: "USIC", Type: "R244|262", Field: data.FieldMCO,
		Identifiers: []data.Identifier{{System: data.SystemSAE, Value: fleyriat + "-USIC"}},
		Activities:  []data.Code{"R211|354"}, CareModes: []data.Code{"R213|28"}, Characteristics: []data.Code{"SAE|USIC"},
		Organizations: []data.Organization{establishmentOf(fleyriat, "01451")},
		Places: []data.Place{{ID: data.NewID("place", data.SystemFINESS, fleyriat), Quality: data.AtStreet, Point: geo.Point{Lat: 46.21, Lon: 5.21},
			Capacity: []data.Capacity{{Nature: data.Bed, Status: data.Installed, Number: 12, Source: data.Statistics}}}},
		Sources: []data.Provenance{{Source: "sae", Record: fleyriat + "-USIC", Date: older}},
	}
	o.Organizations[0].Record = data.Record{}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func registered(number string, changes ...func(*data.Offer)) data.Offer {
	o := data.Offer{
		ID: data.NewID("offer", data.SystemFINESS, number), Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: number}},
		Name: "CENTRE HOSPITALIER", Category: "R66|355", Organizations: []data.Organization{establishmentOf(number, "01451")},
		Sources: []data.Provenance{{Source: "finess", Record: number, Date: newer}},
	}
	o.Organizations[0].Record, o.Organizations[0].Name = data.Record{}, "CENTRE HOSPITALIER "+number
	for _, change := range changes {
		change(&o)
	}
	return o
}

// doctor is a practice in a cabinet, as a source has it.
func doctor(source, number, rpps, street string, changes ...func(*data.Offer)) data.Offer {
	o := data.Offer{
		ID: data.NewID("offer", source, number, rpps, street), Name: "Médecine générale", Field: data.FieldPrivateTown, Type: "R244|196",
		Activities: []data.Code{"R211|437"}, Practices: []data.Practice{{
			ID: data.NewID("practice", source, number, rpps), Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: rpps}}, Family: "EXEMPLE",
		}},
		Places:  []data.Place{{ID: data.NewID("place", source, number, street), Address: data.Address{Number: "3", Street: street, Commune: "01053"}, Quality: data.AtCommune}},
		Sources: []data.Provenance{{Source: source}},
	}
	if source == "fhir" {
		o.ID = data.NewID("offer", data.SystemROR, number)
		o.Identifiers = []data.Identifier{{System: data.SystemROR, Value: number}}
	}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func id(number string) data.ID { return data.NewID("offer", data.SystemROR, number) }

func TestWhatIsOneOffer(t *testing.T) {
	at := func(number, commune string) func(*data.Offer) {
		return func(o *data.Offer) { o.Organizations = []data.Organization{establishmentOf(number, commune)} }
	}
	on := func(date data.Date) func(*data.Offer) { return func(o *data.Offer) { o.Updated = date } }
	mode := func(code data.Code) func(*data.Offer) { return func(o *data.Offer) { o.CareModes = []data.Code{code} } }
	kindOf := func(code data.Code) func(*data.Offer) { return func(o *data.Offer) { o.Type = code } }
	field := func(code data.Code) func(*data.Offer) { return func(o *data.Offer) { o.Field = code } }
	ages := func(from, before data.Age) func(*data.Offer) {
		return func(o *data.Offer) { o.Ages = data.AgeRange{Min: from, Before: before} }
	}
	anywhere := func(o *data.Offer) { o.Organizations = nil }
	also := func(number string) func(*data.Offer) {
		return func(o *data.Offer) {
			o.Identifiers = append(o.Identifiers, data.Identifier{System: data.SystemFINESS, Value: number})
		}
	}
	says := func(number string) func(*data.Offer) {
		return func(o *data.Offer) {
			o.Identifiers = append(o.Identifiers, data.Identifier{System: data.SystemROR, Value: number})
		}
	}
	const doubt = "possible duplicate"
	cases := []struct {
		name    string
		records []data.Offer
		want    []data.ID
		says    string
	}{
		{"an establishment at a border, described by two regions", []data.Offer{ror("27/9"), ror("84/1")}, []data.ID{id("84/1")}, "described by another base too: merged"},
		{"the region's own export and the national base", []data.Offer{ror("84/1", on(older)), ror("84/1")}, []data.ID{id("84/1")}, "another edition"},
		{"the same record twice", []data.Offer{ror("84/1"), ror("84/1")}, []data.ID{id("84/1")}, "unchanged"},
		{"statistics of a service of the ROR", []data.Offer{statistics(), ror("84/1")}, []data.ID{id("84/1")}, "merged"},
		{"two regions and the statistics", []data.Offer{statistics(), ror("84/1"), ror("27/9")}, []data.ID{id("84/1")}, "2  described by another base too"},
		{"an establishment and its offers are not one", []data.Offer{registered(fleyriat), ror("84/1"), ror("84/2", mode("R213|33"))},
			[]data.ID{registered(fleyriat).ID, id("84/1"), id("84/2")}, "kept as it is"},
		{"two services of one region are two", []data.Offer{ror("84/1"), ror("84/2")}, []data.ID{id("84/1"), id("84/2")}, ""},
		{"of two services it cannot be told which the statistics mean", []data.Offer{ror("84/1"), ror("84/2"), statistics()},
			[]data.ID{id("84/1"), id("84/2"), statistics().ID}, "2  " + doubt},
		{"of two services the type tells which", []data.Offer{ror("84/1"), ror("84/2", kindOf("R244|124")), statistics()}, []data.ID{id("84/1"), id("84/2")}, "merged"},
		{"another type", []data.Offer{ror("84/1"), ror("27/9", kindOf("R244|124"))}, []data.ID{id("84/1"), id("27/9")}, ""},
		{"a type that one does not tell", []data.Offer{ror("84/1"), ror("27/9", kindOf(""))}, []data.ID{id("84/1")}, "merged"},
		{"another field", []data.Offer{ror("84/1"), ror("27/9", field(data.FieldSMR))}, []data.ID{id("84/1"), id("27/9")}, ""},
		{"a field that classes otherwise", []data.Offer{ror("84/1", field("")), ror("27/9", field(data.FieldMedicoSoc))}, []data.ID{id("84/1"), id("27/9")}, ""},
		{"another mode of care", []data.Offer{ror("84/1"), ror("27/9", mode("R213|33"))}, []data.ID{id("84/1"), id("27/9")}, ""},
		{"children and adults", []data.Offer{ror("84/1", ages(0, 18)), ror("27/9", ages(18, 0))}, []data.ID{id("84/1"), id("27/9")}, ""},
		{"another site, the same name", []data.Offer{ror("84/1"), ror("27/9", at(macon, "71270"), func(o *data.Offer) { o.Name = "Cardiologie 84" })},
			[]data.ID{id("84/1"), id("27/9")}, ""},
		{"no number of a site, the same name and address", []data.Offer{ror("84/1", anywhere), ror("27/9", anywhere)}, []data.ID{id("84/1"), id("27/9")}, ""},
		{"an offer that changed its establishment leaves the statistics where they were", []data.Offer{ror("84/1", on(older)), ror("84/1", at(macon, "71270")), statistics()},
			[]data.ID{id("84/1"), statistics().ID}, "another edition"},
		{"a number that is replaced, as the register says", []data.Offer{registered(macon), registered(fleyriat, also(macon)), ror("84/1", at(macon, "01451")), statistics()},
			[]data.ID{registered(fleyriat).ID, id("84/1")}, "merged"},
		{"two establishments that each have a number", []data.Offer{registered(macon), registered(fleyriat)}, []data.ID{registered(macon).ID, registered(fleyriat).ID}, ""},
		{"a sensitive unit and an open one are two", []data.Offer{ror("84/1"), ror("27/9", func(o *data.Offer) { o.Sensitive = true })}, []data.ID{id("84/1"), id("27/9")},
			"1  possible duplicate: the same service at one site, which one base describes for fewer"},
		{"a practice that two regions describe", []data.Offer{doctor("fhir", "84/5", "10000000001", "de la Gare"), doctor("fhir", "27/6", "10000000001", "DE LA GARE")},
			[]data.ID{id("84/5")}, "merged"},
		{"a professional who practises in two regions", []data.Offer{doctor("fhir", "84/5", "10000000001", "DE LA GARE"), doctor("fhir", "27/6", "10000000001", "DU PORT")},
			[]data.ID{id("84/5"), id("27/6")}, ""},
		{"a practice that moved is no more where it was", []data.Offer{doctor("fhir", "84/5", "10000000001", "DE LA GARE", on(older)), doctor("fhir", "84/5", "10000000001", "DU PORT", on(newer)), doctor("rpps", "", "10000000001", "DE LA GARE")},
			[]data.ID{id("84/5"), doctor("rpps", "", "10000000001", "DE LA GARE").ID}, "another edition"},
		{"a practice is where it is believed to be, and not also where another base has it", []data.Offer{doctor("fhir", "84/5", "10000000001", "DU PORT", on(newer)), doctor("fhir", "27/6", "10000000001", "DE LA GARE", on(older), says("84/5")), doctor("rpps", "", "10000000001", "DE LA GARE")},
			[]data.ID{id("84/5"), doctor("rpps", "", "10000000001", "DE LA GARE").ID}, "merged"},
		{"two professionals at one place", []data.Offer{doctor("fhir", "84/5", "10000000001", "DE LA GARE"), doctor("rpps", "", "10000000002", "DE LA GARE")},
			[]data.ID{id("84/5"), doctor("rpps", "", "10000000002", "DE LA GARE").ID}, ""},
		{"a practice of RPPS and its offer", []data.Offer{doctor("rpps", "", "10000000001", "DE LA GARE"), doctor("fhir", "84/5", "10000000001", "DE LA GARE")},
			[]data.ID{id("84/5")}, "merged"},
		{"a practice that is not private has a number that few see", []data.Offer{doctor("rpps", "", "10000000001", "DE LA GARE", field("")), doctor("fhir", "84/5", "10000000001", "DE LA GARE", field(""))},
			[]data.ID{doctor("rpps", "", "10000000001", "DE LA GARE").ID, id("84/5")}, ""},
	}
	for _, c := range cases {
		for range 2 { // in either order
			_, order, books := merged(t, data.Memory(c.records))
			slices.Sort(order)
			slices.Sort(c.want)
			if !slices.Equal(order, c.want) {
				t.Errorf("%s: %v, want %v\n%s", c.name, order, c.want, books)
			}
			if !strings.Contains(books, c.says) || strings.Contains(books, doubt) != strings.Contains(c.says, doubt) {
				t.Errorf("%s: %s", c.name, books)
			}
			slices.Reverse(c.records)
		}
	}
}

// One of two descriptions gives each thing that can be one alone, both what can be
// many; the offer answers to all numbers.
func TestWhatTwoRegionsSay(t *testing.T) {
	phone := func(level data.Level) data.Telecom {
		return data.Telecom{Channel: data.Phone, Value: "+33100000001", Level: level}
	}
	home := ror("84/1", func(o *data.Offer) {
		o.Updated = older // and yet believed: it is the region of the hospital
		o.Acts = []data.Code{"R210|0459"}
		o.Telecoms = []data.Telecom{phone(data.LevelVeryRestricted)}
		o.Characteristics = []data.Code{"R338|01", "R240|01"}
	})
	other := ror("27/9", func(o *data.Offer) {
		o.Acts = []data.Code{"R210|0460", "R210|0459"}
		o.Telecoms = []data.Telecom{phone(data.LevelFree)}
		o.Characteristics = []data.Code{"R338|02", "R240|02"}
		o.NoConsent = data.Yes
	})
	directory := merge.New(intake.NewLedger(&strings.Builder{}), data.Memory{other, home, statistics()})
	var o *data.Offer
	for one, err := range directory.Offers(t.Context()) {
		if o = one; err != nil {
			t.Fatal(err)
		}
	}
	type said struct {
		Name                  string
		Acts, Characteristics []data.Code
		Telecoms              []data.Telecom
		NoConsent             data.State
		Identifiers           []data.Identifier
		Updated               data.Date
		Beds                  int
		Quality               data.Quality
		Places                int
	}
	want := said{
		"Cardiologie 84", []data.Code{"R210|0459", "R210|0460"}, []data.Code{"R338|01", "R240|01", "R338|02", "SAE|USIC"},
		[]data.Telecom{phone(data.LevelFree)}, data.Yes, []data.Identifier{
			{System: data.SystemROR, Value: "84/1"}, {System: data.SystemROR, Value: "27/9"}, {System: data.SystemSAE, Value: fleyriat + "-USIC"},
			{System: data.SystemOffer, Value: string(other.ID)}, {System: data.SystemOffer, Value: string(statistics().ID)},
		}, newer, 12, data.AtStreet, 1,
	}
	got := said{o.Name, o.Acts, o.Characteristics, o.Telecoms, o.NoConsent, o.Identifiers, o.Updated, o.Places[0].Capacity[0].Number, o.Places[0].Quality, len(o.Places)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	var conflicts []string
	for _, c := range directory.Conflicts {
		conflicts = append(conflicts, c.Attribute+": "+c.Kept.Value+" of "+c.Kept.Region+", not "+c.Left.Value+" of "+c.Left.Source)
	}
	slices.Sort(conflicts)
	if list := []string{
		"characteristic: R240|01 of 84, not R240|02 of fhir", "line: phone +33100000001, level 1 of 27, not phone +33100000001, level 3 of fhir", "name: Cardiologie 84 of 84, not Cardiologie 27 of fhir", "name: Cardiologie 84 of 84, not USIC of sae",
	}; !slices.Equal(conflicts, list) {
		t.Errorf("%q, want %q", conflicts, list)
	}
	var csv strings.Builder
	if err := directory.WriteFindings(&csv); err != nil || strings.Count(csv.String(), "\n") != 5 {
		t.Errorf("%v: %s", err, &csv)
	}
}

// Services at a site whose number is no more stand at the establishment that has
// the one that replaces it, whoever says so.
func TestReplacedNumbers(t *testing.T) {
	for name, replaced := range map[string]map[string]string{
		"a list": {macon: "750000001", "750000001": fleyriat}, "a circle": {macon: fleyriat, fleyriat: macon},
	} {
		directory := merge.New(intake.NewLedger(&strings.Builder{}), data.Memory{
			registered(fleyriat), statistics(func(o *data.Offer) {
				o.Organizations[0] = establishmentOf(macon, "01451")
				o.Organizations[0].Record = data.Record{}
			}),
		})
		directory.Replaced = replaced
		for o, err := range directory.Offers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if site, _ := o.Site(); name == "a list" && site.Name != "CENTRE HOSPITALIER "+fleyriat {
				t.Errorf("%s: at %s", name, site.Name)
			}
		}
	}
}

// A base that has two offers under what another has as one number loses neither.
func TestNoOfferIsLostToANumber(t *testing.T) {
	service := func(name string) data.Offer {
		return data.Offer{ID: data.ID(name), Name: name, Category: "R66|355", Sources: []data.Provenance{{Source: "ndjson"}},
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: fleyriat}}}
	}
	_, order, books := merged(t, data.Memory{service("a"), service("b"), registered(fleyriat)})
	if len(order) != 3 || !strings.Contains(books, "possible duplicate") {
		t.Errorf("%v\n%s", order, books)
	}
	if _, order, _ = merged(t, data.Memory{service("a"), registered(fleyriat)}); len(order) != 1 {
		t.Errorf("one is %v", order)
	}
	bridge := data.Offer{ID: "bridge", Sources: []data.Provenance{{Source: "ndjson"}}, Identifiers: slices.Concat(ror("84/1").Identifiers, ror("84/2").Identifiers)}
	if _, order, books = merged(t, data.Memory{ror("84/1"), bridge, ror("84/2")}); len(order) != 3 || !strings.Contains(books, "1  possible duplicate") {
		t.Errorf("%v\n%s", order, books)
	}
}
