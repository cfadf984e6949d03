// Package osrm asks an OSRM server how long the way by car takes (its table service).
//
// It refuses to judge what it is told, beyond what speaks of another question: wrap it
// by [geo.Router].
package osrm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/geo"
	"boussole/geo/internal/ask"
)

// Client asks a server. It is safe for concurrent use.
type Client struct {
	// Base is the address of the server, such as "http://localhost:5000".
	Base string

	// Profile is the one by which the server was made; "" is "driving". It must be
	// one of a car: the floor is that of cars.
	Profile string

	// HTTP makes the calls; nil is a client that follows no redirect.
	HTTP *http.Client

	// Timeout bounds one call; 0 is 5 seconds.
	Timeout time.Duration

	// Snap is how far a road may be from a place that the server takes to be on it;
	// 0 is 2 km. Beyond that it speaks of another place, which is not believed.
	Snap geo.Meters
}

func (c Client) settings() ask.Settings {
	return ask.Settings{HTTP: c.HTTP, Timeout: c.Timeout, Snap: c.Snap}
}

// refusals are the codes of OSRM that are about one of the places, or their number.
var refusals = []string{"NoSegment", "NoRoute", "NoTable", "TooBig"}

// Times asks for one row of a table, https://project-osrm.org/docs (table service):
// /table/v1/driving/…?sources=0&annotations=duration. No speed is told to guess with
// (fallback_speed): no way is no way.
//
// A server takes 100 places by default and an address of some kilobytes: see
// [geo.Batched].
func (c Client) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	if len(to) == 0 {
		return nil, nil
	}
	travels, err := c.times(ctx, from, to)
	if err != nil {
		return nil, fmt.Errorf("asking OSRM for the way to %d places: %w", len(to), err)
	}
	return travels, nil
}

func (c Client) times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	status, body, err := c.settings().Get(ctx, c.address(from, to))
	if err != nil {
		return nil, err
	}
	return c.read(status, body, from, to)
}

func (c Client) address(from geo.Point, to []geo.Point) string {
	profile := c.Profile
	if profile == "" {
		profile = "driving"
	}
	places := make([]string, 0, len(to)+1)
	for _, p := range append([]geo.Point{from}, to...) {
		places = append(places, degrees(p.Lon)+","+degrees(p.Lat))
	}
	return strings.TrimSuffix(c.Base, "/") + "/table/v1/" + url.PathEscape(profile) + "/" +
		strings.Join(places, ";") + "?sources=0&annotations=duration"
}

// degrees writes all that OSRM reads: a millionth, 11 cm.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// read reads a table whose destinations are all places, the origin first, because none
// are chosen.
func (c Client) read(status int, body []byte, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	var answer ask.Table
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("HTTP %d, and no table: %w", status, err)
	}
	switch {
	case slices.Contains(refusals, answer.Code):
		return nil, fmt.Errorf("%s: %s: %w", answer.Code, ask.Excerpt(answer.Message), geo.ErrRefused)
	case status != http.StatusOK || answer.Code != "Ok":
		return nil, fmt.Errorf("HTTP %d, code %q: %s", status, ask.Excerpt(answer.Code), ask.Excerpt(answer.Message))
	}
	row, err := answer.Row()
	if err != nil {
		return nil, err
	}
	if err := dropOrigin(&row, len(to)); err != nil {
		return nil, err
	}
	return c.settings().Travels(from, to, row)
}

// dropOrigin takes the origin from among the destinations. The way to it takes no time:
// if it does, the order is another one.
func dropOrigin(row *ask.Row, places int) error {
	if len(row.Seconds) != places+1 {
		return fmt.Errorf("%d times for %d places and the origin: %w", len(row.Seconds), places, geo.ErrDisbelieved)
	}
	if self := row.Seconds[0]; self != nil && *self != 0 {
		return fmt.Errorf("%v s from the origin to itself: %w", *self, geo.ErrDisbelieved)
	}
	row.Seconds = row.Seconds[1:]
	if len(row.To) > 0 {
		row.To = row.To[1:]
	}
	return nil
}

// Floor is [geo.CarFloor].
func (Client) Floor(_ geo.Point, d geo.Meters) time.Duration { return geo.CarFloor(d) }

// Name returns "car" and "osrm".
func (Client) Name() (mode, source string) { return geo.ModeCar, "osrm" }
