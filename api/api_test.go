package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/twin"
	"boussole/ranking"
)

// call returns the answer to a GET, with a key when one is given.
func call(h http.Handler, path, authorization string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	return v
}

// town is a server over three offers around one point.
func town(t *testing.T) http.Handler {
	t.Helper()
	at := func(lat float64) []data.Place {
		return []data.Place{{
			ID: "place", Point: geo.Point{Lat: lat, Lon: 2.35}, Quality: data.AtStreet,
			Address: data.Address{Number: "1", Street: "RUE DE L'EXEMPLE", Postcode: "75004", City: "PARIS", Commune: "75104"},
		}}
	}
	weekdays := data.On(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	beds := at(48.86)
	beds[0].Capacity = []data.Capacity{
		{Nature: data.Bed, Status: data.Installed, Temporality: data.Current, Number: 12, Source: data.ByHand},
		{Nature: data.Bed, Status: data.Available, Temporality: data.Current, Number: 2, Updated: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)},
	}
	site := []data.Organization{{
		ID: "site", Kind: data.Establishment, Name: "Pharmacie exemple", Category: "R66|620", CategoryLabel: "Pharmacie d'Officine",
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "000000018"}},
	}}
	return letsGo(t, serverOver(t, []data.Offer{
		{ID: "pharmacy", Name: "Pharmacie exemple", Category: "R66|620", Places: at(48.851), Organizations: site,
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "000000018"}, {System: data.SystemROR, Value: "00/1"}, {System: data.SystemROR, Value: "p00000018"}},
			Hours:       data.Hours{Weekly: []data.Opening{{Days: weekdays, From: 14 * 60, To: 19 * 60, Kind: data.HoursOpening}}},
			Telecoms:    []data.Telecom{{Channel: data.Phone, Value: "+33199000000", Level: data.LevelFree}},
			Sources:     []data.Provenance{{Source: "test"}}},
		{ID: "emergency", Name: "Urgences exemple", Type: "R244|20", Activities: []data.Code{"R211|157"}, Places: beds,
			Acts: []data.Code{"R210|0459"}, Ages: data.AgeRange{Min: 15 * data.AgeYear},
			Hours: data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 0, To: data.Midnight}}}},
		{ID: "unknown", Name: "Service exemple", Activities: []data.Code{"R211|157"}, Places: at(48.87)},
		{ID: "home", Name: "Service à domicile exemple", Activities: []data.Code{"R211|157"}},
	}))
}

func ids(a nearestAnswer) string {
	var list []string
	for _, r := range a.Results {
		list = append(list, r.Offer.ID)
	}
	return strings.Join(list, " ")
}

// The clock of these tests stands at Monday 2 March 2026, 11:00 in Paris.
func TestNearest(t *testing.T) {
	h := town(t)
	cases := []struct{ name, query, want string }{
		{"everything placed, nearest first", "", "pharmacy emergency unknown"},
		{"limit", "limit=1", "pharmacy"},
		{"a code", "code=R211|157", "emergency unknown"},
		{"a comma is any of", "code=R66|620,R244|20", "pharmacy emergency"},
		{"a repeated parameter is all of", "code=R211|157&code=R244|20", "emergency"},
		{"a category", "category=620", "pharmacy"},
		{"a category with its system", "category=R66|620", "pharmacy"},
		{"a type", "type=20", "emergency"},
		{"categories any of", "category=620,621", "pharmacy"},
		{"a category is of the establishment, not of a service", "category=620&code=R211|157", ""},
		{"a code that nothing carries", "code=R211|999", ""},
		{"a code that the public may not see", "code=R210|0459", ""},
		{"known to be open", "open=yes", "emergency"},
		{"perhaps open", "open=possible", "emergency unknown"},
		{"known to be open in the afternoon", "open=yes&at=2026-03-02T15:00:00%2B01:00", "pharmacy emergency"},
		{"a plus that was not escaped", "open=yes&at=2026-03-02T15:00:00+01:00", "pharmacy emergency"},
		{"known to be open on a public holiday", "open=yes&at=2026-05-01T15:00:00%2B02:00", "emergency"},
		{"perhaps open on a public holiday", "open=possible&at=2026-05-01T15:00:00%2B02:00", "pharmacy emergency unknown"},
		{"on Sunday", "open=yes&at=2026-03-01T14:00:00Z", "emergency"},
		{"an age that is refused", "age=14", "pharmacy unknown"},
		{"an age that is received", "age=15", "pharmacy emergency unknown"},
		{"a newborn", "age=3d", "pharmacy unknown"},
		{"a radius", "radius_km=0.5", "pharmacy"},
		{"a radius that is the distance", "radius_km=0.111195", "pharmacy"},
		{"a radius of next to nothing", "radius_km=0.0000001", ""},
		{"a radius a millimetre short", "radius_km=0.111194", ""},
		{"a département", "departement=75", "pharmacy emergency unknown"},
		{"another département", "departement=01,974", ""},
	}
	for _, c := range cases {
		w := call(h, "/v1/nearest?lat=48.85&lon=2.35&"+strings.ReplaceAll(c.query, "|", "%7C"), "")
		a := decode[nearestAnswer](t, w)
		if w.Code != 200 || ids(a) != c.want || !a.Complete || a.Basis == "" {
			t.Errorf("%s: %d %q, want %q\n%s", c.name, w.Code, ids(a), c.want, w.Body)
		}
	}
}

// What is open now, when one gets there (4.6 minutes later), and on 1 May.
func TestOpenNowAndOnArrival(t *testing.T) {
	h := town(t)
	cases := []struct{ name, at, open, warning string }{
		{"open both times", "2026-03-02T15:00:00Z", `{"state":"yes","on_arrival":"yes","source":"test"}`, ""},
		{"it opens on the way", "2026-03-02T12:57:00Z", `{"state":"no","on_arrival":"yes","opens_at":"2026-03-02T14:00:00+01:00","source":"test"}`, ""},
		{"it closes on the way", "2026-03-02T17:57:00Z", `{"state":"yes","on_arrival":"no","source":"test"}`, "open-until-arrival"},
		{"on a public holiday", "2026-05-01T13:00:00Z", `{"state":"unknown","on_arrival":"unknown","holiday":"Fête du Travail","source":"test"}`, "public-holiday"},
	}
	for _, c := range cases {
		w := call(h, "/v1/nearest?lat=48.85&lon=2.35&category=620&at="+c.at, "")
		if !strings.Contains(w.Body.String(), `"open":`+c.open) {
			t.Errorf("%s: got %s, want %s", c.name, w.Body, c.open)
		}
		for _, code := range []string{"open-until-arrival", "public-holiday", "hours-unknown"} {
			if got := strings.Contains(w.Body.String(), `"code":"`+code+`"`); got != (code == c.warning) {
				t.Errorf("%s: warning %s is %v", c.name, code, got)
			}
		}
	}
}

// open=yes hides those whose hours a holiday makes unknown, and says why.
func TestOpenYesOnAPublicHoliday(t *testing.T) {
	for at, want := range map[string]bool{"2026-05-01T13:00:00Z": true, "2026-05-04T13:00:00Z": false} {
		w := call(town(t), "/v1/nearest?lat=48.85&lon=2.35&open=yes&at="+at, "")
		if got := strings.Contains(w.Body.String(), "those of a public holiday (Fête du Travail) among them"); got != want {
			t.Errorf("%s: %s", at, w.Body)
		}
	}
}

func TestInventedOffersSaySo(t *testing.T) {
	place := []data.Place{{Point: geo.Point{Lat: 48.85, Lon: 2.35}, Quality: data.AtStreet}}
	for source, want := range map[string]bool{data.Invented: true, "finess": false} {
		h := serverOver(t, []data.Offer{{ID: "a", Places: place, Sources: []data.Provenance{{Source: source}}}}).Handler()
		for _, path := range []string{"/v1/nearest?lat=48.85&lon=2.35", "/v1/offers/a"} {
			w := call(h, path, "")
			if got := strings.Contains(w.Body.String(), "invented"); got != want {
				t.Errorf("%s of %s: %s", path, source, w.Body)
			}
		}
	}
}

func TestNearestAnswer(t *testing.T) {
	w := call(town(t), "/v1/nearest?lat=48.85&lon=2.35&age=30", "")
	const want = `{"offer":{"id":"pharmacy","name":"Pharmacie exemple","finess":"000000018",` +
		`"site":{"id":"site","name":"Pharmacie exemple","finess":"000000018","category":"620","category_label":"Pharmacie d'Officine"},` +
		`"codes":["R66|620"],"place":{"id":"place","lat":48.851,"lon":2.35,"quality":"street",` +
		`"address":"1 RUE DE L'EXEMPLE, 75004 PARIS","commune":"75104","departement":"75"},` +
		`"contacts":[{"channel":"phone","value":"+33199000000"}]},"distance_m":111.195,` +
		`"travel":{"minutes":7.9,"mode":"car","source":"straight","low_minutes":6.3,"high_minutes":9.8},` +
		`"open":{"state":"no","on_arrival":"no","opens_at":"2026-03-02T14:00:00+01:00","source":"test"},"beds":{"state":"unknown","source":"test"},"age":"unknown"}`
	if !strings.Contains(w.Body.String(), want) {
		t.Errorf("got\n%s\nwithout\n%s", w.Body, want)
	}
	a := decode[nearestAnswer](t, w)
	codes := ""
	for _, warning := range a.Warnings {
		codes += warning.Code + " "
	}
	if codes != "travel-estimated hours-unknown age-unknown " {
		t.Errorf("warnings %s", codes)
	}
	if w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestBedsAreYesNoOrUnknown(t *testing.T) {
	h := town(t)
	for _, c := range []struct{ key, want string }{{"", "unknown"}, {"Bearer key-1", "yes"}, {"Bearer key-5", "unknown"}} {
		a := decode[nearestAnswer](t, call(h, "/v1/nearest?lat=48.85&lon=2.35&type=20", c.key))
		if got := a.Results[0].Beds; got.State != c.want {
			t.Errorf("%q: beds %+v, want %s", c.key, got, c.want)
		}
	}
}

func TestNearestOfACommune(t *testing.T) {
	h := town(t)
	for _, query := range []string{"insee=75056", "insee=75104", "postcode=75004", "postcode=75116"} {
		w := call(h, "/v1/nearest?"+query, "")
		if a := decode[nearestAnswer](t, w); w.Code != 200 || len(a.Results) != 3 || strings.Contains(w.Body.String(), "postcode-shared") {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
	w := call(h, "/v1/nearest?postcode=01190", "") // nine villages of the Ain
	a := decode[nearestAnswer](t, w)
	if w.Code != 200 || a.Warnings[0].Code != "postcode-shared" || !strings.Contains(a.Warnings[0].Text.French, "Boissey (01050)") {
		t.Errorf("%d %+v", w.Code, a.Warnings)
	}
}

func TestCommunes(t *testing.T) {
	h := town(t)
	for query, want := range map[string]string{
		"q=mende": "48095", "q=St%20Etienne": "42218", "q=saint-%C3%A9tienne&limit=1": "42218", "q=lyon%203": "69383",
		"q=75116": "75116", "q=97501": "97501", "q=nowhere%20at%20all": "",
	} {
		w := call(h, "/v1/communes?"+query, "")
		a := decode[communesAnswer](t, w)
		got := ""
		if len(a.Results) > 0 {
			got = a.Results[0].INSEE
		}
		if w.Code != 200 || got != want {
			t.Errorf("%s: %d %s, want %s", query, w.Code, got, want)
		}
	}
	for _, query := range []string{"", "q=", "q=mende&limit=0", "q=mende&x=1", "q=a&q=b"} {
		if w := call(h, "/v1/communes?"+query, ""); w.Code != 400 {
			t.Errorf("%q: %d", query, w.Code)
		}
	}
}

// Every fault is named at once.
func TestFaults(t *testing.T) {
	h := town(t)
	cases := []struct {
		name, query string
		want        string // parameters at fault
	}{
		{"nothing", "", "lat lon"},
		{"one missing", "lat=48.85", "lon"},
		{"empty", "lat=&lon=2", "lat"},
		{"two origins", "lat=48&lon=2&insee=75056", "insee"},
		{"two communes", "insee=75056&postcode=75004", "insee"},
		{"no commune", "insee=99999", "insee"},
		{"no postcode", "postcode=00000", "postcode"},
		{"a commune that is not placed", "insee=97502", "insee"},
		{"a postcode that is not placed", "postcode=97500", "postcode"},
		{"an empty code", "insee=", "insee"},
		{"no numbers", "lat=abc&lon=NaN", "lat lon"},
		{"infinite", "lat=48&lon=Inf", "lon"},
		{"hexadecimal", "lat=0x1.8p5&lon=2", "lat"},
		{"a plus", "lat=48&lon=2&limit=%2B5", "limit"},
		{"out of range", "lat=91&lon=181", "lat lon"},
		{"swapped", "lat=2.35&lon=48.85", "lat"},
		{"swapped overseas", "lat=55.45&lon=-20.88", "lat"},
		{"swapped and out of range", "lat=166.45&lon=-22.27", "lat lat"},
		{"twice", "lat=48&lat=49&lon=2", "lat"},
		{"unknown parameters", "lat=48&lon=2&radius=3&LIMIT=2", "LIMIT radius"},
		{"malformed codes", "lat=48&lon=2&code=157&code=R9%7C1&code=R211%7C&code=R211%7C1%2F2", "code code code code"},
		{"an empty one of several", "lat=48&lon=2&code=R211%7C157,", "code"},
		{"a category of another system", "lat=48&lon=2&category=R211%7C157", "category"},
		{"a category that is none", "lat=48&lon=2&category=6%200", "category"},
		{"a type that is none", "lat=48&lon=2&type=", "type"},
		{"ages", "lat=48&lon=2&age=old", "age"},
		{"too old", "lat=48&lon=2&age=151", "age"},
		{"dates", "lat=48&lon=2&at=2026-03-01", "at"},
		{"no such day", "lat=48&lon=2&at=2026-02-30T10:00:00Z", "at"},
		{"too far in the past", "lat=48&lon=2&at=1026-02-20T10:00:00Z", "at"},
		{"open", "lat=48&lon=2&open=no", "open"},
		{"radii", "lat=48&lon=2&radius_km=0", "radius_km"},
		{"a radius beyond the Earth", "lat=48&lon=2&radius_km=20041", "radius_km"},
		{"limits", "lat=48&lon=2&limit=0", "limit"},
		{"a limit too high", "lat=48&lon=2&limit=101", "limit"},
		{"a limit that is no number", "lat=48&lon=2&limit=1e1", "limit"},
		{"départements", "lat=48&lon=2&departement=20,99", "departement departement"},
		{"a bad escape", "lat=48&lon=2&code=%zz", "(query)"},
		{"all at once", "lat=91&age=x&at=x&limit=x&foo=1", "lat lon age at limit foo"},
	}
	for _, c := range cases {
		w := call(h, "/v1/nearest?"+c.query, "")
		p := decode[Problem](t, w)
		var at []string
		for _, f := range p.Errors {
			at = append(at, f.Parameter)
			if f.Detail == "" {
				t.Errorf("%s: a fault of %s without a word", c.name, f.Parameter)
			}
		}
		got := strings.Join(at, " ")
		if c.name == "all at once" { // the missing longitude comes where it is read
			got, c.want = sorted(got), sorted(c.want)
		}
		if w.Code != 400 || p.Status != 400 || got != c.want || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d, faults in %q, want %q\n%s", c.name, w.Code, got, c.want, w.Body)
		}
	}
}

func sorted(words string) string {
	values := url.Values{}
	for word := range strings.FieldsSeq(words) {
		values.Set(word, "")
	}
	return values.Encode()
}

// What is answered to a fault does not grow with what was sent.
func TestFaultsAreShort(t *testing.T) {
	h := town(t)
	long := strings.Repeat("x", 3900)
	for _, parameter := range []string{"lat", "code", "category", "age", "at", "open", "limit", "departement", "radius_km", long} {
		if w := call(h, "/v1/nearest?lat=48&lon=2&"+parameter+"="+long, ""); w.Code != 400 || w.Body.Len() > 1500 {
			t.Errorf("%.20s: %d with %d bytes", parameter, w.Code, w.Body.Len())
		}
	}
	if w := call(h, "/v1/nearest?lat=48&lon=2&code="+strings.Repeat("R211%7C1,", 800)+"R211%7C1", ""); w.Code != 400 || w.Body.Len() > 500 {
		t.Errorf("800 codes: %d with %d bytes", w.Code, w.Body.Len())
	}
	if w := call(h, "/v1/nearest?lat=48&lon=2&code="+strings.Repeat("x,", 3000), ""); w.Code != 400 || w.Body.Len() > 8000 || !strings.Contains(w.Body.String(), "for 2951 reasons more") {
		t.Errorf("3,000 malformed codes: %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestOffer(t *testing.T) {
	h := town(t)
	for _, id := range []string{"pharmacy", "000000018", "FINESS%7C000000018", "FINESS%7c000000018", "FINESS|000000018", "%7000000018", "00%2F1", "ROR%7C00%2F1"} {
		w := call(h, "/v1/offers/"+id, "")
		a := decode[offerDetail](t, w)
		if w.Code != 200 || a.Offer.ID != "pharmacy" || a.Open.State != "no" || len(a.Offer.Places) != 1 {
			t.Errorf("%s: %d %s", id, w.Code, w.Body)
		}
	}
	home := decode[offerDetail](t, call(h, "/v1/offers/home", ""))
	if home.Offer.ID != "home" || home.Offer.Places != nil || home.Open.State != "unknown" {
		t.Errorf("an offer without a place: %+v", home)
	}
	for path, status := range map[string]int{
		"/v1/offers/none": 404, "/v1/offers/": 404, "/v1/offers/%2e%2e%2fx": 404,
		"/v1/offers/pharmacy?at=x": 400, "/v1/offers/pharmacy?lat=1": 400, "/": 404, "/v1": 404,
	} {
		w := call(h, path, "")
		if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d, want %d\n%s", path, w.Code, status, w.Body)
		}
	}
}

func TestOnlyGetIsAnswered(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
		w := httptest.NewRecorder()
		town(t).ServeHTTP(w, httptest.NewRequest(method, "/v1/nearest?lat=48&lon=2", strings.NewReader("x")))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}

func TestHeadIsAnsweredAndTheRestRefused(t *testing.T) {
	h := town(t)
	for _, path := range []string{"/healthz", "/v1/nearest?lat=48&lon=2", "/v1/offers/pharmacy"} {
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, httptest.NewRequest("HEAD", path, nil)); w.Code != 200 {
			t.Errorf("HEAD %s: %d", path, w.Code)
		}
		w = httptest.NewRecorder()
		if h.ServeHTTP(w, httptest.NewRequest("POST", path, nil)); w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s allows %q", path, w.Header().Get("Allow"))
		}
	}
}

// slow never answers before the question is given up.
type slow struct{ geo.Straight }

func (slow) Times(ctx context.Context, _ geo.Point, _ []geo.Point) ([]geo.Travel, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestPatienceEnds(t *testing.T) {
	s := serverOver(t, []data.Offer{{ID: "a", Places: []data.Place{{Quality: data.AtStreet}}}})
	s.Patience, s.Finder.Timer = 20*time.Millisecond, slow{}
	if w := call(letsGo(t, s), "/v1/nearest?lat=48&lon=2", ""); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a question that takes too long: %d %s", w.Code, w.Body)
	}
}

func TestBodyIsBounded(t *testing.T) {
	h := town(t)
	for size, status := range map[int]int{0: 200, 64 << 10: 200, 64<<10 + 1: 413, 1 << 20: 413} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/v1/nearest?lat=48.85&lon=2.35", strings.NewReader(strings.Repeat("x", size))))
		if w.Code != status {
			t.Errorf("a body of %d bytes: %d, want %d", size, w.Code, status)
		}
	}
}

// What a place has of its own: its codes, its clocks, its doubts.
func TestAnswerAtAPlace(t *testing.T) {
	hours := data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 8 * 60, To: 12 * 60}}}
	h := letsGo(t, serverOver(t, []data.Offer{
		{ID: "reunion", Hours: hours, Places: []data.Place{{ID: "p", Function: "R343|013", Doubted: true, Quality: data.AtCommune,
			Point: geo.Point{Lat: -20.88, Lon: 55.45}, Address: data.Address{Commune: "97411"}}}},
		{ID: "home", Hours: hours, Zones: []data.Zone{{Kind: data.ZoneDepartement, Code: "974"}}},
	}))
	at := "at=2026-03-02T05:00:00Z" // nine in the morning there, six in Paris
	a := decode[nearestAnswer](t, call(h, "/v1/nearest?lat=-20.88&lon=55.45&code=R343%7C013&open=yes&"+at, ""))
	if len(a.Results) != 1 || a.Results[0].Open.State != "yes" || !slices.Contains(a.Results[0].Offer.Codes, "R343|013") {
		t.Fatalf("%+v", a)
	}
	var codes []string
	for _, w := range a.Warnings {
		codes = append(codes, w.Code)
	}
	if got := strings.Join(codes, " "); got != "travel-estimated open-yes position-commune position-doubted" {
		t.Errorf("warnings %s", got)
	}
	for _, id := range []string{"reunion", "home"} {
		if d := decode[offerDetail](t, call(h, "/v1/offers/"+id+"?"+at, "")); d.Open.State != "yes" || d.Beds.State != "unknown" {
			t.Errorf("%s: %+v %+v", id, d.Open, d.Beds)
		}
	}
	if w := call(h, "/v1/nearest?lat=48&lon=2&open=yes&code=R211%7C157", ""); !strings.Contains(w.Body.String(), "open-yes") {
		t.Errorf("nothing known to be open, and no word of the unknown: %s", w.Body)
	}
	if w := call(h, "/v1/offers/home", ""); strings.Contains(w.Body.String(), "null") {
		t.Errorf("a null in %s", w.Body)
	}
}

func TestBounds(t *testing.T) {
	h := town(t)
	if w := call(h, "/v1/nearest?lat=48&lon=2&x="+strings.Repeat("y", 9000), ""); w.Code != http.StatusRequestURITooLong {
		t.Errorf("a question of 9,000 bytes: %d", w.Code)
	}
}

// Whoever shows a key that opens nothing is told so, and is not the public.
func TestWhoAsks(t *testing.T) {
	h := town(t)
	cases := []struct {
		authorization string
		status        int
		sees          int
	}{
		{"", 200, 0}, {"Bearer key-0", 200, 0}, {"Bearer key-1", 200, 1}, {"bearer key-2", 200, 1}, {"Bearer key-3", 200, 0},
		{"Bearer key-9", 401, 0}, {"Bearer ", 401, 0}, {"Bearer  ", 401, 0}, {"Bearer", 401, 0}, {"key-1", 401, 0}, {"Basic key-1", 401, 0},
	}
	for _, c := range cases {
		w := call(h, "/v1/nearest?lat=48.85&lon=2.35&code=R210%7C0459", c.authorization)
		if w.Code != c.status || c.status == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %d, want %d", c.authorization, w.Code, c.status)
			continue
		}
		if c.status == 200 {
			if a := decode[nearestAnswer](t, w); len(a.Results) != c.sees {
				t.Errorf("%q: finds %d by a restricted act, want %d", c.authorization, len(a.Results), c.sees)
			}
		}
	}
	r := httptest.NewRequest("GET", "/v1/nearest?lat=48.85&lon=2.35", nil)
	r.Header["Authorization"] = []string{"Bearer key-0", "Bearer key-1"}
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 401 {
		t.Errorf("two keys: %d", w.Code)
	}
}

func TestReadKeysNamesEveryFault(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	_, err := ReadKeys(strings.NewReader("# a comment\n\n6 " + sum + " six\n1 zz one\n2 " + sum + "\n1 " + sum + " good\n2 " + sum + " twice\n" +
		"1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 empty\n"))
	if err == nil {
		t.Fatal("no fault found")
	}
	for _, want := range []string{"line 3", "line 4", "line 5", "line 7", "line 8"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "line 6") {
		t.Errorf("%q finds fault with line 6", err)
	}
}

// A fault of ours stays in its request, and its text stays here.
func TestPanicIsAProblem(t *testing.T) {
	s := serverOver(t, nil)
	s.Finder = nil
	w := call(letsGo(t, s), "/v1/nearest?lat=48&lon=2", "")
	if w.Code != 500 || strings.Contains(w.Body.String(), "nil") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHealth(t *testing.T) {
	h := town(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if w := call(h, path, ""); w.Code != 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func BenchmarkNearestOverHTTP(b *testing.B) {
	g, err := index.New(data.Memory(twin.World(1, 30_000)))
	if err != nil {
		b.Fatal(err)
	}
	server := &Server{Guard: index.NewGuard(g), Finder: &ranking.Finder{}}
	h := server.Handler()
	r := httptest.NewRequest("GET", "/v1/nearest?lat=48.85&lon=2.35&code=R211%7C157&limit=10", nil)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
