package main

import (
	"cmp"
	"context"
	"slices"

	"boussole/data"
	"boussole/geo"
)

// Some peers measure on an Earth of their own, or round positions. They are
// asked for some more than is wanted, within a radius that mostly holds enough;
// what they find is measured again and put in the order of (distance, id).

// found is what such a peer found: numbers of rows in its own order.
type found struct {
	rows     []int32
	farthest geo.Meters // of the last, as the peer measures
	all      bool       // there is nothing else within the radius
}

// Bounds of how far off the distance of a peer may be: bleve takes the diameter
// of the Earth by the latitude, Redis rounds positions to some 0.6 m.
const (
	offByPart            = 0.006
	offBy     geo.Meters = 1.5
)

// surely is a distance below which a peer has seen everything, when it has seen
// everything below d as it measures.
func surely(d geo.Meters) geo.Meters { return d*(1-offByPart) - offBy }

// more is how many are asked for at first, and anywhere is beyond the antipodes.
const (
	more                = 24
	anywhere geo.Meters = 21_000_000
)

// approximate answers by a peer that is nearly right. It begins with a radius and
// goes on with greater ones, or with more hits, until no offer that was not seen
// can be among the nearest.
func approximate(ctx context.Context, rows []row, q *question, radius geo.Meters,
	search func(ctx context.Context, radius geo.Meters, n int) (found, error)) (answer, error) {
	origin := q.near.Vector()
	for n := more; ; {
		f, err := search(ctx, radius, n)
		if err != nil {
			return answer{}, err
		}
		hits := make([]measured, len(f.rows))
		for i, r := range f.rows {
			hits[i] = measured{origin.Distance(rows[r].point.Vector()), r}
		}
		slices.SortFunc(hits, func(a, b measured) int {
			return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.row, b.row))
		})
		last := geo.Meters(0)
		if len(hits) >= wanted {
			last = hits[wanted-1].distance
		}
		switch {
		case !f.all && (len(hits) < wanted || last > surely(f.farthest)):
			n *= 4
		case radius < anywhere && (len(hits) < wanted || last > surely(radius)):
			radius *= 3
		default:
			return answer{ids: idsOf(rows, hits[:min(wanted, len(hits))])}, nil
		}
	}
}

type measured struct {
	distance geo.Meters
	row      int32
}

func idsOf(rows []row, hits []measured) []data.ID {
	var ids []data.ID
	for _, h := range hits {
		ids = append(ids, rows[h.row].id)
	}
	return ids
}

// rounder is an asker that begins with a radius.
type rounder interface {
	asker
	within(radius geo.Meters) asker
}

// parts are of the distances to the tenth hit: with one of them as its radius, so
// many questions are answered at once.
var parts = []float64{0.25, 0.5, 0.75, 0.9}

// waysOf are an asker with radii that are learnt from the distances of tenth hits,
// and with none at all where so few suit that all may be sorted, as somebody would
// do who knows the data.
func waysOf(a rounder, tenths []geo.Meters, few bool) []asker {
	var radii []geo.Meters
	for _, part := range parts {
		radii = append(radii, min(anywhere, (quantile(tenths, part)+offBy)*(1+2*offByPart)))
	}
	if few {
		radii = append(radii, anywhere)
	}
	var ways []asker
	for _, r := range slices.Compact(radii) {
		ways = append(ways, a.within(r))
	}
	return ways
}
