package main

import (
	"fmt"
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
	h.must([]string{"1 offers", "aliases: 1 set"}, "-of", "2026-11-03", "-any-loss", "-base", named+"="+none)
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
	rules := []string{"-rules", write(h.T, "rules.json", `[{"closed_days":1,"past_days":1}]`)}
	plan, err := h.purge(rules...)
	digest := regexp.MustCompile(`-digest (\w+)`).FindStringSubmatch(plan)
	if err != nil || digest == nil {
		h.Fatalf("nothing is to be purged: %s, %v", plan, err)
	}
	if _, err := h.purge(append(rules, "-digest", digest[1])...); err != nil {
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

// basis is what the public's answers are told from.
func (h *house) basis() string {
	h.Helper()
	g, _, err := index.Open(h.Context(), h.out)
	if err != nil {
		h.Fatal(err)
	}
	guard := index.NewGuard(g)
	view := guard.As(data.Viewer{})
	defer view.Close()
	return view.Basis()
}

// A hidden description of a service that open ones tell of comes, is merged with another
// hidden one, names it and goes: to the public, to the byte, it never was.
func TestHiddenDescriptionsComeAndGo(t *testing.T) {
	export := func(name, number string, hidden bool) string {
		text := service(number, "A")
		if hidden {
			text = strings.Replace(text, `"valueBoolean":false`, `"valueBoolean":true`, 1)
		}
		return name + "=" + write(t, name+".ndjson", text)
	}
	establishment, _, _ := strings.Cut(service("84/1", "A"), "\n")
	nothing := func(name string) string { return name + "=" + write(t, name+".ndjson", establishment) }
	with, without := newHouse(t), newHouse(t)
	both := []string{"-base", export("ara", "84/1", false), "-base", export("idf", "11/1", false)}
	hidden := []string{"-base", export("bfc", "27/1", true), "-base", export("normandie", "28/1", true)}
	for day, c := range []struct{ both, hidden []string }{
		{both, nil},
		{nil, hidden},
		{nil, []string{"-base", nothing("bfc")}}, // one of the two has the id of both
		{nil, []string{"-base", export("bfc", "27/1", true)}},
		{nil, []string{"-base", nothing("normandie")}},
		{[]string{"-base", nothing("idf")}, nil},
		{[]string{"-base", export("idf", "11/1", false)}, []string{"-base", export("normandie", "28/1", true)}},
		{[]string{"-base", nothing("ara")}, []string{"-base", nothing("normandie")}},
		{nil, []string{"-base", nothing("bfc")}},
	} {
		of := []string{"-any-loss", "-of", fmt.Sprintf("2026-11-%02d", day+2)}
		with.must(nil, slices.Concat(of, c.both, c.hidden)...)
		without.must(nil, slices.Concat(of, c.both, []string{"-base", nothing("bfc"), "-base", nothing("normandie")})...)
		if seen, want := with.basis(), without.basis(); seen != want {
			t.Errorf("day %d: the public sees %s, and without what is hidden %s", day, seen, want)
		}
	}
	told, hiddenOnes := 0, 0
	store := with.open()
	defer store.Close()
	s, err := store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for a, err := range s.Aliases(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if told++; strings.Contains(string(a.ID), "..") {
			hiddenOnes++
		}
	}
	if hiddenOnes == 0 || hiddenOnes == told {
		t.Errorf("%d aliases are set, %d of them of what is hidden: too little happens", told, hiddenOnes)
	}
}

// Where nobody knows what offers were called, it is said that no alias is set; where
// nothing is published anew, aliases that are set are told all the same.
func TestAliasesAreTold(t *testing.T) {
	h := newHouse(t)
	if out := h.must(nil, "-ndjson", lines(t, eleven...)); strings.Contains(out, "aliases:") {
		t.Errorf("at first: %s", out)
	}
	if err := os.RemoveAll(filepath.Join(h.out, mergedFolder)); err != nil {
		t.Fatal(err)
	}
	h.must([]string{"all of it", "aliases: none set, because what offers were called before is not known"}, "-delta", "-ndjson", lines(t, "l"))
	if out := h.must([]string{"published"}, "-delta", "-ndjson", lines(t, "m")); strings.Contains(out, "aliases:") {
		t.Errorf("it is known again: %s", out)
	}
	if text := (&publication{moved: 2}).String(); !strings.Contains(text, "unchanged") || !strings.Contains(text, "aliases: 2 set") {
		t.Errorf("unchanged, with aliases: %s", text)
	}
}
