package api

import (
	"testing"

	"boussole/data"
	"boussole/index"
	"boussole/ranking/needs"
)

// One is singular in both languages, and none in French.
func TestAgeWords(t *testing.T) {
	for age, want := range map[data.Age]needs.Text{
		0:                                 {French: "0 jour", English: "0 days"},
		data.AgeDay:                       {French: "1 jour", English: "1 day"},
		29 * data.AgeDay:                  {French: "29 jours", English: "29 days"},
		data.AgeMonth:                     {French: "1 mois", English: "1 month"},
		2 * data.AgeMonth:                 {French: "2 mois", English: "2 months"},
		data.AgeYear:                      {French: "1 an", English: "1 year"},
		data.AgeYear + data.AgeMonth:      {French: "1 an et 1 mois", English: "1 year and 1 month"},
		2 * data.AgeYear:                  {French: "2 ans", English: "2 years"},
		15*data.AgeYear + 3*data.AgeMonth: {French: "15 ans et 3 mois", English: "15 years and 3 months"},
	} {
		if got := ageWords(age); got != want {
			t.Errorf("%d: %+v, want %+v", age, got, want)
		}
	}
}

// Every warning is said in both languages, of one result and of several.
func TestWarningsInBothLanguages(t *testing.T) {
	age := 30 * data.AgeYear
	uncertain := result{
		Travel: travelAnswer{Source: "straight", Doubt: []string{"degraded"}},
		Offer:  offerAnswer{Invented: true, Place: &placeAnswer{Quality: "commune", Doubted: true}},
		Open:   factAnswer{State: "unknown"}, Age: "unknown",
	}
	holiday, closing := uncertain, uncertain
	holiday.Open.Holiday, closing.Open.State, closing.Open.OnArrival = "Noël", "yes", "no"
	q := index.Query{Age: &age, Open: index.RuleYes}
	of := map[int]map[string]needs.Text{}
	for _, results := range [][]result{{uncertain}, {uncertain, holiday, closing}} {
		said := map[string]needs.Text{}
		for _, w := range degradedToo(warnings(results, q, false), []string{"travel"}) {
			if w.Text.French == "" || w.Text.English == "" || w.Text.French == w.Text.English {
				t.Errorf("%s: %+v", w.Code, w.Text)
			}
			said[w.Code] = w.Text
		}
		of[len(results)] = said
	}
	if len(of[1]) != 9 || len(of[3]) != 11 {
		t.Errorf("%d and %d warnings", len(of[1]), len(of[3]))
	}
	for _, c := range []struct {
		results int
		code    string
		want    needs.Text
	}{
		{1, "hours-unknown", needs.Text{French: "horaires non connus pour 1 résultat sur 1", English: "opening hours are not known for 1 of 1 result"}},
		{3, "hours-unknown", needs.Text{French: "horaires non connus pour 1 résultat sur 3", English: "opening hours are not known for 1 of 3 results"}},
		{3, "age-unknown", needs.Text{French: "âges reçus non connus pour 3 résultats sur 3", English: "the ages received are not known for 3 of 3 results"}},
	} {
		if got := of[c.results][c.code]; got != c.want {
			t.Errorf("%d results: %+v, want %+v", c.results, got, c.want)
		}
	}
}
