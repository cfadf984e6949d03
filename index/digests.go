package index

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/bits"

	"boussole/data"
)

// digests are one sum for each profile over what that profile may see: what is
// hidden from a profile changes nothing in its sum. Each document is hashed by
// itself and the hashes are added up, modulo 2^256, so that offers may come in
// any order and on several processors (an additive multiset hash: Bellare and
// Micciancio, 1997); ids make every document another one.
//
// So an offer that changes or goes is taken out of a sum as it was put in, and no
// other offer need be read for it.
type digests [data.Profiles]sum

type sum [4]uint64

// MarshalText writes a sum as the hexadecimal digits of its 32 bytes, the lowest first.
func (s sum) MarshalText() ([]byte, error) {
	var b []byte
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return hex.AppendEncode(nil, b), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *sum) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != 8*len(s) {
		return fmt.Errorf("%q is no sum", text)
	}
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return nil
}

func (s *sum) add(t *sum) {
	var carry uint64
	for i := range s {
		s[i], carry = bits.Add64(s[i], t[i], carry)
	}
}

func (s *sum) take(t *sum) {
	var borrow uint64
	for i := range s {
		s[i], borrow = bits.Sub64(s[i], t[i], borrow)
	}
}

// writeTo adds a sum to a hash.
func (s *sum) writeTo(hash io.Writer) { binary.Write(hash, binary.LittleEndian, s[:]) }

func newSum(document []byte) sum {
	hash := sha256.Sum256(document)
	var s sum
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(hash[8*i:])
	}
	return s
}

// write adds an offer, of whose document this is the sum, as each profile sees it:
// those that see the same of its classes see the same offer.
func (d *digests) write(o *data.Offer, whole sum) {
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
			sums[p] = whole
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

// take takes out what was added.
func (d *digests) take(other *digests) {
	for p := range d {
		d[p].take(&other[p])
	}
}

// close returns the digests, with the labels that each profile sees in them.
func (d *digests) close(known map[data.Code]label) (all [data.Profiles]string) {
	for p := range d {
		hash := sha256.New()
		d[p].writeTo(hash)
		writeLabels(hash, labelsFor(known, data.Viewer{Profile: data.Profile(p)}))
		all[p] = shortHash(hash)
	}
	return all
}
