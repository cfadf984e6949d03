package ask

import (
	"fmt"

	"boussole/geo"
)

// Table is what OSRM's table service answers, and Valhalla in the format of OSRM.
type Table struct {
	Code, Message         string
	Durations             [][]*float64
	Sources, Destinations []waypoint
}

type waypoint struct {
	Location [2]float64 // longitude, latitude
}

// Row returns the only row of a table for one origin.
func (t Table) Row() (Row, error) {
	if len(t.Durations) != 1 {
		return Row{}, fmt.Errorf("%d rows for one origin: %w", len(t.Durations), geo.ErrDisbelieved)
	}
	row := Row{Seconds: t.Durations[0], From: First(points(t.Sources)), To: points(t.Destinations)}
	return row, nil
}

func points(waypoints []waypoint) []geo.Point {
	var points []geo.Point
	for _, w := range waypoints {
		points = append(points, geo.Point{Lat: w.Location[1], Lon: w.Location[0]})
	}
	return points
}

// First returns the first of some points, nil of none.
func First(points []geo.Point) *geo.Point {
	if len(points) == 0 {
		return nil
	}
	return &points[0]
}
