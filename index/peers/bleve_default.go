package main

import (
	"context"
	"iter"
	"path/filepath"
	"strconv"
	"time"

	bl "github.com/blevesearch/bleve/v2"

	"boussole/data"
	"boussole/data/sample"
)

// buildDefault builds what somebody would who knows nothing of bleve but how to
// begin: its default mapping over the fields of the offers by which the engine
// finds them, made up on the way, as the engine's build has it.
func buildDefault(ctx context.Context, dir string, scale int) (time.Duration, error) {
	begin := time.Now()
	idx, err := newBleveIndex(ctx, filepath.Join(dir, "bleve-default"), bl.NewIndexMapping(),
		offerBatches(ctx, sample.Source{Scale: scale, Seed: sampleSeed}))
	if err != nil {
		return 0, err
	}
	err = idx.Close()
	return time.Since(begin), err
}

// offerBatches hands offers on as they come.
func offerBatches(ctx context.Context, source data.Source) iter.Seq2[fillBatch, error] {
	return func(yield func(fillBatch, error) bool) {
		var offers []*data.Offer
		hand := func() bool {
			list := offers
			offers = nil
			return yield(func(batch *bl.Batch) error {
				for _, o := range list {
					if err := batch.Index(string(o.ID), fieldsOf(o)); err != nil {
						return err
					}
				}
				return nil
			}, nil)
		}
		for o, err := range source.Offers(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if offers = append(offers, o); len(offers) == bleveBatch && !hand() {
				return
			}
		}
		hand()
	}
}

// textFields are the names of the fields of texts.
var textFields = [data.TextFields]string{
	data.TextName: "name", data.TextUnit: "unit", data.TextSite: "site", data.TextEntity: "entity",
	data.TextCategory: "category", data.TextCode: "code", data.TextPerson: "person", data.TextContact: "contact",
	data.TextPlace: "place", data.TextCity: "city", data.TextCommune: "commune", data.TextNumber: "number", data.TextPhone: "phone",
}

// fieldsOf are all texts of an offer, and what filters ask for.
func fieldsOf(o *data.Offer) map[string]any {
	texts := make(map[string][]string)
	add := func(field data.TextField, text string, _ data.Class) {
		texts[textFields[field]] = append(texts[textFields[field]], text)
	}
	o.EachText(add)
	fields := map[string]any{"min": float64(o.Ages.Min), "before": float64(o.Ages.Before)}
	if len(o.Places) > 0 {
		p := &o.Places[0]
		o.EachTextOfPlace(p, add)
		fields["latitude"], fields["longitude"] = p.Point.Lat, p.Point.Lon
		fields["departement"], fields["quality"], fields["free"] = p.Address.In(), strconv.Itoa(int(p.Quality)), float64(free(p))
	}
	for i := range o.Hours.Weekly {
		h := &o.Hours.Weekly[i]
		texts["hours"] = append(texts["hours"], strconv.Itoa(int(h.Days))+" "+strconv.Itoa(int(h.From))+" "+strconv.Itoa(int(h.To)))
	}
	for name, list := range texts {
		fields[name] = list
	}
	return fields
}
