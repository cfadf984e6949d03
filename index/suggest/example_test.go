package suggest_test

import (
	"fmt"

	"boussole/data"
	"boussole/index/suggest"
)

// The signs of a stroke, in everyday words, are neither a dentist's nor a
// surgeon's: the first code is intensive care of vascular neurology.
func ExampleLanguage_Suggest() {
	best := suggest.French().Suggest(suggest.Question{Text: "bouche de travers, bras droit mou", Limit: 1})[0]
	fmt.Println(best.Type, best.Codes[0], best.Label)
	// Output: need R211|356 Accident vasculaire cérébral (AVC)
}

// Die is a commune of the Drôme here; of two Saint-Denis the most populous is taken,
// unless the question says which.
func ExampleLanguage_Suggest_place() {
	for _, q := range []string{"médecin die", "dialyse saint denis", "dialyse saint denis 93"} {
		best := suggest.French().Suggest(suggest.Question{Text: q, Limit: 1})[0]
		fmt.Println(best.Codes[0], best.Place.Name, best.Place.Commune)
	}
	// Output:
	// R211|437 Die 26113
	// R211|059 Saint-Denis 97411
	// R211|059 Saint-Denis 93066
}

func ExampleNameIndex_Find() {
	var b suggest.NameBuilder
	b.Add(suggest.Establishment{ID: "a", FINESS: "690007539", Names: []string{"HOPITAL FEMME MERE ENFANT - HCL"}, Category: "R66|101", City: "BRON CEDEX"})
	b.Add(suggest.Establishment{ID: "b", FINESS: "130802093", Names: []string{"CMP PYTHEAS"}, Category: "R66|156", City: "MARSEILLE"})
	names := b.Index()
	for _, q := range []string{"HFME bron", "cmp pytéas"} {
		fmt.Println(names.Find(q, data.Viewer{}.Mask(), 1)[0].FINESS)
	}
	// Output:
	// 690007539
	// 130802093
}
