package merge

import (
	"slices"

	"boussole/data"
)

// By what records hang together, so that a part of a directory can be merged by
// itself. It MUST name everything by which the rules of this package let one record
// decide what becomes of another:
//
//   - Records are tied that share an id or a number by which they may be one
//     (numbersOf), or what they are recognised by at a place (keysOf): they may be
//     one offer, or keep each other from being one.
//   - An establishment gives, and a service takes: its address, its establishment,
//     and the number that stands for its own (join, siteID). What changes in the
//     first changes the second, and not the other way, so that the services of a
//     hospital do not hang together. Establishments that give the same are tied,
//     because one of them is believed (establish).
//   - An establishment that may replace numbers (replace) ties the services at all of
//     them: they may be one by then (seenTogether).
//
// A FINESS number that the table of Directory.Replaced has others for is named with
// all of these. A legal entity or a professional by themselves tie nothing.

// link is a text by which records hang together, hashed, and in its last two bits
// what the record does by it. Two texts with one hash are harmless: more is merged
// than has to be.
type link = uint64

const (
	ties    link = iota // alike for both
	gives               // an establishment to services
	renames             // gives, and may say that numbers are others
	takes               // a service from establishments
)

const does link = 3

// linkOf hashes with FNV-1a of 64 bits, because links are kept: the parts apart, so
// that ("ab", "c") is not ("a", "bc").
func linkOf(what link, parts ...string) link {
	h := uint64(14695981039346656037)
	for _, part := range parts {
		for i := range len(part) {
			h = (h ^ uint64(part[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211 // no byte of UTF-8
	}
	h ^= h >> 32
	return h&^does | what
}

// linksOf returns by what a record hangs together with others, sorted, each once;
// now are the numbers that were replaced before any record says so.
func linksOf(o *data.Offer, now map[string]string) []link {
	list := []link{linkOf(ties, "offer", string(o.ID))}
	for _, id := range numbersOf(o) {
		list = append(list, linkOf(ties, "offer", string(id)))
	}
	for _, number := range wholeNumbers(o, now) {
		list = append(list, linkOf(ties, "offer", string(data.NewID("offer", data.SystemFINESS, number))))
	}
	for _, k := range keysOf(o) {
		for _, site := range stands(k.site, now) {
			list = append(list, linkOf(ties, "seen", site, k.rest))
		}
	}
	list = append(list, siteLinks(o, now)...)
	list = append(list, linkOf(takes, "own", string(o.ID))) // nothing is given by it: it tells who has the id
	slices.Sort(list)
	return slices.Compact(list)
}

// siteLinks returns what a record gives, and what it takes from others.
func siteLinks(o *data.Offer, now map[string]string) []link {
	given := sitesGiven(o, now)
	what := gives
	if mayReplace(o) {
		what = renames
	}
	var list []link
	for _, id := range given {
		list = append(list, linkOf(what, "site", string(id)))
	}
	for _, id := range sitesTaken(o, now) {
		if !slices.Contains(given, id) { // by which it is tied already
			list = append(list, linkOf(takes, "site", string(id)))
		}
	}
	return list
}

// sitesGiven returns the ids of the establishments by which a record is found, or by
// which it says that they are others by now.
func sitesGiven(o *data.Offer, now map[string]string) []data.ID {
	if !isEstablishment(o) {
		return nil
	}
	var ids []data.ID
	if own, ok := o.Site(); ok {
		ids = append(ids, own.ID)
	}
	return append(ids, sitesOf(wholeNumbers(o, now))...)
}

// sitesOf returns the ids of establishments by their FINESS numbers.
func sitesOf(numbers []string) []data.ID {
	ids := make([]data.ID, len(numbers))
	for i, number := range numbers {
		ids[i] = data.NewID("organization", data.SystemFINESS, number)
	}
	return ids
}

// sitesTaken returns the ids by which a record, or an offer that it becomes a part
// of, looks for its establishment: those of all that provide it but legal entities.
func sitesTaken(o *data.Offer, now map[string]string) []data.ID {
	var ids []data.ID
	for _, g := range o.Organizations {
		if isEntity(g) {
			continue
		}
		ids = append(ids, g.ID)
		for _, i := range g.Identifiers {
			if i.System == data.SystemFINESS {
				ids = append(ids, sitesOf(stands(i.Value, now))...)
			}
		}
	}
	return ids
}

// wholeNumbers returns the FINESS numbers of an establishment as a whole, and those
// that stand for them.
func wholeNumbers(o *data.Offer, now map[string]string) []string {
	if !isWhole(o) {
		return nil
	}
	var numbers []string
	for _, i := range o.Identifiers {
		if i.System == data.SystemFINESS {
			numbers = append(numbers, stands(i.Value, now)...)
		}
	}
	return numbers
}

// stands returns a number and, one after the other, those that stand for it.
func stands(number string, now map[string]string) []string {
	numbers := []string{number}
	for range longestChain {
		if number = now[number]; number == "" {
			break
		}
		numbers = append(numbers, number)
	}
	return numbers
}

// mayReplace reports whether a record may say that one FINESS number stands for
// another: see replace.
func mayReplace(o *data.Offer) bool {
	own := ownFINESS(o)
	return own != "" && o.Class() == data.Open && slices.ContainsFunc(o.Identifiers, func(i data.Identifier) bool {
		return i.System == data.SystemFINESS && i.Value != own
	})
}
