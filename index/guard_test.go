package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"boussole/data"
	"boussole/geo"
)

// A question that did not come through the guard is the public's.
func TestUnguardedQueryIsThePublics(t *testing.T) {
	place := []data.Place{{Quality: data.AtStreet, Point: geo.Point{Lat: 48, Lon: 2}}}
	g, err := New(data.Memory{
		{ID: "open", Places: place},
		{ID: "sensitive", Places: place, Sensitive: true},
		{ID: "restricted", Places: place, Acts: []data.Code{"R210|0459"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	view := NewGuard(g).As(data.Viewer{Profile: 1})
	defer view.Close()
	ring, err := newSearch(&Query{}, view).Next(context.Background(), 10)
	if err != nil || len(ring.Hits) != 2 {
		t.Errorf("%+v, %v", ring, err)
	}
	if n := compile(&Query{Codes: [][]data.Code{{"R210|0459"}}}, g).count(); n != 0 {
		t.Errorf("%d found by a restricted act", n)
	}
	if n := view.Count(Query{}); n != 3 {
		t.Errorf("profile 1 counts %d", n)
	}
}

// What cannot be removed does not undo what was published.
func TestLeftoversThatStay(t *testing.T) {
	defer func() { removeAll = os.RemoveAll }()
	busy := errors.New("busy")
	removeAll = func(string) error { return busy }
	dir := t.TempDir()
	for i, want := range []error{nil, ErrLeftovers} {
		g, err := Build(context.Background(), data.Memory{{ID: data.NewID(fmt.Sprint(i))}}, dir, Options{Keep: 1})
		if g == nil || !errors.Is(err, want) || want != nil && !errors.Is(err, busy) {
			t.Fatalf("build %d: %v", i, err)
		}
		served, _, err := Open(context.Background(), dir)
		if err != nil || served.Stats().ID != g.Stats().ID {
			t.Errorf("build %d is not served: %v", i, err)
		}
	}
}
