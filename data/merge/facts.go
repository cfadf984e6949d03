package merge

import (
	"reflect"
	"strings"
	"unicode"

	"boussole/data"
)

// facts are the fields of the model that records are compared by, "Place.Equipment",
// and the attribute under which a conflict of them is counted and their origin told.
// The parts of what is said at once, such as the number of an equipment, have no lines
// of their own. What is no fact has its reason in unsaid; a test holds that every field
// is in one of the two, and that no two values of a fact are settled in silence.
var facts = map[string]data.Attribute{
	"Offer.Name": data.AttributeName, "Offer.Type": data.AttributeType, "Offer.Field": data.AttributeField,
	"Offer.Category": data.AttributeCategory, "Offer.Family": data.AttributeFamily,
	"Offer.Activities": data.AttributeActivity, "Offer.CareModes": data.AttributeMode,
	"Offer.Characteristics": data.AttributeCharacteristic,
	"Offer.Acts":            data.AttributeAct, "Offer.OutsideActs": data.AttributeOutsideAct,
	"Offer.Specialisations": data.AttributeSpecialisation, "Offer.Resources": data.AttributeResource,
	"Offer.Competences": data.AttributeCompetence,
	"Offer.Ages":        data.AttributeAges, "Offer.Audience": data.AttributeAudience, "Offer.NoConsent": data.AttributeConsent,
	"Offer.PsychiatricSectors": data.AttributeSector, "Offer.Hours": data.AttributeHours, "Offer.Zones": data.AttributeZone,
	"Offer.Contacts": data.AttributeContact, "Contact.Telecoms": data.AttributeContact, "Offer.Telecoms": data.AttributeLine,
	"Offer.Identifiers": data.AttributeNumber,

	"Offer.Practices": data.AttributeProfessional, "Practice.Identifiers": data.AttributeProfessional,
	"Practice.Prefix": data.AttributeProfessional, "Practice.Given": data.AttributeProfessional,
	"Practice.Family": data.AttributeProfessional, "Practice.Profession": data.AttributeProfessional,
	"Practice.Specialties": data.AttributeProfessional, "Practice.Mode": data.AttributeProfessional,
	"Practice.Name": data.AttributeProfessional, "Practice.Contracted": data.AttributeProfessional,
	"Practice.OPTAM": data.AttributeProfessional, "Practice.Vitale": data.AttributeProfessional,
	"Practice.Telecoms": data.AttributeProfessional, "Practice.Hours": data.AttributeProfessional,
	"Practice.OwnTelecoms": data.AttributeProfessional, "Practice.ExerciseTitle": data.AttributeProfessional,
	"Practice.ExerciseGiven": data.AttributeProfessional, "Practice.ExerciseFamily": data.AttributeProfessional,

	"Offer.Places": data.AttributePlace, "Place.Identifiers": data.AttributeNumber, "Place.Alias": data.AttributePlace,
	"Place.Name": data.AttributePlace, "Place.Description": data.AttributePlace, "Place.Function": data.AttributePlace,
	"Place.Status": data.AttributePlace, "Place.Address": data.AttributeAddress, "Place.Point": data.AttributePosition,
	"Place.Equipment": data.AttributeEquipment, "Place.Capacity": data.AttributeBeds,
	"Place.Residential": data.AttributeDwelling, "Place.Telecoms": data.AttributeLine,

	"Offer.Organizations": data.AttributeSite, "Organization.UnitType": data.AttributeOrganization,
	"Organization.Identifiers": data.AttributeNumber, "Organization.Name": data.AttributeOrganization,
	"Organization.Complement": data.AttributeOrganization, "Organization.Alias": data.AttributeOrganization,
	"Organization.Parent": data.AttributeOrganization, "Organization.Category": data.AttributeOrganization,
	"Organization.CategoryLabel": data.AttributeOrganization, "Organization.Aggregate": data.AttributeOrganization,
	"Organization.LegalStatus": data.AttributeOrganization, "Organization.PublicService": data.AttributeOrganization,
	"Organization.Tariff": data.AttributeOrganization, "Organization.APE": data.AttributeOrganization,
	"Organization.Address": data.AttributeAddress, "Organization.Point": data.AttributePosition,
	"Organization.Contacts": data.AttributeContact, "Organization.Telecoms": data.AttributeLine,
	"Organization.Prices": data.AttributeOrganization, "Organization.FinancialHelps": data.AttributeOrganization,
	"Organization.AccommodationFamily": data.AttributeOrganization, "Organization.SocialHelpPlaces": data.AttributeOrganization,
	"Organization.TemporarySocialHelp": data.AttributeOrganization, "Organization.Accessibility": data.AttributeOrganization,
	"Organization.HealthTerritories": data.AttributeOrganization, "Organization.ORSAN": data.AttributeOrganization,
	"Organization.DropZone": data.AttributeOrganization, "Organization.Opened": data.AttributeOrganization,
	"Organization.Closed": data.AttributeOrganization, "Organization.Reopening": data.AttributeOrganization,
	"Organization.ClosingType": data.AttributeOrganization, "Organization.Founded": data.AttributeOrganization,
	"Organization.Comment": data.AttributeOrganization,
}

// unsaid are the fields that are no facts, and why two records cannot contradict each
// other by them, or may.
var unsaid = map[string]string{
	"Offer.ID":        "each has its own; the offer answers to all of them",
	"Offer.Region":    "where it was described: that of the record that comes first",
	"Offer.Created":   "an offer is as old as its oldest description",
	"Offer.Updated":   "an offer is as fresh as its freshest description",
	"Offer.Record":    "technical: that of the record that comes first",
	"Offer.Sources":   "all of them",
	"Offer.Unlisted":  "all of it; each names the resource that it was a part of",
	"Offer.Sensitive": "records of which one is sensitive are never one offer",
	"Offer.Personal":  "records that fewer may know of are never one offer with others",
	"Offer.Origins":   "of a merging before: who is believed now is told anew",

	"Place.ID":      "each source has its own; that of the place that comes first",
	"Place.Record":  "technical: that of the place that comes first",
	"Place.Quality": "told with Place.Point", "Place.Doubted": "told with Place.Point", "Place.Vouched": "told with Place.Point",

	"Capacity.Updated": "of counts of one row the last one holds",
	"Capacity.Comment": "goes with its count",

	"Practice.ID":     "each source has its own; that of the practice that comes first",
	"Practice.Record": "technical: that of the practice that comes first",
	"Practice.Person": "technical: that of the practice that comes first",

	"Organization.ID":      "of two with one id they are told",
	"Organization.Record":  "technical: that of the organization that comes first",
	"Organization.Kind":    "an entity and an establishment are never one; told by Offer.Organizations",
	"Organization.Quality": "told with Organization.Point", "Organization.Doubted": "told with Organization.Point", "Organization.Vouched": "told with Organization.Point",
	"Organization.Created": "technical: when its source first had it",
	"Organization.Updated": "technical: when its source last changed it",
}

// rankedAs are the lines of a table of precedence by which who is believed of an
// attribute is told, where it has none of its own.
var rankedAs = map[data.Attribute]string{
	data.AttributePlace: "place", data.AttributeEquipment: "place", data.AttributeBeds: "place", data.AttributeDwelling: "place",
	data.AttributeSite: "site", data.AttributeOrganization: "site",
	data.AttributeActivity: "record", data.AttributeMode: "record", data.AttributeAct: "record", data.AttributeOutsideAct: "record",
	data.AttributeSpecialisation: "record", data.AttributeResource: "record", data.AttributeCompetence: "record",
	data.AttributeAudience: "record", data.AttributeSector: "record", data.AttributeZone: "record", data.AttributeContact: "record",
	data.AttributeLine: "record", data.AttributeProfessional: "record", data.AttributeNumber: "record",
}

// rankOf returns the line of a table of precedence for an attribute.
func rankOf(a data.Attribute) string {
	if line, ok := rankedAs[a]; ok {
		return line
	}
	return a.String()
}

// comparedFields are the fields of which a struct has one value each, by their names
// in facts.
type comparedFields []comparedField

type comparedField struct {
	index     int
	fact      string // "Organization.Name"
	word      string // "name"
	attribute data.Attribute
}

// comparedOf lists the facts among the fields of a type, but for those that the walk
// treats apart.
func comparedOf(t reflect.Type, apart ...string) (list comparedFields) {
	for i := range t.NumField() {
		name := t.Name() + "." + t.Field(i).Name
		attribute, isFact := facts[name]
		if !isFact || strings.Contains(" "+strings.Join(apart, " ")+" ", " "+t.Field(i).Name+" ") {
			continue
		}
		list = append(list, comparedField{i, name, wordsOfName(t.Field(i).Name), attribute})
	}
	return list
}

var (
	fieldsOfPlace        = comparedOf(reflect.TypeFor[data.Place](), "Identifiers", "Address", "Point", "Equipment", "Capacity", "Residential", "Telecoms")
	fieldsOfPractice     = comparedOf(reflect.TypeFor[data.Practice](), "Identifiers", "Specialties", "Telecoms", "OwnTelecoms")
	fieldsOfOrganization = comparedOf(reflect.TypeFor[data.Organization](), "Identifiers", "Address", "Point", "Contacts", "Telecoms")
)

// wordsOfName turns CategoryLabel into "category label", and ORSAN into "ORSAN".
func wordsOfName(name string) string {
	if strings.ToUpper(name) == name {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
