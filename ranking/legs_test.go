package ranking_test

import (
	"cmp"
	"context"
	"errors"
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

// legsWorld is hospitals that can begin, that can do all, both or neither, some at
// one site, some closed, some for children only.
func legsWorld(r *rand.Rand) []data.Offer {
	var offers []data.Offer
	for i := range 4 + r.IntN(40) {
		o := at(fmt.Sprintf("h-%03d", i), 0)
		o.Places[0].Point = geo.Point{Lat: home.Lat + r.NormFloat64()/2, Lon: home.Lon + r.NormFloat64()/2}.Rounded()
		if i > 0 && r.IntN(4) == 0 {
			o.Places[0].Point = offers[r.IntN(i)].Places[0].Point
			o.Places[0].Point.Lat += float64(r.IntN(3)) * 0.002
			o.Places[0].Point = o.Places[0].Point.Rounded() // 222 m: one site, twice as far: another
		}
		o.Activities = [][]data.Code{{"R211|157"}, {"R211|356"}, {"R211|356"}, {"R211|492"}, {"R211|356", "R211|492"}}[r.IntN(5)]
		o.Hours = []data.Hours{{}, daily(0, data.Midnight), daily(8*60, 12*60), daily(data.Minute(12*60+r.IntN(180)), 23*60)}[r.IntN(4)]
		if r.IntN(5) == 0 {
			o.Ages = data.AgeRange{Before: 18 * data.AgeYear}
		}
		o.Organizations = []data.Organization{{ID: data.ID("g-" + string(o.ID)), Kind: data.Establishment, DropZone: data.State(r.IntN(3))}}
		o.Sensitive = r.IntN(10) == 0
		offers = append(offers, o)
	}
	return offers
}

// legsQuestion is one question, answered the long way.
type legsQuestion struct {
	seen     map[data.ID]*data.Offer
	legs     needs.Legs
	wait     time.Duration
	age      data.Age
	excluded []data.ID
	lands    bool // only where a helicopter does
	timer    winding
}

// leg is a hospital and its time.
type leg struct {
	id       data.ID
	point    geo.Point
	distance geo.Meters
	cost     time.Duration
}

// all are the hospitals that can be reached from a point and let one in, soonest
// first.
func (q *legsQuestion) all(groups []needs.Group, from geo.Point, at time.Time) []leg {
	var list []leg
	for _, o := range q.seen {
		p := o.Places[0].Point
		way := q.timer.time(from, p)
		if !q.suits(o, groups) || !way.Reachable || q.lands && o.Organizations[0].DropZone != data.Yes {
			continue
		}
		l := leg{o.ID, p, geo.Distance(from, p), (way.Time + 30*time.Second).Truncate(time.Minute)}
		if open := o.OpenAt(at.Add(l.cost), o.Territory(&o.Places[0])); open.State == data.No {
			if open.MayOpen.IsZero() || open.MayOpen.Sub(at.Add(l.cost)) > q.wait {
				continue
			}
			l.cost += open.MayOpen.Sub(at.Add(l.cost))
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b leg) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.distance, b.distance), cmp.Compare(a.id, b.id))
	})
	return list
}

func (q *legsQuestion) suits(o *data.Offer, groups []needs.Group) bool {
	for _, g := range groups {
		if !carries(o, &o.Places[0], g.Codes) {
			return false
		}
	}
	return o.Ages.Receives(q.age) != data.No && !slices.Contains(q.excluded, o.ID)
}

func (q *legsQuestion) standsAt(groups []needs.Group, site geo.Point) bool {
	for _, o := range q.seen {
		if q.suits(o, groups) && geo.Distance(site, o.Places[0].Point) <= 250 {
			return true
		}
	}
	return false
}

// answer is every total, the least of each kind said in a line.
func (q *legsQuestion) answer() string {
	centres := q.all(q.legs.Then, home, noon)
	if len(centres) == 0 {
		return "nothing"
	}
	direct := fmt.Sprintf("%s %v", centres[0].id, centres[0].cost)
	if q.standsAt(q.legs.First, centres[0].point) {
		direct += fmt.Sprintf(" treated %v", centres[0].cost+q.legs.Needle.Time)
	}
	treated, transferred, least := "none", "none", time.Duration(-1)
	for _, f := range q.all(q.legs.First, home, noon) {
		if f.cost >= centres[0].cost || q.standsAt(q.legs.Then, f.point) {
			continue
		}
		said := fmt.Sprintf("%s %v", f.id, f.cost+q.legs.Needle.Time)
		on := q.all(q.legs.Then, f.point, noon.Add(f.cost+q.legs.Out.Time))
		total := time.Duration(0)
		if len(on) > 0 {
			total = f.cost + q.legs.Out.Time + on[0].cost
			said += fmt.Sprintf(" then %s %v", on[0].id, total)
		}
		if treated == "none" {
			treated = said
		}
		if len(on) > 0 && (least < 0 || total < least) {
			transferred, least = said, total
		}
	}
	return direct + "; " + treated + "; " + transferred
}

// saidOfLegs is an answer in the same words, once its parts add up.
func saidOfLegs(t *testing.T, got *ranking.TwoLegs) string {
	t.Helper()
	if got == nil {
		return "nothing"
	}
	sum := func(total ranking.Total) time.Duration {
		d := time.Duration(0)
		for _, p := range total.Parts {
			d += p.Time
		}
		if d != total.Time {
			t.Errorf("parts %+v make %v, not %v", total.Parts, d, total.Time)
		}
		return total.Time
	}
	said := fmt.Sprintf("%s %v", got.Direct.Centre.ID, sum(got.Direct.AtCentre))
	if got.Direct.Treatment.Parts != nil {
		said += fmt.Sprintf(" treated %v", sum(got.Direct.Treatment))
	}
	for _, r := range []*ranking.Route{got.Treated, got.Transferred} {
		if r == nil {
			said += "; none"
			continue
		}
		said += fmt.Sprintf("; %s %v", r.First.ID, sum(r.Treatment))
		if r.Centre != nil {
			said += fmt.Sprintf(" then %s %v", r.Centre.ID, sum(r.AtCentre))
		}
	}
	return said
}

// Both figures are the least of all that there are, whatever the country, the
// viewer, the hours and who is excluded.
func TestTwoLegsAreExhaustivePricing(t *testing.T) {
	worlds := 1200
	if testing.Short() {
		worlds = 300
	}
	stroke, _ := needs.Embedded().Need("stroke")
	kinds := map[string]int{}
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 13))
		offers := legsWorld(r)
		profile := data.Profile([]int{0, 1, 3}[r.IntN(3)])
		q := legsQuestion{
			seen: asSeen(offers, int(profile)), legs: *stroke.Legs, wait: stroke.Ask.Wait,
			age: data.Age(r.IntN(90)) * data.AgeYear, lands: r.IntN(4) == 0, timer: winding{seed: seed, unreachable: 5},
		}
		q.legs.Out.Time = time.Duration(r.IntN(60)) * time.Minute
		q.legs.Needle.Time = time.Duration(r.IntN(2)*r.IntN(90)) * time.Minute
		for range r.IntN(3) {
			q.excluded = append(q.excluded, offers[r.IntN(len(offers))].ID)
		}
		view := guarded(t, offers).As(data.Viewer{Profile: profile})
		c := ranking.Case{Need: stroke, Patient: needs.Patient{Age: &q.age}}
		f := ranking.Finder{Timer: q.timer}
		got, err := f.TwoLegs(context.Background(), view, &q.legs, c, ranking.Question{Query: index.Query{Near: home, At: noon}, Excluded: q.excluded, Lands: q.lands})
		view.Close()
		if err != nil {
			t.Fatal(err)
		}
		want := q.answer()
		if said := saidOfLegs(t, got); said != want || got != nil && !got.Complete {
			t.Fatalf("country %d: %s\nwant %s", seed, said, want)
		}
		switch {
		case got == nil:
			kinds["nothing"]++
		case got.Treated == nil:
			kinds["straight"]++
		case got.Treated == got.Transferred:
			kinds["one"]++
		default:
			kinds["two"]++
		}
	}
	t.Logf("answers: %v", kinds)
	if kinds["nothing"] == 0 || kinds["straight"] == 0 || kinds["one"] == 0 || kinds["two"] == 0 {
		t.Errorf("some kinds of answers were not met: %v", kinds)
	}
}

// countedTimer counts how often it is asked.
type countedTimer struct {
	geo.TravelTimer
	calls *int
}

func (c countedTimer) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	*c.calls++
	return c.TravelTimer.Times(ctx, from, to)
}

// The parts in their order, one question to the timer for each matrix, and what a
// timer that is down leaves.
func TestTwoLegs(t *testing.T) {
	stroke, _ := needs.Embedded().Need("stroke")
	is := func(codes ...data.Code) func(*data.Offer) { return func(o *data.Offer) { o.Activities = codes } }
	offers := []data.Offer{at("unit", 10, is("R211|356")), at("beyond", 90, is("R211|356")), at("centre", 60, is("R211|356", "R211|492"))}
	calls := 0
	for _, x := range []struct {
		name  string
		timer geo.TravelTimer
		want  string
		calls int
		whole bool
	}{
		{"each matrix once", straightly{}, "[travel 60] [travel 60 door-to-needle 60] [travel 10 door-to-needle 60] [travel 10 door-in-door-out 120 transfer 50]", 3, true},
		{"down", broken{err: errors.New("down")}, "", 1, false}, // and is not asked again
	} {
		view := guarded(t, offers).As(data.Viewer{})
		calls = 0
		f := ranking.Finder{Timer: countedTimer{TravelTimer: x.timer, calls: &calls}}
		got, err := f.TwoLegs(context.Background(), view, stroke.Legs, ranking.Case{Need: stroke}, ranking.Question{Query: index.Query{Near: home, At: noon}})
		view.Close()
		if err != nil || got == nil || got.Treated == nil || got.Treated != got.Transferred || calls != x.calls || got.Complete != x.whole || (len(got.Degraded) == 0) != x.whole {
			t.Fatalf("%s: %+v, %v, %d calls", x.name, got, err, calls)
		}
		said := fmt.Sprint(partsOf(got.Direct.AtCentre), " ", partsOf(got.Direct.Treatment), " ", partsOf(got.Treated.Treatment), " ", partsOf(got.Treated.AtCentre))
		if x.want != "" && said != x.want {
			t.Errorf("%s: %s, want %s", x.name, said, x.want)
		}
		words := got.Treated.AtCentre.Words(got.Mode)
		if x.want != "" && words.French != "3 h : 10 min de route ; 2 h de l'arrivée au départ ; 50 min de transfert" {
			t.Errorf("in words: %q", words.French)
		}
	}
}

func partsOf(total ranking.Total) []string {
	var list []string
	for _, p := range total.Parts {
		list = append(list, inMinutes(p))
	}
	return list
}

// straightly is a minute a kilometre.
type straightly struct{}

func (straightly) Times(_ context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	ways := make([]geo.Travel, len(to))
	for i, p := range to {
		ways[i] = geo.Travel{Time: straightly{}.Floor(from, geo.Distance(from, p)), Reachable: true}
	}
	return ways, nil
}
func (straightly) Floor(_ geo.Point, d geo.Meters) time.Duration {
	return time.Duration(min(d.Kilometers(), 20_016) * float64(time.Minute))
}
func (straightly) Name() (string, string) { return "car", "a minute a kilometre" }

// By helicopter only where one is known to land, and only of whom one may know it:
// nearer is passed over with that reason.
func TestOnlyWhereAHelicopterLands(t *testing.T) {
	zone := func(s data.State) func(*data.Offer) {
		return func(o *data.Offer) {
			o.Organizations = []data.Organization{{ID: data.ID("g-" + string(o.ID)), Kind: data.Establishment, DropZone: s}}
		}
	}
	guard := guarded(t, []data.Offer{at("untold", 3, zone(data.Unknown)), at("none", 5, zone(data.No)), at("lands", 40, zone(data.Yes)), at("nowhere", 4)})
	for profile, want := range map[data.Profile]string{
		0: " untold:landing-zone nowhere:landing-zone none:landing-zone lands:landing-zone",
		1: "lands untold:landing-zone nowhere:landing-zone none:landing-zone",
		3: " untold:landing-zone nowhere:landing-zone none:landing-zone lands:landing-zone",
		4: "lands untold:landing-zone nowhere:landing-zone none:landing-zone",
	} {
		view := guard.As(data.Viewer{Profile: profile})
		f := ranking.Finder{Timer: geo.Helicopter()}
		got, err := f.Care(context.Background(), view, ranking.Question{Query: index.Query{Near: home, At: noon}, Lands: true, PassedOver: 9})
		view.Close()
		if err != nil || !got.Complete {
			t.Fatal(got, err)
		}
		said := ""
		for _, c := range got.Choices {
			said += string(c.ID)
		}
		for _, p := range got.PassedOver {
			said += fmt.Sprintf(" %s:%v", p.ID, p.Why[0].Reason)
		}
		if said != want {
			t.Errorf("profile %d: %q, want %q", profile, said, want)
		}
	}
}
