package merge

import (
	"cmp"
	"hash/maphash"
	"slices"

	"boussole/data"
)

// record is one description of an offer by a base: where it is in the spool, who
// may know that it exists, and with which others it was found to be one offer.
// A record takes 32 bytes, its marks 16 to 40 more.
type record struct {
	span
	parent int32 // towards the first record of the offer; itself when it is that
	next   int32 // of the same offer, by the order of reading; -1 after the last
	teller
	class data.Class
	apart bool // who sees less has an offer of that id already
	past  bool // its base has a later edition: no record any more
}

// base is who describes: a source, and the region or the name of one that has
// several.
type base struct{ source, region string }

// teller is who has a record, by the numbers of bases.
type teller struct {
	base     uint16
	export   uint16 // the base by the name that its source has, 0 for none
	regional bool   // the record tells by its number which region described it
}

// tellsApart reports whether one base has both records, and so knows that they are
// two things. Of those in one export that have numbers of two regions it does not:
// one of them is a copy.
func (t teller) tellsApart(other teller) bool {
	return t.base == other.base || t.export != 0 && t.export == other.export && !(t.regional && other.regional)
}

// Base is a source that is one of several bases of a kind. Records whose numbers do
// not tell a region are those of the base that has the name.
type Base interface {
	data.Source
	BaseName() string // empty is none
}

// mark is a number by which a record may be the same as another.
type mark struct {
	hash uint64
	who  uint32 // which record, and whether it has its id from the number
}

func newMark(hash uint64, i int32, own bool) mark {
	who := uint32(i) << 1
	if own {
		who |= 1
	}
	return mark{hash, who}
}

func (m mark) record() int32 { return int32(m.who >> 1) }
func (m mark) own() bool     { return m.who&1 == 1 }

// sight is what a service is seen by at a site: see keysOf.
type sight struct {
	site, rest uint64
	record     int32
}

// collected is every record of the sources.
type collected struct {
	*spool
	seed    maphash.Seed
	records []record
	bases   []base
	number  map[base]uint16
	marks   []mark
	sights  []sight

	wider    map[int32]int32 // by what is apart, the record that has its id for more to know of
	mentions [][2]int32      // one says the number of the other
	houses   []house         // establishments, until they have told what sites there are
	sites    map[data.ID]int32
	recent   map[data.ID]*data.Offer // sites that were read of late
	now      map[string]string       // FINESS numbers that were replaced, by others
	linking  *draft                  // links that are kept; nil for none
}

func (all *collected) hash(text string) uint64 { return maphash.String(all.seed, text) }

// tellerOf tells who describes a record. Offers of the ROR have its region in
// their number, which the national base keeps: there and in the region's own
// export they are described by the same base.
func (all *collected) tellerOf(o *data.Offer, source describer) teller {
	b := base{source.Name(), regionOf(o)}
	if len(o.Sources) > 0 {
		b.source = o.Sources[0].Source
	}
	t := teller{regional: rorNumber(o) != ""}
	if one, ok := source.(interface{ BaseName() string }); ok && one.BaseName() != "" {
		t.export = all.baseNumber(base{"export of " + b.source, one.BaseName()})
		b.region = cmp.Or(b.region, one.BaseName())
	}
	t.base = all.baseNumber(b)
	return t
}

// baseNumber numbers bases from 1 on.
func (all *collected) baseNumber(b base) uint16 {
	if all.bases == nil {
		all.bases = []base{{}}
	}
	n, known := all.number[b]
	if !known {
		n = uint16(len(all.bases))
		all.bases = append(all.bases, b)
		all.number[b] = n
	}
	return n
}

// add holds a record that is in the spool, and what it may be matched by.
func (all *collected) add(k Kept, at span, source data.Source) {
	i, o := int32(len(all.records)), k.Offer
	var by describer = source
	if k.Key != (RecordKey{}) {
		by = k.Key
	}
	all.records = append(all.records, record{span: at, parent: i, next: -1, teller: all.tellerOf(o, by), class: o.Class()})
	all.marks = append(all.marks, newMark(all.hash(string(o.ID)), i, true))
	for _, id := range numbersOf(o) {
		if id != o.ID {
			all.marks = append(all.marks, newMark(all.hash(string(id)), i, false))
		}
	}
	for _, k := range keysOf(o) {
		all.sights = append(all.sights, sight{all.hash(k.site), all.hash(k.rest), i})
	}
	all.house(o, i)
}

// begins reports whether a record is the first one of an offer.
func (all *collected) begins(i int32) bool { return all.first(i) == i && !all.records[i].past }

// first returns the first record of the offer that a record describes.
func (all *collected) first(i int32) int32 {
	for all.records[i].parent != i {
		all.records[i].parent = all.records[all.records[i].parent].parent
		i = all.records[i].parent
	}
	return i
}

// unite says that two records describe one offer.
func (all *collected) unite(i, j int32) {
	i, j = all.first(i), all.first(j)
	all.records[max(i, j)].parent = min(i, j)
}

// chain links the records of each offer, in their order, so that members finds
// them.
func (all *collected) chain() {
	for i := range all.records {
		all.records[i].next = -1
	}
	for i := int32(len(all.records)) - 1; i >= 0; i-- {
		if first := all.first(i); first != i {
			all.records[i].next, all.records[first].next = all.records[first].next, i
		}
	}
}

// members returns the records of an offer, by its first.
func (all *collected) members(first int32) []int32 {
	var list []int32
	for i := first; i >= 0; i = all.records[i].next {
		list = append(list, i)
	}
	return list
}

// asRead returns the record, or of several of an offer another one, that is as its
// source has it: in the place of the first is what all of them say, once it is settled.
func (all *collected) asRead(at int32) int32 {
	if all.first(at) == at && all.records[at].next >= 0 {
		return all.records[at].next
	}
	return at
}

// runs calls f with every group of at least two that compare as equal.
func runs[T any](sorted []T, same func(a, b T) bool, f func([]T) error) error {
	for from := 0; from < len(sorted); {
		to := from + 1
		for to < len(sorted) && same(sorted[from], sorted[to]) {
			to++
		}
		if to-from > 1 {
			if err := f(sorted[from:to]); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

func (all *collected) sortMarks() {
	slices.SortFunc(all.marks, func(a, b mark) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.who, b.who)) })
}

func (all *collected) sortSights() {
	slices.SortFunc(all.sights, func(a, b sight) int {
		return cmp.Or(cmp.Compare(a.site, b.site), cmp.Compare(a.rest, b.rest),
			cmp.Compare(all.records[a.record].class, all.records[b.record].class), cmp.Compare(a.record, b.record))
	})
}
