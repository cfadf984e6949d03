package merge

import (
	"slices"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
)

// candidate is an offer that may be another.
type candidate struct {
	at  int32 // its first record
	who []teller
	*data.Offer
}

// crowd is how many offers may be seen as the same before nobody looks any more which of
// them are: each is compared with each, up to a microsecond for two. No hospital has so
// many that do the same at one site; a number that stands for "unknown" has. A test has
// smaller ones.
var crowd = 2048

// matchSights unites offers that are seen as the same, where it is certain which
// is which: all of them, or else those that are for each other the only one.
func (d *Directory) matchSights(firsts []int32, all *collected) error {
	if len(firsts) > crowd {
		return d.doubt(doubtCrowd, firsts[0], firsts[1], all)
	}
	list := make([]candidate, len(firsts))
	for i, first := range firsts {
		members, err := d.claimants(all.members(first), all)
		if err != nil {
			return err
		}
		list[i] = candidate{at: first, Offer: d.fold(members).spokesman().Offer}
		for _, c := range members {
			list[i].who = append(list[i].who, c.who)
		}
	}
	if all.certain(list) {
		all.uniteAll(list)
		return nil
	}
	for _, same := range all.mutual(list) {
		if all.certain(same) {
			all.uniteAll(same)
		}
	}
	return d.doubtAll(list, all)
}

func (all *collected) uniteAll(list []candidate) {
	for _, c := range list[1:] {
		all.unite(list[0].at, c.at)
	}
}

// certain reports whether offers can be one, no base has two of them, and nothing
// speaks against it.
func (all *collected) certain(list []candidate) bool {
	for i, a := range list {
		for _, b := range list[:i] {
			if !all.compatible(a, b) || contradict(a.Offer, b.Offer) {
				return false
			}
		}
	}
	return true
}

// mutual returns what is connected by pairs of which each is, of what its base has,
// the only one that agrees with the other.
func (all *collected) mutual(list []candidate) [][]candidate {
	may := make([][]bool, len(list))
	for i, a := range list {
		may[i] = make([]bool, len(list))
		for j, b := range list[:i] {
			may[i][j] = alike(a.Offer, b.Offer) && all.certain([]candidate{a, b})
			may[j][i] = may[i][j]
		}
	}
	only := func(i, j int) bool {
		for k := range list {
			if k != j && may[i][k] && tellApart(list[k], list[j]) {
				return false
			}
		}
		return true
	}
	groups := components{of: make(map[int32]*[]int32)}
	for i := range list {
		for j := range i {
			if may[i][j] && only(i, j) && only(j, i) {
				groups.join(int32(i), int32(j))
			}
		}
	}
	var found [][]candidate
	for _, group := range groups.lists() {
		var same []candidate
		for _, i := range group {
			same = append(same, list[i])
		}
		found = append(found, same)
	}
	return found
}

// alike reports whether something that all may see is known of both and the same: the
// type or the activities.
func alike(a, b *data.Offer) bool {
	activities := codesOf(a.Activities, "R211")
	return activities != "" && activities == codesOf(b.Activities, "R211") ||
		visible(a, a.Type) != "" && visible(a, a.Type) == visible(b, b.Type)
}

// tellApart reports whether some base has both offers.
func tellApart(a, b candidate) bool {
	return slices.ContainsFunc(a.who, func(one teller) bool { return slices.ContainsFunc(b.who, one.tellsApart) })
}

// compatible reports whether two offers can be one: no base has both, and they
// say nothing of each other that cannot be.
func (all *collected) compatible(a, b candidate) bool {
	if tellApart(a, b) {
		return false
	}
	return agree(visible(a.Offer, a.Type), visible(b.Offer, b.Type)) && agree(visible(a.Offer, a.Field), visible(b.Offer, b.Field)) &&
		agree(codesOf(a.Activities, "R211"), codesOf(b.Activities, "R211")) &&
		agree(codesOf(a.CareModes, "R213"), codesOf(b.CareModes, "R213")) &&
		agree(latestNumber(siteOf(a.Offer), all.now), latestNumber(siteOf(b.Offer), all.now)) &&
		overlap(a.Ages, b.Ages)
}

// agree reports whether two values are the same as far as they are known.
func agree[T ~string](x, y T) bool { return x == "" || y == "" || x == y }

// overlap reports whether some age may be received by both.
func overlap(a, b data.AgeRange) bool {
	return (a.Before == 0 || b.Min < a.Before) && (b.Before == 0 || a.Min < b.Before)
}

// contradict reports whether two offers that could be one may be two: units or
// psychiatric sectors of which they have none in common, or places of which none is
// where another is.
func contradict(a, b *data.Offer) bool {
	return unlike(unitsOf(a), unitsOf(b)) || unlike(a.PsychiatricSectors, b.PsychiatricSectors) || elsewhere(a.Places, b.Places)
}

// unlike reports whether both lists name something, and nothing in common.
func unlike(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// unitsOf returns the numbers of internal organizations (OI) that give the offer.
func unitsOf(o *data.Offer) []string {
	var numbers []string
	for _, g := range o.Organizations {
		for _, i := range g.Identifiers {
			if i.System == data.SystemOI {
				numbers = append(numbers, i.Value)
			}
		}
	}
	return numbers
}

func elsewhere(a, b []data.Place) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for i := range a {
		if slices.ContainsFunc(b, func(p data.Place) bool { return !isApart(&a[i], &p) }) {
			return false
		}
	}
	return true
}

// isApart reports whether two places are said to be farther apart than one place can
// be: by their positions where both are known better than to the commune, and else by
// their communes.
func isApart(a, b *data.Place) bool {
	if isExact(a) && isExact(b) {
		return geo.Distance(a.Point, b.Point) > farApart
	}
	return !agree(communeOf(a.Address), communeOf(b.Address))
}

func isExact(p *data.Place) bool { return p.Quality > data.AtCommune && !p.Doubted }

// communeOf returns the commune of an address, of an arrondissement that of which it is
// a part.
func communeOf(a data.Address) string {
	if c, known := gazetteer.ByCode(a.Commune); known && c.Of != "" {
		return c.Of
	}
	return a.Commune
}

// doubtAll counts those that stay apart though they could be one with another.
func (d *Directory) doubtAll(list []candidate, all *collected) error {
	for i, a := range list {
		for _, b := range list[:i] {
			if all.first(a.at) == all.first(b.at) || !all.compatible(a, b) {
				continue
			}
			if err := d.doubt(doubtSight, a.at, b.at, all); err != nil {
				return err
			}
		}
	}
	return nil
}

// doubtClasses notes what is seen as one service at a site, and is kept by one base
// from some who see it in another; each pair once, by whatever it is seen. Of a crowd it
// notes one pair.
func (d *Directory) doubtClasses(run []sight, noted map[[2]int32]bool, all *collected) error {
	hidden := func(a, b sight) bool {
		x, y := &all.records[a.record], &all.records[b.record]
		return x.class != y.class && !x.tellsApart(y.teller)
	}
	if len(run) > crowd {
		for _, s := range []sight{run[0], run[len(run)-1]} { // of the first class and of the last
			if i := slices.IndexFunc(run, func(other sight) bool { return hidden(s, other) }); i >= 0 {
				return d.doubt(doubtCrowd, s.record, run[i].record, all)
			}
		}
		return nil
	}
	ids := make(map[int32]data.ID)
	for i, s := range run {
		for _, other := range run[:i] {
			pair := [2]int32{other.record, s.record}
			if noted[pair] || !hidden(s, other) {
				continue
			}
			noted[pair] = true
			for _, at := range pair {
				if err := all.readID(at, ids); err != nil {
					return err
				}
			}
			if ids[s.record] == ids[other.record] {
				continue // it is noted as what has one id
			}
			if err := d.doubt(doubtHidden, s.record, other.record, all); err != nil {
				return err
			}
		}
	}
	return nil
}

// readID reads the id of a record, once.
func (all *collected) readID(at int32, ids map[int32]data.ID) error {
	if ids[at] != "" {
		return nil
	}
	o, err := all.read(all.records[at].span)
	if err == nil {
		ids[at] = o.ID
	}
	return err
}
