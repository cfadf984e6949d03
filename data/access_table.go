package data

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// AccessTable gives every attribute of the model its rule: the one place where
// it is decided who sees what. An attribute without a row is hidden from
// everybody but profile 1, and a test fails.
//
// What stands in an organization is classed as in no field of activity, because
// merging shares it between offers of several. A place is the offer's own: its
// beds and equipment are those that this offer carries there, in its own field.
//
// Sources: "order" is the order of 26 December 2023, article 2; "mapping" the
// attribute table of the ROR implementation guide; "policy" the access profiles.
var AccessTable = []AccessRow{
	{"Offer.ID", Free, "mapping: technical id"},
	{"Offer.Identifiers", ByKindOfNumber, "policy: numbers of persons are personal data"},
	{"Offer.Region", Free, "order: description, free"},
	{"Offer.Name", Free, "order: description, free"},
	{"Offer.Type", ByCode, "mapping: the system decides"},
	{"Offer.Field", ByCode, "mapping: the system decides"},
	{"Offer.Category", ByCode, "mapping: the system decides"},
	{"Offer.Activities", ByCode, "mapping"},
	{"Offer.Family", ByCode, "mapping: the system decides"},
	{"Offer.CareModes", ByCode, "mapping: the system decides"},
	{"Offer.Characteristics", ByCode, "mapping: the system decides"},
	{"Offer.Acts", RestrictedUse, "order; mapping: profile 3 in the medico-social field only"},
	{"Offer.OutsideActs", RestrictedUse, "order; mapping: profile 3 in the medico-social field only"},
	{"Offer.Specialisations", RestrictedUse, "order; mapping: profile 3 in the medico-social field only"},
	{"Offer.Resources", RestrictedUse, "order; mapping: profile 3 in the medico-social field only"},
	{"Offer.Competences", RestrictedUse, "order; mapping: profile 3 in the medico-social field only"},
	{"Offer.Ages", Free, "order: description, free"},
	{"Offer.Audience", ByCode, "order: description, free"},
	{"Offer.NoConsent", Free, "order: description, free"},
	{"Offer.PsychiatricSectors", Free, "order: description, free"},
	{"Offer.Sensitive", Free, "seen only with a sensitive offer, hence by profile 1"},
	{"Offer.Hours", Free, "order: description, free"},
	{"Offer.Zones", Free, "order: description, free"},
	{"Offer.Contacts", ByLevel, "mapping: carried level"},
	{"Offer.Telecoms", ByLevel, "mapping: carried level"},
	{"Offer.Practices", Person, "order: professionals outside private practice are restricted"},
	{"Offer.Places", Parts, "mapping"},
	{"Offer.Organizations", Parts, "mapping"},
	{"Offer.Created", Free, "mapping: meta"},
	{"Offer.Updated", Free, "mapping: meta"},
	{"Offer.Record", Free, "mapping: technical id, meta"},
	{"Offer.Sources", Free, "mapping: meta"},
	{"Offer.Unlisted", Unclassed, "what no text names is shown to nobody but who sees everything"},
	{"Offer.Personal", Free, "seen only with the offer, hence by those who see its practices"},
	{"Offer.Origins", Parts, "as Sources, and what each said as what it says"},
	{"Origin.Source", Free, "mapping: meta; the record is for those who see the offer"},
	{"Origin.Region", Free, "mapping: meta; the record is for those who see the offer"},
	{"Origin.Record", Free, "mapping: meta; the record is for those who see the offer"},
	{"Origin.Date", Free, "mapping: meta; the record is for those who see the offer"},
	{"Origin.Said", ByClaim, "as the attribute that it tells of, by the value that was said"},
	{"Place.ID", Free, "mapping"},
	{"Place.Record", Free, "mapping: technical id, meta"},
	{"Place.Identifiers", ByKindOfNumber, "policy: numbers of persons are personal data"},
	{"Place.Alias", Free, "mapping"},
	{"Place.Name", Free, "mapping"},
	{"Place.Description", Free, "mapping"},
	{"Place.Function", ByCode, "mapping: the system decides"},
	{"Place.Status", Free, "mapping"},
	{"Place.Address", Free, "mapping"},
	{"Place.Point", Free, "mapping"},
	{"Place.Quality", Free, "mapping"},
	{"Place.Doubted", Free, "mapping"},
	{"Place.Vouched", Free, "mapping"},
	{"Place.Equipment", RestrictedUse, "order: specific equipment"},
	{"Place.Capacity", ByStatus, "order: installed is free, crisis very restricted, the rest restricted"},
	{"Place.Residential", RestrictedUse, "order: no rule names it, and it is not declared installed"},
	{"Place.Telecoms", ByPlaceLevel, "mapping: carried level; free in private practice only"},
	{"Contact.Name", Free, "by the level of the contact"},
	{"Contact.Function", Free, "by the level of the contact"},
	{"Contact.Purpose", Free, "by the level of the contact"},
	{"Contact.Description", Free, "by the level of the contact"},
	{"Contact.Level", Free, "by the level of the contact"},
	{"Contact.Telecoms", ByLevel, "mapping: carried level; the contact around it has passed already"},
	{"Practice.ID", Free, "by the rule of the practice"},
	{"Practice.Record", Free, "by the rule of the practice"},
	{"Practice.Person", Free, "by the rule of the practice"},
	{"Practice.Identifiers", Free, "by the rule of the practice"},
	{"Practice.Prefix", Free, "by the rule of the practice"},
	{"Practice.Given", Free, "by the rule of the practice"},
	{"Practice.Family", Free, "by the rule of the practice"},
	{"Practice.Profession", Free, "by the rule of the practice"},
	{"Practice.Specialties", Free, "by the rule of the practice"},
	{"Practice.Mode", Free, "by the rule of the practice"},
	{"Practice.Name", Free, "by the rule of the practice"},
	{"Practice.Contracted", Free, "by the rule of the practice"},
	{"Practice.OPTAM", Free, "by the rule of the practice"},
	{"Practice.Vitale", Free, "by the rule of the practice"},
	{"Practice.Hours", Free, "by the rule of the practice"},
	{"Practice.Telecoms", ByLevel, "mapping: carried level"},
	{"Practice.OwnTelecoms", ByLevel, "mapping: carried level"},
	{"Practice.ExerciseTitle", Free, "by the rule of the practice"},
	{"Practice.ExerciseGiven", Free, "by the rule of the practice"},
	{"Practice.ExerciseFamily", Free, "by the rule of the practice"},
	{"Organization.ID", Free, "mapping: identity, address, category, status"},
	{"Organization.Record", Free, "mapping: technical id, meta"},
	{"Organization.Kind", Free, "mapping: identity, address, category, status"},
	{"Organization.UnitType", Free, "mapping: identity, address, category, status"},
	{"Organization.Identifiers", ByKindOfNumber, "policy: numbers of persons are personal data"},
	{"Organization.Name", Free, "mapping: identity, address, category, status"},
	{"Organization.Complement", Free, "mapping: identity, address, category, status"},
	{"Organization.Alias", Free, "mapping: identity, address, category, status"},
	{"Organization.Parent", Free, "mapping: identity, address, category, status"},
	{"Organization.Category", Free, "mapping: identity, address, category, status"},
	{"Organization.CategoryLabel", Free, "mapping: identity, address, category, status"},
	{"Organization.Aggregate", Free, "mapping: identity, address, category, status"},
	{"Organization.LegalStatus", Free, "mapping: identity, address, category, status"},
	{"Organization.PublicService", Free, "mapping: identity, address, category, status"},
	{"Organization.Tariff", Free, "mapping: identity, address, category, status"},
	{"Organization.APE", Free, "mapping: identity, address, category, status"},
	{"Organization.Address", Free, "mapping: identity, address, category, status"},
	{"Organization.Point", Free, "mapping: identity, address, category, status"},
	{"Organization.Quality", Free, "mapping: identity, address, category, status"},
	{"Organization.Doubted", Free, "mapping: identity, address, category, status"},
	{"Organization.Vouched", Free, "mapping: identity, address, category, status"},
	{"Organization.Contacts", ByLevel, "mapping: carried level"},
	{"Organization.Telecoms", ByLevel, "mapping: carried level"},
	{"Organization.Prices", Free, "order: description, free"},
	{"Organization.FinancialHelps", Free, "order: description, free"},
	{"Organization.AccommodationFamily", Free, "order: description, free"},
	{"Organization.SocialHelpPlaces", Free, "order: description, free"},
	{"Organization.TemporarySocialHelp", Free, "order: description, free"},
	{"Organization.Accessibility", Free, "order: description, free"},
	{"Organization.HealthTerritories", Free, "order: description, free"},
	{"Organization.ORSAN", CrisisUse, "order: crisis data and landing zone; mapping: profiles 0, 2, 3 never"},
	{"Organization.DropZone", CrisisUse, "order: crisis data and landing zone; mapping: profiles 0, 2, 3 never"},
	{"Organization.Opened", Free, "order: description, free"},
	{"Organization.Closed", Free, "order: description, free"},
	{"Organization.Reopening", Free, "order: description, free"},
	{"Organization.ClosingType", Free, "order: description, free"},
	{"Organization.Founded", Free, "order: description, free"},
	{"Organization.Created", Free, "order: description, free"},
	{"Organization.Updated", Free, "order: description, free"},
	{"Organization.Comment", Free, "order: description, free"},
}

// AccessRules returns all that decides who sees what, as a text: it changes when
// a rule does.
func AccessRules() string {
	var b strings.Builder
	for _, row := range AccessTable {
		fmt.Fprintln(&b, row.Attribute, row.Rule)
	}
	for _, s := range Systems {
		fmt.Fprintln(&b, s.Name, s.Rule)
	}
	for _, number := range slices.Sorted(maps.Keys(NumberRules)) {
		fmt.Fprintln(&b, number, NumberRules[number])
	}
	fmt.Fprintln(&b, profileMasks)
	return b.String()
}
