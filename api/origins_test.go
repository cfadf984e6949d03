package api

import (
	"encoding/json"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo"
)

// A detail tells which record said what, as far as the one who asks may see what was
// said; a list does not.
func TestOriginsOfAnOffer(t *testing.T) {
	described := func(source, name string, tables int) data.Offer {
		return data.Offer{
			ID: "ward", Name: name, Identifiers: []data.Identifier{{System: data.SystemROR, Value: "76/1"}}, Field: data.FieldMCO,
			Updated: data.NewDate(2026, 11, 1), Sources: []data.Provenance{{Source: source, Record: "76/1"}},
			Telecoms: []data.Telecom{{Channel: data.Phone, Value: "+33199000001", Level: data.LevelVeryRestricted}},
			Places: []data.Place{{ID: "place", Point: geo.Point{Lat: 44.5, Lon: 3.5}, Quality: data.AtStreet,
				Equipment: []data.Equipment{{Type: "R212|088", Number: tables}}}},
		}
	}
	records := []data.Offer{described("fhir", "Ward", 2), described("ndjson", "Unit", 3)}
	records[1].Telecoms[0].Level = data.LevelFree
	h := serverOver(t, records).Handler()
	for profile, want := range map[byte]string{
		'0': `[{"source":"fhir","record":"76/1","date":"2026-11-01","region":"76","said":[` +
			`{"stands":["name","field","number"]},{"of":"place","stands":["place","position"]}]},` +
			`{"source":"ndjson","record":"76/1","date":"2026-11-01","region":"76","said":[` +
			`{"stands":["field","line","number"],"left":[{"attribute":"name","value":"Unit"}]},{"of":"place","stands":["place","position"]}]}]`,
		'1': `[{"source":"fhir","record":"76/1","date":"2026-11-01","region":"76","said":[` +
			`{"stands":["name","field","number"],"left":[{"attribute":"line","value":"phone +33199000001, level 3"}]},{"of":"place","stands":["place","position","equipment"]}]},` +
			`{"source":"ndjson","record":"76/1","date":"2026-11-01","region":"76","said":[` +
			`{"stands":["field","line","number"],"left":[{"attribute":"name","value":"Unit"}]},` +
			`{"of":"place","stands":["place","position"],"left":[{"attribute":"equipment","value":"R212|088: 3"}]}]}]`,
	} {
		answer := decode[offerDetail](t, call(h, "/v1/offers/ward", "Bearer key-"+string(profile)))
		var wanted []originAnswer
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(answer.Offer.Origins)
		if want, _ := json.Marshal(wanted); string(got) != string(want) {
			t.Errorf("profile %c is told\n%s\nwant\n%s", profile, got, want)
		}
	}
	if list := ask(h, "/v1/nearest?lat=44.5&lon=3.5", '1'); !strings.Contains(list, "Ward") || strings.Contains(list, "origins") {
		t.Errorf("a list has %s", list)
	}
}
