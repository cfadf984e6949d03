package data

// TextField says what a text of an offer is, for those who search by words.
type TextField uint8

// The fields, in the order of the model. A commune and a code stand for their
// names too, which other packages know.
const (
	TextName     TextField = iota // of the offer
	TextUnit                      // name, complement, alias of an internal organization
	TextSite                      // the same of the establishment
	TextEntity                    // the same of the legal entity, and of what has no kind
	TextCategory                  // label of an organization's category; the code (R66) where its source gives none
	TextCode                      // code by which the offer can be asked for, or that qualifies who practises there
	TextPerson                    // name of a professional, or of their practice
	TextContact                   // name of a contact
	TextPlace                     // name, alias of a place
	TextCity                      // city, locality and postcode of a place
	TextCommune                   // commune of a place, COG
	TextNumber                    // identifier, without its system
	TextPhone                     // phone number, as the model holds it
	TextFields                    // how many there are
)

// EachText calls f with every text by which the offer can be found, never an
// empty one, and who may see it, in a fixed order; those of its places aside.
// The texts of a viewer are those whose class they see: the same that the offer
// has after [Offer.For].
func (o *Offer) EachText(f func(TextField, string, Class)) {
	w := o.texts(f)
	w.text(TextName, o.Name, offerName)
	for i := range o.Identifiers {
		w.text(TextNumber, o.Identifiers[i].Value, offerIdentifiers.of(&o.Identifiers[i]))
	}
	o.EachCode(w.code)
	for i := range o.Contacts {
		w.contact(&o.Contacts[i], offerContacts)
	}
	w.phones(o.Telecoms, offerTelecoms)
	for i := range o.Practices {
		w.under(offerPractices, &o.Practices[i]).practice(&o.Practices[i])
	}
	for i := range o.Organizations {
		inside := w.under(offerOrganizations, &o.Organizations[i])
		inside.scope = scope{} // see step.apart
		inside.organization(&o.Organizations[i])
	}
}

// EachTextOfPlace does the same for the texts of one place of the offer.
func (o *Offer) EachTextOfPlace(p *Place, f func(TextField, string, Class)) {
	w := o.texts(f).under(offerPlaces, p)
	w.text(TextPlace, p.Name, placeName)
	w.text(TextPlace, p.Alias, placeAlias)
	for i := range p.Identifiers {
		w.text(TextNumber, p.Identifiers[i].Value, placeIdentifiers.of(&p.Identifiers[i]))
	}
	o.EachCodeOfPlace(p, w.code)
	w.text(TextCity, p.Address.City, placeAddress)
	w.text(TextCity, p.Address.Locality, placeAddress)
	w.text(TextCity, p.Address.Postcode, placeAddress)
	w.text(TextCommune, p.Address.Commune, placeAddress)
	w.phones(p.Telecoms, placeTelecoms)
}

// textRule is the rule of one attribute, with the value that it looks at.
type textRule struct {
	rule  Rule
	value any
}

func ruleOf(attribute string) textRule {
	rule, ok := accessRules()[attribute]
	if !ok {
		panic("data: no row of the access table for " + attribute) // no input causes it
	}
	return textRule{rule: rule}
}

func (r textRule) of(value any) textRule { return textRule{r.rule, value} }

// The rules of the attributes that hold texts, read from [AccessTable].
var (
	offerName          = ruleOf("Offer.Name")
	offerIdentifiers   = ruleOf("Offer.Identifiers")
	offerContacts      = ruleOf("Offer.Contacts")
	offerTelecoms      = ruleOf("Offer.Telecoms")
	offerPractices     = ruleOf("Offer.Practices")
	offerOrganizations = ruleOf("Offer.Organizations")
	offerPlaces        = ruleOf("Offer.Places")

	placeName        = ruleOf("Place.Name")
	placeAlias       = ruleOf("Place.Alias")
	placeIdentifiers = ruleOf("Place.Identifiers")
	placeAddress     = ruleOf("Place.Address")
	placeTelecoms    = ruleOf("Place.Telecoms")

	contactName     = ruleOf("Contact.Name")
	contactTelecoms = ruleOf("Contact.Telecoms")

	practiceIdentifiers    = ruleOf("Practice.Identifiers")
	practicePrefix         = ruleOf("Practice.Prefix")
	practiceGiven          = ruleOf("Practice.Given")
	practiceFamily         = ruleOf("Practice.Family")
	practiceName           = ruleOf("Practice.Name")
	practiceProfession     = ruleOf("Practice.Profession")
	practiceSpecialties    = ruleOf("Practice.Specialties")
	practiceExerciseGiven  = ruleOf("Practice.ExerciseGiven")
	practiceExerciseFamily = ruleOf("Practice.ExerciseFamily")
	practiceTelecoms       = ruleOf("Practice.Telecoms")
	practiceOwnTelecoms    = ruleOf("Practice.OwnTelecoms")

	organizationIdentifiers   = ruleOf("Organization.Identifiers")
	organizationName          = ruleOf("Organization.Name")
	organizationComplement    = ruleOf("Organization.Complement")
	organizationAlias         = ruleOf("Organization.Alias")
	organizationCategory      = ruleOf("Organization.Category")
	organizationCategoryLabel = ruleOf("Organization.CategoryLabel")
	organizationContacts      = ruleOf("Organization.Contacts")
	organizationTelecoms      = ruleOf("Organization.Telecoms")
)

// textWalk goes through the texts of one part of an offer.
type textWalk struct {
	f     func(TextField, string, Class)
	scope scope
	class Class // of the part: nobody sees what is in it who does not see it
}

func (o *Offer) texts(f func(TextField, string, Class)) textWalk {
	return textWalk{f: f, scope: o.scope(), class: o.Class()}
}

// under returns the walk of a part that stands under a rule of its own.
func (w textWalk) under(r textRule, value any) textWalk {
	w.class = both(w.class, w.scope.class(r.rule, value))
	return w
}

func (w textWalk) text(field TextField, text string, r textRule) {
	if text != "" {
		w.f(field, text, both(w.class, w.scope.class(r.rule, r.value)))
	}
}

// code takes a code with the class that EachCode gives it.
func (w textWalk) code(c Code, class Class) { w.f(TextCode, string(c), both(w.class, class)) }

func (w textWalk) phones(lines []Telecom, r textRule) {
	for i := range lines {
		if lines[i].Channel == Phone {
			w.text(TextPhone, lines[i].Value, r.of(&lines[i]))
		}
	}
}

func (w textWalk) contact(c *Contact, r textRule) {
	inside := w.under(r, c)
	inside.text(TextContact, c.Name, contactName)
	inside.phones(c.Telecoms, contactTelecoms)
}

func (w textWalk) practice(p *Practice) {
	w.text(TextPerson, p.Prefix, practicePrefix)
	w.text(TextPerson, p.Given, practiceGiven)
	w.text(TextPerson, p.Family, practiceFamily)
	w.text(TextPerson, p.ExerciseGiven, practiceExerciseGiven)
	w.text(TextPerson, p.ExerciseFamily, practiceExerciseFamily)
	w.text(TextPerson, p.Name, practiceName)
	for i := range p.Identifiers {
		w.text(TextNumber, p.Identifiers[i].Value, practiceIdentifiers.of(&p.Identifiers[i]))
	}
	w.text(TextCode, string(p.Profession), practiceProfession.of(&p.Profession))
	for i := range p.Specialties {
		w.text(TextCode, string(p.Specialties[i]), practiceSpecialties.of(&p.Specialties[i]))
	}
	w.phones(p.Telecoms, practiceTelecoms)
	w.phones(p.OwnTelecoms, practiceOwnTelecoms)
}

func (w textWalk) organization(g *Organization) {
	field := TextEntity
	switch g.Kind {
	case Establishment:
		field = TextSite
	case Unit:
		field = TextUnit
	}
	w.text(field, g.Name, organizationName)
	w.text(field, g.Complement, organizationComplement)
	w.text(field, g.Alias, organizationAlias)
	if g.CategoryLabel != "" {
		w.text(TextCategory, g.CategoryLabel, organizationCategoryLabel)
	} else {
		w.text(TextCategory, string(g.Category), organizationCategory.of(&g.Category))
	}
	for i := range g.Identifiers {
		w.text(TextNumber, g.Identifiers[i].Value, organizationIdentifiers.of(&g.Identifiers[i]))
	}
	for i := range g.Contacts {
		w.contact(&g.Contacts[i], organizationContacts)
	}
	w.phones(g.Telecoms, organizationTelecoms)
}

// both returns the class of what is seen by those who see both: that of the
// same profiles or, should there be none, [SensitiveUnit], which shows no more.
func both(a, b Class) Class {
	if a == b {
		return a
	}
	return bothClasses[a][b]
}

var bothClasses = func() (table [Classes][Classes]Class) {
	for a := range Classes {
		for b := range Classes {
			table[a][b] = strictest(a, b)
		}
	}
	return table
}()

func strictest(a, b Class) Class {
	seen := seers(a) & seers(b)
	for _, c := range []Class{a, b} { // the values' own, where they say it
		if seers(c) == seen {
			return c
		}
	}
	for c := range Classes {
		if seers(c) == seen {
			return c
		}
	}
	return SensitiveUnit
}

// seers is the set of the profiles that see a class.
func seers(c Class) (set uint8) {
	for p, mask := range profileMasks {
		if mask.Sees(c) {
			set |= 1 << p
		}
	}
	return set
}
