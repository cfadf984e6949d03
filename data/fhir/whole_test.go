package fhir

import (
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"boussole/data"
)

// What is left over goes out again as it came, so that a resource may make the
// way there and back without anything of it being understood. These tests say
// that everything the profiles name is.

// leftOver are the members that the random resources have and the model has no
// place for, and references that go nowhere.
var leftOver = []string{
	"active", "comment", "gender", "language", "managingOrganization", "rank", "status", "use",
	"location", "partOf", "practitioner", "providedBy",
}

func checkLeftOver(t *testing.T, u data.Unlisted) {
	t.Helper()
	v, err := parse([]byte(u.JSON))
	if err != nil {
		t.Fatalf("%v in %s", err, u.JSON)
	}
	for _, m := range v.members {
		if slices.Contains(leftOver, m.name) {
			continue
		}
		for _, item := range m.value.list() {
			text := item.String()
			switch {
			case m.name == "extension" && item.textOf("url") == "https://example.org/unknown":
			case m.name == "extension" && strings.Contains(text, `"valueInteger":0`): // what zero means is not known
			case m.name == "characteristic" && strings.Contains(text, "https://example.org/unknown"): // a code has no place for it
			case m.name == "tag" && strings.Contains(text, "https://example.org/tags"):
			default:
				t.Errorf("%s %s: %s was not understood: %s", u.Of, u.Path, m.name, text)
			}
		}
	}
}

func TestEverythingIsUnderstood(t *testing.T) {
	for seed := range uint64(20) {
		d := dice{rand.New(rand.NewPCG(seed, 0xf41))}
		for _, o := range readText(t, "world.ndjson", ndjson(t, d.world(12))).offers {
			for _, u := range o.Unlisted {
				checkLeftOver(t, u)
			}
		}
	}
}

var declared = regexp.MustCompile(`(ext[A-Z]\w+) *= urls\((?:(ror|annuaire|adxp) ?\+ ?)?"([^"]+)"`)

// Every extension that is written stands in the random resources too, so that
// none is forgotten there.
func TestEveryExtensionIsTried(t *testing.T) {
	source, err := os.ReadFile("urls.go")
	if err != nil {
		t.Fatal(err)
	}
	var worlds strings.Builder
	for seed := range uint64(20) {
		d := dice{rand.New(rand.NewPCG(seed, 0xf41))}
		worlds.WriteString(ndjson(t, d.world(12)))
	}
	bases := map[string]string{"": "", "ror": ror, "annuaire": annuaire, "adxp": adxp}
	all := declared.FindAllStringSubmatch(string(source), -1)
	for _, match := range all {
		name, address := match[1], bases[match[2]]+match[3]
		if name == "extOldStatus" { // which nobody writes any more
			continue
		}
		if !strings.Contains(worlds.String(), `"url":"`+address+`"`) {
			t.Errorf("no resource has %s, %s", name, address)
		}
	}
	if want := strings.Count(string(source), " = urls("); len(all) != want || want < 100 {
		t.Errorf("%d extensions, %d declared", len(all), want)
	}
}

// The status of a place before edition 0.4.0.
func TestOldStatus(t *testing.T) {
	for _, c := range []struct{ more, want string }{
		{`"extension":[{"url":"` + ror + `ror-location-status","valueCodeableConcept":` + code("R203-StatutLieu", "FT") + `}]`, "R203|FT"},
		{`"operationalStatus":{"system":"` + tre("R203-StatutLieu") + `","code":"OP"}`, "R203|OP"},
	} {
		r := readText(t, "a.ndjson", aService+"\n"+strings.TrimSuffix(aLocation, "}")+","+c.more+"}")
		if r.err != nil || len(r.offers) != 1 || string(r.offers[0].Places[0].Status) != c.want {
			t.Errorf("%s: %+v, %s", c.want, r.offers, r.table())
		}
	}
}
