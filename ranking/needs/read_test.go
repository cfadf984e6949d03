package needs

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// small is a set that stands for itself.
const small = `== e: Urgences | Emergencies
fin adulte
  repli urgences: les plus proches | the nearest
  repli sans âge: tout âge | any age
emergency, version 1
  fr: Urgences
  en: Emergencies
  âge: dès 15 ans, sinon emergency-child
  exige service: R211|157
  exige accueil: R213|33 R244|20
  véhicules: voiture
  repli sans âge: tout âge | any age
emergency-child, version 1
  fr: Urgences pédiatriques
  en: Paediatric emergencies
  âge: avant 15 ans, sinon emergency
  exige service: R211|249
  exige accueil: R213|33 R244|20
  véhicules: voiture
  fin: adulte
`

// body is a need without fault, from its second line on.
const body = `
  fr: Un
  en: One
  exige unité: R211|356
  véhicules: smur
  fin: adulte
`

func read(text string, over *Set) (*Set, error) { return Read("f", strings.NewReader(text), over) }

func base(t *testing.T) *Set {
	t.Helper()
	s, err := read(small, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFaults: each fault is refused, and named with its file, its line and its
// field. The line is that within the text, which begins with a family.
func TestFaults(t *testing.T) {
	over := base(t)
	with := func(old, new string) string { return "one, version 1" + strings.Replace(body, old, new, 1) }
	plus := func(lines string) string { return strings.TrimSuffix(with("", ""), "  fin: adulte\n") + lines + "\n" }
	for name, c := range map[string]struct{ text, want string }{
		"no version":         {"one\n", `f:2: "one" begins no need`},
		"version 0":          {"one, version 0" + body, "f:2: version: 0 is below 1"},
		"id":                 {"One, version 1" + body, `f:2: "One" is no id`},
		"twice":              {with("", "") + with("", ""), "f:8: one is told already, at line 2"},
		"override, no newer": {"emergency, version 1" + body, "f:2: version: emergency takes the place of version 1"},
		"no French":          {with("  fr: Un\n", ""), "f:2: fr: one: is missing"},
		"no English":         {with("  en: One\n", ""), "f:2: en: one: is missing"},
		"nothing required":   {with("  exige unité: R211|356\n", ""), "f:2: exige: one: is missing"},
		"no vehicle":         {with("  véhicules: smur\n", ""), "f:2: véhicules: one: is missing"},
		"vehicle":            {with("smur", "fusée"), `f:6: véhicules: "fusée" is none`},
		"no ladder":          {with("  fin: adulte\n", ""), "f:2: repli: one: is missing"},
		"end":                {with("adulte", "jamais"), `f:7: fin: there is no end of ladders "jamais"`},
		"field":              {plus("  couleur: rouge\n  fin: adulte"), "f:7: couleur: is no field of a need"},
		"twice the label":    {plus("  fr: Deux\n  fin: adulte"), "f:7: fr: is told twice"},
		"argument":           {with("  fr: Un", "  fr beau: Un"), `f:3: fr: "beau" stands before the colon`},
		"no field":           {plus("  rouge\n  fin: adulte"), `f:7: "rouge" is no field`},
		"outside":            {"  fr: Un\n", "f:2: fr: belongs to no need"},
		"system":             {with("R211|356", "R999|1"), `f:5: exige: "R999|1" names an unknown system`},
		"code":               {with("R211|356", "R211|é"), `f:5: exige: "R211|é" has a malformed code`},
		"no system":          {with("R211|356", "356"), "f:5: exige:"},
		"code twice":         {with("R211|356", "R211|356 356"), "f:5: exige: R211|356 is told twice"},
		"act":                {with("R211|356", "R210|0460"), "f:5: exige: R210|0460 is restricted"},
		"equipment":          {with("R211|356", "R211|356 R212|093"), "f:5: exige: R212|093 is restricted"},
		"crisis level":       {with("R211|356", "R284|1"), "f:5: exige: R284|1 is restricted"},
		"restricted rung":    {plus("  repli ou unité: R210|0460 = a | b\n  fin: adulte"), "f:7: repli: R210|0460 is restricted"},
		"restricted leg":     {plus("  premier: R210|0460\n  ensuite: R211|492\n  transit 9 min: s\n  fin: adulte"), "f:7: premier: R210|0460 is restricted"},
		"group":              {with("exige unité", "exige"), "f:5: exige: the group has no name"},
		"group twice":        {plus("  exige unité: R213|33\n  fin: adulte"), "f:7: exige: unité is told twice"},
		"macro":              {with("R211|356", "$rien"), "f:5: exige: $rien is not defined"},
		"negative":           {plus("  préfère -5 min: R211|492 = a | b\n  fin: adulte"), "f:7: préfère: -5 min is negative"},
		"no minutes":         {plus("  préfère: R211|492 = a | b\n  fin: adulte"), `f:7: préfère: "" is no time`},
		"costs nothing":      {plus("  préfère 0 min: R211|492 = a | b\n  fin: adulte"), "f:7: préfère: costs nothing"},
		"never missing":      {plus("  préfère 5 min: R211|492 356 = a | b\n  fin: adulte"), `f:2: préfère: one: "a" is never missing`},
		"one language":       {plus("  préfère 5 min: R211|492 = a\n  fin: adulte"), `f:7: préfère: "a" is not told in both languages`},
		"prefers nothing":    {plus("  préfère 5 min:  = a | b\n  fin: adulte"), "f:7: préfère: asks for nothing"},
		"weight":             {plus("  préfère 5 min: R212|085, poids lourd = a | b\n  fin: adulte"), `f:7: préfère: "lourd" is no weight`},
		"weight of an act":   {plus("  préfère 5 min: R210|0460, poids 150 = a | b\n  fin: adulte"), "f:7: préfère: R210|0460 is no equipment"},
		"too long":           {plus("  préfère 99999 min: R211|492 = a | b\n  fin: adulte"), "f:7: préfère: 99999 min is more than"},
		"window, no source":  {plus("  fenêtre 90 min: a | b\n  fin: adulte"), "f:2: fenêtre: one: a has no source"},
		"window of nothing":  {plus("  fenêtre 0 min: a | b\n    source: s\n  fin: adulte"), "f:7: fenêtre: has no length"},
		"source of nothing":  {plus("  source: s\n  fin: adulte"), "f:7: source: follows no fenêtre"},
		"wait in a window":   {plus("  fenêtre 90 min: a | b\n    source: s\n  attente: 10 min\n  fin: adulte"), "attente: one: time counts"},
		"waits on a rung":    {plus("  fenêtre 90 min: a | b\n    source: s\n  repli attente 60 min: a | b\n  fin: adulte"), "f:9: repli: one: step 1 waits where time counts"},
		"half of two legs":   {plus("  premier: R211|356\n  fin: adulte"), "f:2: premier: one: two legs need"},
		"leg, no source":     {plus("  premier: R211|356\n  ensuite: R211|492\n  transit 9 min:\n  fin: adulte"), "f:2: transit: one: aiguille and transit need a source"},
		"concept":            {plus("  mots: Rien de tel\n  fin: adulte"), `f:2: mots: one: "Rien de tel" is no concept`},
		"concept twice":      {plus("  mots: Urgences; Urgences\n  fin: adulte"), `f:2: mots: one: "Urgences" is told twice`},
		"two needs":          {plus("  mots: Urgences\n  fin: adulte\ntwo, version 1\n  mots: Urgences") + body, `mots: two: "Urgences" is a word of one too`},
		"age":                {plus("  âge: dès vieux\n  fin: adulte"), `f:7: âge: "vieux" is no age`},
		"ages":               {plus("  âge: dès 9 ans, avant 8 ans\n  fin: adulte"), "f:7: âge: nobody is of these ages"},
		"bound":              {plus("  âge: vers 9 ans\n  fin: adulte"), `f:7: âge: "vers" is not dès or avant`},
		"otherwise, no need": {plus("  âge: dès 9 ans, sinon none\n  fin: adulte"), "f:2: sinon: one: names none, which is no need"},
		"otherwise, nowhere": {plus("  âge: dès 9 ans, sinon two\n  fin: adulte\ntwo, version 1\n  âge: dès 8 ans") + body, "sinon: one: leads to no need for somebody of 0 days"},
		"term":               {plus("  terme: dès 32 ans\n  fin: adulte"), `f:7: terme: "32 ans" is no term`},
		"step":               {plus("  repli peut-être: a | b\n  fin: adulte"), `f:7: repli: "peut-être" is none of`},
		"no such group":      {plus("  repli sans couleur: a | b\n  fin: adulte"), `f:7: repli: one: step 1 relaxes nothing: there is no group "couleur"`},
		"nothing left":       {plus("  repli sans unité: a | b\n  fin: adulte"), "f:7: repli: one: step 1 asks for nothing any more"},
		"nothing new":        {plus("  repli ou unité: R211|356 = a | b\n  fin: adulte"), "f:7: repli: one: step 1 names a code that is taken already"},
		"age twice":          {plus("  repli sans âge: a | b\n  repli sans âge: a | b\n  fin: adulte"), "f:8: repli: one: step 2 relaxes nothing"},
		"waits no longer":    {plus("  attente: 60 min\n  repli attente 60 min: a | b\n  fin: adulte"), "f:8: repli: one: step 1 relaxes nothing"},
		"emergency twice":    {plus("  fin: adulte\n  repli urgences: a | b"), "step 3 follows urgences"},
		"already emergency":  {"one, version 1" + strings.Replace(body, "R211|356", "R211|157 156", 1), "step 1 relaxes nothing: emergency departments are taken already"},
		"stays, of nobody":   {plus("  repli sur place ou unité: R211|098 = a | b\n  fin: adulte"), "step 1 stays in place (sur place)"},
		"no emergency":       {plus("  repli ou unité: R211|098 = a | b"), "f:2: repli: one: the last rung does not take every emergency department"},
		"age to the end":     {plus("  repli urgences: a | b"), "the last rung does not take every emergency department"},
		"emergency itself":   {"emergency, version 2" + body, "exige: emergency does not ask for emergency departments"},
		"not yes":            {plus("  vient: non\n  fin: adulte"), `f:7: vient: "non" is not oui`},
		"end of ladders":     {"fin adulte\n  repli urgences: a | b\n", "f:2: fin: adulte is told already"},
		"more than ladders":  {"fin autre\n  fr: Un\n", "f:3: fr: is no part of the end of a ladder"},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := read("== x: Autres | Others\n"+c.text, over)
			if set != nil || err == nil || !errors.Is(err, ErrNeeds) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestAllFaultsAtOnce: a file with several faults names them all.
func TestAllFaultsAtOnce(t *testing.T) {
	_, err := read("one, version 1\n  fr: Un\n  exige unité: R999|1\n  couleur: rouge\n", base(t))
	var fault Fault
	if !errors.As(err, &fault) || fault.File != "f" || fault.Line != 1 {
		t.Errorf("%v", err)
	}
	for _, want := range []string{"stands in no family", "unknown system", "couleur: is no field", "en: one: is missing", "repli: one: is missing"} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	if _, err := read("", nil); err == nil || !strings.Contains(err.Error(), "there is no need emergency") {
		t.Errorf("an empty set: %v", err)
	}
}

// TestOverride: an operator's file adds a need and takes the place of another; what
// was there before stays as it was.
func TestOverride(t *testing.T) {
	before := base(t)
	digest, ladders := before.Digest(), fmt.Sprint(before.needs[0].Ladder, before.needs[1].Ladder)
	if _, err := read("== e\nemergency, version 2\n  fr: Urgences\n  en: Emergencies\n  âge: dès 15 ans, sinon emergency-child\n"+
		"  exige service: R211|157 160\n  exige accueil: R213|33 R244|20\n  véhicules: voiture\n  repli sans âge: a | b\n", before); err != nil {
		t.Fatal(err)
	}
	after, err := read("== e\nemergency, version 2\n  fr: Urgences de la région\n  en: Emergencies\n  âge: dès 16 ans, sinon emergency-child\n"+
		"  exige service: R211|157 160\n  exige accueil: R213|33 R244|20\n  véhicules: voiture\n  repli sans âge: a | b\n"+
		"emergency-child, version 2\n  fr: Enfants\n  en: Children\n  âge: avant 16 ans, sinon emergency\n"+
		"  exige service: R211|249\n  exige accueil: R213|33 R244|20\n  véhicules: voiture\n  fin: adulte\n"+
		"== x: Autres | Others\none, version 1"+body, before)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := after.Need("emergency")
	if n.Version != 2 || n.Label.French != "Urgences de la région" || len(after.Needs()) != 3 || len(after.Families()) != 2 {
		t.Errorf("%+v of %d needs", n, len(after.Needs()))
	}
	one, _ := after.Need("one")
	if got := fmt.Sprint(one.Ladder[len(one.Ladder)-1].Ask.Codes()); got != "[[R211|157 R211|160] [R213|33 R244|20]]" {
		t.Errorf("ladders end at %s", got)
	}
	if after.Digest() == digest || before.Digest() != digest || fmt.Sprint(before.needs[0].Ladder, before.needs[1].Ladder) != ladders || before.needs[0].Version != 1 {
		t.Error("the set below has changed")
	}
}

// TestDigest: it changes with what is said, and with nothing else.
func TestDigest(t *testing.T) {
	digest := base(t).Digest()
	for old, same := range map[string]bool{"# comment\n": true, "\n\n": true, "== y: Autre | Other\n": false} {
		s, err := read(old+small, nil)
		if err != nil {
			t.Fatal(err)
		}
		if (s.Digest() == digest) != same {
			t.Errorf("with %q the digest is the same: %v", old, !same)
		}
	}
	for old, new := range map[string]string{
		"R244|20": "R244|20 R213|02", "15 ans": "14 ans", "les plus proches": "les plus proches d'ici", "véhicules: voiture": "véhicules: voiture, pied",
	} {
		s, err := read(strings.ReplaceAll(small, old, new), nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Digest() == digest {
			t.Errorf("%s for %s changes no digest", new, old)
		}
	}
	if again, _ := Read("g", strings.NewReader(small), nil); again.Digest() != digest {
		t.Error("the name of the file counts")
	}
}

// FuzzRead: no file brings the reader down, and what it takes keeps its promises.
func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add("one, version 1" + body)
	f.Add("== x: a | b\none, version 1\n  âge: dès 1 an, sinon one\n  terme: avant 3 SA\n  repli ou u: $a = b | c\n$a = R66|620\nfin x\n repli sans âge: a|b")
	over, err := read(small, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := read(text, over)
		if err != nil {
			return
		}
		for i := range s.needs {
			n := &s.needs[i]
			if last := n.Ladder[len(n.Ladder)-1].Ask; !last.AnyAge || !suits(&last, "R211|157", "R213|33") {
				t.Errorf("%s: the last rung is %v", n.ID, last)
			}
		}
	})
}
