package fhir

import (
	"slices"

	"boussole/data"
)

// assemble gives an offer what it refers to. What is not there stays a reference
// among the unlisted.
func (h *held) assemble(s *service, notes noter) {
	offer := &s.Offer
	of := serviceKind + "/" + s.Record.ID
	offer.Created, offer.Updated = dayOf(s.Record.Created), dayOf(s.Record.Updated)
	if len(offer.Activities) == 0 {
		notes.Note(noteActivity)
	}
	if offer.Field == "" {
		notes.Note(noteField)
	}
	for _, id := range s.locations {
		id = h.id(id)
		l := h.location(id)
		if l == nil {
			notes.Note(noteNoLocation)
			offer.Unlisted = append(offer.Unlisted, dangling(of, "location", true, "Location", id))
			continue
		}
		offer.Places = append(offer.Places, l.it)
		offer.Unlisted = append(offer.Unlisted, l.left...)
	}
	h.assembleOrganizations(s, of, notes)
	h.assemblePractices(s, notes)
}

func dangling(of, name string, list bool, kind, id string) data.Unlisted {
	v := referenceValue(kind, id)
	if list {
		v = arrayValue(v)
	}
	return data.Unlisted{Of: of, JSON: objectValue(member{name, v}).String()}
}

// assembleOrganizations goes up the chain from what provides the offer.
func (h *held) assembleOrganizations(s *service, of string, notes noter) {
	offer := &s.Offer
	id, name, missing := h.id(s.providedBy), "providedBy", noteNoOrganization
	seen := make(map[string]bool)
	for id != "" {
		g := h.organization(id)
		if g == nil || seen[id] {
			if seen[id] {
				missing = noteCycle
			}
			notes.Note(missing)
			offer.Unlisted = append(offer.Unlisted, dangling(of, name, false, "Organization", id))
			if n := len(offer.Organizations); n > 0 {
				offer.Organizations[n-1].Parent = ""
			}
			return
		}
		seen[id] = true
		organization := g.it.Organization
		above := h.id(g.it.partOf)
		organization.Parent = h.organizationID(above)
		organization.Created, organization.Updated = dayOf(organization.Record.Created), dayOf(organization.Record.Updated)
		offer.Organizations = append(offer.Organizations, organization)
		offer.Unlisted = append(offer.Unlisted, g.left...)
		of, id, name, missing = "Organization/"+id, above, "partOf", noteNoParent
	}
}

// assemblePractices adds who practises in the offer.
func (h *held) assemblePractices(s *service, notes noter) {
	offer := &s.Offer
	if s.Record.ID == "" {
		return
	}
	for _, r := range h.rolesOf(s.Record.ID) {
		of := "PractitionerRole/" + r.it.Record.ID
		practice := r.it.Practice
		offer.Unlisted = append(offer.Unlisted, r.left...)
		for _, other := range r.it.services {
			if other = h.id(other); other != s.Record.ID {
				offer.Unlisted = append(offer.Unlisted, dangling(of, "healthcareService", true, serviceKind, other))
			}
		}
		practitioner := h.id(r.it.practitioner)
		if p := h.person(practitioner); p != nil {
			practise(&practice, &p.it)
			offer.Unlisted = append(offer.Unlisted, p.left...)
		} else {
			notes.Note(noteNoPerson)
			if practitioner != "" {
				offer.Unlisted = append(offer.Unlisted, dangling(of, "practitioner", false, "Practitioner", practitioner))
			}
		}
		offer.Practices = append(offer.Practices, practice)
	}
}

// practise gives a practice its professional.
func practise(p, person *data.Practice) {
	p.Person = person.Person
	p.Prefix, p.Given, p.Family = person.Prefix, person.Given, person.Family
	p.Identifiers = append(slices.Clip(p.Identifiers), person.Identifiers...)
	p.OwnTelecoms = person.OwnTelecoms
}
