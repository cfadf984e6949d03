package needs

import "boussole/data"

// Patient is who the need is of, as far as it is told.
type Patient struct {
	Age   *data.Age // nil where it is not told
	Weeks int       // of amenorrhoea; 0 where it is not told
}

// Suits reports whether a need is meant for a patient. What is not told of them
// excludes nobody.
func (p Public) Suits(patient Patient) bool {
	if age := patient.Age; age != nil && (*age < p.Min || p.Before != 0 && *age >= p.Before) {
		return false
	}
	weeks := patient.Weeks
	return weeks == 0 || weeks >= p.MinWeeks && (p.BeforeWeeks == 0 || weeks < p.BeforeWeeks)
}

// For returns the need of that id, or the one that its public names for those
// whom it is not meant for: stroke, asked for a child of four, is stroke-child.
// Where no need is meant for the patient the one asked for stands. It is false for
// an id that is not in the set.
func (s *Set) For(id string, patient Patient) (*Need, bool) {
	asked, ok := s.Need(id)
	if !ok {
		return nil, false
	}
	n := asked
	for range s.needs { // bounded, whatever the file says
		if n.Public.Suits(patient) {
			return n, true
		}
		if n, ok = s.Need(n.Public.Otherwise); !ok {
			break
		}
	}
	return asked, true
}
