package nos_test

import (
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/nos"
	"boussole/geo/realdata"
)

func TestRealLists(t *testing.T) {
	r := readPaths(realdata.Path(t, "nos"))
	if r.err != nil || r.rejects != "" {
		t.Fatal(r.err, r.rejects)
	}
	// 548 activities, 273 types of offer and the small lists: of their 306 lines
	// three have labels of former times, and 39 are of capacities, levels and
	// sectors, which are no codes of offers.
	for system, want := range map[string]int{
		"R211": 548, "R244": 273, "R213": 36, "R210": 50, "R212": 46, "R66": 50, "R343": 20, "R344": 20, "R338": 12, "R239": 10,
		"R252": 8, "R227": 5, "R253": 4, "R284": 2, "R283": 0, "R329": 0, "SAE": 0,
	} {
		if got := r.terms.Len(system); got != want {
			t.Errorf("%s has %d codes, want %d", system, got, want)
		}
	}
	for _, want := range []string{"nos concept 1127 1084 43 0", "nos 3 a label of former times"} {
		if !strings.Contains(r.books, want) {
			t.Errorf("the books do not say %q: %s", want, r.books)
		}
	}
	for code, want := range map[data.Code]string{"R211|157": "", "R244|247": "Structure Mobile d'Urgence et de Réanimation (SMUR)", "R211|136": "SMUR primaire", "R227|05": ""} {
		if got := r.terms.Label(code); got == "" || want != "" && got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
	if got := r.terms.Check("R211|9999", 1); got != nos.Unlisted {
		t.Errorf("a code that no value set lists: %d", got)
	}
}
