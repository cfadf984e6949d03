package data

import "strconv"

// The words of the small sets of the model, as answers and files write them:
// one list for both, so that what is read in an answer can be written in a file.
// What is unknown, or no member of the set, has none.

// word returns the word of a member, "" of none.
func word[T ~uint8](words []string, member T) string {
	if int(member) >= len(words) {
		return ""
	}
	return words[member]
}

var natureWords = []string{"", "bed", "place"}

// String returns bed or place.
func (n CapacityNature) String() string { return word(natureWords, n) }

var temporalityWords = []string{"", "now", "1h", "24h", "48h", "7d"}

// String returns now, or how long after: 1h, 24h, 48h, 7d.
func (t Temporality) String() string { return word(temporalityWords, t) }

var sexWords = []string{"", "women", "men", "either", "unknown"}

// String returns women, men, either, or unknown where that is what is written.
func (s Sex) String() string { return word(sexWords, s) }

var capacitySourceWords = []string{"", "by hand", "bed management", "statistics"}

// String returns by hand, bed management or statistics.
func (s CapacitySource) String() string { return word(capacitySourceWords, s) }

var zoneWords = []string{"", "commune", "departement", "region", "health-territory", "country"}

// String returns commune, departement, region, health-territory or country.
func (k ZoneKind) String() string { return word(zoneWords, k) }

var levelWords = []string{"", "free", "restricted", "very-restricted"}

// String returns free, restricted or very-restricted.
func (l Level) String() string { return word(levelWords, l) }

var organizationWords = []string{"", "legal-entity", "establishment", "unit"}

// String returns legal-entity, establishment or unit.
func (k OrganizationKind) String() string { return word(organizationWords, k) }

// String returns the code of the kind, R252|01 to R252|08.
func (k HoursKind) String() string {
	if k == HoursUnspecified || k > HoursClosing {
		return ""
	}
	return "R252|0" + strconv.Itoa(int(k))
}

var dayWords = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Names returns the days of the set, Sunday first: sun, mon, tue, wed, thu,
// fri, sat.
func (w Weekdays) Names() []string {
	var names []string
	for day, name := range dayWords {
		if w>>day&1 == 1 {
			names = append(names, name)
		}
	}
	return names
}
