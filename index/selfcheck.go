package index

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"boussole/data"
)

// checkedOffers is how many offers are asked for when a generation answers for
// itself: enough to meet each structure many times, few enough to take
// milliseconds at any size.
const checkedOffers = 48

// selfCheck asks a generation that nobody else has yet what its users will ask,
// about some offers from its first to its last and as every profile, and says
// what it does not answer as it must. A checksum tells that a file is as it was
// written; this tells that what was written can be used.
func (g *Generation) selfCheck(ctx context.Context) error {
	alone := &handle{generation: g} // no guard has it, so no view need be counted
	everyone := make([]*View, data.Profiles)
	for p := range everyone {
		everyone[p] = alone.view(data.Viewer{Profile: data.Profile(p)})
	}
	if n := everyone[allRights].Count(Query{}); n != g.offerCount() {
		return fmt.Errorf("counts %d offers and holds %d", n, g.offerCount())
	}
	n := min(g.offerCount(), checkedOffers)
	for i := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		id := g.idOf(uint32(i * (g.offerCount() - 1) / max(n-1, 1)))
		o, err := everyone[allRights].Get(string(id))
		if err := same(id, o, err); err != nil {
			return fmt.Errorf("offer %s: by its id: %w", id, err)
		}
		for _, v := range everyone {
			c := checkUp{v, &o, i}
			if err := c.run(ctx); err != nil {
				return fmt.Errorf("offer %s, profile %d: %w", id, v.viewer.Profile, err)
			}
		}
	}
	return nil
}

// allRights is the profile that sees everything.
const allRights data.Profile = 1

// checkUp is what one viewer asks about one offer. The offer is whole: what
// the viewer may see of it comes from the rules of access, not from the index.
type checkUp struct {
	view   *View
	offer  *data.Offer
	number int // of the check, so that it is not always the first code's turn
}

func (c checkUp) run(ctx context.Context) error {
	got, err := c.view.Get(string(c.offer.ID))
	if !c.sees(c.offer.Class()) {
		if !errors.Is(err, ErrNotFound) {
			return errors.New("got by its id, and must not exist")
		}
		return c.isHidden(ctx)
	}
	if err := same(c.offer.ID, got, err); err != nil {
		return fmt.Errorf("by its id: %w", err)
	}
	if err := c.answersTo(); err != nil {
		return err
	}
	for i := range c.offer.Places {
		if p := &c.offer.Places[i]; p.Placed() {
			if err := c.isNearestTo(ctx, p); err != nil {
				return fmt.Errorf("at its place %d: %w", i, err)
			}
		}
	}
	return nil
}

// isHidden looks for an offer that must not exist, by its id and where it is.
func (c checkUp) isHidden(ctx context.Context) error {
	if _, _, err := c.view.Check(string(c.offer.ID), Query{}); !errors.Is(err, ErrNotFound) {
		return errors.New("checked, and must not exist")
	}
	for i := range c.offer.Places {
		p := &c.offer.Places[i]
		if !p.Placed() {
			continue
		}
		ring, err := c.view.Nearest(ctx, Query{Near: p.Point, Within: 1}, 64)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(ring.Hits, func(h Hit) bool { return h.ID == c.offer.ID }) {
			return fmt.Errorf("found at its place %d, and must not exist", i)
		}
	}
	return nil
}

// same says how what was got is not the offer.
func same(id data.ID, got data.Offer, err error) error {
	if err == nil && got.ID != id {
		err = fmt.Errorf("got %s", got.ID)
	}
	return err
}

func (c checkUp) sees(class data.Class) bool { return c.view.viewer.Mask().Sees(class) }

// answersTo asks for one of the identifiers: it finds this offer or, where
// several answer to it, one that comes before.
func (c checkUp) answersTo() error {
	for _, id := range c.offer.Identifiers {
		if !c.sees(c.offer.ClassOfIdentifier(id)) {
			continue
		}
		got, err := c.view.Get(id.String())
		if err == nil && got.ID < c.offer.ID {
			return nil
		}
		if err := same(c.offer.ID, got, err); err != nil {
			return fmt.Errorf("by identifier %s: %w", id, err)
		}
		return nil
	}
	return nil
}

// isNearestTo asks what is at a place of the offer, with one of the codes that
// the offer carries there. No hit comes before it but those as near, which is at
// no distance, whose ids are lower: there may be hundreds at the centre of a
// commune, and then the first ring need not hold it.
func (c checkUp) isNearestTo(ctx context.Context, p *data.Place) error {
	q := Query{Near: p.Point, Within: 1, Codes: c.code(p)}
	if departement := p.Address.In(); departement != "" {
		q.Departements = []string{departement}
	}
	const size = 64
	ring, err := c.view.Search(q).Next(ctx, size)
	if err != nil {
		return err
	}
	for _, h := range ring.Hits {
		switch {
		case h.Distance == 0 && h.ID < c.offer.ID:
			continue
		case h.Distance != 0 || h.ID != c.offer.ID:
			return fmt.Errorf("%s at %v m comes before it, asked for %v in %v", h.ID, h.Distance, q.Codes, q.Departements)
		}
		return c.agree(q, h, ring)
	}
	if len(ring.Hits) < size {
		return fmt.Errorf("not found, asked for %v in %v", q.Codes, q.Departements)
	}
	return nil
}

// agree asks for the hit in the other ways that there are. Counting looks at every
// entry of a code, so it is one profile's turn for each offer.
func (c checkUp) agree(q Query, h Hit, ring Ring) error {
	got, err := c.view.Offer(h)
	if err := same(h.ID, got, err); err != nil {
		return fmt.Errorf("by its hit: %w", err)
	}
	_, failed, err := c.view.Check(string(h.ID), q)
	if err != nil {
		return err
	}
	if failed != 0 {
		return fmt.Errorf("found, and checked to fail %v", failed.Names())
	}
	if c.number%data.Profiles != int(c.view.viewer.Profile) {
		return nil
	}
	if n := c.view.Count(q); ring.Last && n != len(ring.Hits) || n < len(ring.Hits) {
		return fmt.Errorf("counts %d where it finds %d", n, len(ring.Hits))
	}
	return nil
}

// code picks one of the codes that the viewer may see at a place; none where
// there is none.
func (c checkUp) code(p *data.Place) [][]data.Code {
	var codes []data.Code
	see := func(code data.Code, class data.Class) {
		if c.sees(class) {
			codes = append(codes, code)
		}
	}
	c.offer.EachCode(see)
	c.offer.EachCodeOfPlace(p, see)
	if len(codes) == 0 {
		return nil
	}
	return [][]data.Code{{codes[c.number%len(codes)]}}
}
