package twin

import (
	"slices"

	"boussole/data"
)

// Exists reports whether the profile may know that there is such an offer:
// sensitive units exist for profile 1 only, as offers and as places, and what says
// no more than that somebody practises there for those who may know who does.
func Exists(o *data.Offer, profile int) bool {
	return (!o.Sensitive || profile == 1) && (!o.Personal || mayKnowPersons(o, profile))
}

// mayKnowPersons: professionals are free in private practice and restricted
// elsewhere; to profile 4 persons are not shown, to profile 3 in the medico-social
// field only.
func mayKnowPersons(o *data.Offer, profile int) bool {
	switch profile {
	case 1, 2, 5:
		return true
	case 3:
		return o.Field == "R227|04" || o.Field == "R227|05"
	case 4:
		return false
	}
	return o.Field == "R227|05" // the public, and profiles that do not exist
}

// secrecy is how far a thing may be known, by the order of 26 December 2023.
type secrecy int

const (
	free secrecy = iota
	restricted
	veryRestricted
	unclassed // nobody has said
)

// secrecyOf says how far the codes of a terminology may be known.
func secrecyOf(system string) secrecy {
	switch system {
	case "R210", "R212", "R243", "R245", "R340", "R350", "R94", "R356":
		return restricted // acts, equipment, competences, specialisations, resource professions
	case "R284":
		return veryRestricted // ORSAN, the plan for health crises
	case "R13", "R23", "R30", "R38", "R43", "R66", "R69", "R72", "R200", "R203", "R207",
		"R211", "R213", "R227", "R236", "R237", "R238", "R239", "R240", "R242", "R244",
		"R246", "R250", "R251", "R252", "R253", "R282", "R286", "R287", "R338", "R343", "R344",
		"J50", "J51", "G15", "MFT", "SPH", "SAE":
		return free // descriptions that the order does not restrict
	}
	return unclassed
}

// mayKnow says what a profile may know of things that are neither contacts nor
// persons, in an offer that exists for it.
func mayKnow(profile int, s secrecy, medicoSocial bool) bool {
	switch profile {
	case 1: // everything
		return true
	case 2, 5: // but what is very restricted; 5 lacks beds too, which no code tells
		return s == free || s == restricted
	case 3: // as 2 in the medico-social field, the free elsewhere
		return s == free || s == restricted && medicoSocial
	case 4: // everything but contacts and persons
		return s == free || s == restricted || s == veryRestricted
	}
	return s == free // the public, and profiles that do not exist
}

// shows reports whether the offer carries the code there for the eyes of the
// profile: by itself or at that one of its places.
func shows(o *data.Offer, place int, profile int, c data.Code) bool {
	if c == "" {
		return false // no code, which what is not known would carry
	}
	medicoSocial := o.Field == "R227|04"
	if described(o, place, c) && mayKnow(profile, secrecyOf(c.System()), medicoSocial) {
		return true
	}
	return specific(o, place, c) && mayKnow(profile, max(restricted, secrecyOf(c.System())), medicoSocial)
}

// described reports whether the code stands where the terminology alone
// decides who may know it.
func described(o *data.Offer, place int, c data.Code) bool {
	return o.Type == c || o.Field == c || o.Category == c || o.Family == c ||
		slices.Contains(o.Activities, c) ||
		slices.Contains(o.CareModes, c) ||
		slices.Contains(o.Characteristics, c) ||
		slices.Contains(o.Audience, c) ||
		place != nowhere && o.Places[place].Function == c
}

// specific reports whether the code stands among acts, specialisations,
// resource professions, competences or equipment, which are restricted
// whatever terminology they are written in.
func specific(o *data.Offer, place int, c data.Code) bool {
	if slices.Contains(o.Acts, c) ||
		slices.Contains(o.OutsideActs, c) ||
		slices.Contains(o.Specialisations, c) ||
		slices.Contains(o.Resources, c) ||
		slices.Contains(o.Competences, c) {
		return true
	}
	return place != nowhere && slices.ContainsFunc(o.Places[place].Equipment,
		func(e data.Equipment) bool { return e.Type == c })
}
