package lexicon

import (
	"encoding/csv"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"boussole/data"
	"boussole/geo/realdata"
)

// codesOf calls f with every code of a concept.
func codesOf(c *Concept, f func(data.Code)) {
	for _, code := range c.Codes {
		f(code)
	}
	for _, v := range c.Variants {
		for _, code := range v.Codes {
			f(code)
		}
	}
}

func TestEmbedded(t *testing.T) {
	l := Embedded()
	sayings, codes := 0, make(map[data.Code]bool)
	labels := make(map[string]string)
	for i := range l.Concepts {
		c := &l.Concepts[i]
		sayings += len(c.Sayings)
		codesOf(c, func(code data.Code) { codes[code] = true })
		if other, told := labels[c.Label]; told {
			t.Errorf("%s: %s is told at %s", c.Line, c.Label, other)
		}
		labels[c.Label] = c.Line
	}
	t.Logf("%d concepts, %d sayings, %d codes", len(l.Concepts), sayings, len(codes))
	if len(l.Concepts) < 800 || sayings < 10_000 || len(codes) < 1_200 {
		t.Errorf("%d concepts, %d sayings, %d codes: a part is missing", len(l.Concepts), sayings, len(codes))
	}
}

// officialCodes reads a list of the shared data; a code that is closed counts.
func officialCodes(t *testing.T, into map[data.Code]bool, name, system string) {
	t.Helper()
	f, err := os.Open(realdata.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	code, address := slices.Index(rows[0], "code"), slices.Index(rows[0], "system")
	for _, row := range rows[1:] {
		of := system
		if _, rest, ok := strings.Cut(row[max(address, 0)], "TRE_"); ok && address >= 0 {
			of, _, _ = strings.Cut(rest, "-")
		}
		into[data.NewCode(of, row[code])] = true
	}
}

// TestEveryCodeExists: no code of the lexicon is invented, and every activity,
// every type of offer and every open category can be asked for.
func TestEveryCodeExists(t *testing.T) {
	official := make(map[data.Code]bool)
	officialCodes(t, official, realdata.Activities, "")
	officialCodes(t, official, realdata.OfferTypes, "")
	asked := len(official)
	officialCodes(t, official, realdata.SmallLists, "")
	officialCodes(t, official, realdata.Categories, "R66")
	if asked != 821 {
		t.Errorf("%d activities and types of offers, want 821", asked)
	}
	told := make(map[data.Code]bool)
	l := Embedded()
	for i := range l.Concepts {
		c := &l.Concepts[i]
		codesOf(c, func(code data.Code) {
			told[code] = true
			if !official[code] {
				t.Errorf("%s: %s: %s does not exist", c.Line, c.Label, code)
			}
		})
	}
	for code := range official {
		if system := code.System(); (system == "R211" || system == "R244") && !told[code] {
			t.Errorf("nobody can ask for %s", code)
		}
	}
}

const told = `# a comment
$vital = R211|160 136
%bone = tibia, péroné

== trauma (besoin)

Broken bone
  R211|159 $vital R244|150
  %bone cassé, ~plâtre
  enfant: R211|249 604
  SA<32: = R253|04
  sauf: jouet cassé

Sprain
  R211|145
  entorse

+ Broken bone
  os cassé
`

func TestRead(t *testing.T) {
	l, err := Read(fstest.MapFS{"a.txt": {Data: []byte(told)}, "mots.txt": {Data: []byte("== synonymes\ncasse: pete, brise\n== vides\nle la\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Concepts) != 2 || l.Words.Same[0].Word != "casse" || len(l.Words.Same[0].Others) != 2 || len(l.Words.Empty) != 2 {
		t.Fatalf("%+v", l)
	}
	c := l.Concepts[0]
	if c.Kind != Need || c.Theme != "trauma" || c.Label != "Broken bone" || !slices.Equal(c.Codes, []data.Code{"R211|159", "R211|160", "R211|136", "R244|150"}) {
		t.Errorf("%+v", c)
	}
	want := []Saying{{"tibia cassé", false}, {"péroné cassé", false}, {"plâtre", true}, {"os cassé", false}}
	for i := range c.Sayings {
		c.Sayings[i].Text = strings.TrimSpace(c.Sayings[i].Text)
	}
	if !slices.Equal(c.Sayings, want) || !slices.Equal(c.Except, []string{"jouet cassé"}) {
		t.Errorf("said %+v, except %v", c.Sayings, c.Except)
	}
	if v := c.Variants; len(v) != 2 || v[0].When != Child || v[0].Instead || v[1].When != Term || v[1].Weeks != 32 || !v[1].Instead {
		t.Errorf("%+v", v)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	for name, text := range map[string]string{
		"no theme":             "Label\n  R211|157\n== trauma\n",
		"a kind that is none":  "== trauma (lieu)\n",
		"no code":              "== a (besoin)\nLabel\nOther\n  R211|157\n",
		"a code that is none":  "== a (besoin)\nLabel\n  R999|1\n",
		"codes without system": "== a (besoin)\nLabel\n  157\n",
		"no such codes":        "== a (besoin)\nLabel\n  $none\n",
		"no such set":          "== a (besoin)\nLabel\n  R211|157\n  %none cassé\n",
		"no such condition":    "== a (besoin)\nLabel\n  R211|157\n  grand: R211|157\n",
		"no number of weeks":   "== a (besoin)\nLabel\n  R211|157\n  SA<x: R211|157\n",
		"of no concept":        "== a (besoin)\n  R211|157\n",
		"more of no concept":   "== a (besoin)\n+ Label\n",
	} {
		_, err := Read(fstest.MapFS{"a.txt": {Data: []byte(text)}})
		if !errors.Is(err, ErrLexicon) || !strings.Contains(err.Error(), "a.txt:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(fstest.MapFS{"mots.txt": {Data: []byte("== mots\na\n")}}); !errors.Is(err, ErrLexicon) {
		t.Errorf("a part that is none: %v", err)
	}
}
