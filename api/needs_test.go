package api

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"boussole/ranking/needs"
)

// needsOf asks for needs, and returns their ids.
func needsOf(t *testing.T, query string) []string {
	t.Helper()
	w := call(town(t), "/v1/needs"+query, "")
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	var ids []string
	for _, n := range decode[needsAnswer](t, w).Needs {
		ids = append(ids, n.ID)
	}
	return ids
}

func TestNeeds(t *testing.T) {
	for query, want := range map[string]string{
		"?q=" + url.QueryEscape("bouche de travers bras droit mou") + "&limit=1":       "stroke",
		"?q=" + url.QueryEscape("bouche de travers bras droit mou") + "&limit=1&age=4": "stroke-child",
		"?q=contractions+28+SA&limit=1":                                                "birth-32",
		"?q=contractions&limit=1&weeks=33":                                             "birth-32-34",
		"?q=" + url.QueryEscape("fuite d'eau cuisine"):                                 "",
		"?q=":                                  "",
		"?hub=motif%7CM03.08":                  "stroke",
		"?hub=typeRessource%7CSMUR.PED&age=50": "smur",
		"?hub=typeRessource%7CTSU":             "",
		"/stroke":                              "stroke",
		"/stroke?age=4":                        "stroke-child",
		"/birth?weeks=30":                      "birth-32",
	} {
		if got := strings.Join(needsOf(t, query), " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	all := needsOf(t, "")
	if len(all) != len(needs.Embedded().Needs()) || !slices.Contains(all, "stroke") {
		t.Errorf("%d needs: %v", len(all), all)
	}
	if adults := needsOf(t, "?age=50"); slices.Contains(adults, "stroke-child") || !slices.Contains(adults, "stroke") {
		t.Errorf("of somebody of 50: %v", adults)
	}
}

// TestNeedSays: everything of a need is told, in minutes and codes.
func TestNeedSays(t *testing.T) {
	body := call(town(t), "/v1/needs/stroke", "").Body.String()
	for _, part := range []string{
		`"digest":"` + needs.Embedded().Digest() + `"`, `"version":1`, `"label":{"fr":"Accident vasculaire cérébral (AVC)","en":"Stroke"}`,
		`"family":{"fr":"Cerveau et moelle"`, `"public":{"age_from":"183mo","younger":"stroke-child"}`,
		`"requires":{"codes":[["R211|356","R211|256","R244|263","R344|37","R344|38"]],"any_age":false,"wait_minutes":0}`,
		`"codes":["R211|492","R344|38","R210|0459"],"on_site":true,"minutes":15`, `"codes":["R210|0460"],"minutes":5`, `"free_bed":true`,
		`"minutes":270,"text":{"fr":"thrombolyse`, `"vehicles":["ambulance","smur","helicopter"]`, `"door_to_needle":{"minutes":60,"source":"AHA/ASA`,
		`"door_in_door_out":{"minutes":120`, `"note":"decision support`, `"relaxes":"widen"`, `"relaxes":"emergency"`, `"relaxes":"age"`,
		`"restricted":true`, `"cautions":[{"fr":"appeler le 15`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the stroke does not say %s: %s", part, body)
		}
	}
	if heavy := call(town(t), "/v1/needs/imaging-heavy", "").Body.String(); !strings.Contains(heavy, `"equipment":[{"type":"R212|085","kg":150}`) {
		t.Errorf("imaging of the heavy: %s", heavy)
	}
}

func TestNeedsFaults(t *testing.T) {
	for query, want := range map[string]int{
		"?q=a&hub=motif%7CM03.08": 400, "?hub=M03.08": 400, "?limit=3": 400, "?age=x": 400, "?weeks=50": 400, "?nothing=1": 400, "?q=a&q=b": 400,
		"/none": 404, "/stroke?age=x": 400, "/stroke?q=a": 400,
	} {
		if w := call(town(t), "/v1/needs"+query, ""); w.Code != want {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
	if w := call(town(t), "/v1/needs", "Bearer wrong"); w.Code != 401 {
		t.Errorf("a key that opens nothing: %d", w.Code)
	}
}

// TestNeedsOfTheOperator: a server answers from the set that it was given.
func TestNeedsOfTheOperator(t *testing.T) {
	set, err := needs.Read("ours", strings.NewReader("== ours: À nous | Ours\nours, version 1\n  fr: Le nôtre\n  en: Ours\n  exige un: R66|620\n"+
		"  véhicules: pied\n  fin: adulte\n"), needs.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	s := serverOver(t, nil)
	s.Needs = set
	w := call(letsGo(t, s), "/v1/needs/ours", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"digest":"`+set.Digest()+`"`) || !strings.Contains(w.Body.String(), "Le nôtre") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAgeText(t *testing.T) {
	p := newParams("age=183mo")
	if age := p.age(); ageText(*age) != "183mo" || ageText(0) != "" {
		t.Errorf("%d is %q", *age, ageText(*age))
	}
}
