package ranking_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// country opens an index of invented offers: 50,000, or as many as BOUSSOLE_SCALE
// says, or the one that is in the folder BOUSSOLE_INDEX.
func country(b *testing.B) *index.Guard {
	b.Helper()
	dir := os.Getenv("BOUSSOLE_INDEX")
	if dir == "" {
		scale := 50_000
		if by := os.Getenv("BOUSSOLE_SCALE"); by != "" {
			n, err := strconv.Atoi(by)
			if err != nil {
				b.Fatal(err)
			}
			scale = n
		}
		dir = b.TempDir()
		if _, err := index.Build(context.Background(), sample.Source{Scale: scale, Seed: 1}, dir, index.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	g, _, err := index.Open(context.Background(), dir)
	if err != nil {
		b.Fatal(err)
	}
	return index.NewGuard(g)
}

// whereTheyAre is near offers, a kilometre or so off.
func whereTheyAre(b *testing.B, n int) []geo.Point {
	b.Helper()
	var places []geo.Point
	for o, err := range (sample.Source{Scale: 5_000, Seed: 2}).Offers(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
		for _, p := range o.Places {
			if p.Placed() {
				places = append(places, p.Point)
			}
		}
	}
	r := rand.New(rand.NewPCG(7, 7))
	points := make([]geo.Point, n)
	for i := range points {
		p := places[r.IntN(len(places))]
		points[i] = geo.Point{Lat: p.Lat + r.NormFloat64()*0.02, Lon: p.Lon + r.NormFloat64()*0.02}
	}
	return points
}

// The needs of the benchmark: hospitals that are rare and less so, for some of which
// another service of the site will do, and doors in every street.
var benchmarkNeeds = []string{"emergency", "stroke", "pharmacy", "doctor"}

// asked is a question of the benchmark: of care, and what the nearest of it are.
type asked struct {
	name    string
	need    *needs.Need // nil is five delays beside the way
	query   index.Query
	atNight bool
	timer   geo.TravelTimer // nil is a car in a straight line
}

// questionsAsked are five delays on anything and on a common code, and needs as
// they are.
func questionsAsked(b *testing.B) []asked {
	list := []asked{
		{name: "anything, by day"}, {name: "anything, at night", atNight: true},
		{name: "a common code, by day", query: index.Query{Codes: [][]data.Code{{"R211|442"}}}},
		{name: "a common code, at night", query: index.Query{Codes: [][]data.Code{{"R211|442"}}}, atNight: true},
	}
	siren := geo.Siren{Car: geo.Straight{Ground: gazetteer.GroundAt}, Factor: 0.8}
	list = append(list, asked{name: "anything, by day, with a siren", timer: siren})
	set := needs.Embedded()
	for _, id := range benchmarkNeeds {
		need, ok := set.Need(id)
		if !ok {
			b.Fatalf("no need %q", id)
		}
		list = append(list, asked{name: id + ", by day", need: need, query: index.Query{Codes: need.Ask.Codes()}})
	}
	return list
}

// BenchmarkCare holds the ten soonest, with five delays beside the way, against
// the ten nearest of the same question in the same run. It says how many offers are
// priced for one question.
func BenchmarkCare(b *testing.B) {
	guard := country(b)
	origins := whereTheyAre(b, 1<<14)
	five := []needs.Preference{ // beside hours and positions
		{Beds: true, Missing: 30 * time.Minute},
		{Codes: []data.Code{"R211|442"}, Missing: 10 * time.Minute},
		{Codes: []data.Code{"R213|33", "R213|28"}, Missing: 5 * time.Minute},
	}
	priced := 0
	ask := map[string]func(view *index.View, q *asked) error{
		"nearest": func(view *index.View, q *asked) error {
			_, err := view.Search(q.query).Next(context.Background(), 10)
			return err
		},
		"care": func(view *index.View, q *asked) (err error) {
			var answer ranking.Answer
			f := ranking.Finder{Timer: q.timer}
			if q.need != nil {
				where := index.Query{Near: q.query.Near, At: q.query.At}
				answer, err = f.Serve(context.Background(), view, ranking.Case{Need: q.need}, ranking.Question{Query: where, Limit: 10})
			} else {
				answer, err = f.Care(context.Background(), view, ranking.Question{Query: q.query, Limit: 10, Preferences: five})
			}
			priced += answer.Priced
			return err
		},
	}
	for _, q := range questionsAsked(b) {
		medians := map[string]float64{}
		for _, what := range []string{"nearest", "care"} {
			b.Run(q.name+"/"+what, func(b *testing.B) {
				r := rand.New(rand.NewPCG(8, 8))
				times := make([]time.Duration, 0, 1<<18)
				priced = 0
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					q.query.Near = origins[i%len(origins)]
					q.query.At = time.Date(2026, 3, 2, 9, r.IntN(60), 0, 0, time.UTC)
					if q.atNight {
						q.query.At = q.query.At.Add(16 * time.Hour)
					}
					start := time.Now()
					view := guard.As(data.Viewer{Profile: 1})
					err := ask[what](view, &q)
					view.Close()
					times = append(times, time.Since(start))
					if err != nil {
						b.Fatal(err)
					}
				}
				slices.Sort(times)
				medians[what] = float64(times[len(times)/2])
				b.ReportMetric(medians[what]/1000, "p50-µs")
				if what == "care" {
					b.ReportMetric(medians["care"]/medians["nearest"], "times-nearest")
					b.ReportMetric(float64(priced)/float64(len(times)), "priced")
				}
			})
		}
	}
}
