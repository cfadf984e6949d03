package data

import (
	"slices"
	"strings"
	"time"

	"boussole/geo"
)

// Offer is one health or social-care service (FHIR HealthcareService, offre) of
// an establishment or a professional: what is found and ranked. A pharmacy or
// a nursing home known as a whole is an offer too; its category is among its
// codes then.
//
// Every field has a row in [AccessTable], which says who may see it. A zero
// field is unknown, unless its comment says otherwise.
type Offer struct {
	ID          ID
	Identifiers []Identifier // every identifier it answers to
	Region      Code         // R30, where it was described
	Name        string

	Type            Code   // R244
	Field           Code   // R227: FieldMCO and following
	Category        Code   // R66, of an establishment that is an offer as a whole; a service has none
	Activities      []Code // R211
	Family          Code   // J51, family of activities
	CareModes       []Code // R213
	Characteristics []Code // what else qualifies it: R236, R238, R240, R253, R286, R338, R344; SAE
	Acts            []Code // R210, specific acts
	OutsideActs     []Code // R210, acts done outside the practice
	Specialisations []Code // R245
	Resources       []Code // R350, R94, R356, resource professions
	Competences     []Code // R243

	Ages               AgeRange // patients received
	Audience           []Code   // R239
	NoConsent          State    // may treat without consent (psychiatry)
	PsychiatricSectors []string
	Sensitive          bool // its existence must not be known but to regulation

	Hours    Hours
	Zones    []Zone // where it goes to the patient
	Contacts []Contact
	Telecoms []Telecom // secure mail and lines without a named contact

	Practices     []Practice     // who practises in it
	Places        []Place        // where: none for some home services, several for mobile teams
	Organizations []Organization // what provides it: the unit first, the legal entity last

	Created Date
	Updated Date
	Record  Record // the HealthcareService that it was read from
	Sources []Provenance

	Unlisted []Unlisted // what its sources hold and the model has no place for

	Personal bool // it says no more than that somebody practises there, and exists for who may know that

	Origins []Origin // who says what of it, where several records do
}

// Fields of activity, R227.
const (
	FieldMCO         Code = "R227|01" // medicine, surgery, obstetrics
	FieldSMR         Code = "R227|02" // rehabilitation
	FieldPsychiatry  Code = "R227|03"
	FieldMedicoSoc   Code = "R227|04" // medico-social
	FieldPrivateTown Code = "R227|05" // private practice, "Ville"
)

// SourceName is how the source names what the offer was read from, or else its id.
func (o *Offer) SourceName() string {
	for i := range o.Sources {
		if name := o.Sources[i].Record; name != "" {
			return name
		}
	}
	return string(o.ID)
}

// Site returns the establishment (EG) that the offer belongs to, and false
// when it belongs to none that is known.
func (o *Offer) Site() (Organization, bool) {
	i := slices.IndexFunc(o.Organizations, func(g Organization) bool { return g.Kind == Establishment })
	if i < 0 {
		return Organization{}, false
	}
	return o.Organizations[i], true
}

// Provenance says which source described the record, and when.
type Provenance struct {
	Source string // "finess", "sae"
	Record string // the source's own name for it
	Date   Date   // of the source's edition
}

// Record is the FHIR resource that a part of an offer was read from: its name in
// its own source, and to the second what the dates of the model say to the day.
// The zero Record is that of a source that is no FHIR server.
type Record struct {
	ID      string // technical id
	Region  Code   // R30, where it was described
	Created time.Time
	Updated time.Time
}

// Unlisted is a part of a record that the model has no place for, kept as it
// was written, so that nothing is lost and it can go out again. Nobody has
// classed it, so it is hidden from all but profile 1.
type Unlisted struct {
	Of   string // resource, "Location/5253"
	Path string // where in it, "contact[0].telecom[1]"; empty is the resource itself
	JSON string // an object with the elements that are left over there
}

// Place is where an offer is given (FHIR Location). One may be shared by
// several offers; each carries its own copy, so that what is hidden in one
// offer changes nothing in another.
type Place struct {
	ID          ID
	Record      Record
	Identifiers []Identifier // ROR, bed area
	Alias       string       // nomExterneSynchro
	Name        string
	Description string // how to get there
	Function    Code   // R343
	Status      Code   // R203

	Address Address
	Point   geo.Point // meaningful unless Quality is Unplaced
	Quality Quality
	Doubted bool // the position is there but is not to be trusted (ror-coordinate-reliability false)
	Vouched bool // the source says that it is to be trusted (ror-coordinate-reliability true)

	Equipment   []Equipment
	Capacity    []Capacity
	Residential []Residence
	Telecoms    []Telecom
}

// Placed reports whether the place has a position.
func (p *Place) Placed() bool { return p.Quality != Unplaced }

// Quality says how exactly a position is known. The zero Quality is none.
type Quality uint8

// From no position at all to the building.
const (
	Unplaced      Quality = iota // no position
	AtCommune                    // somewhere in the commune, at its centre
	AtStreet                     // on the street
	AtBuilding                   // at the number of the street
	qualityLevels                // how many there are
)

// String returns none, commune, street or building.
func (q Quality) String() string {
	if q >= qualityLevels {
		return "none"
	}
	return [...]string{"none", "commune", "street", "building"}[q]
}

// Address is a postal address, in the parts that ROR and FINESS write.
type Address struct {
	CareOf     string
	Locator    string // building, stairs
	Number     string
	Suffix     string // bis, ter
	StreetType string // R, AV, as written
	Street     string
	Complement string
	Locality   string // lieu-dit
	PostBox    string
	Postcode   string
	City       string // as written for the post, CEDEX included
	Commune    string // COG code, 5 characters

	Departement string // INSEE code; see [Address.In]
	Country     string // empty is France
}

// In returns the INSEE code of the département where the address is, as
// written, or else that of the commune; "" when neither is known.
func (a Address) In() string {
	if a.Departement != "" {
		return a.Departement
	}
	return DepartementOfCommune(a.Commune)
}

// String returns the address on one line, "900 RTE DE PARIS, 01440 VIRIAT".
func (a Address) String() string {
	parts := []string{
		a.CareOf, a.Locator,
		Words(strings.Join([]string{a.Number, a.Suffix, a.StreetType, a.Street}, " ")),
		a.Complement, a.Locality, a.PostBox,
		Words(a.Postcode + " " + a.City), a.Country,
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// Equipment is a specific equipment of a place, with what limits its use.
type Equipment struct {
	Type         Code // R212
	Number       int  // in service; 0 is unknown
	OutOfService bool // the source says that none is in service; Number is 0 then
	Limits       []Limit
}

// Limit bounds the use of an equipment: 001 is the greatest weight.
type Limit struct {
	Feature Code // R340
	Value   float64
	Unit    string // "kg"
}

// Zone is a territory to which an offer travels.
type Zone struct {
	Kind ZoneKind
	Code string // COG commune, INSEE département or région, ANS health territory, country
}

// ZoneKind is the kind of a [Zone].
type ZoneKind uint8

// Kinds of zones, from small to large.
const (
	ZoneUnknown ZoneKind = iota
	ZoneCommune
	ZoneDepartement
	ZoneRegion
	ZoneHealthTerritory
	ZoneCountry
)

// Level is the confidentiality that a contact or a line carries (R283).
type Level uint8

// Levels of confidentiality. A level that is missing or unknown counts as very
// restricted.
const (
	LevelUnknown        Level = iota
	LevelFree                 // 1, visible to the public
	LevelRestricted           // 2, visible to professionals
	LevelVeryRestricted       // 3, visible to regulation and crisis management
)

// Contact is a person or a desk that can be reached about the offer.
type Contact struct {
	Name        string
	Function    Code // R251
	Purpose     Code // R287
	Description string
	Level       Level
	Telecoms    []Telecom
}

// Telecom is one line, mailbox or address of a page.
type Telecom struct {
	Channel Channel
	Value   string // a phone number in E.164 where it is French, as written elsewhere
	Usage   string
	Level   Level
	Means   Code // R200 or R256, the channel as its source writes it: mobile, alert line…
}

// Channel is the kind of a [Telecom].
type Channel uint8

// Channels.
const (
	ChannelUnknown Channel = iota
	Phone
	Fax
	Mail
	SecureMail // MSSanté
	Web
	channels
)

// String returns the channel as answers write it.
func (c Channel) String() string {
	if c >= channels {
		return "other"
	}
	return [...]string{"other", "phone", "fax", "mail", "secure-mail", "web"}[c]
}

// Practice is the practice of a professional in an offer (FHIR
// PractitionerRole with its Practitioner).
type Practice struct {
	ID          ID
	Record      Record       // of the practice
	Person      Record       // of the professional
	Identifiers []Identifier // RPPS, ADELI
	Prefix      string       // Dr
	Given       string
	Family      string
	Profession  Code
	Specialties []Code // know-how, specialty, competence, capacity, DESC…
	Mode        Code   // liberal, salaried
	Name        string // of the practice
	Contracted  Code   // secteur conventionnement
	OPTAM       State
	Vitale      State // takes the carte Vitale
	Telecoms    []Telecom
	Hours       Hours

	OwnTelecoms []Telecom // of the professional, wherever they practise: secure mail

	// The name under which they practise, where the source tells it apart.
	ExerciseTitle  Code // R11
	ExerciseGiven  string
	ExerciseFamily string
}

// OrganizationKind is the rung of an [Organization].
type OrganizationKind uint8

// Kinds of organizations, from the legal entity down.
const (
	OrganizationUnknown OrganizationKind = iota
	LegalEntity                          // EJ, entité juridique
	Establishment                        // EG, établissement
	Unit                                 // OI, organisation interne: pole, service, functional unit
)

// Organization is a legal entity (EJ), an establishment (EG) or a unit (OI).
type Organization struct {
	ID          ID
	Record      Record
	Kind        OrganizationKind
	UnitType    Code // R207, of a unit
	Identifiers []Identifier
	Name        string
	Complement  string // additional name
	Alias       string // operational name
	Parent      ID     // the unit's establishment, the establishment's legal entity

	Category      Code // R66, of an establishment
	CategoryLabel string
	Aggregate     Code // R69
	LegalStatus   Code // R72
	PublicService Code // participation in the public hospital service
	Tariff        Code // MFT
	APE           string

	Address Address
	Point   geo.Point // meaningful unless Quality is Unplaced
	Quality Quality
	Doubted bool
	Vouched bool

	Contacts []Contact
	Telecoms []Telecom

	Prices              []Price
	FinancialHelps      []Code
	AccommodationFamily State  // can put up the families of its patients
	SocialHelpPlaces    int    // permanent; 0 is unknown
	TemporarySocialHelp int    // temporary; 0 is unknown
	Accessibility       []Code // R202
	HealthTerritories   []Zone

	ORSAN    Code  // R284, level of recourse in a health crisis
	DropZone State // a helicopter can land there

	Opened      Date
	Closed      Date
	Reopening   Date
	ClosingType Code // R286
	Founded     Date // of a legal entity
	Created     Date
	Updated     Date
	Comment     string
}

// FINESS returns the FINESS number of the organization, or "".
func (g *Organization) FINESS() string {
	for _, i := range g.Identifiers {
		if i.System == SystemFINESS {
			return i.Value
		}
	}
	return ""
}

// Price is a tariff of an establishment.
type Price struct {
	Type        Code
	Residence   Code
	Special     Code
	Dependency  Code
	Welcome     Code
	Amount      float64 // euros
	Unit        string  // per day, per month; R228 as a code where the source gives one
	Valid       Period
	Description string

	Management Code   // R236
	Under60    State  // for those below 60
	Included   []Code // R264, services in the price
	Others     []string
	Additional Code // R264, the service that it pays
	Service    string
	Meal       string // its name, of a price of meals
	Help       string // its name, of a price of help at home
}

// Residence is a number of dwellings of one type in a place.
type Residence struct {
	Type   Code
	Number int
}
