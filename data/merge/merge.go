// Package merge makes one directory of several bases: what they say of one
// service is one offer, which stands at the site that the register of
// establishments knows best.
//
// It refuses to match by name: sites are joined by their FINESS number, offers
// by their numbers, and by what they do at a numbered site (keys.go). What may
// be one and cannot be told stays two, and is counted.
package merge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strconv"

	"boussole/data"
	"boussole/data/intake"
)

// What was decided, and is counted.
const (
	noteJoined  = "service at a site of the register: its establishment taken, and its address and position where it has them"
	noteUnknown = "service at a site that no register describes: kept as its own source has it"
	noteOwn     = "service whose own source describes its establishment: kept as it is"
	noteBoth    = "described by one base for fewer to know of than by another: kept apart, for those under another id"
)

// Directory is a [data.Source] over several. It holds the records in a temporary
// file while they are matched; in memory are marks by which they may be one and
// where they are, about a hundred bytes each. Its fields but the sources are
// optional.
type Directory struct {
	Sources    []data.Source
	Precedence *Precedence       // who is believed; nil is [OwnPrecedence]
	Replaced   map[string]string // FINESS numbers that are no more, and the one that stands for each

	offers *intake.Tally
	findings
}

// New opens the books of a directory in the ledger.
func New(ledger *intake.Ledger, sources ...data.Source) *Directory {
	return &Directory{Sources: sources, offers: ledger.Tally("merge", "offer")}
}

// Name returns "merge".
func (d *Directory) Name() string { return "merge" }

// Len returns how many offers there are, from the first one that Offers yields.
func (d *Directory) Len() int { return d.offers.Kept }

func (d *Directory) table() Precedence {
	if d.Precedence != nil {
		return *d.Precedence
	}
	return OwnPrecedence
}

// Offers yields the offers of all sources, each once, whatever number of bases
// describe it, services joined to their sites, in the order of their first records.
// In what order records are read decides nothing else.
//
// Of the records of one base with one id those of its last day speak, and of these
// those for the fewest to know of; others are no records any more. A viewer gets of
// the offers what merging only the records, and only the values, that they may see
// of those would give. One exception: practices are matched by RPPS number, which
// profile 4 does not see; it, too, gets two descriptions of one practice as one offer.
//
// An offer that several records make has its origins: who says what of it, and what was
// said otherwise and not taken, each to be seen by those who may see the value.
//
// Every record that is read is counted: kept as a new offer, or merged with one, or
// another edition of one, or unchanged.
func (d *Directory) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		told(yield, d.merge(ctx, d.Sources, nil, func(all *collected, first int32) error {
			o, err := d.finished(first, all)
			if err == nil && !yield(o, nil) {
				return errStopped
			}
			return err
		}))
	}
}

// errStopped says that nobody wants the offers that are still to come.
var errStopped = errors.New("stopped")

// told yields an error that somebody is there for, and reports whether there was none.
func told(yield func(*data.Offer, error) bool, err error) bool {
	if err != nil && err != errStopped {
		yield(nil, err)
	}
	return err == nil
}

// merge merges what sources have, and calls f for every offer with its first record.
// Where links are wanted it adds the records to them.
func (d *Directory) merge(ctx context.Context, sources []data.Source, linking *draft, f func(all *collected, first int32) error) error {
	held, err := newSpool()
	if err != nil {
		return fmt.Errorf("holding offers on the disk: %w", err)
	}
	defer held.close()
	all := collected{
		spool: held, seed: maphash.MakeSeed(), number: make(map[base]uint16),
		sites: make(map[data.ID]int32), now: make(map[string]string), wider: make(map[int32]int32), linking: linking,
	}
	maps.Copy(all.now, d.Replaced)
	d.unname()
	if err := all.collect(ctx, sources); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *collected) error{d.supersede, d.match, d.settle} {
		if err := step(ctx, &all); err != nil {
			return err
		}
	}
	if linking != nil {
		if err := linking.outline(&all); err != nil {
			return err
		}
	}
	for i := range all.records {
		if !all.begins(int32(i)) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f(&all, int32(i)); err != nil {
			return err
		}
	}
	return nil
}

func (all *collected) collect(ctx context.Context, sources []data.Source) error {
	for _, source := range sources {
		for k, err := range recordsOf(ctx, source) {
			if err != nil {
				return err
			}
			at, err := all.write(k.Offer)
			if err != nil {
				return fmt.Errorf("holding offers on the disk: %w", err)
			}
			if err := all.link(k); err != nil {
				return err
			}
			all.add(k, at, source)
		}
	}
	return all.flush()
}

// settle writes what several records say of an offer as one, in the place of the
// first, and counts all of them.
func (d *Directory) settle(ctx context.Context, all *collected) error {
	for i := range all.records {
		at := int32(i)
		if !all.begins(at) {
			continue
		}
		d.offers.Keep()
		if all.records[i].next < 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.settleOne(at, all); err != nil {
			return err
		}
	}
	d.tell()
	if err := all.flush(); err != nil {
		return err
	}
	return d.nameDoubts(all)
}

func (d *Directory) settleOne(first int32, all *collected) error {
	members := all.members(first)
	records, err := d.claimants(members, all)
	if err != nil {
		return err
	}
	f := d.fold(records)
	for _, at := range members[1:] {
		all.records[first].apart = all.records[first].apart || all.records[at].apart
	}
	d.count(f)
	found := len(d.Conflicts)
	o := f.result()
	for i := range d.Conflicts[found:] {
		d.Conflicts[found+i].Offer = foundAs(&all.records[first], o.ID)
	}
	if all.linking != nil {
		all.linking.given[first] = o.ID
	}
	all.records[first].span, err = all.write(o)
	return err
}

// finished reads an offer and joins it to its site. What fewer may know of than of
// another with its id gets an id of its own, and keeps its numbers.
func (d *Directory) finished(first int32, all *collected) (*data.Offer, error) {
	o, err := all.read(all.records[first].span)
	if err != nil {
		return nil, err
	}
	if all.records[first].apart {
		own := o.ID
		o.ID = foundAs(&all.records[first], o.ID)
		if err := d.apart(first, own, o.ID, all); err != nil {
			return nil, err
		}
	}
	return o, d.join(o, all)
}

// foundAs returns the id under which an offer is found that has this one by its numbers.
func foundAs(first *record, id data.ID) data.ID {
	if !first.apart {
		return id
	}
	return data.NewID("offer", "apart", strconv.Itoa(int(first.class)), string(id))
}

// house is a record of an establishment as a whole.
type house struct {
	record  int32
	offer   data.ID
	site    data.ID  // by which its services name it; empty where it has none
	own     string   // the FINESS number from which it has its id
	numbers []string // all that it has, if all may see that it is of a category
}

// house keeps what an establishment tells of sites and numbers.
func (all *collected) house(o *data.Offer, i int32) {
	if !isEstablishment(o) {
		return
	}
	h := house{record: i, offer: o.ID, own: ownFINESS(o)}
	if own, ok := o.Site(); ok {
		h.site = own.ID
	}
	if isWhole(o) {
		for _, number := range o.Identifiers {
			if number.System == data.SystemFINESS {
				h.numbers = append(h.numbers, number.Value)
			}
		}
	}
	all.houses = append(all.houses, h)
}

// establish learns from the establishments where sites are, and which numbers stand
// for others; of several that say so the one with the lowest id is believed, in
// whatever order they came. Then all are known by the numbers that stand for theirs.
func (all *collected) establish() {
	all.houses = slices.DeleteFunc(all.houses, func(h house) bool { return all.records[h.record].past })
	slices.SortFunc(all.houses, func(a, b house) int {
		return cmp.Or(cmp.Compare(a.offer, b.offer), cmp.Compare(a.record, b.record))
	})
	for _, h := range all.houses {
		if all.records[h.record].class != data.Open {
			continue
		}
		all.replace(h)
		if _, known := all.sites[h.site]; h.site != "" && !known {
			all.sites[h.site] = h.record
		}
	}
	for _, h := range all.houses {
		for _, number := range h.numbers {
			if now := latestNumber(number, all.now); now != number && !slices.Contains(h.numbers, now) {
				all.marks = append(all.marks, newMark(all.hash(string(data.NewID("offer", data.SystemFINESS, now))), h.record, false))
			}
		}
	}
	all.houses = nil
}

// siteID returns the id of the establishment of a service by the number that it
// has now.
func (all *collected) siteID(own *data.Organization) data.ID {
	number := own.FINESS()
	if now := latestNumber(number, all.now); now != number {
		return data.NewID("organization", data.SystemFINESS, now)
	}
	return own.ID
}

// maxRecent is how many establishments are held as a whole; their services come
// together in most registers.
const maxRecent = 1024

// site returns the establishment of an id, nil when no register has it.
func (all *collected) site(id data.ID) (*data.Offer, error) {
	if o := all.recent[id]; o != nil {
		return o, nil
	}
	at, ok := all.sites[id]
	if !ok {
		return nil, nil
	}
	o, err := all.read(all.records[all.first(at)].span)
	if len(all.recent) >= maxRecent || all.recent == nil {
		all.recent = make(map[data.ID]*data.Offer)
	}
	all.recent[id] = o
	return o, err
}

// isEstablishment reports whether the offer is a whole establishment, which its
// FINESS number then names.
func isEstablishment(o *data.Offer) bool {
	return slices.ContainsFunc(o.Identifiers, func(i data.Identifier) bool { return i.System == data.SystemFINESS })
}

// join gives a service the establishment, the address and the position of its
// site, where a register knows the site. The rest of its place, such as the
// beds, is its own. A place with a street of its own stays where it is, unless it
// is the site's by its id and known less exactly.
func (d *Directory) join(o *data.Offer, all *collected) error {
	own, ok := o.Site()
	if !ok || isEstablishment(o) {
		return nil
	}
	if own.Record.ID != "" {
		d.offers.Note(noteOwn) // it has contacts, crisis data and units that no register of establishments knows
		return nil
	}
	site, err := all.site(all.siteID(&own))
	if site == nil && err == nil {
		site, err = all.site(own.ID) // nobody describes the number that stands for it
	}
	if err != nil {
		return err
	}
	if site == nil {
		if own.FINESS() != "" {
			d.offers.Note(noteUnknown)
		}
		return nil
	}
	d.offers.Note(noteJoined)
	take(o, site)
	return nil
}

// take gives a service what its site has.
func take(o, site *data.Offer) {
	own := o.Organizations
	o.Organizations = site.Organizations
	takeOrigins(o, site, own, takePlace(o, site))
}

// takePlace gives the places of a service that of its site, and returns the ids that
// they had.
func takePlace(o, site *data.Offer) (moved []data.ID) {
	if len(site.Places) == 0 {
		return nil
	}
	from := &site.Places[0]
	for i := range o.Places {
		place := &o.Places[i]
		same := place.ID == from.ID && place.Quality < from.Quality
		if (place.Address.Street == "" || same) && from.Placed() {
			moved = append(moved, place.ID)
			place.ID, place.Address = from.ID, from.Address
			place.Point, place.Quality, place.Doubted = from.Point, from.Quality, from.Doubted
		}
	}
	return moved
}
