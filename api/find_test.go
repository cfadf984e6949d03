package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo"
)

// ward is a server over wards of two towns, with beds and equipment, and a team
// that goes to its patients.
func ward(t *testing.T) http.Handler {
	t.Helper()
	at := func(commune string, quality data.Quality, lat float64) data.Place {
		return data.Place{ID: "place", Point: geo.Point{Lat: lat, Lon: 3.5}, Quality: quality, Address: data.Address{Commune: commune}}
	}
	beds := func(n int, status data.CapacityStatus, sex data.Sex) data.Capacity {
		return data.Capacity{Nature: data.Bed, Status: status, Temporality: data.Current, Number: n, Sex: sex}
	}
	mende, lyon := at("48095", data.AtStreet, 44.5), at("69123", data.AtBuilding, 45.7)
	mende.Capacity = []data.Capacity{beds(3, data.Available, data.Women), beds(0, data.Available, data.Men), beds(9, data.Installed, 0)}
	lyon.Capacity = []data.Capacity{beds(0, data.Available, 0), beds(30, data.Installed, 0)}
	mende.Equipment = []data.Equipment{{Type: "R212|088", Number: 1, Limits: []data.Limit{{Feature: "R340|001", Value: 150, Unit: "kg"}}}}
	lyon.Equipment = []data.Equipment{{Type: "R212|088", Number: 1, Limits: []data.Limit{{Feature: "R340|001", Value: 250, Unit: "kg"}}}}
	village := at("48061", data.AtCommune, 44.6)
	return letsGo(t, serverOver(t, []data.Offer{
		{ID: "mende", Name: "Cardiologie de Mende", Activities: []data.Code{"R211|354"}, Places: []data.Place{mende}},
		{ID: "lyon", Name: "Cardiologie de Lyon", Activities: []data.Code{"R211|354"}, Audience: []data.Code{"R239|10"}, Places: []data.Place{lyon}},
		{ID: "village", Name: "Médecin de campagne", Category: "R66|124", Places: []data.Place{village}},
		{ID: "team", Name: "Équipe mobile de gériatrie", Activities: []data.Code{"R211|226"},
			Zones: []data.Zone{{Kind: data.ZoneDepartement, Code: "48"}, {Kind: data.ZoneHealthTerritory, Code: "TS-7"}}},
	}))
}

func get(t *testing.T, h http.Handler, path, profile string) (int, string) {
	t.Helper()
	key := ""
	if profile != "" {
		key = "Bearer key-" + profile
	}
	w := call(h, strings.ReplaceAll(path, "|", "%7C"), key)
	return w.Code, w.Body.String()
}

func TestFilters(t *testing.T) {
	h := ward(t)
	for _, c := range []struct{ name, query, want string }{
		{"a commune", "commune=48095", "mende"},
		{"communes, any of", "commune=48095,48061", "mende village"},
		{"a region", "region=76", "mende village"},
		{"a region and a département in it", "region=76&departement=48,69", "mende village"},
		{"an audience", "audience=10", "lyon"},
		{"a bed known to be free", "beds=yes", "mende"},
		{"more than there are", "beds=yes&beds_at_least=4", ""},
		{"a bed that may be free", "beds=possible", "mende village"},
		{"a bed for a man", "beds=yes&sex=men", ""},
		{"a bed for a woman", "beds=yes&sex=women", "mende"},
		{"installed beds", "beds=yes&beds_status=installed&beds_at_least=10", "lyon"},
		{"equipment", "equipment=R212|088", "mende lyon"},
		{"equipment that bears a patient", "equipment=R212|088:R340|001:200", "lyon"},
		{"a position at the street at least", "position=street", "mende lyon"},
		{"where it goes to the patient, it has no place", "travels_to=48095", ""},
	} {
		w := call(h, "/v1/nearest?lat=44.5&lon=3.5&"+strings.ReplaceAll(c.query, "|", "%7C"), "Bearer key-1")
		if a := decode[nearestAnswer](t, w); w.Code != 200 || ids(a) != c.want {
			t.Errorf("%s: %d %q, want %q\n%s", c.name, w.Code, ids(a), c.want, w.Body)
		}
	}
	w := call(h, "/v1/nearest?lat=44.5&lon=3.5&equipment=R212%7C088", "")
	if a := decode[nearestAnswer](t, w); ids(a) != "" {
		t.Errorf("the public finds %q by equipment", ids(a))
	}
}

func TestFaultsOfFilters(t *testing.T) {
	h := ward(t)
	for _, c := range []struct{ query, parameter, says string }{
		{"commune=99999", "commune", "99999"},
		{"region=99", "region", "99"},
		{"region=11&departement=48", "region", "none of"},
		{"travels_to=1", "travels_to", "commune"},
		{"travels_to=J249|", "travels_to", "J249|1"},
		{"travels_to=R211|157", "travels_to", "J249|1"},
		{"beds=no", "beds", "neither"},
		{"sex=women", "beds", "is missing"},
		{"beds=yes&sex=f", "sex", "women nor men"},
		{"beds=yes&beds_status=full", "beds_status", "installed"},
		{"beds=yes&beds_at_least=0", "beds_at_least", "from 1"},
		{"equipment=088:1", "equipment", "R212|088:R340|001:180"},
		{"equipment=R212|088:001:many", "equipment", "decimal"},
		{"position=exact", "position", "building"},
		{"explain=all", "explain", "plan"},
		{"explain=plan", "explain", "profile 1"},
	} {
		code, body := get(t, h, "/v1/nearest?lat=44.5&lon=3.5&"+c.query, "")
		if code != 400 || !strings.Contains(body, `"parameter":"`+c.parameter+`"`) || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s", c.query, code, body)
		}
	}
	if code, body := get(t, h, "/v1/nearest?lat=44.5&lon=3.5&explain=plan", "1"); code != 200 || !strings.Contains(body, `"plan":"all; tree of 3`) {
		t.Errorf("%d %s", code, body)
	}
}

func TestFacets(t *testing.T) {
	h := ward(t)
	for _, c := range []struct{ name, query, want string }{
		{"by activity, those without a place too", "by=R211", `{"offers":4,"facets":[{"by":"R211","values":[{"value":"R211|354","offers":2},{"value":"R211|226","offers":1}]}]`},
		{"by département", "by=departement&code=R211|354", `{"offers":2,"facets":[{"by":"departement","values":[{"value":"48","offers":1},{"value":"69","offers":1}]}]`},
		{"by two, in their order", "by=beds,R66&beds=possible", `[{"by":"beds","values":[{"value":"unknown","offers":2},{"value":"yes","offers":1}]},{"by":"R66","values":[{"value":"R66|124","offers":1}]}]`},
		{"within a radius", "by=R211&lat=44.5&lon=3.5&radius_km=20", `{"offers":2,`},
		{"who goes there", "by=open&travels_to=48095", `{"offers":1,"facets":[{"by":"open","values":[{"value":"unknown","offers":1}]}]`},
		{"who goes to a health territory", "by=open&travels_to=J249|TS-7", `{"offers":1,`},
		{"nobody goes to another", "by=open&travels_to=J249|TS-8", `{"offers":0,`},
		{"nothing", "by=R211&code=R211|999", `{"offers":0,"facets":[{"by":"R211","values":[]}]`},
	} {
		if code, body := get(t, h, "/v1/facets?"+c.query, "1"); code != 200 || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s, want %s", c.name, code, body, c.want)
		}
	}
	for query, says := range map[string]string{
		"": `"by"`, "by=R999": "R999", "by=R211&lat=44&lon=3": "radius_km", "by=R211&radius_km=3": `"lat"`, "by=R211&limit=3": "unknown parameter",
	} {
		if code, body := get(t, h, "/v1/facets?"+query, ""); code != 400 || !strings.Contains(body, says) {
			t.Errorf("%s: %d %s", query, code, body)
		}
	}
}

func TestCells(t *testing.T) {
	h := ward(t)
	code, body := get(t, h, "/v1/cells?bbox=-5,41,10,51&zoom=6", "")
	if code != 200 || !strings.Contains(body, `"zoom":6,"cells":[{"x":32,"y":22,"offers":1,"lat":45.7,"lon":3.5,"id":"lyon"},{"x":32,"y":23,"offers":2,"lat":44.55,"lon":3.5}]`) {
		t.Errorf("%d %s", code, body)
	}
	if _, body := get(t, h, "/v1/cells?bbox=-5,41,10,51&zoom=6&code=R211|226", ""); !strings.Contains(body, `"cells":[]`) {
		t.Errorf("a team without a place is on the map: %s", body)
	}
	for query, says := range map[string]string{
		"zoom=3": "bbox", "bbox=1,2,3&zoom=3": "west,south,east,north", "bbox=1,2,x,4&zoom=3": "decimal",
		"bbox=0,40,10,50": "zoom", "bbox=0,40,10,50&zoom=25": "24", "bbox=10,40,0,50&zoom=3": "longitudes", "bbox=-180,-85,180,85&zoom=12": "at most",
	} {
		if code, body := get(t, h, "/v1/cells?"+query, ""); code != 400 || !strings.Contains(body, says) {
			t.Errorf("%s: %d %s", query, code, body)
		}
	}
}

func foundIDs(a searchAnswer) string {
	var list []string
	for _, r := range a.Results {
		list = append(list, r.Offer.ID)
	}
	return strings.Join(list, " ")
}

func TestSearch(t *testing.T) {
	h := ward(t)
	for _, c := range []struct{ name, query, want string }{
		{"a word", "q=cardiologie&lat=44.5&lon=3.5", "mende lyon"},
		{"two words, the better first", "q=cardiologie+lyon&lat=44.5&lon=3.5", "lyon mende"},
		{"two words, all of them, nearest first", "q=cardiologie+lyon&lat=44.5&lon=3.5&order=nearest", "lyon"},
		{"without accents, misspelt", "q=geriatire", "team"},
		{"as one types", "q=medec", "village"},
		{"as one types, misspelt", "q=cardiolgi&lat=44.5&lon=3.5", "mende lyon"},
		{"by another name", "q=cardiologue&lat=44.5&lon=3.5", "mende lyon"},
		{"and a filter", "q=cardiologie&beds=yes", "mende"},
		{"within a radius", "q=cardiologie&insee=48095&radius_km=20", "mende"},
		{"what nobody says", "q=xylophone", ""},
	} {
		w := call(h, "/v1/search?"+c.query, "Bearer key-1")
		if a := decode[searchAnswer](t, w); w.Code != 200 || foundIDs(a) != c.want {
			t.Errorf("%s: %d %q, want %q\n%s", c.name, w.Code, foundIDs(a), c.want, w.Body)
		}
	}
	for query, says := range map[string]string{
		"": `"q"`, "q=%20": "no word", "q=" + strings.Repeat("mot%20", 200): "too long", "q=a&order=worst": "neither",
		"q=a&order=nearest": "nearest to what", "q=a&radius_km=3": "of what", "q=a&cursor=xyz": "none that",
		"q=b1+b2+b3+b4+b5+b6+b7+b8+b9+c1+c2+c3+c4+c5+c6+c7+c8": "too many words",
	} {
		if code, body := get(t, h, "/v1/search?"+query, ""); code != 400 || !strings.Contains(body, says) {
			t.Errorf("%s: %d %s, want %q", query, code, body, says)
		}
	}
}

// Pages are one list, cut; a cursor is of one question on one state of the index.
func TestPagesAreOneList(t *testing.T) {
	var offers []data.Offer
	for i := range 57 {
		offers = append(offers, data.Offer{
			ID: data.ID(fmt.Sprintf("offer-%02d", i)), Name: "Pharmacie " + []string{"du Pont", "du Marché"}[i%2],
			Places: []data.Place{{Quality: data.AtStreet, Point: geo.Point{Lat: 45 + float64(i%7)/100, Lon: 3}}},
		})
	}
	server := serverOver(t, offers)
	h := letsGo(t, server)
	for _, order := range []string{"best", "nearest"} {
		question := "/v1/search?lat=45&lon=3&order=" + order + "&q=" + url.QueryEscape("pharmacie pont ")
		whole := decode[searchAnswer](t, call(h, question+"&limit=100", ""))
		var paged []string
		next := question + "&limit=10"
		for pages := 0; next != "" && pages < 10; pages++ {
			a := decode[searchAnswer](t, call(h, next, ""))
			paged = append(paged, strings.Fields(foundIDs(a))...)
			if next = ""; a.Next != "" {
				next = question + "&limit=10&cursor=" + a.Next
			}
		}
		if !slices.Equal(paged, strings.Fields(foundIDs(whole))) {
			t.Errorf("%s: pages\n%v\nwhole\n%s", order, paged, foundIDs(whole))
		}
	}
	first := decode[searchAnswer](t, call(h, "/v1/search?q=pharmacie&limit=5", ""))
	if code, body := get(t, h, "/v1/search?q=pont&limit=5&cursor="+first.Next, ""); code != 400 {
		t.Errorf("the cursor of another question: %d %s", code, body)
	}
	changed := letsGo(t, serverOver(t, offers[1:]))
	if code, body := get(t, changed, "/v1/search?q=pharmacie&limit=5&cursor="+first.Next, ""); code != 410 {
		t.Errorf("the cursor of another index: %d %s", code, body)
	}
}
