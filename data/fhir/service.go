package fhir

import (
	"slices"

	"boussole/data"
)

// service is a HealthcareService: an offer without what it refers to.
type service struct {
	data.Offer
	providedBy string
	locations  []string
}

func (o *object) service(s *service) {
	offer := &s.Offer
	o.record("HealthcareService", &offer.Record, &offer.Region)
	o.identifiers(&offer.Identifiers, offerNumber, func(i data.Identifier) numbering {
		if i.System == data.SystemROR {
			return numbering{}
		}
		return numbering{address: own + i.System}
	})
	o.text("name", &offer.Name)
	o.codes("category", []string{"R244"}, optional(offer.Type), one(&offer.Type))
	o.codes("type", []string{"R227"}, optional(offer.Field), one(&offer.Field))
	o.specialties(offer)
	o.characteristics(offer)
	o.sensitive(offer)
	o.extState(extNoConsent, &offer.NoConsent)
	o.sectors(&offer.PsychiatricSectors)
	o.patients(offer)
	o.zones(&offer.Zones)
	o.hours(&offer.Hours)
	o.closures(&offer.Hours.Closures)
	eachExt(o, extContact, &offer.Contacts, contact)
	each(o, "telecom", &offer.Telecoms, telecom)
	o.reference("providedBy", "Organization", &s.providedBy)
	o.references("location", "Location", &s.locations)
}

// offerNumber: the identifier of an offer has no type, and in the exports no
// system. One that has a system and not the form of the ROR's is somebody
// else's.
func offerNumber(o *object, _, _, address, value string) string {
	if system := ownNumber(address); system != "" {
		return system
	}
	regular := data.RegionOfNumber(value) != ""
	switch {
	case address != "" && !regular:
		return ""
	case address != "":
		o.note(noteFormSystem, "")
	case !regular:
		o.note(noteForm, "")
	}
	return data.SystemROR
}

// specialties hold the activities and their family; an activity is what a code
// without its system is, because there is always one.
func (o *object) specialties(offer *data.Offer) {
	list := append(optional(offer.Family), offer.Activities...)
	o.codes("specialty", []string{"R211", "J51"}, list, func(code data.Code) bool {
		if code.System() == "J51" {
			return one(&offer.Family)(code)
		}
		return many(&offer.Activities)(code)
	})
}

// listOfCharacteristic gives the lists of the model into which the systems of
// characteristics go; acts are told apart by an extension.
func listOfCharacteristic(offer *data.Offer, system string) *[]data.Code {
	switch system {
	case "R213":
		return &offer.CareModes
	case "R245":
		return &offer.Specialisations
	case "R243":
		return &offer.Competences
	case "R350", "R94", "R356", "J186":
		return &offer.Resources
	case "R236", "R238", "R240", "R253", "R286", "R338", "R344", "J227":
		return &offer.Characteristics
	}
	return nil
}

// act is a code with the type that tells acts of the practice from those done
// outside it.
type act struct {
	code data.Code
	kind string
}

const (
	actInside  = "specificAct"
	actOutside = "outsideOfficeAct"
)

func (o *object) characteristics(offer *data.Offer) {
	var list []act
	for _, codes := range [][]data.Code{offer.CareModes, offer.Characteristics, offer.Specialisations, offer.Resources, offer.Competences} {
		for _, code := range codes {
			list = append(list, act{code, ""})
		}
	}
	for _, code := range offer.Acts {
		list = append(list, act{code, actInside})
	}
	for _, code := range offer.OutsideActs {
		list = append(list, act{code, actOutside})
	}
	if o.c.writing {
		each(o, "characteristic", &list, writeCharacteristic)
		return
	}
	list = nil
	each(o, "characteristic", &list, func(item *object, _ *act) verdict { return item.readCharacteristic(offer) })
}

func writeCharacteristic(item *object, a *act) verdict {
	*item.v = *conceptValue(a.code)
	if a.kind != "" {
		item.ext(extActType, func(e *object) bool {
			e.text("valueCode", &a.kind)
			return true
		})
	}
	return kept
}

func (o *object) readCharacteristic(offer *data.Offer) verdict {
	code, ok := o.readConcept(o.v, "", nil)
	if !ok {
		return refused
	}
	kind := ""
	o.ext(extActType, func(e *object) bool {
		e.text("valueCode", &kind)
		return true
	})
	list := listOfCharacteristic(offer, code.System())
	if code.System() == "R210" {
		list = &offer.Acts // an act is the practice's where nothing else is said
		if kind == actOutside {
			list = &offer.OutsideActs
		}
	}
	o.drop(conceptMembers...)
	switch {
	case list == nil:
		o.note(noteSystem, "")
		return refused
	case !o.whole():
		return refused
	}
	many(list)(code)
	return dropped
}

// sensitive: where nothing is said nothing is shown. An offer that is known to few
// for another reason has no other mark in the profiles, and goes out as one.
func (o *object) sensitive(offer *data.Offer) {
	state := data.Unknown
	if o.c.writing {
		state = data.No
		if offer.Class() != data.Open {
			state = data.Yes
		}
	}
	o.extState(extSensitive, &state)
	if o.c.writing {
		return
	}
	if state == data.Unknown {
		o.note(noteSensitive, "")
	}
	offer.Sensitive = state != data.No
}

func (o *object) sectors(list *[]string) {
	eachExt(o, extSector, list, func(e *object, p *string) verdict {
		e.text("valueString", p)
		return keptIf(*p != "")
	})
}

func (o *object) patients(offer *data.Offer) {
	o.ext(extPatients, func(e *object) bool {
		e.extCodes(extAudience, &offer.Audience, "R239")
		e.ext(extAges, func(a *object) bool {
			ok := true
			a.within("valueRange", func(r *object) { ok = r.ages(&offer.Ages) })
			return ok
		})
		return true
	})
}

// closures: an offer is closed from the day it closes to the day before it
// opens again. The profile has one such period; other absences have no place in
// the model, because their text may say anything.
func (o *object) closures(list *[]data.Period) {
	each(o, "notAvailable", list, func(n *object, p *data.Period) verdict {
		if n.c.writing {
			n.v.add("id", textValue(closingID))
			n.v.add("description", textValue(closingText))
			during := data.Period{From: p.From}
			if p.To != 0 {
				during.To = p.To + 1
			}
			n.period("during", &during)
			return kept
		}
		if n.v.textOf("id") != closingID {
			n.note(noteLeft, "")
			return refused
		}
		n.drop("id", "description")
		n.period("during", p)
		if p.To != 0 {
			p.To--
		}
		return keptIf(*p != data.Period{})
	})
}

const (
	closingID   = "closingReopeningDate"
	closingText = "Période de fermeture et de réouverture prévisionnelle"
)

// contact is that of an offer, an extension throughout.
func contact(e *object, c *data.Contact) verdict {
	e.ext(extContactName, func(n *object) bool {
		ok := true
		n.within("valueHumanName", func(name *object) { ok = name.personText(&c.Name) })
		if !n.c.writing {
			n.text("valueString", &c.Name)
		}
		return ok
	})
	e.extCode(extContactWho, &c.Function, "R251")
	e.extCode(extContactFor, &c.Purpose, "R287")
	e.extText(extContactText, &c.Description)
	e.level(extContactLevel, &c.Level)
	eachExt(e, extContactLine, &c.Telecoms, contactLine)
	return kept
}

// number returns the offer's number in the ROR, or "".
func (s *service) number() string {
	i := slices.IndexFunc(s.Identifiers, func(i data.Identifier) bool { return i.System == data.SystemROR })
	if i < 0 {
		return ""
	}
	return s.Identifiers[i].Value
}
