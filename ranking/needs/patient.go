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
	_, beyond := p.elsewhere(patient)
	return !beyond
}

// elsewhere returns the need that is meant for a patient whom this one is not
// meant for, and whether they are one; "" is none.
func (p Public) elsewhere(patient Patient) (id string, beyond bool) {
	age, weeks := patient.Age, patient.Weeks
	switch {
	case age != nil && *age < p.Min:
		return p.Younger, true
	case age != nil && p.Before != 0 && *age >= p.Before:
		return p.Older, true
	case weeks != 0 && weeks < p.MinWeeks:
		return p.Earlier, true
	case weeks != 0 && p.BeforeWeeks != 0 && weeks >= p.BeforeWeeks:
		return p.Later, true
	}
	return "", false
}

// For returns the need of that id, or the one that is meant for the patient where
// it is not: stroke, asked for a child of four, is stroke-child. Where no need is
// meant for the patient the one asked for stands. It is false for an id that is
// not in the set.
func (s *Set) For(id string, patient Patient) (*Need, bool) {
	asked, ok := s.Need(id)
	if !ok {
		return nil, false
	}
	n := asked
	for range s.needs { // bounded, whatever the file says
		next, beyond := n.Public.elsewhere(patient)
		if !beyond {
			return n, true
		}
		if n, ok = s.Need(next); !ok {
			break
		}
	}
	return asked, true
}
