package nationaltest

import (
	"fmt"
	"slices"

	"boussole/data"
	"boussole/data/base"
)

// cases are what happens in a country, each planted once or more in every region.
var cases = []struct {
	name  string
	plant func(p *plot)
}{
	{"a service of one base", plantPlain},
	{"at a border, the neighbour describes it too", plantBorder},
	{"the national base has the same", plantNational},
	{"the national base has it as it was", plantOlder},
	{"the neighbour's export has a copy", plantCopy},
	{"a base has two, and its neighbour one of them", plantTwo},
	{"the same in every word, elsewhere", plantWords},
	{"a practitioner in two regions and in the Annuaire", plantPractitioner},
	{"a sensitive unit that the neighbour describes openly", plantSensitive},
	{"one of each that few may know of", plantClasses},
	{"the statistics have it too", plantHospital},
	{"it moves to another establishment, where the neighbour knows it", plantMoved},
	{"a number of FINESS that was replaced", plantReplaced},
	{"an establishment as a whole, in FINESS and in a region", plantWhole},
	{"two that say the number of one establishment", plantMention},
	{"who speaks of it closes it, and the neighbour goes on", plantShut},
	{"it becomes sensitive, and the national base has the open one", plantTurned},
}

func plantPlain(p *plot) {
	o := p.service(p.home, &p.here)
	p.home.add(*o)
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number})
}

func plantBorder(p *plot) {
	own := func(region, phone string, from data.Minute, tables int) func(*data.Offer) {
		return func(o *data.Offer) {
			o.Places[0].Name = "Porte de " + region
			o.Places[0].Equipment = []data.Equipment{{Type: "R212|088", Number: tables}}
			o.Name += " de " + region
			o.Telecoms = []data.Telecom{{Channel: data.Phone, Value: phone, Level: data.LevelFree}}
			o.Hours = data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: from, To: 18 * 60}}}
		}
	}
	o := p.service(p.home, &p.here, own(p.home.code, "+33199000001", 8*60, 2))
	other := p.service(p.next, &p.here, own(p.next.code, "+33199000002", 9*60, 3))
	p.home.add(*o)
	p.next.add(*other)
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number, lines: 2, from: 8 * 60, origins: 4, aliases: []data.ID{other.ID}}) // two of it, and two of its site (plantWhole)
	p.both(func(b *books) {
		b.notes[noteMerged]++
		b.notes[conflict("name", "fhir", "fhir")]++
		b.notes[conflict("hours", "fhir", "fhir")]++
		b.notes[conflict("place", "fhir", "fhir")]++
		b.notes[conflict("equipment", "fhir", "fhir")]++
	})
}

func plantNational(p *plot) {
	o := p.service(p.home, &p.here)
	p.home.add(*o)
	p.national = append(p.national, as(o))
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number})
	p.both(func(b *books) { b.notes[noteUnchanged]++ })
}

func plantOlder(p *plot) {
	o := p.service(p.home, &p.here)
	p.home.add(*o)
	p.national = append(p.national, as(o, named("Ancien nom"), on(o.Updated-100)))
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number})
	p.both(func(b *books) { b.notes[noteEdition]++ })
}

func plantCopy(p *plot) {
	o := p.service(p.home, &p.here)
	p.home.add(*o)
	p.next.add(*as(o))
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number})
	p.both(func(b *books) { b.notes[noteUnchanged]++ })
}

func plantTwo(p *plot) {
	for _, r := range []*region{p.home, p.home, p.next} {
		o := p.service(r, &p.here)
		r.add(*o)
		p.offer(o.ID, wanted{name: o.Name, site: p.here.number})
	}
	p.both(func(b *books) { b.notes[doubtSight] += 2 })
}

func plantWords(p *plot) {
	o := p.service(p.home, &p.here)
	other := p.service(p.next, nil)
	p.home.add(*o)
	p.next.add(*other)
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number})
	p.offer(other.ID, wanted{name: o.Name})
}

func plantPractitioner(p *plot) {
	who := practitioner{rppsNumber(len(p.known)), p.home.commune, fmt.Sprint("DES EXEMPLES ", p.instances)}
	p.known = append(p.known, who)
	practice := func(o *data.Offer) {
		o.Field, o.Activities, o.CareModes, o.Type = data.FieldPrivateTown, []data.Code{"R211|437"}, nil, "R244|196"
		o.Places = []data.Place{{
			ID: data.NewID("place", string(o.ID)), Address: data.Address{Number: "3", Street: who.street, Commune: who.commune},
		}}
		o.Practices = []data.Practice{{
			ID: data.NewID("practice", string(o.ID)), Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: who.number}},
		}}
	}
	o := p.service(p.home, nil, practice)
	other := p.service(p.next, nil, practice)
	p.home.add(*o)
	p.next.add(*other)
	registered := data.NewID("offer", data.SystemRPPS, who.number, "profession", "10", "know-how", "SM54", "structure", "R"+who.number)
	p.offer(o.ID, wanted{name: o.Name, aliases: []data.ID{other.ID, registered}})
	p.both(func(b *books) {
		b.offers-- // that of the Annuaire
		b.notes[noteMerged] += 2
		b.notes[conflict("name", "fhir", "rpps")]++
	})
}

func sensitive(o *data.Offer) { o.Sensitive = true }

func plantSensitive(p *plot) {
	o := p.service(p.home, &p.here, sensitive)
	other := p.service(p.next, &p.here)
	p.home.add(*o)
	p.next.add(*other)
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number, class: data.SensitiveUnit})
	p.offer(other.ID, wanted{name: o.Name, site: p.here.number})
	p.both(func(b *books) { b.notes[doubtHidden]++ })
}

func plantClasses(p *plot) {
	for _, one := range []struct {
		field data.Code
		class data.Class
	}{
		{data.FieldPrivateTown, data.OpenPersonal}, {data.FieldMCO, data.RestrictedPersonal}, {data.FieldMedicoSoc, data.RestrictedPersonalSocial},
	} {
		o := p.service(p.home, nil, func(o *data.Offer) { o.Field, o.Personal = one.field, true })
		p.home.add(*o)
		p.offer(o.ID, wanted{class: one.class})
	}
	o := p.service(p.home, nil, sensitive)
	p.home.add(*o)
	p.offer(o.ID, wanted{class: data.SensitiveUnit})
}

func plantHospital(p *plot) {
	known := p.hospital[p.home.code][p.n]
	site, _ := known.Site()
	o := p.service(p.home, nil, func(o *data.Offer) {
		o.Field, o.Type, o.Activities, o.CareModes = known.Field, known.Type, known.Activities, known.CareModes
		o.Organizations, o.Places = known.Organizations, slices.Clone(known.Places)
		o.Places[0].Capacity = nil // a region counts its own
	})
	p.home.add(*o)
	p.both(func(b *books) {
		b.wants[o.ID] = wanted{what: p.what, name: o.Name, site: site.FINESS(), aliases: []data.ID{known.ID}}
		b.notes[noteMerged]++
		b.notes[conflict("name", "fhir", "sae")]++
	})
}

func plantMoved(p *plot) {
	o := p.service(p.home, &p.here)
	i := p.home.add(*o)
	p.national = append(p.national, as(o, on(o.Updated-100)))
	other := p.service(p.next, &p.there)
	p.next.add(*other)
	p.both(func(b *books) { b.notes[noteEdition]++ })
	p.offerIn(&p.first, o.ID, wanted{site: p.here.number})
	p.offerIn(&p.first, other.ID, wanted{site: p.there.number})
	p.offerIn(&p.last, o.ID, wanted{site: p.there.number, aliases: []data.ID{other.ID}})
	p.last.notes[noteMerged]++
	p.last.none[other.ID] = p.what
	p.update(i, at(p.there))
}

// update changes what the home region says, by its delta of the second day.
func (p *plot) update(i int, change func(*data.Offer)) {
	r := p.home
	r.updated++
	r.later(func(to base.Import) error {
		r.truth[i] = as(r.truth[i], change, on(day0+1))
		return put(to, r.truth[i])
	})
}

func plantReplaced(p *plot) {
	old := p.here
	old.number = madeUp(p.instances)
	p.replaced[old.number] = p.here.number
	o := p.service(p.home, &old)
	other := p.service(p.next, &p.here)
	p.home.add(*o)
	p.next.add(*other)
	p.offer(o.ID, wanted{name: o.Name, site: p.here.number, aliases: []data.ID{other.ID}})
	p.both(func(b *books) {
		b.notes[noteMerged]++
		b.notes[conflict("site", "fhir", "fhir")]++
	})
	alone := p.service(p.home, &old, func(o *data.Offer) { o.Activities = []data.Code{p.code + "-2"} })
	p.home.add(*alone)
	p.offer(alone.ID, wanted{name: alone.Name, site: p.here.number})
}

// whole makes an establishment of FINESS of an offer.
func whole(s site, name string) func(*data.Offer) {
	return func(o *data.Offer) {
		o.Name, o.Category, o.Activities, o.CareModes = name, "R66|999", nil, nil
		o.Identifiers = append(o.Identifiers, data.Identifier{System: data.SystemFINESS, Value: s.number})
	}
}

func plantWhole(p *plot) {
	o := p.service(p.home, &p.here, whole(p.here, "Établissement tel que sa région le nomme"))
	p.home.add(*o)
	service := p.service(p.home, &p.here)
	p.home.add(*service)
	p.offer(service.ID, wanted{name: service.Name, site: p.here.number, category: p.here.category})
	p.both(func(b *books) {
		registered := data.NewID("offer", data.SystemFINESS, p.here.number)
		b.wants[o.ID] = wanted{what: p.what, name: o.Name, site: p.here.number, aliases: []data.ID{registered}}
		b.none[registered] = p.what
		b.notes[noteMerged]++
		b.notes[conflict("name", "fhir", "finess")]++
		b.notes[conflict("category", "finess", "fhir")]++
	})
}

func plantMention(p *plot) {
	for _, name := range []string{"Accueil de jour", "Hébergement"} {
		o := p.service(p.home, &p.there, whole(p.there, name))
		p.home.add(*o)
		p.both(func(b *books) {
			b.offers++
			b.wants[o.ID] = wanted{what: p.what, name: name, site: p.there.number}
		})
	}
	p.both(func(b *books) {
		b.wants[data.NewID("offer", data.SystemFINESS, p.there.number)] = wanted{what: p.what, site: p.there.number}
		b.notes[doubtNumber]++
	})
}

func plantShut(p *plot) {
	o := p.service(p.home, &p.here)
	i := p.home.add(*o)
	other := p.service(p.next, &p.here)
	p.next.add(*other)
	p.offerIn(&p.first, o.ID, wanted{site: p.here.number, aliases: []data.ID{other.ID}})
	p.first.notes[noteMerged]++
	p.offerIn(&p.last, other.ID, wanted{site: p.here.number, former: []data.ID{o.ID}})
	p.last.none[o.ID] = p.what
	r := p.home
	r.shut++
	r.later(func(to base.Import) error {
		number := r.truth[i].Sources[0].Record
		r.truth[i] = nil
		return to.Delete(number)
	})
}

func plantTurned(p *plot) {
	o := p.service(p.home, &p.here)
	i := p.home.add(*o)
	p.national = append(p.national, as(o, on(o.Updated-1)))
	p.both(func(b *books) { b.notes[noteEdition]++ })
	p.offerIn(&p.first, o.ID, wanted{site: p.here.number})
	p.offerIn(&p.last, o.ID, wanted{site: p.here.number, class: data.SensitiveUnit})
	p.update(i, sensitive)
	p.turned[o.Sources[0].Record] = true
}
