package fake

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/timertest"
)

// Client is a client of a router as the suite needs it.
type Client struct {
	Serve func(*Router) http.HandlerFunc

	// New returns a client of a server that waits so long.
	New func(base string, timeout time.Duration) geo.TravelTimer

	// Placed: it is told where the router takes the places to be.
	Placed bool
}

// some returns so many points around Mende, a kilometre from one to the next.
func some(n int) []geo.Point {
	points := make([]geo.Point, n)
	for i := range points {
		points[i] = geo.Point{Lat: 44.5 + float64(i)/111.195, Lon: 3.5}
	}
	return points
}

// steadily is 60 km/h along the straight line.
func steadily(from, to geo.Point) *float64 {
	seconds := geo.Distance(from, to).Kilometers() * 60
	return &seconds
}

func (c Client) serve(t *testing.T, handler http.HandlerFunc) geo.TravelTimer {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return c.New(server.URL, 10*time.Second)
}

// Run holds a client of routers against all that a router may do.
func Run(t *testing.T, c Client) {
	t.Run("promises", func(t *testing.T) {
		timertest.Run(t, c.serve(t, c.Serve(&Router{Seconds: Bent})))
	})
	t.Run("promises, wrapped", func(t *testing.T) {
		off := func(p geo.Point) bool { return int(p.Lat*1e4)%23 == 0 }
		router := c.serve(t, c.Serve(&Router{Seconds: Bent, Off: off, Most: 20}))
		timertest.Run(t, geo.Router(router, geo.Straight{}, geo.RouterOptions{Most: 20, Kept: 1000}))
	})
	t.Run("told", c.told)
	t.Run("far point", c.farPoint)
	t.Run("snapped", c.snapped)
	t.Run("too fast", c.tooFast)
	t.Run("down", c.down)
}

// told: the times of a router, one for each place, and none where it has no way.
func (c Client) told(t *testing.T) {
	to := some(6)
	timer := c.serve(t, c.Serve(&Router{Seconds: func(from, p geo.Point) *float64 {
		if geo.Distance(p, to[2]) < 10 {
			return nil
		}
		return steadily(from, p)
	}}))
	got, err := timer.Times(context.Background(), to[0], to)
	if err != nil {
		t.Fatal(err)
	}
	for i, travel := range got {
		want := time.Duration(i) * time.Minute
		switch off := travel.Time - want; {
		case i == 2:
			if travel != (geo.Travel{}) {
				t.Errorf("to %d: %+v, and there is no way", i, travel)
			}
		case !travel.Reachable || travel.Doubt != 0 || off < -20*time.Millisecond || off > 20*time.Millisecond:
			t.Errorf("to %d: %+v, want %v", i, travel, want)
		}
	}
	if got, err := timer.Times(context.Background(), to[0], nil); err != nil || len(got) != 0 {
		t.Errorf("to nowhere: %v, %v", got, err)
	}
}

// farPoint: a place for the sake of which all are refused is told by an estimate, and
// the others by the router.
func (c Client) farPoint(t *testing.T) {
	to := some(40)
	off := func(p geo.Point) bool { return geo.Distance(p, to[17]) < 10 }
	router := c.serve(t, c.Serve(&Router{Seconds: steadily, Off: off}))
	if got, err := router.Times(context.Background(), to[0], to); !errors.Is(err, geo.ErrRefused) || got != nil {
		t.Errorf("%d times, %v", len(got), err)
	}
	got, err := geo.Router(router, geo.Straight{}, geo.RouterOptions{}).Times(context.Background(), to[0], to)
	if err != nil {
		t.Fatal(err)
	}
	for i, travel := range got {
		if !travel.Reachable || travel.Degraded() != (i == 17) {
			t.Errorf("to %d: %+v", i, travel)
		}
	}
	// Where the origin is off the map, all are estimated.
	got, err = geo.Router(router, geo.Straight{}, geo.RouterOptions{}).Times(context.Background(), to[17], to)
	if err != nil || len(got) != len(to) || slices.ContainsFunc(got, func(t geo.Travel) bool { return !t.Degraded() || !t.Reachable }) {
		t.Errorf("from off the map: %+v, %v", got, err)
	}
}

// snapped: a place that is taken to be kilometres away is another one.
func (c Client) snapped(t *testing.T) {
	to := some(40)
	elsewhere := geo.Point{Lat: 44.5, Lon: 3.6}
	far := &Router{Seconds: steadily, Snap: func(p geo.Point) geo.Point {
		if geo.Distance(p, to[39]) < 10 {
			return elsewhere
		}
		return p
	}}
	timer := geo.Router(c.serve(t, c.Serve(far)), geo.Straight{}, geo.RouterOptions{})
	got, err := timer.Times(context.Background(), to[0], to)
	if err != nil {
		t.Fatal(err)
	}
	// 39 km away and taken to be 8: no car is so fast, so that it is found out even
	// where the router does not say.
	if got[38].Degraded() || !got[39].Degraded() || !got[39].Reachable {
		t.Errorf("%+v, %+v", got[38], got[39])
	}
	got, err = timer.Times(context.Background(), to[39], to[:3])
	if err != nil || !got[0].Degraded() {
		t.Errorf("from there: %+v, %v", got, err)
	}
	near := &Router{Seconds: steadily, Snap: func(geo.Point) geo.Point { return to[5] }}
	got, err = c.serve(t, c.Serve(near)).Times(context.Background(), to[5], to[:5])
	if err != nil {
		t.Fatal(err)
	}
	if c.Placed && (got[0].Doubt != geo.DoubtUntold || got[2].Doubt != geo.DoubtUntold || got[4].Doubt == geo.DoubtUntold) {
		t.Errorf("5, 3 and 1 km from the road: %+v, %+v and %+v", got[0], got[2], got[4])
	}
}

// tooFast: times below the floor are not believed, and are counted.
func (c Client) tooFast(t *testing.T) {
	to := some(40)
	for name, factor := range map[string]float64{"at 300 km/h": 0.2, "at once": 0, "before one leaves": -1} {
		router := c.serve(t, c.Serve(&Router{Seconds: func(from, p geo.Point) *float64 {
			seconds := *steadily(from, p) * factor
			return &seconds
		}}))
		timer := geo.Router(router, geo.Straight{}, geo.RouterOptions{})
		got, err := timer.Times(context.Background(), to[0], to[10:])
		if err != nil || slices.ContainsFunc(got, func(t geo.Travel) bool { return !t.Degraded() }) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if n := timer.Checked.Disbelieved(); n.TooFast+n.Negative != 30 {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

// down: whatever is not an answer is an error, without a position in it, and an
// estimate stands in.
func (c Client) down(t *testing.T) {
	to := some(3)
	for name, handler := range map[string]http.HandlerFunc{
		"500": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oops", 500) },
		"429, in JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(429)
			w.Write([]byte(`{"message":"Too Many Requests"}`))
		},
		"a page":         func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) },
		"nothing":        func(http.ResponseWriter, *http.Request) {},
		"null":           func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("null")) },
		"an empty thing": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{}")) },
		"a list":         func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("[]")) },
		"half": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte(`{"code"`))
		},
		"no end": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(strings.Repeat(" ", 9<<20) + "{}")) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		},
		"hung up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		c.fails(t, name, c.serve(t, handler), to)
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	c.fails(t, "nobody there", c.New(closed.URL, time.Second), to)
	c.fails(t, "no address", c.New("http://a b/44.5", time.Second), to)

	release := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(silent.Close)
	t.Cleanup(func() { close(release) }) // before it is closed
	c.fails(t, "silence", c.New(silent.URL, 20*time.Millisecond), to)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.New(silent.URL, time.Hour).Times(ctx, to[0], to); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("silence until the deadline: %v", err)
	}
}

func (c Client) fails(t *testing.T, name string, timer geo.TravelTimer, to []geo.Point) {
	t.Helper()
	got, err := timer.Times(context.Background(), to[0], to)
	if err == nil || got != nil {
		t.Errorf("%s: %+v, %v", name, got, err)
		return
	}
	if strings.Contains(err.Error(), "44.5") {
		t.Errorf("%s: a position in the error %q", name, err)
	}
	if errors.Is(err, geo.ErrRefused) {
		t.Errorf("%s: %v, and it says nothing of the places", name, err)
	}
	wrapped := geo.Router(timer, geo.Straight{}, geo.RouterOptions{})
	got, err = wrapped.Times(context.Background(), to[0], to)
	if err != nil || len(got) != len(to) || !got[0].Degraded() {
		t.Errorf("%s, wrapped: %+v, %v", name, got, err)
	}
}
