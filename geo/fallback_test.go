package geo_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/gazetteer"
)

var errDown = errors.New("down")

func down(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) { return nil, errDown }

// hangs answers when it is no longer waited for.
func hangs(ctx context.Context, _ geo.Point, _ []geo.Point) ([]geo.Travel, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// instead is what an estimate says in place of a router.
func instead(t *testing.T, from geo.Point, to ...geo.Point) []geo.Travel {
	t.Helper()
	travels, err := geo.Straight{Ground: gazetteer.GroundAt}.Times(context.Background(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	for i := range travels {
		travels[i].Doubt |= geo.DoubtDegraded
		travels[i].Source = "straight"
	}
	return travels
}

func TestFallback(t *testing.T) {
	to := some(4)
	said := []geo.Travel{
		{Time: time.Hour, Reachable: true},
		{Doubt: geo.DoubtUntold},
		{}, // no way, and none to be expected: across water
		{}, // no way, says the router
	}
	estimate := geo.Straight{Ground: gazetteer.GroundAt}
	island := func(_, p geo.Point) bool { return p == to[1] || p == to[2] }
	all := instead(t, paris, to...)
	overdue, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	soon, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	for name, c := range map[string]struct {
		ctx      context.Context
		answer   func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error)
		patience time.Duration
		want     []geo.Travel
		failed   int64
	}{
		"a router that tells some": {nil, func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) { return said, nil }, 0,
			[]geo.Travel{said[0], all[1], said[2], all[3]}, 0},
		"a router that is down":             {nil, down, 0, all, 1},
		"one that tells too few":            {nil, func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) { return said[:3], nil }, 0, all, 1},
		"one that hangs":                    {nil, hangs, time.Millisecond, all, 1},
		"one that hangs until the deadline": {soon, hangs, 0, all, 1},
		"a deadline that is over":           {overdue, hangs, 0, all, 1},
	} {
		f := &geo.Fallback{First: &asked{answer: c.answer}, Second: estimate, Patience: c.patience, Water: island}
		ctx := c.ctx
		if ctx == nil {
			ctx = context.Background()
		}
		got, err := f.Times(ctx, paris, to)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
		stood := int64(0)
		for _, travel := range c.want {
			if travel.Degraded() {
				stood++
			}
		}
		if f.Failed() != c.failed || f.Replaced() != stood {
			t.Errorf("%s: %d failures and %d times replaced, want %d and %d", name, f.Failed(), f.Replaced(), c.failed, stood)
		}
	}
}

// Without outlines no "no way" is believed: no offer is lost to a hole in a map.
func TestFallbackWithoutOutlines(t *testing.T) {
	f := &geo.Fallback{First: &asked{answer: func(_ context.Context, _ geo.Point, to []geo.Point) ([]geo.Travel, error) {
		return make([]geo.Travel, len(to)), nil
	}}, Second: geo.Straight{Ground: gazetteer.GroundAt}}
	got, err := f.Times(context.Background(), paris, some(2))
	if want := instead(t, paris, some(2)...); err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// Some time is left for the rest of the question, and the answer comes before its
// deadline.
func TestFallbackLeavesTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	var given time.Duration
	f := &geo.Fallback{Second: geo.Straight{}, First: &asked{answer: func(ctx context.Context, _ geo.Point, _ []geo.Point) ([]geo.Travel, error) {
		deadline, _ := ctx.Deadline()
		given = time.Until(deadline)
		return nil, errDown
	}}}
	if _, err := f.Times(ctx, paris, some(1)); err != nil {
		t.Fatal(err)
	}
	if given > 54*time.Minute || given < 30*time.Minute {
		t.Errorf("%v of an hour for the first", given)
	}
}

// A caller who went away gets no estimate.
func TestFallbackIsWithdrawn(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := &geo.Fallback{Rest: time.Hour, Second: geo.Straight{}, First: &asked{answer: func(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
		cancel()
		return hangs(ctx, from, to)
	}}}
	if got, err := f.Times(ctx, paris, some(1)); !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("%+v, %v", got, err)
	}
	f.First = roads{} // it is not the router's fault, and the next question asks it
	if got, err := f.Times(context.Background(), paris, []geo.Point{paris}); err != nil || len(got) != 1 || got[0].Source != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestFallbackLetsRest(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	first := &asked{answer: down}
	f := &geo.Fallback{First: first, Second: geo.Straight{}, Rest: time.Minute, Clock: func() time.Time { return now }}
	for _, step := range []struct {
		name  string
		after time.Duration
		err   error
		calls int // in all
	}{
		{"the first failure", 0, errDown, 1},
		{"just after", 0, errDown, 1},
		{"within the minute", 59 * time.Second, errDown, 1},
		{"after the minute, and it fails again", time.Second, geo.ErrRefused, 2},
		{"a refusal is no failure", 0, nil, 3},
		{"it is back", 0, nil, 4},
	} {
		now = now.Add(step.after)
		if first.answer = nil; step.err != nil {
			err := step.err
			first.answer = func(context.Context, geo.Point, []geo.Point) ([]geo.Travel, error) { return nil, err }
		}
		got, err := f.Times(context.Background(), paris, []geo.Point{paris})
		if err != nil || len(got) != 1 || !got[0].Reachable && got[0].Source == "straight" {
			t.Fatalf("%s: %+v, %v", step.name, got, err)
		}
		if len(first.calls) != step.calls {
			t.Errorf("%s: asked %d times, want %d", step.name, len(first.calls), step.calls)
		}
	}
}

// Many ask at once, of a router that fails now and then.
func TestRouterIsSafe(t *testing.T) {
	router := &asked{answer: func(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
		if hash(to[0])%5 == 0 {
			return nil, errDown
		}
		return roads{}.Times(ctx, from, to)
	}}
	timer := geo.Router(router, geo.Straight{}, geo.RouterOptions{Kept: 20, Rest: time.Microsecond, Patience: time.Second})
	to := some(60)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range 100 {
				part := to[(i*7+worker)%50:][:10]
				got, err := timer.Times(context.Background(), paris, part)
				want, _ := roads{}.Times(context.Background(), paris, part)
				for at := range got {
					if !got[at].Degraded() && got[at] != want[at] {
						t.Errorf("%+v, want %+v", got[at], want[at])
					}
				}
				if err != nil || len(got) != len(part) {
					t.Error(len(got), err)
				}
			}
		})
	}
	all.Wait()
	if timer.Replaced() == 0 || timer.Checked.Disbelieved() != (geo.Disbelieved{}) {
		t.Errorf("%d replaced, %+v", timer.Replaced(), timer.Checked.Disbelieved())
	}
}
