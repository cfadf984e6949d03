package twin

import (
	"math"
	"math/rand/v2"

	"boussole/data"
	"boussole/geo"
)

// A dice is the only source of chance: the same seed throws the same world.
type dice struct{ *rand.Rand }

// chance is true so many times in a hundred.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between returns a whole number from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// around returns a number within so much of zero.
func (d dice) around(span float64) float64 { return (2*d.Float64() - 1) * span }

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// some returns up to most of the values, none twice, often none.
func some[T any](d dice, most int, from []T) []T {
	var taken []T
	for _, i := range d.Perm(len(from))[:min(len(from), d.IntN(most+1))] {
		taken = append(taken, from[i])
	}
	return taken
}

// maybe returns the value so many times in a hundred, otherwise nothing.
func maybe[T any](d dice, percent int, value T) T {
	var none T
	if d.chance(percent) {
		return value
	}
	return none
}

func (d dice) state() data.State { return pick(d, []data.State{data.Unknown, data.Yes, data.No}) }

func (d dice) date(fromYear, toYear int) data.Date {
	return data.NewDate(d.between(fromYear, toYear), 1, d.between(1, 365))
}

// rounded puts a point on the grid of 1e-7 degree on which positions are kept,
// where the antimeridian is called -180.
func rounded(lat, lon float64) geo.Point {
	lat = max(-90, min(90, math.Round(lat*1e7)/1e7))
	lon = math.Round(lon*1e7) / 1e7
	switch {
	case lon >= 180:
		lon = math.Round((lon-360)*1e7) / 1e7
	case lon < -180:
		lon = math.Round((lon+360)*1e7) / 1e7
	}
	return geo.Point{Lat: lat, Lon: lon}
}
