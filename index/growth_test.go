package index

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/index/text"
)

// What a snapshot alone costs, without documents and words: how answers slow down
// when a country grows, and how fast it is made. BOUSSOLE_SCALES are other sizes
// than these, "100000,1000000,5000000" those that the project is held to.
var scales = []int{20_000, 100_000}

func scalesAsked(b *testing.B) []int {
	by := os.Getenv("BOUSSOLE_SCALES")
	if by == "" {
		return scales
	}
	var list []int
	for text := range strings.SplitSeq(by, ",") {
		var n int
		if _, err := fmt.Sscan(text, &n); err != nil || n < 1000 {
			b.Fatalf("BOUSSOLE_SCALES=%s: %q is no number of offers", by, text)
		}
		list = append(list, n)
	}
	return list
}

// snapshotBuilder is a builder that knows no words.
func snapshotBuilder() *builder {
	return &builder{words: wordsBuilder{groupers: []*grouper{newGrouper(nil)}}}
}

func (b *builder) addWithoutWords(o *data.Offer) {
	b.addWithWords(o, 0, make([][]uint32, max(1, len(o.Places))))
}

// snapshotOf is a guard of a snapshot of the sample.
func snapshotOf(b *testing.B, scale int) *Guard {
	builder := snapshotBuilder()
	for o := range invented(b, scale, 1) {
		builder.addWithoutWords(o)
	}
	s := builder.finish()
	vocabulary, err := text.InMemory(s.terms)
	if err != nil {
		b.Fatal(err)
	}
	g, err := newGeneration(&packed{snapshot: s, words: vocabulary})
	if err != nil {
		b.Fatal(err)
	}
	return NewGuard(g)
}

// invented are the offers of the sample, as a build has them.
func invented(b *testing.B, scale int, seed uint64) iter.Seq[*data.Offer] {
	return func(yield func(*data.Offer) bool) {
		for o, err := range (sample.Source{Scale: scale, Seed: seed}).Offers(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			normalise(o)
			if !yield(o) {
				return
			}
		}
	}
}

// patients are near offers of another country, a kilometre or so off.
func patients(b *testing.B, n int) []geo.Point {
	var places []geo.Point
	for o := range invented(b, 20_000, 2) {
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

// growthQuestion is one sort of question, asked the same of all sizes.
type growthQuestion struct {
	name string
	ask  func(v *View, near geo.Point, r *rand.Rand) error
	all  bool // rights
}

// askedOfAll are Q1 to Q4 and Q7: any offer; an activity that one offer in 25
// carries, and one in 5,000; beds, hours and ages; the cells of a map.
func askedOfAll() []growthQuestion {
	common, rare, beds := [][]data.Code{{"R211|200"}}, [][]data.Code{{"R211|087"}}, [][]data.Code{{"R213|28"}}
	nearest := func(of func(r *rand.Rand) Query) func(*View, geo.Point, *rand.Rand) error {
		return func(v *View, near geo.Point, r *rand.Rand) error {
			q := of(r)
			q.Near = near
			_, err := v.Search(q).Next(context.Background(), 10)
			return err
		}
	}
	always := func(q Query) func(*rand.Rand) Query { return func(*rand.Rand) Query { return q } }
	return []growthQuestion{
		{"Q1", nearest(always(Query{})), false},
		{"Q2", nearest(always(Query{Codes: common})), false},
		{"Q3", nearest(always(Query{Codes: rare})), false},
		{"Q4", nearest(func(r *rand.Rand) Query {
			age := data.Age(r.IntN(95)) * data.AgeYear
			at := time.Date(2026, time.June, 2, 0, r.IntN(58*24*60), 0, 0, time.UTC)
			return Query{Codes: beds, Age: &age, Open: RuleYes, At: at, Beds: Beds{Rule: RuleYes, AtLeast: 1}}
		}), true},
		{"Q7", func(v *View, p geo.Point, _ *rand.Rand) error {
			in := Bounds{South: p.Lat - 0.1, North: p.Lat + 0.1, West: p.Lon - 0.15, East: p.Lon + 0.15}
			_, err := v.Cells(Query{Codes: common}, in, 13)
			return err
		}, false},
	}
}

// BenchmarkGrowth tells the median of each sort of question and one in a hundred,
// medians of as many rounds as there is time for (-benchtime 3x: of three), and how
// many times the median grows where the offers are ten times as many: 2.2 at most
// are asked for, 1.5 is the goal.
func BenchmarkGrowth(b *testing.B) {
	origins := patients(b, 20_000)
	var before map[string]float64 // medians of the size that is smaller
	last := 0
	for _, scale := range scalesAsked(b) {
		now := make(map[string]float64)
		guard := snapshotOf(b, scale)
		runtime.GC()
		for _, q := range askedOfAll() {
			b.Run(fmt.Sprintf("%s/%d", q.name, scale), func(b *testing.B) {
				var p50, p99 []float64
				for b.Loop() {
					times := timesOf(b, guard, q, origins)
					p50 = append(p50, float64(times[len(times)/2].Nanoseconds())/1000)
					p99 = append(p99, float64(times[len(times)*99/100].Nanoseconds())/1000)
				}
				slices.Sort(p50)
				slices.Sort(p99)
				median := p50[len(p50)/2]
				b.ReportMetric(median, "p50-µs")
				b.ReportMetric(p99[len(p99)/2], "p99-µs")
				b.ReportMetric(0, "ns/op") // of all origins, which says nothing
				if before != nil {
					b.ReportMetric(math.Pow(median/before[q.name], 1/math.Log10(float64(scale)/float64(last))), "times/decade")
				}
				now[q.name] = median // of the last, longest go
			})
		}
		before, last = now, scale
	}
}

// timesOf asks once from every origin, and sorts the times.
func timesOf(b *testing.B, guard *Guard, q growthQuestion, origins []geo.Point) []time.Duration {
	viewer := data.Viewer{}
	if q.all {
		viewer.Profile = allRights
	}
	r := rand.New(rand.NewPCG(8, 8))
	times := make([]time.Duration, len(origins))
	for i, near := range origins {
		begin := time.Now()
		view := guard.As(viewer)
		err := q.ask(view, near, r)
		view.Close()
		times[i] = time.Since(begin)
		if err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(times)
	return times
}

// BenchmarkSnapshot makes a snapshot of decoded offers on one core: 400,000 a
// second at least are asked for, a million is the goal. With words, these are read,
// counted and listed too.
func BenchmarkSnapshot(b *testing.B) {
	var offers []*data.Offer
	for o := range invented(b, 100_000, 1) {
		offers = append(offers, o)
	}
	add := map[string]func(*builder, *data.Offer){
		"alone": (*builder).addWithoutWords,
		"words": func(all *builder, o *data.Offer) { all.addWithWords(o, 0, all.words.groupers[0].offer(o)) },
	}
	for _, name := range []string{"alone", "words"} {
		b.Run(name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			b.ReportAllocs()
			for b.Loop() {
				all := snapshotBuilder()
				for _, o := range offers {
					add[name](all, o)
				}
				all.finish()
			}
			b.ReportMetric(float64(len(offers))*float64(b.N)/b.Elapsed().Seconds(), "offers/s")
		})
	}
}
