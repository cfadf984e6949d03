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

// What seems to be one service at a site is one if nothing speaks against it.
func TestWhatIsCertain(t *testing.T) {
	in := func(commune string) func(*data.Offer) {
		return func(o *data.Offer) { o.Places[0].Address.Commune = commune }
	}
	exactly := func(lat float64) func(*data.Offer) {
		return func(o *data.Offer) {
			o.Places[0].Point, o.Places[0].Quality = geo.Point{Lat: lat, Lon: 5.2}, data.AtBuilding
		}
	}
	unit := func(number string) func(*data.Offer) {
		return func(o *data.Offer) {
			o.Organizations = append([]data.Organization{{
				ID: data.NewID("organization", data.SystemOI, number), Kind: data.Unit, Identifiers: []data.Identifier{{System: data.SystemOI, Value: number}},
			}}, o.Organizations...)
		}
	}
	sectors := func(names ...string) func(*data.Offer) {
		return func(o *data.Offer) { o.PsychiatricSectors = names }
	}
	coded := func(field, category data.Code) func(*data.Offer) {
		return func(o *data.Offer) { o.Field, o.Category = field, category }
	}
	general := doctor("fhir", "84/5", "10000000001", "DE LA GARE", func(o *data.Offer) { o.CareModes = []data.Code{"R213|28"} })
	first := doctor("rpps", "", "10000000001", "DE LA GARE")
	skill := func(activities ...data.Code) data.Offer {
		return doctor("rpps", "", "10000000001", "DE LA GARE", func(o *data.Offer) { o.ID, o.Type, o.Activities = "skill", "", activities })
	}
	const doubt = "1  possible duplicate: the same service at one site, and it cannot be told"
	cases := []struct {
		name    string
		records []data.Offer
		want    []data.ID
		says    string
	}{
		{"two communes", []data.Offer{ror("84/1"), ror("27/9", in("01053"))}, []data.ID{id("84/1"), id("27/9")}, doubt},
		{"a commune that one does not tell", []data.Offer{ror("84/1"), ror("27/9", in(""))}, []data.ID{id("84/1")}, ""},
		{"a commune and an arrondissement of it", []data.Offer{ror("84/1", in("75056")), ror("27/9", in("75112"))}, []data.ID{id("84/1")}, ""},
		{"eleven kilometres apart", []data.Offer{ror("84/1", exactly(46.2)), ror("27/9", exactly(46.3))}, []data.ID{id("84/1"), id("27/9")}, doubt},
		{"a hundred metres apart, on the border of two communes", []data.Offer{ror("84/1", exactly(46.2)), ror("27/9", exactly(46.201), in("01053"))}, []data.ID{id("84/1")}, ""},
		{"two units", []data.Offer{ror("84/1", unit("1")), ror("27/9", unit("2"))}, []data.ID{id("84/1"), id("27/9")}, doubt},
		{"one unit", []data.Offer{ror("84/1", unit("1")), ror("27/9", unit("1"))}, []data.ID{id("84/1")}, ""},
		{"a unit that one does not tell", []data.Offer{ror("84/1", unit("1")), ror("27/9")}, []data.ID{id("84/1")}, ""},
		{"two psychiatric sectors", []data.Offer{ror("84/1", sectors("01G01")), ror("27/9", sectors("01G02"))}, []data.ID{id("84/1"), id("27/9")}, doubt},
		{"psychiatric sectors in common", []data.Offer{ror("84/1", sectors("01G01")), ror("27/9", sectors("01G02", "01G01"))}, []data.ID{id("84/1")}, ""},
		{"fields of a hidden system", []data.Offer{ror("84/1", coded("X|1", "")), ror("27/9", coded("X|2", ""))}, []data.ID{id("84/1")}, ""},
		{"a category of a hidden system", []data.Offer{ror("84/1", coded(data.FieldMCO, "X|9")), ror("27/9")}, []data.ID{id("84/1")}, ""},
		{"a second skill of a professional", []data.Offer{general, first, skill("R211|013")}, []data.ID{general.ID, "skill"}, ""},
		{"a skill of which nothing is known", []data.Offer{general, first, skill()}, []data.ID{general.ID, "skill"}, doubt},
		{"one says where the offer is, and not the one who is believed",
			[]data.Offer{ror("84/1", func(o *data.Offer) { o.Organizations = nil }), ror("84/1", func(o *data.Offer) { o.ID, o.Sources = "own", []data.Provenance{{Source: "ndjson"}} }), statistics()},
			[]data.ID{id("84/1")}, ""},
		{"a number of no region", []data.Offer{unregional("fhir"), unregional("ndjson")}, []data.ID{"own of fhir", "own of ndjson"}, ""},
	}
	for _, c := range cases {
		for range 2 {
			_, order, books := merged(t, data.Memory(c.records))
			slices.Sort(order)
			slices.Sort(c.want)
			if !slices.Equal(order, c.want) || !strings.Contains(books, c.says) || strings.Contains(books, "possible") != (c.says != "") {
				t.Errorf("%s: %v, want %v\n%s", c.name, order, c.want, books)
			}
			slices.Reverse(c.records)
		}
	}
}

// unregional is an offer with a number of the ROR that tells no region.
func unregional(source string) data.Offer {
	return ror("7", func(o *data.Offer) {
		o.ID, o.Region, o.Sources, o.Organizations = data.ID("own of "+source), "", []data.Provenance{{Source: source}}, nil
	})
}

// What became sensitive is not public by an older copy of it, and what is open now is
// not held back by one.
func TestWhatBecameSensitive(t *testing.T) {
	edition := func(day data.Date, sensitive bool) data.Offer {
		return ror("84/1", func(o *data.Offer) { o.Updated, o.Sensitive = day, sensitive })
	}
	for name, c := range map[string]struct {
		records   []data.Offer
		sensitive bool
	}{
		"sensitive now":               {[]data.Offer{edition(older, false), edition(newer, true)}, true},
		"open now":                    {[]data.Offer{edition(older, true), edition(newer, false)}, false},
		"both on one day":             {[]data.Offer{edition(newer, false), edition(newer, true)}, true},
		"sensitive, then open before": {[]data.Offer{edition(older-1, true), edition(older, false), edition(newer, true)}, true},
	} {
		for range 2 {
			offers, order, books := merged(t, data.Memory(c.records[:1]), data.Memory(c.records[1:]))
			if len(order) != 1 || offers[id("84/1")] == nil || offers[id("84/1")].Sensitive != c.sensitive || !strings.Contains(books, "  another edition") {
				t.Errorf("%s: %v\n%s", name, order, books)
			}
			slices.Reverse(c.records)
		}
	}
}

// Those who run an import learn what one base shows to more than another.
func TestHiddenInOneBaseAlone(t *testing.T) {
	sensitive := func(o *data.Offer) { o.Sensitive, o.Sources = true, []data.Provenance{{Source: "ndjson"}} }
	for name, other := range map[string]data.Offer{"one number": ror("84/1", sensitive), "one site": ror("27/9", sensitive)} {
		directory := merge.New(intake.NewLedger(&strings.Builder{}), data.Memory{ror("84/1"), other})
		var ids []data.ID
		for o, err := range directory.Offers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, o.ID)
		}
		slices.Sort(ids)
		if len(ids) != 2 || len(directory.Doubts) != 1 || !slices.Equal(directory.Doubts[0].Offers[:], ids) {
			t.Errorf("%s: %v, %v", name, ids, directory.Doubts)
		}
	}
}

// A copy under other technical ids says nothing new.
func TestCopiesUnderOtherIds(t *testing.T) {
	own := ror("84/1", func(o *data.Offer) { o.Record.ID = "1" })
	other := ror("84/1", func(o *data.Offer) {
		o.Record.ID = "900"
		o.Places[0].ID, o.Places[0].Record.ID = "elsewhere", "901"
		o.Organizations[0].Record.ID = "902"
	})
	if _, order, books := merged(t, data.Memory{own}, data.Memory{other}); len(order) != 1 || !strings.Contains(books, "1  the same record of the same base again: unchanged") {
		t.Errorf("%v\n%s", order, books)
	}
}

// A list of replacements is followed to its end, and not beyond what is described.
func TestReplacementsAreFollowed(t *testing.T) {
	const between, nowhere = "750000001", "690000001"
	offersOf := func(replaced map[string]string, records ...data.Offer) []*data.Offer {
		directory := merge.New(intake.NewLedger(&strings.Builder{}), data.Memory(records))
		directory.Replaced = replaced
		var offers []*data.Offer
		for o, err := range directory.Offers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			offers = append(offers, o)
		}
		return offers
	}
	list := map[string]string{macon: between, between: fleyriat}
	if offers := offersOf(list, registered(macon), registered(fleyriat)); len(offers) != 1 || offers[0].ID != registered(fleyriat).ID {
		t.Errorf("%d establishments", len(offers))
	}
	offers := offersOf(map[string]string{fleyriat: nowhere}, registered(fleyriat), statistics())
	if site, _ := offers[1].Site(); site.Name != "CENTRE HOSPITALIER "+fleyriat {
		t.Errorf("at %+v", site)
	}
}

// based is one of several bases.
type based struct {
	data.Memory
	name string
}

func (b based) BaseName() string { return b.name }

// A base knows that what it has twice is two, with numbers of its region or without;
// two bases without any number are two all the same.
func TestBasesOfNoRegion(t *testing.T) {
	plain := func(id data.ID) data.Offer {
		return ror("84/1", func(o *data.Offer) { o.ID, o.Identifiers, o.Region = id, nil, "" })
	}
	for name, c := range map[string]struct {
		bases []data.Source
		want  int
	}{
		"two bases":                           {[]data.Source{based{data.Memory{plain("a")}, "one"}, based{data.Memory{plain("b")}, "two"}}, 1},
		"one base":                            {[]data.Source{based{data.Memory{plain("a"), plain("b")}, "one"}}, 2},
		"one base, one of them with a number": {[]data.Source{based{data.Memory{plain("a"), ror("84/1")}, "one"}}, 2},
		"one base with a copy of another's":   {[]data.Source{based{data.Memory{ror("84/1"), ror("27/9")}, "one"}}, 1},
	} {
		if _, order, books := merged(t, c.bases...); len(order) != c.want {
			t.Errorf("%s: %v\n%s", name, order, books)
		}
	}
}

// What two editions of one day say twice is said once.
func TestTwinsSayNothingTwice(t *testing.T) {
	twice := ror("84/1", func(o *data.Offer) {
		o.Places = append(o.Places, o.Places[0])
		o.Practices = []data.Practice{{ID: "p"}, {ID: "p"}}
	})
	offers, _, _ := merged(t, data.Memory{twice, twice})
	if got := offers[id("84/1")]; !reflect.DeepEqual(got.Places, twice.Places) || len(got.Practices) != 2 {
		t.Errorf("%+v", got)
	}
}
