// Package sample invents a small country of offers, to try Boussole without
// any file: a few towns, real in their places, evidently invented in all else.
//
// It refuses to look like the real thing: names say that they are examples, and
// numbers are of no département and no person.
package sample

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"boussole/data"
	"boussole/geo"
)

// Name is the word for the sample in provenance.
const Name = "sample"

// Source invents Size offers, the same ones for the same Seed.
type Source struct {
	Size int
	Seed uint64
}

// Name returns "sample".
func (Source) Name() string { return Name }

// Offers yields the invented offers: every kind in every town in turn.
func (s Source) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		r := rand.New(rand.NewPCG(s.Seed, 0))
		for i := range s.Size {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			k, t := kinds[i%len(kinds)], towns[i/len(kinds)%len(towns)]
			if !yield(invent(r, i, k, t), nil) {
				return
			}
		}
	}
}

type town struct {
	name, commune, postcode string
	point                   geo.Point
}

// towns are the communes around which offers are strewn, by their COG codes.
var towns = []town{
	{"Paris", "75104", "75004", geo.Point{Lat: 48.8543, Lon: 2.3574}},
	{"Lyon", "69383", "69003", geo.Point{Lat: 45.7531, Lon: 4.8695}},
	{"Marseille", "13201", "13001", geo.Point{Lat: 43.2999, Lon: 5.3827}},
	{"Mende", "48095", "48000", geo.Point{Lat: 44.5180, Lon: 3.5014}},
	{"Brest", "29019", "29200", geo.Point{Lat: 48.3905, Lon: -4.4861}},
	{"Strasbourg", "67482", "67000", geo.Point{Lat: 48.5734, Lon: 7.7521}},
	{"Toulouse", "31555", "31000", geo.Point{Lat: 43.6045, Lon: 1.4442}},
	{"Lille", "59350", "59000", geo.Point{Lat: 50.6311, Lon: 3.0472}},
	{"Ajaccio", "2A004", "20000", geo.Point{Lat: 41.9267, Lon: 8.7369}},
	{"Saint-Denis", "97411", "97400", geo.Point{Lat: -20.8789, Lon: 55.4481}},
	{"Pointe-à-Pitre", "97120", "97110", geo.Point{Lat: 16.2411, Lon: -61.5338}},
	{"Cayenne", "97302", "97300", geo.Point{Lat: 4.9333, Lon: -52.3300}},
}

// kind is a recipe of offers.
type kind struct {
	name     string
	category string // R66, of an establishment as a whole
	offer    data.Offer
	hours    data.Hours
	beds     bool
	homeless bool // goes to the patient, has no place
}

var (
	weekdays     = data.EveryDay &^ data.On(time.Saturday, time.Sunday)
	roundTheHour = data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 0, To: data.Midnight, Kind: data.HoursOpening}}}
	shopHours    = data.Hours{Weekly: []data.Opening{
		{Days: weekdays, From: 9 * 60, To: 19*60 + 30, Kind: data.HoursOpening},
		{Days: data.On(time.Saturday), From: 9 * 60, To: 13 * 60, Kind: data.HoursOpening},
	}}
	practiceHours = data.Hours{Weekly: []data.Opening{
		{Days: weekdays, From: 8*60 + 30, To: 12 * 60, Kind: data.HoursWalkIn},
		{Days: weekdays, From: 14 * 60, To: 18 * 60, Kind: data.HoursAppointment},
	}}
	onDutyHours = data.Hours{Weekly: []data.Opening{
		{Days: weekdays, From: 20 * 60, To: 8 * 60, Kind: data.HoursOnDuty},
		{Days: data.On(time.Saturday), From: 12 * 60, To: 8 * 60, Kind: data.HoursOnDuty},
		{Days: data.On(time.Sunday), From: 8 * 60, To: 8 * 60, Kind: data.HoursOnDuty},
	}}
)

var kinds = []kind{
	{name: "Pharmacie", category: "620", hours: shopHours},
	{name: "Urgences adultes", beds: true, hours: roundTheHour, offer: data.Offer{
		Type: "R244|20", Field: data.FieldMCO, Activities: []data.Code{"R211|157"}, CareModes: []data.Code{"R213|33"},
		Ages: data.AgeRange{Min: 15 * data.AgeYear}}},
	{name: "Unité neuro-vasculaire", beds: true, hours: roundTheHour, offer: data.Offer{
		Type: "R244|263", Field: data.FieldMCO, Activities: []data.Code{"R211|356"}, CareModes: []data.Code{"R213|28"},
		Acts: []data.Code{"R210|0459", "R210|0460"}, Ages: data.AgeRange{Min: 18 * data.AgeYear}}},
	{name: "Cabinet de médecine générale", hours: practiceHours, offer: data.Offer{
		Type: "R244|196", Field: data.FieldPrivateTown, Activities: []data.Code{"R211|437"}, CareModes: []data.Code{"R213|32"}}},
	{name: "Maternité", beds: true, hours: roundTheHour, offer: data.Offer{
		Type: "R244|157", Field: data.FieldMCO, Activities: []data.Code{"R211|100"}, CareModes: []data.Code{"R213|28"},
		Characteristics: []data.Code{"R253|03"}}},
	{name: "Urgences pédiatriques", beds: true, hours: roundTheHour, offer: data.Offer{
		Type: "R244|20", Field: data.FieldMCO, Activities: []data.Code{"R211|249"}, CareModes: []data.Code{"R213|33"},
		Ages: data.AgeRange{Min: 0, Before: 18 * data.AgeYear}}},
	{name: "EHPAD", category: "500", offer: data.Offer{
		Type: "R244|21", Field: data.FieldMedicoSoc, CareModes: []data.Code{"R213|46"}, Specialisations: []data.Code{"R245|24"},
		Ages: data.AgeRange{Min: 60 * data.AgeYear}}},
	{name: "Maison médicale de garde", category: "617", hours: onDutyHours},
	{name: "Soins infirmiers à domicile", homeless: true, offer: data.Offer{
		Type: "R244|28", Field: data.FieldMedicoSoc, CareModes: []data.Code{"R213|49"}}},
	{name: "Unité sécurisée", beds: true, offer: data.Offer{
		Field: data.FieldPsychiatry, Activities: []data.Code{"R211|089"}, CareModes: []data.Code{"R213|28"}, Sensitive: true}},
}

// invent makes the n-th offer.
func invent(r *rand.Rand, n int, k kind, t town) *data.Offer {
	o := k.offer
	number := fmt.Sprintf("sample-%d", n)
	o.ID = data.NewID("offer", Name, number)
	o.Identifiers = []data.Identifier{{System: data.SystemROR, Value: fmt.Sprintf("00/%d", n)}}
	o.Name = fmt.Sprintf("%s exemple %d de %s", k.name, n, t.name)
	o.Hours = k.hours
	o.Sources = []data.Provenance{{Source: Name, Record: number}}
	o.Telecoms = []data.Telecom{
		{Channel: data.Phone, Value: "+33199000000", Usage: "standard", Level: data.LevelFree},
		{Channel: data.Phone, Value: "+33199000001", Usage: "professionals", Level: data.LevelRestricted},
		{Channel: data.Phone, Value: "+33199000002", Usage: "regulation", Level: data.LevelVeryRestricted},
	}
	if k.category != "" {
		o.Category = data.NewCode("R66", k.category)
	}
	o.Organizations = []data.Organization{{
		ID: data.NewID("organization", Name, number), Kind: data.Establishment,
		Name: "Établissement exemple de " + t.name, Category: o.Category,
	}}
	if o.Field == data.FieldPrivateTown {
		o.Practices = []data.Practice{{ID: data.NewID("practice", Name, number), Prefix: "Dr", Family: fmt.Sprintf("Exemple-%d", n)}}
	}
	if k.homeless {
		o.Zones = []data.Zone{{Kind: data.ZoneDepartement, Code: data.DepartementOfCommune(t.commune)}}
		return &o
	}
	o.Places = []data.Place{newPlace(r, number, k, t)}
	return &o
}

func newPlace(r *rand.Rand, number string, k kind, t town) data.Place {
	place := data.Place{
		ID: data.NewID("place", Name, number),
		Address: data.Address{
			Number: fmt.Sprint(1 + r.IntN(99)), Street: "RUE DE L'EXEMPLE",
			Postcode: t.postcode, City: t.name, Commune: t.commune,
		},
		Point: geo.Point{
			Lat: t.point.Lat + 0.02*r.NormFloat64(),
			Lon: t.point.Lon + 0.02*r.NormFloat64(),
		}.Rounded(),
		Quality: data.AtBuilding,
	}
	if k.beds {
		seen := time.Date(2026, 1, 5, 8, r.IntN(60), 0, 0, time.UTC)
		installed := 4 + r.IntN(20)
		place.Capacity = []data.Capacity{
			{Nature: data.Bed, Status: data.Installed, Temporality: data.Current, Number: installed, Source: data.ByHand, Updated: seen},
			{Nature: data.Bed, Status: data.Available, Temporality: data.Current, Sex: data.EitherSex, Number: r.IntN(4), Source: data.BedManagement, Updated: seen},
		}
		place.Equipment = []data.Equipment{{Type: "R212|088", Number: 1, Limits: []data.Limit{{Feature: "R340|001", Value: 250, Unit: "kg"}}}}
	}
	return place
}
