package twin

import (
	"slices"

	"boussole/data"
)

// nowhere is the place of an offer that has none.
const nowhere = -1

// requirement is one thing that a question asks for. It holds too when the
// question does not ask for it.
type requirement struct {
	name  string
	holds func(o *data.Offer, place int, profile int, q Question) bool

	// reads returns what holds looks at in an offer at a place, as something that
	// can be compared: where two are equal, so are the verdicts. A [Census] needs
	// it; nil where every place is looked at by itself.
	reads func(o *data.Offer, place int) any
}

// everything is what [Nearest] asks for, in the order in which it is named.
var everything = [...]requirement{
	{"code", hasCodes, codesRead},
	{"departement", inDepartement, departementRead},
	{"age", mayReceive, agesRead},
	{"open", isOpen, hoursRead},
	{"position", hasPosition, nil},
	{"within", isWithin, nil},
	{"commune", inCommune, communeRead},
	{"travels", travels, zonesRead},
	{"beds", hasBeds, bedsRead},
	{"equipment", hasEquipment, equipmentRead},
	{"quality", isPlacedWell, qualityRead},
}

// whatNotWhere is what is asked for when distances do not matter.
var whatNotWhere = append(slices.Clone(everything[:4]), everything[6:]...)

func hasCodes(o *data.Offer, place int, profile int, q Question) bool {
	for _, group := range q.Codes {
		if !slices.ContainsFunc(group, func(c data.Code) bool { return shows(o, place, profile, c) }) {
			return false
		}
	}
	return true
}

func inDepartement(o *data.Offer, place int, _ int, q Question) bool {
	if len(q.Departements) == 0 {
		return true
	}
	its := departement(o, place)
	return its != "" && slices.Contains(q.Departements, its)
}

func mayReceive(o *data.Offer, _ int, _ int, q Question) bool {
	return receives(o.Ages, q.Age) != data.No
}

// receives is unknown when no age is asked for, as when no range is known.
func receives(r data.AgeRange, age *data.Age) data.State {
	if age == nil || r.Min == 0 && r.Before == 0 {
		return data.Unknown
	}
	oldEnough := *age >= r.Min
	youngEnough := r.Before == 0 || *age < r.Before
	if oldEnough && youngEnough {
		return data.Yes
	}
	return data.No
}

func isOpen(o *data.Offer, place int, _ int, q Question) bool {
	if q.Open == Any {
		return true
	}
	state := OpenAt(o.Hours, q.At, OpensIn(o, place))
	return state == data.Yes || state == data.Unknown && q.Open == Possible
}

func hasPosition(o *data.Offer, place int, _ int, _ Question) bool {
	return place != nowhere && o.Places[place].Quality != data.Unplaced
}

func isWithin(o *data.Offer, place int, profile int, q Question) bool {
	if q.Within <= 0 || !hasPosition(o, place, profile, q) {
		return true // an offer without a position fails by that already
	}
	return distance(q.Near, o.Places[place].Point) <= q.Within
}
