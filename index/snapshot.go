package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/kdtree"
)

// Generation is one immutable, whole index of the directory, in memory. It is
// safe for concurrent use; questions are asked of it through a [Guard], one for
// all its life.
type Generation struct {
	packed
	guarded atomic.Bool // by the one guard that will close it
	closers []func()    // what to do when nobody can ask any more

	digests [data.Profiles]string // of what each profile may see
	ids     []data.ID             // in order
	offers  []offerRow            // in the order of their ids
	entries []entry               // the pairs (offer, place), by offer, then place
	points  []geo.Vector
	codes   []codeRef // of offers and entries, each a range

	dictionary map[data.Code]uint32
	postings   map[codeRef]*posting
	schedules  []schedule
	aliases    map[string][]alias
	labels     map[data.Code]label
}

// offerRow is what the search reads of an offer.
type offerRow struct {
	class   data.Class
	classes data.Mask // of everything in it
	ages    data.AgeRange
	codes   span
	entries span
}

// entry is the pair (offer, place), or an offer without a place.
type entry struct {
	point    geo.Point
	offer    uint32
	place    int32 // -1: the offer has none
	placed   bool
	schedule uint32
	codes    span // of the place
}

type span struct{ from, to uint32 }

// codeRef is a code that an offer or a place carries, and its class.
type codeRef uint32

func newCodeRef(code uint32, class data.Class) codeRef { return codeRef(code<<4 | uint32(class)) }

func (r codeRef) code() uint32      { return uint32(r >> 4) }
func (r codeRef) class() data.Class { return data.Class(r & 15) }

// posting is the entries that carry a code with one class: those with a
// position in a tree, the others in a list. Hidden codes are in postings of
// their own, which a viewer who may not see them never touches.
type posting struct {
	placed   *kdtree.Tree
	unplaced []uint32
}

func (p *posting) size() int { return len(p.placed.Entries) + len(p.unplaced) }

// Two things that are asked for like codes stand beside them in the
// dictionary; no system has their names.
const everything data.Code = "offer|any"

func departementCode(departement string) data.Code { return data.NewCode("departement", departement) }

// schedule is hours by the clocks and the calendar of a territory; few differ.
type schedule struct {
	hours     data.Hours
	territory *data.Territory
}

// alias is an offer that answers to an identifier.
type alias struct {
	offer uint32
	class data.Class
}

// close gives back what the generation holds. Its memory needs no closer: it
// goes when nothing points to it, and a closed view does not.
func (g *Generation) close() {
	for _, f := range g.closers {
		f()
	}
}

// newGeneration makes the search structures of a packed directory. That takes
// a while, two seconds for a hundred thousand offers: once the context is done
// it ends after the offer or the tree that it is at.
func newGeneration(ctx context.Context, p *packed, progress func()) (*Generation, error) {
	labels, err := readLabels(p.labelText)
	if err != nil {
		return nil, err
	}
	b := builder{
		g: &Generation{
			packed:     *p,
			ids:        make([]data.ID, 0, len(p.ends)),
			offers:     make([]offerRow, 0, len(p.ends)),
			dictionary: make(map[data.Code]uint32),
			postings:   make(map[codeRef]*posting),
			aliases:    make(map[string][]alias),
			labels:     labels,
		},
		digests:   newDigests(),
		listed:    make(map[codeRef][]uint32),
		schedules: make(map[string]uint32),
	}
	defer b.digests.stop()
	if err := b.addAll(ctx, progress); err != nil {
		return nil, err
	}
	b.carry()
	b.g.digests = b.digests.sums(b.g.labelsFor)
	for ref, entries := range b.listed {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.g.postings[ref] = b.g.newPosting(entries)
	}
	return b.g, nil
}

// builder holds what is needed only while a generation is made.
type builder struct {
	g         *Generation
	digests   *digests
	listed    map[codeRef][]uint32
	schedules map[string]uint32
}

func (b *builder) addAll(ctx context.Context, progress func()) error {
	for i := range b.g.ends {
		if err := ctx.Err(); err != nil {
			return err
		}
		o, err := decodeOffer(b.g.document(i))
		if err != nil {
			return fmt.Errorf("document %d: %w", i, err)
		}
		if i > 0 && o.ID <= b.g.ids[i-1] {
			return fmt.Errorf("document %d is out of order: %w", i, errDocument)
		}
		b.add(uint32(i), &o)
		progress()
	}
	return nil
}

func (b *builder) add(number uint32, o *data.Offer) {
	g := b.g
	g.ids = append(g.ids, o.ID)
	row := offerRow{class: o.Class(), classes: o.Classes(), ages: o.Ages}
	b.digests.add(digested{o, g.document(int(number)), row.classes})
	row.codes = b.addCodes(func(f func(data.Code, data.Class)) {
		f(everything, o.Class())
		o.EachCode(f)
	})
	row.entries.from = uint32(len(g.entries))
	for i := range o.Places {
		b.addEntry(number, int32(i), o, &o.Places[i])
	}
	if len(o.Places) == 0 {
		b.addEntry(number, -1, o, &data.Place{})
	}
	row.entries.to = uint32(len(g.entries))
	g.offers = append(g.offers, row)
	for e := row.entries.from; e < row.entries.to; e++ {
		b.list(e, row.codes)
		b.list(e, g.entries[e].codes)
	}
	for _, id := range o.Identifiers {
		at := alias{number, o.ClassOfIdentifier(id)}
		g.aliases[id.Value] = append(g.aliases[id.Value], at)
		g.aliases[id.String()] = append(g.aliases[id.String()], at)
	}
}

func (b *builder) addEntry(number uint32, place int32, o *data.Offer, p *data.Place) {
	departement := p.Address.In()
	codes := b.addCodes(func(f func(data.Code, data.Class)) {
		if departement != "" {
			f(departementCode(departement), o.Class())
		}
		o.EachCodeOfPlace(p, f)
	})
	b.g.points = append(b.g.points, p.Point.Vector())
	b.g.entries = append(b.g.entries, entry{
		point: p.Point, offer: number, place: place, placed: p.Placed(),
		schedule: b.schedule(o, p), codes: codes,
	})
}

// addCodes appends codes, sorted and once each, and returns their range.
func (b *builder) addCodes(each func(func(data.Code, data.Class))) span {
	var refs []codeRef
	each(func(c data.Code, class data.Class) {
		number, ok := b.g.dictionary[c]
		if !ok {
			number = uint32(len(b.g.dictionary))
			b.g.dictionary[c] = number
		}
		refs = append(refs, newCodeRef(number, class))
	})
	slices.Sort(refs)
	from := uint32(len(b.g.codes))
	b.g.codes = append(b.g.codes, slices.Compact(refs)...)
	return span{from, uint32(len(b.g.codes))}
}

// list enters an entry under codes, once under each.
func (b *builder) list(e uint32, codes span) {
	for _, ref := range b.g.codes[codes.from:codes.to] {
		entries := b.listed[ref]
		if n := len(entries); n == 0 || entries[n-1] != e {
			b.listed[ref] = append(entries, e)
		}
	}
}

// schedule numbers the hours of an offer in a territory, 0 for no hours.
func (b *builder) schedule(o *data.Offer, p *data.Place) uint32 {
	if len(b.g.schedules) == 0 {
		b.g.schedules = append(b.g.schedules, schedule{territory: data.TerritoryOf("")})
	}
	hours := appendOffer(nil, &data.Offer{Hours: o.Hours})
	if len(hours) <= 1 {
		return 0
	}
	territory := o.Territory(p)
	key := territory.String() + "|" + string(hours)
	number, ok := b.schedules[key]
	if !ok {
		number = uint32(len(b.g.schedules))
		b.g.schedules = append(b.g.schedules, schedule{o.Hours, territory})
		b.schedules[key] = number
	}
	return number
}

func (g *Generation) newPosting(entries []uint32) *posting {
	p := &posting{}
	var placed []uint32
	for _, e := range entries {
		if g.entries[e].placed {
			placed = append(placed, e)
		} else {
			p.unplaced = append(p.unplaced, e)
		}
	}
	p.placed = kdtree.New(placed, g.points)
	return p
}

// offer returns an offer as a viewer may see it, and false when it does not
// exist for them. Documents were all decoded when the generation was opened,
// so they decode now.
func (g *Generation) offer(number uint32, v data.Viewer) (data.Offer, bool) {
	row := &g.offers[number]
	if !v.Mask().Sees(row.class) {
		return data.Offer{}, false
	}
	o, err := decodeOffer(g.document(int(number)))
	if err != nil {
		panic(fmt.Sprintf("index: offer %s of generation %s: %v", g.ids[number], g.id, err))
	}
	if v.Mask().Covers(row.classes) {
		return o, true
	}
	return o.For(v)
}

// find returns the offer that has or answers to an id, among those that the
// mask shows; the first by id when several answer to it.
func (g *Generation) find(id string, mask data.Mask) (uint32, bool) {
	number, ok := slices.BinarySearchFunc(g.ids, data.ID(id), cmp.Compare[data.ID])
	if ok && mask.Sees(g.offers[number].class) {
		return uint32(number), true
	}
	for _, a := range g.aliases[id] {
		if mask.Sees(a.class) {
			return a.offer, true
		}
	}
	return 0, false
}

// Stats describes a generation to those who run it, hidden offers included: it
// MUST NOT reach a viewer.
type Stats struct {
	ID             string
	Offers, Placed int // how many have a place with a position
	DocumentBytes  int
}

// Stats returns the counts of the generation.
func (g *Generation) Stats() Stats {
	stats := Stats{ID: g.id, Offers: len(g.offers), DocumentBytes: len(g.text)}
	for _, row := range g.offers {
		if slices.ContainsFunc(g.entries[row.entries.from:row.entries.to], func(e entry) bool { return e.placed }) {
			stats.Placed++
		}
	}
	return stats
}
