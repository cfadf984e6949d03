package ranking_test

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/indextest"
	"boussole/index/twin"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// whims are delays that depend on nothing but a seed and the offer, up to forty
// minutes, none for one in four.
type whims struct{ seed uint64 }

func (w whims) Of(c *ranking.Candidate) ranking.Part {
	return ranking.Part{Time: w.of(c.ID)}
}

func (w whims) of(id data.ID) time.Duration {
	h := fnv.New64a()
	fmt.Fprint(h, w.seed, id)
	n := h.Sum64() >> 8
	if n%4 == 0 {
		return 0
	}
	return time.Duration(n/4%41) * time.Minute
}

// aQuestion is a random question of care, with what the twin is asked.
type aQuestion struct {
	twin.Question
	care    ranking.Question
	profile int
	whims   whims
	seen    map[data.ID]*data.Offer // all offers, as the profile sees them
}

func askCare(r *rand.Rand, offers []data.Offer) aQuestion {
	q := aQuestion{Question: twin.Ask(r, offers), profile: r.IntN(data.Profiles), whims: whims{r.Uint64()}}
	if q.At.IsZero() {
		q.At = time.Date(2026, 1, 1, 0, r.IntN(365*24*60), r.IntN(60), 0, time.UTC)
	}
	chance := func(percent int) bool { return r.IntN(100) < percent }
	q.care = ranking.Question{Limit: 1 + r.IntN(12), Comes: q.Travels != "", Delays: []ranking.Delay{q.whims}}
	if chance(20) {
		q.care.LongestTravel = time.Duration(r.IntN(600)) * time.Minute
	}
	if chance(20) {
		wait := time.Duration(r.IntN(3000)) * time.Minute
		q.care.LongestWait = &wait
	}
	if chance(30) {
		q.care.Fair = strconv.Itoa(r.IntN(1000))
	}
	if chance(20) {
		for range r.IntN(4) {
			q.care.Excluded = append(q.care.Excluded, offers[r.IntN(len(offers))].ID)
		}
	}
	for range r.IntN(3) {
		asked := twin.Ask(r, offers)
		p := needs.Preference{Missing: time.Duration(r.IntN(60)) * time.Minute}
		if len(asked.Codes) > 0 {
			p.Codes = asked.Codes[0]
		} else {
			p.Beds = true
		}
		p.OnSite = !p.Beds && chance(30)
		q.care.Preferences = append(q.care.Preferences, p)
	}
	if chance(50) {
		q.care.Commune = "75056"
	}
	q.care.Query = indextest.Query(q.Question)
	more := rand.New(rand.NewPCG(q.whims.seed, 1))
	if q.care.AnyAge = more.IntN(5) == 0; more.IntN(2) == 0 {
		q.care.Ages = offers[more.IntN(len(offers))].Ages
	}
	return q
}

// costOf prices an offer from its record as its viewer sees it, and says whether
// it can be chosen.
func (q *aQuestion) costOf(o *data.Offer, place int, way geo.Travel) (cost time.Duration, ok bool) {
	minute := func(d time.Duration) time.Duration {
		return time.Duration(math.Floor(d.Minutes()+0.5)) * time.Minute
	}
	if !way.Reachable || q.care.LongestTravel > 0 && way.Time > q.care.LongestTravel || slices.Contains(q.care.Excluded, o.ID) {
		return 0, false
	}
	cost = minute(way.Time)
	arrival := q.At
	if !q.care.Comes {
		arrival = arrival.Add(cost)
	}
	wait, ok := q.atTheDoor(o, twin.OpensIn(o, place), arrival)
	if !ok {
		return 0, false
	}
	cost += wait
	for _, p := range q.care.Preferences {
		cost += q.lackOf(o, place, p)
	}
	if q.care.Comes && q.care.Commune != "" && !goesToParis(o) {
		cost += 10 * time.Minute
	}
	if q.care.Query.Age == nil && !q.care.AnyAge {
		cost += ageUntold(o.Ages, q.care.Ages)
	}
	if o.Places[place].Quality <= data.AtCommune {
		cost += 2 * time.Minute
	}
	return cost + q.whims.of(o.ID), true
}

// atTheDoor looks at all moments at which it may be said to receive: the first at
// which it is not known to be closed, and the first at which it is known to be open.
func (q *aQuestion) atTheDoor(o *data.Offer, in string, arrival time.Time) (cost time.Duration, ok bool) {
	years := 100.0
	if o.Updated != 0 {
		years = q.At.Sub(o.Updated.UTC()).Hours() / 24 / 365
	}
	old := min(max(roundUp(time.Duration((years-1)/2*float64(15*time.Minute))), 0), 15*time.Minute) // from a year to three
	state, may, sure := twin.OpenAt(o.Hours, arrival, in), time.Duration(0), time.Duration(0)
	switch state {
	case data.Yes:
		return old, true
	case data.No:
		may = 15*24*time.Hour + 15*time.Minute
		if first, found := twin.NextNotClosed(o.Hours, arrival, in); found {
			may = roundUp(first.Sub(arrival))
			state = twin.OpenAt(o.Hours, first, in)
		}
		if q.care.LongestWait != nil && may > *q.care.LongestWait {
			return 0, false
		}
	}
	if state != data.Unknown {
		return may + old, true
	}
	cost = may + 15*time.Minute
	if first, found := twin.NextOpening(o.Hours, arrival, in); found {
		sure = roundUp(first.Sub(arrival))
		cost = min(cost, sure+old)
	}
	return cost, true
}

// ageUntold asks of every age at which something changes whether the patient may have
// it, and whether it is received.
func ageUntold(received, may data.AgeRange) time.Duration {
	yes, no := false, false
	for _, bound := range []data.Age{0, received.Min, received.Before, may.Min, may.Before, 200 * data.AgeYear} {
		for _, age := range []data.Age{bound - 1, bound} {
			if age < 0 || may != (data.AgeRange{}) && may.Receives(age) == data.No {
				continue
			}
			yes = yes || received.Receives(age) == data.Yes
			no = no || received.Receives(age) == data.No
		}
	}
	switch {
	case no && yes:
		return 3 * time.Minute
	case no:
		return 15 * time.Minute
	}
	return 0
}

// roundUp rounds to minutes.
func roundUp(d time.Duration) time.Duration {
	return time.Duration(math.Ceil(d.Minutes())) * time.Minute
}

// goesToParis says so of the zones of a world.
func goesToParis(o *data.Offer) bool {
	return slices.ContainsFunc(o.Zones, func(z data.Zone) bool {
		return z == data.Zone{Kind: data.ZoneCommune, Code: "75056"} || z == data.Zone{Kind: data.ZoneRegion, Code: "11"} || z == data.Zone{Kind: data.ZoneCountry, Code: "FR"}
	})
}

func (q *aQuestion) lackOf(o *data.Offer, place int, p needs.Preference) time.Duration {
	if p.Beds {
		beds := o.BedsAt(&o.Places[place])
		half := (p.Missing + time.Minute) / 2 / time.Minute * time.Minute
		hours := q.At.Sub(beds.AsOf.Truncate(time.Minute)).Hours()
		if beds.AsOf.IsZero() {
			hours = 100
		}
		doubt := min(max((hours-1)/23, 0), 1)
		aged := func(d time.Duration) time.Duration {
			return time.Duration(math.Ceil(doubt*d.Minutes()-1e-9)) * time.Minute
		}
		switch beds.State {
		case data.Yes:
			return aged(half)
		case data.No:
			return p.Missing - aged(p.Missing-half)
		}
		return half
	}
	if carries(o, &o.Places[place], p.Codes) || p.OnSite && q.nextDoor(o.Places[place].Point, p.Codes) {
		return 0
	}
	return p.Missing
}

// nextDoor looks for a place with any of the codes at the site.
func (q *aQuestion) nextDoor(site geo.Point, codes []data.Code) bool {
	for _, o := range q.seen {
		for i := range o.Places {
			p := &o.Places[i]
			if p.Placed() && math.Abs(p.Point.Lat-site.Lat) < 0.01 && carries(o, p, codes) && geo.Distance(site, p.Point) <= needs.SiteRadius {
				return true
			}
		}
	}
	return false
}

func carries(o *data.Offer, p *data.Place, codes []data.Code) bool {
	found := false
	look := func(c data.Code, _ data.Class) { found = found || slices.Contains(codes, c) }
	o.EachCode(look)
	o.EachCodeOfPlace(p, look)
	return found
}

// priced is an offer with its cost, found the long way.
type priced struct {
	id       data.ID
	distance geo.Meters
	cost     time.Duration
}

// careExhaustively prices every offer that the twin finds, as seen by the profile.
func careExhaustively(offers []data.Offer, q *aQuestion, timer winding) []priced {
	var all []priced
	for _, a := range twin.Nearest(offers, q.profile, q.Question) {
		o := q.seen[a.ID]
		way := timer.time(q.Near, o.Places[a.Place].Point)
		if cost, ok := q.costOf(o, a.Place, way); ok {
			all = append(all, priced{a.ID, geo.Distance(q.Near, o.Places[a.Place].Point), cost})
		}
	}
	slices.SortFunc(all, func(a, b priced) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.distance, b.distance), cmp.Compare(a.id, b.id))
	})
	return all
}

// asSeen is offers as a profile sees them, by id.
func asSeen(offers []data.Offer, profile int) map[data.ID]*data.Offer {
	seen := make(map[data.ID]*data.Offer)
	for i := range offers {
		if o, ok := offers[i].For(data.Viewer{Profile: data.Profile(profile)}); ok {
			seen[o.ID] = &o
		}
	}
	return seen
}

// questionsOfCare is how many are asked: BOUSSOLE_QUESTIONS, or a share of the
// ten thousand.
func questionsOfCare(t *testing.T) int {
	questions := 3000
	if testing.Short() {
		questions = 300
	}
	if by := os.Getenv("BOUSSOLE_QUESTIONS"); by != "" {
		n, err := strconv.Atoi(by)
		if err != nil {
			t.Fatal(err)
		}
		questions = n
	}
	return questions
}

// Stopping early loses nothing: the same choices at the same costs as when all
// offers are priced, whatever the delays.
func TestCareIsExhaustivePricing(t *testing.T) {
	questions := questionsOfCare(t)
	const aWorld = 250 // questions
	read, suitable, coming, chosen := 0, 0, 0, 0
	for seed := range uint64((questions + aWorld - 1) / aWorld) {
		offers := twin.World(1000+seed, 500)
		timer := winding{seed: seed, unreachable: 5}
		f, guard := ranking.Finder{Timer: timer}, guarded(t, offers)
		var seen [data.Profiles]map[data.ID]*data.Offer
		for p := range seen {
			seen[p] = asSeen(offers, p)
		}
		for i := range aWorld {
			q := askCare(rand.New(rand.NewPCG(seed, uint64(i))), offers)
			view := guard.As(data.Viewer{Profile: data.Profile(q.profile)})
			got, err := f.Care(context.Background(), view, q.care)
			if err != nil {
				t.Fatal(err)
			}
			q.seen = seen[q.profile]
			all := careExhaustively(offers, &q, timer)
			if err := firstOfAll(&f, view, got.Choices, len(all), q.care); err != nil {
				t.Fatalf("seed %d, question %d: %v", seed, i, err)
			}
			view.Close()
			if err := sameCare(&got, all, &q); err != nil {
				t.Fatalf("seed %d, question %d: %v\n%+v", seed, i, err, q)
			}
			read, suitable, chosen = read+got.Priced, suitable+len(all), chosen+len(got.Choices)
			if q.care.Comes {
				coming += len(got.Choices)
			}
		}
	}
	t.Logf("%d questions: %d of %d offers priced (%.0f %%), %d chosen, %d of them coming to the patient",
		questions, read, suitable, 100*float64(read)/float64(suitable), chosen, coming)
	if read >= suitable || coming == 0 {
		t.Errorf("%d offers priced of %d, %d of those chosen come to the patient", read, suitable, coming)
	}
}

// firstOfAll: asked for all, an answer begins with the same choices, in whatever
// order equals are.
func firstOfAll(f *ranking.Finder, view *index.View, choices []ranking.Choice, n int, q ranking.Question) error {
	if q.Fair == "" {
		return nil // the exhaustive order tells
	}
	q.Limit = n + 1
	all, err := f.Care(context.Background(), view, q)
	if err != nil || len(all.Choices) != n {
		return fmt.Errorf("%d choices of %d: %v", len(all.Choices), n, err)
	}
	for i, c := range choices {
		if all.Choices[i].ID != c.ID {
			return fmt.Errorf("choice %d is %s, and of all %s", i, c.ID, all.Choices[i].ID)
		}
	}
	return nil
}

// sameCare holds an answer against all offers by (cost, distance, id).
func sameCare(got *ranking.Answer, all []priced, q *aQuestion) error {
	k := min(q.care.Limit, len(all))
	if !got.Complete || len(got.Choices) != k {
		return fmt.Errorf("%d choices (complete: %v), want %d", len(got.Choices), got.Complete, k)
	}
	byID := make(map[data.ID]priced, len(all))
	for _, p := range all {
		byID[p.id] = p
	}
	for i, c := range got.Choices {
		sum := time.Duration(0)
		for _, p := range c.Parts {
			sum += p.Time
			if p.Time <= 0 && p.Reason != ranking.OnTheWay && p.Reason != ranking.Coming || p.Time%time.Minute != 0 {
				return fmt.Errorf("a part %+v", p)
			}
		}
		if sum != c.Cost {
			return fmt.Errorf("parts %+v make %v, not %v", c.Parts, sum, c.Cost)
		}
		if c.Cost != all[i].cost || byID[c.ID].cost != c.Cost {
			return fmt.Errorf("choice %d is %s at %v, %+v, want %+v, and %s costs %v", i, c.ID, c.Cost, c.Parts, all[i], c.ID, byID[c.ID].cost)
		}
		if q.care.Fair == "" && c.ID != all[i].id {
			return fmt.Errorf("choice %d is %s, want %s at the same cost", i, c.ID, all[i].id)
		}
	}
	return nil
}
