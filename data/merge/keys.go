package merge

import (
	"cmp"
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// What makes two records one offer. Names are never asked.
//
//   - Numbers: they have one id, or one says a number that is the other's (ROR,
//     or the FINESS number of an establishment as a whole). A base that has both
//     numbers has two offers, unless one FINESS number replaces the other.
//   - A service at a site: two bases that each have one service of the same field,
//     activities (R211) and modes of care (R213) at one geographic FINESS number
//     describe one service. If a base has two of them, those are one of which either
//     is the only one of its base that the other can be, and whose types or
//     activities are the same; else it cannot be told which is which. Nor can it be
//     told if they are said to be in two communes, or two units (contradict): they
//     stay apart, and are counted as possible duplicates.
//   - A professional at a place: two bases that each have one practice of an RPPS
//     number, in private practice, at one FINESS or SIRET number or one address to
//     the number of the street, describe one practice.
//
// Records for different viewers, or whose fields of activity class their values
// differently, are never one: each would show what another hides. All that is
// looked at may be seen by all for whom the record exists, but for the numbers of
// professionals, which profile 4 does not see: two descriptions of one practice
// are one offer for it, too.

// numbersOf returns the ids of offers that the record's own numbers stand for.
func numbersOf(o *data.Offer) []data.ID {
	var ids []data.ID
	for _, i := range o.Identifiers {
		switch {
		case i.System == data.SystemROR && isShared(i):
			ids = append(ids, data.NewID("offer", i.System, i.Value))
		case i.System == data.SystemFINESS && isWhole(o):
			ids = append(ids, data.NewID("offer", i.System, i.Value))
		}
	}
	return ids
}

// isShared reports whether a number is the same thing in every base: one of the ROR
// that does not tell its region is not.
func isShared(i data.Identifier) bool {
	return i.System != data.SystemROR || data.RegionOfNumber(i.Value) != ""
}

// rorNumber returns the offer's number in the ROR, "" where it has none that tells its
// region.
func rorNumber(o *data.Offer) string {
	for _, i := range o.Identifiers {
		if i.System == data.SystemROR && isShared(i) {
			return i.Value
		}
	}
	return ""
}

// visible returns a code where all may see it who may know of the offer, and else
// none: a code of a system that is hidden tells nothing apart.
func visible(o *data.Offer, code data.Code) data.Code {
	if o.ClassOfCode(code) != o.Class() {
		return ""
	}
	return code
}

// isWhole reports whether an offer is an establishment of some category, and not a
// service of one.
func isWhole(o *data.Offer) bool { return visible(o, o.Category) != "" }

// key is where a service is, and what it is there.
type key struct{ site, rest string }

// keysOf returns what a record may be recognised by beside its numbers: nothing
// where that would not do.
func keysOf(o *data.Offer) []key {
	scope := scopeOf(o)
	if person := personOf(o); person != "" {
		return practiceKeys(o, "RPPS "+person+scope)
	}
	number := siteOf(o)
	activities := codesOf(o.Activities, "R211")
	modes := codesOf(o.CareModes, "R213")
	if number == "" || activities == "" || modes == "" || isWhole(o) {
		return nil
	}
	return []key{{number, activities + " " + modes + scope}}
}

// scopeOf tells apart the records that class their values differently.
func scopeOf(o *data.Offer) string {
	switch o.Field {
	case data.FieldMedicoSoc, data.FieldPrivateTown:
		return " " + string(o.Field)
	}
	return ""
}

// hasSite reports whether an offer says where it is in a way by which it may be
// recognised.
func hasSite(o *data.Offer) bool {
	return siteOf(o) != "" || personOf(o) != "" && practiceKeys(o, "") != nil
}

func practiceKeys(o *data.Offer, rest string) []key {
	var keys []key
	if number := siteOf(o); number != "" {
		keys = append(keys, key{number, rest})
	}
	if number := siretOf(o); number != "" {
		keys = append(keys, key{"SIRET " + number, rest})
	}
	if address := addressOf(o); address != "" {
		keys = append(keys, key{address, rest})
	}
	return keys
}

// personOf returns the RPPS number of the one professional of a private practice.
func personOf(o *data.Offer) string {
	if o.Field != data.FieldPrivateTown || len(o.Practices) != 1 {
		return ""
	}
	return numberOf(o.Practices[0].Identifiers, data.SystemRPPS)
}

func siteOf(o *data.Offer) string {
	site, _ := o.Site()
	return site.FINESS()
}

func siretOf(o *data.Offer) string {
	site, _ := o.Site()
	if number := numberOf(site.Identifiers, data.SystemSIRET); number != "" || len(o.Practices) != 1 {
		return number
	}
	return numberOf(o.Practices[0].Identifiers, data.SystemSIRET)
}

// addressOf returns the one place of an offer, to the number of the street, "" when
// it is not known so exactly.
func addressOf(o *data.Offer) string {
	if len(o.Places) != 1 {
		return ""
	}
	return written(o.Places[0].Address)
}

func written(a data.Address) string {
	if a.Number == "" || a.Street == "" || a.Commune == "" {
		return ""
	}
	return a.Commune + " " + gazetteer.Fold(a.Number+" "+a.Suffix+" "+a.Street)
}

// regionOf returns the region where a record of the ROR was described.
func regionOf(o *data.Offer) string {
	return cmp.Or(data.RegionOfNumber(rorNumber(o)), o.Region.Value())
}

func numberOf(list []data.Identifier, system string) string {
	for _, i := range list {
		if i.System == system {
			return i.Value
		}
	}
	return ""
}

// codesOf returns the codes of a system as a text, whatever their order.
func codesOf(codes []data.Code, system string) string {
	var own []string
	for _, c := range codes {
		if c.System() == system {
			own = append(own, string(c))
		}
	}
	slices.Sort(own)
	return strings.Join(slices.Compact(own), ",")
}
