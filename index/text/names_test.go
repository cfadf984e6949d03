package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"boussole/data/lexicon"
)

func TestUnderstand(t *testing.T) {
	names := newThesaurus([]lexicon.Names{
		{Same: []string{"AVC", "accident vasculaire cérébral"}, Also: []string{"unité neuro-vasculaire"}},
		{Same: []string{"hôpital"}, Also: []string{"CH", "centre hospitalier"}},
		{Same: []string{"centre"}, Also: []string{"milieu"}},
		{Same: []string{"centre de santé", "dispensaire"}},
		{Same: []string{"aide à domicile", "SAAD"}},
	})
	const stroke, unit = "accident vasculaire cerebral", "unite neuro vasculaire"
	for question, want := range map[string]string{
		"AVC":                                 "avc: " + stroke + ", " + unit,
		"a.v.c. Lyon":                         "avc: " + stroke + ", " + unit + "; lyon",
		"accidents vasculaires cérébraux":     "accidents: avc, " + unit + "; vasculaires: avc, " + unit + "; cerebraux: avc, " + unit,
		"accident vasculaire":                 "accident; vasculaire",
		"centre hospitalier":                  "centre: milieu; hospitalier",
		"L'Hôpital du centre":                 "hopital: ch, centre hospitalier; centre: milieu",
		"hopitl":                              "hopitl",
		"les centres de santé du centre":      "centres: dispensaire; sante: dispensaire; centre: milieu",
		"l'aide pour le domicile":             "aide: saad; domicile: saad",
		"neuro-vasculaire":                    "neuro; vasculaire",
		"accident avc vasculaire AVC":         "accident; avc: " + stroke + ", " + unit + "; vasculaire",
		"12 centres 430000117":                "12; centres: milieu; 430000117",
		"aide domicile centre aide":           "aide: saad; domicile: saad; centre: milieu",
		"accident vasculaire cérébral centre": "accident: avc, " + unit + "; vasculaire: avc, " + unit + "; cerebral: avc, " + unit + "; centre: milieu",
	} {
		words, err := parse(question, names)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range words {
			if w.Names != nil {
				got = append(got, w.Text+": "+strings.Join(w.Names, ", "))
			} else {
				got = append(got, w.Text)
			}
		}
		if got := strings.Join(got, "; "); got != want {
			t.Errorf("%q:\n got %s\nwant %s", question, got, want)
		}
	}
}

// A question is taken apart as without the lexicon, and names are within bounds.
func TestNamesAreBeside(t *testing.T) {
	for _, names := range lexicon.EmbeddedNames() {
		for _, name := range names.Same {
			plain, err := Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			words, err := Understand(name)
			if err != nil || len(words) != len(plain) {
				t.Fatalf("%q: %d words, %d of the plain question: %v", name, len(words), len(plain), err)
			}
			for i := range words {
				if n := len(words[i].Names); n == 0 || n > MaxNames {
					t.Errorf("line %d: %q has %d other names", names.Line, name, n)
				}
				if slices.Contains(words[i].Names, words[i].Text) && len(words) == 1 {
					t.Errorf("line %d: %q is called itself", names.Line, name)
				}
				if words[i].Names = nil; fmt.Sprint(words[i]) != fmt.Sprint(plain[i]) {
					t.Errorf("%q: %v is %v with its other names", name, plain[i], words[i])
				}
			}
		}
	}
}

// What is remembered of a word is not what it is without its other names.
func TestKeysTellWordsApart(t *testing.T) {
	words := []Word{
		{Text: "avc"}, {Text: "avc", Open: true}, {Text: "avc", Names: []string{"unv"}}, {Text: "avc", Names: []string{"unv", "usinv"}},
		{Text: "avc", Names: []string{"unv usinv"}}, {Text: "avc", Joined: []string{"unv"}}, {Text: "avc", Open: true, Typed: "unv"},
	}
	for i := range words {
		for j := range i {
			if words[i].Key() == words[j].Key() {
				t.Errorf("%+v and %+v have one key", words[i], words[j])
			}
		}
	}
}

func ExampleUnderstand() {
	words, _ := Understand("kiné à domicile")
	fmt.Println(words[0].Names)
	// Output: [kinesitherapeute masseur kinesitherapeute mk kinesitherapie masso kinesitherapie]
}
