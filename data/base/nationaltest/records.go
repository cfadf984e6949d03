package nationaltest

import (
	"context"
	"iter"
	"slices"
	"strings"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/finess"
	"boussole/data/ndjson"
)

// recordOf is what the base keeps of an offer, under the name that its source has
// for it. The day of the edition is the source's, which the base knows, and not the
// record's: it would make every record another one with every file.
func recordOf(o *data.Offer) (base.Record, error) {
	text, err := ndjson.Append(nil, undated(o))
	id := string(o.ID)
	if len(o.Sources) > 0 && o.Sources[0].Record != "" {
		id = o.Sources[0].Record
	}
	return base.Record{ID: id, Text: text, Class: o.Class(), Category: kindOf(o), Date: o.Updated}, err
}

// undated is an offer without the days of editions.
func undated(o *data.Offer) *data.Offer {
	said := *o
	said.Sources = slices.Clone(o.Sources)
	for i := range said.Sources {
		said.Sources[i].Date = 0
	}
	return &said
}

func kindOf(o *data.Offer) string {
	switch {
	case len(o.Sources) > 0 && o.Sources[0].Source == finess.Name:
		return "establishment"
	case len(o.Practices) > 0:
		return "practice"
	}
	return "service"
}

// everyRecord keeps all of a snapshot.
func everyRecord(*base.Record) bool { return true }

// sourcesOf returns those records of a snapshot that keep keeps as sources, for one
// reading, in their order.
func sourcesOf(ctx context.Context, s base.Snapshot, keep func(*base.Record) bool) (list []data.Source, stop func()) {
	next, stop := iter.Pull2(s.Records(ctx))
	r := &records{next: next, keep: keep}
	for _, state := range s.Sources() {
		list = append(list, part{r, state.Name})
	}
	return list, stop
}

// records are those of a snapshot that are still to be read, the first of which may
// be in the hand.
type records struct {
	next func() (base.Record, error, bool)
	keep func(*base.Record) bool
	hand *base.Record
}

// of returns the next record of a source, nil after the last one.
func (r *records) of(source string) (*base.Record, error) {
	for r.hand == nil {
		record, err, ok := r.next()
		if err != nil || !ok {
			return nil, err
		}
		if r.keep(&record) {
			r.hand = &record
		}
	}
	if r.hand.Source != source {
		return nil, nil
	}
	record := r.hand
	r.hand = nil
	return record, nil
}

// part is the records of one source.
type part struct {
	*records
	name string
}

func (p part) Name() string { return p.name }

// BaseName is the region of an export of the ROR.
func (p part) BaseName() string {
	if region, ok := strings.CutPrefix(p.name, exportOf); ok {
		return region
	}
	return ""
}

func (p part) Offers(context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for {
			r, err := p.of(p.name)
			if err != nil {
				yield(nil, err)
			}
			if err != nil || r == nil {
				return
			}
			o, err := ndjson.Parse(r.Text)
			if !yield(&o, err) || err != nil {
				return
			}
		}
	}
}
