package twin

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"boussole/data"
)

// world is what is thrown so far.
type world struct {
	dice
	seed  string
	sites []site // those on which others may come
}

// World returns n offers that use every corner of the model; the same seed and
// number give the same offers. They come in no order.
func World(seed uint64, n int) []data.Offer {
	w := &world{
		dice: dice{rand.New(rand.NewPCG(seed, 0x776f726c64))},
		seed: strconv.FormatUint(seed, 10),
	}
	offers := make([]data.Offer, n)
	for i := range offers {
		offers[i] = w.offer(i)
	}
	return offers
}

func (w *world) offer(i int) data.Offer {
	number := strconv.Itoa(i)
	o := data.Offer{
		ID:                 data.NewID("offer", w.seed, number),
		Identifiers:        []data.Identifier{{System: data.SystemROR, Value: "94/" + number}},
		Region:             pick(w.dice, []data.Code{"R30|11", "R30|94", "R30|04"}),
		Name:               w.name(),
		Ages:               pick(w.dice, ages),
		NoConsent:          w.state(),
		PsychiatricSectors: some(w.dice, 2, []string{"75G01", "2A I02"}),
		Sensitive:          w.chance(6),
		Hours:              w.hours(),
		Zones:              some(w.dice, 2, zones),
		Contacts:           w.contacts(),
		Telecoms:           w.telecoms(2),
		Created:            w.date(2010, 2020),
		Updated:            w.date(2021, 2026),
		Sources:            w.sources(number),
		Record:             w.record("HealthcareService-" + number),
		Unlisted:           some(w.dice, 1, []data.Unlisted{{Of: "HealthcareService/" + number, Path: "contact[0]", JSON: `{"id":"1"}`}}),
	}
	w.qualify(&o)
	for p := range w.howManyPlaces() {
		o.Places = append(o.Places, w.place(number, p, o.Places))
	}
	for p := range w.IntN(3) {
		o.Practices = append(o.Practices, w.practice(number, p))
	}
	o.Organizations = w.organizations(number)
	o.Personal = w.chance(6)
	o.Origins = origins(i, number)
	return o
}

// origins are of every third offer, of all classes by turns; no dice are thrown for
// them, because nothing is found by them.
func origins(i int, number string) []data.Origin {
	if i%3 != 0 {
		return nil
	}
	return []data.Origin{{
		Source: "fhir", Region: "94", Record: "94/" + number, Date: data.NewDate(2026, 1, 1+i%28),
		Said: []data.Said{
			{Class: data.Open, Stands: []data.Attribute{data.AttributeName, data.AttributeField}},
			{Of: data.ID("place-" + number), Class: data.Class(i) % data.Classes, Left: []data.Left{{Attribute: data.AttributeBeds, Value: number}}},
		},
	}}
}

// howManyPlaces is mostly one; none for some home services.
func (w *world) howManyPlaces() int {
	return pick(w.dice, []int{0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4})
}

var names = [][]string{
	{"Service des", "Unité d'", "Centre de", "Consultation de"},
	{"urgences", "soins intensifs", "gériatrie aiguë", "maternité", "dialyse"},
	{"", "Nord", "Saint-Louis", "Île-de-Ré", "Œuvre Ste-Anne"},
}

func (w *world) name() string {
	text := ""
	for _, part := range names {
		text += " " + pick(w.dice, part)
	}
	return maybe(w.dice, 90, data.Words(text))
}

var zones = []data.Zone{
	{Kind: data.ZoneCommune, Code: "75056"},
	{Kind: data.ZoneDepartement, Code: "2A"},
	{Kind: data.ZoneRegion, Code: "11"},
	{Kind: data.ZoneHealthTerritory, Code: "TS-01"},
	{Kind: data.ZoneCountry, Code: "FR"},
}

func (w *world) sources(number string) []data.Provenance {
	return some(w.dice, 2, []data.Provenance{
		{Source: "finess", Record: "offer-" + number, Date: w.date(2025, 2026)},
		{Source: "sae", Record: number, Date: w.date(2024, 2025)},
	})
}

// record is that of a FHIR server, or of none.
func (w *world) record(id string) data.Record {
	return maybe(w.dice, 50, data.Record{ID: id, Region: "R30|94", Created: w.moment(), Updated: w.moment()})
}

// level is one of the four, unknown included.
func (w *world) level() data.Level {
	return data.Level(w.between(int(data.LevelUnknown), int(data.LevelVeryRestricted)))
}

func (w *world) contacts() []data.Contact {
	var all []data.Contact
	for range w.IntN(3) {
		all = append(all, data.Contact{
			Name:        "Mme " + pick(w.dice, surnames),
			Function:    pick(w.dice, []data.Code{"R251|01", "R251|07"}),
			Purpose:     pick(w.dice, []data.Code{"R287|06", ""}),
			Description: maybe(w.dice, 50, "Le matin seulement"),
			Level:       w.level(),
			Telecoms:    w.telecoms(2),
		})
	}
	return all
}

func (w *world) telecoms(most int) []data.Telecom {
	var all []data.Telecom
	for range w.IntN(most + 1) {
		all = append(all, data.Telecom{
			Channel: pick(w.dice, []data.Channel{data.Phone, data.Fax, data.Mail, data.SecureMail, data.Web, data.ChannelUnknown}),
			Value:   fmt.Sprintf("+331%08d", w.IntN(1e8)),
			Usage:   maybe(w.dice, 50, "accueil"),
			Level:   w.level(),
			Means:   maybe(w.dice, 50, data.Code("R200|2")),
		})
	}
	return all
}

var surnames = []string{"Martin", "Le Goff", "N'Diaye", "Müller"}

func (w *world) practice(number string, p int) data.Practice {
	return data.Practice{
		ID: data.NewID("practice", w.seed, number, strconv.Itoa(p)),
		Identifiers: []data.Identifier{
			{System: data.SystemRPPS, Value: fmt.Sprintf("1%010d", w.IntN(1e10))},
			{System: data.SystemADELI, Value: fmt.Sprintf("%09d", w.IntN(1e9))},
		},
		Record:      w.record("PractitionerRole-" + number),
		Person:      w.record("Practitioner-" + number),
		OwnTelecoms: w.telecoms(1),

		ExerciseTitle:  maybe(w.dice, 20, data.Code("R11|DR")),
		ExerciseGiven:  maybe(w.dice, 20, "Zoé"),
		ExerciseFamily: maybe(w.dice, 20, "Müller"),

		Prefix:      maybe(w.dice, 50, "Dr"),
		Given:       pick(w.dice, []string{"Anne", "Jean-Loup", "Zoé"}),
		Family:      pick(w.dice, surnames),
		Profession:  "G15|10",
		Specialties: some(w.dice, 2, []data.Code{"R38|SM26", "R43|C01"}),
		Mode:        pick(w.dice, []data.Code{"R23|L", "R23|S"}),
		Name:        maybe(w.dice, 50, "Cabinet du Port"),
		Contracted:  pick(w.dice, []data.Code{"R282|1", "R282|2", ""}),
		OPTAM:       w.state(),
		Vitale:      w.state(),
		Telecoms:    w.telecoms(2),
		Hours:       w.hours(),
	}
}

// moment returns an instant of the year before the questions or of theirs.
func (w *world) moment() time.Time {
	return time.Date(year-1, time.January, 1, 0, w.IntN(2*365*24*60), 0, 0, time.UTC)
}
