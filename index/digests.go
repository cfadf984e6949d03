package index

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"boussole/data"
)

// digests are one sum for each profile over what that profile may see: what is
// hidden from a profile changes nothing in its sum. Each document is hashed by
// itself and the hashes are added up, modulo 2^256, so that offers may come in
// any order and on several processors (an additive multiset hash: Bellare and
// Micciancio, 1997); ids make every document another one.
type digests [data.Profiles]sum

type sum [4]uint64

func (s *sum) add(t *sum) {
	var carry uint64
	for i := range s {
		s[i], carry = bits.Add64(s[i], t[i], carry)
	}
}

func newSum(document []byte) sum {
	hash := sha256.Sum256(document)
	var s sum
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(hash[8*i:])
	}
	return s
}

// write adds an offer, as each profile sees it: those that see the same of its
// classes see the same offer.
func (d *digests) write(o *data.Offer, document []byte) {
	classes := o.Classes()
	var seen [data.Profiles]data.Mask
	var sums [data.Profiles]sum
next:
	for p := range d {
		viewer := data.Viewer{Profile: data.Profile(p)}
		seen[p] = viewer.Mask() & classes
		for q := range p {
			if seen[q] == seen[p] {
				sums[p] = sums[q]
				d[p].add(&sums[p])
				continue next
			}
		}
		if viewer.Mask().Covers(classes) {
			sums[p] = newSum(document)
		} else if part, ok := o.For(viewer); ok {
			sums[p] = newSum(appendOffer(nil, &part))
		}
		d[p].add(&sums[p])
	}
}

func (d *digests) add(other *digests) {
	for p := range d {
		d[p].add(&other[p])
	}
}

// close returns the digests, with the labels that each profile sees in them.
func (d *digests) close(known map[data.Code]label) (all [data.Profiles]string) {
	for p := range d {
		hash := sha256.New()
		for _, word := range d[p] {
			binary.Write(hash, binary.LittleEndian, word)
		}
		writeLabels(hash, labelsFor(known, data.Viewer{Profile: data.Profile(p)}))
		all[p] = shortHash(hash)
	}
	return all
}
