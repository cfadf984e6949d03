package reach_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking/reach"
)

// commune is one of so many people, so far from an offer; a negative distance
// is none found.
func commune(code string, people int, km float64) reach.Reach {
	r := reach.Reach{Commune: gazetteer.Commune{Code: code, Name: "N" + code, Departement: code[:2], Population: people}}
	if km >= 0 {
		r.Offer, r.Distance = "offer", geo.Meters(km*1000)
	}
	return r
}

func TestSummarize(t *testing.T) {
	cases := []struct {
		name    string
		reaches []reach.Reach
		want    reach.Summary // its farthest by code alone
	}{
		{"nothing", nil, reach.Summary{}},
		{"one", []reach.Reach{commune("01001", 10, 7)},
			reach.Summary{Communes: 1, People: 10, HalfOfCommunes: 7000, HalfOfPeople: 7000, Farthest: commune("01001", 0, 0)}},
		{"the middle one of three, in any order", []reach.Reach{commune("01001", 1, 9), commune("01002", 1, 1), commune("01003", 1, 2)},
			reach.Summary{Communes: 3, People: 3, HalfOfCommunes: 2000, HalfOfPeople: 2000, Farthest: commune("01001", 0, 0)}},
		{"the lower middle one of four", []reach.Reach{commune("01001", 1, 1), commune("01002", 1, 2), commune("01003", 1, 3), commune("01004", 1, 4)},
			reach.Summary{Communes: 4, People: 4, HalfOfCommunes: 2000, HalfOfPeople: 2000, Farthest: commune("01004", 0, 0)}},
		{"most people live near", []reach.Reach{commune("01001", 80, 1), commune("01002", 10, 20), commune("01003", 10, 30)},
			reach.Summary{Communes: 3, People: 100, HalfOfCommunes: 20_000, HalfOfPeople: 1000, Farthest: commune("01003", 0, 0)}},
		{"exactly half of the people", []reach.Reach{commune("01001", 50, 1), commune("01002", 25, 20), commune("01003", 25, 30)},
			reach.Summary{Communes: 3, People: 100, HalfOfCommunes: 20_000, HalfOfPeople: 1000, Farthest: commune("01003", 0, 0)}},
		{"one person less than half", []reach.Reach{commune("01001", 49, 1), commune("01002", 26, 20), commune("01003", 25, 30)},
			reach.Summary{Communes: 3, People: 100, HalfOfCommunes: 20_000, HalfOfPeople: 20_000, Farthest: commune("01003", 0, 0)}},
		{"nobody lives there", []reach.Reach{commune("01001", 0, 1), commune("01002", 0, 2)},
			reach.Summary{Communes: 2, HalfOfCommunes: 1000, Farthest: commune("01002", 0, 0)}},
		{"some without an answer", []reach.Reach{commune("01001", 90, -1), commune("01002", 5, 2), commune("01003", 5, 3)},
			reach.Summary{Communes: 2, Without: 1, People: 10, HalfOfCommunes: 2000, HalfOfPeople: 2000, Farthest: commune("01003", 0, 0)}},
		{"all without an answer", []reach.Reach{commune("01001", 90, -1)}, reach.Summary{Without: 1}},
		{"of the farthest the lowest code", []reach.Reach{commune("01003", 1, 5), commune("01001", 1, 5), commune("01002", 1, 5)},
			reach.Summary{Communes: 3, People: 3, HalfOfCommunes: 5000, HalfOfPeople: 5000, Farthest: commune("01001", 0, 0)}},
	}
	for _, c := range cases {
		before := fmt.Sprint(c.reaches)
		got := reach.Summarize(c.reaches)
		if fmt.Sprint(c.reaches) != before {
			t.Errorf("%s: the list was changed", c.name)
		}
		if got.Farthest.Code != c.want.Farthest.Code {
			t.Errorf("%s: the farthest is %q, want %q", c.name, got.Farthest.Code, c.want.Farthest.Code)
		}
		got.Farthest, c.want.Farthest = reach.Reach{}, reach.Reach{}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

var emergency = [][]data.Code{{"R211|157"}}

// country returns a view of departments of emergency spread over France, one of
// them hidden from the public, one of another kind and one without a position.
func country(t *testing.T, points []geo.Point) *index.View {
	t.Helper()
	var offers []data.Offer
	add := func(o data.Offer, p geo.Point) *data.Offer {
		o.ID = data.NewID("o", fmt.Sprint(len(offers)))
		o.Places = []data.Place{{Point: p, Quality: data.AtStreet}}
		offers = append(offers, o)
		return &offers[len(offers)-1]
	}
	for _, p := range points {
		add(data.Offer{Activities: emergency[0]}, p)
	}
	mende := geo.Point{Lat: 44.518, Lon: 3.5014}
	add(data.Offer{Activities: emergency[0], Sensitive: true}, mende)
	add(data.Offer{Activities: []data.Code{"R211|356"}}, mende)
	add(data.Offer{Activities: emergency[0]}, mende).Places[0].Quality = data.Unplaced
	g, err := index.New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	return index.NewGuard(g).As(data.Viewer{})
}

func spread() []geo.Point {
	r := rand.New(rand.NewPCG(1, 1))
	points := []geo.Point{{Lat: -20.9, Lon: 55.45}, {Lat: 16.24, Lon: -61.53}}
	for range 40 {
		points = append(points, geo.Point{Lat: 43 + 7*r.Float64(), Lon: -1 + 8*r.Float64()}.Rounded())
	}
	return points
}

// The survey is a loop over all communes and all offers.
func TestSurveyIsALoop(t *testing.T) {
	points := spread()
	reaches, err := reach.Survey(context.Background(), country(t, points), emergency)
	if err != nil {
		t.Fatal(err)
	}
	if len(reaches) != 34_870 {
		t.Errorf("%d communes asked, want 34870", len(reaches))
	}
	last := ""
	for _, r := range reaches {
		nearest := geo.Meters(math.Inf(1))
		for _, p := range points {
			nearest = min(nearest, geo.Distance(r.Centre, p))
		}
		if r.Distance != nearest || r.Offer == "" || r.Code <= last || r.Arrondissement > 0 {
			t.Fatalf("%s %s after %q: %q at %v m, want %v", r.Code, r.Name, last, r.Offer, r.Distance, nearest)
		}
		last = r.Code
	}
}

func TestUnplaced(t *testing.T) {
	if got := reach.Unplaced(country(t, spread()), emergency); got != 1 {
		t.Errorf("%d without a position, want 1", got)
	}
}

func TestSurveyOfWhatIsNotThere(t *testing.T) {
	reaches, err := reach.Survey(context.Background(), country(t, spread()), [][]data.Code{{"R211|157"}, {"R211|356"}})
	if err != nil {
		t.Fatal(err)
	}
	if s := reach.Summarize(reaches); s.Communes != 0 || s.Without != 34_870 {
		t.Errorf("%d communes with an answer, %d without", s.Communes, s.Without)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := reach.Survey(ctx, country(t, nil), emergency); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func ExampleReport() {
	report := reach.Report{
		Codes:    [][]data.Code{{"SAE|URG_GEN", "SAE|URG_PED"}, {"R213|33"}},
		Reaches:  []reach.Reach{commune("48001", 500, 12.34), commune("48095", 12_000, 0.96), commune("97411", 150_000, -1)},
		Unplaced: 2, Departements: true,
	}
	if err := report.Print(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// How far is the nearest SAE|URG_GEN,SAE|URG_PED and R213|33? 3 communes asked, each at its centre, as the crow flies.
	// Communes without an answer: 1. No offer with a position that may be seen carries that.
	// Offers that carry that and have no position, so that they are near to nobody: 2.
	//
	// within how far for          communes    people  half of communes  half of people    farthest
	// metropolitan France                2     12500            1.0 km          1.0 km     12.3 km  N48001
	// overseas                           1         -                 -               -           -
	//
	// 48  Lozère                         2     12500            1.0 km          1.0 km     12.3 km  N48001
	// 97                                 1         -                 -               -           -
}

// full is a disk that is.
type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestReportThatCannotBeWritten(t *testing.T) {
	if err := (reach.Report{}).Print(full{}); !errors.Is(err, errFull) {
		t.Errorf("%v, want %v", err, errFull)
	}
}
