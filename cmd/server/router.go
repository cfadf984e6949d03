package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/osrm"
	"boussole/geo/outline"
	"boussole/geo/valhalla"
)

// What a router is trusted with: a call may take two seconds, one that fails is left
// alone for ten, and a hundred thousand ways are remembered for an hour.
var routerOptions = geo.RouterOptions{
	Patience: 2 * time.Second,
	Rest:     10 * time.Second,
	Kept:     100_000,
	KeptFor:  time.Hour,
	Water:    outline.CrossesWater,
}

// readRouter makes the timer of a router told as KIND=ADDRESS; nil, the estimate,
// where none is told.
func readRouter(told string) (geo.TravelTimer, error) {
	if told == "" {
		return nil, nil
	}
	kind, address, _ := strings.Cut(told, "=")
	if at, err := url.Parse(address); err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("-router: %q is not KIND=ADDRESS, such as osrm=http://localhost:5000", told)
	}
	var router geo.TravelTimer
	switch kind {
	case "osrm":
		router = osrm.Client{Base: address}
	case "valhalla":
		router = valhalla.Client{Base: address}
	default:
		return nil, fmt.Errorf("-router: %q is neither osrm nor valhalla", kind)
	}
	return geo.Router(router, geo.Straight{Ground: gazetteer.GroundAt, Water: outline.CrossesWater}, routerOptions), nil
}
