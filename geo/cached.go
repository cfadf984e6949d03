package geo

import (
	"context"
	"encoding/binary"
	"math"
	"time"

	"boussole/geo/cache"
)

// Cached remembers the times of a timer, from exactly one point to exactly another,
// and asks only for those that it does not know, each place once. Errors are never
// kept, nor is what the source could not tell or what stands in for it. It is safe
// for concurrent use when its timer is.
//
// One cache may serve several timers: what is kept is kept by their names.
type Cached struct {
	Timer TravelTimer
	Kept  *cache.Cache[Travel] // nil keeps nothing
}

// Times returns what is kept, and asks for the rest in one question.
func (c Cached) Times(ctx context.Context, from Point, to []Point) ([]Travel, error) {
	travels := make([]Travel, len(to))
	key := c.key(from)
	var missing []Point
	var places [][]int // of each that is missing, where it stands in to
	seen := make(map[Point]int)
	for i, p := range to {
		kept, ok := c.Kept.Get(key.to(p))
		if ok {
			travels[i] = kept
			continue
		}
		at, ok := seen[p]
		if !ok {
			at = len(missing)
			seen[p] = at
			missing, places = append(missing, p), append(places, nil)
		}
		places[at] = append(places[at], i)
	}
	if len(missing) == 0 {
		return travels, nil
	}
	told, err := c.Timer.Times(ctx, from, missing)
	if err != nil {
		return nil, err
	}
	if err := counted(told, missing); err != nil {
		return nil, err
	}
	for at, t := range told {
		for _, i := range places[at] {
			travels[i] = t
		}
		if t.Doubt&(DoubtUntold|DoubtDegraded) == 0 {
			c.Kept.Put(key.to(missing[at]), t)
		}
	}
	return travels, nil
}

// Floor is that of the timer.
func (c Cached) Floor(from Point, d Meters) time.Duration { return c.Timer.Floor(from, d) }

// Name is that of the timer.
func (c Cached) Name() (mode, source string) { return c.Timer.Name() }

// travelKey is the part of a key that is the same for all destinations.
type travelKey []byte

func (c Cached) key(from Point) travelKey {
	mode, source := c.Timer.Name()
	key := append(make(travelKey, 0, 34+len(mode)+len(source)), mode...)
	key = append(append(append(key, 0), source...), 0)
	return key.and(from)
}

// and appends the bits of a point: rounded to nothing.
func (k travelKey) and(p Point) travelKey {
	k = binary.BigEndian.AppendUint64(k, math.Float64bits(p.Lat))
	return binary.BigEndian.AppendUint64(k, math.Float64bits(p.Lon))
}

func (k travelKey) to(p Point) string { return string(k.and(p)) }
