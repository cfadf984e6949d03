// Package fhir reads and writes the offer as the ROR exchanges it: HL7 FHIR R4,
// profiles of the ANS (interop.esante.gouv.fr/ig/fhir/ror), in JSON: bundles, the
// slices of bundles that $export yields, NDJSON and single resources, packed with
// gzip or not.
//
// One table says where each element stands in the model and serves both ways, so
// what comes in can go out. A HealthcareService is an offer; what it refers to,
// in whatever file and order, is its places, organizations and practices. An
// element that the model has no place for is kept as it was written, and hidden.
//
// It refuses to guess: a level of confidentiality that is not told is the most
// restricted one, a unit that is not told to be open is sensitive, hours and beds
// of an unknown kind are not shown, and a resource without an identity is
// rejected with its file, entry, field and reason.
package fhir

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/data/intake"
)

// Name is the word for FHIR in provenance.
const Name = "fhir"

// Reader is a [data.Source] over files and folders, read as one export whatever
// part of it lies where. Files are read twice at each call of Offers: first
// everything but the HealthcareServices is kept in memory, about a kilobyte a
// resource, then those are read one by one.
type Reader struct {
	Paths    []string
	Progress *intake.Progress // bytes of the files, twice; nil shows nothing

	services, locations, organizations, practitioners, roles, others *intake.Tally
}

// New opens the books of a reader in the ledger. The files are opened by Offers.
func New(paths []string, ledger *intake.Ledger) *Reader {
	return &Reader{
		Paths:         paths,
		services:      ledger.Tally(Name, "HealthcareService"),
		locations:     ledger.Tally(Name, "Location"),
		organizations: ledger.Tally(Name, "Organization"),
		practitioners: ledger.Tally(Name, "Practitioner"),
		roles:         ledger.Tally(Name, "PractitionerRole"),
		others:        ledger.Tally(Name, "other"),
	}
}

// Name returns "fhir".
func (r *Reader) Name() string { return Name }

// Size returns the bytes that one call of Offers reads from the disk, at most.
func (r *Reader) Size() int64 {
	list, err := files(r.Paths)
	if err != nil {
		return 0
	}
	var size int64
	for _, path := range list {
		size += intake.Size(path)
	}
	return 2 * size
}

// Offers yields every offer that can be used, in the order of the files. A file
// that is damaged as a whole ends it with an error that says where.
func (r *Reader) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		list, err := files(r.Paths)
		if err != nil {
			yield(nil, fmt.Errorf("looking for FHIR files: %w", err))
			return
		}
		h := newHeld()
		for _, path := range list {
			if err := r.hold(ctx, path, h); err != nil {
				yield(nil, fmt.Errorf("reading %s: %w", path, err))
				return
			}
		}
		h.link()
		for _, path := range list {
			if !h.withServices[path] {
				continue
			}
			more, err := r.readServices(ctx, path, h, yield)
			if err != nil {
				yield(nil, fmt.Errorf("reading %s: %w", path, err))
			}
			if err != nil || !more {
				return
			}
		}
		r.settle(h)
	}
}

// item is a resource that waits for the offers that refer to it.
type item[T any] struct {
	it   T
	left []data.Unlisted
	used bool
}

// held is everything but the services.
type held struct {
	locations     map[string]*item[data.Place]
	organizations map[string]*item[organization]
	people        map[string]*item[data.Practice]
	roles         map[string][]*item[role] // by the id of their offer
	allRoles      []*item[role]
	names         map[string]string // the ids of what bundles have other names for
	ids           map[string]bool   // of resources that have been read, by type and id
	withServices  map[string]bool   // files
	offers        map[data.ID]place
}

// place is where something was read.
type place struct {
	file   string
	number int
}

func newHeld() *held {
	return &held{
		locations:     make(map[string]*item[data.Place]),
		organizations: make(map[string]*item[organization]),
		people:        make(map[string]*item[data.Practice]),
		roles:         make(map[string][]*item[role]),
		names:         make(map[string]string),
		ids:           make(map[string]bool),
		withServices:  make(map[string]bool),
		offers:        make(map[data.ID]place),
	}
}

// urn is the name that the bundle has for an entry, where it is a UUID: entries
// may refer to one another by it.
func (e entry) urn(v *value) string {
	id, ok := strings.CutPrefix(v.textOf("fullUrl"), "urn:uuid:")
	if !e.bundle || !ok || !isID(id) {
		return ""
	}
	return id
}

// resource finds the resource in an entry, its id, and its name in the bundle,
// which is its id where it has none of its own. A fault has the field that it is
// in.
func (e entry) resource() (v *value, id, urn, field, fault string) {
	if e.fault != "" {
		return nil, "", "", "", e.fault
	}
	v, err := parse(e.text)
	if err != nil {
		return nil, "", "", "", err.Error()
	}
	if v.kind != '{' {
		return nil, "", "", "", "not an object"
	}
	urn = e.urn(v)
	if e.bundle {
		if !v.has("resource") || v.get("resource").kind != '{' {
			return nil, "", "", "resource", "an entry without a resource"
		}
		v = v.get("resource")
	}
	if v.textOf("resourceType") == "" {
		return nil, "", "", "resourceType", "a resource without its type"
	}
	if !v.has("id") && urn != "" {
		v.add("id", textValue(urn))
	}
	id = v.textOf("id")
	if v.has("id") && !isID(id) {
		return v, "", "", "id", strconv.Quote(id) + " is not an id"
	}
	return v, id, urn, "", ""
}

// tally returns the books of a type, and false for one that describes no offer.
func (r *Reader) tally(kind string) (*intake.Tally, bool) {
	switch kind {
	case "HealthcareService":
		return r.services, true
	case "Location":
		return r.locations, true
	case "Organization":
		return r.organizations, true
	case "Practitioner":
		return r.practitioners, true
	case "PractitionerRole":
		return r.roles, true
	}
	return r.others, false
}

// reject writes down the file, the line or entry, the resource as far as it is
// known, the field and the fault.
func reject(t *intake.Tally, e entry, kind, id, field, fault string) {
	record := filepath.Base(e.file)
	if kind != "" {
		record += ": " + kind + "/" + id
	}
	t.Reject(e.number, record, join(kind, field), fault)
}

// hold reads everything but the services of a file, and settles what can be
// settled.
func (r *Reader) hold(ctx context.Context, path string, h *held) error {
	return eachEntry(ctx, path, r.Progress, func(e entry) bool {
		v, id, urn, field, fault := e.resource()
		kind := ""
		if v != nil {
			kind = v.textOf("resourceType")
		}
		if urn != "" && urn != id {
			h.names[urn] = id
		}
		tally, known := r.tally(kind)
		switch {
		case kind == "HealthcareService" && bytes.Contains(e.text, quotedService):
			h.withServices[path] = true // for the second reading
		case fault != "":
			reject(tally, e, kind, id, field, fault)
		case !known:
			tally.Skip(ruleNotOffer)
		case kind == "HealthcareService":
			reject(tally, e, kind, id, "resourceType", "written with escapes")
		case id == "":
			reject(tally, e, kind, id, "id", "a resource that nothing can refer to")
		case h.ids[kind+"/"+id]:
			reject(tally, e, kind, id, "id", "described already")
		default:
			h.ids[kind+"/"+id] = true
			h.keep(v, kind, id, tally)
		}
		return true
	})
}

// quotedService is in every entry that holds a service, so that the second
// reading need not look into the others.
var quotedService = []byte(`"HealthcareService"`)

// read takes a resource into the model.
func read(v *value, kind, id string, notes noter, f func(*object)) []data.Unlisted {
	c := &coder{notes: notes, of: kind + "/" + id}
	o := c.object(v, "")
	f(o)
	o.finish()
	return c.left
}

func (h *held) keep(v *value, kind, id string, notes noter) {
	switch kind {
	case "Location":
		l := &item[data.Place]{}
		l.left = read(v, kind, id, notes, func(o *object) { o.location(&l.it) })
		l.it.ID = placeID(&l.it)
		h.locations[id] = l
	case "Organization":
		g := &item[organization]{}
		g.left = read(v, kind, id, notes, func(o *object) { o.organization(&g.it) })
		g.it.ID = organizationID(&g.it.Organization)
		h.organizations[id] = g
	case "Practitioner":
		p := &item[data.Practice]{}
		p.left = read(v, kind, id, notes, func(o *object) { o.person(&p.it) })
		h.people[id] = p
	case "PractitionerRole":
		p := &item[role]{}
		p.left = read(v, kind, id, notes, func(o *object) { o.role(&p.it) })
		p.it.ID = practiceID(&p.it.Practice)
		h.allRoles = append(h.allRoles, p)
	}
}

// link gives the references of what is held, and the services their practices,
// the ids that the resources have for themselves.
func (h *held) link() {
	for _, g := range h.organizations {
		g.it.partOf = h.id(g.it.partOf)
	}
	for _, p := range h.allRoles {
		p.it.practitioner = h.id(p.it.practitioner)
		for i, service := range p.it.services {
			p.it.services[i] = h.id(service)
			h.roles[h.id(service)] = append(h.roles[h.id(service)], p)
		}
	}
	for _, roles := range h.roles { // in an order that does not depend on that of the files
		slices.SortFunc(roles, func(a, b *item[role]) int {
			return cmp.Or(cmp.Compare(a.it.ID, b.it.ID), cmp.Compare(a.it.Record.ID, b.it.Record.ID))
		})
	}
}

// id is the id of what a reference names: mostly what it says.
func (h *held) id(reference string) string {
	if id, ok := h.names[reference]; ok {
		return id
	}
	return reference
}

// Ids come from the number that most sources know a thing by, so that the
// establishments of the ROR are those of FINESS.

func placeID(p *data.Place) data.ID {
	if number := numberOf(p.Identifiers, data.SystemROR); number != "" {
		return data.NewID("place", data.SystemROR, number)
	}
	return data.NewID("place", Name, p.Record.ID)
}

func organizationID(g *data.Organization) data.ID {
	for _, system := range []string{data.SystemFINESS, data.SystemStructure, data.SystemSIRET, data.SystemSIREN, data.SystemOI} {
		number := numberOf(g.Identifiers, system)
		if system == data.SystemStructure {
			// The prefix 1 is that of FINESS.
			if number == "" || number[0] != '1' || !data.ValidFINESS(number[1:]) {
				continue
			}
			system, number = data.SystemFINESS, number[1:]
		}
		if number != "" {
			return data.NewID("organization", system, number)
		}
	}
	return data.NewID("organization", Name, g.Record.ID)
}

func practiceID(p *data.Practice) data.ID {
	if number := numberOf(p.Identifiers, data.SystemSituation); number != "" {
		return data.NewID("practice", data.SystemSituation, number, p.Record.ID)
	}
	return data.NewID("practice", Name, p.Record.ID)
}

// readServices yields the offers of a file; more is false when no more are
// wanted.
func (r *Reader) readServices(ctx context.Context, path string, h *held, yield func(*data.Offer, error) bool) (more bool, err error) {
	more = true
	err = eachEntry(ctx, path, r.Progress, func(e entry) bool {
		if !bytes.Contains(e.text, quotedService) {
			return true
		}
		v, id, _, field, fault := e.resource()
		if v == nil || v.textOf("resourceType") != "HealthcareService" {
			return true // settled by the first reading
		}
		if fault != "" {
			reject(r.services, e, "HealthcareService", id, field, fault)
			return true
		}
		if o := r.service(v, id, e, h); o != nil {
			more = yield(o, nil)
		}
		return more
	})
	return more, err
}

// service puts an offer together, or rejects it.
func (r *Reader) service(v *value, id string, e entry, h *held) *data.Offer {
	var s service
	books := &pending{tally: r.services}
	s.Unlisted = read(v, "HealthcareService", id, books, func(o *object) { o.service(&s) })
	number := s.number()
	switch {
	case number != "":
		s.ID = data.NewID("offer", data.SystemROR, number)
	case id != "":
		s.ID = data.NewID("offer", Name, id)
	default:
		reject(r.services, e, "HealthcareService", id, "identifier", "an offer without a number and without an id")
		return nil
	}
	if first, twice := h.offers[s.ID]; twice {
		reject(r.services, e, "HealthcareService", id, "identifier",
			fmt.Sprintf("described already in %s at %d", filepath.Base(first.file), first.number))
		return nil
	}
	h.offers[s.ID] = place{e.file, e.number}
	r.services.Keep()
	books.settle()
	h.assemble(&s, r.services)
	s.Sources = []data.Provenance{{Source: Name, Record: id, Date: s.Updated}}
	return &s.Offer
}

// pending holds decisions until it is known whether the record is kept.
type pending struct {
	tally *intake.Tally
	notes []string
}

func (p *pending) Note(what string) { p.notes = append(p.notes, what) }

func (p *pending) settle() {
	for _, what := range p.notes {
		p.tally.Note(what)
	}
}

// assemble gives an offer what it refers to. What is not there stays a reference
// among the unlisted.
func (h *held) assemble(s *service, notes noter) {
	offer := &s.Offer
	of := "HealthcareService/" + s.Record.ID
	offer.Created, offer.Updated = dayOf(s.Record.Created), dayOf(s.Record.Updated)
	if len(offer.Activities) == 0 {
		notes.Note(noteActivity)
	}
	if offer.Field == "" {
		notes.Note(noteField)
	}
	for _, id := range s.locations {
		id = h.id(id)
		l, ok := h.locations[id]
		if !ok {
			notes.Note(noteNoLocation)
			offer.Unlisted = append(offer.Unlisted, dangling(of, "location", true, "Location", id))
			continue
		}
		l.used = true
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
		g, ok := h.organizations[id]
		if !ok || seen[id] {
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
		seen[id], g.used = true, true
		organization := g.it.Organization
		if above, ok := h.organizations[g.it.partOf]; ok {
			organization.Parent = above.it.ID
		}
		organization.Created, organization.Updated = dayOf(organization.Record.Created), dayOf(organization.Record.Updated)
		offer.Organizations = append(offer.Organizations, organization)
		offer.Unlisted = append(offer.Unlisted, g.left...)
		of, id, name, missing = "Organization/"+id, g.it.partOf, "partOf", noteNoParent
	}
}

// assemblePractices adds who practises in the offer.
func (h *held) assemblePractices(s *service, notes noter) {
	offer := &s.Offer
	if s.Record.ID == "" {
		return
	}
	for _, r := range h.roles[s.Record.ID] {
		r.used = true
		of := "PractitionerRole/" + r.it.Record.ID
		practice := r.it.Practice
		offer.Unlisted = append(offer.Unlisted, r.left...)
		for _, other := range r.it.services {
			if other != s.Record.ID {
				offer.Unlisted = append(offer.Unlisted, dangling(of, "healthcareService", true, "HealthcareService", other))
			}
		}
		if p, ok := h.people[r.it.practitioner]; ok {
			p.used = true
			practise(&practice, &p.it)
			offer.Unlisted = append(offer.Unlisted, p.left...)
		} else {
			notes.Note(noteNoPerson)
			if r.it.practitioner != "" {
				offer.Unlisted = append(offer.Unlisted, dangling(of, "practitioner", false, "Practitioner", r.it.practitioner))
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

// settle counts what was held: kept if an offer refers to it.
func (r *Reader) settle(h *held) {
	settle(r.locations, ruleUnused, h.locations)
	settle(r.organizations, ruleUnused, h.organizations)
	settle(r.practitioners, ruleUnused, h.people)
	for _, p := range h.allRoles {
		switch {
		case p.used:
			r.roles.Keep()
		case len(p.it.services) == 0:
			r.roles.Skip(ruleNoOffer)
		default:
			r.roles.Skip(ruleUnused)
		}
	}
}

func settle[T any](t *intake.Tally, rule string, all map[string]*item[T]) {
	for _, one := range all {
		if one.used {
			t.Keep()
		} else {
			t.Skip(rule)
		}
	}
}
