package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
)

// preparer makes all ready before a clock runs: the engine's questions take about
// as long as to write them down.
type preparer interface {
	prepare(qs []question) func(ctx context.Context, i int) error
}

// timing is what one run of a sort of question took one peer.
type timing struct {
	times  []time.Duration
	ping   time.Duration // median
	allocs float64       // a question
}

// timeAll asks questions one after the other.
func timeAll(ctx context.Context, p *peer, a asker, qs []question) (timing, error) {
	ask := func(ctx context.Context, i int) error {
		_, err := a.ask(ctx, &qs[i])
		return err
	}
	if ready, ok := a.(preparer); ok {
		ask = ready.prepare(qs)
	}
	s := timing{times: make([]time.Duration, len(qs))}
	var err error
	if s.ping, err = pingOf(ctx, p); err != nil {
		return s, err
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range qs {
		begin := time.Now()
		if err := ask(ctx, i); err != nil {
			return s, fmt.Errorf("%s, question %d: %w", p.name, i, err)
		}
		s.times[i] = time.Since(begin)
	}
	runtime.ReadMemStats(&after)
	s.allocs = float64(after.Mallocs-before.Mallocs) / float64(len(qs))
	return s, nil
}

// pings is how many times a socket is tried.
const pings = 300

func pingOf(ctx context.Context, p *peer) (time.Duration, error) {
	if p.ping == nil {
		return 0, nil
	}
	times := make([]time.Duration, pings)
	for i := range times {
		begin := time.Now()
		if err := p.ping(ctx); err != nil {
			return 0, fmt.Errorf("%s: %w", p.name, err)
		}
		times[i] = time.Since(begin)
	}
	return quantile(times, 0.5), nil
}

// quantile sorts a copy.
func quantile[T cmp.Ordered](list []T, part float64) T {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

// figures are the medians of the runs, in microseconds, of a peer's sort of
// questions; the ping is taken off both.
type figures struct {
	asked    int
	p50, p99 float64
	ping     float64
	allocs   float64
}

func summarize(runs []timing) figures {
	var p50, p99, ping, allocs []float64
	for _, s := range runs {
		p50 = append(p50, micros(quantile(s.times, 0.5)-s.ping))
		p99 = append(p99, micros(quantile(s.times, 0.99)-s.ping))
		ping, allocs = append(ping, micros(s.ping)), append(allocs, s.allocs)
	}
	return figures{
		asked: len(runs[0].times), p50: quantile(p50, 0.5), p99: quantile(p99, 0.5),
		ping: quantile(ping, 0.5), allocs: quantile(allocs, 0.5),
	}
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// compared is how far a peer's answers were held against the engine's.
type compared struct {
	asked   int
	loose   int // of them, where what is alike was looked for, which each does in its way
	excused int // differ by no more offers than stand on the sides of the map, closer than the peer looks
}

// compare asks both, until the questions or the time are out but a least number at
// any rate, and fails at the first answer that differs.
func compare(ctx context.Context, t *table, p *peer, a, truth asker, qs []question, least int, budget time.Duration) (compared, error) {
	var c compared
	begin := time.Now()
	for i := range qs {
		if c.asked >= least && time.Since(begin) > budget {
			break
		}
		q := &qs[i]
		want, err := truth.ask(ctx, q)
		if err != nil {
			return c, err
		}
		got, err := a.ask(ctx, q)
		if err != nil {
			return c, fmt.Errorf("%s, question %d: %w", p.name, i, err)
		}
		switch {
		case q.target != "" && len(want.ids) == 0:
			c.loose++
		case got.equal(&want):
		case q.cells && p.rounds > 0 && apart(got.cells, want.cells) <= t.onSide(q, p.rounds):
			c.excused++
		default:
			return c, fmt.Errorf("%s, question %d, %+v, answers\n  %v\nand not\n  %v", p.name, i, *q, &got, &want)
		}
		c.asked++
	}
	return c, nil
}

// onSide is how many offers that carry the codes stand within so much of a side of
// the map.
func (t *table) onSide(q *question, within geo.Meters) int {
	near := float64(within) / 60_000 // degrees, of longitudes at 57° too
	b := q.bounds
	n := 0
	for i := range t.rows {
		p := t.rows[i].point
		around := p.Lat > b.South-near && p.Lat < b.North+near && p.Lon > b.West-near && p.Lon < b.East+near
		inside := p.Lat > b.South+near && p.Lat < b.North-near && p.Lon > b.West+near && p.Lon < b.East-near
		if t.rows[i].placed && around && !inside && t.suits(&t.rows[i], q) {
			n++
		}
	}
	return n
}

// suits reports whether a row carries all codes of a question, as who asks sees them.
func (t *table) suits(r *row, q *question) bool {
	return !slices.ContainsFunc(q.codes, func(group []data.Code) bool { return !r.carries(t.visible(group, q.viewer)) })
}

// apart is by how many offers the cells of two answers differ.
func apart(a, b []cell) int {
	offers := make(map[[2]int]int)
	for _, c := range a {
		offers[[2]int{c.x, c.y}] += c.offers
	}
	for _, c := range b {
		offers[[2]int{c.x, c.y}] -= c.offers
	}
	sum := 0
	for _, n := range offers {
		sum += max(n, -n)
	}
	return sum
}

// tenths asks the engine how far the tenth hit is, to learn with which radius peers
// are to begin.
func tenths(ctx context.Context, o ringer, qs []question) ([]geo.Meters, error) {
	var list []geo.Meters
	for i := range qs {
		ring, err := o.ring(ctx, &qs[i])
		if err != nil {
			return nil, err
		}
		far := geo.Meters(math.Inf(1))
		if len(ring.Hits) == wanted {
			far = ring.Hits[wanted-1].Distance
		}
		list = append(list, far)
	}
	return list, nil
}

// ringer gives the nearest with their distances.
type ringer interface {
	ring(ctx context.Context, q *question) (index.Ring, error)
}
