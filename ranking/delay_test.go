package ranking_test

import (
	"context"
	"errors"
	"fmt"
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

// noon is a Monday, in Paris.
var noon = time.Date(2026, time.March, 2, 11, 0, 0, 0, time.UTC)

var home = geo.Point{Lat: 46, Lon: 2}

// at is an offer so many kilometres north of home, whose record is of yesterday.
func at(id string, km float64, changes ...func(*data.Offer)) data.Offer {
	o := data.Offer{
		ID: data.ID(id), Updated: data.DateOf(noon) - 1, Field: data.FieldMCO,
		Activities: []data.Code{"R211|157"},
		Hours:      daily(0, data.Midnight),
		Places:     []data.Place{{Point: geo.Point{Lat: home.Lat + km/111.195, Lon: home.Lon}.Rounded(), Quality: data.AtBuilding}},
	}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func daily(from, to data.Minute) data.Hours {
	return data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: from, To: to, Kind: data.HoursOpening}}}
}

func openFrom(from, to data.Minute) func(*data.Offer) {
	return func(o *data.Offer) { o.Hours = daily(from, to) }
}

func noHours(o *data.Offer) { o.Hours = data.Hours{} }

func lastTold(days int) func(*data.Offer) {
	return func(o *data.Offer) { o.Updated = data.DateOf(noon) - data.Date(days) }
}

// withBeds has so many free, told some time ago.
func withBeds(number int, ago time.Duration) func(*data.Offer) {
	return func(o *data.Offer) {
		o.Places[0].Capacity = []data.Capacity{{Status: data.Available, Temporality: data.Current, Number: number, Updated: noon.Add(-ago)}}
	}
}

func quality(q data.Quality) func(*data.Offer) {
	return func(o *data.Offer) { o.Places[0].Quality = q }
}

func carrying(c data.Code) func(*data.Offer) {
	return func(o *data.Offer) { o.Activities = append(o.Activities, c) }
}

// care asks about offers with all rights, from home at noon.
func care(t *testing.T, f ranking.Finder, offers []data.Offer, q ranking.Question) (ranking.Answer, error) {
	t.Helper()
	view := guarded(t, offers).As(data.Viewer{Profile: 1})
	defer view.Close()
	q.Query.Near, q.Query.At = home, noon
	if q.Limit == 0 {
		q.Limit = 100
	}
	return f.Care(context.Background(), view, q)
}

// inMinutes is a part as tests write it.
func inMinutes(p ranking.Part) string { return fmt.Sprintf("%v %v", p.Reason, p.Time.Minutes()) }

// What an offer costs beside the way, part by part.
func TestParts(t *testing.T) {
	const day = 24 * time.Hour
	beds := []needs.Preference{{Beds: true, Missing: 31 * time.Minute, Say: needs.Text{French: "lit", English: "bed"}}}
	scanner := []needs.Preference{{Codes: []data.Code{"R211|999"}, Missing: 10 * time.Minute}}
	soon := 59 * time.Minute
	for _, c := range []struct {
		name        string
		offer       data.Offer
		preferences []needs.Preference
		wait        *time.Duration
		want        string // but the way, which takes 12 minutes; "out" where it is none
	}{
		{"open and well known", at("a", 6), nil, nil, ""},
		{"opens an hour after arrival", at("a", 6, openFrom(13*60+12, 18*60)), nil, nil, "closed 60"},
		{"opens on arrival", at("a", 6, openFrom(12*60+12, 18*60)), nil, nil, ""},
		{"opens a minute later", at("a", 6, openFrom(12*60+13, 18*60)), nil, nil, "closed 1"},
		{"closes before arrival", at("a", 6, openFrom(8*60, 12*60+12)), nil, nil, "closed 1188"},
		{"closes after it", at("a", 6, openFrom(8*60, 12*60+13)), nil, nil, ""},
		{"closed for longer than one may wait", at("a", 6, openFrom(13*60+12, 18*60)), nil, &soon, "out"},
		{"not for longer", at("a", 6, openFrom(13*60+11, 18*60)), nil, &soon, "closed 59"},
		{"closed for good", at("a", 6, func(o *data.Offer) { o.Hours.Closures = []data.Period{{}} }), nil, nil, "closed 21615"},
		{"hours that nobody told", at("a", 6, noHours), nil, nil, "hours-unknown 15"},
		{"hours that nobody told are not closed", at("a", 6, noHours), nil, &soon, "hours-unknown 15"},
		{"hours of a year ago", at("a", 6, lastTold(365)), nil, nil, "hours-old 1"},
		{"hours of two years ago", at("a", 6, lastTold(730)), nil, nil, "hours-old 8"},
		{"hours of ten years ago", at("a", 6, lastTold(3650)), nil, nil, "hours-old 15"},
		{"hours of a record without a date", at("a", 6, func(o *data.Offer) { o.Updated = 0 }), nil, nil, "hours-old 15"},
		{"old hours that say closed", at("a", 6, lastTold(3650), openFrom(13*60+12, 18*60)), nil, nil, "closed 60, hours-old 15"},

		{"a bed, told just now", at("a", 6, withBeds(1, 0)), beds, nil, ""},
		{"a bed, told in the future", at("a", 6, withBeds(1, -day)), beds, nil, ""},
		{"a bed, told an hour ago", at("a", 6, withBeds(1, time.Hour)), beds, nil, ""},
		{"a bed, told half a day ago", at("a", 6, withBeds(1, 12*time.Hour+30*time.Minute)), beds, nil, "beds-old 8"},
		{"a bed, told last week", at("a", 6, withBeds(1, 7*day)), beds, nil, "beds-old 16"},
		{"no bed, told just now", at("a", 6, withBeds(0, 12*time.Minute)), beds, nil, "no-free-bed 31"},
		{"no bed, told half a day ago", at("a", 6, withBeds(0, 12*time.Hour+30*time.Minute)), beds, nil, "no-free-bed 23"},
		{"no bed, told last week", at("a", 6, withBeds(0, 7*day)), beds, nil, "no-free-bed 16"},
		{"beds that nobody told", at("a", 6), beds, nil, "beds-unknown 16"},

		{"a preference that is met", at("a", 6, carrying("R211|999")), scanner, nil, ""},
		{"one that is not", at("a", 6), scanner, nil, "preference 10"},
		{"only the commune is known", at("a", 6, quality(data.AtCommune)), nil, nil, "position-commune 2"},
		{"only the street", at("a", 6, quality(data.AtStreet)), nil, nil, ""},
		{"all at once", at("a", 6, noHours, quality(data.AtCommune)), append(beds, scanner...), nil,
			"hours-unknown 15, beds-unknown 16, preference 10, position-commune 2"},
	} {
		// Twice the floor of an average commune, and no road is straight.
		f := ranking.Finder{Timer: slow{minutes: 12}}
		got, err := care(t, f, []data.Offer{c.offer}, ranking.Question{Preferences: c.preferences, LongestWait: c.wait})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		said := "out"
		if len(got.Choices) == 1 {
			var parts []string
			for _, p := range got.Choices[0].Parts {
				parts = append(parts, inMinutes(p))
			}
			if parts[0] != "travel 12" {
				t.Errorf("%s: %v", c.name, parts)
			}
			said = strings.Join(parts[1:], ", ")
		}
		if said != c.want {
			t.Errorf("%s: %q, want %q", c.name, said, c.want)
		}
	}
}

// A wait ends where it is not known any more that the door is closed.
func TestPartsAroundAHoliday(t *testing.T) {
	day := data.NewDate(2026, 12, 25)
	onDuty := func(o *data.Offer) {
		o.Hours = daily(9*60, 18*60)
		o.Hours.Weekly = append(o.Hours.Weekly, data.Opening{Days: data.EveryDay, From: 6, To: 60, Kind: data.HoursOnDuty})
	}
	shop := openFrom(9*60, 18*60)
	hour := time.Hour
	for _, c := range []struct {
		name, at string
		put      func(*data.Offer)
		wait     *time.Duration
		want     string // but the way, which takes 12 minutes; "out" where it is none
	}{
		{"closed until midnight, unknown then", "2026-12-24 22:00", shop, nil, "closed 108, hours-unknown 15"},
		{"for longer than one may wait", "2026-12-24 22:00", shop, &hour, "out"},
		{"not for longer: unknown hours are not closed", "2026-12-24 22:48", shop, &hour, "closed 60, hours-unknown 15"},
		{"known to open soon after", "2026-12-24 23:43", onDuty, nil, "opens-later 11"},
		{"unknown on the holiday", "2026-12-25 10:00", shop, nil, "hours-unknown 15"},
		{"unknown, and soon open", "2026-12-25 23:40", openFrom(0, 18*60), nil, "opens-later 8"},
		{"a wait for what is unknown is none at a closed door", "2026-12-25 23:40", openFrom(0, 18*60), new(time.Duration), "opens-later 8"},
		{"unknown, and open not sooner than one has called", "2026-12-25 23:33", openFrom(0, 18*60), nil, "hours-unknown 15"},
		{"unknown, and open as soon, told long ago", "2026-12-25 23:40", func(o *data.Offer) { openFrom(0, 18*60)(o); o.Updated = 0 }, nil, "hours-unknown 15"},
		{"closed on the holiday, it says", "2026-12-24 22:00", func(o *data.Offer) {
			shop(o)
			o.Hours.Exceptions = []data.Exception{{Days: data.Period{From: day, To: day}}}
		}, nil, "closed 2088"},
	} {
		offer := at("a", 6, c.put)
		departure, err := time.ParseInLocation("2006-01-02 15:04", c.at, data.TerritoryOf("23").Zone())
		if err != nil {
			t.Fatal(err)
		}
		view := guarded(t, []data.Offer{offer}).As(data.Viewer{Profile: 1})
		f := ranking.Finder{Timer: slow{minutes: 12}}
		got, err := f.Care(context.Background(), view, ranking.Question{Query: index.Query{Near: home, At: departure}, LongestWait: c.wait})
		view.Close()
		if err != nil {
			t.Fatal(err)
		}
		said := "out"
		if len(got.Choices) == 1 {
			var parts []string
			for _, p := range got.Choices[0].Parts[1:] {
				if p.Reason != ranking.HoursOld {
					parts = append(parts, inMinutes(p))
				}
			}
			said = strings.Join(parts, ", ")
		}
		if said != c.want {
			t.Errorf("%s: %q, want %q", c.name, said, c.want)
		}
	}
}

// An age that nobody told is neither one that is received nor one that is not.
func TestAgeThatIsNotTold(t *testing.T) {
	receiving := func(min, before int) data.AgeRange {
		return data.AgeRange{Min: data.Age(min) * data.AgeYear, Before: data.Age(before) * data.AgeYear}
	}
	adults, minors := receiving(18, 0), receiving(0, 18)
	for _, c := range []struct {
		name     string
		received data.AgeRange
		q        ranking.Question
		want     string // but the way; "out" where it is none
	}{
		{"nothing is said of ages", data.AgeRange{}, ranking.Question{}, ""},
		{"of some only", adults, ranking.Question{}, "age-unknown 3"},
		{"the age is told", adults, ranking.Question{Query: index.Query{Age: years(30)}}, ""},
		{"and not received", adults, ranking.Question{Query: index.Query{Age: years(3)}}, "out"},
		{"all that it may be", adults, ranking.Question{Ages: receiving(40, 60)}, ""},
		{"all from there on", adults, ranking.Question{Ages: adults}, ""},
		{"some that it may be", adults, ranking.Question{Ages: receiving(15, 20)}, "age-unknown 3"},
		{"none that it may be", adults, ranking.Question{Ages: minors}, "age-doubtful 15"},
		{"none, seen from below", minors, ranking.Question{Ages: adults}, "age-doubtful 15"},
		{"no end is told", minors, ranking.Question{Ages: receiving(10, 0)}, "age-unknown 3"},
		{"it does not matter", adults, ranking.Question{Ages: minors, AnyAge: true}, ""},
	} {
		offer := at("a", 6, func(o *data.Offer) { o.Ages = c.received })
		got, err := care(t, ranking.Finder{Timer: slow{12}}, []data.Offer{offer}, c.q)
		if err != nil {
			t.Fatal(err)
		}
		said := "out"
		if len(got.Choices) == 1 {
			said = ""
			for _, p := range got.Choices[0].Parts[1:] {
				said += inMinutes(p)
			}
		}
		if said != c.want {
			t.Errorf("%s: %q, want %q", c.name, said, c.want)
		}
	}
}

// slow takes as long to everywhere.
type slow struct{ minutes float64 }

func (s slow) Times(_ context.Context, _ geo.Point, to []geo.Point) ([]geo.Travel, error) {
	return slices.Repeat([]geo.Travel{{Time: time.Duration(s.minutes * float64(time.Minute)), Reachable: true}}, len(to)), nil
}
func (slow) Floor(geo.Point, geo.Meters) time.Duration { return 0 }
func (slow) Name() (string, string)                    { return "car", "slow" }

// What comes to the patient must be on duty when it leaves, not when it is there.
func TestWhatComesLeavesOnDuty(t *testing.T) {
	nurse := at("nurse", 6, openFrom(8*60, 12*60+5), func(o *data.Offer) {
		o.Zones = []data.Zone{{Kind: data.ZoneCommune, Code: "23096"}}
	})
	q := ranking.Question{Comes: true, Query: index.Query{Travels: "23096"}}
	got, err := care(t, ranking.Finder{Timer: slow{12}}, []data.Offer{nurse}, q)
	if err != nil || len(got.Choices) != 1 || got.Choices[0].Cost != 12*time.Minute || got.Choices[0].Parts[0].Reason != ranking.Coming {
		t.Errorf("%+v, %v", got, err)
	}
}

// gift is a delay that would make an offer cheaper than its way.
type gift struct{}

func (gift) Of(*ranking.Candidate) ranking.Part { return ranking.Part{Time: -time.Second} }

func TestNegativeDelaysAreRefused(t *testing.T) {
	offers := []data.Offer{at("a", 6)}
	if _, err := care(t, ranking.Finder{}, offers, ranking.Question{Delays: []ranking.Delay{gift{}}}); !errors.Is(err, ranking.ErrNegativeDelay) || !strings.Contains(err.Error(), "a") {
		t.Errorf("a delay below nothing: %v", err)
	}
	cheaper := ranking.Question{Preferences: []needs.Preference{{Missing: -time.Minute}}, LongestTravel: -1, Limit: -1, Deadline: -1}
	_, err := care(t, ranking.Finder{}, offers, cheaper)
	if !errors.Is(err, ranking.ErrNegativeDelay) || !errors.Is(err, ranking.ErrQuestion) || strings.Count(err.Error(), "not a question") != 4 {
		t.Errorf("four faults: %v", err)
	}
}

// Preferences that the viewer can know of in no offer are left out, since every
// offer would miss them.
func TestPreferencesThatCannotBeKnown(t *testing.T) {
	offers := []data.Offer{at("a", 6, func(o *data.Offer) { o.Acts = []data.Code{"R210|0459"} }), at("b", 7)}
	guard := guarded(t, offers)
	q := ranking.Question{
		Query: index.Query{Near: home, At: noon}, Limit: 2,
		Preferences: []needs.Preference{
			{Codes: []data.Code{"R210|0459"}, Missing: 7 * time.Minute, Restricted: true},
			{Beds: true, Missing: 10 * time.Minute, Restricted: true},
		},
	}
	for profile, want := range map[data.Profile]string{0: "12 12", 1: "17 24", 2: "17 24", 4: "17 24", 5: "12 19"} {
		view := guard.As(data.Viewer{Profile: profile})
		f := ranking.Finder{Timer: slow{12}}
		got, err := f.Care(context.Background(), view, q)
		view.Close()
		if err != nil || len(got.Choices) != 2 {
			t.Fatal(got, err)
		}
		if said := fmt.Sprint(got.Choices[0].Cost.Minutes(), got.Choices[1].Cost.Minutes()); said != want {
			t.Errorf("profile %d: %s, want %s", profile, said, want)
		}
	}
}

// Equals are spread by a seed: the same one gives the same order, and over many
// each comes first as often as others.
func TestFairSpreadsEquals(t *testing.T) {
	var offers []data.Offer
	for i := range 40 {
		offers = append(offers, at(fmt.Sprintf("offer-%02d", i), 6))
	}
	offers = append(offers, at("dearer", 6, noHours))
	view := guarded(t, offers).As(data.Viewer{})
	defer view.Close()
	var f ranking.Finder // whose floor is the time itself: a search could stop at any tie
	first := make(map[data.ID]int)
	for seed := range 2000 {
		q := ranking.Question{Query: index.Query{Near: home, At: noon}, Limit: 3, Fair: fmt.Sprint(seed)}
		got, err := f.Care(context.Background(), view, q)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := f.Care(context.Background(), view, q)
		q.Limit = len(offers)
		all, _ := f.Care(context.Background(), view, q)
		for i, c := range got.Choices {
			if again.Choices[i].ID != c.ID || all.Choices[i].ID != c.ID {
				t.Fatalf("seed %d: choice %d is %s, then %s, and %s of all", seed, i, c.ID, again.Choices[i].ID, all.Choices[i].ID)
			}
		}
		if last := all.Choices[len(offers)-1].ID; last != "dearer" {
			t.Fatalf("seed %d: %s comes last", seed, last)
		}
		first[got.Choices[0].ID]++
	}
	for id, n := range first {
		if n < 20 || n > 90 { // of 50 expected; five deviations are 35
			t.Errorf("%s comes first %d times of 2000", id, n)
		}
	}
}

// What is just cheap enough beside its way is read, and at the place where it would
// be met: asked for one, an answer begins as the answer for all. The nearest offer
// costs a minute more each time, those beyond the first ring always the same.
func TestWhatIsJustCheapEnoughIsRead(t *testing.T) {
	wished, other := data.Code("R211|356"), data.Code("R211|354")
	offers := []data.Offer{at("near", 1, carrying(other))}
	for i := range 7 {
		offers = append(offers, at(fmt.Sprintf("dear-%d", i), 6, noHours, carrying(wished), carrying(other)))
	}
	offers = append(offers, at("lacks-other", 6, carrying(wished)))
	mobile := at("mobile", 6.001, quality(data.AtCommune), carrying(wished), carrying(other))
	mobile.Places = append(mobile.Places, at("", 6.01).Places...)
	beyond := append(slices.Clone(offers[:8]), mobile)
	view, viewOfMobile := guarded(t, offers).As(data.Viewer{}), guarded(t, beyond).As(data.Viewer{})
	defer view.Close()
	defer viewOfMobile.Close()
	for minutes := range 30 {
		q := ranking.Question{Query: index.Query{Near: home, At: noon}, Preferences: []needs.Preference{
			{Codes: []data.Code{wished}, Missing: time.Duration(minutes) * time.Minute},
			{Codes: []data.Code{other}, Missing: 6 * time.Minute},
		}}
		for name, v := range map[string]*index.View{"one place": view, "several": viewOfMobile} {
			var f ranking.Finder
			one, err := f.Care(context.Background(), v, q)
			if err != nil {
				t.Fatal(err)
			}
			all := q
			all.Limit = 100
			every, err := f.Care(context.Background(), v, all)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := one.Choices[0], every.Choices[0]; a.ID != b.ID || a.Cost != b.Cost || a.Place != b.Place {
				t.Errorf("%s, %d minutes: %s at %v, of all %s at %v", name, minutes, a.ID, a.Cost, b.ID, b.Cost)
			}
		}
	}
}

// Equals are those of the same minute, as it is shown, also where one of them lies
// beyond the ring in which enough were found.
func TestFairWithinAMinute(t *testing.T) {
	var offers []data.Offer
	for i := range 60 {
		offers = append(offers, at(fmt.Sprintf("offer-%02d", i), 6+float64(i)/30))
	}
	view := guarded(t, offers).As(data.Viewer{})
	defer view.Close()
	for seed := range 200 {
		var f ranking.Finder
		q := ranking.Question{Query: index.Query{Near: home, At: noon}, Limit: 1 + seed%5, Fair: fmt.Sprint(seed)}
		got, err := f.Care(context.Background(), view, q)
		if err != nil {
			t.Fatal(err)
		}
		if err := firstOfAll(&f, view, got.Choices, len(offers), q); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// down fails after so many calls; then it hangs until it is given up.
type down struct {
	geo.TravelTimer
	calls *int
	after int
	hangs bool
}

func (d down) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	if *d.calls++; *d.calls <= d.after {
		return d.TravelTimer.Times(ctx, from, to)
	}
	if d.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return nil, errors.New("the router is down")
}

// A router that is down, at once or later, or that hangs, is a warning, never an
// empty list.
func TestRouterThatIsDown(t *testing.T) {
	var offers []data.Offer
	for i := range 60 {
		offers = append(offers, at(fmt.Sprintf("offer-%02d", i), float64(1+i)))
	}
	road := slow{12}
	whole, err := care(t, ranking.Finder{Timer: road}, offers, ranking.Question{Limit: 5, Fair: "x"})
	if err != nil || !whole.Complete || len(whole.Degraded) > 0 {
		t.Fatal(whole, err)
	}
	for _, after := range []int{0, 1} {
		for _, hangs := range []bool{false, true} {
			calls := 0
			f := ranking.Finder{Timer: down{road, &calls, after, hangs}}
			got, err := care(t, f, offers, ranking.Question{Limit: 5, Fair: "x", Deadline: time.Millisecond})
			if err != nil || got.Complete || !slices.Equal(got.Degraded, []string{"travel"}) || len(got.Choices) != 5 {
				t.Errorf("after %d calls, hangs %v: %+v, %v", after, hangs, got, err)
			}
			if calls != after+1 {
				t.Errorf("after %d calls, hangs %v: asked %d times", after, hangs, calls)
			}
		}
	}
	// Who asks has gone: that is no degradation.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	view := guarded(t, offers).As(data.Viewer{})
	defer view.Close()
	f := ranking.Finder{Timer: road}
	if _, err := f.Care(ctx, view, ranking.Question{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Few questions to the router: the first is for eight offers at least, and each
// is for twice as many as the one before.
func TestFewQuestionsToTheRouter(t *testing.T) {
	var offers []data.Offer
	for i := range 500 {
		offers = append(offers, at(fmt.Sprintf("offer-%03d", i), 1+float64(i)/100))
	}
	var sizes []int
	f := ranking.Finder{Timer: sizing{slow{12}, &sizes}}
	if _, err := care(t, f, offers, ranking.Question{Limit: 1, Fair: "x"}); err != nil {
		t.Fatal(err)
	}
	if want := []int{8, 16, 32, 64, 128, 252}; !slices.Equal(sizes, want) {
		t.Errorf("asked for %v times, want %v", sizes, want)
	}
}

type sizing struct {
	geo.TravelTimer
	sizes *[]int
}

func (s sizing) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	*s.sizes = append(*s.sizes, len(to))
	return s.TravelTimer.Times(ctx, from, to)
}

func TestCurve(t *testing.T) {
	const most = 15 * time.Minute
	for name, curve := range map[string]ranking.Curve{"hours": ranking.HoursAge, "beds": ranking.BedsAge} {
		last := time.Duration(0)
		for age := -time.Hour; age < 2*curve.Old; age += curve.Old / 500 {
			d := curve.Of(most, age)
			if d < last || d > most || d%time.Minute != 0 || age <= curve.Fresh && d != 0 || age >= curve.Old && d != most || age > curve.Fresh && d == 0 {
				t.Errorf("%s: %v at the age of %v, after %v", name, d, age, last)
			}
			last = d
		}
	}
}

// Of offers at one site as many as wanted are enough: what is to come there costs
// as much, and stands after them. The road is straight, so the floor is the time.
func TestEqualsFartherAreNotRead(t *testing.T) {
	var offers []data.Offer
	for i := range 300 {
		offers = append(offers, at(fmt.Sprintf("offer-%03d", i), 6))
	}
	got, err := care(t, ranking.Finder{}, offers, ranking.Question{Limit: 3})
	if err != nil || !got.Complete || got.Priced != 3 || got.Choices[2].ID != "offer-002" {
		t.Errorf("%d offers priced for three (complete: %v), %v", got.Priced, got.Complete, err)
	}
}

// byID are delays of some offers.
type byID map[data.ID]time.Duration

func (b byID) Of(c *ranking.Candidate) ranking.Part { return ranking.Part{Time: b[c.ID]} }

// Of what costs the same the nearest is chosen, also where it may cost more than what
// was read before it: far is read first, then dear and near, which may cost what far
// does and costs more, and home's neighbour last.
func TestEqualsNearerAreRead(t *testing.T) {
	here, there := data.Code("R211|356"), data.Code("R211|354")
	offers := []data.Offer{
		at("far", 5, carrying(here), carrying(there)), at("dear", 5.5, carrying(here), carrying(there)),
		at("near", 1, carrying(there)), at("neighbour", 2, carrying(here)),
	}
	got, err := care(t, ranking.Finder{Timer: geo.Straight{}}, offers, ranking.Question{
		Limit: 1, Delays: []ranking.Delay{byID{"far": 2 * time.Minute, "dear": 5 * time.Minute, "near": time.Minute}},
		Preferences: []needs.Preference{
			{Codes: []data.Code{here}, Missing: 6 * time.Minute}, {Codes: []data.Code{there}, Missing: 5 * time.Minute},
		},
	})
	if err != nil || got.Choices[0].ID != "neighbour" || got.Choices[0].Cost != 12*time.Minute || got.Priced != 4 {
		t.Errorf("%+v after %d, %v", got.Choices, got.Priced, err)
	}
}

// What stands in for a timer that is down is of its mode: who walks is not driven.
func TestEstimatesAreOfTheMode(t *testing.T) {
	offers := []data.Offer{at("five", 5)}
	for _, c := range []struct {
		timer    geo.TravelTimer
		estimate geo.TravelTimer
		want     time.Duration // of the way, rounded
	}{
		{geo.Walking(), nil, 76 * time.Minute},
		{geo.Helicopter(), nil, 11 * time.Minute},
		{geo.Siren{Car: slow{12}, Factor: 0.5}, nil, 5 * time.Minute},
		{slow{12}, geo.Helicopter(), 11 * time.Minute},
	} {
		f := ranking.Finder{Timer: c.timer, Estimate: c.estimate}
		mode, _ := c.timer.Name()
		if siren, ok := c.timer.(geo.Siren); ok {
			siren.Car = down{siren.Car, new(int), 0, false}
			f.Timer = siren
		} else {
			f.Timer = down{c.timer, new(int), 0, false}
		}
		got, err := care(t, f, offers, ranking.Question{})
		if err != nil || len(got.Choices) != 1 || got.Complete || got.Mode != mode {
			t.Fatal(got, err)
		}
		if way := got.Choices[0].Travel; way.Time.Round(time.Minute) != c.want || !way.Degraded() || way.Source != "straight" {
			t.Errorf("%s: %+v, want %v", mode, way, c.want)
		}
	}
}

// All rungs of a ladder share the time that the ways may take, and a timer that
// hangs is given up before who asks has gone, also where no deadline was told.
func TestRungsShareTheTimer(t *testing.T) {
	closed := func(o *data.Offer) { o.Hours = daily(60, 120) }
	offers := []data.Offer{
		at("unit", 3, closed, carrying("R211|356"), func(o *data.Offer) { o.Type = "R244|263" }),
		at("ward", 6, closed, emergencies), at("other", 9, closed, emergencies),
	}
	c := ranking.Case{Need: needNamed(t, "stroke"), Patient: needs.Patient{Age: years(70)}}
	view := guarded(t, offers).As(data.Viewer{})
	defer view.Close()
	for _, deadline := range []time.Duration{time.Millisecond, 0} {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		calls := 0
		f := ranking.Finder{Timer: down{slow{12}, &calls, 0, true}}
		q := ranking.Question{Query: index.Query{Near: home, At: noon, Within: 20_000}, PassedOver: 20, Deadline: deadline}
		got, err := f.Serve(ctx, view, c, q)
		cancel()
		if err != nil || calls != 1 || !slices.Equal(got.Degraded, []string{"travel"}) || got.Complete || len(got.PassedOver) != 3 {
			t.Errorf("a deadline of %v: %d calls, %+v, %v", deadline, calls, got, err)
		}
	}
	var sizes []int
	f := ranking.Finder{Timer: sizing{slow{12}, &sizes}}
	if _, err := f.Serve(context.Background(), view, c, ranking.Question{Query: index.Query{Near: home, At: noon}, PassedOver: 20}); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, n := range sizes {
		asked += n
	}
	if asked != len(offers) {
		t.Errorf("asked for %v times, of %d places", sizes, len(offers))
	}
}

// Choices say whose straight way crosses water, without any router: from Royan to Le
// Verdon there is a ferry.
func TestWaterIsSaid(t *testing.T) {
	verdon := at("verdon", 0, func(o *data.Offer) { o.Places[0].Point = geo.Point{Lat: 45.545, Lon: -1.06} })
	saintes := at("saintes", 0, func(o *data.Offer) { o.Places[0].Point = geo.Point{Lat: 45.746, Lon: -0.633} })
	view := guarded(t, []data.Offer{verdon, saintes}).As(data.Viewer{})
	defer view.Close()
	query := index.Query{Near: geo.Point{Lat: 45.623, Lon: -1.028}, At: noon}
	for name, c := range map[string]struct {
		timer geo.TravelTimer
		wet   bool
	}{"straight": {nil, true}, "on foot": {geo.Walking(), true}, "in the air": {geo.Helicopter(), false}, "by a router": {winding{}, false}} {
		f := ranking.Finder{Timer: c.timer}
		cared, err := f.Care(context.Background(), view, ranking.Question{Query: query, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		found, err := f.Find(context.Background(), view, query, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, choice := range append(cared.Choices, found.Choices...) {
			if wet := choice.Travel.Doubt&geo.DoubtWater != 0; wet != (c.wet && choice.ID == "verdon") {
				t.Errorf("%s: the way to %s crosses water: %v", name, choice.ID, wet)
			}
		}
	}
}
