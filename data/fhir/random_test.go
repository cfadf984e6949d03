package fhir

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Random resources in canonical form, every attribute of the profiles in them:
// written by hand from the guide, not by the codec.

type dict = map[string]any
type list = []any

// dice is the only source of chance.
type dice struct{ *rand.Rand }

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

func one1[T any](d dice, from ...T) T { return from[d.IntN(len(from))] }

// set puts a value in so many times in a hundred.
func (d dice) set(in dict, percent int, name string, value func() any) {
	if d.chance(percent) {
		in[name] = value()
	}
}

func tre(name string) string {
	return "https://mos.esante.gouv.fr/NOS/TRE_" + name + "/FHIR/TRE-" + name
}

func jdv(name string) string {
	return "https://mos.esante.gouv.fr/NOS/JDV_" + name + "/FHIR/JDV-" + name
}

func codingOf(system, code string) dict { return dict{"system": system, "code": code} }
func conceptOf(system, code string) dict {
	return dict{"coding": list{codingOf(system, code)}}
}

const guide = "https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/"

func extOf(url, kind string, value any) dict { return dict{"url": url, kind: value} }
func extConcept(url, system, code string) dict {
	return extOf(url, "valueCodeableConcept", conceptOf(system, code))
}

// odd adds what no profile names, here and there.
func (d dice) odd(in dict) dict {
	if d.chance(6) {
		extensions, _ := in["extension"].(list)
		in["extension"] = append(extensions, extOf("https://example.org/unknown", "valueString", fmt.Sprint("odd ", d.IntN(1e6))))
	}
	return in
}

func (d dice) instant() string {
	return fmt.Sprintf("20%02d-%02d-%02dT%02d:%02d:%02dZ", 10+d.IntN(16), 1+d.IntN(12), 1+d.IntN(28), d.IntN(24), d.IntN(60), d.IntN(60))
}

func (d dice) day() string { return d.instant()[:10] }

func (d dice) code(width int) string { return fmt.Sprintf("%0*d", width, 1+d.IntN(99)) }

func (d dice) word() string {
	return one1(d, "Accueil", "Œuvre « Saint-Louis »", "Hôpital de l'Est", "Bât. \"B\"", "a\\b", "Unité 1", "ligne\nsuivante")
}

func (d dice) some(most int, f func() any) list {
	var all list
	for range d.IntN(most + 1) {
		all = append(all, f())
	}
	return all
}

// distinct is some codes of a system, none twice.
func (d dice) distinct(most, width int, f func(code string) any) list {
	var all list
	for _, n := range d.Perm(90)[:d.IntN(most+1)] {
		all = append(all, f(fmt.Sprintf("%0*d", width, n+1)))
	}
	return all
}

func (d dice) resource(kind, id string) dict {
	r := dict{
		"resourceType": kind, "id": id,
		"meta":      dict{"lastUpdated": d.instant()},
		"extension": list{extOf(guide+"ror-meta-creation-date", "valueDateTime", d.instant())},
	}
	d.set(r["meta"].(dict), 80, "tag", func() any {
		tags := list{codingOf(tre("R30-RegionOM"), one1(d, "11", "24", "94"))}
		if d.chance(10) {
			tags = append(tags, codingOf("https://example.org/tags", "x"))
		}
		return tags
	})
	d.set(r, 5, "language", func() any { return "fr" })
	return d.odd(r)
}

func add(r dict, extensions ...any) {
	there, _ := r["extension"].(list)
	if there = append(there, extensions...); there != nil {
		r["extension"] = there
	}
}

func put(r dict, name string, items list) {
	if items != nil {
		r[name] = items
	}
}

func (d dice) level(url string) list {
	if d.chance(20) {
		return nil
	}
	return list{extConcept(url, tre("R283-NiveauConfidentialite"), one1(d, "1", "2", "3"))}
}

// line returns the channel, the system and the value of a line.
func (d dice) line() (channel dict, system, value string) {
	r200 := tre("R200-CanalCommunication")
	phone := fmt.Sprintf("+331990%05d", d.IntN(1e5))
	mail := fmt.Sprintf("a%d@example.org", d.IntN(1e5))
	switch d.IntN(7) {
	case 0:
		return conceptOf(r200, "1"), "phone", phone
	case 1:
		return conceptOf(r200, "6"), "fax", phone
	case 2:
		return conceptOf(r200, "3"), "email", mail
	case 3:
		return conceptOf(r200, "4"), "url", "https://example.org/" + d.code(3)
	case 4:
		return conceptOf(tre("R256-TypeMessagerie"), "MSSANTE"), "email", "x@example.mssante.fr"
	case 5:
		return conceptOf(r200, "7"), "other", "ANTARES " + d.code(4)
	}
	return conceptOf(r200, "2"), "phone", phone
}

func (d dice) telecom() any {
	channel, system, value := d.line()
	t := dict{"system": system, "value": value, "extension": list{extOf(guide+"ror-telecom-communication-channel", "valueCodeableConcept", channel)}}
	if d.chance(30) {
		add(t, extOf(guide+"ror-telecom-usage", "valueString", d.word()))
	}
	add(t, d.level(guide+"ror-telecom-confidentiality-level")...)
	d.set(t, 5, "rank", func() any { return 1 })
	return d.odd(t)
}

func (d dice) contactLine() any {
	channel, _, value := d.line()
	l := dict{"url": guide + "ror-healthcareservice-contact-telecom", "extension": list{
		extOf(guide+"ror-telecom-communication-channel", "valueCodeableConcept", channel),
		extOf("telecomAddress", "valueString", value),
	}}
	if d.chance(30) {
		add(l, extOf(guide+"ror-telecom-usage", "valueString", d.word()))
	}
	add(l, d.level(guide+"ror-telecom-confidentiality-level")...)
	return d.odd(l)
}

func (d dice) contact() any {
	c := dict{"url": guide + "ror-healthcareservice-contact"}
	if d.chance(50) {
		add(c, extOf("name", "valueHumanName", dict{"text": d.word()}))
	}
	if d.chance(50) {
		add(c, extConcept(guide+"ror-contact-function-contact", tre("R251-FonctionContact"), d.code(2)))
	}
	if d.chance(80) {
		add(c, extConcept("purposeContact", tre("R287-NatureContact"), d.code(2)))
	}
	if d.chance(50) {
		add(c, extOf("description", "valueString", d.word()))
	}
	add(c, d.level("confidentialityLevel")...)
	add(c, d.some(2, d.contactLine)...)
	return d.odd(c)
}

func (d dice) zone() any {
	kind := d.IntN(5)
	z := dict{"url": guide + "ror-territorial-division", "extension": list{
		extConcept("typeTerritorialDivision", tre("R201-TypeDivisionTerritoriale"), fmt.Sprint(kind+1)),
		extConcept("codeTerritorialDivision", []string{
			tre("R30-RegionOM"), tre("G09-DepartementOM"), tre("R13-CommuneOM"), jdv("J249-TerritoireSante-ROR"), tre("R20-Pays"),
		}[kind], []string{"53", "2A", "29151", "TS-01", "99100"}[kind]),
	}}
	return d.odd(z)
}

func (d dice) hours() any {
	h := dict{}
	if d.chance(90) {
		add(h, extConcept(guide+"ror-available-time-type-of-time", tre("R252-TypeHoraire"), fmt.Sprintf("%02d", 1+d.IntN(8))))
	}
	for _, n := range d.Perm(7)[:1+d.IntN(2)] {
		add(h, extOf(guide+"ror-available-time-number-days-of-week", "valueInteger", n+1))
	}
	if d.chance(30) {
		add(h, extOf(guide+"ror-available-time-effective-opening-closing-date", "valuePeriod", dict{"start": d.day(), "end": d.day()}))
	}
	if d.chance(10) {
		h["allDay"] = true
	} else {
		h["availableStartTime"] = fmt.Sprintf("%02d:%02d:00", d.IntN(24), d.IntN(60))
		h["availableEndTime"] = one1(d, "23:59:59", fmt.Sprintf("%02d:%02d:00", d.IntN(24), d.IntN(60)))
		if h["availableStartTime"] == "00:00:00" && h["availableEndTime"] == "23:59:59" {
			h["availableStartTime"] = "00:01:00"
		}
	}
	return d.odd(h)
}

func years(n int) dict {
	return dict{"value": n, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"}
}

func (d dice) patients() any {
	p := dict{"url": guide + "ror-healthcareservice-patient-type"}
	add(p, d.distinct(3, 2, func(code string) any {
		return extConcept("supportedPatientInfo", tre("R239-PublicPrisEnCharge"), code)
	})...)
	low := d.IntN(90)
	r := dict{"low": years(low), "high": years(low + d.IntN(50))}
	if d.chance(10) {
		delete(r, "high")
	}
	add(p, extOf("ageRange", "valueRange", r))
	return d.odd(p)
}

func (d dice) service(id string) dict {
	s := d.resource("HealthcareService", id)
	s["identifier"] = list{d.odd(dict{"value": "94/" + id})}
	d.set(s, 95, "name", func() any { return d.word() + " " + id })
	d.set(s, 80, "category", func() any { return list{conceptOf(tre("R244-CategorieOrganisation"), d.code(2))} })
	s["type"] = list{conceptOf(tre("R227-ChampActivite"), fmt.Sprintf("0%d", 1+d.IntN(5)))}
	activities := append(list{conceptOf(tre("R211-ActiviteOperationnelle"), "157")}, d.distinct(2, 3, func(code string) any {
		return conceptOf(tre("R211-ActiviteOperationnelle"), code)
	})...)
	if d.chance(30) {
		activities = append(activities, conceptOf(jdv("J51-FamilleActiviteOperationnelle-ROR"), d.code(3)))
	}
	s["specialty"] = activities
	s["characteristic"] = d.characteristics()
	add(s, extOf(guide+"ror-healthcareservice-sensitive-unit", "valueBoolean", d.chance(10)), d.patients())
	if d.chance(20) {
		add(s, extOf(guide+"ror-healthcareservice-no-consent-habilitation", "valueBoolean", d.chance(50)))
	}
	add(s, d.distinct(2, 2, func(code string) any {
		return extOf(guide+"ror-healthcareservice-psychiatric-sector", "valueString", "75G"+code)
	})...)
	add(s, d.some(2, d.zone)...)
	add(s, d.some(2, d.contact)...)
	put(s, "telecom", d.some(2, d.telecom))
	put(s, "availableTime", d.some(5, d.hours))
	if d.chance(20) {
		during := dict{"start": d.day()}
		d.set(during, 60, "end", func() any { return d.day() })
		s["notAvailable"] = list{dict{"id": "closingReopeningDate", "description": "Période de fermeture et de réouverture prévisionnelle", "during": during}}
	}
	d.set(s, 5, "comment", func() any { return d.word() })
	return s
}

func (d dice) characteristics() list {
	all := list{conceptOf(tre("R213-ModePriseEnCharge"), "28")}
	for _, name := range []string{
		"R240-TemporaliteAccueil", "R338-ModaliteAccueil", "R236-ModeGestion", "R245-SpecialisationDePriseEnCharge", "R238-OuvertureAnnuelle",
		"R350-ProfessionRessource", "R94-ProfessionSocial", "R356-ProfessionSanitaire", "R243-CompetenceSpecifique", "R253-TypeMaternite",
		"R344-NiveauExpertise", "R286-TypeFermeture",
	} {
		if d.chance(40) {
			all = append(all, d.distinct(2, 2, func(code string) any { return conceptOf(tre(name), code) })...)
		}
	}
	for _, kind := range []string{"specificAct", "outsideOfficeAct"} {
		all = append(all, d.distinct(2, 4, func(code string) any {
			act := conceptOf(tre("R210-ActeSpecifique"), code)
			add(act, extOf(guide+"ror-act-type", "valueCode", kind))
			return d.odd(act)
		})...)
	}
	return all
}

func (d dice) address() dict {
	a := dict{"postalCode": "78000", "city": one1(d, "Versailles", "VERSAILLES CEDEX")}
	const parts = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-"
	line := dict{}
	var text []string
	for _, p := range [][2]string{
		{parts + "careOf", "CHEZ M. X"}, {parts + "additionalLocator", "Bât B"}, {parts + "houseNumber", d.code(1)},
		{parts + "buildingNumberSuffix", "bis"}, {parts + "streetNameType", "rue"}, {parts + "streetNameBase", "porte de Buc"},
		{guide + "ror-lieu-dit", "Le Bourg"}, {parts + "postBox", "BP 12"},
	} {
		if d.chance(60) {
			add(line, extOf(p[0], "valueString", p[1]))
			text = append(text, p[1])
		}
	}
	if text != nil {
		d.odd(line)
		a["line"], a["_line"] = list{strings.Join(text, " ")}, list{line}
		if d.chance(20) {
			a["line"], a["_line"] = append(a["line"].(list), "ZAC des Prés"), append(a["_line"].(list), nil)
		}
	}
	d.set(a, 10, "use", func() any { return "work" })
	return a
}

// degree has the digits at which positions are kept.
func (d dice) degree(whole string) json.Number {
	return json.Number(fmt.Sprintf("%s.%07d", whole, d.IntN(1e7)))
}

func (d dice) bool() bool { return d.chance(50) }

func (d dice) location(id string) dict {
	l := d.resource("Location", id)
	r354 := tre("R354-TypeIdentifiantRessourceOperationnelle")
	var ids list
	if d.chance(90) {
		ids = append(ids, dict{"type": conceptOf(r354, "25"), "value": "24/" + id})
	}
	if d.chance(30) {
		ids = append(ids, dict{"type": conceptOf(r354, "26"), "value": "UF" + id})
	}
	put(l, "identifier", ids)
	d.set(l, 80, "name", func() any { return d.word() })
	d.set(l, 30, "description", func() any { return d.word() })
	d.set(l, 30, "alias", func() any { return list{d.word()} })
	d.set(l, 70, "type", func() any { return list{conceptOf(tre("R343-FonctionLieu"), d.code(3))} })
	d.set(l, 70, "operationalStatus", func() any { return codingOf(tre("R203-StatutLieu"), one1(d, "FD", "FT", "OP")) })
	d.set(l, 50, "status", func() any { return "active" })
	d.set(l, 90, "address", func() any { return d.address() })
	d.set(l, 10, "managingOrganization", func() any { return dict{"reference": "Organization/9"} })
	add(l, extConcept(guide+"ror-commune-cog", tre("R13-CommuneOM"), one1(d, "78646", "45234", "2A004")))
	d.set(l, 80, "position", func() any {
		p := dict{"latitude": d.degree("48"), "longitude": d.degree("-2")}
		if d.chance(60) {
			add(p, extOf(guide+"ror-coordinate-reliability", "valueBoolean", d.bool()))
		}
		return d.odd(p)
	})
	put(l, "telecom", d.some(2, d.telecom))
	add(l, d.some(2, d.equipment)...)
	add(l, d.some(2, func() any {
		r := dict{"url": guide + "ror-location-residential-capacity", "extension": list{extConcept("residentialType", tre("R242-TypeHabitation"), d.code(2))}}
		if d.chance(80) {
			add(r, extOf("residentialNumber", "valueInteger", d.IntN(20)))
		}
		return d.odd(r)
	})...)
	add(l, d.some(4, d.capacity)...)
	return l
}

func (d dice) equipment() any {
	e := dict{"url": guide + "ror-location-equipment", "extension": list{extConcept("equipmentType", tre("R212-Equipement"), d.code(3))}}
	if d.chance(80) {
		add(e, extOf("nbInService", "valueInteger", d.IntN(4)))
	}
	for range d.IntN(2) {
		limit := dict{"url": guide + "ror-location-equipment-limit", "extension": list{
			extConcept("equipmentFeature", tre("R340-TypeCaracteristiqueEquipement"), d.code(3)),
			extOf("limitValue", "valueQuantity", dict{"value": 100 + d.IntN(200), "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}),
		}}
		add(e, d.odd(limit))
	}
	return d.odd(e)
}

func (d dice) capacity() any {
	c := dict{"url": guide + "ror-location-supported-capacity", "extension": list{
		extOf("nbCapacity", "valueInteger", d.IntN(40)),
		extOf("capacityUpdateDate", "valueDateTime", d.instant()),
	}}
	for _, part := range []struct {
		url, name    string
		codes, often int
	}{
		{"capacityType", "R329-NatureCapacite", 2, 100}, {"capacityStatus", "R330-TypeStatutCapacite", 9, 100},
		{"temporalityCapacity", "R331-TemporaliteCapacite", 5, 100}, {"capacitySourceType", "R335-TypeSourceCapacite", 2, 100},
		{"genderCapacityAvailable", "R332-GenreCapacite", 4, 50}, {"capacityClosingType", "R333-TypeFermetureCapacite", 3, 20},
		{"additionalBedType", "R334-TypeLitSupplementaire", 3, 20}, {"crisisType", "R336-TypeCrise", 2, 20},
		{"temporaryAssignement", "R337-AffectationTemporaire", 3, 100},
	} {
		if d.chance(part.often) {
			add(c, extConcept(part.url, tre(part.name), fmt.Sprintf("%02d", 1+d.IntN(part.codes))))
		}
	}
	if d.chance(20) {
		add(c, extOf("comment", "valueString", d.word()))
	}
	return d.odd(c)
}

func (d dice) organization(id, kind, above string) dict {
	g := d.resource("Organization", id)
	g07 := tre("G07-TypeIdentifiantStructure")
	number := func(code, system, value string) any {
		return dict{"type": conceptOf(g07, code), "system": system, "value": value}
	}
	ids := list{}
	types := list{}
	switch kind {
	case "EJ":
		ids = append(ids, number("2", "http://sirene.fr", "9"+id), number("40", "urn:oid:1.2.250.1.71.4.2.2", "29"+id))
		types = append(types, conceptOf(tre("R72-FinessStatutJuridique"), "72"), conceptOf(tre("R69-FinessAgregatStatutJuridiqueNiv2"), "2200"))
		if d.chance(50) {
			add(g, extOf(guide+"ror-organization-creation-date", "valueDateTime", d.day()))
		}
	case "EG":
		ids = append(ids, number("1", "http://finess.esante.gouv.fr", "7"+id), number("3", "http://sirene.fr", "3"+id),
			number("4", "http://rppsrang.esante.gouv.fr", "4"+id), number("0", "http://adelirang.esante.gouv.fr", "5"+id),
			number("40", "urn:oid:1.2.250.1.71.4.2.2", one1(d, "17", "48")+id))
		types = append(types, conceptOf(tre("R66-CategorieEtablissement"), "460"), conceptOf(tre("R73-ESPIC"), "1"))
	case "OI":
		ids = append(ids, dict{"type": conceptOf(tre("R345-TypeIdentifiantAutre"), "42"), "system": "https://oi.esante.gouv.fr", "value": id})
		types = append(types, conceptOf(tre("R207-TypeOrganisationInterne"), "3"))
	}
	g["identifier"], g["type"] = ids, types
	if above != "" {
		g["partOf"] = dict{"reference": "Organization/" + above}
	}
	d.set(g, 95, "name", func() any { return d.word() })
	d.set(g, 20, "_name", func() any {
		return dict{"extension": list{extOf(guide+"ror-organization-additional-name", "valueString", d.word())}}
	})
	d.set(g, 20, "alias", func() any { return list{d.word()} })
	d.set(g, 10, "active", func() any { return true })
	d.set(g, 80, "address", func() any {
		a := d.address()
		if d.chance(50) {
			add(a, extOf("https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code", "valueCoding", codingOf(tre("R13-CommuneOM"), "78646")))
		}
		if d.chance(50) {
			geo := dict{"url": "http://hl7.org/fhir/StructureDefinition/geolocation", "extension": list{
				extOf("latitude", "valueDecimal", 48.125), extOf("longitude", "valueDecimal", 2.5),
			}}
			if d.bool() {
				add(geo, extOf(guide+"ror-confidence-geolocation", "valueBoolean", d.bool()))
			}
			add(a, d.odd(geo))
		}
		return list{d.odd(a)}
	})
	put(g, "contact", d.some(2, d.organizationContact))
	put(g, "telecom", d.some(1, d.telecom))
	add(g, d.some(2, d.price)...)
	add(g, d.some(1, d.zone)...)
	add(g, d.distinct(2, 2, func(code string) any {
		return extConcept(guide+"ror-organization-financial-help-type", tre("R241-AideFinanciere"), code)
	})...)
	add(g, d.distinct(1, 2, func(code string) any {
		return extConcept(guide+"ror-organization-accessibility-location", tre("R202-AccessibiliteLieu"), code)
	})...)
	for _, e := range []dict{
		extOf(guide+"ror-organization-accomodation-family", "valueBoolean", d.bool()),
		extOf(guide+"ror-organization-nb-permanent-social-help-place", "valueInteger", d.IntN(5)),
		extOf(guide+"ror-organization-nb-temporary-social-help-place", "valueInteger", d.IntN(5)),
		extConcept(guide+"ror-organization-level-recourse-orsan", tre("R284-NiveauRecoursORSAN"), one1(d, "1", "4")),
		extOf(guide+"ror-organization-drop-zone", "valueBoolean", d.bool()),
		extOf(guide+"ror-organization-reopening-date", "valueDateTime", d.day()),
		extConcept(guide+"ror-organization-closing-type", tre("R286-TypeFermeture"), "01"),
		extOf("http://hl7.org/fhir/StructureDefinition/organization-period", "valuePeriod", dict{"start": d.day(), "end": d.day()}),
		extOf(guide+"ror-organization-comment", "valueString", d.word()),
	} {
		if d.chance(30) {
			add(g, e)
		}
	}
	return g
}

func (d dice) organizationContact() any {
	c := dict{}
	d.set(c, 50, "name", func() any { return dict{"text": d.word()} })
	d.set(c, 80, "purpose", func() any { return d.odd(conceptOf(tre("R287-NatureContact"), "06")) })
	if d.chance(50) {
		add(c, extConcept(guide+"ror-contact-function-contact", tre("R251-FonctionContact"), d.code(2)))
	}
	if d.chance(50) {
		add(c, extOf(guide+"ror-contact-description", "valueString", d.word()))
	}
	add(c, d.level(guide+"ror-contact-confidentiality-level")...)
	put(c, "telecom", d.some(2, d.telecom))
	if len(c) == 0 {
		c["name"] = dict{"text": "x"}
	}
	return d.odd(c)
}

func (d dice) price() any {
	p := dict{"url": guide + "ror-organization-price", "extension": list{
		extConcept("priceType", tre("R246-TypeTarif"), d.code(2)), extConcept("priceUnit", tre("R228-UnitePrix"), d.code(2)),
		extOf("amount", "valueMoney", dict{"value": float64(d.IntN(9000)) / 100, "currency": "EUR"}),
	}}
	for _, e := range []dict{
		extOf("startDate", "valueDateTime", d.day()), extOf("endDate", "valueDateTime", d.day()), extOf("under60", "valueBoolean", d.bool()),
		extConcept("deliveryIncluded", tre("R264-PrestationNonObligatoireIncluse"), d.code(2)),
		extOf("othersDeliveryIncluded", "valueString", d.word()),
		extConcept("residentialType", tre("R242-TypeHabitation"), d.code(2)), extConcept("specialPrice", tre("R250-ConditionTarifaire"), d.code(2)),
		extConcept("welcomeType", tre("R240-TemporaliteAccueil"), d.code(2)), extOf("mealDeliveryName", "valueString", d.word()),
		extConcept("dependencyLevel", tre("R237-NiveauDependance"), d.code(2)), extOf("humanHelpPriceName", "valueString", d.word()),
		extConcept("managementType", tre("R236-ModeGestion"), d.code(2)), extOf("otherAdditionalServiceName", "valueString", d.word()),
		extConcept("additionalServiceName", tre("R264-PrestationNonObligatoireIncluse"), d.code(2)),
	} {
		if d.chance(30) {
			add(p, e)
		}
	}
	return d.odd(p)
}

func (d dice) practitioner(id string) dict {
	p := d.resource("Practitioner", id)
	p["identifier"] = list{dict{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": one1(d, "810102379616", "11111573474", "0123456789", "10x@example.mssante.fr")}}
	d.set(p, 90, "name", func() any {
		n := dict{"family": "N'DIAYE", "given": list{"Zoé"}}
		d.set(n, 50, "prefix", func() any { return list{"DR"} })
		return list{d.odd(n)}
	})
	put(p, "telecom", d.some(2, d.telecom))
	d.set(p, 20, "gender", func() any { return "female" })
	return p
}

func (d dice) role(id, practitioner, service string) dict {
	r := d.resource("PractitionerRole", id)
	r["practitioner"] = dict{"reference": "Practitioner/" + practitioner}
	r["healthcareService"] = list{dict{"reference": "HealthcareService/" + service}}
	d.set(r, 80, "identifier", func() any { return list{dict{"value": "94/" + service + "/8" + id}} })
	r["code"] = list{conceptOf(tre("G15-ProfessionSante"), d.code(2))}
	var know list
	for _, name := range []string{
		"R04-TypeSavoirFaire", "R38-SpecialiteOrdinale", "R39-Competence", "R40-CompetenceExclusive", "G13-OrientationParticuliere",
		"R43-CapaciteSavoirFaire", "R44-QualificationPAC", "R42-DESCnonQualifiant", "R97-DroitExerciceCompl", "R243-CompetenceSpecifique",
	} {
		if d.chance(30) {
			know = append(know, conceptOf(tre(name), "S"+d.code(2)))
		}
	}
	put(r, "specialty", know)
	add(r, extConcept(guide+"ror-practitionerrole-unit-exercise-mode", tre("R23-ModeExercice"), one1(d, "L", "S")))
	const as = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-practitionerrole-"
	for _, e := range []dict{
		{"url": guide + "ror-practitionerrole-name", "extension": list{
			extConcept("exerciseTitle", tre("R11-CiviliteExercice"), "DR"), extOf("exerciseLastName", "valueString", "Tenor"), extOf("exerciseFirstName", "valueString", "Mylène"),
		}},
		extConcept(as+"contracted", tre("R282-CNAMAmeliSecteurConventionnement"), "1"),
		extOf(as+"hascas", "valueBoolean", d.bool()),
		extOf(as+"vitale-accepted", "valueBoolean", d.bool()),
	} {
		if d.chance(60) {
			add(r, d.odd(e))
		}
	}
	put(r, "telecom", d.some(2, d.telecom))
	put(r, "availableTime", d.some(2, d.hours))
	d.set(r, 10, "location", func() any { return list{dict{"reference": "Location/1"}} })
	return r
}

// world is some offers with all that they refer to, or most of it.
func (d dice) world(services int) []dict {
	var all []dict
	for i := range services {
		n := fmt.Sprint(1000 + i)
		s := d.service("s" + n)
		var places list
		for p := range d.IntN(3) {
			id := fmt.Sprint("l", n, p)
			places = append(places, dict{"reference": "Location/" + id})
			if d.chance(90) {
				all = append(all, d.location(id))
			}
		}
		put(s, "location", places)
		if d.chance(90) {
			s["providedBy"] = dict{"reference": "Organization/oi" + n}
			all = append(all, d.organization("oi"+n, "OI", "eg"+n))
			if d.chance(90) {
				all = append(all, d.organization("eg"+n, "EG", "ej"+n))
				if d.chance(90) {
					all = append(all, d.organization("ej"+n, "EJ", ""))
				}
			}
		}
		for p := range d.IntN(3) {
			id := fmt.Sprint("p", n, p)
			all = append(all, d.role("r"+id, id, "s"+n))
			if d.chance(90) {
				all = append(all, d.practitioner(id))
			}
		}
		all = append(all, s)
	}
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func ndjson(t testing.TB, resources []dict) string {
	t.Helper()
	var b strings.Builder
	for _, r := range resources {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// FHIR → model → FHIR is identity on canonical JSON.
func TestRoundTrip(t *testing.T) {
	worlds := 200
	if testing.Short() {
		worlds = 20
	}
	for seed := range worlds {
		d := dice{rand.New(rand.NewPCG(uint64(seed), 0xf41))}
		text := ndjson(t, d.world(12))
		r := readText(t, "world.ndjson", text)
		if r.err != nil {
			t.Fatal(r.err)
		}
		checkSame(t, text, written(t, r.offers))
		if t.Failed() {
			t.Fatalf("seed %d\n%s%s", seed, r.table(), r.rejects)
		}
	}
}

func checkSame(t *testing.T, ndjson string, got map[string]string) {
	t.Helper()
	n := 0
	for line := range strings.Lines(ndjson) {
		v, err := parse([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		name := v.textOf("resourceType") + "/" + v.textOf("id")
		if want := canonical(t, line); got[name] != want {
			at := 0
			for at < len(want) && at < len(got[name]) && want[at] == got[name][at] {
				at++
			}
			from := max(0, at-300)
			t.Errorf("%s is\n…%.700s\nwant\n…%.700s", name, got[name][min(from, len(got[name])):], want[from:])
		}
		n++
	}
	if len(got) != n {
		t.Errorf("%d resources came out, %d went in", len(got), n)
	}
}
