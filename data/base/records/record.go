package records

import (
	"fmt"
	"slices"
	"strings"

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

// Offer returns the offer of a record.
func Offer(r *base.Record) (*data.Offer, error) {
	o, err := ndjson.Parse(r.Text)
	if err != nil {
		return nil, fmt.Errorf("record %q of %s: %w", r.ID, r.Source, err)
	}
	return &o, nil
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

// ofBase begins the name of a source that is one of several bases of the ROR.
const ofBase = "ror-"

// SourceOf returns the source in a base of the export of a base of the ROR that has
// a name: "ror-ara" of "ara".
func SourceOf(name string) string { return ofBase + name }

// NameOf returns the name of the base of the ROR that a source is, "" of another one.
func NameOf(source string) string {
	name, found := strings.CutPrefix(source, ofBase)
	if !found {
		return ""
	}
	return name
}
