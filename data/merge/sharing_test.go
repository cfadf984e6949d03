package merge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/geo"
)

// The lists of an offer may be shared with its source: joining writes into none.
func TestSourcesAreNotWrittenTo(t *testing.T) {
	site := []data.Organization{{ID: "site", Kind: data.Establishment, Name: "Site exemple"}}
	register := data.Memory{{
		ID: "establishment", Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "000000018"}}, Organizations: site,
		Places: []data.Place{{ID: "there", Point: geo.Point{Lat: 48, Lon: 2}, Quality: data.AtBuilding}},
	}}
	services := data.Memory{{ID: "service", Organizations: site, Places: []data.Place{{ID: "own"}}}}
	before := fmt.Sprintf("%+v %+v", register, services)
	directory := merge.New(intake.NewLedger(io.Discard), register, services)
	joined := false
	for o, err := range directory.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		joined = joined || o.ID == "service" && o.Places[0].ID == "there"
	}
	if after := fmt.Sprintf("%+v %+v", register, services); after != before || !joined || directory.Len() != 2 {
		t.Errorf("joined %v, %d offers; the sources were\n%s\nand are\n%s", joined, directory.Len(), before, after)
	}
}

func TestCancelledWhileYielding(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	directory := merge.New(intake.NewLedger(io.Discard), data.Memory{{ID: "a"}, {ID: "b"}, {ID: "c"}})
	yielded := 0
	var last error
	for o, err := range directory.Offers(ctx) {
		if last = err; o != nil {
			yielded++
			cancel()
		}
	}
	if yielded != 1 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d offers, then %v", yielded, last)
	}
}

// A record that the public may not see takes nothing from one that it may, its id
// least of all; who sees both has both.
func TestSensitiveTwin(t *testing.T) {
	numbers := []data.Identifier{{System: data.SystemROR, Value: "84/1"}}
	of := func(source string) []data.Provenance { return []data.Provenance{{Source: source}} }
	open := data.Memory{{ID: "x", Name: "open", Identifiers: numbers, Sources: of("fhir")}}
	sensitive := data.Memory{{ID: "x", Name: "sensitive", Sensitive: true, Identifiers: numbers, Sources: of("ndjson")}}
	personal := data.Memory{{ID: "x", Name: "personal", Personal: true, Identifiers: numbers, Sources: of("sae")}}
	for _, sources := range [][]data.Source{
		{open, sensitive}, {sensitive, open}, {open, personal}, {personal, open}, {sensitive, personal, open},
	} {
		offers, order, books := merged(t, sources...)
		if len(order) != len(sources) || offers["x"] == nil || offers["x"].Name != "open" || !reflect.DeepEqual(offers["x"].Identifiers, numbers) {
			t.Errorf("%v, %+v", order, offers["x"])
		}
		if !strings.Contains(books, fmt.Sprint(len(sources)-1)+"  described by one base for fewer to know of than by another: kept apart") {
			t.Errorf("%s", books)
		}
	}
}

// Which of two establishments lends its site does not hang on a hidden record.
func TestHiddenRecordsDoNotChooseTheSite(t *testing.T) {
	register := func(id data.ID, name string, sensitive, personal bool) data.Offer {
		return data.Offer{
			ID: id, Sensitive: sensitive, Personal: personal, Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "000000018"}},
			Organizations: []data.Organization{{ID: "site", Kind: data.Establishment, Name: name}},
		}
	}
	service := data.Offer{ID: "service", Organizations: []data.Organization{{ID: "site", Kind: data.Establishment}}}
	site := func(sources ...data.Source) string {
		for o, err := range merge.New(intake.NewLedger(io.Discard), sources...).Offers(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if o.ID == "service" {
				return o.Organizations[0].Name
			}
		}
		return ""
	}
	open := data.Memory{register("a", "A", false, false), register("b", "B", false, false), service}
	without := site(open)
	for _, id := range []data.ID{"a", "b", "c"} {
		for _, sensitive := range []bool{true, false} {
			hidden := register(id, "hidden", sensitive, !sensitive)
			hidden.Sources = []data.Provenance{{Source: "ndjson"}} // a base that did not describe it openly
			if with := site(data.Memory{hidden}, open); with != without {
				t.Errorf("a hidden record %s: the site is %s, and %s without it", id, with, without)
			}
		}
	}
}
