// Package merge makes one directory of several sources: a service stands at
// the site that the register of establishments knows best.
//
// It refuses to match by name: sites are joined by their FINESS number, offers
// by their id.
package merge

import (
	"context"
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
	noteBoth    = "described as sensitive by one source and not by another: the open description kept"
)

// Directory is a [data.Source] over several, the most trusted first. It holds
// the offers in memory while they are joined.
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
// two offers with one id the first is kept, unless it is sensitive and the other
// is not: a hidden record must not change what the public sees.
func (d *Directory) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		offers, err := d.collect(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		sites := establishments(offers)
		for _, o := range offers {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			d.join(o, sites)
			if !yield(o, nil) {
				return
			}
		}
	}
}

func (d *Directory) collect(ctx context.Context) ([]*data.Offer, error) {
	var offers []*data.Offer
	seen := make(map[data.ID]int) // where in offers
	for _, source := range d.Sources {
		for o, err := range source.Offers(ctx) {
			if err != nil {
				return nil, err
			}
			at, twice := seen[o.ID]
			if !twice {
				seen[o.ID] = len(offers)
				d.offers.Keep()
				offers = append(offers, o)
				continue
			}
			d.offers.Reject(0, string(o.ID), "id", "described already by a source before "+source.Name())
			if offers[at].Sensitive && !o.Sensitive {
				offers[at] = o // what is hidden takes nothing from what is not
				d.offers.Note(noteBoth)
			}
		}
	}
	return offers, nil
}

// establishments returns the offers that are establishments as a whole, by the
// id of the establishment; of several the one with the lowest id, whatever the
// order in which hidden ones made them come.
func establishments(offers []*data.Offer) map[data.ID]*data.Offer {
	sites := make(map[data.ID]*data.Offer)
	for _, o := range offers {
		if site, ok := o.Site(); ok && isEstablishment(o) && !o.Sensitive {
			if there := sites[site.ID]; there == nil || o.ID < there.ID {
				sites[site.ID] = o
			}
		}
	}
	return sites
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
func (d *Directory) join(o *data.Offer, sites map[data.ID]*data.Offer) {
	own, ok := o.Site()
	if !ok || isEstablishment(o) {
		return
	}
	if own.Record.ID != "" {
		d.offers.Note(noteOwn) // it has contacts, crisis data and units that no register of establishments knows
		return
	}
	site, ok := sites[own.ID]
	if !ok {
		if own.FINESS() != "" {
			d.offers.Note(noteUnknown)
		}
		return
	}
	d.offers.Note(noteJoined)
	o.Organizations = site.Organizations
	if len(site.Places) == 0 {
		return
	}
	from := &site.Places[0]
	o.Places = slices.Clone(o.Places) // the lists of an offer may be shared
	for i := range o.Places {
		place := &o.Places[i]
		same := place.ID == from.ID && place.Quality < from.Quality
		if (place.Address.Street == "" || same) && from.Placed() {
			place.ID, place.Address = from.ID, from.Address
			place.Point, place.Quality, place.Doubted = from.Point, from.Quality, from.Doubted
		}
	}
}
