package merge

import (
	"cmp"
	"reflect"
	"slices"

	"boussole/data"
)

// claimant is what one base says of an offer.
type claimant struct {
	*data.Offer
	base
	spool  *spool
	who    teller
	at     int32 // the record
	former bool  // at an establishment whose number was replaced
	gone   bool  // and itself that establishment
}

// fold makes one offer of what several bases say of it.
//
// Every value keeps its class, because only records for the same viewers and of
// fields that class alike are folded; of the values that can be one alone that of
// the widest class is taken, then that of who is believed, so that no hidden claim
// stands before an open one. Classes of one value are a chain, each seen by all
// who see the next: so who sees any of its claims sees the one that is taken, and
// it is what folding only the claims that they see gives. What follows for those
// who see more: of such a value they get the open claim, too.
type fold struct {
	table   Precedence
	members []claimant // in the order of "record", one for each base but where it says two things on one day
	retired int        // those whose base has another number for the offer by now
	unheard []claimant // whose values class otherwise
	aliases []data.Identifier
	found   func(attribute string, kept, left Claim, offer data.ID)
	out     data.Offer

	placesOf, practicesOf map[int32][]int // which of the offer's those of a record are, by the record
}

// claimants reads the records of an offer.
func (d *Directory) claimants(records []int32, all *collected) ([]claimant, error) {
	list := make([]claimant, len(records))
	for i, at := range records {
		o, err := all.read(all.records[at].span)
		if err != nil {
			return nil, err
		}
		list[i] = claimant{
			Offer: o, base: all.bases[all.records[at].base], spool: all.spool, who: all.records[at].teller, at: at,
			former: all.now[siteOf(o)] != "", gone: all.now[ownFINESS(o)] != "",
		}
	}
	return list, nil
}

// fold prepares the records of an offer: each base speaks by the last number that it
// has for it, and what classes otherwise than the one whose field is believed has no
// say. The order of the records decides nothing.
func (d *Directory) fold(records []claimant) *fold {
	f := &fold{table: d.table(), found: d.conflict}
	all := inOrder(records)
	for _, c := range all {
		if now := current(c, all); now.ID != c.ID {
			f.retire(c)
			continue
		}
		f.members = append(f.members, c)
	}
	believed := f.order("field")[0]
	f.members = slices.DeleteFunc(f.order("record"), func(c claimant) bool {
		if scopeOf(c.Offer) == scopeOf(believed.Offer) {
			return false
		}
		f.unheard = append(f.unheard, c)
		f.aliases = append(f.aliases, data.Identifier{System: data.SystemOffer, Value: string(c.ID)})
		return true
	})
	return f
}

// current returns what the base of a description describes of the offer last.
func current(c claimant, all []claimant) claimant {
	now := c
	for _, o := range all {
		if o.base == c.base && later(o, now) {
			now = o
		}
	}
	return now
}

// retire keeps the numbers of a description under a number that is no more.
func (f *fold) retire(old claimant) {
	f.retired++
	f.aliases = append(append(f.aliases, old.Identifiers...), data.Identifier{System: data.SystemOffer, Value: string(old.ID)})
}

// later reports whether a base describes an offer so after it described it otherwise;
// never of two descriptions under one id.
func later(a, b claimant) bool {
	if a.gone != b.gone {
		return b.gone
	}
	if a.ID == b.ID {
		return false
	}
	return cmp.Or(recency(a.Offer, b.Offer), cmp.Compare(b.ID, a.ID)) > 0
}

// recency compares the dates of two descriptions.
func recency(a, b *data.Offer) int {
	return cmp.Or(cmp.Compare(a.Updated, b.Updated), a.Record.Updated.Compare(b.Record.Updated), cmp.Compare(edition(a), edition(b)))
}

func edition(o *data.Offer) data.Date {
	if len(o.Sources) == 0 {
		return 0
	}
	return o.Sources[0].Date
}

// order returns the members, who is believed most of an attribute first; those of
// one base in the order that inOrder gave them.
func (f *fold) order(attribute string) []claimant {
	list := slices.Clone(f.members)
	old := func(c claimant) bool { return c.gone || attribute == "site" && c.former }
	slices.SortStableFunc(list, func(a, b claimant) int {
		return cmp.Or(
			cmp.Compare(truth(old(a)), truth(old(b))),
			cmp.Compare(f.table.rank(attribute, a.source), f.table.rank(attribute, b.source)),
			cmp.Compare(truth(b.isHome()), truth(a.isHome())),
			recency(b.Offer, a.Offer),
			cmp.Compare(a.ID, b.ID), cmp.Compare(a.source, b.source), cmp.Compare(a.region, b.region))
	})
	return list
}

// spokesman returns who says where the offer is: of those who say it the one that is
// believed.
func (f *fold) spokesman() claimant {
	order := f.order("site")
	return order[max(0, slices.IndexFunc(order, func(c claimant) bool { return hasSite(c.Offer) }))]
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// settle takes the one value of an attribute that is believed.
func settle[T any](f *fold, attribute string, class func(*data.Offer, T) data.Class, of func(*data.Offer) *T) {
	var kept *claimant
	order := f.order(attribute)
	for i := range order {
		c := &order[i]
		if reflect.ValueOf(of(c.Offer)).Elem().IsZero() {
			continue
		}
		if kept == nil || class(c.Offer, *of(c.Offer)).Wider(class(kept.Offer, *of(kept.Offer))) {
			kept = c
		}
	}
	if kept != nil {
		*of(&f.out) = *of(kept.Offer)
	}
}

func open[T any](*data.Offer, T) data.Class { return data.Open }

// result puts the offer together.
func (f *fold) result() *data.Offer {
	if len(f.members) > 1 {
		f.unite()
	} else {
		f.out = *f.members[0].Offer
	}
	f.name()
	if len(f.members)+len(f.unheard) > 1 {
		f.tellOrigins()
	}
	return &f.out
}

// unite puts together what several say.
func (f *fold) unite() {
	f.out.Sensitive = f.members[0].Sensitive
	f.out.Personal = !slices.ContainsFunc(f.members, func(c claimant) bool { return !c.Personal })
	f.settleNames()
	f.settleDates()
	f.uniteLists()
	f.out.Places = f.places()
	f.out.Organizations = f.organizations()
}

func (f *fold) settleNames() {
	ofCode := func(o *data.Offer, c data.Code) data.Class { return o.ClassOfCode(c) }
	settle(f, "name", open, func(o *data.Offer) *string { return &o.Name })
	settle(f, "type", ofCode, func(o *data.Offer) *data.Code { return &o.Type })
	settle(f, "field", ofCode, func(o *data.Offer) *data.Code { return &o.Field })
	settle(f, "category", ofCode, func(o *data.Offer) *data.Code { return &o.Category })
	settle(f, "family", ofCode, func(o *data.Offer) *data.Code { return &o.Family })
	settle(f, "ages", open, func(o *data.Offer) *data.AgeRange { return &o.Ages })
	settle(f, "consent", open, func(o *data.Offer) *data.State { return &o.NoConsent })
	settle(f, "hours", open, func(o *data.Offer) *data.Hours { return &o.Hours })
}

// settleDates: an offer is as old as its oldest description, and as fresh as its
// freshest. Where it was described is no conflict.
func (f *fold) settleDates() {
	for _, c := range f.members {
		if f.out.Created == 0 || c.Created != 0 && c.Created < f.out.Created {
			f.out.Created = c.Created
		}
		if f.out.Updated == 0 || c.Updated > f.out.Updated {
			f.out.Updated = c.Updated
		}
	}
	for _, c := range f.members {
		if f.out.Region == "" {
			f.out.Region = c.Region
		}
		if f.out.Record == (data.Record{}) {
			f.out.Record = c.Record
		}
	}
}

// strength orders the numbers that can give an offer its id.
func strength(o *data.Offer) int {
	switch {
	case rorNumber(o) != "":
		return 0
	case numberOf(o.Identifiers, data.SystemFINESS) != "":
		return 1
	case numberOf(o.Identifiers, data.SystemSAE) != "":
		return 2
	}
	return 3
}

// name gives the offer the id of its strongest number, whatever was described
// last, so that it does not change by the day; it answers to the others.
func (f *fold) name() {
	order := f.order("id")
	slices.SortStableFunc(order, func(a, b claimant) int {
		return cmp.Or(
			cmp.Compare(truth(a.gone), truth(b.gone)),
			cmp.Compare(strength(a.Offer), strength(b.Offer)),
			cmp.Compare(f.table.rank("id", a.source), f.table.rank("id", b.source)),
			cmp.Compare(truth(b.isHome()), truth(a.isHome())),
			cmp.Compare(a.ID, b.ID))
	})
	f.out.ID = order[0].ID
	for _, c := range order {
		f.aliases = append(f.aliases, data.Identifier{System: data.SystemOffer, Value: string(c.ID)})
	}
	own := data.Identifier{System: data.SystemOffer, Value: string(f.out.ID)}
	f.aliases = slices.DeleteFunc(f.aliases, func(i data.Identifier) bool { return i == own })
	f.out.Identifiers = union(f.out.Identifiers, f.aliases)
}
