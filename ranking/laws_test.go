package ranking_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// The laws of time to care, each on random countries: an offer that is better in
// one thing, all else equal, never stands below the one that it was.

// aCountry is some offers around home, of every kind of hours, beds and positions.
func aCountry(r *rand.Rand, n int) []data.Offer {
	var offers []data.Offer
	for i := range n {
		o := at(fmt.Sprintf("offer-%02d", i), 1+40*r.Float64(), lastTold(r.IntN(1500)), quality(data.Quality(1+r.IntN(3))))
		switch r.IntN(4) {
		case 0:
			noHours(&o)
		case 1:
			from := data.Minute(r.IntN(1400))
			o.Hours = daily(from, min(from+data.Minute(1+r.IntN(600)), data.Midnight))
		}
		if r.IntN(3) > 0 {
			withBeds(r.IntN(3), time.Duration(r.IntN(3000))*time.Minute)(&o)
		}
		if r.IntN(2) == 0 {
			carrying("R211|356")(&o)
		}
		offers = append(offers, o)
	}
	return offers
}

// lawQuestion asks for all of a country, with preferences.
var lawQuestion = ranking.Question{
	Query: index.Query{Near: home, At: noon}, Limit: 100,
	Preferences: []needs.Preference{
		{Beds: true, Missing: 31 * time.Minute},
		{Codes: []data.Code{"R211|356"}, Missing: 12 * time.Minute},
	},
}

func ranked(t *testing.T, offers []data.Offer, q ranking.Question) ranking.Answer {
	t.Helper()
	view := guarded(t, offers).As(data.Viewer{Profile: 1})
	defer view.Close()
	var f ranking.Finder
	a, err := f.Care(context.Background(), view, q)
	if err != nil || !a.Complete {
		t.Fatal(a, err)
	}
	return a
}

func rankOf(a ranking.Answer, id data.ID) int {
	return slices.IndexFunc(a.Choices, func(c ranking.Choice) bool { return c.ID == id })
}

// twinned adds, to a country, an offer that is one of it but for a change; the ids
// are such that the better one does not win by its id.
func twinned(offers []data.Offer, i int, worse, better func(*data.Offer)) []data.Offer {
	a, b := offers[i], offers[i]
	a.Places, b.Places = slices.Clone(a.Places), slices.Clone(b.Places)
	a.ID, b.ID = "a-worse", "b-better"
	worse(&a)
	better(&b)
	return append(slices.Clone(offers), a, b)
}

// law makes two versions of an offer, of which the second is better.
type law struct {
	name string
	pair func(r *rand.Rand) (worse, better func(*data.Offer))
}

var laws = []law{
	{"an earlier opening", func(r *rand.Rand) (worse, better func(*data.Offer)) {
		late := data.Minute(12*60 + r.IntN(700))
		return openFrom(late, data.Midnight), openFrom(late-data.Minute(1+r.IntN(300)), data.Midnight)
	}},
	{"a fresher yes", func(r *rand.Rand) (worse, better func(*data.Offer)) {
		old := time.Duration(1+r.IntN(3000)) * time.Minute
		return withBeds(1, old), withBeds(1, time.Duration(r.Int64N(int64(old))))
	}},
	{"a known bed beside an unknown one", func(r *rand.Rand) (worse, better func(*data.Offer)) {
		return func(o *data.Offer) { o.Places[0].Capacity = nil }, withBeds(1, time.Duration(r.IntN(9000))*time.Minute)
	}},
	{"an unknown bed beside none", func(r *rand.Rand) (worse, better func(*data.Offer)) {
		return withBeds(0, time.Duration(r.IntN(9000))*time.Minute), func(o *data.Offer) { o.Places[0].Capacity = nil }
	}},
	{"hours that were confirmed later", func(r *rand.Rand) (worse, better func(*data.Offer)) {
		old := 1 + r.IntN(2000)
		return lastTold(old), lastTold(r.IntN(old))
	}},
	{"a nearer place", func(r *rand.Rand) (worse, better func(*data.Offer)) {
		away := r.Float64() / 5
		return func(o *data.Offer) {
			o.Places[0].Point.Lat += away
			o.Places[0].Point = o.Places[0].Point.Rounded()
		}, func(*data.Offer) {}
	}},
}

func TestLaws(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 15
	}
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(round), 5))
		offers := aCountry(r, 12)
		i := r.IntN(len(offers))
		for _, law := range laws {
			worse, better := law.pair(r)
			a := ranked(t, twinned(offers, i, worse, better), lawQuestion)
			w, b := rankOf(a, "a-worse"), rankOf(a, "b-better")
			switch {
			case w < 0 || b < 0:
				t.Fatalf("round %d, %s: not found", round, law.name)
			case a.Choices[b].Cost > a.Choices[w].Cost, b > w && a.Choices[b].Distance < a.Choices[w].Distance:
				t.Errorf("round %d: %s stands at %d, %+v, and the other at %d, %+v", round, law.name, b, a.Choices[b].Parts, w, a.Choices[w].Parts)
			}
		}
	}
}

// Around a public holiday too an earlier opening never costs more, and unknown hours
// never cost more than those of a day that is told to be closed: not on the eve of
// it, when the hours that come next are unknown, and not on the holiday, just before
// the known hours of the next day.
func TestLawsAroundAHoliday(t *testing.T) {
	eve := time.Date(2026, 12, 24, 11, 0, 0, 0, time.UTC)
	unsure := 0
	for round := range 150 {
		r := rand.New(rand.NewPCG(uint64(round), 7))
		q := lawQuestion
		q.Query.At = eve.Add(time.Duration(r.IntN(40*60)) * time.Minute)
		if round%2 == 0 { // soon to be in other hours
			q.Query.At = eve.Add(time.Duration(11*60-r.IntN(20)+round%4*12*60) * time.Minute)
		}
		late := data.Minute(1 + r.IntN(1380))
		worse := at("a-worse", 1, openFrom(late, late+data.Minute(1+r.IntN(59))))
		better := worse
		better.ID, better.Hours = "b-better", daily(data.Minute(r.IntN(int(late))), worse.Hours.Weekly[0].To)
		told := worse
		told.ID = "c-told"
		told.Hours.Exceptions = []data.Exception{{Days: data.Period{From: data.NewDate(2026, 12, 25), To: data.NewDate(2026, 12, 25)}}}
		a := ranked(t, []data.Offer{worse, better, told}, q)
		w, b, known := a.Choices[rankOf(a, "a-worse")], a.Choices[rankOf(a, "b-better")], a.Choices[rankOf(a, "c-told")]
		if b.Cost > w.Cost || w.Cost > known.Cost {
			t.Errorf("at %v, from %d: %v\nearlier, from %d: %v\nclosed on the holiday: %v", q.Query.At, late, w.Parts, better.Hours.Weekly[0].From, b.Parts, known.Parts)
		}
		if w.Cost < known.Cost {
			unsure++
		}
	}
	if unsure < 30 {
		t.Errorf("%d of these met unknown hours", unsure)
	}
}

// An offer that cannot win changes nothing but the counts.
func TestWhatCannotWinChangesNothing(t *testing.T) {
	for round := range 40 {
		r := rand.New(rand.NewPCG(uint64(round), 6))
		offers := aCountry(r, 30)
		q := lawQuestion
		q.Limit, q.PassedOver = 5, 20
		if round%2 == 0 {
			q.Fair = fmt.Sprint(round)
		}
		before := ranked(t, offers, q)
		last := before.Choices[len(before.Choices)-1]
		away := 1 + last.Cost.Minutes() // its way alone takes longer, at a minute a kilometre and more
		after := ranked(t, append(offers, at("zz-loser", away)), q)
		before.Priced, after.Priced = 0, 0
		unnumbered(&before)
		unnumbered(&after)
		if fmt.Sprint(before) != fmt.Sprint(after) {
			t.Errorf("round %d:\n%+v\nthen\n%+v", round, before, after)
		}
	}
}

// unnumbered forgets where the index holds the hits of an answer.
func unnumbered(a *ranking.Answer) {
	forget := func(h *index.Hit) {
		*h = index.Hit{ID: h.ID, Place: h.Place, Point: h.Point, Distance: h.Distance, Age: h.Age}
	}
	for i := range a.Choices {
		forget(&a.Choices[i].Hit)
	}
	for i := range a.PassedOver {
		forget(&a.PassedOver[i].Hit)
	}
}
