package index

import (
	"crypto/sha256"
	"encoding/binary"

	"boussole/data"
)

// sums are what the name of a generation and the bases of its profiles are made of,
// and are kept with it, so that what changes is taken out and put in without reading
// the rest.
type sums struct {
	Offers uint64  `json:"offers"`
	Whole  sum     `json:"whole"` // of all documents, as they are
	Seen   digests `json:"seen"`  // as each profile sees them
}

// newSums returns those of one offer.
func newSums(o *data.Offer, document []byte) sums {
	s := sums{Offers: 1, Whole: newSum(document)}
	s.Seen.write(o, s.Whole)
	return s
}

func (s *sums) add(other *sums) {
	s.Offers += other.Offers
	s.Whole.add(&other.Whole)
	s.Seen.add(&other.Seen)
}

// take takes out what was added.
func (s *sums) take(other *sums) {
	s.Offers -= other.Offers
	s.Whole.take(&other.Whole)
	s.Seen.take(&other.Seen)
}

// id names a generation of these offers and these labels: 80 bits of a hash over how
// many documents there are, the sum of their hashes, and the labels. As the sum tells
// nothing of an order, the same offers give the same name; that others do is as
// unlikely as for [digests], which are made alike.
func (s *sums) id(labelText string) string {
	hash := sha256.New()
	binary.Write(hash, binary.LittleEndian, s.Offers)
	s.Whole.writeTo(hash)
	writeLabels(hash, labelText)
	return shortHash(hash)
}
