package merge_test

import (
	"context"
	"errors"
	"io"
	"iter"
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
	noteJoined  = "service at a site of the register: its establishment taken, and its address and position where it has them"
	noteUnknown = "service at a site that no register describes: kept as its own source has it"
)

var (
	viriat = geo.Point{Lat: 46.2227448, Lon: 5.2085961}
	nearby = geo.Point{Lat: 46.2, Lon: 5.2}
)

// register is an establishment as a whole, as FINESS has it; everything in it
// is made anew at each call.
func register() data.Offer {
	return data.Offer{
		ID:          "register",
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "990999997"}},
		Name:        "HÔPITAL EXEMPLE", Category: "R66|355",
		Organizations: []data.Organization{
			{ID: "site", Kind: data.Establishment, Name: "HÔPITAL EXEMPLE", Category: "R66|355", CategoryLabel: "Centre", Parent: "legal"},
			{ID: "legal", Kind: data.LegalEntity},
		},
		Places: []data.Place{{
			ID: "place", Address: data.Address{Street: "DE L'EXEMPLE", City: "VIRIAT", Commune: "01451", Departement: "01"},
			Point: viriat, Quality: data.AtBuilding, Doubted: true,
		}},
	}
}

// service is a service of the same site, as the statistics have it.
func service() data.Offer {
	return data.Offer{
		ID:          "service",
		Identifiers: []data.Identifier{{System: data.SystemSAE, Value: "990999997-CSG"}},
		Name:        "Court séjour exemple", Type: "R244|156",
		Organizations: []data.Organization{{
			ID: "site", Kind: data.Establishment, Name: "Hop. ex.",
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "990999997"}},
		}},
		Places: []data.Place{{
			ID: "own", Address: data.Address{Commune: "01451"}, Point: nearby, Quality: data.AtCommune,
			Capacity: []data.Capacity{{Nature: data.Bed, Status: data.Installed, Number: 12}},
		}},
	}
}

func changed(o data.Offer, change func(*data.Offer)) data.Offer {
	change(&o)
	return o
}

// merged returns the offers by their ids, in order, and the ledger's words.
func merged(t *testing.T, sources ...data.Source) (map[data.ID]*data.Offer, []data.ID, string) {
	t.Helper()
	var books strings.Builder
	ledger := intake.NewLedger(&books)
	offers := make(map[data.ID]*data.Offer)
	var order []data.ID
	for o, err := range merge.New(ledger, sources...).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		offers[o.ID] = o
		order = append(order, o.ID)
	}
	if err := ledger.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.WriteTo(&books); err != nil {
		t.Fatal(err)
	}
	return offers, order, books.String()
}

// A service has the establishment, address and position of its site, and keeps
// all else: its id, its codes, its beds.
func TestServiceJoinsItsSite(t *testing.T) {
	want := service()
	want.Organizations = register().Organizations
	want.Places[0].ID = "place"
	want.Places[0].Address = register().Places[0].Address
	want.Places[0].Point, want.Places[0].Quality, want.Places[0].Doubted = viriat, data.AtBuilding, true

	for name, sources := range map[string][]data.Source{
		"the register first":  {data.Memory{register()}, data.Memory{service()}},
		"the register last":   {data.Memory{service()}, data.Memory{register()}},
		"both in one source":  {data.Memory{service(), register()}},
		"an empty source too": {data.Memory{}, data.Memory{register()}, data.Memory{service()}},
	} {
		offers, order, books := merged(t, sources...)
		if got := offers["service"]; !reflect.DeepEqual(*got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, *got, want)
		}
		if got := offers["register"]; !reflect.DeepEqual(*got, register()) {
			t.Errorf("%s: the establishment became %+v", name, *got)
		}
		if len(order) != 2 || !strings.Contains(books, "1  "+noteJoined) || strings.Contains(books, noteUnknown) {
			t.Errorf("%s: %v, %s", name, order, books)
		}
	}
	if site, _ := want.Site(); site.Category != "R66|355" || want.Category != "" {
		t.Errorf("the category %q is not that of the site alone: %q", want.Category, site.Category)
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	plain := register()
	secret := changed(register(), func(o *data.Offer) { o.Sensitive = true })
	unplaced := changed(register(), func(o *data.Offer) { o.Places[0].Quality, o.Places[0].Point = data.Unplaced, geo.Point{} })
	without := changed(register(), func(o *data.Offer) { o.Places = nil })
	another := changed(register(), func(o *data.Offer) { o.Organizations[0].ID = "elsewhere" })

	elsewhere := changed(service(), func(o *data.Offer) {
		o.Places = append(o.Places, data.Place{ID: "annex", Address: data.Address{Street: "DE L'ANNEXE"}, Point: nearby, Quality: data.AtStreet})
	})
	vague := changed(service(), func(o *data.Offer) {
		o.Places[0].ID, o.Places[0].Address.Street = "place", "DE L'ENTREE"
	})
	exact := changed(vague, func(o *data.Offer) { o.Places = slices.Clone(o.Places); o.Places[0].Quality = data.AtBuilding })
	homeless := changed(service(), func(o *data.Offer) { o.Places = nil })
	orphan := changed(service(), func(o *data.Offer) { o.Organizations = nil })
	practice := changed(service(), func(o *data.Offer) { o.Organizations[0].Kind = data.Unit })

	joined := func(own data.Offer) data.Offer {
		return changed(own, func(o *data.Offer) { o.Organizations = register().Organizations })
	}
	cases := []struct {
		name          string
		site, service data.Offer
		want          data.Offer
		note          string
	}{
		{"a site that no register describes", another, service(), service(), noteUnknown},
		{"a sensitive establishment gives nothing away", secret, service(), service(), noteUnknown},
		{"an unplaced site leaves the place", unplaced, service(), joined(service()), noteJoined},
		{"a site without places leaves the place", without, service(), joined(service()), noteJoined},
		{"a service without places has none", plain, homeless, joined(homeless), noteJoined},
		{"a service of no establishment stays", plain, orphan, orphan, ""},
		{"a service of a unit alone stays", plain, practice, practice, ""},
		{"a place with a street of its own stays", plain, elsewhere, changed(joined(service()), func(o *data.Offer) {
			o.Places = slices.Clone(elsewhere.Places)
			at := register().Places[0]
			o.Places[0].ID, o.Places[0].Address, o.Places[0].Point, o.Places[0].Quality, o.Places[0].Doubted = at.ID, at.Address, at.Point, at.Quality, at.Doubted
		}), noteJoined},
		{"the site's own place, known to the commune alone, is where the register has it", plain, vague, changed(joined(vague), func(o *data.Offer) {
			o.Places = slices.Clone(vague.Places)
			at := register().Places[0]
			o.Places[0].Address, o.Places[0].Point, o.Places[0].Quality, o.Places[0].Doubted = at.Address, at.Point, at.Quality, at.Doubted
		}), noteJoined},
		{"the site's own place, known as exactly, stays", plain, exact, joined(exact), noteJoined},
	}
	for _, c := range cases {
		offers, _, books := merged(t, data.Memory{c.site}, data.Memory{c.service})
		if got := offers["service"]; !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.name, *got, c.want)
		}
		for _, note := range []string{noteJoined, noteUnknown} {
			if got := strings.Contains(books, note); got != (note == c.note) {
				t.Errorf("%s: %q is %v in the ledger", c.name, note, got)
			}
		}
	}
}

// An establishment is not joined to another that has the same site.
func TestEstablishmentsStayAsTheyAre(t *testing.T) {
	other := changed(register(), func(o *data.Offer) {
		o.ID, o.Places[0].Address.Street, o.Places[0].ID = "other", "", "other place"
	})
	offers, _, books := merged(t, data.Memory{register(), other})
	if got := offers["other"].Places[0].ID; got != "other place" || strings.Contains(books, noteJoined) {
		t.Errorf("at %s, %s", got, books)
	}
}

func TestSameIdTwice(t *testing.T) {
	again := changed(service(), func(o *data.Offer) { o.Name = "described again" })
	again.Activities = []data.Code{"R211|354"} // which is not lost, whichever is read first
	cases := []struct {
		name    string
		sources []data.Source
	}{
		{"two sources", []data.Source{data.Memory{service()}, data.Memory{again}}},
		{"two sources, the other way", []data.Source{data.Memory{again}, data.Memory{service()}}},
		{"one source", []data.Source{data.Memory{service(), again}}},
	}
	first, _, _ := merged(t, cases[0].sources...)
	for _, c := range cases {
		offers, order, books := merged(t, c.sources...)
		if len(order) != 1 || !reflect.DeepEqual(offers, first) || !slices.Equal(offers["service"].Activities, again.Activities) {
			t.Errorf("%s: %v, %+v; want %+v", c.name, order, offers["service"], first["service"])
		}
		if !strings.Contains(books, "another description of the same day by the same base: both put together\n") {
			t.Errorf("%s: %s", c.name, books)
		}
		if !strings.Contains(books, "merge  offer     2     1        1         0\n") {
			t.Errorf("%s: %s", c.name, books)
		}
	}
}

func TestOrderIsThatOfTheSources(t *testing.T) {
	of := func(ids ...data.ID) data.Memory {
		var m data.Memory
		for _, id := range ids {
			m = append(m, data.Offer{ID: id})
		}
		return m
	}
	if _, order, _ := merged(t, of("c", "a"), of("b"), of("a", "d")); !slices.Equal(order, []data.ID{"c", "a", "b", "d"}) {
		t.Errorf("%v", order)
	}
	if _, order, _ := merged(t); order != nil {
		t.Errorf("of no source: %v", order)
	}
}

// broken is a source that fails after its first offer.
type broken struct{ asked *bool }

var errBroken = errors.New("made-up fault of a source")

func (broken) Name() string { return "broken" }

func (b broken) Offers(context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		*b.asked = true
		if o := service(); yield(&o, nil) {
			yield(nil, errBroken)
		}
	}
}

func TestErrorOfASourceStops(t *testing.T) {
	var failing, after bool
	directory := merge.New(intake.NewLedger(io.Discard), data.Memory{register()}, broken{&failing}, broken{&after})
	offers, failed := 0, error(nil)
	for o, err := range directory.Offers(t.Context()) {
		if failed != nil {
			t.Fatal("more after the error")
		}
		if failed = err; o != nil {
			offers++
		}
	}
	if !errors.Is(failed, errBroken) || offers != 0 || !failing || after {
		t.Errorf("%d offers, %v; asked %v and %v", offers, failed, failing, after)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	directory := merge.New(intake.NewLedger(io.Discard), data.Memory{register()})
	failed := error(nil)
	for o, err := range directory.Offers(ctx) {
		if failed = err; o != nil {
			t.Errorf("%s all the same", o.ID)
		}
	}
	if !errors.Is(failed, context.Canceled) {
		t.Errorf("%v", failed)
	}
	if directory.Name() != "merge" {
		t.Errorf("named %q", directory.Name())
	}
}

func TestStoppedEarly(t *testing.T) {
	for range merge.New(intake.NewLedger(io.Discard), data.Memory{register(), service()}).Offers(t.Context()) {
		break // a source that went on after that would panic
	}
}

// A source that describes the establishment itself, as the ROR does, is not
// overruled by one that knows less of it.
func TestOwnEstablishmentIsKept(t *testing.T) {
	own := changed(service(), func(o *data.Offer) {
		o.Organizations[0].Record = data.Record{ID: "5958"}
		o.Organizations[0].ORSAN = "R284|1"
		o.Places[0].Record = data.Record{ID: "5253"}
	})
	offers, _, books := merged(t, data.Memory{own}, data.Memory{register()})
	if got := offers["service"]; !reflect.DeepEqual(*got, own) {
		t.Errorf("%+v\nwant\n%+v", *got, own)
	}
	const note = "service whose own source describes its establishment: kept as it is"
	if !strings.Contains(books, note) || strings.Contains(books, noteJoined) {
		t.Errorf("%s", books)
	}
}
