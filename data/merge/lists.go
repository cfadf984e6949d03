package merge

import (
	"slices"

	"boussole/data"
)

// single are the systems of which an offer has one code at most: yearly opening,
// temporality and type of closing (cardinality 0..1 in the profile of the ROR).
var single = []string{"R238", "R240", "R286"}

// uniteLists puts together what can be many: every value once, in the order of
// those that say it.
func (f *fold) uniteLists() {
	o := &f.out
	f.practicesOf = make(map[int32][]int)
	for _, c := range f.members {
		o.Activities = union(o.Activities, c.Activities)
		o.CareModes = union(o.CareModes, c.CareModes)
		o.Acts = union(o.Acts, c.Acts)
		o.OutsideActs = union(o.OutsideActs, c.OutsideActs)
		o.Specialisations = union(o.Specialisations, c.Specialisations)
		o.Resources = union(o.Resources, c.Resources)
		o.Competences = union(o.Competences, c.Competences)
		o.Audience = union(o.Audience, c.Audience)
		o.PsychiatricSectors = union(o.PsychiatricSectors, c.PsychiatricSectors)
		o.Zones = union(o.Zones, c.Zones)
		o.Sources = union(o.Sources, c.Sources)
		o.Unlisted = union(o.Unlisted, c.Unlisted)
		o.Identifiers = union(o.Identifiers, c.Identifiers)
		o.Contacts = contacts(o.Contacts, c.Contacts)
		o.Telecoms = lines(o.Telecoms, c.Telecoms)
		o.Practices, f.practicesOf[c.at] = practices(o.Practices, c.Practices)
	}
	f.characteristics()
}

// characteristics are put together, but for the systems of which there can be one.
func (f *fold) characteristics() {
	codes := make(map[string]data.Code)
	for _, c := range f.order("characteristic") {
		for _, code := range c.Characteristics {
			system := code.System()
			if _, known := codes[system]; !known && slices.Contains(single, system) {
				codes[system] = code
			}
		}
	}
	for _, c := range f.members {
		for _, code := range c.Characteristics {
			if one, settled := codes[code.System()]; settled && one != code {
				continue
			}
			f.out.Characteristics = union(f.out.Characteristics, []data.Code{code})
		}
	}
}

// union appends what is not there yet. Neither list is written into.
func union[T comparable](list, more []T) []T {
	list = slices.Clip(list)
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// lines puts lines together: one that two know is as open as the more open of
// them says, and stands where that one does.
func lines(list, more []data.Telecom) []data.Telecom {
	var all []data.Telecom
	said := slices.Concat(list, more)
	for i, line := range said {
		if !slices.ContainsFunc(said[:i], func(l data.Telecom) bool { return sameLine(l, line) && !narrower(l.Level, line.Level) }) &&
			!slices.ContainsFunc(said[i+1:], func(l data.Telecom) bool { return sameLine(l, line) && narrower(line.Level, l.Level) }) {
			all = append(all, line)
		}
	}
	return all
}

func sameLine(a, b data.Telecom) bool { return a.Channel == b.Channel && a.Value == b.Value }

// narrower reports whether fewer see what has the first level.
func narrower(a, b data.Level) bool { return openness(a) > openness(b) }

// openness puts a level that is not known after the last.
func openness(l data.Level) data.Level {
	if l == data.LevelUnknown {
		return data.LevelVeryRestricted + 1
	}
	return l
}

// contacts puts contacts together. Those of different levels stay two: the lines
// of the narrower one would else be shown by the wider.
func contacts(list, more []data.Contact) []data.Contact {
	list = slices.Clone(list)
	for _, c := range more {
		i := slices.IndexFunc(list, func(o data.Contact) bool {
			return o.Name == c.Name && o.Function == c.Function && o.Purpose == c.Purpose && o.Description == c.Description && o.Level == c.Level
		})
		if i < 0 {
			list = append(list, c)
			continue
		}
		list[i].Telecoms = lines(list[i].Telecoms, c.Telecoms)
	}
	return list
}

// practices puts those together that are of one professional, by number, and returns
// which of them are those that were added. Two practices of one base are two.
func practices(list, more []data.Practice) (all []data.Practice, added []int) {
	list = slices.Clone(list)
	before := len(list)
	taken := make([]bool, before)
	for _, p := range more {
		i := untaken(list[:before], taken, func(o data.Practice) bool { return samePractice(&o, &p) })
		if i < 0 {
			added = append(added, len(list))
			list = append(list, p)
			continue
		}
		added = append(added, i)
		taken[i] = true
		own := &list[i]
		own.Identifiers = union(own.Identifiers, p.Identifiers)
		own.Specialties = union(own.Specialties, p.Specialties)
		own.Telecoms = lines(own.Telecoms, p.Telecoms)
		own.OwnTelecoms = lines(own.OwnTelecoms, p.OwnTelecoms)
		fill(own, &p)
	}
	return list, added
}

// untaken returns which of a list is the same as something and not yet taken for
// something else, -1 for none.
func untaken[T any](list []T, taken []bool, same func(T) bool) int {
	for i, v := range list {
		if !taken[i] && same(v) {
			return i
		}
	}
	return -1
}

func samePractice(a, b *data.Practice) bool {
	if a.ID == b.ID {
		return true
	}
	for _, system := range []string{data.SystemRPPS, data.SystemADELI} {
		if number := numberOf(a.Identifiers, system); number != "" && number == numberOf(b.Identifiers, system) {
			return true
		}
	}
	return false
}
