package ranking

// Reason is why a part is in a cost. Numbers are never given to another reason.
type Reason uint8

// The reasons.
const (
	Other         Reason = 0 // what a delay from outside says in its own words
	OnTheWay      Reason = 1
	Coming        Reason = 2 // the way of an offer that comes to the patient
	Closed        Reason = 3 // on arrival
	HoursNotKnown Reason = 4
	HoursOld      Reason = 5 // told so long ago that they may have changed
	NoFreeBed     Reason = 6
	BedsNotKnown  Reason = 7
	BedsOld       Reason = 8 // free when it was told, which was long ago
	NotPreferred  Reason = 9
	AtCommuneOnly Reason = 10 // only the commune of the place is known
	MayNotCome    Reason = 11 // it is not known to go to that commune
	DoorToNeedle  Reason = 12 // until treatment begins at the hospital that comes first
	DoorInDoorOut Reason = 13 // until the patient leaves it again
	Transfer      Reason = 14 // the way from there
	OpensLater    Reason = 15 // it is not known to be open on arrival, and soon after it is
	AgeNotTold    Reason = 16 // the patient's, and the offer receives some ages only
	AgeDoubted    Reason = 17 // it does not receive the age that is assumed
)

// The reasons for which an offer is out, whatever it would cost.
const (
	Excluded    Reason = 20 // by the caller
	NoWay       Reason = 21 // it cannot be reached
	TooFar      Reason = 22 // the way is longer than one may go
	ClosedLong  Reason = 23 // closed on arrival, for longer than one may wait
	Lacks       Reason = 24 // it carries none of the codes that are required
	WrongAge    Reason = 25 // it does not receive patients of that age
	Elsewhere   Reason = 26 // in another territory than was asked for
	DoesNotCome Reason = 27 // it does not go to that commune
	NoEquipment Reason = 28
	NotLocated  Reason = 29 // it is not known exactly enough where it is
	OtherWords  Reason = 30 // it does not carry the words
	NoLanding   Reason = 31 // a helicopter is not known to land there

	// Longer is of an offer that suits and would take longer: by so much; by nothing
	// where only the order of equals decided.
	Longer Reason = 40
)

var reasonCodes = map[Reason]string{
	OnTheWay: "travel", Coming: "coming", Closed: "closed", HoursNotKnown: "hours-unknown", OpensLater: "opens-later", AgeNotTold: "age-unknown", AgeDoubted: "age-doubtful", HoursOld: "hours-old",
	NoFreeBed: "no-free-bed", BedsNotKnown: "beds-unknown", BedsOld: "beds-old", NotPreferred: "preference",
	DoorToNeedle: "door-to-needle", DoorInDoorOut: "door-in-door-out", Transfer: "transfer",
	AtCommuneOnly: "position-commune", MayNotCome: "zone-unknown", Excluded: "excluded", NoWay: "unreachable", TooFar: "too-far",
	ClosedLong: "closed-too-long", Lacks: "lacks", WrongAge: "age", Elsewhere: "elsewhere", DoesNotCome: "does-not-come",
	NoEquipment: "equipment", NotLocated: "position", OtherWords: "words", NoLanding: "landing-zone", Longer: "longer",
}

// OfRecord reports whether a reason rests on what the record of the offer says, or does
// not say: not on the way, nor on the question.
func (r Reason) OfRecord() bool {
	switch r {
	case Other, OnTheWay, Coming, DoorToNeedle, DoorInDoorOut, Transfer, Excluded, NoWay, TooFar, Longer:
		return false
	}
	return true
}

// OfBeds reports whether it rests on free beds, which are told by the minute and not
// with the record.
func (r Reason) OfBeds() bool { return r == NoFreeBed || r == BedsNotKnown || r == BedsOld }

// String returns the code that answers write.
func (r Reason) String() string {
	if code, ok := reasonCodes[r]; ok {
		return code
	}
	return "other"
}
