package index

import (
	"slices"
	"time"
	"unsafe"

	"boussole/data"
	"boussole/geo/kdtree"
)

// Facts is what is known of an offer at one of its places, to one viewer, for
// somebody who comes there at one moment: enough to say what it costs to be
// cared for, without reading its record.
type Facts struct {
	// Open says whether it receives at that moment. When it does not, MayOpen is
	// from when on that is not known any more, and Opens when it is next known to
	// receive, the same or later, by the clocks of the place; zero when that is not
	// within two weeks. When it is unknown, Opens is looked for no farther ahead than
	// [Wishes.HoursCost], which is what one waits for it at most.
	Open           data.State
	MayOpen, Opens time.Time

	// Ages are those of the patients whom it receives, zero where that is not told.
	Ages data.AgeRange

	// Told is the day on which the record of the offer, its hours in it, was last
	// updated; 0 when it does not say.
	Told data.Date

	// Beds says whether there are as many beds or seats as wished for, and
	// BedsTold for which minute that was said; zero when it was not.
	Beds     data.State
	BedsTold time.Time

	// Quality is how exactly its position is known.
	Quality data.Quality

	// Lacks has bit i set when it does not meet wish i.
	Lacks uint64
}

// MaxWishes is how many wishes may be made at once.
const MaxWishes = 64

// Wish is met by any of the codes, or any of the equipment, that the viewer may
// see, or by who travels to the commune.
type Wish struct {
	Codes     []data.Code
	Equipment []Equipment
	Travels   string // INSEE code of a commune; "" is none

	// Costs is what an offer costs at least that does not meet it; see
	// [Cheapest].
	Costs time.Duration
}

// Wishes is what is preferred, and not required: all that can be known of it is
// in [Facts].
type Wishes struct {
	Each []Wish // at most [MaxWishes]
	Beds Beds   // how many, of which status, for whom; its Rule does not count

	// What an offer costs at least of which no hours are told, of which no bed is
	// known to be free, of which no more than the commune is known; see
	// [Cheapest].
	HoursCost, BedsCost, CommuneCost time.Duration

	// How hours, and a word of a free bed, cost as much at least as they grow old.
	HoursAge, BedsAge Curve

	// Ages are those that the patient may have, zero any. AgesCost is what an offer
	// costs at least that receives some of them only, and NoAgeCost one that receives
	// none; of what says no ages they are not asked.
	Ages                data.AgeRange
	AgesCost, NoAgeCost time.Duration
}

// Reader reads facts of the hits of one view, against the same wishes. It is
// not safe for concurrent use, and must not outlive the view.
//
// Reading costs some 0.2 µs, and 10 more where it is closed and the schedule has
// not been met before, or where told hours are unknown, as on a public holiday; it
// allocates nothing but that.
type Reader struct {
	c       compiled
	view    *View
	wishes  []wish
	costs   Wishes // their Each is not looked at
	moments []clockMoment
	closed  map[uint32]closedSpell // by schedule, the last one found out
}

// accepted returns all codes that meet a wish, those of zones among them.
func (w *Wish) accepted() []data.Code {
	if w.Travels == "" {
		return w.Codes
	}
	return append(slices.Clone(w.Codes), zonesOver(w.Travels)...)
}

// wish is a [Wish] in the numbers of a snapshot.
type wish struct {
	codes  group
	equips []equip
	costs  time.Duration
}

func (w *wish) metBy(refs []uint32, limits []limitRow) bool {
	return share(refs, w.codes.refs) ||
		slices.ContainsFunc(w.equips, func(e equip) bool { return e.metBy(limits) })
}

// clockMoment is an instant by the clock of a territory, read once.
type clockMoment struct {
	at     time.Time
	clock  int
	moment data.Moment
}

// closedSpell is a time during which a schedule is known to be closed, as far as
// it was found out: from some moment until it may open; and when it surely does. One
// that is zero is not within the days that are looked ahead, of which others are
// looked at on another day by the clocks of the place: then it is of one day only.
type closedSpell struct {
	from, may, opens time.Time
	day              data.Date // 0 is any
}

func (c *closedSpell) holds(at time.Time, in *data.Territory) bool {
	return !at.Before(c.from) && (c.may.IsZero() || at.Before(c.may)) && (c.day == 0 || c.day == data.DateOf(at.In(in.Zone())))
}

// fewMoments is how many are remembered: those of one ring lie close together.
const fewMoments = 32

// Reader starts to read facts. Wishes above the [MaxWishes]th are not read: no
// bit is left for them.
func (v *View) Reader(wishes Wishes) *Reader {
	r := &Reader{view: v, costs: wishes}
	r.c.compile(v.as(&Query{Beds: wishes.Beds}), v.pinned())
	r.wishes = make([]wish, 0, min(len(wishes.Each), MaxWishes))
	for i := range cap(r.wishes) {
		w := wish{costs: wishes.Each[i].Costs, codes: r.c.group(RequireCode, wishes.Each[i].accepted()...)}
		for e := range wishes.Each[i].Equipment {
			w.equips = append(w.equips, r.c.equip(&wishes.Each[i].Equipment[e]))
		}
		r.wishes = append(r.wishes, w)
	}
	return r
}

// Facts returns what is known of a hit of this view for who comes at a moment.
// A hit of another view may be of another generation: that one is not found.
func (r *Reader) Facts(h Hit, at time.Time) (Facts, error) {
	g := r.view.pinned()
	if int(h.entry) >= len(g.rows) {
		return Facts{}, ErrNotFound
	}
	if row := &g.rows[h.entry]; row.offer.number() != h.offer || int(row.place) != h.Place || !r.c.sees(h.entry) {
		return Facts{}, ErrNotFound
	}
	if string(g.ids.bytes(h.entry)) != string(h.ID) {
		return Facts{}, ErrNotFound
	}
	return r.read(h.entry, h.offer, at), nil
}

// prefetch asks memory for what facts are read from.
func (r *Reader) prefetch(hits []Hit) {
	s, live := r.c.g.snapshot, r.c.live
	for i := range hits {
		e := hits[i].entry
		kdtree.Prefetch(unsafe.Pointer(&s.kinds[e]), unsafe.Pointer(&s.schedules[e]))
		kdtree.Prefetch(unsafe.Pointer(&s.updated[hits[i].offer]), unsafe.Pointer(&live.told[e/pageSize].beds[e%pageSize/64]))
	}
}

func (r *Reader) read(entry, offer uint32, at time.Time) Facts {
	s := r.c.g.snapshot
	kind := &s.kindRows[s.kinds[entry]]
	f := Facts{Told: s.updated[offer], Quality: kind.quality, Ages: kind.ages}
	f.Open, f.MayOpen, f.Opens = r.open(r.c.live.scheduleOf(entry, s.schedules[entry]), at)
	beds, told := r.c.Beds.known(r.c.live.bedsOf(entry), r.c.mask)
	f.Beds, f.BedsTold = beds, minuteTime(told)
	refs := s.kindRefs[kind.refs.from:kind.refs.to]
	limits := s.limits[kind.limits.from:kind.limits.to]
	for i := range r.wishes {
		if !r.wishes[i].metBy(refs, limits) {
			f.Lacks |= 1 << i
		}
	}
	return f
}

// open says whether a schedule is open at a moment, and when it opens if not.
func (r *Reader) open(number uint32, at time.Time) (state data.State, may, opens time.Time) {
	schedule := &r.c.g.scheduleList[number]
	state = schedule.hours.AtMoment(r.moment(schedule.clock, at))
	switch {
	case state == data.Unknown && r.costs.HoursCost > 0 && !schedule.hours.Untold():
		opens, _ = schedule.hours.OpensWithin(r.costs.HoursCost, at, schedule.territory)
		return state, may, opens
	case state != data.No:
		return state, may, opens
	}
	if c, ok := r.closed[number]; ok && c.holds(at, schedule.territory) {
		return state, c.may, c.opens
	}
	may, opens = schedule.hours.Reopens(at, schedule.territory)
	c := closedSpell{from: at, may: may, opens: opens}
	if may.IsZero() || opens.IsZero() {
		c.day = data.DateOf(at.In(schedule.territory.Zone()))
	}
	if r.closed == nil {
		r.closed = make(map[uint32]closedSpell)
	}
	r.closed[number] = c
	return state, may, opens
}

// moment reads the clock of a territory once for each moment.
func (r *Reader) moment(clock int, at time.Time) *data.Moment {
	for i := range r.moments {
		if m := &r.moments[i]; m.clock == clock && m.at.Equal(at) {
			return &m.moment
		}
	}
	if len(r.moments) == fewMoments {
		r.moments = r.moments[:0]
	}
	if r.moments == nil {
		r.moments = make([]clockMoment, 0, 8)
	}
	r.moments = append(r.moments, clockMoment{at, clock, data.MomentOf(at, r.c.g.clocks[clock])})
	return &r.moments[len(r.moments)-1].moment
}
