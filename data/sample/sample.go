// Package sample invents a country of offers, to try Boussole without any file,
// at any size up to more than the whole of France: real in its geography, its
// densities, its codes and the defects of its records, evidently invented in
// all else.
//
// It refuses to look like the real thing: every name says that it is an
// example, and numbers are of no département, no person and no line.
package sample

import (
	"cmp"
	"context"
	"iter"

	"boussole/data"
)

// Name is the word for the sample in provenance.
const Name = data.Invented

//go:generate go run gen.go ../../../shared/data/ps-communes-2019/PS_communes.csv.gz ../../../shared/data/finess-2021/finess_etablissements_2021-01-08.csv.gz ../../../shared/data/sae-2023/sae_2023_services.csv.gz

// Source invents Scale offers: the same ones, in the same order, for the same
// Scale and Seed, on any machine. Each commune has its share of each family of
// offers, in the proportion of the registers, rounded so that it is never one
// offer away from it and the sum is exact; every family has one offer at least,
// where Scale allows. It streams: a few tens of megabytes, some ten
// microseconds an offer.
type Source struct {
	Scale int
	Seed  uint64
}

// Name returns "sample".
func (Source) Name() string { return Name }

// Offers yields the invented offers, commune by commune.
func (s Source) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		c := country{seed: s.Seed}
		for commune, shares := range s.shares() {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			for _, o := range c.settle(commune, shares) {
				if !yield(o, nil) {
					return
				}
			}
		}
	}
}

// shares yields the communes in the order of their codes, with how many offers
// of each family each gets. A family's offers are dealt along that order as
// evenly as its real ones lie on it, from a start that the seed gives.
func (s Source) shares() iter.Seq2[*commune, []int] {
	return func(yield func(*commune, []int) bool) {
		t := counts()
		totals := apportion(s.Scale, t.totals)
		deals := make([]deal, len(totals))
		for f := range deals {
			deals[f] = deal{
				real: int64(t.totals[f]), offers: int64(totals[f]),
				start: int64(newRand(s.Seed, "deal", t.families[f]).IntN(t.totals[f])),
			}
		}
		shares := make([]int, len(totals))
		for i := range t.communes {
			c := &t.communes[i]
			clear(shares)
			for _, n := range c.counts {
				shares[n.family] = deals[n.family].next(n.real)
			}
			if !yield(c, shares) {
				return
			}
		}
	}
}

// deal shares out the offers of a family among its real members, one after the
// other.
type deal struct {
	real, offers int64
	start        int64 // 0 to real-1: where between two offers the first member is
	seen, dealt  int64
}

// next returns how many offers the next real members get.
func (d *deal) next(members int) int {
	d.seen += int64(members)
	due := (d.seen*d.offers + d.start) / d.real
	n := due - d.dealt
	d.dealt = due
	return int(n)
}

// apportion shares a number out in proportion to weights, by the largest
// remainders, the first of equal ones; one at least to each, where it allows.
func apportion(number int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	shares := make([]int, len(weights))
	left := number
	for i, w := range weights {
		shares[i] = number * w / sum
		if shares[i] == 0 && number >= len(weights) {
			shares[i] = 1
		}
		left -= shares[i]
	}
	for ; left != 0; left -= cmp.Compare(left, 0) {
		most := 0
		for i, w := range weights {
			if short(number, w, sum, shares[i], left) > short(number, weights[most], sum, shares[most], left) {
				most = i
			}
		}
		shares[most] += cmp.Compare(left, 0)
	}
	return shares
}

// short is how much a share lacks of its due or, when too many were given, has
// beyond it; the one offer of a small family is not taken back.
func short(number, weight, sum, share, left int) int {
	lacks := number*weight - share*sum
	switch {
	case left > 0:
		return lacks
	case share <= 1:
		return -number * sum
	}
	return -lacks
}
