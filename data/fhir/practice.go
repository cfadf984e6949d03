package fhir

import "boussole/data"

// role is a PractitionerRole: a practice without its professional.
type role struct {
	data.Practice
	practitioner string
	services     []string
}

func (o *object) role(r *role) {
	p := &r.Practice
	o.record("PractitionerRole", &p.Record, &p.Record.Region)
	o.practiceNumbers(p, roleSystems, func(i data.Identifier) numbering {
		if i.System == data.SystemSituation {
			return numbering{}
		}
		return numbering{address: own + i.System}
	}, roleNumber)
	o.codes("code", []string{"G15"}, optional(p.Profession), one(&p.Profession))
	o.codes("specialty", nil, p.Specialties, func(code data.Code) bool {
		return data.KnownSystem(code.System()) && many(&p.Specialties)(code)
	})
	o.extCode(extMode, &p.Mode, "R23")
	o.extCode(extContracted, &p.Contracted, "R282")
	o.extState(extOPTAM, &p.OPTAM)
	o.extState(extVitale, &p.Vitale)
	o.ext(extRoleName, func(e *object) bool {
		e.extCode(extTitle, &p.ExerciseTitle, "R11")
		e.extText(extLastName, &p.ExerciseFamily)
		e.extText(extFirstName, &p.ExerciseGiven)
		return true
	})
	each(o, "telecom", &p.Telecoms, telecom)
	o.hours(&p.Hours)
	o.reference("practitioner", "Practitioner", &r.practitioner)
	o.references("healthcareService", "HealthcareService", &r.services)
}

// practiceNumbers goes through the identifiers of one of the two resources that
// make a practice: those whose system is among its own.
func (o *object) practiceNumbers(p *data.Practice, own func(system string) bool, of func(data.Identifier) numbering,
	name func(*object, string, string, string, string) string) {
	var list []data.Identifier
	if o.c.writing {
		for _, i := range p.Identifiers {
			if own(i.System) {
				list = append(list, i)
			}
		}
	}
	o.identifiers(&list, name, of)
	if !o.c.writing {
		p.Identifiers = append(p.Identifiers, list...)
	}
}

func personSystems(system string) bool {
	return system == data.SystemRPPS || system == data.SystemADELI || system == data.SystemPerson
}

func roleSystems(system string) bool { return !personSystems(system) }

// roleNumber: the identifier of a practice has neither type nor system, and is
// made of the offer's and the professional's.
func roleNumber(_ *object, _, _, address, _ string) string {
	if address != "" {
		return ownNumber(address)
	}
	return data.SystemSituation
}

// person is a Practitioner: the same practice, as far as it is who practises.
func (o *object) person(p *data.Practice) {
	o.record("Practitioner", &p.Person, &p.Person.Region)
	o.practiceNumbers(p, personSystems, func(data.Identifier) numbering {
		return numbering{address: personOID}
	}, personNumber)
	o.personName(p)
	each(o, "telecom", &p.OwnTelecoms, telecom)
}

// personNumber reads the national number, and the plain ones that the Annuaire
// Santé gives beside it.
func personNumber(_ *object, _, _, address, value string) string {
	switch address {
	case personOID:
		return data.SystemPerson
	case "https://rpps.esante.gouv.fr", "http://rpps.esante.gouv.fr":
		if data.ValidRPPS(value) {
			return data.SystemRPPS
		}
	case "https://adeli.esante.gouv.fr", "http://adeli.esante.gouv.fr":
		if len(value) == 9 {
			return data.SystemADELI
		}
	}
	return ""
}

// personName is the first name; the profile has no more than one.
func (o *object) personName(p *data.Practice) {
	var list []struct{}
	if o.c.writing && p.Prefix+p.Given+p.Family != "" {
		list = make([]struct{}, 1)
	}
	each(o, "name", &list, func(n *object, _ *struct{}) verdict {
		if !n.c.writing && len(list) > 0 {
			n.note(noteAgain, "")
			return refused
		}
		n.text("family", &p.Family)
		n.joined("given", &p.Given)
		n.joined("prefix", &p.Prefix)
		n.drop("use", "text")
		return kept
	})
}
