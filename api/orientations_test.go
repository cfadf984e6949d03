package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
)

// post asks in a body.
func post(h http.Handler, path, body string, profile byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	if profile != 0 {
		r.Header.Set("Authorization", "Bearer key-"+string(profile))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// strokes is two stroke units and two emergency departments north of a town, seen
// on a Monday at eleven.
func strokes() []data.Offer {
	at := func(id string, lat float64, o data.Offer) data.Offer {
		o.ID, o.Name = data.ID(id), "Service "+id
		o.Places = []data.Place{{ID: "p", Point: geo.Point{Lat: lat, Lon: 3.5}, Quality: data.AtBuilding, Address: data.Address{Commune: "48095"}}}
		o.Updated = data.NewDate(2026, 3, 1)
		return o
	}
	unit := data.Offer{Field: data.FieldMCO, Type: "R244|263", Activities: []data.Code{"R211|356"}}
	ward := data.Offer{Field: data.FieldMCO, Type: "R244|20", Activities: []data.Code{"R211|157"}, CareModes: []data.Code{"R213|33"}}
	children := unit
	children.Ages = data.AgeRange{Min: 1, Before: 15 * data.AgeYear}
	return []data.Offer{
		at("near", 44.53, ward), at("far", 45.2, ward),
		at("unit", 44.9, unit), at("children", 44.6, children),
	}
}

func orientation0(t *testing.T, h http.Handler, body string) orientationAnswer {
	t.Helper()
	w := post(h, "/v1/orientations", body, 0)
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", body, w.Code, w.Body)
	}
	return decode[orientationAnswer](t, w)
}

func chosen(a orientationAnswer) string {
	var ids []string
	for _, r := range a.Results {
		ids = append(ids, r.Offer.ID)
	}
	return strings.Join(ids, " ")
}

// By a need, by words, by codes: the right door, in minutes that add up, and why
// not the nearer one.
func TestOrientations(t *testing.T) {
	h := letsGo(t, serverOver(t, strokes()))
	here := `"lat":44.51,"lon":3.5,"limit":1`
	for _, c := range []struct{ name, body, want, passed string }{
		{"a need", `{` + here + `,"need":"stroke","age":"70"}`, "unit", "children:age"},
		{"in words", `{` + here + `,"q":"bouche de travers","age":70}`, "unit", "children:age"},
		{"a code", `{` + here + `,"code":"R211|356"}`, "children", ""},
		{"a code, any of", `{` + here + `,"code":["R211|356,R211|157"]}`, "near", ""},
		{"but not that one", `{` + here + `,"code":"R211|157","exclude":["near"]}`, "far", "near:excluded"},
		{"nothing within the limit", `{` + here + `,"code":"R211|157","minutes":3}`, "", "near:too-far far:too-far"},
		{"on foot", `{` + here + `,"code":"R211|157","mode":"walking"}`, "near", ""},
	} {
		a := orientation0(t, h, c.body)
		var passed []string
		for _, p := range a.PassedOver {
			passed = append(passed, p.ID+":"+p.Why[0].Reason)
		}
		if chosen(a) != c.want || strings.Join(passed, " ") != c.passed || !a.Complete || !a.PassedAll {
			t.Errorf("%s: %q, passed over %v, complete %v, %v", c.name, chosen(a), passed, a.Complete, a.PassedAll)
		}
		for _, r := range a.Results {
			sum := 0
			for _, p := range r.Parts {
				sum += p.Minutes
			}
			if sum != r.Minutes || r.Text.French == "" || r.Text.English == "" {
				t.Errorf("%s: parts %+v make %d, not %d: %+v", c.name, r.Parts, sum, r.Minutes, r.Text)
			}
		}
	}
	// What had to be relaxed is said.
	a := orientation0(t, letsGo(t, serverOver(t, strokes()[:2])), `{`+here+`,"need":"stroke","age":"70"}`)
	if chosen(a) != "near" || !a.Emergency || a.NoLimits || len(a.Relaxed) == 0 || a.Need.ID != "stroke" {
		t.Errorf("no stroke unit: %+v", a)
	}
}

// Limits that were given up are said in words, before what the ladder relaxed.
func TestLimitsGivenUpAreSaid(t *testing.T) {
	h := letsGo(t, serverOver(t, strokes()[:2]))
	a := orientation0(t, h, `{"lat":44.51,"lon":3.5,"need":"stroke","age":"70","radius_km":1}`)
	if !a.NoLimits || len(a.Relaxed) < 2 || a.Relaxed[0].Change != "limits" || a.Relaxed[1].Change == "limits" {
		t.Errorf("%+v", a.Relaxed)
	}
	for _, step := range a.Relaxed {
		if step.Text.French == "" || step.Text.English == "" {
			t.Errorf("nothing is said of %s", step.Change)
		}
	}
}

// What is taken for the age of a patient where nobody told it is said, whether words
// stand for one or the need is meant for some.
func TestAssumedAgeIsSaid(t *testing.T) {
	h := letsGo(t, serverOver(t, strokes()))
	for body, want := range map[string]string{
		`"q":"enfant bouche de travers"`:          "stroke-child 6 est supposé être 6 ans d'après les mots : rien n'est écarté pour autant / the age is not given, and taken to be 6 years by the words",
		`"q":"enfant bouche de travers","age":10`: "stroke-child  ",
		`"q":"bouche de travers"`:                 "stroke  for which the need is meant",
		`"need":"stroke"`:                         "stroke  for which the need is meant",
		`"need":"stroke","age":70`:                "stroke  ",
		`"need":"emergency"`:                      "emergency  15 ans et 3 mois ou plus, pour lesquels le besoin est prévu / the age is not given, and taken to be 15 years and 3 months or more",
	} {
		a := orientation0(t, h, `{"lat":44.51,"lon":3.5,`+body+`}`)
		said := ""
		for _, w := range a.Warnings {
			if w.Code == "age-not-told" {
				said = w.Text.French + " / " + w.Text.English
			}
		}
		wanted := strings.SplitN(want, " ", 3)
		if a.Need.ID != wanted[0] || a.Assumed != wanted[1] || !strings.Contains(said, wanted[2]) || (said == "") != (wanted[2] == "") {
			t.Errorf("%s: %s, %q, %q, want %s", body, a.Need.ID, a.Assumed, said, want)
		}
	}
}

func TestFaultsOfOrientations(t *testing.T) {
	h := letsGo(t, serverOver(t, strokes()))
	body := `{"lat":100,"lon":3.5,"need":"nothing","sex":"both","weight_kg":-1,"mode":"horse","minutes":0,"wait_minutes":-1,
		"deadline_ms":1e9,"passed_over":21,"limit":1000,"at":"noon","unknown":1,"exclude":{"a":1},"age":"old","lon":4}`
	w := post(h, "/v1/orientations", body, 0)
	got := decode[Problem](t, w)
	var at []string
	for _, f := range got.Errors {
		at = append(at, f.Parameter)
	}
	slices.Sort(at)
	want := []string{"age", "at", "deadline_ms", "exclude", "lat", "limit", "lon", "minutes", "mode", "need", "passed_over", "sex", "unknown", "wait_minutes", "weight_kg"}
	if w.Code != 400 || !slices.Equal(at, want) {
		t.Errorf("%d, faults at %v, want %v\n%s", w.Code, at, want, w.Body)
	}
	for body, parameter := range map[string]string{
		``: "(body)", `[]`: "(body)", `{`: "(body)", `{"lat":44,"lon":3`: "(body)", `{"lat":44,"lon":3} {}`: "(body)", `{"lat":tru`: "(body)",
		`{"lat":44,"lon":3}`: "need", `{"lat":44,"lon":3,"q":"fuite d'eau cuisine"}`: "q", `{"lat":44,"lon":3,"need":"stroke","q":"avc"}`: "need",
		`{"lat":44,"lon":3,"need":"` + strings.Repeat("x", 9000) + `"}`: "(body)",
		`{"lat":[],"lon":[],"need":"stroke"}`:                           "lat", `{"insee":[],"need":"stroke"}`: "insee", `{"lat":44,"lon":3,"need":"stroke","minutes":[]}`: "minutes",
		`{"lat":44,"lon":3,"need":"stroke","exclude":[]}`: "exclude", `{"lat":44,"lon":3,"need":"stroke","exclude":["a",""]}`: "exclude",
		`{"lat":44,"lon":3,"need":"stroke","exclude":["a"` + strings.Repeat(`,"a"`, maxExcluded) + `]}`: "exclude",
		`{"lat":44,"lon":3,"need":"stroke","fair":"` + strings.Repeat("é", maxSeed+1) + `"}`:            "fair",
		`{"lat":44,"lon":3,"q":"` + strings.Repeat("avc ", maxAsked/4) + `a"}`:                          "q",
	} {
		w := post(h, "/v1/orientations", body, 0)
		if p := decode[Problem](t, w); w.Code != 400 || !slices.ContainsFunc(p.Errors, func(f Fault) bool { return f.Parameter == parameter }) {
			t.Errorf("%.60s: %d %s, want a fault of %s", body, w.Code, w.Body, parameter)
		}
	}
	r := httptest.NewRequest("GET", "/v1/orientations", nil)
	rec := httptest.NewRecorder()
	if h.ServeHTTP(rec, r); rec.Code != http.StatusMethodNotAllowed || rec.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d %v", rec.Code, rec.Header())
	}
}

// moods is a timer that never says the same twice, and fails now and then.
type moods struct{ calls *int }

func (m moods) Times(_ context.Context, _ geo.Point, to []geo.Point) ([]geo.Travel, error) {
	if *m.calls++; *m.calls%3 == 0 {
		return nil, errors.New("down")
	}
	ways := make([]geo.Travel, len(to))
	for i := range ways {
		ways[i] = geo.Travel{Time: time.Duration(*m.calls+i) * 7 * time.Minute, Reachable: true}
	}
	return ways, nil
}
func (moods) Floor(geo.Point, geo.Meters) time.Duration { return 0 }
func (moods) Name() (string, string)                    { return "car", "moods" }

// onDuty gives offers hours that begin and end within the hour, and beds.
func onDuty(offers []data.Offer) []data.Offer {
	for i := range offers {
		o := &offers[i]
		for h := data.Minute(0); h < 24; h++ {
			from := h*60 + data.Minute(3*i)
			o.Hours.Weekly = append(o.Hours.Weekly, data.Opening{Days: data.EveryDay, From: from, To: from + 17, Kind: data.HoursOpening})
		}
		o.Identifiers = []data.Identifier{{System: data.SystemFINESS, Value: fmt.Sprintf("%09d", i)}}
		o.Places[0].Capacity = []data.Capacity{{Nature: data.Bed, Status: data.Available, Temporality: data.Current, Number: i, Sex: data.Women,
			Updated: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}}
	}
	return offers
}

// An answer is given again to the byte while what it rests on is served, whatever
// the hour and the router, and not after.
func TestReplay(t *testing.T) {
	s := serverOver(t, onDuty(strokes()))
	calls := 0
	s.Finder = &ranking.Finder{Timer: moods{&calls}}
	now := s.Now().Add(time.Hour).In(time.FixedZone("somewhere", 3600))
	s.Now = func() time.Time { now = now.Add(7 * time.Minute); return now } // past an opening, now and then between two looks
	h := s.Handler()
	for _, body := range []string{
		`{"lat":44.51,"lon":3.5,"need":"stroke","age":"70","limit":2}`,
		`{"lat":44.51,"lon":3.5,"need":"burns","limit":3,"fair":"a"}`,
		`{"insee":"48095","code":"R211|157","deadline_ms":60000}`,
		`{"insee":"48095","code":"R211|157","open":"possible","sex":"women","exclude":["000000001","none"]}`,
	} {
		for range 9 {
			first := post(h, "/v1/orientations", body, '2')
			basis := decode[orientationAnswer](t, first).Basis
			again := post(h, "/v1/replay", `{"basis":"`+basis+`"}`, '2')
			if first.Code != 200 || again.Code != 200 || first.Body.String() != again.Body.String() {
				t.Fatalf("%s: %d\n%s\n%d\n%s", body, first.Code, first.Body, again.Code, again.Body)
			}
			if w := post(h, "/v1/replay", `{"basis":"`+basis+`"}`, '3'); w.Code != 400 {
				t.Errorf("to other rights: %d %s", w.Code, w.Body)
			}
			forged := []byte(basis)
			forged[len(forged)/2] ^= 1
			if w := post(h, "/v1/replay", `{"basis":"`+string(forged)+`"}`, '2'); w.Code != 400 {
				t.Errorf("forged: %d %s", w.Code, w.Body)
			}
			if strings.Contains(basis, "stroke") {
				t.Errorf("a basis that can be read: %s", basis)
			}
		}
	}
	basis := decode[orientationAnswer](t, post(h, "/v1/orientations", `{"insee":"48095","code":"R211|157"}`, '2')).Basis
	next, err := index.New(data.Memory(strokes()[1:]))
	if err != nil {
		t.Fatal(err)
	}
	s.Guard.Swap(next)
	if w := post(h, "/v1/replay", `{"basis":"`+basis+`"}`, '2'); w.Code != http.StatusGone {
		t.Errorf("after another generation: %d %s", w.Code, w.Body)
	}
	other := &Server{Guard: s.Guard, Finder: s.Finder, Secret: []byte("another"), Who: s.Who}
	if w := post(other.Handler(), "/v1/replay", `{"basis":"`+basis+`"}`, '2'); w.Code != 400 {
		t.Errorf("to a server of another secret: %d %s", w.Code, w.Body)
	}
	for _, body := range []string{`{}`, `{"basis":""}`, `{"basis":[]}`, `{"basis":["a","b"]}`, `{"basis":null}`, `{"basis":"AAAA"}`, `{"basis":"!"}`, fmt.Sprintf(`{"basis":"%s","more":1}`, basis)} {
		if w := post(h, "/v1/replay", body, '2'); w.Code != 400 {
			t.Errorf("%.40s: %d %s", body, w.Code, w.Body)
		}
	}
}

// Both routes of a stroke, in minutes that add up, with figures of the need or of the
// question; other needs have none.
func TestTwoLegs(t *testing.T) {
	offers := strokes()
	centre := offers[2]
	centre.ID, centre.Name = "centre", "Centre"
	centre.Type, centre.Activities = "", []data.Code{"R211|492"}
	centre.Places = []data.Place{{ID: "p", Point: geo.Point{Lat: 45.4, Lon: 3.5}, Quality: data.AtBuilding}}
	h := letsGo(t, serverOver(t, append(offers, centre)))
	here := `"lat":44.51,"lon":3.5,"age":"70"`
	for _, c := range []struct{ name, body, want string }{
		{"of the need", `{` + here + `,"need":"stroke"}`, "60 AHA/ASA, Guidelines for early management of acute ischemic stroke, 2019, 120 Brain Attack Coalition, 2011; measured in the USA: median 174 min, JAMA 2023"},
		{"of the question", `{` + here + `,"need":"stroke","needle_minutes":30,"out_minutes":45}`, "30 the question, 45 the question"},
		{"without a needle", `{` + here + `,"need":"stroke","needle_minutes":0}`, "none, 120 Brain Attack Coalition, 2011; measured in the USA: median 174 min, JAMA 2023"},
	} {
		l := orientation0(t, h, c.body).TwoLegs
		if l == nil || l.Treated == nil || l.Transferred == nil || l.Direct.Centre.ID != "centre" || l.Treated.First.ID != "unit" || l.Transferred.Centre.ID != "centre" || !l.Complete {
			t.Fatalf("%s: %+v", c.name, l)
		}
		needle := "none"
		if l.DoorToNeedle != nil {
			needle = fmt.Sprint(l.DoorToNeedle.Minutes, " ", l.DoorToNeedle.Source)
		}
		if said := fmt.Sprint(needle, ", ", l.DoorInDoorOut.Minutes, " ", l.DoorInDoorOut.Source); said != c.want {
			t.Errorf("%s: %s, want %s", c.name, said, c.want)
		}
		for _, total := range []*totalAnswer{l.Direct.AtCentre, l.Treated.Treatment, l.Transferred.AtCentre} {
			sum := 0
			for _, p := range total.Parts {
				sum += p.Minutes
			}
			if sum != total.Minutes || total.Text.French == "" || total.Text.English == "" {
				t.Errorf("%s: parts %+v make %d, not %d", c.name, total.Parts, sum, total.Minutes)
			}
		}
		if l.Label.French == "" || l.Label.English == "" || l.Direct.Treatment != nil {
			t.Errorf("%s: %+v %+v", c.name, l.Label, l.Direct)
		}
	}
	for _, body := range []string{`{` + here + `,"need":"burns"}`, `{` + here + `,"code":"R211|356"}`} {
		if l := orientation0(t, h, body); l.TwoLegs != nil || slices.Contains(l.Warnings, noCentre) {
			t.Errorf("%s: %+v", body, l)
		}
	}
	if a := orientation0(t, letsGo(t, serverOver(t, offers)), `{`+here+`,"need":"stroke"}`); a.TwoLegs != nil || !slices.Contains(a.Warnings, noCentre) {
		t.Errorf("no centre anywhere: %+v, %+v", a.TwoLegs, a.Warnings)
	}
	for _, body := range []string{`{` + here + `,"need":"burns","needle_minutes":30}`, `{` + here + `,"code":"R211|356","out_minutes":30}`, `{` + here + `,"need":"stroke","out_minutes":0}`} {
		if w := post(h, "/v1/orientations", body, 0); w.Code != 400 || !strings.Contains(w.Body.String(), "_minutes") {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

// The harness of non-interference weighs two legs, by a first hospital.
func TestHarnessHasTwoLegs(t *testing.T) {
	for seed := range uint64(20) {
		w := newWorld(seed)
		a := orientation0(t, letsGo(t, serverOver(t, w.visible)), fmt.Sprintf(`{"lat":%v,"lon":%v,"need":"stroke","age":"70"}`, w.origin.Lat, w.origin.Lon))
		if a.TwoLegs != nil && a.TwoLegs.Transferred != nil {
			return
		}
	}
	t.Error("none does")
}

// An ambulance with siren takes less than a car, by the factor of the server, which a
// replay is held to.
func TestBySiren(t *testing.T) {
	s := serverOver(t, strokes())
	h := letsGo(t, s)
	const question = `{"lat":44.51,"lon":3.5,"code":"R211|356","limit":2`
	car := orientation0(t, h, question+`}`).Results[1].Travel
	for factor, want := range map[float64]float64{0: 0.8, 0.5: 0.5, 1: 1} {
		s.Siren = factor
		for _, mode := range []string{"ambulance", "ambulance_siren"} {
			a := orientation0(t, h, question+`,"mode":"`+mode+`"}`)
			way := a.Results[1].Travel
			if math.Abs(way.Minutes-want*car.Minutes) > 0.1 || way.Mode != "ambulance_siren" || !strings.Contains(a.Results[1].Text.English, "with siren") {
				t.Errorf("%s at %v: %+v, by car %+v", mode, factor, way, car)
			}
			if w := post(h, "/v1/replay", `{"basis":"`+a.Basis+`"}`, 0); w.Code != 200 {
				t.Errorf("replayed: %d", w.Code)
			}
			s.Siren = 0.7
			if w := post(h, "/v1/replay", `{"basis":"`+a.Basis+`"}`, 0); w.Code != http.StatusGone {
				t.Errorf("replayed by another factor: %d", w.Code)
			}
			s.Siren = factor
		}
	}
}

// A helicopter goes where it is known to land, for who may know of it, when the
// caller says that it flies; to all others the mode is refused, whatever there is.
func TestByHelicopter(t *testing.T) {
	offers := strokes()
	for i := range offers {
		offers[i].Organizations = []data.Organization{{ID: data.ID("site-" + string(offers[i].ID)), Kind: data.Establishment}}
		offers[i].Places[0].ID = offers[i].ID
	}
	offers[1].Organizations[0].DropZone = data.Yes
	h := letsGo(t, serverOver(t, offers))
	const question = `{"lat":44.51,"lon":3.5,"code":"R211|157","limit":2`
	for _, c := range []struct {
		body     string
		profiles string
		want     string // what is chosen, or which parameters are at fault
	}{
		{question + `,"mode":"helicopter","flight":"day"}`, "14", "far"},
		{question + `,"mode":"helicopter","flight":"night"}`, "14", "far night-landing"},
		{question + `,"mode":"helicopter","flight":"none"}`, "14", "at flight"},
		{question + `,"mode":"helicopter","flight":"dusk"}`, "14", "at flight"},
		{question + `,"mode":"helicopter"}`, "14", "at flight"},
		{question + `,"flight":"day"}`, "14", "at flight"},
		{question + `,"mode":"helicopter","flight":"day"}`, "0235", "at mode"},
		{question + `,"mode":"helicopter"}`, "0235", "at mode"},
	} {
		for _, profile := range []byte(c.profiles) {
			w := post(h, "/v1/orientations", c.body, profile)
			said := ""
			if w.Code == 200 {
				a := decode[orientationAnswer](t, w)
				said = chosen(a)
				for _, warned := range a.Warnings {
					if warned.Code == "night-landing" {
						said += " " + warned.Code
					}
				}
			} else {
				for _, f := range decode[Problem](t, w).Errors {
					said += "at " + f.Parameter
				}
			}
			if said != c.want {
				t.Errorf("%s to profile %c: %q, want %q: %s", c.body, profile, said, c.want, w.Body)
			}
		}
	}
}

// A key that is short is refused; what editors add is no part of it.
func TestReadSecret(t *testing.T) {
	long := strings.Repeat("k", 32)
	for text, want := range map[string]string{long: long, " " + long + "\r\n": long, long[1:]: "", long[1:] + "\n\n": "", "": ""} {
		got, err := ReadSecret(strings.NewReader(text))
		if string(got) != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// Who comes to the commune and has no position is not ranked, and listed to be called,
// whatever was relaxed; who goes elsewhere, or is excluded or hidden, is not.
func TestUnplacedAreListed(t *testing.T) {
	nurse := func(id string, zone string, change func(*data.Offer)) data.Offer {
		o := data.Offer{
			ID: data.ID(id), Name: "Nurse " + id, Type: "R244|28", Field: data.FieldPrivateTown, Updated: data.NewDate(2026, 3, 1),
			Zones:    []data.Zone{{Kind: data.ZoneDepartement, Code: zone}},
			Telecoms: []data.Telecom{{Channel: data.Phone, Value: "+33466000000", Level: data.LevelFree}},
		}
		change(&o)
		return o
	}
	as := func(*data.Offer) {}
	offers := append(strokes()[:2],
		nurse("b", "48", as), nurse("a", "48", as), nurse("elsewhere", "75", as), nurse("refused", "48", as),
		nurse("hidden", "48", func(o *data.Offer) { o.Sensitive = true }),
		nurse("closed", "48", func(o *data.Offer) { o.Hours.Closures = []data.Period{{}} }),
		nurse("placed", "48", func(o *data.Offer) { o.Places = strokes()[0].Places }),
	)
	h := letsGo(t, serverOver(t, offers))
	for body, want := range map[string]string{
		`"need":"nurse","age":70,"exclude":"refused"`:                 "placed: a b",
		`"need":"nurse","age":70,"exclude":["refused","placed"]`:      "near: a b", // an emergency department, in the end
		`"type":"28","travels_to":"48095","exclude":"refused"`:        "placed: a b closed",
		`"type":"28","travels_to":"75104","exclude":"refused"`:        ": elsewhere",
		`"type":"28","exclude":"refused"`:                             "placed:",
		`"need":"stroke","age":70`:                                    "near:",
		`"need":"nurse","age":70,"exclude":"refused","radius_km":0.1`: "placed: a b",
	} {
		a := orientation0(t, h, `{"lat":44.51,"lon":3.5,"limit":1,`+body+`}`)
		said := ""
		if len(a.Results) > 0 {
			said = chosen(a)
		}
		said += ":"
		for _, u := range a.Unplaced {
			said += " " + u.Offer.ID
			if len(u.Offer.Zones) != 1 || len(u.Offer.Contacts) != 1 || u.Text.French == "" || u.Offer.Place != nil {
				t.Errorf("%s: %+v", body, u)
			}
		}
		if said != want || !a.UnplacedAll {
			t.Errorf("%s: %q, want %q", body, said, want)
		}
	}
}

// A part that rests on a record says whose it is and of when; the way does not, nor
// beds of which nobody said when.
func TestPartsNameTheirSource(t *testing.T) {
	offers := strokes()[:1]
	o := &offers[0]
	o.Sources = []data.Provenance{{Source: "made-up"}}
	o.Updated, o.Places[0].Quality = data.NewDate(2026, 1, 15), data.AtCommune
	o.Hours = data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 20 * 60, To: 22 * 60, Kind: data.HoursOpening}}}
	o.Places[0].Capacity = []data.Capacity{{Status: data.Available, Temporality: data.Current}}
	h := serverOver(t, offers).Handler()
	w := post(h, "/v1/orientations", `{"lat":44.51,"lon":3.5,"code":"R211|157","limit":1}`, '1')
	a := decode[orientationAnswer](t, w)
	if w.Code != 200 || len(a.Results) != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	told := map[string]string{}
	for _, p := range a.Results[0].Parts {
		told[p.Reason] = p.Source + " " + p.AsOf
	}
	for reason, want := range map[string]string{
		"travel": " ", "closed": "made-up 2026-01-15T00:00:00Z", "position-commune": "made-up 2026-01-15T00:00:00Z",
	} {
		if told[reason] != want {
			t.Errorf("%s: %q, want %q of %v", reason, told[reason], want, told)
		}
	}
	parts := newParts([]ranking.Part{{Reason: ranking.NoFreeBed}, {Reason: ranking.BedsOld, Told: time.Unix(0, 0)}, {Reason: ranking.Longer}}, o)
	if parts[0].Source != "made-up" || parts[0].AsOf != "" || parts[1].AsOf != "1970-01-01T00:00:00Z" || parts[2].Source != "" {
		t.Errorf("of beds: %+v", parts)
	}
}
