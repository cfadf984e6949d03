package ranking_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
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
	if open.MayOpen.IsZero() {
		return 15*24*time.Hour + 15*time.Minute
	}
	return open.MayOpen.Sub(arrival)
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
			if rung != min(want, len(need.Ladder)) || got.Relaxed.Limits || len(got.Choices) == 0 != (want > len(need.Ladder)) {
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
			if suitsAsk(o, ask, age, timer) && waits(o, ask.Comes, timer) <= ask.Wait {
				return rung
			}
		}
	}
	return len(asks)
}

// Limits of the caller are given up before any requirement of the need where there
// is nothing within them on any rung, and after all of them where there is; that
// they are gone is said.
func TestLimitsAreRelaxedWhole(t *testing.T) {
	stroke := needNamed(t, "stroke")
	unit := at("unit", 40, func(o *data.Offer) {
		o.Type = "R244|263"
		o.Activities = []data.Code{"R211|356"}
	})
	ward := at("emergency", 60, emergencies)
	c := ranking.Case{Need: stroke, Patient: needs.Patient{Age: years(70)}}
	end := fmt.Sprint(len(stroke.Ladder) - 1)
	for _, x := range []struct {
		name   string
		offers []data.Offer
		limit  func(*ranking.Question)
		want   string
	}{
		{"all that is asked for", []data.Offer{unit, ward}, nil, "unit 0 false false"},
		{"no stroke unit", []data.Offer{ward}, nil, "emergency " + end + " true false"},
		{"a radius with an emergency department alone", []data.Offer{at("unit", 80, carrying("R211|356")), ward}, within(70_000), "emergency " + end + " true false"},
		{"a radius in which there is nothing", []data.Offer{unit, ward}, within(5000), "unit 0 false true"},
		{"a time in which one comes nowhere", []data.Offer{unit, ward}, func(q *ranking.Question) { q.LongestTravel = time.Minute }, "unit 0 false true"},
		{"a radius in which there is nothing, and no stroke unit", []data.Offer{ward}, within(5000), "emergency " + end + " true true"},
		{"nothing at all", nil, within(5000), "nobody " + fmt.Sprint(len(stroke.Ladder)) + " true true"},
		{"nothing at all, and no limits", nil, nil, "nobody " + fmt.Sprint(len(stroke.Ladder)) + " true false"},
	} {
		q := ranking.Question{Query: index.Query{Near: home, At: noon}}
		if x.limit != nil {
			x.limit(&q)
		}
		got := serve(t, ranking.Finder{Timer: slow{12}}, x.offers, c, q)
		who := data.ID("nobody")
		if len(got.Choices) > 0 {
			who = got.Choices[0].ID
		}
		said := fmt.Sprint(who, " ", len(got.Relaxed.Steps), " ", got.Relaxed.Emergency, " ", got.Relaxed.Limits)
		if said != x.want {
			t.Errorf("%s: %s, want %s", x.name, said, x.want)
		}
	}
}

func within(d geo.Meters) func(*ranking.Question) {
	return func(q *ranking.Question) { q.Query.Within = d }
}

func years(n int) *data.Age {
	age := data.Age(n) * data.AgeYear
	return &age
}

func emergencies(o *data.Offer) {
	o.Type = "R244|20"
	o.Activities = []data.Code{"R211|157"}
	o.CareModes = []data.Code{"R213|33"}
}

func needNamed(t *testing.T, id string) *needs.Need {
	t.Helper()
	n, ok := needs.Embedded().Need(id)
	if !ok {
		t.Fatalf("there is no need %s", id)
	}
	return n
}

func serve(t *testing.T, f ranking.Finder, offers []data.Offer, c ranking.Case, q ranking.Question) ranking.Answer {
	t.Helper()
	view := guarded(t, offers).As(data.Viewer{})
	defer view.Close()
	got, err := f.Serve(context.Background(), view, c, q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Who comes, comes; emergency departments and health centres never do, and one does
// not ask them whether they go to the patient's commune.
func TestWhoComesOnEachRung(t *testing.T) {
	centre := at("centre", 6, func(o *data.Offer) { o.Category = "R66|124" })
	nurses := at("nurses", 6, func(o *data.Offer) { o.Type = "R244|28" })
	for _, x := range []struct {
		need  string
		offer data.Offer
		comes bool
	}{
		{"smur", at("smur", 6, carrying("R211|136")), true},
		{"smur", at("team", 6, func(o *data.Offer) { o.Type = "R244|247" }), true},
		{"smur", at("ward", 6, emergencies), false},
		{"arrest", at("samu", 6, carrying("R211|273")), false},
		{"nurse", nurses, true},
		{"nurse", centre, false},
		{"nurse", at("ward", 6, emergencies), false},
		{"home-visit", at("surgery", 6, carrying("R211|437")), false},
	} {
		c := ranking.Case{Need: needNamed(t, x.need), Patient: needs.Patient{Age: years(70)}}
		got := serve(t, ranking.Finder{}, []data.Offer{x.offer}, c, ranking.Question{Query: index.Query{Near: home, At: noon}, Commune: "48095"})
		if len(got.Choices) != 1 {
			t.Fatalf("%s: %+v", x.need, got)
		}
		asked := slices.ContainsFunc(got.Choices[0].Parts, func(p ranking.Part) bool { return p.Reason == ranking.MayNotCome })
		if comes := got.Choices[0].Parts[0].Reason == ranking.Coming; comes != x.comes || asked != x.comes {
			t.Errorf("%s: %s comes: %v, is asked whether: %v, want %v", x.need, x.offer.ID, comes, asked, x.comes)
		}
	}
}

// A unit that is excluded is told of, also where the answer is of another rung.
func TestPassedOverOfTheNeedItself(t *testing.T) {
	unit := at("unit", 2, carrying("R211|356"), func(o *data.Offer) { o.Type = "R244|263" })
	c := ranking.Case{Need: needNamed(t, "stroke"), Patient: needs.Patient{Age: years(70)}}
	q := ranking.Question{Query: index.Query{Near: home, At: noon}, PassedOver: 20, Excluded: []data.ID{"unit"}}
	got := serve(t, ranking.Finder{}, []data.Offer{unit, at("ward", 6, emergencies)}, c, q)
	if len(got.Choices) != 1 || got.Choices[0].ID != "ward" || len(got.PassedOver) != 1 || got.PassedOver[0].ID != "unit" || got.PassedOver[0].Why[0].Reason != ranking.Excluded {
		t.Errorf("%+v", got)
	}
}

// Of what the caller would wait and what the need lets one wait the shorter counts.
func TestTheShorterWaitCounts(t *testing.T) {
	pharmacy := needNamed(t, "pharmacy") // where one may wait for an hour
	closed := at("closed", 6, openFrom(12*60+40, 22*60), func(o *data.Offer) { o.Category = "R66|620" })
	for minutes, want := range map[int]bool{0: false, 10: false, 60: true, 600: true} {
		wait := time.Duration(minutes) * time.Minute
		q := ranking.Question{Query: index.Query{Near: home, At: noon}, LongestWait: &wait}
		got := serve(t, ranking.Finder{}, []data.Offer{closed}, ranking.Case{Need: pharmacy}, q)
		if len(got.Choices) != 1 || got.Relaxed.Limits == want {
			t.Errorf("%d minutes: %+v", minutes, got)
		}
	}
}

// What a rung leaves in doubt, the answer of the next one does not prove: a unit that
// was not read for want of budget, or whose way the router did not tell.
func TestRungsShareTheirDoubts(t *testing.T) {
	unit := func(o *data.Offer) {
		o.Type = "R244|263"
		o.Activities = []data.Code{"R211|356"}
	}
	c := ranking.Case{Need: needNamed(t, "stroke"), Patient: needs.Patient{Age: years(70)}}
	q := ranking.Question{Query: index.Query{Near: home, At: noon}, Excluded: []data.ID{"near", "nearer"}}
	offers := []data.Offer{at("nearer", 1, unit), at("near", 2, unit), at("next", 4, unit), at("ward", 6, emergencies)}
	got := serve(t, ranking.Finder{Budget: 2}, offers, c, q)
	if got.Complete || len(got.Choices) != 1 || got.Choices[0].ID != "ward" {
		t.Errorf("a budget that was spent on the rungs before: %+v", got)
	}
	got = serve(t, ranking.Finder{Timer: downFor{4}}, []data.Offer{at("unit", 4, unit), at("ward", 6, emergencies)}, c, q)
	if len(got.Choices) != 1 || got.Choices[0].ID != "ward" || !slices.Equal(got.Degraded, []string{"travel"}) {
		t.Errorf("a router that did not tell the way to the unit: %+v", got)
	}
}

// downFor does not tell the way to what is so many kilometres away, and guesses that
// there is none.
type downFor struct{ km float64 }

func (d downFor) Times(_ context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	travels := make([]geo.Travel, len(to))
	for i, p := range to {
		travels[i] = geo.Travel{Time: 10 * time.Minute, Reachable: true}
		if math.Abs(float64(geo.Distance(from, p))/1000-d.km) < 0.5 {
			travels[i] = geo.Travel{Doubt: geo.DoubtDegraded}
		}
	}
	return travels, nil
}
func (downFor) Floor(geo.Point, geo.Meters) time.Duration { return 0 }
func (downFor) Name() (string, string)                    { return "car", "down" }

// What a need or words assume of an age leaves nobody out, and puts those behind who
// say that they do not receive it.
func TestAgesThatAreAssumed(t *testing.T) {
	ward := func(id string, ages data.AgeRange) data.Offer {
		return at(id, 6, emergencies, func(o *data.Offer) { o.Ages = ages })
	}
	adults := ward("a-adults", data.AgeRange{Min: 18 * data.AgeYear})
	children := ward("children", data.AgeRange{Before: 18 * data.AgeYear})
	everybody := ward("everybody", data.AgeRange{})
	for _, x := range []struct {
		need    string
		patient needs.Patient
		assumed *data.Age
		want    string
	}{
		{"emergency", needs.Patient{}, nil, "everybody 0, a-adults 3, children 3"},
		{"emergency", needs.Patient{}, years(6), "children 0, everybody 0, a-adults 15"},
		{"emergency", needs.Patient{}, years(40), "a-adults 0, everybody 0, children 15"},
		{"emergency", needs.Patient{Age: years(40)}, nil, "a-adults 0, everybody 0"},
	} {
		c := ranking.Case{Need: needNamed(t, x.need), Patient: x.patient, Assumed: x.assumed}
		got := serve(t, ranking.Finder{Timer: slow{12}}, []data.Offer{adults, children, everybody}, c, ranking.Question{Query: index.Query{Near: home, At: noon}, Limit: 3})
		var said []string
		for _, choice := range got.Choices {
			minutes := 0.0
			for _, p := range choice.Parts {
				if p.Reason == ranking.AgeNotTold || p.Reason == ranking.AgeDoubted {
					minutes += p.Time.Minutes()
				}
			}
			said = append(said, fmt.Sprint(choice.ID, " ", minutes))
		}
		if strings.Join(said, ", ") != x.want {
			t.Errorf("%s, assumed %v: %v, want %s", x.need, x.assumed, said, x.want)
		}
	}
}
