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

// question is one question, the same for all.
type question struct {
	near        geo.Point
	codes       [][]data.Code // all of the groups, any of each
	departement string
	age         *data.Age
	at          time.Time // the minute at which it must be known to be open; zero does not matter
	bed         bool      // one available at least
	viewer      data.Viewer

	words  []int32 // of the table, all of them
	typed  string  // the same as somebody types them, or the beginning of what is looked for
	typos  bool    // peers look for words that are alike too
	target data.ID // what is looked for, of a suggestion

	cells  bool // asks for cells with counts, instead of the nearest
	bounds index.Bounds
	zoom   int
}

// wanted is how many of the nearest are asked for.
const wanted = 10

// answer is the ids of the nearest in their order, of what is suggested, or cells
// by rows.
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
	for _, r := range t.visible([]data.Code{code}, v) {
		n += t.carry[r]
	}
	return n
}

// only asks for one code.
func only(code data.Code) [][]data.Code { return [][]data.Code{{code}} }

// inventor makes questions up.
type inventor struct {
	*rand.Rand
	t      *table
	places []geo.Point
	days   []data.Date
	choice choice
	pairs  []pair
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
func newInventor(seed uint64, places []geo.Point, t *table, c choice, pairs []pair) (*inventor, error) {
	v := &inventor{rand.New(rand.NewPCG(seed, seed)), t, places, ordinaryDays(t), c, pairs}
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
		q.codes = only(v.choice.common.code)
	case "Q3":
		q.codes = only(v.choice.rare.code)
	case "Q4":
		age := data.Age(v.IntN(95)) * data.AgeYear
		day := v.days[v.IntN(len(v.days))]
		q.codes, q.age, q.bed, q.viewer = only(v.choice.beds.code), &age, true, all
		q.at = day.UTC().Add(time.Duration(v.IntN(24*60)) * time.Minute)
	case "Q5", typos:
		p := v.pairs[v.IntN(len(v.pairs))]
		q.words, q.typed = p.words[:], v.t.written(p)
		q.typos = name == typos
	case "Q6":
		t := v.looked()
		q.typed, q.target = v.typed(t), t.key
	case "Q7":
		q.codes, q.cells, q.zoom = only(v.choice.common.code), true, mapZoom
		q.bounds = index.Bounds{
			South: q.near.Lat - 0.1, North: q.near.Lat + 0.1, West: q.near.Lon - 0.15, East: q.near.Lon + 0.15,
		}
	}
	return q
}

// questions invents many; the first of a seed are the same, however many.
func (v *inventor) questions(name string, n int) []question {
	ask := func() question { return v.ask(name) }
	switch name {
	case nested:
		ask = newConjunctions(v).nested
	case conjunction:
		ask = newConjunctions(v).three
	}
	list := make([]question, n)
	for i := range list {
		list[i] = ask()
	}
	return list
}
