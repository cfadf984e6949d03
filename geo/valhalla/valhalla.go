// Package valhalla asks a Valhalla server how long the way by car takes (its matrix
// service).
//
// It refuses to judge what it is told, beyond what speaks of another question: wrap it
// by [geo.Router].
package valhalla

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"boussole/geo"
	"boussole/geo/internal/ask"
)

// Format is how the server is asked to write its answer.
type Format uint8

// The formats. Verbose and OSRM say where the server takes the places to be; Concise
// is a fifth of the length and does not, so that a place off its map may be told as one
// that is kilometres away.
const (
	Verbose Format = iota
	Concise
	OSRM
)

// Client asks a server. It is safe for concurrent use.
type Client struct {
	// Base is the address of the server, such as "http://localhost:8002".
	Base string

	Format Format

	// Reach is the straight line beyond which the server is not asked, because it
	// refuses all places for the sake of one (service_limits.auto.max_matrix_distance);
	// 0 is its default, 400 km.
	Reach geo.Meters

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

const defaultReach geo.Meters = 400_000

// refusals are the codes of Valhalla that are about one of the places, or their
// number: too many, too far apart, in regions that are not connected, no road near one
// of them, too many steps, unreachable, no path.
var refusals = []int{150, 154, 170, 171, 430, 441, 442}

// Times asks for one row of a matrix, https://valhalla.github.io/valhalla/api/matrix:
// POST /sources_to_targets. The top speed of a car is told, so that [geo.CarFloor]
// holds.
//
// A server takes 2,500 pairs by default: see [geo.Batched].
func (c Client) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	near, places := c.within(from, to)
	travels := make([]geo.Travel, len(to))
	for i := range travels {
		travels[i].Doubt = geo.DoubtUntold
	}
	if len(near) == 0 {
		return travels, nil
	}
	told, err := c.times(ctx, from, near)
	if err != nil {
		return nil, fmt.Errorf("asking Valhalla for the way to %d places: %w", len(near), err)
	}
	for at, i := range places {
		travels[i] = told[at]
	}
	return travels, nil
}

// within returns the places that are within reach, and where they stand in to.
func (c Client) within(from geo.Point, to []geo.Point) (near []geo.Point, places []int) {
	reach := c.Reach
	if reach <= 0 {
		reach = defaultReach
	}
	for i, p := range to {
		if geo.Distance(from, p) <= reach {
			near, places = append(near, p), append(places, i)
		}
	}
	return near, places
}

type location struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

type question struct {
	Sources []location                    `json:"sources"`
	Targets []location                    `json:"targets"`
	Costing string                        `json:"costing"`
	Options map[string]map[string]float64 `json:"costing_options"`
	Verbose bool                          `json:"verbose"`
	Format  string                        `json:"format,omitempty"`
}

func (c Client) times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	address := strings.TrimSuffix(c.Base, "/") + "/sources_to_targets"
	status, body, err := c.settings().Post(ctx, address, c.question(from, to))
	if err != nil {
		return nil, err
	}
	if err := fault(status, body); err != nil {
		return nil, err
	}
	row, err := c.Format.read(body, len(to))
	if err != nil {
		return nil, err
	}
	return c.settings().Travels(from, to, row)
}

func (c Client) question(from geo.Point, to []geo.Point) question {
	q := question{
		Sources: []location{location(from)},
		Costing: "auto",
		Options: map[string]map[string]float64{"auto": {"top_speed": float64(geo.CarTopSpeed)}},
		Verbose: c.Format == Verbose,
	}
	if c.Format == OSRM {
		q.Format = "osrm"
	}
	for _, p := range to {
		q.Targets = append(q.Targets, location(p))
	}
	return q
}

// fault reads an answer that is none. In the format of OSRM it has a word for a code,
// and a number in some versions.
func fault(status int, body []byte) error {
	var f struct {
		Number  int    `json:"error_code"`
		Error   string `json:"error"`
		Word    any    `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(body, &f); err != nil {
		return fmt.Errorf("HTTP %d, and no matrix: %w", status, err)
	}
	said := ask.Excerpt(f.Error + f.Message)
	switch {
	case slices.Contains(refusals, f.Number), slices.Contains([]any{"NoSegment", "NoRoute", "DistanceExceeded"}, f.Word):
		return fmt.Errorf("code %d: %s: %w", f.Number, said, geo.ErrRefused)
	case status != http.StatusOK || f.Number != 0:
		return fmt.Errorf("HTTP %d, code %d: %s", status, f.Number, said)
	}
	return nil
}

// Floor is [geo.CarFloor].
func (Client) Floor(_ geo.Point, d geo.Meters) time.Duration { return geo.CarFloor(d) }

// Name returns "car" and "valhalla".
func (Client) Name() (mode, source string) { return geo.ModeCar, "valhalla" }
