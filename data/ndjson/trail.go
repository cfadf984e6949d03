package ndjson

import (
	"fmt"
	"strconv"
	"strings"
)

// Fault is what is wrong with one value of an offer.
type Fault struct {
	Path   string // "places[0].point.lat"; "line" for the line as a whole
	Reason string
}

// Faults is everything that is wrong with an offer, as far as it could be read.
// It is an error; none of them is empty.
type Faults []Fault

// Error returns "path: reason; path: reason".
func (f Faults) Error() string {
	parts := make([]string, len(f))
	for i, each := range f {
		parts[i] = each.Path + ": " + each.Reason
	}
	return strings.Join(parts, "; ")
}

// maxFaults is how many faults of one offer are named: more help nobody.
const maxFaults = 16

// trail is where in an offer we are, and what was wrong on the way.
type trail struct {
	steps  []step
	faults Faults
}

// step is a field, or, where it has no name, a place in a list.
type step struct {
	name  string
	index int
}

func (t *trail) enter(name string) { t.steps = append(t.steps, step{name: name}) }
func (t *trail) enterAt(index int) { t.steps = append(t.steps, step{index: index}) }
func (t *trail) leave()            { t.steps = t.steps[:len(t.steps)-1] }

func (t *trail) fault(format string, args ...any) {
	if len(t.faults) < maxFaults {
		t.faults = append(t.faults, Fault{t.path(), fmt.Sprintf(format, args...)})
	}
}

func (t *trail) path() string {
	if len(t.steps) == 0 {
		return "line"
	}
	var b strings.Builder
	for i, s := range t.steps {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case i > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

// err returns the faults as an error, nil when there are none.
func (t *trail) err() error {
	if len(t.faults) == 0 {
		return nil
	}
	return t.faults
}
