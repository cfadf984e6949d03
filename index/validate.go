package index

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"boussole/data"
)

// ErrOffer is wrapped by errors about an offer that cannot be indexed.
var ErrOffer = errors.New("offer cannot be indexed")

// validate is the door: what passes it can be searched, answered and read back.
// It names every fault.
func validate(o *data.Offer) error {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !o.ID.PathSafe() {
		fault("the id is empty, too long or not path-safe")
	}
	for i := range o.Places {
		p := &o.Places[i]
		if err := p.Point.Validate(); err != nil {
			fault("place %d: %v", i, err)
		}
		if p.Quality > data.AtBuilding {
			fault("place %d has the position quality %d", i, p.Quality)
		}
		for _, row := range p.Capacity {
			if row.Number < 0 {
				fault("place %d has %d beds", i, row.Number)
			}
		}
	}
	if r := o.Ages; r.Min < 0 || r.Before < 0 || r.Before != 0 && r.Before <= r.Min {
		fault("ages from %d before %d minutes", r.Min, r.Before)
	}
	checkHours(&o.Hours, fault)
	for i := range o.Practices {
		checkHours(&o.Practices[i].Hours, fault)
	}
	if !finite(reflect.ValueOf(o).Elem()) {
		fault("a number is infinite or none")
	}
	if faults == nil {
		return nil
	}
	return fmt.Errorf("offer %q: %s: %w", o.ID, strings.Join(faults, "; "), ErrOffer)
}

func checkHours(h *data.Hours, fault func(string, ...any)) {
	check := func(from, to data.Minute) {
		if from < 0 || from >= data.Midnight || to < 0 || to > data.Midnight {
			fault("hours from minute %d to %d of a day", from, to)
		}
	}
	for _, o := range h.Weekly {
		check(o.From, o.To)
	}
	for _, e := range h.Exceptions {
		for _, s := range e.Spans {
			check(s.From, s.To)
		}
	}
}

// finite reports whether every floating-point number in v is one: no answer can
// be written with another.
func finite(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Float64:
		return !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0)
	case reflect.Slice:
		for i := range v.Len() {
			if !finite(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		if v.Type() == timeType {
			return true
		}
		for i := range v.NumField() {
			if !finite(v.Field(i)) {
				return false
			}
		}
	}
	return true
}
