package reach_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking/needs"
	"boussole/ranking/reach"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.FixedZone("", 3600))

// hidden is where a stroke unit stands that exists for profile 1 only.
var hidden = geo.Point{Lat: 44.518, Lon: 3.5014}

// departments is a country of emergency departments, and of one stroke unit that is
// hidden from the public.
func departments(t *testing.T, points []geo.Point) *index.Guard {
	t.Helper()
	var offers []data.Offer
	add := func(p geo.Point, o data.Offer) {
		o.ID = data.NewID("o", fmt.Sprint(len(offers)))
		o.Places = []data.Place{{Point: p, Quality: data.AtStreet}}
		offers = append(offers, o)
	}
	for _, p := range points {
		add(p, data.Offer{Type: "R244|20", Activities: []data.Code{"R211|157"}})
	}
	add(hidden, data.Offer{Activities: []data.Code{"R211|356"}, Sensitive: true})
	g, err := index.New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	return index.NewGuard(g)
}

func census(t *testing.T, ids ...string) reach.Census {
	t.Helper()
	c := reach.Census{Profiles: []data.Profile{0, 1}, At: noon, Every: 400}
	for _, id := range ids {
		need, known := needs.Embedded().Need(id)
		if !known {
			t.Fatalf("there is no need %s", id)
		}
		c.Needs = append(c.Needs, need)
	}
	return c
}

// looped is the shortest way from each commune that the census asks, in whole minutes,
// and how many live there.
func looped(every int, to []geo.Point) (ways []time.Duration, people []int) {
	straight, i := geo.Straight{Ground: gazetteer.GroundAt}, -1
	gazetteer.All(func(c gazetteer.Commune) bool {
		if !c.Placed || c.Arrondissement > 0 {
			return true
		}
		if i++; i%every > 0 {
			return true
		}
		told, _ := straight.Times(context.Background(), c.Centre, to)
		shortest := time.Duration(math.MaxInt64)
		for _, way := range told {
			shortest = min(shortest, way.Time)
		}
		ways, people = append(ways, shortest.Round(time.Minute)), append(people, c.Population)
		return true
	})
	return ways, people
}

// percentile writes everybody's way out, and takes the one at so many in a hundred.
func percentile(ways []time.Duration, times []int, percent int) time.Duration {
	var all []time.Duration
	for i, way := range ways {
		all = append(all, slices.Repeat([]time.Duration{way}, times[i])...)
	}
	slices.Sort(all)
	return all[(len(all)*percent+99)/100-1]
}

// The census is a loop over communes and offers, for each need and viewer.
func TestCensusIsALoop(t *testing.T) {
	points, told := spread(), 0
	c := census(t, "emergency", "stroke")
	c.Told = func() { told++ }
	cares, err := c.Answer(context.Background(), departments(t, points))
	if err != nil {
		t.Fatal(err)
	}
	if err := reach.Nobody(cares); err != nil || told != 4 || len(cares) != 4 {
		t.Fatalf("%d answers, %d told, %v", len(cares), told, err)
	}
	want := []struct {
		need    string
		profile data.Profile
		to      []geo.Point
		rung    int
	}{
		{"emergency", 0, points, 0},
		{"stroke", 0, points, 2}, // emergency departments instead
		{"emergency", 1, points, 0},
		{"stroke", 1, []geo.Point{hidden}, 0},
	}
	for i, w := range want {
		got := &cares[i]
		ways, people := looped(c.Every, w.to)
		if got.Need.ID != w.need || got.Profile != w.profile || got.Asked != len(ways) || got.Rungs[w.rung] != len(ways) || got.Steps() != w.rung {
			t.Fatalf("%s as %d: %+v, want %s as %d, all %d on rung %d", got.Need.ID, got.Profile, got.Rungs, w.need, w.profile, len(ways), w.rung)
		}
		if (got.Emergency == got.Asked) != (w.rung > 0) || got.Water == 0 {
			t.Errorf("%s as %d: %d emergency departments, %d across water", w.need, w.profile, got.Emergency, got.Water)
		}
		each := slices.Repeat([]int{1}, len(ways))
		for _, percent := range []int{1, 50, 95, 100} {
			if got, want := got.Ways.Communes(percent), percentile(ways, each, percent); got != want {
				t.Errorf("%s as %d: %d %% of the communes within %v, want %v", w.need, w.profile, percent, got, want)
			}
			if got, want := got.Ways.People(percent), percentile(ways, people, percent); got != want {
				t.Errorf("%s as %d: %d %% of the people within %v, want %v", w.need, w.profile, percent, got, want)
			}
		}
	}
}

// Where there is nobody at all, each need is named, and where it was asked.
func TestNobodyAnswers(t *testing.T) {
	c := census(t, "emergency", "stroke")
	cares, err := c.Answer(context.Background(), departments(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	nobody := reach.Nobody(cares)
	if !errors.Is(nobody, reach.ErrNobody) {
		t.Fatalf("%v, want %v", nobody, reach.ErrNobody)
	}
	said := nobody.Error()
	for _, want := range []string{"emergency, asked as profile 0 from 88 communes, the first 01001 L'Abergement-Clémenciat", "stroke, asked as profile 0", "emergency, asked as profile 1"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "stroke, asked as profile 1") {
		t.Errorf("to profile 1 a stroke unit answers:\n%s", said)
	}
	one := cares[:1]
	one[0].Empty = one[0].Empty[:1]
	if err := reach.Nobody(one); err == nil {
		t.Error("one commune without an answer is not named")
	}
}

func TestCensusIsCancelled(t *testing.T) {
	c := census(t, "emergency", "stroke")
	ctx, cancel := context.WithCancel(context.Background())
	c.Told = cancel
	if _, err := c.Answer(ctx, departments(t, spread())); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

// The patient is one for whom the need is meant, whatever the need.
func TestAgeSuits(t *testing.T) {
	for _, need := range needs.Embedded().Needs() {
		age := reach.AgeFor(need.Public)
		if !need.Public.Suits(needs.Patient{Age: &age}) {
			t.Errorf("%s is not meant for a patient of %v", need.ID, age)
		}
	}
}

func ExamplePrintCares() {
	need, _ := needs.Embedded().Need("stroke")
	care := reach.Care{Need: need, Asked: 3, Rungs: []int{2, 1, 0, 0}, Water: 1}
	if err := reach.PrintCares(os.Stdout, []reach.Care{care}, noon); err != nil {
		fmt.Println(err)
	}
	// Output:
	// How long is the way to who can care soonest? Communes asked, each at its centre: 3. Needs: 1. As profile 0 sees,
	// on Monday 2 March 2026 at 12:00, by car, as estimated. Answers: 3, of which empty: 0.
	//
	//                        ----------- % of the communes -----------   minutes for so many of
	//                         by who           emergency        across        communes          people
	// need                    is for  relaxed    instead  steps  water     50 %   95 %     50 %   95 %
	// stroke                    66.7     33.3          -    1/3   33.3        0      0        0      0
}
