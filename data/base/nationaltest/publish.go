package nationaltest

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"slices"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
)

// stands is what an id stands for.
type stands struct{ id, offer data.ID }

// standing is what merging says of ids, and the base not yet.
type standing struct {
	known   base.Snapshot
	again   []stands // offers that spoke for nobody, and what they stood for
	merged  []stands
	kept    int // that the base has so already
	offers  map[data.ID]bool
	trouble error
}

func (s *standing) resolve(id data.ID) data.ID {
	end, err := s.known.Resolve(id)
	s.trouble = errors.Join(s.trouble, err)
	return end
}

func (s *standing) add(o *data.Offer) {
	s.offers[o.ID] = true
	if end := s.resolve(o.ID); end != o.ID {
		s.again = append(s.again, stands{o.ID, end})
	}
	for _, alias := range aliasesOf(o) {
		if s.resolve(alias) == o.ID {
			s.kept++
			continue
		}
		s.merged = append(s.merged, stands{alias, o.ID})
	}
}

// say sets the aliases. An offer that stood for another is itself again; where the
// other is no more, it is that which now stands for the one that goes on, the first of
// them by its id, so that who knows the old id finds the offer.
func (s *standing) say(i base.Import) error {
	inherited := make(map[data.ID]data.ID)
	slices.SortFunc(s.again, func(a, b stands) int { return cmp.Compare(a.id, b.id) })
	for _, was := range s.again {
		if err := i.Alias(was.id, was.id); err != nil {
			return err
		}
		if _, known := inherited[was.offer]; !known && !s.offers[was.offer] {
			inherited[was.offer] = was.id
		}
	}
	for _, id := range slices.Sorted(maps.Keys(inherited)) {
		s.merged = append(s.merged, stands{id, inherited[id]})
	}
	for _, now := range s.merged {
		if err := i.Alias(now.id, now.offer); err != nil {
			return err
		}
	}
	return nil
}

// public is what the public sees of a directory: how many offers, and a sum over all
// of them of what they say.
type public struct {
	offers int
	sum    uint64
}

func (p *public) add(k *kit, o *data.Offer) {
	seen, ok := o.For(data.Viewer{})
	if !ok {
		return
	}
	digest := sha256.Sum256([]byte(line(k, &seen)))
	p.offers++
	p.sum += binary.BigEndian.Uint64(digest[:])
}

// publish merges what the base has, and keeps in it what stands for what. It returns
// what the public sees.
func (k *kit) publish(c *country, want *books, day data.Date) (seen public) {
	k.Helper()
	s := standing{known: k.snapshot(), offers: make(map[data.ID]bool)}
	k.merge(c.replaced, want, func(o *data.Offer) {
		s.add(o)
		seen.add(k, o)
	})
	if err := errors.Join(s.trouble, s.known.Close()); err != nil {
		k.Fatal(err)
	}
	k.take(delta("directory", day), "what stands for what", s.say, base.Counts{Aliases: want.aliases})
	if s.kept != want.aliasesBefore {
		k.Errorf("%d aliases are those of before, want %d", s.kept, want.aliasesBefore)
	}
	k.stand(want)
	return seen
}

// unhidden merges what there is without any record that the public may not know of, and
// without the older copies of one: the public sees the same, to the byte.
func (k *kit) unhidden(c *country, want public) {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	var seen public
	everybody := data.Viewer{}.Mask()
	shown := func(r *base.Record) bool { return everybody.Sees(r.Class) && !(r.Source == "ror" && c.turned[r.ID]) }
	k.eachOffer(s, intake.NewLedger(io.Discard), c.replaced, shown, func(o *data.Offer) { seen.add(k, o) })
	if seen != want {
		k.Errorf("without what is hidden the public sees %+v, and with it %+v", seen, want)
	}
}

// stand checks that every id that was merged stands for its offer.
func (k *kit) stand(want *books) {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	for id, w := range want.wants {
		for _, alias := range slices.Concat(w.aliases, w.former, []data.ID{id}) {
			if end, err := s.Resolve(alias); end != id || err != nil {
				k.Errorf("%s: %s stands for %s, not %s: %v", w.what, alias, end, id, err)
			}
		}
	}
}
