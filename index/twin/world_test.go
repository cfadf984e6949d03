package twin

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo"
)

const worldSize = 2000

// What is zero in every offer of the world is not compared by anybody.
func TestWorldUsesEveryField(t *testing.T) {
	written := map[string]bool{}
	for _, o := range World(1, worldSize) {
		note(written, "Offer", reflect.ValueOf(o))
	}
	for _, model := range []reflect.Type{
		reflect.TypeFor[data.Offer](), reflect.TypeFor[data.Place](), reflect.TypeFor[data.Contact](),
		reflect.TypeFor[data.Telecom](), reflect.TypeFor[data.Practice](), reflect.TypeFor[data.Organization](),
		reflect.TypeFor[data.Capacity](), reflect.TypeFor[data.Identifier](), reflect.TypeFor[data.Address](),
		reflect.TypeFor[data.Equipment](), reflect.TypeFor[data.Limit](), reflect.TypeFor[data.Zone](),
		reflect.TypeFor[data.Price](), reflect.TypeFor[data.Residence](), reflect.TypeFor[data.Provenance](),
		reflect.TypeFor[data.Hours](), reflect.TypeFor[data.Opening](), reflect.TypeFor[data.Exception](),
		reflect.TypeFor[data.Origin](), reflect.TypeFor[data.Said](), reflect.TypeFor[data.Left](),
		reflect.TypeFor[data.Span](), reflect.TypeFor[data.Period](), reflect.TypeFor[data.AgeRange](),
	} {
		for i := range model.NumField() {
			if name := model.Name() + "." + model.Field(i).Name; !written[name] {
				t.Errorf("%s is zero everywhere", name)
			}
		}
	}
}

// note writes down the fields that are not zero, by the name of their struct,
// in a value and all that it holds.
func note(written map[string]bool, name string, v reflect.Value) {
	if v.IsZero() {
		return
	}
	written[name] = true
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			note(written, "", v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			note(written, v.Type().Name()+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
}

func TestWorldIsMadeFromItsSeed(t *testing.T) {
	if !reflect.DeepEqual(World(7, 300), World(7, 300)) {
		t.Error("two worlds of the same seed differ")
	}
	if World(7, 1)[0].ID == World(8, 1)[0].ID {
		t.Error("worlds of different seeds share ids")
	}
}

func TestWorldSharesPositions(t *testing.T) {
	used := map[geo.Point][]data.ID{}
	placed, sensitive, placeless := 0, 0, 0
	for _, o := range World(2, worldSize) {
		if o.Sensitive {
			sensitive++
		}
		if len(o.Places) == 0 {
			placeless++
		}
		for _, p := range o.Places {
			if p.Quality == data.Unplaced {
				continue
			}
			if p.Point != rounded(p.Point.Lat, p.Point.Lon) {
				t.Errorf("%v is not on the grid", p.Point)
			}
			placed++
			used[p.Point] = append(used[p.Point], o.ID)
		}
	}
	shared, most := 0, 0
	for _, ids := range used {
		most = max(most, len(ids))
		slices.Sort(ids)
		if len(slices.Compact(slices.Clone(ids))) > 1 {
			shared += len(ids)
		}
	}
	if share := 100 * shared / placed; share < 40 || share > 80 {
		t.Errorf("%d %% of places share a position with another offer", share)
	}
	if most < 20 {
		t.Errorf("no position has more than %d places", most)
	}
	if percent := 100 * sensitive / worldSize; percent < 4 || percent > 8 {
		t.Errorf("%d %% are sensitive", percent)
	}
	if placeless < worldSize/20 {
		t.Errorf("only %d have no place", placeless)
	}
}

// A world in which ties are rare or questions find nothing would prove little.
func TestQuestionsFindSomething(t *testing.T) {
	const questions = 600
	offers := World(3, worldSize)
	r := rand.New(rand.NewPCG(3, 3))
	found, withoutCode, ties, filtered := 0, 0, 0, map[string]int{}
	for i := range questions {
		q := Ask(r, offers)
		answers := Nearest(offers, i%6, q)
		if len(answers) > 0 {
			found++
		}
		if len(q.Codes) == 0 {
			withoutCode++
		}
		for j := 1; j < len(answers); j++ {
			if answers[j].Distance == answers[j-1].Distance {
				ties++
			}
		}
		o := offers[i%len(offers)]
		for p := range o.Places {
			for _, name := range Fails(&o, p, i%6, q) {
				filtered[name]++
			}
		}
		if Count(offers, i%6, q) < len(answers) {
			t.Fatalf("question %d: more answers than the count", i)
		}
	}
	if found < questions/3 || found > questions*19/20 {
		t.Errorf("%d of %d questions find something", found, questions)
	}
	if withoutCode < questions/4 || withoutCode > questions/2 {
		t.Errorf("%d of %d questions have no code", withoutCode, questions)
	}
	if ties < 50*questions {
		t.Errorf("only %d ties", ties)
	}
	for _, r := range everything {
		if filtered[r.name] < questions/50 {
			t.Errorf("%s fails %d times only", r.name, filtered[r.name])
		}
	}
}

// Holidays prove little in a world where nothing happens on them.
func TestHolidaysMatter(t *testing.T) {
	const instants = 20_000
	offers := World(5, worldSize)
	d := dice{rand.New(rand.NewPCG(5, 5))}
	onHoliday, states := 0, map[data.State]int{}
	for range instants {
		at, departement := d.instantIn()
		if !IsHoliday(dayOf(reading(at, clockOf(departement))), departement) {
			continue
		}
		onHoliday++
		if h := pick(d, offers).Hours; len(h.Weekly) > 0 {
			states[OpenAt(h, at, departement)]++
		}
	}
	if percent := 100 * onHoliday / instants; percent < 12 || percent > 25 {
		t.Errorf("%d %% of the instants fall on a holiday", percent)
	}
	for state, most := range map[data.State]int{data.Yes: onHoliday / 2, data.No: onHoliday / 2, data.Unknown: onHoliday * 3 / 4} {
		if n := states[state]; n < onHoliday/100 || n > most {
			t.Errorf("%d of %d instants on a holiday are %v", n, onHoliday, state)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	offers := World(4, 30_000)
	adult := 40 * data.AgeYear
	noon := firstDay.AddDate(year-1, 5, 8).Add(10 * 3600e9)
	for name, q := range map[string]Question{
		"everything": {},
		"one code":   {Codes: [][]data.Code{{"R211|157"}}},
		"all": {
			Within: 20_000_000, Codes: [][]data.Code{{"R211|157", "R244|20"}, {"R227|01", "R227|04"}},
			Age: &adult, Open: Possible, At: noon,
		},
		"open": {Open: Possible, At: noon},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Nearest(offers, 2, q)
			}
		})
	}
}
