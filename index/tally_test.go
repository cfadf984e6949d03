package index_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/twin"
)

// Facets and cells are those of a loop over every offer, whoever asks.
func TestTalliesAreExact(t *testing.T) {
	for seed := range uint64(4) {
		offers := twin.World(300+seed, 1500)
		g, err := index.New(data.Memory(offers))
		if err != nil {
			t.Fatal(err)
		}
		guard := index.NewGuard(g)
		found := 0
		for i := range scale(t, 250) {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			profile := r.IntN(data.Profiles)
			view := guard.As(data.Viewer{Profile: data.Profile(profile)})
			q := twin.Ask(r, offers)
			if q.At.IsZero() {
				q.At = instant(r)
			}
			sameFacets(t, view, offers, profile, q)
			found += sameCells(t, view, offers, profile, q, r)
			view.Close()
			if t.Failed() {
				t.Fatalf("seed %d, question %d, profile %d: %+v", seed, i, profile, q)
			}
		}
		if found == 0 {
			t.Error("no cell of any map had anything in it")
		}
	}
}

func sameFacets(t *testing.T, view *index.View, offers []data.Offer, profile int, q twin.Question) {
	t.Helper()
	systems := []string{"R211", "R66", "R210", "R212"}
	got := view.Facets(query(q), systems, index.FacetDepartement|index.FacetOpen|index.FacetBeds)
	want := twin.CountBy(offers, profile, q, systems)
	if !reflect.DeepEqual(got, index.Facets(want)) {
		t.Errorf("facets\n%+v\nthe twin\n%+v", got, want)
	}
}

// sameCells returns how many cells had something in them.
func sameCells(t *testing.T, view *index.View, offers []data.Offer, profile int, q twin.Question, r *rand.Rand) int {
	t.Helper()
	lat, lon, size := 42+9*r.Float64(), -5+13*r.Float64(), r.Float64()*r.Float64()*60
	in := index.Bounds{South: max(-90, lat-size), West: max(-180, lon-size), North: min(90, lat+size), East: min(180, lon+size)}
	zoom := r.IntN(9)
	cells, err := view.Cells(query(q), in, zoom)
	if errors.Is(err, index.ErrBounds) {
		return 0 // too many of them
	}
	if err != nil {
		t.Error(err)
	}
	want := twin.CountInCells(offers, profile, q, in.South, in.West, in.North, in.East, zoom)
	if len(cells) != len(want) {
		t.Errorf("%d cells, the twin %d, in %+v at zoom %d", len(cells), len(want), in, zoom)
	}
	last := index.Cell{}
	for i, c := range cells {
		if c.Offers != want[twin.Cell{X: c.X, Y: c.Y}] {
			t.Errorf("%+v, the twin counts %d", c, want[twin.Cell{X: c.X, Y: c.Y}])
		}
		if i > 0 && (c.Y < last.Y || c.Y == last.Y && c.X <= last.X) {
			t.Errorf("%+v comes after %+v", c, last)
		}
		if at, ok := twin.CellOf(c.Point.Lat, c.Point.Lon, zoom); !ok || at.X != c.X || c.Offers == 1 && at.Y != c.Y {
			t.Errorf("%+v has its middle in %+v", c, at)
		}
		if c.Offers == 1 {
			if _, err := view.Get(string(c.ID)); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		} else if c.ID != "" {
			t.Errorf("%+v names an offer", c)
		}
		last = c
	}
	return len(cells)
}

// What lies on a side of a map is on it, whatever the decimals of the side.
func TestSidesAreInside(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 300 {
		at := geo.Point{Lat: r.Float64()*160 - 80, Lon: r.Float64()*350 - 175}.Rounded()
		g, err := index.New(data.Memory{{ID: "a", Places: []data.Place{{Quality: data.AtStreet, Point: at}}}})
		if err != nil {
			t.Fatal(err)
		}
		view := index.NewGuard(g).As(data.Viewer{})
		for _, in := range []index.Bounds{
			{South: at.Lat, North: at.Lat + 1, West: at.Lon, East: at.Lon + 1},
			{South: at.Lat - 1, North: at.Lat, West: at.Lon - 1, East: at.Lon},
		} {
			if cells, err := view.Cells(index.Query{}, in, 6); err != nil || len(cells) != 1 {
				t.Fatalf("%v in %+v: %v, %v", at, in, cells, err)
			}
		}
		view.Close()
	}
}

func TestBoundsThatAreNone(t *testing.T) {
	g, err := index.New(data.Memory{{ID: "a", Places: []data.Place{{Quality: data.AtStreet, Point: geo.Point{Lat: 89.9, Lon: 10}}}}})
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{})
	all := index.Bounds{South: -90, West: -180, North: 90, East: 180}
	for name, c := range map[string]struct {
		in   index.Bounds
		zoom int
	}{
		"a zoom too low": {all, -1}, "a zoom too high": {all, 25}, "too many cells": {all, 9},
		"south of north": {index.Bounds{South: 2, North: 1}, 3}, "west of east": {index.Bounds{West: 2, East: 1}, 3},
		"beyond the pole": {index.Bounds{South: 0, North: 91}, 3}, "beyond the date line": {index.Bounds{East: 181}, 3},
	} {
		if cells, err := view.Cells(index.Query{}, c.in, c.zoom); !errors.Is(err, index.ErrBounds) {
			t.Errorf("%s: %v, %v", name, cells, err)
		}
	}
	if cells, err := view.Cells(index.Query{}, all, 0); err != nil || len(cells) != 0 {
		t.Errorf("north of the map: %v, %v", cells, err)
	}
}
