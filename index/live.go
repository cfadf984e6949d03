package index

import (
	"cmp"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"boussole/data"
)

// What changes by the minute, and not by the day, is read through pages: how many
// beds there are of each status, and the hours of days that are not ordinary. A
// page is of so many entries, one after the other, and is never changed: another
// one takes its place in another root. Whoever reads holds one root, so a question
// is answered by what was known at one moment, and no reader ever waits.
//
// No structure of the snapshot rests on what stands in a page.
const pageSize = 128

type livePage struct {
	beds      []bedRow // by slot, in the order of the record
	bedStarts []uint32 // of each slot, and the end; nil where no entry has any
	hours     []hoursRow
	told      told
}

// told is a bit for each of some entries: what a question need not look for in
// the page. It is made of the page and goes where the page goes.
type told struct {
	free  [pageSize / 64]uint64 // some row counts a bed that is available, for whoever
	hours [pageSize / 64]uint64 // some day is not ordinary
	beds  [pageSize / 64]uint64 // there is some row
}

// start finds where the beds of each slot begin, and what there is to find.
func (p *livePage) start() {
	for i := range p.hours {
		slot := p.hours[i].slot
		p.told.hours[slot/64] |= 1 << (slot % 64)
	}
	if len(p.beds) == 0 {
		return
	}
	for i := range p.beds {
		row := &p.beds[i]
		p.told.beds[row.slot/64] |= 1 << (row.slot % 64)
		if row.status == data.Available && row.number > 0 {
			p.told.free[row.slot/64] |= 1 << (row.slot % 64)
		}
	}
	p.bedStarts = make([]uint32, pageSize+1)
	for i := range p.beds {
		p.bedStarts[p.beds[i].slot+1]++
	}
	for slot := range pageSize {
		p.bedStarts[slot+1] += p.bedStarts[slot]
	}
}

// bedRow is a row of capacity that counts what there is at the moment.
type bedRow struct {
	number  int32
	updated uint32 // in minutes since 1970; 0 is not told
	slot    uint8
	status  data.CapacityStatus
	sex     data.Sex
	class   data.Class
}

// minuteOf is the minute of an instant, 0 where it is not told or before 1970.
func minuteOf(t time.Time) uint32 {
	if t.IsZero() {
		return 0
	}
	return uint32(min(max(t.Unix()/60, 0), math.MaxUint32))
}

// minuteTime is the instant of a minute.
func minuteTime(minute uint32) time.Time {
	if minute == 0 {
		return time.Time{}
	}
	return time.Unix(60*int64(minute), 0).UTC()
}

// hoursRow is an entry whose hours are not those of its weekly schedule alone.
type hoursRow struct {
	schedule uint32
	slot     uint8
	_        [3]byte
}

// liveRoot is all the pages at one moment. What they tell lies side by side as
// well, a few bits an entry, so that it is read where no page is.
type liveRoot struct {
	pages []*livePage // nil where nothing is known
	told  []told      // of each page

	// turn is a number that no other root has, and turns that of the root that was the
	// last to change a page of each stretch of [leastItems] entries. So what was made
	// of a stretch holds where its turn is the same, whatever roots came between, and
	// whichever of them follow which.
	turn  uint64
	turns []uint64
}

// lastTurn is that of the root that was made last.
var lastTurn atomic.Uint64

// leastPages is how many pages a stretch has.
const leastPages = leastItems / pageSize

func newLiveRoot(pages []*livePage) *liveRoot {
	r := &liveRoot{pages: pages, told: make([]told, len(pages)), turn: lastTurn.Add(1)}
	r.turns = slices.Repeat([]uint64{r.turn}, (len(pages)+leastPages-1)/leastPages)
	for i, p := range pages {
		r.tell(i, p)
	}
	return r
}

func (r *liveRoot) tell(i int, p *livePage) {
	r.told[i] = told{}
	if p != nil {
		r.told[i] = p.told
	}
}

func (r *liveRoot) page(entry uint32) *livePage { return r.pages[entry/pageSize] }

// with returns a root in which some pages are others.
func (r *liveRoot) with(pages map[int]*livePage) *liveRoot {
	next := &liveRoot{slices.Clone(r.pages), slices.Clone(r.told), lastTurn.Add(1), slices.Clone(r.turns)}
	for i, p := range pages {
		next.turns[i/leastPages] = next.turn
		next.pages[i] = p
		next.tell(i, p)
	}
	return next
}

// mayBeFree reports whether a bed of an entry may be available: where it is not,
// no viewer sees one that is.
func (r *liveRoot) mayBeFree(entry uint32) bool {
	return r.told[entry/pageSize].free[entry%pageSize/64]>>(entry%64)&1 == 1
}

// hasDays reports whether hours of some day are known of an entry.
func (r *liveRoot) hasDays(entry uint32) bool {
	return r.told[entry/pageSize].hours[entry%pageSize/64]>>(entry%64)&1 == 1
}

// bedsOf returns the rows of an entry.
func (r *liveRoot) bedsOf(entry uint32) []bedRow {
	if r.told[entry/pageSize].beds[entry%pageSize/64]>>(entry%64)&1 == 0 {
		return nil
	}
	p := r.page(entry)
	slot := entry % pageSize
	return p.beds[p.bedStarts[slot]:p.bedStarts[slot+1]]
}

// scheduleOf returns the schedule that holds for an entry: its weekly one, unless
// a page knows another.
func (r *liveRoot) scheduleOf(entry, weekly uint32) uint32 {
	if !r.hasDays(entry) {
		return weekly
	}
	p := r.page(entry)
	i := slices.IndexFunc(p.hours, func(h hoursRow) bool { return uint32(h.slot) == entry%pageSize })
	return p.hours[i].schedule
}

// counts reports whether a row counts what there is at the moment: not in a
// crisis, and not later. What is available must be so now; of what is installed
// most sources do not say when.
func counts(row *data.Capacity) bool {
	now := row.Temporality == data.Current ||
		row.Temporality == data.TemporalityUnknown && row.Status != data.Available
	return now && row.Crisis == 0 && row.Additional == 0
}

// has says whether the rows that a viewer sees have as many as asked for:
// unknown where none of them counts what is asked for.
func (b *Beds) has(rows []bedRow, mask data.Mask) data.State {
	state := data.Unknown
	for i := range rows {
		switch b.says(&rows[i], mask) {
		case data.Yes:
			return data.Yes
		case data.No:
			state = data.No
		}
	}
	return state
}

// says is what one row says of it: unknown where it counts something else, or
// the viewer does not see it.
func (b *Beds) says(row *bedRow, mask data.Mask) data.State {
	switch {
	case row.status != cmp.Or(b.Status, data.Available) || !mask.Sees(row.class) || !b.takes(row.sex):
		return data.Unknown
	case int(row.number) >= max(b.AtLeast, 1):
		return data.Yes
	}
	return data.No
}

// known is what has says, and for which minute the rows said it: a yes is as
// fresh as the last row that says so, a no as the oldest that it takes.
func (b *Beds) known(rows []bedRow, mask data.Mask) (state data.State, updated uint32) {
	for i := range rows {
		says, at := b.says(&rows[i], mask), rows[i].updated
		switch {
		case says == data.Unknown:
		case says == data.Yes && state != data.Yes, state == data.Unknown:
			state, updated = says, at
		case says != state:
		case says == data.Yes && at > updated, says == data.No && at < updated:
			updated = at
		}
	}
	return state, updated
}

// forAnyone reports whether the sex of a bed does not matter.
func (b *Beds) forAnyone() bool { return b.Sex != data.Women && b.Sex != data.Men }

// takes reports whether a bed may be for the patient: one of the other sex is
// not, and one of which it is not said may be.
func (b *Beds) takes(bed data.Sex) bool {
	switch b.Sex {
	case data.Women:
		return bed != data.Men
	case data.Men:
		return bed != data.Women
	}
	return true
}

// liveBuilder gathers what is known when a snapshot is made, by the rows of a
// builder.
type liveBuilder struct {
	beds  []bedRow
	rows  rows[liveRow]
	hours []uint32 // schedules of the rows that have one of their own
}

// liveRow is where what is known of a row ends in the lists.
type liveRow struct{ beds, hours uint32 }

// add takes what is known of the next row.
func (b *liveBuilder) add(o *data.Offer, p *data.Place, schedule func(*data.Hours) uint32) {
	if len(o.Hours.Exceptions) > 0 {
		b.hours = append(b.hours, schedule(&o.Hours))
	}
	for i := range p.Capacity {
		c := &p.Capacity[i]
		if !counts(c) {
			continue
		}
		b.beds = append(b.beds, bedRow{
			number: int32(min(c.Number, 1<<30)), updated: minuteOf(c.Updated),
			status: c.Status, sex: c.Sex, class: o.ClassOfCapacity(c),
		})
	}
	b.rows.add(liveRow{uint32(len(b.beds)), uint32(len(b.hours))})
}

// of returns what is known of a row: its beds, and its schedule where it has one.
func (b *liveBuilder) of(row uint32) (beds []bedRow, hours []uint32) {
	var from liveRow
	if row > 0 {
		from = *b.rows.at(row - 1)
	}
	to := b.rows.at(row)
	return b.beds[from.beds:to.beds], b.hours[from.hours:to.hours]
}

// renumber gives the schedule of a row the number that it has now.
func (b *liveBuilder) renumber(row uint32, number func(uint32) uint32) {
	if _, hours := b.of(row); len(hours) > 0 {
		hours[0] = number(hours[0])
	}
}

// finish makes the root of entries that are in the order of these rows.
func (b *liveBuilder) finish(order []uint32) *liveRoot {
	pages := make([]*livePage, (len(order)+pageSize-1)/pageSize)
	for i := range pages {
		pages[i] = b.page(order[i*pageSize : min(len(order), (i+1)*pageSize)])
	}
	return newLiveRoot(pages)
}

func (b *liveBuilder) page(rows []uint32) *livePage {
	var p livePage
	for slot, row := range rows {
		beds, hours := b.of(row)
		for _, bed := range beds {
			bed.slot = uint8(slot)
			p.beds = append(p.beds, bed)
		}
		for _, schedule := range hours {
			p.hours = append(p.hours, hoursRow{schedule: schedule, slot: uint8(slot)})
		}
	}
	if len(p.beds) == 0 && len(p.hours) == 0 {
		return nil
	}
	p.start()
	return &p
}
