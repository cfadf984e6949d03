package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"boussole/data"
	"boussole/geo"
)

// row is what the peers are given of an offer: all that the questions ask for.
// Rows are numbered in the order of their ids.
type row struct {
	id          data.ID
	point       geo.Point
	placed      bool
	sensitive   bool
	departement string
	refs        []int32 // codes with their classes, sorted; shared
	ages        data.AgeRange
	week        int32   // number of the weekly hours; 0 is not known
	free        int32   // most beds that one line tells available now; -1 is not known
	words       []int32 // that the public sees, sorted; doubled, and one more in its name
}

// table is the offers of a source as rows, with what they share.
type table struct {
	rows   []row
	codes  map[data.Code]int32
	list   []data.Code // by number
	weeks  []week      // the first is that of no hours
	clocks []*data.Territory
	dated  []data.Period // days on which hours are not those of the week
	carry  []int         // offers with a position that carry each ref

	words    []string       // by number
	carrying []int          // rows that carry each of them
	things   []thing        // that may be suggested, in their order
	communes map[string]int // where one is among those, by INSEE code
}

// ref is a code and the class with which it is carried.
func (t *table) ref(c data.Code, class data.Class) int32 {
	n, ok := t.codes[c]
	if !ok {
		n = int32(len(t.list))
		t.codes[c], t.list = n, append(t.list, c)
	}
	return n<<4 | int32(class)
}

// visible returns the refs of codes that a viewer sees and that some offer
// carries.
func (t *table) visible(codes []data.Code, v data.Viewer) []int32 {
	var refs []int32
	for _, c := range codes {
		n, ok := t.codes[c]
		for class := data.Class(0); ok && class < data.Classes; class++ {
			if r := n<<4 | int32(class); v.Mask().Sees(class) && int(r) < len(t.carry) && t.carry[r] > 0 {
				refs = append(refs, r)
			}
		}
	}
	return refs
}

// collect reads a source. An offer with several places is refused: the peers hold
// a row for each offer, and the sample has no such offers.
func collect(ctx context.Context, source data.Source) (*table, error) {
	t := &table{codes: make(map[data.Code]int32), weeks: make([]week, 1)}
	shared := make(map[string][]int32)
	weeks := make(map[string]int32)
	words := newWords()
	for o, err := range source.Offers(ctx) {
		if err != nil {
			return nil, err
		}
		if len(o.Places) > 1 {
			return nil, fmt.Errorf("offer %s has %d places, the peers' tables have room for one", o.ID, len(o.Places))
		}
		r := row{id: o.ID, sensitive: o.Sensitive, ages: o.Ages, free: -1}
		r.refs = t.refs(o, shared)
		r.words = words.of(o)
		t.establishment(o)
		if len(o.Places) > 0 {
			p := &o.Places[0]
			r.point, r.placed, r.departement = p.Point, p.Placed(), p.Address.In()
			r.free = free(p)
			r.week = t.week(o, p, weeks)
		}
		t.rows = append(t.rows, r)
	}
	slices.SortFunc(t.rows, func(a, b row) int { return cmp.Compare(a.id, b.id) })
	t.count()
	t.words = words.list
	t.countWords()
	t.orderThings()
	return t, nil
}

// refs lists the codes of an offer, each list once.
func (t *table) refs(o *data.Offer, shared map[string][]int32) []int32 {
	var refs []int32
	add := func(c data.Code, class data.Class) { refs = append(refs, t.ref(c, class)) }
	o.EachCode(add)
	for i := range o.Places {
		o.EachCodeOfPlace(&o.Places[i], add)
	}
	slices.Sort(refs)
	refs = slices.Compact(refs)
	key := fmt.Sprint(refs)
	if _, ok := shared[key]; !ok {
		shared[key] = slices.Clip(refs)
	}
	return shared[key]
}

func (t *table) count() {
	t.carry = make([]int, len(t.list)<<4)
	for i := range t.rows {
		if t.rows[i].placed {
			for _, r := range t.rows[i].refs {
				t.carry[r]++
			}
		}
	}
}

// free is the most beds that one line of a place tells available now, -1 where
// none does.
func free(p *data.Place) int32 {
	most := int32(-1)
	for i := range p.Capacity {
		c := &p.Capacity[i]
		if c.Status == data.Available && c.Temporality == data.Current && c.Crisis == 0 && c.Additional == 0 {
			most = max(most, int32(c.Number))
		}
	}
	return most
}

// week is when an offer receives, in minutes since the midnight that begins
// Sunday, by the clocks of a territory.
type week struct {
	clock int32 // number of the territory's clock
	spans []span
}

type span struct{ from, to int } // to is excluded

func (w *week) has(minute int) bool {
	return slices.ContainsFunc(w.spans, func(s span) bool { return minute >= s.from && minute < s.to })
}

// minutesOfWeek is how many minutes a week has.
const minutesOfWeek = 7 * 24 * 60

// week numbers the weekly hours of an offer; what is dated is kept apart.
func (t *table) week(o *data.Offer, p *data.Place, weeks map[string]int32) int32 {
	t.dated = append(t.dated, o.Hours.Closures...)
	for _, e := range o.Hours.Exceptions {
		t.dated = append(t.dated, e.Days)
	}
	if len(t.dated) > 1000 {
		t.dated = distinct(t.dated)
	}
	spans := receives(o.Hours.Weekly)
	if spans == nil {
		return 0
	}
	w := week{t.clock(o.Territory(p)), spans}
	key := fmt.Sprint(w)
	n, ok := weeks[key]
	if !ok {
		n = int32(len(t.weeks))
		weeks[key], t.weeks = n, append(t.weeks, w)
	}
	return n
}

func distinct(list []data.Period) []data.Period {
	slices.SortFunc(list, func(a, b data.Period) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return slices.Compact(list)
}

func (t *table) clock(of *data.Territory) int32 {
	i := slices.Index(t.clocks, of)
	if i < 0 {
		i, t.clocks = len(t.clocks), append(t.clocks, of)
	}
	return int32(i)
}

// receives lays openings on the minutes of the week: open where one receives and
// none closes; nil when none says anything of when patients are received.
func receives(openings []data.Opening) []span {
	var open, shut [minutesOfWeek]bool
	known := false
	for _, o := range openings {
		on := &open
		switch o.Kind {
		case data.HoursSecretariat, data.HoursVisits:
			continue
		case data.HoursClosing:
			on = &shut
		default:
			known = true
		}
		length := int(o.To - o.From)
		if length <= 0 {
			length += 24 * 60
		}
		for d := time.Sunday; d <= time.Saturday; d++ {
			for m := 0; o.Days.Has(d) && m < length; m++ {
				on[(int(d)*24*60+int(o.From)+m)%minutesOfWeek] = true
			}
		}
	}
	if !known {
		return nil
	}
	spans := []span{}
	for m := range minutesOfWeek {
		switch {
		case !open[m] || shut[m]:
		case len(spans) > 0 && spans[len(spans)-1].to == m:
			spans[len(spans)-1].to++
		default:
			spans = append(spans, span{m, m + 1})
		}
	}
	return spans
}

// minutes reads the clocks of all territories at an instant.
func (t *table) minutes(at time.Time) []int32 {
	list := make([]int32, len(t.clocks))
	for i, c := range t.clocks {
		local := at.In(c.Zone())
		list[i] = int32(int(local.Weekday())*24*60 + local.Hour()*60 + local.Minute())
	}
	return list
}
