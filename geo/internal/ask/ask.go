// Package ask is what the clients of routers share: one bounded question over HTTP,
// and the reading of a row of a matrix.
//
// It refuses to know where a router differs from another, and to write a position into an error: errors are
// logged, and where somebody is in need is nobody's business there.
package ask

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"time"

	"boussole/geo"
)

// The bounds of a question, where a client is not told others.
const (
	defaultTimeout = 5 * time.Second
	defaultSnap    = geo.Meters(2000)
	mostBytes      = 8 << 20 // 100 verbose cells take 30 kB
)

// Settings are what every client of a router may be told. The zero Settings are
// usable.
type Settings struct {
	// HTTP makes the calls; nil is a client of our own, which follows no redirect.
	HTTP *http.Client

	// Timeout bounds one call; 0 is 5 seconds.
	Timeout time.Duration

	// Snap is how far a road may be from a place that the router takes to be on
	// it; 0 is 2 km. Beyond that it speaks of another place.
	Snap geo.Meters
}

var plain = &http.Client{
	Transport: &http.Transport{
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       time.Minute,
		ResponseHeaderTimeout: time.Minute,
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Get asks an address, and returns the status and the whole body of the answer.
func (s Settings) Get(ctx context.Context, address string) (status int, body []byte, err error) {
	return s.do(ctx, http.MethodGet, address, nil)
}

// Post asks with a question in JSON.
func (s Settings) Post(ctx context.Context, address string, question any) (status int, body []byte, err error) {
	written, err := json.Marshal(question)
	if err != nil {
		return 0, nil, fmt.Errorf("writing the question: %w", err)
	}
	return s.do(ctx, http.MethodPost, address, written)
}

func (s Settings) do(ctx context.Context, method, address string, question []byte) (status int, body []byte, err error) {
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	client := s.HTTP
	if client == nil {
		client = plain
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(question))
	if err != nil {
		return 0, nil, withoutAddress(err)
	}
	if question != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, withoutAddress(err)
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, mostBytes+1))
	if err != nil {
		return 0, nil, fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > mostBytes {
		return 0, nil, fmt.Errorf("an answer of more than %d bytes", mostBytes)
	}
	return response.StatusCode, body, nil
}

// withoutAddress drops the address of the question, which has the positions in it.
func withoutAddress(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// Row is what a router says of the ways from one place to others.
type Row struct {
	// Seconds of each destination; nil is no way.
	Seconds []*float64

	// From and To are where the router takes the places to be; nil, or shorter
	// than asked, is that it does not say.
	From *geo.Point
	To   []geo.Point
}

// Travels reads a row. The router counts from the road that is nearest to a place, so
// the straight ways to and from it are added at [geo.CarTopSpeed]: a second for 36 m,
// with which what it says of real roads is never below [geo.CarFloor].
//
// A place that it takes to be farther off than the snap is not told; where that is the
// origin, the question is refused.
func (s Settings) Travels(from geo.Point, to []geo.Point, row Row) ([]geo.Travel, error) {
	if len(row.Seconds) != len(to) {
		return nil, fmt.Errorf("%d times for %d places: %w", len(row.Seconds), len(to), geo.ErrDisbelieved)
	}
	if len(row.To) != 0 && len(row.To) != len(to) {
		return nil, fmt.Errorf("%d places on roads for %d places: %w", len(row.To), len(to), geo.ErrDisbelieved)
	}
	snap := s.Snap
	if snap <= 0 {
		snap = defaultSnap
	}
	start := geo.Meters(0)
	if row.From != nil {
		if start = geo.Distance(from, *row.From); !(start <= snap) {
			return nil, fmt.Errorf("the origin is taken to be %.0f m away: %w", start, geo.ErrRefused)
		}
	}
	travels := make([]geo.Travel, len(to))
	for i, seconds := range row.Seconds {
		end := geo.Meters(0)
		if len(row.To) != 0 {
			end = geo.Distance(to[i], row.To[i])
		}
		switch {
		case !(end <= snap): // written so that NaN is far
			travels[i] = geo.Travel{Doubt: geo.DoubtUntold}
		case seconds != nil:
			travels[i] = geo.Travel{Time: duration(*seconds) + toRoad(start+end), Reachable: true}
		}
	}
	return travels, nil
}

// toRoad is the time that no car beats on the straight ways to and from the road. The
// microsecond is for distances that are rounded to the millimetre.
func toRoad(off geo.Meters) time.Duration {
	if off == 0 {
		return 0
	}
	return geo.CarFloor(off) + time.Microsecond
}

// duration keeps what is absurd absurd: [geo.Checked] judges it.
func duration(seconds float64) time.Duration {
	const most = 1e9 // some thirty years
	return time.Duration(math.Round(max(-most, min(seconds, most)) * float64(time.Second)))
}

// Excerpt returns a short part of what a router says is wrong, for an error.
func Excerpt(text string) string {
	const most = 120
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return string(letters[:most]) + "…"
}
