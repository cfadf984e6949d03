package index_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/index"
	"boussole/index/text"
	"boussole/index/twin"
)

// The engine is exact at the size of a country: on the invented one, in files, with
// every filter, as every profile, by distance and by words, with its counts, facets
// and maps. It takes 30,000 offers and some hundred questions; more by hand, with a
// line about every half minute how far it is:
//
//	BOUSSOLE_OFFERS=300000 BOUSSOLE_QUESTIONS=20000 go test ./index -run InventedCountry -v -timeout 3h
//
// A million offers take up to 5 GB of memory, with GOMEMLIMIT=5GiB and GOGC=60, and 2 GB
// of the temporary folder.
func TestExactOnTheInventedCountry(t *testing.T) {
	c := settle(t, sample.Source{Scale: offersAsked(t), Seed: 11})
	questions := scale(t, 400)
	began := time.Now()
	var asked atomic.Int64
	stop := tell(t, began, &asked, questions)
	defer stop()
	answered := askAll(t, questions, func(i int) bool {
		defer asked.Add(1)
		return c.ask(t, uint64(i))
	})
	t.Logf("%d questions on %d offers, %d with an answer, in %s", asked.Load(), c.census.Offers(), answered, time.Since(began).Round(time.Second))
	if answered < questions/4 {
		t.Errorf("only %d of %d questions find anything", answered, questions)
	}
}

func offersAsked(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("BOUSSOLE_OFFERS")); err == nil {
		return n
	}
	if testing.Short() {
		return 5_000
	}
	return 30_000
}

// tell logs how far a long run is.
func tell(t *testing.T, began time.Time, asked *atomic.Int64, questions int) (stop func()) {
	ticker, done := time.NewTicker(30*time.Second), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				n := asked.Load()
				left := time.Duration(float64(time.Since(began)) * float64(int64(questions)-n) / float64(max(n, 1)))
				t.Logf("%d of %d questions, %s left", n, questions, left.Round(time.Second))
			}
		}
	})
	return func() { ticker.Stop(); close(done); wait.Wait() }
}

// country is an index and, apart from it, all that is in it, for a loop over all.
type country struct {
	guard  *index.Guard
	census twin.Census
	words  wordsCensus
	some   []data.Offer // to ask about
}

// settle builds both from a source, which it reads twice.
func settle(t *testing.T, source sample.Source) *country {
	t.Helper()
	dir := t.TempDir()
	if _, err := index.Build(context.Background(), source, dir, index.Options{Labels: label}); err != nil {
		t.Fatal(err)
	}
	g, _, err := index.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	c := &country{guard: index.NewGuard(g), words: wordsCensus{reader: text.NewReader(label)}}
	began, every := time.Now(), max(source.Scale/3000, 1)
	for o, err := range source.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if c.census.Offers()%every == 0 {
			c.some = append(c.some, *o)
		}
		c.census.Add(o)
		c.words.add(o)
	}
	c.words.close(t)
	t.Logf("%d offers taken down, %v different parts, in %s", c.census.Offers(), c.census.Parts(), time.Since(began).Round(time.Second))
	return c
}

// ask asks one question, and reports whether it has an answer.
func (c *country) ask(t *testing.T, number uint64) bool {
	r := rand.New(rand.NewPCG(0xb0550, number))
	profile := r.IntN(data.Profiles)
	view := c.guard.As(data.Viewer{Profile: data.Profile(profile)})
	defer view.Close()
	one := comparison{c.some, &c.census, view, profile, askAbout(r, c.some), r}
	if one.q.At.IsZero() {
		one.q.At = instant(r) // by which facets tell what is open
	}
	var words []text.Word
	if r.IntN(3) == 0 {
		words = wordsOf(r, c.some)
	}
	found, err := c.compare(one, words)
	if err != nil {
		t.Errorf("question %d, profile %d: %v\n%+v, words %+v", number, profile, err, one.q, words)
	}
	return found
}

func (c *country) compare(one comparison, words []text.Word) (found bool, err error) {
	q, asked := query(one.q), c.census.Ask(one.profile, one.q)
	if len(words) > 0 {
		q.Words = words
		scores := c.words.scores(one.profile, words, asked.Suits)
		if err := c.sameBest(one, q, asked, scores); err != nil {
			return false, err
		}
		asked.Also = func(n int) bool { return scores[n].Words() == len(words) }
	}
	depth := 60
	if one.r.IntN(50) == 0 {
		depth = 3000
	}
	want := asked.Find(depth + ringSize)
	if err := one.sameOrder(q, want, depth); err != nil {
		return false, err
	}
	if got := one.view.Count(q); got != want.All {
		return false, fmt.Errorf("counted %d, the twin %d", got, want.All)
	}
	if err := one.sameCheck(&one.offers[one.r.IntN(len(one.offers))]); err != nil {
		return false, err
	}
	switch one.r.IntN(8) {
	case 0:
		err = facetsAgree(one.view, q, asked)
	case 1:
		err = cellsAgree(one.view, q, asked, one.r)
	}
	return want.All > 0, err
}

// sameBest compares the order of what is worth most.
func (c *country) sameBest(one comparison, q index.Query, asked *twin.Asked, scores []text.Score) error {
	got, err := one.view.Best(context.Background(), q, 20)
	if err != nil {
		return err
	}
	want := c.best(asked, q.Within, scores, 20)
	if len(got) != len(want) {
		return fmt.Errorf("%d of the best, the twin %d", len(got), len(want))
	}
	for i, h := range got {
		w := want[i]
		far := math.Abs(float64(h.Distance - w.distance)) // of two that have no position it is no number
		if h.ID != w.id || h.Place != w.place || h.Score != w.score || far > 0.0011 {
			return fmt.Errorf("best %d: %+v, the twin %+v", i, h, w)
		}
	}
	return nil
}

func facetsAgree(view *index.View, q index.Query, asked *twin.Asked) error {
	systems := []string{"R211", "R66", "R210", "R212", "R244", "R239"}
	got := view.Facets(q, systems, index.FacetDepartement|index.FacetOpen|index.FacetBeds)
	if want := asked.CountBy(systems); !reflect.DeepEqual(got, index.Facets(want)) {
		return fmt.Errorf("facets\n%+v\nthe twin\n%+v", got, want)
	}
	return nil
}

func cellsAgree(view *index.View, q index.Query, asked *twin.Asked, r *rand.Rand) error {
	lat, lon, size := 42+9*r.Float64(), -5+13*r.Float64(), r.Float64()*r.Float64()*10
	in := index.Bounds{South: lat - size, West: lon - size, North: lat + size, East: lon + size}
	zoom := r.IntN(13)
	cells, err := view.Cells(q, in, zoom)
	if errors.Is(err, index.ErrBounds) {
		return nil // too many of them
	}
	want := asked.CountInCells(in.South, in.West, in.North, in.East, zoom)
	if err != nil || len(cells) != len(want) {
		return fmt.Errorf("%d cells, the twin %d, in %+v at zoom %d: %w", len(cells), len(want), in, zoom, err)
	}
	if i := slices.IndexFunc(cells, func(c index.Cell) bool { return c.Offers != want[twin.Cell{X: c.X, Y: c.Y}] }); i >= 0 {
		return fmt.Errorf("%+v in %+v at zoom %d, the twin %d", cells[i], in, zoom, want[twin.Cell{X: cells[i].X, Y: cells[i].Y}])
	}
	return nil
}
