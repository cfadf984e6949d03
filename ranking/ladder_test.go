package ranking_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// ofNeeds is a country in which each offer carries what some rung of some need
// asks for, or most of it.
func ofNeeds(r *rand.Rand, all []needs.Need, n int) []data.Offer {
	var offers []data.Offer
	for i := range n {
		o := at(fmt.Sprintf("offer-%04d", i), r.Float64()*60)
		o.Activities = nil
		o.Places[0].Point = geo.Point{Lat: home.Lat + r.NormFloat64()/2, Lon: home.Lon + r.NormFloat64()/2}.Rounded()
		need := &all[r.IntN(len(all))]
		asks := []needs.Ask{need.Ask}
		for _, s := range need.Ladder {
			asks = append(asks, s.Ask)
		}
		for _, g := range asks[r.IntN(len(asks))].Groups {
			if r.IntN(8) > 0 {
				o.Characteristics = append(o.Characteristics, g.Codes[r.IntN(len(g.Codes))])
			}
		}
		o.Hours = [...]data.Hours{{}, daily(0, data.Midnight), daily(8*60, 12*60), daily(20*60, 23*60)}[r.IntN(4)]
		if r.IntN(3) == 0 {
			o.Ages = data.AgeRange{Min: data.Age(r.IntN(20)) * data.AgeYear, Before: data.Age(20+r.IntN(80)) * data.AgeYear}
		}
		o.Sensitive = r.IntN(10) == 0
		offers = append(offers, o)
	}
	return offers
}

// suitsAsk says whether an offer is what a rung asks for, from its record as it is
// seen.
func suitsAsk(o *data.Offer, ask *needs.Ask, age *data.Age, timer winding) bool {
	carried := map[data.Code]bool{}
	note := func(c data.Code, _ data.Class) { carried[c] = true }
	o.EachCode(note)
	for _, g := range ask.Groups {
		if !slices.ContainsFunc(g.Codes, func(c data.Code) bool { return carried[c] }) {
			return false
		}
	}
	if age != nil && !ask.AnyAge && o.Ages.Receives(*age) == data.No {
		return false
	}
	return timer.time(home, o.Places[0].Point).Reachable
}

// waits is how long one stands before a door that is known to be closed.
func waits(o *data.Offer, comes bool, timer winding) time.Duration {
	arrival := noon
	if !comes {
		arrival = noon.Add((timer.time(home, o.Places[0].Point).Time + 30*time.Second).Truncate(time.Minute))
	}
	open := o.OpenAt(arrival, o.Territory(&o.Places[0]))
	if open.State != data.No {
		return 0
	}
	if open.Opens.IsZero() {
		return 15 * 24 * time.Hour
	}
	return open.Opens.Sub(arrival)
}

// Nothing is relaxed that need not be: the rung is the first that any offer
// suits, whatever the need, the country, the patient and the viewer, and no answer
// is empty while there is anything to find.
func TestRelaxationIsMinimal(t *testing.T) {
	all := needs.Embedded().Needs()
	rungs := map[int]int{}
	emergencies := 0
	countries := 60
	if testing.Short() {
		countries = 12
	}
	for seed := range uint64(countries) {
		r := rand.New(rand.NewPCG(seed, 77))
		offers := ofNeeds(r, all, 5+r.IntN(60))
		guard := guarded(t, offers)
		timer := winding{seed: seed, unreachable: 5}
		f := ranking.Finder{Timer: timer}
		for i := range all {
			need := &all[i]
			profile := data.Profile([]int{0, 1, 3}[r.IntN(3)])
			seen := asSeen(offers, int(profile))
			age := data.Age(r.IntN(90)) * data.AgeYear
			c := ranking.Case{Need: need, Patient: needs.Patient{Age: &age}}
			view := guard.As(data.Viewer{Profile: profile})
			got, err := f.Serve(context.Background(), view, c, ranking.Question{Query: index.Query{Near: home, At: noon}, Limit: 3})
			view.Close()
			if err != nil {
				t.Fatal(err)
			}
			want := firstRung(need, seen, &age, timer)
			rung := len(got.Relaxed.Steps)
			if got.Relaxed.Limits {
				rung++
			}
			if rung != want || len(got.Choices) == 0 != (want > len(need.Ladder)) {
				t.Fatalf("country %d, %s for %v: %d choices on rung %d of %d, want %d", seed, need.ID, age, len(got.Choices), rung, len(need.Ladder), want)
			}
			rungs[rung]++
			if got.Relaxed.Emergency {
				emergencies++
			}
		}
	}
	t.Logf("answers by rung: %v, %d of them emergency departments instead", rungs, emergencies)
	if rungs[0] == 0 || rungs[1] == 0 || rungs[2] == 0 || emergencies == 0 {
		t.Errorf("rungs %v, %d emergencies: some were not met", rungs, emergencies)
	}
}

// firstRung tries them one by one, on all offers.
func firstRung(need *needs.Need, seen map[data.ID]*data.Offer, age *data.Age, timer winding) int {
	asks := []*needs.Ask{&need.Ask}
	for i := range need.Ladder {
		asks = append(asks, &need.Ladder[i].Ask)
	}
	for rung, ask := range asks {
		for _, o := range seen {
			if suitsAsk(o, ask, age, timer) && waits(o, need.Comes, timer) <= ask.Wait {
				return rung
			}
		}
	}
	return len(asks)
}

// Limits of the caller go last, and are said to be gone.
func TestLimitsAreRelaxedLast(t *testing.T) {
	stroke, ok := needs.Embedded().Need("stroke")
	if !ok {
		t.Fatal("there is no need for strokes")
	}
	unit := at("unit", 40, func(o *data.Offer) {
		o.Type = "R244|263"
		o.Activities = []data.Code{"R211|356"}
	})
	ward := at("emergency", 60, func(o *data.Offer) {
		o.Type = "R244|20"
		o.CareModes = []data.Code{"R213|33"}
	})
	age := 70 * data.AgeYear
	c := ranking.Case{Need: stroke, Patient: needs.Patient{Age: &age}}
	for _, x := range []struct {
		name   string
		offers []data.Offer
		within geo.Meters
		want   string
	}{
		{"all that is asked for", []data.Offer{unit, ward}, 0, "unit 0 false false"},
		{"no stroke unit", []data.Offer{ward}, 0, fmt.Sprint("emergency ", len(stroke.Ladder)-1, " true false")},
		{"within a radius in which there is nothing", []data.Offer{unit, ward}, 5000, fmt.Sprint("emergency ", len(stroke.Ladder), " true true")},
	} {
		view := guarded(t, x.offers).As(data.Viewer{})
		f := ranking.Finder{Timer: slow{12}}
		got, err := f.Serve(context.Background(), view, c, ranking.Question{Query: index.Query{Near: home, At: noon, Within: x.within}})
		view.Close()
		if err != nil || len(got.Choices) != 1 {
			t.Fatal(x.name, got, err)
		}
		said := fmt.Sprint(got.Choices[0].ID, " ", len(got.Relaxed.Steps), " ", got.Relaxed.Emergency, " ", got.Relaxed.Limits)
		if said != x.want {
			t.Errorf("%s: %s, want %s", x.name, said, x.want)
		}
	}
}
