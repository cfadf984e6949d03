package ranking_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/index/twin"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// Lists of what was passed over are complete up to their limit, and say of each
// what it fails, or what it would cost.
func TestPassedOverIsExhaustive(t *testing.T) {
	worlds, questions := 4, 250
	if testing.Short() {
		worlds, questions = 2, 100
	}
	met := map[string]int{}
	for seed := range uint64(worlds) {
		offers := twin.World(2000+seed, 400)
		timer := winding{seed: seed, unreachable: 5}
		f, guard := ranking.Finder{Timer: timer}, guarded(t, offers)
		var seen [data.Profiles]map[data.ID]*data.Offer
		for p := range seen {
			seen[p] = asSeen(offers, p)
		}
		for i := range questions {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			q := askCare(r, offers)
			q.care.PassedOver = 1 + r.IntN(ranking.MostPassedOver)
			if len(q.Codes) > 0 {
				q.care.Main = q.Codes[:1]
			}
			view := guard.As(data.Viewer{Profile: data.Profile(q.profile)})
			q.seen = seen[q.profile]
			got, err := f.Care(context.Background(), view, q.care)
			view.Close()
			if err != nil {
				t.Fatal(err)
			}
			if err := samePassedOver(&got, offers, &q, timer, met); err != nil {
				t.Fatalf("seed %d, question %d: %v\n%+v", seed, i, err, q)
			}
		}
	}
	for _, what := range []string{"none", "all", "some", "excluded", "unreachable", "too-far", "closed-too-long", "lacks", "age", "longer"} {
		if met[what] == 0 {
			t.Errorf("%q was not met: %v", what, met)
		}
	}
}

func samePassedOver(got *ranking.Answer, offers []data.Offer, q *aQuestion, timer winding, met map[string]int) error {
	want, all := nearerThanChosen(got, offers, q)
	if all != got.PassedOverAll || len(want) != len(got.PassedOver) {
		return fmt.Errorf("%d passed over (all: %v), want %d (%v)", len(got.PassedOver), got.PassedOverAll, len(want), all)
	}
	met[map[bool]string{true: "all", false: "some"}[all]]++
	if len(want) == 0 {
		met["none"]++
	}
	for i, p := range got.PassedOver {
		if p.ID != want[i].ID || len(p.Why) == 0 {
			return fmt.Errorf("passed over %+v, want %s", p, want[i].ID)
		}
		met[p.Why[0].Reason.String()]++
		if err := sameReason(got, q.seen[p.ID], &p, q, timer); err != nil {
			return fmt.Errorf("%s was passed over for %+v: %w", p.ID, p.Why, err)
		}
	}
	return nil
}

// nearerThanChosen looks through all.
func nearerThanChosen(got *ranking.Answer, offers []data.Offer, q *aQuestion) (list []twin.Answer, all bool) {
	farthest := geo.Meters(0)
	for _, c := range got.Choices {
		farthest = max(farthest, c.Distance)
	}
	for _, a := range twin.Nearest(offers, q.profile, twin.Question{Near: q.Near, Codes: q.care.Main}) {
		chosen := slices.ContainsFunc(got.Choices, func(c ranking.Choice) bool { return c.ID == a.ID })
		if !chosen && (len(got.Choices) == 0 || a.Distance < farthest) {
			list = append(list, a)
		}
	}
	return list[:min(len(list), q.care.PassedOver)], len(list) <= q.care.PassedOver
}

// sameReason holds the first reason, and the cost, against the record.
func sameReason(got *ranking.Answer, o *data.Offer, p *ranking.PassedOver, q *aQuestion, timer winding) error {
	fails := twin.Fails(o, p.Place, q.profile, q.Question)
	reason := p.Why[0].Reason
	if slices.Contains(q.care.Excluded, p.ID) {
		return expect(reason == ranking.Excluded, "it was excluded")
	}
	if len(fails) > 0 {
		if p.Cost != 0 || p.Than != "" {
			return fmt.Errorf("it costs %v, and fails %v", p.Cost, fails)
		}
		return sameFailures(p.Why, fails)
	}
	way := timer.time(q.Near, o.Places[p.Place].Point)
	cost, ok := q.costOf(o, p.Place, way)
	switch {
	case !way.Reachable:
		return expect(reason == ranking.NoWay, "there is no way")
	case q.care.LongestTravel > 0 && way.Time > q.care.LongestTravel:
		return expect(reason == ranking.TooFar, "it is too far")
	case !ok:
		return expect(reason == ranking.ClosedLong && p.Why[0].Time > *q.care.LongestWait, "it is closed for too long")
	}
	i := slices.IndexFunc(got.Choices, func(c ranking.Choice) bool { return c.ID == p.Than })
	than := got.Choices[i]
	return expect(reason == ranking.Longer && p.Cost == cost && p.Why[0].Time == cost-than.Cost && than.Cost <= cost && than.Distance >= p.Distance-1e9,
		"it costs %v, and %s %v", cost, than.ID, than.Cost)
}

func expect(holds bool, format string, args ...any) error {
	if holds {
		return nil
	}
	return fmt.Errorf(format, args...)
}

// sameFailures: as many reasons as requirements that fail, codes by the group.
func sameFailures(why []ranking.Part, fails []string) error {
	said := map[string]bool{}
	for _, p := range why {
		switch p.Reason {
		case ranking.Lacks:
			said["code"] = true
		case ranking.Elsewhere:
			said["departement"], said["commune"] = true, true
		case ranking.TooFar:
			said["within"] = true
		case ranking.WrongAge:
			said["age"] = true
		case ranking.Closed, ranking.HoursNotKnown:
			said["open"] = true
		case ranking.DoesNotCome, ranking.MayNotCome:
			said["travels"] = true
		case ranking.NoFreeBed, ranking.BedsNotKnown:
			said["beds"] = true
		case ranking.NoEquipment:
			said["equipment"] = true
		case ranking.NotLocated:
			said["quality"], said["position"] = true, true
		default:
			return fmt.Errorf("it fails %v", fails)
		}
	}
	for _, f := range fails {
		if !said[f] {
			return fmt.Errorf("it fails %v", fails)
		}
	}
	return nil
}

// What is said, in words, of choices and of what was passed over.
func TestWords(t *testing.T) {
	offers := []data.Offer{
		at("closed", 1, openFrom(20*60, 22*60)),
		at("full", 2, withBeds(0, 12*time.Minute)),
		at("elsewhere", 3, func(o *data.Offer) { o.Activities = []data.Code{"R211|157", "R211|000"} }),
		at("chosen", 4, withBeds(2, 12*time.Minute), quality(data.AtCommune), carrying("R211|356")),
		at("children", 3.5, carrying("R211|356"), func(o *data.Offer) { o.Ages = data.AgeRange{Min: 1, Before: 15 * data.AgeYear} }),
	}
	age := 70 * data.AgeYear
	q := ranking.Question{
		Query: index.Query{Codes: [][]data.Code{{"R211|157"}}, Age: &age}, Limit: 1, PassedOver: 20,
		Preferences: []needs.Preference{
			{Beds: true, Missing: 30 * time.Minute, Say: needs.Text{French: "aucun lit libre", English: "no free bed"}},
			{Codes: []data.Code{"R211|356"}, Missing: 20 * time.Minute, Say: needs.Text{French: "pas d'unité neuro-vasculaire", English: "no stroke unit"}},
		},
	}
	got, err := care(t, ranking.Finder{Timer: slow{12}}, offers, q)
	if err != nil || len(got.Choices) != 1 {
		t.Fatal(got, err)
	}
	var french, english []string
	say := func(who data.ID, words needs.Text) {
		french, english = append(french, string(who)+" — "+words.French), append(english, string(who)+" — "+words.English)
	}
	say(got.Choices[0].ID, got.Choices[0].Words("car"))
	for _, p := range got.PassedOver {
		say(p.ID, p.Words("car"))
	}
	want := []string{
		"chosen — 14 min : 12 min de route ; position connue à la commune près (+2 min)",
		"closed — 8 h 21 de plus jusqu'aux soins que dans le choix retenu, plus éloigné : fermé à l'arrivée, jusqu'à 20 h (7 h 48 d'attente) ; lits libres non connus (+15 min) ; pas d'unité neuro-vasculaire (+20 min)",
		"full — 48 min de plus jusqu'aux soins que dans le choix retenu, plus éloigné : aucun lit libre, connu il y a 12 min (+30 min) ; pas d'unité neuro-vasculaire (+20 min)",
		"elsewhere — 33 min de plus jusqu'aux soins que dans le choix retenu, plus éloigné : lits libres non connus (+15 min) ; pas d'unité neuro-vasculaire (+20 min)",
		"children — ne reçoit pas à cet âge",
	}
	if !slices.Equal(french, want) {
		t.Errorf("\n%s\nwant\n%s", strings.Join(french, "\n"), strings.Join(want, "\n"))
	}
	want = []string{
		"chosen — 14 min: 12 min by road; position known to the commune only (+2 min)",
		"closed — 8 h 21 min longer until care than at the choice that is farther away: closed on arrival, until 20:00 (a wait of 7 h 48 min); free beds not known (+15 min); no stroke unit (+20 min)",
		"full — 48 min longer until care than at the choice that is farther away: no free bed, known 12 min ago (+30 min); no stroke unit (+20 min)",
		"elsewhere — 33 min longer until care than at the choice that is farther away: free beds not known (+15 min); no stroke unit (+20 min)",
		"children — does not receive patients of that age",
	}
	if !slices.Equal(english, want) {
		t.Errorf("\n%s\nwant\n%s", strings.Join(english, "\n"), strings.Join(want, "\n"))
	}
}

// Of more groups of codes than are told apart the reason is still that it lacks one.
func TestPassedOverAlwaysSaysWhy(t *testing.T) {
	got, err := care(t, ranking.Finder{}, []data.Offer{at("alone", 1)}, ranking.Question{
		Query: index.Query{Codes: manyGroups()}, PassedOver: 20, Main: [][]data.Code{{"R211|157"}},
	})
	if err != nil || len(got.PassedOver) != 1 || len(got.PassedOver[0].Why) != 1 || got.PassedOver[0].Why[0].Reason != ranking.Lacks {
		t.Errorf("%+v, %v", got, err)
	}
}

// manyGroups are more than a reader tells apart, of which an offer lacks the last.
func manyGroups() [][]data.Code {
	var many [][]data.Code
	for i := range index.MaxWishes + 16 {
		many = append(many, []data.Code{"R211|157", data.Code(fmt.Sprintf("R211|%03d", 200+i))})
	}
	return append(many, []data.Code{"R239|99"})
}

// What nobody told, or the viewer may not see, is not said as a no, and a known no
// is not said as what nobody told.
func TestUnknownIsNoNo(t *testing.T) {
	all := []data.Offer{
		at("zoneless", 1),
		at("elsewhere", 2, func(o *data.Offer) { o.Zones = []data.Zone{{Kind: data.ZoneCommune, Code: "75056"}} }),
	}
	query := index.Query{Codes: [][]data.Code{{"R211|157"}}, Travels: "48095"}
	said := func(offers []data.Offer, query index.Query, main []data.Code) (list []string) {
		got, err := care(t, ranking.Finder{}, offers, ranking.Question{Query: query, PassedOver: 20, Main: [][]data.Code{main}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range got.PassedOver {
			words := got.PassedOver[i].Words("car")
			list = append(list, string(got.PassedOver[i].ID)+" — "+words.French+" | "+words.English)
		}
		return list
	}
	alone := []data.Offer{at("alone", 1)}
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"zones", said(all, query, []data.Code{"R211|157"}), []string{
			"zoneless — zone d'intervention non connue | not known to go to that commune",
			"elsewhere — ne se déplace pas dans cette commune | does not go to that commune",
		}},
		{"codes", said(alone, index.Query{Codes: [][]data.Code{{"R211|157"}, {"R239|99"}, {"R239|99"}}}, []data.Code{"R211|157"}), []string{
			"alone — ne signale pas R239|99 | is not known to offer R239|99",
		}},
		{"equipment", said(alone, index.Query{Equipment: []index.Equipment{{Type: "R212|088"}}}, []data.Code{"R211|157"}), []string{
			"alone — ne signale pas l'équipement requis | is not known to have the equipment that is required",
		}},
		{"more groups than are told apart", said(alone, index.Query{Codes: manyGroups()}, []data.Code{"R211|157"}), []string{
			"alone — ne signale pas ce qui est requis | is not known to offer what is required",
		}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	if words := new(ranking.PassedOver).Words("car"); words.French == "" {
		t.Error("nothing is said where there is no reason")
	}
	full := ranking.Choice{Parts: []ranking.Part{{Reason: ranking.NoFreeBed, Say: needs.Text{French: "pas de lit libre signalé", English: "no free bed is told"}}}}
	if words := full.Words("car"); words.French != "0 min : aucun lit libre, date non connue" || words.English != "0 min: no free bed, date not known" {
		t.Errorf("of a full unit: %q", words)
	}
}
