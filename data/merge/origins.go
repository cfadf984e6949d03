package merge

import (
	"cmp"
	"slices"

	"boussole/data"
)

// origins holds what each record of an offer says against what stands, once it does:
// who says it, and who says something else, which is told as a conflict.
//
// It is the same for a viewer as if only the records and values that they may see had
// been merged: what is said has the class of its value, and what hidden values say
// decides neither which records are named, nor in which order, nor what they say else.
type origins struct {
	*fold
	standing map[fact]*standing
	left     []contradiction
	list     []data.Origin
}

// standing is what stands of a fact, and the members that say it.
type standing struct {
	values []any
	by     []voice
}

// voice is a member that says what stands, and the class of that as it says it.
type voice struct {
	member int
	class  data.Class
}

// contradiction is what a member says and others are believed in; nothing of the fact
// may stand at all.
type contradiction struct {
	saying
	stands any
	member int
}

// tellOrigins writes into the offer who says what of it, and tells the conflicts. Of
// what one record said, its sources tell.
func (f *fold) tellOrigins() {
	o := origins{fold: f, standing: make(map[fact]*standing)}
	whole := walkOf(&f.out, o.stands)
	whole.walk()
	for i := range f.members {
		o.hear(i)
	}
	for _, c := range f.unheard {
		entry := o.entry(c)
		if c.Field != "" {
			o.leave(entry, saying{fact{attribute: data.AttributeField}, c.Field, c.ClassOf("Offer.Field", &c.Field)})
		}
	}
	o.tellConflicts()
	f.out.Origins = nil
	if len(o.list) > 1 {
		f.out.Origins = o.settled()
	}
}

func (o *origins) stands(s saying) {
	if o.standing[s.fact] == nil {
		o.standing[s.fact] = &standing{}
	}
	o.standing[s.fact].values = append(o.standing[s.fact].values, s.value)
}

// hear goes through what a member says.
func (o *origins) hear(member int) {
	c := o.members[member]
	entry := o.entry(c)
	w := walk{Offer: c.Offer, places: o.placesOf[c.at], practices: o.practicesOf[c.at], organizations: o.organizationsOf(c.Offer)}
	if len(o.members) == 1 {
		w = walkOf(c.Offer, nil)
	}
	w.f = func(s saying) {
		stands := o.standing[s.fact]
		if stands == nil {
			stands = &standing{}
		}
		is, against := stands.compare(s.value)
		switch is {
		case agreed:
			stands.by = append(stands.by, voice{member, s.class})
			said := o.said(entry, s)
			said.Stands = append(said.Stands, s.attribute)
		case contradicts:
			o.left = append(o.left, contradiction{s, against, member})
			o.leave(entry, s)
		}
	}
	w.walk()
}

// compare holds something said against all that stands of its fact: of what one base
// has twice both stand.
func (s *standing) compare(said any) (is verdict, against any) {
	is = contradicts
	for i, value := range s.values {
		switch v := compare(value, said); {
		case v == agreed:
			return agreed, value
		case i == 0 || v == silent:
			is, against = v, value
		}
	}
	return is, against
}

// organizationsOf returns which of those of the offer a member's are.
func (f *fold) organizationsOf(o *data.Offer) []int {
	list := make([]int, len(o.Organizations))
	for i, g := range o.Organizations {
		list[i] = slices.IndexFunc(f.out.Organizations, func(own data.Organization) bool { return sameOrganization(own, g) })
	}
	return list
}

// entry returns the place of a record among the origins. Where two bases have one
// description it is told once.
func (o *origins) entry(c claimant) int {
	own := data.Origin{Source: c.source, Region: c.region, Record: c.recordName(), Date: c.Updated}
	i := slices.IndexFunc(o.list, func(g data.Origin) bool { return sameRecord(g, own) })
	if i < 0 {
		i, o.list = len(o.list), append(o.list, own)
	}
	return i
}

// said returns what an entry says, of one part of the offer, for those who see a class.
func (o *origins) said(entry int, s saying) *data.Said {
	g, of := &o.list[entry], o.partID(s.part)
	i := slices.IndexFunc(g.Said, func(said data.Said) bool { return said.Of == of && said.Class == s.class })
	if i < 0 {
		i, g.Said = len(g.Said), append(g.Said, data.Said{Of: of, Class: s.class})
	}
	return &g.Said[i]
}

func (o *origins) partID(part int32) data.ID {
	switch {
	case part > 0:
		return o.out.Places[part-1].ID
	case part < 0:
		return o.out.Organizations[-1-part].ID
	}
	return ""
}

func (o *origins) leave(entry int, s saying) {
	said, left := o.said(entry, s), data.Left{Attribute: s.attribute, Value: shortened(textOf(s.fact, s.value))}
	if !slices.Contains(said.Left, left) {
		said.Left = append(said.Left, left)
	}
}

// settled returns the origins, each attribute once.
func (o *origins) settled() []data.Origin {
	for _, g := range o.list {
		for i := range g.Said {
			slices.Sort(g.Said[i].Stands)
			g.Said[i].Stands = slices.Compact(g.Said[i].Stands)
		}
	}
	return o.list
}

// tellConflicts tells of each contradiction who is believed.
func (o *origins) tellConflicts() {
	orders := make(map[string][]claimant)
	for _, l := range o.left {
		line := rankOf(l.attribute)
		if orders[line] == nil {
			orders[line] = o.order(line)
		}
		kept, class := o.believed(orders[line], l)
		o.found(l.attribute.String(), claim(kept, textOf(l.fact, l.stands), class), claim(o.members[l.member], textOf(l.fact, l.value), l.class), o.out.ID)
	}
	first := o.members[0]
	for _, c := range o.unheard {
		o.found("field", claim(first, string(first.Field), first.ClassOf("Offer.Field", &first.Field)),
			claim(c, string(c.Field), c.ClassOf("Offer.Field", &c.Field)), o.out.ID)
	}
}

// believed returns of those that say what stands the one that comes first; where
// nothing does, who comes first.
func (o *origins) believed(order []claimant, l contradiction) (claimant, data.Class) {
	if stands := o.standing[l.fact]; stands != nil {
		for _, c := range order {
			for _, v := range stands.by {
				if o.members[v.member].at == c.at {
					return c, v.class
				}
			}
		}
	}
	return order[0], l.class
}

// takeOrigins tells that an offer has its organizations from a site, and, of the places
// that have moved there, by the ids that they had, address and position. What was said
// of its own is told no more.
func takeOrigins(o, site *data.Offer, own []data.Organization, moved []data.ID) {
	list := partOf(o.Origins, func(of data.ID, a data.Attribute) bool {
		return !isOf(own, of) && !isSite(a) && !(isWhere(a) && slices.Contains(moved, of))
	})
	for _, g := range list {
		for i := range g.Said {
			if slices.Contains(moved, g.Said[i].Of) {
				g.Said[i].Of = site.Places[0].ID
			}
		}
	}
	for _, g := range originsOfSite(site, len(moved) > 0) {
		if i := slices.IndexFunc(list, func(own data.Origin) bool { return sameRecord(own, g) }); i >= 0 {
			list[i].Said = append(list[i].Said, g.Said...) // it was at the site before
		} else {
			list = append(list, g)
		}
	}
	for _, g := range list {
		slices.SortStableFunc(g.Said, func(a, b data.Said) int { return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Class, b.Class)) })
	}
	o.Origins = list
}

func sameRecord(a, b data.Origin) bool {
	return a.Source == b.Source && a.Region == b.Region && a.Record == b.Record && a.Date == b.Date
}

// originsOfSite tells who says what of the organizations of a site and, if that is
// taken, of where it is.
func originsOfSite(site *data.Offer, place bool) []data.Origin {
	all := site.Origins
	if len(all) == 0 && len(site.Sources) > 0 {
		all = originOfOne(site, place)
	}
	return partOf(all, func(of data.ID, a data.Attribute) bool {
		return isOf(site.Organizations, of) || isSite(a) || place && isWhere(a) && of == site.Places[0].ID
	})
}

// originOfOne tells the same of a site that one record describes: all of it stands.
func originOfOne(site *data.Offer, place bool) []data.Origin {
	from := site.Sources[0]
	own := data.Origin{Source: from.Source, Region: regionOf(site), Record: from.Record, Date: site.Updated}
	o := origins{fold: &fold{out: *site}, list: []data.Origin{own}}
	w := walkOf(site, func(s saying) {
		said := o.said(0, s)
		said.Stands = append(said.Stands, s.attribute)
	})
	w.providers()
	if place {
		w.part = 1
		w.place(&site.Places[0])
	}
	return o.settled()
}

func isOf(list []data.Organization, id data.ID) bool {
	return slices.ContainsFunc(list, func(g data.Organization) bool { return g.ID == id })
}

func isSite(a data.Attribute) bool { return a == data.AttributeSite || a == data.AttributeOrganization }

func isWhere(a data.Attribute) bool { return a == data.AttributeAddress || a == data.AttributePosition }

// partOf returns of origins what is told of some attributes. Records of which nothing
// is left stay: what there was may have been hidden.
func partOf(all []data.Origin, keep func(of data.ID, a data.Attribute) bool) []data.Origin {
	list := slices.Clone(all)
	for i := range list {
		var said []data.Said
		for _, s := range list[i].Said {
			s.Stands = slices.DeleteFunc(slices.Clone(s.Stands), func(a data.Attribute) bool { return !keep(s.Of, a) })
			s.Left = slices.DeleteFunc(slices.Clone(s.Left), func(l data.Left) bool { return !keep(s.Of, l.Attribute) })
			if len(s.Stands)+len(s.Left) > 0 {
				said = append(said, s)
			}
		}
		list[i].Said = said
	}
	return list
}
