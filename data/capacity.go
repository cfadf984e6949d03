package data

import "time"

// Capacity counts beds or places of one kind in one place (ror-location-
// supported-capacity). Its identity is every field but Number, Updated and
// Comment: one place has many rows.
type Capacity struct {
	Nature      CapacityNature
	Status      CapacityStatus
	Temporality Temporality
	Sex         Sex
	Number      int
	Source      CapacitySource
	Assignment  uint8 // R337: 1 none, 2 Covid+, 3 Covid-
	Closing     uint8 // R333: 1 can be reopened, 2 cannot, 3 unknown
	Additional  uint8 // R334: 1 mobilised, 2 without staff, 3 with staff
	Crisis      uint8 // R336: 1 PMIE 1, 2 SSE (plan blanc)
	Updated     time.Time
	Comment     string
}

// CapacityNature is what is counted (R329).
type CapacityNature uint8

// Natures of capacity.
const (
	NatureUnknown CapacityNature = iota
	Bed
	Seat // "place": of a day hospital, of a service at home
)

// CapacityStatus is the state of what is counted (R330).
type CapacityStatus uint8

// Statuses, by their R330 codes.
const (
	CapacityUnknown     CapacityStatus = iota
	Installed                          // 01
	Available                          // 02: a patient can be put in now
	Occupied                           // 03
	Reserved                           // 04: a patient is expected within 24 h
	ClosedBeds                         // 05
	Supplementary                      // 06: of a crisis
	Operational                        // 07, deprecated
	InstalledChecked                   // 08, FINESS
	Authorised                         // 09, FINESS
	capacityStatusCount                // how many there are
)

var capacityStatusNames = [...]string{
	"unknown", "installed", "available", "occupied", "reserved", "closed",
	"supplementary", "operational", "installed-checked", "authorised",
}

// String returns the status as answers write it.
func (s CapacityStatus) String() string {
	if s >= capacityStatusCount {
		return "unknown"
	}
	return capacityStatusNames[s]
}

// CapacityStatusNames returns the words of all statuses but unknown.
func CapacityStatusNames() []string { return capacityStatusNames[Installed:] }

// ParseCapacityStatus reads what [CapacityStatus.String] writes, unknown aside.
func ParseCapacityStatus(text string) (CapacityStatus, bool) {
	for i, name := range capacityStatusNames {
		if name == text && i > 0 {
			return CapacityStatus(i), true
		}
	}
	return 0, false
}

// Temporality is when the count holds (R331).
type Temporality uint8

// Temporalities, by their R331 codes.
const (
	TemporalityUnknown Temporality = iota
	Current
	InAnHour
	InADay
	InTwoDays
	InAWeek
)

// Sex is that of the patients a bed can take (R332).
type Sex uint8

// Sexes, by their R332 codes; SexUnspecified where none is written.
const (
	SexUnspecified Sex = iota
	Women
	Men
	EitherSex
	SexUnknown
)

// CapacitySource is who counted (R335).
type CapacitySource uint8

// Sources of capacity; Statistics is outside R335, for yearly statistics.
const (
	CapacitySourceUnknown CapacitySource = iota
	ByHand
	BedManagement
	Statistics
)
