package index

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"boussole/data"
	"boussole/geo"
)

// doctor is an offer with one professional.
func doctor(id, given, family, rpps, city, commune string, field data.Code) data.Offer {
	o := data.Offer{
		ID: data.ID(id), Name: "Cabinet " + id, Field: field,
		Practices: []data.Practice{{Prefix: "Dr", Given: given, Family: family, Profession: "G15|10"}},
		Places:    []data.Place{{Quality: data.AtStreet, Point: geo.Point{Lat: 46, Lon: 5}, Address: data.Address{City: city, Commune: commune}}},
	}
	if rpps != "" {
		o.Practices[0].Identifiers = []data.Identifier{{System: data.SystemRPPS, Value: rpps}}
	}
	return o
}

func suggestions(t *testing.T, offers []data.Offer, v data.Viewer, question string, limit int) []string {
	t.Helper()
	g, err := New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	return suggestionsOf(NewGuard(g), v, question, limit)
}

func suggestionsOf(g *Guard, v data.Viewer, question string, limit int) (list []string) {
	view := g.As(v)
	defer view.Close()
	for _, r := range view.Suggest(question, limit) {
		if r.Type == "professional" {
			list = append(list, fmt.Sprintf("%s %s %s", r.Label, r.RPPS, r.Place.Name))
		}
	}
	return list
}

func TestSuggestProfessionals(t *testing.T) {
	const private = data.FieldPrivateTown
	offers := []data.Offer{
		doctor("a", "Jeanne", "Quesnoy", "10000000001", "Lyon", "69123", private),
		doctor("b", "Jeanne", "Quesnoy", "10000000001", "Bron", "69029", private), // her second practice
		doctor("c", "Paul", "Quesnoy", "10000000002", "Mende", "48095", private),
		doctor("d", "Zoe", "Vandewalle", "10000000003", "Lille", "59350", private),
		doctor("e", "Rose", "Hublot", "10000000004", "Lille", "59350", "R227|01"),  // salaried
		doctor("f", "Ida", "Mendelsohn", "10000000005", "Lille", "59350", private), // a town is the beginning of her name
	}
	for question, want := range map[string]string{
		"dr quesnoy":           "[Dr Jeanne Quesnoy 10000000001 Lyon Dr Paul Quesnoy 10000000002 Mende]",
		"quesnoy":              "[Dr Jeanne Quesnoy 10000000001 Lyon Dr Paul Quesnoy 10000000002 Mende]",
		"docteur paul quesnoy": "[Dr Paul Quesnoy 10000000002 Mende]",
		"Quesnoy Mende":        "[Dr Paul Quesnoy 10000000002 Mende]",
		"dr mendelsohn":        "[Dr Ida Mendelsohn 10000000005 Lille]",
		"dr vandewale":         "[Dr Zoe Vandewalle 10000000003 Lille]",
		"docteur vandevalle":   "[Dr Zoe Vandewalle 10000000003 Lille]",
		"10000000002":          "[Dr Paul Quesnoy 10000000002 Mende]",
		"RPPS 1000 0000 002":   "[Dr Paul Quesnoy 10000000002 Mende]",
		"je cherche le numéro du docteur vandewalle svp": "[Dr Zoe Vandewalle 10000000003 Lille]",
		"dr hublot":               "[]",
		"10000000004":             "[]",
		"docteur":                 "[]",
		"dr nobodyatall":          "[]",
		"bouche de travers":       "[]",
		"plombier vandewalle":     "[]", // of another world
		"jeanne":                  "[]", // a first name means nobody
		"dr quesnoy cherbourg":    "[]", // nobody there
		"10000000009":             "[]",
		"cardiologue à vandewale": "[Dr Zoe Vandewalle 10000000003 Lille]",
	} {
		if got := fmt.Sprint(suggestions(t, offers, data.Viewer{}, question, 5)); got != want {
			t.Errorf("%q: %s, want %s", question, got, want)
		}
	}
	if got := suggestions(t, offers, data.Viewer{}, "jeanne quesnoy", 1); len(got) != 1 {
		t.Errorf("%d professionals, one is asked for", len(got))
	}
	if got := suggestions(t, offers, data.Viewer{Profile: 1}, "dr hublot", 5); len(got) != 1 {
		t.Errorf("profile 1, who may know, is told %v", got)
	}
}

// TestHiddenProfessionalsChangeNothing: to who may not see them, what is suggested
// is to the letter what it is where they are not there.
func TestHiddenProfessionalsChangeNothing(t *testing.T) {
	families := []string{"Quesnoy", "Quesnoi", "Quesnel", "Vandewalle", "Vandewale", "Hublot", "Hublo"}
	questions := []string{"dr quesnoy", "quesnoi", "vandevale", "dr hublot lyon", "dr jeanne hublo", "10000000005", "dr ques", "paul quesnel"}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 3))
		var with, without []data.Offer
		for i := range 60 {
			field := data.FieldPrivateTown
			if r.IntN(8) > 0 { // most are hidden, and would crowd the others out
				field = "R227|01"
			}
			o := doctor(fmt.Sprint("id", r.Uint32()), []string{"Paul", "Jeanne"}[r.IntN(2)], families[r.IntN(len(families))], fmt.Sprint(10000000000+i), "Lyon", "69123", field)
			with = append(with, o)
			if field != data.FieldPrivateTown {
				o.Practices = nil
			}
			without = append(without, o)
		}
		g, err := New(data.Memory(with))
		if err != nil {
			t.Fatal(err)
		}
		guard := NewGuard(g)
		for _, q := range questions {
			if seed%2 == 0 { // who sees all of them has asked before
				suggestionsOf(guard, data.Viewer{Profile: 1}, q, 1)
			}
			if got, want := suggestionsOf(guard, data.Viewer{}, q, 1), suggestions(t, without, data.Viewer{}, q, 1); !reflect.DeepEqual(got, want) {
				t.Errorf("seed %d, %q: hidden professionals change %v to %v", seed, q, want, got)
			}
		}
	}
}
