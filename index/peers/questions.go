package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
)

// spec is a sort of question: what it asks for, what was measured of the peers
// elsewhere, and how many times faster than them the engine is to be.
type spec struct {
	name, what string

	// references are the medians of others on two cores, in microseconds, socket
	// ping taken off: a peer far above its own was set up badly.
	references map[string]float64

	floors, goals       map[string]float64 // times
	spreadFloor, spread float64            // p99 over p50; 0 is not asked for
}

// Names of the peers.
const (
	postgis = "PostGIS"
	bleve   = "bleve"
	redis   = "Redis"
	tile38  = "Tile38"
)

type times = map[string]float64

// specs are those that are measured; unmeasured those that nobody can ask yet.
var (
	specs = []spec{
		{"Q1", "nearest ten of any offer", times{postgis: 633, tile38: 219, bleve: 751},
			times{postgis: 150, bleve: 200, redis: 20}, times{postgis: 300, bleve: 400, redis: 40}, 3, 2},
		{"Q2", "of a common code", times{postgis: 793, tile38: 163, bleve: 5152},
			times{postgis: 70, bleve: 120}, times{postgis: 110, bleve: 250}, 3, 2},
		{"Q3", "of a rare code", times{postgis: 122, tile38: 86, bleve: 197},
			times{postgis: 70, bleve: 120}, times{postgis: 110, bleve: 250}, 3, 2},
		{"Q4", "of a code, open at a minute, a bed free, of an age, all rights", times{postgis: 753, tile38: 411, bleve: 24391},
			times{postgis: 80, bleve: 1000}, times{postgis: 150, bleve: 5000}, 8, 4},
		{"Q7", "cells of a map with counts, of the common code", times{postgis: 485, bleve: 17723},
			times{postgis: 80}, times{postgis: 150}, 0, 0},
	}
	unmeasured = []spec{
		{name: "Q5", what: "two words, nearest first", references: times{postgis: 1641, bleve: 2304}},
		{name: "Q6", what: "suggestion", references: times{postgis: 1761, bleve: 33777}},
	}
)

// question is one question, the same for all. Codes are all asked for.
type question struct {
	near        geo.Point
	codes       []data.Code
	departement string
	age         *data.Age
	at          time.Time // the minute at which it must be known to be open; zero does not matter
	bed         bool      // one available at least
	viewer      data.Viewer

	cells  bool // asks for cells with counts, instead of the nearest
	bounds index.Bounds
	zoom   int
}

// wanted is how many of the nearest are asked for.
const wanted = 10

// answer is the ids of the nearest in their order, or cells by rows.
type answer struct {
	ids   []data.ID
	cells []cell
}

type cell struct{ x, y, offers int }

func (a *answer) equal(b *answer) bool {
	return slices.Equal(a.ids, b.ids) && slices.Equal(a.cells, b.cells)
}

func (a *answer) String() string {
	if a.cells != nil {
		return fmt.Sprint(a.cells)
	}
	return fmt.Sprint(a.ids)
}

func sortCells(cells []cell) {
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
}

// chosen is a code that questions ask for, and what share of the offers that
// have a position carries it, as who asks sees it.
type chosen struct {
	code  data.Code
	share float64
}

func (c chosen) String() string { return fmt.Sprintf("%s (%.3f %%)", c.code, 100*c.share) }

// choice is the codes of the questions.
type choice struct {
	common, rare, beds chosen
	known              float64 // the share of offers of the last that tell hours and a free bed
}

// choose takes the activities that come nearest to 5 % and to 0.02 % of the offers,
// none of which is hidden from the public, and, for Q4, the code that most offers
// carry of which hours and a free bed are known.
func choose(t *table) (choice, error) {
	total, both := 0, make([]int, len(t.carry))
	for i := range t.rows {
		r := &t.rows[i]
		if !r.placed {
			continue
		}
		total++
		if r.week != 0 && r.free >= 1 {
			for _, ref := range r.refs {
				both[ref>>4]++
			}
		}
	}
	var c choice
	most := 0
	nearest := func(to float64, than chosen, code data.Code, share float64) chosen {
		if than.code == "" || math.Abs(math.Log(share/to)) < math.Abs(math.Log(than.share/to)) {
			return chosen{code, share}
		}
		return than
	}
	for n, code := range t.list {
		if public := t.carry[n<<4|int(data.Open)]; code.System() == "R211" && public > 0 && public == t.seenBy(code, all) {
			share := float64(public) / float64(total)
			c.common = nearest(0.05, c.common, code, share)
			c.rare = nearest(0.0002, c.rare, code, share)
		}
		if both[n] > most {
			most = both[n]
			offers := t.seenBy(code, all)
			c.beds, c.known = chosen{code, float64(offers) / float64(total)}, float64(most)/float64(offers)
		}
	}
	if c.common.code == "" || most == 0 {
		return c, errors.New("too few offers: none tells hours and a free bed, or no code is carried")
	}
	return c, nil
}

// all is who sees everything.
var all = data.Viewer{Profile: 1}

// seenBy is how many offers with a position carry a code, as a viewer sees them.
func (t *table) seenBy(code data.Code, v data.Viewer) int {
	n := 0
	for _, r := range t.visible(code, v) {
		n += t.carry[r]
	}
	return n
}

// inventor makes questions up.
type inventor struct {
	*rand.Rand
	places []geo.Point
	days   []data.Date
	choice choice
}

// year is that of the sample.
const year = 2026

// ordinaryDays are the days of June and July on which the hours of the week
// hold everywhere: neither they nor the days before are public holidays in any
// territory, nothing dated falls on them, and no clock is changed. What peers
// cannot express does not matter on them.
func ordinaryDays(t *table) []data.Date {
	var days []data.Date
	ordinary := func(d data.Date) bool {
		return !slices.ContainsFunc(t.clocks, func(c *data.Territory) bool { _, holiday := c.Holiday(d); return holiday }) &&
			!slices.ContainsFunc(t.dated, func(p data.Period) bool { return p.Contains(d) })
	}
	for d := data.NewDate(year, time.June, 2); d <= data.NewDate(year, time.July, 30); d++ {
		if ordinary(d-1) && ordinary(d) && ordinary(d+1) { // overseas it is another day
			days = append(days, d)
		}
	}
	return days
}

// newInventor needs offers that are not those of the table, where patients are.
func newInventor(seed uint64, places []geo.Point, t *table, c choice) (*inventor, error) {
	v := &inventor{rand.New(rand.NewPCG(seed, seed)), places, ordinaryDays(t), c}
	if len(v.days) < 20 {
		return nil, fmt.Errorf("only %d days of June and July on which peers know as much of hours as the engine does", len(v.days))
	}
	return v, nil
}

// origin is near an offer, some two kilometres off.
func (v *inventor) origin() geo.Point {
	p := v.places[v.IntN(len(v.places))]
	return geo.Point{Lat: p.Lat + v.NormFloat64()*0.02, Lon: p.Lon + v.NormFloat64()*0.02}
}

// mapZoom and the size of a map are those of a screen over a town: a cell is some
// three kilometres wide.
const mapZoom = 13

// ask invents a question of a sort.
func (v *inventor) ask(name string) question {
	q := question{near: v.origin()}
	switch name {
	case "Q2":
		q.codes = []data.Code{v.choice.common.code}
	case "Q3":
		q.codes = []data.Code{v.choice.rare.code}
	case "Q4":
		age := data.Age(v.IntN(95)) * data.AgeYear
		day := v.days[v.IntN(len(v.days))]
		q.codes, q.age, q.bed, q.viewer = []data.Code{v.choice.beds.code}, &age, true, all
		q.at = day.UTC().Add(time.Duration(v.IntN(24*60)) * time.Minute)
	case "Q7":
		q.codes, q.cells, q.zoom = []data.Code{v.choice.common.code}, true, mapZoom
		q.bounds = index.Bounds{
			South: q.near.Lat - 0.1, North: q.near.Lat + 0.1, West: q.near.Lon - 0.15, East: q.near.Lon + 0.15,
		}
	}
	return q
}

// questions invents many; the first of a seed are the same, however many.
func (v *inventor) questions(name string, n int) []question {
	list := make([]question, n)
	for i := range list {
		list[i] = v.ask(name)
	}
	return list
}
