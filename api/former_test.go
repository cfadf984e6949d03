package api

import (
	"strings"
	"testing"

	"boussole/data"
)

// An offer answers to the ids of those that it has become, under its own, by id and by
// word, to who may know of it; for everybody else they are ids of nothing.
func TestFormerIDs(t *testing.T) {
	former := func(id data.ID) []data.Identifier {
		return []data.Identifier{{System: data.SystemOffer, Value: string(id)}}
	}
	h := letsGo(t, serverOver(t, []data.Offer{
		{ID: "now", Name: "Cardiologie", Identifiers: former("before")},
		{ID: "hidden", Name: "Cardiologie", Identifiers: former("unseen"), Sensitive: true},
		{ID: "again", Name: "Cardiologie", Identifiers: former("hidden")},
	}))
	if a := decode[offerDetail](t, call(h, "/v1/offers/before", "")); a.Offer.ID != "now" {
		t.Errorf("the former id is answered by %q", a.Offer.ID)
	}
	if a := decode[searchAnswer](t, call(h, "/v1/search?q=before", "")); len(a.Results) != 1 || a.Results[0].Offer.ID != "now" {
		t.Errorf("by the word of it there is %+v", a.Results)
	}
	of := func(id string) string {
		return strings.ReplaceAll(call(h, "/v1/offers/"+id, "").Body.String(), id, "ID")
	}
	if of("unseen") != of("nobody") {
		t.Errorf("of what is hidden the public is told\n%s\nand of nothing\n%s", of("unseen"), of("nobody"))
	}
	if a := decode[offerDetail](t, call(h, "/v1/offers/hidden", "")); a.Offer.ID != "again" {
		t.Errorf("an id that a hidden offer has is answered by %q", a.Offer.ID)
	}
	if a := decode[offerDetail](t, call(h, "/v1/offers/hidden", "Bearer key-1")); a.Offer.ID != "hidden" {
		t.Errorf("an id that an offer has is answered by %q to who sees it", a.Offer.ID)
	}
}
