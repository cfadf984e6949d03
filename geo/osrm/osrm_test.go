package osrm_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/internal/fake"
	"boussole/geo/osrm"
)

func TestClient(t *testing.T) {
	fake.Run(t, fake.Client{
		Serve: func(r *fake.Router) http.HandlerFunc { return r.OSRM },
		New: func(base string, timeout time.Duration) geo.TravelTimer {
			return osrm.Client{Base: base, Timeout: timeout}
		},
		Placed: true,
	})
}

func TestQuestion(t *testing.T) {
	var asked string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.RequestURI
		w.Write([]byte(`{"code":"Ok","durations":[[0,60,null]]}`))
	}))
	defer server.Close()
	got, err := osrm.Client{Base: server.URL + "/", Profile: "car"}.Times(context.Background(),
		geo.Point{Lat: 44.5, Lon: 3.5}, []geo.Point{{Lat: 44.51234567, Lon: -3.5}, {Lat: -1e-9, Lon: 0}})
	if err != nil || !slices.Equal(got, []geo.Travel{{Time: time.Minute, Reachable: true}, {}}) {
		t.Errorf("%+v, %v", got, err)
	}
	if want := "GET /table/v1/car/3.500000,44.500000;-3.500000,44.512346;0.000000,-0.000000?sources=0&annotations=duration"; asked != want {
		t.Errorf("asked %s, want %s", asked, want)
	}
}

// What looks like an answer, and is not one to the question.
func TestAnswers(t *testing.T) {
	from := geo.Point{Lat: 44.5, Lon: 3.5}
	to := []geo.Point{{Lat: 44.6, Lon: 3.5}, {Lat: 44.7, Lon: 3.5}}
	told := []geo.Travel{{Time: 10 * time.Minute, Reachable: true}, {Time: 20 * time.Minute, Reachable: true}}
	untold := geo.Travel{Doubt: geo.DoubtUntold}
	for name, c := range map[string]struct {
		status int
		body   string
		want   []geo.Travel
		err    error // nil: any, where nothing is wanted
	}{
		"well":                {200, `{"code":"Ok","durations":[[0,600,1200]]}`, told, nil},
		"with places":         {200, `{"code":"Ok","durations":[[0,600,1200]],"sources":[{"location":[3.5,44.5]}],"destinations":[{"location":[3.5,44.5]},{"location":[3.5,44.6]},{"location":[3.5,44.7]}]}`, told, nil},
		"in another order":    {200, `{"code":"Ok","durations":[[0,1200,600]],"destinations":[{"location":[3.5,44.5]},{"location":[3.5,44.7]},{"location":[3.5,44.6]}]}`, []geo.Travel{untold, untold}, nil},
		"the last is first":   {200, `{"code":"Ok","durations":[[600,1200,0]]}`, nil, geo.ErrDisbelieved},
		"without the first":   {200, `{"code":"Ok","durations":[[600,1200]]}`, nil, geo.ErrDisbelieved},
		"two rows":            {200, `{"code":"Ok","durations":[[0,600,1200],[600,0,600]]}`, nil, geo.ErrDisbelieved},
		"no rows":             {200, `{"code":"Ok","durations":[]}`, nil, geo.ErrDisbelieved},
		"places of others":    {200, `{"code":"Ok","durations":[[0,600,1200]],"destinations":[{"location":[3.5,44.5]},{"location":[3.5,44.6]}]}`, nil, geo.ErrDisbelieved},
		"a place in Africa":   {200, `{"code":"Ok","durations":[[0,600,1200]],"destinations":[{"location":[3.5,44.5]},null,{"location":[3.5,44.7]}]}`, []geo.Travel{untold, told[1]}, nil},
		"an origin elsewhere": {200, `{"code":"Ok","durations":[[0,600,1200]],"sources":[{"location":[3.6,44.5]}]}`, nil, geo.ErrRefused},
		"not a number":        {200, `{"code":"Ok","durations":[[0,NaN,1200]]}`, nil, nil},
		"a word":              {200, `{"code":"Ok","durations":[[0,"600",1200]]}`, nil, nil},
		"too large":           {200, `{"code":"Ok","durations":[[0,1e999,1200]]}`, nil, nil},
		"off the map":         {400, `{"code":"NoSegment","message":"Could not find a matching segment for coordinate 2"}`, nil, geo.ErrRefused},
		"too many":            {400, `{"code":"TooBig","message":"Too many table coordinates"}`, nil, geo.ErrRefused},
		"not understood":      {400, `{"code":"InvalidQuery","message":"Query string malformed"}`, nil, nil},
		"well, and is not":    {503, `{"code":"Ok","durations":[[0,600,1200]]}`, nil, nil},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			w.Write([]byte(c.body))
		}))
		got, err := osrm.Client{Base: server.URL}.Times(context.Background(), from, to)
		server.Close()
		if !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("%s: %+v, %v, want %+v, %v", name, got, err, c.want, c.err)
		}
		if c.err == nil && (errors.Is(err, geo.ErrRefused) || errors.Is(err, geo.ErrDisbelieved)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An absurd number stays one, for who checks it.
func TestAbsurd(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`{"code":"Ok","durations":[[0,-1e300,1e300,2147483647]]}`))
	}))
	defer server.Close()
	to := []geo.Point{{Lat: 44.6, Lon: 3.5}, {Lat: 44.6, Lon: 3.5}, {Lat: 44.6, Lon: 3.5}}
	checked := geo.Checked{Timer: osrm.Client{Base: server.URL}}
	got, err := checked.Times(context.Background(), geo.Point{Lat: 44.5, Lon: 3.5}, to)
	untold := geo.Travel{Doubt: geo.DoubtUntold}
	if err != nil || !slices.Equal(got, []geo.Travel{untold, untold, untold}) || checked.Disbelieved() != (geo.Disbelieved{Negative: 1, Endless: 2}) {
		t.Errorf("%+v, %v, %+v", got, err, checked.Disbelieved())
	}
}
