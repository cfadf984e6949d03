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
)

var reasonCodes = [...]string{
	"other", "travel", "coming", "closed", "hours-unknown", "hours-old",
	"no-free-bed", "beds-unknown", "beds-old", "preference", "position-commune",
}

// String returns the code that answers write.
func (r Reason) String() string {
	if int(r) >= len(reasonCodes) {
		r = Other
	}
	return reasonCodes[r]
}
