package ranking_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// Over the real registers no answer is empty, wherever one asks from, whatever the
// need and whoever asks; and nothing was relaxed that need not be, as looking at all
// offers, rung by rung, tells. All communes are asked by `make reach NEEDS=all`.
func TestNeverEmptyAndNeverTooRelaxed(t *testing.T) {
	w := realWorld(t)
	from := oneOfEachDepartement(rand.New(rand.NewPCG(2026, 11)))
	if len(from) < 103 {
		t.Fatalf("%d communes, of 101 départements and two collectivities", len(from))
	}
	all := needs.Embedded().Needs()
	asked, relaxed := 0, 0
	for _, profile := range []data.Profile{0, 1, 3} {
		seen := kindsOf(t, w.offers, profile)
		view := w.guard.As(data.Viewer{Profile: profile})
		defer view.Close()
		for i := range all {
			need := &all[i]
			age := ageOf(need)
			want := firstRung(need, seen, &age, winding{})
			for _, commune := range from {
				got, err := (&ranking.Finder{}).Serve(context.Background(), view,
					ranking.Case{Need: need, Patient: needs.Patient{Age: &age}},
					ranking.Question{Query: index.Query{Near: commune.Centre, At: noon}})
				if err != nil {
					t.Fatal(err)
				}
				if rung := len(got.Relaxed.Steps); len(got.Choices) != 1 || rung != want || got.Relaxed.Limits {
					t.Fatalf("%s from %s %s, profile %d: %d choices on rung %d, want 1 on %d", need.ID, commune.Code, commune.Name, profile, len(got.Choices), rung, want)
				}
				if asked++; want > 0 {
					relaxed++
				}
			}
		}
	}
	t.Logf("%d questions, of which relaxed: %d", asked, relaxed)
	if relaxed == 0 || relaxed == asked {
		t.Errorf("relaxed: %d of %d", relaxed, asked)
	}
}

// oneOfEachDepartement draws a commune for each.
func oneOfEachDepartement(r *rand.Rand) (drawn []gazetteer.Commune) {
	at, met := make(map[string]int), make(map[string]int)
	gazetteer.All(func(c gazetteer.Commune) bool {
		if !c.Placed || c.Arrondissement > 0 {
			return true
		}
		met[c.Departement]++
		if i, known := at[c.Departement]; !known {
			at[c.Departement], drawn = len(drawn), append(drawn, c)
		} else if r.IntN(met[c.Departement]) == 0 {
			drawn[i] = c
		}
		return true
	})
	return drawn
}

// ageOf is an age for which the need is meant.
func ageOf(need *needs.Need) data.Age {
	for _, years := range []data.Age{40, 80, 16, 6} {
		if need.Public.Suits(needs.Patient{Age: new(years * data.AgeYear)}) {
			return years * data.AgeYear
		}
	}
	for days := range data.Age(800) {
		if need.Public.Suits(needs.Patient{Age: new(days * data.AgeDay)}) {
			return days * data.AgeDay
		}
	}
	return 40 * data.AgeYear
}

// kindsOf is one offer as the profile sees it for each set of codes and ages: of those
// that say the same a rung takes all or none. The registers tell no hours, so nothing
// else decides whether an offer suits.
func kindsOf(t *testing.T, offers []data.Offer, profile data.Profile) map[data.ID]*data.Offer {
	t.Helper()
	kinds, met := make(map[data.ID]*data.Offer), make(map[string]bool)
	for i := range offers {
		o, ok := offers[i].For(data.Viewer{Profile: profile})
		if !ok || len(o.Places) == 0 || !o.Places[0].Placed() {
			continue
		}
		if len(o.Places) > 1 || o.OpenAt(noon, o.Territory(&o.Places[0])).State != data.Unknown {
			t.Fatalf("%s has several places, or hours: its codes and ages do not tell whether it suits", o.ID)
		}
		var codes []data.Code
		note := func(c data.Code, _ data.Class) { codes = append(codes, c) }
		o.EachCode(note)
		slices.Sort(codes)
		if kind := fmt.Sprint(slices.Compact(codes), o.Ages); !met[kind] {
			met[kind], kinds[o.ID] = true, &o
		}
	}
	return kinds
}
