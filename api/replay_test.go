package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
)

// aRouter tells times by where one goes, some of them in every way that there is,
// and slower with each call, so that nobody asks it once more unseen.
type aRouter struct {
	asked *[]geo.Point // what it was, where that is counted
	calls *int
}

func (r aRouter) Times(_ context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	var jam time.Duration
	if r.calls != nil {
		*r.calls++
		jam = time.Duration(*r.calls) * time.Second
	}
	ways := make([]geo.Travel, len(to))
	for i, p := range to {
		n := time.Duration((p.Lat+2*p.Lon)*1e5) % 1000
		ways[i] = geo.Travel{Time: jam + n*1700*time.Millisecond, Reachable: n%11 != 0}
		switch n % 4 {
		case 1:
			ways[i].Time += 3
			ways[i].Low, ways[i].High = ways[i].Time/2, ways[i].Time*2
		case 2:
			ways[i].Doubt, ways[i].Source = geo.DoubtDegraded, fmt.Sprintf("source %d", n%3)
		}
	}
	if r.asked != nil {
		*r.asked = append(*r.asked, to...)
	}
	return ways, nil
}
func (aRouter) Floor(geo.Point, geo.Meters) time.Duration { return 0 }
func (aRouter) Name() (string, string)                    { return "car", "router" }

// closed makes offers of which a need climbs its whole ladder.
func closed(offers []data.Offer) []data.Offer {
	for i := range offers {
		offers[i].Hours = data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: 60, To: 120, Kind: data.HoursOpening}}}
	}
	return offers
}

func basisFor(t *testing.T, h http.Handler, body string) (basis, answer string) {
	t.Helper()
	w := post(h, "/v1/orientations", body, 0)
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", body, w.Code, w.Body)
	}
	return decode[orientationAnswer](t, w).Basis, w.Body.String()
}

// Each way is asked for once: on however many rungs of a ladder, in two legs, and of
// however many offers at one door that come in several lots.
func TestWaysAreAskedForOnce(t *testing.T) {
	var oneDoor []data.Offer
	for i := range 40 {
		o := strokes()[2]
		o.ID = data.ID(fmt.Sprintf("unit-%02d", i))
		oneDoor = append(oneDoor, o)
	}
	const need = `"need":"stroke","age":70,"limit":4`
	for _, c := range []struct {
		name, asks string
		offers     []data.Offer
	}{
		{"climbing the ladder", need, closed(strokes())},
		{"in two legs", need, strokes()},
		{"one door", `"code":"R211|356","passed_over":0,"limit":1`, oneDoor},
	} {
		s := serverOver(t, c.offers)
		var asked []geo.Point
		s.Finder = &ranking.Finder{Timer: aRouter{asked: &asked}}
		h := s.Handler()
		basis, answer := basisFor(t, h, `{"lat":44.51,"lon":3.5,`+c.asks+`}`)
		seen := make(map[geo.Point]bool)
		for _, p := range asked {
			if seen[p] {
				t.Errorf("%s: %v is asked for twice of %d", c.name, p, len(asked))
			}
			seen[p] = true
		}
		before := len(asked)
		if w := post(h, "/v1/replay", `{"basis":"`+basis+`"}`, 0); w.Body.String() != answer || len(asked) != before || before == 0 {
			t.Errorf("%s: asked %d, then %d: %s\n%s", c.name, before, len(asked), w.Body, answer)
		}
	}
}

// What a record does not tell is not estimated: the answer is gone.
func TestReplayOfAnotherProgram(t *testing.T) {
	s := serverOver(t, strokes())
	s.Finder = &ranking.Finder{Timer: aRouter{}}
	body := `{"lat":44.51,"lon":3.5,"need":"stroke","age":70,"limit":2}`
	token, _ := basisFor(t, s.Handler(), body)
	for name, change := range map[string]func(*basis){
		"another edition":      func(b *basis) { b.Edition += "x" },
		"other needs":          func(b *basis) { b.Needs += "x" },
		"another router":       func(b *basis) { b.Timer = "car other" },
		"nothing told":         func(b *basis) { b.ways.told = nil },
		"cut short":            func(b *basis) { b.ways.told = b.ways.told[:len(b.ways.told)-1] },
		"more than is asked":   func(b *basis) { b.ways.told = append(b.ways.told, 0) },
		"times to other doors": func(b *basis) { b.ways.told[0] ^= 1 },
		"another question":     func(b *basis) { b.Body = []byte(strings.Replace(string(b.Body), "44.51", "44.52", 1)) },
	} {
		b, err := s.unseal(token)
		if err != nil {
			t.Fatal(err)
		}
		change(b)
		if w := post(s.Handler(), "/v1/replay", `{"basis":"`+s.seal(b)+`"}`, 0); w.Code != http.StatusGone {
			t.Errorf("%s: %d %.200s", name, w.Code, w.Body)
		}
	}
	// Nor is what a router told given for the program's own estimate, or the other way round.
	own := *s
	own.Finder = &ranking.Finder{}
	if w := post(own.Handler(), "/v1/replay", `{"basis":"`+token+`"}`, 0); w.Code != http.StatusGone {
		t.Errorf("without a router: %d %.200s", w.Code, w.Body)
	}
	token, _ = basisFor(t, own.Handler(), body)
	if w := post(s.Handler(), "/v1/replay", `{"basis":"`+token+`"}`, 0); w.Code != http.StatusGone {
		t.Errorf("with a router: %d %.200s", w.Code, w.Body)
	}
}

// An empty secret is none: everybody would know it.
func TestEmptySecret(t *testing.T) {
	s := serverOver(t, strokes())
	s.Secret = []byte{}
	token, _ := basisFor(t, s.Handler(), `{"lat":44.51,"lon":3.5,"code":"R211|157"}`)
	s.Secret = nil
	if _, err := s.unseal(token); err != nil {
		t.Errorf("sealed by an empty secret, not by that of the process: %v", err)
	}
}

// Whatever token is given can be given back; where none can, it is said.
func TestTokensComeBack(t *testing.T) {
	var many []data.Offer
	for i := range 1500 {
		o := strokes()[0]
		o.ID = data.ID(fmt.Sprintf("offer-%05d", i))
		o.Places[0].Point = geo.Point{Lat: 44.51 + float64(i%77)/500, Lon: 3.5 + float64(i/77)/500}
		many = append(many, o)
	}
	s := serverOver(t, closed(many))
	s.Finder = &ranking.Finder{Timer: aRouter{}}
	h := s.Handler()
	body := `{"lat":44.51,"lon":3.5,"code":"R211|157","wait_minutes":0}`
	token, answer := basisFor(t, h, body)
	if w := post(h, "/v1/replay", `{"basis":"`+token+`"}`, 0); w.Code != 200 || w.Body.String() != answer {
		t.Errorf("a token of %d bytes: %d %.200s", len(token), w.Code, w.Body)
	}
	if len(token) > 10*len(many) {
		t.Errorf("%d bytes for %d ways", len(token), len(many))
	}
	s.Finder = &ranking.Finder{} // its own times need not be told
	if token, _ := basisFor(t, h, body); len(token) > 1000 {
		t.Errorf("%d bytes where the program told the times itself", len(token))
	}
	noise := make([]byte, maxToken) // which cannot be packed
	rand.NewChaCha8([32]byte{}).Read(noise)
	for _, size := range []int{maxToken * 3 / 4 * 99 / 100, maxToken * 3 / 4} {
		b, a := &basis{Body: []byte(`{}`), ways: ways{told: noise[:size]}}, orientationAnswer{}
		s.base(&a, b)
		said := slices.ContainsFunc(a.Warnings, func(w warning) bool { return w.Code == "no-basis" })
		if large := size == maxToken*3/4; (a.Basis == "") != large || said != large {
			t.Errorf("%d bytes told: a token of %d, %v", size, len(a.Basis), a.Warnings)
		}
		if w := post(h, "/v1/replay", `{"basis": "`+a.Basis+`"}`, 0); a.Basis != "" && w.Code != http.StatusGone {
			t.Errorf("a token of %d bytes: %d %.200s", len(a.Basis), w.Code, w.Body)
		}
	}
}

// Offers are excluded by whatever names them to the viewer; what names none is said.
func TestExclude(t *testing.T) {
	offers := onDuty(strokes()[:2])
	offers[0].Identifiers = append(offers[0].Identifiers, data.Identifier{System: "OTHER", Value: "hidden number"})
	h := letsGo(t, serverOver(t, offers))
	for named, want := range map[string]string{
		"near": "far", "000000000": "far", "FINESS|000000000": "far", "none": "near", "hidden number": "near",
	} {
		a := orientation0(t, h, `{"lat":44.51,"lon":3.5,"code":"R211|157","limit":1,"exclude":"`+named+`"}`)
		said := slices.ContainsFunc(a.Warnings, func(w warning) bool {
			return w.Code == "exclude-unknown" && w.Text.English == fmt.Sprintf("exclude names no offer: %q", named)
		})
		if chosen(a) != want || said != (want == "near") {
			t.Errorf("%s: %s, %v", named, chosen(a), a.Warnings)
		}
	}
}

// An offer that comes nearest to suiting at a place without a position was found at
// another one, and is as far as that.
func TestPassedOverAtNoPosition(t *testing.T) {
	o := strokes()[:1]
	nowhere := o[0].Places[0]
	o[0].Places[0].ID, o[0].Places[0].Address = "a", data.Address{Commune: "48095", Departement: "48"}
	nowhere.ID, nowhere.Point, nowhere.Quality, nowhere.Address = "b", geo.Point{}, data.Unplaced, data.Address{Commune: "43157", Departement: "43"}
	o[0].Places = append(o[0].Places, nowhere)
	a := orientation0(t, serverOver(t, o).Handler(), `{"lat":44.51,"lon":3.5,"code":"R211|157","departement":"43","radius_km":1}`)
	want := float64(geo.Distance(geo.Point{Lat: 44.51, Lon: 3.5}, geo.Point{Lat: 44.53, Lon: 3.5}))
	if len(a.PassedOver) != 1 || a.PassedOver[0].Distance-want > 1 || want-a.PassedOver[0].Distance > 1 {
		t.Errorf("%+v, want %v", a.PassedOver, want)
	}
}

type silent struct{ aRouter }

func (silent) Times(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) {
	return nil, errors.New("down")
}

// Where estimates stand in for a router nothing is proven, and it is said, even
// where no result is there to say it.
func TestStandInsAreNotComplete(t *testing.T) {
	s := serverOver(t, strokes())
	s.Finder = &ranking.Finder{Timer: geo.Router(silent{}, geo.Straight{}, geo.RouterOptions{})}
	degraded := func(w warning) bool { return w.Code == "degraded-travel" }
	n := decode[nearestAnswer](t, call(s.Handler(), "/v1/nearest?lat=44.51&lon=3.5&code=R211%7C157&limit=1", ""))
	if len(n.Results) != 1 || n.Complete || !slices.ContainsFunc(n.Warnings, degraded) {
		t.Errorf("%+v", n)
	}
	a := orientation0(t, s.Handler(), `{"lat":44.51,"lon":3.5,"code":"R211|157","minutes":1}`)
	if len(a.Results) != 0 || a.Complete || !slices.ContainsFunc(a.Warnings, degraded) {
		t.Errorf("%+v", a)
	}
	s.Finder = &ranking.Finder{}
	n = decode[nearestAnswer](t, call(s.Handler(), "/v1/nearest?lat=44.51&lon=3.5&code=R211%7C157&limit=1", ""))
	if !n.Complete || slices.ContainsFunc(n.Warnings, degraded) {
		t.Errorf("without a router: %+v", n)
	}
}

// An ambulance keeps its siren where an estimate stands in for the router.
func TestStandInsOfASiren(t *testing.T) {
	s := serverOver(t, strokes())
	s.Finder, s.Siren = &ranking.Finder{Timer: silent{}}, 0.5
	of := func(mode string) float64 {
		a := orientation0(t, s.Handler(), `{"lat":44.51,"lon":3.5,"code":"R211|157","limit":1,"mode":"`+mode+`"}`)
		if len(a.Results) != 1 || a.Complete || !slices.Equal(a.Degraded, []string{"travel"}) {
			t.Fatalf("%s: %+v", mode, a)
		}
		return a.Results[0].Travel.Minutes
	}
	if car, siren := of("car"), of("ambulance"); math.Abs(siren-car/2) > 0.1 || car < 1 {
		t.Errorf("%v minutes by car, %v with a siren", car, siren)
	}
}

// Who comes is not asked whether it is open on arrival, and a bed for men is none
// for a woman.
func TestFactsOfAPatient(t *testing.T) {
	o := strokes()[:1]
	o[0].Places[0].Capacity = []data.Capacity{{Nature: data.Bed, Status: data.Available, Temporality: data.Current, Number: 3, Sex: data.Men}}
	h := serverOver(t, o).Handler()
	for sex, want := range map[string]string{"women": "unknown", "men": "yes"} {
		a := decode[orientationAnswer](t, post(h, "/v1/orientations", `{"lat":44.51,"lon":3.5,"code":"R211|157","sex":"`+sex+`"}`, '1'))
		if a.Results[0].Beds.State != want || a.Results[0].Open.OnArrival != "unknown" {
			t.Errorf("%s: %+v", sex, a.Results[0])
		}
		n := decode[nearestAnswer](t, call(h, "/v1/nearest?lat=44.51&lon=3.5&beds=possible&sex="+sex, "Bearer key-1"))
		if len(n.Results) != 1 || n.Results[0].Beds.State != want {
			t.Errorf("nearest for %s: %+v", sex, n.Results)
		}
	}
	o[0].Type, o[0].Activities = "", []data.Code{"R211|136"}
	h = serverOver(t, o).Handler()
	if a := orientation0(t, h, `{"lat":44.51,"lon":3.5,"age":70,"need":"arrest"}`); len(a.Results) != 1 || a.Results[0].Open.OnArrival != "" {
		t.Errorf("who comes: %+v", a.Results)
	}
}

// slowReader takes nothing of an answer until something else is done.
type slowReader struct {
	*httptest.ResponseRecorder
	meanwhile func()
}

func (r *slowReader) Write(b []byte) (int, error) {
	if f := r.meanwhile; f != nil {
		r.meanwhile = nil
		f()
	}
	return r.ResponseRecorder.Write(b)
}

// builtIn publishes a generation under a folder, where the last three are kept.
func builtIn(t *testing.T, dir string, offers []data.Offer) *index.Generation {
	t.Helper()
	g, err := index.Build(context.Background(), data.Memory(offers), dir, index.Options{Keep: 3})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// An answer is replayed while the generation on which it rested is kept, and gone
// after; a rebuild that changes nothing visible changes no answer.
func TestReplayOfAnOlderGeneration(t *testing.T) {
	dir := t.TempDir()
	hidden := onDuty(strokes())[0]
	hidden.ID, hidden.Sensitive = "hidden", true
	publish := func(offers []data.Offer) *index.Generation { return builtIn(t, dir, offers) }
	s := serverOver(t, nil)
	s.Guard, s.Kept = index.NewGuard(publish(onDuty(strokes()))), index.NewKept(dir)
	h := s.Handler()
	basis, answer := basisFor(t, h, `{"lat":44.51,"lon":3.5,"need":"stroke","age":70,"limit":2}`)
	replayed := func() (int, string) {
		w := post(h, "/v1/replay", `{"basis":"`+basis+`"}`, 0)
		return w.Code, w.Body.String()
	}
	for i, offers := range [][]data.Offer{append(onDuty(strokes()), hidden), onDuty(strokes()[:3]), onDuty(strokes()[:2])} {
		s.Guard.Swap(publish(offers))
		if code, said := replayed(); code != 200 || said != answer {
			t.Errorf("generation %d: %d %s\n%s", i, code, said, answer)
		}
	}
	slow := &slowReader{ResponseRecorder: httptest.NewRecorder(), meanwhile: func() {
		if code, _ := replayed(); code != 200 {
			t.Errorf("while another one reads: %d", code)
		}
	}}
	h.ServeHTTP(slow, httptest.NewRequest("POST", "/v1/replay", strings.NewReader(`{"basis":"`+basis+`"}`)))
	if slow.meanwhile != nil || slow.Body.String() != answer {
		t.Errorf("who reads slowly: %d %s", slow.Code, slow.Body)
	}
	s.Guard.Swap(publish(onDuty(strokes()[:1]))) // the one that shows as much as the first goes too
	if code, said := replayed(); code != http.StatusGone {
		t.Errorf("generations that are kept no more: %d %s", code, said)
	}
	s.Kept = nil
	if code, said := replayed(); code != http.StatusGone {
		t.Errorf("where none is kept: %d %s", code, said)
	}
}

// What is kept and cannot be read for now is not gone: one may ask again.
func TestReplayOfWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	publish := func(offers []data.Offer) *index.Generation { return builtIn(t, dir, offers) }
	s := serverOver(t, nil)
	s.Guard, s.Kept = index.NewGuard(publish(onDuty(strokes()))), index.NewKept(dir)
	h := s.Handler()
	basis, _ := basisFor(t, h, `{"lat":44.51,"lon":3.5,"need":"stroke","age":70,"limit":2}`)
	s.Guard.Swap(publish(onDuty(strokes()[:2])))
	files, err := filepath.Glob(filepath.Join(dir, "*", "offers.bin"))
	for _, path := range files {
		err = errors.Join(err, os.Rename(path, path+".aside"), os.Symlink("offers.bin", path)) // a loop
	}
	if len(files) != 2 || err != nil {
		t.Fatal(len(files), err)
	}
	w := post(h, "/v1/replay", `{"basis":"`+basis+`"}`, 0)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "cannot be read for now") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
