package needs

import (
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
)

// Need is one urgent need: what an offer must be, what it had better be, and
// what to ask for when nothing is.
//
// A need that came out of [Read] holds what this package promises: its
// requirements name public codes only, its ladder ends at emergency
// departments, no minutes are negative.
type Need struct {
	ID      string // lower-case words joined by hyphens: "stroke"
	Version int    // from 1; it grows with every change of what the need says
	Family  string // the id of its family
	Label   Text

	// Concepts are labels of the lexicon: what people say for the need stands
	// there and only there.
	Concepts []string

	Public Public
	Ask    Ask // the full requirement, before anything is relaxed

	// Preferences are what an offer had better have, and the minutes that the
	// lack of each is worth.
	Preferences []Preference

	// Windows are within which time care is of use; none where no source says so.
	Windows []Window

	// Vehicles are those that make sense, the usual one first. None of them moves
	// the patient where the offer comes to them.
	Vehicles []Vehicle

	// Comes says that the offer goes to the patient (SMUR, nurse at home): the
	// way is from the offer to where the patient is. Of each rung [Ask.Comes] says so.
	Comes bool

	Legs   *Legs  // nil where going by way of another hospital is no question
	Ladder []Step // in this order, each on top of those before; at least one

	// Cautions are said with every answer to the need.
	Cautions []Text

	Line string `json:"-"` // file and line, for whoever corrects it
}

// Text is a sentence for people, without a full stop.
type Text struct {
	French  string `json:"fr"`
	English string `json:"en"`
}

// Public is for whom a need is meant. The zero Public is everybody.
type Public struct {
	Min, Before    data.Age // of the patient: from Min, below Before; 0 is no bound
	Younger, Older string   // which need is meant for those beyond each bound; "" is none

	// Weeks of amenorrhoea, likewise.
	MinWeeks, BeforeWeeks int
	Earlier, Later        string
}

// Ask is what is asked of an offer, as far as a need says it. Where and when,
// and who the patient is, the question says.
type Ask struct {
	Groups []Group // all of them

	// AnyAge keeps offers that say they do not receive the patient's age.
	AnyAge bool

	// Comes says that what is asked for goes to the patient. A rung on which it does
	// not is for a patient who goes there, or somebody who calls: emergency
	// departments never come.
	Comes bool

	// Wait is how long at most one may wait at the door until it opens. An offer
	// that is known to be closed on arrival for longer is out; unknown hours are
	// not closed. 0 is for what must be open when the patient arrives.
	Wait time.Duration
}

// Group is codes of which an offer must carry any, at the same place as those of
// the other groups. The name is what the ladder calls it.
type Group struct {
	Name  string
	Codes []data.Code
}

// Codes returns the groups as [index.Query] asks for them.
func (a *Ask) Codes() [][]data.Code {
	codes := make([][]data.Code, len(a.Groups))
	for i, g := range a.Groups {
		codes[i] = g.Codes
	}
	return codes
}

// Preference is something an offer had better have. It is met by any of the
// codes, by any of the equipment, or by a free bed; an offer that does not meet
// it costs Missing more.
type Preference struct {
	Codes     []data.Code
	Equipment []index.Equipment

	// ByWeight says that the equipment must bear the patient where their weight
	// is told, and what stands in Equipment where it is not.
	ByWeight bool

	// OnSite is met by codes of any other visible offer at the same site too, no
	// farther than [SiteRadius]: an offer is one service, and a neurosurgeon next
	// door is another.
	OnSite bool

	// Beds is met by a bed or seat that is known to be free now, for the
	// patient's sex where it has one. Known to be full it costs Missing; unknown
	// is neither.
	Beds bool

	Missing time.Duration
	Say     Text // the reason where it is missing

	// Restricted says that the public cannot know: all that it asks for is of a
	// restricted class (acts, equipment, free beds). For viewers who see nothing
	// of it the preference MUST be left out, since every offer would miss it. Of
	// public and restricted codes together the public sees the former, which is
	// what hiding the latter means.
	Restricted bool
}

// SiteRadius is how far apart two services of one site may stand. The services of
// the hospital statistics all stand at the point of their establishment. It is a
// setting of this project.
const SiteRadius geo.Meters = 250

// Window is a time within which care is of use.
type Window struct {
	Within time.Duration
	Say    Text   // what, and from when the time counts
	Source string // who says so
}

// Legs is going to the nearest capable hospital first and on from there, against
// going straight to the one that can do everything. Both figures are a support of
// the decision, and say so.
type Legs struct {
	First []Group // the capable hospital, where treatment can begin
	Then  []Group // the specialised centre

	// Needle is from the door of the first hospital to the beginning of the
	// treatment that it can give; 0 where there is none.
	Needle Figure

	// Out is from the door of the first hospital, in, to its door, out.
	Out Figure
}

// Figure is a number of minutes and who says so.
type Figure struct {
	Time   time.Duration
	Source string
}

// Vehicle is a way to move a patient, or the crew that comes.
type Vehicle uint8

// The vehicles.
const (
	OnFoot        Vehicle = iota
	ByCar                 // one's own, a taxi, a seated patient's vehicle
	ByAmbulance           // without a physician
	ByMobileUnit          // SMUR, with siren
	ByHelicopter          // where there is a landing zone
	ByTeamAtHome          // a nurse, a physician, a team, by car to the patient
	vehiclesCount         // how many there are
)

var vehicleWords = [vehiclesCount]string{"foot", "car", "ambulance", "smur", "helicopter", "home"}

// String returns foot, car, ambulance, smur, helicopter or home.
func (v Vehicle) String() string { return vehicleWords[v] }

// Change is what a step of a ladder relaxes.
type Change uint8

// The changes.
const (
	Widen      Change = iota // a group takes more codes
	Drop                     // a group is no longer asked for
	IgnoreAge                // offers that say they do not receive the age are kept
	WaitLonger               // one may wait longer until it opens
	Emergency                // instead of all that: the nearest emergency departments
)

var changeWords = [...]string{"widen", "drop", "age", "wait", "emergency"}

// String returns widen, drop, age, wait or emergency.
func (c Change) String() string { return changeWords[c] }

// Step is one rung of the ladder: one more thing that is relaxed, and what is
// asked for then.
//
// Every offer that the step before takes, this one takes too; only an Emergency
// step asks for something else.
type Step struct {
	Change Change
	Group  string        // of Widen and Drop
	Codes  []data.Code   // of Widen: those that are new
	Wait   time.Duration // of WaitLonger: the longest
	Stays  bool          // of Widen and Drop: what is taken from here on does not come to the patient
	Say    Text          // what is being relaxed, in words for the answer
	Ask    Ask           // all that is asked for on this rung

	line int // of the file that says it
}

// Set is needs that belong together, each id once. It must not be changed; it
// is safe for concurrent use.
type Set struct {
	needs    []Need
	families []Family
	ends     map[string][]Step // ends of ladders that several needs share
	byID     map[string]int
	concepts map[string][]int // needs by the concepts they name, in order
	digest   string
}

// Family is what needs are grouped under.
type Family struct {
	ID    string
	Label Text
}

// Needs returns the needs in the order of the file. They must not be changed.
func (s *Set) Needs() []Need { return s.needs }

// Families returns the families in the order of the file.
func (s *Set) Families() []Family { return s.families }

// Need returns the need of that id.
func (s *Set) Need(id string) (*Need, bool) {
	i, ok := s.byID[id]
	if !ok {
		return nil, false
	}
	return &s.needs[i], true
}

// Digest names the whole set by what it says: of two sets with the same digest
// every need is the same. Comments do not count. Answers that are to be repeated
// carry it.
func (s *Set) Digest() string { return s.digest }
