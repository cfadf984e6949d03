package records

import (
	"slices"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/finess"
	"boussole/data/ndjson"
	"boussole/data/rpps"
)

// Categories of records, by which retention is told.
const (
	Practice      = "practice"      // of a professional
	Establishment = "establishment" // as a whole
	Service       = "service"       // any other
)

// Of returns the record of an offer. One that is not legal in the model is an error
// of the type [ndjson.Faults].
func Of(o *data.Offer) (base.Record, error) {
	kept := *o
	kept.Sources = undated(o)
	text, err := ndjson.Append(nil, &kept)
	return base.Record{ID: string(o.ID), Text: text, Class: o.Class(), Category: categoryOf(o), Date: o.Updated}, err
}

// undated returns the provenances with the day on which the record was changed in the
// place of that of the edition, where editions come by the day.
func undated(o *data.Offer) []data.Provenance {
	sources := slices.Clone(o.Sources)
	for i := range sources {
		if s := &sources[i]; s.Source == finess.Name || s.Source == rpps.Name {
			s.Date = o.Updated
		}
	}
	return sources
}

func categoryOf(o *data.Offer) string {
	switch {
	case o.Personal, o.Field == data.FieldPrivateTown && len(o.Practices) > 0:
		return Practice
	case o.Category != "":
		return Establishment
	}
	return Service
}
