package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
)

// Non-interference: adding, changing or removing what a profile may not see
// changes no byte of any answer of any route to that profile.
//
// A world is offers that everybody sees, with secrets on top. Which profiles a
// secret is kept from is written here by hand, from the decree's order and the
// access policy, not asked of the code. For each profile two worlds are made
// that differ only in what is kept from it, and asked the same questions.

// interferenceRequests has requests for every route; a route without any fails
// the test, so that a new route joins the harness in the change that adds it.
var interferenceRequests = map[string]func(r *rand.Rand, w world) []string{
	"/healthz": func(*rand.Rand, world) []string { return []string{"/healthz"} },
	"/readyz":  func(*rand.Rand, world) []string { return []string{"/readyz"} },
	"/v1/communes": func(*rand.Rand, world) []string {
		return []string{"/v1/communes?q=mende", "/v1/communes?q=", "/v1/communes?q=nowhere&limit=3"}
	},
	"/v1/suggest": func(r *rand.Rand, w world) []string {
		return []string{
			"/v1/suggest?q=", "/v1/suggest?q=urgences+mende&limit=3", "/v1/suggest?q=Hidden", "/v1/suggest?q=Visible+1", "/v1/suggest?q=" + sharedAlias,
			"/v1/suggest?q=dr+secret", "/v1/suggest?q=secrat+mende", "/v1/suggest?q=" + secretRPPS(r.IntN(4)),
			"/v1/suggest?q=Secret-0", "/v1/suggest?q=" + url.QueryEscape(secretCodes[r.IntN(len(secretCodes))]),
		}
	},
	"/v1/needs": func(r *rand.Rand, w world) []string {
		requests := []string{
			"/v1/needs?q=bouche+de+travers", "/v1/needs?q=", "/v1/needs?q=Hidden&limit=2", "/v1/needs?q=caisson+hyperbare&age=4", "/v1/needs?hub=motif|M03.08",
			"/v1/needs?q=a&hub=b", "/v1/needs?q=" + url.QueryEscape(secretCodes[r.IntN(len(secretCodes))]),
		}
		if w.seed%100 == 0 { // all of them, which is long
			requests = append(requests, "/v1/needs")
		}
		return requests
	},
	"/v1/needs/{id}": func(*rand.Rand, world) []string {
		return []string{"/v1/needs/hyperbaric", "/v1/needs/stroke?age=4", "/v1/needs/none", "/v1/needs/stroke?age=x"}
	},
	"/v1/nearest": func(r *rand.Rand, w world) []string {
		here := fmt.Sprintf("/v1/nearest?lat=%.4f&lon=%.4f", w.origin.Lat+r.NormFloat64()/100, w.origin.Lon+r.NormFloat64()/100)
		secretCode := secretCodes[r.IntN(len(secretCodes))]
		return []string{
			here + "&limit=100",
			here + "&limit=3",
			here + "&limit=100&code=" + secretCode,
			here + "&limit=100&code=R211|157," + secretCode + "&age=30",
			here + "&limit=100&code=R211|157&code=" + secretCode,
			here + "&limit=2&code=R211|157&open=possible",
			here + "&limit=100&open=yes&radius_km=5",
			here + "&limit=100&departement=48&category=620",
			here + "&limit=100&type=20&age=6d",
			here + "&limit=100&beds=yes",
			here + "&limit=100&beds=possible&beds_status=occupied&beds_at_least=3",
			here + "&limit=100&equipment=R212|088",
			here + "&limit=100&equipment=R212|088:R340|001:150",
			here + "&limit=100&commune=48095&position=street",
			here + "&limit=100&travels_to=48095",
			here + "&limit=2&explain=plan",
			here + "&code=nothing",
			"/v1/nearest?insee=48095&limit=100",
			"/v1/nearest?postcode=48000&limit=100",
		}
	},
	"/v1/facets": func(r *rand.Rand, w world) []string {
		secretCode := secretCodes[r.IntN(len(secretCodes))]
		by := "by=R211,R210,R212,R245,R243,R350,R284,R343,R66,departement,open,beds"
		return []string{
			"/v1/facets?" + by,
			"/v1/facets?by=R244&code=" + secretCode,
			"/v1/facets?by=beds&beds=possible&beds_status=occupied",
			fmt.Sprintf("/v1/facets?%s&lat=%.4f&lon=%.4f&radius_km=2", by, w.origin.Lat, w.origin.Lon),
			"/v1/facets?by=open&commune=48095",
			"/v1/facets?by=nothing",
		}
	},
	"/v1/search": func(r *rand.Rand, w world) []string {
		here := fmt.Sprintf("&lat=%.4f&lon=%.4f", w.origin.Lat, w.origin.Lon)
		secretWords := []string{"secret-1", "secret", "hidden", "desk", secretRPPS(r.IntN(4)), "R210|0459", "0199000007", "thrombect", "means edition", "hiden", "AVC", "hiddn", "desk centre hospitalier"}
		word := strings.ReplaceAll(secretWords[r.IntN(len(secretWords))], " ", "+")
		return []string{
			"/v1/search?q=visible",
			"/v1/search?q=visibel+site&limit=3",
			"/v1/search?q=visible" + here,
			"/v1/search?q=visible+" + word + here + "&limit=100",
			"/v1/search?q=" + word,
			"/v1/search?q=vi" + here + "&order=nearest&limit=100",
			"/v1/search?q=" + word + here + "&order=nearest",
			"/v1/search?q=mende&code=" + secretCodes[r.IntN(len(secretCodes))],
			"/v1/search?q=what&limit=2",
			"/v1/search?q=",
		}
	},
	"/v1/cells": func(r *rand.Rand, w world) []string {
		box := fmt.Sprintf("/v1/cells?bbox=%.3f,%.3f,%.3f,%.3f", w.origin.Lon-0.1, w.origin.Lat-0.1, w.origin.Lon+0.1, w.origin.Lat+0.1)
		return []string{
			box + "&zoom=12",
			box + "&zoom=17&code=" + secretCodes[r.IntN(len(secretCodes))],
			box + "&zoom=3&beds=yes",
			box + "&zoom=24",
		}
	},
	"/v1/orientations": func(r *rand.Rand, w world) []string {
		var requests []string
		for _, more := range orientationsOfHarness(r) {
			requests = append(requests, fmt.Sprintf(`POST /v1/orientations {"lat":%.4f,"lon":%.4f,%s}`, w.origin.Lat, w.origin.Lon, more))
		}
		for _, named := range []string{string(w.hiddenID(r.IntN(6)).ID), sharedAlias, "RPPS|" + secretRPPS(r.IntN(4))} {
			requests = append(requests, fmt.Sprintf(`REPLAY {"lat":%.4f,"lon":%.4f,"code":"R211|157","limit":1,"exclude":"%s"}`, w.origin.Lat, w.origin.Lon, named))
		}
		return someOf(r, requests, 2)
	},
	"/v1/replay": func(r *rand.Rand, w world) []string {
		var requests []string
		for _, more := range orientationsOfHarness(r) {
			requests = append(requests, fmt.Sprintf(`REPLAY {"lat":%.4f,"lon":%.4f,%s}`, w.origin.Lat, w.origin.Lon, more))
		}
		return append(someOf(r, requests, 1), `POST /v1/replay {"basis":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`)
	},
	"/v1/offers/{id}": func(r *rand.Rand, w world) []string {
		visible, hidden := w.visible[r.IntN(len(w.visible))], w.hiddenID(r.IntN(6))
		return []string{
			"/v1/offers/" + string(visible.ID),
			"/v1/offers/" + visible.Identifiers[0].Value,
			"/v1/offers/" + string(hidden.ID),
			"/v1/offers/" + sharedAlias,
			"/v1/offers/" + secretRPPS(r.IntN(4)),
			"/v1/offers/RPPS|" + secretRPPS(r.IntN(4)),
			"/v1/offers/none?at=2026-02-30",
		}
	},
}

// someOf picks a few requests for one world and viewer: an orientation asks as much
// as all other requests together, and over all worlds each has its turn many times.
func someOf(r *rand.Rand, requests []string, n int) []string {
	r.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
	return requests[:min(n, len(requests))]
}

func orientationsOfHarness(r *rand.Rand) []string {
	secretCode := secretCodes[r.IntN(len(secretCodes))]
	return []string{
		`"need":"stroke","age":"70","limit":3`,
		`"need":"stroke","age":"70","limit":1,"needle_minutes":20,"out_minutes":5`,
		`"need":"emergency","sex":"women","age":"30","limit":2,"fair":"x"`,
		`"need":"burns","limit":1,"weight_kg":200`,
		`"need":"stroke","limit":1,"mode":"helicopter","flight":"day"`,
		`"need":"stroke","limit":2,"mode":"ambulance"`,
		`"need":"nurse","limit":2,"passed_over":0`,
		`"q":"enfant fievre","limit":2`,
		`"q":"bouche de travers","radius_km":5,"limit":100`,
		`"code":"R211|157","limit":2,"open":"possible","passed_over":5`,
		`"code":["R211|157,` + secretCode + `"],"limit":2`,
		`"code":["R211|157","` + secretCode + `"],"limit":2`,
		`"type":"20","limit":2,"equipment":"R212|088:R340|001:150"`,
		`"code":"R211|157","travels_to":"48095"`,
		`"category":"620","limit":1,"minutes":9,"wait_minutes":30,"exclude":["` + secretCode + `"]`,
		`"code":"nothing","open":"maybe"`,
	}
}

const sharedAlias = "000000018" // a FINESS number that visible and hidden offers claim

var secretCodes = []string{"R210|0459", "R212|088", "R245|24", "R243|05", "R350|1", "R284|1", "R211|089", "R343|007"}

func secretRPPS(n int) string { return fmt.Sprintf("9999999900%d", n) }

type world struct {
	seed    uint64
	origin  geo.Point
	visible []data.Offer

	through func([]data.Offer) []data.Offer // a reader that they come from; nil is none
}

// newWorld makes offers that hold nothing but what everybody sees, profile 4
// included: no line, no person.
func newWorld(seed uint64) world {
	r := rand.New(rand.NewPCG(seed, 0))
	w := world{seed: seed, origin: geo.Point{Lat: 44.5 + r.Float64(), Lon: 3.5 + r.Float64()}}
	fields := []data.Code{data.FieldMCO, data.FieldMedicoSoc, data.FieldPrivateTown, data.FieldPsychiatry, ""}
	for i := range 8 + r.IntN(8) {
		o := data.Offer{
			ID: data.NewID("visible", fmt.Sprint(seed, i)), Name: fmt.Sprintf("Visible %d", i),
			Identifiers: []data.Identifier{{System: data.SystemROR, Value: fmt.Sprintf("visible-%d", i)}},
			Field:       fields[r.IntN(len(fields))], Activities: []data.Code{"R211|157"},
			Organizations: []data.Organization{{ID: "site", Kind: data.Establishment, Name: "Site"}},
			Places:        []data.Place{{ID: "place", Address: data.Address{Commune: "48095"}, Point: w.near(r), Quality: data.AtStreet}},
		}
		if r.IntN(2) == 0 {
			o.Type, o.Category = "R244|20", "R66|620"
			o.Hours.Weekly = []data.Opening{{Days: data.EveryDay, From: 8 * 60, To: 20 * 60}}
		}
		if r.IntN(3) == 0 {
			o.Ages = data.AgeRange{Min: data.Age(r.IntN(20)) * data.AgeYear}
		}
		if r.IntN(3) == 0 { // a second place, farther
			o.Places = append(o.Places, data.Place{ID: "second", Address: data.Address{Commune: "97411"}, Point: w.near(r), Quality: data.AtCommune})
		}
		if i == 0 {
			o.Identifiers = append(o.Identifiers, data.Identifier{System: data.SystemFINESS, Value: sharedAlias})
		}
		w.visible = append(w.visible, o)
	}
	w.strokes()
	w.rounds()
	w.origins()
	return w
}

// origins lets two records make each offer.
func (w world) origins() {
	for i := range w.visible {
		w.visible[i].Origins = []data.Origin{
			{Source: "fhir", Region: "76", Record: "76/1", Said: []data.Said{{Class: data.Open, Stands: []data.Attribute{data.AttributeName}}}},
			{Source: "sae", Said: []data.Said{{Class: data.Open, Left: []data.Left{{Attribute: data.AttributeName, Value: "another name"}}}}},
		}
	}
}

// rounds adds a nurse who goes to the patients of a commune, and has no position.
func (w *world) rounds() {
	w.visible = append(w.visible, data.Offer{
		ID: data.NewID("visible", fmt.Sprint(w.seed, "rounds")), Name: "Visible rounds", Type: "R244|28", Activities: []data.Code{"R211|157"},
		Identifiers:   []data.Identifier{{System: data.SystemROR, Value: "visible-rounds"}},
		Organizations: []data.Organization{{ID: "site", Kind: data.Establishment, Name: "Site"}},
		Zones:         []data.Zone{{Kind: data.ZoneDepartement, Code: "48"}},
		Places:        []data.Place{{ID: "nowhere", Address: data.Address{Commune: "48095"}}},
	})
}

// strokes makes stroke units of some, and of one a centre half an hour away.
func (w world) strokes() {
	for i := range w.visible {
		if o := &w.visible[i]; i%3 == 1 {
			o.Activities = append(o.Activities, "R211|356")
		}
	}
	centre := &w.visible[0]
	centre.Activities = append(centre.Activities, "R211|492")
	centre.Organizations = []data.Organization{{ID: "far", Kind: data.Establishment, Name: "Far"}}
	centre.Places = centre.Places[:1]
	centre.Places[0].ID = "far" // of the site: one place has one position
	centre.Places[0].Point = geo.Point{Lat: w.origin.Lat + 0.3, Lon: w.origin.Lon}.Rounded()
}

// near returns one of a few points around the origin, so that ties abound.
func (w world) near(r *rand.Rand) geo.Point {
	return geo.Point{Lat: w.origin.Lat + float64(r.IntN(5))/200, Lon: w.origin.Lon + float64(r.IntN(5))/200}.Rounded()
}

// hiddenID is an id that a hidden offer may have; the first letters of ids
// are spread, so they fall before and after the visible ones in ties.
func (w world) hiddenID(n int) data.Offer {
	return data.Offer{ID: data.NewID("hidden", fmt.Sprint(w.seed, n))}
}

// secret is something kept from some profiles.
type secret struct {
	name      string
	attribute string // its row in the access table; a secret without a row of its own has none
	keptFrom  string // profiles that may not see it, for an offer of any field
	// in some fields it is kept from more of them
	keptFromIn func(field data.Code) string
	put        func(r *rand.Rand, o *data.Offer)
}

// restrictedIn: profile 3 sees what is restricted in the medico-social field.
func restrictedIn(from string) func(data.Code) string {
	return func(field data.Code) string {
		if field == data.FieldMedicoSoc {
			return from
		}
		return from + "3"
	}
}

// personIn: who may not see a person, or the number of one.
func personIn(field data.Code) string {
	if field == data.FieldPrivateTown {
		return "4"
	}
	return restrictedIn("04")(field)
}

func pickCode(r *rand.Rand, codes ...data.Code) []data.Code { return codes[r.IntN(len(codes)):][:1] }

func line(r *rand.Rand, l data.Level) data.Telecom {
	return data.Telecom{Channel: data.Phone, Value: fmt.Sprintf("+331990000%02d", r.IntN(100)), Level: l}
}

func bedsRow(r *rand.Rand, status data.CapacityStatus) data.Capacity {
	return data.Capacity{Nature: data.Bed, Status: status, Temporality: data.Current, Number: r.IntN(9), Updated: time.Unix(1_700_000_000+int64(r.IntN(1e6)), 0).UTC()}
}

// saying lets one of the records of an offer say something, or another time the other.
// What came through FHIR has none.
func saying(r *rand.Rand, o *data.Offer, s data.Said) {
	if len(o.Origins) == 0 {
		return
	}
	o.Origins = slices.Clone(o.Origins)
	by := &o.Origins[r.IntN(len(o.Origins))]
	by.Said = slices.Insert(slices.Clone(by.Said), r.IntN(len(by.Said)+1), s)
}

var secrets = []secret{
	{name: "act", attribute: "Offer.Acts", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Acts = pickCode(r, "R210|0459", "R210|0460")
	}},
	{name: "act among the characteristics", attribute: "Offer.Characteristics", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Characteristics = pickCode(r, "R210|0459", "R210|0460")
	}},
	{name: "specialisation", attribute: "Offer.Specialisations", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Specialisations = pickCode(r, "R245|24", "R245|25")
	}},
	{name: "competence", attribute: "Offer.Competences", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Competences = pickCode(r, "R243|05", "R243|06")
	}},
	{name: "resource", attribute: "Offer.Resources", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Resources = pickCode(r, "R350|1", "R211|089") // the field restricts, whatever the system
	}},
	{name: "equipment", attribute: "Place.Equipment", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Places[0].Equipment = []data.Equipment{{
			Type: pickCode(r, "R212|088", "R212|093")[0], Number: r.IntN(3),
			Limits: []data.Limit{{Feature: "R340|001", Value: float64(100 + r.IntN(100)), Unit: "kg"}},
		}}
	}},
	{name: "ORSAN level among the characteristics", keptFrom: "0235", put: func(r *rand.Rand, o *data.Offer) {
		o.Characteristics = pickCode(r, "R284|1", "R284|4")
	}},
	{name: "code of no system", attribute: "Offer.Family", keptFrom: "02345", put: func(r *rand.Rand, o *data.Offer) {
		o.Family = pickCode(r, "R999|1", "R999|2")[0]
	}},
	{name: "line of level 1", keptFrom: "4", put: func(r *rand.Rand, o *data.Offer) {
		o.Telecoms = append(o.Telecoms, line(r, data.LevelFree))
	}},
	{name: "line of level 2", attribute: "Offer.Telecoms", keptFrom: "04", keptFromIn: restrictedIn("04"), put: func(r *rand.Rand, o *data.Offer) {
		o.Telecoms = append(o.Telecoms, line(r, data.LevelRestricted))
	}},
	{name: "line of level 3", keptFrom: "02345", put: func(r *rand.Rand, o *data.Offer) {
		o.Telecoms = append(o.Telecoms, line(r, data.LevelVeryRestricted))
	}},
	{name: "line of no level in a free contact", attribute: "Offer.Contacts", keptFrom: "02345", put: func(r *rand.Rand, o *data.Offer) {
		// The contact itself is hidden too from profile 4, and empty for the rest.
		o.Contacts = []data.Contact{{Name: "desk", Level: data.LevelVeryRestricted, Telecoms: []data.Telecom{line(r, data.LevelUnknown)}}}
	}},
	{name: "line of the site, level 3", attribute: "Organization.Telecoms", keptFrom: "02345", put: func(r *rand.Rand, o *data.Offer) {
		o.Organizations = slices.Clone(o.Organizations)
		o.Organizations[0].Telecoms = []data.Telecom{line(r, data.LevelVeryRestricted)}
	}},
	{name: "landing zone", attribute: "Organization.DropZone", keptFrom: "0235", put: func(r *rand.Rand, o *data.Offer) {
		o.Organizations = slices.Clone(o.Organizations)
		o.Organizations[0].DropZone = data.State(1 + r.IntN(2))
	}},
	{name: "act outside the practice", attribute: "Offer.OutsideActs", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.OutsideActs = pickCode(r, "R210|0459", "R211|089") // the field restricts, whatever the system
	}},
	{name: "ORSAN level", attribute: "Organization.ORSAN", keptFrom: "0235", put: func(r *rand.Rand, o *data.Offer) {
		o.Organizations = slices.Clone(o.Organizations)
		o.Organizations[0].ORSAN = pickCode(r, "R284|1", "R284|4")[0]
	}},
	{name: "contact of the site", attribute: "Organization.Contacts", keptFrom: "034", put: func(r *rand.Rand, o *data.Offer) {
		o.Organizations = slices.Clone(o.Organizations)
		o.Organizations[0].Contacts = []data.Contact{{Name: "desk of the unité neuro-vasculaire", Level: data.LevelRestricted, Telecoms: []data.Telecom{line(r, data.LevelFree)}}}
	}},
	{name: "number of a person in the site", attribute: "Organization.Identifiers", keptFrom: "034", put: func(r *rand.Rand, o *data.Offer) {
		o.Organizations = slices.Clone(o.Organizations)
		o.Organizations[0].Identifiers = []data.Identifier{{System: data.SystemRPPSR, Value: fmt.Sprint(r.IntN(100))}}
	}},
	{name: "number of a person in a place", attribute: "Place.Identifiers", keptFrom: "4", keptFromIn: personIn, put: func(r *rand.Rand, o *data.Offer) {
		o.Places[0].Identifiers = []data.Identifier{{System: data.SystemADELI, Value: fmt.Sprint(r.IntN(100))}}
	}},
	{name: "number of no register", attribute: "Offer.Identifiers", keptFrom: "02345", put: func(r *rand.Rand, o *data.Offer) {
		o.Identifiers = append(slices.Clip(o.Identifiers), data.Identifier{System: "OTHER", Value: secretRPPS(r.IntN(4))})
	}},
	{name: "line of a place", attribute: "Place.Telecoms", keptFrom: "4", keptFromIn: personIn, put: func(r *rand.Rand, o *data.Offer) {
		o.Places[len(o.Places)-1].Telecoms = []data.Telecom{line(r, data.LevelFree)}
	}},
	{name: "dwellings", attribute: "Place.Residential", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Places[0].Residential = []data.Residence{{Type: "R242|03", Number: 1 + r.IntN(9)}}
	}},
	{name: "act among the activities", attribute: "Offer.Activities", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Activities = append(slices.Clip(o.Activities), pickCode(r, "R210|0459", "R245|24")...)
	}},
	{name: "act among the modes", attribute: "Offer.CareModes", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.CareModes = pickCode(r, "R210|0459", "R212|088")
	}},
	{name: "act among the audience", attribute: "Offer.Audience", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Audience = pickCode(r, "R210|0459", "R350|1")
	}},
	{name: "equipment as the function of a place", attribute: "Place.Function", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Places[0].Function = pickCode(r, "R212|088", "R212|093")[0]
	}},
	{name: "line of a professional", attribute: "Practice.Telecoms", keptFrom: "4", keptFromIn: personIn, put: func(r *rand.Rand, o *data.Offer) {
		o.Practices = []data.Practice{{Family: "Secret-0", Telecoms: []data.Telecom{line(r, data.LevelVeryRestricted)}}}
	}},
	{name: "mail of a professional", attribute: "Practice.OwnTelecoms", keptFrom: "4", keptFromIn: personIn, put: func(r *rand.Rand, o *data.Offer) {
		o.Practices = []data.Practice{{Family: "Secret-0", OwnTelecoms: []data.Telecom{line(r, data.LevelFree)}}}
	}},
	{name: "what the model has no place for", attribute: "Offer.Unlisted", keptFrom: "02345", put: func(r *rand.Rand, o *data.Offer) {
		o.Unlisted = []data.Unlisted{{Of: "Location/1", JSON: fmt.Sprintf(`{"comment":"secret %d"}`, r.IntN(9))}}
	}},
	{name: "who says an act", attribute: "Origin.Said", keptFrom: "03", put: func(r *rand.Rand, o *data.Offer) {
		saying(r, o, data.Said{Class: data.Restricted, Stands: []data.Attribute{data.AttributeAct}})
	}},
	{name: "who says another line, level 3, of a place", keptFrom: "02345", put: func(r *rand.Rand, o *data.Offer) {
		l := data.Left{Attribute: data.AttributeLine, Value: line(r, data.LevelVeryRestricted).Value}
		saying(r, o, data.Said{Of: o.Places[0].ID, Class: data.VeryRestrictedPersonal, Left: []data.Left{l}})
	}},
	{name: "who says that beds are free", keptFrom: "035", put: func(r *rand.Rand, o *data.Offer) {
		l := data.Left{Attribute: data.AttributeBeds, Value: fmt.Sprint("available bed: ", r.IntN(9))}
		saying(r, o, data.Said{Of: o.Places[0].ID, Class: data.RestrictedBeds, Stands: []data.Attribute{data.AttributeBeds}, Left: []data.Left{l}})
	}},
	{name: "a line inside a contact that is freer", attribute: "Contact.Telecoms", keptFrom: "4", put: func(r *rand.Rand, o *data.Offer) {
		o.Contacts = []data.Contact{{Name: "desk", Level: data.LevelFree, Telecoms: []data.Telecom{line(r, data.LevelFree)}}}
	}},
	{name: "free beds", attribute: "Place.Capacity", keptFrom: "05", keptFromIn: restrictedIn("05"), put: func(r *rand.Rand, o *data.Offer) {
		o.Places[0].Capacity = append(o.Places[0].Capacity, bedsRow(r, data.Available))
	}},
	{name: "occupied beds", keptFrom: "0", keptFromIn: restrictedIn("0"), put: func(r *rand.Rand, o *data.Offer) {
		o.Places[0].Capacity = append(o.Places[0].Capacity, bedsRow(r, data.Occupied))
	}},
	{name: "beds of a crisis", keptFrom: "0235", put: func(r *rand.Rand, o *data.Offer) {
		o.Places[0].Capacity = append(o.Places[0].Capacity, bedsRow(r, data.Supplementary))
	}},
	{name: "professional outside private practice", attribute: "Offer.Practices", keptFrom: "4", keptFromIn: personIn, put: func(r *rand.Rand, o *data.Offer) {
		n := r.IntN(4)
		o.Practices = []data.Practice{{Family: fmt.Sprintf("Secret-%d", n)}}
		o.Identifiers = append(slices.Clip(o.Identifiers), data.Identifier{System: data.SystemRPPS, Value: secretRPPS(n)})
	}},
}

// hiddenOffers are kept from a profile: sensitive units from all but profile 1, and
// what says no more than that somebody practises there from those who may not see
// persons. They are whole offers within reach, some on the very place of a visible
// one and answering to its number.
func (w world) hiddenOffers(r *rand.Rand, profile byte) []data.Offer {
	var offers []data.Offer
	for n := range 6 {
		if r.IntN(3) == 0 {
			continue
		}
		o := w.hiddenID(n)
		o.Name, o.Field = fmt.Sprintf("Hidden %d", r.IntN(1000)), pickCode(r, data.FieldMCO, data.FieldMedicoSoc, data.FieldPrivateTown, "")[0]
		o.Sensitive = r.IntN(2) == 0 || strings.IndexByte(personIn(o.Field), profile) < 0
		o.Personal = !o.Sensitive
		if r.IntN(2) == 0 {
			o.Practices = []data.Practice{{Family: fmt.Sprintf("Secret-%d", r.IntN(4))}}
		}
		o.Identifiers = []data.Identifier{{System: data.SystemFINESS, Value: sharedAlias}}
		o.Activities = pickCode(r, "R211|157", "R211|089", "R211|777", "R211|356", "R211|492")
		o.Type, o.Category = "R244|20", "R66|620"
		o.Ages = data.AgeRange{Min: data.Age(r.IntN(40)) * data.AgeYear}
		o.Places = []data.Place{{ID: "place", Address: data.Address{Commune: "48095"}, Point: w.near(r), Quality: data.Quality(r.IntN(4))}}
		if r.IntN(2) == 0 { // goes to patients, and often nobody knows from where
			o.Type, o.Zones = "R244|28", []data.Zone{{Kind: data.ZoneDepartement, Code: "48"}}
			o.Places[0].Quality, o.Places[0].Point = data.Unplaced, geo.Point{}
		}
		if r.IntN(3) == 0 {
			o.Places = append(o.Places, data.Place{ID: "elsewhere", Address: data.Address{Commune: "97411"}, Point: w.near(r), Quality: data.AtStreet})
		}
		offers = append(offers, o)
	}
	return offers
}

// with returns the world with random secrets kept from a profile, at least
// five of them; another call with the same world adds, changes and removes.
func (w world) with(r *rand.Rand, profile byte) (offers []data.Offer, hidden int) {
	for _, o := range w.visible {
		o.Places = slices.Clone(o.Places)
		for _, s := range secrets {
			from := s.keptFrom
			if s.keptFromIn != nil {
				from = s.keptFromIn(o.Field)
			}
			if strings.IndexByte(from, profile) >= 0 && r.IntN(3) == 0 {
				s.put(r, &o)
				hidden++
			}
		}
		offers = append(offers, o)
	}
	more := w.hiddenOffers(r, profile)
	offers = append(offers, more...)
	r.Shuffle(len(offers), func(i, j int) { offers[i], offers[j] = offers[j], offers[i] })
	return offers, hidden + len(more)
}

// labels say what codes mean: of the codes that everybody sees always the same,
// of all others something else each time, or nothing. Whether a code has a label
// must not tell that somebody carries it.
func (w world) labels(r *rand.Rand) index.Labels {
	open := make(map[data.Code]bool)
	for i := range w.visible {
		o := &w.visible[i]
		o.EachCode(func(c data.Code, _ data.Class) { open[c] = true })
	}
	edition := r.IntN(1000)
	return func(c data.Code) string {
		switch {
		case open[c]:
			return "what " + string(c) + " means"
		case edition%4 == 0:
			return ""
		}
		return fmt.Sprintf("what %s means in edition %d", c, edition)
	}
}

// TestEveryRestrictedAttributeIsASecret: an attribute whose rule can hide it has
// a secret in the harness.
func TestEveryRestrictedAttributeIsASecret(t *testing.T) {
	// Of single codes that stand for one thing each, Family speaks for all.
	same := []string{"Offer.Type", "Offer.Field", "Offer.Category"}
	for _, row := range data.AccessTable {
		covered := slices.ContainsFunc(secrets, func(s secret) bool { return s.attribute == row.Attribute })
		if row.Rule != data.Free && row.Rule != data.Parts && !covered && !slices.Contains(same, row.Attribute) {
			t.Errorf("%s (%s) has no secret in the harness", row.Attribute, row.Rule)
		}
	}
}

// serverOver serves offers as an import would bring them, through merge.
func serverOver(t *testing.T, offers []data.Offer) *Server { return labelledServer(t, offers, nil) }

// labelledServer has what codes mean, too.
func labelledServer(t *testing.T, offers []data.Offer, labels index.Labels) *Server {
	t.Helper()
	g, err := index.NewLabelled(merge.New(intake.NewLedger(io.Discard), data.Memory(offers)), labels)
	if err != nil {
		t.Fatal(err)
	}
	return &Server{
		Guard: index.NewGuard(g), Finder: &ranking.Finder{}, Who: testKeys(t),
		Now: func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) },
	}
}

// letsGo is the handler of a server that is asked one request at a time, and is
// expected to hold no view when it has answered.
func letsGo(t *testing.T, s *Server) http.Handler {
	h := s.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		if held := s.Guard.Held(); held != (index.Held{}) {
			t.Errorf("%s: after the answer %+v", r.URL, held)
		}
	})
}

// testKeys has a key for each profile, "key-0" to "key-5".
func testKeys(t testing.TB) Keys {
	t.Helper()
	var file strings.Builder
	for p := range data.Profiles {
		sum := sha256.Sum256(fmt.Appendf(nil, "key-%d", p))
		fmt.Fprintf(&file, "%d %s test\n", p, hex.EncodeToString(sum[:]))
	}
	keys, err := ReadKeys(strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// ask returns everything that comes back: status, headers and body.
func ask(h http.Handler, path string, profile byte) string {
	method, body := "GET", ""
	if question, ok := strings.CutPrefix(path, "REPLAY "); ok {
		answer := ask(h, "POST /v1/orientations "+question, profile)
		_, token, _ := strings.Cut(answer, `"basis":"`)
		token, _, _ = strings.Cut(token, `"`)
		return answer + ask(h, `POST /v1/replay {"basis":"`+token+`"}`, profile)
	}
	if posted, ok := strings.CutPrefix(path, "POST "); ok {
		method = "POST"
		path, body, _ = strings.Cut(strings.ReplaceAll(posted, "%7C", "|"), " ")
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer key-"+string(profile))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var all strings.Builder
	fmt.Fprintln(&all, w.Code)
	for _, name := range slices.Sorted(maps.Keys(w.Header())) {
		fmt.Fprintln(&all, name, w.Header()[name])
	}
	all.Write(w.Body.Bytes())
	return all.String()
}

func TestEveryRouteIsInTheHarness(t *testing.T) {
	server := serverOver(t, nil)
	err := chi.Walk(server.routes(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if _, ok := interferenceRequests[route]; !ok {
			t.Errorf("%s %s has no requests in the non-interference harness", method, route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNonInterference(t *testing.T) {
	worlds := 2000
	if testing.Short() {
		worlds = 30
	}
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		wait.Go(func() {
			for seed := worker; seed < worlds && !t.Failed(); seed += workers {
				interfere(t, newWorld(uint64(seed)))
			}
		})
	}
	wait.Wait()
}

// routed gives every other world a router, whose times stand in tokens and tell how
// often it was asked.
func (w world) routed(s *Server) *Server {
	if w.seed%2 == 1 {
		s.Finder = &ranking.Finder{Timer: aRouter{calls: new(int)}}
	}
	return s
}

func interfere(t *testing.T, w world) {
	for _, profile := range []byte("02345") {
		r := rand.New(rand.NewPCG(w.seed, uint64(profile)))
		one, hidden := w.with(r, profile)
		other, hiddenToo := w.with(r, profile)
		for hidden < 5 || hiddenToo < 5 {
			one, hidden = w.with(r, profile)
			other, hiddenToo = w.with(r, profile)
		}
		if w.through != nil {
			one, other = w.through(one), w.through(other)
		}
		a := letsGo(t, w.routed(labelledServer(t, one, w.labels(r))))
		b := letsGo(t, w.routed(labelledServer(t, other, w.labels(r))))
		for _, requests := range interferenceRequests {
			for _, path := range requests(r, w) {
				path = strings.ReplaceAll(path, "|", "%7C")
				if first, second := ask(a, path, profile), ask(b, path, profile); first != second {
					t.Errorf("world %d: profile %c can tell the hidden apart by %s\n%s\n%s", w.seed, profile, path, first, second)
					return
				}
			}
		}
		// What is hidden is within reach: who sees everything sees the difference.
		all := fmt.Sprintf("/v1/nearest?lat=%v&lon=%v&limit=100", w.origin.Lat, w.origin.Lon)
		if ask(a, all, '1') == ask(b, all, '1') {
			t.Errorf("world %d: nothing hidden from profile %c is within reach", w.seed, profile)
		}
	}
}
