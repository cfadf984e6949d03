package api

import (
	"net/url"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo"
)

func TestSuggest(t *testing.T) {
	h := town(t)
	for q, want := range map[string]suggestionAnswer{
		"bouche de travers bras droit mou": {Type: "need", Codes: []string{"R211|356"}},
		"kine":                             {Type: "activity", Codes: []string{"R211|339"}},
		"R211 157":                         {Type: "activity", Codes: []string{"R211|157"}},
		"dialyse saint denis réunion":      {Type: "need", Codes: []string{"R211|059"}, INSEE: "97411"},
		"urgences dans le 48":              {Type: "need", Codes: []string{"R211|157"}, Departement: "48"},
		"mende":                            {Type: "commune", INSEE: "48095"},
		"choc pétrolier":                   {},
		"   ":                              {},
		"":                                 {},
	} {
		w := call(h, "/v1/suggest?q="+url.QueryEscape(q)+"&limit=3", "")
		a := decode[suggestAnswer](t, w)
		var got suggestionAnswer
		if len(a.Results) > 0 {
			got = a.Results[0]
		}
		code := func(a suggestionAnswer) string { return strings.Join(a.Codes[:min(1, len(a.Codes))], "") }
		if w.Code != 200 || got.Type != want.Type || code(got) != code(want) || got.INSEE != want.INSEE || want.Departement != "" && got.Departement != want.Departement {
			t.Errorf("%q: %d %+v, want %+v", q, w.Code, got, want)
		}
		if len(a.Results) > 3 {
			t.Errorf("%q: %d results, at most 3 are wanted", q, len(a.Results))
		}
	}
	for _, query := range []string{"", "q=a&q=b", "q=a&limit=0", "q=a&x=1", "q=" + strings.Repeat("a", maxAsked+1)} {
		if w := call(h, "/v1/suggest?"+query, ""); w.Code != 400 {
			t.Errorf("%q: %d", query, w.Code)
		}
	}
}

// TestSuggestNames: an establishment is found by its name by those who may know
// of it, and what others find is as if it were not there.
func TestSuggestNames(t *testing.T) {
	named := func(id data.ID, number, name string) data.Offer {
		return data.Offer{
			ID: id, Name: name, Category: "R66|355",
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: number}},
			Places:      []data.Place{{Quality: data.AtStreet, Point: geo.Point{Lat: 46, Lon: 5}, Address: data.Address{Commune: "01451"}}},
		}
	}
	open, hidden := named("open", "010000024", "CH DE FLEYRIAT"), named("hidden", "010000025", "CH DE FLEYRIAT CHIMIE")
	hidden.Sensitive = true
	s, other := letsGo(t, serverOver(t, []data.Offer{open, hidden})), letsGo(t, serverOver(t, []data.Offer{open}))
	path := "/v1/suggest?q=" + url.QueryEscape("hôpital de fleyriat chimie")
	seen := decode[suggestAnswer](t, call(s, path, "Bearer key-1"))
	if len(seen.Results) == 0 || seen.Results[0].ID != "hidden" {
		t.Errorf("profile 1 finds %+v", seen.Results)
	}
	for _, path := range []string{path, "/v1/suggest?q=fleyriat", "/v1/suggest?q=010000025", "/v1/suggest?q=chimie"} {
		if got, want := call(s, path, "Bearer key-2").Body.String(), call(other, path, "Bearer key-2").Body.String(); got != want {
			t.Errorf("%s: a hidden name changes %s to %s", path, want, got)
		}
	}
	if found := decode[suggestAnswer](t, call(s, "/v1/suggest?q=10000024", "")); len(found.Results) == 0 || found.Results[0].FINESS != "010000024" {
		t.Errorf("by its number %+v", found.Results)
	}
}
