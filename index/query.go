package index

import (
	"math/bits"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index/text"
)

// Query asks for the offers that suit. Every requirement that is set must hold
// for an offer at one same place of it; the zero Query asks for everything.
//
// Unknown is neither yes nor no: an offer that does not say which ages it
// receives is kept, and [Hit.Age] says unknown; for hours and beds the caller
// chooses.
type Query struct {
	// Near is where distances are measured from: View.Search always measures,
	// View.Count only when Within is set.
	Near geo.Point

	// Anywhere says that there is no Near: View.Best does not measure then.
	Anywhere bool

	// Within is the greatest distance, included; 0 is any distance.
	Within geo.Meters

	// Codes are asked for as FHIR does: all of the groups, any code of each.
	Codes [][]data.Code

	// Words are all asked for, each as what it means in the vocabulary of the
	// generation; see [text.Parse].
	Words []text.Word

	// Departements and Communes, by INSEE code, any of each; those of the place
	// count.
	Departements []string
	Communes     []string

	// Travels is the INSEE code of a commune to which the offer goes, or the code of a
	// health territory, see [data.ZonesOver]; "" when it does not matter. Where an offer says nothing of it, it does not go.
	Travels string

	// Age of the patient; nil when it does not matter. Offers that say they
	// do not receive it are out.
	Age *data.Age

	// Open is what is asked of the hours at the instant At.
	Open Rule
	At   time.Time

	// Beds is what is asked of the beds or seats of the place.
	Beds Beds

	// Equipment is what the place must have in service, all of it.
	Equipment []Equipment

	// Quality is how exactly the position must be known, at least.
	Quality data.Quality

	mask data.Mask // who asks; only the View sets it
	live *liveRoot // what is known by the minute; only the View sets it
}

// Rule is what is asked of a fact that may be unknown.
type Rule uint8

// The rules, from nothing asked to known to be so.
const (
	RuleAny      Rule = iota // it does not matter
	RulePossible             // yes, or not known
	RuleYes                  // known to be so
)

// suits reports whether a fact in this state is what is asked for.
func (r Rule) suits(s data.State) bool {
	return r == RuleAny || s == data.Yes || r == RulePossible && s == data.Unknown
}

// Beds asks for beds or seats. The zero Beds asks for none.
//
// A row of one status counts: available now unless another is told. Rows are not
// added up, because the same beds may be told by two sources, so a place has as
// many as its best row says; rows of a crisis, and those for later, do not count.
type Beds struct {
	Rule    Rule
	AtLeast int                 // 0 is 1
	Status  data.CapacityStatus // 0 is available
	Sex     data.Sex            // of the patient, where a bed has one; 0 is any
}

// Equipment asks for a kind of equipment (R212) and what it must bear.
type Equipment struct {
	Type    data.Code
	Feature data.Code // R340: 001 is the greatest weight; "" when no limit matters
	AtLeast float64   // in the unit of the feature; an equipment without that limit is out
}

// viewer returns the mask of who asks: the public's, unless a View has set
// another.
func (q *Query) viewer() data.Mask {
	if q.mask == 0 {
		return data.Viewer{}.Mask()
	}
	return q.mask
}

// Requirement is one thing that a [Query] asks for.
type Requirement uint16

// The requirements, as bits of a set.
const (
	RequireCode Requirement = 1 << iota
	RequireDepartement
	RequireAge
	RequireOpen
	RequirePosition // has a position, where distances are asked for
	RequireWithin
	RequireCommune
	RequireTravels
	RequireBeds
	RequireEquipment
	RequireQuality
	RequireWords
)

var requirementNames = []string{
	"code", "departement", "age", "open", "position", "within",
	"commune", "travels", "beds", "equipment", "quality", "words",
}

// Names returns the names of the requirements in the set, in a fixed order.
func (r Requirement) Names() []string {
	var names []string
	for i, name := range requirementNames {
		if r>>i&1 == 1 {
			names = append(names, name)
		}
	}
	return names
}

func (r Requirement) count() int { return bits.OnesCount16(uint16(r)) }

// Hit is one offer that suits, at the nearest of its places that does.
type Hit struct {
	ID       data.ID
	Place    int // index in the offer's places as the viewer may see them
	Point    geo.Point
	Distance geo.Meters
	Age      data.State // whether it receives the age asked for; Unknown when none was

	offer, entry uint32
}

// Ring is a batch of hits in the order of (distance, id).
type Ring struct {
	Hits []Hit

	// Horizon: no hit still to come is nearer than this.
	Horizon geo.Meters

	// Last: nothing is still to come.
	Last bool
}
