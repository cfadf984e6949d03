package index

import (
	"cmp"
	"encoding/binary"
	"math"
	"reflect"
	"slices"

	"boussole/data"
	"boussole/geo/kdtree"
	"boussole/index/spelling"
)

// builder makes a snapshot of offers, in whatever order they come. It holds some
// sixty bytes for each, and nothing of the offer itself.
type builder struct {
	offers  []builtOffer
	entries []builtEntry
	aliases []aliasRow // by the order of coming

	codes     interner[data.Code]
	kinds     interner[string] // by their refs, ages, quality and limits, written out
	kindRows  []builtKind
	areas     interner[area]
	schedules interner[string]
	scheduled []schedule

	refs  []codeRef // of the offer at hand
	key   []byte
	hours data.Hours // at hand
	area  struct {   // of the entry before: mostly that of the next one
		area
		number uint32
	}
	live  liveBuilder
	words wordsBuilder
}

type builtOffer struct {
	id      data.ID
	entries span
	classes data.Mask
	class   data.Class
	updated data.Date
}

type builtEntry struct {
	point32              kdtree.Point
	point                gridPoint
	offer                uint32
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

// interner numbers things in the order in which they first come.
type interner[T comparable] struct {
	numbers map[T]uint32
	list    []T
}

func (in *interner[T]) number(thing T) (number uint32, first bool) {
	number, ok := in.numbers[thing]
	if !ok {
		if in.numbers == nil {
			in.numbers = make(map[T]uint32)
		}
		number = uint32(len(in.list))
		in.numbers[thing] = number
		in.list = append(in.list, thing)
	}
	return number, !ok
}

// addWithWords takes an offer in, with the groups of words that one of the
// groupers has found in it.
func (b *builder) addWithWords(o *data.Offer, grouper int, words [][]uint32) {
	b.add(o)
	b.words.add(grouper, words)
}

// add takes an offer in. Its id must have come for the first time.
func (b *builder) add(o *data.Offer) {
	number := uint32(len(b.offers))
	row := builtOffer{id: o.ID, class: o.Class(), classes: o.Classes(), updated: o.Updated}
	row.entries.from = uint32(len(b.entries))
	b.refs = b.refs[:0]
	o.EachCode(b.ref)
	for _, z := range o.Zones {
		b.ref(zoneCode(z), row.class)
	}
	own := len(b.refs)
	for i := range o.Places {
		b.refs = b.refs[:own]
		b.addEntry(number, int32(i), o, &o.Places[i])
	}
	if len(o.Places) == 0 {
		b.addEntry(number, -1, o, &data.Place{})
	}
	row.entries.to = uint32(len(b.entries))
	b.offers = append(b.offers, row)
	for _, id := range o.Identifiers {
		b.aliases = append(b.aliases, aliasRow{aliasHash(id.Value), number})
	}
}

func (b *builder) ref(c data.Code, class data.Class) {
	number, _ := b.codes.number(c)
	b.refs = append(b.refs, newCodeRef(number, class))
}

func (b *builder) addEntry(number uint32, place int32, o *data.Offer, p *data.Place) {
	e := builtEntry{offer: number, place: place, placed: p.Placed()}
	if e.placed {
		e.point32, e.point = kdtree.At(p.Point.Vector()), newGridPoint(p.Point)
	}
	own := b.refs
	o.EachCodeOfPlace(p, b.ref)
	e.kind = b.kind(o, p)
	b.refs = own
	if in := (area{p.Address.Commune, p.Address.In()}); b.area.area != in || len(b.areas.list) == 0 {
		b.area.area = in
		b.area.number, _ = b.areas.number(in)
	}
	e.area = b.area.number
	e.schedule = b.schedule(o, p)
	b.live.add(uint32(len(b.entries)), o, p, func(hours data.Hours) uint32 { return b.scheduleOf(hours, o.Territory(p)) })
	b.entries = append(b.entries, e)
}

// kind numbers what an entry carries that does not change by the minute.
func (b *builder) kind(o *data.Offer, p *data.Place) uint32 {
	refs := slices.Clone(b.refs) // the order of those of the offer must stay
	slices.Sort(refs)
	refs = slices.Compact(refs)
	limits := b.limits(o, p)
	key := b.key[:0]
	key = append(key, byte(p.Quality), byte(o.Class()))
	key = binary.AppendVarint(key, int64(o.Ages.Min))
	key = binary.AppendVarint(key, int64(o.Ages.Before))
	key = binary.AppendUvarint(key, uint64(len(refs)))
	for _, r := range refs {
		key = binary.LittleEndian.AppendUint32(key, uint32(r))
	}
	for _, l := range limits {
		key = binary.LittleEndian.AppendUint32(key, uint32(l.ref))
		key = binary.LittleEndian.AppendUint32(key, l.feature)
		key = binary.LittleEndian.AppendUint64(key, math.Float64bits(l.atLeast))
	}
	b.key = key
	if number, ok := b.kinds.numbers[string(key)]; ok {
		return number
	}
	b.kindRows = append(b.kindRows, builtKind{refs, limits, o.Ages, p.Quality, o.Class()})
	number, _ := b.kinds.number(string(key))
	return number
}

// limits returns what the equipment of a place bears, of what is in service.
func (b *builder) limits(o *data.Offer, p *data.Place) []builtLimit {
	var limits []builtLimit
	for i := range p.Equipment {
		e := &p.Equipment[i]
		if e.OutOfService {
			continue
		}
		one := data.Place{Equipment: p.Equipment[i : i+1]}
		o.EachCodeOfPlace(&one, func(c data.Code, class data.Class) {
			number, _ := b.codes.number(c)
			ref := newCodeRef(number, class)
			limits = append(limits, builtLimit{ref: ref, feature: noFeature, atLeast: math.Inf(1)})
			for _, l := range e.Limits {
				feature, _ := b.codes.number(l.Feature)
				limits = append(limits, builtLimit{ref, feature, l.Value})
			}
		})
	}
	slices.SortFunc(limits, func(a, b builtLimit) int {
		return cmp.Or(cmp.Compare(a.ref, b.ref), cmp.Compare(a.feature, b.feature), cmp.Compare(a.atLeast, b.atLeast))
	})
	return slices.Compact(limits)
}

// noFeature stands for the equipment itself, whatever it bears.
const noFeature = math.MaxUint32

// schedule numbers the weekly hours of an offer in a territory, 0 for no hours.
// Exceptions are of a day, not of a generation: see [livePage].
func (b *builder) schedule(o *data.Offer, p *data.Place) uint32 {
	if len(b.scheduled) == 0 {
		b.scheduled = append(b.scheduled, schedule{territory: data.TerritoryOf("")})
		b.schedules.number("")
	}
	weekly := data.Hours{Weekly: o.Hours.Weekly, Closures: o.Hours.Closures}
	if len(weekly.Weekly) == 0 && len(weekly.Closures) == 0 {
		return 0
	}
	return b.scheduleOf(weekly, o.Territory(p))
}

func (b *builder) scheduleOf(hours data.Hours, territory *data.Territory) uint32 {
	b.hours = hours
	b.key = appendValue(b.key[:0], reflect.ValueOf(&b.hours).Elem())
	b.key = append(b.key, territory.String()...)
	if number, ok := b.schedules.numbers[string(b.key)]; ok {
		return number
	}
	b.scheduled = append(b.scheduled, schedule{hours: hours, territory: territory})
	number, _ := b.schedules.number(string(b.key))
	return number
}

// aliasHash is the same on every machine: it is kept in files.
func aliasHash(value string) uint32 { return uint32(spelling.HashOf(value)) }
