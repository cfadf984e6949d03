package suggest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"boussole/data"
)

var everybody = data.Viewer{}.Mask()

// hospitals are a handful of real names, of FINESS 2021.
func hospitals() *NameIndex {
	var b NameBuilder
	for _, e := range []Establishment{
		{ID: "fleyriat", FINESS: "010000024", Names: []string{"CH DE FLEYRIAT"}, Category: "R66|355", City: "VIRIAT", Commune: "01451"},
		{ID: "croix", FINESS: "690784152", Names: []string{"HOPITAL CROIX-ROUSSE - HCL"}, Category: "R66|101", City: "LYON CEDEX 04"},
		{ID: "hfme", FINESS: "690007539", Names: []string{"HOPITAL FEMME MERE ENFANT - HCL"}, Category: "R66|101", City: "BRON CEDEX"},
		{ID: "flandre", FINESS: "590006607", Names: []string{"HOP JEANNE DE FLANDRE CHR LILLE"}, Category: "R66|101", City: "LILLE"},
		{ID: "pytheas", FINESS: "130802093", Names: []string{"CMP PYTHEAS"}, Category: "R66|156", City: "MARSEILLE"},
		{ID: "phie", FINESS: "130802094", Names: []string{"PHARMACIE PYTHEAS"}, Category: "R66|620", City: "MARSEILLE"},
		{ID: "necker", FINESS: "750100208", Names: []string{"HU NECKER ENFANTS MALADES APHP"}, Category: "R66|101", City: "PARIS"},
		{ID: "pitie", FINESS: "750100125", Names: []string{"HU PITIE SALPETRIERE APHP"}, Category: "R66|101", City: "PARIS"},
	} {
		b.Add(e)
	}
	return b.Index()
}

func TestNames(t *testing.T) {
	x := hospitals()
	for q, want := range map[string]data.ID{
		"hôpital de Fleyriat": "fleyriat", "fleyria": "fleyriat", "fleyrait": "fleyriat", "ch fleyriat viriat": "fleyriat",
		"croix rousse hcl": "croix", "hopital de la croix-rousse": "croix", "rousse croix": "croix", "HFME bron": "hfme", "femme mère enfant": "hfme",
		"jeanne de flandres": "flandre", "cmp pythéas": "pytheas", "pharmacie pythéas": "phie", "pythéas": "",
		"necker enfants malades": "necker", "pitié salpêtrière AP-HP": "pitie",
		"010000024": "fleyriat", "10000024": "fleyriat", "01 000 0024": "fleyriat",
		"chu lille": "flandre", "hôpital": "", "marseille": "", "cmp": "", "de la": "", "": "", "999999999": "",
	} {
		var got data.ID
		if found := x.Find(q, everybody, 3); len(found) > 0 {
			got = found[0].ID
		}
		if got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	if found := x.Find("cmp pythéas", everybody, 1); len(found) != 1 {
		t.Errorf("%d found, one is wanted", len(found))
	}
	if x.Len() != 8 {
		t.Errorf("%d establishments", x.Len())
	}
}

// TestHiddenNamesChangeNothing: whatever names are hidden, what is found is to the
// letter what is found where they are not there.
func TestHiddenNamesChangeNothing(t *testing.T) {
	words := []string{"CH", "SAINT", "CLINIQUE", "FLEYRIAT", "FLEYRIAS", "PYTHEAS", "NECKER", "ENFANTS", "MALADES", "BELLEVUE", "BELLEVILLE", "PASTEUR", "LYON", "PARIS"}
	questions := []string{"fleyriat", "fleyri", "hopital bellevu", "clinique pasteur paris", "necker enfants", "pythéas", "ch saint fleyriatt", "belle", "010000001", "bellevile"}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		var with, without NameBuilder
		for i := range 60 {
			name := ""
			for range 1 + r.IntN(4) {
				name += words[r.IntN(len(words))] + " "
			}
			e := Establishment{ID: data.ID(fmt.Sprint(r.Uint32())), FINESS: fmt.Sprintf("0100000%02d", i/2), Names: []string{name}, Category: "R66|355", City: words[r.IntN(len(words))]}
			if r.IntN(2) == 0 {
				e.Class = data.SensitiveUnit
			} else {
				without.Add(e)
			}
			with.Add(e)
		}
		a, b := with.Index(), without.Index()
		for _, q := range questions {
			for _, limit := range []int{1, 3, 100} {
				got, want := a.Find(q, everybody, limit), b.Find(q, everybody, limit)
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("seed %d, %q: hidden names change\n%v to\n%v", seed, q, want, got)
				}
			}
		}
		all := data.Viewer{Profile: 1}.Mask()
		if len(a.Find("fleyriat", all, 100)) < len(a.Find("fleyriat", everybody, 100)) {
			t.Errorf("seed %d: who sees all finds fewer", seed)
		}
	}
}

// TestNamesAmongTheRest: a name that says more than the lexicon goes first, and
// one that is made of the lexicon's words does not.
func TestNamesAmongTheRest(t *testing.T) {
	var b NameBuilder
	b.Add(Establishment{ID: "centre", FINESS: "1", Names: []string{"CENTRE DEPISTAGE MST"}, Category: "R66|223"})
	b.Add(Establishment{ID: "bonjour", FINESS: "2", Names: []string{"SAAD BONJOUR SERVICES"}, Category: "R66|460"})
	b.Add(Establishment{ID: "guingamp", FINESS: "3", Names: []string{"CENTRE HOSPITALIER GUINGAMP"}, Category: "R66|355", City: "GUINGAMP"})
	b.Add(Establishment{ID: "pytheas", FINESS: "4", Names: []string{"CMP PYTHEAS"}, Category: "R66|156"})
	x := b.Index()
	for q, want := range map[string]string{
		"dépistage MST": "need", "hôpital de guingamp": "establishment", "cmp pythéas": "establishment", "cmp": "offer_type", "bonjour": "",
	} {
		found := French().Suggest(Question{Text: q, Limit: 5, Names: x, Mask: everybody})
		got := ""
		if len(found) > 0 {
			got = found[0].Type
		}
		if got != want {
			t.Errorf("%q: %v", q, found)
		}
		if !slices.IsSortedFunc(found, func(a, b Result) int {
			if a.Confidence < b.Confidence {
				return 1
			}
			return -1
		}) {
			t.Errorf("%q: not in the order of confidence: %v", q, found)
		}
	}
}

func TestEstablishmentOf(t *testing.T) {
	o := data.Offer{
		ID: "id", Name: "Cardiologie", Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "010000024"}},
		Organizations: []data.Organization{{Kind: data.Establishment, Name: "CH DE FLEYRIAT", Category: "R66|355", Alias: "Fleyriat"}},
		Places:        []data.Place{{Address: data.Address{Commune: "01451", City: "VIRIAT"}}}, Sensitive: true,
	}
	e, ok := EstablishmentOf(&o)
	if !ok || e.FINESS != "010000024" || e.Category != "R66|355" || e.Departement != "01" || e.Class != data.SensitiveUnit || !slices.Equal(e.Names, []string{"Cardiologie", "CH DE FLEYRIAT", "Fleyriat"}) {
		t.Errorf("%+v %v", e, ok)
	}
	if _, ok := EstablishmentOf(&data.Offer{ID: "id"}); ok {
		t.Error("an offer without a name has one")
	}
}

// TestHiddenSpelling: that a hidden name is spelt as the question is does not
// keep the question from being taken for a misspelling.
func TestHiddenSpelling(t *testing.T) {
	var b NameBuilder
	b.Add(Establishment{ID: "seen", FINESS: "1", Names: []string{"CH DE FLEYRIAT"}, Category: "R66|355"})
	b.Add(Establishment{ID: "hidden", FINESS: "2", Names: []string{"CH DE FLEYRIOT"}, Category: "R66|355", Class: data.SensitiveUnit})
	if found := b.Index().Find("ch fleyriot", everybody, 3); len(found) != 1 || found[0].ID != "seen" {
		t.Errorf("%v", found)
	}
}
