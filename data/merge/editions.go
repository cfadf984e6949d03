package merge

import (
	"bytes"
	"cmp"
	"context"
	"reflect"
	"slices"
	"strings"

	"boussole/data"
)

// supersede finds, before anything is matched, the records of which their own base
// has a later edition under the same id: they are records no more. What became
// sensitive is public no longer by an older copy of it, and what is open now may be
// matched with what is open.
func (d *Directory) supersede(ctx context.Context, all *collected) error {
	all.sortMarks()
	err := runs(all.marks, func(a, b mark) bool { return a.hash == b.hash }, func(run []mark) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return d.supersedeIn(run, all)
	})
	if err != nil {
		return err
	}
	all.marks = slices.DeleteFunc(all.marks, func(m mark) bool { return all.records[m.record()].past })
	all.sights = slices.DeleteFunc(all.sights, func(s sight) bool { return all.records[s.record].past })
	all.establish()
	return nil
}

// supersedeIn does so among the records of one id, base by base.
func (d *Directory) supersedeIn(run []mark, all *collected) error {
	var own []int32
	for _, m := range run {
		if m.own() {
			own = append(own, m.record())
		}
	}
	slices.SortStableFunc(own, func(a, b int32) int { return cmp.Compare(all.records[a].base, all.records[b].base) })
	return runs(own, func(a, b int32) bool { return all.records[a].base == all.records[b].base }, func(editions []int32) error {
		list, err := d.claimants(editions, all)
		if err != nil {
			return err
		}
		d.retire(list, all)
		return nil
	})
}

// retire marks and counts the editions that others replace.
func (d *Directory) retire(list []claimant, all *collected) {
	for _, c := range list {
		all.records[c.at].past = slices.ContainsFunc(list, func(o claimant) bool { return o.ID == c.ID && replaces(o.Offer, c.Offer) })
	}
	for _, c := range list {
		if !all.records[c.at].past {
			continue
		}
		note := noteEdition
		if slices.ContainsFunc(list, func(o claimant) bool { return !all.records[o.at].past && sameContent(o.Offer, c.Offer) }) {
			note = noteUnchanged
		}
		d.offers.Skip(note)
	}
}

// replaces reports whether one edition takes the place of another: it is later, or of
// the same day and for fewer to know of, so that what a base says to be sensitive
// stays hidden. Of others of the same day both speak.
func replaces(a, b *data.Offer) bool {
	if age := recency(a, b); age != 0 {
		return age > 0
	}
	return b.Class().Wider(a.Class())
}

// sameContent reports whether two descriptions say the same, whatever their bases
// call the resources by technical ids.
func sameContent(a, b *data.Offer) bool {
	return reflect.DeepEqual(plain(a), plain(b))
}

// plain is an offer without what is technical.
func plain(o *data.Offer) *data.Offer {
	p := *o
	p.Sources, p.Record = nil, data.Record{}
	p.Places, p.Organizations = slices.Clone(p.Places), slices.Clone(p.Organizations)
	p.Practices, p.Unlisted = slices.Clone(p.Practices), slices.Clone(p.Unlisted)
	for i := range p.Places {
		p.Places[i].ID, p.Places[i].Record = "", data.Record{}
	}
	for i := range p.Organizations {
		g := &p.Organizations[i]
		g.ID, g.Parent, g.Record = "", "", data.Record{}
	}
	for i := range p.Practices {
		own := &p.Practices[i]
		own.ID, own.Record, own.Person = "", data.Record{}, data.Record{}
	}
	for i := range p.Unlisted {
		p.Unlisted[i].Of, _, _ = strings.Cut(p.Unlisted[i].Of, "/")
	}
	return &p
}

// widening are the profiles in an order in which each sees, of one record, all that
// those before it see of it; but profile 4, to which no order is promised.
var widening = []data.Profile{0, 5, 3, 2, 1}

// compareContents orders descriptions by what they say, and first by what all see of
// it: what is hidden from a viewer changes nothing in the order of those that are
// not the same to them.
func compareContents(a, b claimant) int {
	for _, p := range widening {
		if order := bytes.Compare(a.seenBy(p), b.seenBy(p)); order != 0 {
			return order
		}
	}
	return 0
}

// seenBy returns as bytes what a profile would see of a description if it might know
// of it.
func (c claimant) seenBy(p data.Profile) []byte {
	o := *c.Offer
	o.Sensitive, o.Personal = false, false
	seen, _ := o.For(data.Viewer{Profile: p})
	text, _ := c.spool.encode(&seen) // which was encoded before
	return bytes.Clone(text)
}

// inOrder returns descriptions in an order that is theirs, whatever they were read in.
func inOrder(records []claimant) []claimant {
	list := slices.Clone(records)
	slices.SortFunc(list, func(a, b claimant) int {
		order := cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.region, b.region), cmp.Compare(a.ID, b.ID))
		if order == 0 && a.at != b.at {
			return compareContents(a, b)
		}
		return order
	})
	return list
}
