package fhir

import "boussole/data"

// location is a Location and the place it is in the model.
func (o *object) location(p *data.Place) {
	o.record("Location", &p.Record, &p.Record.Region)
	o.identifiers(&p.Identifiers, locationNumber, func(i data.Identifier) numbering {
		for _, n := range locationNumbers {
			if n.system == i.System {
				return n
			}
		}
		return numbering{address: own + i.System}
	})
	o.text("name", &p.Name)
	o.text("description", &p.Description)
	o.firstText("alias", &p.Alias)
	o.codes("type", []string{"R343"}, optional(p.Function), one(&p.Function))
	o.status(p)
	o.within("address", func(a *object) { a.address(&p.Address) })
	o.ext(extCommune, func(e *object) bool { return e.commune(&p.Address.Commune) })
	at := position{&p.Point, &p.Quality, &p.Doubted, &p.Vouched}
	o.coordinates(at, &p.Address)
	o.centre(at, &p.Address)
	each(o, "telecom", &p.Telecoms, telecom)
	eachExt(o, extEquipment, &p.Equipment, equipment)
	eachExt(o, extCapacity, &p.Capacity, capacity)
	eachExt(o, extResidence, &p.Residential, residence)
}

var locationNumbers = []numbering{
	{data.SystemROR, "R354", "25", ""},
	{data.SystemBedArea, "R354", "26", ""},
}

func locationNumber(_ *object, kind, code, address, _ string) string {
	for _, n := range locationNumbers {
		if kind == n.kind && code == n.code {
			return n.system
		}
	}
	return ownNumber(address)
}

// ownNumber is the system of an identifier that has no slice in the profiles.
func ownNumber(address string) string {
	if len(address) > len(own) && address[:len(own)] == own {
		return address[len(own):]
	}
	return ""
}

// status is a Coding; before edition 0.4.0 it was an extension.
func (o *object) status(p *data.Place) {
	if o.c.writing {
		if p.Status != "" {
			o.v.add("operationalStatus", codingValue(p.Status))
		}
		return
	}
	o.concept("operationalStatus", &p.Status, "R203")
	if p.Status == "" {
		o.extCode(extOldStatus, &p.Status, "R203")
	}
}

func (o *object) coordinates(at position, a *data.Address) {
	if o.c.writing {
		if !at.written() {
			return
		}
	} else if o.read("position") == nil {
		return
	}
	var bad bool
	o.within("position", func(p *object) {
		point := *at.point
		lat, lon := p.float("latitude", &point.Lat), p.float("longitude", &point.Lon)
		reliable := at.reliable()
		p.extState(extReliable, &reliable)
		if p.c.writing {
			return
		}
		at.rely(reliable)
		if bad = !lat || !lon || !at.set(point, a); bad {
			at.rely(data.Unknown)
		}
	})
	if bad {
		o.note(notePoint, "position")
		o.giveBack("position")
	}
}

// giveBack leaves over the whole of a member that was gone into in vain.
func (o *object) giveBack(name string) {
	o.used[o.v.index(name)] = false
	path := join(o.path, name)
	for i, left := range o.c.left {
		if left.Path == path {
			o.c.left = append(o.c.left[:i], o.c.left[i+1:]...)
			break
		}
	}
}

func equipment(o *object, e *data.Equipment) verdict {
	o.extCode(extMachine, &e.Type, "R212")
	o.ext(extInService, func(n *object) bool {
		if n.c.writing && e.OutOfService {
			n.v.add("valueInteger", numberValue("0"))
			return true
		}
		ok := n.number("valueInteger", &e.Number)
		if !n.c.writing {
			e.OutOfService = ok && e.Number == 0
		}
		return ok
	})
	eachExt(o, extLimit, &e.Limits, func(l *object, limit *data.Limit) verdict {
		l.extCode(extFeature, &limit.Feature, "R340")
		ok := false
		l.ext(extLimitValue, func(v *object) bool {
			v.within("valueQuantity", func(q *object) { ok = q.quantity(&limit.Value, &limit.Unit) })
			return ok
		})
		return keptIf(ok && limit.Feature != "")
	})
	return keptIf(e.Type != "")
}

func (o *object) quantity(number *float64, unit *string) bool {
	ok := o.float("value", number)
	if o.c.writing {
		if *unit != "" {
			o.v.add("unit", textValue(*unit))
			o.v.add("system", textValue(ucum))
			o.v.add("code", textValue(*unit))
		}
		return true
	}
	if *unit = o.v.textOf("code"); *unit == "" {
		*unit = o.v.textOf("unit")
	}
	o.drop("unit", "system", "code")
	return ok
}

func residence(o *object, r *data.Residence) verdict {
	o.extCode(extDwelling, &r.Type, "R242")
	o.count(extDwellings, &r.Number)
	return keptIf(r.Type != "")
}

// capacity is a row of beds. One whose kind is not known is left over as a
// whole: beds of a crisis must not pass for free ones.
func capacity(o *object, row *data.Capacity) verdict {
	enum(o, extNature, &row.Nature, "R329", 2, data.Seat)
	enum(o, extStatus, &row.Status, "R330", 2, data.Authorised)
	enum(o, extTemporality, &row.Temporality, "R331", 2, data.InAWeek)
	enum(o, extCounted, &row.Source, "R335", 2, data.BedManagement)
	enum(o, extSex, &row.Sex, "R332", 2, data.SexUnknown)
	enum(o, extClosing, &row.Closing, "R333", 2, 3)
	enum(o, extAdditional, &row.Additional, "R334", 2, 3)
	enum(o, extCrisis, &row.Crisis, "R336", 2, 2)
	enum(o, extAssignment, &row.Assignment, "R337", 2, 3)
	o.extInstant(extCountedAt, &row.Updated)
	o.extText(extRemark, &row.Comment)
	counted := false
	o.ext(extCount, func(n *object) bool {
		if n.c.writing {
			n.v.add("valueInteger", numberValue(formatFloat(float64(row.Number))))
			return true
		}
		counted = n.number("valueInteger", &row.Number)
		return counted
	})
	if o.c.writing {
		return kept
	}
	for _, u := range []extension{extNature, extStatus, extTemporality, extSex, extClosing, extAdditional, extCrisis, extAssignment} {
		counted = counted && !o.hasExtension(u)
	}
	if !counted || row.Status == data.CapacityUnknown {
		o.note(noteRow, "")
		return refused
	}
	return kept
}
