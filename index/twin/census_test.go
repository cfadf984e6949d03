package twin

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/data"
)

// A census answers what the plain loop does, about worlds with every corner of the
// model, whoever asks and whatever.
func TestCensusIsThePlainLoop(t *testing.T) {
	worlds, questions := 20, 100
	if testing.Short() {
		worlds, questions = 10, 30
	}
	found := 0
	for seed := range uint64(worlds) {
		offers := World(700+seed, int(seed*seed))
		census := new(Census)
		for i := range offers {
			census.Add(&offers[i])
		}
		for i := range questions {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			c := comparedAsk{offers: offers, census: census, profile: r.IntN(profiles), q: Ask(r, offers), d: dice{r}}
			if c.q.At.IsZero() {
				c.q.At = c.d.instant()
			}
			if err := c.run(); err != nil {
				t.Fatalf("seed %d, question %d, profile %d: %v\n%+v", seed, i, c.profile, err, c.q)
			}
			found += Count(offers, c.profile, c.q)
		}
	}
	if found < worlds*questions {
		t.Errorf("%d answers to %d questions", found, worlds*questions)
	}
}

type comparedAsk struct {
	offers  []data.Offer
	census  *Census
	profile int
	q       Question
	d       dice
}

func (c comparedAsk) run() error {
	asked := c.census.Ask(c.profile, c.q)
	want := Nearest(c.offers, c.profile, c.q)
	for _, k := range []int{0, 1, c.d.IntN(20), len(want), len(want) + 10} {
		got := asked.Find(k)
		if !slices.Equal(got.First, want[:min(k, len(want))]) || got.Placed != len(want) {
			return fmt.Errorf("the nearest %d: %+v, want %+v", k, got, want)
		}
		if n := Count(c.offers, c.profile, c.q); got.All != n {
			return fmt.Errorf("%d of all, want %d", got.All, n)
		}
	}
	if err := c.sameCounts(asked); err != nil {
		return err
	}
	return c.sameRows(asked)
}

func (c comparedAsk) sameCounts(asked *Asked) error {
	systems := []string{"R211", "R66", "R210", "R212", "R343"}
	got, want := asked.CountBy(systems), CountBy(c.offers, c.profile, c.q, systems)
	if got.Offers != want.Offers || !maps.Equal(got.Codes, want.Codes) || !maps.Equal(got.Departements, want.Departements) ||
		!maps.Equal(got.Open, want.Open) || !maps.Equal(got.Beds, want.Beds) {
		return fmt.Errorf("counted\n%+v\nwant\n%+v", got, want)
	}
	south, west, zoom := c.d.around(50), c.d.around(170), c.d.IntN(10)
	north, east := south+c.d.Float64()*50, west+c.d.Float64()*50
	if got, want := asked.CountInCells(south, west, north, east, zoom), CountInCells(c.offers, c.profile, c.q, south, west, north, east, zoom); !maps.Equal(got, want) {
		return fmt.Errorf("counted in cells %v, want %v", got, want)
	}
	return nil
}

// sameRows asks place by place, with half of the rows left out by something else.
func (c comparedAsk) sameRows(asked *Asked) error {
	asked.Also = func(n int) bool { return n%2 == 0 }
	n := 0
	for i := range c.offers {
		o := &c.offers[i]
		for _, place := range placesOf(o) {
			if id, at := c.census.Row(n); id != o.ID || at != place {
				return fmt.Errorf("row %d is %s at %d, want %s at %d", n, id, at, o.ID, place)
			}
			suits := suits(o, place, c.profile, c.q, whatNotWhere) && n%2 == 0
			if asked.Suits(n) != suits || c.census.Knows(c.profile, n) != Exists(o, c.profile) {
				return fmt.Errorf("row %d suits: %v, want %v", n, !suits, suits)
			}
			if d, ok := asked.Distance(n); ok != hasPosition(o, place, 0, c.q) || ok && d != distance(c.q.Near, o.Places[place].Point) {
				return fmt.Errorf("row %d at %v, %v", n, d, ok)
			}
			n++
		}
	}
	if n != c.census.Rows() || len(c.offers) != c.census.Offers() {
		return fmt.Errorf("%d rows of %d offers, want %d of %d", c.census.Rows(), c.census.Offers(), n, len(c.offers))
	}
	return nil
}
