package sample_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/sample"
	"boussole/geo"
)

func read(t *testing.T, s sample.Source) []*data.Offer {
	t.Helper()
	var offers []*data.Offer
	for o, err := range s.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		offers = append(offers, o)
	}
	return offers
}

// The recipe: ten kinds in each of twelve towns.
const round = 10 * 12

func TestSize(t *testing.T) {
	for _, size := range []int{0, 1, 7, round, 1000} {
		if got := len(read(t, sample.Source{Size: size})); got != size {
			t.Errorf("%d offers, want %d", got, size)
		}
	}
	if got := (sample.Source{}).Name(); got != "sample" {
		t.Errorf("named %q", got)
	}
}

func TestSameSeedSameOffers(t *testing.T) {
	one := read(t, sample.Source{Size: 300, Seed: 7})
	if again := read(t, sample.Source{Size: 300, Seed: 7}); !reflect.DeepEqual(one, again) {
		t.Error("the same seed gives other offers")
	}
	if shorter := read(t, sample.Source{Size: 100, Seed: 7}); !reflect.DeepEqual(one[:100], shorter) {
		t.Error("a shorter sample does not begin a longer one")
	}
	other := read(t, sample.Source{Size: 300, Seed: 8})
	if reflect.DeepEqual(one, other) {
		t.Error("another seed gives the same offers")
	}
	for i := range one {
		if one[i].ID != other[i].ID || one[i].Name != other[i].Name {
			t.Errorf("number %d is %s with one seed, %s with another", i, one[i].Name, other[i].Name)
		}
	}
}

func TestEveryKindInEveryTown(t *testing.T) {
	kinds := map[string]int{
		"Pharmacie": 0, "Urgences adultes": 0, "Unité neuro-vasculaire": 0, "Cabinet de médecine générale": 0, "Maternité": 0,
		"Urgences pédiatriques": 0, "EHPAD": 0, "Maison médicale de garde": 0, "Soins infirmiers à domicile": 0, "Unité sécurisée": 0,
	}
	pairs := make(map[string]bool)
	towns := make(map[string]bool)
	for _, o := range read(t, sample.Source{Size: round}) {
		kind, rest, ok := strings.Cut(o.Name, " exemple ")
		if _, known := kinds[kind]; !ok || !known {
			t.Errorf("%q is of no kind, or does not say that it is an example", o.Name)
			continue
		}
		_, town, _ := strings.Cut(rest, " de ")
		kinds[kind]++
		towns[town] = true
		pairs[kind+" "+town] = true
	}
	if len(pairs) != round || len(towns) != 12 {
		t.Errorf("%d pairs of a kind and a town, of %d towns", len(pairs), len(towns))
	}
	for kind, n := range kinds {
		if n != 12 {
			t.Errorf("%s: %d, want one in each of 12 towns", kind, n)
		}
	}
}

// What a reader of the sample is to meet: each feature of the model with how
// many of the ten kinds have it.
func TestFeatures(t *testing.T) {
	counts := make(map[string]int)
	count := func(feature string, has bool) {
		if has {
			counts[feature]++
		}
	}
	for _, o := range read(t, sample.Source{Size: 10}) {
		count("sensitive", o.Sensitive)
		count("category", o.Category != "")
		count("zones", len(o.Zones) > 0)
		count("places", len(o.Places) > 0)
		count("practices", len(o.Practices) > 0)
		count("acts", len(o.Acts) > 0)
		count("specialisations", len(o.Specialisations) > 0)
		count("ages", o.Ages != data.AgeRange{})
		count("hours", len(o.Hours.Weekly) > 0)
		count("telecoms of three levels", len(o.Telecoms) == 3)
		count("medico-social", o.Field == data.FieldMedicoSoc)
		count("private practice", o.Field == data.FieldPrivateTown)
		count("beds", len(o.Places) > 0 && o.BedsAt(&o.Places[0]).State != data.Unknown)
		count("equipment", len(o.Places) > 0 && len(o.Places[0].Equipment) > 0)
		count("neither place nor zone", len(o.Places) == 0 && len(o.Zones) == 0)
	}
	want := map[string]int{
		"sensitive": 1, "category": 3, "zones": 1, "places": 9, "practices": 1, "acts": 1, "specialisations": 1, "ages": 4, "hours": 7,
		"telecoms of three levels": 10, "medico-social": 2, "private practice": 1, "beds": 5, "equipment": 5,
	}
	if !maps.Equal(counts, want) {
		t.Errorf("%v, want %v", counts, want)
	}
}

func TestIdsAreUnique(t *testing.T) {
	seen := make(map[data.ID]string)
	use := func(id data.ID, what string) {
		if before, twice := seen[id]; twice {
			t.Errorf("id %q of %s is that of %s", id, what, before)
		}
		seen[id] = what
	}
	for _, o := range read(t, sample.Source{Size: 1000}) {
		use(o.ID, o.Name)
		for _, p := range o.Places {
			use(p.ID, "the place of "+o.Name)
		}
		for _, g := range o.Organizations {
			use(g.ID, "the organization of "+o.Name)
		}
		for _, p := range o.Practices {
			use(p.ID, "the practice of "+o.Name)
		}
	}
}

// Numbers belong to no département and no person, phones to the block that is
// kept for fiction, and names say what they are.
func TestInventedThingsAreEvident(t *testing.T) {
	for _, o := range read(t, sample.Source{Size: 500}) {
		numbers := slices.Clone(o.Identifiers)
		for _, g := range o.Organizations {
			numbers = append(numbers, g.Identifiers...)
			if !strings.Contains(g.Name, "exemple") {
				t.Errorf("an organization named %q", g.Name)
			}
		}
		for _, p := range o.Practices {
			numbers = append(numbers, p.Identifiers...)
			if !strings.Contains(p.Family, "Exemple") {
				t.Errorf("a person named %q", p.Family)
			}
		}
		for _, n := range numbers {
			region, _, _ := strings.Cut(n.Value, "/")
			if n.System != data.SystemROR || region != "00" || data.KnownDepartement(region) || data.ValidFINESS(n.Value) || data.ValidRPPS(n.Value) {
				t.Errorf("%s has the number %s", o.Name, n)
			}
		}
		for _, line := range o.Telecoms {
			if !strings.HasPrefix(line.Value, "+3319900") {
				t.Errorf("%s has the line %s", o.Name, line.Value)
			}
		}
		for _, p := range o.Places {
			if !strings.Contains(p.Address.Street, "EXEMPLE") {
				t.Errorf("%s in %s", o.Name, p.Address)
			}
		}
	}
}

// The towns are real, and so are the codes.
func TestRealThingsAreReal(t *testing.T) {
	for _, o := range read(t, sample.Source{Size: 500}) {
		o.EachCode(func(code data.Code, _ data.Class) {
			if _, err := data.ParseCode(string(code)); err != nil {
				t.Errorf("%s: %v", o.Name, err)
			}
		})
		if o.Category != "" && !finess.KnownCategory(o.Category.Value()) {
			t.Errorf("%s of category %s", o.Name, o.Category)
		}
		for _, z := range o.Zones {
			if z.Kind != data.ZoneDepartement || !data.KnownDepartement(z.Code) {
				t.Errorf("%s travels to %+v", o.Name, z)
			}
		}
		for _, p := range o.Places {
			if !data.KnownDepartement(p.Address.In()) || !geo.French(p.Point) || p.Point != p.Point.Rounded() || !p.Placed() {
				t.Errorf("%s in %q at %v", o.Name, p.Address.In(), p.Point)
			}
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	offers, failed := 0, error(nil)
	for o, err := range (sample.Source{Size: 100}).Offers(ctx) {
		if failed != nil {
			t.Fatal("more after the error")
		}
		if failed = err; o != nil {
			if offers++; offers == 3 {
				cancel()
			}
		}
	}
	if offers != 3 || !errors.Is(failed, context.Canceled) {
		t.Errorf("%d offers, %v", offers, failed)
	}
	for range (sample.Source{Size: 100}).Offers(t.Context()) {
		break // a source that went on after that would panic
	}
}
