package index_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/sae"
	"boussole/geo"
	"boussole/geo/realdata"
	"boussole/index"
	"boussole/index/indextest"
	"boussole/index/twin"
)

// scale returns how many questions a test asks: fewer under -short, which is
// how the race detector runs, and BOUSSOLE_QUESTIONS of each kind when that is
// set, for a longer run by hand.
func scale(t testing.TB, questions int) int {
	if by, err := strconv.Atoi(os.Getenv("BOUSSOLE_QUESTIONS")); err == nil {
		return by
	}
	if testing.Short() {
		return max(questions/100, 5)
	}
	return questions
}

// Together 20,000 questions, of all filters and all profiles.
func TestExactOnAThousandOffers(t *testing.T) {
	const worlds = 17
	for seed := range uint64(worlds) {
		offers := twin.World(seed, 1000)
		exact(t, offers, scale(t, 17_850)/worlds, seed, twin.Ask)
	}
}

func TestExactOnThirtyThousandOffers(t *testing.T) {
	exact(t, twin.World(100, 30_000), scale(t, 1000), 100, twin.Ask)
}

func TestExactOnTheRealOffers(t *testing.T) {
	offers := realOffers(t)
	if testing.Short() { // under the race detector all of them take minutes
		offers = offers[:len(offers)/10]
	}
	questions := scale(t, 1150)
	if answered := exact(t, offers, questions, 200, askAboutReal); answered < questions/2 {
		t.Errorf("only %d of %d questions find anything", answered, questions)
	}
}

// A world of one offer or none has corners of its own.
func TestExactOnAFewOffers(t *testing.T) {
	for n := range 40 {
		exact(t, twin.World(uint64(1000+n), n), 20, uint64(n), twin.Ask)
	}
}

var realOnce struct {
	sync.Once
	offers []data.Offer
	err    error
}

// realOffers returns FINESS 2021 and SAE 2023, merged, in the order of ids.
func realOffers(t testing.TB) []data.Offer {
	stock, services := realdata.Path(t, realdata.FinessStock), realdata.Path(t, realdata.SAE)
	realOnce.Do(func() {
		ledger := intake.NewLedger(discard{})
		directory := merge.New(ledger, finess.New(stock, ledger), sae.New(services, ledger))
		for o, err := range directory.Offers(context.Background()) {
			if err != nil {
				realOnce.err = err
				return
			}
			realOnce.offers = append(realOnce.offers, *o)
		}
		slices.SortFunc(realOnce.offers, func(a, b data.Offer) int { return cmp.Compare(a.ID, b.ID) })
	})
	if realOnce.err != nil {
		t.Fatal(realOnce.err)
	}
	return realOnce.offers
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// askAbout asks for codes and equipment that some offer carries, which those of
// worlds are not among.
func askAbout(r *rand.Rand, offers []data.Offer) twin.Question {
	q := twin.Ask(r, offers)
	for i := range q.Codes {
		var codes []data.Code
		offers[r.IntN(len(offers))].EachCode(func(c data.Code, _ data.Class) { codes = append(codes, c) })
		if len(codes) > 0 {
			q.Codes[i] = append(q.Codes[i], codes[r.IntN(len(codes))])
		}
	}
	for i := range q.Equipment {
		for range 100 {
			o := &offers[r.IntN(len(offers))]
			if len(o.Places) > 0 && len(o.Places[0].Equipment) > 0 {
				q.Equipment[i].Type = o.Places[0].Equipment[0].Type
				break
			}
		}
	}
	return q
}

// askAboutReal rarely asks for hours, which no real offer knows yet.
func askAboutReal(r *rand.Rand, offers []data.Offer) twin.Question {
	q := askAbout(r, offers)
	if r.IntN(8) != 0 {
		q.Open = twin.Any
	}
	if r.IntN(8) != 0 { // most of what the real ones say is codes, places and beds that are installed
		q.Communes, q.Travels, q.Equipment, q.Quality, q.Beds = nil, "", nil, 0, twin.Beds{}
	}
	return q
}

// plainly is up to how many offers the twin goes through all of them for each
// question; of more it makes a census.
const plainly = 1000

// exact asks both the index and its twin, and returns how many questions have
// an answer.
func exact(t *testing.T, offers []data.Offer, questions int, seed uint64, ask func(*rand.Rand, []data.Offer) twin.Question) int {
	t.Helper()
	guard := index.NewGuard(published(t, offers, seed))
	var census *twin.Census
	if len(offers) > plainly {
		census = new(twin.Census)
		for i := range offers {
			census.Add(&offers[i])
		}
	}
	answered := askAll(t, questions, func(i int) bool {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		profile := r.IntN(data.Profiles)
		view := guard.As(data.Viewer{Profile: data.Profile(profile)})
		defer view.Close()
		c := comparison{offers, census, view, profile, ask(r, offers), r}
		found, err := c.run()
		if err != nil {
			t.Errorf("seed %d, question %d, profile %d: %v\n%+v", seed, i, profile, err, c.q)
		}
		return found
	})
	t.Logf("%d questions on %d offers, %d with an answer", questions, len(offers), answered)
	return answered
}

// askAll asks questions by their numbers, on all processors and until one fails, and
// returns how many have an answer.
func askAll(t *testing.T, questions int, ask func(i int) bool) int {
	var wait sync.WaitGroup
	var answered atomic.Int64
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		wait.Go(func() {
			for i := worker; i < questions && !t.Failed(); i += workers {
				if ask(i) {
					answered.Add(1)
				}
			}
		})
	}
	wait.Wait()
	return int(answered.Load())
}

// published returns the generation of offers, one in four as it comes out of its
// files.
func published(t *testing.T, offers []data.Offer, seed uint64) *index.Generation {
	t.Helper()
	var g *index.Generation
	var err error
	if dir := t.TempDir(); seed%4 == 0 && len(offers) > 0 {
		if _, err = index.Build(context.Background(), data.Memory(offers), dir, index.Options{}); err == nil {
			g, _, err = index.Open(context.Background(), dir)
		}
	} else {
		g, err = index.New(data.Memory(offers))
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

type comparison struct {
	offers  []data.Offer // some of them, where there is a census
	census  *twin.Census // nil for the plain loop
	view    *index.View
	profile int
	q       twin.Question
	r       *rand.Rand
}

func (c comparison) run() (found bool, err error) {
	depth := 60
	if c.r.IntN(50) == 0 {
		depth = math.MaxInt
	}
	want := c.find(depth)
	if err := c.sameOrder(query(c.q), want, depth); err != nil {
		return false, err
	}
	if got := c.view.Count(query(c.q)); got != want.All {
		return false, fmt.Errorf("counted %d, the twin %d", got, want.All)
	}
	if len(c.offers) > 0 {
		err = c.sameCheck(&c.offers[c.r.IntN(len(c.offers))])
	}
	return want.Placed > 0, err
}

// ringSize is how many hits a test asks for at once, at most, as long as it does
// not ask for all.
const ringSize = 20

// find returns what is right, as far as a comparison of so many hits reads.
func (c comparison) find(depth int) twin.Found {
	if c.census != nil {
		return c.census.Ask(c.profile, c.q).Find(min(depth, c.census.Offers()) + ringSize)
	}
	first := twin.Nearest(c.offers, c.profile, c.q)
	return twin.Found{First: first, Placed: len(first), All: twin.Count(c.offers, c.profile, c.q)}
}

func query(q twin.Question) index.Query { return indextest.Query(q) }

// sameOrder reads rings of random sizes, until it has so many hits or all.
func (c comparison) sameOrder(q index.Query, want twin.Found, depth int) error {
	search := c.view.Search(q)
	for given := 0; given < depth; {
		size := 1 + c.r.IntN(ringSize)
		if given > 100 {
			size = min(given, depth-given)
		}
		ring, err := search.Next(context.Background(), size)
		if err != nil {
			return err
		}
		if len(ring.Hits) > size {
			return fmt.Errorf("a ring of %d, %d asked for", len(ring.Hits), size)
		}
		for _, h := range ring.Hits {
			if given == want.Placed {
				return fmt.Errorf("one hit too many: %+v", h)
			}
			if err := c.same(h, want.First[given]); err != nil {
				return fmt.Errorf("hit %d: %w", given, err)
			}
			given++
		}
		if given < len(want.First) && want.First[given].Distance < ring.Horizon-0.001 {
			return fmt.Errorf("horizon %v, and %+v is to come", ring.Horizon, want.First[given])
		}
		if ring.Last {
			if given != want.Placed {
				return fmt.Errorf("%d hits, the twin %d", given, want.Placed)
			}
			return nil
		}
	}
	return nil
}

func (c comparison) same(h index.Hit, want twin.Answer) error {
	// The haversine of the twin may round to the millimetre beside ours.
	if h.ID != want.ID || h.Place != want.Place || h.Age != want.Age || math.Abs(float64(h.Distance-want.Distance)) > 0.0011 {
		return fmt.Errorf("%+v, the twin %+v", h, want)
	}
	o, err := c.view.Offer(h)
	if err != nil || o.ID != h.ID || o.Places[h.Place].Point != h.Point {
		return fmt.Errorf("offer %s of %+v: %v", o.ID, h, err)
	}
	return nil
}

// sameCheck asks what one offer fails.
func (c comparison) sameCheck(o *data.Offer) error {
	hit, failed, err := c.view.Check(string(o.ID), query(c.q))
	if !twin.Exists(o, c.profile) {
		if !errors.Is(err, index.ErrNotFound) {
			return fmt.Errorf("checking hidden offer %s: %v", o.ID, err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("checking %s: %w", o.ID, err)
	}
	if want := twin.Fails(o, hit.Place, c.profile, c.q); !slices.Equal(failed.Names(), want) {
		return fmt.Errorf("offer %s fails %v at place %d, for the twin %v", o.ID, failed.Names(), hit.Place, want)
	}
	for place := range o.Places {
		if other := twin.Fails(o, place, c.profile, c.q); len(other) < len(failed.Names()) {
			return fmt.Errorf("offer %s fails %v, and at place %d only %v", o.ID, failed.Names(), place, other)
		}
	}
	return nil
}

// A radius is exact to the millimetre, and includes its end.
func TestRadiusIsExact(t *testing.T) {
	offers := twin.World(11, 200)
	g, err := index.New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{Profile: 1})
	near := geo.Point{Lat: 46.5, Lon: 2.5}
	search := view.Search(index.Query{Near: near})
	for range 5 {
		ring, err := search.Next(context.Background(), 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range ring.Hits {
			for within, want := range map[geo.Meters]bool{h.Distance: true, h.Distance - 0.001: false} {
				if within <= 0 {
					continue
				}
				all, err := view.Search(index.Query{Near: near, Within: within}).Next(context.Background(), 1000)
				if err != nil {
					t.Fatal(err)
				}
				if got := slices.ContainsFunc(all.Hits, func(o index.Hit) bool { return o.ID == h.ID }); got != want {
					t.Errorf("an offer at %v m, within %v: found %v", h.Distance, within, got)
				}
			}
		}
	}
}
