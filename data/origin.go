package data

import "strings"

// Origin is what one record says of an offer that several records make: what stands
// as it says it, and what it says otherwise. An offer of one record has none, because
// its Sources tell where all of it is from; but one that stands at the site of another
// source has that of the site.
//
// A record is seen by all who see the offer, for only such records are one offer. What
// it says is seen by those who may see the value itself.
type Origin struct {
	Source string // "fhir"
	Region string // of the base that has the record, "84"; empty for one that has none
	Record string // the source's own name for it
	Date   Date   // of the description
	Said   []Said // of whatever this viewer may see; none where that is nothing
}

// Said is what a record says, for who sees one class, of an offer or of one place or
// organization of it.
type Said struct {
	Of     ID          // the place or organization; empty for the offer itself
	Class  Class       // who may see it
	Stands []Attribute // what stands as the record says it, each once, in order; of a list, some of it
	Left   []Left      // what it says otherwise, and somebody else is believed
}

// Left is a value that was not taken.
type Left struct {
	Attribute Attribute
	Value     string // as findings of merging write it
}

// Attribute is what records are compared by, and may be believed in, when they are
// merged. Some stand for several fields of the model, see facts.go there.
type Attribute uint8

// The attributes, in the order of the model.
const (
	AttributeUnknown Attribute = iota
	AttributeName
	AttributeType
	AttributeField
	AttributeCategory
	AttributeFamily
	AttributeActivity
	AttributeMode
	AttributeCharacteristic
	AttributeAct
	AttributeOutsideAct
	AttributeSpecialisation
	AttributeResource
	AttributeCompetence
	AttributeAges
	AttributeAudience
	AttributeConsent
	AttributeSector
	AttributeHours
	AttributeZone
	AttributeContact
	AttributeLine
	AttributeProfessional
	AttributeNumber
	AttributePlace
	AttributeAddress
	AttributePosition
	AttributeEquipment
	AttributeBeds
	AttributeDwelling
	AttributeSite
	AttributeOrganization
	attributes // how many there are
)

var attributeNames = [...]string{
	"unknown", "name", "type", "field", "category", "family", "activity", "mode", "characteristic", "act",
	"outside-act", "specialisation", "resource", "competence", "ages", "audience", "consent", "sector", "hours",
	"zone", "contact", "line", "professional", "number", "place", "address", "position", "equipment", "beds",
	"dwelling", "site", "organization",
}

// String returns the attribute as a table of precedence and answers write it.
func (a Attribute) String() string {
	if a >= attributes {
		return "unknown"
	}
	return attributeNames[a]
}

// ClassOf returns the class of a value of an attribute of the offer, "Place.Equipment"
// as in [AccessTable], for those for whom the offer exists. The value is given by a
// pointer to it. What has no row there is hidden.
func (o *Offer) ClassOf(attribute string, value any) Class {
	at := o.scope()
	switch {
	case o.Sensitive:
		return SensitiveUnit
	case standsApart[attribute]:
		at = scope{}
	}
	return at.class(attributeRules[attribute], value)
}

var attributeRules = accessRules()

// standsApart are the attributes that are classed as in no field, see step.apart.
var standsApart = func() map[string]bool {
	apart := make(map[string]bool)
	for _, row := range AccessTable {
		if strings.HasPrefix(row.Attribute, "Organization.") {
			apart[row.Attribute] = true
		}
	}
	return apart
}()

// And returns the class of what stands in something of another class: who sees it
// sees both.
func (c Class) And(other Class) Class { return both(c, other) }
