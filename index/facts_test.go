package index_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/indextest"
	"boussole/index/twin"
)

// Facts are those of the record, as the viewer may see it.
func TestFactsAreThoseOfTheRecord(t *testing.T) {
	worlds, questions := 6, 40
	if testing.Short() {
		worlds, questions = 5, 25
	}
	seen := map[string]int{}
	for seed := range uint64(worlds) {
		offers := twin.World(100+seed, 300)
		g, err := index.New(data.Memory(offers))
		if err != nil {
			t.Fatal(err)
		}
		guard := index.NewGuard(g)
		for i := range questions {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			view := guard.As(data.Viewer{Profile: data.Profile(r.IntN(data.Profiles))})
			q := twin.Ask(r, offers)
			near := index.Query{Near: q.Near}
			wishes := index.Wishes{HoursCost: time.Duration(r.IntN(3)) * 24 * time.Hour}
			for _, codes := range q.Codes {
				wishes.Each = append(wishes.Each, index.Wish{Codes: codes, Equipment: indextest.Query(q).Equipment})
			}
			reader := view.Reader(wishes)
			ring, err := view.Search(near).Next(context.Background(), 60)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Date(2026, time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
			for _, h := range ring.Hits {
				at := start.Add(time.Duration(r.IntN(3*24*60)) * time.Minute)
				got, err := reader.Facts(h, at)
				if err != nil {
					t.Fatal(err)
				}
				sameFacts(t, view, h, wishes, at, got, seen)
			}
			view.Close()
			if t.Failed() {
				return
			}
		}
	}
	for _, what := range []string{"yes", "no", "unknown", "opens", "may open", "soon", "beds", "told", "lacks", "meets"} {
		if seen[what] < 20 {
			t.Errorf("%q was met %d times only", what, seen[what])
		}
	}
}

func sameFacts(t *testing.T, view *index.View, h index.Hit, wishes index.Wishes, at time.Time, got index.Facts, seen map[string]int) {
	t.Helper()
	o, err := view.Offer(h)
	if err != nil {
		t.Fatal(err)
	}
	place := &o.Places[h.Place]
	want := index.Facts{Told: o.Updated, Quality: place.Quality}
	open := o.OpenAt(at, o.Territory(place))
	want.Open, want.MayOpen, want.Opens, want.Ages = open.State, open.MayOpen, open.Opens, o.Ages
	if next, ok := o.Hours.OpensWithin(wishes.HoursCost, at, o.Territory(place)); ok && open.State == data.Unknown {
		want.Opens = next
		seen["soon"]++
	}
	beds := o.BedsAt(place)
	want.Beds, want.BedsTold = beds.State, beds.AsOf.Truncate(time.Minute).UTC()
	carried := map[data.Code]bool{}
	note := func(c data.Code, _ data.Class) { carried[c] = true }
	o.EachCode(note)
	o.EachCodeOfPlace(place, note)
	for i, wish := range wishes.Each {
		lacks := !slices.ContainsFunc(wish.Equipment, func(e index.Equipment) bool { return bears(place, e) })
		for _, c := range wish.Codes {
			lacks = lacks && !carried[c]
		}
		if lacks {
			want.Lacks |= 1 << i
			seen["lacks"]++
		} else {
			seen["meets"]++
		}
	}
	if !got.Opens.Equal(want.Opens) || !got.MayOpen.Equal(want.MayOpen) || !got.BedsTold.Equal(want.BedsTold) {
		t.Fatalf("offer %s at %s: opens %s, beds told %s, want %+v", h.ID, at, got.Opens, got.BedsTold, want)
	}
	seen[got.Open.String()]++
	for what, met := range map[string]bool{"opens": !got.Opens.IsZero(), "may open": !got.MayOpen.Equal(got.Opens), "beds": got.Beds != data.Unknown, "told": !got.BedsTold.IsZero()} {
		if met {
			seen[what]++
		}
	}
	got.Opens, got.BedsTold, want.Opens, want.BedsTold = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	got.MayOpen, want.MayOpen = time.Time{}, time.Time{}
	if got != want {
		t.Fatalf("offer %s at %s: %+v, want %+v", h.ID, at, got, want)
	}
}

// bears says so of a place as the viewer sees it.
func bears(p *data.Place, asked index.Equipment) bool {
	return slices.ContainsFunc(p.Equipment, func(e data.Equipment) bool {
		return e.Type == asked.Type && !e.OutOfService && (asked.Feature == "" || slices.ContainsFunc(e.Limits, func(l data.Limit) bool {
			return l.Feature == asked.Feature && l.Value >= asked.AtLeast
		}))
	})
}

// Beds are for whom they are wished for, and a yes is as fresh as its last word.
func TestFactsOfBeds(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	row := func(number int, sex data.Sex, minutes int) data.Capacity {
		return data.Capacity{Status: data.Available, Temporality: data.Current, Sex: sex, Number: number, Updated: noon.Add(-time.Duration(minutes) * time.Minute)}
	}
	offer := data.Offer{ID: "icu", Field: data.FieldMedicoSoc, Places: []data.Place{{Quality: data.AtStreet, Capacity: []data.Capacity{
		row(0, data.Men, 5), row(0, data.Men, 45), row(2, data.Women, 30), row(1, data.Women, 10),
	}}}}
	g, err := index.New(data.Memory([]data.Offer{offer}))
	if err != nil {
		t.Fatal(err)
	}
	guard := index.NewGuard(g)
	for _, c := range []struct {
		name    string
		profile data.Profile
		beds    index.Beds
		state   data.State
		told    int // minutes before noon; 0 is not
	}{
		{"for anybody", 1, index.Beds{}, data.Yes, 10},
		{"for a man", 1, index.Beds{Sex: data.Men}, data.No, 45},
		{"two for a woman", 1, index.Beds{Sex: data.Women, AtLeast: 2}, data.Yes, 30},
		{"three", 1, index.Beds{AtLeast: 3}, data.No, 45},
		{"occupied", 1, index.Beds{Status: data.Occupied}, data.Unknown, 0},
		{"for the public, who may not know", 0, index.Beds{}, data.Unknown, 0},
	} {
		view := guard.As(data.Viewer{Profile: c.profile})
		ring, err := view.Search(index.Query{}).Next(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		f, err := view.Reader(index.Wishes{Beds: c.beds}).Facts(ring.Hits[0], noon)
		want := time.Time{}
		if c.told > 0 {
			want = noon.Add(-time.Duration(c.told) * time.Minute)
		}
		if err != nil || f.Beds != c.state || !f.BedsTold.Equal(want) {
			t.Errorf("%s: %+v, %v, want %v told %s", c.name, f, err, c.state, want)
		}
		view.Close()
	}
}

// A hit of more rights, or of another generation, is not read.
func TestFactsOfAnotherView(t *testing.T) {
	offers := []data.Offer{{ID: "hidden", Sensitive: true, Places: []data.Place{{Quality: data.AtStreet}}}}
	g, err := index.New(data.Memory(offers))
	if err != nil {
		t.Fatal(err)
	}
	guard := index.NewGuard(g)
	all, public := guard.As(data.Viewer{Profile: 1}), guard.As(data.Viewer{})
	defer all.Close()
	defer public.Close()
	ring, err := all.Search(index.Query{}).Next(context.Background(), 1)
	if err != nil || len(ring.Hits) != 1 {
		t.Fatal(ring, err)
	}
	if _, err := public.Reader(index.Wishes{}).Facts(ring.Hits[0], time.Time{}); !errors.Is(err, index.ErrNotFound) {
		t.Errorf("a hidden offer: %v", err)
	}
	if _, err := all.Reader(index.Wishes{}).Facts(index.Hit{ID: "other"}, time.Time{}); !errors.Is(err, index.ErrNotFound) {
		t.Errorf("an offer of another view: %v", err)
	}
}

// A closure that is longer than what is looked ahead is found out once a day, by the
// clocks of the place: one reader says of each moment what another one does.
func TestFactsOfLongClosures(t *testing.T) {
	weekly := []data.Opening{{Days: data.EveryDay, From: 8 * 60, To: 18 * 60}}
	offer := func(id, departement string, closed data.Period) data.Offer {
		return data.Offer{
			ID: data.ID(id), Hours: data.Hours{Weekly: weekly, Closures: []data.Period{closed}},
			Places: []data.Place{{ID: "p", Point: geo.Point{Lat: 48, Lon: 2}, Quality: data.AtStreet, Address: data.Address{Departement: departement}}},
		}
	}
	august := data.Period{From: data.NewDate(2026, 8, 1), To: data.NewDate(2026, 8, 31)}
	g, err := index.New(data.Memory{offer("a", "75", august), offer("b", "988", august)})
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{})
	defer view.Close()
	ring, err := view.Search(index.Query{Near: geo.Point{Lat: 48, Lon: 2}}).Next(context.Background(), 2)
	if err != nil {
		t.Fatal(err)
	}
	reader, unknown, known := view.Reader(index.Wishes{}), 0, 0
	for at := time.Date(2026, 8, 14, 20, 0, 0, 0, time.UTC); at.Before(time.Date(2026, 8, 21, 0, 0, 0, 0, time.UTC)); at = at.Add(17 * time.Minute) {
		for _, h := range ring.Hits {
			got, err := reader.Facts(h, at)
			want, err2 := view.Reader(index.Wishes{}).Facts(h, at)
			if err != nil || err2 != nil || got != want {
				t.Fatalf("%s at %v: %+v, want %+v (%v, %v)", h.ID, at, got, want, err, err2)
			}
			if got.Opens.IsZero() {
				unknown++
			} else {
				known++
			}
		}
	}
	if unknown < 50 || known < 50 {
		t.Errorf("%d moments see no end of it, %d do", unknown, known)
	}
}
