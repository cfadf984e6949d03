package ranking

import (
	"time"

	"boussole/data"
	"boussole/index"
	"boussole/ranking/needs"
)

// What things are worth in minutes, where a need does not say so itself. They are
// settings of this project, not measurements: whoever finds a better figure
// changes it here, and nowhere else.
const (
	// HoursUnknown is what it costs that nobody said when an offer receives: the
	// time to call before one goes, and to be told to go elsewhere now and then.
	// It is the most that hours cost that are known, but old.
	HoursUnknown = 15 * time.Minute

	// ClosedForGood is what an offer costs that is closed and not known to open
	// again in the two weeks that are looked ahead: as if it might open after them.
	ClosedForGood = 15*24*time.Hour + HoursUnknown

	// ZoneUnknown is what it costs that an offer which comes to the patient is not
	// known to go to their commune: the time to ask.
	ZoneUnknown = 10 * time.Minute

	// AgeUntold is what it costs that an offer receives some of the ages only that the
	// patient may have, where nobody told theirs: the time to ask.
	AgeUntold = 3 * time.Minute

	// AgeDoubtful is what it costs that it receives none of them, by an age that is
	// assumed and not told: that of a need for children, or of a word such as "enfant".
	AgeDoubtful = 15 * time.Minute

	// AtTheCommune is what it costs that only the commune is known. The commune in
	// the middle has some 11 km² (Insee, code officiel géographique), as a disc
	// whose points are 1.2 km from its centre on average: two minutes at the pace
	// of roads in the country.
	AtTheCommune = 2 * time.Minute
)

// Curve says how a word ages.
type Curve = index.Curve

// The curves, one for each kind of fact.
var (
	// HoursAge: records of the ROR are to be gone through every year; hours that
	// nobody has confirmed for three say nothing.
	HoursAge = Curve{Fresh: 365 * 24 * time.Hour, Old: 3 * 365 * 24 * time.Hour}

	// BedsAge: of critical care they are to be told at least once a day, twice when
	// beds are scarce (ROR, interface guide), so a word is good for an hour and
	// says nothing after a day.
	BedsAge = Curve{Fresh: time.Hour, Old: 24 * time.Hour}
)

// closed is the wait at a door that is closed, for as long as it is known to be.
func closed(c *Candidate) Part {
	switch {
	case c.Facts.Open != data.No:
		return Part{}
	case c.Facts.MayOpen.IsZero():
		return Part{Reason: Closed, Time: ClosedForGood}
	}
	return Part{Reason: Closed, Time: wholeUp(c.Facts.MayOpen.Sub(c.Arrival)), Until: c.Facts.MayOpen}
}

// No source that is read tells free appointments: neither records of the ROR nor
// FINESS, SAE or RPPS. Those of town physicians are told by the aggregator of the SAS
// (INT_R01 and INT_R04, by RPPS number), and its slots carry no reference to the ROR.
// The next free slot would stand here: the wait for it in the place of the wait at the
// door where it is later, as a reason of its own, with its source and age like any fact
// that changes by the minute.

// atTheDoor is the wait at a door, and what it costs that its hours are in doubt.
//
// A door that is known to be closed is waited for until the first moment at which
// that is not known any more: unknown hours are no closed ones, and cost what they
// cost whoever arrives in them. Or it is waited for until it is known to be open,
// where that costs less: it is the least over all moments from the arrival on, of
// the wait until then and of what it costs to stand there, for nothing more where it
// is known to be open, for [HoursUnknown] where nobody knows, and not at all where it
// is known to be closed. So, all else equal, hours that are open whenever others are,
// and unknown or open whenever others are unknown, never cost more than those: who
// opens earlier never stands lower, on the eve of a public holiday either, and
// unknown hours never cost more than hours that are known to be closed.
func atTheDoor(c *Candidate) (wait, doubt Part) {
	wait, doubt = closed(c), oldHours(c)
	if c.Facts.Open == data.Yes || c.Facts.Open == data.No && c.Facts.MayOpen.Equal(c.Facts.Opens) {
		return wait, doubt
	}
	unsure := Part{Reason: HoursNotKnown, Time: HoursUnknown, Until: wait.Until}
	if c.Facts.Opens.IsZero() {
		return wait, unsure
	}
	later := Part{Reason: OpensLater, Time: wholeUp(c.Facts.Opens.Sub(c.Arrival)), Until: c.Facts.Opens}
	if later.Time+doubt.Time < wait.Time+unsure.Time {
		return later, doubt
	}
	return wait, unsure
}

// oldHours is what it costs that known hours have not been told for long. It is the
// same whether they say open or closed, so that who opens earlier never costs more.
func oldHours(c *Candidate) Part {
	if c.Facts.Told == 0 {
		return Part{Reason: HoursOld, Time: HoursUnknown}
	}
	part := Part{Reason: HoursOld, Told: c.Facts.Told.UTC()}
	part.Age = max(c.Departure.Sub(part.Told), 0)
	part.Time = HoursAge.Of(HoursUnknown, part.Age)
	return part
}

// preference is what it costs that wish i is not met.
func preference(c *Candidate, p *needs.Preference, i int) Part {
	asks := len(p.Codes) > 0 || len(p.Equipment) > 0
	switch {
	case asks && c.Facts.Lacks>>i&1 == 0:
		return Part{}
	case p.Beds:
		return freeBed(c, p)
	}
	return Part{Reason: NotPreferred, Time: p.Missing, Say: p.Say}
}

// freeBed is what it costs that no bed is known to be free. Unknown costs half of
// what none does: it is neither a yes nor a no. A word that grows old becomes
// unknown, from either side.
func freeBed(c *Candidate, p *needs.Preference) Part {
	unknown := wholeUp(p.Missing / 2)
	part := Part{Told: c.Facts.BedsTold, Say: p.Say}
	age := BedsAge.Old // where it is not dated
	if !part.Told.IsZero() {
		age = max(c.Departure.Sub(part.Told), 0)
		part.Age = age
	}
	switch c.Facts.Beds {
	case data.Yes:
		part.Reason, part.Time = BedsOld, BedsAge.Of(unknown, age)
	case data.No:
		missing := wholeUp(p.Missing)
		part.Reason, part.Time = NoFreeBed, missing-BedsAge.Of(missing-unknown, age)
	default:
		part.Reason, part.Time = BedsNotKnown, unknown
	}
	return part
}

// zone is what it costs that an offer is not known to come so far; it is the wish
// after those of preferences.
func zone(c *Candidate, wish int) Part {
	if c.Facts.Lacks>>wish&1 == 0 {
		return Part{}
	}
	return Part{Reason: MayNotCome, Time: ZoneUnknown}
}

// age is what it costs that nobody told the age of the patient, of whom it is known at
// most that it is one of some, and that the offer says which ages it receives. Of one
// that says nothing it is the same whether the age is told or not: nothing.
func age(c *Candidate, may data.AgeRange) Part {
	switch received := c.Facts.Ages; {
	case received == data.AgeRange{}, received.Holds(may):
		return Part{}
	case !received.Meets(may):
		return Part{Reason: AgeDoubted, Time: AgeDoubtful}
	}
	return Part{Reason: AgeNotTold, Time: AgeUntold}
}

// position is what it costs that nobody knows exactly where it is.
func position(c *Candidate) Part {
	if c.Facts.Quality > data.AtCommune {
		return Part{}
	}
	return Part{Reason: AtCommuneOnly, Time: AtTheCommune}
}
