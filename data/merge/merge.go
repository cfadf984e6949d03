// Package merge makes one directory of several sources: a service stands at
// the site that the register of establishments knows best.
//
// It refuses to match by name: sites are joined by their FINESS number, offers
// by their id.
package merge

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"boussole/data"
	"boussole/data/intake"
)

// What was decided, and is counted.
const (
	noteJoined  = "service at a site of the register: its establishment taken, and its address and position where it has them"
	noteUnknown = "service at a site that no register describes: kept as its own source has it"
	noteOwn     = "service whose own source describes its establishment: kept as it is"
	noteBoth    = "described by one source for fewer to know of than by another: the open description kept"
)

// Directory is a [data.Source] over several, the most trusted first. It holds
// the offers in a temporary file while they are joined; in memory are their ids
// and where they are, about a hundred bytes each.
type Directory struct {
	Sources []data.Source

	offers *intake.Tally
}

// New opens the books of a directory in the ledger.
func New(ledger *intake.Ledger, sources ...data.Source) *Directory {
	return &Directory{Sources: sources, offers: ledger.Tally("merge", "offer")}
}

// Name returns "merge".
func (d *Directory) Name() string { return "merge" }

// Len returns how many offers have been read and kept: all that there are from
// the first one that Offers yields.
func (d *Directory) Len() int { return d.offers.Kept }

// Offers yields the offers of all sources, services joined to their sites. Of
// two offers with one id the first is kept, unless more may know of the other: a
// hidden record must not change what those see from whom it is hidden.
func (d *Directory) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		held, err := newSpool()
		if err != nil {
			yield(nil, fmt.Errorf("holding offers on the disk: %w", err))
			return
		}
		defer held.close()
		all := collected{spool: held, seen: make(map[data.ID]int), sites: make(map[data.ID]site)}
		if err := d.collect(ctx, &all); err != nil {
			yield(nil, err)
			return
		}
		for _, at := range all.offers {
			o, err := all.read(at)
			if err == nil {
				err = cmp.Or(ctx.Err(), d.join(o, &all))
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

// collected is every offer of the sources.
type collected struct {
	*spool
	offers []span
	seen   map[data.ID]int // where in offers
	sites  map[data.ID]site
	recent map[data.ID]*data.Offer // sites that were read of late
}

// site is an offer that is an establishment as a whole.
type site struct {
	offer data.ID
	at    span
}

func (d *Directory) collect(ctx context.Context, all *collected) error {
	for _, source := range d.Sources {
		for o, err := range source.Offers(ctx) {
			if err != nil {
				return err
			}
			if err := d.add(o, all, source.Name()); err != nil {
				return fmt.Errorf("holding offers on the disk: %w", err)
			}
		}
	}
	if err := all.out.Flush(); err != nil {
		return fmt.Errorf("holding offers on the disk: %w", err)
	}
	all.seen = nil
	return nil
}

func (d *Directory) add(o *data.Offer, all *collected, source string) error {
	i, twice := all.seen[o.ID]
	if twice {
		d.offers.Reject(0, string(o.ID), "id", "described already by a source before "+source)
		if !o.Class().Wider(all.offers[i].class) {
			return nil
		}
		d.offers.Note(noteBoth) // what is hidden takes nothing from what is not
	}
	at, err := all.write(o)
	if err != nil {
		return err
	}
	if twice {
		all.offers[i] = at
	} else {
		d.offers.Keep()
		all.seen[o.ID] = len(all.offers)
		all.offers = append(all.offers, at)
	}
	all.establish(o, at)
	return nil
}

// establish keeps where an offer is that is an establishment as a whole, by the
// id of the establishment; of several the one with the lowest id, whatever the
// order in which hidden ones made them come.
func (all *collected) establish(o *data.Offer, at span) {
	if own, ok := o.Site(); ok && isEstablishment(o) && o.Class() == data.Open {
		if there, ok := all.sites[own.ID]; !ok || o.ID < there.offer {
			all.sites[own.ID] = site{o.ID, at}
		}
	}
}

// maxRecent is how many establishments are held as a whole; their services come
// together in most registers.
const maxRecent = 1024

// site returns the establishment of an id, nil when no register has it.
func (all *collected) site(id data.ID) (*data.Offer, error) {
	if o := all.recent[id]; o != nil {
		return o, nil
	}
	found, ok := all.sites[id]
	if !ok {
		return nil, nil
	}
	o, err := all.read(found.at)
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
	site, err := all.site(own.ID)
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
	o.Organizations = site.Organizations
	if len(site.Places) == 0 {
		return
	}
	from := &site.Places[0]
	for i := range o.Places {
		place := &o.Places[i]
		same := place.ID == from.ID && place.Quality < from.Quality
		if (place.Address.Street == "" || same) && from.Placed() {
			place.ID, place.Address = from.ID, from.Address
			place.Point, place.Quality, place.Doubted = from.Point, from.Quality, from.Doubted
		}
	}
}
