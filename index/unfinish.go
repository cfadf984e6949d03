package index

import (
	"math"
	"slices"

	"boussole/data"
)

// unfinished turns a snapshot back into what a builder of its offers was before it
// finished, as far as offers stay: all that a builder holds of an offer is in a
// snapshot, so that no document is read for it. Only the words stay where they are,
// see [repost]. What nobody carries any more, a kind or a code or a schedule, is
// never met, and so is not in the builder.
type unfinished struct {
	*builder
	old       *snapshot
	kinds     []uint32 // numbers in the builder, one more, by those in the snapshot; 0 is not met
	schedules []uint32
	areas     []uint32

	numbers []uint32 // of offers in the builder
	rows    []uint32 // of entries in the builder
}

// absent is the number of what does not stay.
const absent = math.MaxUint32

// unfinish fills a builder that is empty with the offers of a snapshot that stay.
func (b *builder) unfinish(s *snapshot, stays func(offer uint32) bool) *unfinished {
	u := &unfinished{
		builder: b, old: s,
		kinds: make([]uint32, len(s.kindRows)), schedules: make([]uint32, len(s.scheduleList)), areas: make([]uint32, len(s.areaList)),
		numbers: slices.Repeat([]uint32{absent}, s.offerCount()), rows: slices.Repeat([]uint32{absent}, len(s.rows)),
	}
	b.schedule(&data.Offer{}, &data.Place{}) // the first of them is that of no hours
	for offer := range uint32(s.offerCount()) {
		if stays(offer) {
			u.offer(offer)
		}
	}
	for _, a := range s.aliases {
		if number := u.numbers[a.offer]; number != absent {
			b.aliases.add(aliasRow{a.hash, number})
		}
	}
	return u
}

func (u *unfinished) offer(offer uint32) {
	b, s := u.builder, u.old
	number := uint32(b.offers.n)
	u.numbers[offer] = number
	row := builtOffer{id: b.ids.add(s.idBytes(offer)), classes: s.classes[offer], updated: s.updated[offer]}
	row.entries.from = uint32(b.entries.n)
	for _, e := range s.entriesOf(offer) {
		u.rows[e] = uint32(b.entries.n)
		b.entries.add(u.entry(number, e))
	}
	row.entries.to = uint32(b.entries.n)
	b.offers.add(row)
}

func (u *unfinished) entry(number, entry uint32) builtEntry {
	s := u.old
	row := &s.rows[entry]
	e := builtEntry{
		offer: number, place: row.place, point: row.point,
		ref:      row.offer & (hasSeveral | notForAll), // whether it shares a step is found anew
		kind:     once(&u.kinds[s.kinds[entry]], func() uint32 { return u.kind(&s.kindRows[s.kinds[entry]]) }),
		schedule: u.schedule(s.schedules[entry]),
		area:     once(&u.areas[s.areas[entry]], func() uint32 { return u.builder.areas.number(s.areaList[s.areas[entry]]) }),
	}
	if int(entry) < s.placed() {
		e.placed, e.point32 = true, s.all.Items[entry].Point
	}
	live := &u.builder.live
	live.beds = append(live.beds, s.live.bedsOf(entry)...)
	if s.live.hasDays(entry) {
		live.hours = append(live.hours, u.schedule(s.live.scheduleOf(entry, 0)))
	}
	live.rows.add(liveRow{uint32(len(live.beds)), uint32(len(live.hours))})
	return e
}

// once returns a number that is made when it is first met.
func once(kept *uint32, number func() uint32) uint32 {
	if *kept == 0 {
		*kept = number() + 1
	}
	return *kept - 1
}

func (u *unfinished) schedule(old uint32) uint32 {
	return once(&u.schedules[old], func() uint32 {
		s := &u.old.scheduleList[old]
		return u.scheduleOf(&s.hours, s.territory)
	})
}

// kind numbers a kind as [builder.kind] does.
func (u *unfinished) kind(row *kindRow) uint32 {
	k := builtKind{ages: row.ages, quality: row.quality, class: row.class}
	for _, r := range u.old.kindRefs[row.refs.from:row.refs.to] {
		k.refs = append(k.refs, u.ref(r))
	}
	slices.Sort(k.refs)
	for _, l := range u.old.limits[row.limits.from:row.limits.to] {
		limit := builtLimit{u.ref(l.ref), l.feature, l.atLeast}
		if l.feature != noFeature {
			limit.feature = u.code(l.feature)
		}
		k.limits = append(k.limits, limit)
	}
	slices.SortFunc(k.limits, compareLimits)
	return u.numberOf(&k)
}

// ref returns how the builder has a code as it is carried.
func (u *unfinished) ref(old uint32) codeRef {
	r := &u.old.refs[old]
	return newCodeRef(u.code(r.code), data.Class(r.class))
}

func (u *unfinished) code(old uint32) uint32 { return u.codes.number(u.old.codeList[old]) }
