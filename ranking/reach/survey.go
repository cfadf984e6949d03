package reach

import (
	"context"
	"fmt"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
)

// Reach is how far one commune is from the nearest offer that suits.
type Reach struct {
	gazetteer.Commune
	Offer    data.ID    // "" when no offer suits, however far
	Invented bool       // the offer does not exist
	Distance geo.Meters // from the centre; it means nothing without an offer
}

// Unplaced returns how many offers carry the codes and have no position: they
// are near to nobody, and where they are the survey finds the next ones.
func Unplaced(view *index.View, codes [][]data.Code) int {
	return view.Count(index.Query{Codes: codes}) - view.Count(index.Query{Codes: codes, Within: anywhere})
}

// anywhere is farther than any two places on Earth are from each other.
const anywhere geo.Meters = 20_040_000

// Survey asks the view for the nearest offer that carries the codes (all of the
// groups, any code of each) from the centre of every commune that has one: the
// 34,870 of the gazetteer, in the order of their codes. Arrondissements are not
// asked for themselves, since their people are those of their commune. It takes
// some microseconds a commune, half a second in all.
func Survey(ctx context.Context, view *index.View, codes [][]data.Code) ([]Reach, error) {
	var reaches []Reach
	for _, c := range communes() {
		ring, err := view.Nearest(ctx, index.Query{Near: c.Centre, Codes: codes}, 1)
		if err != nil {
			return nil, fmt.Errorf("searching from %s %s: %w", c.Code, c.Name, err)
		}
		r := Reach{Commune: c}
		if len(ring.Hits) > 0 {
			o, err := view.Offer(ring.Hits[0])
			if err != nil {
				return nil, fmt.Errorf("reading %s: %w", ring.Hits[0].ID, err)
			}
			r.Offer, r.Distance, r.Invented = o.ID, ring.Hits[0].Distance, o.IsInvented()
		}
		reaches = append(reaches, r)
	}
	return reaches, nil
}

// communes returns those from which the survey asks.
func communes() []gazetteer.Commune {
	var list []gazetteer.Commune
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Placed && c.Arrondissement == 0 {
			list = append(list, c)
		}
		return true
	})
	return list
}
