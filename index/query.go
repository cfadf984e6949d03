package index

import (
	"math/bits"
	"time"

	"boussole/data"
	"boussole/geo"
)

// Query asks for the offers that suit. Every requirement that is set must hold
// for an offer at one same place of it; the zero Query asks for everything.
//
// Unknown is neither yes nor no: an offer that does not say which ages it
// receives is kept, and [Hit.Age] says unknown; for hours the caller chooses.
type Query struct {
	// Near is where distances are measured from: View.Search always measures,
	// View.Count only when Within is set.
	Near geo.Point

	// Within is the greatest distance, included; 0 is any distance.
	Within geo.Meters

	// Codes are asked for as FHIR does: all of the groups, any code of each.
	Codes [][]data.Code

	// Departements, by INSEE code, any of them; that of the place counts.
	Departements []string

	// Age of the patient; nil when it does not matter. Offers that say they
	// do not receive it are out.
	Age *data.Age

	// Open is what is asked of the hours at the instant At.
	Open OpenRule
	At   time.Time

	mask data.Mask // who asks; only the View sets it
}

// OpenRule is what is asked of the hours.
type OpenRule uint8

// The rules, from nothing asked to known to be open.
const (
	OpenAny      OpenRule = iota // hours do not matter
	OpenPossible                 // open, or not known
	OpenYes                      // known to be open
)

// viewer returns the mask of who asks: the public's, unless a View has set
// another.
func (q *Query) viewer() data.Mask {
	if q.mask == 0 {
		return data.Viewer{}.Mask()
	}
	return q.mask
}

// Requirement is one thing that a [Query] asks for.
type Requirement uint8

// The requirements, as bits of a set.
const (
	RequireCode Requirement = 1 << iota
	RequireDepartement
	RequireAge
	RequireOpen
	RequirePosition // has a position, where distances are asked for
	RequireWithin
)

var requirementNames = []string{"code", "departement", "age", "open", "position", "within"}

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

func (r Requirement) count() int { return bits.OnesCount8(uint8(r)) }

// Hit is one offer that suits, at the nearest of its places that does.
type Hit struct {
	ID       data.ID
	Place    int // index in the offer's places as the viewer may see them
	Point    geo.Point
	Distance geo.Meters
	Age      data.State // whether it receives the age asked for; Unknown when none was

	offer uint32
}

// Ring is a batch of hits in the order of (distance, id).
type Ring struct {
	Hits []Hit

	// Horizon: no hit still to come is nearer than this.
	Horizon geo.Meters

	// Last: nothing is still to come.
	Last bool
}
