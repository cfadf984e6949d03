package settings

import "strings"

// Repeated is a flag that may be given several times. What is given takes the
// place of the values that it has before, its defaults.
type Repeated struct {
	Values []string
	given  bool
}

// String joins the values by blanks.
func (r *Repeated) String() string { return strings.Join(r.Values, " ") }

// Set adds a value. It never fails: all that is wrong is named at once, by the
// check of [Parse].
func (r *Repeated) Set(value string) error {
	if !r.given {
		r.Values, r.given = nil, true
	}
	r.Values = append(r.Values, value)
	return nil
}
