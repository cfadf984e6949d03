package needs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sae"
	"boussole/geo/realdata"
)

func need(t *testing.T, id string) *Need {
	t.Helper()
	n, ok := Embedded().Need(id)
	if !ok {
		t.Fatalf("there is no need %s", id)
	}
	return n
}

// TestRequirementsArePublic: nothing that is required, on any rung, is of a
// restricted class for an offer of any field; the class is asked of the access
// rules, not of what reads the file.
func TestRequirementsArePublic(t *testing.T) {
	mask := data.Viewer{}.Mask()
	for i := range Embedded().Needs() {
		n := &Embedded().Needs()[i]
		asks := []Ask{n.Ask}
		for _, s := range n.Ladder {
			asks = append(asks, s.Ask)
		}
		if n.Legs != nil {
			asks = append(asks, Ask{Groups: n.Legs.First}, Ask{Groups: n.Legs.Then})
		}
		for k := range asks {
			if len(asks[k].Groups) == 0 {
				t.Errorf("%s: rung %d asks for nothing", n.ID, k)
			}
			for _, code := range slices.Concat(asks[k].Codes()...) {
				for _, field := range []data.Code{"", data.FieldMCO, data.FieldMedicoSoc, data.FieldPrivateTown, data.FieldPsychiatry} {
					o := data.Offer{Field: field, Characteristics: []data.Code{code}}
					o.EachCode(func(c data.Code, class data.Class) {
						if c == code && !mask.Sees(class) {
							t.Errorf("%s: rung %d requires %s, which the public does not see", n.ID, k, c)
						}
					})
				}
			}
		}
		for _, p := range n.Preferences {
			seen := slices.ContainsFunc(p.Codes, func(c data.Code) bool {
				o, visible := data.Offer{Characteristics: []data.Code{c}}, false
				o.EachCode(func(_ data.Code, class data.Class) { visible = mask.Sees(class) })
				return visible
			})
			if p.Restricted == seen {
				t.Errorf("%s: %q is restricted: %v, and the public sees something of it: %v", n.ID, p.Say.English, p.Restricted, seen)
			}
		}
	}
}

// suits reports whether an offer that carries these codes answers an ask.
func suits(a *Ask, carried ...data.Code) bool {
	for _, g := range a.Groups {
		if !slices.ContainsFunc(g.Codes, func(c data.Code) bool { return slices.Contains(carried, c) }) {
			return false
		}
	}
	return true
}

// TestLaddersOnlyWiden: an offer that one rung takes the next takes too, up to the
// emergency departments, which the last rung takes all of.
func TestLaddersOnlyWiden(t *testing.T) {
	for i := range Embedded().Needs() {
		n := &Embedded().Needs()[i]
		before := n.Ask
		for k, s := range n.Ladder {
			if s.Change != Emergency {
				for _, carried := range combinations(before.Groups) {
					if !suits(&s.Ask, carried...) {
						t.Errorf("%s: step %d loses what carries %v", n.ID, k+1, carried)
					}
				}
				if s.Ask.Wait < before.Wait || before.AnyAge && !s.Ask.AnyAge {
					t.Errorf("%s: step %d is stricter than the one before", n.ID, k+1)
				}
			}
			for _, w := range n.Windows {
				if s.Ask.Wait*10 > w.Within {
					t.Errorf("%s: step %d lets one wait %s of %s", n.ID, k+1, s.Ask.Wait, w.Within)
				}
			}
			if s.Say.French == "" || s.Say.English == "" {
				t.Errorf("%s: step %d is silent", n.ID, k+1)
			}
			before = s.Ask
		}
		for _, door := range []data.Code{"R213|33", "R244|20"} {
			if !suits(&before, "R211|157", door) || !before.AnyAge {
				t.Errorf("%s: the last rung does not take emergency departments with %s", n.ID, door)
			}
			if got := suits(&before, "R211|249", door); got != n.ofChildren() && n.ID != "psychiatric-teen" {
				t.Errorf("%s: the last rung takes emergency departments for children: %v", n.ID, got)
			}
		}
	}
}

// combinations returns one code of each group in every way.
func combinations(groups []Group) [][]data.Code {
	all := [][]data.Code{nil}
	for _, g := range groups {
		var more [][]data.Code
		for _, one := range all {
			for _, c := range g.Codes {
				more = append(more, append(slices.Clone(one), c))
			}
		}
		all = more
	}
	return all
}

// TestPrematureBirths: a maternity without neonatology is never given for a
// premature birth without saying so, and never first.
func TestPrematureBirths(t *testing.T) {
	typeOne := [][]data.Code{{"R211|100", "R253|01", "SAE|MAT_TYPE1", "R244|157", "R213|28"}, {"R211|100", "R213|28"}, {"R211|260", "R213|33"}}
	for _, c := range []struct {
		id    string
		weeks []int
		first [][]data.Code // that are taken without a word
		last  [][]data.Code // that are not
	}{
		{"birth-32", []int{22, 28, 31}, [][]data.Code{{"R253|04"}}, [][]data.Code{{"R253|03"}, {"R253|02"}, {"SAE|MAT_TYPE2", "R211|100"}}},
		{"birth-32-34", []int{32, 33}, [][]data.Code{{"R253|04"}, {"R253|03"}}, [][]data.Code{{"R253|02"}, {"SAE|MAT_TYPE2", "R211|100"}}},
		{"birth-34", []int{34, 35}, [][]data.Code{{"R253|04"}, {"R253|03"}, {"R253|02"}, {"SAE|MAT_TYPE2", "R211|100"}}, nil},
	} {
		n := need(t, c.id)
		for _, weeks := range c.weeks {
			for _, asked := range []string{"birth", "birth-32", "birth-32-34", "birth-34"} {
				if got, _ := Embedded().For(asked, Patient{Weeks: weeks}); got != n {
					t.Errorf("%s at %d weeks is %s, want %s", asked, weeks, got.ID, c.id)
				}
			}
		}
		for _, carried := range c.first {
			if !suits(&n.Ask, carried...) {
				t.Errorf("%s does not take %v", c.id, carried)
			}
		}
		for _, carried := range slices.Concat(c.last, typeOne) {
			if suits(&n.Ask, carried...) {
				t.Errorf("%s takes %v", c.id, carried)
			}
		}
		for k, s := range n.Ladder {
			for _, carried := range typeOne {
				if suits(&s.Ask, carried...) && !strings.Contains(s.Say.French, "SANS néonatologie") && s.Change != Emergency && s.Change != IgnoreAge {
					t.Errorf("%s: step %d takes %v and says %q", c.id, k+1, carried, s.Say.French)
				}
			}
		}
	}
	if n, _ := Embedded().For("birth", Patient{Weeks: 12}); n.ID != "early-pregnancy" {
		t.Errorf("at 12 weeks %s", n.ID)
	}
	if n, _ := Embedded().For("birth-32", Patient{Weeks: 38}); n.ID != "birth" || !suits(&n.Ask, typeOne[0]...) {
		t.Errorf("at 38 weeks %s", n.ID)
	}
}

// TestFor: who is too young, too old or at another term gets the need that is
// meant for them.
func TestFor(t *testing.T) {
	for _, c := range []struct {
		id   string
		age  string
		want string
	}{
		{"stroke", "", "stroke"}, {"stroke", "70", "stroke"}, {"stroke", "15", "stroke-child"}, {"stroke", "16", "stroke"}, {"stroke", "3", "stroke-child"},
		{"stroke-child", "40", "stroke"}, {"emergency", "183mo", "emergency"}, {"emergency", "182mo", "emergency-child"}, {"emergency-child", "183mo", "emergency"},
		{"emergency", "28d", "newborn"}, {"emergency", "29d", "emergency-child"}, {"newborn", "50", "emergency"},
		{"icu", "3d", "icu-newborn"}, {"icu", "8", "icu-child"}, {"icu-newborn", "60", "icu"}, {"ecmo", "2", "icu-child"},
		{"psychiatric", "12", "psychiatric-child"}, {"psychiatric", "16", "psychiatric-teen"}, {"psychiatric-child", "30", "psychiatric"},
		{"geriatric", "60", "emergency"}, {"geriatric", "4", "emergency-child"}, {"doctor", "10d", "newborn"}, {"home-hospital", "2", "home-hospital-infant"},
		{"hyperbaric", "4", "hyperbaric"}, {"eyes", "6", "emergency-child"}, {"teeth", "6", "teeth"},
	} {
		var patient Patient
		if c.age != "" {
			age, err := data.ParseAge(c.age)
			if err != nil {
				t.Fatal(err)
			}
			patient.Age = &age
		}
		if n, ok := Embedded().For(c.id, patient); !ok || n.ID != c.want {
			t.Errorf("%s at %q is %s, want %s", c.id, c.age, n.ID, c.want)
		}
	}
	if n, ok := Embedded().For("none", Patient{}); ok {
		t.Errorf("there is no such need, and it is %s", n.ID)
	}
}

// TestNoChildrensUnitsForAdults: what carries the codes of a unit for children
// alone answers no need of adults, on any rung but where age is ignored.
func TestNoChildrensUnitsForAdults(t *testing.T) {
	units := map[string][]data.Code{}
	for _, code := range []string{"URG_PED", "REAENF", "SURVENF", "PEDIATRIE", "PSY_INF"} {
		o, _, ok := sae.Describe(code)
		if !ok {
			t.Fatal(code)
		}
		units[code] = carried(&o)
	}
	adult := Patient{Age: new(50 * data.AgeYear)}
	for i := range Embedded().Needs() {
		n := &Embedded().Needs()[i]
		if !n.Public.Suits(adult) {
			continue
		}
		asks := []Ask{n.Ask}
		for _, s := range n.Ladder {
			asks = append(asks, s.Ask)
		}
		for name, codes := range units {
			for k := range asks {
				if suits(&asks[k], codes...) {
					t.Errorf("%s: rung %d sends an adult to %s", n.ID, k, name)
				}
			}
		}
	}
}

func carried(o *data.Offer) []data.Code {
	var codes []data.Code
	o.EachCode(func(c data.Code, _ data.Class) { codes = append(codes, c) })
	return codes
}

// answered says on which rung the public registers answer a need; the needs that
// are not told are answered at once. What stands here is what FINESS and the
// statistics do not tell: the activities of specialists, and duty.
var answered = map[string]int{
	"after-emergency": 1, "short-stay": 1, "evacuation": 2, "transfer": 1, "in-utero-transfer": 1, "regulation-sea": 1, "regulation-mountain": 1,
	"regulation-psychiatry": 1, "vascular": 1, "limb": 1, "hand": 2, "hyperbaric": 1, "poison": 1, "overdose": 1,
	"dialysis-urgent": 1, "teeth": 3, "thorax": 1, "bronchoscopy": 3, "organs": 1, "cump": 1, "thrombectomy": 1,
	"violence": 2, "duty-house": 2, "home-visit": 2, "nurse": 1, "physiotherapist": 1, "temporary-housing": 1, "geriatric-team": 1,
	"home-hospital-infant": 1, "palliative": 1, "teleconsultation": 1, "crisis": 1,
}

// TestPublicRegistersAnswer: every need has an answer over FINESS and the
// statistics, on the rung that is told.
func TestPublicRegistersAnswer(t *testing.T) {
	offers := [][]data.Code{}
	services, categories := make(map[string]bool), make(map[string]bool)
	for _, row := range gzipped(t, realdata.Path(t, realdata.SAE)) {
		services[row["service_code"]] = true
	}
	for _, row := range gzipped(t, realdata.Path(t, realdata.FinessCSV)) {
		categories[row["categ_code"]] = true
	}
	for _, code := range slices.Sorted(maps.Keys(services)) {
		o, _, ok := sae.Describe(code)
		if !ok {
			t.Fatalf("%s is no service", code)
		}
		offers = append(offers, carried(&o))
	}
	for code := range categories {
		offers = append(offers, []data.Code{data.NewCode("R66", code)})
	}
	for i := range Embedded().Needs() {
		n := &Embedded().Needs()[i]
		asks := []Ask{n.Ask}
		for _, s := range n.Ladder {
			asks = append(asks, s.Ask)
		}
		at := slices.IndexFunc(asks, func(a Ask) bool {
			return slices.ContainsFunc(offers, func(codes []data.Code) bool { return suits(&a, codes...) })
		})
		if at != answered[n.ID] {
			t.Errorf("%s is answered on rung %d, want %d", n.ID, at, answered[n.ID])
		}
	}
}

func TestWindowsAndLegs(t *testing.T) {
	stroke := need(t, "stroke")
	if w := stroke.Windows[0]; w.Within != 270*time.Minute || !strings.Contains(w.Source, "HAS") {
		t.Errorf("thrombolysis %+v", w)
	}
	if w := need(t, "stemi").Windows[0]; w.Within != 2*time.Hour || !strings.Contains(w.Source, "ESC") {
		t.Errorf("primary angioplasty %+v", w)
	}
	if n := need(t, "polytrauma"); len(n.Windows) != 0 || n.Legs == nil || n.Legs.Out.Time != 2*time.Hour || n.Legs.Needle.Time != 0 {
		t.Errorf("major trauma %+v %+v", n.Windows, n.Legs)
	}
	if l := stroke.Legs; l == nil || l.Needle.Time != time.Hour || l.Out.Time != 2*time.Hour || l.Needle.Source == "" || l.Out.Source == "" {
		t.Errorf("two legs %+v", stroke.Legs)
	}
}

func ExampleSet_Find() {
	for _, q := range []string{"bouche de travers bras droit mou", "contractions 28 SA", "enfant 3 ans qui convulse", "fuite d'eau cuisine"} {
		found := Embedded().Find(q, Patient{}, 1)
		if len(found) == 0 {
			fmt.Println("nothing")
			continue
		}
		n := found[0].Need
		fmt.Println(n.ID, n.Ask.Groups[0].Codes[0])
	}
	// Output:
	// stroke R211|356
	// birth-32 R253|04
	// emergency-child R211|249
	// nothing
}

// ExampleNeed shows a ladder: what is relaxed, in which words.
func ExampleNeed() {
	n, _ := Embedded().Need("stroke")
	fmt.Println(n.Ask.Codes())
	for _, s := range n.Ladder {
		fmt.Printf("%s: %s %v\n", s.Change, s.Say.English, s.Ask.Codes())
	}
	// Output:
	// [[R211|356 R211|256 R244|263 R344|37 R344|38]]
	// widen: vascular neurology that does not say it has intensive care [[R211|356 R211|256 R244|263 R344|37 R344|38 R211|098]]
	// emergency: no specialised service suits: the nearest emergency departments, to be called before arrival [[R211|157] [R213|33 R244|20]]
	// age: a service that says it does not receive this age too, to be called first [[R211|157] [R213|33 R244|20]]
}
