package directory

import (
	"context"
	"io"
	"iter"
	"slices"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
)

// rename adds the offers that say what they did, and answer to other ids than they do
// where they are published. Where nobody is called otherwise than then, and the base has
// the aliases that it had, which are remembered, everybody answers to what they did.
func (s *Step) rename(ctx context.Context, d *Directory, remembered written) error {
	if s.told && !s.update.Renamed() {
		s.former, s.aliases = s.was, remembered
		return nil
	}
	all, err := readAliases(ctx, s.snapshot)
	if err != nil || len(all)+len(s.update.Moved)+len(s.was) == 0 {
		return err
	}
	links, err := s.update.Links()
	if err != nil {
		return err
	}
	if err := s.stand(ctx, all, links, s.update.Moved); err != nil {
		return err
	}
	others := s.former.others(s.was)
	for _, o := range s.offers {
		delete(others, o.ID)
	}
	if len(others) == 0 {
		return nil
	}
	more, err := d.merging(intake.NewLedger(io.Discard)).Look(ctx, links, records{s.snapshot}, others)
	s.offers = slices.Concat(s.offers, more)
	return err
}

// stand finds out which ids the offers answer to, and what the base has to be told.
func (s *step) stand(ctx context.Context, all aliases, is *merge.Links, moved []merge.Move) error {
	news := all.again(s.kept)
	heirs, err := s.heirs(ctx, all, is, moved)
	if err != nil {
		return err
	}
	now := is.Calling(all.ids(heirs))
	s.news = append(news, all.set(heirs, now)...)
	s.former, s.aliases = all.former(now), all.written()
	return nil
}

// heirs returns what names have become: those of offers that are no more, and those by
// which others lead to an offer.
func (s *step) heirs(ctx context.Context, all aliases, is *merge.Links, moved []merge.Move) ([]heir, error) {
	var heirs []heir
	for _, m := range slices.Concat(all.ended(s.before, is, moved), moved) {
		h := heir{name: m.From, offer: m.To}
		if m.To.ID != "" {
			o, live, err := records{s.snapshot}.Offer(ctx, m.By)
			if err != nil {
				return nil, err
			}
			if live {
				h.record = merge.Name{ID: o.ID, Class: m.To.Class}
			}
		}
		heirs = append(heirs, h)
	}
	return heirs, nil
}

// answering is all offers, with the ids that they answer to.
type answering struct {
	*merge.Linked
	step *Step
}

// Offers yields the offers.
func (a answering) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for o, err := range a.Linked.Offers(ctx) {
			if err == nil {
				a.step.former.add(o)
			}
			if !yield(o, err) {
				return
			}
		}
	}
}

// given is offers that were merged, as a source, with the ids that they answer to.
type given struct {
	offers []*data.Offer
	former former
}

// Name returns "merge".
func (given) Name() string { return "merge" }

// Offers yields copies of the offers.
func (g given) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for _, offer := range g.offers {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			o := *offer
			g.former.add(&o)
			if !yield(&o, nil) {
				return
			}
		}
	}
}
