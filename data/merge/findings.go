package merge

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"boussole/data"
)

// What became of a record that is not an offer of its own.
const (
	noteMerged    = "described by another base too: merged"
	noteEdition   = "another edition of a record of the same base: the last one kept"
	noteTwin      = "another description of the same day by the same base: both put together"
	noteUnchanged = "the same record of the same base again: unchanged"
)

// Why two offers may be one, and stay two.
const (
	doubtSight  = "possible duplicate: the same service at one site, and it cannot be told which is which: kept apart"
	doubtHidden = "possible duplicate: the same service at one site, which one base describes for fewer to know of than another: kept apart"
	doubtCrowd  = "more seem to be the same service at one site than can be told apart: all kept apart"
	doubtNumber = "possible duplicate: one says the number of the other, and a base has two that may be it: kept apart"
)

// Claim is what one base says of an attribute.
type Claim struct {
	Value  string
	Class  data.Class // who may see it
	Source string     // "fhir"
	Region string     // of the base, "84"; empty for one that has none
	Record string     // the source's own name for what it describes
	Date   data.Date  // of the description
}

// Conflict is an attribute of which two bases do not say the same.
type Conflict struct {
	Attribute  string  // a word of [data.Attribute], of which precedence.txt has those that it decides
	Offer      data.ID // under which it is found
	Kept, Left Claim
}

// Doubt is two offers that may be one, by the ids under which they are found, and for
// each a record that is of it, without a value.
type Doubt struct {
	Why    string
	Offers [2]data.ID
	Of     [2]Claim
}

// maxListed bounds how many conflicts of one kind, and how many doubts, are listed;
// all of them are counted.
const maxListed = 100

// findings are what those who run an import should look at. They hold what is
// hidden from most, and MUST NOT reach a viewer.
type findings struct {
	Conflicts []Conflict // the first hundred of each kind
	Doubts    []Doubt    // the first hundred

	counts map[kind]int
	pairs  [][2]int32 // of each doubt the records of which it was told, until they are offers
}

// kind is what conflicts are counted by.
type kind struct{ attribute, kept, left string }

// String returns the line of the ledger.
func (k kind) String() string {
	return fmt.Sprintf("conflict of %s: that of %s kept, not that of %s", k.attribute, k.kept, k.left)
}

func (d *Directory) conflict(attribute string, kept, left Claim, offer data.ID) {
	if d.counts == nil {
		d.counts = make(map[kind]int)
	}
	k := kind{attribute, kept.Source, left.Source}
	if d.counts[k]++; d.counts[k] <= maxListed {
		d.Conflicts = append(d.Conflicts, Conflict{attribute, offer, kept, left})
	}
}

func claim(c claimant, value string, class data.Class) Claim {
	return Claim{Value: value, Class: class.And(c.Class()), Source: c.source, Region: c.region, Record: c.recordName(), Date: c.Updated}
}

// recordName is the source's own name for what a claimant describes.
func (c claimant) recordName() string {
	if len(c.Sources) == 0 {
		return ""
	}
	return c.Sources[0].Record
}

// doubt notes that two records may be of one offer, before any is settled.
func (d *Directory) doubt(why string, a, b int32, all *collected) error {
	d.offers.Note(why)
	if len(d.Doubts) >= maxListed {
		return nil
	}
	pair := [2]int32{a, b}
	of, err := d.recordsOf(pair, all)
	if err != nil {
		return err
	}
	d.Doubts, d.pairs = append(d.Doubts, Doubt{Why: why, Of: of}), append(d.pairs, pair)
	return nil
}

// recordsOf names records as their sources do.
func (d *Directory) recordsOf(pair [2]int32, all *collected) (of [2]Claim, err error) {
	records, err := d.claimants(pair[:], all)
	for i, c := range records {
		of[i] = claim(c, "", data.Open)
	}
	return of, err
}

// apart notes that an offer has an id of its own, because more may know of another one.
func (d *Directory) apart(first int32, other, own data.ID, all *collected) error {
	d.offers.Note(noteBoth)
	if len(d.Doubts) >= maxListed {
		return nil
	}
	taken := all.members(first)
	taken = slices.DeleteFunc(taken, func(at int32) bool { _, is := all.wider[at]; return !is })
	of, err := d.recordsOf([2]int32{all.asRead(all.wider[taken[0]]), all.asRead(taken[0])}, all)
	if err != nil {
		return err
	}
	d.Doubts = append(d.Doubts, Doubt{noteBoth, [2]data.ID{other, own}, of})
	d.Doubts[len(d.Doubts)-1].sort()
	return nil
}

// nameDoubts names the offers of which the records are by now.
func (d *Directory) nameDoubts(all *collected) error {
	unnamed := d.Doubts[len(d.Doubts)-len(d.pairs):]
	for i, pair := range d.pairs {
		for n, at := range pair {
			first := all.first(at)
			o, err := all.read(all.records[first].span)
			if err != nil {
				return err
			}
			unnamed[i].Offers[n] = foundAs(&all.records[first], o.ID)
		}
		unnamed[i].sort()
	}
	d.pairs = nil
	return nil
}

// unname forgets the doubts of a merging that was broken off.
func (d *Directory) unname() {
	d.Doubts, d.pairs = d.Doubts[:len(d.Doubts)-len(d.pairs)], nil
}

func (d *Doubt) sort() {
	if d.Offers[0] > d.Offers[1] {
		d.Offers[0], d.Offers[1] = d.Offers[1], d.Offers[0]
		d.Of[0], d.Of[1] = d.Of[1], d.Of[0]
	}
}

// count says what became of the records of an offer, of which one is kept.
func (d *Directory) count(f *fold) {
	for range f.retired {
		d.offers.Skip(noteEdition)
	}
	said := slices.Concat(f.members, f.unheard)
	for i, c := range said[1:] {
		twin := slices.IndexFunc(said[:i+1], func(o claimant) bool { return o.base == c.base && o.ID == c.ID })
		switch {
		case twin < 0:
			d.offers.Skip(noteMerged)
		case sameContent(said[twin].Offer, c.Offer):
			d.offers.Skip(noteUnchanged)
		default:
			d.offers.Skip(noteTwin)
		}
	}
}

// tell writes the counts of conflicts into the ledger, in the order of their names.
func (d *Directory) tell() {
	var kinds []kind
	for k := range d.counts {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b kind) int { return cmp.Compare(a.String(), b.String()) })
	for _, k := range kinds {
		d.offers.NoteTimes(k.String(), d.counts[k])
	}
	d.counts = nil
}

// WriteFindings writes the listed conflicts and doubts as CSV.
func (d *Directory) WriteFindings(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"what", "offer", "kept", "by", "record", "date", "left", "by", "record", "date", "class"})
	row := func(what string, offer data.ID, kept, left string, a, b Claim, class string) {
		out.Write([]string{what, string(offer), kept, a.by(), a.Record, a.Date.String(), left, b.by(), b.Record, b.Date.String(), class})
	}
	for _, c := range d.Conflicts {
		row("conflict of "+c.Attribute, c.Offer, c.Kept.Value, c.Left.Value, c.Kept, c.Left, strconv.Itoa(int(c.Left.Class)))
	}
	for _, pair := range d.Doubts {
		row(pair.Why, pair.Offers[0], "", string(pair.Offers[1]), pair.Of[0], pair.Of[1], "")
	}
	out.Flush()
	return out.Error()
}

func (c Claim) by() string { return data.Words(c.Source + " " + c.Region) }
