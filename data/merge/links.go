package merge

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"sort"

	"boussole/data"
	"boussole/data/ndjson"
)

// Links is what has to be known of a directory that was merged to merge anew only
// what a change touches: by what its records hang together, and which offer came of
// each. It holds about 120 bytes for a record, of hidden ones too, and MUST NOT reach
// a viewer. It is read by any number at a time and never changed: an update makes new
// ones.
type Links struct {
	rules   Rules
	sources []string // by name
	starts  []uint32 // the first record of each source, which has one; then how many there are
	records texts    // their ids, of each source in their order
	came    []uint32 // the offer that came of each record, or none

	offers  texts        // their ids, in the order of their first records
	classes []data.Class // who may know of each
	hashes  []uint64     // of each offer two, what it says

	links []link   // of all records, in order
	whose []uint32 // the record of each, of one link in order
}

// none is the offer of a record that is no more.
const none = ^uint32(0)

// Rules is a digest of what decides how records are merged, beside the program.
type Rules [sha256.Size]byte

// Rules returns the digest of the tables of a directory.
func (d *Directory) Rules() Rules {
	var b bytes.Buffer
	order := d.table().order
	for _, attribute := range sorted(order) {
		fmt.Fprintf(&b, "%q %q\n", attribute, order[attribute])
	}
	for _, number := range sorted(d.Replaced) {
		fmt.Fprintf(&b, "%q is %q\n", number, d.Replaced[number])
	}
	return sha256.Sum256(b.Bytes())
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// texts is many short texts in one.
type texts struct {
	ends []uint32
	all  []byte
}

func (t *texts) add(s string) {
	t.all = append(t.all, s...)
	t.ends = append(t.ends, uint32(len(t.all)))
}

func (t *texts) at(i uint32) string { return string(t.bytesAt(i)) }

func (t *texts) bytesAt(i uint32) []byte {
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.all[from:t.ends[i]]
}

// Records returns of how many records there are links.
func (l *Links) Records() int { return len(l.came) }

// Offers returns how many offers came of them.
func (l *Links) Offers() int { return len(l.offers.ends) }

// key returns the name of a record.
func (l *Links) key(i uint32) RecordKey {
	source, found := slices.BinarySearch(l.starts, i)
	if !found {
		source--
	}
	return RecordKey{l.sources[source], l.records.at(i)}
}

// number returns which record has a name; where there is none, which would come after
// it.
func (l *Links) number(k RecordKey) (uint32, bool) {
	source, found := slices.BinarySearch(l.sources, k.Source)
	if !found {
		return l.starts[source], false
	}
	from, to := l.starts[source], l.starts[source+1]
	at := from + uint32(sort.Search(int(to-from), func(i int) bool { return l.records.at(from+uint32(i)) >= k.ID }))
	return at, at < to && l.records.at(at) == k.ID
}

// holders returns the records with one link, whatever they do by it: their numbers,
// and the links as they have them.
func (l *Links) holders(k link) ([]uint32, []link) {
	from, _ := slices.BinarySearch(l.links, k&^does)
	to := from
	for to < len(l.links) && l.links[to]&^does == k&^does {
		to++
	}
	return l.whose[from:to], l.links[from:to]
}

// of returns the links of some records, in one pass over all.
func (l *Links) of(records map[uint32]bool) map[uint32][]link {
	wanted := make([]bool, len(l.came))
	for i := range records {
		wanted[i] = true
	}
	found := make(map[uint32][]link)
	for n, i := range l.whose {
		if wanted[i] {
			found[i] = append(found[i], l.links[n])
		}
	}
	return found
}

// outcome is an offer by what it says.
type outcome struct {
	Name
	hash [2]uint64
}

// outcome returns what came of a record, and false for nothing.
func (l *Links) outcome(i uint32) (outcome, bool) {
	n := l.came[i]
	if n == none {
		return outcome{}, false
	}
	return outcome{l.name(n), [2]uint64(l.hashes[2*n:])}, true
}

// newOutcome hashes an offer: 128 bits of SHA-256 over its line of ndjson.
func newOutcome(o *data.Offer) (outcome, error) {
	line, err := ndjson.Append(nil, o)
	if err != nil {
		return outcome{}, fmt.Errorf("offer %s: %w", o.ID, err)
	}
	sum := sha256.Sum256(line)
	var hash [2]uint64
	for i := range 16 {
		hash[i/8] = hash[i/8]<<8 | uint64(sum[i])
	}
	return outcome{nameOf(o), hash}, nil
}

// post is one link of a record.
type post struct {
	link
	whose uint32
}

// draft is links that are being put together, record by record in their order.
type draft struct {
	Links
	last  RecordKey
	posts []post
	ids   texts             // of what each record describes, as it says
	given map[int32]data.ID // of offers of several records, by the first of them

	outlined func(*Links) error // is told of done
	done     *Links             // but for what the offers say that are still to come
}

// add adds a record.
func (b *draft) add(k RecordKey, links []link) error {
	n := uint32(len(b.came))
	switch {
	case k == RecordKey{}:
		return fmt.Errorf("a source of which records have no names cannot be linked")
	case n > 0 && b.last.Compare(k) >= 0:
		return fmt.Errorf("record %q of %s comes after %q of %s: not in order", k.ID, k.Source, b.last.ID, b.last.Source)
	}
	if n == 0 || k.Source != b.last.Source {
		b.sources, b.starts = append(b.sources, k.Source), append(b.starts, n)
	}
	b.last = k
	b.records.add(k.ID)
	b.came = append(b.came, none)
	for _, l := range links {
		b.posts = append(b.posts, post{l, n})
	}
	return nil
}

// newOffer adds what came of some records. Offers are to be told in the order of their
// first records.
func (b *draft) newOffer(out outcome) uint32 {
	b.offers.add(string(out.ID))
	b.classes = append(b.classes, out.Class)
	b.hashes = append(b.hashes, out.hash[:]...)
	return uint32(len(b.offers.ends)) - 1
}

// finish puts the links in order, between others that are in order.
func (b *draft) finish(others func(yield func(post) bool)) *Links {
	b.starts = append(b.starts, uint32(len(b.came)))
	slices.SortFunc(b.posts, comparePosts)
	put := func(p post) { b.links, b.whose = append(b.links, p.link), append(b.whose, p.whose) }
	for p := range others {
		for len(b.posts) > 0 && comparePosts(b.posts[0], p) < 0 {
			put(b.posts[0])
			b.posts = b.posts[1:]
		}
		put(p)
	}
	for _, p := range b.posts {
		put(p)
	}
	done := b.Links
	return &done
}

func comparePosts(a, b post) int {
	return cmp.Or(cmp.Compare(a.link, b.link), cmp.Compare(a.whose, b.whose))
}
