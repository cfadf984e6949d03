package api

import (
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo"
)

// An answer says what the codes in it mean, and of no other code.
func TestLabelsInAnswers(t *testing.T) {
	offers := []data.Offer{
		{ID: "a", Activities: []data.Code{"R211|157", "R211|158"}, Acts: []data.Code{"R210|0459"},
			Places: []data.Place{{ID: "p", Point: geo.Point{Lat: 48, Lon: 2}, Quality: data.AtStreet}}},
		{ID: "b", Activities: []data.Code{"R211|249"}, Places: []data.Place{{ID: "p", Point: geo.Point{Lat: 58, Lon: 2}, Quality: data.AtStreet}}},
	}
	h := letsGo(t, labelledServer(t, offers, func(c data.Code) string {
		if c == "R211|158" {
			return ""
		}
		return "<" + c.Value() + " & é>"
	}))
	for _, path := range []string{"/v1/nearest?lat=48&lon=2&limit=1", "/v1/offers/a"} {
		for profile, want := range map[byte]string{
			'0': `"labels":{"R211|157":"<157 & é>"}`,
			'1': `"labels":{"R210|0459":"<0459 & é>","R211|157":"<157 & é>"}`,
		} {
			got := ask(h, path, profile)
			got = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(got)
			if !strings.Contains(strings.Join(strings.Fields(got), ""), strings.Join(strings.Fields(want), "")) {
				t.Errorf("%s for profile %c: no %s in\n%s", path, profile, want, got)
			}
		}
	}
	// Without terminologies answers are as before.
	if got := ask(letsGo(t, serverOver(t, offers)), "/v1/offers/a", '1'); strings.Contains(got, "labels") {
		t.Errorf("labels of nowhere:\n%s", got)
	}
}
