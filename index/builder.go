package index

import (
	"cmp"
	"math"
	"slices"

	"boussole/data"
	"boussole/geo/kdtree"
	"boussole/index/spelling"
)

// builder makes a snapshot of offers, in whatever order they come. It holds some
// hundred bytes for each, and nothing of the offer itself.
type builder struct {
	offers  rows[builtOffer]
	ids     arena[byte]
	entries rows[builtEntry]
	aliases rows[aliasRow] // by the order of coming

	codes     codeNumbers
	zones     map[data.Zone]uint32 // of the codes of zones
	kinds     numbering            // by all that is in their rows
	kindRows  []builtKind
	areas     interner[area]
	schedules numbering
	scheduled []schedule

	// What is made anew for each offer or entry.
	ref    func(data.Code, data.Class) // appends to refs
	refs   []codeRef                   // of the offer at hand
	sorted []codeRef                   // those of the entry at hand
	limits []builtLimit
	hours  data.Hours
	area   struct { // of the entry before: mostly that of the next one
		commune, departement string // as written
		number               uint32
	}
	live  liveBuilder
	words wordsBuilder
}

type builtOffer struct {
	id      inArena
	entries span
	updated data.Date
	classes data.Mask
}

type builtEntry struct {
	point32              kdtree.Point
	point                gridPoint
	offer                uint32
	ref                  ref // to the offer; its number comes when offers are ranked
	kind, schedule, area uint32
	place                int32
	placed               bool
}

type builtKind struct {
	refs    []codeRef
	limits  []builtLimit
	ages    data.AgeRange
	quality data.Quality
	class   data.Class
}

type builtLimit struct {
	ref     codeRef
	feature uint32
	atLeast float64
}

// codeRef is a code, by its number, and the class with which it is carried.
type codeRef uint32

func newCodeRef(code uint32, class data.Class) codeRef { return codeRef(code<<4 | uint32(class)) }

func (r codeRef) code() uint32      { return uint32(r >> 4) }
func (r codeRef) class() data.Class { return data.Class(r & 15) }

// addWithWords takes an offer in, with the groups of words that one of the
// groupers has found in it.
func (b *builder) addWithWords(o *data.Offer, grouper int, words [][]uint32) {
	b.add(o)
	b.words.add(grouper, words)
}

// add takes an offer in. Its id must have come for the first time.
func (b *builder) add(o *data.Offer) {
	if b.ref == nil {
		b.ref = b.addRef // once, and not for every offer
	}
	number := uint32(b.offers.n)
	row := builtOffer{classes: o.Classes(), updated: o.Updated}
	row.id = b.ids.add([]byte(o.ID))
	row.entries.from = uint32(b.entries.n)
	b.refs = b.refs[:0]
	o.EachCode(b.ref)
	for _, z := range o.Zones {
		b.refs = append(b.refs, newCodeRef(b.zone(z), o.Class()))
	}
	own := len(b.refs)
	for i := range o.Places {
		b.refs = b.refs[:own]
		b.addEntry(number, int32(i), o, &o.Places[i])
	}
	if len(o.Places) == 0 {
		b.addEntry(number, -1, o, &noPlace)
	}
	row.entries.to = uint32(b.entries.n)
	b.offers.add(row)
	for i := range o.Identifiers {
		b.aliases.add(aliasRow{aliasHash(o.Identifiers[i].Value), number})
	}
}

// noPlace is that of an offer that has none.
var noPlace data.Place

func (b *builder) addRef(c data.Code, class data.Class) {
	b.refs = append(b.refs, newCodeRef(b.codes.number(c), class))
}

// zone numbers the code of a zone.
func (b *builder) zone(z data.Zone) uint32 {
	number, ok := b.zones[z]
	if !ok {
		if b.zones == nil {
			b.zones = make(map[data.Zone]uint32)
		}
		number = b.codes.number(zoneCode(z))
		b.zones[z] = number
	}
	return number
}

func (b *builder) addEntry(number uint32, place int32, o *data.Offer, p *data.Place) {
	e := builtEntry{offer: number, place: place, placed: p.Placed()}
	if len(o.Places) > 1 {
		e.ref |= hasSeveral
	}
	if o.Class() != data.Open {
		e.ref |= notForAll
	}
	if e.placed {
		e.point32, e.point = kdtree.At(p.Point.Vector()), newGridPoint(p.Point)
	}
	own := len(b.refs)
	o.EachCodeOfPlace(p, b.ref)
	e.kind = b.kind(o, p)
	b.refs = b.refs[:own]
	e.area = b.areaOf(&p.Address)
	e.schedule = b.schedule(o, p)
	b.live.add(o, p, func(hours *data.Hours) uint32 { return b.scheduleOf(hours, o.Territory(p)) })
	b.entries.add(e)
}

// areaOf numbers the area of an address.
func (b *builder) areaOf(a *data.Address) uint32 {
	last := &b.area
	if last.commune != a.Commune || last.departement != a.Departement || len(b.areas.list) == 0 {
		last.commune, last.departement = a.Commune, a.Departement
		last.number = b.areas.number(area{a.Commune, a.In()})
	}
	return last.number
}

// kind numbers what an entry carries that does not change by the minute.
func (b *builder) kind(o *data.Offer, p *data.Place) uint32 {
	b.sorted = append(b.sorted[:0], b.refs...) // the order of those of the offer must stay
	slices.Sort(b.sorted)
	return b.numberOf(&builtKind{slices.Compact(b.sorted), b.limitsOf(o, p), o.Ages, p.Quality, o.Class()})
}

// numberOf numbers a kind, whose lists stay the caller's.
func (b *builder) numberOf(k *builtKind) uint32 {
	hash := k.hash()
	number, found := b.kinds.find(hash, func(i uint32) bool { return b.kindRows[i].is(k) })
	if !found {
		number = b.kinds.add(hash)
		kept := *k
		kept.refs, kept.limits = slices.Clone(k.refs), slices.Clone(k.limits)
		b.kindRows = append(b.kindRows, kept)
	}
	return number
}

func (k *builtKind) is(other *builtKind) bool {
	return k.quality == other.quality && k.class == other.class && k.ages == other.ages &&
		slices.Equal(k.refs, other.refs) && slices.Equal(k.limits, other.limits)
}

// hash is the same for kinds that are the same.
func (k *builtKind) hash() uint64 {
	hash := mix(uint64(k.quality)<<8|uint64(k.class), uint64(uint32(k.ages.Min))|uint64(uint32(k.ages.Before))<<32)
	for _, r := range k.refs {
		hash = mix(hash, uint64(r))
	}
	for i := range k.limits {
		hash = mix(hash, uint64(k.limits[i].ref)|uint64(k.limits[i].feature)<<32)
		hash = mix(hash, math.Float64bits(k.limits[i].atLeast))
	}
	return hash
}

// limitsOf returns what the equipment of a place bears, of what is in service; it is
// valid until the next call.
func (b *builder) limitsOf(o *data.Offer, p *data.Place) []builtLimit {
	limits := b.limits[:0]
	for i := range p.Equipment {
		e := &p.Equipment[i]
		if e.OutOfService {
			continue
		}
		one := data.Place{Equipment: p.Equipment[i : i+1]}
		o.EachCodeOfPlace(&one, func(c data.Code, class data.Class) {
			ref := newCodeRef(b.codes.number(c), class)
			limits = append(limits, builtLimit{ref: ref, feature: noFeature, atLeast: math.Inf(1)})
			for _, l := range e.Limits {
				limits = append(limits, builtLimit{ref, b.codes.number(l.Feature), l.Value})
			}
		})
	}
	slices.SortFunc(limits, compareLimits)
	b.limits = slices.Compact(limits)
	return b.limits
}

func compareLimits(a, b builtLimit) int {
	return cmp.Or(cmp.Compare(a.ref, b.ref), cmp.Compare(a.feature, b.feature), cmp.Compare(a.atLeast, b.atLeast))
}

// noFeature stands for the equipment itself, whatever it bears.
const noFeature = math.MaxUint32

// schedule numbers the weekly hours of an offer in a territory, 0 for no hours.
// Exceptions are of a day, not of a generation: see [livePage].
func (b *builder) schedule(o *data.Offer, p *data.Place) uint32 {
	if len(b.scheduled) == 0 {
		b.scheduleOf(&data.Hours{}, data.TerritoryOf(""))
	}
	if len(o.Hours.Weekly) == 0 && len(o.Hours.Closures) == 0 {
		return 0
	}
	b.hours = data.Hours{Weekly: o.Hours.Weekly, Closures: o.Hours.Closures}
	return b.scheduleOf(&b.hours, o.Territory(p))
}

func (b *builder) scheduleOf(hours *data.Hours, territory *data.Territory) uint32 {
	hash := hashHours(hours)
	number, found := b.schedules.find(hash, func(i uint32) bool {
		s := &b.scheduled[i]
		return s.territory.String() == territory.String() && sameHours(&s.hours, hours)
	})
	if !found {
		number = b.schedules.add(hash)
		b.scheduled = append(b.scheduled, schedule{hours: *hours, territory: territory})
	}
	return number
}

// aliasHash is the same on every machine: it is kept in files.
func aliasHash(value string) uint32 { return uint32(spelling.HashOf(value)) }
