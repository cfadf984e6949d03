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
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/originals"
)

// Name is the word for FHIR in provenance.
const Name = "fhir"

// Reader is a [data.Source] over files and folders, read as one export whatever
// part of it lies where. Files are read twice at each call of Offers: first
// everything but the HealthcareServices is kept on the disk, in a temporary
// file as large as they are unpacked, then those are read one by one. Memory is
// some tens of megabytes, however many there are.
type Reader struct {
	Paths     []string
	Progress  *intake.Progress // bytes of the files, twice; nil shows nothing
	Originals *originals.Store // where every resource is kept as it was read; nil keeps none

	// Base is the name of a base of its own, such as that of a region: technical
	// ids, and numbers of the ROR without a region, are its alone, and give other ids
	// than those of other bases do. Empty is the national base. Written again, resources
	// have their technical ids: those of two bases are not told apart by them.
	Base string

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

// BaseName returns the name of the base, empty for the national one.
func (r *Reader) BaseName() string { return r.Base }

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
		h, err := newHeld(r.Originals)
		if err != nil {
			yield(nil, fmt.Errorf("keeping FHIR resources on the disk: %w", err))
			return
		}
		h.base = base(r.Base)
		defer h.close()
		if more, err := r.read(ctx, list, h, yield); more && err != nil {
			yield(nil, err)
		}
	}
}

// read goes through the files twice; more is false when no more offers are
// wanted.
func (r *Reader) read(ctx context.Context, list []string, h *held, yield func(*data.Offer, error) bool) (more bool, err error) {
	withServices := make(map[string]bool)
	for _, path := range list {
		withServices[path], err = r.hold(ctx, path, h)
		if err != nil {
			return true, fmt.Errorf("reading %s: %w", path, err)
		}
	}
	for _, path := range list {
		if !withServices[path] {
			continue
		}
		more, err := r.readServices(ctx, path, h, yield)
		if err != nil {
			return more, fmt.Errorf("reading %s: %w", path, err)
		}
		if !more {
			return false, nil
		}
	}
	r.settle(h)
	return true, nil
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

// resource is what an entry holds, as far as it can be told.
type resource struct {
	v    *value
	text []byte // as it was written; valid until the next entry
	kind string
	id   string // or the name in the bundle, where it has none of its own
	urn  string // the name in the bundle

	field, fault string // why it cannot be used, and where
}

// resource finds the resource in an entry.
func (e entry) resource() (found resource) {
	if e.fault != "" {
		return resource{fault: e.fault}
	}
	v, text, err := parseEntry(e.text)
	if err != nil {
		return resource{fault: err.Error()}
	}
	if v.kind != '{' {
		return resource{fault: "not an object"}
	}
	if !e.bundle {
		text = bytes.TrimSpace(e.text)
	}
	urn := e.urn(v)
	if e.bundle {
		if !v.has("resource") || v.get("resource").kind != '{' {
			return resource{field: "resource", fault: "an entry without a resource"}
		}
		v = v.get("resource")
	}
	found = resource{v: v, text: text, kind: v.textOf("resourceType"), urn: urn}
	if found.kind == "" {
		return resource{field: "resourceType", fault: "a resource without its type"}
	}
	if !v.has("id") && urn != "" {
		v.add("id", textValue(urn))
	}
	if found.id = v.textOf("id"); v.has("id") && !isID(found.id) {
		found.field, found.fault = "id", strconv.Quote(found.id)+" is not an id"
		found.id, found.urn = "", ""
	}
	return found
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
// known, the field and the fault. One of no known type may be an offer.
func reject(t *intake.Tally, e entry, kind, id, field, fault string) {
	if kind == "" {
		t.RejectOffer("", e.number, filepath.Base(e.file), field, fault)
		return
	}
	t.Reject(e.number, recordOf(e, kind, id), join(kind, field), fault)
}

// rejectOffer does so for a service, whose id is "" where it cannot be told.
func (r *Reader) rejectOffer(offer data.ID, e entry, id, field, fault string) {
	r.services.RejectOffer(string(offer), e.number, recordOf(e, serviceKind, id), join(serviceKind, field), fault)
}

func recordOf(e entry, kind, id string) string { return filepath.Base(e.file) + ": " + kind + "/" + id }

// hold reads everything but the services of a file, and settles what can be
// settled; services is whether there are any.
func (r *Reader) hold(ctx context.Context, path string, h *held) (services bool, err error) {
	err = eachEntry(ctx, path, r.Progress, func(e entry) bool {
		res := e.resource()
		if res.urn != "" && res.urn != res.id {
			h.rename(res.urn, res.id)
		}
		services = services || res.kind == serviceKind && bytes.Contains(e.text, quotedService)
		r.holdOne(e, res, h)
		return h.store.Err() == nil
	})
	return services, errors.Join(err, h.store.Err())
}

func (r *Reader) holdOne(e entry, res resource, h *held) {
	tally, known := r.tally(res.kind)
	again := h.store.Has(res.name())
	joined := known && res.kind != serviceKind && res.fault == "" && res.id != "" && !again
	var number uint64
	if joined || h.every && res.identity() != "" {
		number = h.store.Add(res.name(), res.text)
	}
	switch {
	case res.kind == serviceKind && bytes.Contains(e.text, quotedService): // for the second reading
	case res.fault != "" && res.kind == serviceKind:
		r.rejectOffer("", e, res.id, res.field, res.fault)
	case res.fault != "":
		reject(tally, e, res.kind, res.id, res.field, res.fault)
	case !known:
		tally.Skip(ruleNotOffer)
	case res.kind == serviceKind:
		r.rejectOffer("", e, res.id, "resourceType", "written with escapes")
	case res.id == "":
		reject(tally, e, res.kind, res.id, "id", "a resource that nothing can refer to")
	case again:
		reject(tally, e, res.kind, res.id, "id", "described already")
	default:
		h.keep(res, number, tally)
	}
}

const serviceKind = "HealthcareService"

// quotedService is in every entry that holds a service, so that the second
// reading need not look into the others.
var quotedService = []byte(`"` + serviceKind + `"`)

// identity is what a resource is known by: its id, or else, of an offer, its
// first number; "" when it has neither.
func (res resource) identity() string {
	if res.id != "" || res.kind != serviceKind || !res.v.has("identifier") {
		return res.id
	}
	for _, identifier := range res.v.get("identifier").list() {
		if number := identifier.textOf("value"); identifier.kind == '{' && number != "" && len(number) <= 64 && strings.IndexByte(number, 0) < 0 {
			return number
		}
	}
	return ""
}

// name is the address of a resource among the originals: Location/5253.
func (res resource) name() string { return res.kind + "/" + res.identity() }

// read takes a resource into the model.
func read(v *value, kind, id string, notes noter, f func(*object)) []data.Unlisted {
	c := &coder{notes: notes, of: kind + "/" + id}
	o := c.object(v, "")
	f(o)
	o.finish()
	return c.left
}

// base is the name of the base that is read. Ids come from the number that most
// sources know a thing by, so that the establishments of the ROR are those of
// FINESS; where there is none, from what the base alone calls it.
type base string

// own derives the id of what only this base knows by these names.
func (b base) own(kind, system string, names ...string) data.ID {
	parts := []string{kind, system}
	if b != "" {
		parts = append(parts, string(b))
	}
	return data.NewID(append(parts, names...)...)
}

// numbered derives the id of what has a number of the ROR, which is the same in all
// bases if it tells its region.
func (b base) numbered(kind, number string) data.ID {
	if data.RegionOfNumber(number) != "" {
		return data.NewID(kind, data.SystemROR, number)
	}
	return b.own(kind, data.SystemROR, number)
}

func (b base) placeID(p *data.Place) data.ID {
	if number := numberOf(p.Identifiers, data.SystemROR); number != "" {
		return b.numbered("place", number)
	}
	return b.own("place", Name, p.Record.ID)
}

func (b base) organizationID(g *data.Organization) data.ID {
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
	return b.own("organization", Name, g.Record.ID)
}

func (b base) practiceID(p *data.Practice) data.ID {
	if number := numberOf(p.Identifiers, data.SystemSituation); number != "" {
		return b.own("practice", data.SystemSituation, number, p.Record.ID)
	}
	return b.own("practice", Name, p.Record.ID)
}

func (b base) offerID(number, id string) data.ID {
	switch {
	case number != "":
		return b.numbered("offer", number)
	case id != "":
		return b.own("offer", Name, id)
	}
	return ""
}

// readServices yields the offers of a file; more is false when no more are
// wanted.
func (r *Reader) readServices(ctx context.Context, path string, h *held, yield func(*data.Offer, error) bool) (more bool, err error) {
	more = true
	err = eachEntry(ctx, path, r.Progress, func(e entry) bool {
		if !bytes.Contains(e.text, quotedService) {
			return true
		}
		res := e.resource()
		if res.kind != serviceKind {
			return true // settled by the first reading
		}
		if res.fault != "" {
			r.rejectOffer("", e, res.id, res.field, res.fault)
			return true
		}
		if o := r.service(res, e, h); o != nil && h.store.Err() == nil {
			more = yield(o, nil)
		}
		return more && h.store.Err() == nil
	})
	return more, errors.Join(err, h.store.Err())
}

// service puts an offer together, or rejects it.
func (r *Reader) service(res resource, e entry, h *held) *data.Offer {
	var s service
	id := res.id
	books := &pending{tally: r.services}
	s.Unlisted = read(res.v, serviceKind, id, books, func(o *object) { o.service(&s) })
	if s.ID = h.base.offerID(s.number(), id); s.ID == "" {
		r.rejectOffer("", e, id, "identifier", "an offer without a number and without an id")
		return nil
	}
	if first := h.offer(s.ID, e); first != "" {
		r.rejectOffer(s.ID, e, id, "identifier", "described already in "+first)
		return nil
	}
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
