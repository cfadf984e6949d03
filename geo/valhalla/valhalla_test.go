package valhalla_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/internal/fake"
	"boussole/geo/realdata"
	"boussole/geo/valhalla"
)

var formats = map[string]valhalla.Format{"verbose": valhalla.Verbose, "concise": valhalla.Concise, "osrm": valhalla.OSRM}

func TestClient(t *testing.T) {
	for name, format := range formats {
		t.Run(name, func(t *testing.T) {
			fake.Run(t, fake.Client{
				Serve: func(r *fake.Router) http.HandlerFunc { return r.Valhalla },
				New: func(base string, timeout time.Duration) geo.TravelTimer {
					return valhalla.Client{Base: base, Format: format, Timeout: timeout}
				},
				Placed: format != valhalla.Concise,
			})
		})
	}
}

func TestQuestion(t *testing.T) {
	for format, want := range map[valhalla.Format]string{
		valhalla.Verbose: `"verbose":true}`,
		valhalla.Concise: `"verbose":false}`,
		valhalla.OSRM:    `"verbose":false,"format":"osrm"}`,
	} {
		var asked string
		client, stop := answering(400, `{}`, &asked)
		defer stop()
		client.Format = format
		client.Reach = 50_000
		far := geo.Point{Lat: 45, Lon: 3.5}
		_, _ = client.Times(context.Background(), geo.Point{Lat: 44.5, Lon: 3.5}, []geo.Point{far, {Lat: 44.6, Lon: 3.5}})
		want = `POST /sources_to_targets {"sources":[{"lat":44.5,"lon":3.5}],"targets":[{"lat":44.6,"lon":3.5}],"costing":"auto","costing_options":{"auto":{"top_speed":130}},` + want
		if asked != want {
			t.Errorf("asked %s, want %s", asked, want)
		}
	}
}

// answering returns a client of a server that always gives the same answer.
func answering(status int, body string, asked *string) (valhalla.Client, func()) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked != nil {
			question, _ := io.ReadAll(r.Body)
			*asked = r.Method + " " + r.RequestURI + " " + string(question)
		}
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	return valhalla.Client{Base: server.URL}, server.Close
}

// Beyond its reach the server is not asked, and the way is not told.
func TestReach(t *testing.T) {
	client := valhalla.Client{Base: "http://127.0.0.1:1"} // nobody is there
	got, err := client.Times(context.Background(), geo.Point{Lat: 44.5, Lon: 3.5}, []geo.Point{{Lat: 48.5, Lon: 3.5}, {Lat: math.NaN()}})
	untold := geo.Travel{Doubt: geo.DoubtUntold}
	if err != nil || !slices.Equal(got, []geo.Travel{untold, untold}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := client.Times(context.Background(), geo.Point{Lat: 44.5, Lon: 3.5}, []geo.Point{{Lat: 48, Lon: 3.5}}); err == nil {
		t.Error("389 km away, and nobody asked")
	}
}

// What looks like an answer, and is not one to the question.
func TestAnswers(t *testing.T) {
	from := geo.Point{Lat: 44.5, Lon: 3.5}
	to := []geo.Point{{Lat: 44.6, Lon: 3.5}, {Lat: 44.7, Lon: 3.5}}
	told := []geo.Travel{{Time: 10 * time.Minute, Reachable: true}, {Time: 20 * time.Minute, Reachable: true}}
	untold := geo.Travel{Doubt: geo.DoubtUntold}
	cell := func(from, to int, time string) string {
		return fmt.Sprintf(`{"from_index":%d,"to_index":%d,"time":%s,"distance":1}`, from, to, time)
	}
	matrix := func(cells ...string) string { return `{"sources_to_targets":[[` + strings.Join(cells, ",") + `]]` }
	const places = `,"sources":[{"lat":44.5,"lon":3.5}],"targets":[{"lat":44.6,"lon":3.5},{"lat":44.7,"lon":3.5}]}`
	const exchanged = `,"sources":[{"lat":44.5,"lon":3.5}],"targets":[{"lat":44.7,"lon":3.5},{"lat":44.6,"lon":3.5}]}`
	for name, c := range map[string]struct {
		format valhalla.Format
		status int
		body   string
		want   []geo.Travel
		err    error // nil: any, where nothing is wanted
	}{
		"well":                               {0, 200, matrix(cell(0, 0, "600"), cell(0, 1, "1200")) + "}", told, nil},
		"with places":                        {0, 200, matrix(cell(0, 0, "600"), cell(0, 1, "1200")) + places, told, nil},
		"no way to one":                      {0, 200, matrix(cell(0, 0, "null"), cell(0, 1, "1200")) + places, []geo.Travel{{}, told[1]}, nil},
		"cells in another order":             {0, 200, matrix(cell(0, 1, "1200"), cell(0, 0, "600")) + places, nil, geo.ErrDisbelieved},
		"one cell twice":                     {0, 200, matrix(cell(0, 0, "600"), cell(0, 0, "600")) + places, nil, geo.ErrDisbelieved},
		"of another origin":                  {0, 200, matrix(cell(1, 0, "600"), cell(1, 1, "1200")) + places, nil, geo.ErrDisbelieved},
		"places in another order":            {0, 200, matrix(cell(0, 0, "1200"), cell(0, 1, "600")) + exchanged, []geo.Travel{untold, untold}, nil},
		"too few":                            {0, 200, matrix(cell(0, 0, "600")) + "}", nil, geo.ErrDisbelieved},
		"an origin elsewhere":                {0, 200, matrix(cell(0, 0, "600"), cell(0, 1, "1200")) + `,"sources":[{"lat":44.6,"lon":3.5}]}`, nil, geo.ErrRefused},
		"a word":                             {0, 200, matrix(cell(0, 0, `"600"`), cell(0, 1, "1200")) + "}", nil, nil},
		"concise where it was not asked for": {0, 200, `{"sources_to_targets":{"durations":[[600,1200]]}}`, nil, nil},
		"concise":                            {valhalla.Concise, 200, `{"sources_to_targets":{"durations":[[600,1200]]}}`, told, nil},
		"concise, no way to one":             {valhalla.Concise, 200, `{"sources_to_targets":{"durations":[[null,1200]]}}`, []geo.Travel{{}, told[1]}, nil},
		"concise, too many":                  {valhalla.Concise, 200, `{"sources_to_targets":{"durations":[[600,1200,1]]}}`, nil, geo.ErrDisbelieved},
		"concise, two rows":                  {valhalla.Concise, 200, `{"sources_to_targets":{"durations":[[600,1200],[600,1200]]}}`, nil, geo.ErrDisbelieved},
		"osrm":                               {valhalla.OSRM, 200, `{"code":"Ok","durations":[[600,1200]]}`, told, nil},
		"osrm, in another order":             {valhalla.OSRM, 200, `{"code":"Ok","durations":[[1200,600]],"destinations":[{"location":[3.5,44.7]},{"location":[3.5,44.6]}]}`, []geo.Travel{untold, untold}, nil},
		"osrm, and not well":                 {valhalla.OSRM, 200, `{"code":"Error","durations":[[600,1200]]}`, nil, nil},
		"osrm, off the map":                  {valhalla.OSRM, 400, `{"code":"NoSegment","message":"Could not find a matching segment for any coordinate."}`, nil, geo.ErrRefused},
		"off the map":                        {0, 400, `{"error_code":171,"error":"No suitable edges near location","status_code":400}`, nil, geo.ErrRefused},
		"too far":                            {0, 400, `{"error_code":154,"error":"Path distance exceeds the max distance limit","status_code":400}`, nil, geo.ErrRefused},
		"not understood":                     {0, 400, `{"error_code":125,"error":"No costing method found","status_code":400}`, nil, nil},
		"an error, and says it is well":      {0, 200, `{"error_code":199,"error":"Unknown"}`, nil, nil},
		"well, and is not":                   {0, 503, matrix(cell(0, 0, "600"), cell(0, 1, "1200")) + "}", nil, nil},
	} {
		client, stop := answering(c.status, c.body, nil)
		client.Format = c.format
		got, err := client.Times(context.Background(), from, to)
		stop()
		if !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("%s: %+v, %v, want %+v, %v", name, got, err, c.want, c.err)
		}
		if c.err == nil && (errors.Is(err, geo.ErrRefused) || errors.Is(err, geo.ErrDisbelieved)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// recorded reads an answer of a real server, recorded over Liechtenstein.
func recorded(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(realdata.Path(t, realdata.RouterAnswers+"/"+name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// The three formats of one answer, recorded from a real server, say the same; the
// straight ways to the roads add less than two seconds where they are told. The
// recorded questions are from three places to four, and a client asks from one: each row
// is an answer of its own.
func TestRecordedAnswers(t *testing.T) {
	var places struct {
		Points []geo.Point
	}
	recorded(t, "liechtenstein_places_matrix_valhalla.json", &places)
	from, to := places.Points[:3], places.Points[3:7]
	var wanted struct{ Durations [][]float64 }
	recorded(t, "valhalla_matrix_format_osrm.json", &wanted)
	if len(wanted.Durations) != 3 || len(wanted.Durations[0]) != 4 {
		t.Fatalf("%v", wanted.Durations)
	}
	for format, name := range map[valhalla.Format]string{
		valhalla.Verbose: "valhalla_matrix_default.json", valhalla.Concise: "valhalla_matrix_concise.json", valhalla.OSRM: "valhalla_matrix_format_osrm.json",
	} {
		for row := range from {
			client, stop := answering(200, rowOf(t, name, row), nil)
			client.Format = format
			got, err := client.Times(context.Background(), from[row], to)
			stop()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for i, travel := range got {
				added := travel.Time - time.Duration(wanted.Durations[row][i])*time.Second
				if !travel.Reachable || added < 0 || added > 2*time.Second || (added == 0) != (format == valhalla.Concise) {
					t.Errorf("%s, from %d to %d: %+v, %v of which are not the server's", name, row, i, travel, added)
				}
				if floor := geo.CarFloor(geo.Distance(from[row], to[i])); travel.Time < floor {
					t.Errorf("%s, from %d to %d: %v, and no car beats %v", name, row, i, travel.Time, floor)
				}
			}
		}
	}
}

// rowOf cuts the answer for one origin out of one for several.
func rowOf(t *testing.T, name string, row int) string {
	t.Helper()
	var answer map[string]any
	recorded(t, name, &answer)
	only := func(of any) any {
		list := of.([]any)
		return list[row : row+1]
	}
	for _, key := range []string{"sources", "durations"} {
		if list, ok := answer[key]; ok {
			answer[key] = only(list)
		}
	}
	switch matrix := answer["sources_to_targets"].(type) {
	case map[string]any:
		matrix["durations"] = only(matrix["durations"])
	case []any:
		answer["sources_to_targets"] = only(matrix)
		for _, cell := range matrix[row].([]any) {
			cell.(map[string]any)["from_index"] = 0
		}
	}
	cut, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(cut)
}
