package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/index"
)

// ask gets the offer of an id out of what is published, as a profile.
func (h *house) ask(id data.ID, p data.Profile) (data.Offer, error) {
	h.Helper()
	g, _, err := index.Open(h.Context(), h.out)
	if err != nil {
		h.Fatal(err)
	}
	guard := index.NewGuard(g)
	view := guard.As(data.Viewer{Profile: p})
	defer view.Close()
	return view.Get(string(id))
}

// An app that kept the id of an offer yesterday gets the offer today: whichever base
// names it by now, after a purge, and when all is made anew.
func TestFormerIdIsAnswered(t *testing.T) { inBoth(t, testFormerIdIsAnswered) }

func testFormerIdIsAnswered(h *house) {
	t := h.T
	ara, idf := write(t, "a.ndjson", service("84/1", "A")), write(t, "b.ndjson", service("11/1", "A"))
	nothing, _, _ := strings.Cut(service("84/1", "A"), "\n") // an establishment, and no service
	none := write(t, "none.ndjson", nothing)
	ids := map[string]data.ID{"ara": data.NewID("offer", data.SystemROR, "84/1"), "idf": data.NewID("offer", data.SystemROR, "11/1")}
	if out := h.must([]string{"1 offers"}, "-of", "2026-11-02", "-base", "ara="+ara, "-base", "idf="+idf); strings.Contains(out, "aliases:") {
		t.Errorf("aliases are set at first: %s", out)
	}
	first, err := h.ask(ids["ara"], 0)
	if err != nil {
		t.Fatal(err)
	}
	named, other := "ara", "idf"
	if first.ID == ids["idf"] {
		named, other = "idf", "ara"
	}
	h.must([]string{"1 offers", "aliases: 1 ids of offers that are no more"}, "-of", "2026-11-03", "-any-loss", "-base", named+"="+none)
	answered := func(when string) {
		t.Helper()
		o, err := h.ask(ids[named], 0)
		if err != nil || o.ID != ids[other] || !slices.Contains(o.Identifiers, data.Identifier{System: data.SystemOffer, Value: string(ids[named])}) {
			t.Errorf("%s: %s is answered by %s %v, %v", when, ids[named], o.ID, o.Identifiers, err)
		}
	}
	answered("by an update")
	var status strings.Builder
	if err := run(t.Context(), []string{"status", "-store", h.store}, &status, io.Discard); err != nil || strings.Contains(status.String(), "directory") {
		t.Errorf("status is %s, %v", status.String(), err)
	}
	if out := h.must([]string{"unchanged"}); strings.Contains(out, "aliases:") {
		t.Errorf("aliases are set twice: %s", out)
	}
	if h.metric("boussole_publish_aliases") != "0" || h.metric(`boussole_base_live_records{source="directory"}`) != "" {
		t.Error("the metrics tell of aliases that were not set, or of a source that nobody reads")
	}
	purgeAll(h)
	h.must([]string{"all of it", "1 offers"}, "-of", "2026-11-04", "-any-loss", "-base", named+"="+none, "-precedence", write(t, "table", "name fhir\n"))
	answered("after a purge, made anew")
	h.must([]string{"1 offers"}, "-of", "2026-11-05", "-base", named+"="+map[string]string{"ara": ara, "idf": idf}[named], "-precedence", write(t, "table", "name fhir\n"))
	if o, err := h.ask(ids[named], 0); err != nil || o.ID != ids[named] {
		t.Errorf("it is there again, and answered by %s, %v", o.ID, err)
	}
}

// purgeAll deletes of the base what is closed.
func purgeAll(h *house) {
	h.Helper()
	purge := []string{"purge", "-store", h.store, "-on", "9000-01-01", "-rules", write(h.T, "rules.json", `[{"closed_days":1,"past_days":1}]`)}
	var plan strings.Builder
	if err := run(h.Context(), purge, &plan, io.Discard); err != nil {
		h.Fatal(err)
	}
	digest := regexp.MustCompile(`-digest (\w+)`).FindStringSubmatch(plan.String())
	if digest == nil {
		h.Fatalf("nothing is to be purged: %s", plan.String())
	}
	if err := run(h.Context(), append(purge, "-digest", digest[1]), io.Discard, io.Discard); err != nil {
		h.Fatal(err)
	}
}

// What cannot be remembered is not published: an end right after it would lose what
// offers have become.
func TestRememberedBeforeItIsPublished(t *testing.T) {
	h := newHouse(t)
	h.must(nil, "-ndjson", lines(t, eleven...))
	inTheWay := filepath.Join(h.out, mergedFolder, "publishing.json.partial")
	if err := os.Mkdir(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	h.refused("about to be published", "-delta", "-ndjson", lines(t, "l"))
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	h.must([]string{"12 offers"})
}
