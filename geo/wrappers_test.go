package geo_test

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/cache"
	"boussole/geo/gazetteer"
	"boussole/geo/timertest"
)

// roads is a router of whose roads some bend and one in eight leads nowhere. Its floor
// is that of every car.
type roads struct{}

func (roads) Floor(_ geo.Point, d geo.Meters) time.Duration { return geo.CarFloor(d) }
func (roads) Name() (string, string)                        { return "car", "roads" }
func (roads) Times(_ context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	travels := make([]geo.Travel, len(to))
	for i, p := range to {
		n := hash(p)
		travels[i] = geo.Travel{
			Time:      geo.CarFloor(geo.Distance(from, p)) * time.Duration(10+n%50) / 10,
			Reachable: n/64%8 != 0,
		}
	}
	return travels, nil
}

func hash(p geo.Point) uint64 {
	h := fnv.New64a()
	h.Write(strconv.AppendFloat(strconv.AppendFloat(nil, p.Lat, 'g', -1, 64), p.Lon, 'g', -1, 64))
	return h.Sum64()
}

// asked is a timer that does what it is told, and remembers what it was asked.
type asked struct {
	roads
	answer func(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error)

	mu    sync.Mutex
	calls [][]geo.Point
}

func (a *asked) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	a.mu.Lock()
	a.calls = append(a.calls, slices.Clone(to))
	a.mu.Unlock()
	if a.answer == nil {
		return a.roads.Times(ctx, from, to)
	}
	return a.answer(ctx, from, to)
}

// refuses returns a timer that refuses every question about one of the points, the
// origin too.
func refuses(points ...geo.Point) *asked {
	return &asked{answer: func(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
		for _, p := range points {
			if p == from || slices.Contains(to, p) {
				return nil, errors.Join(errors.New("off the map"), geo.ErrRefused)
			}
		}
		return roads{}.Times(ctx, from, to)
	}}
}

// some returns so many points, a kilometre from one to the next.
func some(n int) []geo.Point {
	points := make([]geo.Point, n)
	for i := range points {
		points[i] = geo.Point{Lat: 45 + float64(i)/111.195, Lon: 3}
	}
	return points
}

func TestWrappersKeepTheirPromises(t *testing.T) {
	straight := geo.Straight{Ground: gazetteer.GroundAt}
	everySecond := &asked{answer: func(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
		if hash(from)%2 == 0 {
			return nil, errors.New("down")
		}
		return roads{}.Times(ctx, from, to)
	}}
	liar := &asked{answer: func(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
		travels, err := roads{}.Times(ctx, from, to)
		for i := range travels {
			travels[i].Time = travels[i].Time*time.Duration(hash(to[i])%20)/10 - 60
		}
		return travels, err
	}}
	// Half of France is off its map, and so is most of the Earth.
	local := &asked{answer: func(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
		for _, p := range append(slices.Clone(to), from) {
			if hash(p)%13 == 0 {
				return nil, geo.ErrRefused
			}
		}
		return roads{}.Times(ctx, from, to)
	}}
	for name, timer := range map[string]geo.TravelTimer{
		"roads":                      roads{},
		"cached":                     geo.Cached{Timer: roads{}, Kept: cache.New[geo.Travel](500, 0)},
		"cached in two":              geo.Cached{Timer: straight, Kept: cache.New[geo.Travel](2, time.Nanosecond)},
		"not cached":                 geo.Cached{Timer: roads{}},
		"checked":                    &geo.Checked{Timer: roads{}},
		"checked liar":               &geo.Checked{Timer: liar},
		"batched":                    geo.Batched{Timer: roads{}, Most: 7},
		"one at a time":              geo.Batched{Timer: roads{}, Most: 1},
		"fallback":                   &geo.Fallback{First: roads{}, Second: straight},
		"fallback, often":            &geo.Fallback{First: everySecond, Second: straight},
		"fallback on a liar":         &geo.Fallback{First: &geo.Checked{Timer: liar}, Second: straight},
		"fallback on what is nearer": &geo.Fallback{First: straight, Second: roads{}},
		"all of them":                geo.Router(local, straight, geo.RouterOptions{Kept: 1000}),
		"all of them, over a siren":  geo.Siren{Car: geo.Router(local, straight, geo.RouterOptions{}), Factor: 0.8},
	} {
		t.Run(name, func(t *testing.T) { timertest.Run(t, timer) })
	}
}

func TestCached(t *testing.T) {
	ctx, to := context.Background(), some(6)
	inner := &asked{}
	cached := geo.Cached{Timer: inner, Kept: cache.New[geo.Travel](1000, 0)}
	ask := func(from geo.Point, to ...geo.Point) []geo.Travel {
		t.Helper()
		got, err := cached.Times(ctx, from, to)
		want, _ := roads{}.Times(ctx, from, to)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v, %v, want %v", got, err, want)
		}
		return got
	}
	ask(paris, to[0], to[1], to[0], to[2], to[1])
	ask(paris, to[2], to[3], to[0])
	ask(paris, to[:4]...)
	nearly := geo.Point{Lat: math.Nextafter(to[0].Lat, 90), Lon: to[0].Lon}
	ask(paris, nearly)
	ask(versailles, to[0])
	want := [][]geo.Point{{to[0], to[1], to[2]}, {to[3]}, {nearly}, {to[0]}}
	if !slices.EqualFunc(inner.calls, want, slices.Equal) {
		t.Errorf("asked for %v, want %v", inner.calls, want)
	}
	// Another timer does not get what this one said.
	other := geo.Cached{Timer: geo.Straight{}, Kept: cached.Kept}
	got, err := other.Times(ctx, paris, to[:1])
	if want, _ := (geo.Straight{}).Times(ctx, paris, to[:1]); err != nil || got[0] != want[0] {
		t.Errorf("by Straight %+v, %v, want %+v", got, err, want)
	}
}

// What is not known is not remembered.
func TestCachedKeepsNoFailure(t *testing.T) {
	down := errors.New("down")
	for name, c := range map[string]struct {
		travel geo.Travel
		err    error
		again  bool // asked again
	}{
		"an error":               {geo.Travel{}, down, true},
		"what cannot be told":    {geo.Travel{Doubt: geo.DoubtUntold}, nil, true},
		"what stands in":         {geo.Travel{Time: 1, Reachable: true, Doubt: geo.DoubtDegraded}, nil, true},
		"a way that is doubtful": {geo.Travel{Time: 1, Reachable: true, Doubt: geo.DoubtFar}, nil, false},
		"no way":                 {geo.Travel{}, nil, false},
	} {
		inner := &asked{answer: func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) {
			if c.err != nil {
				return nil, c.err
			}
			return []geo.Travel{c.travel}, nil
		}}
		cached := geo.Cached{Timer: inner, Kept: cache.New[geo.Travel](10, 0)}
		for range 2 {
			got, err := cached.Times(context.Background(), paris, some(1))
			if !errors.Is(err, c.err) || err == nil && got[0] != c.travel {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
		if again := len(inner.calls) == 2; again != c.again {
			t.Errorf("%s: asked %d times", name, len(inner.calls))
		}
	}
}

func TestChecked(t *testing.T) {
	to := some(101)[100:] // 100 km away: 46 minutes at the very least
	from := some(1)[0]
	floor := geo.CarFloor(geo.Distance(from, to[0]))
	slack := geo.CarFloor(1000)
	way := func(t time.Duration) geo.Travel { return geo.Travel{Time: t, Reachable: true} }
	untold := geo.Travel{Doubt: geo.DoubtUntold}
	for name, c := range map[string]struct {
		said []geo.Travel
		want geo.Travel
		not  geo.Disbelieved
	}{
		"an hour":                    {[]geo.Travel{way(time.Hour)}, way(time.Hour), geo.Disbelieved{}},
		"as fast as can be":          {[]geo.Travel{way(floor)}, way(floor), geo.Disbelieved{}},
		"from road to road":          {[]geo.Travel{way(floor - slack + 1)}, way(floor), geo.Disbelieved{}},
		"faster than that":           {[]geo.Travel{way(floor - slack - 2)}, untold, geo.Disbelieved{TooFast: 1}},
		"no time at all":             {[]geo.Travel{way(0)}, untold, geo.Disbelieved{TooFast: 1}},
		"before one leaves":          {[]geo.Travel{way(-1)}, untold, geo.Disbelieved{Negative: 1}},
		"2,147,483,647 s":            {[]geo.Travel{way(math.MaxInt32 * time.Second)}, untold, geo.Disbelieved{Endless: 1}},
		"no way":                     {[]geo.Travel{{}}, geo.Travel{}, geo.Disbelieved{}},
		"off the map":                {[]geo.Travel{untold}, untold, geo.Disbelieved{Untold: 1}},
		"a spread":                   {[]geo.Travel{{Time: 60e10, Low: 50e10, High: 70e10, Reachable: true}}, untold, geo.Disbelieved{TooFast: 1}},
		"an hour and a spread":       {[]geo.Travel{{Time: 4e12, Low: 3e12, High: 5e12, Reachable: true}}, geo.Travel{Time: 4e12, Low: 3e12, High: 5e12, Reachable: true}, geo.Disbelieved{}},
		"an hour outside its spread": {[]geo.Travel{{Time: 4e12, Low: 5e12, High: 6e12, Reachable: true}}, untold, geo.Disbelieved{Spread: 1}},
		"one of two":                 {[]geo.Travel{way(time.Hour), way(time.Hour)}, geo.Travel{}, geo.Disbelieved{Count: 1}},
		"none of one":                {nil, geo.Travel{}, geo.Disbelieved{Count: 1}},
	} {
		checked := &geo.Checked{Timer: &asked{answer: func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) { return c.said, nil }}}
		got, err := checked.Times(context.Background(), from, to)
		if n := checked.Disbelieved(); n != c.not {
			t.Errorf("%s: %+v, want %+v", name, n, c.not)
		}
		if c.not.Count > 0 {
			if !errors.Is(err, geo.ErrDisbelieved) || got != nil {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			continue
		}
		if err != nil || len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
	}
}

func TestBatched(t *testing.T) {
	to := some(250)
	for name, c := range map[string]struct {
		refused []int // of the places
		most    int
		calls   int // at most
	}{
		"none":                 {nil, 0, 3},
		"the first":            {[]int{0}, 0, 3 + 1 + 14},
		"one in the middle":    {[]int{140}, 100, 3 + 14},
		"the last, of few":     {[]int{249}, 7, 36 + 6},
		"eight here and there": {[]int{3, 17, 34, 48, 60, 71, 85, 99}, 100, 3 + 1 + 100},
		"a block":              {[]int{10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, 100, 3 + 1 + 40},
	} {
		var points []geo.Point
		for _, i := range c.refused {
			points = append(points, to[i])
		}
		inner := refuses(points...)
		got, err := geo.Batched{Timer: inner, Most: c.most}.Times(context.Background(), paris, to)
		want, _ := roads{}.Times(context.Background(), paris, to)
		for _, i := range c.refused {
			want[i] = geo.Travel{Doubt: geo.DoubtUntold}
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: not the times, without those that are refused (%v)", name, err)
		}
		if len(inner.calls) > c.calls {
			t.Errorf("%s: %d calls, want %d at most", name, len(inner.calls), c.calls)
		}
		for _, call := range inner.calls {
			if most := c.most; len(call) > max(most, 1) && most > 0 || len(call) > 100 {
				t.Errorf("%s: %d places at once", name, len(call))
			}
		}
	}
}

// What is refused for the origin is not asked again and again, and neither is what
// fails for another reason.
func TestBatchedGivesUp(t *testing.T) {
	to, down := some(300), errors.New("down")
	for name, c := range map[string]struct {
		inner *asked
		calls int
		err   error
	}{
		"the origin":  {refuses(paris), 2, geo.ErrRefused},
		"all is down": {&asked{answer: func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) { return nil, down }}, 1, down},
		"too few":     {&asked{answer: func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) { return nil, nil }}, 1, geo.ErrDisbelieved},
	} {
		got, err := geo.Batched{Timer: c.inner}.Times(context.Background(), paris, to)
		if got != nil || !errors.Is(err, c.err) || len(c.inner.calls) != c.calls {
			t.Errorf("%s: %d times, %v after %d calls, want %v after %d", name, len(got), err, len(c.inner.calls), c.err, c.calls)
		}
	}
	// All are refused and the origin is not: the calls are bounded all the same.
	inner := refuses(to...)
	got, err := geo.Batched{Timer: inner}.Times(context.Background(), paris, to)
	if err != nil || len(got) != 300 || len(inner.calls) > 110 || got[0].Doubt != geo.DoubtUntold || got[299].Doubt != geo.DoubtUntold {
		t.Errorf("%d times, %v after %d calls", len(got), err, len(inner.calls))
	}
}
