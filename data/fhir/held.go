package fhir

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/originals"
)

// held is everything but the services, on the disk: resources as they were
// written, and three tables by which they are found again. Of each resource a
// bit is in memory.
type held struct {
	store *originals.Store
	base  base // whose ids they have
	every bool // services too, and what describes no offer: the store is to stay

	renamed bool           // whether any resource has another name in its bundle
	kept    map[string]int // resources by type
	used    map[string]int // those of them that an offer refers to
	seen    []uint64       // a bit for each number that is used
	aimless int            // practices that name no offer

	locations     cache[data.Place]
	organizations cache[organization]
	people        cache[data.Practice]
}

// The tables.
const (
	tableNames   = "renamed" // the id of what a bundle has another name for
	tableAliases = "aliases" // the same, the other way
	tableRoles   = "roles"   // practices under the offer that they name
	tableOffers  = "offers"  // where an offer was read
)

// item is a resource that offers refer to. They share it.
type item[T any] struct {
	it   T
	left []data.Unlisted
}

// newHeld makes ready what the resources of one reading go into.
func newHeld(all *originals.Store) (*held, error) {
	h := &held{store: all, every: all != nil, kept: make(map[string]int), used: make(map[string]int)}
	if h.every {
		all.Reset() // what an earlier call has left
		return h, all.Err()
	}
	var err error
	h.store, err = originals.Temporary(Name)
	return h, err
}

// close ends what is temporary.
func (h *held) close() error {
	if h.every {
		return nil
	}
	return h.store.Close()
}

// keep takes a resource in: its faults are counted now, whether or not an offer
// refers to it.
func (h *held) keep(res resource, number uint64, notes noter) {
	h.kept[res.kind]++
	switch res.kind {
	case "Location":
		h.decodeLocation(res.v, res.id, notes)
	case "Organization":
		h.decodeOrganization(res.v, res.id, notes)
	case "Practitioner":
		h.decodePerson(res.v, res.id, notes)
	case "PractitionerRole":
		p := h.decodeRole(res.v, res.id, notes)
		for _, service := range p.it.services {
			h.store.Set(tableRoles, service+"/"+res.id, nil)
		}
		if len(p.it.services) == 0 {
			h.aimless++
		}
	}
}

func (h *held) decodeLocation(v *value, id string, notes noter) *item[data.Place] {
	l := &item[data.Place]{}
	l.left = read(v, "Location", id, notes, func(o *object) { o.location(&l.it) })
	l.it.ID = h.base.placeID(&l.it)
	return l
}

func (h *held) decodeOrganization(v *value, id string, notes noter) *item[organization] {
	g := &item[organization]{}
	g.left = read(v, "Organization", id, notes, func(o *object) { o.organization(&g.it) })
	g.it.ID = h.base.organizationID(&g.it.Organization)
	return g
}

func (h *held) decodePerson(v *value, id string, notes noter) *item[data.Practice] {
	p := &item[data.Practice]{}
	p.left = read(v, "Practitioner", id, notes, func(o *object) { o.person(&p.it) })
	return p
}

func (h *held) decodeRole(v *value, id string, notes noter) *item[role] {
	p := &item[role]{}
	p.left = read(v, "PractitionerRole", id, notes, func(o *object) { o.role(&p.it) })
	p.it.ID = h.base.practiceID(&p.it.Practice)
	return p
}

// silent is for resources whose faults are counted already.
type silent struct{}

func (silent) Note(string) {}

// fetch reads a resource again, and counts it as used; nil where there is none.
func fetch[T any](h *held, kind, id string, decode func(*value, string, noter) *item[T]) (it *item[T], size int) {
	text, number := h.store.First(kind + "/" + id)
	if number == 0 {
		return nil, 0
	}
	h.use(kind, number)
	v := (&parser{text: text}).value(0) // which was read before, and so is valid
	if !v.has("id") {
		v.add("id", textValue(id)) // the bundle's
	}
	return decode(v, id, silent{}), len(text)
}

func (h *held) use(kind string, number uint64) {
	for uint64(len(h.seen)) <= number/64 {
		h.seen = append(h.seen, 0)
	}
	if bit := uint64(1) << (number % 64); h.seen[number/64]&bit == 0 {
		h.seen[number/64] |= bit
		h.used[kind]++
	}
}

func (h *held) location(id string) *item[data.Place] {
	return h.locations.get(id, func() (*item[data.Place], int) { return fetch(h, "Location", id, h.decodeLocation) })
}

func (h *held) organization(id string) *item[organization] {
	return h.organizations.get(id, func() (*item[organization], int) {
		return fetch(h, "Organization", id, h.decodeOrganization)
	})
}

// organizationID is the id in the model of what may be no part of the chain.
func (h *held) organizationID(id string) data.ID {
	if g := h.organization(id); g != nil {
		return g.it.ID
	}
	return ""
}

func (h *held) person(id string) *item[data.Practice] {
	return h.people.get(id, func() (*item[data.Practice], int) { return fetch(h, "Practitioner", id, h.decodePerson) })
}

// rolesOf returns the practices in an offer, in an order that does not depend on
// that of the files.
func (h *held) rolesOf(service string) []*item[role] {
	var ids []string
	for _, name := range h.namesOf(service) {
		ids = slices.AppendSeq(ids, h.store.Under(tableRoles, name+"/"))
	}
	slices.Sort(ids)
	var roles []*item[role]
	for _, id := range slices.Compact(ids) {
		if r, _ := fetch(h, "PractitionerRole", id, h.decodeRole); r != nil {
			roles = append(roles, r)
		}
	}
	slices.SortStableFunc(roles, func(a, b *item[role]) int { return cmp.Compare(a.it.ID, b.it.ID) })
	return roles
}

// rename says that a bundle has another name for a resource, by which others
// refer to it.
func (h *held) rename(name, id string) {
	h.renamed = true
	h.store.Set(tableNames, name, []byte(id))
	h.store.Set(tableAliases, id+"/"+name, nil)
}

// id is the id of what a reference names: mostly what it says.
func (h *held) id(reference string) string {
	if h.renamed {
		if id := h.store.Value(tableNames, reference); id != nil {
			return string(id)
		}
	}
	return reference
}

// namesOf returns what references may call a resource.
func (h *held) namesOf(id string) []string {
	names := []string{id}
	if h.renamed {
		names = slices.AppendSeq(names, h.store.Under(tableAliases, id+"/"))
		names = slices.DeleteFunc(names, func(name string) bool { return h.id(name) != id })
	}
	return names
}

// offer writes down where an offer is read, and returns where it was before, ""
// for nowhere.
func (h *held) offer(id data.ID, e entry) (before string) {
	if where := h.store.Value(tableOffers, string(id)); where != nil {
		return string(where)
	}
	h.store.Set(tableOffers, string(id), fmt.Appendf(nil, "%s at %d", filepath.Base(e.file), e.number))
	return ""
}

// settle counts what was held: kept if an offer refers to it.
func (r *Reader) settle(h *held) {
	settle(r.locations, h.used["Location"], h.kept["Location"], ruleUnused)
	settle(r.organizations, h.used["Organization"], h.kept["Organization"], ruleUnused)
	settle(r.practitioners, h.used["Practitioner"], h.kept["Practitioner"], ruleUnused)
	settle(r.roles, h.used["PractitionerRole"], h.kept["PractitionerRole"]-h.aimless, ruleUnused)
	settle(r.roles, 0, h.aimless, ruleNoOffer)
}

func settle(t *intake.Tally, used, kept int, rule string) {
	for range used {
		t.Keep()
	}
	for range kept - used {
		t.Skip(rule)
	}
}

// cache holds what many offers share, such as their site, so that it is not
// decoded for each. It is emptied when it is full.
type cache[T any] struct {
	items map[string]*item[T]
	bytes int // of the texts
}

// maxCached bounds a cache, by the length of what its items were read from.
const maxCached = 2 << 20

func (c *cache[T]) get(id string, fetch func() (*item[T], int)) *item[T] {
	if found, ok := c.items[id]; ok {
		return found
	}
	found, size := fetch()
	if size += 64; c.items == nil || c.bytes+size > maxCached {
		c.items, c.bytes = make(map[string]*item[T]), 0
	}
	c.items[id] = found
	c.bytes += size
	return found
}
