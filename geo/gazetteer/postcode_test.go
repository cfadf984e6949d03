package gazetteer_test

import (
	"slices"
	"testing"

	"boussole/geo/gazetteer"
)

// Whatever is asked for as a postcode, only communes that have it are found,
// each once, arrondissements and the most populous first.
func FuzzPostcodes(f *testing.F) {
	for _, seed := range []string{"48000", "75004", "97133", "98735", "", "0", "4800", "480000", "20000", "７５００４", "48000 ", "CEDEX", "2A004"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, postcode string) {
		found := gazetteer.ByPostcode(postcode)
		for i, c := range found {
			if !slices.Contains(c.Postcodes, postcode) {
				t.Errorf("%s has the postcodes %v, not %q", c.Name, c.Postcodes, postcode)
			}
			for _, before := range found[:i] {
				switch {
				case before.Code == c.Code:
					t.Errorf("%s is found twice", c.Name)
				case before.Of == c.Code:
					t.Errorf("%s is found with its arrondissement %s", c.Name, before.Name)
				case before.Arrondissement == 0 && c.Arrondissement > 0, min(before.Arrondissement, 1) == min(c.Arrondissement, 1) && before.Population < c.Population:
					t.Errorf("%s comes before %s", before.Name, c.Name)
				}
			}
		}
		again := gazetteer.ByPostcode(postcode)
		if !slices.EqualFunc(found, again, func(a, b gazetteer.Commune) bool { return a.Code == b.Code }) {
			t.Errorf("%q finds other communes the second time", postcode)
		}
	})
}
